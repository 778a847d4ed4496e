//! What is written of a page: pairs as arrays, and the rows that wait for a person.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::error::Result;
use crate::ledger::{Run, ledger_sql};
use crate::mapping::{Subject, Verdict};
use crate::pg::{Arg, Session};
use crate::plan::{MapStep, Step};

/// What is written of a page: the pairs, and the rows that wait for a person.
pub fn said(decided: Vec<(Subject, Verdict)>, ids: &BTreeMap<String, String>) -> (Pairs, Vec<Value>) {
    let mut pairs = Pairs::default();
    let mut reviews = Vec::new();
    for (subject, verdict) in decided {
        if let Some(reason) = verdict.review {
            let candidates: Vec<Value> = (verdict.candidates.iter())
                .map(|c| json!({ "code": c.code, "confidence": c.confidence, "because": c.because.word(), "evidence": c.evidence }))
                .collect();
            reviews
                .push(json!({ "left_id": subject.id, "key": subject.key, "reason": reason, "candidates": candidates }));
        }
        for (place, chosen) in verdict.chosen.into_iter().enumerate() {
            let Some(right) = ids.get(chosen.code.as_str()) else { continue };
            pairs.push([&subject.id, right, chosen.because.word()], chosen.confidence, chosen.evidence, place == 0);
        }
    }
    (pairs, reviews)
}

/// A page as the statements take it.
pub struct Written {
    pub rows: usize,
    pairs: Vec<Arg>,
    review: Option<Vec<Arg>>,
}

impl Written {
    /// `ids`: code to id.
    pub fn of(
        run: Run,
        step: &Step,
        map: &MapStep,
        ids: &BTreeMap<String, String>,
        page: Vec<(Subject, Verdict)>,
    ) -> Written {
        let rows = page.len();
        let (pairs, reviews) = said(page, ids);
        let review = (!reviews.is_empty()).then(|| {
            let reviews = Arg::Text(Value::Array(reviews).to_string());
            vec![Arg::Int(run), map.name.as_str().into(), reviews]
        });
        Written { rows, pairs: pairs.args(run, step), review }
    }

    /// In the transaction that is open; how many mappings are new.
    pub async fn write(&self, session: &mut Session, map: &MapStep) -> Result<u64> {
        let written: Vec<u64> = session.returning("writing mappings", &map.write, &self.pairs).await?;
        if let Some(review) = &self.review {
            session.execute("listing rows for review", &ledger_sql!("review"), review).await?;
        }
        Ok(written.first().copied().unwrap_or(0))
    }
}

/// Pairs as the server takes them: an array for each column.
#[derive(Default)]
pub struct Pairs([Vec<String>; 6]);

impl Pairs {
    pub fn push(&mut self, [left, right, because]: [&str; 3], confidence: f64, evidence: String, is_primary: bool) {
        let primary = if is_primary { "t" } else { "f" };
        let line = [
            left.to_owned(),
            right.to_owned(),
            because.to_owned(),
            confidence.to_string(),
            evidence,
            primary.to_owned(),
        ];
        for (column, value) in self.0.iter_mut().zip(line) {
            column.push(value);
        }
    }

    pub fn count(&self) -> usize {
        self.0[0].len()
    }

    pub fn args(self, run: Run, step: &Step) -> Vec<Arg> {
        let step = [Arg::Int(run), Arg::Int(step.number.into())];
        step.into_iter().chain(self.0.into_iter().map(Arg::Texts)).collect()
    }
}
