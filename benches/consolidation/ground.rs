//! The server, the database that every case gets a copy of, and the programs that are timed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use pgfold::embedded::{Options as ServerOptions, Server};

use crate::{Options, Outcome};

/// One measurement.
#[derive(Debug, Clone, Copy, Default)]
pub struct Took {
    pub seconds: f64,
    /// CPU time of all server processes.
    pub server_cpu: f64,
    /// Peak resident memory of the program, in MB.
    pub peak_mb: f64,
}

pub struct Ground {
    server: Server,
    folder: PathBuf,
    /// A copy of the bundled consolidation that lets rejects pass.
    pub consolidation: PathBuf,
}

impl Ground {
    pub fn start(options: &Options) -> Outcome<Ground> {
        let server = Server::start(&ServerOptions {
            durable: true,
            parent: options.parent.clone(),
            ..ServerOptions::default()
        })?;
        let folder = std::env::temp_dir().join(format!("pgfold-bench-{}", std::process::id()));
        let consolidation = folder.join("agents");
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/agents"), &consolidation)?;
        let file = consolidation.join("consolidation.toml");
        let written = fs::read_to_string(&file)?;
        let lines = written.lines().map(|line| match line.split_whitespace().next() {
            Some("max_rejects") => "max_rejects = 100000000",
            Some("arrived") => "arrived = {}",
            _ => line,
        });
        fs::write(&file, lines.collect::<Vec<_>>().join("\n"))?;
        Ok(Ground { server, folder, consolidation })
    }

    /// `ready`: the legacy rows and a target that was enhanced; `legacy`: the bundled case as it is.
    pub fn build(&self, rows: u64) -> Outcome<()> {
        for name in ["ready", "legacy", "moved"] {
            self.sql("postgres", &format!("drop database if exists {name} with (force)"))?;
        }
        self.sql("postgres", "create database legacy")?;
        self.sql("legacy", include_str!("../../sql/demo/legacy_schema.sql"))?;
        self.sql("legacy", include_str!("../../sql/demo/legacy_rows.sql"))?;
        self.copy("ready", "legacy")?;
        self.sql("ready", &format!("set bench.rows = {rows};\n{}", include_str!("fill.sql")))?;
        self.pgfold("ready", &["enhance", &self.folder_name(), "-y"], &[0])?;
        self.sql("ready", "vacuum analyze")
    }

    pub fn folder_name(&self) -> String {
        self.consolidation.display().to_string()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A fresh copy of a database, with nothing left to be written back.
    pub fn copy(&self, name: &str, of: &str) -> Outcome<()> {
        self.sql("postgres", &format!("drop database if exists {name} with (force)"))?;
        let version: i64 = self.ask("postgres", "select current_setting('server_version_num')")?.parse()?;
        let strategy = if version >= 150_000 { " strategy file_copy" } else { "" };
        self.sql("postgres", &format!("create database {name} template {of}{strategy}"))?;
        self.sql("postgres", "checkpoint")
    }

    fn psql(&self, database: &str) -> Command {
        let mut psql = Command::new("psql");
        for (name, _) in std::env::vars_os().filter(|(n, _)| n.as_encoded_bytes().starts_with(b"PG")) {
            psql.env_remove(name);
        }
        psql.env("PGHOST", self.server.socket_dir()).env("PGPORT", self.server.port().to_string());
        psql.env("PGUSER", self.server.superuser()).env("PGDATABASE", database);
        psql.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]);
        psql
    }

    /// The address in pgloader's spelling.
    pub fn pgloader_url(&self, database: &str) -> String {
        let (folder, port) = (self.server.socket_dir().display(), self.server.port());
        format!("postgresql://{}@unix:{folder}:{port}/{database}", self.server.superuser())
    }

    pub fn sql(&self, database: &str, text: &str) -> Outcome<()> {
        self.ask(database, text).map(|_| ())
    }

    /// What psql prints.
    pub fn ask(&self, database: &str, text: &str) -> Outcome<String> {
        let file = self.file("asked.sql");
        fs::write(&file, text)?;
        let done = self.psql(database).arg("-f").arg(&file).output()?;
        if !done.status.success() {
            return Err(String::from_utf8_lossy(&done.stderr).into_owned().into());
        }
        Ok(String::from_utf8_lossy(&done.stdout).trim().to_owned())
    }

    /// Each text in a psql of its own, all at once.
    pub fn timed_psql(&self, database: &str, texts: &[String]) -> Outcome<Took> {
        let mut commands = Vec::new();
        for (n, text) in texts.iter().enumerate() {
            let file = self.file(&format!("timed_{n}.sql"));
            fs::write(&file, text)?;
            let mut psql = self.psql(database);
            psql.arg("-f").arg(file);
            commands.push(psql);
        }
        self.timed(commands, &[0])
    }

    pub fn pgfold(&self, database: &str, args: &[&str], codes: &[i32]) -> Outcome<Took> {
        let mut pgfold = Command::new(env!("CARGO_BIN_EXE_pgfold"));
        for (name, _) in std::env::vars_os().filter(|(n, _)| n.as_encoded_bytes().starts_with(b"PG")) {
            pgfold.env_remove(name);
        }
        pgfold.env("DATABASE_URL", self.server.url(database)).current_dir(&self.folder);
        pgfold.args(args).arg("--runs").arg(self.file("runs"));
        self.timed(vec![pgfold], codes)
    }

    /// Runs them at once until all have ended with one of the codes.
    pub fn timed(&self, commands: Vec<Command>, codes: &[i32]) -> Outcome<Took> {
        self.timed_for(commands, codes, Duration::MAX)
    }

    /// The same, but what takes longer than that is stopped, which is no failure.
    pub fn timed_for(&self, commands: Vec<Command>, codes: &[i32], most: Duration) -> Outcome<Took> {
        let cpu = self.cpu();
        let began = Instant::now();
        let mut children = Vec::new();
        for (n, mut command) in commands.into_iter().enumerate() {
            let log = fs::File::create(self.file(&format!("log_{n}")))?;
            command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
            children.push(command.spawn()?);
        }
        let mut peak: f64 = 0.0;
        let mut failed = None;
        for (n, child) in children.iter_mut().enumerate() {
            let mut stopped = false;
            let status = loop {
                peak = peak.max(peak_mb(child));
                match child.try_wait()? {
                    Some(status) => break status,
                    None => std::thread::sleep(Duration::from_millis(2)),
                }
                if !stopped && began.elapsed() > most {
                    child.kill()?;
                    stopped = true;
                }
            };
            if !stopped && !status.code().is_some_and(|c| codes.contains(&c)) {
                let log = fs::read_to_string(self.file(&format!("log_{n}")))?;
                failed = Some(format!("{status}: {}", log.lines().rev().take(12).collect::<Vec<_>>().join("\n")));
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        // sessions that were left are reaped a moment later, and only then counted
        std::thread::sleep(Duration::from_millis(200));
        match failed {
            Some(why) => Err(why.into()),
            None => Ok(Took { seconds, server_cpu: self.cpu() - cpu, peak_mb: peak }),
        }
    }

    /// Seconds of CPU that the server's processes have used so far.
    fn cpu(&self) -> f64 {
        let Some(postmaster) = self.server.pid() else { return 0.0 };
        let ticks = |pid: &str, fields: std::ops::Range<usize>| -> u64 {
            let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { return 0 };
            let after = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
            after
                .split_whitespace()
                .collect::<Vec<_>>()
                .get(fields)
                .unwrap_or_default()
                .iter()
                .flat_map(|f| f.parse::<u64>())
                .sum()
        };
        let own = postmaster.to_string();
        // its own, and those of children that have ended; then those of children that live
        let mut all = ticks(&own, 11..15);
        let children = fs::read_to_string(format!("/proc/{own}/task/{own}/children")).unwrap_or_default();
        all += children.split_whitespace().map(|pid| ticks(pid, 11..13)).sum::<u64>();
        all as f64 / 100.0
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The high-water mark of a program's resident memory so far.
fn peak_mb(child: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.and_then(|l| l.trim().trim_end_matches(" kB").trim().parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn copy(from: &Path, to: &Path) -> Outcome<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let there = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &there)?;
        } else {
            fs::copy(entry.path(), there)?;
        }
    }
    Ok(())
}
