//! Checks 2 to 6.

use tokio::sync::OnceCell;

use super::{Check, Draft, Failure, Found, Subject};
use crate::catalog::Constraint;
use crate::error::Result;
use crate::explain::check_failure;
use crate::facts::CheckFailure;
use crate::manifest::Value;
use crate::pg::{Arg, Session};
use crate::plan::Written;
use crate::sql::{Ident, Literal, Name, Sql};
use crate::text;

const ALIAS: &str = "pgfold_t";

/// The target's live rows, as a condition over its own columns.
pub(super) fn live(subject: &Subject) -> Sql {
    let soft = subject.consolidation.manifest.target.soft_delete.as_ref();
    soft.map_or(Sql::constant("true"), |s| Sql::fill("coalesce(${l}, false)", &[("l", &s.live)]))
}

/// How many rows of the target live; whoever asks second waits for the first.
async fn total(session: &mut Session, subject: &Subject<'_>, counted: &OnceCell<u64>) -> Result<u64> {
    let sql = Sql::fill(
        "select count(*) from ${t} ${a} where ${live}",
        &[("t", &subject.into.name), ("a", &Ident::of_the_server(ALIAS)), ("live", &live(subject))],
    );
    let n = counted.get_or_try_init(async || session.one("counting live rows", &sql, &[]).await).await?;
    Ok(*n)
}

pub async fn unique_ids(session: &mut Session, subject: &Subject<'_>, counted: &OnceCell<u64>) -> Result<Check> {
    let mut draft = Draft::new(2, "unique ids");
    let target = &subject.consolidation.manifest.target;
    if subject.into.column(target.key.raw()).is_none() {
        return Ok(draft.not_evaluated("the target has no key column yet", "`pgfold enhance`"));
    }
    let sql = Sql::fill(
        include_str!("../../sql/validate/unique_ids.sql"),
        &[("target", &keyed(subject)), ("key", &target.key), ("id", &target.id)],
    );
    let run = subject.runs.first().map_or(0, |r| r.run);
    let found: Vec<Found> = session.rows("check 2", &sql, &[Arg::Int(run)]).await?;
    found.into_iter().for_each(|f| draft.found(f.failure()));
    draft.hint("rows of the target share an identity; `pgfold rollback --execute` takes the run back");
    let n = total(session, subject, counted).await?;
    Ok(draft.examined(n, text::count(n, "live row")))
}

/// The target, or the rows of it that a partial unique index keeps apart by their keys.
fn keyed(subject: &Subject<'_>) -> Sql {
    let key = subject.consolidation.manifest.target.key.raw();
    let pieces: [(&str, &dyn crate::sql::Piece); 1] = [("t", &subject.into.name)];
    match subject.into.key_index(key).and_then(|i| i.predicate.as_ref()) {
        Some(inside) => Sql::fill(
            "(select * from ${t} where ${i})",
            &[&pieces[..], &[("i", &Sql::of_the_server(inside.as_str()))]].concat(),
        ),
        None => Sql::fill("${t}", &pieces),
    }
}

pub async fn required_fields(session: &mut Session, subject: &Subject<'_>, counted: &OnceCell<u64>) -> Result<Check> {
    let mut draft = Draft::new(3, "required fields");
    let target = &subject.consolidation.manifest.target;
    let moved = subject.moved.map(|r| r.run);
    let limited = |v: &Value| matches!(v, Value::Mapped { default: Some(_), default_at_most: Some(_), .. });
    let limits = subject.folds.iter().flat_map(|f| &f.source.columns).any(|rule| limited(&rule.value));
    if target.required.is_empty() && !limits {
        return Ok(draft.not_applicable("the manifest requires no field and limits no default"));
    }
    let mut there = Vec::new();
    // a key that is missing is the business of check 2
    for column in target.required.iter().filter(|c| *c != target.key.raw()) {
        match subject.into.column(column) {
            Some(_) => there.push(column.as_str()),
            None => {
                draft.fail(Failure::single(
                    CheckFailure::NoColumn,
                    column,
                    check_failure(CheckFailure::NoColumn, column),
                ));
            }
        }
    }
    // a fault that was there before the run is nobody's loss now
    let empty = empty(session, subject, &there, moved.unwrap_or(0)).await?;
    empty.into_iter().for_each(|f| draft.found(f.failure()));
    if let Some(run) = moved {
        thresholds(session, subject, run, &mut draft).await?;
    }
    draft.hint("correct the rows, or the `map` and `default` of the column in the manifest");
    let n = total(session, subject, counted).await?;
    Ok(draft.examined(
        n,
        format!("{} of {}", text::count(target.required.len() as u64, "field"), text::count(n, "live row")),
    ))
}

/// The columns that are null or empty, in one pass.
async fn empty(session: &mut Session, subject: &Subject<'_>, columns: &[&str], run: i64) -> Result<Vec<Found>> {
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let alias = Ident::of_the_server(ALIAS);
    let is_empty = |c: &&str| {
        let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("t", &alias), ("c", &Ident::of_the_server(*c))];
        Sql::fill("${t}.${c} is null or btrim(${t}.${c}::text) = ''", &pieces)
    };
    let name = |c: &&str| {
        let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("e", &is_empty(c)), ("n", &Literal::new(*c))];
        Sql::fill("case when ${e} then ${n} end", &pieces)
    };
    let sql = Sql::fill(
        include_str!("../../sql/validate/required.sql"),
        &[
            ("target", &subject.into.name),
            ("alias", &alias),
            ("names", &Sql::join(", ", columns.iter().map(name))),
            ("any", &Sql::join(" or ", columns.iter().map(is_empty))),
            ("id", &subject.consolidation.manifest.target.id),
            ("live", &live(subject)),
        ],
    );
    session.rows("check 3", &sql, &[Arg::Int(run)]).await
}

/// How often a column took its default, against the share that the manifest allows.
async fn thresholds(session: &mut Session, subject: &Subject<'_>, run: i64, draft: &mut Draft) -> Result<()> {
    #[derive(serde::Deserialize)]
    struct Used {
        rows: u64,
        of: u64,
    }
    let sql = Sql::constant(include_str!("../../sql/validate/defaults.sql"));
    for fold in subject.folds {
        for rule in &fold.source.columns {
            let Value::Mapped { default: Some(_), default_at_most: Some(most), .. } = &rule.value else { continue };
            let args = [Arg::Int(run), Arg::Text(fold.name()), rule.column.raw().into()];
            let used: Used = session.one("check 3", &sql, &args).await?;
            let share = if used.of == 0 { 0.0 } else { used.rows as f64 / used.of as f64 };
            let what = format!(
                "`{}` of {} took its default in {} of {} rows ({:.0} %, at most {:.0} %)",
                rule.column.raw(),
                fold.name(),
                used.rows,
                used.of,
                share * 100.0,
                most * 100.0
            );
            let single = Failure::single(CheckFailure::TooManyDefaults, &fold.name(), what);
            let failure = Failure { rows: used.rows, ..single };
            if share > *most { draft.fail(failure) } else { draft.apart(failure) }
        }
    }
    Ok(())
}

fn mapping_table(subject: &Subject, table: &crate::sql::TableRef) -> Option<Name> {
    subject.catalog.table(table).map(|t| t.name.clone())
}

pub async fn mappings(session: &mut Session, subject: &Subject<'_>, counted: &OnceCell<u64>) -> Result<Check> {
    let mut draft = Draft::new(4, "mappings");
    let manifest = &subject.consolidation.manifest;
    let required: Vec<_> = manifest.mappings.iter().filter(|m| m.required).collect();
    if required.is_empty() {
        return Ok(draft.not_applicable("the manifest requires no mapping"));
    }
    for m in required {
        let Some(table) = mapping_table(subject, &m.table) else {
            let code = CheckFailure::NoMappingTable;
            let what = format!("{}: {}", m.name, check_failure(code, &m.table.plain()));
            draft.fail(Failure::single(code, &m.name, what));
            continue;
        };
        let primary = match &m.primary {
            Some(primary) => Sql::fill("count(*) filter (where m.${p})", &[("p", primary)]),
            None => Sql::constant("1"),
        };
        let sql = Sql::fill(
            include_str!("../../sql/validate/mappings.sql"),
            &[
                ("target", &subject.into.name),
                ("alias", &Ident::of_the_server(ALIAS)),
                ("id", &manifest.target.id),
                ("key", &manifest.target.key),
                ("live", &live(subject)),
                ("table", &table),
                ("left", &m.left),
                ("right", &m.right.column),
                ("primary", &primary),
                ("name", &Literal::new(m.name.as_str())),
                ("fallback_at_most", &Literal::new(m.fallback_at_most.unwrap_or(1.0).to_string())),
            ],
        );
        let found: Vec<Found> = session.rows("check 4", &sql, &[]).await?;
        found.into_iter().for_each(|f| draft.found(f.failure_of(&m.name)));
        draft.hint(format!("`pgfold map {}`; what it cannot decide waits for a review", m.name));
    }
    let n = total(session, subject, counted).await?;
    Ok(draft.examined(n, text::count(n, "live row")))
}

pub async fn relationships(session: &mut Session, subject: &Subject<'_>) -> Result<Check> {
    let mut draft = Draft::new(5, "relationships");
    let mut examined = 0u64;
    let manifest = &subject.consolidation.manifest;
    for m in &manifest.mappings {
        let (Some(table), Some(right)) = (mapping_table(subject, &m.table), mapping_table(subject, &m.right.table))
        else {
            continue;
        };
        let sides = [(&m.left, &subject.into.name, &manifest.target.id), (&m.right.column, &right, &m.right.id)];
        let all = sides.map(|(column, to, id)| Reference {
            what: format!("{}: {} without its row in {}", m.name, column.raw(), to.plain()),
            columns: vec![column.clone()],
            to,
            ids: vec![id.clone()],
            constraint: None,
        });
        examined += orphans(session, &mut draft, &table, &all).await?;
    }
    let mut all = Vec::new();
    for constraint in &subject.into.constraints {
        let Some(to) = &constraint.references else { continue };
        let idents = |names: &[String]| names.iter().map(|c| Ident::of_the_server(c.as_str())).collect::<Vec<_>>();
        let (columns, ids) = (idents(&constraint.columns), idents(&constraint.referenced_columns));
        let what = format!("{} without its row in {}", constraint.columns.join(", "), to.plain());
        all.push(Reference { what, columns, to, ids, constraint: Some(constraint) });
    }
    examined += orphans(session, &mut draft, &subject.into.name, &all).await?;
    for Reference { columns, to, ids, .. } in &all {
        if let ([column], [id]) = (columns.as_slice(), ids.as_slice())
            && **to == subject.into.name
        {
            cycles(session, subject, &mut draft, column, id).await?;
        }
    }
    draft.hint("repair the rows listed, or `pgfold rollback --execute`");
    if examined == 0 && manifest.mappings.is_empty() {
        return Ok(draft.not_applicable("no mapping and no reference"));
    }
    Ok(draft.examined(examined, text::count(examined, "reference")))
}

/// Columns of a table that name a row of another one.
struct Reference<'a> {
    what: String,
    columns: Vec<Ident>,
    to: &'a Name,
    ids: Vec<Ident>,
    /// Where the server compares them itself, it says by which operators and collations.
    constraint: Option<&'a Constraint>,
}

impl Reference<'_> {
    /// What is counted of it, and how its other side is joined as the table with this number.
    fn pieces(&self, n: usize) -> Option<(Sql, Sql)> {
        let id = self.ids.first()?;
        let t = Ident::of_the_server(format!("t{n}"));
        // one with a null among its columns points nowhere
        let given = self.columns.iter().map(|c| Sql::fill("r.${c} is not null", &[("c", c)]));
        let pair = |(n, (c, i)): (usize, (&Ident, &Ident))| {
            let operator = self.constraint.and_then(|k| k.operators.get(n)).map_or("=", String::as_str);
            let own = Sql::fill("r.${c}", &[("c", c)]);
            let own = match self.constraint.and_then(|k| k.collations.get(n)).and_then(Option::as_ref) {
                Some(collation) => Sql::fill("(${v} collate ${c})", &[("v", &own), ("c", collation)]),
                None => own,
            };
            let pieces: [(&str, &dyn crate::sql::Piece); 4] =
                [("t", &t), ("i", i), ("operator", &Sql::of_the_server(operator)), ("own", &own)];
            Sql::fill("${t}.${i} ${operator} ${own}", &pieces)
        };
        let same = self.columns.iter().zip(&self.ids).enumerate().map(pair);
        let shown = self.columns.iter().map(|c| Sql::fill("r.${c}", &[("c", c)]));
        let pieces: [(&str, &dyn crate::sql::Piece); 6] = [
            ("t", &t),
            ("id", id),
            ("to", self.to),
            ("given", &Sql::join(" and ", given)),
            ("same", &Sql::join(" and ", same)),
            ("shown", &Sql::join(", ", shown)),
        ];
        let counted = Sql::fill(include_str!("../../sql/validate/orphan.sql"), &pieces);
        Some((counted, Sql::fill("left join ${to} ${t} on ${same}", &pieces)))
    }
}

/// All references of one table, in one pass over it; how many there are.
async fn orphans(session: &mut Session, draft: &mut Draft, table: &Name, references: &[Reference<'_>]) -> Result<u64> {
    #[derive(serde::Deserialize)]
    struct Orphans {
        examined: u64,
        rows: u64,
        examples: Option<Vec<String>>,
    }
    let whole: Vec<&Reference<'_>> = references.iter().filter(|r| !r.ids.is_empty()).collect();
    if whole.is_empty() {
        return Ok(0);
    }
    let (each, joins): (Vec<Sql>, Vec<Sql>) = whole.iter().enumerate().filter_map(|(n, r)| r.pieces(n)).unzip();
    let sql = Sql::fill(
        include_str!("../../sql/validate/orphans.sql"),
        &[("table", table), ("each", &Sql::join(",\n       ", each)), ("joins", &Sql::join("\n  ", joins))],
    );
    let found: Vec<Orphans> = session.one("check 5", &sql, &[]).await?;
    let mut examined = 0;
    for (one, reference) in found.into_iter().zip(whole) {
        let examples = one.examples.unwrap_or_default();
        let single = Failure::single(CheckFailure::Orphan, "", reference.what.clone());
        draft.fail(Failure { rows: one.rows, examples, ..single });
        examined += one.examined;
    }
    Ok(examined)
}

async fn cycles(
    session: &mut Session,
    subject: &Subject<'_>,
    draft: &mut Draft,
    parent: &Ident,
    id: &Ident,
) -> Result<()> {
    let sql = Sql::fill(
        include_str!("../../sql/validate/cycles.sql"),
        &[("target", &subject.into.name), ("parent", parent), ("id", id)],
    );
    let found: Vec<Found> = session.rows("check 5", &sql, &[]).await?;
    found.into_iter().for_each(|f| draft.found(f.failure()));
    Ok(())
}

/// A row `pgfold_there` of the target as its before-image `i` has it; each value by the input of its type.
fn restored(subject: &Subject<'_>) -> Sql {
    let one = |c: &crate::catalog::Column| {
        let pieces: [(&str, &dyn crate::sql::Piece); 3] = [
            ("n", &Literal::new(c.name.as_str())),
            ("c", &Ident::of_the_server(c.name.as_str())),
            ("t", &Sql::of_the_server(c.uncut_type())),
        ];
        Sql::fill(
            "case when i.columns ? ${n} then (i.columns ->> ${n})::${t} else pgfold_there.${c} end as ${c}",
            &pieces,
        )
    };
    Sql::join(", ", subject.into.columns.iter().map(one))
}

pub async fn existing_rows(session: &mut Session, subject: &Subject<'_>) -> Result<Check> {
    let mut draft = Draft::new(6, "existing rows preserved");
    let Some(first) = subject.runs.first() else {
        return Ok(draft.not_evaluated("no run remembered the rows that were there", "`pgfold apply`"));
    };
    let manifest = &subject.consolidation.manifest;
    let alias = Ident::of_the_server(ALIAS);
    let hash = crate::planner::preserved(
        manifest,
        subject.into,
        subject.before.hashed.get(&first.run).map(|h| h.existing.as_slice()),
    );
    let sql = Sql::fill(
        include_str!("../../sql/validate/existing_rows.sql"),
        &[
            ("target", &subject.into.name),
            ("target_name", &Literal::new(subject.into.name.plain())),
            ("alias", &alias),
            ("id", &manifest.target.id),
            ("hash", &hash),
            ("id_name", &Literal::new(manifest.target.id.raw())),
            ("word", &Literal::new(subject.into.name.name.raw())),
            ("primary_key", &Written::row_id(subject.into, &alias).unwrap_or(Sql::constant("null"))),
            ("restored", &restored(subject)),
        ],
    );
    let found: Vec<Found> = session.rows("check 6", &sql, &[Arg::Int(first.run)]).await?;
    for found in found {
        if found.code.is_edit() && subject.accept_edits {
            draft.apart(found.failure())
        } else {
            draft.found(found.failure())
        }
    }
    draft.hint("edited by the application: `pgfold validate --accept-edits`; else `pgfold rollback --execute`");
    let count = Sql::constant("select count(*) from pgfold.existing_row where run = $1::bigint");
    let n: u64 = session.one("check 6", &count, &[Arg::Int(first.run)]).await?;
    if n == 0 {
        return Ok(draft.not_applicable("the target was empty before the run"));
    }
    Ok(draft.examined(n, format!("{} of before", text::count(n, "row"))))
}
