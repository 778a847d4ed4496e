//! What kind of failure ended a run, and the commands that lead out of it.

use serde::Serialize;

use crate::error::Error;
use crate::facts::FailureClass;

impl FailureClass {
    pub fn word(self) -> &'static str {
        match self {
            FailureClass::Data => "data",
            FailureClass::Lock => "lock",
            FailureClass::Connection => "connection",
            FailureClass::Space => "space",
            FailureClass::SchemaDrift => "schema drift",
            FailureClass::Permission => "permission",
            FailureClass::Bug => "bug",
            FailureClass::Asked => "no failure: it was asked to stop",
        }
    }

    /// Its text's id for `explain`.
    pub fn id(self) -> &'static str {
        match self {
            FailureClass::Data => "failure-data",
            FailureClass::Lock => "failure-lock",
            FailureClass::Connection => "failure-connection",
            FailureClass::Space => "failure-space",
            FailureClass::SchemaDrift => "failure-drift",
            FailureClass::Permission => "failure-permission",
            FailureClass::Bug => "failure-bug",
            FailureClass::Asked => "exit-8",
        }
    }

    /// What must be true before the first command can help.
    pub fn before(self) -> &'static str {
        match self {
            FailureClass::Data => "mend the rows that are named",
            FailureClass::Lock => "wait for whoever holds the lock, or end that session",
            FailureClass::Connection => "the server must answer again",
            FailureClass::Space => "make room on the disk",
            FailureClass::Permission => "type the grant that is missing; `pgfold doctor` prints it",
            FailureClass::SchemaDrift | FailureClass::Bug | FailureClass::Asked => "",
        }
    }
}

/// Nothing for an error that is no failure of a run: a typing mistake, a setting, a pending change.
pub fn class(error: &Error) -> Option<FailureClass> {
    Some(match error {
        Error::Usage { .. } | Error::Configuration { .. } | Error::ChangesPending { .. } | Error::Program { .. } => {
            return None;
        }
        Error::Contract { .. } | Error::ContractTold { .. } | Error::PlanStale { .. } => FailureClass::SchemaDrift,
        Error::Locked { .. } => FailureClass::Lock,
        Error::ValidationFailed { .. } => FailureClass::Data,
        Error::ConnectionLost { code, .. } => of_code(code, FailureClass::Connection),
        Error::CannotConnect { server, .. } => of_code(&server.code, FailureClass::Connection),
        Error::Refused { server, .. } => of_code(&server.code, FailureClass::Bug),
        Error::Stopped { class, .. } | Error::File { class, .. } => *class,
        Error::Gate { findings, .. } => {
            let has = |rules: &[&str]| findings.iter().any(|f| rules.contains(&f.rule));
            match () {
                () if has(&["missing-right", "no-select", "row-security", "read-only", "replica"]) => {
                    FailureClass::Permission
                }
                () if has(&["reject", "unexpected-count", "duplicate", "secondary-match"]) => FailureClass::Data,
                () if has(&["disk-space"]) => FailureClass::Space,
                () if has(&["connections", "pooler"]) => FailureClass::Connection,
                () => return None,
            }
        }
        Error::Bug { .. } => FailureClass::Bug,
    })
}

fn of_code(code: &str, otherwise: FailureClass) -> FailureClass {
    FailureClass::of_state(code).unwrap_or(otherwise)
}

/// What a command that leads on does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WayKind {
    Resume,
    Rollback,
    Look,
    Restore,
}

/// One command that leads on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    #[serde(skip)]
    pub kind: WayKind,
    pub command: String,
    pub does: String,
}

/// The recommended commands for a run that ended early, best first; what each would do is told where it is known.
pub fn ways(class: FailureClass, run: i64, resume: &str, rollback: &str, restore: Option<(&str, &str)>) -> Vec<Way> {
    let way = |kind, command: String, does: &str| Way { kind, command, does: does.to_owned() };
    let resume = way(WayKind::Resume, "pgfold resume".to_owned(), resume);
    let rollback = way(WayKind::Rollback, format!("pgfold rollback --run {run} --level schema --execute"), rollback);
    let doctor = way(WayKind::Look, "pgfold doctor".to_owned(), "looks and writes nothing: what stands in the way now");
    let mut out = match class {
        FailureClass::Data => {
            // who mends a row of the target edits it
            let accept = way(WayKind::Resume, "pgfold resume --accept-edits".to_owned(), &resume.does);
            vec![accept, rollback, doctor]
        }
        FailureClass::Lock | FailureClass::Connection | FailureClass::Space | FailureClass::Permission => {
            vec![resume, rollback, doctor]
        }
        FailureClass::Asked => vec![resume, rollback],
        // the stored plan is carried out as it is, so what it relied on must not be another
        FailureClass::SchemaDrift => vec![rollback, doctor, resume],
        FailureClass::Bug => vec![rollback, resume],
    };
    if let Some((folder, does)) = restore {
        out.push(way(WayKind::Restore, format!("pgfold restore {folder} --into NAME"), does));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tables whose names were once taken for the words of another class.
    const NAMES: [&str; 5] = ["blocks", "connections", "delegates", "closed", "window"];

    #[test]
    fn the_name_of_a_table_is_no_class_of_failure() {
        for name in NAMES {
            let why = format!(
                "7 rows of public.{name} were inserted without an error and are not there: a trigger drops them"
            );
            let stopped = Error::Stopped { run: 3, class: FailureClass::Bug, why, hint: String::new() };
            assert_eq!(class(&stopped), Some(FailureClass::Bug), "{name}");
        }
    }

    #[test]
    fn a_file_that_finds_no_room_is_no_bug() {
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        let error = Error::file("write", std::path::Path::new("x"), full);
        assert_eq!(class(&error), Some(FailureClass::Space));
        let csv = csv::Error::from(std::io::Error::from(std::io::ErrorKind::StorageFull));
        assert_eq!(
            class(&Error::file("write", std::path::Path::new("x"), std::io::Error::from(csv))),
            Some(FailureClass::Space)
        );
    }
}
