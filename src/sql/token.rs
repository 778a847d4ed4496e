//! SQL cut into tokens, as far as one must look into what a DBA wrote.

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
    /// The identifier that this token names, folded as the server folds it.
    pub fn identifier(&self) -> Option<String> {
        match self.kind {
            Kind::Word => Some(self.text.to_lowercase()),
            Kind::Quoted => Some(self.text[1..self.text.len().max(2) - 1].replace("\"\"", "\"")),
            _ => None,
        }
    }
}

/// The tokens of a text, in order and without gaps. An unclosed quote runs to the end and is the error.
pub fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let (kind, length) = next(&text[at..])?;
        out.push(Token { kind, text: &text[at..at + length] });
        at += length;
    }
    Ok(out)
}

fn next(rest: &str) -> Result<(Kind, usize), String> {
    let first = rest.chars().next().unwrap_or(' ');
    let bytes = rest.as_bytes();
    if first.is_whitespace() {
        return Ok((Kind::Blank, run(rest, char::is_whitespace)));
    }
    if rest.starts_with("--") {
        return Ok((Kind::Comment, rest.find('\n').unwrap_or(rest.len())));
    }
    if rest.starts_with("/*") {
        return block_comment(rest).map(|n| (Kind::Comment, n));
    }
    if first == '\'' {
        return quoted(rest, '\'', false).map(|n| (Kind::Text, n));
    }
    if matches!(first, 'e' | 'E') && bytes.get(1) == Some(&b'\'') {
        return quoted(&rest[1..], '\'', true).map(|n| (Kind::Text, n + 1));
    }
    if matches!(first, 'b' | 'B' | 'x' | 'X') && bytes.get(1) == Some(&b'\'') {
        return quoted(&rest[1..], '\'', false).map(|n| (Kind::Text, n + 1));
    }
    if first == '"' {
        return quoted(rest, '"', false).map(|n| (Kind::Quoted, n));
    }
    if first == '$'
        && let Some(tag) = dollar_tag(rest)
    {
        return match rest[tag.len()..].find(tag) {
            Some(end) => Ok((Kind::Text, end + 2 * tag.len())),
            None => Err(format!("{tag} is never closed")),
        };
    }
    if first.is_alphabetic() || first == '_' {
        return Ok((Kind::Word, run(rest, |c| c.is_alphanumeric() || c == '_' || c == '$')));
    }
    if first.is_ascii_digit() {
        return Ok((Kind::Number, run(rest, |c| c.is_ascii_alphanumeric() || c == '.')));
    }
    Ok((Kind::Symbol, first.len_utf8()))
}

fn run(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|c| !belongs(c)).unwrap_or(text.len())
}

fn quoted(text: &str, quote: char, backslash: bool) -> Result<usize, String> {
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if backslash && c == '\\' {
            chars.next();
        } else if c == quote {
            match chars.peek() {
                Some((_, again)) if *again == quote => {
                    chars.next();
                }
                _ => return Ok(at + 1),
            }
        }
    }
    Err(format!("a {quote} is never closed"))
}

fn dollar_tag(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 1;
    let tag = &text[1..end];
    let fits = tag.chars().all(|c| c.is_alphanumeric() || c == '_') && !tag.starts_with(|c: char| c.is_ascii_digit());
    fits.then(|| &text[..=end])
}

fn block_comment(text: &str) -> Result<usize, String> {
    let (mut depth, mut at) = (0usize, 0);
    while at < text.len() {
        if text[at..].starts_with("/*") {
            depth += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Ok(at);
            }
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    Err("a /* is never closed".to_owned())
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

/// How deep in the body of a function that is written `begin atomic … end`.
#[derive(Default)]
struct Atomic {
    depth: u32,
    after_begin: bool,
}

impl Atomic {
    fn word(&mut self, word: &str) {
        match word.to_ascii_lowercase().as_str() {
            "atomic" if self.after_begin => self.depth += 1,
            "case" if self.depth > 0 => self.depth += 1,
            "end" => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.after_begin = word.eq_ignore_ascii_case("begin");
    }
}

/// The single statements of a script, without comments around them; semicolons inside quotes do not part.
pub fn statements(text: &str) -> Result<Vec<String>, String> {
    let mut out = Vec::new();
    let mut current = String::new();
    let mut atomic = Atomic::default();
    for token in tokens(text)? {
        if token.kind == Kind::Word {
            atomic.word(token.text);
        }
        match token.kind {
            Kind::Comment => {}
            Kind::Symbol if token.text == ";" && atomic.depth == 0 => {
                out.push(std::mem::take(&mut current).trim().to_owned());
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
}
