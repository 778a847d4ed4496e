//! Finds the keywords, names and aliases of all entries in a text, by their stems and as whole words.

use std::collections::HashMap;

use crate::mapping::taxonomy::Taxonomy;
use crate::mapping::words::{self, Language, Stems, Token};

/// A word that is part of no phrase.
pub const NO_STEM: u32 = u32::MAX;

/// What an entry's name or alias in a text weighs, where a plain keyword weighs 1.
const NAME_WEIGHT: f64 = 1.5;
/// How many words are remembered with their stems; then remembering starts anew.
const REMEMBERED: usize = 1 << 16;

/// What a phrase says about one entry.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Owner {
    pub entry: usize,
    pub weight: f64,
    /// The entry's own name or alias, as opposed to a keyword.
    pub is_name: bool,
}

#[derive(Debug, Clone)]
struct Pattern {
    stems: Vec<u32>,
    /// Short and written in capitals: `IT` is not `it`.
    capitals: bool,
    owners: Vec<Owner>,
}

/// Numbers for stems.
#[derive(Debug, Clone, Default)]
pub struct Lexicon {
    numbers: HashMap<String, u32>,
}

impl Lexicon {
    pub fn number(&self, stem: &str) -> u32 {
        self.numbers.get(stem).copied().unwrap_or(NO_STEM)
    }

    pub fn add(&mut self, stem: String) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(stem).or_insert(next)
    }

    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }
}

/// Words met before, with the number of their stem: stemming costs more than remembering.
#[derive(Debug, Default)]
pub struct Memory {
    numbers: HashMap<Box<str>, u32>,
    lower: String,
}

/// A word of a text with the number of its stem.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    pub token: Token,
    pub stem: u32,
}

/// Reads texts into words of one lexicon.
pub struct Reader {
    pub lexicon: Lexicon,
    stems: Stems,
}

impl Reader {
    pub fn new(lexicon: Lexicon, language: Language) -> Reader {
        Reader { lexicon, stems: language.stemmer() }
    }

    /// The words of `text`.
    pub fn words(&self, text: &str, memory: &mut Memory) -> Vec<Word> {
        let mut out = Vec::with_capacity(text.len() / 5);
        for token in words::tokens(text) {
            let word = token.lower(text, &mut memory.lower);
            let stem = match memory.numbers.get(word) {
                Some(number) => *number,
                None => {
                    let number = self.lexicon.number(&self.stems.stem(word));
                    if memory.numbers.len() >= REMEMBERED {
                        memory.numbers.clear();
                    }
                    memory.numbers.insert(word.into(), number);
                    number
                }
            };
            out.push(Word { token, stem });
        }
        out
    }
}

/// All phrases, by their first stem.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    patterns: Vec<Pattern>,
    by_first: Vec<Vec<u32>>,
}

/// A phrase found: which, and from where to where in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    pub pattern: u32,
    pub start: usize,
    pub end: usize,
}

impl Phrases {
    /// What each entry is called, and its keywords; owners are places in the taxonomy.
    pub fn of(taxonomy: &Taxonomy, wanted: impl Fn(usize) -> bool, stems: &Stems, lexicon: &mut Lexicon) -> Phrases {
        let mut phrases = Phrases::default();
        for (place, entry) in taxonomy.entries.iter().enumerate().filter(|(place, _)| wanted(*place)) {
            let names = entry.spellings().map(|name| (name, NAME_WEIGHT, true));
            let keywords = entry.keywords.iter().map(|(word, weight)| (word.as_str(), *weight, false));
            for (phrase, weight, is_name) in names.chain(keywords) {
                phrases.add(phrase, Owner { entry: place, weight, is_name }, stems, lexicon);
            }
        }
        phrases
    }

    /// Adds what `phrase` says; the same phrase said twice of one entry counts once, at its best.
    pub fn add(&mut self, phrase: &str, owner: Owner, stems: &Stems, lexicon: &mut Lexicon) {
        let numbers: Vec<u32> = stems.of(phrase).into_iter().map(|stem| lexicon.add(stem)).collect();
        let Some(first) = numbers.first().map(|n| *n as usize) else { return };
        let capitals = phrase.chars().count() <= 3 && words::tokens(phrase).all(|t| t.capitals);
        if owner.is_name && !capitals && numbers.len() == 1 && phrase.chars().count() <= 2 && phrase.is_ascii() {
            return; // a name of two small letters is found in any text
        }
        if self.by_first.len() <= first {
            self.by_first.resize(first + 1, Vec::new());
        }
        let same = |i: &&u32| {
            let pattern = &self.patterns[**i as usize];
            pattern.stems == numbers && pattern.capitals == capitals
        };
        if let Some(i) = self.by_first[first].iter().find(same) {
            let owners = &mut self.patterns[*i as usize].owners;
            match owners.iter_mut().find(|o| o.entry == owner.entry) {
                Some(known) if known.weight < owner.weight => *known = owner,
                Some(_) => {}
                None => owners.push(owner),
            }
            return;
        }
        self.by_first[first].push(self.patterns.len() as u32);
        self.patterns.push(Pattern { stems: numbers, capitals, owners: vec![owner] });
        let patterns = &self.patterns;
        self.by_first[first].sort_by_key(|i| std::cmp::Reverse(patterns[*i as usize].stems.len()));
    }

    /// What the phrase says, and of how many entries it says something.
    pub fn owners(&self, pattern: u32) -> &[Owner] {
        &self.patterns[pattern as usize].owners
    }

    /// The phrases in `words`, the longest first; no word belongs to two of them.
    pub fn find(&self, words: &[Word], mut found: impl FnMut(Hit)) {
        let mut at = 0;
        while at < words.len() {
            let begin = self.by_first.get(words[at].stem as usize).map(Vec::as_slice).unwrap_or_default();
            let hit = begin.iter().find(|i| self.patterns[**i as usize].begins(&words[at..]));
            match hit {
                Some(i) => {
                    let last = at + self.patterns[*i as usize].stems.len() - 1;
                    found(Hit { pattern: *i, start: words[at].token.start, end: words[last].token.end });
                    at = last + 1;
                }
                None => at += 1,
            }
        }
    }
}

impl Pattern {
    fn begins(&self, words: &[Word]) -> bool {
        words.len() >= self.stems.len()
            && self.stems.iter().zip(words).enumerate().all(|(i, (stem, word))| {
                *stem == word.stem && (i == 0 || !word.token.after_break) && (!self.capitals || word.token.capitals)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(phrases: &[&str], text: &str) -> Vec<String> {
        let language = Language::ENGLISH;
        let (mut lexicon, mut all) = (Lexicon::default(), Phrases::default());
        for (entry, phrase) in phrases.iter().enumerate() {
            all.add(phrase, Owner { entry, weight: 1.0, is_name: false }, &language.stemmer(), &mut lexicon);
        }
        let words = Reader::new(lexicon, language).words(text, &mut Memory::default());
        let mut hits = Vec::new();
        all.find(&words, |hit| hits.push(text[hit.start..hit.end].to_owned()));
        hits
    }

    #[test]
    fn only_whole_words_match_and_their_stems_do() {
        assert_eq!(found(&["art", "big band"], "Artists start a party; art in Big Bands"), ["art", "Big Bands"]);
    }

    #[test]
    fn the_longest_phrase_takes_its_words() {
        assert_eq!(
            found(&["band", "big band", "big band leader"], "a big band leader, a band"),
            ["big band leader", "band"]
        );
    }

    #[test]
    fn a_phrase_does_not_reach_across_a_full_stop() {
        assert_eq!(found(&["public health it"], "We care for public health. It works."), Vec::<String>::new());
        assert_eq!(found(&["big band"], "big-band, big\nband"), ["big-band", "big\nband"]);
    }

    #[test]
    fn short_capitals_match_capitals_only() {
        assert_eq!(found(&["IT", "WHO"], "Who says it? The WHO and IT."), ["WHO", "IT"]);
    }

    #[test]
    fn a_word_of_a_script_without_blanks_is_found() {
        assert_eq!(found(&["爵士"], "我爱爵士乐"), ["爵士"]);
    }
}
