//! Weighs every signal of a row and says which entries it belongs to, why, or that it does not know.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::mapping::learned::Learned;
use crate::mapping::names::{Named, Names, Right};
use crate::mapping::phrases::{Memory, Phrases, Reader, Word};
use crate::mapping::signal::{Ranked, Signal};
use crate::mapping::subject::{Subject, leaves, parts};
use crate::mapping::taxonomy::Taxonomy;
use crate::mapping::verdict::{Because, Candidate, Verdict};
use crate::mapping::weigh::weigh;
use crate::mapping::words::{self, Language};
use crate::text;

/// What naming an entry outright is worth.
const EXPLICIT: f64 = 0.95;
/// How many candidates a verdict keeps.
const KEPT: usize = 10;
/// How many of the codes that learning ranks first are heard.
const LESSONS: usize = 3;
/// Fewer rows than this are not worth a thread.
const SHARE: usize = 500;
/// How much of a value stands in evidence.
const CUT: usize = 60;

/// Everything compiled once; shared between threads.
pub struct Inference {
    taxonomy: Taxonomy,
    names: Names,
    rules: HashMap<String, HashMap<String, Vec<(usize, f64)>>>,
    phrases: Phrases,
    /// With the place of each of its codes.
    learned: Option<(Learned, Vec<Option<usize>>)>,
    reader: Reader,
    memories: Mutex<Vec<Memory>>,
}

impl Inference {
    /// `rows` are the right rows that exist; entries without one are never chosen.
    pub fn new(taxonomy: &Taxonomy, rows: &[Right]) -> Inference {
        Inference::learning(taxonomy, rows, None)
    }

    /// The same, taught by rows that people mapped.
    pub fn learning(taxonomy: &Taxonomy, rows: &[Right], learned: Option<Learned>) -> Inference {
        let usual = taxonomy.language.unwrap_or(Language::ENGLISH);
        let language = learned.as_ref().map_or(usual, |learned| learned.language);
        let names = Names::new(taxonomy, rows);
        let mut rules: HashMap<String, HashMap<String, Vec<(usize, f64)>>> = HashMap::new();
        for rule in &taxonomy.rules {
            let gives: Vec<(usize, f64)> =
                rule.gives.iter().filter_map(|(code, c)| names.code(code).map(|i| (i, *c))).collect();
            let values = rules.entry(rule.signal.clone()).or_default();
            for value in &rule.values {
                values.entry(words::canonical(value)).or_default().extend(&gives);
            }
        }
        let mut lexicon = learned.as_ref().map(|learned| learned.lexicon.clone()).unwrap_or_default();
        let phrases = Phrases::of(taxonomy, |place| names.known[place].has_row, &language.stemmer(), &mut lexicon);
        let learned = learned.map(|learned| {
            let place = |code: &String| names.code(code).filter(|i| names.known[*i].has_row);
            let places = learned.codes.iter().map(place).collect();
            (learned, places)
        });
        let reader = Reader::new(lexicon, language);
        Inference { taxonomy: taxonomy.clone(), names, rules, phrases, learned, reader, memories: Mutex::default() }
    }

    /// What is said of one row. The same row gives the same verdict, on any thread.
    pub fn infer(&self, subject: &Subject) -> Verdict {
        self.hear(subject, Kept::All)
    }

    fn hear(&self, subject: &Subject, kept: Kept) -> Verdict {
        let mut heard = Heard::default();
        self.read_explicit(subject, &mut heard);
        self.read_rules(subject, &mut heard.signals);
        self.read_text(subject, &mut heard.signals);
        self.decide(heard, kept)
    }

    /// What is said of each row, in their order; by as many threads as there are cores. Candidates come only with the
    /// rows that a person should look at.
    pub fn infer_all(&self, subjects: &[Subject]) -> Vec<Verdict> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let share = subjects.len().div_ceil(threads).max(SHARE);
        if subjects.len() <= share {
            return subjects.iter().map(|subject| self.hear(subject, Kept::ForReview)).collect();
        }
        std::thread::scope(|scope| {
            let judge =
                |part: &'_ [Subject]| part.iter().map(|one| self.hear(one, Kept::ForReview)).collect::<Vec<_>>();
            let parts: Vec<_> = subjects.chunks(share).map(|part| (part, scope.spawn(move || judge(part)))).collect();
            // a thread that fell over is no reason to lose its rows
            parts.into_iter().flat_map(|(part, judged)| judged.join().unwrap_or_else(|_| judge(part))).collect()
        })
    }

    fn read_explicit(&self, subject: &Subject, heard: &mut Heard) {
        for (label, value) in &subject.explicit {
            for leaf in leaves(value) {
                let whole = self.names.named(&leaf);
                let pieces = if whole == Named::Nothing { parts(&leaf) } else { vec![leaf.as_str()] };
                for piece in pieces {
                    self.take_explicit(label, piece, heard);
                }
            }
        }
    }

    fn take_explicit(&self, label: &str, piece: &str, heard: &mut Heard) {
        let shown = format!("{label} names `{}`", text::cut(&text::inert(piece), CUT));
        let code = |i: usize| self.names.known[i].code.as_str();
        let signal = |entry, confidence, because, outright| Signal {
            entry,
            confidence,
            because,
            outright,
            faint: false,
            evidence: shown.clone(),
        };
        match self.names.named(piece) {
            Named::Plainly(i) => heard.signals.push(signal(i, EXPLICIT, Because::Explicit, true)),
            Named::ByAlias(i) => heard.signals.push(signal(i, EXPLICIT, Because::Alias, true)),
            Named::Several(rows) => {
                let codes: Vec<&str> = rows.iter().map(|i| code(*i)).take(5).collect();
                let fits = format!("{shown}, which fits {} rows: {}", rows.len(), text::quoted_list(&codes));
                heard.ambiguous.push(fits);
                let share = EXPLICIT / rows.len() as f64;
                let rows = rows.into_iter().filter(|i| self.names.known[*i].has_row).take(KEPT);
                heard.signals.extend(rows.map(|i| signal(i, share, Because::Explicit, false)));
            }
            Named::ByDefault(1) => heard.ambiguous.push(format!("{shown}, a name that stands for none")),
            Named::ByDefault(rows) => {
                heard.ambiguous.push(format!("{shown}, which {rows} rows are called by default"));
            }
            Named::WithoutRow(i) => heard.unknown.push(format!("{shown}, but `{}` has no row", code(i))),
            Named::Nothing => heard.unknown.push(match self.names.nearest(piece).as_slice() {
                [] => format!("{shown}, which is no code, name or alias"),
                near => format!("{shown}, which is no code, name or alias; near are {}", text::quoted_list(near)),
            }),
        }
    }

    fn read_rules(&self, subject: &Subject, signals: &mut Vec<Signal>) {
        for (label, value) in &subject.rules {
            let Some(values) = self.rules.get(label.as_ref()) else { continue };
            for leaf in leaves(value) {
                let whole = values.contains_key(&words::canonical(&leaf));
                let pieces = if whole { vec![leaf.as_str()] } else { parts(&leaf) };
                for piece in pieces {
                    for (entry, confidence) in values.get(&words::canonical(piece)).into_iter().flatten() {
                        signals.push(Signal {
                            entry: *entry,
                            confidence: *confidence,
                            because: Because::Rule,
                            outright: false,
                            faint: false,
                            evidence: format!("rule for {label} = `{}`", text::cut(&text::inert(piece), CUT)),
                        });
                    }
                }
            }
        }
    }

    fn read_text(&self, subject: &Subject, signals: &mut Vec<Signal>) {
        let mut memory = self.memories.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let texts: Vec<Vec<Word>> =
            subject.text.iter().map(|(_, _, body)| self.reader.words(body, &mut memory)).collect();
        self.memories.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        let spoken = weigh(subject, &texts, &self.phrases);
        match &self.learned {
            Some((learned, places)) => self.judge(subject, &texts, spoken, learned, places, signals),
            None => signals.extend(spoken),
        }
    }

    /// Joins what the keywords say with what was learned.
    fn judge(
        &self,
        subject: &Subject,
        texts: &[Vec<Word>],
        mut spoken: Vec<Signal>,
        learned: &Learned,
        places: &[Option<usize>],
        signals: &mut Vec<Signal>,
    ) {
        let said = |code: usize| {
            let of_code = spoken.iter().find(|signal| places[code] == Some(signal.entry));
            of_code.map_or(0.0, |signal| signal.confidence)
        };
        let opinion = learned.judge(subject, texts, said);
        for (rank, (code, confidence)) in opinion.ranked.iter().copied().enumerate() {
            let Some(entry) = places[code] else { continue };
            let keyword = spoken.iter().position(|signal| signal.entry == entry);
            if rank >= LESSONS && keyword.is_none() {
                continue;
            }
            let mut signal = Signal {
                entry,
                confidence,
                because: Because::Learned,
                outright: false,
                faint: confidence < learned.threshold,
                evidence: opinion.evidence(subject, learned, code),
            };
            // learned from many rows, the probability has weighed the keywords in already
            if let Some(keyword) = keyword.filter(|_| learned.is_settled()) {
                let keyword = spoken.swap_remove(keyword);
                if keyword.confidence >= confidence {
                    signal.because = keyword.because;
                }
                signal.evidence = format!("{}; {}", keyword.evidence, signal.evidence);
            }
            signals.push(signal);
        }
        signals.extend(spoken);
    }

    /// The best guess, however unsure; the fallback where there is none.
    pub fn best(&self, subject: &Subject) -> Option<Candidate> {
        self.infer(subject).candidates.into_iter().next()
    }

    fn decide(&self, heard: Heard, kept: Kept) -> Verdict {
        let mut ranked = Ranked::all(heard.signals);
        ranked.truncate(KEPT);
        let needed = |i: usize| if i == 0 { self.taxonomy.threshold } else { self.taxonomy.several_at_least };
        let chosen: Vec<Candidate> = ranked
            .iter()
            .enumerate()
            .take_while(|(i, r)| r.outright || r.firm() >= needed(*i))
            // where a name is a question, weaker signals must not answer it
            .filter(|(_, r)| r.outright || heard.ambiguous.is_empty())
            .take(self.taxonomy.at_most)
            .map(|(_, r)| self.candidate(r))
            .collect();
        let mut why = heard.ambiguous.clone();
        if !ranked.iter().any(|r| r.outright) {
            why.extend(heard.unknown.into_iter().take(3));
        }
        match ranked.first() {
            None if why.is_empty() => why.push("nothing in the row points to an entry".to_owned()),
            Some(best) if chosen.is_empty() && heard.ambiguous.is_empty() => why.push(format!(
                "the best guess, `{}` at {:.2}, is below the threshold of {:.2}",
                self.names.known[best.entry].code,
                best.confidence(),
                self.taxonomy.threshold
            )),
            _ => {}
        }
        let review = (!why.is_empty()).then(|| why.join("; "));
        let wanted = review.is_some() || kept == Kept::All;
        let candidates = ranked.iter().filter(|_| wanted).map(|r| self.candidate(r)).collect();
        let mut verdict = Verdict { chosen, candidates, review };
        if verdict.chosen.is_empty() && heard.ambiguous.is_empty() {
            self.fall_back(&mut verdict);
        }
        verdict
    }

    fn candidate(&self, ranked: &Ranked) -> Candidate {
        Candidate {
            code: self.names.known[ranked.entry].code.clone(),
            confidence: ranked.confidence(),
            because: ranked.because,
            evidence: ranked.evidence.join("; "),
        }
    }

    fn fall_back(&self, verdict: &mut Verdict) {
        let Some(code) = &self.taxonomy.fallback else { return };
        if !self.names.code(code).is_some_and(|i| self.names.known[i].has_row) {
            return;
        }
        let why = verdict.review.clone().unwrap_or_default();
        let fallback =
            Candidate { code: code.clone(), confidence: 0.0, because: Because::Fallback, evidence: why.clone() };
        verdict.review = Some(format!("fallback `{code}`: {why}"));
        verdict.candidates.push(fallback.clone());
        verdict.chosen.push(fallback);
    }
}

/// Whose candidates a verdict keeps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    All,
    ForReview,
}

/// What the signals of one row said.
#[derive(Default)]
struct Heard {
    signals: Vec<Signal>,
    /// Names that fit several rows, or one that is called so by default.
    ambiguous: Vec<String>,
    /// Names that fit no row.
    unknown: Vec<String>,
}

#[cfg(test)]
mod tests;
