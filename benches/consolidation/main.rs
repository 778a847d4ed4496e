//! Times a consolidation beside what a DBA would do instead, on a PostgreSQL of its own with default durability.
//!
//! `cargo bench --bench consolidation -- --rows 100000 --rounds 3 --only psql-1,pgfold-1`
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a bench prints")]

mod cases;
mod ground;
mod measured;
mod picture;

use std::path::PathBuf;

use clap::Parser;

pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// What is measured, how often and where it is written.
#[derive(Debug, Parser)]
#[command(name = "consolidation")]
pub struct Options {
    /// Legacy rows; several sizes show the growth: 10000,100000,1000000,10000000.
    #[arg(long, value_delimiter = ',', default_value = "1000000")]
    rows: Vec<u64>,
    /// Rounds; each runs every case in turn, on a fresh copy of the same database. 2 from a million rows on, else 3.
    #[arg(long)]
    rounds: Option<usize>,
    /// Rounds of the cases that only single ratios need (pgloader, row by row, 4 workers, map, rollback, backup).
    #[arg(long, default_value_t = 1)]
    slow_rounds: usize,
    /// Only these cases.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Where CSV and plot are written.
    #[arg(long, default_value = "benches/results")]
    out: PathBuf,
    /// Where the server's folder is made; it takes about 12 GB for a million rows.
    #[arg(long)]
    parent: Option<PathBuf>,
    /// Given by `cargo bench`.
    #[arg(long, hide = true)]
    bench: bool,
}

impl Options {
    fn rounds(&self, rows: u64) -> usize {
        self.rounds.unwrap_or(if rows >= 1_000_000 { 2 } else { 3 })
    }

    fn wants(&self, case: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|o| o == case)
    }
}

fn main() -> Outcome<()> {
    let options = Options::parse();
    let began = std::time::Instant::now();
    let ground = ground::Ground::start(&options)?;
    let mut all = measured::Measured::default();
    for rows in &options.rows {
        say(&format!("building a database of {rows} legacy rows"));
        ground.build(*rows)?;
        cases::run(&ground, *rows, &options, &mut all)?;
        all.write(&options.out)?;
    }
    std::fs::write(options.out.join("consolidation.svg"), picture::svg(&all))?;
    println!("{}", all.told());
    println!(
        "took {:.0} s; {} and consolidation.svg beside it",
        began.elapsed().as_secs_f64(),
        options.out.join("consolidation.csv").display()
    );
    Ok(())
}

pub fn say(what: &str) {
    eprintln!("{what}");
}
