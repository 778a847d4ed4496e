//! The folder of one server: closed to others, locked by its owner, swept when the owner is dead.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::Duration;

use super::account::{self, Account};
use super::launch;
use crate::error::{Error, Result};
use crate::text;

const PREFIX: &str = "pgfold-pg-";
/// What the kernel takes for the address of a socket, less the name of the file.
const LONGEST_SOCKET: usize = 103 - "/.s.PGSQL.65535".len();

#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    log: PathBuf,
    /// Held for as long as we live; the kernel lets go of it however we die.
    owner: Option<File>,
}

/// Where to make folders: a temporary folder that the server's account can enter.
pub(super) fn parent(wanted: Option<&Path>, account: Option<Account>) -> Result<PathBuf> {
    let first = wanted.map_or_else(std::env::temp_dir, Path::to_owned);
    let first = fs::canonicalize(&first).map_err(|e| Error::file("enter", &first, e))?;
    let fits =
        |p: &Path| (account.is_none() || account::others_may_enter(p)) && p.as_os_str().len() + 30 <= LONGEST_SOCKET;
    if fits(&first) {
        return Ok(first);
    }
    let others = [Path::new("/tmp"), Path::new("/var/tmp")];
    match others.into_iter().find(|p| wanted.is_none() && p.is_dir() && fits(p)) {
        Some(other) => Ok(other.to_owned()),
        None => Err(Error::Program {
            what: format!("cannot run a server in `{}`", first.display()),
            why: "its name is too long for a socket, or the server's user may not enter it".to_owned(),
            hint: "name another folder, e.g. `TMPDIR=/tmp`".to_owned(),
        }),
    }
}

/// Removes what servers of dead owners left behind. Best effort: what stays is met again by the next sweep.
pub(super) fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let path = entry.path();
        // Only folders of our own: a name in a shared folder proves nothing.
        let ours = fs::symlink_metadata(&path).is_ok_and(|m| m.is_dir() && Some(m.uid()) == account::our_uid());
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && ours && owner_is_dead(&path) {
            stop_orphan(&path.join("data"));
            let _ = fs::remove_dir_all(&path);
        }
    }
}

fn owner_is_dead(folder: &Path) -> bool {
    !folder.join("kept").exists() && File::open(folder.join("owner")).is_ok_and(|owner| owner.try_lock().is_ok())
}

/// A postmaster that outlived its owner; the command line proves that it is the one of this folder.
fn stop_orphan(data: &Path) {
    let Some(pid) = PidFile::read(data).map(|file| file.pid) else { return };
    let command = format!("/proc/{pid}/cmdline");
    let is_it = || {
        fs::read(&command)
            .is_ok_and(|line| line.split(|b| *b == 0).any(|word| word == data.as_os_str().as_encoded_bytes()))
    };
    if is_it() && launch::signal(pid, "QUIT").is_ok() {
        for _ in 0..50 {
            if !is_it() {
                return;
            }
            thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Folder {
    /// An empty `data` and `socket`, for the server's account only, and a log.
    pub(super) fn create(parent: &Path, account: Option<Account>) -> Result<Folder> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        // A kept server may hold the name of an earlier process with our number. Under the first name no sweep meets
        // the folder before it is locked.
        let (unborn, path) = loop {
            let name = format!("{PREFIX}{}-{}", process::id(), MADE.fetch_add(1, Ordering::Relaxed));
            let (unborn, path) = (parent.join(format!(".{name}")), parent.join(name));
            if !unborn.exists() && !path.exists() {
                break (unborn, path);
            }
        };
        make(&unborn, if account.is_some() { 0o711 } else { 0o700 })?;
        let owner = new_file(&unborn.join("owner"))?;
        owner.try_lock().map_err(|e| Error::file("lock", &unborn, e))?;
        fs::rename(&unborn, &path).map_err(|e| Error::file("rename", &unborn, e))?;
        let folder =
            Folder { data: path.join("data"), socket: path.join("s"), log: path.join("log"), path, owner: Some(owner) };
        new_file(&folder.log)?;
        for inner in [&folder.data, &folder.socket] {
            make(inner, 0o700)?;
            if let Some(account) = account {
                chown(inner, Some(account.uid), Some(account.gid)).map_err(|e| Error::file("give away", inner, e))?;
            }
        }
        Ok(folder)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn data(&self) -> &Path {
        &self.data
    }

    pub(super) fn socket(&self) -> &Path {
        &self.socket
    }

    pub(super) fn log(&self) -> &Path {
        &self.log
    }

    /// Open for what a program says. A file, since a pipe that nobody reads would block the server.
    pub(super) fn open_log(&self) -> Result<File> {
        OpenOptions::new().append(true).open(&self.log).map_err(|e| Error::file("open", &self.log, e))
    }

    /// The last lines of the log, safe for a terminal.
    pub(super) fn log_tail(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<String> = log.lines().filter(|l| !l.trim().is_empty()).map(text::inert).collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    }

    /// From now on neither we nor a sweep removes it.
    pub(super) fn keep(&mut self) -> Result<()> {
        new_file(&self.path.join("kept"))?;
        self.owner = None;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.owner.is_some() {
            // Nobody could be told about a failure here, and the sweep of the next start finishes the work.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// What `postmaster.pid` says.
pub(super) struct PidFile {
    pub pid: u32,
    pub ready: bool,
}

impl PidFile {
    pub(super) fn read(data: &Path) -> Option<PidFile> {
        let text = fs::read_to_string(data.join("postmaster.pid")).ok()?;
        let pid = text.lines().next()?.trim().parse().ok()?;
        Some(PidFile { pid, ready: text.lines().nth(7).is_some_and(|state| state.trim() == "ready") })
    }
}

/// The mode is set apart, since the umask may take from it.
fn make(path: &Path, mode: u32) -> Result<()> {
    DirBuilder::new().mode(0o700).create(path).map_err(|e| Error::file("create", path, e))?;
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(|e| Error::file("open", path, e))
}

fn new_file(path: &Path) -> Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(|e| Error::file("create", path, e))
}
