//! The history over many runs: it names the real bottleneck and the most frequent failure.

use super::Place;

/// 200 runs in which lock waits take most of the time, though the moving of rows looks longest at first sight;
/// the last 20 of them were told to run at night.
const RUNS: &str = "
  insert into pgfold.run (consolidation, verb, state, requested_at, finished_at, tool_version, plan, plan_digest, error, validated)
  select 'agents', 'migrate',
         case when i % 8 = 0 then 'failed' when i % 17 = 0 then 'stopped' else 'completed' end,
         now() - interval '1 day' * (201 - i), now() - interval '1 day' * (201 - i) + interval '1 second' * (50 + i % 7),
         '0.1.0', '{}', 'x',
         case when i % 8 = 0 then 'the server refused batch ' || i || ' of run ' || i || ': canceling statement due to lock timeout (55P03)'
              when i % 17 = 0 then 'run ' || i || ' stopped half-way: connection lost' end,
         case when i % 8 = 0 or i % 17 = 0 then null else i % 31 <> 0 end
    from generate_series(2, 201) i;
  insert into pgfold.step (run, step, kind, intent, state, started_at, finished_at, rows)
  select r.run, s.step, s.kind, s.kind, 'done', r.requested_at, r.requested_at + interval '1 millisecond' * s.ms, 1000
    from pgfold.run r, (values (1, 'enhance', 2000), (2, 'move', 30000), (3, 'map', 9000), (4, 'analyze', 900)) s(step, kind, ms)
   where r.run > 1;
  insert into pgfold.batch (run, step, source, batch, read, inserted, merged, duplicate, duplicate_in_source, filtered, rejected, unchanged, pending, committed_at)
  select run, 2, 's', 1, 1000, 1000, 0, 0, 0, 0, 0, 0, 0, now() from pgfold.run where run > 1;
  insert into pgfold.timing (run, part, ms)
  select r.run, t.part, case when t.part = 'lock waits' and r.run > 181 then 1000 else t.ms end
    from pgfold.run r, (values ('lock waits', 19000), ('wal', 4000), ('shaping', 3000)) t(part, ms) where r.run > 1;
";

#[test]
fn two_hundred_runs_name_the_real_bottleneck_and_the_most_frequent_failure() {
    let place = Place::applied();
    place.database.psql(RUNS);
    let told = place.run(&["history", "--format", "json"]).expect(0).stdout;
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["runs"], 201);
    assert_eq!(told["advice"]["part"], "lock waits");
    let parts: Vec<&str> = told["parts"].as_array().unwrap().iter().map(|p| p["part"].as_str().unwrap()).collect();
    assert_eq!(parts[0], "lock waits");
    let failure = &told["failures"][0];
    assert!(failure["reason"].as_str().unwrap().contains("lock timeout (55P03)"), "{failure}");
    assert_eq!(failure["runs"].to_string(), place.value("select count(*) from pgfold.run where error ~ '55P03'"));
    let succeeded = place.value(
        "select round(100.0 * count(*) filter (where error is null and validated is distinct from false) / count(*), 6) from pgfold.run",
    );
    let rate: f64 = succeeded.parse().unwrap();
    assert!((told["success_rate"].as_f64().unwrap() - rate).abs() < 0.001, "{rate}");
    assert_eq!(told["last_advice"]["part"], "lock waits");
    assert_eq!(told["last_advice"]["helped"], true);
    let words = place.run(&["history"]).expect(0).stdout;
    for said in
        ["next: lock waits takes most of the time", "most frequent failure", "it helped", "a check did not pass"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
    // the same runs without the waits have another bottleneck
    place.database.psql("delete from pgfold.timing where part = 'lock waits'");
    let words = place.run(&["history"]).expect(0).stdout;
    assert!(words.contains("next: writing rows"), "{words}");
}
