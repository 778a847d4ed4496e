//! What can happen to the DBA: one enum, with the hint and the exit code of each.

use std::fmt;

use crate::facts::FailureClass;
use crate::finding::Finding;
use crate::text;

pub type Result<T> = std::result::Result<T, Error>;

/// Everything that ends a command early. Printed once, by `render::error`.
#[derive(Debug)]
pub enum Error {
    /// The command line or an argument's value is wrong (exit 64).
    Usage { what: String, hint: String },
    /// A setting, file or folder is wrong (exit 78); every mistake is listed.
    Configuration { what: String, mistakes: Vec<String>, hint: String },
    /// No server answered, or it refused us (exit 1).
    CannotConnect { whereto: String, server: Box<ServerError>, hint: String },
    /// The connection went away in the middle (exit 8 when a run was under way).
    /// `code` is the server's goodbye; empty when it said none.
    ConnectionLost { doing: String, why: String, code: String },
    /// The server refused a statement (exit by SQLSTATE).
    Refused { doing: String, server: Box<ServerError> },
    /// Manifest and catalog disagree (exit 3).
    Contract { findings: Vec<Finding> },
    /// The same, where the mismatches were listed before (exit 3).
    ContractTold { mismatches: u64 },
    /// A preflight check, gate or reject limit said no (exit 4).
    Gate { what: String, findings: Vec<Finding>, hint: String },
    /// At least one check failed (exit 5). The checks themselves were rendered before.
    ValidationFailed { failed: Vec<String>, hint: String },
    /// The plan does not fit what is there now (exit 6).
    PlanStale { what: String, changes: Vec<String>, hint: String },
    /// Somebody else holds what we need (exit 7).
    Locked { what: String, hint: String },
    /// The run stopped half-way; `pgfold resume` continues (exit 8).
    Stopped { run: i64, class: FailureClass, why: String, hint: String },
    /// Changes are pending, and `--detailed-exitcode` asked (exit 2).
    ChangesPending { what: String },
    /// A file could not be read or written (exit 1).
    File { doing: String, path: String, class: FailureClass, why: String },
    /// A program that we need failed or is absent (exit 1).
    Program { what: String, why: String, hint: String },
    /// A promise of our own code did not hold (exit 1).
    Bug { what: String },
}

/// PostgreSQL's own words about a failure.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ServerError {
    /// SQLSTATE; empty when the failure was below SQL (network, TLS).
    pub code: String,
    /// The server's message; may quote values of a row for classes 22 and 23.
    pub message: String,
    /// The server's detail; often quotes values of a row.
    pub detail: Option<String>,
    pub hint: Option<String>,
    pub constraint: Option<String>,
    pub column: Option<String>,
    pub table: Option<String>,
    /// PL/pgSQL context (`where`), without values.
    pub context: Option<String>,
    /// The statement reads and writes no rows of users: nothing the server says of it can quote one.
    pub rowless: bool,
}

impl ServerError {
    /// What may stand on a terminal: no row content, whatever the server quoted.
    pub fn safe(&self) -> String {
        let named = |o: &Option<String>, what: &str| {
            o.as_deref().map(|n| format!(", {what} `{}`", text::inert(n))).unwrap_or_default()
        };
        if self.is_about_a_row() && !self.rowless {
            format!(
                "{} ({}{}{}{})",
                condition(&self.code),
                self.code,
                named(&self.table, "table"),
                named(&self.column, "column"),
                named(&self.constraint, "constraint"),
            )
        } else if self.code.is_empty() {
            text::inert(&self.message)
        } else {
            format!("{} ({})", text::inert(&self.message), self.code)
        }
    }

    /// Everything the server said, for the rejects file only.
    pub fn whole(&self) -> String {
        match &self.detail {
            Some(detail) => format!("{} ({detail})", self.message),
            None => self.message.clone(),
        }
    }

    /// The server's further words, one line each: all of them where no row can be quoted, else only the place.
    pub fn further(&self) -> Vec<String> {
        let quotes = self.is_about_a_row() && !self.rowless;
        let detail = self.detail.as_deref().filter(|_| !quotes).map(|d| ("detail", d));
        let hint = self.hint.as_deref().filter(|_| !quotes).map(|h| ("server's hint", h));
        let context = self.context.as_deref().map(|c| ("context", c));
        let all = [detail, hint, context].into_iter().flatten();
        all.map(|(word, said)| format!("{word}: {}", text::inert(said))).collect()
    }

    /// A failure of the row's own data, as opposed to one of server, lock or schema. What a trigger raises under a code of
    /// its own is one, too.
    pub fn is_about_a_row(&self) -> bool {
        match self.code.get(..2) {
            Some("22" | "23" | "44") => true,
            Some("P0") => self.code != "P0000",
            Some(class) => self.code == "54000" || !SERVERS_OWN.contains(&class),
            None => false,
        }
    }
}

/// What the operating system said, where the library that writes CSV has wrapped it.
fn kind_of(why: &std::io::Error) -> std::io::ErrorKind {
    match why.get_ref().and_then(|e| e.downcast_ref::<csv::Error>()).map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(inner)) => inner.kind(),
        _ => why.kind(),
    }
}

/// The classes of SQLSTATE that the server itself raises (PostgreSQL, appendix A); others are somebody's own.
const SERVERS_OWN: [&str; 42] = [
    "00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "20", "21", "22", "23", "24", "25", "26",
    "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D", "3F", "40", "42", "44", "53", "54", "55", "57", "58",
    "72", "F0", "HV", "XX",
];

/// The name of a data condition (PostgreSQL, appendix A).
pub fn condition(code: &str) -> &'static str {
    match code {
        "22001" => "value too long",
        "22003" => "number out of range",
        "22007" | "22008" => "not a valid date or time",
        "22012" => "division by zero",
        "22021" => "character not in the encoding",
        "22023" => "invalid parameter value",
        "22P02" => "not a valid value of the type",
        "22P05" => "untranslatable character",
        "23502" => "null in a column that must not be null",
        "23503" => "no row for the foreign key",
        "23505" => "value not unique",
        "23514" => "check constraint does not hold",
        "23P01" => "exclusion constraint does not hold",
        "54000" => "value too large for an index or row",
        "44000" => "refused by a view's check option",
        code if !code.starts_with("22") && !code.starts_with("23") => "refused by a trigger or function",
        _ => "data error",
    }
}

impl Error {
    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Error::Usage { what: what.into(), hint: hint.into() }
    }

    pub fn bug(what: impl Into<String>) -> Self {
        Error::Bug { what: what.into() }
    }

    pub fn file(doing: &str, path: &std::path::Path, why: impl Into<std::io::Error>) -> Self {
        let why = why.into();
        Error::File {
            doing: doing.to_owned(),
            path: path.display().to_string(),
            class: FailureClass::of_file(kind_of(&why)),
            why: why.to_string(),
        }
    }

    /// The same for a file that somebody named: a wrong name is a mistake of the hand (exit 64), a full disk is none.
    pub fn named_file(doing: &str, path: &std::path::Path, why: &std::io::Error) -> Self {
        use std::io::ErrorKind as Kind;
        let hint = match why.kind() {
            Kind::NotFound if doing == "read" => "there is no such file; look at its name",
            Kind::NotFound => "its folder is not there, or nothing can be made in it: name another",
            Kind::AlreadyExists => "it is there already: name another, or remove it first",
            Kind::IsADirectory => "it is a folder: name a file",
            Kind::NotADirectory => "a part of its path is no folder: name another",
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => "you may not: name another, or ask its owner",
            kind => {
                return Error::File {
                    doing: doing.to_owned(),
                    path: path.display().to_string(),
                    class: FailureClass::of_file(kind),
                    why: why.to_string(),
                };
            }
        };
        Error::usage(format!("cannot {doing} `{}`: {why}", path.display()), hint)
    }

    /// The exit code of DESIGN's table; an interface.
    pub fn exit(&self) -> u8 {
        match self {
            Error::Usage { .. } => 64,
            Error::Configuration { .. } => 78,
            Error::CannotConnect { .. } | Error::File { .. } | Error::Program { .. } | Error::Bug { .. } => 1,
            Error::ConnectionLost { .. } | Error::Stopped { .. } => 8,
            Error::Refused { server, .. } => match server.code.as_str() {
                "55P03" => 7,
                "57014" => 8,
                "42501" | "25006" => 4,
                _ => 1,
            },
            Error::Contract { .. } | Error::ContractTold { .. } => 3,
            Error::Gate { .. } => 4,
            Error::ValidationFailed { .. } => 5,
            Error::PlanStale { .. } => 6,
            Error::Locked { .. } => 7,
            Error::ChangesPending { .. } => 2,
        }
    }

    /// The same of a statement that reads and writes no rows of users.
    pub fn without_rows(self) -> Self {
        match self {
            Error::Refused { doing, server } => {
                Error::Refused { doing, server: ServerError { rowless: true, ..*server }.into() }
            }
            other => other,
        }
    }

    /// What the server said besides its message.
    pub fn further(&self) -> Vec<String> {
        match self {
            Error::Refused { server, .. } | Error::CannotConnect { server, .. } => server.further(),
            _ => Vec::new(),
        }
    }

    /// Somebody else held a lock for too long.
    pub fn is_lock(&self) -> bool {
        matches!(self, Error::Refused { server, .. } if server.code == "55P03")
    }

    /// The next thing to type or to do.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Error::Usage { hint, .. }
            | Error::Configuration { hint, .. }
            | Error::CannotConnect { hint, .. }
            | Error::Gate { hint, .. }
            | Error::ValidationFailed { hint, .. }
            | Error::PlanStale { hint, .. }
            | Error::Locked { hint, .. }
            | Error::Stopped { hint, .. }
            | Error::Program { hint, .. } => hint.clone(),
            Error::ConnectionLost { .. } => "see what was committed: `pgfold status`; then `pgfold resume`".to_owned(),
            Error::Refused { server, .. } => match server.code.as_str() {
                "42501" => "connect as the owner of the tables, or `pgfold doctor` names the missing grants".to_owned(),
                "25006" => "this server is read-only; connect to the primary".to_owned(),
                "57014" => "it was cancelled or ran into a timeout; `pgfold status` tells what stands, `pgfold resume` continues".to_owned(),
                "55P03" => "somebody holds a lock; `pgfold doctor` names the session, then try again".to_owned(),
                _ => server.hint.clone().unwrap_or_default(),
            },
            Error::Contract { .. } | Error::ContractTold { .. } => {
                "correct consolidation.toml as suggested, then `pgfold migrate --dry-run`".to_owned()
            }
            Error::Bug { .. } => "please report this with the command and the run's log".to_owned(),
            Error::ChangesPending { .. } | Error::File { .. } => String::new(),
        };
        (!hint.is_empty()).then_some(hint)
    }

    /// The same error with its findings left out, where they were shown before.
    pub fn told(self) -> Self {
        match self {
            Error::Contract { findings } => Error::ContractTold { mismatches: findings.len() as u64 },
            other => other,
        }
    }

    /// The findings and mistakes behind the first sentence, to be listed below it.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Error::Contract { findings } | Error::Gate { findings, .. } => findings,
            _ => &[],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Usage { what, .. } | Error::Gate { what, .. } | Error::Locked { what, .. } => f.write_str(what),
            Error::Configuration { what, .. } => f.write_str(what),
            Error::CannotConnect { whereto, server, .. } => write!(f, "cannot connect to {whereto}: {}", server.safe()),
            Error::ConnectionLost { doing, why, .. } => write!(f, "connection lost while {doing}: {why}"),
            Error::Refused { doing, server } => write!(f, "the server refused {doing}: {}", server.safe()),
            Error::ContractTold { mismatches } => {
                write!(f, "the contract does not hold: {}", text::count(*mismatches, "mismatch"))
            }
            Error::Contract { findings } => {
                write!(f, "the contract does not hold: {}", text::count(findings.len() as u64, "mismatch"))
            }
            Error::ValidationFailed { failed, .. } => write!(f, "validation failed: {}", text::list(failed)),
            Error::PlanStale { what, .. } => f.write_str(what),
            Error::Stopped { run, why, .. } => write!(f, "run {run} stopped half-way: {why}"),
            Error::ChangesPending { what } => f.write_str(what),
            Error::File { doing, path, why, .. } => write!(f, "cannot {doing} `{path}`: {why}"),
            Error::Program { what, why, .. } => write!(f, "{what}: {why}"),
            Error::Bug { what } => write!(f, "pgfold broke a promise of its own: {what}"),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_error_never_shows_the_row() {
        let server = ServerError {
            code: "22P02".into(),
            message: "invalid input syntax for type integer: \"secret\"".into(),
            detail: Some("Failing row contains (secret).".into()),
            ..ServerError::default()
        };
        let error = Error::Refused { doing: "the batch".into(), server: server.into() };
        assert!(!error.to_string().contains("secret"));
    }
}
