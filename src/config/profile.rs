//! Profiles of pgfold.toml: read whole with all mistakes at once, each value with its origin.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::settings::{self, SETTINGS, Setting};
use super::{Environment, Window, defaults};
use crate::error::{Error, Result};
use crate::text;

pub const FILE: &str = "pgfold.toml";

/// The file as it is written, checked.
#[derive(Debug, Clone, Default)]
pub struct Profiles {
    default: Option<String>,
    profiles: BTreeMap<String, toml::Table>,
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Flag,
    /// The variable.
    Environment(String),
    /// The profile that says it, which may be one that was extended.
    Profile(String),
    Default,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Origin::Flag => f.write_str("command line"),
            Origin::Environment(name) => write!(f, "environment: {name}"),
            Origin::Profile(name) => write!(f, "{FILE}: [profile.{name}]"),
            Origin::Default => f.write_str("default"),
        }
    }
}

/// One value with its origin; none where it is not set at all.
#[derive(Debug, Clone, Serialize)]
pub struct Resolved {
    pub key: &'static str,
    pub value: Option<toml::Value>,
    pub origin: Origin,
}

/// What holds for a command.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    pub name: Option<String>,
    pub values: Vec<Resolved>,
}

impl Profiles {
    /// Every mistake at once; an empty text is a file without profiles.
    pub fn parse(text: &str) -> Result<Profiles> {
        let wrong = |mistakes: Vec<String>| Error::Configuration {
            what: format!("{FILE} has {}", text::count(mistakes.len() as u64, "mistake")),
            mistakes,
            hint: "correct the file; `pgfold config schema` prints what it may hold".to_owned(),
        };
        let file: toml::Table =
            text.parse().map_err(|e: toml::de::Error| wrong(vec![e.to_string().trim_end().to_owned()]))?;
        let mut mistakes = Vec::new();
        let mut out = Profiles::default();
        for (key, value) in &file {
            match (key.as_str(), value) {
                ("default", toml::Value::String(name)) => out.default = Some(name.clone()),
                ("profile", toml::Value::Table(all)) => {
                    for (name, value) in all {
                        match value {
                            toml::Value::Table(table) => drop(out.profiles.insert(name.clone(), table.clone())),
                            _ => mistakes.push(format!("`profile.{}` is no table", text::inert(name))),
                        }
                    }
                }
                ("default" | "profile", _) => mistakes.push(format!("`{key}` is of the wrong type")),
                _ => mistakes.push(unknown(key, &["default", "profile"], "")),
            }
        }
        for (name, table) in &out.profiles {
            mistakes.extend(out.mistakes(name, table));
        }
        let names: Vec<&str> = out.profiles.keys().map(String::as_str).collect();
        if let Some(default) = out.default.as_deref().filter(|d| !names.contains(d)) {
            mistakes.push(format!("`default`: {}", no_profile(default, &names)));
        }
        if mistakes.is_empty() { Ok(out) } else { Err(wrong(mistakes)) }
    }

    fn mistakes(&self, name: &str, table: &toml::Table) -> Vec<String> {
        let mut found = Vec::new();
        let keys: Vec<&str> = SETTINGS.iter().map(|s| s.key).chain(["extends"]).collect();
        let at = format!("profile.{}", text::inert(name));
        for (key, value) in table {
            match settings::known(key) {
                Some(setting) => found.extend(setting.wrong(value).map(|why| format!("`{at}.{key}`: {why}"))),
                None if key == "extends" => {}
                None => found.push(unknown(key, &keys, &format!("{at}."))),
            }
        }
        let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        match table.get("extends").map(|e| e.as_str()) {
            Some(None) => found.push(format!("`{at}.extends`: write the name of another profile")),
            Some(Some(other)) if !names.contains(&other) => {
                found.push(format!("`{at}.extends`: {}", no_profile(other, &names)));
            }
            Some(Some(_)) if self.chain(name).is_none() => {
                found.push(format!("`{at}.extends`: the profile extends itself in the end"));
            }
            _ => {}
        }
        found
    }

    /// The profile and those that it extends, itself first; none when that never ends.
    fn chain(&self, name: &str) -> Option<Vec<&str>> {
        let mut out: Vec<&str> = Vec::new();
        let mut next = Some(name);
        while let Some((name, table)) = next.and_then(|n| self.profiles.get_key_value(n)) {
            if out.contains(&name.as_str()) {
                return None;
            }
            out.push(name);
            next = table.get("extends").and_then(toml::Value::as_str);
        }
        Some(out)
    }

    /// Flag over environment over profile over default; `given` are the flags that were typed, by the setting's key.
    pub fn resolve(&self, wanted: Option<&str>, environment: &Environment, given: &[String]) -> Result<Profile> {
        let names: Vec<&str> = self.profiles.keys().map(String::as_str).collect();
        let name = wanted.or(self.default.as_deref());
        if let Some(name) = name.filter(|n| !names.contains(n)) {
            return Err(Error::Configuration {
                what: no_profile(name, &names),
                mistakes: Vec::new(),
                hint: format!("write `[profile.{}]` in {FILE}, or name another with --profile", text::inert(name)),
            });
        }
        let chain = name.and_then(|n| self.chain(n)).unwrap_or_default();
        let mut mistakes = Vec::new();
        let mut values = Vec::new();
        for setting in SETTINGS {
            values.push(self.one(setting, &chain, environment, given, &mut mistakes));
        }
        if !mistakes.is_empty() {
            return Err(Error::Configuration {
                what: format!("the environment has {}", text::count(mistakes.len() as u64, "mistake")),
                mistakes,
                hint: "correct the variables; `pgfold config show` tells where each value comes from".to_owned(),
            });
        }
        Ok(Profile { name: name.map(str::to_owned), values })
    }

    fn one(
        &self,
        setting: &'static Setting,
        chain: &[&str],
        environment: &Environment,
        given: &[String],
        mistakes: &mut Vec<String>,
    ) -> Resolved {
        let key = setting.key;
        let variable = format!("PGFOLD_{}", key.to_uppercase());
        // PGFOLD_NOTIFY is the address itself, and no name of a variable
        let set = environment.get(&variable).filter(|_| setting.kind != settings::Kind::Variable);
        if given.iter().any(|g| g == key) {
            return Resolved { key, value: None, origin: Origin::Flag };
        }
        if let Some(text) = set {
            let value = setting.read_as(text);
            mistakes.extend(setting.wrong(&value).map(|why| format!("`{variable}`: {why}")));
            return Resolved { key, value: Some(value), origin: Origin::Environment(variable) };
        }
        let said = chain.iter().find_map(|n| Some((*n, self.profiles.get(*n)?.get(key)?)));
        if let Some((name, value)) = said {
            return Resolved { key, value: Some(value.clone()), origin: Origin::Profile(name.to_owned()) };
        }
        let default = (!setting.default.is_empty()).then(|| setting.read_as(setting.default));
        Resolved { key, value: default, origin: Origin::Default }
    }
}

fn no_profile(name: &str, names: &[&str]) -> String {
    let near = match text::nearest(name, names.iter().copied()).first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None if names.is_empty() => format!("; {FILE} has none, or is not in this folder"),
        None => format!("; there are {}", text::quoted_list(names)),
    };
    format!("there is no profile `{}`{near}", text::inert(name))
}

fn unknown(key: &str, known: &[&str], at: &str) -> String {
    let hint = match text::nearest(key, known.iter().copied()).first() {
        Some(near) => format!("; did you mean `{near}`?"),
        None => format!("; known here: {}", known.join(", ")),
    };
    format!("`{at}{}` is not a setting{hint}", text::inert(key))
}

impl Profile {
    fn resolved(&self, key: &str) -> Option<&Resolved> {
        self.values.iter().find(|v| v.key == key)
    }

    fn value(&self, key: &str) -> Option<&toml::Value> {
        self.resolved(key)?.value.as_ref()
    }

    /// What environment or profile say, as opposed to a flag or the default.
    pub fn said(&self, key: &str) -> Option<&toml::Value> {
        let r = self.resolved(key).filter(|r| matches!(r.origin, Origin::Environment(_) | Origin::Profile(_)))?;
        r.value.as_ref()
    }

    pub fn text(&self, key: &str) -> Option<&str> {
        self.value(key).and_then(toml::Value::as_str)
    }

    pub fn is_production(&self) -> bool {
        self.value("production").and_then(toml::Value::as_bool) == Some(true)
    }

    pub fn age(&self, key: &str) -> Option<Duration> {
        self.text(key).and_then(|t| settings::age(t).ok())
    }

    /// The same, where environment or profile say it.
    pub fn said_age(&self, key: &str) -> Option<Duration> {
        self.said(key)?.as_str().and_then(|t| settings::age(t).ok())
    }

    /// How old a verified backup may be when a run begins.
    pub fn backup_age(&self) -> Duration {
        self.age("backup_age").unwrap_or_else(|| defaults::time(defaults::BACKUP_AGE))
    }

    pub fn gates(&self) -> Vec<String> {
        let all = self.value("gates").and_then(toml::Value::as_array);
        all.into_iter().flatten().filter_map(|g| g.as_str().map(str::to_owned)).collect()
    }

    pub fn window(&self) -> Option<Window> {
        self.value("window").and_then(|w| Window::parse(w).ok())
    }

    /// Key and line, in the order of the keys.
    pub fn checklist(&self) -> Vec<(String, String)> {
        let all = self.value("checklist").and_then(toml::Value::as_table);
        all.into_iter().flatten().filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned()))).collect()
    }

    /// What a run keeps of it: names and values, no secret among them, and the SHA-256 of it all.
    pub fn kept(&self) -> serde_json::Value {
        let settings: serde_json::Map<String, serde_json::Value> = (self.values.iter())
            .filter_map(|v| Some((v.key.to_owned(), serde_json::to_value(v.value.as_ref()?).ok()?)))
            .collect();
        let told = serde_json::json!({ "profile": self.name, "settings": settings });
        let hash: String = Sha256::digest(told.to_string().as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        serde_json::json!({ "hash": hash, "profile": self.name, "settings": settings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "default = \"development\"\n[profile.development]\nworkers = 4\nlock_timeout = \"2s\"\n
        [profile.production]\nextends = \"development\"\nproduction = true\nlock_timeout = \"1s\"\n";

    fn origin(p: &Profile, key: &str) -> String {
        p.resolved(key).unwrap().origin.to_string()
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_profile_over_the_one_it_extends() {
        let profiles = Profiles::parse(FILE).unwrap();
        let env = Environment::layered([("PGFOLD_ATTEMPTS".to_owned(), "7".to_owned())], []);
        let p = profiles.resolve(Some("production"), &env, &["batch_rows".to_owned()]).unwrap();
        assert_eq!(origin(&p, "workers"), "pgfold.toml: [profile.development]");
        assert_eq!(origin(&p, "lock_timeout"), "pgfold.toml: [profile.production]");
        assert_eq!(p.text("lock_timeout"), Some("1s"));
        assert_eq!(origin(&p, "attempts"), "environment: PGFOLD_ATTEMPTS");
        assert_eq!(origin(&p, "batch_rows"), "command line");
        assert_eq!(origin(&p, "deadline"), "default");
        assert!(p.is_production() && !profiles.resolve(None, &env, &[]).unwrap().is_production());
        assert_eq!(profiles.resolve(Some("prodction"), &env, &[]).unwrap_err().exit(), 78);
    }

    #[test]
    fn every_mistake_is_listed() {
        let text = "defalt = \"x\"\ndefault = \"nobody\"\n[profile.a]\nextends = \"b\"\nworkers = 0\nbatchrows = 5\n
            connection = \"postgres://u:hunter2@h/d\"\nlock_timeout = \"soon\"\ngates = [\"MIG-9\"]\nwindow = { from = \"x\" }\n
            production = \"yes\"\nbackup_age = \"old\"\nmax_lag = \"big\"\n[profile.a.checklist]\none = 1\n[profile.b]\nextends = \"a\"\n";
        let Error::Configuration { mistakes, .. } = Profiles::parse(text).unwrap_err() else { panic!() };
        for word in [
            "`defalt`",
            "`default`",
            "extends itself",
            "workers",
            "did you mean `batch_rows`",
            "never the address",
            "lock_timeout",
            "MIG-9",
            "window",
            "production",
            "backup_age",
            "max_lag",
            "checklist",
        ] {
            assert!(mistakes.iter().any(|m| m.contains(word)), "`{word}` is not in {mistakes:#?}");
        }
        assert!(!mistakes.concat().contains("hunter2"));
    }

    #[test]
    fn the_hash_changes_with_a_value_and_with_nothing_else() {
        let env = Environment::default();
        let hash = |text: &str| Profiles::parse(text).unwrap().resolve(None, &env, &[]).unwrap().kept()["hash"].clone();
        assert_eq!(hash(FILE), hash(&format!("# a remark\n{FILE}")));
        assert_ne!(hash(FILE), hash(&FILE.replace("workers = 4", "workers = 5")));
    }
}
