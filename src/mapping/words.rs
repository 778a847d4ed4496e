//! Words: what makes two spellings the same, where a word of a text begins, and its stem.

use rust_stemmers::{Algorithm, Stemmer};

/// The languages that can be stemmed, by the names PostgreSQL's text search gives them.
const LANGUAGES: [(&str, Algorithm); 18] = [
    ("arabic", Algorithm::Arabic),
    ("danish", Algorithm::Danish),
    ("dutch", Algorithm::Dutch),
    ("english", Algorithm::English),
    ("finnish", Algorithm::Finnish),
    ("french", Algorithm::French),
    ("german", Algorithm::German),
    ("greek", Algorithm::Greek),
    ("hungarian", Algorithm::Hungarian),
    ("italian", Algorithm::Italian),
    ("norwegian", Algorithm::Norwegian),
    ("portuguese", Algorithm::Portuguese),
    ("romanian", Algorithm::Romanian),
    ("russian", Algorithm::Russian),
    ("spanish", Algorithm::Spanish),
    ("swedish", Algorithm::Swedish),
    ("tamil", Algorithm::Tamil),
    ("turkish", Algorithm::Turkish),
];

/// How words of one language are stemmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(Option<usize>);

impl Language {
    pub const ENGLISH: Language = Language(Some(3));
    /// Words as they are, as PostgreSQL's `simple`.
    pub const SIMPLE: Language = Language(None);

    /// By the name of a text search configuration (`english`, `pg_catalog.german`, `simple`).
    pub fn named(name: &str) -> Option<Language> {
        let name = name.rsplit('.').next().unwrap_or(name).to_lowercase();
        if name == "simple" {
            return Some(Language::SIMPLE);
        }
        LANGUAGES.iter().position(|(known, _)| *known == name).map(|i| Language(Some(i)))
    }

    /// Every name that [`Language::named`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        LANGUAGES.iter().map(|(name, _)| *name).chain(["simple"])
    }

    pub fn name(self) -> &'static str {
        self.0.map_or("simple", |i| LANGUAGES[i].0)
    }

    pub fn stemmer(self) -> Stems {
        Stems(self.0.map(|i| Stemmer::create(LANGUAGES[i].1)))
    }
}

/// Stems lower-case words.
pub struct Stems(Option<Stemmer>);

impl Stems {
    pub fn stem(&self, word: &str) -> String {
        match &self.0 {
            Some(stemmer) => stemmer.stem(word).into_owned(),
            None => word.to_owned(),
        }
    }

    /// The stems of a phrase, in order.
    pub fn of(&self, phrase: &str) -> Vec<String> {
        let mut lower = String::new();
        tokens(phrase).map(|token| self.stem(token.lower(phrase, &mut lower))).collect()
    }
}

/// A word's place in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub start: usize,
    pub end: usize,
    /// A phrase cannot reach across: the sentence or clause before ended here.
    pub after_break: bool,
    /// Written in capitals only.
    pub capitals: bool,
}

impl Token {
    /// The word in lower case, in the buffer given.
    pub fn lower<'b>(&self, text: &str, buffer: &'b mut String) -> &'b str {
        buffer.clear();
        let word = &text[self.start..self.end];
        if word.is_ascii() {
            buffer.push_str(word);
            buffer.make_ascii_lowercase();
        } else {
            buffer.extend(word.chars().flat_map(char::to_lowercase));
        }
        buffer
    }
}

/// The words of a text. Scripts without blanks give one word per sign; `c++` and `c#` are words.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

pub struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let mut after_break = self.at == 0;
        let mut begun: Option<(usize, usize, bool, bool)> = None; // start, letters, capitals, has letter
        let from = self.at;
        for (i, c) in self.text[from..].char_indices() {
            let at = from + i;
            match &mut begun {
                None if stands_alone(c) => {
                    self.at = at + c.len_utf8();
                    return Some(Token { start: at, end: self.at, after_break, capitals: false });
                }
                None if c.is_alphanumeric() => begun = Some((at, 1, !c.is_lowercase(), c.is_alphabetic())),
                None => after_break |= ends_phrase(c),
                Some((_, letters, capitals, any)) if c.is_alphanumeric() && !stands_alone(c) => {
                    *letters += 1;
                    *capitals &= !c.is_lowercase();
                    *any |= c.is_alphabetic();
                }
                Some((_, _, _, _)) if is_mark(c) => {}
                Some((start, letters, capitals, any)) => {
                    let mut end = at;
                    if *letters <= 2 && *any && matches!(c, '+' | '#') {
                        end = at + self.text[at..].chars().take(2).take_while(|x| *x == c).count();
                    }
                    self.at = end;
                    return Some(Token { start: *start, end, after_break, capitals: *capitals && *any });
                }
            }
        }
        self.at = self.text.len();
        begun.map(|(start, _, capitals, any)| Token {
            start,
            end: self.text.len(),
            after_break,
            capitals: capitals && any,
        })
    }
}

/// A sign that is a word by itself: Chinese and Japanese write without blanks.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3134f}')
}

/// A combining mark belongs to the letter before it.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{ad}')
}

/// Blanks, hyphens, slashes and quotes join the words of a phrase; everything else parts them.
fn ends_phrase(c: char) -> bool {
    !(c.is_whitespace() || matches!(c, '-' | '_' | '/' | '&' | '\'' | '’' | '"' | '*' | '‐' | '–'))
}

/// The form in which two spellings of one name are equal: case, blanks, `_`, `-` and plural apart.
pub fn canonical(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut lower = String::new();
    let spelt = name.replace('&', " and ");
    for token in tokens(&spelt) {
        push_singular(token.lower(&spelt, &mut lower), &mut out);
    }
    out
}

fn push_singular(word: &str, out: &mut String) {
    let long = word.chars().count() > 3;
    let stem = |ending: &str| word.strip_suffix(ending).filter(|_| long);
    if let Some(stem) = stem("ies").filter(|s| s.len() > 2) {
        out.push_str(stem);
        out.push('y');
    } else if let Some(stem) =
        ["sses", "shes", "ches", "xes"].iter().find_map(|e| stem(e).map(|_| &word[..word.len() - 2]))
    {
        out.push_str(stem);
    } else if let Some(stem) = stem("s").filter(|s| !s.ends_with(['s', 'u', 'i'])) {
        out.push_str(stem);
    } else {
        out.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokens(text).map(|t| &text[t.start..t.end]).collect()
    }

    #[test]
    fn spelling_variants_share_one_form() {
        for variant in
            ["Field Recordings", "field_recording", "FIELD-RECORDINGS", "fieldRecordings", " field  recording "]
        {
            assert_eq!(canonical(variant), "fieldrecording", "{variant}");
        }
        assert_eq!(canonical("Rhythm & Blues"), canonical("rhythm and blues"));
        assert_eq!(canonical("Symphonies"), canonical("symphony"));
        assert_eq!(canonical("Basses"), canonical("bass"));
        assert_ne!(canonical("bass"), canonical("base"));
    }

    #[test]
    fn words_of_any_script_are_found() {
        assert_eq!(
            words("C++ and C#: naïve café, 2 jazz-bands."),
            ["C++", "and", "C#", "naïve", "café", "2", "jazz", "bands"]
        );
        assert_eq!(words("爵士 is jazz"), ["爵", "士", "is", "jazz"]);
        assert_eq!(words("issue#12"), ["issue", "12"]);
        assert!(words(" ,.; ").is_empty());
    }

    #[test]
    fn a_full_stop_parts_phrases_and_a_hyphen_does_not() {
        let breaks: Vec<bool> = tokens("hard-rock. Pop, folk").map(|t| t.after_break).collect();
        assert_eq!(breaks, [true, false, true, true]);
    }

    #[test]
    fn capitals_are_noticed() {
        let capitals: Vec<bool> = tokens("IT is It 42").map(|t| t.capitals).collect();
        assert_eq!(capitals, [true, false, false, false]);
    }

    #[test]
    fn stems_follow_the_language() {
        assert_eq!(Language::ENGLISH.stemmer().of("Recordings of trials"), ["record", "of", "trial"]);
        assert_eq!(Language::named("pg_catalog.german").unwrap().stemmer().of("Häuser"), ["haus"]);
        assert_eq!(Language::SIMPLE.stemmer().of("Trials"), ["trials"]);
        assert!(Language::named("klingon").is_none());
    }
}
