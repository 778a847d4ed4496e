//! A value as text: what its type prints in a session whose time zone is UTC, whatever the zone of this one is.
//!
//! A batch runs in its source's zone, a check in another; hashes, ids, keys and stored values must be the same in both.

use crate::catalog::{Column, Zoned};
use crate::sql::{Ident, Literal, Sql};

/// The text of a value of this column's type.
pub fn text_of(value: &Sql, column: &Column) -> Sql {
    match zoned(column) {
        Some(zoned) => in_utc(value, &zoned, 0),
        // its own cast to text may lose what the output of the type shows
        None if column.cast_to_text => {
            Sql::fill("case when ${v} is distinct from null then format('%s', ${v}) end", &[("v", value)])
        }
        None => Sql::fill("(${v})::text", &[("v", value)]),
    }
}

/// The same of a column of this alias.
pub fn column_text(alias: &Ident, column: &Ident, of: Option<&Column>) -> Sql {
    let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", column)]);
    of.map_or_else(|| Sql::fill("${v}::text", &[("v", &value)]), |of| text_of(&value, of))
}

/// A value as it is hashed; its text, but for the types whose hashes are older than that.
pub(super) fn hashed(value: &Sql, column: &Column) -> Sql {
    let template = match column.bottom_type.as_str() {
        "timestamp with time zone" => "(${v} at time zone 'UTC')::text",
        "timestamp with time zone[]" => {
            "(select array_agg(pgfold_x at time zone 'UTC' order by pgfold_o) from unnest(${v}) with ordinality as pgfold_y(pgfold_x, pgfold_o))::text"
        }
        "tstzrange" => {
            "row(lower(${v}) at time zone 'UTC', upper(${v}) at time zone 'UTC', lower_inc(${v}), upper_inc(${v}), isempty(${v}))::text"
        }
        "tstzmultirange" => {
            "(case when ${v} is not null then array(select row(lower(pgfold_x) at time zone 'UTC', upper(pgfold_x) at time zone 'UTC', lower_inc(pgfold_x), upper_inc(pgfold_x))::text from unnest(${v}) pgfold_x) end)::text"
        }
        _ if zoned(column).is_some() => return text_of(value, column),
        _ => "${v}::text",
    };
    Sql::fill(template, &[("v", value)])
}

fn zoned(column: &Column) -> Option<Zoned> {
    column.zoned.clone().or_else(|| Zoned::named(&column.bottom_type))
}

/// Each level prints its parts as the server does: text in their place is quoted by the same rules.
fn in_utc(value: &Sql, zoned: &Zoned, depth: i64) -> Sql {
    match zoned {
        Zoned::Time => Sql::fill(
            "case when isfinite(${v}) then regexp_replace((${v} at time zone 'UTC')::text, '( BC)?$', '+00\\1') else (${v})::text end",
            &[("v", value)],
        ),
        Zoned::Row(fields) => {
            let one = |(name, zoned): &(Ident, Option<Zoned>)| {
                let field = Sql::fill("(${v}).${f}", &[("v", value), ("f", name)]);
                zoned.as_ref().map_or_else(|| field.clone(), |z| in_utc(&field, z, depth))
            };
            let fields = Sql::join(", ", fields.iter().map(one));
            Sql::fill(
                "case when (${v}) is distinct from null then row(${fields})::text end",
                &[("v", value), ("fields", &fields)],
            )
        }
        Zoned::Array(element) => {
            let at = Ident::of_the_server(format!("pgfold_n{depth}"));
            let one = Sql::fill("((${v})[${at}])", &[("v", value), ("at", &at)]);
            let one = in_utc(&one, element, depth + 1);
            Sql::fill(
                include_str!("../../../sql/rows/batch/array_text.sql"),
                &[("v", value), ("at", &at), ("one", &one), ("flat", &flat(value, element, depth))],
            )
        }
        Zoned::Range(bound) => {
            let end = |function: &'static str| {
                let bound_text =
                    in_utc(&Sql::fill("${f}(${v})", &[("f", &Sql::constant(function)), ("v", value)]), bound, depth);
                Sql::fill(include_str!("../../../sql/rows/batch/range_end.sql"), &[("end", &bound_text)])
            };
            Sql::fill(
                include_str!("../../../sql/rows/batch/range_text.sql"),
                &[("v", value), ("lower", &end("lower")), ("upper", &end("upper"))],
            )
        }
        Zoned::Multirange(range) => {
            let at = Ident::of_the_server(format!("pgfold_n{depth}"));
            let one = in_utc(&Sql::fill("${at}", &[("at", &at)]), range, depth + 1);
            Sql::fill(
                "case when ${v} is not null then (select '{' || coalesce(string_agg(${one}, ',' order by ${at}), '') || '}' from unnest(${v}) ${at}) end",
                &[("v", value), ("one", &one), ("at", &at)],
            )
        }
    }
}

/// An array of more than one dimension: its dimensions and its elements in one row.
fn flat(value: &Sql, element: &Zoned, depth: i64) -> Sql {
    if matches!(element, Zoned::Row(_)) {
        return Sql::fill("(${v})::text", &[("v", value)]);
    }
    let at = Ident::of_the_server(format!("pgfold_n{depth}"));
    let one = in_utc(&Sql::fill("${at}", &[("at", &at)]), element, depth + 1);
    Sql::fill(
        "array_dims(${v}) || ${e}::text || (select array_agg(${one})::text from unnest(${v}) ${at})",
        &[("v", value), ("one", &one), ("at", &at), ("e", &Literal::new("="))],
    )
}
