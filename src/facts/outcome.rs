//! What became of a legacy row: its outcome with the reason, and how many rows have each outcome.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Every legacy row that a run reads has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is a new row of the target.
    Inserted,
    /// It filled fields of a row of the target.
    Merged,
    /// An earlier run loaded it, and it is what it was then.
    #[serde(alias = "settled")]
    Unchanged,
    /// The target has its key.
    Duplicate,
    /// Another legacy row won its key.
    DuplicateInSource,
    /// The manifest leaves it out.
    Filtered,
    /// It has a fault.
    Rejected,
    /// It is left for a later run.
    Pending,
}

impl Outcome {
    /// All of them, as they are listed.
    pub const ALL: [Outcome; 8] = [
        Outcome::Inserted,
        Outcome::Merged,
        Outcome::Duplicate,
        Outcome::DuplicateInSource,
        Outcome::Filtered,
        Outcome::Rejected,
        Outcome::Unchanged,
        Outcome::Pending,
    ];

    /// As the ledger and JSON have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Inserted => "inserted",
            Outcome::Merged => "merged",
            Outcome::Unchanged => "unchanged",
            Outcome::Duplicate => "duplicate",
            Outcome::DuplicateInSource => "duplicate_in_source",
            Outcome::Filtered => "filtered",
            Outcome::Rejected => "rejected",
            Outcome::Pending => "pending",
        }
    }

    /// As a table's head has it.
    pub fn words(self) -> &'static str {
        match self {
            Outcome::DuplicateInSource => "duplicate in source",
            other => other.as_str(),
        }
    }

    /// Whether values of the row are in the target.
    pub fn is_loaded(self) -> bool {
        matches!(self, Outcome::Inserted | Outcome::Merged | Outcome::Unchanged)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Legacy rows that were read, and how many of them have which outcome.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Counted by a scan of its own.
    pub read: u64,
    pub inserted: u64,
    pub merged: u64,
    pub duplicate: u64,
    pub duplicate_in_source: u64,
    pub filtered: u64,
    pub rejected: u64,
    #[serde(alias = "settled")]
    pub unchanged: u64,
    pub pending: u64,
}

impl Counts {
    pub fn get(&self, outcome: Outcome) -> u64 {
        match outcome {
            Outcome::Inserted => self.inserted,
            Outcome::Merged => self.merged,
            Outcome::Unchanged => self.unchanged,
            Outcome::Duplicate => self.duplicate,
            Outcome::DuplicateInSource => self.duplicate_in_source,
            Outcome::Filtered => self.filtered,
            Outcome::Rejected => self.rejected,
            Outcome::Pending => self.pending,
        }
    }

    fn place(&mut self, outcome: Outcome) -> &mut u64 {
        match outcome {
            Outcome::Inserted => &mut self.inserted,
            Outcome::Merged => &mut self.merged,
            Outcome::Unchanged => &mut self.unchanged,
            Outcome::Duplicate => &mut self.duplicate,
            Outcome::DuplicateInSource => &mut self.duplicate_in_source,
            Outcome::Filtered => &mut self.filtered,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Pending => &mut self.pending,
        }
    }

    /// Notes rows that were read and have this outcome.
    pub fn note(&mut self, outcome: Outcome, rows: u64) {
        self.read += rows;
        *self.place(outcome) += rows;
    }

    /// Gives rows another outcome, as many as have the one.
    pub fn move_over(&mut self, from: Outcome, to: Outcome, rows: u64) {
        let moved = rows.min(self.get(from));
        *self.place(from) -= moved;
        *self.place(to) += rows;
    }

    pub fn add(&mut self, other: &Counts) {
        self.read += other.read;
        for outcome in Outcome::ALL {
            *self.place(outcome) += other.get(outcome);
        }
    }

    /// Rows that have an outcome.
    pub fn total(&self) -> u64 {
        Outcome::ALL.into_iter().map(|outcome| self.get(outcome)).sum()
    }

    /// The accounting identity: what was read is what has an outcome.
    pub fn holds(&self) -> bool {
        self.read == self.total()
    }

    /// Rows of the target that are there because of their source.
    pub fn arrived(&self) -> u64 {
        self.inserted + self.unchanged
    }

    /// Rows that a run wrote.
    pub fn written(&self) -> u64 {
        self.inserted + self.merged
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Counts>>(all: I) -> Counts {
        let mut sum = Counts::default();
        all.for_each(|one| sum.add(&one));
        sum
    }
}

/// Counts of a run that may have moved nothing: then every field is null.
pub mod counts_or_nulls {
    use serde::ser::SerializeMap as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Counts, Outcome};

    #[derive(Deserialize)]
    struct Nullable {
        read: Option<u64>,
        inserted: Option<u64>,
        merged: Option<u64>,
        duplicate: Option<u64>,
        duplicate_in_source: Option<u64>,
        filtered: Option<u64>,
        rejected: Option<u64>,
        unchanged: Option<u64>,
        pending: Option<u64>,
    }

    pub fn serialize<S: Serializer>(counts: &Option<Counts>, serializer: S) -> Result<S::Ok, S::Error> {
        if let Some(counts) = counts {
            return counts.serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(Outcome::ALL.len() + 1))?;
        for name in std::iter::once("read").chain(Outcome::ALL.map(Outcome::as_str)) {
            map.serialize_entry(name, &None::<u64>)?;
        }
        map.end()
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Counts>, D::Error> {
        let found = Nullable::deserialize(deserializer)?;
        let number = |n: Option<u64>| n.unwrap_or(0);
        Ok(found.read.map(|read| Counts {
            read,
            inserted: number(found.inserted),
            merged: number(found.merged),
            duplicate: number(found.duplicate),
            duplicate_in_source: number(found.duplicate_in_source),
            filtered: number(found.filtered),
            rejected: number(found.rejected),
            unchanged: number(found.unchanged),
            pending: number(found.pending),
        }))
    }
}

/// Why a row has its outcome, as the ledger keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReasonCode {
    /// The source's `where` leaves it out.
    Where,
    /// The key is held.
    Key,
    /// The run that is the detail loaded it before.
    EarlierRun,
    /// It changed since the run that is the detail loaded it.
    ChangedSinceRun,
    /// The same, and its row in the target was edited since.
    ChangedAndEdited,
    /// A row of the target, which is the detail, has its secondary key.
    SecondaryKey,
    /// The same, and that row is not live.
    SecondaryKeyNotLive,
    /// A row of the target that is not live has its key.
    KeyNotLive,
    /// A row of the target that was not live is live again.
    Revived,
    /// The same with a row that no run had made.
    RevivedExisting,
    /// The run that is the detail loaded it, and somebody deleted its row since.
    DeletedSince,
    /// The application wrote the key while an online run read the source.
    ConcurrentWrite,
    /// The run was to move a part of the source only.
    LeftOut,
    /// A value would be cut: the detail is the column.
    Cut,
    /// A value is outside of the `map` of the column that is the detail.
    Unmapped,
    /// It has a fault: SQLSTATE; the detail is the column or constraint.
    Fault([u8; 5]),
}

impl ReasonCode {
    /// All but the faults.
    pub const ALL: [ReasonCode; 15] = [
        ReasonCode::Where,
        ReasonCode::Key,
        ReasonCode::EarlierRun,
        ReasonCode::ChangedSinceRun,
        ReasonCode::ChangedAndEdited,
        ReasonCode::SecondaryKey,
        ReasonCode::SecondaryKeyNotLive,
        ReasonCode::KeyNotLive,
        ReasonCode::Revived,
        ReasonCode::RevivedExisting,
        ReasonCode::DeletedSince,
        ReasonCode::ConcurrentWrite,
        ReasonCode::LeftOut,
        ReasonCode::Cut,
        ReasonCode::Unmapped,
    ];

    /// The code that the ledger has; nothing for one that this program does not know.
    pub fn parse(code: &str) -> Option<ReasonCode> {
        let known = ReasonCode::ALL.into_iter().find(|known| known.to_string() == code);
        let is_state = code.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        known.or_else(|| is_state.then(|| code.as_bytes().try_into().ok()).flatten().map(ReasonCode::Fault))
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReasonCode::Where => f.write_str("where"),
            ReasonCode::Key => f.write_str("key"),
            ReasonCode::EarlierRun => f.write_str("earlier_run"),
            ReasonCode::ChangedSinceRun => f.write_str("changed_since_run"),
            ReasonCode::ChangedAndEdited => f.write_str("changed_and_edited"),
            ReasonCode::SecondaryKey => f.write_str("secondary_key"),
            ReasonCode::SecondaryKeyNotLive => f.write_str("secondary_key_not_live"),
            ReasonCode::KeyNotLive => f.write_str("key_not_live"),
            ReasonCode::Revived => f.write_str("revived"),
            ReasonCode::RevivedExisting => f.write_str("revived_existing"),
            ReasonCode::DeletedSince => f.write_str("deleted_since"),
            ReasonCode::ConcurrentWrite => f.write_str("concurrent_write"),
            ReasonCode::LeftOut => f.write_str("left_out"),
            ReasonCode::Cut => f.write_str("cut"),
            ReasonCode::Unmapped => f.write_str("unmapped"),
            ReasonCode::Fault(state) => state.iter().try_for_each(|b| write!(f, "{}", char::from(*b))),
        }
    }
}

impl Serialize for ReasonCode {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ReasonCode {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<ReasonCode, D::Error> {
        let code = String::deserialize(deserializer)?;
        ReasonCode::parse(&code).ok_or_else(|| serde::de::Error::custom(format!("no reason is called `{code}`")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_is_not_accounted_for_breaks_the_identity() {
        let mut counts = Counts::default();
        counts.note(Outcome::Inserted, 2);
        counts.note(Outcome::Rejected, 1);
        assert!(counts.holds());
        counts.read = 4;
        assert!(!counts.holds());
    }

    #[test]
    fn what_a_later_look_finds_moves_over_and_keeps_the_identity() {
        let mut counts = Counts::default();
        counts.note(Outcome::Inserted, 2);
        counts.move_over(Outcome::Inserted, Outcome::Duplicate, 1);
        assert_eq!((counts.inserted, counts.duplicate), (1, 1));
        assert!(counts.holds());
    }

    #[test]
    fn every_outcome_and_reason_is_read_as_it_is_written() {
        for outcome in Outcome::ALL {
            let json = serde_json::to_value(outcome).unwrap();
            assert_eq!(json, outcome.as_str());
            assert_eq!(serde_json::from_value::<Outcome>(json).unwrap(), outcome);
            let mut counts = Counts::default();
            counts.note(outcome, 3);
            assert_eq!(serde_json::to_value(counts).unwrap()[outcome.as_str()], 3);
        }
        for code in ReasonCode::ALL.into_iter().chain([ReasonCode::Fault(*b"23505")]) {
            assert_eq!(ReasonCode::parse(&code.to_string()), Some(code));
        }
        assert_eq!(ReasonCode::parse("alike 7"), None);
    }

    #[test]
    fn a_run_that_moved_nothing_has_nulls_and_no_zeros() {
        #[derive(Serialize, Deserialize)]
        struct Row {
            run: u64,
            #[serde(flatten, with = "counts_or_nulls")]
            counts: Option<Counts>,
        }
        let nothing = serde_json::to_value(Row { run: 1, counts: None }).unwrap();
        assert!(nothing["read"].is_null() && nothing.as_object().unwrap().len() == 10, "{nothing}");
        assert!(serde_json::from_value::<Row>(nothing).unwrap().counts.is_none());
        let some = serde_json::to_value(Row { run: 1, counts: Some(Counts { read: 2, ..Counts::default() }) }).unwrap();
        assert_eq!(serde_json::from_value::<Row>(some).unwrap().counts.unwrap().read, 2);
    }
}
