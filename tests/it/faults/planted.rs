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
        "o.target_id, o.image from taken_over o=>o.target_id, '{}'::jsonb from taken_over o",
        "parts::rows_that_changed_are_taken_over_with_what_was_there_before",
    ),
    (
        "batches cut by rows alone",
        "and (select coalesce(avg(q.size), 0)=>or (select coalesce(avg(q.size), 0)",
        "sizes::wide_rows_are_cut_into_batches_by_their_bytes",
    ),
];

/// The same for what people write beside a run.
const PEOPLE: &[(&str, &str, &str)] = &[
    (
        "losers whose winner went are not looked at again",
        "select $1::bigint, s.source, s.id, 'claim' from pgfold_stale s=>select $1::bigint, s.source, s.id, 'claim' from pgfold_stale s where false",
        "conflicts::an_online_run_brings_the_loser_of_a_winner_that_was_deleted",
    ),
    (
        "a winner with another key is one still",
        "or w.key is distinct from l.key or=>or",
        "conflicts::an_online_run_brings_the_loser_of_a_winner_that_took_another_key",
    ),
    (
        "rows that found their key with a row of the run are not resolved anew",
        "where d.outcome = 'duplicate' and (d.reason_code = 'secondary_key') is not true=>where false and d.outcome = 'duplicate'",
        "conflicts::rows_of_one_batch_that_came_to_share_a_key_arrive_once",
    ),
    (
        "each row of a batch that has a key of another is inserted",
        "row_number() over (partition by w.target_id order by c.pgfold_outcome, c.pgfold_id) > 1=>false",
        "conflicts::rows_of_one_batch_that_came_to_share_a_key_arrive_once",
    ),
    (
        "whoever wins a key that is held fills its row",
        "c.held and not c.merges, c.place=>c.place",
        "conflicts::of_several_rows_that_may_fill_a_row_which_holds_their_key_the_best_one_does",
    ),
    (
        "an id is given back that a row still has",
        "on g.id = ${s}.pgfold_id and (not g.there or=>on g.id = ${s}.pgfold_id and (true or",
        "dead_rows::a_row_with_another_key_than_before_its_rollback_does_not_get_the_id_that_its_dead_row_has",
    ),
    (
        "a dead row is revived without an image",
        "r.target_id, r.image from raised r=>r.target_id, '{}'::jsonb from raised r",
        "dead_rows::a_dead_row_is_revived_with_its_before_image",
    ),
    (
        "rows that the application deleted come back unsaid",
        "'deleted_since ' || j.pgfold_standing_run=>null",
        "dead_rows::rows_that_the_application_deleted_come_back_only_by_name",
    ),
    (
        "the image of a merge is taken before its row is locked",
        "for update of pgfold_t=>for key share of pgfold_t",
        "target::a_merge_takes_its_image_of_the_row_that_it_locked",
    ),
    (
        "changed rows are taken over from whoever edited them",
        "and ${hash_then} = c.pgfold_standing_hash=>and (true or ${hash_then} = c.pgfold_standing_hash)",
        "target::changed_rows_are_not_taken_over_from_somebody_who_is_writing_them",
    ),
    (
        "a catch-up puts an image back over what a user wrote",
        "where c.ours=>where true",
        "target::a_catch_up_leaves_what_a_user_wrote_into_a_merged_row",
    ),
    (
        "a rollback looks before it locks",
        "in share row exclusive mode=>in access share mode",
        "undo::an_edit_that_is_committed_while_a_rollback_waits_is_not_lost",
    ),
    (
        "a rollback does not look for edits",
        "where kept.n <> (select=>where kept.n < 0 and kept.n <> (select",
        "undo::an_edit_that_is_committed_while_a_rollback_waits_is_not_lost",
    ),
    (
        "a rollback does not look for references",
        "where k.contype = 'f' and k.confrelid = ${target_literal}::regclass=>where false and k.confrelid = ${target_literal}::regclass",
        "undo::a_reference_that_is_committed_while_a_rollback_waits_is_not_lost",
    ),
    (
        "a rollback empties whatever key a row has",
        "and hashtextextended(${alias}.${key}::text, 0) <> b.after_hash) e;=>and false and hashtextextended(${alias}.${key}::text, 0) <> b.after_hash) e;",
        "undo::a_key_that_the_application_gave_is_not_emptied_by_a_rollback",
    ),
    (
        "a rollback does not look for edits of pairs",
        "where p.row_hash is not null and ${row_hash} is distinct from p.row_hash) e;=>where false and ${row_hash} is distinct from p.row_hash) e;",
        "undo::mapping_rows_that_somebody_edited_are_not_taken_by_a_rollback",
    ),
    (
        "a rollback does not look for what refers to pairs",
        "where k.contype = 'f' and k.confrelid = ${table}::regclass) then=>where false and k.confrelid = ${table}::regclass) then",
        "undo::rows_that_refer_to_mapping_rows_do_not_go_with_them_unsaid",
    ),
    (
        "the rollback of a decision takes every pair of the row",
        "using (${going}) d where m.${left} = d.left_id::${left_type} and m.${right} = d.right_id::${right_type};=>using (${going}) d where m.${left} = d.left_id::${left_type} or m.${right} = d.right_id::${right_type} and false;",
        "undo::the_rollback_of_a_decision_leaves_pairs_that_came_later",
    ),
    (
        "a decision does not look for what refers to pairs",
        "where k.contype = 'f' and k.confrelid = ${table_literal}::regclass group by=>where false and k.confrelid = ${table_literal}::regclass group by",
        "undo::a_decision_does_not_take_rows_that_refer_to_pairs",
    ),
    (
        "check 1 believes the ledger about a winner's key",
        "l.outcome = 'duplicate_in_source' and l.key is distinct from k.key=>false and l.key is distinct from k.key",
        "conflicts::check_1_compares_the_keys_of_winner_and_loser_as_they_are_now",
    ),
];

/// Whether the test passes in a process of its own, and its first word where it does not.
fn passes(test: &str, bug: Option<&str>) -> Result<(), String> {
    let mut inner = Command::new(std::env::current_exe().unwrap());
    inner.args(["--exact", test, "--test-threads", "1"]).env("RUST_BACKTRACE", "0");
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
    all_are_caught("faults", BUGS);
}

#[test]
fn every_bug_planted_in_what_people_rely_on_is_caught() {
    all_are_caught("people", PEOPLE);
}

fn all_are_caught(room: &str, bugs: &[(&str, &str, &str)]) {
    let only = std::env::var("PGFOLD_BUG").unwrap_or_default();
    let bugs = bugs.iter().filter(|b| b.0.contains(&only));
    let bugs: Vec<(&str, &str, String)> =
        bugs.map(|(what, bug, test)| (*what, *bug, format!("{room}::{test}"))).collect();
    for test in bugs.iter().map(|b| b.2.as_str()).collect::<BTreeSet<_>>() {
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
