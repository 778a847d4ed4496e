//! How far a run and its steps came, and how far a run was rolled back.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    Requested,
    Analysing,
    Executing,
    /// All its steps are done, and the checks examine it.
    Validating,
    Completed,
    Failed,
    /// It stopped where `resume` continues.
    Stopped,
    #[serde(rename = "rolled back")]
    RolledBack,
}

impl RunState {
    /// All of them, in the order of a run.
    pub const ALL: [RunState; 8] = [
        RunState::Requested,
        RunState::Analysing,
        RunState::Executing,
        RunState::Validating,
        RunState::Completed,
        RunState::Failed,
        RunState::Stopped,
        RunState::RolledBack,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            RunState::Requested => "requested",
            RunState::Analysing => "analysing",
            RunState::Executing => "executing",
            RunState::Validating => "validating",
            RunState::Completed => "completed",
            RunState::Failed => "failed",
            RunState::Stopped => "stopped",
            RunState::RolledBack => "rolled back",
        }
    }

    /// All its steps are done.
    pub fn is_complete(self) -> bool {
        matches!(self, RunState::Validating | RunState::Completed)
    }

    /// Nothing of it is left to be executed: its steps are done, or it was rolled back.
    pub fn is_finished(self) -> bool {
        self.is_complete() || self == RunState::RolledBack
    }

    /// Steps of it are left.
    pub fn is_open(self) -> bool {
        !self.is_finished()
    }

    /// It ended before its steps were done.
    pub fn ended_early(self) -> bool {
        matches!(self, RunState::Failed | RunState::Stopped)
    }

    /// A command works on it, as far as the ledger knows.
    pub fn is_under_way(self) -> bool {
        matches!(self, RunState::Requested | RunState::Analysing | RunState::Executing | RunState::Validating)
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How far a step came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Planned,
    Running,
    Done,
    Skipped,
    Failed,
    Undone,
}

impl StepState {
    /// All of them.
    pub const ALL: [StepState; 6] = [
        StepState::Planned,
        StepState::Running,
        StepState::Done,
        StepState::Skipped,
        StepState::Failed,
        StepState::Undone,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            StepState::Planned => "planned",
            StepState::Running => "running",
            StepState::Done => "done",
            StepState::Skipped => "skipped",
            StepState::Failed => "failed",
            StepState::Undone => "undone",
        }
    }

    pub fn is_done(self) -> bool {
        self == StepState::Done
    }
}

impl fmt::Display for StepState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much of a run a rollback takes away; each level includes the one before.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RollbackLevel {
    /// Soft-deletes what was inserted, restores what was merged, removes the mappings.
    #[default]
    Rows,
    /// Deletes instead.
    Purge,
    /// Undoes the enhancements, too.
    Schema,
}

impl RollbackLevel {
    /// All of them, the least first.
    pub const ALL: [RollbackLevel; 3] = [RollbackLevel::Rows, RollbackLevel::Purge, RollbackLevel::Schema];

    pub fn as_str(self) -> &'static str {
        match self {
            RollbackLevel::Rows => "rows",
            RollbackLevel::Purge => "purge",
            RollbackLevel::Schema => "schema",
        }
    }
}

impl fmt::Display for RollbackLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_as_it_is_written() {
        for state in RunState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for state in StepState::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
        }
        for level in RollbackLevel::ALL {
            assert_eq!(serde_json::to_value(level).unwrap(), level.as_str());
        }
    }

    #[test]
    fn a_run_is_open_or_finished_and_never_both() {
        for state in RunState::ALL {
            assert_ne!(state.is_open(), state.is_finished(), "{state}");
            assert!(!state.ended_early() || state.is_open(), "{state}");
        }
    }
}
