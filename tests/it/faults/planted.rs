//! Bugs planted in the guarantees: the test of each guarantee must fail with its bug, and pass without.
//!
//! `cargo test --features planted --test it faults::planted -- --nocapture`

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use super::chance::say;

/// What the bug is, the bug as `PGFOLD_PLANTED` takes it, and the test that must catch it.
const BUGS: &[(&str, &str, &str)] = &[
    (
        "the cursor in a transaction of its own",
        "before update pgfold.batch b set worker=>commit; begin",
        "promises::a_batch_whose_line_in_the_ledger_fails_is_done_again_whole",
    ),
    (
        "an untargeted conflict clause",
        "on conflict (\"unique_id\") do nothing=>on conflict do nothing",
        "promises::a_row_that_collides_with_one_that_came_meanwhile_is_rejected_and_not_passed_over",
    ),
    (
        "no fence before a batch",
        "and epoch = $3::bigint for update=>and $3::bigint > 0 for update",
        "obstacles::a_run_that_was_taken_over_stops_and_writes_nothing_more",
    ),
    (
        "a take-over that moves the first worker's fence only",
        "where r.run = w.run and r.consolidation=>where w.worker = 1 and r.run = w.run and r.consolidation\n(select max(worker) from pgfold.worker where run = $1::bigint)=>1",
        "obstacles::a_run_that_was_taken_over_stops_and_writes_nothing_more",
    ),
    (
        "a lost commit taken for done",
        "select committed_at is not null as done=>select true as done",
        "promises::a_worker_whose_server_process_is_ended_in_its_batch_does_it_again",
    ),
    (
        "rows that vanished not looked for",
        "count(*) filter (where outcome in ('inserted', 'merged') and target_id is null)=>0",
        "promises::rows_that_a_trigger_eats_stop_the_run",
    ),
    (
        "a lease for whoever asks",
        "where $2::boolean or l.token = excluded.token=>where true or $2::boolean or l.token = excluded.token",
        "promises::a_second_operator_is_refused_while_the_first_is_at_work",
    ),
    (
        "sources that are not locked",
        "in share mode=>in access share mode",
        "online::without_online_writers_wait_and_readers_do_not",
    ),
    (
        "late rows known by presence, not by content",
        "where w.source_hash is distinct from n.hash or=>where",
        "online::eight_writers_lose_nothing_to_an_online_run",
    ),
    (
        "rows that went away are not missed",
        "where w.source_hash is distinct from n.hash or w.id is null or n.id is null=>where n.id is not null and (w.source_hash is distinct from n.hash or w.id is null)",
        "online::eight_writers_lose_nothing_to_an_online_run",
    ),
    (
        "rows that came are not seen",
        "where w.source_hash is distinct from n.hash or w.id is null or n.id is null=>where w.id is not null and (w.source_hash is distinct from n.hash or n.id is null)",
        "online::eight_writers_lose_nothing_to_an_online_run",
    ),
    (
        "an invalid index left as it is",
        "drop index if exists =>select --",
        "promises::an_index_that_a_failed_build_left_invalid_is_built_again",
    ),
    (
        "a lost rollback taken for done",
        "select undone_level as level, undone_effect::text as effect=>select 'schema' as level, clock_timestamp()::text as effect",
        "undoing::a_rollback_that_is_cut_is_done_once_and_whole",
    ),
    (
        "no statement timeout",
        "set local statement_timeout = =>set local pgfold.statement_timeout = ",
        "obstacles::a_batch_that_times_out_is_halved_until_it_fits",
    ),
    (
        "settings that outlive their transaction",
        "set local search_path = =>set search_path = ",
        "pooler::a_run_through_a_pooler_is_what_a_run_without_one_is",
    ),
    (
        "no image of what --changed overwrites",
        "c.pgfold_held, ${image}=>c.pgfold_held, '{}'::jsonb",
        "parts::rows_that_changed_are_taken_over_with_what_was_there_before",
    ),
    (
        "batches cut by rows alone",
        "and (select coalesce(avg(q.size), 0)=>or (select coalesce(avg(q.size), 0)",
        "sizes::wide_rows_are_cut_into_batches_by_their_bytes",
    ),
];

/// Whether the test passes in a process of its own, and its first word where it does not.
fn passes(test: &str, bug: Option<&str>) -> Result<(), String> {
    let mut inner = Command::new(std::env::current_exe().unwrap());
    inner.args(["--exact", &format!("faults::{test}"), "--test-threads", "1"]).env("RUST_BACKTRACE", "0");
    inner.env_remove("PGFOLD_PLANTED").envs(bug.map(|b| ("PGFOLD_PLANTED", b)));
    let output = inner.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("running 1 test"), "there is no test {test}");
    if output.status.success() {
        return Ok(());
    }
    let said: Vec<&str> = said.lines().skip_while(|l| !l.contains("panicked at")).skip(1).collect();
    let why = said.iter().find(|l| l.starts_with("error:")).copied().unwrap_or_default();
    Err(format!("{} {why}", said.first().unwrap_or(&"")).chars().take(200).collect())
}

#[test]
fn every_bug_planted_in_a_guarantee_is_caught() {
    let only = std::env::var("PGFOLD_BUG").unwrap_or_default();
    let bugs: Vec<_> = BUGS.iter().filter(|b| b.0.contains(&only)).collect();
    for test in bugs.iter().map(|b| b.2).collect::<BTreeSet<_>>() {
        assert_eq!(passes(test, None), Ok(()), "{test} fails without a bug");
    }
    let mut missed = Vec::new();
    for (what, bug, test) in &bugs {
        match passes(test, Some(bug)) {
            Err(first) => say(&format!("{what}: caught by {test}: {first}")),
            Ok(()) => missed.push(*what),
        }
    }
    say(&format!("{} of {} planted bugs are caught", bugs.len() - missed.len(), bugs.len()));
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
