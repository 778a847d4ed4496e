//! Settings: a flag over the environment over a file over the default, and the secret connection text.

mod conninfo;
pub mod defaults;
mod dotenv;
mod profile;
mod settings;
mod window;

pub use conninfo::{Parameters, password, service, variable_of};
pub use dotenv::DotEnv;
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
    values: BTreeMap<String, Variable>,
}

#[derive(Debug, Clone)]
struct Variable {
    value: Secret,
    /// Whether it comes from `.env`.
    of_file: bool,
}

impl Environment {
    /// `over`, the process's own, wins over `under`, what `.env` says.
    pub fn layered(
        over: impl IntoIterator<Item = (String, String)>,
        under: impl IntoIterator<Item = (String, String)>,
    ) -> Environment {
        let mut values: BTreeMap<String, Variable> = BTreeMap::new();
        for (name, value) in under {
            values.insert(name, Variable { value: Secret::new(value), of_file: true });
        }
        for (name, value) in over {
            values.insert(name, Variable { value: Secret::new(value), of_file: false });
        }
        Environment { values }
    }

    /// In place of what was there.
    pub fn set(&mut self, name: &str, value: &str) {
        let of_file = self.is_of_file(name);
        self.values.insert(name.to_owned(), Variable { value: Secret::new(value), of_file });
    }

    /// In place of what was there, as if it had been written where `origin` was.
    pub fn set_as(&mut self, name: &str, value: &str, origin: &str) {
        let of_file = self.is_of_file(origin);
        self.values.insert(name.to_owned(), Variable { value: Secret::new(value), of_file });
    }

    /// The value, if it is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(|v| v.value.reveal()).filter(|v| !v.is_empty())
    }

    /// The process's own variables alone.
    pub fn without_file(&self) -> Environment {
        let own = self.values.iter().filter(|(_, v)| !v.of_file).map(|(n, v)| (n.clone(), v.clone()));
        Environment { values: own.collect() }
    }

    /// Whether the value comes from `.env`.
    pub fn is_of_file(&self, name: &str) -> bool {
        self.values.get(name).is_some_and(|v| v.of_file)
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
    /// What address and variables say, by libpq's parameter names.
    pub parameters: Parameters,
}

impl Connection {
    /// From a flag or the environment; all mistakes at once, nothing at all is one, with the way out.
    pub fn gather(flag: Option<&str>, environment: &Environment) -> Result<Connection> {
        one_place(flag, environment)?;
        let address =
            flag.map(|f| (f, "--database-url")).or(environment.get("DATABASE_URL").map(|u| (u, "DATABASE_URL")));
        let mut parameters = match address {
            Some((text, origin)) => conninfo::parse(text, origin).map_err(|mistakes| Error::Configuration {
                what: format!("`{origin}` is not a PostgreSQL URL"),
                mistakes,
                hint: "postgres://user:password@host:5432/database, special characters percent-encoded".to_owned(),
            })?,
            None => Parameters::default(),
        };
        let mut of_variables = Parameters::default();
        for (variable, name) in conninfo::variables() {
            if let Some(value) = environment.get(variable)
                && let Err(why) = of_variables.set(name, value, variable)
            {
                return Err(Error::bug(why));
            }
        }
        // a flag wins over the environment
        if flag.is_none() {
            agree(&parameters, &of_variables)?;
        }
        parameters.fill(&of_variables);
        let named = ["host", "hostaddr", "dbname", "user", "service"];
        if address.is_none() && !named.iter().any(|n| parameters.get(n).is_some()) {
            return Err(Error::Configuration {
                what: "no database was named".to_owned(),
                mistakes: Vec::new(),
                hint: "set DATABASE_URL=postgres://user@host/database or PGHOST, PGUSER and PGDATABASE; \
                       without a database: `pgfold demo`"
                    .to_owned(),
            });
        }
        Ok(Connection { parameters })
    }
}

/// The variables that say where the server is and how it is spoken to: all from the environment, or all from `.env`.
/// A host of the one with an address, option or TLS setting of the other would be a connection that nobody meant.
fn one_place(flag: Option<&str>, environment: &Environment) -> Result<()> {
    let names = conninfo::variables().map(|(variable, _)| variable).chain(flag.is_none().then_some("DATABASE_URL"));
    let set: Vec<&str> = names.filter(|n| environment.get(n).is_some()).collect();
    let (file, own): (Vec<&str>, Vec<&str>) = set.into_iter().partition(|n| environment.is_of_file(n));
    let own = if flag.is_some() { vec!["--database-url"] } else { own };
    if file.is_empty() || own.is_empty() {
        return Ok(());
    }
    Err(Error::Configuration {
        what: "the connection is mixed from two places".to_owned(),
        mistakes: vec![
            format!("the environment sets {}", crate::text::quoted_list(&own)),
            format!("`.env` in this folder sets {}", crate::text::quoted_list(&file)),
        ],
        hint: "set all of them in one place: take the lines out of `.env`, or put the whole connection there"
            .to_owned(),
    })
}

/// `DATABASE_URL` and `PG*` that say different things: refused, both named, no password shown.
fn agree(address: &Parameters, variables: &Parameters) -> Result<()> {
    let mut mistakes = Vec::new();
    for (name, value) in variables.iter() {
        let (Some(in_address), variable) = (address.get(name), &value.origin) else { continue };
        if in_address == value.text.reveal() {
            continue;
        }
        mistakes.push(match name {
            "password" => format!("`{variable}` and DATABASE_URL hold two passwords"),
            _ => format!(
                "`{variable}` is `{}`, DATABASE_URL says `{}`",
                crate::text::inert(value.text.reveal()),
                crate::text::inert(in_address)
            ),
        });
    }
    if mistakes.is_empty() {
        return Ok(());
    }
    Err(Error::Configuration {
        what: "DATABASE_URL and PG* disagree".to_owned(),
        mistakes,
        hint: "unset one of the two".to_owned(),
    })
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
        let host =
            |flag, e: &Environment| Connection::gather(flag, e).unwrap().parameters.get("host").map(str::to_owned);
        assert_eq!(host(Some("postgres://flag/db"), &e).unwrap(), "flag");
        assert_eq!(host(None, &e).unwrap(), "env");
        assert_eq!(host(None, &env(&[])).unwrap(), "file");
    }

    #[test]
    fn a_password_is_never_debugged() {
        let e = Environment::layered([("PGPASSWORD".to_owned(), "hunter2".to_owned())], []);
        let c = Connection::gather(Some("postgres://u:hunter2@h/d"), &e).unwrap();
        assert!(!format!("{c:?} {:?}", env(&[("X", "hunter2")])).contains("hunter2"));
    }

    #[test]
    fn a_connection_comes_from_one_place() {
        let mixed = |own: &[(&str, &str)], file: &[(&str, &str)]| {
            let pairs =
                |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>();
            Connection::gather(None, &Environment::layered(pairs(own), pairs(file)))
        };
        let bank = [("PGHOST", "db.bank.internal"), ("PGUSER", "dba"), ("PGDATABASE", "prod")];
        for file in ["PGHOSTADDR", "PGPORT", "PGOPTIONS", "PGSSLMODE", "PGSERVICE", "DATABASE_URL"] {
            let error = mixed(&bank, &[(file, "postgres://x")]).unwrap_err();
            let told = format!("{error:?}");
            assert!(error.exit() == 78 && told.contains(file) && told.contains("PGHOST"), "{file}: {told}");
        }
        assert!(
            mixed(&bank, &[("PGHOST", "other"), ("PGFOLD_WORKERS", "3")]).is_ok(),
            "what the environment overrides is not used"
        );
        assert!(mixed(&[], &bank).is_ok());
        let two = mixed(&[("DATABASE_URL", "postgres://h/d?sslmode=require"), ("PGSSLMODE", "verify-full")], &[]);
        assert_eq!(two.unwrap_err().exit(), 78);
    }

    #[test]
    fn a_flag_in_the_environment_must_say_yes_or_no() {
        assert!(env(&[("DRY_RUN", "True")]).flag("DRY_RUN").unwrap());
        assert!(!env(&[("DRY_RUN", "")]).flag("DRY_RUN").unwrap());
        assert_eq!(env(&[("DRY_RUN", "maybe")]).flag("DRY_RUN").unwrap_err().exit(), 78);
    }
}
