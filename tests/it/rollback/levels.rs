//! What each level brings back, and what it leaves alone.

use super::{Case, demo, library, same, script};

fn schema_level_brings_back(case: &Case) {
    let before = case.state();
    let applied = case.apply();
    assert_ne!(case.state(), before);
    case.database.psql(&script(&applied, 1, "rollback-schema.sql"));
    same(&case.state(), &before, "state");
    // a second time, it says so and changes nothing
    case.database.psql(&script(&applied, 1, "rollback-schema.sql"));
    case.database.psql(&script(&applied, 1, "rollback.sql"));
    same(&case.state(), &before, "state");
}

#[test]
fn the_schema_level_brings_the_demo_back_byte_for_byte() {
    schema_level_brings_back(&demo());
}

#[test]
fn the_schema_level_brings_the_library_back_byte_for_byte() {
    schema_level_brings_back(&library());
}

fn each_level_after_the_other(case: &Case) {
    let before = case.state();
    let rows_before = case.rows("true");
    let applied = case.apply();
    let existing = format!("{}::text in (select id from pgfold.existing_row where run = 1)", case.id);
    let ids = case.ids();
    case.database.psql(&script(&applied, 1, "rollback.sql"));
    assert_eq!(case.rows(&existing), rows_before, "rows that were there are as they were");
    let live =
        case.database.value(&format!("select count(*) from {} where {} and not {existing}", case.target, case.live));
    assert_eq!(live, "0");
    assert_ne!(case.ids(), ids);
    case.rollback(&["--level", "purge", "--execute"]).expect(0);
    assert_eq!(case.rows("true"), rows_before);
    case.rollback(&["--level", "schema", "--execute"]).expect(0);
    same(&case.state(), &before, "state");
    case.rollback(&["--level", "schema", "--execute"]).expect(4);
}

#[test]
fn levels_go_on_from_one_another_on_the_demo() {
    each_level_after_the_other(&demo());
}

#[test]
fn levels_go_on_from_one_another_on_the_library() {
    each_level_after_the_other(&library());
}

fn there_and_back_and_there(case: &Case) {
    let before = case.state();
    case.apply();
    let ids = case.ids();
    let rows = case.rows("true");
    for level in ["rows", "purge", "schema", "rows"] {
        case.rollback(&["--level", level, "--execute"]).expect(0);
        case.apply();
        same(&case.ids(), &ids, level);
        if case.target == "agents" {
            same(&case.rows("true"), &rows, level);
        }
    }
    case.rollback(&["--level", "schema", "--execute"]).expect(0);
    same(&case.state(), &before, "state");
}

#[test]
fn applying_again_gives_the_demo_the_same_rows_and_ids() {
    there_and_back_and_there(&demo());
}

#[test]
fn applying_again_gives_the_library_the_same_ids() {
    there_and_back_and_there(&library());
}

#[test]
fn rows_that_only_look_migrated_survive_every_level() {
    let case = demo();
    case.database.psql(
        "alter table agents add column unique_id text;
         insert into agents (id, name, unique_id) values
           ('00000000-0000-4000-8000-00000000d001', 'here before one', 'DH_AGENT_AGT-MINE'),
           ('00000000-0000-4000-8000-00000000d002', 'here before two', 'AI_AGENT_MINE')",
    );
    let before = case.state();
    let mine = "select to_jsonb(a) - '{deleted_at,version,can_delegate,delegation_rules,escalation_rules,model_config,\
                is_public,is_featured,owner_tenant_id,parent_agent_id}'::text[] from agents a where name like 'here before%' \
                order by id";
    let rows = case.database.psql(mine);
    assert_eq!(rows.lines().count(), 2);
    case.apply();
    for level in ["rows", "purge", "schema"] {
        case.rollback(&["--level", level, "--execute"]).expect(0);
        assert_eq!(case.database.psql(mine), rows, "level {level}");
        if level != "schema" {
            let gone = case
                .database
                .value("select count(*) from agents where name like 'here before%' and deleted_at is not null");
            assert_eq!(gone, "0", "level {level}");
        }
    }
    same(&case.state(), &before, "state");
}

#[test]
fn a_trigger_that_fires_always_still_does_afterwards() {
    let case = library();
    case.database
        .psql("alter table items enable always trigger items_touch; alter table items disable trigger items_words");
    let before = case.state();
    case.apply();
    case.rollback(&["--level", "schema", "--execute"]).expect(0);
    same(&case.state(), &before, "state");
}
