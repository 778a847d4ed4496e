//! Bugs planted in the classifier: the comparison must find each of them.
//!
//! `cargo test --features planted --test it property::planted -- --nocapture` (PGFOLD_BUG=rank takes those with the word)

use super::generate::case;
use super::tried;

/// What is right and, behind the arrow, what is planted instead.
const BUGS: &[&str] = &[
    "q.${c} is null=>false",
    "rtrim(q.${c}::text, ' ')) > ${n}=>rtrim(q.${c}::text, ' ')) > ${n} + 1",
    ">= 10::numeric ^ ${d}=>> 10::numeric ^ ${d}",
    "not (${e})=>(${e})",
    "${given} and not exists (select from=>not exists (select from",
    "and (${inside}) then ${entry}=>then ${entry}",
    "case when not (${nulls})=>case when true",
    "c.entry is not null and c.ok=>c.entry is not null",
    "order by c.ok desc, c.standing desc=>order by c.standing desc",
    "coalesce(${filter}, false)=>coalesce(${filter}, true)",
    "= 'unique' or j.pgfold_taken is not null=>= 'unique'",
    "coalesce(${k}, ${e})=>${k}",
    "when j.pgfold_held is not null then 'duplicate'=>when false then 'duplicate'",
    "(${from})::text not in=>lower((${from})::text) not in",
    "then i.pgfold_merged_faults=>then '{}'",
    "row_number() over (order by ${winner}) as rank=>row_number() over (order by q.pgfold_id desc) as rank",
    "coalesce(pgfold_t.${c}, c.${c})=>coalesce(c.${c}, pgfold_t.${c})",
    "length(q.${c}) <> ${n}=>length(q.${c}) < ${n}",
    "where char_length(rtrim(pgfold_x::text, ' ')) > ${n})=>where false)",
    "case when j.pgfold_verdict = 'unique' or j.pgfold_taken is not null then 'rejected' else 'inserted' end=>'inserted'",
];

#[test]
fn every_planted_bug_is_found() {
    let only = std::env::var("PGFOLD_BUG").unwrap_or_default();
    let mut missed = Vec::new();
    for bug in BUGS.iter().filter(|b| b.contains(&only)) {
        match (1..=256).find(|seed| tried(&case(*seed), Some(bug)).is_err()) {
            Some(seed) => println!("{bug}: found by seed {seed}"),
            None => {
                println!("{bug}: not found");
                missed.push(*bug);
            }
        }
    }
    assert!(missed.is_empty(), "not found: {missed:#?}");
}

#[test]
fn every_planted_bug_stands_in_the_source() {
    let mut source = String::new();
    for folder in ["sql/fold", "src/plan"] {
        for entry in std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            source += &std::fs::read_to_string(entry.unwrap().path()).unwrap();
        }
    }
    for bug in BUGS {
        let right = bug.split_once("=>").unwrap().0;
        assert!(source.contains(right), "`{right}` is not in the classifier any more");
    }
}
