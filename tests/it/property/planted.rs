//! Bugs planted in the classifier: the comparison must find each of them.
//!
//! `cargo test --features planted --test it property::planted -- --nocapture` (PGFOLD_BUG=rank takes those with the word)

use std::sync::Mutex;

use super::generate::case;
use super::{setting, tried};

/// What is right and, behind the arrow, what is planted instead; before them the seed that showed it last, tried first.
const BUGS: &[(u64, &str)] = &[
    (2, "q.${c} is null=>false"),
    (4, "rtrim(q.${c}::text, ' ')) > ${n}=>rtrim(q.${c}::text, ' ')) > ${n} + 1"),
    (20, ">= 10::numeric ^ ${d}=>> 10::numeric ^ ${d}"),
    (1, "not (${e})=>(${e})"),
    (1, "${given} and not exists (select from=>not exists (select from"),
    (54, "and (${inside}) then ${entry}=>then ${entry}"),
    (48, "case when not (${nulls})=>case when true"),
    (11, "c.entry is distinct from null and c.ok=>c.entry is distinct from null"),
    (8, "order by c.ok desc, c.standing desc=>order by c.standing desc"),
    (2, "coalesce(${filter}, false)=>coalesce(${filter}, true)"),
    (9, "= 'unique' or j.pgfold_taken is not null=>= 'unique'"),
    (12, "coalesce(${k}, ${e})=>${k}"),
    (8, "when j.pgfold_held is not null then 'duplicate'=>when false then 'duplicate'"),
    (2, "(${from})::text not in=>lower((${from})::text) not in"),
    (21, "then i.pgfold_merged_faults=>then '{}'"),
    (71, "row_number() over (order by ${winner}) as rank=>row_number() over (order by q.pgfold_id desc) as rank"),
    (21, "coalesce(pgfold_t.${c}, c.${c})=>coalesce(c.${c}, pgfold_t.${c})"),
    (179, "length(q.${c}) <> ${n}=>length(q.${c}) < ${n}"),
    (8, "where char_length(rtrim(pgfold_x::text, ' ')) > ${n})=>where false)"),
    (
        8,
        "case when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected' else 'inserted' end=>'inserted'",
    ),
    (17, "v.winner_target = t.pgfold_tid or not v.key_held)=>v.winner_target = t.pgfold_tid)"),
    (16, "i.pgfold_held is null or i.pgfold_winner_here or=>i.pgfold_held is null or"),
    (2, "when r.joined then 'ambiguous_key'=>when false then 'ambiguous_key'"),
    (57, "a.joins and count(*) over (partition by a.key, a.source) > 1=>a.joins"),
    (73, "partition by c.entry order by c.place, c.rank=>partition by c.entry order by c.rank, c.place"),
    (172, "case when not (${nulls})=>case when not (${nulls} or ${entry} is null)"),
    (172, "s.pgfold_u${n} is distinct from null=>s.pgfold_u${n} is not null"),
    (59, "q.pgfold_w${i}${direction}${nulls}=>q.pgfold_w${i}${direction}"),
    (40, "(${v})::${t} as ${c}=>null::${t} as ${c}"),
    (6, "${arms} else ${default} end=>${arms} else null end"),
    (12, "and not t.pgfold_live) is true as pgfold_revived=>and t.pgfold_live) is true as pgfold_revived"),
    (12, "is distinct from t.pgfold_tid=>is not null"),
    (9, "select from ${target} pgfold_t where ${same}=>select from ${target} pgfold_t where false and ${same}"),
    (12, "x.id is distinct from g.target_id)=>true)"),
    (124, "3 as weight=>0 as weight"),
    (20, "round(pgfold_x, ${s})) >= 10=>round(pgfold_x, ${s})) > 10"),
    (44, "then q.${r}::${t} end as ${c}=>then q.${r} end as ${c}"),
];

#[test]
fn every_planted_bug_is_found() {
    let only = std::env::var("PGFOLD_BUG").unwrap_or_default();
    let bugs = Mutex::new(BUGS.iter().filter(|b| b.1.contains(&only)));
    let missed = Mutex::new(Vec::new());
    let cases = setting("PGFOLD_PROPERTY_CASES").unwrap_or(256);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                loop {
                    let Some((last, bug)) = bugs.lock().unwrap().next() else { break };
                    let found = std::iter::once(*last)
                        .chain(1..=cases)
                        .find_map(|seed| Some((seed, tried(&case(seed), Some(bug)).err()?)));
                    match found {
                        // by what, so that a bug which only breaks the statement is not taken for one that was seen
                        Some((seed, why)) => {
                            let why: String = why.lines().next().unwrap_or_default().chars().take(240).collect();
                            println!("{bug}: found by seed {seed}\n    {why}");
                        }
                        None => {
                            println!("{bug}: not found");
                            missed.lock().unwrap().push(*bug);
                        }
                    }
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[test]
fn every_planted_bug_stands_in_the_source() {
    let mut source = String::new();
    let folders = ["batch", "conflicts", "preview", "online"].map(|folder| format!("sql/rows/{folder}"));
    for folder in folders.iter().map(String::as_str).chain(["src/planner/rows"]) {
        for entry in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            source += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    for (_, bug) in BUGS {
        let right = bug.split_once("=>").unwrap().0;
        assert!(source.contains(right), "`{right}` is not in the classifier any more");
    }
}
