//! Where a source is cut into batches: by rows, and by bytes where rows are wide.

use crate::catalog::Column;
use crate::plan::BatchBounds;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Ident, Literal, Sql};

impl BatchBounds {
    /// `tells_compression`: the server is new enough to say which values are compressed (14).
    pub fn of(fold: &SourceQuery<'_>, tells_compression: bool) -> BatchBounds {
        let alias = &fold.legacy.name.name;
        let sizes = fold.legacy.columns.iter().map(|c| size(alias, c, tells_compression));
        // the sum of integers is a bigint, that of bigints a numeric, which is slow
        let size = Sql::fill("least(${s}, 2000000000)::integer", &[("s", &Sql::join(" + ", sizes))]);
        let (ids, columns) = (fold.id_array(), fold.id_columns());
        let table = Literal::new(fold.legacy.name.to_string());
        let fill = |template| {
            Sql::fill(
                template,
                &[
                    ("ids", &ids),
                    ("columns", &columns),
                    ("source", &fold.legacy.name),
                    ("alias", alias),
                    ("size", &size),
                    ("table", &table),
                ],
            )
        };
        if fold.is_tree() {
            let whole = Sql::constant("select null::text[] as upto where $1::bigint < 0");
            let narrow = Sql::constant("select $1::bigint > 0 and $2::bigint > 0 as narrow");
            return BatchBounds { by_rows: whole.clone(), by_size: whole, narrow };
        }
        BatchBounds {
            by_rows: fill(include_str!("../../../sql/rows/batch/boundaries.sql")),
            by_size: fill(include_str!("../../../sql/rows/batch/boundaries_by_size.sql")),
            narrow: fill(include_str!("../../../sql/rows/batch/narrow.sql")),
        }
    }
}

/// Bytes of a value as it is worked with, which compression hides; nothing large is read for it.
fn size(alias: &Ident, column: &Column, tells_compression: bool) -> Sql {
    let name = Ident::of_the_server(column.name.as_str());
    let template = match column.bottom_type.as_str() {
        "text" | "character varying" | "character" | "bytea" => "coalesce(octet_length(${a}.${c}), 0)::bigint",
        "boolean"
        | "smallint"
        | "integer"
        | "bigint"
        | "real"
        | "double precision"
        | "numeric"
        | "uuid"
        | "date"
        | "timestamp with time zone"
        | "timestamp without time zone" => "coalesce(pg_column_size(${a}.${c}), 0)::bigint",
        _ if tells_compression => {
            "coalesce(case when pg_column_compression(${a}.${c}) is null then pg_column_size(${a}.${c}) when pg_column_size(${a}.${c}) > 1000000 then 4::bigint * pg_column_size(${a}.${c}) else octet_length(${a}.${c}::text) end, 0)::bigint"
        }
        _ => {
            "coalesce(case when pg_column_size(${a}.${c}) > 1000000 then 4::bigint * pg_column_size(${a}.${c}) else octet_length(${a}.${c}::text) end, 0)::bigint"
        }
    };
    Sql::fill(template, &[("a", alias), ("c", &name)])
}
