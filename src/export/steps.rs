//! What each kind of step is as a file: the same statements that pgfold runs itself, with its assertions.

use super::files::{Files, by_hand};
use super::text::{block, execute, moving, texts, using};
use crate::error::{Error, Result};
use crate::ledger::Raised;
use crate::ledger::ledger_sql;
use crate::pg::{Arg, Settings};
use crate::plan::{Action, DisabledTriggers, LoadStep, Step, WriterPolicy};
use crate::sql::{Ident, Literal, Name, Piece, Sql};

/// Rows that cannot even be evaluated, by source.
pub type Aside = Vec<(String, Vec<Raised>)>;

/// The file of one step, whole; `size` rows a batch.
pub fn file(files: &Files, step: &Step, aside: &Aside, size: u64) -> Result<Sql> {
    let zone = match &step.action {
        Action::Move(moving) => moving.timezone.as_deref(),
        Action::Contest { timezone, .. } => timezone.as_deref(),
        _ => None,
    };
    let settings = files.settings.in_zone(zone);
    let body = match &step.action {
        Action::Enhance { transaction: false, .. } => return Ok(outside(files, step, &settings)),
        Action::Enhance { .. } => enhance(files, step),
        Action::Backfill { fill, quiet } => filled(files, step, fill, quiet),
        Action::Remember { sql } => {
            vec![one(files, step, &[execute(sql, &[Arg::Int(files.run)]), Sql::constant(COUNT)])]
        }
        Action::Contest { sql, .. } => {
            let lines = contest(files, sql, aside)?;
            vec![locked(files), one(files, step, &lines), Sql::constant("analyze pgfold.verdict;\n")]
        }
        Action::Move(m) => moved(files, step, m, aside, size)?,
        Action::Advance { lock, sql } => {
            vec![Sql::fill("${l};\n", &[("l", lock)]), one(files, step, &[execute(sql, &[Arg::Int(files.run)])])]
        }
        Action::Analyze { tables } => {
            let each = tables.iter().map(|t| Sql::fill("analyze ${t};\n", &[("t", t)]));
            vec![Sql::join("", each), one(files, step, &[])]
        }
        Action::Settle(_) | Action::Map(_) | Action::Decide { .. } => {
            return Err(Error::bug("a step was asked for that is not done by a file of this kind"));
        }
    };
    Ok(files.whole(step.number, &settings, &body))
}

const COUNT: &str = "  get diagnostics pgfold_n = row_count;\n";

/// The block of a step's work, which notes at its end that it is done.
pub fn one(files: &Files, step: &Step, lines: &[Sql]) -> Sql {
    let mut all = lines.to_vec();
    all.push(done(files.run, step.number));
    block(&all)
}

fn done(run: i64, step: i32) -> Sql {
    let number = i64::from(step);
    let one = |n: &i64| Sql::fill("${n}::bigint", &[("n", n)]);
    let values = [
        one(&run),
        one(&number),
        Sql::constant("'done'::text"),
        Sql::constant("pgfold_n::text"),
        Sql::constant("null::text"),
    ];
    using("", &ledger_sql!("step_state"), &values)
}

fn here(files: &Files, step: &Step) -> [Arg; 2] {
    [Arg::Int(files.run), Arg::Int(step.number.into())]
}

fn changed(files: &Files) -> Sql {
    execute(&ledger_sql!("mark_changed"), &[Arg::Int(files.run)])
}

/// WriterPolicy wait while the rows move, readers do not.
fn locked(files: &Files) -> Sql {
    match &files.plan.writers {
        WriterPolicy::Wait(tables) if !tables.is_empty() => {
            Sql::fill("lock table ${tables} in share mode;\n", &[("tables", &Sql::join(", ", tables.iter().cloned()))])
        }
        _ => Sql::constant(""),
    }
}

fn filled(files: &Files, step: &Step, fill: &Sql, quiet: &DisabledTriggers) -> Vec<Sql> {
    if fill.is_empty() {
        return vec![one(files, step, &[])];
    }
    let work = [
        execute(fill, &here(files, step)),
        Sql::constant(COUNT),
        Sql::constant("  if pgfold_n > 0 then\n"),
        changed(files),
        Sql::constant("  end if;\n"),
    ];
    vec![quiet.sql(false), one(files, step, &work), quiet.sql(true)]
}

/// Between two files everybody may write: conflicts are resolved again under the lock of this one, and its last word is
/// that no row was skipped for a winner with another key.
fn moved(files: &Files, step: &Step, m: &LoadStep, aside: &Aside, size: u64) -> Result<Vec<Sql>> {
    let mut all = vec![locked(files)];
    let found = files.plan.steps.iter().find_map(|s| match &s.action {
        Action::Contest { sql, timezone } => Some((sql, timezone)),
        _ => None,
    });
    if let Some((sql, timezone)) = found {
        all.push(files.settings.in_zone(timezone.as_deref()).sql());
        all.push(block(&contest(files, sql, aside)?));
        all.push(files.settings.in_zone(m.timezone.as_deref()).sql());
    }
    all.push(move_in(files, step, m, size));
    if let Some(claims) = files.plan.claims.as_deref().filter(|_| files.plan.last_load() == Some(step.number)) {
        let args = [Arg::Int(files.run), Arg::Bool(false)];
        let refuse = Sql::fill(include_str!("../../sql/manual/claims.sql"), &[("run", &files.run)]);
        all.push(block(&[execute(&claims.claims, &args), refuse]));
    }
    Ok(all)
}

fn contest(files: &Files, sql: &Sql, aside: &Aside) -> Result<Vec<Sql>> {
    let run = Arg::Int(files.run);
    let mut lines = vec![execute(&ledger_sql!("forget_contest"), std::slice::from_ref(&run))];
    for (source, raised) in aside {
        let json = serde_json::to_string(raised).map_err(|e| Error::bug(e.to_string()))?;
        let args = [run.clone(), source.as_str().into(), Arg::Text(json)];
        lines.push(execute(&ledger_sql!("raises"), &args));
        lines.push(execute(&ledger_sql!("raised_rejects"), &args));
    }
    lines.extend([execute(sql, &[run]), Sql::constant(COUNT)]);
    Ok(lines)
}

fn move_in(files: &Files, step: &Step, m: &LoadStep, size: u64) -> Sql {
    let number = i64::from(step.number);
    let limits = files.plan.arrived.iter().find(|(table, _)| *table == m.source).map(|(_, limits)| *limits);
    let (low, high) = limits.unwrap_or((0, i64::MAX.unsigned_abs()));
    let as_int = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let quoted = |sql: &Sql| sql.dollar_quoted();
    let pieces: [(&str, &dyn Piece); 16] = [
        ("run", &files.run),
        ("step", &number),
        ("source", &Literal::new(m.source.as_str())),
        ("size", &as_int(size.max(1))),
        ("boundaries", &quoted(&m.cut.by_rows)),
        ("batch", &quoted(&m.batch)),
        ("resolve", &quoted(&m.resolve)),
        ("halve", &quoted(&m.halve)),
        ("reject_one", &quoted(&m.reject_one)),
        ("add_batches", &quoted(&ledger_sql!("add_batches"))),
        ("commit_batch", &quoted(&ledger_sql!("commit_batch"))),
        ("changed", &quoted(&ledger_sql!("mark_changed"))),
        ("max_rejects", &as_int(files.plan.max_rejects)),
        ("table", &m.table),
        ("low", &as_int(low)),
        ("high", &as_int(high)),
    ];
    let work = Sql::fill(include_str!("../../sql/manual/move.sql"), &pieces);
    let quiet = |on: bool| if m.quiet.triggers.is_empty() { Sql::constant("") } else { m.quiet.sql(on) };
    Sql::join("", [quiet(false), moving(&[work, done(files.run, step.number)]), quiet(true)])
}

/// The objects of a schema as one value.
pub fn objects() -> Sql {
    let all = crate::plan::objects_query(true);
    Sql::fill(include_str!("../../sql/manual/objects.sql"), &[("objects", &all)])
}

fn before(schema: &Ident, local: bool) -> Sql {
    let local = Sql::constant(if local { "true" } else { "false" });
    let schema = Literal::new(schema.raw());
    Sql::fill(
        include_str!("../../sql/manual/before.sql"),
        &[("objects", &objects().dollar_quoted()), ("schema", &schema), ("local", &local)],
    )
}

fn verified(schema: &Ident, appears: &[String], replaces: &[String], legacy: &[Name]) -> Sql {
    let touched = Sql::constant(include_str!("../../sql/run/touched.sql"));
    let touched = Sql::fill(include_str!("../../sql/manual/touched.sql"), &[("touched", &touched)]);
    let legacy: Vec<String> = legacy.iter().map(Name::to_string).collect();
    Sql::fill(
        include_str!("../../sql/manual/verify.sql"),
        &[
            ("objects", &objects().dollar_quoted()),
            ("schema", &Literal::new(schema.raw())),
            ("appears", &texts(appears)),
            ("replaces", &texts(replaces)),
            ("touched", &touched.dollar_quoted()),
            ("legacy", &texts(&legacy)),
        ],
    )
}

fn enhance(files: &Files, step: &Step) -> Vec<Sql> {
    let Action::Enhance { script, appears, replaces, legacy, schema, holds, quiet, .. } = &step.action else {
        return Vec::new();
    };
    let image = crate::execute::image();
    let [run, number] = here(files, step);
    let args = [run.clone(), number.clone(), schema.raw().into(), Arg::Texts(replaces.clone())];
    let first = block(&[before(schema, true), execute(&image, &args)]);
    let mut last = vec![verified(schema, appears, replaces, legacy)];
    last.extend(holds.iter().map(|h| execute(&h.note(), &[run.clone(), number.clone()])));
    last.push(changed(files));
    vec![first, quiet.sql(false), as_written(script), quiet.sql(true), one(files, step, &last)]
}

/// What the DBA wrote, closed even where the last semicolon is missing or a comment ends the file.
fn as_written(script: &Sql) -> Sql {
    let text = script.as_str().trim_end();
    let closed = Sql::as_written(text);
    if text.ends_with(';') { Sql::fill("${s}\n", &[("s", &closed)]) } else { Sql::fill("${s}\n;\n", &[("s", &closed)]) }
}

/// One statement outside a transaction: begun and ended in one of their own.
fn outside(files: &Files, step: &Step, settings: &Settings) -> Sql {
    let Action::Enhance { script, appears, replaces, schema, .. } = &step.action else { return Sql::constant("") };
    let drops = appears.iter().filter_map(|a| a.strip_prefix("index ")).map(|index| {
        let name = Name { schema: schema.clone(), name: Ident::of_the_server(index) };
        // a build that failed leaves an invalid index, which `if not exists` would take for the real one
        Sql::fill("drop index if exists ${n};\n", &[("n", &name)])
    });
    let path = Sql::fill(
        "set search_path = ${p}, public, pg_temp;\nset lock_timeout = '30s';\nset client_min_messages = warning;\n",
        &[("p", &Sql::join(", ", files.plan.search_path.iter().cloned()))],
    );
    let reset = Sql::constant("reset search_path;\nreset lock_timeout;\nreset client_min_messages;\n");
    Sql::join(
        "",
        [
            Sql::constant("\\set ON_ERROR_STOP on\n"),
            by_hand(settings),
            block(&[files.turn(step.number), changed(files)]),
            Sql::join("", drops),
            block(&[before(schema, false)]),
            Sql::constant("commit;\n"),
            path,
            as_written(script),
            reset,
            Sql::constant("begin;\n"),
            settings.sql(),
            one(files, step, &[verified(schema, appears, replaces, &[])]),
            Sql::constant("commit;\n"),
            files.shown(step.number),
        ],
    )
}
