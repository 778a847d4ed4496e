//! Fetches the distribution's PostgreSQL into a cache folder, without root and without installing anything.

use std::collections::BTreeSet;
use std::env;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::programs::{LIBRARIES, Programs, in_path, install_command, unpacked};
use crate::error::{Error, Result};
use crate::text;

/// What is looked at for missing libraries, besides the server's own.
const PROGRAMS: [&str; 5] = ["postgres", "initdb", "psql", "pg_dump", "pg_restore"];
/// Compiled into Debian's server, so that it cannot come from the cache.
const TIME_ZONES: &str = "/usr/share/zoneinfo/UTC";
/// Package lists of our own, in the cache.
const LISTS: &str = "apt";

pub(super) fn into(cache: &Path) -> Result<Programs> {
    let path = env::var_os("PATH").unwrap_or_default();
    if let Some(absent) = ["apt-get", "apt-cache", "dpkg"].iter().find(|name| in_path(&path, name).is_none()) {
        return Err(failed(&format!("`{absent}` is not on this machine")));
    }
    if !Path::new(TIME_ZONES).exists() {
        return Err(Error::Program {
            what: "cannot fetch PostgreSQL".to_owned(),
            why: format!("it would not run without `{TIME_ZONES}`"),
            hint: "sudo apt-get install -y tzdata".to_owned(),
        });
    }
    folder(cache)?;
    let lock = cache.join("lock");
    let lock = File::create(&lock).map_err(|e| Error::file("create", &lock, e))?;
    lock.lock().map_err(|e| Error::file("lock", cache, e))?;
    let mut apt = Apt { cache, private: false };
    fetch(&apt).or_else(|_| {
        // The machine's lists are absent or too old, and only root may renew them: we keep some of our own.
        apt.private = true;
        let fetched = apt.update().and_then(|()| fetch(&apt));
        // What stays costs some megabytes and is overwritten by the next fetch.
        let _ = fs::remove_dir_all(cache.join(LISTS));
        fetched
    })
}

fn fetch(apt: &Apt) -> Result<Programs> {
    let version = apt.version()?;
    let done = apt.cache.join(format!("postgres-{version}"));
    if let Some(there) = unpacked(&done) {
        return Ok(there);
    }
    // Whatever is there is left from a fetch that was killed: we hold the lock.
    let part = apt.cache.join(format!("part-{version}"));
    for stale in [&done, &part] {
        if stale.exists() {
            fs::remove_dir_all(stale).map_err(|e| Error::file("remove", stale, e))?;
        }
    }
    folder(&part)?;
    let packages = [format!("postgresql-{version}"), format!("postgresql-client-{version}")];
    apt.unpack(&packages, &part)?;
    supply_libraries(apt, &packages, &part)?;
    fs::rename(&part, &done).map_err(|e| Error::file("rename", &part, e))?;
    unpacked(&done).ok_or_else(|| failed("the packages do not hold `initdb` and `postgres`"))
}

/// Takes from the packages that PostgreSQL depends on only those libraries that this machine lacks.
fn supply_libraries(apt: &Apt, packages: &[String], root: &Path) -> Result<()> {
    let libraries = root.join(LIBRARIES);
    folder(&libraries)?;
    let mut missing = missing_libraries(root)?;
    if missing.is_empty() {
        return Ok(());
    }
    let more = root.join("more");
    folder(&more)?;
    apt.unpack(&apt.libraries_of(packages)?, &more)?;
    loop {
        let before = missing.clone();
        for name in &missing {
            if let Some(file) = file_named(&more, name) {
                let to = libraries.join(name);
                fs::copy(&file, &to).map_err(|e| Error::file("copy", &file, e))?;
            }
        }
        missing = missing_libraries(root)?;
        if missing.is_empty() {
            return fs::remove_dir_all(&more).map_err(|e| Error::file("remove", &more, e));
        }
        if missing == before {
            let names: Vec<&String> = missing.iter().collect();
            return Err(failed(&format!("libraries not found: {}", text::quoted_list(&names))));
        }
    }
}

fn missing_libraries(root: &Path) -> Result<BTreeSet<String>> {
    let programs = unpacked(root).ok_or_else(|| failed("the packages do not hold `initdb` and `postgres`"))?;
    let mut ldd = Command::new("ldd");
    ldd.args(PROGRAMS.iter().map(|name| programs.bin().join(name))).env("LD_LIBRARY_PATH", root.join(LIBRARIES));
    let listing = run(&mut ldd)?;
    let absent = listing.lines().filter_map(|line| line.trim().strip_suffix(" => not found"));
    Ok(absent.map(str::to_owned).collect())
}

/// The first file or link of this name below the folder.
fn file_named(folder: &Path, name: &str) -> Option<PathBuf> {
    let entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
    let here = entries.iter().find(|p| p.file_name().is_some_and(|n| n == name) && p.is_file());
    here.cloned().or_else(|| {
        let folders = entries.iter().filter(|p| p.is_dir() && !p.is_symlink());
        folders.into_iter().find_map(|p| file_named(p, name))
    })
}

struct Apt<'a> {
    cache: &'a Path,
    /// Package lists in our cache instead of the machine's.
    private: bool,
}

impl Apt<'_> {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.args(["-q", "-o", "APT::Sandbox::User=root"]);
        if self.private {
            let state = self.cache.join(LISTS);
            for (setting, folder) in [("Dir::State::lists", "lists"), ("Dir::Cache", "cache")] {
                command.arg("-o").arg(format!("{setting}={}", state.join(folder).display()));
            }
        }
        command.current_dir(self.cache);
        command
    }

    fn update(&self) -> Result<()> {
        for sub in ["lists/partial", "cache/archives/partial"] {
            let sub = self.cache.join(LISTS).join(sub);
            fs::create_dir_all(&sub).map_err(|e| Error::file("create", &sub, e))?;
        }
        // Without this it calls an unreachable mirror a success.
        run(self.command("apt-get").args(["-o", "APT::Update::Error-Mode=any", "update"])).map(|_| ())
    }

    /// The major version that the distribution's `postgresql` stands for.
    fn version(&self) -> Result<u32> {
        let depends = run(self.command("apt-cache").args(["depends", "postgresql"]))?;
        let version = depends.lines().find_map(|line| line.trim().strip_prefix("Depends: postgresql-")?.parse().ok());
        version.ok_or_else(|| failed("this distribution has no package `postgresql`"))
    }

    /// All libraries that the packages need in the end, without the C library, which never may come from elsewhere,
    /// and without the compiler, which is large and only for jit.
    fn libraries_of(&self, packages: &[String]) -> Result<Vec<String>> {
        let mut depends = self.command("apt-cache");
        depends.args(["depends", "--recurse", "--important"]).args(packages);
        let names = run(&mut depends)?;
        let library = |name: &&str| {
            (name.starts_with("lib") || name.starts_with("zlib"))
                && !["libc6", "libc-", "libllvm", "libperl", "libelogind"].iter().any(|not| name.starts_with(not))
                && !name.ends_with("-perl")
        };
        let names: BTreeSet<&str> = names.lines().filter(|l| !l.starts_with([' ', '|', '<'])).filter(library).collect();
        // Some names only say what must be provided.
        let mut known = self.command("apt-cache");
        let known = run(known.arg("pkgnames"))?;
        let known: BTreeSet<&str> = known.lines().collect();
        Ok(names.into_iter().filter(|name| known.contains(name)).map(str::to_owned).collect())
    }

    /// Downloads (apt checks the signatures) and unpacks; no script of a package runs.
    fn unpack(&self, packages: &[String], to: &Path) -> Result<()> {
        let debs = self.cache.join("debs");
        if debs.exists() {
            fs::remove_dir_all(&debs).map_err(|e| Error::file("remove", &debs, e))?;
        }
        folder(&debs)?;
        run(self.command("apt-get").arg("download").args(packages).current_dir(&debs))?;
        for entry in fs::read_dir(&debs).map_err(|e| Error::file("list", &debs, e))?.flatten() {
            run(Command::new("dpkg").arg("-x").arg(entry.path()).arg(to))?;
        }
        fs::remove_dir_all(&debs).map_err(|e| Error::file("remove", &debs, e))
    }
}

/// Runs to the end; the answer is what it printed.
fn run(command: &mut Command) -> Result<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.env("LC_ALL", "C").stdin(Stdio::null()).output();
    let output = output.map_err(|e: io::Error| failed(&format!("`{program}`: {e}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines: Vec<&str> = said.lines().filter(|line| !line.trim().is_empty()).collect();
    // apt tells the cause first and what follows from it last.
    let cause = lines.iter().find(|line| line.starts_with("E: ")).or(lines.last()).unwrap_or(&"it said nothing");
    Err(failed(&format!("`{program}`: {}", text::inert(cause))))
}

/// Open to the user that the server of a root caller runs as, whatever the umask.
fn folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| Error::file("create", path, e))?;
    fs::set_permissions(path, Permissions::from_mode(0o755)).map_err(|e| Error::file("open", path, e))
}

fn failed(why: &str) -> Error {
    Error::Program {
        what: "cannot fetch PostgreSQL".to_owned(),
        why: why.to_owned(),
        hint: install_command(env::var_os("PATH").as_ref()),
    }
}
