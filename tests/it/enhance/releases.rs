//! What later releases do to the tables: a rollback at level schema leaves all of it, or takes it along when told to.

use super::{Scratch, folder, items, quick_state, run};
use crate::harness::Database;
use crate::property::random::Random;

const DECLARES: &str = r#"adds.items = { plan = "text" }
creates = ["index items_plan", "view plan_list", "function plan_of(bigint)", "table notes"]
replaces = ["view item_list"]"#;

const UP: &str = "alter table items add column plan text;
create index items_plan on items (plan);
create or replace view item_list as select id, name, plan from items;
create view plan_list as select plan, count(*) as n from items group by plan;
create function plan_of(i bigint) returns text language sql stable as 'select plan from items where id = i';
create table notes (id int primary key, text text);
";

/// Something that a later release does, in any order with the others.
struct Release {
    sql: &'static str,
    /// A query that is true as long as nothing of it is lost.
    holds: &'static str,
    /// Whether it changes, fills or builds on what the enhancement left.
    touches: bool,
}

const RELEASES: &[Release] = &[
    Release {
        sql: "alter table items add column shelf int default 3; update items set shelf = 4 where id = 1",
        holds: "select string_agg(shelf::text, ' ' order by id) = '4 3' from items where key like 'A%'",
        touches: false,
    },
    Release {
        sql: "create index items_later on items (name, note)",
        holds: "select to_regclass('items_later') is not null",
        touches: false,
    },
    Release {
        sql: "create index items_plan_lower on items (lower(plan))",
        holds: "select pg_get_indexdef('items_plan_lower'::regclass) like '%lower(plan)%'",
        touches: true,
    },
    Release {
        sql: "create view free_items as select id from items where plan = 'free'",
        holds: "select pg_get_viewdef('free_items'::regclass) like '%plan%'",
        touches: true,
    },
    Release {
        sql: "create view all_names as select name from item_list",
        holds: "select pg_get_viewdef('all_names'::regclass) like '%item_list%'",
        touches: false,
    },
    Release {
        sql: "create or replace view item_list as select id, name, plan, note from items",
        holds: "select pg_get_viewdef('item_list'::regclass) like '%note%'",
        touches: true,
    },
    Release {
        sql: "create view plans_of_items as select plan from item_list",
        holds: "select pg_get_viewdef('plans_of_items'::regclass) like '%plan%'",
        touches: true,
    },
    Release {
        sql: "grant insert on plan_list to enhance_reader",
        holds: "select has_table_privilege('enhance_reader', 'plan_list', 'insert')",
        touches: true,
    },
    Release {
        sql: "grant update (note) on items to enhance_reader",
        holds: "select has_column_privilege('enhance_reader', 'items', 'note', 'update')",
        touches: false,
    },
    Release {
        sql: "update items set plan = 'gold' where key = 'A2'",
        holds: "select plan = 'gold' from items where key = 'A2'",
        touches: true,
    },
    Release {
        sql: "insert into notes values (1, 'ours')",
        holds: "select text = 'ours' from notes where id = 1",
        touches: true,
    },
    Release {
        sql: "create or replace function plan_of(i bigint) returns text language sql stable as 'select upper(plan) from items where id = i'",
        holds: "select pg_get_functiondef('plan_of(bigint)'::regprocedure) like '%upper(plan)%'",
        touches: true,
    },
    Release {
        sql: "comment on column items.plan is 'what they pay for'",
        holds: "select col_description('items'::regclass, attnum) = 'what they pay for' from pg_attribute where attrelid = 'items'::regclass and attname = 'plan'",
        touches: true,
    },
    Release {
        sql: "create trigger items_noted after insert on items for each row execute function stamp()",
        holds: "select exists (select from pg_trigger where tgname = 'items_noted')",
        touches: false,
    },
    Release {
        sql: "alter table plans add column more int; insert into plans (code, more) values ('new', 1)",
        holds: "select more = 1 from plans where code = 'new'",
        touches: false,
    },
];

const ROLLBACK: &[&str] = &["rollback", "--level", "schema", "--execute", "-y"];

fn with(more: &str) -> Vec<&str> {
    ROLLBACK.iter().copied().chain([more]).collect()
}

fn enhanced() -> (Database, Scratch) {
    let (database, folder) = (items(), folder(&[("0001_plan", DECLARES, UP, None)]));
    run(&database, &["apply", "-y"], &folder).expect(0);
    (database, folder)
}

/// What is wrong after the rollback of a run on which these were built.
fn survived(chain: &[&Release]) -> Vec<String> {
    let (database, folder) = enhanced();
    for release in chain {
        database.psql(release.sql);
    }
    let mut wrong = Vec::new();
    let lost = |when: &str, wrong: &mut Vec<String>| {
        let gone = chain.iter().filter(|r| database.try_psql(r.holds).as_deref() != Ok("t\n"));
        wrong.extend(gone.map(|r| format!("{when}: lost: {}", r.sql)));
    };
    lost("before", &mut wrong);
    let touched = chain.iter().any(|r| r.touches);
    let before = quick_state(&database);
    let back = run(&database, ROLLBACK, &folder);
    if back.code != if touched { 4 } else { 0 } {
        wrong.push(format!("exit {}: {}{}", back.code, back.stdout, back.stderr));
    }
    lost("after", &mut wrong);
    if touched {
        if quick_state(&database) != before {
            wrong.push("refused, and not as before".to_owned());
        }
        let kept = run(&database, &with("--keep-later-changes"), &folder);
        if kept.code != 0 {
            wrong.push(format!("keeping: exit {}: {}{}", kept.code, kept.stdout, kept.stderr));
        }
        lost("after keeping", &mut wrong);
    }
    let stays = |what: &str| chain.iter().any(|r| r.sql.contains(what));
    for (what, there) in [("notes", "to_regclass('notes')"), ("plan_of", "to_regproc('plan_of')")] {
        if !stays(what) && database.value(&format!("select {there} is null")) != "t" {
            wrong.push(format!("{what} is still there"));
        }
    }
    if database.value("select count(*) from items where key like 'C%'") != "0" {
        wrong.push("rows of the run are still there".to_owned());
    }
    wrong
}

#[test]
fn each_release_alone_is_kept_by_the_rollback() {
    let wrong: Vec<String> = RELEASES.iter().flat_map(|r| survived(&[r])).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn chains(seeds: std::ops::Range<u64>) {
    let mut wrong = Vec::new();
    for seed in seeds {
        let r = &mut Random::new(seed ^ 0x7e1ea5e);
        let mut chain: Vec<&Release> = Vec::new();
        for _ in 0..2 + r.below(5) {
            let next = r.pick(RELEASES);
            if !chain.iter().any(|c| std::ptr::eq(*c, next)) {
                chain.push(next);
            }
        }
        wrong.extend(survived(&chain).into_iter().map(|w| format!("seed {seed}: {w}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn chains_of_releases_are_kept_by_the_rollback_1() {
    chains(1..33);
}

#[test]
fn chains_of_releases_are_kept_by_the_rollback_2() {
    chains(33..65);
}

#[test]
fn what_later_releases_changed_is_discarded_when_told_so() {
    let (database, folder) = enhanced();
    let fresh = items().structure_digest();
    let on_ours = RELEASES.iter().filter(|r| r.touches);
    for release in on_ours {
        database.psql(release.sql);
    }
    run(&database, ROLLBACK, &folder).expect(4);
    run(&database, &with("--discard-later-changes"), &folder).expect(0);
    assert_eq!(database.structure_digest(), fresh);
    assert_eq!(database.value("select count(*) from items"), "2");
}

#[test]
fn a_file_that_runs_after_the_rows_finds_them() {
    let database = items();
    let before = quick_state(&database);
    let counts = "create table counted as select count(*) as n from items;\n";
    let declares = "creates = [\"table counted\"]\nafter = \"rows\"";
    let folder = folder(&[("0001_counted", declares, counts, None)]);
    run(&database, &["apply", "-y"], &folder).expect(0);
    assert_eq!(database.value("select n from counted"), "4");
    run(&database, ROLLBACK, &folder).expect(0);
    assert_eq!(quick_state(&database), before);
}
