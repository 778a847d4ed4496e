//! The audit chain: each way to tamper with it is found.

use super::Place;

/// As somebody who owns the ledger would tamper, with the guards off for a moment.
fn tampered(place: &Place, change: &str) {
    place.database.psql(&format!(
        "alter table pgfold.audit disable trigger user; {change}; alter table pgfold.audit enable trigger user"
    ));
}

fn verify(place: &Place, code: i32) -> String {
    let head = place.folder.path().join("runs/1/audit-head.txt");
    let done = place.run(&["status", "--verify-audit", "--head", head.to_str().unwrap()]).expect(code);
    format!("{}{}", done.stdout, done.stderr)
}

#[test]
fn an_untouched_chain_is_proven_up_to_its_head() {
    let place = Place::applied();
    let said = verify(&place, 0);
    assert!(said.contains("tail: proven"), "{said}");
    // rows that came since the head are told apart
    place.database.psql("update pgfold.run set state = 'failed'; update pgfold.run set state = 'completed'");
    let said = verify(&place, 0);
    assert!(said.contains("2 rows came after the head: NOT PROVEN"), "{said}");
    // and each is named, for whoever knows what happened since
    assert!(
        said.contains("after the head: run failed (run 1)") && said.contains("after the head: run completed (run 1)"),
        "{said}"
    );
    assert!(said.contains("only if all of that happened since") && said.contains("head now: "), "{said}");
}

#[test]
fn rows_after_the_head_are_later_events_of_pgfold_or_the_chain_is_broken() {
    let place = Place::applied();
    // through the front door, under a hand's own name, but with no event that pgfold knows
    place.database.psql(
        "insert into pgfold.audit (consolidation, seq, at, who, client, event, detail, previous, digest)
         select consolidation, 1, now(), 'x', 'x', 'forged', '{}', '', '' from pgfold.audit limit 1",
    );
    let said = verify(&place, 5);
    assert!(said.contains("holds no event that pgfold writes"), "{said}");
    let place = Place::applied();
    // with the guards off and a digest that fits, but dated back to before the head
    tampered(
        &place,
        "do $$ declare r pgfold.audit; begin
           select * into r from pgfold.audit order by seq desc limit 1;
           r.previous := r.digest; r.seq := r.seq + 1; r.at := r.at - interval '1 day'; r.digest := pgfold.audit_digest(r);
           insert into pgfold.audit select (r).*; end $$",
    );
    let said = verify(&place, 5);
    assert!(said.contains("claims to be older"), "{said}");
}

#[test]
fn after_a_rollback_under_psql_the_old_head_still_vouches_and_status_says_what_came_since() {
    let place = Place::applied();
    let script = std::fs::read_to_string(place.folder.path().join("runs/1/rollback.sql")).unwrap();
    place.database.psql(&script);
    let said = verify(&place, 0);
    assert!(said.contains("after the head: run rolled back (run 1)"), "{said}");
    let now = said.split("head now: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let done = place.run(&["status", "--verify-audit", "--head", &now]).expect(0);
    assert!(done.stdout.contains("tail: proven, it ends with the head"), "{}", done.stdout);
}

#[test]
fn without_a_head_the_tail_is_not_proven() {
    let place = Place::applied();
    let done = place.run(&["status", "--verify-audit"]).expect(5);
    assert!(done.stdout.contains("NOT PROVEN"), "{}", done.stdout);
}

#[test]
fn the_head_that_a_report_prints_serves_as_well() {
    let place = Place::applied();
    let story = place.run(&["report", "--json"]).expect(0).stdout;
    let story: serde_json::Value = serde_json::from_str(&story).unwrap();
    let head = story["audit"]["head"].as_str().unwrap();
    let done = place.run(&["status", "--verify-audit", "--head", head]).expect(0);
    assert!(done.stdout.contains("tail: proven"), "{}", done.stdout);
    place.run(&["status", "--verify-audit", "--head", "3:nonsense"]).expect(64);
}

#[test]
fn the_chain_refuses_changes_deletion_and_truncation() {
    let place = Place::applied();
    for change in ["update pgfold.audit set who = 'nobody'", "delete from pgfold.audit", "truncate pgfold.audit"] {
        let refused = place.database.try_psql(change).unwrap_err();
        assert!(refused.contains("append-only"), "{refused}");
    }
    // a row put in by hand is appended under the hand's own name
    place.database.psql(
        "insert into pgfold.audit (consolidation, seq, at, who, client, event, detail, previous, digest)
        select consolidation, 1, now(), 'somebody', 'x', 'forged', '{}', '', '' from pgfold.audit limit 1",
    );
    assert_eq!(place.value("select who = session_user and seq > 1 from pgfold.audit where event = 'forged'"), "t");
}

#[test]
fn each_altered_field_of_each_row_is_found() {
    let place = Place::applied();
    let last: u32 = place.value("select max(seq) from pgfold.audit").parse().unwrap();
    let place_of = |seq: u32| format!("where seq = {seq}");
    for (field, value) in [
        ("who", "'nobody'"),
        ("client", "'10.0.0.1'"),
        ("event", "event || ' '"),
        ("detail", "detail || ' '"),
        ("at", "at + interval '1 microsecond'"),
        ("run", "run + 1"),
        ("run", "null"),
        ("digest", "repeat('0', 64)"),
    ] {
        for seq in [1, last / 2, last] {
            let keep =
                place.value(&format!("select quote_nullable({field}::text) from pgfold.audit {}", place_of(seq)));
            tampered(&place, &format!("update pgfold.audit set {field} = {value} {}", place_of(seq)));
            let said = verify(&place, 5);
            assert!(said.contains(&format!("audit row {seq}")), "{field} of row {seq}: {said}");
            tampered(&place, &format!("update pgfold.audit set {field} = {keep} {}", place_of(seq)));
        }
    }
    verify(&place, 0);
}

#[test]
fn a_deleted_row_a_cut_tail_and_a_rewritten_chain_are_found() {
    let place = Place::applied();
    let last = place.value("select max(seq) from pgfold.audit");
    tampered(&place, "create table kept as select * from pgfold.audit; delete from pgfold.audit where seq = 4");
    let said = verify(&place, 5);
    assert!(said.contains("a row before it was deleted"), "{said}");
    tampered(&place, "truncate pgfold.audit; insert into pgfold.audit select * from kept");
    verify(&place, 0);
    // cutting the tail leaves a chain that is whole in itself: only the head knows
    tampered(&place, &format!("delete from pgfold.audit where seq >= {last}"));
    let said = verify(&place, 5);
    assert!(said.contains("its tail was cut off"), "{said}");
    tampered(&place, "truncate pgfold.audit; insert into pgfold.audit select * from kept");
    // everything from row 3 on written anew, digests and all
    tampered(
        &place,
        "do $$ declare r pgfold.audit; before text; begin
           update pgfold.audit set who = 'nobody' where seq = 3;
           select digest into before from pgfold.audit where seq = 2;
           for r in select * from pgfold.audit where seq >= 3 order by seq loop
             r.previous := before; before := pgfold.audit_digest(r);
             update pgfold.audit set previous = r.previous, digest = before where seq = r.seq;
           end loop; end $$",
    );
    let said = verify(&place, 5);
    assert!(said.contains("the chain was rewritten"), "{said}");
}

#[test]
fn a_ledger_that_contradicts_its_chain_is_found() {
    let place = Place::applied();
    for (change, back, said) in [
        (
            "update pgfold.batch set inserted = inserted - 1, filtered = filtered + 1 where inserted > 0",
            "update pgfold.batch set inserted = inserted + 1, filtered = filtered - 1 where filtered > 0",
            "accounting",
        ),
        ("update pgfold.run set plan = plan || '{\"x\": 1}'", "update pgfold.run set plan = plan - 'x'", "stored plan"),
    ] {
        place.database.psql(change);
        let found = verify(&place, 5);
        assert!(found.contains(said), "{found}");
        place.database.psql(back);
        verify(&place, 0);
    }
}
