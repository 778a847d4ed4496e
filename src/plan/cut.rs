//! Where a source is cut into batches: by rows, and by bytes where rows are wide.

use serde::{Deserialize, Serialize};

use super::fold::Fold;
use crate::catalog::Column;
use crate::sql::{Ident, Literal, Sql};

/// The upper ends of the batches, in order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Cut {
    /// `$1` rows per batch.
    pub by_rows: Sql,
    /// `$1` rows and `$2` bytes per batch.
    pub by_size: Sql,
    /// The same binds: whether no batch can come near that many bytes, so that rows alone will do.
    pub narrow: Sql,
}

impl Cut {
    /// `tells_compression`: the server is new enough to say which values are compressed (14).
    pub fn of(fold: &Fold<'_>, tells_compression: bool) -> Cut {
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
        Cut {
            by_rows: fill(include_str!("../../sql/fold/boundaries.sql")),
            by_size: fill(include_str!("../../sql/fold/boundaries_by_size.sql")),
            narrow: fill(include_str!("../../sql/fold/narrow.sql")),
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
