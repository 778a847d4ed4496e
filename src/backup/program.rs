//! pg_dump, pg_restore: found, their version asked, run with the password in their environment only.

use std::process::{Command, Output, Stdio};

use super::refuse;
use crate::config::Secret;
use crate::error::{Error, Result};
use crate::pg::Server;

/// The way to a server for a program of PostgreSQL's: variables of its environment, nothing on its command line.
pub struct Access {
    variables: Vec<(String, Secret)>,
}

impl Access {
    /// What the server's sessions are opened with.
    pub fn new(server: &Server) -> Access {
        Access { variables: server.variables().to_vec() }
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
