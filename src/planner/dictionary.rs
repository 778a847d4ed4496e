//! Old and new columns of a fold as a data dictionary: where each value comes from, and where each column goes.

use crate::catalog::Table;
use crate::manifest::{Source, Value};
use crate::plan::DictionaryEntry;
use crate::planner::input::PlanInput;
use crate::sql::Expr;

/// One line per filled column of each source that is there, then its kept and dropped columns.
pub fn dictionary(given: &PlanInput<'_>) -> Vec<DictionaryEntry> {
    let sources = given.manifest.sources.iter();
    sources.filter_map(|s| given.catalog.table(&s.table).map(|t| (s, t))).flat_map(|(s, t)| of(given, s, t)).collect()
}

fn of(given: &PlanInput<'_>, source: &Source, legacy: &Table) -> Vec<DictionaryEntry> {
    let known = legacy.column_names();
    let key = given.manifest.target.key.raw();
    let entry = |from: &str, uses: Vec<String>, column: Option<&str>, kind: &str, note: String| DictionaryEntry {
        source: source.table.plain(),
        from: from.to_owned(),
        uses,
        column: column.map(str::to_owned),
        kind: kind.to_owned(),
        note,
    };
    let mut out = vec![entry(source.key.raw(), source.key.columns(&known), Some(key), "key", String::new())];
    let mut whole: Vec<String> = Vec::new();
    for rule in source.columns.iter().filter(|r| r.column.raw() != key) {
        let expr: &Expr = rule.value.expr();
        let taken = expr.bare().or_else(|| expr.bare_cast().map(|(c, _)| c));
        let (kind, note) = match &rule.value {
            Value::Expr { lossy: true, .. } => ("expression", "may lose precision, as declared".to_owned()),
            Value::Expr { .. } if taken.is_some() => ("whole", String::new()),
            Value::Expr { .. } => ("expression", String::new()),
            Value::Mapped { map, default, .. } => {
                let pairs: Vec<String> = map.iter().map(|(a, b)| format!("{a} → {b}")).collect();
                let default = default.as_ref().map(|d| format!("; else {d}")).unwrap_or_default();
                ("values", format!("{}{default}", pairs.join(", ")))
            }
        };
        if kind == "whole" {
            whole.extend(taken);
        }
        out.push(entry(expr.raw(), expr.columns(&known), Some(rule.column.raw()), kind, note));
    }
    for (column, why) in &source.ignore {
        out.push(entry(column, vec![column.clone()], None, "dropped", why.clone()));
    }
    if let Some(rest) = &source.unmapped {
        for column in known.iter().filter(|c| !whole.iter().any(|w| w == *c)) {
            if source.ignore.iter().all(|(i, _)| i != column) {
                let note = format!("under `{}` with its name", rest.under);
                out.push(entry(column, vec![(*column).to_owned()], Some(rest.into.raw()), "kept", note));
            }
        }
    }
    out
}
