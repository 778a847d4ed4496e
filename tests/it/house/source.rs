//! A Rust file taken apart, as far as the fences need it.

use std::ops::RangeInclusive;

/// A file of the project: its path from the project's folder, and its text.
#[derive(Debug, Clone)]
pub struct File {
    pub path: String,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An identifier or keyword.
    Word,
    /// `::` or a single character.
    Mark,
    /// What stands between the quotes of a string.
    Text,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    /// From 1.
    pub line: usize,
}

impl Token {
    pub fn is(&self, text: &str) -> bool {
        self.kind != Kind::Text && self.text == text
    }
}

impl File {
    pub fn new(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    /// `src/pg/session.rs` is in `pg`; `lib.rs` and `main.rs` are in none.
    pub fn room(&self) -> Option<&str> {
        let below = self.path.strip_prefix("src/")?;
        let room = below.split('/').next()?;
        let room = room.strip_suffix(".rs").unwrap_or(room);
        (!["lib", "main"].contains(&room)).then_some(room)
    }

    /// How many `super` lead from here to the root.
    pub fn depth(&self) -> usize {
        let below = self.path.strip_prefix("src/").unwrap_or(&self.path);
        below.split('/').filter(|part| *part != "mod.rs").count()
    }

    pub fn lines(&self) -> usize {
        self.text.lines().count()
    }

    pub fn tokens(&self) -> Vec<Token> {
        Scan { chars: self.text.chars().collect(), at: 0, line: 1, tokens: Vec::new() }.run()
    }

    /// Where test modules stand; a `tests.rs` is one as a whole.
    fn test_lines(&self, tokens: &[Token]) -> Vec<RangeInclusive<usize>> {
        if self.path.ends_with("/tests.rs") { vec![1..=self.lines()] } else { test_modules(tokens) }
    }

    /// Without test modules.
    pub fn production(&self) -> Vec<Token> {
        let tokens = self.tokens();
        let tests = self.test_lines(&tokens);
        tokens.into_iter().filter(|t| !tests.iter().any(|lines| lines.contains(&t.line))).collect()
    }

    /// The numbered lines outside of test modules, comments included.
    pub fn production_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let tests = self.test_lines(&self.tokens());
        let numbered = self.text.lines().enumerate().map(|(i, line)| (i + 1, line));
        numbered.filter(move |(number, _)| !tests.iter().any(|lines| lines.contains(number)))
    }
}

/// From each `#[cfg(test)]` before a `mod name {` to its closing brace.
fn test_modules(tokens: &[Token]) -> Vec<RangeInclusive<usize>> {
    let head = ["#", "[", "cfg", "(", "test", ")", "]", "mod"];
    let starts = (0..tokens.len()).filter(|&i| {
        head.iter().enumerate().all(|(k, text)| tokens.get(i + k).is_some_and(|t| t.is(text)))
            && tokens.get(i + head.len() + 1).is_some_and(|t| t.is("{"))
    });
    starts.map(|i| tokens[i].line..=tokens[closing(tokens, i + head.len() + 1)].line).collect()
}

/// The bracket that closes the one at `open`, or the last token.
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        if ["(", "[", "{"].iter().any(|b| token.is(b)) {
            depth += 1;
        } else if [")", "]", "}"].iter().any(|b| token.is(b)) {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return i;
            }
        }
    }
    tokens.len() - 1
}

struct Scan {
    chars: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Scan {
    fn run(mut self) -> Vec<Token> {
        while let Some(c) = self.peek(0) {
            match c {
                '/' if self.peek(1) == Some('/') => self.skip_while(|c| c != '\n'),
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                '"' => self.string(0, true),
                '\'' => self.quote(),
                c if c.is_alphabetic() || c == '_' => self.word(),
                c if c.is_whitespace() => self.step(),
                ':' if self.peek(1) == Some(':') => {
                    self.push(Kind::Mark, "::".to_owned(), self.line);
                    self.skip(2);
                }
                c => {
                    self.push(Kind::Mark, c.to_string(), self.line);
                    self.step();
                }
            }
        }
        self.tokens
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn step(&mut self) {
        self.line += usize::from(self.peek(0) == Some('\n'));
        self.at += 1;
    }

    fn skip(&mut self, n: usize) {
        (0..n).for_each(|_| self.step());
    }

    fn skip_while(&mut self, goes_on: impl Fn(char) -> bool) {
        while self.peek(0).is_some_and(&goes_on) {
            self.step();
        }
    }

    fn push(&mut self, kind: Kind, text: String, line: usize) {
        self.tokens.push(Token { kind, text, line });
    }

    fn block_comment(&mut self) {
        let mut depth = 0_usize;
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => {
                    self.step();
                    continue;
                }
            }
            self.skip(2);
            if depth == 0 {
                return;
            }
        }
    }

    /// A word, or the prefix of a string: `r"`, `r#"`, `b"`, `br##"`, `c"`.
    fn word(&mut self) {
        let (from, line) = (self.at, self.line);
        self.skip_while(|c| c.is_alphanumeric() || c == '_');
        let word: String = self.chars[from..self.at].iter().collect();
        let hashes = self.chars[self.at..].iter().take_while(|c| **c == '#').count();
        let quote = self.peek(hashes) == Some('"');
        if quote && ["r", "br", "cr"].contains(&word.as_str()) {
            self.skip(hashes);
            self.string(hashes, false);
        } else if quote && hashes == 0 && ["b", "c"].contains(&word.as_str()) {
            self.string(0, true);
        } else {
            self.push(Kind::Word, word, line);
        }
    }

    fn string(&mut self, hashes: usize, escapes: bool) {
        let line = self.line;
        self.step();
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            if c == '\\' && escapes {
                text.extend([Some(c), self.peek(1)].into_iter().flatten());
                self.skip(2);
                continue;
            }
            if c == '"' && (1..=hashes).all(|i| self.peek(i) == Some('#')) {
                self.skip(1 + hashes);
                break;
            }
            text.push(c);
            self.step();
        }
        self.push(Kind::Text, text, line);
    }

    /// A character, or the mark of a lifetime.
    fn quote(&mut self) {
        if self.peek(1) == Some('\\') {
            self.skip(3);
            self.skip_while(|c| c != '\'');
            self.step();
        } else if self.peek(2) == Some('\'') {
            self.skip(3);
        } else {
            self.step();
        }
    }
}
