//! What a run leaves behind, as text: the same after every fault as after an undisturbed run.

/// The target without what a volatile default fills, and what points to it.
pub const TARGET: &str = r#"
set timezone = 'UTC';
select format($q$
    select 'target ' || a.unique_id || ' ' || (to_jsonb(a) - %L::text[])::text from agents a order by a.unique_id collate "C"
$q$, array_agg(attname::text))
  from pg_attribute t left join pg_attrdef d on d.adrelid = t.attrelid and d.adnum = t.attnum
 where t.attrelid = 'agents'::regclass and t.attnum > 0 and not t.attisdropped
   and (t.attgenerated <> '' or t.attidentity <> ''
        or pg_get_expr(d.adbin, d.adrelid) ~* 'random|uuid|nextval|now\(\)|clock_timestamp|current_timestamp')
\gexec
select 'industry ' || a.unique_id || ' ' || m.industry_id || ' ' || m.is_primary
  from agent_industry_mapping m join agents a on a.id = m.agent_id order by 1;
select 'persona ' || a.unique_id || ' ' || m.persona_id
  from agent_persona_mapping m join agents a on a.id = m.agent_id order by 1;
select 'invalid index ' || indexrelid::regclass from pg_index where not indisvalid;
select 'left open: ' || pid || ' ' || state || ' ' || query from pg_stat_activity
 where datname = current_database() and state like 'idle in transaction%';
"#;

/// The ledger of the one run, without numbers and times.
pub const LEDGER: &str = r#"
select 'crosswalk ' || concat_ws(' ', x.source, x.id, x.outcome, x.key, x.reason, x.winner, a.unique_id,
       a.id is not null and x.target_id is not null)
  from pgfold.crosswalk x left join agents a on a.id::text = x.target_id order by 1;
select 'reject ' || concat_ws(' ', source, id, code, object) from pgfold.reject order by 1;
select 'mapped ' || concat_ws(' ', d.mapping, a.unique_id, d.right_id, d.because, d.confidence, d.is_primary, d.is_new)
  from pgfold.mapped d join agents a on a.id::text = d.left_id order by 1;
select 'review ' || concat_ws(' ', mapping, key, reason) from pgfold.review order by 1;
select 'before ' || concat_ws(' ', table_name, id, columns) from pgfold.before_image order by 1;
select 'existing ' || count(*) from pgfold.existing_row;
select 'verdict ' || concat_ws(' ', source, id, verdict, winner) from pgfold.verdict order by 1;
select 'image ' || object from pgfold.object_image order by 1;
select 'sequence ' || sequence || ' ' || before_value from pgfold.sequence_state order by 1;
select 'baseline ' || query || ' ' || rows from pgfold.query_baseline order by 1;
select 'accounting ' || concat_ws(' ', source, sum(read), sum(inserted), sum(merged), sum(duplicate),
       sum(duplicate_in_source), sum(filtered), sum(rejected), sum(unchanged), sum(pending))
  from pgfold.batch group by source order by 1;
select 'open batch ' || batch from pgfold.batch where committed_at is null;
select 'step ' || step || ' ' || intent || ' ' || state from pgfold.step order by step;
select 'run ' || verb || ' ' || state || ' changed ' || changed || ' validated ' || coalesce(validated::text, 'never')
       || ' folder ' || (folder is not null) from pgfold.run order by run;
"#;

/// Rows that were inserted twice, or whose line in the crosswalk is missing, over all runs.
pub const ONCE: &str = r#"
select 'inserted twice: ' || source || ' ' || id from pgfold.crosswalk where outcome = 'inserted' group by source, id having count(*) > 1;
select 'never settled: dh_agent ' || l.id from dh_agent l
 where not exists (select from pgfold.crosswalk x where x.source = 'dh_agent' and x.id = l.id::text and x.outcome <> 'pending');
select 'never settled: ai_agents ' || l.id from ai_agents l
 where not exists (select from pgfold.crosswalk x where x.source = 'ai_agents' and x.id = l.id::text and x.outcome <> 'pending');
"#;

/// The lines that only one of the two has.
pub fn difference(is: &str, should: &str) -> String {
    let only = |a: &str, b: &str, sign: &str| -> Vec<String> {
        let there: std::collections::BTreeSet<&str> = b.lines().collect();
        a.lines()
            .filter(|l| !there.contains(l))
            .map(|l| format!("{sign} {}", l.chars().take(300).collect::<String>()))
            .collect()
    };
    let mut all = only(is, should, "+");
    all.extend(only(should, is, "-"));
    if all.is_empty() && is != should {
        all.push("lines occur more or less often".to_owned());
    }
    all.join("\n")
}
