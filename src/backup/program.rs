//! pg_dump, pg_restore: found, their version asked, run with the password in their environment only.

use std::process::{Command, Output, Stdio};

use super::refuse;
use crate::config::{Connection, Secret};
use crate::error::{Error, Result};
use crate::pg::Address;

/// The way to a server for a program of PostgreSQL's: variables of its environment, nothing on its command line.
pub struct Access {
    variables: Vec<(String, Secret)>,
}

impl Access {
    pub fn new(connection: &Connection, address: &Address) -> Access {
        let mut variables: Vec<(String, Secret)> =
            connection.libpq.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        let mut set = |name: &str, value: String| {
            variables.retain(|(n, _)| n != name);
            variables.push((name.to_owned(), Secret::new(value)));
        };
        set("PGHOST", address.host.clone());
        set("PGPORT", address.port.to_string());
        set("PGUSER", address.user.clone());
        set("PGDATABASE", address.database.clone());
        if let Some(url) = &connection.url {
            for (name, value) in of_url(url.reveal()) {
                set(&name, value);
            }
        }
        Access { variables }
    }

    /// The same server, another database.
    pub fn database(&self, name: &str) -> Access {
        let mut variables = self.variables.clone();
        variables.retain(|(n, _)| n != "PGDATABASE");
        variables.push(("PGDATABASE".to_owned(), Secret::new(name)));
        Access { variables }
    }

    pub fn command(&self, program: &str) -> Command {
        let mut command = bare(program);
        for (name, value) in &self.variables {
            command.env(name, value.reveal());
        }
        command
    }
}

/// A program without any way to a server.
pub fn bare(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PG") {
            command.env_remove(name);
        }
    }
    command.env("PGAPPNAME", "pgfold").env("PGCLIENTENCODING", "UTF8").env("LC_MESSAGES", "C").stdin(Stdio::null());
    command
}

/// What a URL says beyond the address: password and the parameters that libpq has variables for.
fn of_url(url: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (front, query) = rest.split_once('?').unwrap_or((rest, ""));
    let authority = front.split('/').next().unwrap_or_default();
    if let Some((user, _)) = authority.rsplit_once('@')
        && let Some((_, password)) = user.split_once(':')
    {
        out.push(("PGPASSWORD".to_owned(), decoded(password)));
    }
    for (name, value) in query.split('&').filter_map(|p| p.split_once('=')) {
        let variable = match name {
            "password" => "PGPASSWORD",
            "sslmode" => "PGSSLMODE",
            "sslrootcert" => "PGSSLROOTCERT",
            "sslcert" => "PGSSLCERT",
            "sslkey" => "PGSSLKEY",
            "options" => "PGOPTIONS",
            _ => continue,
        };
        out.push((variable.to_owned(), decoded(value)));
    }
    out
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let hex = (bytes[i] == b'%').then(|| text.get(i + 1..i + 3)).flatten();
        match hex.and_then(|h| u8::from_str_radix(h, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                i += 3;
            }
            None => {
                out.push(bytes[i]);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// `pg_dump (PostgreSQL) 15.18 (…)`: the whole text and the major version.
pub fn version(program: &str) -> Result<(String, i32)> {
    let output = bare(program).arg("--version").output().map_err(|e| absent(program, &e))?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let number = text.split_whitespace().find_map(|w| w.split('.').next().and_then(|n| n.parse().ok()));
    Ok((text, number.unwrap_or(0)))
}

/// A program older than the data it is to read is refused before it can fail half-way.
pub fn at_least(program: &str, major: i32, whose: &str) -> Result<String> {
    let (text, own) = version(program)?;
    if own < major {
        return Err(refuse(
            format!("`{program}` is of PostgreSQL {own}, {whose} is of {major}: an older program cannot read it"),
            format!("install the client programs of PostgreSQL {major} or later and put them first in PATH"),
        ));
    }
    Ok(text)
}

/// To its end; what it said is the error when it fails.
pub fn run(what: &str, command: &mut Command) -> Result<Output> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|e| absent(&program, &e))?;
    if output.status.success() {
        return Ok(output);
    }
    Err(failed(what, &String::from_utf8_lossy(&output.stderr)))
}

pub fn failed(what: &str, stderr: &str) -> Error {
    let why: Vec<&str> = stderr.lines().filter(|l| !l.trim().is_empty()).take(5).collect();
    Error::Program {
        what: what.to_owned(),
        why: crate::text::inert(&why.join("; ")),
        hint: "the words are those of PostgreSQL's own program; try it by hand with the same settings".to_owned(),
    }
}

fn absent(program: &str, error: &std::io::Error) -> Error {
    Error::Program {
        what: format!("`{program}` cannot be started"),
        why: error.to_string(),
        hint: "install PostgreSQL's client programs, for instance `apt-get install postgresql-client`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_a_url_is_decoded() {
        let of = of_url("postgres://me:p%40ss%3A:w@host:5/db?sslmode=require&x=1");
        assert_eq!(of, [("PGPASSWORD".into(), "p@ss::w".into()), ("PGSSLMODE".into(), "require".into())]);
    }
}
