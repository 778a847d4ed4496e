//! An SQL expression as the DBA wrote it, looked at only as far as needed.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::token::{self, Kind, Token};

/// One expression over a row. Displays in parentheses, without comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Expr(String);

impl Expr {
    /// Refuses what is not one expression by itself: open quotes or parentheses, semicolons, nothing.
    pub fn new(raw: &str) -> Result<Expr, String> {
        let folded = token::folded(raw);
        if folded.is_empty() {
            return Err("an expression must not be empty".to_owned());
        }
        let mut depth = 0i32;
        for t in token::tokens(raw)? {
            if t.kind == Kind::Symbol {
                match t.text {
                    "(" | "[" => depth += 1,
                    ")" | "]" => depth -= 1,
                    ";" => return Err("an expression must not contain `;`".to_owned()),
                    _ => {}
                }
                if depth < 0 {
                    return Err("a parenthesis is closed that was never opened".to_owned());
                }
            }
        }
        if depth != 0 {
            return Err("a parenthesis is never closed".to_owned());
        }
        Ok(Expr(folded))
    }

    pub fn raw(&self) -> &str {
        &self.0
    }

    fn words(&self) -> Vec<Token<'_>> {
        let tokens = token::tokens(&self.0).unwrap_or_default();
        tokens.into_iter().filter(|t| t.kind != Kind::Blank).collect()
    }

    /// Those of the known columns that occur in the expression.
    pub fn columns(&self, known: &[&str]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in self.words().iter().filter_map(Token::identifier) {
            if known.contains(&name.as_str()) && !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// The functions that it calls, those that are written without parentheses among them; a schema before one is left out.
    pub fn calls(&self) -> Vec<String> {
        const BARE: [&str; 6] =
            ["current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "current_catalog"];
        let words = self.words();
        let called = |at: usize| words.get(at + 1).is_some_and(|t| t.kind == Kind::Symbol && t.text == "(");
        let names = words.iter().enumerate().filter_map(|(at, t)| Some((at, t.identifier()?)));
        names.filter(|(at, n)| called(*at) || BARE.contains(&n.as_str())).map(|(_, n)| n).collect()
    }

    /// The column, when the expression is nothing but one column.
    pub fn bare(&self) -> Option<String> {
        match self.words().as_slice() {
            [one] => one.identifier(),
            _ => None,
        }
    }

    /// Column and type, when the expression is `column::type`.
    pub fn bare_cast(&self) -> Option<(String, String)> {
        let words = self.words();
        let [column, a, b, rest @ ..] = words.as_slice() else { return None };
        if a.text != ":" || b.text != ":" || rest.is_empty() {
            return None;
        }
        let simple = rest.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Quoted));
        let type_name: Vec<&str> = rest.iter().map(|t| t.text).collect();
        simple.then(|| column.identifier().map(|c| (c, type_name.join(" ")))).flatten()
    }

    /// The expression with one identifier replaced by NULL, to look for the next mistake behind it.
    pub fn without(&self, name: &str) -> Expr {
        let tokens = token::tokens(&self.0).unwrap_or_default();
        let replaced: Vec<&str> =
            tokens.iter().map(|t| if t.identifier().as_deref() == Some(name) { "null" } else { t.text }).collect();
        Expr(replaced.concat())
    }

    /// The parts of a list such as `created_at, id`, cut at commas outside parentheses and quotes.
    pub fn list(raw: &str) -> Result<Vec<Expr>, String> {
        let (mut depth, mut current, mut out) = (0i32, String::new(), Vec::new());
        for t in token::tokens(raw)? {
            match t.text {
                "(" | "[" if t.kind == Kind::Symbol => depth += 1,
                ")" | "]" if t.kind == Kind::Symbol => depth -= 1,
                "," if t.kind == Kind::Symbol && depth == 0 => {
                    out.push(Expr::new(&std::mem::take(&mut current))?);
                    continue;
                }
                _ => {}
            }
            current.push_str(t.text);
        }
        out.push(Expr::new(&current)?);
        Ok(out)
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_outside_strings_only() {
        let e = Expr::new("'code' || \"Code\" || lower(name) -- id").unwrap();
        assert_eq!(e.columns(&["code", "Code", "name", "id"]), ["Code", "name"]);
    }

    #[test]
    fn only_a_single_expression_passes() {
        assert!(Expr::new("a; drop table b").is_err());
        assert!(Expr::new("a) from b (").is_err());
        assert!(Expr::new("'a").is_err());
        assert!(Expr::new("  -- nothing").is_err());
        assert_eq!(Expr::list("created_at desc, coalesce(a, b)").unwrap().len(), 2);
    }

    #[test]
    fn a_bare_column_or_cast_is_seen() {
        assert_eq!(Expr::new("name").unwrap().bare().as_deref(), Some("name"));
        let cast = Expr::new("avatar::character varying").unwrap().bare_cast();
        assert_eq!(cast, Some(("avatar".into(), "character varying".into())));
        assert_eq!(Expr::new("a->>'b'").unwrap().bare(), None);
    }
}
