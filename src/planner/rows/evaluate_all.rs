//! What a look at a row must work out although nobody asks for it, so that a row which raises is found.

use crate::planner::rows::source_query::SourceQuery;
use crate::planner::rows::violations::other_uniques;
use crate::sql::{Ident, Sql};

/// Types whose values always fit into jsonb, but for their size.
const PLAIN: [&str; 20] = [
    "text",
    "character varying",
    "character",
    "name",
    "uuid",
    "boolean",
    "smallint",
    "integer",
    "bigint",
    "numeric",
    "real",
    "double precision",
    "date",
    "timestamp without time zone",
    "timestamp with time zone",
    "interval",
    "jsonb",
    "text[]",
    "character varying[]",
    "uuid[]",
];

/// Bytes as stored; however well they were compressed, less than this never reaches jsonb's limits.
const SMALL: i64 = 100_000;

impl SourceQuery<'_> {
    /// One number that depends on every value of the row `alias` which could raise.
    pub fn evaluate_all(&self, alias: &'static str) -> Sql {
        let of = Ident::of_the_server(alias);
        let quiet = self.quiet_rest();
        let columns = self.columns().into_iter().map(|(c, _)| c).filter(|c| Some(c) != quiet.as_ref());
        let mut all: Vec<Ident> = columns.chain(self.left_out().into_iter().map(|(c, ..)| c)).collect();
        all.extend(self.generated().into_iter().map(|(c, _)| c));
        all.extend((0..self.source.winner.len()).map(|n| Ident::of_the_server(format!("pgfold_w{n}"))));
        all.extend(other_uniques(self).into_iter().map(|(n, _)| Ident::of_the_server(format!("pgfold_u{n}"))));
        let ours = ["key", "defaulted", "unmapped", "alike", "faults", "lossy", "big", "cut", "narrowed"];
        all.extend(ours.iter().map(|n| Ident::of_the_server(format!("pgfold_{n}"))));
        // a function takes at most 100 arguments
        let parts = all.chunks(90).map(|chunk| {
            let list = chunk.iter().map(|c| Sql::fill("${t}.${c}", &[("t", &of), ("c", c)]));
            Sql::fill("num_nulls(${list})", &[("list", &Sql::join(", ", list))])
        });
        Sql::join(" + ", parts)
    }

    /// The column of `unmapped`, where nothing but the size of a row could make it raise.
    fn quiet_rest(&self) -> Option<Ident> {
        let rest = self.source.unmapped.as_ref()?;
        let plain = |c: &&str| self.legacy.column(c).is_some_and(|c| PLAIN.contains(&c.bottom_type.as_str()));
        (self.own_of_rest().is_none() && self.kept().iter().all(plain)).then(|| rest.into.clone())
    }

    /// The value of a quiet `unmapped`, worked out only for a row that is not small.
    pub(in crate::planner) fn big(&self) -> Sql {
        if self.quiet_rest().is_none() {
            return Sql::constant("null::int");
        }
        let of = &self.legacy.name.name;
        let stored = self.kept().into_iter().map(|c| {
            Sql::fill("coalesce(pg_column_size(${t}.${c}), 0)", &[("t", of), ("c", &Ident::of_the_server(c))])
        });
        let stored: Vec<Sql> = stored.chain([Sql::constant("0")]).collect();
        Sql::fill(
            "case when ${stored} > ${small} then pg_column_size(${rest}) end",
            &[("stored", &Sql::join(" + ", stored)), ("small", &SMALL), ("rest", &self.rest(None))],
        )
    }
}
