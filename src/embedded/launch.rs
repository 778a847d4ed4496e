//! Runs `initdb` and `postgres` with the right account, and ties the server's life to ours.

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::Mode;
use super::account::Account;
use super::folder::{Folder, PidFile};
use super::programs::Programs;
use crate::error::{Error, Result};
use crate::text;

const STARTS_WITHIN: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// Stops the server and removes its folder when the pipe from us closes, however we ended.
const JANITOR: &str = r#"
cat >/dev/null
kill -QUIT "$1" 2>/dev/null
n=0
while [ -e "$2/data/postmaster.pid" ] && kill -0 "$1" 2>/dev/null && [ "$n" -lt 100 ]; do n=$((n + 1)); sleep 0.1; done
rm -rf -- "$2"
"#;

/// Whether the server ends when we end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bond {
    DiesWithUs,
    OutlivesUs,
}

/// Everything a start needs.
pub(super) struct Launch<'a> {
    pub programs: &'a Programs,
    pub folder: &'a Folder,
    pub account: Option<Account>,
    pub arguments: &'a [String],
    pub bond: Bond,
}

/// A server that answers.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    janitor: Option<Child>,
    /// The death signal comes when the *thread* that spawned the server ends: this one is parked until we let go.
    _thread: Sender<()>,
}

impl Launch<'_> {
    /// Makes the cluster. `C.UTF-8` is not known everywhere, `C` is.
    pub(super) fn initialize(&self) -> Result<()> {
        let status = self.initdb("C.UTF-8")?;
        let again = !status.success() && self.folder.log_tail().contains("invalid locale name");
        let status = if again { self.initdb("C")? } else { status };
        if status.success() { Ok(()) } else { Err(self.failed("initdb", &status.to_string())) }
    }

    fn initdb(&self, locale: &str) -> Result<ExitStatus> {
        let mut initdb = self.command("initdb")?;
        initdb.arg("-D").arg(self.folder.data());
        initdb.args(["--username", super::SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--locale", locale]);
        initdb.args(["--no-sync", "--no-instructions"]);
        initdb.status().map_err(|e| self.failed("initdb", &e.to_string()))
    }

    /// Starts the server and waits until it answers.
    pub(super) fn start(&self) -> Result<Running> {
        let until = Instant::now() + STARTS_WITHIN;
        loop {
            let mut running = self.spawn()?;
            match self.until_ready(&mut running.child, until) {
                Ok(()) => {
                    running.janitor = self.janitor(running.pid());
                    return Ok(running);
                }
                // After the death of a postmaster its sessions go on for a while.
                Err(_) if self.last_words_name_the_predecessor() && Instant::now() < until => {
                    thread::sleep(Duration::from_millis(100));
                }
                Err(error) => {
                    let _ = running.stop(Mode::Immediate);
                    return Err(error);
                }
            }
        }
    }

    fn spawn(&self) -> Result<Running> {
        let mut postgres = self.command("postgres")?;
        postgres.args(self.arguments);
        let (give, take) = mpsc::channel();
        let (hold, held) = mpsc::channel::<()>();
        let thread = thread::Builder::new().name("pgfold-postgres".to_owned()).spawn(move || {
            if give.send(postgres.spawn()).is_ok() {
                let _ = held.recv();
            }
        });
        thread.map_err(|e| self.failed("postgres", &e.to_string()))?;
        let child = take.recv().map_err(|e| self.failed("postgres", &e.to_string()))?;
        let child = child.map_err(|e| self.failed("postgres", &e.to_string()))?;
        Ok(Running { child, janitor: None, _thread: hold })
    }

    /// A file of an earlier server would say `ready` as well: the process must be this one.
    fn until_ready(&self, child: &mut Child, until: Instant) -> Result<()> {
        loop {
            if let Ok(Some(status)) = child.try_wait() {
                return Err(self.failed("postgres", &status.to_string()));
            }
            if PidFile::read(self.folder.data()).is_some_and(|file| file.pid == child.id() && file.ready) {
                return Ok(());
            }
            if Instant::now() > until {
                return Err(self.failed("postgres", &format!("not ready after {}", text::duration(STARTS_WITHIN))));
            }
            thread::sleep(LOOK_EVERY);
        }
    }

    fn last_words_name_the_predecessor(&self) -> bool {
        let tail = self.folder.log_tail();
        tail.lines().rev().take(2).any(|line| line.contains("pre-existing shared memory block"))
    }

    /// A group of its own keeps the terminal's Ctrl-C from it; without `setpriv` only the janitor ties it to us.
    fn command(&self, name: &str) -> Result<Command> {
        let program = self.programs.command(name);
        let mut command = if self.bond == Bond::DiesWithUs && setpriv_knows_death() {
            let mut setpriv = Command::new("setpriv");
            // As an immediate stop: killed outright, its sessions would go on.
            setpriv.args(["--pdeathsig", "QUIT", "--"]).arg(program.get_program());
            setpriv.envs(program.get_envs().filter_map(|(name, value)| Some((name, value?))));
            setpriv
        } else {
            program
        };
        if let Some(Account { uid, gid }) = self.account {
            command.uid(uid).gid(gid);
        }
        for variable in std::env::vars_os().map(|(name, _)| name) {
            if variable.as_encoded_bytes().starts_with(b"PG") {
                command.env_remove(variable);
            }
        }
        let log = self.folder.open_log()?;
        let same = log.try_clone().map_err(|e| Error::file("open", self.folder.log(), e))?;
        command.env("LC_ALL", "C").current_dir(self.folder.path()).process_group(0);
        command.stdin(Stdio::null()).stdout(same).stderr(log);
        Ok(command)
    }

    fn janitor(&self, pid: u32) -> Option<Child> {
        if self.bond == Bond::OutlivesUs {
            return None;
        }
        let mut janitor = Command::new("sh");
        janitor.args(["-c", JANITOR, "pgfold-janitor"]).arg(pid.to_string()).arg(self.folder.path());
        janitor.current_dir("/").process_group(0);
        janitor.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
    }

    fn failed(&self, program: &str, why: &str) -> Error {
        let tail = self.folder.log_tail();
        let why = if tail.is_empty() { why.to_owned() } else { format!("{why}; its log ends with\n{tail}") };
        let path = self.programs.path(program);
        Error::Program { what: format!("`{}` failed", path.display()), why, hint: String::new() }
    }
}

impl Running {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks, then insists.
    pub(super) fn stop(mut self, mode: Mode) -> Result<()> {
        // First: once the server is reaped its number may be another's.
        if let Some(mut janitor) = self.janitor.take() {
            let _ = janitor.kill().and_then(|()| janitor.wait());
        }
        let steps = [("INT", 30), ("QUIT", 10)];
        for (name, seconds) in &steps[usize::from(mode == Mode::Immediate)..] {
            if self.gone_within(Duration::ZERO) {
                return Ok(());
            }
            let _ = signal(self.pid(), name);
            if self.gone_within(Duration::from_secs(*seconds)) {
                return Ok(());
            }
        }
        self.child.kill().and_then(|()| self.child.wait()).map(|_| ()).map_err(|e| Error::Program {
            what: format!("cannot stop the server (process {})", self.pid()),
            why: e.to_string(),
            hint: format!("kill -KILL {}", self.pid()),
        })
    }

    fn gone_within(&mut self, patience: Duration) -> bool {
        let until = Instant::now() + patience;
        loop {
            match self.child.try_wait() {
                Ok(Some(_)) => return true,
                _ if Instant::now() >= until => return false,
                _ => thread::sleep(LOOK_EVERY),
            }
        }
    }
}

/// By the shell, whose `kill` is everywhere; the standard library can only kill outright.
pub(super) fn signal(pid: u32, name: &str) -> std::io::Result<()> {
    let mut kill = Command::new("sh");
    kill.args(["-c", r#"kill -s "$1" "$2""#, "sh", name]).arg(pid.to_string());
    kill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    kill.status().map(|_| ())
}

/// Busybox's `setpriv` does not.
fn setpriv_knows_death() -> bool {
    static KNOWS: OnceLock<bool> = OnceLock::new();
    *KNOWS.get_or_init(|| {
        let help = Command::new("setpriv").arg("--help").stdin(Stdio::null()).output();
        help.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("--pdeathsig"))
    })
}
