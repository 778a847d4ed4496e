//! What every finding, check, exit code, class of failure and gate means, and which command leads on.

mod failed_check;
mod failure;

pub use failed_check::check_failure;
pub use failure::{Way, WayKind, class, ways};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::facts::FailureClass;
use crate::text;

/// One text by its id: a finding's rule, `check-1`, `exit-4`, `failure-lock`, `MIG-1`.
#[derive(Debug, Clone, Serialize)]
pub struct Explanation {
    pub id: String,
    pub title: String,
    pub cause: String,
    /// How to see it oneself.
    pub test: String,
    pub recovery: String,
}

#[derive(Deserialize)]
struct Written {
    title: Option<String>,
    cause: String,
    test: String,
    recovery: String,
}

/// All of them, in the order of the file.
pub fn all() -> Result<Vec<Explanation>> {
    let table: toml::Table = include_str!("texts.toml").parse().map_err(|e: toml::de::Error| bug(&e))?;
    let one = |(id, value): (String, toml::Value)| {
        let w: Written = value.try_into().map_err(|e: toml::de::Error| bug(&e))?;
        let title = w.title.unwrap_or_else(|| titled(&id));
        Ok(Explanation { id, title, cause: w.cause, test: w.test, recovery: w.recovery })
    };
    table.into_iter().map(one).collect()
}

fn bug(e: &toml::de::Error) -> Error {
    Error::bug(format!("the texts cannot be read: {e}"))
}

fn titled(id: &str) -> String {
    let (kind, rest) = id.split_once('-').unwrap_or(("", id));
    match kind {
        "exit" => format!("exit code {rest}"),
        "failure" => format!("{rest} failure"),
        _ => id.replace('-', " "),
    }
}

/// The text of an id as people write it: `check 4`, `4` for an exit code, `MIG-4.3`, an SQLSTATE.
pub fn explain(asked: &str) -> Result<Explanation> {
    let all = all()?;
    let plain = asked.trim().trim_matches('`');
    let joined = plain.replace([' ', '_'], "-").to_lowercase();
    let step = joined.split('.').next().unwrap_or_default();
    let wanted = [joined.clone(), format!("exit-{joined}"), format!("failure-{joined}"), step.to_owned()];
    let named = wanted.iter().find_map(|w| all.iter().find(|e| e.id.to_lowercase() == *w));
    if let Some(found) = named {
        return Ok(found.clone());
    }
    let is_state = plain.len() == 5 && plain.chars().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
    let class = FailureClass::of_state(plain).unwrap_or(FailureClass::Bug);
    if is_state && let Some(found) = all.iter().find(|e| e.id == class.id()) {
        let title = format!("SQLSTATE {plain}: {}", found.title);
        return Ok(Explanation { title, ..found.clone() });
    }
    let near = text::nearest(&joined, all.iter().map(|e| e.id.as_str()));
    let hint = match near.first() {
        Some(near) => format!("did you mean `{near}`? `pgfold explain` lists them all"),
        None => "`pgfold explain` lists them all".to_owned(),
    };
    Err(Error::usage(format!("nothing is known by the name `{}`", text::inert(asked)), hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_as_people_write_them() {
        for (asked, id) in [
            ("check 4", "check-4"),
            ("4", "exit-4"),
            ("exit 78", "exit-78"),
            ("MIG-4.3", "MIG-4"),
            ("mig-1", "MIG-1"),
            ("55P03", "failure-lock"),
            ("42501", "failure-permission"),
            ("lock", "failure-lock"),
            ("unknown_column", "unknown-column"),
        ] {
            assert_eq!(explain(asked).unwrap().id, id, "{asked}");
        }
        assert!(explain("unknwn-column").unwrap_err().hint().unwrap().contains("`unknown-column`"));
    }
}
