//! Part runs: what is left out stays pending, a later migrate completes it, and changed rows are taken over.

use super::{call, consolidation, demo, state};
use crate::harness::Database;

fn enhanced() -> Database {
    let database = demo();
    call(&database.url(), &["enhance", consolidation(), "--yes"]).expect(0);
    database
}

fn migrate(database: &Database, more: &[&str]) -> crate::harness::Finished {
    let mut arguments = vec!["migrate", consolidation(), "--yes", "--batch-rows", "5"];
    arguments.extend(more);
    call(&database.url(), &arguments)
}

/// Outcomes of the newest run, `source outcome count` a line.
fn outcomes(database: &Database) -> String {
    database.psql(
        "select source || ' ' || outcome || ' ' || count(*) from pgfold.crosswalk
          where run = (select max(run) from pgfold.run) group by source, outcome order by source, outcome",
    )
}

/// What a whole run, undisturbed, makes of the target.
fn whole() -> String {
    let database = enhanced();
    migrate(&database, &[]).expect(0);
    database.psql(state::TARGET)
}

#[test]
fn a_part_run_leaves_the_rest_pending_and_a_later_migrate_completes_it() {
    let should = whole();
    let database = enhanced();
    let part = migrate(&database, &["--source", "ai_agents"]).expect(0);
    let told = format!("17 legacy rows left pending; `pgfold migrate {}` takes them", consolidation());
    assert!(part.stderr.contains(&told), "{}", part.stderr);
    assert_eq!(outcomes(&database), "ai_agents duplicate_in_source 5\nai_agents inserted 5\ndh_agent pending 17\n");
    let checked = call(&database.url(), &["validate", consolidation()]).expect(5);
    assert!(checked.stdout.contains("left out by a part run"), "{}", checked.stdout);
    // rows that were seen are not counted again
    // the five that gave way in `ai_agents` are left out, too, though they were seen
    for (n, left) in [(1, "15"), (2, "8")] {
        migrate(&database, &["--limit", "7"]).expect(0);
        let pending = "select count(*) from pgfold.crosswalk where outcome = 'pending' and run = (select max(run) from pgfold.run)";
        assert_eq!(database.value(pending), left, "after {n} times seven");
    }
    let key = database.value(
        "select min(key) from pgfold.crosswalk where outcome = 'pending' and source = 'dh_agent' and run = (select max(run) from pgfold.run)",
    );
    migrate(&database, &["--only", &key]).expect(0);
    assert_eq!(
        outcomes(&database),
        "ai_agents pending 5\nai_agents unchanged 5\ndh_agent inserted 1\ndh_agent pending 2\ndh_agent unchanged 14\n"
    );
    let last = migrate(&database, &[]).expect(0);
    assert!(!last.stderr.contains("pending"), "{}", last.stderr);
    assert_eq!(state::difference(&database.psql(state::TARGET), &should), "");
    assert_eq!(database.psql(state::ONCE), "");
    let checked = call(&database.url(), &["validate", consolidation()]);
    let first = checked.stdout.lines().find(|l| l.contains("no data loss")).unwrap_or_default();
    assert!(first.contains("passed"), "{}", checked.stdout);
    assert!(!checked.stdout.contains("left out by a part run"), "{}", checked.stdout);
}

#[test]
fn part_runs_in_any_order_give_what_one_run_gives() {
    let should = whole();
    let mut chance = super::Chance::new("part runs");
    for _ in 0..2 {
        let database = enhanced();
        for _ in 0..4 {
            let limit = (1 + chance.below(9)).to_string();
            let keys = database.value(
                "select string_agg(k, ' ') from (select 'DH_AGENT_' || code as k from dh_agent order by random() limit 2) x",
            );
            let mut arguments: Vec<&str> = match chance.below(3) {
                0 => vec!["--limit", &limit],
                1 => vec!["--source", "ai_agents", "--limit", &limit],
                _ => std::iter::once("--only").chain(keys.split(' ')).collect(),
            };
            arguments.push("--quiet");
            migrate(&database, &arguments).expect(0);
        }
        migrate(&database, &[]).expect(0);
        assert_eq!(state::difference(&database.psql(state::TARGET), &should), "");
        assert_eq!(database.psql(state::ONCE), "");
    }
}

#[test]
fn what_nothing_has_cannot_be_picked() {
    let database = enhanced();
    let refused = migrate(&database, &["--source", "dh_agents"]).expect(64);
    assert!(refused.stderr.contains("did you mean `dh_agent`"), "{}", refused.stderr);
    let refused = migrate(&database, &["--only", "DH_AGENT_none"]).expect(64);
    assert!(refused.stderr.contains("no legacy row has the key"), "{}", refused.stderr);
    assert_eq!(database.value("select count(*) from pgfold.run where verb = 'migrate'"), "0");
}

#[test]
fn a_dry_run_of_a_part_foretells_it() {
    let database = enhanced();
    let told = migrate(&database, &["--source", "ai_agents", "--dry-run"]).expect(0);
    assert!(told.stdout.contains("pending"), "{}", told.stdout);
    assert_eq!(database.value("select count(*) from pgfold.run where verb = 'migrate'"), "0");
}

#[test]
fn a_row_that_cannot_be_read_does_not_stop_a_part_without_its_source() {
    let database = enhanced();
    database.psql("update dh_agent set model_config = '{\"temperature\": \"warm\"}' where id = (select id from dh_agent order by id limit 1)");
    migrate(&database, &[]).expect(4);
    migrate(&database, &["--source", "ai_agents"]).expect(0);
    assert_eq!(outcomes(&database), "ai_agents duplicate_in_source 5\nai_agents inserted 5\ndh_agent pending 17\n");
}

#[test]
fn rows_that_changed_are_taken_over_with_what_was_there_before() {
    let database = demo();
    call(&database.url(), &super::apply()).expect(0);
    let before = database.psql(state::TARGET);
    database.psql(
        "update dh_agent set name = name || ' II' where id in (select id from dh_agent order by id limit 3);
         update agents set description = 'by hand' where unique_id = (select 'DH_AGENT_' || code from dh_agent order by id offset 2 limit 1);",
    );
    let edited = database.psql(state::TARGET);
    // without being asked nothing is overwritten
    migrate(&database, &[]).expect(0);
    assert_eq!(state::difference(&database.psql(state::TARGET), &edited), "");
    let run = migrate(&database, &["--changed"]).expect(0);
    assert_eq!(database.value("select count(*) from agents where name like '% II'"), "2", "{}", run.stdout);
    assert_eq!(
        database.psql(
            "select reason, outcome from pgfold.crosswalk where run = 3 and reason like 'changed%' order by 1, 2"
        ),
        "changed since run 1|merged\nchanged since run 1|merged\nchanged since run 1, edited in the target|duplicate\n"
    );
    // again: they are unchanged now, but for the one that was edited on both sides
    migrate(&database, &["--changed"]).expect(0);
    assert_eq!(database.value("select count(*) from pgfold.crosswalk where run = 4 and outcome = 'merged'"), "0");
    call(&database.url(), &["rollback", consolidation(), "--run", "3", "--execute", "--yes"]).expect(0);
    assert_eq!(state::difference(&database.psql(state::TARGET), &edited), "");
    assert_ne!(before, edited);
}
