//! What all files of one run have in common: its settings, and whose turn it is.

use super::text;
use crate::facts::StepState;
use crate::ledger::ledger_sql;
use crate::pg::{Arg, Settings};
use crate::plan::Plan;
use crate::sql::{Literal, Sql};

/// What all files of one run have in common.
pub struct Files {
    pub run: i64,
    pub plan: Plan,
    pub digest: String,
    pub settings: Settings,
}

/// A script brings its own timeouts, as a rollback does.
pub fn script(settings: &Settings) -> Settings {
    Settings { lock_timeout_ms: 30_000, statement_timeout_ms: 0, checks_client: false, ..settings.clone() }
}

pub fn by_hand(settings: &Settings) -> Sql {
    Sql::fill(include_str!("../../sql/manual/begin.sql"), &[("settings", &settings.sql())])
}

impl Files {
    /// A transaction of its own: whose turn it is, what it does, what came of it.
    pub fn whole(&self, step: i32, settings: &Settings, body: &[Sql]) -> Sql {
        let turn = text::block(&[self.turn(step)]);
        let body = Sql::join("", body.iter().cloned());
        Sql::join("", [by_hand(settings), turn, body, Sql::constant("commit;\n"), self.shown(step)])
    }

    pub fn identity(&self) -> Sql {
        let system = self.plan.undo.system_identifier.as_deref().unwrap_or_default();
        Sql::fill(
            include_str!("../../sql/manual/identity.sql"),
            &[("database", &Literal::new(self.plan.undo.database.as_str())), ("system", &Literal::new(system))],
        )
    }

    /// Refuses unless this step is the next one; from here on it is under way.
    pub fn turn(&self, step: i32) -> Sql {
        let turn = self.waits(step);
        let running = [
            Arg::Int(self.run),
            Arg::Int(step.into()),
            StepState::Running.as_str().into(),
            Arg::OptionalText(None),
            Arg::OptionalText(None),
        ];
        Sql::join("", [turn, text::execute(&ledger_sql!("step_state"), &running)])
    }

    pub fn waits(&self, step: i32) -> Sql {
        let turn = Sql::fill(
            include_str!("../../sql/manual/turn.sql"),
            &[
                ("run", &self.run),
                ("step", &i64::from(step)),
                ("digest", &Literal::new(self.digest.as_str())),
                ("consolidation", &Literal::new(self.plan.consolidation.as_str())),
            ],
        );
        Sql::join("", [self.identity(), turn])
    }

    pub fn shown(&self, step: i32) -> Sql {
        Sql::fill(include_str!("../../sql/manual/shown.sql"), &[("run", &self.run), ("step", &i64::from(step))])
    }
}
