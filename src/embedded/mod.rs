//! A throw-away PostgreSQL for the demo and the tests: starts by itself, dies with us, leaves nothing behind.

mod account;
mod fetch;
mod folder;
mod launch;
mod programs;

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use account::Account;
use folder::Folder;
use launch::{Bond, Launch, Running};

pub use programs::{Programs, Search};

/// Names the socket file only, unless TCP is asked for.
const PORT: u16 = 5432;
const SUPERUSER: &str = "postgres";

/// How a server is to be.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Default durability (`fsync` and the like on); for tests that kill the server, and for measurements.
    pub durable: bool,
    /// Further settings, as `postgres -c name=value`; they win over ours.
    pub settings: Vec<(String, String)>,
    /// Where the server's folder is made; the temporary folder when left out.
    pub parent: Option<PathBuf>,
    /// The folder that holds `initdb` and `postgres`; searched for when left out.
    pub programs: Option<PathBuf>,
    /// Also listens on a free port of the loopback address, for whoever needs a proxy in between.
    /// Any user of the machine may connect then, as superuser.
    pub tcp: bool,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Open transactions are rolled back, everything is written.
    Fast,
    /// As a crash: the next start recovers.
    Immediate,
}

/// A server of our own. Dropping it stops it and removes its folder; so does the end of this process, however it ends.
#[derive(Debug)]
pub struct Server {
    running: Option<Running>,
    folder: Folder,
    programs: Programs,
    account: Option<Account>,
    arguments: Vec<String>,
    port: u16,
    tcp: bool,
}

/// Where a server is that was told to outlive us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Everything of it; can be removed once the server has stopped.
    pub folder: PathBuf,
    pub socket_dir: PathBuf,
    pub port: u16,
    pub pid: u32,
}

impl Server {
    /// Makes a folder and a cluster in it, and starts the server; about a second.
    pub fn start(options: &Options) -> Result<Server> {
        let programs = Programs::find(options.programs.as_deref())?;
        let account = account::of_the_server()?;
        let parent = folder::parent(options.parent.as_deref(), account)?;
        folder::sweep(&parent);
        let folder = Folder::create(&parent, account)?;
        let port = if options.tcp { free_port()? } else { PORT };
        let arguments = arguments(options, &folder, port);
        let mut server = Server { running: None, folder, programs, account, arguments, port, tcp: options.tcp };
        server.launch(Bond::DiesWithUs).initialize()?;
        server.running = Some(server.launch(Bond::DiesWithUs).start()?);
        Ok(server)
    }

    /// The folder of the socket; closed to other users of the machine.
    pub fn socket_dir(&self) -> &Path {
        self.folder.socket()
    }

    pub fn data_dir(&self) -> &Path {
        self.folder.data()
    }

    /// What the server and `initdb` said.
    pub fn log(&self) -> &Path {
        self.folder.log()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The port on 127.0.0.1, when TCP was asked for.
    pub fn tcp_port(&self) -> Option<u16> {
        self.tcp.then_some(self.port)
    }

    pub fn superuser(&self) -> &str {
        SUPERUSER
    }

    pub fn programs(&self) -> &Programs {
        &self.programs
    }

    /// The postmaster's process; `None` while stopped.
    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(Running::pid)
    }

    /// Over the socket, as sqlx and libpq both read it; there is no password.
    pub fn url(&self, database: &str) -> String {
        url(self.socket_dir(), self.port, database)
    }

    /// Over TCP, when it was asked for.
    pub fn tcp_url(&self, database: &str) -> Option<String> {
        let database = encoded(database.as_bytes());
        self.tcp.then(|| format!("postgres://{SUPERUSER}@127.0.0.1:{}/{database}", self.port))
    }

    /// Waits until it is down; nothing happens if it is.
    pub fn stop(&mut self, mode: Mode) -> Result<()> {
        self.running.take().map_or(Ok(()), |running| running.stop(mode))
    }

    /// Starts it again on the same data and address, whether it was stopped, killed or still runs.
    pub fn restart(&mut self) -> Result<()> {
        self.stop(Mode::Fast)?;
        self.running = Some(self.launch(Bond::DiesWithUs).start()?);
        Ok(())
    }

    /// Lets the server outlive us. It is restarted for that: the bond to our life cannot be undone from outside.
    pub fn keep(mut self) -> Result<Kept> {
        self.stop(Mode::Fast)?;
        let running = self.launch(Bond::OutlivesUs).start()?;
        let pid = running.pid();
        self.folder.keep()?;
        let socket_dir = self.socket_dir().to_owned();
        Ok(Kept { folder: self.folder.path().to_owned(), socket_dir, port: self.port, pid })
    }

    fn launch(&self, bond: Bond) -> Launch<'_> {
        Launch {
            programs: &self.programs,
            folder: &self.folder,
            account: self.account,
            arguments: &self.arguments,
            bond,
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nobody could be told about a failure here, and the sweep of the next start finishes the work.
        let _ = self.stop(Mode::Immediate);
    }
}

impl Kept {
    pub fn url(&self, database: &str) -> String {
        url(&self.socket_dir, self.port, database)
    }

    /// What to type to be rid of it.
    pub fn stop_command(&self) -> String {
        format!("kill -QUIT {}; sleep 1; rm -rf {}", self.pid, shell_word(&self.folder.to_string_lossy()))
    }
}

/// What `postgres` is called with, settings of the caller last: the last one wins.
fn arguments(options: &Options, folder: &Folder, port: u16) -> Vec<String> {
    let mut settings: Vec<(&str, String)> = vec![
        ("listen_addresses", if options.tcp { "127.0.0.1".to_owned() } else { String::new() }),
        ("unix_socket_directories", folder.socket().display().to_string()),
        ("port", port.to_string()),
        ("max_connections", "100".to_owned()),
        // its library is large and often absent
        ("jit", "off".to_owned()),
    ];
    if !options.durable {
        settings.extend(["fsync", "synchronous_commit", "full_page_writes"].map(|name| (name, "off".to_owned())));
    }
    settings.extend(options.settings.iter().map(|(name, value)| (name.as_str(), value.clone())));
    let mut arguments = vec!["-D".to_owned(), folder.data().display().to_string()];
    for (name, value) in settings {
        arguments.extend(["-c".to_owned(), format!("{name}={value}")]);
    }
    arguments
}

fn free_port() -> Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).and_then(|listener| listener.local_addr()).map(|a| a.port()).map_err(
        |e| Error::Program {
            what: "cannot find a free port on 127.0.0.1".to_owned(),
            why: e.to_string(),
            hint: String::new(),
        },
    )
}

/// The port is named, lest a `PGPORT` of the surroundings is taken.
fn url(socket_dir: &Path, port: u16, database: &str) -> String {
    let host = encoded(socket_dir.as_os_str().as_encoded_bytes());
    format!("postgres://{SUPERUSER}@localhost:{port}/{}?host={host}", encoded(database.as_bytes()))
}

/// Percent-encoded for a URL.
fn encoded(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // writing to a string cannot fail
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// One word for a shell.
fn shell_word(word: &str) -> String {
    if word.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.".contains(c)) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_survives_any_folder_and_database_name() {
        assert_eq!(
            url(Path::new("/tmp/a b/s"), 5432, "x?y"),
            "postgres://postgres@localhost:5432/x%3Fy?host=%2Ftmp%2Fa%20b%2Fs"
        );
    }

    #[test]
    fn a_folder_name_stays_one_word_of_the_shell() {
        assert_eq!(shell_word("/tmp/pgfold-pg-1"), "/tmp/pgfold-pg-1");
        assert_eq!(shell_word("/tmp/it's"), r"'/tmp/it'\''s'");
    }
}
