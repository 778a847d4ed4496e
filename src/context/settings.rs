//! The profile that holds for a command: read, resolved, and taken over into what was typed.

use std::path::Path;

use crate::cli::{Common, Pace, Verb};
use crate::config::{Environment, Profile, Profiles};
use crate::consolidation::Consolidation;
use crate::error::{Error, Result};
use crate::ledger::book;
use crate::pg::Session;
use crate::text;

/// Reads the file and lets its settings hold where neither flag nor environment says anything.
pub fn settle(common: &mut Common, verb: &mut Verb, environment: &mut Environment) -> Result<Profile> {
    if let Some(rehearse) = verb.rehearse() {
        rehearse.confirm_database.clone_from(&common.governed.confirm_database);
    }
    if common.governed.no_profile || !verb.takes_a_profile() {
        return Ok(Profile::default());
    }
    let profile = resolved(common, environment)?;
    let lowers =
        ["PGFOLD_PRODUCTION", "PGFOLD_PROFILE", "PGFOLD_CONFIG"].into_iter().filter(|n| environment.is_of_file(n));
    let lowers: Vec<&str> = lowers.collect();
    if !lowers.is_empty() && !profile.is_production() && resolved(common, &environment.without_file())?.is_production()
    {
        return Err(Error::Configuration {
            what: "`.env` in this folder cannot make a production profile another".to_owned(),
            mistakes: vec![format!("it sets {}", text::quoted_list(&lowers))],
            hint: "take the line out of `.env`, or name the profile that is meant with --profile".to_owned(),
        });
    }
    connect(&profile, common, environment)?;
    if let Some(variable) = profile.said("notify").and_then(toml::Value::as_str)
        && let Some(address) = environment.get(variable).map(str::to_owned)
    {
        common.notify.get_or_insert(address);
    }
    if let Some(seconds) = whole(&profile, "notify_every") {
        common.notify_every = seconds;
    }
    if let Some(folder) = profile.said("backups").and_then(toml::Value::as_str).map(str::to_owned) {
        if let Verb::Backup(args) = verb
            && !common.governed.given.iter().any(|g| g == "into")
        {
            args.into = (&folder).into();
        }
        environment.set("PGFOLD_BACKUPS", &folder);
    }
    if let Some(pace) = verb.pace() {
        pace_of(&profile, pace);
    }
    Ok(profile)
}

/// The profile by flags, environment and file.
fn resolved(common: &Common, environment: &Environment) -> Result<Profile> {
    let named = common.governed.config.clone().or_else(|| environment.get("PGFOLD_CONFIG").map(Into::into));
    let file = named.clone().unwrap_or_else(|| Path::new(crate::config::FILE).to_owned());
    let text = match std::fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && named.is_none() => String::new(),
        Err(e) => {
            return Err(Error::Configuration {
                what: format!("cannot read `{}`: {e}", file.display()),
                mistakes: Vec::new(),
                hint: "name it with --config or PGFOLD_CONFIG".to_owned(),
            });
        }
    };
    let wanted = common.governed.profile.clone().or_else(|| environment.get("PGFOLD_PROFILE").map(str::to_owned));
    // an environment may be marked by name alone
    let marked =
        environment.get("PGFOLD_PROFILE").filter(|n| text.is_empty() && n.chars().all(|c| c.is_ascii_alphanumeric()));
    let text = match marked {
        Some(name) => format!("[profile.{name}]\nproduction = {}\n", name.eq_ignore_ascii_case("production")),
        None => text,
    };
    Profiles::parse(&text)?.resolve(wanted.as_deref(), environment, &common.governed.given)
}

/// The variable that the profile names; one that disagrees with DATABASE_URL is never chosen between.
fn connect(profile: &Profile, common: &Common, environment: &mut Environment) -> Result<()> {
    let Some(variable) = profile.said("connection").and_then(toml::Value::as_str) else { return Ok(()) };
    let name = profile.name.as_deref().unwrap_or_default();
    if common.database_url.is_some() || variable == "DATABASE_URL" {
        return Ok(());
    }
    let wrong = |what: String, hint: String| Error::Configuration { what, mistakes: Vec::new(), hint };
    let Some(address) = environment.get(variable).map(str::to_owned) else {
        let what = format!("the profile `{}` connects by `{variable}`, which is not set", text::inert(name));
        return Err(wrong(what, format!("set {variable}, or name another profile with --profile")));
    };
    if environment.get("DATABASE_URL").is_some_and(|other| other != address) {
        let what =
            format!("`DATABASE_URL` and `{variable}` of the profile `{}` name different databases", text::inert(name));
        return Err(wrong(what, "unset the one that is not meant".to_owned()));
    }
    environment.set_as("DATABASE_URL", &address, variable);
    Ok(())
}

fn whole(profile: &Profile, key: &str) -> Option<u64> {
    profile.said(key).and_then(toml::Value::as_integer).and_then(|n| u64::try_from(n).ok())
}

/// Values were checked when the profile was read.
fn pace_of(profile: &Profile, pace: &mut Pace) {
    let number = |key: &str| whole(profile, key).and_then(|n| u32::try_from(n).ok());
    let time = |key: &str| profile.said(key).and_then(toml::Value::as_str).and_then(|t| text::parse_duration(t).ok());
    let size = |key: &str| profile.said(key).and_then(toml::Value::as_str).and_then(|t| text::parse_bytes(t).ok());
    pace.workers = number("workers").and_then(|n| u16::try_from(n).ok()).unwrap_or(pace.workers);
    pace.batch_rows = number("batch_rows").unwrap_or(pace.batch_rows);
    pace.attempts = number("attempts").unwrap_or(pace.attempts);
    pace.deadline = time("deadline").unwrap_or(pace.deadline);
    pace.lock_timeout = time("lock_timeout").unwrap_or(pace.lock_timeout);
    pace.statement_timeout = time("statement_timeout").unwrap_or(pace.statement_timeout);
    pace.batch_delay = time("batch_delay").or(pace.batch_delay);
    pace.run_time = time("run_time").or(pace.run_time);
    pace.max_lag = size("max_lag").or(pace.max_lag);
}

/// What a run keeps of the settings and files that it was made with.
pub fn kept(profile: &Profile, consolidation: &Consolidation) -> serde_json::Value {
    let mut kept = profile.kept();
    kept["files"] = serde_json::json!(consolidation.files);
    kept["pgfold"] = env!("CARGO_PKG_VERSION").into();
    kept
}

/// Each setting and file that is another now than when the run was begun.
pub async fn changed_since(
    session: &mut Session,
    desk: &super::Desk,
    consolidation: &Consolidation,
    run: i64,
) -> Result<Vec<String>> {
    let Some(then) = book::config(session, run).await? else { return Ok(Vec::new()) };
    let now = kept(&desk.profile, consolidation);
    let mut out = Vec::new();
    let told = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
    for key in ["profile", "pgfold"] {
        if then[key] != now[key] {
            out.push(format!("{key}: was {}, is {}", told(&then[key]), told(&now[key])));
        }
    }
    for (part, shown) in [("settings", true), ("files", false)] {
        let none = serde_json::Map::new();
        let (was, is) = (then[part].as_object().unwrap_or(&none), now[part].as_object().unwrap_or(&none));
        let names: std::collections::BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for name in names {
            let name_inert = text::inert(name);
            match (was.get(name), is.get(name)) {
                (Some(a), Some(b)) if a == b => {}
                (Some(a), Some(b)) if shown => out.push(format!("{name_inert}: was {}, is {}", told(a), told(b))),
                (Some(_), Some(_)) => out.push(format!("file {name_inert} changed")),
                (None, _) => out.push(format!("{name_inert} is new")),
                (_, None) => out.push(format!("{name_inert} is gone")),
            }
        }
    }
    Ok(out)
}
