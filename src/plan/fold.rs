//! One source resolved against the catalog: the SQL that shapes its rows into rows of the target.

use crate::catalog::{Column, Table};
use crate::manifest::{Source, Target, Value};
use crate::sql::{Ident, Literal, Sql};

use super::faults;

/// A source with everything the templates need.
pub struct Fold<'a> {
    pub source: &'a Source,
    pub legacy: &'a Table,
    pub target: &'a Target,
    pub into: &'a Table,
    /// Place among the sources that are present; decides who wins across sources.
    pub place: i64,
    /// Only the rows that an online run has to look at again.
    pub late: bool,
}

impl Fold<'_> {
    /// The source's word in the ledger.
    pub fn name(&self) -> String {
        self.source.table.plain()
    }

    fn alias(&self) -> &Ident {
        &self.legacy.name.name
    }

    /// The identity of a source row as one text: the column itself, or a text array of several.
    pub fn id_text(&self) -> Sql {
        match self.source.id.as_slice() {
            [one] => Sql::fill("${t}.${c}::text", &[("t", self.alias()), ("c", one)]),
            many => Sql::fill("array[${list}]::text", &[("list", &self.id_texts(many))]),
        }
    }

    fn id_texts(&self, columns: &[Ident]) -> Sql {
        let one = |c: &Ident| Sql::fill("${t}.${c}::text", &[("t", self.alias()), ("c", c)]);
        Sql::join(", ", columns.iter().map(one))
    }

    /// The identity as a text array, whatever the number of columns.
    pub fn id_array(&self) -> Sql {
        Sql::fill("array[${list}]", &[("list", &self.id_texts(&self.source.id))])
    }

    pub fn id_columns(&self) -> Sql {
        let one = |c: &Ident| Sql::fill("${t}.${c}", &[("t", self.alias()), ("c", c)]);
        Sql::join(", ", self.source.id.iter().map(one))
    }

    fn bound(&self, parameter: &'static str) -> Sql {
        let one = |(i, c): (usize, &Ident)| {
            let type_name = self.legacy.column(c.raw()).map_or("text", |c| c.uncut_type());
            Sql::fill(
                "(${p}::text[])[${i}]::${type}",
                &[("p", &Sql::constant(parameter)), ("i", &(i as i64 + 1)), ("type", &Sql::of_the_server(type_name))],
            )
        };
        Sql::join(", ", self.source.id.iter().enumerate().map(one))
    }

    /// The rows above `$2` up to `$3`; a null end is open.
    pub fn range(&self) -> Sql {
        let range = Sql::fill(
            "($2::text[] is null or (${ids}) > (${above})) and ($3::text[] is null or (${ids}) <= (${upto}))",
            &[("ids", &self.id_columns()), ("above", &self.bound("$2")), ("upto", &self.bound("$3"))],
        );
        if self.late { Sql::join(" and ", [range, self.late_rows()]) } else { range }
    }

    /// Whether the run `$1` set no row of this source aside because it cannot be evaluated; asked once per statement.
    pub fn none_raises(&self) -> Sql {
        Sql::fill(
            "(select not exists (select from pgfold.verdict v where v.run = $1::bigint and v.source = ${source} and v.verdict = 'raises'))",
            &[("source", &Literal::new(self.name()))],
        )
    }

    /// Whether a row is none of those; a look into the index per row, and none where there are none.
    pub fn not_raising(&self) -> Sql {
        Sql::fill(
            "(${none} or (select v.verdict from pgfold.verdict v where v.run = $1::bigint and v.source = ${source} and v.id = ${id}) is distinct from 'raises')",
            &[("none", &self.none_raises()), ("source", &Literal::new(self.name())), ("id", &self.id_text())],
        )
    }

    /// The target columns that this source fills, with the value's SQL; the key among them.
    pub fn columns(&self) -> Vec<(Ident, Sql)> {
        let mut out = self.mapped_columns();
        if let Some(rest) = &self.source.rest {
            let place = out.iter().position(|(c, _)| *c == rest.into);
            let own = place.map(|i| out.remove(i).1);
            out.push((rest.into.clone(), self.rest(own)));
        }
        out
    }

    fn mapped_columns(&self) -> Vec<(Ident, Sql)> {
        let mut out = vec![(self.target.key.clone(), self.cast(&self.target.key, self.source.key.raw()))];
        for rule in &self.source.columns {
            if rule.column == self.target.key {
                continue;
            }
            let value = match &rule.value {
                Value::Expr { expr, .. } => self.cast(&rule.column, expr.raw()),
                Value::Mapped { from, map, default, .. } => {
                    self.cast_sql(&rule.column, &mapped(from.raw(), map, default))
                }
            };
            out.push((rule.column.clone(), value));
        }
        out
    }

    /// The key as the target's column will hold it, as text.
    pub fn key_text(&self) -> Sql {
        let key = Sql::as_written(self.source.key.raw());
        Sql::fill("(${v})::${t}::text", &[("v", &key), ("t", &Sql::of_the_server(self.key_type()))])
    }

    /// What the column of `rest` would hold without it; none when nothing else is mapped there.
    pub fn own_of_rest(&self) -> Option<Sql> {
        let rest = self.source.rest.as_ref()?;
        self.mapped_columns().into_iter().find(|(c, _)| *c == rest.into).map(|(_, v)| v)
    }

    fn cast(&self, column: &Ident, expr: &str) -> Sql {
        self.cast_sql(column, &Sql::as_written(expr))
    }

    fn cast_sql(&self, column: &Ident, value: &Sql) -> Sql {
        let type_name = self.into.column(column.raw()).map_or("text", Column::uncut_type);
        Sql::fill("(${v})::${t}", &[("v", value), ("t", &Sql::of_the_server(type_name))])
    }

    /// The columns that `rest` keeps: neither taken whole nor ignored.
    pub fn kept(&self) -> Vec<&str> {
        let whole = self.taken_whole();
        let ignored: Vec<&str> = self.source.ignore.iter().map(|(c, _)| c.as_str()).collect();
        let names = self.legacy.column_names().into_iter();
        names.filter(|c| !whole.iter().any(|(w, _)| w == c) && !ignored.contains(c)).collect()
    }

    /// Source columns whose whole value stands in a target column: bare, or cast without loss.
    pub fn taken_whole(&self) -> Vec<(String, Ident)> {
        let mut out = Vec::new();
        for rule in &self.source.columns {
            let Value::Expr { expr, lossy: false } = &rule.value else { continue };
            let Some(to) = self.into.column(rule.column.raw()) else { continue };
            let named = expr.bare().map(|c| (c, None)).or_else(|| expr.bare_cast().map(|(c, t)| (c, Some(t))));
            let Some((column, cast)) = named else { continue };
            let Some(from) = self.legacy.column(&column) else { continue };
            let through = cast.as_deref().is_none_or(|t| keeps_all(&from.bottom_type, t));
            if through && keeps_all(&from.bottom_type, &to.bottom_type) && super::stored::holds(from, to) {
                out.push((column, rule.column.clone()));
            }
        }
        out
    }

    /// `{under: {column: value, …}}` merged into what the column gets anyway.
    pub(super) fn rest(&self, own: Option<Sql>) -> Sql {
        let Some(rest) = &self.source.rest else { return Sql::constant("null") };
        let pair = |c: &&str| {
            let column = Ident::of_the_server(*c);
            Sql::fill("${n}, ${t}.${c}", &[("n", &Literal::new(*c)), ("t", self.alias()), ("c", &column)])
        };
        let mut pairs = vec![Sql::fill("'pgfold_source', ${n}::text", &[("n", &Literal::new(self.name()))])];
        pairs.extend(self.kept().iter().map(pair));
        // a function takes at most 100 arguments
        let parts = pairs.chunks(45).map(|chunk| {
            Sql::fill("jsonb_build_object(${pairs})", &[("pairs", &Sql::join(", ", chunk.iter().cloned()))])
        });
        let kept = Sql::join(" || ", parts.chain(self.beside_rest()));
        let under = Literal::new(rest.under.clone());
        match own {
            None => Sql::fill("jsonb_build_object(${u}::text, ${kept})", &[("u", &under), ("kept", &kept)]),
            Some(own) => {
                Sql::fill(include_str!("../../sql/fold/rest.sql"), &[("own", &own), ("under", &under), ("kept", &kept)])
            }
        }
    }

    /// Target columns that an insert leaves out: what the server will put there, null where that cannot be known.
    pub fn left_out(&self) -> Vec<(Ident, Sql, bool)> {
        let filled = self.columns();
        let mut out = Vec::new();
        for c in self.into.columns.iter().filter(|c| !c.generated) {
            let name = Ident::of_the_server(c.name.as_str());
            if filled.iter().any(|(f, _)| *f == name) {
                continue;
            }
            let unknown = c.volatile_default || !c.identity.is_empty();
            let value = match &c.default {
                Some(default) if !unknown => Sql::of_the_server(default.as_str()),
                _ => Sql::constant("null"),
            };
            let bits = c.bottom_type.starts_with("bit");
            let known = c.default.is_some() && !unknown;
            let type_name = if bits || known { self.own_type(c) } else { c.uncut_type() };
            let cast = Sql::fill("(${v})::${t}", &[("v", &value), ("t", &Sql::of_the_server(type_name))]);
            out.push((name, cast, unknown));
        }
        out
    }

    /// Each row of the range (or of `restrict`) as the target row it would become, with its faults.
    pub fn shaped(&self, restrict: &Sql) -> Sql {
        let named = |(c, v): &(Ident, Sql)| Sql::fill("${v} as ${c}", &[("v", v), ("c", &self.raw(c))]);
        let left_out = self.left_out();
        let extra = left_out.iter().map(|(c, v, _)| Sql::fill("${v} as ${c}", &[("v", v), ("c", c)]));
        let columns = self.columns();
        let all = Sql::join(",\n         ", columns.iter().map(named).chain(extra));
        let winner = self.source.winner.iter().enumerate().map(|(i, w)| {
            Sql::fill("${w} as pgfold_w${i}", &[("w", &Sql::as_written(w.expr.raw())), ("i", &(i as i64))])
        });
        let ids =
            self.source.id.iter().enumerate().map(|(i, c)| {
                Sql::fill("${t}.${c} as pgfold_i${i}", &[("t", self.alias()), ("c", c), ("i", &(i as i64))])
            });
        let rows = Sql::fill(
            include_str!("../../sql/fold/values.sql"),
            &[
                ("id", &self.id_text()),
                ("hash", &self.source_hash()),
                ("ids", &Sql::join(", ", ids)),
                ("winner", &Sql::join(", ", winner)),
                ("defaulted", &faults::defaulted(self)),
                ("unmapped", &faults::unmapped(self)),
                ("cut", &self.not_held(true)),
                ("narrowed", &self.not_held(false)),
                ("columns", &all),
                ("big", &self.big()),
                ("source", &self.legacy.name),
                ("alias", self.alias()),
                ("restrict", restrict),
                ("filter", &self.source.filter),
            ],
        );
        Sql::fill(
            include_str!("../../sql/fold/shaped.sql"),
            &[
                ("rows", &self.stored(rows)),
                ("key", &self.target.key),
                ("faults", &faults::faults(self)),
                ("lossy", &faults::lossy(self)),
                ("uniques", &faults::unique_values(self)),
                ("alike", &self.target.alike.as_ref().map_or(Sql::constant("null"), |a| Sql::as_written(a.raw()))),
            ],
        )
    }

    /// The hash of a source row over its present columns, by name.
    pub fn source_hash(&self) -> Sql {
        row_hash(self.alias(), &self.legacy.columns.iter().collect::<Vec<_>>())
    }

    pub fn winner_order(&self) -> Sql {
        let all = self.source.winner.iter().enumerate().map(|(i, w)| {
            let direction = if w.descending { " desc" } else { "" };
            let nulls = match w.nulls_first {
                Some(true) => " nulls first",
                Some(false) => " nulls last",
                None => "",
            };
            Sql::fill(
                "q.pgfold_w${i}${direction}${nulls}",
                &[("i", &(i as i64)), ("direction", &Sql::constant(direction)), ("nulls", &Sql::constant(nulls))],
            )
        });
        let ids = (0..self.source.id.len()).map(|i| Sql::fill("q.pgfold_i${i}", &[("i", &(i as i64))]));
        Sql::join(", ", all.chain(ids))
    }

    /// Finds the source row of a shaped row `c` by its typed identity.
    pub fn same_row(&self) -> Sql {
        let one = |(i, c): (usize, &Ident)| Sql::fill("l.${c} = c.pgfold_i${i}", &[("c", c), ("i", &(i as i64))]);
        Sql::join(" and ", self.source.id.iter().enumerate().map(one))
    }
}

/// A hash over these columns of one row of `alias`; the settings of a batch, but not its zone, are part of its definition.
pub fn row_hash(alias: &Ident, columns: &[&Column]) -> Sql {
    hash_of(alias, columns, None)
}

/// The same with one value more. Each value is hashed as its text: one text of the whole row would have to be quoted first.
pub(super) fn hash_of(alias: &Ident, columns: &[&Column], more: Option<Sql>) -> Sql {
    let one = |c: &&Column| {
        let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(c.name.as_str()))]);
        Sql::fill("${v}::text", &[("v", &in_no_zone(&value, &c.bottom_type))])
    };
    let more = more.map(|m| Sql::fill("(${m})::text", &[("m", &m)]));
    let all = Sql::join(", ", columns.iter().map(one).chain(more));
    Sql::fill("hash_array_extended(array[${all}]::text[], 0)", &[("all", &all)])
}

/// A batch runs in its source's zone, a check in another: what would be printed by zone is taken out of it.
fn in_no_zone(value: &Sql, bottom_type: &str) -> Sql {
    let template = match bottom_type {
        "timestamp with time zone" => "(${v} at time zone 'UTC')",
        "timestamp with time zone[]" => {
            "(select array_agg(pgfold_x at time zone 'UTC' order by pgfold_n) from unnest(${v}) with ordinality as pgfold_y(pgfold_x, pgfold_n))"
        }
        "tstzrange" => {
            "row(lower(${v}) at time zone 'UTC', upper(${v}) at time zone 'UTC', lower_inc(${v}), upper_inc(${v}), isempty(${v}))"
        }
        "tstzmultirange" => {
            "(case when ${v} is not null then array(select row(lower(pgfold_x) at time zone 'UTC', upper(pgfold_x) at time zone 'UTC', lower_inc(pgfold_x), upper_inc(pgfold_x))::text from unnest(${v}) pgfold_x) end)"
        }
        _ => return value.clone(),
    };
    Sql::fill(template, &[("v", value)])
}

/// The `case` of a `map`; without a default the unmapped gives null and is a fault.
fn mapped(from: &str, map: &[(String, String)], default: &Option<String>) -> Sql {
    let from = Sql::as_written(from);
    let default = default.as_ref().map_or(Sql::constant("null"), |d| Sql::join("", [Literal::new(d.as_str())]));
    if map.is_empty() {
        return Sql::fill("coalesce((${from})::text, ${default})", &[("from", &from), ("default", &default)]);
    }
    let arm = |(k, v): &(String, String)| {
        Sql::fill("when ${k} then ${v}", &[("k", &Literal::new(k.as_str())), ("v", &Literal::new(v.as_str()))])
    };
    let arms = Sql::join(" ", map.iter().map(arm));
    Sql::fill(
        "case (${from})::text ${arms} else ${default} end",
        &[("from", &from), ("arms", &arms), ("default", &default)],
    )
}

/// Whether every value of one type comes back whole from another.
fn keeps_all(from: &str, to: &str) -> bool {
    const WIDER: &[(&str, &[&str])] = &[
        ("smallint", &["integer", "bigint", "numeric", "text"]),
        ("integer", &["bigint", "numeric", "text"]),
        ("bigint", &["numeric", "text"]),
        ("numeric", &["text"]),
        ("real", &["double precision"]),
        ("character varying", &["text"]),
        ("text", &["character varying"]),
        ("uuid", &["text", "character varying"]),
        ("boolean", &["text"]),
        ("date", &["timestamp without time zone", "text"]),
        ("timestamp without time zone", &["timestamp with time zone", "text"]),
        ("timestamp with time zone", &["text"]),
        ("text[]", &["character varying[]"]),
        ("character varying[]", &["text[]"]),
        ("jsonb", &["text"]),
        ("name", &["text"]),
    ];
    from == to || WIDER.iter().any(|(f, wider)| *f == from && wider.contains(&to))
}
