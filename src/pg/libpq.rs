//! What libpq does between its parameters and a connection: service file, password file, `~/.postgresql`, the system's
//! user, several hosts. What the driver cannot do is refused by name, never ignored.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use super::connect::Address;
use super::tls::{self, mode_word, with_tls};
use crate::config::{Connection, Parameters, Secret, password, service};
use crate::error::{Error, Result};
use crate::text;

/// What a session has to be able to do, `target_session_attrs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Any,
    ReadWrite,
    ReadOnly,
    Primary,
    Standby,
    PreferStandby,
}

impl Wanted {
    fn parse(written: &str) -> Option<Wanted> {
        Some(match written {
            "any" => Wanted::Any,
            "read-write" => Wanted::ReadWrite,
            "read-only" => Wanted::ReadOnly,
            "primary" => Wanted::Primary,
            "standby" => Wanted::Standby,
            "prefer-standby" => Wanted::PreferStandby,
            _ => return None,
        })
    }

    /// Whether a server in recovery, or one where writing is off by default, will do.
    pub(super) fn takes(self, in_recovery: bool, read_only: bool) -> bool {
        match self {
            Wanted::Any => true,
            Wanted::ReadWrite => !in_recovery && !read_only,
            Wanted::ReadOnly => in_recovery || read_only,
            Wanted::Primary => !in_recovery,
            Wanted::Standby | Wanted::PreferStandby => in_recovery,
        }
    }
}

/// One host of the list, ready to be connected to. Holds the password and therefore has no `Debug`.
#[derive(Clone)]
pub(super) struct Host {
    pub options: PgConnectOptions,
    pub address: Address,
}

/// Everything that a connection needs.
pub(super) struct Resolved {
    pub hosts: Vec<Host>,
    pub wanted: Wanted,
    pub patience: Duration,
    /// As libpq would have them in its environment, for pg_dump and pg_restore.
    pub variables: Vec<(String, Secret)>,
    /// What libpq would warn of.
    pub warnings: Vec<String>,
}

/// From the parameters to hosts; all mistakes at once.
pub(super) fn resolve(connection: &Connection) -> Result<Resolved> {
    let mut parameters = connection.parameters.clone();
    let mut mistakes = Vec::new();
    with_service(&mut parameters, &mut mistakes);
    mistakes.extend(parameters.not_honoured());
    let mut warnings = Vec::new();
    let wanted = match parameters.get("target_session_attrs") {
        None => Wanted::Any,
        Some(written) => Wanted::parse(written).unwrap_or_else(|| {
            mistakes.push(
                "`target_session_attrs` is any, read-write, read-only, primary, standby or prefer-standby".into(),
            );
            Wanted::Any
        }),
    };
    let patience = match parameters.get("connect_timeout").map(str::trim).map(str::parse::<i64>) {
        None => Duration::from_secs(15),
        Some(Ok(seconds)) if seconds <= 0 => Duration::from_secs(3600),
        // libpq rounds one second up to two
        Some(Ok(seconds)) => Duration::from_secs(seconds.clamp(2, 86_400).unsigned_abs()),
        Some(Err(_)) => {
            mistakes.push("`connect_timeout` is a whole number of seconds".to_owned());
            Duration::from_secs(15)
        }
    };
    let user = match parameters.get("user") {
        Some(user) => user.to_owned(),
        None => whoami::username().unwrap_or_else(|_| {
            mistakes.push("the system's user has no name: set PGUSER".to_owned());
            String::new()
        }),
    };
    let database = parameters.get("dbname").unwrap_or(&user).to_owned();
    let hosts = host_list(&parameters, &mut mistakes);
    let mut ready = Vec::new();
    for (host, port) in hosts {
        let mut one = One { parameters: &parameters, host, port, user: &user, database: &database };
        match one.ready(&mut mistakes, &mut warnings) {
            Some(host) => ready.push(host),
            None => continue,
        }
    }
    mistakes.sort();
    mistakes.dedup();
    if !mistakes.is_empty() {
        return Err(Error::Configuration {
            what: "the connection's settings cannot be honoured".to_owned(),
            mistakes,
            hint: "change them, or take them out, where they are written".to_owned(),
        });
    }
    warnings.dedup();
    let variables = variables(&parameters, &user, &database, &ready);
    Ok(Resolved { hosts: ready, wanted, patience, variables, warnings })
}

pub(super) fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|h| !h.as_os_str().is_empty())
}

/// Fills from the service that is named; the service's own lines lose against what was typed, and win over nothing.
fn with_service(parameters: &mut Parameters, mistakes: &mut Vec<String>) {
    let Some(name) = parameters.get("service").map(str::to_owned) else { return };
    let named = parameters.get("servicefile").map(PathBuf::from);
    let places = match named {
        Some(file) => vec![file],
        None => {
            let system =
                std::env::var_os("PGSYSCONFDIR").map_or(PathBuf::from("/etc/postgresql-common"), PathBuf::from);
            let own = home().map(|h| h.join(".pg_service.conf"));
            own.into_iter().chain([system.join("pg_service.conf")]).collect()
        }
    };
    for file in &places {
        let Ok(text) = std::fs::read_to_string(file) else { continue };
        match service(&text, &name, &format!("`{}`", file.display())) {
            Ok(Some(found)) => return parameters.fill(&found),
            Ok(None) => {}
            Err(wrong) => return mistakes.extend(wrong),
        }
    }
    let files: Vec<String> = places.iter().map(|p| p.display().to_string()).collect();
    mistakes.push(format!("there is no service `{}` in {}", text::inert(&name), text::quoted_list(&files)));
}

/// Where a socket of the distribution lies, else the loopback; as the client programs have it built in.
fn default_host(port: u16) -> String {
    let found = ["/var/run/postgresql", "/run/postgresql", "/tmp"]
        .into_iter()
        .find(|dir| Path::new(dir).join(format!(".s.PGSQL.{port}")).exists());
    found.unwrap_or("localhost").to_owned()
}

/// Hosts with their ports: as many ports as hosts, one for all, or none.
fn host_list(parameters: &Parameters, mistakes: &mut Vec<String>) -> Vec<(String, u16)> {
    let list = |name: &str| -> Vec<String> {
        parameters.get(name).map(|v| v.split(',').map(|p| p.trim().to_owned()).collect()).unwrap_or_default()
    };
    let (hosts, addresses, ports) = (list("host"), list("hostaddr"), list("port"));
    if !hosts.is_empty() && !addresses.is_empty() && hosts.len() != addresses.len() {
        mistakes.push(format!("`host` names {} hosts, `hostaddr` {} addresses", hosts.len(), addresses.len()));
    }
    let verifies = parameters.get("sslmode") == Some("verify-full");
    let count = hosts.len().max(addresses.len()).max(1);
    if ports.len() > 1 && ports.len() != count {
        mistakes.push(format!("`port` names {} ports for {count} hosts", ports.len()));
    }
    (0..count)
        .map(|n| {
            let written = ports.get(n).or(ports.first().filter(|_| ports.len() == 1)).filter(|p| !p.is_empty());
            let port = written.map_or(Ok(5432), |p| p.parse::<u16>()).ok().filter(|p| *p > 0).unwrap_or_else(|| {
                mistakes.push("`port` is a number from 1 to 65535".to_owned());
                5432
            });
            let name = hosts.get(n).filter(|h| !h.is_empty());
            let address = addresses.get(n).filter(|a| !a.is_empty());
            if let (Some(name), Some(address)) = (name, address)
                && verifies
                && name != address
            {
                mistakes.push("`hostaddr` beside `host` is not supported with sslmode=verify-full: the name is verified against what is connected to".to_owned());
            }
            if address.is_some_and(|a| a.parse::<std::net::IpAddr>().is_err()) {
                mistakes.push("`hostaddr` is no numeric address".to_owned());
            }
            (address.or(name).cloned().unwrap_or_else(|| default_host(port)), port)
        })
        .collect()
}

/// One host with all that is known of the connection.
struct One<'a> {
    parameters: &'a Parameters,
    host: String,
    port: u16,
    user: &'a str,
    database: &'a str,
}

impl One<'_> {
    fn ready(&mut self, mistakes: &mut Vec<String>, warnings: &mut Vec<String>) -> Option<Host> {
        let mut options = PgConnectOptions::new_without_pgpass()
            .port(self.port)
            .username(self.user)
            .database(self.database)
            .application_name(self.parameters.get("application_name").unwrap_or("pgfold"))
            .extra_float_digits(None)
            .statement_cache_capacity(0)
            .disable_statement_logging();
        options = if tls::Host(&self.host).is_socket() { options.socket(&self.host) } else { options.host(&self.host) };
        options = match self.password(mistakes, warnings) {
            Some(password) => options.password(password.reveal()),
            None => options,
        };
        if let Some(written) = self.parameters.get("options") {
            options = with_options(options, written, mistakes)?;
        }
        let options = with_tls(options, &tls::Host(&self.host), self.parameters, mistakes)?;
        let address = Address {
            host: self.host.clone(),
            port: self.port,
            user: self.user.to_owned(),
            database: self.database.to_owned(),
        };
        Some(Host { options, address })
    }

    /// The password that was given, else the one of the password file.
    fn password(&self, mistakes: &mut Vec<String>, warnings: &mut Vec<String>) -> Option<Secret> {
        if let Some(given) = self.parameters.get("password") {
            return Some(Secret::new(given));
        }
        let named = self.parameters.get("passfile").map(PathBuf::from);
        let file = named.clone().or_else(|| home().map(|h| h.join(".pgpass")))?;
        let about = match std::fs::metadata(&file) {
            Ok(about) => about,
            Err(_) if named.is_none() => return None,
            Err(e) => {
                warnings.push(format!("password file `{}`: {e}", file.display()));
                return None;
            }
        };
        if !about.is_file() {
            warnings.push(format!("password file `{}` is not a plain file", file.display()));
            return None;
        }
        #[cfg(unix)]
        if std::os::unix::fs::MetadataExt::mode(&about) & 0o077 != 0 {
            warnings.push(format!(
                "password file `{}` has group or world access and is not read; permissions should be u=rw (0600) or less",
                file.display()
            ));
            return None;
        }
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                let host = if tls::Host(&self.host).is_socket() {
                    "localhost"
                } else {
                    self.parameters.get("host").filter(|h| !h.contains(',')).unwrap_or(&self.host)
                };
                password(&text, host, self.port, self.database, self.user)
            }
            Err(e) => {
                mistakes.push(format!("password file `{}`: {e}", file.display()));
                None
            }
        }
    }
}

/// `-c name=value`, `-cname=value`, `--name=value`; a backslash takes the next character as it is.
fn with_options(options: PgConnectOptions, written: &str, mistakes: &mut Vec<String>) -> Option<PgConnectOptions> {
    let mut words = vec![String::new()];
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        match c {
            c if c.is_whitespace() => words.push(String::new()),
            c => {
                let taken = if c == '\\' { chars.next() } else { Some(c) };
                if let Some(word) = words.last_mut() {
                    word.extend(taken);
                }
            }
        }
    }
    let mut words = words.into_iter().filter(|w| !w.is_empty());
    let mut pairs = Vec::new();
    while let Some(word) = words.next() {
        let setting = match (word.strip_prefix("--"), word.strip_prefix("-c")) {
            (Some(long), _) => Some(long.replacen('-', "_", usize::MAX)).map(|l| match l.split_once('=') {
                Some((name, _)) => format!("{name}={}", long.split_once('=').map_or("", |(_, v)| v)),
                None => l,
            }),
            (None, Some("")) => words.next(),
            (None, Some(short)) => Some(short.to_owned()),
            _ => None,
        };
        match setting.as_deref().and_then(|s| s.split_once('=')) {
            Some((name, value)) => pairs.push((name.to_owned(), value.to_owned())),
            None => {
                mistakes.push("`options` is supported as `-c name=value` only".to_owned());
                return None;
            }
        }
    }
    Some(options.options(pairs))
}

/// For the programs of PostgreSQL: the same parameters, as variables of their environment.
fn variables(parameters: &Parameters, user: &str, database: &str, hosts: &[Host]) -> Vec<(String, Secret)> {
    let mut out: Vec<(String, Secret)> = Vec::new();
    for (name, value) in parameters.iter() {
        // what the service said is among the others, and a service file would win over them
        if matches!(name, "service" | "servicefile" | "application_name" | "client_encoding") {
            continue;
        }
        if let Some(variable) = crate::config::variable_of(name) {
            out.push((variable.to_owned(), value.text.clone()));
        }
    }
    let mut put = |name: &str, value: String| {
        out.retain(|(n, _)| n != name);
        out.push((name.to_owned(), Secret::new(value)));
    };
    put("PGUSER", user.to_owned());
    put("PGDATABASE", database.to_owned());
    if let Some(first) = hosts.first() {
        if parameters.get("host").is_none() && parameters.get("hostaddr").is_none() {
            put("PGHOST", first.address.host.clone());
        }
        if parameters.get("sslmode").is_none() && first.options.get_socket().is_none() {
            put("PGSSLMODE", mode_word(first.options.get_ssl_mode()).to_owned());
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Environment;
    use sqlx::postgres::PgSslMode;

    fn resolved(url: &str) -> Result<Resolved> {
        resolve(&Connection::gather(Some(url), &Environment::default()).unwrap())
    }

    fn mode(url: &str) -> PgSslMode {
        resolved(url).unwrap().hosts[0].options.get_ssl_mode()
    }

    #[test]
    fn off_the_loopback_a_connection_is_encrypted_unless_another_mode_is_written() {
        assert!(matches!(mode("postgres://u@db.example.org/d"), PgSslMode::Require | PgSslMode::VerifyCa));
        assert!(matches!(mode("postgres://u@localhost/d"), PgSslMode::Prefer));
        assert!(matches!(mode("postgres://u@[::1]/d"), PgSslMode::Prefer));
        assert!(matches!(mode("postgres://u@db.example.org/d?sslmode=disable"), PgSslMode::Disable));
        assert!(matches!(mode("postgres://u@db.example.org/d?sslrootcert=system"), PgSslMode::VerifyFull));
        assert!(resolved("postgres://u@h/d?sslrootcert=system&sslmode=require").is_err());
        assert!(resolved("postgres://u@h/d?sslmode=verifyfull").is_err());
        assert!(resolved("postgres://u@h/d?sslmode=verify-full&sslrootcert=/nowhere/ca.crt").is_err());
    }

    #[test]
    fn several_hosts_are_several_targets() {
        let all = resolved("postgres://u@a:1,b,[::1]:3/d?target_session_attrs=primary").unwrap();
        let shown: Vec<String> = all.hosts.iter().map(|h| format!("{}:{}", h.address.host, h.address.port)).collect();
        assert_eq!(shown, ["a:1", "b:5432", "::1:3"]);
        assert_eq!(all.wanted, Wanted::Primary);
        assert!(resolved("postgres://u@a,b,c/d?port=1,2").is_err());
        assert!(resolved("postgres://u@a/d?target_session_attrs=fast").is_err());
    }

    #[test]
    fn options_are_read_as_the_server_reads_them() {
        let of = |written: &str| {
            let mut mistakes = Vec::new();
            let options = with_options(PgConnectOptions::new_without_pgpass(), written, &mut mistakes);
            (options.and_then(|o| o.get_options().map(str::to_owned)), mistakes.len())
        };
        assert_eq!(of("-c geqo=off --search-path=a\\ b").1, 0);
        assert!(of("-c geqo=off").0.unwrap().contains("geqo=off"));
        assert_eq!(of("-x 1").1, 1);
    }
}
