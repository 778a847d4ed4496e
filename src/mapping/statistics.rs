//! What a mapping amounts to: rows, primaries and confidence, by right row, source and reason.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::finding::{Finding, Severity};
use crate::mapping::verdict::{Because, Candidate};
use crate::text;

/// So many different sets are counted; a set that two thirds of the rows share is among them.
const SETS: usize = 10_000;
/// Fewer rows may well be alike.
const FEW: u64 = 10;

/// What the figures are grouped by; the order of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// The right row's code.
    Right,
    /// What kind of relation it is, where the mapping tells kinds apart.
    Kind,
    /// Where the left row came from.
    Source,
    /// Why it was chosen.
    Because,
    All,
}

/// One line of the table.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    pub by: By,
    pub value: String,
    /// Mappings; for `source` and `all`, left rows.
    pub rows: u64,
    pub primaries: u64,
    /// The mean over mappings; `None` where there are none.
    pub mean_confidence: Option<f64>,
    /// Left rows without a mapping; `None` where it makes no sense.
    pub unmapped: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    rows: u64,
    mappings: u64,
    primaries: u64,
    confidence: f64,
    unmapped: u64,
}

/// Counts rows as they pass; memory does not grow with them.
#[derive(Debug, Clone, Default)]
pub struct Statistics {
    tallies: BTreeMap<(By, String), Tally>,
    sets: HashMap<Vec<String>, u64>,
    rows: u64,
    fallbacks: u64,
}

impl Statistics {
    /// Counts one left row with its mappings, the primary one first; `kind` may be empty.
    pub fn add(&mut self, source: &str, kind: &str, chosen: &[Candidate]) {
        self.rows += 1;
        self.fallbacks += u64::from(chosen.iter().any(|c| c.because == Because::Fallback));
        for (by, value) in [(By::Source, source), (By::All, "")] {
            let tally = self.tally(by, value);
            tally.rows += 1;
            tally.unmapped += u64::from(chosen.is_empty());
            chosen.iter().enumerate().for_each(|(i, c)| tally.count(i, c));
        }
        for (i, one) in chosen.iter().enumerate() {
            self.tally(By::Right, &one.code).count(i, one);
            self.tally(By::Because, one.because.word()).count(i, one);
            if !kind.is_empty() {
                self.tally(By::Kind, kind).count(i, one);
            }
        }
        let mut set: Vec<String> = chosen.iter().map(|c| c.code.clone()).collect();
        set.sort();
        self.count_set(set, 1);
    }

    /// Takes in what another thread counted.
    pub fn merge(&mut self, other: Statistics) {
        self.rows += other.rows;
        self.fallbacks += other.fallbacks;
        for ((by, value), tally) in other.tallies {
            self.tally(by, &value).merge(tally);
        }
        for (set, rows) in other.sets {
            self.count_set(set, rows);
        }
    }

    fn count_set(&mut self, set: Vec<String>, rows: u64) {
        let room = self.sets.len() < SETS && !set.is_empty();
        match self.sets.get_mut(&set) {
            Some(known) => *known += rows,
            None if room => {
                self.sets.insert(set, rows);
            }
            None => {}
        }
    }

    fn tally(&mut self, by: By, value: &str) -> &mut Tally {
        self.tallies.entry((by, value.to_owned())).or_default()
    }

    /// The table; `codes` get a line even where nothing was mapped to them.
    pub fn lines(&self, codes: &[String]) -> Vec<Line> {
        let mut tallies = self.tallies.clone();
        for code in codes {
            tallies.entry((By::Right, code.clone())).or_default();
        }
        let line = |((by, value), tally): ((By, String), Tally)| {
            let counts_left = matches!(by, By::Source | By::All);
            Line {
                by,
                value,
                rows: if counts_left { tally.rows } else { tally.mappings },
                primaries: tally.primaries,
                mean_confidence: (tally.mappings > 0).then(|| tally.confidence / tally.mappings as f64),
                unmapped: counts_left.then_some(tally.unmapped),
            }
        };
        tallies.into_iter().map(line).collect()
    }

    pub fn rows(&self) -> u64 {
        self.rows
    }

    pub fn unmapped(&self) -> u64 {
        self.tallies.get(&(By::All, String::new())).map_or(0, |tally| tally.unmapped)
    }

    /// Rows that have the fallback.
    pub fn fallbacks(&self) -> u64 {
        self.fallbacks
    }

    /// The set that most rows share, and how many do; the first in order where several do.
    pub fn commonest_set(&self) -> Option<(&[String], u64)> {
        let best = self.sets.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
        best.map(|(set, rows)| (set.as_slice(), *rows))
    }

    /// What a person should look at: everything got the same set, an entry matched nothing.
    pub fn alarms(&self, about: &str, codes: &[String]) -> Vec<Finding> {
        let mut alarms = Vec::new();
        if let Some((set, rows)) =
            self.commonest_set().filter(|(_, rows)| self.rows >= FEW && rows * 3 >= self.rows * 2)
        {
            alarms.push(Finding::new(
                "same-set",
                Severity::Warning,
                about,
                format!(
                    "{} of {} have the same set: {}",
                    text::thousands(rows),
                    text::count(self.rows, "row"),
                    text::quoted_list(set)
                ),
                "keywords that every row holds tell nothing: take them out of the taxonomy, or weigh them less",
            ));
        }
        for code in codes.iter().filter(|code| !self.tallies.contains_key(&(By::Right, (*code).clone()))) {
            alarms.push(Finding::new(
                "idle-entry",
                Severity::Warning,
                about,
                format!("no row was mapped to `{code}`"),
                "give it keywords and aliases that the rows hold, or leave it out",
            ));
        }
        alarms
    }
}

impl Tally {
    fn count(&mut self, place: usize, one: &Candidate) {
        self.mappings += 1;
        self.primaries += u64::from(place == 0);
        self.confidence += one.confidence;
    }

    fn merge(&mut self, other: Tally) {
        self.rows += other.rows;
        self.mappings += other.mappings;
        self.primaries += other.primaries;
        self.confidence += other.confidence;
        self.unmapped += other.unmapped;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(codes: &[&str]) -> Vec<Candidate> {
        let one = |code: &&str| Candidate {
            code: (*code).into(),
            confidence: 0.5,
            because: if *code == "other" { Because::Fallback } else { Because::Keyword },
            evidence: String::new(),
        };
        codes.iter().map(one).collect()
    }

    fn counted(rows: &[&[&str]]) -> Statistics {
        let mut statistics = Statistics::default();
        rows.iter()
            .enumerate()
            .for_each(|(i, codes)| statistics.add(if i % 2 == 0 { "a" } else { "b" }, "", &chosen(codes)));
        statistics
    }

    #[test]
    fn rows_primaries_and_confidence_are_counted_by_each_group() {
        let statistics = counted(&[&["jazz", "folk"], &["folk"], &[], &["other"]]);
        let lines = statistics.lines(&["opera".into()]);
        let line = |by, value: &str| lines.iter().find(|l| l.by == by && l.value == value).unwrap();
        assert_eq!((line(By::Right, "folk").rows, line(By::Right, "folk").primaries), (2, 1));
        assert_eq!((line(By::Right, "opera").rows, line(By::Right, "opera").mean_confidence), (0, None));
        assert_eq!((line(By::Source, "a").rows, line(By::Source, "a").unmapped), (2, Some(1)));
        assert_eq!((line(By::All, "").rows, line(By::All, "").primaries), (4, 3));
        assert_eq!(line(By::Because, "fallback").rows, 1);
        assert_eq!(line(By::All, "").mean_confidence, Some(0.5));
        assert_eq!((statistics.rows(), statistics.unmapped(), statistics.fallbacks()), (4, 1, 1));
    }

    #[test]
    fn two_thirds_with_one_same_set_raise_an_alarm_whatever_the_order() {
        let mut rows: Vec<&[&str]> = vec![&["jazz", "folk"], &["folk", "jazz"]];
        rows.extend(std::iter::repeat_n(&["jazz", "folk"] as &[&str], 6));
        rows.extend(std::iter::repeat_n(&["jazz"] as &[&str], 4));
        let alarms = counted(&rows).alarms("genres", &["jazz".into(), "folk".into()]);
        assert_eq!(alarms.len(), 1);
        assert!(alarms[0].found.contains("8 of 12 rows have the same set: `folk` and `jazz`"), "{alarms:?}");
        rows.push(&["folk"]);
        assert!(counted(&rows).alarms("genres", &[]).is_empty());
    }

    #[test]
    fn an_entry_that_matched_nothing_raises_an_alarm() {
        let alarms = counted(&[&["jazz"]]).alarms("genres", &["jazz".into(), "opera".into()]);
        assert_eq!(alarms.len(), 1);
        assert!(alarms[0].found.contains("`opera`"));
    }

    #[test]
    fn two_threads_count_as_one() {
        let (mut one, two) = (counted(&[&["jazz"], &[]]), counted(&[&["jazz", "folk"], &["other"]]));
        one.merge(two);
        assert_eq!(one.lines(&[]), counted(&[&["jazz"], &[], &["jazz", "folk"], &["other"]]).lines(&[]));
        assert_eq!(one.commonest_set().map(|(_, rows)| rows), Some(1));
    }

    #[test]
    fn rows_without_any_mapping_are_no_common_set() {
        assert!(counted(&[&[] as &[&str]; 20]).alarms("genres", &[]).is_empty());
    }
}
