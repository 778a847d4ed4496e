//! The ledger as a record: comments, views, the audit chain, pages in a real browser, notifications, health, history.

mod audit;
mod browser;
mod evidence;
mod health;
mod history;
mod notify;

use super::harness::{Database, Finished, Pgfold, Scratch};

const SCHEMA: &str = include_str!("../../sql/demo/legacy_schema.sql");
const ROWS: &str = include_str!("../../sql/demo/legacy_rows.sql");

/// The demo's database with a folder for its runs.
pub struct Place {
    pub database: Database,
    pub folder: Scratch,
}

impl Place {
    pub fn new() -> Place {
        Place { database: Database::from_sql("record_demo", &[SCHEMA, ROWS]), folder: Scratch::new() }
    }

    /// With one run in it, applied and proved.
    pub fn applied() -> Place {
        let place = Place::new();
        let mut done = place.run(&["apply", "--yes", "--ref", "CHG-4711"]);
        // on a busy machine a query of a millisecond takes ten; that is another test's business
        for _ in 0..5 {
            if done.code == 5 && done.stdout.contains(" ms before, now ") {
                done = place.run(&["validate"]);
            }
        }
        done.expect(0);
        place
    }

    pub fn call(&self, arguments: &[&str]) -> Pgfold {
        let home = self.folder.path();
        Pgfold::new(&self.database).args(arguments).args(["--runs", home.join("runs").to_str().unwrap()])
    }

    pub fn run(&self, arguments: &[&str]) -> Finished {
        self.call(arguments).run()
    }

    pub fn value(&self, query: &str) -> String {
        self.database.value(query)
    }
}

#[test]
fn every_table_and_column_of_the_ledger_says_what_it_is() {
    let place = Place::applied();
    let mute = "select coalesce(string_agg(c.relname || coalesce('.' || a.attname, ''), ', '), '')
      from pg_class c
      left join lateral (select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
                         union all select null, 0) a on true
     where c.relnamespace = 'pgfold'::regnamespace and c.relkind in ('r', 'p', 'v')
       and coalesce(case when a.attnum = 0 then obj_description(c.oid, 'pg_class') else col_description(c.oid, a.attnum) end, '') = ''";
    assert_eq!(place.value(mute), "");
    place.database.psql("comment on column pgfold.run.who is null");
    assert_eq!(place.value(mute), "run.who");
    // the next command mends it
    place.run(&["migrate", "--yes"]).expect(0);
    assert_eq!(place.value(mute), "");
}

#[test]
fn the_views_tell_who_why_and_how_well() {
    let place = Place::applied();
    let row = "select concat_ws('|', state, type, reference, approval, validated, operator ~ '@', client, length(plan_digest),
        success_rate between 0 and 100, quality_score between 0 and 100, estimated_complexity is not null, complexity is not null,
        estimated_duration_ms > 0, duration_ms > 0, steps = steps_done) from pgfold.migrations where run = 1";
    assert_eq!(place.value(row), "completed|apply|CHG-4711|--yes|t|t|local|64|t|t|t|t|t|t|t");
    // the formula, worked out from the ledger by other means
    let by_hand = "with n as (select count(*) filter (where outcome <> 'filtered') as n, count(*) filter (where outcome = 'rejected') as r,
          count(*) filter (where outcome = 'duplicate_in_source') as d from pgfold.crosswalk where run = 1),
        m as (select count(*) as all_, count(*) filter (where because = 'fallback') as f
          from (select distinct mapping, left_id, because from pgfold.mapped where run = 1) x),
        l as (select count(distinct (mapping, left_id)) as rows from pgfold.mapped where run = 1),
        v as (select count(*) as v from pgfold.review where run = 1),
        u as (select coalesce(sum(value::int), 0) as u from pgfold.batch b, jsonb_each_text(coalesce(nullif(b.counters->'default', 'null'), '{}')) where run = 1)
      select round(100 * (0.4 * (1 - r::numeric / n) + 0.2 * (1 - d::numeric / n) + 0.2 * (1 - least(1, u::numeric / n))
        + 0.2 * (1 - (f + v)::numeric / (rows + v))), 1) from n, m, l, v, u";
    assert_eq!(place.value("select quality_score from pgfold.migrations where run = 1"), place.value(by_hand));
    let steps = place.value(
        "select count(*) || '|' || bool_and(duration_ms >= 0) from pgfold.executions where run = 1 and state = 'done'",
    );
    assert_eq!(steps, place.value("select count(*) || '|true' from pgfold.step where run = 1"));
    let checks = place.value(
        "select string_agg(number || ' ' || verdict, ',' order by number) from pgfold.check_result where run = 1",
    );
    assert!(checks.starts_with("1 passed,2 passed") && checks.contains("7 passed"), "{checks}");
    // every state that it went through stands in the chain
    let states = place.value("select string_agg(event, ',' order by seq) from pgfold.audit where event !~ '^step'");
    assert_eq!(
        states,
        "run requested,run approved,run analysing,run executing,run completed,run validating,run completed,checks passed"
    );
    place.run(&["rollback", "--yes", "--execute"]).expect(0);
    assert_eq!(place.value("select event from pgfold.audit order by seq desc limit 1"), "run rolled back");
}
