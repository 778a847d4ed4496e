//! Whole outputs as files: help, JSON and exit code of every verb, the ledger's columns, the schemas of the files, and
//! finished SQL.
//!
//! A change of any of them is a diff in `testdata/goldens`. `UPDATE_EXPECT=1 cargo test --test it goldens::` writes the
//! files anew; what differs is then read before it is committed.

mod calls;
mod finished;
pub mod redact;

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::CommandFactory as _;
use expect_test::expect_file;
use pgfold::cli::Cli;

use super::ground::{library, testdata};
use super::harness::{Pgfold, pgfold};

fn folder(below: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "testdata", "goldens", below].iter().collect()
}

/// Every text is that of its file, and no other file is in the folder.
fn hold(below: &str, texts: &[(String, String)]) {
    let folder = folder(below);
    std::fs::create_dir_all(&folder).unwrap();
    let wanted: BTreeSet<&str> = texts.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(wanted.len(), texts.len(), "two goldens have one name");
    for (name, text) in texts {
        expect_file![folder.join(name)].assert_eq(text);
    }
    let there = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path());
    for path in there.filter(|p| p.is_file() && !wanted.contains(p.file_name().unwrap().to_str().unwrap())) {
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::remove_file(&path).unwrap();
        } else {
            panic!("no test makes {}: UPDATE_EXPECT=1 removes it", path.display());
        }
    }
}

/// The verbs as they are typed, those below a verb included; the first is the program alone.
fn verbs() -> Vec<Vec<String>> {
    fn below(command: &clap::Command, typed: &[String], out: &mut Vec<Vec<String>>) {
        out.push(typed.to_vec());
        for verb in command.get_subcommands().filter(|c| c.get_name() != "help") {
            below(verb, &[typed, &[verb.get_name().to_owned()]].concat(), out);
        }
    }
    let mut out = Vec::new();
    below(&Cli::command(), &[], &mut out);
    out
}

#[test]
fn the_help_of_every_verb_is_its_golden() {
    let help = |verb: &[String], flag: &str| {
        let words = verb.iter().map(String::as_str).chain([flag]);
        Pgfold::without_database().args(words).run().expect(0).stdout
    };
    let all = verbs().into_iter().map(|verb| {
        let (short, long) = (help(&verb, "-h"), help(&verb, "--help"));
        let name = if verb.is_empty() { "pgfold".to_owned() } else { verb.join("_") };
        let text = if short == long { long } else { format!("{long}\n---- -h\n{short}") };
        (format!("{name}.txt"), text)
    });
    hold("help", &all.collect::<Vec<_>>());
}

#[test]
fn the_json_and_exit_code_of_every_verb_are_their_goldens() {
    let all = calls::library();
    let called: BTreeSet<String> = all.iter().map(|call| call.verb.clone()).collect();
    // the demo starts a server and goes through all of this; it has a test of its own
    let missing: Vec<String> = (verbs().into_iter().filter_map(|v| v.first().cloned()))
        .filter(|v| v != "demo" && !called.contains(v))
        .collect();
    assert!(missing.is_empty(), "no golden calls {missing:?}");
    hold("json/library", &calls::texts(&all));
    hold("json", &[("exit_codes_library.txt".to_owned(), calls::codes(&all))]);
}

#[test]
fn the_json_of_a_target_that_is_created_is_its_golden() {
    let all = calls::guests();
    hold("json/guests", &calls::texts(&all));
}

#[test]
fn the_columns_of_the_ledger_are_their_golden() {
    let database = library();
    pgfold(&database, &["enhance", &testdata("library"), "--yes"]).expect(0);
    let columns = database.psql(
        "select c.relname || E'\\n' || string_agg(format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
             case when a.attnotnull then ' not null' else '' end,
             case when a.attidentity <> '' then ' identity' else coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') end),
             E'\\n' order by a.attname collate \"C\") || E'\\n'
         from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
         where c.relnamespace = 'pgfold'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
         group by c.relname order by c.relname collate \"C\"",
    );
    let checks = database.psql(
        "select line from (
             select format('%s: %s', c.conrelid::regclass, pg_get_constraintdef(c.oid)) as line from pg_constraint c
             join pg_class t on t.oid = c.conrelid and not t.relispartition
             where c.connamespace = 'pgfold'::regnamespace) as constraints order by line collate \"C\"",
    );
    hold("ledger", &[("columns.txt".to_owned(), columns), ("constraints.txt".to_owned(), checks)]);
}

#[test]
fn the_schemas_of_the_files_are_their_golden() {
    let schema = Pgfold::without_database().args(["config", "schema"]).run().expect(0).stdout;
    hold("schema", &[("files.json".to_owned(), schema)]);
}

#[test]
fn the_finished_sql_is_its_golden() {
    for case in ["library", "guests"] {
        let all = finished::texts(case);
        for (name, text) in &all {
            assert!(!text.contains("${"), "a hole of a template is open in {case}/{name}");
        }
        hold(&format!("sql/{case}"), &all);
    }
}
