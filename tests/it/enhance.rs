//! Enhancements: run once, do what they declare, come back whole.

mod releases;
mod statements;

use std::fmt::Write as _;
use std::path::Path;

use super::harness::{Database, Finished, Scratch, pgfold};
use statements::{Becomes, STATEMENTS, Statement};

const BEFORE: &str = include_str!("enhance/before.sql");

const REST: &str = r#"
[[source]]
table = "old"
id = "id"
key = "code"
winner = "id"
[source.columns]
name = "name"
[source.ignore]
id = "no"
code = "is the key"
"#;

fn items() -> Database {
    Database::from_sql("enhance items", &[BEFORE])
}

/// A folder whose manifest has these enhancements: file, lines of its section, up and down.
fn folder(files: &[(&str, &str, &str, Option<&str>)]) -> Scratch {
    let scratch = Scratch::new();
    write_into(scratch.path(), files);
    scratch
}

fn write_into(path: &Path, files: &[(&str, &str, &str, Option<&str>)]) {
    let mut manifest = "[target]\ntable = \"items\"\nid = \"id\"\nkey = \"key\"\n".to_owned();
    for (file, declares, up, down) in files {
        write!(manifest, "\n[[enhancement]]\nfile = \"{file}\"\n{declares}\n").unwrap();
        std::fs::write(path.join(format!("{file}.up.sql")), up).unwrap();
        if let Some(down) = down {
            std::fs::write(path.join(format!("{file}.down.sql")), down).unwrap();
        }
    }
    std::fs::write(path.join("consolidation.toml"), manifest + REST).unwrap();
}

fn run(database: &Database, verb: &[&str], folder: &Scratch) -> Finished {
    let mut arguments = vec![verb[0], folder.path().to_str().unwrap()];
    arguments.extend(&verb[1..]);
    pgfold(database, &arguments)
}

fn state(database: &Database) -> String {
    [database.schema_dump(), database.rows_digest(), database.structure_digest()].join("\n")
}

/// Without the dump, which takes longest.
fn quick_state(database: &Database) -> String {
    [database.rows_digest(), database.structure_digest()].join("\n")
}

fn difference(before: &str, after: &str) -> String {
    let (b, a): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let gone = b.iter().filter(|l| !a.contains(l)).map(|l| format!("- {l}\n"));
    let new = a.iter().filter(|l| !b.contains(l)).map(|l| format!("+ {l}\n"));
    gone.chain(new).collect()
}

/// What is wrong with it, if anything is.
fn play(database: &Database, statement: &Statement) -> Option<String> {
    let before = quick_state(database);
    let folder = folder(&[("0001_one", statement.declares, statement.sql, statement.down)]);
    let applied = run(database, &["enhance", "-y"], &folder);
    let about = format!("{}\n  with {}", statement.sql, statement.declares.replace('\n', "; "));
    let wanted = match statement.becomes {
        Becomes::Done => 0,
        Becomes::Refused => 3,
        Becomes::NotInTransaction => applied.code.max(1),
    };
    if applied.code != wanted {
        return Some(format!(
            "{about}\n  exit {} instead of {wanted}: {}{}",
            applied.code, applied.stdout, applied.stderr
        ));
    }
    if statement.becomes == Becomes::Done {
        // what is only dropped leaves nothing that could be noted
        let noted = "select count(*) from (select run from pgfold.object_left union all select run from pgfold.written_row) n \
                     where run = (select max(run) from pgfold.run)";
        if database.value(noted) == "0" && (statement.down.is_none() || quick_state(database) == before) {
            return Some(format!("{about}\n  changed nothing"));
        }
        let back = run(database, &["rollback", "--level", "schema", "--execute", "-y"], &folder);
        if back.code != 0 {
            return Some(format!("{about}\n  rollback: exit {}: {}", back.code, back.stderr));
        }
    }
    let after = quick_state(database);
    (after != before).then(|| format!("{about}\n  something stayed:\n{}", difference(&before, &after)))
}

fn play_all(part: usize, parts: usize) {
    let database = items();
    let before = state(&database);
    let mine = STATEMENTS.iter().skip(part).step_by(parts);
    let wrong: Vec<String> = mine.filter_map(|s| play(&database, s)).collect();
    let after = state(&database);
    assert!(wrong.is_empty(), "{} statements:\n\n{}", wrong.len(), wrong.join("\n\n"));
    assert_eq!(difference(&before, &after), "");
}

#[test]
fn the_table_has_at_least_120_statements() {
    assert!(STATEMENTS.len() >= 120, "{}", STATEMENTS.len());
}

#[test]
fn each_statement_is_refused_before_anything_stays_or_done_and_gone_after_the_rollback_1() {
    play_all(0, 4);
}

#[test]
fn each_statement_is_refused_before_anything_stays_or_done_and_gone_after_the_rollback_2() {
    play_all(1, 4);
}

#[test]
fn each_statement_is_refused_before_anything_stays_or_done_and_gone_after_the_rollback_3() {
    play_all(2, 4);
}

#[test]
fn each_statement_is_refused_before_anything_stays_or_done_and_gone_after_the_rollback_4() {
    play_all(3, 4);
}

#[test]
fn a_file_lives_as_users_of_migration_tools_expect() {
    let database = items();
    let before = state(&database);
    let adds = "adds.items = { plan = \"text\" }";
    let up = "-- the plan\nalter table items add column plan text;\n";
    let folder = folder(&[("0001_plan", adds, up, None)]);
    let mut golden = String::new();
    let mut note = |what: &str, done: &Finished| {
        let said = done.stdout.lines().chain(done.stderr.lines());
        let files = said
            .filter(|l| ["applied", "pending", "marked", "changed ", "line ", "hint"].iter().any(|w| l.contains(w)));
        let files: Vec<&str> = files.map(str::trim).collect();
        writeln!(golden, "{what}: exit {}", done.code).unwrap();
        for line in files {
            writeln!(golden, "  {}", line.replace(folder.path().to_str().unwrap(), "FOLDER")).unwrap();
        }
    };
    let file = folder.path().join("0001_plan.up.sql");
    note("status", &run(&database, &["status"], &folder));
    note("enhance", &run(&database, &["enhance", "-y"], &folder));
    note("status", &run(&database, &["status"], &folder));
    note("enhance again", &run(&database, &["enhance", "-y"], &folder));
    std::fs::write(&file, up.replace("the plan", "a comment")).unwrap();
    note("enhance, a comment edited", &run(&database, &["enhance", "-y"], &folder));
    std::fs::write(&file, up.replace("plan text", "plan varchar")).unwrap();
    note("enhance, edited", &run(&database, &["enhance", "-y"], &folder));
    note("status", &run(&database, &["status"], &folder));
    std::fs::write(&file, up).unwrap();
    note("rollback", &run(&database, &["rollback", "--level", "schema", "--execute", "-y"], &folder));
    assert_eq!(difference(&before, &state(&database)), "");
    note("status", &run(&database, &["status"], &folder));
    database.psql("alter table items add column plan text");
    note("enhance, done by hand", &run(&database, &["enhance", "-y"], &folder));
    note("mark", &run(&database, &["enhance", "--mark-applied", "0001", "-y"], &folder));
    note("status", &run(&database, &["status"], &folder));
    note("enhance, marked", &run(&database, &["enhance", "-y"], &folder));
    let golden_file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/enhance/life.txt");
    if std::env::var_os("PGFOLD_GOLDEN").is_some() {
        std::fs::write(golden_file, &golden).unwrap();
    }
    assert_eq!(golden, std::fs::read_to_string(golden_file).unwrap_or_default());
}
