//! SQL cut into tokens by PostgreSQL's lexical rules, and a script cut into its statements as psql cuts it.

use squawk_lexer::{LiteralKind, TokenKind};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Word,
    /// A double-quoted identifier.
    Quoted,
    /// Any string literal, dollar-quoted ones included.
    Text,
    Number,
    Symbol,
    Comment,
    Blank,
}

/// One token with its text as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: Kind,
    pub text: &'a str,
}

impl Token<'_> {
    /// The identifier that this token names, as the server folds it: only ASCII letters, and at most 63 bytes.
    pub fn identifier(&self) -> Option<String> {
        let mut name = match self.kind {
            Kind::Word => self.text.to_ascii_lowercase(),
            Kind::Quoted => match self.text.strip_prefix(['u', 'U']) {
                Some(escaped) => unescaped(&between(escaped.strip_prefix('&')?, '"')),
                None => between(self.text, '"'),
            },
            _ => return None,
        };
        name.truncate((0..=name.len().min(63)).rev().find(|at| name.is_char_boundary(*at)).unwrap_or_default());
        Some(name)
    }

    /// What a string literal says, with its escapes resolved.
    pub fn string(&self) -> Option<String> {
        if self.kind != Kind::Text {
            return None;
        }
        if let Some(body) = self.dollar_quoted() {
            return Some(body.to_owned());
        }
        let quote = self.text.find('\'')?;
        let inner = between(&self.text[quote..], '\'');
        Some(match self.text[..quote].to_ascii_lowercase().as_str() {
            "u&" => unescaped(&inner),
            "e" => backslashed(&inner),
            _ => inner,
        })
    }

    /// What stands between the tags of a dollar-quoted string.
    pub fn dollar_quoted(&self) -> Option<&str> {
        let tag = self.text.strip_prefix('$')?.find('$')? + 2;
        self.text.get(tag..self.text.len().checked_sub(tag)?)
    }
}

/// Without the quotes around it; doubled ones are one.
fn between(text: &str, quote: char) -> String {
    let inner = text.strip_prefix(quote).and_then(|t| t.strip_suffix(quote)).unwrap_or(text);
    inner.replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// `\0441`, `\+000441` and `\\`, as in `U&'…'` without another escape character.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (skip, digits) = if rest.starts_with('+') { (1, 6) } else { (0, 4) };
        let code = rest.get(skip..skip + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
        match code.and_then(char::from_u32) {
            Some(c) => {
                out.push(c);
                rest = &rest[skip + digits..];
            }
            None => {
                out.push('\\');
                rest = rest.strip_prefix('\\').unwrap_or(rest);
            }
        }
    }
    out + rest
}

/// The escapes of `E'…'` that stand for one character; others as they are.
fn backslashed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some(other) => out.push(other),
                None => out.push(c),
            },
            _ => out.push(c),
        }
    }
    out
}

/// The tokens of a text, in order and without gaps, by PostgreSQL's lexical rules. An unclosed quote is the error.
pub fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    for token in squawk_lexer::tokenize(text) {
        let end = at + token.len as usize;
        let Some(written) = text.get(at..end).filter(|t| !t.is_empty()) else { break };
        out.push(Token { kind: kind(token.kind, written)?, text: written });
        at = end;
    }
    Ok(out)
}

fn kind(lexed: TokenKind, text: &str) -> Result<Kind, String> {
    use LiteralKind::{BitStr, ByteStr, DollarQuotedString, EscStr, Int, NationalStr, Numeric, Str, UnicodeEscStr};
    let (kind, closed, opening) = match lexed {
        TokenKind::Whitespace => (Kind::Blank, true, ""),
        TokenKind::LineComment => (Kind::Comment, true, ""),
        TokenKind::BlockComment { terminated } => (Kind::Comment, terminated, "/*"),
        TokenKind::Ident => (Kind::Word, true, ""),
        TokenKind::QuotedIdent { terminated, .. } => (Kind::Quoted, terminated, "\""),
        TokenKind::Literal { kind } => match kind {
            Int { .. } | Numeric { .. } => (Kind::Number, true, ""),
            DollarQuotedString { terminated } => {
                let tag = text[1..].find('$').map_or(text, |end| &text[..end + 2]);
                (Kind::Text, terminated, tag)
            }
            Str { terminated }
            | NationalStr { terminated }
            | ByteStr { terminated }
            | BitStr { terminated }
            | UnicodeEscStr { terminated }
            | EscStr { terminated } => (Kind::Text, terminated, "'"),
        },
        _ => (Kind::Symbol, true, ""),
    };
    if closed { Ok(kind) } else { Err(format!("{opening} is never closed")) }
}

/// The text without comments, blanks folded to one space: what a checksum is taken over.
pub fn folded(text: &str) -> String {
    let Ok(tokens) = tokens(text) else { return text.to_owned() };
    let mut out = String::with_capacity(text.len());
    for token in tokens {
        match token.kind {
            Kind::Blank | Kind::Comment => {
                if !out.is_empty() && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            _ => out.push_str(token.text),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Where a script is inside of parentheses, or of a function's body that is written `begin atomic … end`; psql's own rule.
#[derive(Default)]
struct Nesting {
    parentheses: u32,
    blocks: u32,
    /// The first words of the statement.
    begun: Vec<String>,
}

impl Nesting {
    fn take(&mut self, token: &Token) {
        match (token.kind, token.text) {
            (Kind::Symbol, "(") => self.parentheses += 1,
            (Kind::Symbol, ")") => self.parentheses = self.parentheses.saturating_sub(1),
            (Kind::Word, word) => self.word(&word.to_ascii_lowercase()),
            _ => {}
        }
    }

    fn word(&mut self, word: &str) {
        if self.begun.len() < 4 {
            self.begun.push(word.to_owned());
        }
        if self.parentheses > 0 || !self.is_routine() {
            return;
        }
        match word {
            "begin" => self.blocks += 1,
            "case" if self.blocks > 0 => self.blocks += 1,
            "end" => self.blocks = self.blocks.saturating_sub(1),
            _ => {}
        }
    }

    fn is_routine(&self) -> bool {
        let begun: Vec<&str> = self.begun.iter().map(String::as_str).collect();
        matches!(
            begun.as_slice(),
            ["create", "function" | "procedure", ..] | ["create", "or", "replace", "function" | "procedure"]
        )
    }

    fn ends(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }
}

/// The single statements of a script, without comments in them; semicolons inside quotes do not part.
pub fn statements(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let mut nesting = Nesting::default();
    for token in tokens(text)? {
        nesting.take(&token);
        match token.kind {
            // words on both sides stay apart
            Kind::Comment => current.push(' '),
            Kind::Symbol if token.text == ";" && nesting.ends() => {
                out.push(std::mem::take(&mut current).trim().to_owned());
                nesting = Nesting::default();
            }
            _ => current.push_str(token.text),
        }
    }
    out.push(current.trim().to_owned());
    out.retain(|s| !s.is_empty());
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_line_ends_do_not_change_a_checksum() {
        let a = "select 1;\r\n-- why\r\nselect 'a -- b', $x$ -- c $x$;";
        let b = "select 1;\nselect 'a -- b',\n  $x$ -- c $x$;";
        assert_eq!(folded(a), folded(b));
        assert_ne!(folded(a), folded(&a.replace("'a -- b'", "'a - b'")));
    }

    #[test]
    fn semicolons_in_quotes_do_not_part_statements() {
        let script = "select ';'; do $$ begin; end $$; /* ; /* ; */ */ select \"a;b\"";
        assert_eq!(statements(script).unwrap().len(), 3);
        let atomic = "create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3; commit";
        assert_eq!(statements(atomic).unwrap().len(), 3);
    }

    #[test]
    fn unclosed_quotes_are_named() {
        assert!(tokens("select 'a").is_err());
        assert!(tokens("/* a").is_err());
        assert!(tokens("$$ a").is_err());
    }

    #[test]
    fn the_lexical_rules_are_those_of_the_server() {
        let texts = |sql: &str| {
            let all = tokens(sql).unwrap();
            all.iter().filter(|t| t.kind != Kind::Blank).map(|t| format!("{:?} {}", t.kind, t.text)).collect::<Vec<_>>()
        };
        for (sql, expected) in [
            ("a$x$b", &["Word a$x$b"] as &[&str]),
            ("-- a\rb", &["Comment -- a", "Word b"]),
            ("a\u{a0}b", &["Word a\u{a0}b"]),
            ("E'a\\'b' 'c\\'", &["Text E'a\\'b'", "Text 'c\\'"]),
            ("/* a /* b */ c */ d", &["Comment /* a /* b */ c */", "Word d"]),
            ("$a$ $$ $b$ $a$ 'x'", &["Text $a$ $$ $b$ $a$", "Text 'x'"]),
            ("U&\"d\\0061\" U&'x'", &["Quoted U&\"d\\0061\"", "Text U&'x'"]),
            ("1e5 .5 1_000 $1", &["Number 1e5", "Number .5", "Number 1_000", "Symbol $1"]),
        ] {
            assert_eq!(texts(sql), expected, "{sql}");
        }
    }

    #[test]
    fn a_name_is_folded_as_the_server_folds_it() {
        let name = |sql: &str| tokens(sql).unwrap()[0].identifier().unwrap();
        assert_eq!(name("\"A\"\"b\""), "A\"b");
        assert_eq!(name("ÄbC"), "Äbc");
        assert_eq!(name("U&\"d\\0061t\\+000061\""), "data");
        assert_eq!(name(&"é".repeat(40)), "é".repeat(31));
        let string = |sql: &str| tokens(sql).unwrap()[0].string().unwrap();
        assert_eq!(string("'it''s'"), "it's");
        assert_eq!(string("E'a\\'b\\n'"), "a'b\n");
        assert_eq!(string("U&'\\0041'"), "A");
        assert_eq!(string("$x$ 'a' $x$"), " 'a' ");
    }

    #[test]
    fn a_comment_parts_words_and_a_rule_keeps_its_statements() {
        assert_eq!(statements("select/**/1").unwrap(), ["select 1"]);
        assert_eq!(statements("create rule r as on insert to v do (select 1; select 2); select 3").unwrap().len(), 2);
        assert_eq!(statements("begin; select 1; end; commit").unwrap().len(), 4);
        assert_eq!(
            statements("create table t (a int); create procedure p() begin atomic select 1; end; select 2")
                .unwrap()
                .len(),
            3
        );
    }
}
