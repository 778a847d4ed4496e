//! Settings with their origins, and schemas.

use serde_json::Value;

use super::Output;
use super::human::{plain, table};
use crate::cli::Format;
use crate::config::{Origin, Profile, shown};
use crate::error::{Error, Result};
use crate::text;

impl Output {
    pub fn profile(&self, profile: &Profile) -> Result<()> {
        if self.format == Format::Json {
            let kept = profile.kept();
            return self.json(
                &serde_json::json!({ "profile": profile.name, "hash": kept["hash"], "settings": profile.values }),
            );
        }
        let mut t = table(&["setting", "value", "from"]);
        for v in &profile.values {
            let value = match (&v.value, &v.origin) {
                (_, Origin::Flag) => "as typed".to_owned(),
                (None, _) => "·".to_owned(),
                (Some(value), _) => shown(value),
            };
            t.add_row(vec![plain(v.key), plain(&value), plain(&v.origin.to_string())]);
        }
        let name = profile.name.as_deref().unwrap_or("none; defaults hold");
        let hash = profile.kept()["hash"].as_str().unwrap_or_default().to_owned();
        self.text(&format!("profile: {}\nhash: {hash}\n\n{t}\n", text::inert(name)))
    }

    pub(super) fn changed_since(&self, changed: &[String]) -> Result<()> {
        let lines: Vec<String> = changed.iter().map(|c| format!("  {}\n", text::inert(c))).collect();
        if lines.is_empty() { Ok(()) } else { self.text(&format!("changed since the newest run:\n{}", lines.concat())) }
    }

    /// One of them, or both under their names.
    pub fn schemas(&self, all: &[(&str, Value)], of: Option<&str>) -> Result<()> {
        let Some(of) = of else {
            let both: serde_json::Map<String, Value> = all.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect();
            return self.json(&both);
        };
        match all.iter().find(|(name, _)| *name == of) {
            Some((_, schema)) => self.json(schema),
            None => Err(Error::usage(
                format!("there is no schema of `{}`", text::inert(of)),
                "`pgfold config schema pgfold.toml` or `consolidation.toml`",
            )),
        }
    }
}
