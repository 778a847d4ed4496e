//! How right inference is on rows whose answer is known: what to know before trusting it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::mapping::calibrate::{Wanted, threshold};
use crate::mapping::infer::Inference;
use crate::mapping::learned::{Corpus, Fitted, Labelled, splits};
use crate::mapping::names::Right;
use crate::mapping::taxonomy::Taxonomy;

/// How many parts judge each other.
const FOLDS: usize = 5;
/// One row with known answer, and what was said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Judged {
    pub id: String,
    pub truth: String,
    /// The best guess, however unsure; empty where there was none.
    pub predicted: String,
    pub confidence: f64,
    pub evidence: String,
    /// The threshold that was chosen without having seen this row.
    pub threshold: f64,
}

impl Judged {
    pub fn right(&self) -> bool {
        self.predicted == self.truth
    }

    /// Sure enough to be written.
    pub fn accepted(&self) -> bool {
        !self.predicted.is_empty() && self.confidence >= self.threshold
    }
}

/// What `inference` says of each row, at a threshold given.
pub fn judge<'a>(
    inference: &Inference,
    labelled: impl IntoIterator<Item = &'a Labelled>,
    threshold: f64,
) -> Vec<Judged> {
    let judged = labelled.into_iter().map(|row| {
        let best = inference.best(&row.subject);
        Judged {
            id: row.subject.id.clone(),
            truth: row.codes.first().cloned().unwrap_or_default(),
            predicted: best.as_ref().map(|c| c.code.clone()).unwrap_or_default(),
            confidence: best.as_ref().map_or(0.0, |c| c.confidence),
            evidence: best.map(|c| c.evidence).unwrap_or_default(),
            threshold,
        }
    });
    judged.collect()
}

/// Learns from `train` and judges `test`; the threshold is chosen on `train` alone.
pub fn learn_and_judge(
    taxonomy: &Taxonomy,
    rows: &[Right],
    train: &[Labelled],
    test: &[Labelled],
    wanted: Wanted,
) -> Vec<Judged> {
    let corpus = Corpus::read(taxonomy, train);
    let all: Vec<usize> = (0..corpus.len()).collect();
    let (inference, threshold) = taught(taxonomy, rows, &corpus, &all, wanted);
    judge(&inference, test, threshold)
}

/// Judges each fifth of the rows by what the other four teach; another seed deals otherwise.
pub fn five_fold(taxonomy: &Taxonomy, rows: &[Right], labelled: &[Labelled], wanted: Wanted, seed: u64) -> Vec<Judged> {
    let corpus = Corpus::read(taxonomy, labelled);
    let all: Vec<usize> = (0..corpus.len()).collect();
    let mut judged = Vec::new();
    for (held, rest) in splits(&corpus.deal(&all, FOLDS, seed)) {
        let (inference, threshold) = taught(taxonomy, rows, &corpus, &rest, wanted);
        judged.extend(judge(&inference, held.iter().map(|i| corpus.row(*i)), threshold));
    }
    judged.sort_by(|a, b| a.id.cmp(&b.id));
    judged
}

/// Inference taught by some rows, with the threshold that those rows alone suggest.
fn taught(taxonomy: &Taxonomy, rows: &[Right], corpus: &Corpus, among: &[usize], wanted: Wanted) -> (Inference, f64) {
    let teach = |learned| Inference::learning(taxonomy, rows, learned);
    let Some(fitted) = Fitted::new(corpus, among) else { return (teach(None), taxonomy.threshold) };
    let unseen = fitted
        .unseen
        .into_iter()
        .flat_map(|(held, learned)| judge(&teach(Some(learned)), held.iter().map(|i| corpus.row(*i)), 0.0));
    let seen: Vec<(f64, bool)> = unseen.map(|one| (one.confidence, one.right())).collect();
    (teach(Some(fitted.learned)), threshold(&seen, wanted))
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    pub rows: usize,
    /// The share that is right when every row gets its best guess.
    pub accuracy: f64,
    /// The mean over codes of the harmonic mean of precision and recall.
    pub macro_f1: f64,
    /// The mean of the thresholds chosen.
    pub threshold: f64,
    /// The share of the accepted that is right; `None` where nothing was accepted.
    pub precision: Option<f64>,
    /// The share of rows accepted.
    pub coverage: f64,
    pub codes: Vec<CodeScore>,
    /// Truth, prediction and how often; the diagonal included.
    pub confusion: Vec<(String, String, usize)>,
    /// Precision when only the surest tenth, two tenths and so on are taken.
    pub curve: Vec<Point>,
}

/// One code's figures at full coverage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CodeScore {
    pub code: String,
    pub rows: usize,
    pub predicted: usize,
    pub right: usize,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// What taking the surest rows gives.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Point {
    pub coverage: f64,
    pub threshold: f64,
    pub precision: f64,
}

impl Score {
    pub fn of(judged: &[Judged]) -> Score {
        let right = judged.iter().filter(|one| one.right()).count();
        let accepted: Vec<&Judged> = judged.iter().filter(|one| one.accepted()).collect();
        let accepted_right = accepted.iter().filter(|one| one.right()).count();
        let mut confusion: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for one in judged {
            *confusion.entry((&one.truth, &one.predicted)).or_default() += 1;
        }
        let named = judged.iter().flat_map(|one| [one.truth.as_str(), one.predicted.as_str()]);
        let names: BTreeSet<&str> = named.filter(|code| !code.is_empty()).collect();
        let codes: Vec<CodeScore> = names.into_iter().map(|code| CodeScore::of(code, judged)).collect();
        Score {
            rows: judged.len(),
            accuracy: share(right, judged.len()),
            macro_f1: codes.iter().map(|code| code.f1).sum::<f64>() / codes.len().max(1) as f64,
            threshold: judged.iter().map(|one| one.threshold).sum::<f64>() / judged.len().max(1) as f64,
            precision: (!accepted.is_empty()).then(|| share(accepted_right, accepted.len())),
            coverage: share(accepted.len(), judged.len()),
            codes,
            confusion: confusion.into_iter().map(|((t, p), n)| (t.to_owned(), p.to_owned(), n)).collect(),
            curve: curve(judged),
        }
    }
}

impl CodeScore {
    fn of(code: &str, judged: &[Judged]) -> CodeScore {
        let rows = judged.iter().filter(|one| one.truth == code).count();
        let predicted = judged.iter().filter(|one| one.predicted == code).count();
        let right = judged.iter().filter(|one| one.truth == code && one.right()).count();
        CodeScore {
            code: code.to_owned(),
            rows,
            predicted,
            right,
            precision: share(right, predicted),
            recall: share(right, rows),
            f1: share(2 * right, rows + predicted),
        }
    }
}

fn curve(judged: &[Judged]) -> Vec<Point> {
    let mut order: Vec<&Judged> = judged.iter().collect();
    order.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.id.cmp(&b.id)));
    let tenths = (1..=10).map(|tenth| (order.len() * tenth).div_ceil(10)).filter(|n| *n > 0);
    tenths
        .map(|n| Point {
            coverage: share(n, order.len()),
            threshold: order[n - 1].confidence,
            precision: share(order[..n].iter().filter(|one| one.right()).count(), n),
        })
        .collect()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(truth: &str, predicted: &str, confidence: f64) -> Judged {
        Judged {
            id: format!("{truth}{confidence}"),
            truth: truth.into(),
            predicted: predicted.into(),
            confidence,
            evidence: String::new(),
            threshold: 0.5,
        }
    }

    #[test]
    fn the_figures_are_those_of_the_textbook() {
        let rows = [
            judged("jazz", "jazz", 0.9),
            judged("jazz", "folk", 0.8),
            judged("folk", "folk", 0.7),
            judged("folk", "folk", 0.4),
            judged("opera", "", 0.0),
        ];
        let score = Score::of(&rows);
        assert_eq!((score.rows, score.accuracy, score.coverage), (5, 0.6, 0.6));
        assert_eq!(score.precision, Some(2.0 / 3.0));
        let f1: Vec<f64> = score.codes.iter().map(|c| c.f1).collect();
        assert_eq!(f1, [0.8, 2.0 / 3.0, 0.0]);
        assert!((score.macro_f1 - (0.8 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        assert!(score.confusion.contains(&("jazz".into(), "folk".into(), 1)));
        assert_eq!(score.curve[1].precision, 1.0);
        assert_eq!(score.curve[9].precision, 0.6);
    }

    #[test]
    fn no_rows_give_no_figures_and_no_panic() {
        let score = Score::of(&[]);
        assert_eq!((score.accuracy, score.macro_f1, score.precision), (0.0, 0.0, None));
    }
}
