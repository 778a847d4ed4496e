//! The six artifacts of a run and their gates: documents as values, what each must show, who decided what.

mod assess;
mod by_hand;
mod executed;
mod planned;
mod predict;
mod production;

pub use assess::{Assessed, Inventory, Rated, assess, rated};
pub use by_hand::{ByHand, Numbered};
pub use executed::{Step, Tested, cleanup, executed, proof, tested};
pub use planned::{Room, plan, steps};
pub use predict::{Ahead, Estimate, Past, predict};
pub use production::{Evidence, Production, production, window};

use serde::{Deserialize, Serialize};

/// What a gate asks to be true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    pub what: String,
    pub met: bool,
    pub found: String,
}

impl Criterion {
    pub fn new(what: impl Into<String>, met: bool, found: impl Into<String>) -> Criterion {
        Criterion { what: what.into(), met, found: found.into() }
    }
}

/// Lines, then a table where there are columns.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Section {
    pub heading: String,
    pub lines: Vec<String>,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Section {
    pub fn lines(heading: &str, lines: Vec<String>) -> Section {
        Section { heading: heading.to_owned(), lines, ..Section::default() }
    }

    pub fn table(heading: &str, columns: &[&str], rows: Vec<Vec<String>>) -> Section {
        let columns = columns.iter().map(|c| (*c).to_owned()).collect();
        Section { heading: heading.to_owned(), lines: Vec::new(), columns, rows }
    }
}

/// One artifact in one version.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Document {
    /// `MIG-1` to `MIG-6`, `MIG-4.N`.
    pub id: String,
    pub version: u32,
    pub title: String,
    pub consolidation: String,
    pub database: String,
    /// RFC 3339, as the server's clock has it.
    pub made_at: String,
    pub run: Option<i64>,
    pub summary: Vec<String>,
    pub criteria: Vec<Criterion>,
    pub sections: Vec<Section>,
    /// What a program reads; the same as the sections say.
    pub facts: serde_json::Value,
    /// How its gate was answered, oldest first.
    pub decisions: Vec<Decision>,
}

impl Document {
    pub fn unmet(&self) -> Vec<&Criterion> {
        self.criteria.iter().filter(|c| !c.met).collect()
    }
}

/// How a gate was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    Approve,
    Revise,
    Stop,
    Rollback,
}

impl Answer {
    pub fn word(self) -> &'static str {
        match self {
            Answer::Approve => "approve",
            Answer::Revise => "revise",
            Answer::Stop => "stop",
            Answer::Rollback => "rollback",
        }
    }
}

/// How somebody answered at a gate, as it is recorded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Decision {
    pub gate: String,
    pub version: u32,
    /// `approve`, `revise`, `stop` or `rollback`.
    pub answer: String,
    pub who: String,
    pub reason: String,
}

/// How a run goes through its gates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Manner {
    /// Asks at each gate.
    Guided,
    /// Stops where a criterion is not met, and at gates that are marked.
    Automated,
    /// Writes SQL and instructions for a person.
    Manual,
}

impl Manner {
    pub fn word(self) -> &'static str {
        match self {
            Manner::Guided => "guided",
            Manner::Automated => "automated",
            Manner::Manual => "manual",
        }
    }

    pub fn named(word: &str) -> Option<Manner> {
        [Manner::Guided, Manner::Automated, Manner::Manual].into_iter().find(|m| m.word() == word)
    }
}

/// Whether an approval on the command line (`MIG-4.2`, `MIG-4`, `all`) means this gate.
pub fn approves(approval: &str, gate: &str) -> bool {
    let (approval, gate) = (approval.to_ascii_uppercase(), gate.to_ascii_uppercase());
    approval == "ALL" || approval == gate || gate.strip_prefix(&approval).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::approves;

    #[test]
    fn an_approval_means_its_gate_or_those_below_it() {
        for (approval, gate, means) in [
            ("MIG-1", "MIG-1", true),
            ("mig-4.2", "MIG-4.2", true),
            ("MIG-4", "MIG-4.2", true),
            ("MIG-4.2", "MIG-4.20", false),
            ("MIG-4.2", "MIG-4", false),
            ("all", "MIG-6", true),
            ("MIG", "MIG-1", false),
        ] {
            assert_eq!(approves(approval, gate), means, "{approval} {gate}");
        }
    }
}
