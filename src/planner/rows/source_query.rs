//! One source resolved against the catalog: the SQL that shapes its rows into rows of the target.

use std::sync::OnceLock;

use crate::catalog::{Column, Table};
use crate::manifest::{Source, Target, Value};
use crate::planner::input::{EarlierRuns, PlanInput};
use crate::planner::rows::value_text::{column_text, hashed, text_of};
use crate::planner::rows::violations;
use crate::sql::{Ident, Literal, Sql};

/// Which rows of a source a query is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    /// All of them, as a run loads them.
    Load,
    /// Those that changed while they were loaded, as if they had not been loaded.
    CatchUp,
}

/// A source with everything the templates need.
pub struct SourceQuery<'a> {
    pub source: &'a Source,
    pub legacy: &'a Table,
    pub target: &'a Target,
    pub into: &'a Table,
    /// Place among the sources that are present; decides who wins across sources.
    pub place: i64,
    /// Only the rows that an online run has to look at again.
    pub pass: Pass,
    /// The source's zone, where one statement reads sources of several zones.
    pub zone: Option<String>,
    /// Runs of before, whose hashes may be of other columns.
    pub before: &'a EarlierRuns,
    pub once: Once,
}

/// What nearly every statement asks of a source again, worked out the first time.
#[derive(Default)]
pub struct Once {
    columns: OnceLock<Vec<(Ident, Sql)>>,
    taken_whole: OnceLock<Vec<(String, Ident)>>,
    left_out: OnceLock<Vec<(Ident, Sql, bool)>>,
}

impl SourceQuery<'_> {
    /// The source's word in the ledger.
    pub fn name(&self) -> String {
        self.source.table.plain()
    }

    pub(super) fn alias(&self) -> &Ident {
        &self.legacy.name.name
    }

    /// Which rows of the target hold their keys: all, or those in the partial unique index that keeps them apart.
    pub fn key_inside(&self) -> Sql {
        let index = self.into.key_index(self.target.key.raw());
        match index.and_then(|i| i.predicate.as_ref()) {
            Some(inside) => Sql::fill("(${i})", &[("i", &Sql::of_the_server(inside.as_str()))]),
            None => Sql::constant("true"),
        }
    }

    /// The target's id as text, in no zone; over this alias.
    pub(super) fn target_id_text(&self, alias: &'static str) -> Sql {
        let id = &self.target.id;
        column_text(&Ident::of_the_server(alias), id, self.into.column(id.raw()))
    }

    /// The target's key as text, in no zone; over this alias.
    pub fn target_key_text(&self, alias: &'static str) -> Sql {
        let key = &self.target.key;
        column_text(&Ident::of_the_server(alias), key, self.into.column(key.raw()))
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
        self.once.columns.get_or_init(|| self.all_columns()).clone()
    }

    fn all_columns(&self) -> Vec<(Ident, Sql)> {
        let mut out = self.mapped_columns();
        if let Some(rest) = &self.source.unmapped {
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

    /// Whether the application changes the column all day: what it holds is never written over.
    pub(super) fn churns(&self, column: &Ident) -> bool {
        self.target.ignore_changes.iter().any(|n| n == column.raw())
    }

    /// The key as the target's column will hold it, as text.
    pub fn key_text(&self) -> Sql {
        let key = Sql::as_written(self.source.key.raw());
        let typed = Sql::fill("(${v})::${t}", &[("v", &key), ("t", &Sql::of_the_server(self.key_type()))]);
        let column = self.into.column(self.target.key.raw());
        let typed = column.map_or_else(|| typed.clone(), |c| self.collated(typed.clone(), c));
        column.map_or_else(|| Sql::fill("(${v})::text", &[("v", &typed)]), |c| text_of(&typed, c))
    }

    /// What the column of `unmapped` would hold without it; none when nothing else is mapped there.
    pub fn own_of_rest(&self) -> Option<Sql> {
        let rest = self.source.unmapped.as_ref()?;
        self.mapped_columns().into_iter().find(|(c, _)| *c == rest.into).map(|(_, v)| v)
    }

    fn cast(&self, column: &Ident, expr: &str) -> Sql {
        self.cast_sql(column, &Sql::as_written(expr))
    }

    fn cast_sql(&self, column: &Ident, value: &Sql) -> Sql {
        let of = self.into.column(column.raw());
        let type_name = Sql::of_the_server(of.map_or("text", Column::uncut_type));
        let cast = Sql::fill("(${v})::${t}", &[("v", value), ("t", &type_name)]);
        of.map_or_else(|| cast.clone(), |c| self.collated(cast.clone(), c))
    }

    /// The value with its target column's collation: it may have come by another, and the two would not go together.
    pub fn collated(&self, value: Sql, column: &Column) -> Sql {
        let others = column.own_collation || self.legacy.columns.iter().any(|c| c.own_collation);
        match &column.collation {
            Some(collation) if others => Sql::fill("(${v} collate ${c})", &[("v", &value), ("c", collation)]),
            _ => value,
        }
    }

    /// The columns that `unmapped` keeps: neither taken whole nor ignored.
    pub fn kept(&self) -> Vec<&str> {
        let whole = self.taken_whole();
        let ignored: Vec<&str> = self.source.ignore.iter().map(|(c, _)| c.as_str()).collect();
        let names = self.legacy.column_names().into_iter();
        names.filter(|c| !whole.iter().any(|(w, _)| w == c) && !ignored.contains(c)).collect()
    }

    /// Source columns whose whole value stands in a target column: bare, or cast without loss.
    pub fn taken_whole(&self) -> &[(String, Ident)] {
        self.once.taken_whole.get_or_init(|| self.all_taken_whole())
    }

    fn all_taken_whole(&self) -> Vec<(String, Ident)> {
        let mut out = Vec::new();
        for rule in &self.source.columns {
            let Value::Expr { expr, lossy: false } = &rule.value else { continue };
            let Some(to) = self.into.column(rule.column.raw()) else { continue };
            let named = expr.bare().map(|c| (c, None)).or_else(|| expr.bare_cast().map(|(c, t)| (c, Some(t))));
            let Some((column, cast)) = named else { continue };
            let Some(from) = self.legacy.column(&column) else { continue };
            let through = cast.as_deref().is_none_or(|t| keeps_all(&from.bottom_type, t));
            if through
                && keeps_all(&from.bottom_type, &to.bottom_type)
                && crate::planner::rows::stored_value::holds(from, to)
            {
                out.push((column, rule.column.clone()));
            }
        }
        out
    }

    /// `{under: {column: value, …}}` merged into what the column gets anyway.
    pub(in crate::planner) fn rest(&self, own: Option<Sql>) -> Sql {
        let Some(rest) = &self.source.unmapped else { return Sql::constant("null") };
        let kept = Sql::fill(
            "jsonb_build_object('pgfold_source', ${n}::text) || ${kept}",
            &[("n", &Literal::new(self.name())), ("kept", &self.kept_form())],
        );
        let under = Literal::new(rest.under.clone());
        match own {
            None => Sql::fill("jsonb_build_object(${u}::text, ${kept})", &[("u", &under), ("kept", &kept)]),
            Some(own) => Sql::fill(
                include_str!("../../../sql/rows/batch/rest.sql"),
                &[("own", &own), ("under", &under), ("kept", &kept)],
            ),
        }
    }

    /// Target columns that an insert leaves out: what the server will put there, null where that cannot be known.
    pub fn left_out(&self) -> Vec<(Ident, Sql, bool)> {
        self.once.left_out.get_or_init(|| self.all_left_out()).clone()
    }

    fn all_left_out(&self) -> Vec<(Ident, Sql, bool)> {
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
            out.push((name, self.collated(cast, c), unknown));
        }
        out
    }

    /// A condition on a row of the source, in whose zone it and all that is worked out of the row then are. The zone is
    /// set per row, because a statement may read sources of several zones in turn.
    pub fn in_own_zone(&self, condition: Sql) -> Sql {
        match &self.zone {
            None => condition,
            Some(zone) => Sql::fill(
                "case when pg_catalog.set_config('TimeZone', ${zone}, true) is not null then (${condition}) end",
                &[("zone", &Literal::new(zone.as_str())), ("condition", &condition)],
            ),
        }
    }

    /// The source's filter, worked out in its own zone.
    pub fn filter_in_own_zone(&self) -> Sql {
        self.in_own_zone(Sql::fill("${f}", &[("f", &self.source.filter)]))
    }

    /// The shaped rows of `restrict` in a statement that may read sources of other zones, too.
    pub fn shaped_among(&self, restrict: &Sql, arriving: &[Sql]) -> Sql {
        if self.zone.is_none() {
            return self.shaped(restrict, arriving);
        }
        let all = Sql::fill(
            "(${restrict}) and coalesce(${filter}, false)",
            &[("restrict", restrict), ("filter", &self.source.filter)],
        );
        self.shaped_where(&self.in_own_zone(all), &Sql::constant("true"), arriving)
    }

    /// Each row of the range (or of `restrict`) as the target row it would become, with its faults. `arriving`: for each
    /// foreign key of the target to itself the parents that come along; empty where these are not judged.
    pub fn shaped(&self, restrict: &Sql, arriving: &[Sql]) -> Sql {
        self.shaped_where(restrict, &Sql::fill("${f}", &[("f", &self.source.filter)]), arriving)
    }

    fn shaped_where(&self, restrict: &Sql, filter: &Sql, arriving: &[Sql]) -> Sql {
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
            include_str!("../../../sql/rows/batch/values.sql"),
            &[
                ("id", &self.id_text()),
                ("hash", &self.source_hash()),
                ("then", &self.shaped_then()),
                ("ids", &Sql::join(", ", ids)),
                ("winner", &Sql::join(", ", winner)),
                ("defaulted", &violations::defaulted(self)),
                ("unmapped", &violations::unmapped(self)),
                ("cut", &self.not_held(true)),
                ("narrowed", &self.not_held(false)),
                ("columns", &all),
                ("big", &self.big()),
                ("source", &self.legacy.name),
                ("alias", self.alias()),
                ("restrict", restrict),
                ("filter", filter),
            ],
        );
        Sql::fill(
            include_str!("../../../sql/rows/batch/shaped.sql"),
            &[
                ("rows", &self.with_parents(self.stored(rows), arriving)),
                ("key", &self.target_key_text("q")),
                ("faults", &violations::faults(self, !arriving.is_empty())),
                ("lossy", &violations::lossy(self)),
                ("uniques", &violations::unique_values(self)),
                (
                    "alike",
                    &self.target.secondary_key.as_ref().map_or(Sql::constant("null"), |a| Sql::as_written(a.raw())),
                ),
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
}

/// A hash over these columns of one row of `alias`; the settings of a batch, but not its zone, are part of its definition.
pub fn row_hash(alias: &Ident, columns: &[&Column]) -> Sql {
    hash_of(alias, columns, None)
}

/// The hash of one column of `alias`, by the same text.
pub(super) fn column_hash(alias: &Ident, column: &Column) -> Sql {
    let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(column.name.as_str()))]);
    Sql::fill("hashtextextended((${v})::text collate pg_catalog.\"C\", 0)", &[("v", &hashed(&value, column))])
}

/// The same with one value more. Each value is hashed as its text: one text of the whole row would have to be quoted first.
pub(in crate::planner) fn hash_of(alias: &Ident, columns: &[&Column], more: Option<Sql>) -> Sql {
    let one = |c: &&Column| {
        let value = Sql::fill("${t}.${c}", &[("t", alias), ("c", &Ident::of_the_server(c.name.as_str()))]);
        hashed(&value, c)
    };
    let more = more.map(|m| Sql::fill("(${m})::text", &[("m", &m)]));
    let all = Sql::join(", ", columns.iter().map(one).chain(more));
    // texts of several collations have none together, and by one that ignores case other content would hash alike
    Sql::fill("hash_array_extended(array[${all}]::text[] collate pg_catalog.\"C\", 0)", &[("all", &all)])
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

/// Where a source names no zone.
const DEFAULT_ZONE: &str = "UTC";

/// The zone that all of these are in; none where there are several.
fn common_zone<'z>(zones: impl Iterator<Item = Option<&'z str>>) -> Option<&'z str> {
    let mut zones = zones.map(|z| z.unwrap_or(DEFAULT_ZONE));
    let first = zones.next().unwrap_or(DEFAULT_ZONE);
    zones.all(|z| z == first).then_some(first)
}

impl PlanInput<'_> {
    /// The sources that are there, resolved.
    pub fn source_queries<'a>(&'a self, into: &'a Table) -> Vec<SourceQuery<'a>> {
        let present = self.manifest.sources.iter().filter_map(|s| Some((s, self.catalog.table(&s.table)?)));
        let present: Vec<_> = present.collect();
        let one_zone = common_zone(present.iter().map(|(s, _)| s.timezone.as_deref())).is_some();
        present
            .into_iter()
            .enumerate()
            .map(|(place, (source, legacy))| SourceQuery {
                source,
                legacy,
                target: &self.manifest.target,
                into,
                place: place as i64,
                pass: Pass::Load,
                zone: (!one_zone).then(|| source.timezone.clone().unwrap_or_else(|| DEFAULT_ZONE.to_owned())),
                before: self.before,
                once: Once::default(),
            })
            .collect()
    }
}
