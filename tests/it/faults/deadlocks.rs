//! Deadlocks and statements that never end in time.

use super::{call, demo, state};
use crate::harness::Pgfold;

#[test]
fn a_deadlock_with_the_application_is_tried_again() {
    let database = demo();
    database.psql(
        "create table counter (n int); insert into counter values (0);
         create function slow() returns trigger language plpgsql as 'begin update counter set n = n + 1; return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = super::stops::slow_consolidation();
    let path = folder.path().to_str().unwrap();
    let arguments = ["apply", path, "--yes", "--workers", "1", "--lock-timeout", "30s"];
    call(&database.url(), &["enhance", path, "--yes"]).expect(0);
    let started;
    {
        // the application holds the counter, waits for a batch to want it, and then wants what the batch has
        let holder = std::thread::spawn({
            let database = crate::harness::Database::adopted(database.name());
            move || {
                let out = database.try_psql(
                    "set deadlock_timeout = '60s'; begin; update counter set n = n + 1;
                     do $$ begin
                       for i in 1..600 loop
                         exit when exists (select from pg_locks where not granted and pid <> pg_backend_pid());
                         perform pg_sleep(0.05);
                       end loop;
                     end $$;
                     lock table agents in share row exclusive mode; commit",
                );
                std::mem::forget(database);
                out
            }
        });
        std::thread::sleep(std::time::Duration::from_millis(300));
        started = Pgfold::new(&database).args(arguments).start();
        holder.join().unwrap().unwrap();
    }
    let done = started.wait();
    assert!(matches!(done.code, 0 | 5), "exit {}\n{}", done.code, done.stderr);
    assert!(done.stderr.contains("deadlock"), "{}", done.stderr);
    assert_eq!(database.psql(state::ONCE), "");
}

#[test]
fn a_row_that_never_ends_in_time_stops_the_run_which_is_resumed() {
    let database = demo();
    database.psql(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(30); return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = super::stops::slow_consolidation();
    let path = folder.path().to_str().unwrap();
    let arguments = ["apply", path, "--yes", "--workers", "1", "--statement-timeout", "2s", "--attempts", "2"];
    let stopped = call(&database.url(), &arguments).expect(8);
    assert!(stopped.stderr.contains("statement timeout"), "{}", stopped.stderr);
    assert!(stopped.stderr.contains("pgfold resume"), "{}", stopped.stderr);
    let left =
        "select count(*) from pg_stat_activity where application_name = 'pgfold' and datname = current_database()";
    assert_eq!(database.value(left), "0");
    database.psql("drop trigger slow on agents; drop function slow()");
    call(&database.url(), &["resume", path, "--yes"]).expect(0);
    assert_eq!(database.psql(state::ONCE), "");
}
