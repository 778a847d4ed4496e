//! What every room means by the same word: outcomes, states, failures and objects, each defined once as a type.

mod check_failure;
mod failure;

mod outcome;
mod state;

pub use check_failure::{CheckFailure, CheckVerdict, FailureKind};
pub use failure::FailureClass;

pub use outcome::{Counts, Outcome, ReasonCode, counts_or_nulls};
pub use state::{RollbackLevel, RunState, StepState};
