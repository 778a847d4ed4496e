//! One promise each, met with the very fault that would break it.

use std::thread;
use std::time::Duration;

use super::{apply, as_undisturbed, call, consolidation, demo, resume, state};
use crate::harness::{Database, Pgfold, Scratch};

/// A trigger function on the target, accepted by the consolidation that is returned.
fn with_trigger(database: &Database, body: &str) -> Scratch {
    database.psql(&format!(
        "create function slow() returns trigger language plpgsql as 'begin {body} end';
         create trigger slow before insert on agents for each row execute function slow();"
    ));
    super::stops::slow_consolidation()
}

#[test]
fn a_batch_whose_line_in_the_ledger_fails_is_done_again_whole() {
    let database = demo();
    call(&database.url(), &["enhance", consolidation(), "--yes"]).expect(0);
    // every other note of a batch fails, once, with what asks for another try
    database.psql(
        "create sequence hiccups;
         create function hiccup() returns trigger language plpgsql as
           'begin if nextval(''public.hiccups'') % 2 = 1 then raise exception ''hiccup'' using errcode = ''40001''; end if; return new; end';
         create trigger hiccup before update on pgfold.batch for each row execute function hiccup();",
    );
    let arguments = ["migrate", consolidation(), "--yes", "--batch-rows", "5", "--workers", "1"];
    call(&database.url(), &arguments).expect(0);
    assert_eq!(database.psql(state::ONCE), "");
    assert_eq!(database.value("select count(*) || ' ' || count(distinct (source, id)) from pgfold.crosswalk"), "27 27");
    assert_eq!(
        database.value("select string_agg(distinct outcome, ' ' order by outcome) from pgfold.crosswalk"),
        "duplicate_in_source inserted"
    );
    assert_eq!(database.value("select count(*) from pgfold.batch where committed_at is null"), "0");
}

#[test]
fn rows_that_a_trigger_eats_stop_the_run() {
    let database = demo();
    let folder = with_trigger(
        &database,
        "if new.unique_id like ''%RISK%'' or random() < 2 then return null; end if; return new;",
    );
    let path = folder.path().to_str().unwrap();
    let stopped = call(&database.url(), &["apply", path, "--yes"]).expect(8);
    assert!(stopped.stderr.contains("trigger of the target drops them"), "{}", stopped.stderr);
    assert_eq!(database.value("select count(*) from pgfold.crosswalk"), "0");
    database.psql("drop trigger slow on agents; drop function slow()");
    call(&database.url(), &["resume", path, "--yes"]).expect(0);
    assert_eq!(database.psql(state::ONCE), "");
}

#[test]
fn a_second_operator_is_refused_while_the_first_is_at_work() {
    let database = demo();
    let folder = with_trigger(&database, "perform pg_sleep(0.4); return new;");
    let path = folder.path().to_str().unwrap();
    let first = Pgfold::new(&database).args(["apply", path, "--yes"]).start();
    database.until("select to_regclass('pgfold.batch') is not null");
    database.until("select count(*) from pgfold.batch");
    let second = call(&database.url(), &["resume", path, "--yes"]).expect(7);
    assert!(second.stderr.contains("is being operated"), "{}", second.stderr);
    first.wait().expect(0);
    assert_eq!(database.psql(state::ONCE), "");
}

#[test]
fn the_operators_own_session_may_be_lost_while_the_workers_work() {
    let database = demo();
    let folder = with_trigger(&database, "perform pg_sleep(0.1); return new;");
    let path = folder.path().to_str().unwrap();
    let run = Pgfold::new(&database).args(["apply", path, "--yes", "--batch-rows", "5"]).start();
    database.until("select to_regclass('pgfold.batch') is not null");
    database.until("select count(*) from pgfold.batch where committed_at is not null");
    let ended = database.value(
        "select count(pg_terminate_backend(a.pid)) from pg_stat_activity a join pgfold.lease l on l.backend = a.pid",
    );
    assert_eq!(ended, "1");
    let run = run.wait().expect(0);
    assert!(run.stderr.contains("connection lost"), "{}", run.stderr);
    assert_eq!(database.psql(state::ONCE), "");
}

#[test]
fn an_index_that_a_failed_build_left_invalid_is_built_again() {
    let database = demo();
    let started = Pgfold::new(&database).args(apply()).start();
    database.until("select to_regclass('pgfold.step') is not null");
    database.until("select count(*) from pgfold.step where step = 7 and state = 'done'");
    started.kill();
    thread::sleep(Duration::from_millis(1500));
    let state =
        database.value("select coalesce((select state from pgfold.step where intent like '%agents_live_idx'), 'none')");
    if state != "done" {
        database.psql("drop index if exists agents_live_category_idx");
        database
            .try_psql("create unique index concurrently agents_live_category_idx on agents (is_active)")
            .unwrap_err();
        assert_eq!(
            database.value("select indisvalid from pg_index where indexrelid = 'agents_live_category_idx'::regclass"),
            "f"
        );
    }
    call(&database.url(), &resume()).expect(0);
    as_undisturbed(&database, "after an index was left invalid");
}

#[test]
fn a_worker_whose_server_process_is_ended_in_its_batch_does_it_again() {
    let database = demo();
    let folder = with_trigger(&database, "perform pg_sleep(0.1); return new;");
    let path = folder.path().to_str().unwrap();
    let run = Pgfold::new(&database).args(["apply", path, "--yes", "--batch-rows", "5", "--workers", "2"]).start();
    // only workers write batches: one of them, once
    let ended = "select count(pg_terminate_backend(pid)) from (select pid from pg_stat_activity
       where datname = current_database() and state = 'active' and query like '%classified as materialized%'
         and pid <> pg_backend_pid() and clock_timestamp() - query_start > interval '50 ms' limit 1) w";
    database.until("select to_regclass('pgfold.batch') is not null");
    database.until("select count(*) from pgfold.batch");
    database.until(ended);
    let run = run.wait().expect(0);
    assert!(run.stderr.contains("connection lost while a batch of"), "{}", run.stderr);
    assert_eq!(database.psql(state::ONCE), "");
    assert_eq!(database.value("select count(*) from pgfold.crosswalk"), "27");
}

#[test]
fn a_row_that_collides_with_one_that_came_meanwhile_is_rejected_and_not_passed_over() {
    let database = demo();
    let name = database
        .value("select min(name) from dh_agent d where not exists (select from agents a where a.name = d.name)");
    database.psql(&format!("create unique index agents_only_name on agents (name) where name = '{name}'"));
    // while a batch inserts its rows the application adds one of the same name
    let folder = with_trigger(
        &database,
        &format!(
            "if new.name = ''{name}'' and pg_trigger_depth() = 1 then
               insert into agents (name, unique_id, category) values (new.name, ''CAME-MEANWHILE'', ''general'');
             end if; return new;"
        ),
    );
    let stopped = call(&database.url(), &["apply", folder.path().to_str().unwrap(), "--yes", "--quiet"]);
    let rejects = database.psql("select source || ' ' || code || ' ' || object from pgfold.reject");
    assert_eq!(rejects, "", "it was foreseen: {rejects}");
    assert_eq!(stopped.code, 4, "{}", stopped.stderr);
    assert!(stopped.stderr.contains("more than was foreseen"), "{}", stopped.stderr);
}
