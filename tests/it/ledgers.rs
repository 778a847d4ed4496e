//! Ledgers of earlier builds: read, validated, upgraded and rolled back by this one; a newer one is refused.

use std::path::{Path, PathBuf};

use super::harness::{Database, Finished, Pgfold, Scratch};

const OLDEST: &str = include_str!("../../testdata/ledgers/0.sql");
const ADOPT: &str = include_str!("../../testdata/ledgers/adopt.sql");
const BEFORE: &str = include_str!("../../testdata/ledgers/0/parts/before.sql");
const ROW_THAT_CAME: &str = "insert into old_parts values (9, 'Lever', '6', 4.10, 'brass', null, 'ok');";

/// A database with the ledger of a build before the ledger had a version.
fn oldest() -> Database {
    // a key of newer dumps that older clients do not know
    let dump: String = OLDEST.lines().filter(|l| !l.contains("restrict pgfold")).map(|l| format!("{l}\n")).collect();
    let database = Database::from_sql("ledger_0", &[&dump]);
    database.psql(ADOPT);
    database
}

fn parts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/ledgers/0/parts")
}

fn run(database: &Database, place: &Scratch, arguments: &[&str]) -> Finished {
    let runs = place.path().join("runs");
    let parts = parts();
    let mut all = vec![arguments[0], parts.to_str().unwrap()];
    all.extend_from_slice(&arguments[1..]);
    all.extend(["--runs", runs.to_str().unwrap()]);
    Pgfold::new(database).args(all).cwd(place.path()).run()
}

fn version(database: &Database) -> String {
    database.value("select coalesce(max(version), 0) from pgfold.ledger_version")
}

#[test]
fn a_ledger_of_an_earlier_build_is_read_validated_and_rolled_back() {
    let (database, place) = (oldest(), Scratch::new());
    let status = run(&database, &place, &["status"]).expect(0);
    assert!(status.stderr.contains("the ledger was upgraded from version 0 to"), "{}", status.stderr);
    let newest = version(&database);
    let again = run(&database, &place, &["status", "--format", "json"]).expect(0);
    assert!(!again.stderr.contains("upgraded"), "{}", again.stderr);
    for format in ["human", "json"] {
        run(&database, &place, &["report", "--run", "1", "--format", format]).expect(0);
    }
    run(&database, &place, &["validate"]).expect(0);
    run(&database, &place, &["status", "--rollback"]).expect(0);
    for number in ["2", "1"] {
        let back = ["rollback", "--level", "schema", "--execute", "--yes", "--run", number];
        run(&database, &place, &back).expect(0);
    }
    assert_eq!(version(&database), newest);
    let fresh = Database::from_sql("ledger_0_before", &[BEFORE, ROW_THAT_CAME]);
    let rows = |d: &Database| {
        d.psql("select * from parts order by 1; select * from old_parts order by 1; select * from csv_parts order by 1")
    };
    assert_eq!(rows(&database), rows(&fresh));
    let columns =
        "select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2";
    assert_eq!(database.psql(columns), fresh.psql(columns));
}

#[test]
fn a_ledger_that_was_upgraded_has_the_shape_of_a_new_one() {
    let (upgraded, fresh, place) =
        (oldest(), Database::from_sql("ledger_0_before", &[BEFORE, ROW_THAT_CAME]), Scratch::new());
    run(&upgraded, &place, &["status"]).expect(0);
    run(&fresh, &place, &["apply", "--yes"]);
    for what in [COLUMNS, CONSTRAINTS, OTHERS] {
        assert_eq!(upgraded.psql(what), fresh.psql(what));
    }
}

/// Without their order: an upgrade adds columns at the end.
const COLUMNS: &str =
    "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
    col_description(a.attrelid, a.attnum)
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
 where c.relnamespace = 'pgfold'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition order by 1, 2";
const CONSTRAINTS: &str = "select c.relname, k.conname, pg_get_constraintdef(k.oid)
  from pg_constraint k join pg_class c on c.oid = k.conrelid
 where c.relnamespace = 'pgfold'::regnamespace and not c.relispartition order by 1, 2";
const OTHERS: &str =
    "select 'index', indexname, indexdef from pg_indexes where schemaname = 'pgfold' and tablename !~ '_[0-9]+$'
  union all select 'trigger', tgname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = 'pgfold'::regnamespace and not tgisinternal
  union all select 'function', proname, prosrc from pg_proc where pronamespace = 'pgfold'::regnamespace
  union all select 'view', viewname, definition from pg_views where schemaname = 'pgfold' order by 1, 2, 3";

#[test]
fn a_ledger_of_a_later_build_is_refused_and_left_alone() {
    let (database, place) = (oldest(), Scratch::new());
    run(&database, &place, &["status"]).expect(0);
    database.psql("insert into pgfold.ledger_version (version, tool_version) values (1000, '9.9.9')");
    let before = database.whole_schema_dump();
    let refused = [
        &["status"][..],
        &["report"],
        &["validate"],
        &["apply", "--yes"],
        &["apply", "--dry-run"],
        &["rollback", "--execute", "--yes", "--run", "2"],
        &["resume"],
        &["doctor"],
    ];
    for arguments in refused {
        let refused = run(&database, &place, arguments).expect(4);
        assert!(refused.stderr.contains("version 1000") && refused.stderr.contains("9.9.9"), "{}", refused.stderr);
    }
    assert_eq!(database.whole_schema_dump(), before);
}

#[test]
fn a_dry_run_does_not_upgrade_a_ledger() {
    let (database, place) = (oldest(), Scratch::new());
    let before = database.whole_schema_dump();
    for arguments in [&["apply", "--dry-run"][..], &["rollback", "--dry-run", "--run", "2"], &["doctor"]] {
        let refused = run(&database, &place, arguments).expect(4);
        assert!(refused.stderr.contains("pgfold status"), "{}", refused.stderr);
    }
    assert_eq!(database.whole_schema_dump(), before);
}

#[test]
fn a_backup_can_be_taken_before_a_ledger_is_upgraded() {
    let (database, place) = (oldest(), Scratch::new());
    let before = database.whole_schema_dump();
    run(&database, &place, &["backup"]).expect(0);
    run(&database, &place, &["backup", "--touched"]).expect(0);
    assert_eq!(database.whole_schema_dump(), before);
}

#[test]
fn an_unfinished_run_of_an_earlier_build_keeps_its_ledger_until_it_is_rolled_back() {
    let (database, place) = (oldest(), Scratch::new());
    database.psql("update pgfold.run set state = 'stopped', validated = null where run = 2");
    let before = database.whole_schema_dump();
    let refused = run(&database, &place, &["status"]).expect(4);
    assert!(refused.stderr.contains("run 2 of `parts` stopped half-way"), "{}", refused.stderr);
    run(&database, &place, &["resume"]).expect(4);
    assert_eq!(database.whole_schema_dump(), before);
    run(&database, &place, &["rollback", "--execute", "--yes", "--run", "2"]).expect(0);
    run(&database, &place, &["status"]).expect(0);
}

#[test]
fn a_ledger_is_not_upgraded_under_an_operator_at_work() {
    let (database, place) = (oldest(), Scratch::new());
    database.psql(
        "update pgfold.lease set run = 2, backend = null, beat_at = clock_timestamp() + interval '1 hour' where consolidation = 'parts'",
    );
    let refused = run(&database, &place, &["status"]).expect(7);
    assert!(refused.stderr.contains("run 2 of `parts` is operated"), "{}", refused.stderr);
}

#[test]
fn a_ledger_that_was_tampered_with_before_the_upgrade_is_not_made_good_by_it() {
    let (database, place) = (oldest(), Scratch::new());
    database.psql("update pgfold.crosswalk set target_id = '1' where run = 1 and id = '8'");
    run(&database, &place, &["status"]).expect(0);
    let told = run(&database, &place, &["status", "--rollback"]);
    assert!(told.stdout.contains("not what it was"), "{}", told.stdout);
}

#[test]
fn every_upgrade_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/ledger/upgrades");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(files, ::pgfold::ledger::UPGRADES.len());
}
