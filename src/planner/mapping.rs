//! The statements of one mapping: what is read of a row, what is written, what is taken back.

use crate::catalog::{Column, Table};
use crate::manifest::{Mapping, Signals, Target};
use crate::mapping::Fillable;
use crate::plan::{MapStep, PairRows};
use crate::sql::{Expr, Ident, Literal, Name, Sql};

/// The mapping's rows as a rollback and a decision know them.
fn pair_rows(mapping: &Mapping, sides: &MappingSides, left_type: &Sql, right_type: &Sql) -> PairRows {
    let all: Vec<&Column> =
        sides.pairs.map(|t| t.columns.iter().filter(|c| !c.generated).collect()).unwrap_or_default();
    let ident = |c: &&Column| Ident::of_the_server(c.name.as_str());
    let own = |c: &&&Column| c.name != mapping.left.raw() && c.name != mapping.right.column.raw() && c.identity != "a";
    let set = all.iter().filter(own).map(|c| Sql::fill("${c} = n.${c}", &[("c", &ident(c))]));
    let put_back = Sql::join(", ", set);
    let nothing = Sql::fill("${l} = m.${l}", &[("l", &mapping.left)]);
    // a table that comes with the run itself is known by its rows' text alone
    let row_hash = if all.is_empty() {
        Sql::constant("hashtextextended(m::text, 0)")
    } else {
        crate::planner::rows::source_query::row_hash(&Ident::of_the_server("m"), &all)
    };
    PairRows {
        left: mapping.left.clone(),
        right: mapping.right.column.clone(),
        left_type: left_type.to_string(),
        right_type: right_type.to_string(),
        row_hash,
        columns: Sql::join(", ", all.iter().map(ident)),
        values: Sql::join(", ", all.iter().map(|c| Sql::fill("n.${c}", &[("c", &ident(c))]))),
        put_back: if put_back.is_empty() { nothing } else { put_back },
        has_identity: all.iter().any(|c| c.identity == "a"),
    }
}

/// What a mapping needs of the tables on both sides.
pub struct MappingSides<'a> {
    pub target: &'a Target,
    pub into: &'a Table,
    pub table: Name,
    /// The mapping's own table, if it is there.
    pub pairs: Option<&'a Table>,
    pub right: &'a Table,
    /// The legacy table that a target row came from, as far as the row says.
    pub source: Sql,
    /// What a person's file may fill of a pair.
    pub fillable: Vec<Fillable>,
}

const ALIAS: &str = "pgfold_t";

pub fn map_step(mapping: &Mapping, sides: &MappingSides, taxonomy: (String, String)) -> MapStep {
    let type_of = |table: &Table, column: &Ident| {
        Sql::of_the_server(table.column(column.raw()).map_or("text", Column::uncut_type))
    };
    let left_type = type_of(sides.into, &sides.target.id);
    let right_type = type_of(sides.right, &mapping.right.id);
    let live =
        sides.target.soft_delete.as_ref().map_or(Sql::constant("true"), |s| Sql::fill("${l}", &[("l", &s.live)]));
    let signals = Sorted::of(&mapping.signals);
    let signals_read = signals.columns(sides.into);
    let alias = Ident::of_the_server(ALIAS);
    let common: [(&str, &dyn crate::sql::Piece); 12] = [
        ("target", &sides.into.name),
        ("alias", &alias),
        ("id", &sides.target.id),
        ("key", &sides.target.key),
        ("live", &live),
        ("table", &sides.table),
        ("left", &mapping.left),
        ("right", &mapping.right.column),
        ("left_type", &left_type),
        ("right_type", &right_type),
        ("name", &Literal::new(mapping.name.as_str())),
        ("id_type", &left_type),
    ];
    let with = |template: &'static str, more: &[(&str, &dyn crate::sql::Piece)]| {
        let all: Vec<(&str, &dyn crate::sql::Piece)> = common.iter().chain(more).copied().collect();
        Sql::fill(template, &all)
    };
    let mut columns = Vec::new();
    let mut values = Vec::new();
    if let Some(primary) = &mapping.primary {
        columns.push(primary.clone());
        values.push(Sql::constant("g.is_primary"));
    }
    if let Some(evidence) = &mapping.evidence {
        columns.push(evidence.clone());
        values.push(Sql::constant(
            "jsonb_build_object('because', g.because, 'confidence', g.confidence, 'evidence', g.evidence, 'fallback', g.because = 'fallback')",
        ));
    }
    for (column, expr) in &mapping.set {
        columns.push(column.clone());
        values.push(Sql::fill("${e}", &[("e", expr)]));
    }
    let first = match &mapping.primary {
        Some(primary) => Sql::fill("coalesce(m.${p}, false)", &[("p", primary)]),
        None => Sql::constant("false"),
    };
    let kind = match mapping.set.iter().find(|(c, _)| c.raw().ends_with("_type")) {
        Some((column, _)) => Sql::fill("m.${c}::text", &[("c", column)]),
        None => Sql::constant("''::text"),
    };
    let put = Sql::join(", ", sides.fillable.iter().map(put_into));
    let rows = pair_rows(mapping, sides, &left_type, &right_type);
    let again =
        Sql::join(", ", columns.iter().zip(&values).map(|(c, v)| Sql::fill("${c} = ${v}", &[("c", c), ("v", v)])));
    let again = if columns.is_empty() { Sql::fill("${l} = m.${l}", &[("l", &mapping.left)]) } else { again };
    let differs = match &mapping.primary {
        Some(primary) => Sql::fill("m.${p} is distinct from g.is_primary", &[("p", primary)]),
        None => Sql::constant("false"),
    };
    let table_name = Literal::new(sides.table.plain());
    let columns = Sql::join("", columns.iter().map(|c| Sql::fill(", ${c}", &[("c", c)])));
    let values = Sql::join("", values.iter().map(|v| Sql::fill(", ${v}", &[("v", v)])));
    MapStep {
        name: mapping.name.clone(),
        taxonomy,
        fallback_at_most: mapping.fallback_at_most,
        explicit: signals.explicit.iter().map(|(l, _)| l.clone()).collect(),
        rules: signals.rules.iter().map(|(l, _)| l.clone()).collect(),
        texts: signals.text.iter().map(|(l, w, _)| (l.clone(), *w)).collect(),
        page: with(include_str!("../../sql/map/page.sql"), &[]),
        subjects: with(
            include_str!("../../sql/map/subjects.sql"),
            &[("signals", &signals_read), ("source", &sides.source)],
        ),
        rights: Sql::fill(
            include_str!("../../sql/map/rights.sql"),
            &[
                ("id", &mapping.right.id),
                ("code", &mapping.right.code),
                ("name", &mapping.right.name),
                ("table", &sides.right.name),
            ],
        ),
        teachers: with(
            include_str!("../../sql/map/teachers.sql"),
            &[
                ("signals", &signals_read),
                ("right_table", &sides.right.name),
                ("right_id", &mapping.right.id),
                ("code", &mapping.right.code),
                ("first", &first),
            ],
        ),
        listed: with(include_str!("../../sql/map/listed.sql"), &[]),
        keyed: with(include_str!("../../sql/map/keyed.sql"), &[]),
        today: with(
            include_str!("../../sql/map/today.sql"),
            &[
                ("right_table", &sides.right.name),
                ("right_id", &mapping.right.id),
                ("code", &mapping.right.code),
                ("first", &first),
                ("kind", &kind),
                ("source", &sides.source),
            ],
        ),
        live: with(include_str!("../../sql/map/live.sql"), &[]),
        fallbacks: with(include_str!("../../sql/map/fallbacks.sql"), &[]),
        write: with(
            include_str!("../../sql/map/write.sql"),
            &[("columns", &columns), ("values", &values), ("row_hash", &rows.row_hash)],
        ),
        clear: with(include_str!("../../sql/map/clear.sql"), &[("table_name", &table_name)]),
        keep: with(
            include_str!("../../sql/map/keep.sql"),
            &[("differs", &differs), ("assignments", &again), ("table_name", &table_name)],
        ),
        left: with(
            include_str!("../../sql/map/left.sql"),
            &[("row_hash", &rows.row_hash), ("table_name", &table_name)],
        ),
        put: (!sides.fillable.is_empty())
            .then(|| with(include_str!("../../sql/map/put.sql"), &[("put", &put), ("table_name", &table_name)])),
        undo_decide: with(include_str!("../../sql/map/undo_decide.sql"), &[("table_name", &table_name)]),
        undo: with(include_str!("../../sql/map/undo.sql"), &[]),
        rows: Some(rows),
        table: sides.table.clone(),
    }
}

/// The columns of a mapping's table that a file may fill: all but those that make the pair.
pub fn fillable(mapping: &Mapping, table: &Table) -> Vec<Fillable> {
    let own = |c: &Column| {
        let is = |ident: &Ident| ident.raw() == c.name;
        is(&mapping.left) || is(&mapping.right.column) || mapping.primary.as_ref().is_some_and(is)
    };
    let columns = table.columns.iter().filter(|c| !own(c) && !c.generated && c.identity != "a");
    let one = |c: &Column| Fillable {
        name: c.name.clone(),
        kind: c.bottom_type.clone(),
        length: c.length,
        is_evidence: mapping.evidence.as_ref().is_some_and(|e| e.raw() == c.name),
    };
    columns.map(one).collect()
}

/// A value that the file names takes the column; evidence keeps what stands beside it.
fn put_into(column: &Fillable) -> Sql {
    let template = if column.is_evidence {
        "${c} = case when g.put ? ${n} then coalesce(m.${c}, '{}') || n.${c} else m.${c} end"
    } else {
        "${c} = case when g.put ? ${n} then n.${c} else m.${c} end"
    };
    let (ident, name) = (Ident::of_the_server(&column.name), Literal::new(column.name.as_str()));
    Sql::fill(template, &[("c", &ident), ("n", &name)])
}

/// The signals in the order of their labels, which is the order in which evidence names them.
struct Sorted<'a> {
    explicit: Vec<&'a (String, Expr)>,
    rules: Vec<&'a (String, Expr)>,
    text: Vec<&'a (String, f64, Expr)>,
}

impl<'a> Sorted<'a> {
    fn of(signals: &'a Signals) -> Sorted<'a> {
        let mut sorted = Sorted {
            explicit: signals.explicit.iter().collect(),
            rules: signals.rules.iter().collect(),
            text: signals.text.iter().collect(),
        };
        sorted.explicit.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.rules.sort_by(|a, b| a.0.cmp(&b.0));
        sorted.text.sort_by(|a, b| a.0.cmp(&b.0));
        sorted
    }

    /// A column of text for each, with a comma before it.
    fn columns(&self, target: &Table) -> Sql {
        let values =
            self.explicit.iter().chain(&self.rules).map(|(_, e)| Sql::fill("to_jsonb(${e})::text", &[("e", e)]));
        let all = values.chain(self.text.iter().map(|(_, _, e)| text(e, target)));
        Sql::join(
            "",
            all.enumerate().map(|(n, value)| {
                let name = Ident::of_the_server(format!("pgfold_signal_{n}"));
                Sql::fill(", ${v} as ${n}", &[("v", &value), ("n", &name)])
            }),
        )
    }
}

/// A text signal as text: a string in JSON gives what it says.
fn text(expr: &Expr, target: &Table) -> Sql {
    let kind = expr.bare().and_then(|name| target.column(&name)).map(|c| c.bottom_type.as_str());
    match kind {
        // the detour costs more than reading the row
        Some("text" | "character varying") => Sql::fill("${e}::text", &[("e", expr)]),
        _ => Sql::fill("to_jsonb(${e}) #>> '{}'", &[("e", expr)]),
    }
}
