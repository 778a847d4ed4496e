//! What kind of failure ended a run, and the commands that lead out of it.

use serde::Serialize;

use crate::error::Error;

/// The kinds of failure; `Asked` is none: somebody wanted the run to stop, or a gate did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    Data,
    Lock,
    Connection,
    Space,
    SchemaDrift,
    Permission,
    Bug,
    Asked,
}

impl Class {
    pub fn word(self) -> &'static str {
        match self {
            Class::Data => "data",
            Class::Lock => "lock",
            Class::Connection => "connection",
            Class::Space => "space",
            Class::SchemaDrift => "schema drift",
            Class::Permission => "permission",
            Class::Bug => "bug",
            Class::Asked => "no failure: it was asked to stop",
        }
    }

    /// Its text's id for `explain`.
    pub fn id(self) -> &'static str {
        match self {
            Class::Data => "failure-data",
            Class::Lock => "failure-lock",
            Class::Connection => "failure-connection",
            Class::Space => "failure-space",
            Class::SchemaDrift => "failure-drift",
            Class::Permission => "failure-permission",
            Class::Bug => "failure-bug",
            Class::Asked => "exit-8",
        }
    }

    /// What must be true before the first command can help.
    pub fn before(self) -> &'static str {
        match self {
            Class::Data => "mend the rows that are named",
            Class::Lock => "wait for whoever holds the lock, or end that session",
            Class::Connection => "the server must answer again",
            Class::Space => "make room on the disk",
            Class::Permission => "type the grant that is missing; `pgfold doctor` prints it",
            Class::SchemaDrift | Class::Bug | Class::Asked => "",
        }
    }
}

/// Nothing for an error that is no failure of a run: a typing mistake, a setting, a pending change.
pub fn class(error: &Error) -> Option<Class> {
    Some(match error {
        Error::Usage { .. } | Error::Configuration { .. } | Error::ChangesPending { .. } => return None,
        Error::Contract { .. } | Error::ContractTold { .. } | Error::PlanStale { .. } => Class::SchemaDrift,
        Error::Locked { .. } => Class::Lock,
        Error::ValidationFailed { .. } => Class::Data,
        Error::ConnectionLost { code, .. } => of_code(code, Class::Connection),
        Error::CannotConnect { server, .. } => of_code(&server.code, Class::Connection),
        Error::Refused { server, .. } => of_code(&server.code, Class::Bug),
        Error::Stopped { why, .. } => class_of(why),
        Error::Gate { findings, .. } => {
            let has = |rules: &[&str]| findings.iter().any(|f| rules.contains(&f.rule));
            match () {
                () if has(&["missing-right", "no-select", "row-security", "read-only", "replica"]) => Class::Permission,
                () if has(&["reject", "unexpected-count", "duplicate", "alike"]) => Class::Data,
                () if has(&["disk-space"]) => Class::Space,
                () if has(&["connections", "pooler"]) => Class::Connection,
                () => return None,
            }
        }
        Error::File { why, .. } | Error::Program { why, .. } => class_of(why),
        Error::Bug { .. } => Class::Bug,
    })
}

/// The same from an error's text, as the ledger keeps it: its SQLSTATE, else its words.
pub fn class_of(text: &str) -> Class {
    if let Some(code) = code(text) {
        return of_code(&code, Class::Bug);
    }
    let text = text.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|w| text.contains(w));
    match () {
        () if has(&["no space left", "disk full", "out of memory"]) => Class::Space,
        () if has(&["permission denied"]) => Class::Permission,
        () if has(&["contract does not hold", "does not fit"]) => Class::SchemaDrift,
        () if has(&["lock", "somebody took the run over"]) => Class::Lock,
        () if has(&["connection", "connect to", "our sessions", "closed", "broken pipe", "reset by peer"]) => {
            Class::Connection
        }
        () if has(&["asked for it", "gate", "used up", "window", "cancelled it"]) => Class::Asked,
        () if has(&["rejected", "validation failed", "more rejects"]) => Class::Data,
        () => Class::Bug,
    }
}

/// The last SQLSTATE that stands in parentheses, as our errors word it.
fn code(text: &str) -> Option<String> {
    let mut places = text.match_indices('(').filter_map(|(at, _)| {
        let code = text.get(at + 1..at + 6)?;
        let after = text.get(at + 6..at + 7)?;
        let state = code.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase())
            && code.chars().any(|c| c.is_ascii_digit());
        (state && matches!(after, ")" | ",")).then(|| code.to_owned())
    });
    places.next_back()
}

fn of_code(code: &str, otherwise: Class) -> Class {
    match code {
        "55P03" | "40P01" | "40001" | "57014" | "55006" => Class::Lock,
        "42501" | "25006" => Class::Permission,
        "53300" => Class::Connection,
        "54000" | "P0001" => Class::Data,
        "58030" | "53100" | "53200" | "53400" => Class::Space,
        _ => match code.get(..2) {
            Some("22" | "23") => Class::Data,
            Some("08" | "57") => Class::Connection,
            Some("28") => Class::Permission,
            Some("53") => Class::Space,
            Some("42") => Class::SchemaDrift,
            _ => otherwise,
        },
    }
}

/// One command that leads on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    pub command: String,
    pub does: String,
}

/// The recommended commands for a run that ended early, best first; what each would do is told where it is known.
pub fn ways(class: Class, run: i64, resume: &str, rollback: &str, restore: Option<(&str, &str)>) -> Vec<Way> {
    let way = |command: String, does: &str| Way { command, does: does.to_owned() };
    let resume = way("pgfold resume".to_owned(), resume);
    let rollback = way(format!("pgfold rollback --run {run} --level schema --execute"), rollback);
    let doctor = way("pgfold doctor".to_owned(), "looks and writes nothing: what stands in the way now");
    let mut out = match class {
        Class::Data => {
            // who mends a row of the target edits it
            let accept = way("pgfold resume --accept-edits".to_owned(), &resume.does);
            vec![accept, rollback, doctor]
        }
        Class::Lock | Class::Connection | Class::Space | Class::Permission => {
            vec![resume, rollback, doctor]
        }
        Class::Asked => vec![resume, rollback],
        // the stored plan is carried out as it is, so what it relied on must not be another
        Class::SchemaDrift => vec![rollback, doctor, resume],
        Class::Bug => vec![rollback, resume],
    };
    if let Some((folder, does)) = restore {
        out.push(way(format!("pgfold restore {folder} --into NAME"), does));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ledgers_words_are_classified() {
        for (text, class) in [
            ("the server refused x: canceling statement due to lock timeout (55P03), 3 times", Class::Lock),
            ("the server refused x: value not unique (23505, table `t`)", Class::Data),
            ("the server refused x: column a does not exist (42703)", Class::SchemaDrift),
            ("the server refused x: permission denied for table t (42501)", Class::Permission),
            ("could not extend file (53100)", Class::Space),
            ("connection lost while y: Connection reset by peer", Class::Connection),
            ("the contract does not hold: 1 mismatch", Class::SchemaDrift),
            ("run 3 stopped half-way: you asked for it", Class::Asked),
            ("cannot write `x`: No space left on device (os error 28)", Class::Space),
            ("pgfold broke a promise of its own: x", Class::Bug),
            ("server closed (57P01)", Class::Connection),
        ] {
            assert_eq!(class_of(text), class, "{text}");
        }
    }
}
