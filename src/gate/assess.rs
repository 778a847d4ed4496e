//! MIG-1: what is there, what depends on it, what it will take, and which way to run it.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Criterion, Document, Estimate, Manner, Section};
use crate::catalog::{ColumnProfile, Dependent, Table};
use crate::finding::{Finding, Severity};
use crate::manifest::Manifest;
use crate::plan::{Action, Plan, Reverse, StatementEffect};
use crate::text::{self, count, thousands};

/// Tables with everything that was found out about them.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// The role that each plays (`target`, `source`, `mapping`), the table, its rows as counted.
    pub tables: Vec<(&'static str, Table, u64)>,
    pub dependents: Vec<Dependent>,
    pub profiles: Vec<ColumnProfile>,
}

/// What it was found from.
pub struct Assessed<'a> {
    pub manifest: &'a Manifest,
    pub plan: &'a Plan,
    pub inventory: &'a Inventory,
    pub findings: &'a [Finding],
    /// Per source: read, would arrive, would be rejected.
    pub foreseen: &'a [(String, u64, u64, u64)],
    pub effects: &'a [StatementEffect],
    pub estimate: &'a Estimate,
    /// Who holds a lock on one of the tables for longer than a step would wait.
    pub held: &'a [String],
}

impl Assessed<'_> {
    /// Dependents that do not work today, whoever broke them.
    fn in_trouble(&self) -> Vec<&Dependent> {
        self.inventory.dependents.iter().filter(|d| d.trouble.is_some()).collect()
    }

    fn disk(&self, severity: Severity) -> Option<&Finding> {
        self.findings.iter().find(|f| f.rule == "disk-space" && f.severity == severity)
    }
}

/// Complexity and risk, each with what it comes from.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rated {
    /// `minimal`, `basic`, `moderate`, `complex`.
    pub complexity: String,
    /// `low`, `moderate`, `high`.
    pub risk: String,
    /// What is heavy, the heaviest first: points and why.
    pub factors: Vec<(u32, String)>,
    pub recommended: Manner,
    pub because: String,
}

pub fn rated(a: &Assessed) -> Rated {
    let moves = a.plan.steps.iter().filter(|s| matches!(s.action, Action::Move(_))).count() as u32;
    let enhances = a.plan.steps.iter().filter(|s| matches!(s.action, Action::Enhance { .. })).count() as u32;
    let rows: u64 = a.foreseen.iter().map(|(_, read, ..)| read).sum();
    let mappings = a.manifest.mappings.len() as u32;
    let size = (rows as f64 + 1.0).log10().round() as u32;
    let score = 2 * moves + enhances + 3 * mappings + size + a.inventory.dependents.len() as u32 / 4;
    let complexity = match score {
        0..=6 => "minimal",
        7..=12 => "basic",
        13..=24 => "moderate",
        _ => "complex",
    };
    let mut factors: Vec<(u32, String)> = Vec::new();
    let mut add = |points: u32, why: String| factors.extend((points > 0).then_some((points, why)));
    let rejected: u64 = a.foreseen.iter().map(|(.., rejected)| rejected).sum();
    add(if rejected > 0 { 5 } else { 0 }, format!("{} would be rejected", count(rejected, "row")));
    let losing = a.effects.iter().filter(|e| e.destroys).count() as u64;
    add(2 * losing as u32, format!("{} may destroy something", count(losing, "statement")));
    let rewrites = a.effects.iter().filter(|e| e.rewrites).count() as u64;
    add(2 * rewrites as u32, format!("{} rewrite a table under an exclusive lock", count(rewrites, "statement")));
    let impossible = a.plan.steps.iter().filter(|s| matches!(s.reverse, Reverse::Impossible { .. })).count() as u64;
    add(6 * impossible as u32, format!("{} cannot be taken back", count(impossible, "step")));
    let by_text = a.inventory.dependents.iter().filter(|d| d.kind == "function" && d.by_text).count() as u64;
    add(
        by_text.min(3) as u32,
        format!("{} name a legacy table in their text and go on to use it", count(by_text, "function")),
    );
    let twice: u64 = a.inventory.profiles.iter().map(|p| p.double_encoded).sum();
    add(u32::from(twice > 0), format!("{} hold JSON that was encoded twice", count(twice, "value")));
    let trouble: Vec<&str> = a.in_trouble().iter().map(|d| d.name.as_str()).collect();
    add(2 * trouble.len() as u32, format!("does not work today, before anything is done: {}", trouble.join(", ")));
    for held in a.held {
        add(3, format!("a lock that a step would wait for: {held}"));
    }
    if let Some(f) = a.disk(Severity::NotEvaluated) {
        add(1, format!("nobody knows whether the disk has room: {}", f.found));
    }
    for (table, column, _) in &a.plan.undo.referenced_by {
        let by = format!("{}.{}", table.plain(), column.raw());
        add(1, format!("{by} may come to refer to folded rows; a rollback that deletes them is refused then"));
    }
    let unknown = a.plan.unpredictable.len() as u64;
    for thing in a.plan.unpredictable.iter().take(3) {
        add(1, format!("no dry run can foretell it: {thing}"));
    }
    add(
        u32::from(unknown > 3),
        format!("{} more that no dry run can foretell (Breaking changes)", unknown.saturating_sub(3)),
    );
    let warnings = a.findings.iter().filter(|f| f.severity == Severity::Warning);
    for f in warnings {
        add(1, format!("{}: {} [{}]", f.about, f.found, f.rule));
    }
    for f in a.findings.iter().filter(|f| f.refuses()) {
        add(5, format!("refused: {}: {} [{}]", f.about, f.found, f.rule));
    }
    add(u32::from(a.estimate.runs == 0), "nobody ran it before: the time is a guess".to_owned());
    add(if rows > 1_000_000 { 2 } else { 0 }, format!("{} legacy rows", thousands(rows)));
    factors.sort_by_key(|(points, _)| std::cmp::Reverse(*points));
    let weight: u32 = factors.iter().map(|(points, _)| points).sum();
    let risk = match weight {
        0..=3 => "low",
        4..=8 => "moderate",
        _ => "high",
    };
    let rights = a.findings.iter().any(|f| f.rule == "missing-right" && f.refuses());
    let (recommended, because) = match (rights, risk, complexity) {
        (true, ..) => (Manner::Manual, "the connected role may not do all of it; the SQL goes to somebody who may"),
        (_, "low", "minimal" | "basic") => (Manner::Automated, "little can go wrong, and each step is verified"),
        (_, "high", _) | (_, _, "complex") => (Manner::Guided, "a person should see the evidence of each step"),
        _ => (Manner::Automated, "it stops by itself at whatever is not as expected"),
    };
    Rated { complexity: complexity.into(), risk: risk.into(), factors, recommended, because: because.to_owned() }
}

pub fn assess(a: &Assessed) -> Document {
    let rated = rated(a);
    let refused = a.findings.iter().filter(|f| f.refuses()).count();
    let rejected: u64 = a.foreseen.iter().map(|(.., rejected)| rejected).sum();
    let empty = a.foreseen.iter().all(|(_, read, ..)| *read == 0);
    let rows: u64 = a.foreseen.iter().map(|(_, read, ..)| read).sum();
    let enhances = a.plan.steps.iter().filter(|s| matches!(s.action, Action::Enhance { .. })).count() as u64;
    let full = a.disk(Severity::Refusal);
    let trouble = a.in_trouble();
    let of_dependents = count(a.inventory.dependents.len() as u64, "dependent");
    let dependents_found = match trouble.as_slice() {
        [] => of_dependents,
        some => some.iter().map(|d| said(d)).collect::<Vec<_>>().join("; "),
    };
    let criteria = vec![
        Criterion::new("manifest and catalog agree, rights are there", refused == 0, count(refused as u64, "refusal")),
        Criterion::new(
            "no more rows would be rejected than the manifest allows",
            rejected <= a.plan.max_rejects,
            format!("{} of {} allowed", thousands(rejected), thousands(a.plan.max_rejects)),
        ),
        Criterion::new("each dependent of a legacy table works today", trouble.is_empty(), dependents_found),
        Criterion::new(
            "there is something to do",
            !empty || enhances > 0,
            format!("{} to read, {}", count(rows, "legacy row"), count(enhances, "enhancement")),
        ),
        Criterion::new(
            "no disk is known to be too small",
            full.is_none(),
            full.or(a.disk(Severity::NotEvaluated)).map_or("there is room".to_owned(), |f| f.found.clone()),
        ),
    ];
    let estimate = text::duration(std::time::Duration::from_secs_f64(a.estimate.ms.max(0.0) / 1000.0));
    let facts = json!({ "rated": rated, "estimate": a.estimate, "dependents": a.inventory.dependents,
        "columns": a.inventory.profiles, "foreseen": a.foreseen.iter().map(|(source, read, arrive, reject)|
            json!({ "source": source, "read": read, "arrive": arrive, "rejected": reject })).collect::<Vec<_>>(),
        "tables": a.inventory.tables.iter().map(|(role, t, rows)| json!({ "role": role, "table": t.name.plain(),
            "rows": rows, "bytes": t.bytes, "columns": t.columns.len() })).collect::<Vec<_>>() });
    Document {
        id: "MIG-1".into(),
        title: "Assessment".into(),
        summary: vec![
            format!("complexity {}, risk {}; about {estimate} ({})", rated.complexity, rated.risk, a.estimate.basis),
            format!("recommended: `pgfold apply --{}`: {}", rated.recommended.word(), rated.because),
        ],
        criteria,
        sections: vec![
            inventory(a.inventory),
            dependents(a.inventory),
            breaking(a),
            profiles(a),
            risks(&rated),
            findings(a.findings),
        ],
        facts,
        ..Document::default()
    }
}

/// A dependent that does not work, with the server's words.
fn said(d: &Dependent) -> String {
    format!("{} {}: {}", d.kind, d.name, d.trouble.as_deref().unwrap_or_default())
}

fn inventory(i: &Inventory) -> Section {
    let row = |(role, t, rows): &(&'static str, Table, u64)| {
        let keys: Vec<String> = t.indexes.iter().filter(|i| i.unique).map(|i| i.parts.join(", ")).collect();
        let bytes = text::bytes(t.bytes.max(0) as u64);
        vec![(*role).to_owned(), t.name.plain(), thousands(*rows), bytes, t.columns.len().to_string(), keys.join("; ")]
    };
    Section::table(
        "Inventory",
        &["role", "table", "rows", "size", "columns", "unique keys"],
        i.tables.iter().map(row).collect(),
    )
}

fn dependents(i: &Inventory) -> Section {
    let row = |d: &Dependent| {
        let how = if d.by_text { "by the text of its body" } else { "by the catalog" };
        let today = d.trouble.clone().unwrap_or_else(|| "works".to_owned());
        vec![d.table.clone(), d.kind.clone(), d.name.clone(), how.to_owned(), today]
    };
    let mut s = Section::table(
        "Dependents of the legacy tables",
        &["table", "kind", "name", "found", "today"],
        i.dependents.iter().map(row).collect(),
    );
    s.lines = vec![if i.dependents.is_empty() {
        "none".to_owned()
    } else {
        "Legacy tables are never touched, so each of them goes on to work; MIG-5 tests them again.".to_owned()
    }];
    s
}

fn breaking(a: &Assessed) -> Section {
    let hard =
        a.effects.iter().filter(|e| e.rewrites || e.destroys || e.lock.as_deref() == Some("AccessExclusiveLock"));
    let row = |e: &StatementEffect| {
        let mut does = Vec::new();
        does.extend(e.rewrites.then_some("rewrites the table"));
        does.extend(e.destroys.then_some("may destroy something"));
        let lock = e.lock.clone().unwrap_or_default();
        vec![e.file.clone(), e.statement.clone(), lock, if does.is_empty() { "short".into() } else { does.join(", ") }]
    };
    let mut s =
        Section::table("Breaking changes", &["enhancement", "statement", "lock", "effect"], hard.map(row).collect());
    let replaced: Vec<String> =
        a.manifest.enhancements.iter().flat_map(|e| &e.replaces).map(|d| format!("{d:?}")).collect();
    s.lines = vec![format!(
        "an insert as the application writes it today goes on to work; {} replaced",
        count(replaced.len() as u64, "object")
    )];
    s.lines.extend(a.plan.unpredictable.iter().map(|u| format!("not foretold: {u}")));
    s
}

fn profiles(a: &Assessed) -> Section {
    let row = |p: &ColumnProfile| {
        let share = |n: u64| if n == 0 { "·".to_owned() } else { thousands(n) };
        vec![
            format!("{}.{}", p.table, p.column),
            p.type_name.clone(),
            thousands(p.rows),
            share(p.nulls),
            thousands(p.distinct),
            p.pattern.clone().unwrap_or_default(),
            share(p.default_like),
            share(p.double_encoded),
            p.longest.map(thousands).unwrap_or_default(),
        ]
    };
    let columns =
        ["column", "type", "rows", "null", "distinct", "mostly", "default-looking", "JSON encoded twice", "longest"];
    let mut s = Section::table("Data compatibility", &columns, a.inventory.profiles.iter().map(row).collect());
    s.lines = a
        .foreseen
        .iter()
        .map(|(source, read, arrive, reject)| {
            format!(
                "{source}: {} read, {} would arrive, {} rejected",
                thousands(*read),
                thousands(*arrive),
                thousands(*reject)
            )
        })
        .collect();
    s
}

fn risks(rated: &Rated) -> Section {
    let rows = rated.factors.iter().map(|(points, why)| vec![points.to_string(), why.clone()]).collect();
    Section::table("Risk factors", &["weight", "factor"], rows)
}

fn findings(all: &[Finding]) -> Section {
    let worth = all.iter().filter(|f| f.severity != Severity::Ok);
    let word = |s: Severity| match s {
        Severity::Ok => "ok",
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Refusal => "refused",
        Severity::NotEvaluated => "not evaluated",
    };
    let rows = worth
        .map(|f| vec![word(f.severity).into(), f.rule.into(), f.about.clone(), f.found.clone(), f.todo.clone()])
        .collect();
    Section::table("Findings", &["", "rule", "about", "found", "to do"], rows)
}
