//! What a production profile asks for before a run: everything that is missing, at once.

use std::time::Duration;

use crate::config::{Profile, Window};
use crate::finding::{Finding, Severity};
use crate::text;

/// MIG-5 of a run on staging, as far as it is evidence.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The file's name, for the message.
    pub file: String,
    /// Why it cannot be read.
    pub unreadable: Option<String>,
    /// Why it is not what pgfold wrote.
    pub tampered: Option<String>,
    pub database: String,
    pub passed: bool,
    /// Files of its consolidation that are others here.
    pub differing: Vec<String>,
}

/// What is known when a run is asked for.
#[derive(Debug, Clone, Default)]
pub struct Production {
    pub database: String,
    pub confirmed: Option<String>,
    /// How long the window stays open; `None` when it is shut.
    pub window_open: Option<Duration>,
    pub outside: Option<String>,
    pub staging: Option<Evidence>,
    /// A saved plan, whose dry run was held against what is there.
    pub dry_run: bool,
    /// Age of the newest verified backup.
    pub backup: Option<Duration>,
    /// Steps that cannot be taken back, or why no file can be written.
    pub no_way_back: Vec<String>,
    /// Ticked lines: key and person.
    pub ticked: Vec<(String, String)>,
}

/// Whether the profile's window is open, for `doctor`.
pub fn window(window: &Window, open: Option<Duration>) -> Finding {
    match open {
        Some(left) => Finding::new(
            "window",
            Severity::Ok,
            "maintenance window",
            format!("{window}: open for another {}", text::duration(left)),
            "",
        ),
        None => Finding::new(
            "window",
            Severity::Warning,
            "maintenance window",
            format!("{window}: shut now, so writes are refused"),
            "run within it, or `--outside-window REASON`",
        ),
    }
}

/// The window is asked for in every profile, the rest in production.
pub fn production(profile: &Profile, known: &Production) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut missing = |rule: &'static str, about: &str, found: String, todo: String| {
        out.push(Finding::new(rule, Severity::Refusal, about, found, todo));
    };
    if let Some(window) = profile.window()
        && known.window_open.is_none()
        && known.outside.as_deref().is_none_or(|r| r.trim().is_empty())
    {
        let todo = "run within it, or `--outside-window REASON`; the reason is recorded";
        missing("outside-window", "maintenance window", format!("{window}: it is shut now"), todo.to_owned());
    }
    if !profile.is_production() {
        return out;
    }
    let database = text::inert(&known.database);
    if known.confirmed.as_deref() != Some(known.database.as_str()) {
        let found = match &known.confirmed {
            Some(other) => format!("`{}` was confirmed, this is `{database}`", text::inert(other)),
            None => format!("nobody confirmed that `{database}` is meant; `--yes` does not"),
        };
        missing("unconfirmed-database", "database", found, format!("`--confirm-database {database}`"));
    }
    if !known.dry_run {
        let todo = "`pgfold plan --out plan.json`, read it, then `pgfold apply --plan plan.json`";
        missing("no-dry-run", "dry run", "no saved plan with its dry run was given".to_owned(), todo.to_owned());
    }
    let staging = match &known.staging {
        None => Some("no run on staging is shown".to_owned()),
        Some(e) => match (&e.unreadable, e.passed, e.differing.as_slice()) {
            (Some(why), ..) => Some(format!("`{}` cannot be read: {why}", text::inert(&e.file))),
            _ if e.tampered.is_some() => {
                Some(format!("`{}` is no evidence: {}", text::inert(&e.file), e.tampered.clone().unwrap_or_default()))
            }
            (_, false, _) => Some(format!("the run on `{}` did not pass its checks", text::inert(&e.database))),
            (.., [_, ..]) => Some(format!("it was another plan: {} differ", text::quoted_list(&e.differing))),
            _ if e.database == known.database => Some("it was run on this very database".to_owned()),
            _ => None,
        },
    };
    if let Some(found) = staging {
        let todo = "run the same files on staging, then `--staging-evidence pgfold-runs/N/MIG-5.json`";
        missing("no-staging-evidence", "staging", found, todo.to_owned());
    }
    let most = profile.backup_age();
    let backup = match known.backup {
        None => Some("there is no verified backup of this database".to_owned()),
        Some(age) if age > most => Some(format!(
            "the newest verified backup is {} old, {} is allowed",
            text::duration(age),
            text::duration(most)
        )),
        Some(_) => None,
    };
    if let Some(found) = backup {
        missing("no-fresh-backup", "backup", found, "`pgfold backup`".to_owned());
    }
    for why in &known.no_way_back {
        let todo = "give the step a `.down.sql`; a run without a rollback file is refused here";
        missing("no-rollback-file", "rollback", why.clone(), todo.to_owned());
    }
    for (key, line) in profile.checklist() {
        let person = known.ticked.iter().find(|(k, _)| *k == key).map(|(_, p)| p.trim());
        if person.is_none_or(str::is_empty) {
            let todo = format!("`--tick {}=PERSON`", text::inert(&key));
            missing("unticked", &format!("checklist {}", text::inert(&key)), text::inert(&line), todo);
        }
    }
    for (key, _) in known.ticked.iter().filter(|(k, _)| !profile.checklist().iter().any(|(c, _)| c == k)) {
        missing(
            "unticked",
            "checklist",
            format!("there is no line `{}` to tick", text::inert(key)),
            "`pgfold config show` lists them".to_owned(),
        );
    }
    out
}
