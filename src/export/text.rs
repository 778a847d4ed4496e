//! Blocks of a file for psql: statements of the ledger with their values in place, assertions around them.

use crate::pg::Arg;
use crate::sql::{Literal, Piece, Sql};

/// A value as it stands after `using`.
pub fn value(arg: &Arg) -> Sql {
    let text = |t: &str| Sql::fill("${t}::text", &[("t", &Literal::new(t))]);
    match arg {
        Arg::Text(t) | Arg::OptionalText(Some(t)) => text(t),
        Arg::OptionalText(None) => Sql::constant("null::text"),
        Arg::Texts(all) => texts(all),
        Arg::Int(n) => Sql::fill("${n}::bigint", &[("n", n)]),
        Arg::Bool(true) => Sql::constant("true"),
        Arg::Bool(false) => Sql::constant("false"),
    }
}

pub fn texts(all: &[String]) -> Sql {
    if all.is_empty() {
        return Sql::constant("'{}'::text[]");
    }
    let all = Sql::join(", ", all.iter().map(|t| Literal::new(t.as_str())));
    Sql::fill("array[${all}]::text[]", &[("all", &all)])
}

/// The statement with its values, as a line of a block.
pub fn execute(sql: &Sql, args: &[Arg]) -> Sql {
    using("", sql, &args.iter().map(value).collect::<Vec<_>>())
}

/// The same with values as they are written, and `into …` before them.
pub fn using(into: &'static str, sql: &Sql, values: &[Sql]) -> Sql {
    let pieces: [(&str, &dyn Piece); 3] = [
        ("sql", &sql.dollar_quoted()),
        ("into", &Sql::constant(into)),
        ("values", &Sql::join(", ", values.iter().cloned())),
    ];
    if values.is_empty() {
        return Sql::fill("  execute ${sql}${into};\n", &pieces);
    }
    Sql::fill("  execute ${sql}${into} using ${values};\n", &pieces)
}

/// One block that does all of it.
pub fn block(lines: &[Sql]) -> Sql {
    wrapped(include_str!("../../sql/manual/block.sql"), lines)
}

/// The block of a step of batches.
pub fn moving(lines: &[Sql]) -> Sql {
    wrapped(include_str!("../../sql/manual/moving.sql"), lines)
}

fn wrapped(template: &'static str, lines: &[Sql]) -> Sql {
    let body = Sql::join("", lines.iter().cloned());
    Sql::fill(template, &[("body", &body), ("tag", &body.tag("pgfold_block"))])
}
