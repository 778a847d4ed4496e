//! The manifest's expressions, each with the relation in whose scope it stands.

use crate::catalog::Table;
use crate::manifest::Value;
use crate::planner::contract::candidates::{self, Candidate};
use crate::planner::contract::missing;
use crate::planner::input::PlanInput;
use crate::sql::{Expr, Ident, Sql};

/// How long an expression must give the same value for the same row.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// It gives a value once.
    Once,
    /// Rows are ranked or left out by it.
    ARun,
    /// Rows are told apart by it, in every run.
    Forever,
}

/// An expression to be tried on the server: `select <expression> from <relation>`.
pub struct Probe {
    /// Where it stands in the manifest.
    pub about: String,
    pub expr: Expr,
    /// The relation with its alias, in whose scope it stands.
    pub relation: Sql,
    /// Wraps the expression as it is used: `(${e})::type`.
    pub cast: Option<Sql>,
    /// Names that would have been right.
    pub known: Vec<Candidate>,
    pub lasts: Lasts,
    /// Becomes a time with zone, and nothing says in which zone it was written.
    pub zoneless: bool,
    /// The kind of type that the one column of a bare expression should have.
    pub family: Option<&'static str>,
}

impl Probe {
    /// What one could have meant, the likeliest first.
    pub fn near(&self, missing: &str) -> Vec<String> {
        let bare = self.expr.bare().is_some() || self.expr.bare_cast().is_some();
        candidates::nearest(missing, self.family.filter(|_| bare), &self.known)
    }
}

/// Every expression of the manifest with the relation that it is about.
pub fn probes(given: &PlanInput) -> Vec<Probe> {
    let mut out = Vec::new();
    let Some(into) = given.target_after() else { return out };
    for source in &given.manifest.sources {
        // of one that we may not read, the contract names the grant, and every expression would fail for the same reason
        let Some(legacy) = given.catalog.table(&source.table).filter(|t| t.can_select) else { continue };
        let relation = Sql::fill("${t} as ${a}", &[("t", &legacy.name), ("a", &legacy.name.name)]);
        let known = candidates::of(legacy, &missing::used(source, legacy));
        let at = format!("source {}", source.table.plain());
        let mut add = |about: String, expr: &Expr, cast: Option<Sql>, zoneless: bool, lasts: Lasts| {
            let (expr, relation) = (expr.clone(), relation.clone());
            let family = cast.as_ref().map(|t| candidates::of_type(t.as_str())).filter(|_| about.contains(".columns."));
            out.push(Probe { about, expr, relation, cast, known: known.clone(), lasts, zoneless, family });
        };
        add(format!("{at}.key"), &source.key, Some(Sql::constant("text")), false, Lasts::Forever);
        add(format!("{at}.where"), &source.filter, Some(Sql::constant("boolean")), false, Lasts::ARun);
        for winner in &source.winner {
            add(format!("{at}.winner"), &winner.expr, None, false, Lasts::ARun);
        }
        for rule in &source.columns {
            let to = into.column(rule.column.raw()).map(|c| Sql::of_the_server(c.uncut_type()));
            let cast = if matches!(rule.value, Value::Mapped { .. }) { Some(Sql::constant("text")) } else { to };
            let zoned = into.column(rule.column.raw()).is_some_and(|c| c.bottom_type == "timestamp with time zone");
            let plain = matches!(rule.value, Value::Expr { .. });
            let zoneless = plain && zoned && source.timezone.is_none();
            add(format!("{at}.columns.{}", rule.column.raw()), rule.value.expr(), cast, zoneless, Lasts::Once);
        }
    }
    if into.can_select {
        target_probes(given, &into, &mut out);
    }
    out
}

fn target_probes(given: &PlanInput, into: &Table, out: &mut Vec<Probe>) {
    let now = given.target();
    let coming = into.columns.iter().filter(|c| now.is_none_or(|n| n.column(&c.name).is_none())).map(|c| {
        Sql::fill(
            ", null::${t} as ${c}",
            &[("t", &Sql::of_the_server(c.uncut_type())), ("c", &Ident::of_the_server(c.name.as_str()))],
        )
    });
    let coming = Sql::join("", coming);
    let relation = match now {
        Some(_) => Sql::fill(
            "(select pgfold_t.*${coming} from ${t} pgfold_t) as ${a}",
            &[("coming", &coming), ("t", &into.name), ("a", &into.name.name)],
        ),
        None => Sql::fill("(select true as pgfold_t${coming}) as ${a}", &[("coming", &coming), ("a", &into.name.name)]),
    };
    let known = candidates::of(into, &[]);
    let mut lasting = |about: String, expr: &Expr, lasts: Lasts| {
        let (expr, relation) = (expr.clone(), relation.clone());
        let known = known.clone();
        out.push(Probe { about, expr, relation, cast: None, known, lasts, zoneless: false, family: None });
    };
    if let Some(existing) = &given.manifest.target.existing_key {
        lasting("target.existing_key".to_owned(), existing, Lasts::Forever);
    }
    if let Some(alike) = &given.manifest.target.secondary_key {
        lasting("target.secondary_key".to_owned(), alike, Lasts::Forever);
    }
    let mut add = |about: String, expr: &Expr| lasting(about, expr, Lasts::Once);
    for (name, written) in crate::planner::ddl::target_after::written(given) {
        add(format!("{name}, which comes with an enhancement"), &written);
    }
    let target = &given.manifest.target;
    if let Some(soft) = &target.soft_delete {
        add("target.soft_delete.live".to_owned(), &soft.live);
        for (column, expr) in &soft.set {
            add(format!("target.soft_delete.set.{}", column.raw()), expr);
        }
    }
    for m in &given.manifest.mappings {
        let at = format!("mapping {}.signals", m.name);
        for (label, expr) in m.signals.explicit.iter().chain(&m.signals.rules) {
            add(format!("{at}.{label}"), expr);
        }
        for (label, _, expr) in &m.signals.text {
            add(format!("{at}.text.{label}"), expr);
        }
    }
}
