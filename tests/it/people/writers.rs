//! Random writers: sessions that insert, update, give new keys, delete and insert again in sources, target and what
//! refers to it, while runs, catch-ups and rollbacks go on. What must be there is worked out here, from a log of what
//! each session committed; no SQL of pgfold is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::Place;
use crate::faults::chance::{Chance, number, say};

const KEYS: u64 = 12;
const WRITERS: u64 = 3;

/// Table and id.
type LegacyId = (&'static str, u64);
/// The keys and names that a row had, in order; none where it was deleted.
type History = Vec<Option<(String, String)>>;

/// What the sessions committed. Each legacy row and each target row has one session that writes it, so that the order in
/// the log is the order of the commits.
#[derive(Default, Clone)]
struct Log {
    legacy: BTreeMap<LegacyId, History>,
    /// The last note that was written into a target row, by its id.
    notes: BTreeMap<String, String>,
    /// How often a target row was counted up, by its id.
    seen: BTreeMap<String, u64>,
    /// Names of the target rows that the application inserted, or that were there before, by key.
    own: BTreeMap<String, String>,
    /// Rows that refer to the target, by their id.
    referring: BTreeSet<String>,
}

impl Log {
    fn add(&mut self, other: Log) {
        self.legacy.extend(other.legacy);
        self.notes.extend(other.notes);
        self.seen.extend(other.seen);
        self.own.extend(other.own);
        self.referring.extend(other.referring);
    }
}

/// One session of the application.
struct Writer<'a> {
    place: &'a Place,
    /// Rows and keys whose number leaves this rest are its own.
    rest: u64,
    chance: Chance,
    words: u64,
    log: Log,
}

impl Writer<'_> {
    fn go_on(mut self, over: &AtomicBool) -> Log {
        while !over.load(Ordering::Relaxed) {
            match self.chance.below(10) {
                0..=5 => self.write_legacy(),
                6 => self.insert_into_target(),
                7 => self.note(),
                8 => self.count_up(),
                _ => self.refer(),
            }
            thread::sleep(Duration::from_millis(self.chance.below(40)));
        }
        self.log
    }

    /// The rows that a statement gives back; nothing where it failed.
    fn committed(&self, statement: &str) -> Option<Vec<String>> {
        let printed = self.place.database.try_psql(statement).ok()?;
        Some(printed.lines().map(str::to_owned).filter(|l| !l.is_empty()).collect())
    }

    fn word(&mut self) -> String {
        self.words += 1;
        format!("word {} of {}", self.words, self.rest)
    }

    fn own_number(&mut self, below: u64) -> u64 {
        self.chance.below(below / WRITERS) * WRITERS + self.rest
    }

    fn write_legacy(&mut self) {
        let (table, column) = if self.chance.below(2) == 0 { ("old", "name") } else { ("web", "label") };
        let (id, word, code) = (self.own_number(18), self.word(), format!("K{}", self.chance.below(KEYS)));
        let history = self.log.legacy.get(&(table, id)).and_then(|h| h.last().cloned()).flatten();
        let (statement, then) = match (history, self.chance.below(6)) {
            (None, _) => (
                format!("insert into {table} (id, code, {column}) values ({id}, '{code}', '{word}')"),
                vec![Some((code, word))],
            ),
            (Some((_, name)), 0..=1) => {
                (format!("update {table} set code = '{code}' where id = {id}"), vec![Some((code, name))])
            }
            (Some((key, _)), 2..=3) => {
                (format!("update {table} set {column} = '{word}' where id = {id}"), vec![Some((key, word))])
            }
            (Some(_), 4) => (format!("delete from {table} where id = {id}"), vec![None]),
            (Some(_), _) => (
                format!(
                    "begin; delete from {table} where id = {id}; insert into {table} (id, code, {column}) values ({id}, '{code}', '{word}'); commit"
                ),
                vec![None, Some((code, word))],
            ),
        };
        if self.committed(&statement).is_some() {
            self.log.legacy.entry((table, id)).or_default().extend(then);
        }
    }

    fn own_key(&mut self) -> String {
        format!("K{}", self.own_number(KEYS))
    }

    fn insert_into_target(&mut self) {
        let (key, word) = (self.own_key(), self.word());
        if self.committed(&format!("insert into items (key, name) values ('{key}', '{word}')")).is_some() {
            self.log.own.insert(key, word);
        }
    }

    fn note(&mut self) {
        let (key, word) = (self.own_key(), self.word());
        let update = format!("update items set note = '{word}' where key = '{key}' returning id");
        for id in self.committed(&update).unwrap_or_default() {
            self.log.notes.insert(id, word.clone());
        }
    }

    fn count_up(&mut self) {
        let key = self.own_key();
        for id in self
            .committed(&format!("update items set seen = seen + 1 where key = '{key}' returning id"))
            .unwrap_or_default()
        {
            *self.log.seen.entry(id).or_default() += 1;
        }
    }

    fn refer(&mut self) {
        let key = self.own_key();
        let insert = format!("insert into hired (item) select id from items where key = '{key}' returning id");
        self.log.referring.extend(self.committed(&insert).unwrap_or_default());
    }
}

/// A small schema with its consolidation, and what was in it before.
fn begun(chance: &mut Chance) -> (Place, Log) {
    let mut pick = |of: &[&'static str]| of[chance.below(of.len() as u64) as usize];
    let cascade = pick(&["", " on delete cascade", " on delete restrict"]);
    let (first, second) = (pick(&["skip", "merge"]), pick(&["skip", "merge"]));
    let mut tables = format!(
        "create table items (id bigint generated by default as identity primary key, key text not null unique, name text not null, note text, seen int not null default 0);
         create table hired (id bigint generated always as identity primary key, item bigint not null references items{cascade});
         create table old (id int primary key, code text not null, name text not null, note text);
         create table web (id int primary key, code text not null, label text not null);
         insert into items (key, name) values ('A1', 'there before'), ('K1', 'there before');\n"
    );
    let source = |table: &str, duplicate: &str, columns: &str| {
        format!(
            "\n[[source]]\ntable = \"{table}\"\nid = \"id\"\nkey = \"code\"\nwinner = \"id\"\non_duplicate = \"{duplicate}\"\n\
             [source.columns]\n{columns}\n[source.ignore]\nid = \"surrogate\"\ncode = \"is the key\"\n"
        )
    };
    let manifest = [
        "[target]\ntable = \"items\"\nid = \"id\"\nkey = \"key\"\nignore_changes = [\"seen\"]\n".to_owned(),
        source("old", first, "name = \"name\"\nnote = \"note\""),
        source("web", second, "name = \"label\""),
    ];
    let mut log = Log::default();
    for key in ["A1", "K1"] {
        log.own.insert(key.to_owned(), "there before".to_owned());
    }
    for id in 0..4 + chance.below(8) {
        for (table, column) in [("old", "name"), ("web", "label")] {
            let (code, name) = (format!("K{}", chance.below(KEYS)), format!("{table} {id} of before"));
            writeln!(tables, "insert into {table} (id, code, {column}) values ({id}, '{code}', '{name}');").unwrap();
            if table == "old" {
                writeln!(tables, "update old set note = 'legacy note' where id = {id};").unwrap();
            }
            log.legacy.insert((table, id), vec![Some((code, name))]);
        }
    }
    (Place::new(&tables, &manifest.concat()), log)
}

/// A target row as it is in the end.
struct Item {
    id: String,
    name: String,
    note: String,
    seen: u64,
}

struct Schedule {
    place: Place,
    log: Log,
    chance: Chance,
    /// What was done, for whoever reads a failure.
    told: String,
    /// Whether a rollback was among it: a row that went and came again is counted anew.
    went_back: bool,
}

impl Schedule {
    fn new(mut chance: Chance) -> Schedule {
        let (place, log) = begun(&mut chance);
        Schedule { place, log, chance, told: String::new(), went_back: false }
    }

    fn note(&mut self, verb: &str, code: i32, stderr: &str) -> i32 {
        writeln!(self.told, "{verb}: exit {code}\n{stderr}").unwrap();
        code
    }

    /// The verbs one after the other while the application writes; their exit codes.
    fn beside_writers(&mut self, verbs: &[&str]) -> Vec<i32> {
        let over = AtomicBool::new(false);
        let writers: Vec<Writer> = (0..WRITERS)
            .map(|rest| {
                let own = |(_, id): &(&str, u64)| id % WRITERS == rest;
                let legacy = self.log.legacy.iter().filter(|(k, _)| own(k)).map(|(k, v)| (*k, v.clone())).collect();
                let log = Log { legacy, seen: self.log.seen.clone(), ..Log::default() };
                Writer {
                    place: &self.place,
                    rest,
                    chance: Chance::of(self.chance.below(u64::MAX)),
                    words: self.told.len() as u64,
                    log,
                }
            })
            .collect();
        let (finished, logs) = thread::scope(|scope| {
            let over = &over;
            let writing: Vec<_> = writers.into_iter().map(|w| scope.spawn(move || w.go_on(over))).collect();
            let finished: Vec<_> = verbs.iter().map(|v| self.place.call(v).run()).collect();
            over.store(true, Ordering::Relaxed);
            (finished, writing.into_iter().map(|w| w.join().unwrap()).collect::<Vec<_>>())
        });
        // a count of a row that another session did not touch is what it was
        let counted = self.log.seen.clone();
        for mut log in logs {
            log.seen.retain(|id, n| counted.get(id) != Some(n));
            self.log.add(log);
        }
        finished.iter().zip(verbs).map(|(f, verb)| self.note(verb, f.code, &f.stderr)).collect()
    }

    /// Once nobody writes any more.
    fn alone(&mut self, verb: &str) -> i32 {
        let finished = self.place.call(verb).run();
        self.note(verb, finished.code, &finished.stderr)
    }

    fn items(&self) -> BTreeMap<String, Item> {
        let rows = self.place.psql(
            "select key || chr(9) || id || chr(9) || name || chr(9) || coalesce(note, '') || chr(9) || seen from items",
        );
        let item = |line: &str| {
            let mut fields = line.split('\t').map(str::to_owned);
            let mut next = || fields.next().unwrap_or_default();
            (next(), Item { id: next(), name: next(), note: next(), seen: next().parse().unwrap_or(u64::MAX) })
        };
        rows.lines().filter(|l| !l.is_empty()).map(item).collect()
    }

    /// What people committed to the target, and is not there any more or is another now.
    fn lost_of_people(&self) -> Vec<String> {
        let items = self.items();
        let by_id: BTreeMap<&str, &Item> = items.values().map(|i| (i.id.as_str(), i)).collect();
        let mut wrong = Vec::new();
        for (id, note) in &self.log.notes {
            match by_id.get(id.as_str()) {
                None => wrong.push(format!("target row {id} with the note `{note}` is gone")),
                Some(item) if item.note != *note => {
                    wrong.push(format!("target row {id} has the note `{}`, not `{note}`", item.note))
                }
                Some(_) => {}
            }
        }
        for (key, name) in &self.log.own {
            match items.get(key) {
                None => wrong.push(format!("{key}, which was the application's own, is gone")),
                Some(item) if item.name != *name => {
                    wrong.push(format!("{key} has the name `{}`, not `{name}`", item.name))
                }
                Some(_) => {}
            }
        }
        for (id, n) in self.log.seen.iter().filter(|_| !self.went_back) {
            if by_id.get(id.as_str()).is_none_or(|i| i.seen != *n) {
                wrong.push(format!("target row {id} was counted up {n} times, and says otherwise"));
            }
        }
        let there = self.place.psql("select id from hired");
        let there: BTreeSet<&str> = there.lines().collect();
        wrong.extend(
            self.log
                .referring
                .iter()
                .filter(|id| !there.contains(id.as_str()))
                .map(|id| format!("row {id} of hired is gone")),
        );
        wrong
    }

    /// Legacy rows that are nowhere, and target rows that are nobody's, once all is moved.
    fn lost_of_legacy(&self) -> Vec<String> {
        let items = self.items();
        let mut wrong = Vec::new();
        let mut had: BTreeMap<&str, BTreeSet<LegacyId>> = BTreeMap::new();
        let mut ever: BTreeSet<(&str, &str)> = BTreeSet::new();
        for ((table, id), history) in &self.log.legacy {
            for (key, name) in history.iter().flatten() {
                had.entry(key).or_default().insert((*table, *id));
                ever.insert((key, name));
            }
            let Some(Some((key, name))) = history.last() else { continue };
            if !items.contains_key(key) {
                wrong.push(format!("{table} {id} with key {key} and name `{name}` is nowhere"));
            }
        }
        for (key, item) in items.iter().filter(|(key, _)| !self.log.own.contains_key(*key)) {
            if !ever.contains(&(key.as_str(), item.name.as_str())) {
                wrong.push(format!("{key} has the name `{}`, which no legacy row ever had with it", item.name));
            }
            // a key that one legacy row alone ever had: the row is as that one is now, unless somebody edited it
            let only = had.get(key.as_str()).filter(|rows| rows.len() == 1).and_then(BTreeSet::first);
            let last = only.and_then(|row| self.log.legacy.get(row)).and_then(|h| h.last()).and_then(Option::as_ref);
            if let Some((_, name)) = last.filter(|(k, _)| k == key)
                && !self.log.notes.contains_key(&item.id)
                && item.name != *name
            {
                wrong.push(format!("{key} has the name `{}`, its legacy row has `{name}`", item.name));
            }
        }
        wrong
    }
}

/// One schedule; what is wrong after it.
fn play(chance: Chance) -> Option<String> {
    let mut schedule = Schedule::new(chance);
    let first =
        ["apply --yes", "apply --online --yes", "apply --online --yes --workers 1 --batch-rows 1 --batch-delay 40ms"];
    let second = [
        "",
        "apply --yes",
        "migrate --changed --yes",
        "migrate --online --yes",
        "rollback --level rows --execute --yes",
        "rollback --level purge --execute --yes",
        "rollback --level schema --execute --yes",
    ];
    let verbs = [first[schedule.chance.below(3) as usize], second[schedule.chance.below(7) as usize]];
    let verbs: Vec<&str> = verbs.into_iter().filter(|v| !v.is_empty()).collect();
    schedule.went_back = verbs.iter().any(|v| v.starts_with("rollback"));
    let codes = schedule.beside_writers(&verbs);
    let mut wrong = schedule.lost_of_people();
    if matches!(codes.first(), Some(0 | 5)) {
        // what came since is moved, and nobody writes meanwhile
        let all = [schedule.alone("apply --yes"), schedule.alone("migrate --changed --yes")];
        if all.iter().all(|code| matches!(code, 0 | 5)) {
            wrong.extend(schedule.lost_of_legacy());
        } else {
            wrong.push("what came since could not be moved".to_owned());
        }
        wrong.extend(schedule.lost_of_people());
    }
    (!wrong.is_empty()).then(|| format!("{}\n{}", wrong.join("\n"), schedule.told))
}

fn play_all(what: &str, schedules: u64) {
    let mut chance = Chance::new(what);
    for n in 0..schedules {
        let seed = if n == 0 { chance.seed() } else { chance.below(u64::MAX) };
        if let Some(wrong) = play(Chance::of(seed)) {
            panic!("schedule {n}, again with PGFOLD_FAULT_SEED={seed}:\n{wrong}");
        }
    }
    say(&format!("{what}: {schedules} schedules"));
}

#[test]
fn what_people_commit_beside_a_run_is_there_afterwards_1() {
    play_all("writers 1", number("PGFOLD_FAULT_POINTS").unwrap_or(20));
}

#[test]
fn what_people_commit_beside_a_run_is_there_afterwards_2() {
    play_all("writers 2", number("PGFOLD_FAULT_POINTS").unwrap_or(20));
}

#[test]
fn what_people_commit_beside_a_run_is_there_afterwards_3() {
    play_all("writers 3", number("PGFOLD_FAULT_POINTS").unwrap_or(20));
}

#[test]
#[ignore = "long: 500 schedules"]
fn what_people_commit_beside_five_hundred_runs_is_there_afterwards() {
    play_all("writers", 500);
}
