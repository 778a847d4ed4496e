//! Names and values that try to be more than names and values.

use std::fs;

use super::{Case, same, script};
use crate::harness::{Database, Scratch, pgfold};

const NAME: &str = "x\"; drop table \"precious\"; --\n\\! touch HACKED\n\\echo 'oops' $pgfold0$ :v '";

/// Both tables, their columns, keys and values are hostile.
fn hostile(scratch: &Scratch) -> (Database, String) {
    let database = Database::fresh();
    let quoted = |n: &str| format!("\"{}\"", n.replace('"', "\"\""));
    let literal = |n: &str| format!("'{}'", n.replace('\'', "''"));
    let (legacy, note) = (quoted(&NAME[..50]), quoted(&format!("n {}", &NAME[..50])));
    database.psql(&format!(
        "create table precious (x int);
         create table goods (id int generated always as identity primary key, code text, name text not null, {note} text, gone_at timestamptz);
         insert into goods (code, name) values ('OLD-1', 'was here');
         create table {legacy} (id int primary key, {note} text, name text not null);
         insert into {legacy} values (1, {v}, {v}), (2, E'\\\\', E'a\\\\'';\\n\\\\! touch HACKED');",
        v = literal(NAME),
    ));
    let folder = scratch.path().join("hostile");
    fs::create_dir_all(&folder).unwrap();
    let toml = |s: &str| serde_json::to_string(s).unwrap();
    let manifest = format!(
        "[target]\ntable = \"goods\"\nid = \"id\"\nkey = \"code\"\n\
         soft_delete = {{ set = {{ gone_at = \"now()\" }}, live = \"gone_at is null\" }}\nrequired = [\"name\"]\n\n\
         [[enhancement]]\nfile = \"0001_key\"\ncreates = [\"index goods_code_key\"]\n\n\
         [[source]]\ntable = {table}\nid = \"id\"\nkey = \"name || id\"\nwinner = \"id\"\nwhere = \"true\"\non_duplicate = \"merge\"\n\n\
         [source.columns]\nname = \"name\"\n{column} = {value}\n\n[source.ignore]\nid = \"it is in the key\"\n",
        table = toml(&legacy),
        column = toml(&format!("n {}", &NAME[..50])),
        value = toml(&note),
    );
    fs::write(folder.join("consolidation.toml"), manifest).unwrap();
    fs::write(folder.join("0001_key.up.sql"), "create unique index goods_code_key on goods (code);\n").unwrap();
    (database, folder.display().to_string())
}

#[test]
fn a_script_for_hostile_names_is_sql_and_runs_nothing_else() {
    let scratch = Scratch::new();
    let (database, folder) = hostile(&scratch);
    let case =
        Case { database, name: folder, target: "goods", id: "id", key: "code", live: "gone_at is null", added: "{}" };
    let before = case.state();
    for name in ["rollback.sql", "rollback-purge.sql", "rollback-schema.sql"] {
        let applied = pgfold(&case.database, &["apply", &case.name, "--yes", "--quiet"]);
        assert!([0, 5].contains(&applied.code), "{}", applied.stderr);
        let runs = fs::read_dir(applied.cwd().join("pgfold-runs")).unwrap();
        let run = runs.map(|r| r.unwrap().file_name().into_string().unwrap().parse().unwrap()).max().unwrap();
        assert_eq!(case.database.value("select count(*) from goods where gone_at is null"), "3");
        let said = case.database.psql(&script(&applied, run, name));
        assert!(!said.contains("oops"), "{said}");
        assert_eq!(case.database.value("select count(*) from goods where gone_at is null"), "1", "{name}");
        assert_eq!(case.database.value("select count(*) from precious"), "0");
        assert!(!std::path::Path::new("HACKED").exists());
    }
    let odd =
        case.database.value("select string_agg(key, ',') from pgfold.crosswalk where run = 1 and outcome = 'inserted'");
    assert!(odd.contains("\\! touch"), "{odd}");
    case.rollback(&["--execute", "--level", "schema"]).expect(0);
    same(&case.state(), &before, "state");
}

#[test]
fn a_hostile_key_can_be_picked() {
    let scratch = Scratch::new();
    let (database, folder) = hostile(&scratch);
    pgfold(&database, &["apply", &folder, "--yes", "--quiet"]);
    let key = format!("{NAME}1");
    let picked = pgfold(&database, &["rollback", &folder, "--only", &key]).expect(0);
    database.psql(&picked.stdout);
    assert!(!std::path::Path::new("HACKED").exists());
    assert_eq!(database.value("select count(*) from goods where gone_at is null"), "2");
}
