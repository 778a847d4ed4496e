//! What is asked of one writing command.

use crate::cli::{Live, Pace, Picking, Rehearse, Shown, Writing};
use crate::execute::{Manner, Throttle};
use crate::plan::SavedPlan;
use crate::planner::Scope;
use crate::preflight::Wants;

/// One writing command.
pub struct Task {
    pub verb: &'static str,
    pub scope: Scope,
    pub writing: Writing,
    pub picking: Picking,
    /// The application goes on writing to the legacy tables.
    pub online: bool,
    pub manner: Manner,
    pub shown: (u64, u64),
    /// Whether a dry run shows sensitive columns.
    pub reveal: bool,
    /// Where a dry run writes everything that it foretells.
    pub out: Option<std::path::PathBuf>,
    /// A saved plan with its file's digest, to be held against what is there.
    pub bound: Option<(SavedPlan, String)>,
    /// Whether the run is a rehearsal, which is rolled back, and how long that may take.
    pub rehearse: Rehearse,
    /// Where the manifest's correction goes, should the contract not hold.
    pub suggest: Option<std::path::PathBuf>,
    /// The report is printed by whoever called.
    pub silent: bool,
    /// Files for psql are written instead.
    pub by_hand: bool,
    /// What reading and shaping alone took, measured before the run.
    pub shaping_ms: f64,
}

impl Task {
    pub fn new(verb: &'static str, scope: Scope, writing: Writing) -> Task {
        Task {
            verb,
            scope,
            writing,
            picking: Picking::default(),
            online: false,
            manner: Manner::default(),
            shown: (50, 20),
            reveal: false,
            out: None,
            bound: None,
            rehearse: Rehearse::default(),
            suggest: None,
            silent: false,
            by_hand: false,
            shaping_ms: 0.0,
        }
    }

    pub fn paced(mut self, pace: &Pace) -> Task {
        self.manner = manner(pace);
        self
    }

    pub fn picking(mut self, picking: Picking) -> Task {
        self.picking = picking;
        self
    }

    pub fn live(mut self, live: Live) -> Task {
        self.online = live.online;
        self
    }

    pub fn showing(mut self, shown: &Shown) -> Task {
        self.shown = (shown.row_limit, shown.diff_limit);
        self.reveal = shown.reveal;
        self.out.clone_from(&shown.out);
        self.rehearse.clone_from(&shown.rehearse);
        self.suggest.clone_from(&shown.suggest.suggest);
        self
    }

    pub fn writing_online(&self) -> bool {
        self.online || self.bound.as_ref().is_some_and(|(saved, _)| saved.fingerprint.rows.is_none())
    }

    pub fn wants(&self) -> Wants {
        Wants { enhance: self.scope.enhance, write_rows: self.scope.migrate || self.scope.map.is_some() }
    }
}

pub fn manner(pace: &Pace) -> Manner {
    Manner {
        workers: pace.workers.into(),
        batch_rows: pace.batch_rows.into(),
        attempts: pace.attempts,
        deadline: pace.deadline,
        lock_timeout: pace.lock_timeout,
        statement_timeout: pace.statement_timeout,
        throttle: Throttle {
            batch_delay: pace.batch_delay,
            pause_file: pace.pause_file.clone(),
            run_time: pace.run_time,
            max_lag: pace.max_lag,
        },
        nothing_raises: false,
    }
}

/// Everything that `apply` does.
pub fn whole(online: bool) -> Scope {
    Scope { enhance: true, migrate: true, map: Some(Vec::new()), online, ..Scope::default() }
}
