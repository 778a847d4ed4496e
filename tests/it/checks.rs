//! Each of the seven checks, with its defect planted.

use crate::ground::{applied, check, json, legacy};
use crate::harness::{Database, Scratch, copy, pgfold};

/// Plants a defect in a migrated database; the check must fail and say what it found.
fn planted(number: u64, defect: &str, says: &str) {
    let database = applied();
    database.psql(defect);
    fails(&database, &[], number, says);
}

fn fails(database: &Database, more: &[&str], number: u64, says: &str) {
    let arguments: Vec<&str> = ["validate", "--format", "json"].into_iter().chain(more.iter().copied()).collect();
    let found = json(&pgfold(database, &arguments).expect(5));
    let check = check(&found, number);
    assert_eq!(check["verdict"], "failed", "check {number} on: {says}\n{found}");
    let text = check["failures"].to_string();
    assert!(text.contains(says), "check {number} says {text}, not {says}");
}

#[test]
fn check_1_finds_a_target_row_that_is_gone() {
    planted(1, "delete from agents where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'", "its target row is not there");
}

#[test]
fn check_1_finds_a_value_that_is_not_the_sources() {
    planted(
        1,
        "update agents set description = 'other' where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'",
        "description",
    );
}

#[test]
fn check_1_finds_a_kept_value_that_was_lost() {
    let defect =
        "update agents set metadata = metadata #- '{legacy,autonomy_level}' where unique_id like 'DH\\_AGENT\\_%'";
    planted(1, defect, "autonomy_level");
}

#[test]
fn check_1_finds_a_kept_value_that_became_another_type_or_null() {
    let silent = |value: &str| {
        format!(
            "alter table agents disable trigger all; \
             update agents set metadata = jsonb_set(metadata, '{{legacy,max_iterations}}', '{value}') where unique_id like 'DH\\_AGENT\\_%'; \
             alter table agents enable trigger all; update pgfold.crosswalk set target_hash = null where source like '%dh_agent'"
        )
    };
    planted(1, &silent("\"3\""), "max_iterations");
    planted(1, &silent("null"), "max_iterations");
}

#[test]
fn check_1_finds_a_silent_loss_that_no_hash_shows() {
    let defect = "alter table agents disable trigger all; \
        update agents set metadata = metadata #- '{legacy,framework}' where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'; \
        alter table agents enable trigger all; \
        update pgfold.crosswalk set target_hash = null where key = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'";
    planted(1, defect, "framework");
}

#[test]
fn check_1_finds_legacy_rows_that_came_later() {
    let defect = "insert into ai_agents (name, system_prompt) values ('Late comer', 'x')";
    planted(1, defect, "came since the run");
}

#[test]
fn check_1_finds_legacy_rows_that_were_edited() {
    planted(1, "update dh_agent set name = name || '!' where code = 'AGT-PROTOCOL-DESIGNER'", "edited since the run");
    let database = applied();
    database.psql("update dh_agent set name = name || '!' where code = 'AGT-PROTOCOL-DESIGNER'");
    let done = pgfold(&database, &["validate", "--accept-edits"]).expect(0);
    assert!(done.stdout.contains("· dh_agent: edited since the run"), "{}", done.stdout);
}

#[test]
fn check_1_finds_a_row_without_an_outcome() {
    let defect = "delete from pgfold.crosswalk where outcome = 'duplicate_in_source' and key like '%WRITER'";
    planted(1, defect, "not moved yet");
}

#[test]
fn check_1_finds_a_losers_row_that_was_not_stored_whole() {
    let defect =
        "update pgfold.crosswalk set detail = detail #- '{row,system_prompt}' where outcome = 'duplicate_in_source'";
    planted(1, defect, "the stored row is missing or another");
}

#[test]
fn check_1_finds_an_accounting_that_was_cooked() {
    let defect = "update pgfold.batch set inserted = inserted + 1, read = read + 1 where source = 'dh_agent'";
    planted(1, defect, "the crosswalk holds");
}

#[test]
fn check_2_finds_a_key_twice_and_keys_that_differ_only_by_case() {
    let twice = "drop index agents_unique_id_key; insert into agents (name, category, unique_id) \
                 values ('a', 'general', 'DH_AGENT_AGT-PROTOCOL-DESIGNER')";
    planted(2, twice, "one key twice");
    let case =
        "insert into agents (name, category, unique_id) values ('a', 'general', 'dh_agent_agt-protocol-designer ')";
    planted(2, case, "differ only by case or blanks");
}

#[test]
fn check_2_finds_rows_of_the_run_without_a_key_and_lists_the_applications_apart() {
    planted(
        2,
        "update agents set unique_id = null where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'",
        "without a key",
    );
    let database = applied();
    database.psql("insert into agents (name, category) values ('by the application', 'general')");
    let found = json(&pgfold(&database, &["validate", "--format", "json"]).expect(5));
    assert_eq!(check(&found, 2)["verdict"], "passed");
    assert!(check(&found, 2)["apart"].to_string().contains("the application added"));
}

#[test]
fn check_3_finds_an_empty_required_field() {
    planted(
        3,
        "update agents set category = ' ' where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'",
        "category is null or empty",
    );
    planted(
        3,
        "alter table agents alter name drop not null; update agents set category = '', name = null where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'",
        "name is null or empty",
    );
}

#[test]
fn check_3_finds_a_default_that_was_used_too_often() {
    let scratch = Scratch::new();
    let folder = copy_of_agents(&scratch);
    let manifest = format!("{folder}/consolidation.toml");
    let text = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text.replace("default_at_most = 0.7", "default_at_most = 0.4")).unwrap();
    let database = legacy();
    let done = pgfold(&database, &["apply", &folder, "-y"]).expect(5);
    assert!(done.stdout.contains("took its default in 9 of 17 rows (53 %, at most 40 %)"), "{}", done.stdout);
}

/// The bundled consolidation as a folder that can be edited.
fn copy_of_agents(scratch: &Scratch) -> String {
    let to = scratch.path().join("agents");
    let from = format!("{}/sql/agents", env!("CARGO_MANIFEST_DIR"));
    copy(from, &to);
    to.display().to_string()
}

#[test]
fn check_4_finds_a_row_without_mapping_and_without_exactly_one_primary() {
    let none = "delete from agent_industry_mapping where agent_id = (select id from agents where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER')";
    planted(4, none, "live rows without a mapping");
    let no_primary =
        none.replace("delete from agent_industry_mapping", "update agent_industry_mapping set is_primary = false");
    planted(4, &no_primary, "without exactly one primary");
    let two = "drop index agent_industry_mapping_one_primary; update agent_industry_mapping set is_primary = true";
    planted(4, two, "without exactly one primary");
}

#[test]
fn check_4_finds_that_everything_got_the_same_set() {
    let defect = "delete from agent_industry_mapping; insert into agent_industry_mapping (agent_id, industry_id, is_primary) \
                  select a.id, (select id from industries order by id limit 1), true from agents a";
    planted(4, defect, "two thirds of the rows have one same set");
}

#[test]
fn check_4_finds_too_many_fallbacks() {
    planted(4, "update pgfold.mapped set because = 'fallback' where mapping = 'industries'", "by fallback");
}

#[test]
fn check_5_finds_a_mapping_without_its_row() {
    let defect = "alter table agent_industry_mapping drop constraint agent_industry_mapping_agent_id_fkey; \
                  insert into agent_industry_mapping (agent_id, industry_id) select gen_random_uuid(), id from industries limit 1";
    planted(5, defect, "without its row");
}

#[test]
fn check_5_finds_a_reference_that_points_to_nothing_among_those_that_do_not() {
    let defect = "alter table agents disable trigger all; \
                  update agents set tenant_id = gen_random_uuid() where unique_id = 'DH_AGENT_AGT-PROTOCOL-DESIGNER'";
    let database = applied();
    database.psql(defect);
    let found = json(&pgfold(&database, &["validate", "--accept-edits", "--format", "json"]).expect(5));
    let failures = check(&found, 5)["failures"].to_string();
    assert!(failures.contains("\"tenant_id without its row in"), "{failures}");
    assert_eq!(check(&found, 5)["failing"], 1, "{failures}");
}

#[test]
fn check_5_finds_a_cycle_of_parents() {
    let defect = "with two as (select id, lead(id) over (order by id) as other from agents order by id limit 1) \
                  update agents a set parent_agent_id = case when a.id = t.id then t.other else t.id end \
                  from two t where a.id in (t.id, t.other)";
    planted(5, defect, "its own ancestor");
}

#[test]
fn check_6_finds_an_existing_row_that_was_changed_or_deleted() {
    let row = "(select id from agents where unique_id like 'AGENT\\_%' order by id limit 1)";
    planted(6, &format!("update agents set title = 'changed' where id = {row}"), "edited since the run began");
    planted(6, &format!("delete from agents where id = {row}"), "gone");
    let database = applied();
    database.psql(&format!("update agents set title = 'changed' where id = {row}"));
    pgfold(&database, &["validate", "--accept-edits"]).expect(0);
    database.psql(&format!("update agents set access_count = 99, updated_at = now() where id = {row}"));
    pgfold(&database, &["validate", "--accept-edits"]).expect(0);
}

#[test]
fn check_7_finds_a_query_that_does_not_run_returns_less_or_is_slower() {
    planted(7, "drop function search_agents(text, text, text, integer)", "search does not run");
    planted(7, "update agents set is_active = false where unique_id like 'AGENT\\_%'", "rows before, now");
}

#[test]
fn check_7_finds_a_query_that_takes_longer_than_before() {
    let scratch = Scratch::new();
    let folder = copy_of_agents(&scratch);
    let slow = "select a.id from agents a where (case when to_jsonb(a) ? 'unique_id' then pg_sleep(0.0005)::text else '' end) is not null";
    std::fs::write(format!("{folder}/queries/slow.sql"), slow).unwrap();
    let database = legacy();
    let done = pgfold(&database, &["apply", &folder, "-y"]).expect(5);
    assert!(done.stdout.contains("slow took"), "{}", done.stdout);
}

#[test]
fn check_7_takes_a_machine_that_became_slower_out_of_a_querys_time() {
    let scratch = Scratch::new();
    let folder = copy_of_agents(&scratch);
    std::fs::write(format!("{folder}/queries/long.sql"), "select pg_sleep(0.1)").unwrap();
    let database = legacy();
    pgfold(&database, &["apply", &folder, "-y"]).expect(0);
    // the query took 0.1 ms once, on a machine as fast as this one: it is slower
    database.psql("update pgfold.query_baseline set median_ms = 0.1 where query = 'long'");
    let failed = pgfold(&database, &["validate", &folder]).expect(5);
    assert!(failed.stdout.contains("long took 0.1 ms before"), "{}", failed.stdout);
    // no machine becomes a thousand times as slow: that excuses a part of it
    database.psql("update pgfold.query_baseline set yardstick_ms = yardstick_ms / 1000 where query = 'long'");
    let failed = pgfold(&database, &["validate", &folder]).expect(5);
    assert!(failed.stdout.contains("long took 0.1 ms before"), "{}", failed.stdout);
    // and all of what took a fifth of it before
    database.psql("update pgfold.query_baseline set median_ms = 20 where query = 'long'");
    pgfold(&database, &["validate", &folder]).expect(0);
}

#[test]
fn nothing_examined_is_not_a_pass() {
    let database = legacy();
    pgfold(&database, &["enhance", "-y"]).expect(0);
    let found = json(&pgfold(&database, &["validate", "--format", "json"]).expect(5));
    assert_eq!(check(&found, 1)["verdict"], "not_evaluated");
    let untouched = legacy();
    let done = pgfold(&untouched, &["validate"]).expect(4);
    assert!(done.stderr.contains("nothing was run on this database yet"), "{}", done.stderr);
    assert_eq!(untouched.value("select to_regnamespace('pgfold') is null"), "t");
}

#[test]
fn check_1_lists_rows_apart_that_gave_way_to_a_rejected_one() {
    let database = applied();
    database.psql(
        "update pgfold.crosswalk x set outcome = 'rejected' from pgfold.crosswalk l where l.outcome = 'duplicate_in_source' \
         and l.key like '%WRITER' and x.source || ' ' || x.id = l.winner; \
         update pgfold.batch set inserted = inserted - 1, rejected = rejected + 1 where source = 'ai_agents'; \
         update pgfold.crosswalk set target_id = null where outcome = 'duplicate_in_source' and key like '%WRITER'",
    );
    let found = json(&pgfold(&database, &["validate", "--format", "json"]).expect(0));
    let apart = check(&found, 1)["apart"].to_string();
    assert!(apart.contains("gave way to a row that was rejected"), "{found}");
}

#[test]
fn a_merge_that_touches_more_than_gaps_fails_check_6() {
    let database = Database::from_sql(
        "merged",
        &["create table items (id int generated by default as identity primary key, item_key text unique, name text, note text);
           insert into items values (1, 'K1', 'there', null), (2, 'K2', 'two', 'kept');
           create table old_items (no int primary key, name text, note text);
           insert into old_items values (1, 'other', 'filled'), (2, 'other', 'other');"],
    );
    let folder = Scratch::new();
    let manifest = "[target]\ntable = \"items\"\nkey = \"item_key\"\n[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\nwinner = \"no\"\non_duplicate = \"merge\"\n[source.columns]\nname = \"name\"\nnote = \"note\"\n[source.ignore]\nno = \"in the key\"\n";
    std::fs::write(folder.path().join("consolidation.toml"), manifest).unwrap();
    let path = folder.path().display().to_string();
    pgfold(&database, &["apply", &path, "--yes"]).expect(0);
    assert_eq!(database.value("select string_agg(name || note, ',' order by id) from items"), "therefilled,twokept");
    pgfold(&database, &["validate", &path]).expect(0);
    database.psql("update items set name = 'other' where id = 1");
    let failed = pgfold(&database, &["validate", &path]).expect(5);
    assert!(failed.stdout.contains("besides what a merge filled: 1 (1)"), "{}", failed.stdout);
    database.psql("update items set name = 'there', note = 'filled' where id = 1");
    pgfold(&database, &["validate", &path]).expect(0);
}

#[test]
fn what_a_query_took_before_the_first_unproved_run_stays_its_measure() {
    let database = applied();
    let came = |n: u32| {
        database.psql(&format!("insert into ai_agents (name, system_prompt) values ('Late comer {n}', 'x')"));
        pgfold(&database, &["migrate", "-y"]).expect(0);
    };
    let same = |one: u32, other: u32| {
        database.value(&format!(
            "select count(*) filter (where round(a.median_ms::numeric, 6) = round(b.median_ms::numeric, 6)) || ' of ' || count(*)
               from pgfold.query_baseline a join pgfold.query_baseline b using (query, role) where a.run = {one} and b.run = {other}"
        ))
    };
    came(1);
    came(2);
    let queries = database.value("select count(*) from pgfold.query_baseline where run = 1");
    assert_ne!(same(1, 2), format!("{queries} of {queries}"), "the first run was proved: what came after is measured");
    assert_eq!(same(2, 3), format!("{queries} of {queries}"), "the second was not: its measure goes on");
}
