//! Check 1: every legacy row has one outcome, and every value of it is found again.

use super::{Check, Draft, Failure, Subject};
use crate::error::Result;
use crate::pg::{Arg, Session, Settings};
use crate::plan::Fold;
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

/// Check 1 whole, in one session.
pub async fn no_data_loss(session: &mut Session, subject: &Subject<'_>, settings: &Settings) -> Result<Check> {
    let walked = walk(session, subject, settings, |_| true).await?;
    Ok(judged(subject, walked))
}

/// Looks at the sources whose place is wanted; at none where no run moved a row.
pub async fn walk(
    session: &mut Session,
    subject: &Subject<'_>,
    settings: &Settings,
    wanted: impl Fn(usize) -> bool,
) -> Result<Vec<Walked>> {
    let mut all = Vec::new();
    let Some(run) = subject.moved else { return Ok(all) };
    for (place, fold) in subject.folds.iter().enumerate().filter(|(place, _)| wanted(*place)) {
        let zone = Sql::fill(
            "set local timezone = ${z}",
            &[("z", &Literal::new(fold.source.timezone.clone().unwrap_or_else(|| settings.timezone.clone())))],
        );
        session.script("setting the source's zone", &zone).await?;
        all.push(source(session, subject, fold, run.run, place).await?);
    }
    Ok(all)
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
    draft.examined(examined, text::count(examined, "legacy row"))
}

async fn source(
    session: &mut Session,
    subject: &Subject<'_>,
    fold: &Fold<'_>,
    run: i64,
    place: usize,
) -> Result<Walked> {
    let args = [Arg::Int(run)];
    let name = fold.name();
    let doing = format!("check 1 on {name}");
    let alias = Ident::of_the_server("pgfold_t");
    let id_type = subject.into.column(fold.target.id.raw()).map_or("text", |c| c.uncut_type());
    let (values, kept_there, lost) = lost(fold, subject);
    let pieces: Vec<(&str, Box<dyn crate::sql::Piece>)> = vec![
        ("values", Box::new(values)),
        ("kept_there", Box::new(kept_there)),
        ("source", Box::new(fold.legacy.name.clone())),
        ("alias", Box::new(fold.legacy.name.name.clone())),
        ("source_name", Box::new(Literal::new(name.clone()))),
        ("id", Box::new(fold.id_text())),
        ("whole_row", Box::new(fold.whole_row(&fold.legacy.name.name))),
        ("source_hash", Box::new(fold.source_hash())),
        ("target", Box::new(subject.into.name.clone())),
        ("target_id", Box::new(fold.target.id.clone())),
        ("id_type", Box::new(Sql::of_the_server(id_type))),
        ("target_hash", Box::new(crate::plan::target_hash(&alias, subject.into, &fold.target.churn))),
        ("lost", Box::new(lost)),
        ("live", Box::new(super::checks::live(subject))),
    ];
    let given: Vec<(&str, &dyn crate::sql::Piece)> = pieces.iter().map(|(n, p)| (*n, p.as_ref())).collect();
    let sql = Sql::fill(include_str!("../../sql/validate/no_data_loss.sql"), &given);
    // what is joined here was counted nowhere: a planner that takes it for one row would go through the other side for
    // each, and one that takes it for millions would sort whole rows on disk
    let hashes = "set local enable_nestloop = off; set local enable_mergejoin = off";
    session.script(&doing, &Sql::constant(hashes)).await?;
    let found: Vec<Failure> = session.rows(&doing, &sql, &args).await?;
    let as_before = "set local enable_nestloop to default; set local enable_mergejoin to default";
    session.script(&doing, &Sql::constant(as_before)).await?;
    let count = Sql::fill("select count(*) from ${t}", &[("t", &fold.legacy.name)]);
    let examined: u64 = session.one(&doing, &count, &[]).await?;
    let (mut failures, mut apart) = (Vec::new(), Vec::new());
    for mut failure in found {
        let edited = failure.what.starts_with("edited");
        // stored whole and accounted for, as the reject is that it gave way to; and what somebody took back on purpose
        let told = failure.what.starts_with("gave way") || failure.what.starts_with("taken back");
        failure.what = format!("{name}: {}", failure.what);
        if told || (edited && subject.accept_edits) { apart.push(failure) } else { failures.push(failure) }
    }
    let stored = Sql::constant(include_str!("../../sql/validate/accounting.sql"));
    let broken: Vec<Failure> = session.rows(&doing, &stored, &[Arg::Int(run), name.as_str().into()]).await?;
    failures.extend(broken);
    Ok(Walked { place, examined, failures, apart })
}

/// The columns of an inserted row whose value is not that of the source; built apart from what wrote them.
/// What `rest` kept is compared as one, and column by column only where that differs.
///
/// First the values that the source gives, then the comparisons: an expression of the manifest may
/// see nothing but its source row.
fn lost(fold: &Fold, subject: &Subject) -> (Sql, Sql, Sql) {
    let alias = fold.legacy.name.name.clone();
    let (mut values, mut cases) = (Vec::new(), Vec::new());
    let mut compare = |column: &str, there: Sql, here: Sql| {
        let n = values.len() as i64;
        values.push(Sql::fill("${here} as pgfold_v${n}", &[("here", &here), ("n", &n)]));
        cases.push(Sql::fill(
            "case when (${there}) is distinct from s.pgfold_v${n} then ${name} end",
            &[("there", &there), ("n", &n), ("name", &Literal::new(column))],
        ));
    };
    let churn = |c: &str| fold.target.churn.iter().any(|n| n == c);
    let stored = |c: &Ident| comparable(&Sql::fill("pgfold_t.${c}", &[("c", c)]), subject, c);
    let as_stored = |c: &Ident, v: &Sql| {
        // compared as the target's own type, so that what an insert rounds or pads is not called lost
        let type_name = subject.into.column(c.raw()).map_or("text", |c| c.type_name.as_str());
        comparable(&Sql::fill("(${v})::${t}", &[("v", v), ("t", &Sql::of_the_server(type_name))]), subject, c)
    };
    let whole = fold.taken_whole();
    for (from, to) in &whole {
        let keeps = fold.source.rest.as_ref().is_some_and(|r| r.into == *to);
        if !churn(to.raw()) && !keeps {
            let value = Sql::fill("${a}.${c}", &[("a", &alias), ("c", &Ident::of_the_server(from.as_str()))]);
            // taken whole means that nothing is rounded or cut
            let type_name = subject.into.column(to.raw()).map_or("text", |c| c.uncut_type());
            let below = |v: &Sql| Sql::fill("(${v})::${t}", &[("v", v), ("t", &Sql::of_the_server(type_name))]);
            // an array of a domain has no equality with one of what lies below it
            let there = Sql::fill("pgfold_t.${c}", &[("c", to)]);
            let domains = subject.into.column(to.raw()).is_some_and(|c| c.cuts() && c.is_array());
            let there = if domains { below(&there) } else { there };
            compare(to.raw(), comparable(&there, subject, to), comparable(&below(&value), subject, to));
        }
    }
    for (to, value) in fold.columns() {
        let keeps = fold.source.rest.as_ref().is_some_and(|r| r.into == to);
        if !whole.iter().any(|(_, t)| *t == to) && !keeps && !churn(to.raw()) && !changes_by_itself(fold, &to) {
            compare(to.raw(), stored(&to), as_stored(&to, &value));
        }
    }
    if let Some(rest) = &fold.source.rest
        && let Some(own) = fold.own_of_rest()
    {
        // what the column gets anyway stands beside what `rest` put under its key
        let under = Literal::new(rest.under.as_str());
        let pieces: [(&str, &dyn crate::sql::Piece); 3] = [("c", &rest.into), ("u", &under), ("own", &own)];
        let there = Sql::fill(include_str!("../../sql/validate/beside_rest.sql"), &pieces);
        let here = Sql::fill(include_str!("../../sql/validate/before_rest.sql"), &pieces);
        compare(rest.into.raw(), there, here);
    }
    let list = |cases: Vec<Sql>| {
        Sql::fill("array_remove(array[${all}]::text[], null)", &[("all", &Sql::join(",\n    ", cases))])
    };
    let mapped = list(cases);
    let Some(rest) = &fold.source.rest else {
        return (Sql::join(",\n      ", values), Sql::constant("null::jsonb"), mapped);
    };
    let texts = Literal::new(crate::plan::TEXTS);
    let mut cases = Vec::new();
    for kept in fold.kept() {
        let n = values.len() as i64;
        let column = Ident::of_the_server(kept);
        // as it is, so that it becomes jsonb only where the whole differs
        values.push(Sql::fill("${a}.${c} as pgfold_v${n}", &[("a", &alias), ("c", &column), ("n", &n)]));
        cases.push(Sql::fill(
            "case when nullif(pgfold_t.pgfold_kept -> ${name}, 'null') is distinct from nullif(to_jsonb(s.pgfold_v${n}), 'null') then ${name} end",
            &[("name", &Literal::new(kept)), ("n", &n)],
        ));
    }
    let beside = fold.beside_rest();
    if let Some(beside) = &beside {
        let n = values.len() as i64;
        values.push(Sql::fill("${b} -> ${k} as pgfold_v${n}", &[("b", beside), ("k", &texts), ("n", &n)]));
        cases.push(Sql::fill(
            "case when pgfold_t.pgfold_kept -> ${k} is distinct from s.pgfold_v${n} then ${k} end",
            &[("k", &texts), ("n", &n)],
        ));
    }
    let taken = fold.legacy.column_names().into_iter().filter(|c| !fold.kept().contains(c));
    let taken = Sql::join(", ", taken.map(Literal::new));
    let row = Sql::fill("to_jsonb(${a}.*) - array[${taken}]::text[]", &[("a", &alias), ("taken", &taken)]);
    values.push(match &beside {
        Some(beside) => Sql::fill("(${row}) || ${b} as pgfold_whole", &[("row", &row), ("b", beside)]),
        None => Sql::fill("${row} as pgfold_whole", &[("row", &row)]),
    });
    let kept_there = Sql::fill(
        "pgfold_t.${into} -> ${under}",
        &[("into", &rest.into), ("under", &Literal::new(rest.under.as_str()))],
    );
    let lost = Sql::fill(
        "${mapped} || case when w.was = 'merged' and w.rewritten is not true or pgfold_t.pgfold_kept - 'pgfold_source'::text = s.pgfold_whole then '{}' else ${kept} end",
        &[("mapped", &mapped), ("kept", &list(cases))],
    );
    (Sql::join(",\n      ", values), kept_there, lost)
}

/// A value in a form that has an equality: `json`, `xml` and their like have none.
fn comparable(value: &Sql, subject: &Subject, column: &Ident) -> Sql {
    let c = subject.into.column(column.raw());
    let element = c.map(|c| c.bottom_type.trim_end_matches("[]")).unwrap_or_default();
    let none = ["json", "xml", "point", "polygon", "box", "path", "line", "lseg", "circle"].contains(&element);
    if none || c.is_some_and(|c| c.composite) { Sql::fill("(${v})::text", &[("v", value)]) } else { value.clone() }
}

/// Gives another value whenever it is asked: what arrived cannot be held against it.
fn changes_by_itself(fold: &Fold, column: &Ident) -> bool {
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
