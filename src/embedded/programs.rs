//! Where PostgreSQL's programs are on this machine.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account;
use super::fetch;
use crate::error::{Error, Result};

/// Both must be there: `pg_config` may name a folder that holds a client only.
const SERVER: [&str; 2] = ["initdb", "postgres"];
/// Shared libraries that the machine lacks, beside the programs that we unpacked ourselves.
pub(super) const LIBRARIES: &str = "pgfold-libraries";

/// A folder that holds a server's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programs {
    bin: PathBuf,
    libraries: Option<PathBuf>,
}

/// Where to look, in this order; `None` is passed over.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The only place looked at, when named.
    pub explicit: Option<PathBuf>,
    /// Holds one folder per major version, as Debian has it.
    pub versions: Option<PathBuf>,
    /// The `PATH` that `pg_config` and then the programs are looked for in.
    pub path: Option<OsString>,
    /// What [`Programs::fetch`] filled.
    pub cache: Option<PathBuf>,
}

impl Programs {
    /// The programs in the named folder, else the first that this machine has.
    pub fn find(explicit: Option<&Path>) -> Result<Programs> {
        Search { explicit: explicit.map(Path::to_owned), ..Search::of_this_machine() }.find()
    }

    /// Downloads the distribution's packages into our cache; needs no root. Ask the user first.
    pub fn fetch() -> Result<Programs> {
        Programs::fetch_into(&cache_folder()?)
    }

    /// As [`Programs::fetch`], into a cache of the caller's choice.
    pub fn fetch_into(cache: &Path) -> Result<Programs> {
        fetch::into(cache)
    }

    /// The folder, if a server's programs are in it.
    pub(super) fn at(bin: &Path) -> Option<Programs> {
        if !SERVER.iter().all(|name| bin.join(name).is_file()) {
            return None;
        }
        // usr/lib/postgresql/15/bin of what we unpacked
        let libraries = bin.ancestors().nth(5).map(|root| root.join(LIBRARIES)).filter(|l| l.is_dir());
        Some(Programs { bin: bin.to_owned(), libraries })
    }

    pub fn bin(&self) -> &Path {
        &self.bin
    }

    /// The program; one that does not lie with the server is looked for in the `PATH`.
    /// To run it take [`Programs::command`], which also knows the libraries.
    pub fn path(&self, name: &str) -> PathBuf {
        let beside = self.bin.join(name);
        if beside.is_file() {
            return beside;
        }
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).map(|folder| folder.join(name)).find(|p| p.is_file()).unwrap_or(beside)
    }

    /// The program, ready to run.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.path(name));
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}

impl Search {
    pub fn of_this_machine() -> Search {
        Search {
            explicit: None,
            versions: Some(PathBuf::from("/usr/lib/postgresql")),
            path: env::var_os("PATH"),
            cache: cache_folder().ok(),
        }
    }

    pub fn find(&self) -> Result<Programs> {
        if let Some(explicit) = &self.explicit {
            let found = Programs::at(explicit).or_else(|| Programs::at(&explicit.join("bin")));
            return found.ok_or_else(|| Error::Program {
                what: format!("no PostgreSQL server in `{}`", explicit.display()),
                why: "it does not hold `initdb` and `postgres`".to_owned(),
                hint: "name the folder that holds both, e.g. `/usr/lib/postgresql/15/bin`".to_owned(),
            });
        }
        self.in_versions()
            .or_else(|| self.by_pg_config())
            .or_else(|| self.in_path())
            .or_else(|| self.in_cache())
            .ok_or_else(|| Error::Program {
                what: "no PostgreSQL server on this machine".to_owned(),
                why: "`initdb` and `postgres` were not found".to_owned(),
                hint: install_command(self.path.as_ref()),
            })
    }

    fn in_versions(&self) -> Option<Programs> {
        highest(self.versions.as_deref()?, "").iter().find_map(|version| Programs::at(&version.join("bin")))
    }

    fn by_pg_config(&self) -> Option<Programs> {
        let pg_config = in_path(self.path.as_ref()?, "pg_config")?;
        let output = Command::new(pg_config).arg("--bindir").stdin(Stdio::null()).output().ok()?;
        Programs::at(Path::new(String::from_utf8(output.stdout).ok()?.trim()))
    }

    fn in_path(&self) -> Option<Programs> {
        env::split_paths(self.path.as_ref()?).find_map(|folder| {
            // A link beside other programs leads to where the server's own files are.
            let real = fs::canonicalize(folder.join("postgres")).ok()?;
            Programs::at(&folder).and_then(|_| Programs::at(real.parent()?))
        })
    }

    fn in_cache(&self) -> Option<Programs> {
        highest(self.cache.as_deref()?, "postgres-").iter().find_map(|folder| unpacked(folder))
    }
}

/// The programs of a package that was unpacked in the folder.
pub(super) fn unpacked(folder: &Path) -> Option<Programs> {
    highest(&folder.join("usr/lib/postgresql"), "").iter().find_map(|version| Programs::at(&version.join("bin")))
}

/// Ours for good: what is fetched is fetched once.
fn cache_folder() -> Result<PathBuf> {
    let absolute = |name: &str| env::var_os(name).map(PathBuf::from).filter(|p| p.is_absolute());
    let of_user = absolute("XDG_CACHE_HOME").or_else(|| Some(absolute("HOME")?.join(".cache")));
    let of_user = of_user.map(|p| p.join("pgfold"));
    match of_user {
        // The server's user must be able to enter; it seldom may enter root's home.
        Some(p) if !account::we_are_root() || account::others_may_enter(&p) => Ok(p),
        _ if account::we_are_root() => Ok(PathBuf::from("/var/cache/pgfold")),
        _ => Err(Error::Program {
            what: "no cache folder".to_owned(),
            why: "neither `HOME` nor `XDG_CACHE_HOME` names an absolute folder".to_owned(),
            hint: "XDG_CACHE_HOME=/tmp/cache".to_owned(),
        }),
    }
}

pub(super) fn in_path(path: &OsString, program: &str) -> Option<PathBuf> {
    env::split_paths(path).map(|folder| folder.join(program)).find(|p| p.is_file())
}

/// The exact command to type, by the package manager that is there.
pub(super) fn install_command(path: Option<&OsString>) -> String {
    let managers = [
        ("apt-get", "sudo apt-get install -y --no-install-recommends postgresql"),
        ("dnf", "sudo dnf install -y postgresql-server"),
        ("apk", "sudo apk add postgresql"),
        ("pacman", "sudo pacman -S --noconfirm postgresql"),
        ("zypper", "sudo zypper install -y postgresql-server"),
        ("brew", "brew install postgresql@17"),
    ];
    let known = managers.iter().find(|(manager, _)| path.is_some_and(|path| in_path(path, manager).is_some()));
    known
        .map_or("install PostgreSQL, so that `initdb` and `postgres` are in the `PATH`", |(_, command)| command)
        .to_owned()
}

/// Folders named `prefix` and a version, highest first.
fn highest(parent: &Path, prefix: &str) -> Vec<PathBuf> {
    let mut found: Vec<(Vec<u32>, PathBuf)> = Vec::new();
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let version = name.strip_prefix(prefix).map(|v| v.split('.').map(str::parse).collect());
        if let Some(Ok(version)) = version {
            found.push((version, entry.path()));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0));
    found.into_iter().map(|(_, path)| path).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_a_server_is_told_what_to_type() {
        let error = Search::default().find().unwrap_err();
        assert_eq!(error.to_string().lines().count(), 1);
        assert!(error.hint().unwrap().contains("install"));
    }

    #[test]
    fn a_named_folder_without_a_server_is_refused_rather_than_passed_over() {
        let search = Search { explicit: Some(PathBuf::from("/nowhere")), ..Search::of_this_machine() };
        assert!(search.find().unwrap_err().to_string().contains("/nowhere"));
    }
}
