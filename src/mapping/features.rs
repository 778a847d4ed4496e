//! Rows of text as numbers: which words and word pairs stand in them, and how telling each is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::mapping::linear::Sparse;
use crate::mapping::phrases::{NO_STEM, Word};
use crate::mapping::subject::Subject;

/// How many words of a field are read: what a text is about stands at its beginning.
const READ: usize = 300;
/// Fields of no more words than this on average are short: titles, tags, summaries.
const SHORT: f64 = 60.0;
/// The most features, and the most numbers in the whole model: memory stays bounded.
const FEATURES: usize = 100_000;
const NUMBERS: usize = 8_000_000;

/// A word (the second is then [`NO_STEM`]) or a pair of them.
type Term = (u32, u32);

/// How often a row is looked at: whole, and by its short fields alone.
const VIEWS: usize = 2;
/// The share of either view, squares summing to one: the short fields say again what the whole says,
/// so they need less of a voice.
const VOICE: [f32; VIEWS] = [0.866_025_4, 0.5];

/// The features of a set of rows.
///
/// Each row is seen twice: whole, and by its short fields alone, so that a long text cannot drown
/// a title. Both views together have length one.
#[derive(Debug, Clone, Default)]
pub struct Features {
    short: BTreeSet<String>,
    /// The place of a term in either view, and how telling it is there.
    terms: HashMap<Term, [Option<(u32, f32)>; VIEWS], Mixed>,
    count: usize,
}

/// A term as a row has it: how much in either view, and where it first stands.
#[derive(Debug, Clone, Copy)]
struct Use {
    term: Term,
    amounts: [f64; VIEWS],
    place: Place,
}

/// A piece of a row's texts: field, start and end.
pub type Place = (usize, usize, usize);

/// A row with the words it is to be known by.
pub struct Row<'a> {
    fields: Vec<(&'a str, f64, &'a [Word])>,
}

impl<'a> Row<'a> {
    pub fn new(subject: &'a Subject, words: &'a [Vec<Word>]) -> Row<'a> {
        let fields = subject.text.iter().zip(words);
        let read = fields.map(|((label, weight, _), words)| (label.as_ref(), *weight, &words[..words.len().min(READ)]));
        Row { fields: read.collect() }
    }

    /// Each term once, in order.
    fn uses(&self, short: &BTreeSet<String>) -> Vec<Use> {
        let mut uses: Vec<Use> =
            Vec::with_capacity(2 * self.fields.iter().map(|(.., words)| words.len()).sum::<usize>());
        for (field, (label, weight, words)) in
            self.fields.iter().enumerate().filter(|(_, (_, weight, _))| *weight > 0.0)
        {
            let amounts = [*weight, if short.contains(*label) { *weight } else { 0.0 }];
            for (i, word) in words.iter().enumerate().filter(|(_, word)| word.stem != NO_STEM) {
                let start = word.token.start;
                uses.push(Use { term: (word.stem, NO_STEM), amounts, place: (field, start, word.token.end) });
                if let Some(next) = words.get(i + 1).filter(|next| next.stem != NO_STEM && !next.token.after_break) {
                    uses.push(Use { term: (word.stem, next.stem), amounts, place: (field, start, next.token.end) });
                }
            }
        }
        uses.sort_unstable_by_key(|used| (used.term, used.place));
        uses.dedup_by(|later, first| {
            let same = later.term == first.term;
            if same {
                first.amounts.iter_mut().zip(later.amounts).for_each(|(sum, amount)| *sum += amount);
            }
            same
        });
        uses
    }
}

impl Features {
    /// The features of `rows`; `hints` are words and phrases known without a row.
    pub fn new(rows: &[&Row], hints: &[Vec<u32>], classes: usize) -> Features {
        let short = short_labels(rows);
        let mut found: HashMap<Term, [u32; VIEWS], Mixed> = HashMap::default();
        for used in rows.iter().flat_map(|row| row.uses(&short)) {
            let seen = found.entry(used.term).or_default();
            seen.iter_mut().zip(used.amounts).for_each(|(rows, amount)| *rows += u32::from(amount > 0.0));
        }
        for hint in hints {
            terms_of(hint).for_each(|term| found.entry(term).or_default().iter_mut().for_each(|rows| *rows += 1));
        }
        let mut ranked: Vec<(u32, Term, usize)> =
            found.iter().flat_map(|(term, rows)| (0..VIEWS).map(|view| (rows[view], *term, view))).collect();
        ranked.retain(|(rows, ..)| *rows > 0);
        ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
        ranked.truncate(FEATURES.min(NUMBERS / classes.max(1)));
        let all = (rows.len() + hints.len()) as f32;
        let mut terms: HashMap<Term, [Option<(u32, f32)>; VIEWS], Mixed> = HashMap::default();
        for (i, (rows, term, view)) in ranked.iter().enumerate() {
            let telling = ((1.0 + all) / (1.0 + *rows as f32)).ln() + 1.0;
            terms.entry(*term).or_default()[*view] = Some((i as u32, telling));
        }
        Features { short, terms, count: ranked.len() }
    }

    pub fn count(&self) -> usize {
        self.count
    }

    /// A row by its features.
    pub fn of(&self, row: &Row) -> Sparse {
        let uses = row.uses(&self.short);
        self.views(uses.iter().map(|used| (used.term, used.amounts, ()))).into_iter().map(|(f, v, ())| (f, v)).collect()
    }

    /// The same, with where each feature first stands.
    pub fn placed(&self, row: &Row) -> Vec<(u32, f32, Place)> {
        let uses = row.uses(&self.short);
        self.views(uses.iter().map(|used| (used.term, used.amounts, used.place)))
    }

    /// A word or phrase by its features.
    pub fn of_hint(&self, hint: &[u32]) -> Sparse {
        let terms = terms_of(hint).map(|term| (term, [1.0; VIEWS], ()));
        self.views(terms).into_iter().map(|(f, v, ())| (f, v)).collect()
    }

    fn views<P: Copy>(&self, terms: impl Iterator<Item = (Term, [f64; VIEWS], P)>) -> Vec<(u32, f32, P)> {
        let mut views: [Vec<(u32, f32, P)>; VIEWS] = std::array::from_fn(|_| Vec::new());
        for (term, amounts, place) in terms {
            let Some(known) = self.terms.get(&term) else { continue };
            for (view, (known, amount)) in known.iter().zip(amounts).enumerate() {
                if let Some((feature, telling)) = known.filter(|_| amount > 0.0) {
                    views[view].push((feature, amount.ln_1p() as f32 * telling, place));
                }
            }
        }
        for (view, voice) in views.iter_mut().zip(VOICE) {
            let length = view.iter().map(|(_, value, _)| value * value).sum::<f32>().sqrt();
            view.iter_mut().for_each(|(_, value, _)| *value *= voice / length);
        }
        views.concat()
    }
}

/// Mixes the numbers of stems; they are ours, so nobody can choose them to collide.
#[derive(Debug, Clone, Copy, Default)]
struct Mix(u64);

type Mixed = std::hash::BuildHasherDefault<Mix>;

impl std::hash::Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u32(u32::from(*byte)));
    }

    fn write_u32(&mut self, number: u32) {
        self.0 = (self.0.rotate_left(5) ^ u64::from(number)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}

fn terms_of(hint: &[u32]) -> impl Iterator<Item = Term> {
    let words = hint.iter().map(|stem| (*stem, NO_STEM));
    words.chain(hint.windows(2).map(|pair| (pair[0], pair[1])))
}

fn short_labels(rows: &[&Row]) -> BTreeSet<String> {
    let mut lengths: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (label, _, words) in rows.iter().flat_map(|row| &row.fields) {
        let (sum, n) = lengths.entry(label).or_default();
        *sum += words.len();
        *n += 1;
    }
    let short = lengths.into_iter().filter(|(_, (sum, n))| *sum as f64 <= SHORT * *n as f64);
    short.map(|(label, _)| label.to_owned()).collect()
}
