//! Runs the built `pgfold` as a user would, in a folder and an environment of its own.

use std::io::{Read, Write as _};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::{Database, Scratch, cluster};

const PATIENCE: Duration = Duration::from_secs(600);

/// The command with this database as `DATABASE_URL`, to its end.
pub fn pgfold(database: &Database, arguments: &[&str]) -> Finished {
    Pgfold::new(database).args(arguments).run()
}

/// A call of `pgfold`. Of the surroundings it sees only `PATH`.
#[derive(Debug)]
pub struct Pgfold {
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    cwd: Option<PathBuf>,
    stdin: Option<String>,
}

/// A call that is under way.
#[derive(Debug)]
pub struct Started {
    child: Child,
    called: String,
    stdout: JoinHandle<String>,
    stderr: JoinHandle<String>,
    scratch: Scratch,
}

/// A call that came to its end.
#[derive(Debug)]
pub struct Finished {
    /// The exit code; 128 and the signal's number for a killed one, as a shell has it.
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    scratch: Scratch,
}

impl Pgfold {
    pub fn new(database: &Database) -> Pgfold {
        Pgfold::without_database().env("DATABASE_URL", database.url())
    }

    pub fn without_database() -> Pgfold {
        Pgfold { arguments: Vec::new(), environment: Vec::new(), cwd: None, stdin: None }
    }

    pub fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<str>>) -> Pgfold {
        self.arguments.extend(arguments.into_iter().map(|a| a.as_ref().to_owned()));
        self
    }

    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Pgfold {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Instead of an empty folder that goes with the [`Finished`].
    pub fn cwd(mut self, folder: impl AsRef<Path>) -> Pgfold {
        self.cwd = Some(folder.as_ref().to_owned());
        self
    }

    /// Instead of nothing.
    pub fn stdin(mut self, text: impl Into<String>) -> Pgfold {
        self.stdin = Some(text.into());
        self
    }

    /// To the end; panics when that takes more than two minutes.
    pub fn run(self) -> Finished {
        self.start().wait()
    }

    /// For whoever wants to disturb it.
    pub fn start(self) -> Started {
        let scratch = Scratch::new();
        let home = scratch.path().join("home");
        let empty = scratch.path().join("cwd");
        for folder in [&home, &empty] {
            std::fs::create_dir(folder).unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_pgfold"));
        // `psql` and `pg_dump` of the cluster's version come first.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = [cluster().programs().bin().to_owned()].into_iter().chain(std::env::split_paths(&path));
        command.env_clear().env("PATH", std::env::join_paths(path).unwrap()).env("HOME", home);
        #[cfg(feature = "planted")]
        command.envs(std::env::vars().filter(|(name, _)| name == "PGFOLD_PLANTED"));
        command.envs(self.environment).args(&self.arguments).current_dir(self.cwd.as_ref().unwrap_or(&empty));
        command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        if let (Some(text), Some(mut stdin)) = (self.stdin, child.stdin.take()) {
            thread::spawn(move || {
                // It need not read everything.
                let _ = stdin.write_all(text.as_bytes());
            });
        }
        let stdout = reader(child.stdout.take().unwrap());
        let stderr = reader(child.stderr.take().unwrap());
        Started { child, called: format!("pgfold {}", self.arguments.join(" ")), stdout, stderr, scratch }
    }
}

impl Started {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// As `kill -9` does it.
    pub fn kill(mut self) -> Finished {
        self.child.kill().unwrap();
        self.wait()
    }

    pub fn wait(mut self) -> Finished {
        let until = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break Some(status),
                None if Instant::now() > until => break None,
                None => thread::sleep(Duration::from_millis(5)),
            }
        };
        if status.is_none() {
            self.child.kill().unwrap();
            self.child.wait().unwrap();
        }
        let (stdout, stderr) = (self.stdout.join().unwrap(), self.stderr.join().unwrap());
        let Some(status) = status else {
            panic!("`{}` took more than {PATIENCE:?}\nstdout:\n{stdout}\nstderr:\n{stderr}", self.called);
        };
        Finished { code: code(status), stdout, stderr, scratch: self.scratch }
    }
}

impl Finished {
    /// Where it ran, unless a folder was named.
    pub fn cwd(&self) -> PathBuf {
        self.scratch.path().join("cwd")
    }

    /// Itself, if the code is this; else the test ends with everything that was said.
    #[track_caller]
    pub fn expect(self, code: i32) -> Finished {
        assert!(
            self.code == code,
            "exit {} instead of {code}\nstdout:\n{}\nstderr:\n{}",
            self.code,
            self.stdout,
            self.stderr
        );
        self
    }
}

fn code(status: ExitStatus) -> i32 {
    status.code().or_else(|| status.signal().map(|signal| 128 + signal)).unwrap()
}

fn reader(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    })
}
