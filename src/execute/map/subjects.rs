//! A row of text columns, as inference takes it.

use crate::error::Result;
use crate::mapping::{Label, Subject};
use crate::pg::Texts;
use crate::plan::MapStep;
use serde_json::Value;

/// Where id, key and source stand; the signals follow.
const FIRST: usize = 3;

/// What the signals are called, in the order of their columns.
pub struct Signals {
    explicit: Vec<Label>,
    rules: Vec<Label>,
    text: Vec<(Label, f64)>,
}

impl Signals {
    pub fn of(map: &MapStep) -> Signals {
        let labels = |all: &[String]| all.iter().map(|l| l.as_str().into()).collect();
        Signals {
            explicit: labels(&map.explicit),
            rules: labels(&map.rules),
            text: map.texts.iter().map(|(l, weight)| (l.as_str().into(), *weight)).collect(),
        }
    }

    /// How many columns a row has of it; what stands beside follows.
    pub fn columns(&self) -> usize {
        FIRST + self.explicit.len() + self.rules.len() + self.text.len()
    }

    /// The row with those signals that are not null.
    pub fn subject(&self, row: &Texts) -> Result<Subject> {
        let id = row.at(0)?.unwrap_or_default();
        let rules = FIRST + self.explicit.len();
        let mut texts = Vec::with_capacity(self.text.len());
        for (place, (label, weight)) in (rules + self.rules.len()..).zip(&self.text) {
            texts.extend(row.at(place)?.map(|text| (label.clone(), *weight, text.to_owned())));
        }
        Ok(Subject {
            id: id.to_owned(),
            key: row.at(1)?.unwrap_or(id).to_owned(),
            source: row.at(2)?.unwrap_or_default().to_owned(),
            explicit: values(row, FIRST, &self.explicit)?,
            rules: values(row, rules, &self.rules)?,
            text: texts,
        })
    }
}

fn values(row: &Texts, from: usize, labels: &[Label]) -> Result<Vec<(Label, Value)>> {
    let mut out = Vec::new();
    for (place, label) in (from..).zip(labels) {
        out.extend(row.json(place)?.map(|value| (label.clone(), value)));
    }
    Ok(out)
}
