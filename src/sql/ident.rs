//! Identifiers, qualified names and literals, always quoted.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text;

/// PostgreSQL cuts longer identifiers silently (NAMEDATALEN - 1).
const LONGEST: usize = 63;

/// One identifier. Displays quoted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ident(String);

impl Ident {
    /// Refuses what PostgreSQL would cut, and marks that hide in a text; the reason is a clause.
    pub fn new(raw: &str) -> Result<Ident, String> {
        if raw.is_empty() {
            return Err("a name must not be empty".to_owned());
        }
        if raw.len() > LONGEST {
            return Err(format!(
                "`{}` has {} bytes and PostgreSQL would cut it at {LONGEST}",
                text::inert(raw),
                raw.len()
            ));
        }
        let hides = |c: &char| text::is_bidi(*c) || (c.is_control() && !matches!(c, '\n' | '\t'));
        if raw.chars().any(|c| hides(&c)) {
            return Err(format!("`{}` contains a control or bidirectional mark", text::inert(raw)));
        }
        Ok(Ident(raw.to_owned()))
    }

    /// A name that the server itself told us; it may hold anything but NUL.
    pub fn of_the_server(raw: impl Into<String>) -> Ident {
        Ident(raw.into().replace('\0', ""))
    }

    /// The name unquoted, for comparing and for people.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.replace('"', "\"\""))
    }
}

/// A schema-qualified name. Displays quoted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    pub schema: Ident,
    pub name: Ident,
}

impl Name {
    pub fn of_the_server(schema: &str, name: &str) -> Name {
        Name { schema: Ident::of_the_server(schema), name: Ident::of_the_server(name) }
    }

    /// `schema.name` for people, inert.
    pub fn plain(&self) -> String {
        text::inert(&format!("{}.{}", self.schema.raw(), self.name.raw()))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

/// A table as a person names it; without a schema it is looked up along the search path.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TableRef {
    pub schema: Option<Ident>,
    pub name: Ident,
}

impl TableRef {
    /// As the DBA wrote it.
    pub fn plain(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{}.{}", schema.raw(), self.name.raw()),
            None => self.name.raw().to_owned(),
        }
    }
}

impl fmt::Display for TableRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => write!(f, "{}", self.name),
        }
    }
}

/// A text literal. Displays quoted, right under `standard_conforming_strings = on`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal(String);

impl Literal {
    pub fn new(raw: impl Into<String>) -> Literal {
        Literal(raw.into().replace('\0', ""))
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "'{}'", self.0.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_stay_inside_their_quotes() {
        let name = Ident::of_the_server("a\"; drop table x; --\n\\! ls");
        assert_eq!(name.to_string(), "\"a\"\"; drop table x; --\n\\! ls\"");
        assert_eq!(Literal::new("it's \\").to_string(), "'it''s \\'");
    }

    #[test]
    fn names_that_would_be_cut_or_hide_are_refused() {
        assert!(Ident::new(&"x".repeat(64)).is_err());
        assert!(Ident::new("a\u{202e}b").is_err());
        assert!(Ident::new("").is_err());
        assert!(Ident::new("naïve name").is_ok());
    }
}
