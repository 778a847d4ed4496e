//! After the run: each planted trouble is noticed, told once, and part of what completion asks.

use std::time::Duration;

use super::Place;

fn look(place: &Place, code: i32) -> serde_json::Value {
    let mut done = place.run(&["status", "--health", "--format", "json"]);
    for _ in 0..5 {
        // on a busy machine a query of a millisecond takes ten
        if code == 0 && done.code == 5 && done.stdout.contains(" ms before, now ") {
            done = place.run(&["status", "--health", "--format", "json"]);
        }
    }
    serde_json::from_str(&done.expect(code).stdout).unwrap()
}

fn troubles(seen: &serde_json::Value, kind: &str) -> Vec<String> {
    let all = seen["troubles"].as_array().unwrap().iter();
    all.filter(|t| t["kind"] == kind).map(|t| t["what"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn an_untouched_database_is_healthy() {
    let seen = look(&Place::applied(), 0);
    assert_eq!(seen["healthy"], true, "{seen}");
    assert_eq!(seen["checkpoints"].as_array().unwrap().len(), 3);
}

#[test]
fn a_slowed_query_is_noticed() {
    let place = Place::applied();
    place.database.psql(
        "do $$ begin execute 'create or replace view agent_registry_view as select v.* from ('
           || rtrim(pg_get_viewdef('agent_registry_view'), ';') || ') v cross join (select pg_sleep(0.05)) s'; end $$",
    );
    let slow = troubles(&look(&place, 5), "application query");
    assert!(slow.iter().any(|t| t.contains("took") && t.contains("before, now")), "{slow:?}");
}

#[test]
fn a_dropped_index_is_noticed() {
    let place = Place::applied();
    place.database.psql("drop index agents_live_category_idx");
    assert_eq!(troubles(&look(&place, 5), "dropped index"), ["index agents_live_category_idx is gone"]);
}

#[test]
fn schema_drift_is_noticed_and_other_tables_are_none_of_ours() {
    let place = Place::applied();
    place.database.psql("create table elsewhere (id int primary key); create index elsewhere_idx on elsewhere (id)");
    assert_eq!(look(&place, 0)["troubles"].as_array().unwrap().len(), 0);
    place
        .database
        .psql("alter table agents add column sneaked_in text; alter table agents alter column is_public drop not null");
    let drift = troubles(&look(&place, 5), "schema drift");
    assert_eq!(drift, ["column is_public of agents was changed", "column sneaked_in of agents is new"]);
}

#[test]
fn late_legacy_writes_are_noticed_whether_new_or_changed() {
    let place = Place::applied();
    place.database.psql(
        "insert into dh_agent select (jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'code', 'LATE', 'name', 'Late', 'unique_id', 'LATE'))).*
           from dh_agent d limit 1",
    );
    let late = troubles(&look(&place, 5), "late legacy writes");
    assert!(late.iter().any(|t| t.contains("came since the run") && t.contains("1 rows")), "{late:?}");
    let place = Place::applied();
    place.database.psql("update dh_agent set name = name || ' II' where id = (select id from dh_agent limit 1)");
    let late = troubles(&look(&place, 5), "late legacy writes");
    assert_eq!(late.len(), 1, "{late:?}");
}

#[test]
fn the_same_trouble_is_told_once_and_tolerated_when_asked() {
    let place = Place::applied();
    place.database.psql("drop index agents_live_category_idx");
    let dead = "http://127.0.0.1:9/hook";
    for told in ["1", "1"] {
        place.run(&["status", "--health", "--notify", dead]).expect(5);
        assert_eq!(place.value("select count(*) from pgfold.message where type = 'dev.pgfold.health.alarm'"), told);
    }
    place.run(&["status", "--health", "--tolerate", "1"]).expect(0);
}

#[test]
fn metrics_are_prometheus_text_with_the_ledgers_figures() {
    let place = Place::applied();
    let file = place.folder.path().join("pgfold.prom");
    place.run(&["status", "--health", "--metrics", file.to_str().unwrap()]).expect(0);
    let text = std::fs::read_to_string(&file).unwrap();
    let read = place.value("select sum(read) from pgfold.batch");
    assert!(text.contains(&format!("pgfold_run_rows{{consolidation=\"agents\",outcome=\"read\"}} {read}\n")), "{text}");
    for line in text.lines() {
        let well_formed = line.starts_with("# HELP pgfold_")
            || line.starts_with("# TYPE pgfold_")
            || (line.starts_with("pgfold_") && line.rsplit_once("} ").is_some_and(|(_, n)| n.parse::<f64>().is_ok()));
        assert!(well_formed, "{line}");
    }
    assert!(text.contains("pgfold_healthy{consolidation=\"agents\"} 1"), "{text}");
}

#[test]
fn complete_is_only_what_meets_every_criterion() {
    let place = Place::applied();
    let said = place.run(&["status", "--complete"]).expect(5).stdout;
    assert!(said.contains("NO  a healthy look 7 days after the run"), "{said}");
    // a week later, with the reviews done and each look made
    place
        .database
        .psql("delete from pgfold.review; update pgfold.run set finished_at = finished_at - interval '8 days'");
    place.run(&["status", "--complete"]).expect(5);
    look(&place, 0);
    let said = place.run(&["status", "--complete"]).expect(0).stdout;
    assert!(said.contains("complete"), "{said}");
    place.database.psql("update pgfold.run set validated = false");
    place.run(&["status", "--complete"]).expect(5);
}

#[test]
fn watching_ends_when_the_run_has_ended() {
    let place = Place::applied();
    place.database.psql("update pgfold.run set state = 'executing'");
    let watching = place.call(&["status", "--watch"]).start();
    std::thread::sleep(Duration::from_millis(1500));
    place.database.psql("update pgfold.run set state = 'completed'");
    let seen = watching.wait().expect(0).stdout;
    assert!(seen.contains("executing") && seen.contains("completed"), "{seen}");
}
