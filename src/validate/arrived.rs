//! Check 1: every legacy row has one outcome, and every value of it is found again.

use super::{Check, Draft, Failure, Found, Subject};
use crate::error::Result;
use crate::explain::check_failure;
use crate::facts::CheckFailure;
use crate::pg::{Arg, Session};
use crate::planner::SourceQuery;
use crate::sql::{Ident, Literal, Sql};
use crate::text;

/// What was found of one source.
pub struct Walked {
    /// Its place in the manifest.
    place: usize,
    examined: u64,
    failures: Vec<Failure>,
    apart: Vec<Failure>,
}

/// Looks at one source; at none where no run moved a row. The session is in the source's zone.
pub async fn walk(session: &mut Session, subject: &Subject<'_>, place: usize) -> Result<Option<Walked>> {
    let (Some(run), Some(fold)) = (subject.moved, subject.folds.get(place)) else { return Ok(None) };
    source(session, subject, fold, run.run, place).await.map(Some)
}

/// What all sources together say; each was walked once.
pub fn judged(subject: &Subject<'_>, mut walked: Vec<Walked>) -> Check {
    let mut draft = Draft::new(1, "no data loss");
    if subject.folds.is_empty() {
        return draft.not_applicable("no source is there");
    }
    let Some(run) = subject.moved else {
        return draft.not_evaluated("no run moved any row", "`pgfold apply`, or `pgfold migrate`");
    };
    walked.sort_by_key(|w| w.place);
    let mut examined = 0;
    for one in walked {
        examined += one.examined;
        one.failures.into_iter().for_each(|f| draft.fail(f));
        one.apart.into_iter().for_each(|f| draft.apart(f));
    }
    draft.hint(format!(
        "look at `pgfold migrate --dry-run`; then `pgfold migrate`, or `pgfold rollback --run {} --execute`",
        run.run
    ));
    if examined == 0 && !run.changed {
        let none = draft.is_passed();
        return if none {
            draft.not_applicable("the legacy tables have no rows")
        } else {
            draft.examined(examined, text::count(examined, "legacy row"))
        };
    }
    draft.examined(examined, text::count(examined, "legacy row"))
}

/// Where batches and crosswalk of a source disagree.
#[derive(serde::Deserialize)]
struct Miscounted {
    code: CheckFailure,
    detail: Option<String>,
    batches: Option<u64>,
    crosswalk: Option<u64>,
    rows: u64,
}

impl Miscounted {
    fn failure(self, name: &str) -> Failure {
        let outcome = self.detail.unwrap_or_default();
        let what = match (self.batches, self.crosswalk) {
            (Some(batches), Some(crosswalk)) => {
                format!("the batches account for {batches} rows as {outcome}, the crosswalk holds {crosswalk}")
            }
            _ => check_failure(self.code, &outcome),
        };
        Failure { code: self.code, about: name.to_owned(), what, rows: self.rows, examples: Vec::new() }
    }
}

async fn source(
    session: &mut Session,
    subject: &Subject<'_>,
    fold: &SourceQuery<'_>,
    run: i64,
    place: usize,
) -> Result<Walked> {
    let args = [Arg::Int(run)];
    let name = fold.name();
    let doing = format!("check 1 on {name}");
    let id_type = subject.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
    let Told { values, kept_there, differs, lost } = told(fold, subject);
    let pieces: Vec<(&str, Box<dyn crate::sql::Piece>)> = vec![
        ("values", Box::new(values)),
        ("kept_there", Box::new(kept_there)),
        ("source", Box::new(fold.legacy.name.clone())),
        ("alias", Box::new(fold.legacy.name.name.clone())),
        ("source_name", Box::new(Literal::new(name.clone()))),
        ("id", Box::new(fold.id_text())),
        ("whole_row", Box::new(fold.whole_row(&fold.legacy.name.name))),
        ("whole_row_of_before", Box::new(fold.whole_row_of_before(&fold.legacy.name.name))),
        ("source_hash", Box::new(fold.source_hash_of(&Sql::fill("${run}", &[("run", &run)])))),
        ("target", Box::new(subject.into.name.clone())),
        ("target_id", Box::new(fold.target.id.clone())),
        ("target_key", Box::new(fold.target_key_text("pgfold_t"))),
        ("key", Box::new(fold.key_text())),
        ("id_type", Box::new(Sql::of_the_server(id_type))),
        ("target_hash_asked", Box::new(fold.target_hash_of(&Sql::constant("s.pgfold_hash_run")))),
        ("target_hash_other", Box::new(fold.target_hash_of(&Sql::constant("o.hash_run")))),
        ("differs", Box::new(differs)),
        ("lost", Box::new(lost)),
        ("live", Box::new(super::checks::live(subject))),
        ("null_again", Box::new(null_again(fold))),
    ];
    let given: Vec<(&str, &dyn crate::sql::Piece)> = pieces.iter().map(|(n, p)| (*n, p.as_ref())).collect();
    let sql = Sql::fill(include_str!("../../sql/validate/no_data_loss.sql"), &given);
    let found: Vec<Found> = session.rows(&doing, &sql, &args).await?;
    let count = Sql::fill("select count(*) from ${t}", &[("t", &fold.legacy.name)]);
    let examined: u64 = session.one(&doing, &count, &[]).await?;
    let (mut failures, mut apart) = (Vec::new(), Vec::new());
    for found in found {
        // stored whole and accounted for, as its winner's reject is; and what somebody rolled back on purpose
        let accepted = found.code.is_note() || (found.code.is_edit() && subject.accept_edits);
        let failure = found.failure_of(&name);
        if accepted { apart.push(failure) } else { failures.push(failure) }
    }
    let stored = Sql::constant(include_str!("../../sql/validate/accounting.sql"));
    let broken: Vec<Miscounted> = session.rows(&doing, &stored, &[Arg::Int(run), name.as_str().into()]).await?;
    failures.extend(broken.into_iter().map(|m| m.failure(&name)));
    Ok(Walked { place, examined, failures, apart })
}

/// How an inserted row is held against its source; built apart from what wrote it.
struct Told {
    /// The values that the source gives: an expression of the manifest may see nothing but its source row.
    values: Sql,
    /// What `unmapped` put into the target.
    kept_there: Sql,
    /// Whether any column differs; asked of every row, so it stops at the first.
    differs: Sql,
    /// The columns that differ.
    lost: Sql,
}

/// A column with the condition under which its value is not that of the source.
type Differing = (String, Sql);

fn told(fold: &SourceQuery, subject: &Subject) -> Told {
    let mut values = Vec::new();
    let mapped = mapped(fold, subject, &mut values);
    let kept = kept(fold, &mut values);
    let rest = fold.source.unmapped.as_ref();
    let kept_there = rest.map_or(Sql::constant("null::jsonb"), |rest| {
        let under = Literal::new(rest.under.as_str());
        Sql::fill("pgfold_t.${into} -> ${under}", &[("into", &rest.into), ("under", &under)])
    });
    // a merge fills fields, and keeps nothing of what the source has besides
    let merely_filled = "s.pgfold_was = 'merged' and s.pgfold_rewritten is not true";
    let pieces: [(&str, &dyn crate::sql::Piece); 5] = [
        ("mapped", &any(&mapped)),
        ("kept", &any(&kept)),
        ("merely_filled", &Sql::constant(merely_filled)),
        ("mapped_names", &names(&mapped)),
        ("kept_names", &names(&kept)),
    ];
    Told {
        values: Sql::join(",\n      ", values),
        kept_there,
        differs: Sql::fill("${mapped}\n    or not (${merely_filled}) and (${kept})", &pieces),
        lost: Sql::fill("${mapped_names} || case when ${merely_filled} then '{}' else ${kept_names} end", &pieces),
    }
}

fn any(all: &[Differing]) -> Sql {
    let conditions = std::iter::once(Sql::constant("false")).chain(all.iter().map(|(_, c)| c.clone()));
    Sql::join("\n    or ", conditions)
}

fn names(all: &[Differing]) -> Sql {
    let one = |(name, c): &Differing| {
        Sql::fill("case when ${c} then ${name} end", &[("c", c), ("name", &Literal::new(name.as_str()))])
    };
    Sql::fill("array_remove(array[${all}]::text[], null)", &[("all", &Sql::join(",\n    ", all.iter().map(one)))])
}

/// The columns that the manifest maps.
fn mapped(fold: &SourceQuery, subject: &Subject, values: &mut Vec<Sql>) -> Vec<Differing> {
    let alias = fold.legacy.name.name.clone();
    let mut all = Vec::new();
    let mut compare = |column: &str, there: Sql, here: Sql| {
        let n = values.len() as i64;
        values.push(Sql::fill("${here} as pgfold_v${n}", &[("here", &here), ("n", &n)]));
        let differs = Sql::fill("(${there}) is distinct from s.pgfold_v${n}", &[("there", &there), ("n", &n)]);
        all.push((column.to_owned(), differs));
    };
    let ignored = |c: &str| fold.target.ignore_changes.iter().any(|n| n == c);
    let stored = |c: &Ident| comparable(&Sql::fill("pgfold_t.${c}", &[("c", c)]), subject, c);
    let as_stored = |c: &Ident, v: &Sql| {
        // compared as the target's own type, so that what an insert rounds or pads is not called lost
        let type_name = subject.into.column(c.raw()).map_or("text", |c| c.type_name.as_str());
        let cast = Sql::fill("(${v})::${t}", &[("v", v), ("t", &Sql::of_the_server(type_name))]);
        let cast = subject.into.column(c.raw()).map_or_else(|| cast.clone(), |of| fold.collated(cast.clone(), of));
        comparable(&cast, subject, c)
    };
    let whole = fold.taken_whole();
    for (from, to) in whole {
        let keeps = fold.source.unmapped.as_ref().is_some_and(|r| r.into == *to);
        if !ignored(to.raw()) && !keeps {
            let value = Sql::fill("${a}.${c}", &[("a", &alias), ("c", &Ident::of_the_server(from.as_str()))]);
            // taken whole means that nothing is rounded or cut
            let type_name = subject.into.column(to.raw()).map_or("text", |c| c.uncut_type());
            let below = |v: &Sql| {
                let cast = Sql::fill("(${v})::${t}", &[("v", v), ("t", &Sql::of_the_server(type_name))]);
                subject.into.column(to.raw()).map_or_else(|| cast.clone(), |of| fold.collated(cast.clone(), of))
            };
            // an array of a domain has no equality with one of what lies below it
            let there = Sql::fill("pgfold_t.${c}", &[("c", to)]);
            let domains = subject.into.column(to.raw()).is_some_and(|c| c.cuts() && c.is_array());
            let there = if domains { below(&there) } else { there };
            compare(to.raw(), comparable(&there, subject, to), comparable(&below(&value), subject, to));
        }
    }
    for (to, value) in fold.columns() {
        let keeps = fold.source.unmapped.as_ref().is_some_and(|r| r.into == to);
        if !whole.iter().any(|(_, t)| *t == to) && !keeps && !ignored(to.raw()) && !changes_by_itself(fold, &to) {
            compare(to.raw(), stored(&to), as_stored(&to, &value));
        }
    }
    if let Some(rest) = &fold.source.unmapped
        && let Some(own) = fold.own_of_rest()
    {
        // what the column gets anyway stands beside what `unmapped` put under its key
        let under = Literal::new(rest.under.as_str());
        let pieces: [(&str, &dyn crate::sql::Piece); 3] = [("c", &rest.into), ("u", &under), ("own", &own)];
        let there = Sql::fill(include_str!("../../sql/validate/beside_rest.sql"), &pieces);
        let here = Sql::fill(include_str!("../../sql/validate/before_rest.sql"), &pieces);
        compare(rest.into.raw(), there, here);
    }
    all
}

/// The columns that `unmapped` keeps, one by one: to build the whole of it anew for every row takes longer.
fn kept(fold: &SourceQuery, values: &mut Vec<Sql>) -> Vec<Differing> {
    if fold.source.unmapped.is_none() {
        return Vec::new();
    }
    let alias = fold.legacy.name.name.clone();
    let mut all = Vec::new();
    for kept in fold.kept() {
        let n = values.len() as i64;
        let column = Ident::of_the_server(kept);
        values.push(Sql::fill("${a}.${c} as pgfold_v${n}", &[("a", &alias), ("c", &column), ("n", &n)]));
        let here = Sql::fill("s.pgfold_v${n}", &[("n", &n)]);
        let here = fold.legacy.column(kept).map_or_else(|| here.clone(), |c| crate::planner::in_json(&here, c));
        let json_null = fold.legacy.column(kept).is_some_and(crate::planner::is_document);
        let template = if json_null {
            "pgfold_t.pgfold_kept -> ${name} is distinct from to_jsonb(${here})"
        } else {
            // what a run before wrote of a null
            "nullif(pgfold_t.pgfold_kept -> ${name}, 'null') is distinct from to_jsonb(${here})"
        };
        let pieces: [(&str, &dyn crate::sql::Piece); 2] = [("name", &Literal::new(kept)), ("here", &here)];
        all.push((kept.to_owned(), Sql::fill(template, &pieces)));
    }
    if let Some(beside) = fold.kept_texts() {
        let n = values.len() as i64;
        let texts = Literal::new(crate::planner::TEXTS);
        values.push(Sql::fill("${b} -> ${k} as pgfold_v${n}", &[("b", &beside), ("k", &texts), ("n", &n)]));
        let differs = "pgfold_t.pgfold_kept -> ${k} is distinct from s.pgfold_v${n}";
        all.push((crate::planner::TEXTS.to_owned(), Sql::fill(differs, &[("k", &texts), ("n", &n)])));
    }
    all
}

/// The columns of a target row that are null, by name; a JSON null is a value, and a row of nulls is none.
fn null_again(fold: &SourceQuery) -> Sql {
    let one = |(c, _): (Ident, Sql)| {
        Sql::fill(
            "case when pgfold_t.${c} is not distinct from null then ${n} end",
            &[("c", &c), ("n", &Literal::new(c.raw()))],
        )
    };
    Sql::fill("array[${all}]::text[]", &[("all", &Sql::join(", ", fold.columns().into_iter().map(one)))])
}

/// A value in a form that the search path has an equality for; only by that of a built-in type is it compared as it is.
fn comparable(value: &Sql, subject: &Subject, column: &Ident) -> Sql {
    const COMPARED: [&str; 27] = [
        "text",
        "character varying",
        "character",
        "name",
        "smallint",
        "integer",
        "bigint",
        "numeric",
        "real",
        "double precision",
        "boolean",
        "uuid",
        "date",
        "time without time zone",
        "time with time zone",
        "timestamp without time zone",
        "timestamp with time zone",
        "interval",
        "bytea",
        "inet",
        "cidr",
        "macaddr",
        "macaddr8",
        "jsonb",
        "bit",
        "bit varying",
        "money",
    ];
    let Some(c) = subject.into.column(column.raw()) else { return value.clone() };
    let by_itself = COMPARED.contains(&c.bottom_type.trim_end_matches("[]")) && !c.composite;
    match (by_itself, c.nondeterministic) {
        (true, false) => value.clone(),
        (true, true) => Sql::fill("(${v} collate pg_catalog.\"C\")", &[("v", value)]),
        // its equality may be in no schema of the path, or it has none
        (false, _) => crate::planner::text_of(value, c),
    }
}

/// Gives another value whenever it is asked: what arrived cannot be held against it.
fn changes_by_itself(fold: &SourceQuery, column: &Ident) -> bool {
    const CLOCKS: [&str; 14] = [
        "now",
        "current_timestamp",
        "current_date",
        "current_time",
        "localtimestamp",
        "localtime",
        "transaction_timestamp",
        "statement_timestamp",
        "clock_timestamp",
        "timeofday",
        "random",
        "gen_random_uuid",
        "uuid_generate_v4",
        "nextval",
    ];
    let own = fold.legacy.column_names();
    let words: Vec<&str> = CLOCKS.into_iter().filter(|w| !own.contains(w)).collect();
    fold.source.columns.iter().filter(|rule| rule.column == *column).any(|r| !r.value.expr().columns(&words).is_empty())
}
