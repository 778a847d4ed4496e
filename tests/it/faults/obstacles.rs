//! Locks, deadlocks, timeouts and the wrong database: a clear word, the right code, nothing left behind.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{apply, as_undisturbed, call, consolidation, demo, resume};
use crate::harness::{Database, Pgfold, Scratch, cluster};

/// A psql that holds what the script takes until it is dropped.
pub struct Holder(Child);

impl Holder {
    pub fn new(database: &Database, script: &str) -> Holder {
        let mut psql = cluster().programs().command("psql");
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(database.url());
        psql.args(["-c", &format!("begin; {script}; select pg_sleep(600)")]);
        let child = psql.env("PGAPPNAME", "the colleague").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        database.until("select count(*) from pg_stat_activity where query like '%pg_sleep(600)%' and wait_event = 'PgSleep' and datname = current_database()");
        Holder(child)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_lock_of_somebody_else_is_named_and_waited_for_no_longer_than_told() {
    let database = demo();
    let holder = Holder::new(&database, "lock table agents in share row exclusive mode");
    let mut arguments = apply().to_vec();
    arguments.extend(["--lock-timeout", "200ms"]);
    let stopped = call(&database.url(), &arguments).expect(8);
    assert!(stopped.stderr.contains("the colleague"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("lock timeout"), "{}", stopped.stderr);
    drop(holder);
    thread::sleep(Duration::from_millis(300));
    database.psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the colleague'");
    call(&database.url(), &resume()).expect(0);
    as_undisturbed(&database, "after a lock");
}

#[test]
fn a_batch_that_times_out_is_halved_until_it_fits() {
    let database = demo();
    // each row takes 60 ms; a batch of all 17 would take a second
    database.psql(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.06); return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = super::stops::slow_consolidation();
    let arguments = ["apply", folder.path().to_str().unwrap(), "--yes", "--statement-timeout", "400ms"];
    call(&database.url(), &arguments).expect(0);
    let batches: u32 = database.value("select count(*) from pgfold.batch where source = 'dh_agent'").parse().unwrap();
    assert!(batches >= 4, "{batches} batches");
    assert_eq!(database.value("select sum(read) || ' ' || count(*) filter (where committed_at is null) from pgfold.batch where source = 'dh_agent'"), "17 0");
}

#[test]
fn a_run_waits_while_the_pause_file_is_there_and_stops_when_its_time_is_up() {
    let database = demo();
    let scratch = Scratch::new();
    let file = scratch.path().join("pause");
    std::fs::write(&file, "").unwrap();
    let mut arguments = apply().to_vec();
    arguments.extend(["--pause-file", file.to_str().unwrap(), "--batch-delay", "10ms"]);
    let started = Pgfold::new(&database).args(&arguments).start();
    database.until("select count(*) from pgfold.run");
    thread::sleep(Duration::from_secs(4));
    assert_eq!(database.value("select count(*) from pgfold.batch where committed_at is not null"), "0");
    std::fs::remove_file(&file).unwrap();
    started.wait().expect(0);
    as_undisturbed(&database, "after a pause");

    let database = demo();
    let mut arguments = apply().to_vec();
    arguments.extend(["--run-time", "10ms"]);
    let stopped = call(&database.url(), &arguments).expect(8);
    assert!(stopped.stderr.contains("taking the run back"), "{}", stopped.stderr);
    call(&database.url(), &resume()).expect(0);
    as_undisturbed(&database, "after the time was up");
}

#[test]
fn ctrl_c_stops_between_batches_and_twice_cancels_on_the_server() {
    let folder = super::stops::slow_consolidation();
    for times in [1, 2] {
        let database = demo();
        let sleep = if times == 1 { "0.05" } else { "3" };
        database.psql(&format!(
            "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep({sleep}); return new; end';
             create trigger slow before insert on agents for each row execute function slow();"
        ));
        let arguments = ["apply", folder.path().to_str().unwrap(), "--yes", "--batch-rows", "5", "--workers", "1"];
        let started = Pgfold::new(&database).args(arguments).start();
        let busy = "select count(*) from pg_stat_activity where datname = current_database() and state = 'active' \
                    and query like '%classified as materialized%' and pid <> pg_backend_pid()";
        database.until(busy);
        let began = std::time::Instant::now();
        for _ in 0..times {
            Command::new("kill").args(["-INT", &started.pid().to_string()]).status().unwrap();
            thread::sleep(Duration::from_millis(150));
        }
        let stopped = started.wait().expect(8);
        assert!(stopped.stderr.contains("you asked for it"), "{}", stopped.stderr);
        assert!(began.elapsed() < Duration::from_secs(4), "it took {:?}", began.elapsed());
        let left =
            "select count(*) from pg_stat_activity where application_name = 'pgfold' and datname = current_database()";
        assert_eq!(database.value(left), "0");
        database.psql("drop trigger slow on agents; drop function slow()");
        let resumed = ["resume", folder.path().to_str().unwrap(), "--yes"];
        call(&database.url(), &resumed).expect(0);
        assert_eq!(database.psql(super::state::ONCE), "");
    }
}

#[test]
fn a_database_without_the_tables_is_refused_and_left_alone() {
    let database = Database::fresh();
    call(&database.url(), &apply()).expect(3);
    call(&database.url(), &resume()).expect(4);
    assert_eq!(database.value("select count(*) from pg_namespace where nspname = 'pgfold'"), "0");
    let nowhere = database.url().replace(database.name(), "no_such_database");
    let refused = call(&nowhere, &apply()).expect(1);
    assert!(refused.stderr.contains("psql -l"), "{}", refused.stderr);
}

#[test]
fn a_run_that_was_taken_over_stops_and_writes_nothing_more() {
    let database = demo();
    let folder = super::stops::slow_consolidation();
    // the first four are slow, and who writes says at which epochs the fences were then
    database.psql(
        "insert into ai_agents (name, system_prompt) select 'Slow ' || i, 'x' from generate_series(1, 120) i;
         create schema seen; create table seen.put (pid int, began timestamptz, highest bigint);
         grant all on schema seen to public; grant all on seen.put to public;
         create function slow() returns trigger language plpgsql as 'begin
           if (select count(distinct pid) < 4 or bool_or(pid = pg_backend_pid()) from (select distinct pid, min(began) b from seen.put group by 1 order by 2 limit 4) f) is not false
           then perform pg_sleep(0.2); end if;
           insert into seen.put select pg_backend_pid(), transaction_timestamp(), max(epoch) from pgfold.worker; return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let path = folder.path().to_str().unwrap();
    let more = ["--yes", "--batch-rows", "1"];
    let started = Pgfold::new(&database).args(["apply", path, "--workers", "4"]).args(more).start();
    database.until("select count(distinct pid) = 4 from seen.put");
    // fewer workers than before: the fences of all of them must have moved
    let taken = call(&database.url(), &["resume", path, "--yes", "--workers", "1", "--take-over"]);
    // rows of no meaning are mapped to nothing, which check 4 says
    assert!(matches!(taken.code, 0 | 5), "exit {}\n{}", taken.code, taken.stderr);
    let stopped = started.wait();
    assert!(matches!(stopped.code, 7 | 8), "exit {}\n{}", stopped.code, stopped.stderr);
    assert_eq!(database.psql(super::state::ONCE), "");
    assert_eq!(database.value("select state from pgfold.run"), "completed");
    let old = "(select p.pid from seen.put p group by 1 order by min(p.began) limit 4)";
    let late = format!("select count(*) from seen.put p, pgfold.lease l where p.pid in {old} and p.highest = l.epoch");
    assert_eq!(database.value(&late), "0", "written behind a fence");
    let beside = format!(
        "select count(*) from seen.put p where p.pid in {old} and p.began > (select min(n.began) from seen.put n where n.pid not in {old})"
    );
    assert_eq!(database.value(&beside), "0", "written beside the new operator");
}

#[test]
fn doctor_names_what_stands_in_the_way() {
    let database = demo();
    database.psql(
        "create table invoices (id int primary key, agent uuid references ai_agents);
         create table twice (a int); insert into twice values (1), (1);
         create function noop() returns trigger language plpgsql as 'begin return new; end';
         create trigger legacy_noop before update on ai_agents for each row execute function noop();",
    );
    database.try_psql("create unique index concurrently agents_bad on agents (is_active)").unwrap_err();
    let _holder = Holder::new(&database, "select 1");
    database.psql("create schema pgfold");
    database.psql("drop schema pgfold");
    let told = call(&database.url(), &["doctor", consolidation(), "--disk-free", "1kB"]).expect(4);
    for word in [
        "invoices",
        "agents_bad",
        "legacy_noop",
        "disk-space",
        "connections",
        "extensions",
        "settings",
        "lagging-replica",
    ] {
        assert!(told.stdout.contains(word), "`{word}` is missing:\n{}", told.stdout);
    }
    let told = call(&database.url(), &["doctor", consolidation(), "--disk-free", "40GB"]).expect(0);
    assert!(told.stdout.contains("40.0 GB are free"), "{}", told.stdout);
}
