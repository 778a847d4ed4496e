//! The two sides of a difference as json, with what the manifest calls sensitive masked.

use crate::catalog::Column;
use crate::manifest::Value;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Ident, Literal, Sql};

use crate::planner::rows::value_json::shown_in_json;
use crate::planner::rows::value_text::text_of;

pub struct DiffColumns {
    /// Column, whether its whole value is masked, and what is cut out of its json.
    columns: Vec<(Column, bool, Vec<[String; 2]>)>,
}

impl DiffColumns {
    /// The columns that the source fills and that are chosen; those that the application changes all day, too: they are
    /// shown, though never written over.
    pub fn new(fold: &SourceQuery, columns: &[Column], chosen: impl Fn(&str) -> bool) -> DiffColumns {
        let all = fold.columns().into_iter().map(|(c, _)| c);
        let compared = all.filter(|c| columns.iter().any(|k| k.name == c.raw()) && chosen(c.raw()));
        let compared = compared.filter(|c| *c != fold.target.key);
        let cut = |c: &Ident| match &fold.source.unmapped {
            Some(rest) if rest.into == *c => {
                let kept = fold.kept();
                let hidden = fold.source.sensitive.iter().filter(|s| kept.contains(&s.as_str()));
                hidden.map(|s| [rest.under.clone(), s.clone()]).collect()
            }
            _ => Vec::new(),
        };
        let known = compared.filter_map(|c| Some((columns.iter().find(|k| k.name == c.raw())?.clone(), c)));
        DiffColumns { columns: known.map(|(known, c)| (known, is_sensitive(fold, &c), cut(&c))).collect() }
    }

    /// What two sources both fill; what either keeps of its own is another thing, and so is a time of another zone.
    pub fn between(fold: &SourceQuery, other: &SourceQuery) -> DiffColumns {
        let theirs: Vec<Ident> = other.columns().into_iter().map(|(c, _)| c).collect();
        let zoned = fold.source.timezone == other.source.timezone;
        let rests = [&fold.source.unmapped, &other.source.unmapped].map(|r| r.as_ref().map(|r| r.into.clone()));
        let comparable = |name: &str| {
            let timed = fold.into.column(name).is_some_and(|c| c.bottom_type.starts_with("timestamp with time zone"));
            theirs.iter().any(|c| c.raw() == name)
                && !rests.iter().flatten().any(|r| r.raw() == name)
                && (zoned || !timed)
        };
        let mut sides = DiffColumns::new(fold, &fold.into.columns, comparable);
        for (column, whole, _) in &mut sides.columns {
            *whole |= is_sensitive(other, &Ident::of_the_server(column.name.as_str()));
        }
        sides
    }

    /// What is there and what comes in, over two aliases that have the columns.
    pub fn both(&self, there: &'static str, incoming: &'static str, masked: bool) -> (Sql, Sql) {
        (self.side(there, there, incoming, masked), self.side(incoming, there, incoming, masked))
    }

    fn side(&self, of: &'static str, there: &'static str, incoming: &'static str, masked: bool) -> Sql {
        let ident = |name: &str| Ident::of_the_server(name);
        let value = |(known, whole, cut): &(Column, bool, Vec<[String; 2]>)| {
            let column = &ident(known.name.as_str());
            if masked && *whole {
                let word = if of == there { "***" } else { "*** (another)" };
                return Sql::fill(
                    "case when ${a} is distinct from ${b} then ${word}::text else '***' end",
                    &[
                        ("a", &text_of(&Sql::fill("${a}.${c}", &[("a", &ident(there)), ("c", column)]), known)),
                        ("b", &text_of(&Sql::fill("${b}.${c}", &[("b", &ident(incoming)), ("c", column)]), known)),
                        ("word", &Literal::new(word)),
                    ],
                );
            }
            let own = shown_in_json(&Sql::fill("${t}.${c}", &[("t", &ident(of)), ("c", column)]), known);
            let hidden = cut.iter().filter(|_| masked);
            hidden.fold(own, |value, [under, name]| {
                Sql::fill(
                    "(${v}) #- array[${under}, ${name}]::text[]",
                    &[("v", &value), ("under", &Literal::new(under.as_str())), ("name", &Literal::new(name.as_str()))],
                )
            })
        };
        // a function takes at most 100 arguments
        let parts: Vec<Sql> = (self.columns.chunks(45))
            .map(|chunk| {
                let pairs = chunk.iter().map(|column| {
                    Sql::fill("${n}, ${v}", &[("n", &Literal::new(column.0.name.as_str())), ("v", &value(column))])
                });
                Sql::fill("jsonb_build_object(${p})", &[("p", &Sql::join(", ", pairs))])
            })
            .collect();
        if parts.is_empty() { Sql::constant("'{}'::jsonb") } else { Sql::join(" || ", parts) }
    }
}

/// A target column by its own name, or because a sensitive source column is part of its value.
fn is_sensitive(fold: &SourceQuery, column: &Ident) -> bool {
    let marked = &fold.source.sensitive;
    let known = fold.legacy.column_names();
    let reads = fold.source.columns.iter().filter(|rule| rule.column == *column).any(|rule| {
        let (Value::Expr { expr, .. } | Value::Mapped { from: expr, .. }) = &rule.value;
        expr.columns(&known).iter().any(|c| marked.contains(c))
    });
    reads || marked.iter().any(|s| s == column.raw())
}
