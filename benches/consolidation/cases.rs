//! The cases, in turn.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::ground::{Ground, Took};
use crate::measured::Measured;
use crate::{Options, Outcome, say};

const PLAIN: &str = include_str!("plain.sql");
const SAME: &str = include_str!("same.sql");
/// Rows that a row-by-row client does; its time is scaled.
const ONE_BY_ONE: u64 = 5_000;
/// When pgloader is stopped, per table.
const PATIENCE: Duration = Duration::from_secs(600);

/// Every case of one size.
pub fn run(ground: &Ground, rows: u64, options: &Options, all: &mut Measured) -> Outcome<()> {
    let rounds = options.rounds(rows);
    let mut turn = Turn { ground, rows, round: 0, options, all, expected: None };
    for round in 1..=rounds {
        turn.round = round;
        say(&format!("round {round} of {rounds}"));
        turn.core()?;
        if round <= options.slow_rounds {
            turn.once()?;
        }
    }
    Ok(())
}

struct Turn<'a> {
    ground: &'a Ground,
    rows: u64,
    round: usize,
    options: &'a Options,
    all: &'a mut Measured,
    /// What the target holds after the plain statement: everybody else must give the same.
    expected: Option<String>,
}

impl Turn<'_> {
    fn core(&mut self) -> Outcome<()> {
        self.on_a_copy("psql-1", |g| g.timed_psql("work", &[plain("")]))?;
        self.on_a_copy("psql-2", |g| g.timed_psql("work", &[plain(LOWER), plain(UPPER)]))?;
        for workers in ["1", "2"] {
            self.on_a_copy(&format!("pgfold-{workers}"), |g| migrate(g, workers))?;
        }
        self.on_ready("md5", |g| g.timed_psql("ready", &[md5()]))?;
        self.on_ready("dry-run", |g| g.pgfold("ready", &["migrate", &g.folder_name(), "--dry-run"], &[0]))?;
        Ok(())
    }

    fn once(&mut self) -> Outcome<()> {
        self.on_a_copy("pgfold-4", |g| migrate(g, "4"))?;
        self.pgloader()?;
        self.one_by_one("row-by-row", true)?;
        self.one_by_one("row-by-row-tx", false)?;
        let wanted = ["map", "validate", "rollback", "update", "status"];
        if wanted.iter().any(|c| self.options.wants(c)) {
            // a rollback refuses another database than that of the run: the copies bear its name
            self.ground.copy("work", "ready")?;
            migrate(self.ground, "2")?;
            self.ground.copy("moved", "work")?;
            self.after()?;
            self.ground.sql("postgres", "drop database moved with (force)")?;
        }
        self.on_ready("backup", |g| {
            let to = g.file("backup").display().to_string();
            let _ = fs::remove_dir_all(&to);
            g.pgfold("ready", &["backup", &g.folder_name(), "-y", "--into", &to], &[0])
        })?;
        for _ in 0..3 {
            self.ground.copy("work", "legacy")?;
            self.on_ready("bundled", |g| g.pgfold("work", &["apply", "-y"], &[0]))?;
        }
        Ok(())
    }

    /// What comes after a migration, on copies of one migrated database.
    fn after(&mut self) -> Outcome<()> {
        let folder = self.ground.folder_name();
        if ["rollback", "update"].iter().any(|c| self.options.wants(c)) {
            self.ground.copy("work", "moved")?;
            self.on_ready("rollback", |g| {
                g.pgfold("work", &["rollback", &folder, "--run", "2", "--execute", "-y"], &[0])
            })?;
            self.ground.copy("work", "moved")?;
            let update = "update agents set deleted_at = now(), is_active = false where unique_id ~ '^(DH|AI)_AGENT_'";
            self.on_ready("update", |g| g.timed_psql("work", &[update.to_owned()]))?;
        }
        self.ground.copy("work", "moved")?;
        for _ in 0..5 {
            self.on_ready("status", |g| g.pgfold("work", &["status", &folder], &[0]))?;
        }
        self.on_ready("map", |g| g.pgfold("work", &["map", "industries", &folder, "-y"], &[0]))?;
        // the data was not made to be mapped well: what counts here is the time that the seven checks take
        self.on_ready("validate", |g| g.pgfold("work", &["validate", &folder], &[0, 5]))?;
        Ok(())
    }

    fn on_a_copy(&mut self, case: &str, doing: impl Fn(&Ground) -> Outcome<Took>) -> Outcome<()> {
        if !self.options.wants(case) {
            return Ok(());
        }
        self.ground.copy("work", "ready")?;
        self.on_ready(case, doing)?;
        if self.round > 1 {
            return Ok(());
        }
        let mut same = self.ground.ask("work", SAME)?;
        if case == "psql-2" {
            // which of two rows with one key is first is a matter of chance there
            let plain = self.expected.clone().unwrap_or_default();
            let count = |s: &str| s.split('|').next().unwrap_or_default().to_owned();
            if count(&same) == count(&plain) {
                same = plain;
            }
        }
        let expected = self.expected.get_or_insert_with(|| same.clone());
        if *expected != same {
            return Err(format!("{case} gave other rows: {same} instead of {expected}").into());
        }
        Ok(())
    }

    fn on_ready(&mut self, case: &str, doing: impl Fn(&Ground) -> Outcome<Took>) -> Outcome<()> {
        if !self.options.wants(case) {
            return Ok(());
        }
        let took = doing(self.ground).map_err(|e| format!("{case}: {e}"))?;
        self.note(case, took);
        Ok(())
    }

    fn note(&mut self, case: &str, took: Took) {
        say(&format!(
            "  {case:<12} {:>8.2} s, server CPU {:>7.2} s, peak {:.0} MB",
            took.seconds, took.server_cpu, took.peak_mb
        ));
        self.all.note(self.rows, self.round, case, took);
    }

    /// The same rows from files that were written before its time runs.
    fn pgloader(&mut self) -> Outcome<()> {
        if !self.options.wants("pgloader") {
            return Ok(());
        }
        if Command::new("pgloader").arg("--version").output().is_err() {
            say("  pgloader     NOT RUN: it is not installed (benches/setup)");
            self.all.not_run("pgloader is not installed (benches/setup)");
            return Ok(());
        }
        self.ground.copy("work", "ready")?;
        let (mut commands, mut files) = (Vec::new(), Vec::new());
        for (n, (columns, select)) in statements().into_iter().enumerate() {
            let (csv, load) = (self.ground.file(&format!("rows_{n}.csv")), self.ground.file(&format!("rows_{n}.load")));
            let copy = format!("\\copy ({}) to '{}' csv null '\\N'", select.replace('\n', " "), csv.display());
            self.ground.sql("ready", &copy)?;
            let url = self.ground.pgloader_url("work");
            fs::write(
                &load,
                format!(
                    "load csv from '{}' having fields ({columns}) into {url} target table public.agents ({columns}) \
                     with fields terminated by ',', fields optionally enclosed by '\"', fields escaped by double-quote, null if '\\N' \
                     set work_mem to '64MB';\n",
                    csv.display()
                ),
            )?;
            files.push(csv);
            commands.push(load);
        }
        let mut total = Took::default();
        for load in commands {
            let mut pgloader = Command::new("pgloader");
            pgloader.arg("--root-dir").arg(self.ground.file("pgloader")).arg(load);
            let took = self.ground.timed_for(vec![pgloader], &[0, 1, 2], PATIENCE)?;
            total.seconds += took.seconds;
            total.server_cpu += took.server_cpu;
            total.peak_mb = total.peak_mb.max(took.peak_mb);
        }
        for file in files {
            fs::remove_file(file)?;
        }
        let arrived = self.ground.ask("work", "select count(*) from agents where unique_id ~ '^(DH|AI)_AGENT_'")?;
        say(&format!("  pgloader brought {arrived} rows"));
        if arrived.parse::<u64>()? * 10 < self.rows * 9 {
            let short = format!("{arrived} of {} rows", self.rows);
            if total.seconds < PATIENCE.as_secs_f64() {
                self.all.not_run(&format!("pgloader brought only {short}"));
                return Ok(());
            }
            self.all.not_run(&format!("pgloader to its end: stopped with {short}, its time is a lower bound"));
        }
        self.note("pgloader", total);
        Ok(())
    }

    /// Two prepared statements per row: look for the key, insert. As scripts do it each row is committed by itself; as
    /// gently as it can be done all of them are one transaction.
    fn one_by_one(&mut self, case: &str, committing: bool) -> Outcome<()> {
        if !self.options.wants(case) {
            return Ok(());
        }
        self.ground.copy("work", "ready")?;
        let mut text = "prepare look(text) as select id from agents where unique_id = $1;\n".to_owned();
        if !committing {
            text += "begin;\n";
        }
        let share = ONE_BY_ONE.min(self.rows) / 2;
        for (n, (columns, select)) in statements().into_iter().enumerate() {
            let one = format!("insert into agents ({columns}) {select} and id = $1 on conflict (unique_id) do nothing");
            text += &format!("prepare put_{n}(uuid) as {one};\n");
            let table = ["dh_agent", "ai_agents"][n];
            let ids = self.ground.ask("ready", &format!("select id from {table} order by created_at limit {share}"))?;
            for id in ids.lines() {
                text += &format!("execute look('{id}');\nexecute put_{n}('{id}');\n");
            }
        }
        if !committing {
            text += "commit;\n";
        }
        let took = self.ground.timed_psql("work", &[text])?;
        let times = self.rows as f64 / (share * 2) as f64;
        let scaled = Took { seconds: took.seconds * times, server_cpu: took.server_cpu * times, ..took };
        say(&format!("  {case} did {} rows in {:.2} s; scaled to {}", share * 2, took.seconds, self.rows));
        self.note(case, scaled);
        Ok(())
    }
}

const LOWER: &str = "and id < '80000000-0000-0000-0000-000000000000'";
const UPPER: &str = "and id >= '80000000-0000-0000-0000-000000000000'";

fn plain(range: &str) -> String {
    PLAIN.replace("${range}", range)
}

/// Columns and select of each plain statement, without its order.
fn statements() -> Vec<(String, String)> {
    let text = plain("");
    let each = text.split("insert into agents (").skip(1);
    each.filter_map(|one| {
        let (columns, rest) = one.split_once(")\n")?;
        let (select, _) = rest.split_once("\norder by")?;
        Some((columns.replace('\n', " "), select.to_owned()))
    })
    .collect()
}

/// The yardstick of a dry run: every row shaped, and each byte of it looked at.
fn md5() -> String {
    let all = statements()
        .into_iter()
        .map(|(_, select)| format!("select count(md5(shaped::text)) from ({select}) shaped;\n"));
    format!("set jit = off;\n{}", all.collect::<String>())
}

fn migrate(ground: &Ground, workers: &str) -> Outcome<Took> {
    ground.pgfold("work", &["migrate", &ground.folder_name(), "-y", "--workers", workers], &[0])
}
