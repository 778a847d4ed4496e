//! SQL text, constant or filled from a template whose holes take only quoted pieces.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::token::Kind;
use super::{Expr, Ident, Literal, Name};

/// A piece of SQL, or a whole statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sql(Cow<'static, str>);

/// What may stand in a hole of a template.
pub trait Piece {
    fn piece(&self) -> String;
}

impl Piece for Sql {
    fn piece(&self) -> String {
        self.0.to_string()
    }
}
impl Piece for Ident {
    fn piece(&self) -> String {
        self.to_string()
    }
}
impl Piece for Name {
    fn piece(&self) -> String {
        self.to_string()
    }
}
impl Piece for Literal {
    fn piece(&self) -> String {
        self.to_string()
    }
}
impl Piece for Expr {
    fn piece(&self) -> String {
        self.to_string()
    }
}
impl Piece for i64 {
    fn piece(&self) -> String {
        self.to_string()
    }
}

impl Sql {
    /// Text that stands in the program or in a `.sql` file of it.
    pub const fn constant(text: &'static str) -> Sql {
        Sql(Cow::Borrowed(text))
    }

    /// SQL that the DBA wrote: an enhancement, an application query, a down file.
    pub fn as_written(text: impl Into<String>) -> Sql {
        Sql(Cow::Owned(text.into()))
    }

    /// SQL that the server printed of its own objects (`pg_get_expr`, `pg_get_viewdef`, `format_type`).
    pub fn of_the_server(text: impl Into<String>) -> Sql {
        Sql(Cow::Owned(text.into()))
    }

    /// The statement with a number in the place of its only parameter, `$1`: a script has no parameters.
    pub fn with_parameter(&self, value: i64) -> Sql {
        let Ok(tokens) = super::token::tokens(self.0.trim_end()) else { return self.clone() };
        let is_parameter = |t: &super::token::Token<'_>| t.kind == Kind::Symbol && t.text == "$1";
        let mut out = String::with_capacity(self.0.len());
        for token in &tokens {
            if is_parameter(token) {
                out.push_str(&value.to_string());
            } else {
                out.push_str(token.text);
            }
        }
        Sql(Cow::Owned(out))
    }

    /// The template with each `${hole}` filled. A hole without a piece stays and the server refuses it.
    pub fn fill(template: &'static str, pieces: &[(&str, &dyn Piece)]) -> Sql {
        let mut out = String::with_capacity(template.len() * 2);
        #[cfg(feature = "planted")]
        let planted = super::planted::planted(template);
        #[cfg(feature = "planted")]
        let template = planted.as_str();
        let mut rest = template;
        while let Some(start) = rest.find("${") {
            out.push_str(&rest[..start]);
            let after = &rest[start + 2..];
            let Some(end) = after.find('}') else { break };
            let hole = &after[..end];
            match pieces.iter().find(|(name, _)| *name == hole) {
                Some((_, piece)) => out.push_str(&piece.piece()),
                None => {
                    debug_assert!(false, "no piece for the hole {hole}");
                    out.push_str(&rest[start..start + 3 + end]);
                }
            }
            rest = &after[end + 1..];
        }
        out.push_str(rest);
        Sql(Cow::Owned(out))
    }

    /// The pieces with a separator between them.
    pub fn join<P: Piece>(separator: &'static str, pieces: impl IntoIterator<Item = P>) -> Sql {
        let all: Vec<String> = pieces.into_iter().map(|p| p.piece()).collect();
        Sql(Cow::Owned(all.join(separator)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A dollar-quote tag that the text does not contain.
    pub fn tag(&self, stem: &str) -> Sql {
        let mut n = 0;
        loop {
            let tag = format!("${stem}{n}$");
            if !self.0.contains(&tag) {
                return Sql(Cow::Owned(tag));
            }
            n += 1;
        }
    }

    /// The statement as a text literal that stays readable.
    pub fn dollar_quoted(&self) -> Sql {
        let tag = self.tag("pgfold_sql");
        // a text that ends with half a tag must not meet the other half
        Sql(Cow::Owned(format!("{tag}\n{}\n{tag}", self.0.trim_end())))
    }

    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dollar_quoted_statement_cannot_leave_its_quotes() {
        let hostile = Sql::as_written("select $pgfold_sql0$ a $pgfold_sql0$, $pgfold_sql1");
        let quoted = hostile.dollar_quoted();
        assert!(quoted.as_str().starts_with("$pgfold_sql1$\n") && quoted.as_str().ends_with("\n$pgfold_sql1$"));
        assert_eq!(quoted.as_str().matches("$pgfold_sql1$").count(), 2);
    }

    #[test]
    fn a_script_gets_a_number_in_place_of_the_parameter_and_nowhere_else() {
        let asked = Sql::as_written("delete from m where run = $1 and a = '$1' and b = $10 and c = $x$ $1 $x$");
        let expected = "delete from m where run = 7 and a = '$1' and b = $10 and c = $x$ $1 $x$";
        assert_eq!(asked.with_parameter(7).as_str(), expected);
    }

    #[test]
    fn holes_take_quoted_pieces_once() {
        let name = Ident::of_the_server("${b}");
        let sql = Sql::fill("select ${a} from ${b}", &[("a", &name), ("b", &Literal::new("x"))]);
        assert_eq!(sql.as_str(), "select \"${b}\" from 'x'");
    }
}
