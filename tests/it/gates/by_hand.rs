//! A run by hand: nothing is executed, and whoever runs the files with psql ends where `apply` does.

use std::path::{Path, PathBuf};

use super::shop::{MANIFEST, Shop};
use crate::ground::{applied, json, legacy};
use crate::harness::{Database, Finished, Pgfold, Scratch};

/// The numbered files of a folder, in their order.
pub fn numbered(folder: &Path) -> Vec<PathBuf> {
    let all = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    let mut all: Vec<PathBuf> = all
        .filter(|p| {
            let name = p.file_name().unwrap().to_str().unwrap();
            name.starts_with(|c: char| c.is_ascii_digit()) && name.ends_with(".sql")
        })
        .collect();
    all.sort();
    all
}

pub fn file(database: &Database, path: &Path) -> Result<String, String> {
    database.try_psql(&std::fs::read_to_string(path).unwrap())
}

#[track_caller]
fn all(database: &Database, files: &[PathBuf]) {
    for path in files {
        file(database, path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
}

/// What a run leaves, without what chance or the clock fills.
const ROWS: &str = "select string_agg((to_jsonb(a) - 'id' - 'updated_at' - 'created_at')::text, e'\\n' order by unique_id) from agents a";
const MAPPED: &str = "select string_agg(concat_ws(' ', a.unique_id, i.industry_code, m.is_primary), e'\\n' order by a.unique_id, i.industry_code)
  from agent_industry_mapping m join agents a on a.id = m.agent_id join industries i on i.id = m.industry_id";
const PERSONAS: &str =
    "select string_agg(concat_ws(' ', a.unique_id, p.unique_id), e'\\n' order by a.unique_id, p.unique_id)
  from agent_persona_mapping m join agents a on a.id = m.agent_id join personas p on p.id = m.persona_id";
const CROSSWALK: &str = "select string_agg(concat_ws(' ', source, id, outcome, key, reason, winner, source_hash), e'\\n' order by source, id) from pgfold.crosswalk";
const BATCHES: &str = "select string_agg(concat_ws(' ', step, source, read, inserted, merged, duplicate, duplicate_in_source, filtered, rejected, counters->'default'), e'\\n' order by step, batch) from pgfold.batch";
const STEPS: &str = "select string_agg(concat_ws(' ', step, kind, intent, state, rows, checksum), e'\\n' order by step) from pgfold.step";
const NOTED: &str = "select concat_ws(' ', (select count(*) from pgfold.existing_row), (select count(*) from pgfold.before_image), (select count(*) from pgfold.put_value),
   (select count(*) from pgfold.schema_image), (select count(*) from pgfold.query_baseline), (select count(*) from pgfold.sequence_state),
   (select count(*) from pgfold.review), (select count(*) from pgfold.mapped where is_new), (select bool_and(changed) from pgfold.run))";

#[test]
fn the_bundled_case_by_hand_ends_where_apply_does_and_its_rollback_brings_everything_back() {
    let (database, scratch) = (legacy(), Scratch::new());
    let before = (database.schema_dump(), database.rows_digest(), database.structure_digest());
    let call = |words: &[&str]| Pgfold::new(&database).args(words).cwd(scratch.path()).run();
    let written = call(&["apply", "--manual", "--approve", "all"]).expect(0);
    assert_eq!(
        (database.schema_dump(), database.rows_digest(), database.value("select to_regnamespace('pgfold') is null")),
        (before.0.clone(), before.1.clone(), "t".to_owned()),
        "writing the files executes nothing"
    );
    let folder = scratch.path().join("pgfold-runs/1");
    let first = numbered(&folder);
    assert_eq!(written.stdout.lines().count(), first.len(), "{}", written.stdout);
    for name in ["README.md", "MIG-1.md", "MIG-2.md", "MIG-3.md", "rollback.sql", "rollback-schema.sql"] {
        assert!(folder.join(name).is_file(), "{name}");
    }
    all(&database, &first);
    let half_way = call(&["status"]).expect(0).stdout;
    assert!(half_way.contains("executing") && half_way.contains("`pgfold resume --manual`"), "{half_way}");
    assert!(half_way.contains("/18_*.sql (map industries)"), "{half_way}");
    let later = call(&["resume", "--manual"]).expect(0);
    assert!(later.stderr.contains("`pgfold validate`"), "{}", later.stderr);
    let rest: Vec<PathBuf> = numbered(&folder).into_iter().filter(|p| !first.contains(p)).collect();
    assert_eq!(rest.len(), 5, "{rest:?}");
    all(&database, &rest);
    let proof = json(&call(&["validate", "--format", "json"]).expect(0));
    let verdicts: Vec<&str> =
        proof["checks"].as_array().unwrap().iter().map(|c| c["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["passed"; 7], "{proof:#}");
    let same = applied();
    for query in [ROWS, MAPPED, PERSONAS, CROSSWALK, BATCHES, STEPS, NOTED] {
        assert_eq!(database.value(query), same.value(query), "{query}");
    }
    let told = call(&["status"]).expect(0).stdout;
    assert!(told.contains("completed"), "{told}");
    assert!(call(&["report"]).expect(0).stdout.contains("apply"));
    let history = json(&call(&["history", "--format", "json"]).expect(0));
    assert_eq!(history["runs"], 1, "{history:#}");
    // the gates of what was done by hand, from the ledger
    call(&["resume", "-y"]).expect(0);
    for gate in ["MIG-4.1", "MIG-4.19", "MIG-5", "MIG-6"] {
        let page = std::fs::read_to_string(folder.join(format!("{gate}.md"))).unwrap();
        assert!(page.contains("**approve**"), "{gate}: {page}");
    }
    call(&["status", "--verify-audit", "--head", "pgfold-runs/1/audit-head.txt"]).expect(0);
    file(&database, &folder.join("rollback-schema.sql")).unwrap();
    assert_eq!((database.schema_dump(), database.rows_digest(), database.structure_digest()), before);
    let refused = file(&database, &first[2]).unwrap_err();
    assert!(refused.contains("somebody took run 1 over") || refused.contains("rolled back"), "{refused}");
}

fn by_hand(shop: &Shop) -> Vec<PathBuf> {
    shop.run("apply --manual --approve all", 0);
    numbered(&shop.path("work/pgfold-runs/1"))
}

#[test]
fn a_file_out_of_its_turn_a_second_time_or_elsewhere_is_refused_and_changes_nothing() {
    let shop = Shop::new();
    let files = by_hand(&shop);
    let other = Shop::new();
    let everything = |database: &Database| {
        let ledger = database.value("select to_regclass('pgfold.run') is not null") == "t";
        let steps = if ledger { database.value(&format!("{STEPS} group by run")) } else { String::new() };
        (database.whole_schema_dump(), database.rows_digest(), steps)
    };
    for (place, path) in files.iter().enumerate() {
        let untouched = everything(&other.database);
        let elsewhere = file(&other.database, path).unwrap_err();
        assert!(elsewhere.contains("this is another database"), "{}: {elsewhere}", path.display());
        assert_eq!(everything(&other.database), untouched, "{}", path.display());
        let before = everything(&shop.database);
        for early in files.iter().skip(place + 1).step_by(3) {
            let refused = file(&shop.database, early).unwrap_err();
            let words = ["comes first", "come first", "does not exist", "does not know run 1"];
            assert!(words.iter().any(|w| refused.contains(w)), "{}: {refused}", early.display());
        }
        assert_eq!(everything(&shop.database), before, "before {}", path.display());
        file(&shop.database, path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        if place > 0 {
            let before = everything(&shop.database);
            let refused = file(&shop.database, path).unwrap_err();
            let words = ["done already", "a run of this consolidation is open", "is completed"];
            assert!(words.iter().any(|w| refused.contains(w)), "{}: {refused}", path.display());
            assert_eq!(everything(&shop.database), before, "twice {}", path.display());
        }
    }
    shop.run("validate", 0);
    assert_eq!(shop.database.value("select count(*) from items"), "4");
}

/// The files up to the one that must refuse; what it says.
#[track_caller]
fn refuses(shop: &Shop, word: &str) -> String {
    let files = by_hand(shop);
    for path in &files {
        if let Err(said) = file(&shop.database, path) {
            assert!(path.display().to_string().contains(word), "{}: {said}", path.display());
            return said;
        }
    }
    panic!("no file refused");
}

#[test]
fn a_lie_of_an_enhancement_takes_its_file_back() {
    for (extra, said) in [
        ("create table more (a int);", "table more was created and nobody declared that"),
        ("create index more on items (id, name);", "index more was created and nobody declared that"),
        ("alter table items alter column name type varchar(30);", "column name of items was changed"),
        ("alter table items drop constraint items_item_key_key;", "was dropped and nobody declared that"),
        ("do $x$ begin execute 'delete from old_' || 'items where no = 3'; end $x$;", "a legacy table"),
    ] {
        let shop = Shop::new();
        let before = shop.database.schema_dump();
        shop.write("0001_note.up.sql", &format!("alter table items add column note text; {extra}\n"));
        let told = refuses(&shop, "enhance_0001_note");
        assert!(told.contains(said), "{extra}: {told}");
        assert_eq!(shop.database.schema_dump(), before);
        assert_eq!(shop.database.value("select count(*) from old_items"), "3");
    }
    let shop = Shop::new();
    shop.write("0002_by_name.up.sql", "select 1;\n");
    let told = refuses(&shop, "enhance_0002");
    assert!(told.contains("index items_by_name was declared and is not there"), "{told}");
}

#[test]
fn a_row_that_vanishes_stops_its_file_and_one_that_is_refused_is_recorded() {
    let shop = Shop::new();
    shop.write(
        "consolidation.toml",
        &MANIFEST.replace("key = \"item_key\"\n", "key = \"item_key\"\ntriggers = [\"eats\"]\nmax_rejects = 1\n"),
    );
    let eats = |body: &str| {
        shop.database.psql(&format!(
            "create or replace function eats() returns trigger language plpgsql as $f$ begin if new.name = 'two' then {body}; end if; return new; end $f$;
             drop trigger if exists eats on items; create trigger eats before insert on items for each row execute function eats();"
        ));
    };
    eats("return null");
    let told = refuses(&shop, "move_old_items");
    assert!(told.contains("a trigger of the target drops them"), "{told}");
    assert_eq!(shop.database.value("select count(*) from items"), "1");
    // the same file goes on once the trigger is mended; now it refuses one row
    eats("raise exception 'not this one'");
    let files = numbered(&shop.path("work/pgfold-runs/1"));
    let from = files.iter().position(|p| p.display().to_string().contains("move_old_items")).unwrap();
    all(&shop.database, &files[from..]);
    assert_eq!(
        shop.database.value("select string_agg(id || outcome, ' ' order by id) from pgfold.crosswalk"),
        "1inserted 2rejected 3inserted"
    );
    assert_eq!(
        shop.database.value("select concat_ws(' ', code, message, content->>'name') from pgfold.reject"),
        "P0001 not this one two"
    );
    shop.run("validate", 0);
}

#[test]
fn what_pgfold_finishes_is_no_longer_done_by_hand() {
    let shop = Shop::new();
    let files = by_hand(&shop);
    all(&shop.database, &files[..4]);
    let again = shop.run("apply --manual --approve all", 4);
    assert!(again.stderr.contains("pgfold resume --manual"), "{}", again.stderr);
    shop.run("resume -y", 0);
    assert_eq!(shop.database.value("select count(*) from items"), "4");
    let refused = file(&shop.database, &files[4]).unwrap_err();
    assert!(refused.contains("is completed") || refused.contains("took run 1 over"), "{refused}");
}

#[test]
fn files_of_a_plan_that_no_longer_fits_are_refused() {
    let shop = Shop::new();
    let files = by_hand(&shop);
    shop.database.psql("alter table old_items add column more text");
    file(&shop.database, &files[0]).unwrap();
    let refused = file(&shop.database, &files[1]).unwrap_err();
    assert!(refused.contains("columns of the tables have changed"), "{refused}");
    shop.database.psql("alter table old_items drop column more");
    // somebody else was faster: the next run is theirs
    let files = by_hand(&shop);
    shop.run("apply -y", 0);
    let refused = file(&shop.database, &files[1]).unwrap_err();
    assert!(refused.contains("next run is not 1"), "{refused}");
    let refused = file(&shop.database, &files[2]).unwrap_err();
    assert!(refused.contains("another one than these files were written for"), "{refused}");
}

#[test]
fn mappings_are_written_only_for_the_rows_that_were_looked_at() {
    let (database, scratch) = (legacy(), Scratch::new());
    let call = |words: &[&str]| -> Finished { Pgfold::new(&database).args(words).cwd(scratch.path()).run() };
    call(&["apply", "--manual", "--approve", "all"]).expect(0);
    let early = call(&["resume", "--manual"]).expect(4);
    assert!(early.stderr.contains("no run by hand is open"), "{}", early.stderr);
    let folder = scratch.path().join("pgfold-runs/1");
    let first = numbered(&folder);
    all(&database, &first[..3]);
    let early = call(&["resume", "--manual"]).expect(4);
    assert!(early.stderr.contains("comes first") && early.stderr.contains("run 04_*.sql"), "{}", early.stderr);
    all(&database, &first[3..]);
    call(&["resume", "--manual"]).expect(0);
    database.psql("update agents set name = name || ' of another kind' where unique_id like 'DH_AGENT%'");
    let rest: Vec<PathBuf> = numbered(&folder).into_iter().filter(|p| !first.contains(p)).collect();
    let refused = file(&database, &rest[0]).unwrap_err();
    assert!(refused.contains("rows have changed since it was decided"), "{refused}");
    assert_eq!(database.value("select count(*) from agent_industry_mapping"), "0");
    call(&["resume", "--manual"]).expect(0);
    all(&database, &rest);
    assert_ne!(database.value("select count(*) from agent_industry_mapping"), "0");
}

#[test]
fn who_may_not_write_can_still_write_the_files() {
    let shop = Shop::new();
    let role = format!("reads_{}", shop.database.name());
    shop.database.psql(&format!(
        "create role {role} login; grant usage on schema public to {role}; grant select on items, old_items to {role}"
    ));
    let url = shop.database.url();
    let as_role =
        |words: &str, code: i32| shop.call(words).env("DATABASE_URL", with_user(&url, &role)).run().expect(code);
    assert!(as_role("apply -y", 4).stderr.contains("missing-right"));
    as_role("apply --manual --approve all", 0);
    all(&shop.database, &numbered(&shop.path("work/pgfold-runs/1")));
    shop.run("validate", 0);
    shop.database.psql(&format!("drop owned by {role}; drop role {role}"));
}

/// The same URL for somebody else.
fn with_user(url: &str, role: &str) -> String {
    let (head, rest) = url.split_once("://").unwrap();
    match rest.split_once('@') {
        Some((_, rest)) => format!("{head}://{role}@{rest}"),
        None if rest.contains("user=") => {
            let (before, after) = rest.split_once("user=").unwrap();
            let after = after.split_once('&').map_or(String::new(), |(_, a)| format!("&{a}"));
            format!("{head}://{before}user={role}{after}")
        }
        None => format!("{head}://{role}@{rest}"),
    }
}
