//! The tokens of one statement, read from left to right.

use crate::sql::token::{Kind, Token};

pub(super) fn text(tokens: &[Token]) -> String {
    tokens.iter().map(|t| t.text).collect::<String>().trim().to_owned()
}

/// Cut at the commas outside of parentheses.
pub(super) fn cut<'t>(tokens: &[Token<'t>]) -> Vec<Vec<Token<'t>>> {
    let (mut depth, mut out) = (0, vec![Vec::new()]);
    for t in tokens {
        match t.text {
            "(" | "[" if t.kind == Kind::Symbol => depth += 1,
            ")" | "]" if t.kind == Kind::Symbol => depth -= 1,
            "," if t.kind == Kind::Symbol && depth == 0 => {
                out.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = out.last_mut() {
            part.push(*t);
        }
    }
    out
}

pub(super) struct Reader<'a, 't> {
    pub(super) tokens: &'a [Token<'t>],
    pub(super) at: usize,
}

impl<'t> Reader<'_, 't> {
    pub(super) fn blanks(&mut self) {
        while self.tokens.get(self.at).is_some_and(|t| t.kind == Kind::Blank) {
            self.at += 1;
        }
    }

    pub(super) fn done(&mut self) -> bool {
        self.blanks();
        self.at >= self.tokens.len()
    }

    pub(super) fn skip(&mut self) -> Option<Token<'t>> {
        self.blanks();
        let token = self.tokens.get(self.at).copied();
        self.at += 1;
        token
    }

    pub(super) fn sees(&mut self, word: &str) -> bool {
        self.blanks();
        self.tokens.get(self.at).is_some_and(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(word))
    }

    pub(super) fn opens(&mut self) -> bool {
        self.blanks();
        self.tokens.get(self.at).is_some_and(|t| t.text == "(")
    }

    pub(super) fn rest_has(&self, word: &str) -> bool {
        self.tokens.iter().skip(self.at).any(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(word))
    }

    /// All of these words, or none.
    pub(super) fn eat(&mut self, words: &[&str]) -> bool {
        let began = self.at;
        for word in words {
            if !self.sees(word) {
                self.at = began;
                return false;
            }
            self.at += 1;
        }
        true
    }

    /// Schema and name, folded.
    pub(super) fn name(&mut self) -> Option<(Option<String>, String)> {
        self.blanks();
        let first = self.tokens.get(self.at)?.identifier()?;
        self.at += 1;
        if self.tokens.get(self.at).is_some_and(|t| t.text == ".") {
            let second = self.tokens.get(self.at + 1)?.identifier()?;
            self.at += 2;
            return Some((Some(first), second));
        }
        Some((None, first))
    }

    /// The tokens inside the parentheses that open here, as they stand.
    pub(super) fn within(&mut self) -> Option<Vec<Token<'t>>> {
        if !self.opens() {
            return None;
        }
        let (mut depth, began) = (0, self.at + 1);
        while let Some(t) = self.tokens.get(self.at) {
            match t.text {
                "(" if t.kind == Kind::Symbol => depth += 1,
                ")" if t.kind == Kind::Symbol => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(self.tokens[began..self.at - 1].to_vec());
            }
        }
        None
    }

    /// The same, cut at its commas.
    pub(super) fn group(&mut self) -> Option<Vec<Vec<Token<'t>>>> {
        self.within().map(|inner| cut(&inner))
    }

    pub(super) fn inside(&mut self) -> String {
        text(&self.within().unwrap_or_default())
    }

    pub(super) fn names(&mut self) -> Vec<String> {
        let all = self.group().unwrap_or_default();
        all.iter().filter_map(|t| Reader { tokens: t, at: 0 }.name().map(|(_, n)| n)).collect()
    }

    /// Up to one of these words outside of parentheses; at least one token.
    pub(super) fn until(&mut self, ends: &[&str]) -> String {
        self.blanks();
        let began = self.at;
        while !self.done() && (self.at == began || !ends.iter().any(|w| self.sees(w))) {
            if self.within().is_none() {
                self.at += 1;
            }
        }
        text(&self.tokens[began.min(self.tokens.len())..self.at.min(self.tokens.len())])
    }

    /// Whether it can be deferred, and whether it is at first.
    pub(super) fn deferring(&mut self) -> (bool, bool) {
        let (mut deferrable, mut deferred) = (false, false);
        loop {
            if self.eat(&["not", "deferrable"]) || self.eat(&["initially", "immediate"]) {
            } else if self.eat(&["deferrable"]) {
                deferrable = true;
            } else if self.eat(&["initially", "deferred"]) {
                (deferrable, deferred) = (true, true);
            } else if !self.eat(&["not", "valid"]) {
                return (deferrable, deferred);
            }
        }
    }
}
