//! The manifest's expressions, each with the relation in whose scope it stands.

use crate::catalog::Table;
use crate::manifest::Value;
use crate::sql::{Expr, Ident, Sql};

use super::absent;
use super::build::Given;
use super::candidates::{self, Candidate};

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
pub fn probes(given: &Given) -> Vec<Probe> {
    let mut out = Vec::new();
    let Some(into) = given.target_to_be() else { return out };
    for source in &given.manifest.sources {
        // of one that we may not read, the contract names the grant, and every expression would fail for the same reason
        let Some(legacy) = given.catalog.table(&source.table).filter(|t| t.can_select) else { continue };
        let relation = Sql::fill("${t} as ${a}", &[("t", &legacy.name), ("a", &legacy.name.name)]);
        let known = candidates::of(legacy, &absent::used(source, legacy));
        let at = format!("source {}", source.table.plain());
        let mut add = |about: String, expr: &Expr, cast: Option<Sql>, zoneless: bool| {
            let (expr, relation) = (expr.clone(), relation.clone());
            let family = cast.as_ref().map(|t| candidates::of_type(t.as_str())).filter(|_| about.contains(".columns."));
            out.push(Probe { about, expr, relation, cast, known: known.clone(), zoneless, family });
        };
        add(format!("{at}.key"), &source.key, Some(Sql::constant("text")), false);
        add(format!("{at}.where"), &source.filter, Some(Sql::constant("boolean")), false);
        for winner in &source.winner {
            add(format!("{at}.winner"), &winner.expr, None, false);
        }
        for rule in &source.columns {
            let to = into.column(rule.column.raw()).map(|c| Sql::of_the_server(c.uncut_type()));
            let cast = if matches!(rule.value, Value::Mapped { .. }) { Some(Sql::constant("text")) } else { to };
            let zoned = into.column(rule.column.raw()).is_some_and(|c| c.bottom_type == "timestamp with time zone");
            let plain = matches!(rule.value, Value::Expr { .. });
            let zoneless = plain && zoned && source.timezone.is_none();
            add(format!("{at}.columns.{}", rule.column.raw()), rule.value.expr(), cast, zoneless);
        }
    }
    if into.can_select {
        target_probes(given, &into, &mut out);
    }
    out
}

fn target_probes(given: &Given, into: &Table, out: &mut Vec<Probe>) {
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
    let mut add = |about: String, expr: &Expr| {
        let (expr, relation) = (expr.clone(), relation.clone());
        out.push(Probe { about, expr, relation, cast: None, known: known.clone(), zoneless: false, family: None });
    };
    for (name, written) in super::coming::written(given) {
        add(format!("{name}, which comes with an enhancement"), &written);
    }
    let target = &given.manifest.target;
    if let Some(existing) = &target.existing {
        add("target.existing".to_owned(), existing);
    }
    if let Some(alike) = &target.alike {
        add("target.alike".to_owned(), alike);
    }
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
