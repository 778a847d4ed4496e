//! What a check of the seven found, as a code that SQL returns, with how grave it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckVerdict {
    Passed,
    /// More than the manifest calls usual, less than it calls a failure; counts as passed.
    Warned,
    Failed,
    /// Nothing could be examined, which is no pass.
    NotEvaluated,
    /// The manifest declares nothing for it, or its optional sources are absent.
    NotApplicable,
}

impl CheckVerdict {
    /// As the ledger keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckVerdict::Passed => "passed",
            CheckVerdict::Warned => "warned",
            CheckVerdict::Failed => "failed",
            CheckVerdict::NotEvaluated => "not_evaluated",
            CheckVerdict::NotApplicable => "not_applicable",
        }
    }

    pub fn fails(self) -> bool {
        matches!(self, CheckVerdict::Failed | CheckVerdict::NotEvaluated)
    }
}

/// One kind of failure of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckFailure {
    // 1: no data loss
    /// A legacy row came since the run.
    CameSince,
    /// A legacy row went since the run.
    WentSince,
    /// A legacy row was edited since the run.
    EditedInSource,
    /// The run was to move a part only, and this row is not in it.
    LeftOut,
    /// A legacy row was edited since an earlier run loaded it, and the edit was not taken over.
    NotTakenOver,
    /// The row that was loaded under an earlier key is still in the target.
    UnderEarlierKey,
    /// The crosswalk has more than one line for a legacy row.
    TwoOutcomes,
    /// The target row is not there; the detail is the outcome.
    TargetRowGone,
    /// A duplicate in its source names no winner.
    NoWinner,
    /// The winner has no row in the target.
    WinnerGone,
    /// The winner was rejected.
    WinnerRejected,
    /// Its key is another one than that by which it was skipped or merged.
    KeyChanged,
    /// Its winner has another key now.
    WinnerKeyChanged,
    /// It was skipped for a row that is not live, as the manifest says.
    HeldByDeadRow,
    /// It was skipped or merged, and nothing in the target has its key.
    NothingWithItsKey,
    /// The row of the target with its key is no longer live.
    KeyNoLongerLive,
    /// An earlier run loaded it, somebody deleted its row, and this run inserted it again.
    BroughtBack,
    /// A rollback took the row away.
    RolledBack,
    /// The legacy row that the ledger keeps is missing or differs.
    StoredRowDiffers,
    /// A field that a merge filled is null; the detail is the column.
    FilledFieldNull,
    /// A row of the run is no longer live in the target.
    NoLongerLive,
    /// A value was edited in the target; the detail is the column.
    EditedInTarget,
    /// A value of the source is not in the target; the detail is the column.
    Lost,
    /// Batches and crosswalk count differently.
    AccountingDiffers,
    /// A batch is not committed.
    BatchOpen,
    // 2: unique ids
    /// A key stands twice.
    KeyTwice,
    /// Keys differ by case or blanks only.
    KeysNearlyEqual,
    /// A row of the run has no key.
    RowWithoutKey,
    /// The application added a row without a key.
    ApplicationRowWithoutKey,
    // 3: required fields
    /// A required column is not there.
    NoColumn,
    /// A required field is null or empty; the detail is the column.
    FieldEmpty,
    /// The same, and it was so before the run.
    FieldEmptyBefore,
    /// A column used its default more often than allowed.
    TooManyDefaults,
    // 4: mappings
    /// The mapping's table is not there.
    NoMappingTable,
    /// A live row has no mapping.
    Unmapped,
    /// A live row has no primary mapping, or more than one.
    NotOnePrimary,
    /// Two thirds of the rows have the same mappings.
    SameSet,
    /// More rows than allowed were mapped by fallback; the detail is the limit in per cent.
    TooMuchFallback,
    // 5: relationships
    /// A reference points to no row.
    Orphan,
    /// A row is its own ancestor.
    Cycle,
    // 6: existing rows preserved
    /// A row of before is gone.
    ExistingGone,
    /// A row of before was edited.
    ExistingEdited,
    /// A row of before was edited besides what a merge filled.
    ExistingEditedBesidesMerge,
    // 7: application queries
    /// A query does not run.
    QueryFails,
    /// A query that could not run before returns nothing.
    QueryEmpty,
    /// A query returns fewer rows than before.
    QueryFewerRows,
    /// A query takes longer than before.
    QuerySlower,
}

/// What a failure is about, least grave first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FailureKind {
    /// Something that a person corrects.
    Fault,
    /// Legacy rows that came, changed or went since the run.
    Late,
    /// Rows that somebody edited since the run.
    Edits,
    /// Rows or values that the run should have brought.
    Lost,
    /// Rows that were there before the run.
    Gone,
}

impl CheckFailure {
    /// All of them, by check.
    pub const ALL: [CheckFailure; 47] = [
        CheckFailure::CameSince,
        CheckFailure::WentSince,
        CheckFailure::EditedInSource,
        CheckFailure::LeftOut,
        CheckFailure::NotTakenOver,
        CheckFailure::UnderEarlierKey,
        CheckFailure::TwoOutcomes,
        CheckFailure::TargetRowGone,
        CheckFailure::NoWinner,
        CheckFailure::WinnerGone,
        CheckFailure::WinnerRejected,
        CheckFailure::KeyChanged,
        CheckFailure::WinnerKeyChanged,
        CheckFailure::HeldByDeadRow,
        CheckFailure::NothingWithItsKey,
        CheckFailure::KeyNoLongerLive,
        CheckFailure::BroughtBack,
        CheckFailure::RolledBack,
        CheckFailure::StoredRowDiffers,
        CheckFailure::FilledFieldNull,
        CheckFailure::NoLongerLive,
        CheckFailure::EditedInTarget,
        CheckFailure::Lost,
        CheckFailure::AccountingDiffers,
        CheckFailure::BatchOpen,
        CheckFailure::KeyTwice,
        CheckFailure::KeysNearlyEqual,
        CheckFailure::RowWithoutKey,
        CheckFailure::ApplicationRowWithoutKey,
        CheckFailure::NoColumn,
        CheckFailure::FieldEmpty,
        CheckFailure::FieldEmptyBefore,
        CheckFailure::TooManyDefaults,
        CheckFailure::NoMappingTable,
        CheckFailure::Unmapped,
        CheckFailure::NotOnePrimary,
        CheckFailure::SameSet,
        CheckFailure::TooMuchFallback,
        CheckFailure::Orphan,
        CheckFailure::Cycle,
        CheckFailure::ExistingGone,
        CheckFailure::ExistingEdited,
        CheckFailure::ExistingEditedBesidesMerge,
        CheckFailure::QueryFails,
        CheckFailure::QueryEmpty,
        CheckFailure::QueryFewerRows,
        CheckFailure::QuerySlower,
    ];

    /// As SQL returns it and the ledger keeps it.
    pub fn as_str(self) -> &'static str {
        match self {
            CheckFailure::CameSince => "came_since",
            CheckFailure::WentSince => "went_since",
            CheckFailure::EditedInSource => "edited_in_source",
            CheckFailure::LeftOut => "left_out",
            CheckFailure::NotTakenOver => "not_taken_over",
            CheckFailure::UnderEarlierKey => "under_earlier_key",
            CheckFailure::TwoOutcomes => "two_outcomes",
            CheckFailure::TargetRowGone => "target_row_gone",
            CheckFailure::NoWinner => "no_winner",
            CheckFailure::WinnerGone => "winner_gone",
            CheckFailure::WinnerRejected => "winner_rejected",
            CheckFailure::KeyChanged => "key_changed",
            CheckFailure::WinnerKeyChanged => "winner_key_changed",
            CheckFailure::HeldByDeadRow => "held_by_dead_row",
            CheckFailure::NothingWithItsKey => "nothing_with_its_key",
            CheckFailure::KeyNoLongerLive => "key_no_longer_live",
            CheckFailure::BroughtBack => "brought_back",
            CheckFailure::RolledBack => "rolled_back",
            CheckFailure::StoredRowDiffers => "stored_row_differs",
            CheckFailure::FilledFieldNull => "filled_field_null",
            CheckFailure::NoLongerLive => "no_longer_live",
            CheckFailure::EditedInTarget => "edited_in_target",
            CheckFailure::Lost => "lost",
            CheckFailure::AccountingDiffers => "accounting_differs",
            CheckFailure::BatchOpen => "batch_open",
            CheckFailure::KeyTwice => "key_twice",
            CheckFailure::KeysNearlyEqual => "keys_nearly_equal",
            CheckFailure::RowWithoutKey => "row_without_key",
            CheckFailure::ApplicationRowWithoutKey => "application_row_without_key",
            CheckFailure::NoColumn => "no_column",
            CheckFailure::FieldEmpty => "field_empty",
            CheckFailure::FieldEmptyBefore => "field_empty_before",
            CheckFailure::TooManyDefaults => "too_many_defaults",
            CheckFailure::NoMappingTable => "no_mapping_table",
            CheckFailure::Unmapped => "unmapped",
            CheckFailure::NotOnePrimary => "not_one_primary",
            CheckFailure::SameSet => "same_set",
            CheckFailure::TooMuchFallback => "too_much_fallback",
            CheckFailure::Orphan => "orphan",
            CheckFailure::Cycle => "cycle",
            CheckFailure::ExistingGone => "existing_gone",
            CheckFailure::ExistingEdited => "existing_edited",
            CheckFailure::ExistingEditedBesidesMerge => "existing_edited_besides_merge",
            CheckFailure::QueryFails => "query_fails",
            CheckFailure::QueryEmpty => "query_empty",
            CheckFailure::QueryFewerRows => "query_fewer_rows",
            CheckFailure::QuerySlower => "query_slower",
        }
    }

    pub fn kind(self) -> FailureKind {
        use CheckFailure as F;
        match self {
            F::CameSince | F::WentSince | F::EditedInSource | F::LeftOut | F::NotTakenOver => FailureKind::Late,
            F::KeyNoLongerLive
            | F::NoLongerLive
            | F::EditedInTarget
            | F::ExistingEdited
            | F::ExistingEditedBesidesMerge => FailureKind::Edits,
            F::ExistingGone => FailureKind::Gone,
            F::UnderEarlierKey
            | F::TwoOutcomes
            | F::TargetRowGone
            | F::NoWinner
            | F::WinnerGone
            | F::WinnerRejected
            | F::KeyChanged
            | F::WinnerKeyChanged
            | F::HeldByDeadRow
            | F::NothingWithItsKey
            | F::BroughtBack
            | F::RolledBack
            | F::StoredRowDiffers
            | F::FilledFieldNull
            | F::Lost
            | F::AccountingDiffers
            | F::BatchOpen
            | F::Orphan
            | F::Cycle => FailureKind::Lost,
            F::KeyTwice
            | F::KeysNearlyEqual
            | F::RowWithoutKey
            | F::ApplicationRowWithoutKey
            | F::NoColumn
            | F::FieldEmpty
            | F::FieldEmptyBefore
            | F::TooManyDefaults
            | F::NoMappingTable
            | F::Unmapped
            | F::NotOnePrimary
            | F::SameSet
            | F::TooMuchFallback
            | F::QueryFails
            | F::QueryEmpty
            | F::QueryFewerRows
            | F::QuerySlower => FailureKind::Fault,
        }
    }

    /// 1 correct, 2 roll back, 3 restore.
    pub fn severity(self) -> u8 {
        self.kind().severity()
    }

    /// It is an edit, which `--accept-edits` accepts.
    pub fn is_edit(self) -> bool {
        self.kind() == FailureKind::Edits || matches!(self, CheckFailure::EditedInSource | CheckFailure::NotTakenOver)
    }

    /// Worth knowing, and no failure of the check.
    pub fn is_note(self) -> bool {
        matches!(
            self,
            CheckFailure::WinnerRejected
                | CheckFailure::HeldByDeadRow
                | CheckFailure::BroughtBack
                | CheckFailure::RolledBack
                | CheckFailure::ApplicationRowWithoutKey
                | CheckFailure::FieldEmptyBefore
        )
    }
}

impl FailureKind {
    /// 1 correct, 2 roll back, 3 restore.
    pub fn severity(self) -> u8 {
        match self {
            FailureKind::Fault | FailureKind::Late | FailureKind::Edits => 1,
            FailureKind::Lost => 2,
            FailureKind::Gone => 3,
        }
    }
}

impl fmt::Display for CheckVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for CheckFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_read_as_it_is_written_and_stands_once() {
        let mut names: Vec<&str> = CheckFailure::ALL.map(CheckFailure::as_str).to_vec();
        for code in CheckFailure::ALL {
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CheckFailure::ALL.len());
    }

    #[test]
    fn what_is_lost_is_graver_than_an_edit_and_what_was_there_before_is_gravest() {
        assert_eq!(CheckFailure::EditedInTarget.severity(), 1);
        assert_eq!(CheckFailure::CameSince.severity(), 1);
        assert_eq!(CheckFailure::Unmapped.severity(), 1);
        assert_eq!(CheckFailure::Lost.severity(), 2);
        assert_eq!(CheckFailure::Orphan.severity(), 2);
        assert_eq!(CheckFailure::ExistingEdited.severity(), 1);
        assert_eq!(CheckFailure::ExistingGone.severity(), 3);
    }
}
