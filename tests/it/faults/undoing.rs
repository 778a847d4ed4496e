//! Cuts while a rollback is executed: it is done once and whole, and what became of it is read, never guessed.

use std::path::{Path, PathBuf};

use super::chance::{Chance, number, say};
use super::pooler::Bouncer;
use super::proxy::{Cut, Proxy};
use super::{apply, call, consolidation, demo, socket, state};
use crate::harness::{Database, Pgfold, cluster};

/// How far every run is taken back, what was undone of it, and what is left open.
const UNDONE: &str = "
    select 'run ' || run || ' ' || state || ' ' || coalesce(undone_level, 'stands') || ' ' || undone_part from pgfold.run order by run;
    select 'line ' || concat_ws(' ', source, id, outcome, coalesce(undone, false)) from pgfold.crosswalk order by 1;
    select 'legacy ' || count(*) from dh_agent;
    select 'effect ' || (undone_effect - 'took_ms')::text from pgfold.run order by run;";

/// A database that can be had anew under its own name, which the ledger knows.
struct Applied {
    database: Database,
    saved: Database,
    aside: Database,
}

impl Applied {
    fn new() -> Applied {
        let database = demo();
        call(&database.url(), &apply()).expect(0);
        Applied { saved: database.cloned(), aside: Database::fresh(), database }
    }

    fn anew(&self) -> &Database {
        let (name, saved) = (self.database.name(), self.saved.name());
        self.aside.psql(&format!("drop database {name} with (force)"));
        self.aside.psql(&format!("create database {name} template {saved}"));
        &self.database
    }
}

/// A way to take a run back, what it leaves and how many messages it takes.
struct Way<'a> {
    applied: &'a Applied,
    arguments: Vec<&'static str>,
    left: String,
    messages: u64,
    /// Fewer bytes than the message that carries the script has, and more than any other.
    script: usize,
}

fn left(database: &Database) -> String {
    // at level schema the columns are gone that the state of a run asks for
    let rows = "select to_jsonb(a) - 'updated_at' - 'deleted_at' - 'id' from agents a order by 1";
    [database.psql(UNDONE), database.psql(rows)].concat()
}

fn through(url: &str, arguments: &[&str]) -> crate::harness::Finished {
    Pgfold::without_database().env("DATABASE_URL", url).args(arguments).run()
}

impl<'a> Way<'a> {
    fn new(applied: &'a Applied, more: &[&'static str], socket: PathBuf) -> Way<'a> {
        let arguments = [&["rollback", consolidation(), "--execute", "--yes"], more].concat();
        let database = applied.anew();
        let proxy = Proxy::start(socket, Cut::Never);
        through(&proxy.url(database.name()), &arguments).expect(0);
        Way { applied, arguments, left: left(database), messages: proxy.messages(), script: proxy.largest() / 2 }
    }

    /// Whether the same process ended well, and what it said.
    fn survives(&self, cut: Cut, socket: PathBuf) -> (bool, String) {
        let database = self.applied.anew();
        let proxy = Proxy::start(socket, cut);
        let first = through(&proxy.url(database.name()), &self.arguments);
        let well = first.code == 0;
        if !well {
            assert!(matches!(first.code, 1 | 8), "{cut:?}: exit {}\n{}", first.code, first.stderr);
            // what a DBA would do: the same again; done before is nothing to do
            let again = call(&database.url(), &self.arguments);
            assert!(matches!(again.code, 0 | 4), "{cut:?}: then {}\n{}", again.code, again.stderr);
        }
        let is = left(database);
        let difference = state::difference(&is, &self.left);
        assert!(difference.is_empty(), "{cut:?} {:?}\n{}\n{difference}", self.arguments, first.stderr);
        (well, first.stderr)
    }

    fn survives_all(&self, cuts: &[Cut], socket: &Path) {
        let told: Vec<(bool, String)> = cuts.iter().map(|cut| self.survives(*cut, socket.to_path_buf())).collect();
        let well = told.iter().filter(|t| t.0).count();
        let count = |word: &str| told.iter().filter(|t| t.1.contains(word)).count();
        let (committed, again) = (count("the rollback was committed"), count("nothing of it was done, again"));
        let (all, way) = (cuts.len(), self.arguments[4..].join(" "));
        say(&format!(
            "rollback {way}: {well} of {all} cuts ended well in the same process; {committed} were committed unheard, {again} were done again"
        ));
        assert!(well * 100 >= all * 90, "only {well} of {all}");
        assert!(committed + again > 1, "both cuts at the script must be told: {committed} and {again}");
    }

    /// Around the script, and in each stretch of the conversation.
    fn cuts(&self, points: u64) -> Vec<Cut> {
        let mut chance = Chance::new("rollbacks");
        let all: Vec<Cut> = (1..=self.messages).flat_map(|n| [Cut::Before(n), Cut::After(n)]).collect();
        if points == 0 {
            return all;
        }
        let each = (all.len() as u64 / points).max(1);
        let begin = chance.below(each) as usize;
        let around = [Cut::BeforeLarge(self.script), Cut::AfterLarge(self.script)];
        around.into_iter().chain(all.into_iter().skip(begin).step_by(each as usize)).collect()
    }
}

const PARTS: [&[&str]; 3] =
    [&["--level", "rows"], &["--level", "purge", "--source", "dh_agent"], &["--level", "schema"]];

fn cut_rollbacks(points: u64) {
    let applied = Applied::new();
    for more in PARTS {
        let way = Way::new(&applied, more, socket());
        say(&format!("a rollback {} takes {} messages", more.join(" "), way.messages));
        way.survives_all(&way.cuts(points), &socket());
    }
}

#[test]
fn a_rollback_that_is_cut_is_done_once_and_whole() {
    cut_rollbacks(number("PGFOLD_FAULT_POINTS").unwrap_or(8));
}

#[test]
#[ignore = "long: every message of three rollbacks, before and after"]
fn a_rollback_cut_before_and_after_every_message_is_done_once_and_whole() {
    cut_rollbacks(0);
}

#[test]
fn a_rollback_through_a_pooler_is_said_and_survives_cuts() {
    let bouncer = Bouncer::start();
    let applied = Applied::new();
    let way = Way::new(&applied, &["--level", "purge"], bouncer.socket());
    let direct = Way::new(&applied, &["--level", "purge"], socket());
    assert_eq!(state::difference(&way.left, &direct.left), "");
    let database = applied.anew();
    let told = call(&bouncer.url(database), &way.arguments).expect(0);
    assert!(told.stderr.contains("a pooler in transaction mode is in between"), "{}", told.stderr);
    // nobody's connection keeps a setting of the script
    let mut psql = cluster().programs().command("psql");
    let settings = "select current_setting('search_path') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('work_mem')";
    let seen = psql.args(["-X", "-A", "-t", "-d", &bouncer.url(database), "-c", settings]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&seen.stdout).trim(), "\"$user\", public 0 4MB");
    way.survives_all(&way.cuts(8), &bouncer.socket());
}
