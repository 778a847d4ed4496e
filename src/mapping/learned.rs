//! What rows that people mapped teach about the others.

use std::collections::{BTreeMap, BTreeSet};

use crate::mapping::calibrate::{CLUES, Calibration, Seen, Wanted, threshold};
use crate::mapping::features::{Features, Place, Row};
use crate::mapping::linear::{Dice, Sparse, separate};
use crate::mapping::phrases::{Lexicon, Memory, Phrases, Reader, Word};
use crate::mapping::subject::Subject;
use crate::mapping::taxonomy::Taxonomy;
use crate::mapping::weigh::weigh;
use crate::mapping::words::{self, Language};
use crate::text;

/// A row with the codes that a person gave it, the primary one first.
#[derive(Debug, Clone)]
pub struct Labelled {
    pub subject: Subject,
    pub codes: Vec<String>,
}

/// Fewer rows teach nothing.
pub const ENOUGH: usize = 10;
/// From so many rows on, learning may overrule keywords.
const SETTLED: usize = 50;
/// More rows than this are thinned out evenly: memory and time stay bounded.
const MOST: usize = 4000;
/// The most rows times codes.
const WORK: usize = 200_000;
/// How many parts of the rows judge each other; of very many rows, fewer parts do.
const FOLDS: usize = 5;
const JUDGED: usize = 2000;
/// What an entry's name counts, in rows; an alias, a plain keyword.
const NAME: f64 = 5.0;
const ALIAS: f64 = 1.0;
const KEYWORD: f64 = 0.3;
/// What learning must give where it decides alone.
const ALONE: Wanted = Wanted { precision: 0.85, coverage: 0.0 };
/// How many words the evidence names.
const SHOWN: usize = 3;

/// Rows read once, to learn from all or some of them.
pub struct Corpus<'a> {
    rows: Vec<(&'a Labelled, Vec<Vec<Word>>)>,
    lexicon: Lexicon,
    language: Language,
    /// Code, words and weight: what the taxonomy knows without a row.
    hints: Vec<(String, Vec<u32>, f64)>,
    phrases: Phrases,
    /// The codes of the taxonomy in its order.
    entries: Vec<String>,
}

impl<'a> Corpus<'a> {
    pub fn read(taxonomy: &Taxonomy, labelled: &'a [Labelled]) -> Corpus<'a> {
        let language = taxonomy.language.unwrap_or(Language::ENGLISH);
        let stems = language.stemmer();
        let mut lexicon = Lexicon::default();
        let mut hints = Vec::new();
        let phrases = Phrases::of(taxonomy, |_| true, &stems, &mut lexicon);
        for entry in &taxonomy.entries {
            let mut seen: BTreeSet<Vec<u32>> = BTreeSet::new();
            let names = entry.spellings().enumerate().map(|(i, name)| (name, if i < 2 { NAME } else { ALIAS }));
            let keywords = entry.keywords.iter().map(|(word, weight)| (word.as_str(), KEYWORD * weight));
            for (phrase, weight) in names.chain(keywords) {
                let numbers: Vec<u32> = stems.of(phrase).into_iter().map(|stem| lexicon.add(stem)).collect();
                if !numbers.is_empty() && seen.insert(numbers.clone()) {
                    hints.push((entry.code.clone(), numbers, weight));
                }
            }
        }
        let codes: BTreeSet<&String> = labelled.iter().flat_map(|row| &row.codes).collect();
        let most = MOST.min(WORK / codes.len().max(taxonomy.entries.len()).max(1)).max(ENOUGH);
        let every = labelled.len().div_ceil(most).max(1);
        let kept: Vec<&Labelled> = labelled.iter().filter(|row| !row.codes.is_empty()).step_by(every).collect();
        let mut lower = String::new();
        for (_, _, body) in kept.iter().flat_map(|row| &row.subject.text) {
            for token in words::tokens(body) {
                lexicon.add(stems.stem(token.lower(body, &mut lower)));
            }
        }
        let reader = Reader::new(lexicon, language);
        let mut memory = Memory::default();
        let read = |subject: &Subject, memory: &mut Memory| -> Vec<Vec<Word>> {
            subject.text.iter().map(|(_, _, body)| reader.words(body, memory)).collect()
        };
        let rows = kept.into_iter().map(|row| (row, read(&row.subject, &mut memory))).collect();
        let entries = taxonomy.entries.iter().map(|entry| entry.code.clone()).collect();
        Corpus { rows, lexicon: reader.lexicon, language, hints, phrases, entries }
    }

    /// What the keywords say of a row, code by code.
    fn said(&self, i: usize, codes: &[String]) -> Vec<f64> {
        let (row, words) = &self.rows[i];
        let signals = weigh(&row.subject, words, &self.phrases);
        let of_code = |code: &String| signals.iter().find(|signal| self.entries[signal.entry] == *code);
        codes.iter().map(|code| of_code(code).map_or(0.0, |signal| signal.confidence)).collect()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    pub fn row(&self, i: usize) -> &'a Labelled {
        self.rows[i].0
    }

    /// The rows dealt to so many parts, each code evenly; another seed deals otherwise.
    pub fn deal(&self, among: &[usize], parts: usize, seed: u64) -> Vec<Vec<usize>> {
        let mut order = among.to_vec();
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1).shuffle(&mut order);
        order.sort_by(|a, b| self.rows[*a].0.codes[0].cmp(&self.rows[*b].0.codes[0]));
        let mut dealt = vec![Vec::new(); parts];
        order.into_iter().enumerate().for_each(|(i, row)| dealt[i % parts].push(row));
        dealt
    }
}

/// What was learned: for each code a separator, and what its margins are worth.
#[derive(Debug, Clone)]
pub struct Learned {
    pub codes: Vec<String>,
    /// How many rows taught it.
    pub rows: usize,
    pub lexicon: Lexicon,
    pub language: Language,
    /// The confidence from which what was learned may decide alone.
    pub threshold: f64,
    features: Features,
    /// By feature, then by code; the last feature is the constant one.
    weights: Vec<f32>,
    calibration: Calibration,
}

/// What is thought of one row.
#[derive(Debug, Clone)]
pub struct Opinion {
    /// Code and confidence, the surest first.
    pub ranked: Vec<(usize, f64)>,
    row: Vec<(u32, f32, Place)>,
}

struct Separators {
    codes: Vec<String>,
    features: Features,
    weights: Vec<f32>,
}

impl Learned {
    /// `None` where the rows are too few or all of one code.
    pub fn train(taxonomy: &Taxonomy, labelled: &[Labelled]) -> Option<Learned> {
        let corpus = Corpus::read(taxonomy, labelled);
        let all: Vec<usize> = (0..corpus.len()).collect();
        Some(Fitted::new(&corpus, &all)?.learned)
    }

    /// Whether it was taught by so many rows that it may overrule keywords.
    pub fn is_settled(&self) -> bool {
        self.rows >= SETTLED
    }

    /// What is thought of each code; `words` were read with this lexicon, `said` is what the
    /// keywords say of a code.
    pub fn judge(&self, subject: &Subject, words: &[Vec<Word>], said: impl Fn(usize) -> f64) -> Opinion {
        let row = self.features.placed(&Row::new(subject, words));
        let clues =
            clues(row.iter().map(|(feature, value, _)| (*feature, *value)), &self.weights, self.codes.len(), said);
        let sure = |(code, clues)| (code, self.calibration.probability(clues));
        let mut ranked: Vec<(usize, f64)> = clues.into_iter().enumerate().map(sure).collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        Opinion { ranked, row }
    }
}

/// What was learned, and the same learned without some of the rows: those can judge it.
pub struct Fitted {
    pub learned: Learned,
    /// Rows, and what was learned without having seen them.
    pub unseen: Vec<(Vec<usize>, Learned)>,
}

impl Fitted {
    /// From some of the rows; `None` where they are too few or all of one code.
    pub fn new(corpus: &Corpus, among: &[usize]) -> Option<Fitted> {
        let codes: BTreeSet<&String> = among.iter().flat_map(|i| &corpus.rows[*i].0.codes).collect();
        if among.len() < ENOUGH || codes.len() < 2 {
            return None;
        }
        let parts = splits(&corpus.deal(among, FOLDS, 0)).into_iter().take((JUDGED / among.len()).clamp(1, FOLDS));
        let parts: Vec<(Vec<usize>, Separators)> =
            parts.map(|(held, rest)| (held, Separators::fit(corpus, &rest))).collect();
        let guesses: Vec<Vec<Seen>> =
            parts.iter().flat_map(|(held, separators)| held.iter().map(|i| separators.guesses(corpus, *i))).collect();
        let calibration = Calibration::fit(&guesses.concat());
        let best = |guesses: &Vec<Seen>| {
            let all = guesses.iter().map(|(clues, right)| (calibration.probability(*clues), *right));
            all.max_by(|a, b| a.0.total_cmp(&b.0))
        };
        let threshold = threshold(&guesses.iter().filter_map(best).collect::<Vec<_>>(), ALONE);
        let learned = |separators: Separators| Learned {
            codes: separators.codes,
            rows: among.len(),
            lexicon: corpus.lexicon.clone(),
            language: corpus.language,
            threshold,
            features: separators.features,
            weights: separators.weights,
            calibration,
        };
        let unseen = parts.into_iter().map(|(held, separators)| (held, learned(separators))).collect();
        Some(Fitted { learned: learned(Separators::fit(corpus, among)), unseen })
    }
}

impl Opinion {
    /// The words that spoke most for a code.
    pub fn evidence(&self, subject: &Subject, learned: &Learned, code: usize) -> String {
        let weight = |feature: u32| learned.weights[feature as usize * learned.codes.len() + code];
        let parts = self.row.iter().map(|(feature, value, place)| (weight(*feature) * value, place));
        let mut parts: Vec<(f32, &Place)> = parts.filter(|(part, _)| *part > 0.0).collect();
        parts.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
        let mut shown: Vec<String> = Vec::new();
        for (_, (field, start, end)) in parts {
            let (label, _, body) = &subject.text[*field];
            let said = format!("{label}: \"{}\"", text::cut(&text::inert(&body[*start..*end]), 40));
            if !shown.contains(&said) {
                shown.push(said);
            }
            if shown.len() == SHOWN {
                break;
            }
        }
        let from = format!("learned from {}", text::count(learned.rows as u64, "row"));
        if shown.is_empty() { from } else { format!("{from}: {}", shown.join(", ")) }
    }
}

impl Separators {
    fn fit(corpus: &Corpus, among: &[usize]) -> Separators {
        let mut count: BTreeMap<&str, usize> = BTreeMap::new();
        for i in among {
            *count.entry(&corpus.rows[*i].0.codes[0]).or_default() += 1;
        }
        let codes: BTreeSet<&str> = among.iter().flat_map(|i| &corpus.rows[*i].0.codes).map(String::as_str).collect();
        let codes: BTreeSet<&str> =
            codes.into_iter().chain(corpus.hints.iter().map(|(code, ..)| code.as_str())).collect();
        let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
        let rows: Vec<Row> = among.iter().map(|i| Row::new(&corpus.rows[*i].0.subject, &corpus.rows[*i].1)).collect();
        let hints: Vec<Vec<u32>> = codes
            .iter()
            .map(|code| {
                corpus.hints.iter().filter(|(c, ..)| c == code).flat_map(|(_, words, _)| words.clone()).collect()
            })
            .collect();
        let features = Features::new(&rows.iter().collect::<Vec<_>>(), &hints, codes.len());
        let mut sparse: Vec<Sparse> = rows.iter().map(|row| features.of(row)).collect();
        // each code weighs the same in sum, however many rows it has
        let share = among.len() as f64 / codes.len() as f64;
        let mut cost: Vec<f64> =
            among.iter().map(|i| share / count[corpus.rows[*i].0.codes[0].as_str()] as f64).collect();
        for (_, words, weight) in &corpus.hints {
            sparse.push(features.of_hint(words));
            cost.push(*weight);
        }
        let rows: Vec<&Sparse> = sparse.iter().collect();
        let mut weights = vec![0f32; (features.count() + 1) * codes.len()];
        for (at, code) in codes.iter().enumerate() {
            let taught = among.iter().map(|i| corpus.rows[*i].0.codes.contains(code));
            let member: Vec<bool> = taught.chain(corpus.hints.iter().map(|(c, ..)| c == code)).collect();
            for (feature, weight) in separate(&rows, &member, &cost, features.count()).into_iter().enumerate() {
                weights[feature * codes.len() + at] = weight;
            }
        }
        Separators { codes, features, weights }
    }

    /// The clues for each code of a row, and whether it is right.
    fn guesses(&self, corpus: &Corpus, i: usize) -> Vec<Seen> {
        let (row, words) = &corpus.rows[i];
        let sparse = self.features.of(&Row::new(&row.subject, words));
        let said = corpus.said(i, &self.codes);
        let clues = clues(sparse.into_iter(), &self.weights, self.codes.len(), |code| said[code]);
        clues.into_iter().zip(&self.codes).map(|(clues, code)| (clues, row.codes.contains(code))).collect()
    }
}

/// The clues for each code: how far its margin lies before the best of the others, the margin
/// itself, and what the keywords say.
fn clues(
    row: impl Iterator<Item = (u32, f32)>,
    weights: &[f32],
    codes: usize,
    said: impl Fn(usize) -> f64,
) -> Vec<[f64; CLUES]> {
    let mut margins: Vec<f32> = weights[weights.len() - codes..].to_vec();
    for (feature, value) in row {
        let from = feature as usize * codes;
        margins.iter_mut().zip(&weights[from..from + codes]).for_each(|(margin, weight)| *margin += weight * value);
    }
    let best = (0..codes).max_by(|a, b| margins[*a].total_cmp(&margins[*b]));
    let others = |but: usize| (0..codes).filter(move |code| *code != but).map(|code| margins[code]);
    let second = best.map_or(0.0, |best| others(best).fold(f32::MIN, f32::max));
    let lead = |code: usize| match best {
        Some(best) if best != code => margins[code] - margins[best],
        _ => margins[code] - second,
    };
    (0..codes).map(|code| [f64::from(lead(code)), f64::from(margins[code]), said(code)]).collect()
}

/// Each part against the rest.
pub fn splits(parts: &[Vec<usize>]) -> Vec<(Vec<usize>, Vec<usize>)> {
    let rest = |held: usize| {
        let others = parts.iter().enumerate().filter(move |(i, _)| *i != held);
        others.flat_map(|(_, part)| part.clone()).collect()
    };
    (0..parts.len()).map(|held| (parts[held].clone(), rest(held))).collect()
}
