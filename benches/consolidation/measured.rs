//! What was measured: kept, told as ratios with their spread, and written as CSV.

use std::path::Path;

use crate::Outcome;
use crate::ground::Took;

#[derive(Debug, Clone)]
pub struct Line {
    pub rows: u64,
    pub round: usize,
    pub case: String,
    pub took: Took,
}

#[derive(Debug, Default)]
pub struct Measured {
    pub lines: Vec<Line>,
    not_run: Vec<String>,
}

/// A promise: one case against another, and what it may be at most.
const PROMISED: [(&str, &str, &str, f64); 7] = [
    ("migrate, two workers, against two psql sessions", "pgfold-2", "psql-2", 1.15),
    ("migrate, two workers, against one statement", "pgfold-2", "psql-1", 0.8),
    ("migrate, one worker, against one statement", "pgfold-1", "psql-1", 1.25),
    ("dry run against count(md5(shaped::text))", "dry-run", "md5", 3.0),
    ("validate against migrate", "validate", "pgfold-2", 0.5),
    ("map industries against migrate", "map", "pgfold-2", 1.0),
    ("rollback of rows against a plain update", "rollback", "update", 1.5),
];

impl Measured {
    pub fn note(&mut self, rows: u64, round: usize, case: &str, took: Took) {
        self.lines.push(Line { rows, round, case: case.to_owned(), took });
    }

    pub fn not_run(&mut self, why: &str) {
        self.not_run.push(why.to_owned());
    }

    pub fn sizes(&self) -> Vec<u64> {
        let mut sizes: Vec<u64> = self.lines.iter().map(|l| l.rows).collect();
        sizes.dedup();
        sizes
    }

    pub fn cases(&self, rows: u64) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for line in self.lines.iter().filter(|l| l.rows == rows) {
            if !out.contains(&line.case) {
                out.push(line.case.clone());
            }
        }
        out
    }

    fn all(&self, rows: u64, case: &str) -> Vec<&Line> {
        self.lines.iter().filter(|l| l.rows == rows && l.case == case).collect()
    }

    /// Lowest, median and highest seconds.
    pub fn seconds(&self, rows: u64, case: &str) -> Option<(f64, f64, f64)> {
        spread(self.all(rows, case).iter().map(|l| l.took.seconds).collect())
    }

    fn cpu(&self, rows: u64, case: &str) -> Option<f64> {
        Some(spread(self.all(rows, case).iter().map(|l| l.took.server_cpu).collect())?.1)
    }

    /// Lowest, median and highest of the rounds' own ratios; of the medians, where they were not in the same rounds.
    fn ratio(&self, rows: u64, case: &str, to: &str) -> Option<(f64, f64, f64)> {
        let (a, b) = (self.all(rows, case), self.all(rows, to));
        if a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.round == b.round) {
            return spread(a.iter().zip(&b).map(|(a, b)| a.took.seconds / b.took.seconds).collect());
        }
        let r = self.seconds(rows, case)?.1 / self.seconds(rows, to)?.1;
        Some((r, r, r))
    }

    pub fn write(&self, folder: &Path) -> Outcome<()> {
        std::fs::create_dir_all(folder)?;
        let mut csv = csv::Writer::from_path(folder.join("consolidation.csv"))?;
        csv.write_record(["rows", "round", "case", "seconds", "server_cpu_seconds", "peak_mb"])?;
        for l in &self.lines {
            let numbers = [l.took.seconds, l.took.server_cpu, l.took.peak_mb].map(|n| format!("{n:.3}"));
            csv.write_record([
                &l.rows.to_string(),
                &l.round.to_string(),
                &l.case,
                &numbers[0],
                &numbers[1],
                &numbers[2],
            ])?;
        }
        Ok(csv.flush()?)
    }

    /// Times and ratios as a Markdown page.
    pub fn told(&self) -> String {
        let mut out = String::new();
        for rows in self.sizes() {
            out += &format!(
                "\n{rows} legacy rows\n\n| case | median s | lowest – highest | server CPU s | peak MB |\n|---|---|---|---|---|\n"
            );
            for case in self.cases(rows) {
                let Some((low, median, high)) = self.seconds(rows, &case) else { continue };
                let peak = self.all(rows, &case).iter().map(|l| l.took.peak_mb).fold(0.0, f64::max);
                let cpu = self.cpu(rows, &case).unwrap_or(0.0);
                out += &format!("| {case} | {median:.2} | {low:.2} – {high:.2} | {cpu:.2} | {peak:.0} |\n");
            }
            out += "\n| ratio | median | lowest – highest | of server CPU | at most | |\n|---|---|---|---|---|---|\n";
            for (what, case, to, most) in PROMISED {
                let Some((low, median, high)) = self.ratio(rows, case, to) else { continue };
                let cpu = self.cpu(rows, case).unwrap_or(0.0) / self.cpu(rows, to).unwrap_or(f64::NAN);
                let held = if median <= most { "holds" } else { "FALLS SHORT" };
                out += &format!("| {what} | {median:.2} | {low:.2} – {high:.2} | {cpu:.2} | {most} | {held} |\n");
            }
            out += &self.others(rows);
        }
        out += &self.growth();
        for why in &self.not_run {
            out += &format!("\nNOT RUN: {why}\n");
        }
        out
    }

    fn others(&self, rows: u64) -> String {
        let mut out = String::new();
        let mut tell = |what: &str, value: Option<f64>, at_most: bool, limit: f64, unit: &str| {
            let Some(value) = value else { return };
            let held = if (value <= limit) == at_most { "holds" } else { "FALLS SHORT" };
            let bound = if at_most { "at most" } else { "at least" };
            out += &format!("- {what}: {value:.2} {unit} ({bound} {limit} {unit}): {held}\n");
        };
        let s = |case: &str| self.seconds(rows, case).map(|s| s.1);
        let over = |a: &str, b: &str| Some(s(a)? / s(b)?);
        tell(
            "a row-by-row client that commits each row against two workers",
            over("row-by-row", "pgfold-2"),
            false,
            20.0,
            "times",
        );
        tell("the same in one transaction", over("row-by-row-tx", "pgfold-2"), false, 20.0, "times");
        tell("pgloader against two workers", over("pgloader", "pgfold-2"), false, 1.0, "times");
        let whole = || Some(s("backup")? + s("pgfold-2")? + s("map")? + s("validate")?);
        tell("backup, gates, migrate, map, validate", whole(), true, 600.0, "s");
        tell("the bundled case from apply to 7 of 7", s("bundled"), true, 5.0, "s");
        tell("start to first answer of `status`", s("status").map(|s| s * 1000.0), true, 50.0, "ms");
        let ours = self.lines.iter().filter(|l| {
            l.rows == rows
                && !["psql-1", "psql-2", "md5", "update", "pgloader"].contains(&l.case.as_str())
                && !l.case.starts_with("row-by-row")
        });
        let peak = ours.map(|l| l.took.peak_mb).fold(0.0, f64::max);
        tell("peak memory of pgfold", (peak > 0.0).then_some(peak), true, 100.0, "MB");
        format!("\n{out}")
    }

    fn growth(&self) -> String {
        let sizes = self.sizes();
        let mut out = String::new();
        for pair in sizes.windows(2) {
            let grown = |case: &str| Some(self.seconds(pair[1], case)?.1 / self.seconds(pair[0], case)?.1);
            if let (Some(ours), Some(theirs)) = (grown("pgfold-2"), grown("psql-1")) {
                out += &format!(
                    "\nfrom {} to {} rows: pgfold × {ours:.1}, one statement × {theirs:.1}, ratio {:.2} (at most 1.1)\n",
                    pair[0],
                    pair[1],
                    ours / theirs
                );
            }
        }
        out
    }
}

fn spread(mut all: Vec<f64>) -> Option<(f64, f64, f64)> {
    all.sort_by(f64::total_cmp);
    let (low, high) = (*all.first()?, *all.last()?);
    let middle = all.len() / 2;
    let median = if all.len() % 2 == 1 { all[middle] } else { (all[middle - 1] + all[middle]) / 2.0 };
    Some((low, median, high))
}
