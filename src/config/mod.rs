//! Settings: a flag over the environment over a file over the default, and the secret connection text.

mod profile;
mod settings;
mod window;

pub use profile::{FILE, Origin, Profile, Profiles, Resolved};
pub use settings::{is_gate, schema, shown};
pub use window::Window;

use std::collections::BTreeMap;
use std::fmt;

use crate::error::{Error, Result};

/// A text that is never shown: its `Debug` and `Display` are dots.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text itself, for the one place that hands it to the driver.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("•••")
    }
}

/// The environment, with `.env` below it.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    values: BTreeMap<String, Secret>,
}

impl Environment {
    /// `over` wins over `under`.
    pub fn layered(
        over: impl IntoIterator<Item = (String, String)>,
        under: impl IntoIterator<Item = (String, String)>,
    ) -> Environment {
        let mut values: BTreeMap<String, Secret> = BTreeMap::new();
        for (name, value) in under.into_iter().chain(over) {
            values.insert(name, Secret::new(value));
        }
        Environment { values }
    }

    /// In place of what was there.
    pub fn set(&mut self, name: &str, value: &str) {
        self.values.insert(name.to_owned(), Secret::new(value));
    }

    /// The value, if it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(Secret::reveal).filter(|v| !v.is_empty())
    }

    /// `true`, `1`, `yes` or `on`; anything else that is set and not their opposite is a mistake.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.get(name).map(str::to_lowercase).as_deref() {
            None | Some("false" | "0" | "no" | "off") => Ok(false),
            Some("true" | "1" | "yes" | "on") => Ok(true),
            Some(_) => Err(Error::Configuration {
                what: format!("`{name}` is neither true nor false"),
                mistakes: Vec::new(),
                hint: format!("{name}=true or {name}=false"),
            }),
        }
    }
}

/// How to reach the server.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    pub url: Option<Secret>,
    /// Whether the URL was typed, and not taken from the environment.
    pub typed: bool,
    /// libpq's variables that are set: `PGHOST`, `PGPORT`, `PGUSER`, `PGPASSWORD`, `PGDATABASE`, …
    pub libpq: BTreeMap<String, Secret>,
}

const LIBPQ: &[&str] = &[
    "PGHOST",
    "PGHOSTADDR",
    "PGPORT",
    "PGUSER",
    "PGPASSWORD",
    "PGDATABASE",
    "PGSSLMODE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGOPTIONS",
];

impl Connection {
    /// From a flag or the environment; nothing at all is a mistake with the way out.
    pub fn gather(flag: Option<&str>, environment: &Environment) -> Result<Connection> {
        let url = flag.or_else(|| environment.get("DATABASE_URL")).map(Secret::new);
        let libpq: BTreeMap<String, Secret> = LIBPQ
            .iter()
            .filter_map(|name| environment.get(name).map(|v| ((*name).to_owned(), Secret::new(v))))
            .collect();
        let named = ["PGHOST", "PGHOSTADDR", "PGDATABASE", "PGUSER"];
        if url.is_none() && !named.iter().any(|n| libpq.contains_key(*n)) {
            return Err(Error::Configuration {
                what: "no database was named".to_owned(),
                mistakes: Vec::new(),
                hint: "set DATABASE_URL=postgres://user@host/database or PGHOST, PGUSER and PGDATABASE; \
                       without a database: `pgfold demo`"
                    .to_owned(),
            });
        }
        Ok(Connection { url, typed: flag.is_some(), libpq })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &[(&str, &str)]) -> Environment {
        let owned = pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned()));
        Environment::layered(owned, [("DATABASE_URL".to_owned(), "postgres://file/db".to_owned())])
    }

    #[test]
    fn a_flag_wins_over_the_environment_over_the_file() {
        let e = env(&[("DATABASE_URL", "postgres://env/db")]);
        let flag = Connection::gather(Some("postgres://flag/db"), &e).unwrap();
        assert_eq!(flag.url.unwrap().reveal(), "postgres://flag/db");
        assert_eq!(Connection::gather(None, &e).unwrap().url.unwrap().reveal(), "postgres://env/db");
        assert_eq!(Connection::gather(None, &env(&[])).unwrap().url.unwrap().reveal(), "postgres://file/db");
    }

    #[test]
    fn a_password_is_never_debugged() {
        let c = Connection::gather(Some("postgres://u:hunter2@h/d"), &env(&[("PGPASSWORD", "hunter2")])).unwrap();
        assert!(!format!("{c:?} {:?}", env(&[("X", "hunter2")])).contains("hunter2"));
    }

    #[test]
    fn a_flag_in_the_environment_must_say_yes_or_no() {
        assert!(env(&[("DRY_RUN", "True")]).flag("DRY_RUN").unwrap());
        assert!(!env(&[("DRY_RUN", "")]).flag("DRY_RUN").unwrap());
        assert_eq!(env(&[("DRY_RUN", "maybe")]).flag("DRY_RUN").unwrap_err().exit(), 78);
    }
}
