//! What the server would refuse in a row, as predicates that can be asked without writing.

use crate::catalog::{Column, Constraint, ConstraintKind, Index};
use crate::manifest::Value;
use crate::planner::rows::source_query::SourceQuery;
use crate::sql::{Ident, Literal, Sql};

/// The text array of a row's faults: `SQLSTATE object`, all of them. `parents`: foreign keys of the target to itself are
/// judged, too, by the parents that arrive with the run.
pub fn faults(fold: &SourceQuery, parents: bool) -> Sql {
    let (mut all, whole) = (Vec::new(), fold.taken_whole());
    for (column, _) in fold.columns() {
        let Some(c) = fold.into.column(column.raw()) else { continue };
        let raw = fold.raw(&column);
        if fold.target.required.contains(&c.name) {
            // what check 3 would call empty
            let when = Sql::fill("(q.${c} is null or btrim(q.${c}::text) = '')", &[("c", &raw)]);
            all.push(fault("23502", &c.name, &when));
        } else if c.not_null || column == fold.target.key {
            all.push(fault("23502", &c.name, &Sql::fill("q.${c} is not distinct from null", &[("c", &raw)])));
        }
        all.extend(too_long(&raw, c, whole.iter().any(|(_, w)| *w == column)));
        all.extend(other_bits(&raw, c));
        all.extend(too_large_when(&raw, c).map(|when| fault("22003", &c.name, &when)));
    }
    if fold.cuts_what_is_whole() {
        all.push(Sql::constant("(select 'cut ' || u from unnest(q.pgfold_cut) u limit 1)"));
    }
    let unknown = fold.unknown();
    for constraint in &fold.into.constraints {
        let touches = |c: &Ident| constraint.columns.iter().any(|k| k == c.raw());
        if unknown.iter().any(touches) {
            continue;
        }
        match constraint.kind {
            ConstraintKind::Check => {
                if let Some(expression) = &constraint.expression {
                    let holds = Sql::fill("not (${e})", &[("e", &Sql::of_the_server(expression.as_str()))]);
                    all.push(fault("23514", &constraint.name, &holds));
                }
            }
            ConstraintKind::Foreign => all.extend(orphan(fold, constraint, parents)),
            _ => {}
        }
    }
    all.push(Sql::constant("(select 'unmapped ' || u from unnest(q.pgfold_unmapped) u limit 1)"));
    Sql::fill("array_remove(array[${all}]::text[], null)", &[("all", &Sql::join(",\n           ", all))])
}

fn fault(code: &'static str, object: &str, when: &Sql) -> Sql {
    let word = Literal::new(format!("{code} {object}"));
    Sql::fill("case when ${when} then ${word} end", &[("when", when), ("word", &word)])
}

/// Found by length: a cast would cut silently. Blanks at the end the server cuts itself, but not from what is taken whole.
fn too_long(column: &Ident, c: &Column, whole: bool) -> Option<Sql> {
    let length = c.length?;
    let blanks_count = whole && c.bottom_type.starts_with("character varying");
    let when = match (c.is_array(), blanks_count) {
        (true, false) => {
            "exists (select from unnest(q.${c}) pgfold_x where char_length(rtrim(pgfold_x::text, ' ')) > ${n})"
        }
        (true, true) => "exists (select from unnest(q.${c}) pgfold_x where char_length(pgfold_x) > ${n})",
        (false, false) => "char_length(rtrim(q.${c}::text, ' ')) > ${n}",
        (false, true) => "char_length(q.${c}) > ${n}",
    };
    let when = Sql::fill(when, &[("c", column), ("n", &i64::from(length))]);
    Some(fault("22001", &c.name, &when))
}

/// Bits are neither cut nor filled up where a row is written.
fn other_bits(column: &Ident, c: &Column) -> Option<Sql> {
    let bits = c.bits?;
    let varies = c.bottom_type.starts_with("bit varying");
    let when = match (varies, c.is_array()) {
        (true, false) => "length(q.${c}) > ${n}",
        (false, false) => "length(q.${c}) <> ${n}",
        (true, true) => "exists (select from unnest(q.${c}) pgfold_x where length(pgfold_x) > ${n})",
        (false, true) => "exists (select from unnest(q.${c}) pgfold_x where length(pgfold_x) <> ${n})",
    };
    let when = Sql::fill(when, &[("c", column), ("n", &i64::from(bits))]);
    Some(fault(if varies { "22001" } else { "22026" }, &c.name, &when))
}

/// A number that its column has no digits for.
pub(in crate::planner) fn too_large_when(column: &Ident, c: &Column) -> Option<Sql> {
    let (precision, scale) = (c.precision?, c.scale?);
    let when = if c.is_array() {
        "exists (select from unnest(q.${c}) pgfold_x where pgfold_x not in ('NaN') and abs(round(pgfold_x, ${s})) >= 10::numeric ^ ${d})"
    } else {
        "q.${c}::numeric not in ('NaN') and abs(round(q.${c}::numeric, ${s})) >= 10::numeric ^ ${d}"
    };
    Some(Sql::fill(when, &[("c", column), ("s", &i64::from(scale)), ("d", &i64::from(precision - scale))]))
}

fn orphan(fold: &SourceQuery, constraint: &Constraint, parents: bool) -> Option<Sql> {
    let itself = fold.self_reference(constraint);
    if itself.is_some() && !parents {
        return None;
    }
    let filled = fold.columns();
    if !constraint.columns.iter().any(|k| filled.iter().any(|(c, _)| c.raw() == k)) {
        return None;
    }
    let references = constraint.references.as_ref()?;
    let here: Vec<Ident> = constraint.columns.iter().map(|c| Ident::of_the_server(c.as_str())).collect();
    let given = Sql::join(" and ", here.iter().map(|c| Sql::fill("q.${c} is not null", &[("c", c)])));
    let pairs = here.iter().zip(&constraint.referenced_columns).enumerate().map(|(i, (c, r))| {
        let operator = constraint.operators.get(i).map_or("=", String::as_str);
        let own = Sql::fill("q.${c}", &[("c", c)]);
        let own = match constraint.collations.get(i).and_then(Option::as_ref) {
            Some(collation) => Sql::fill("(${v} collate ${c})", &[("v", &own), ("c", collation)]),
            None => own,
        };
        Sql::fill(
            "r.${r} ${operator} ${own}",
            &[("own", &own), ("r", &Ident::of_the_server(r.as_str())), ("operator", &Sql::of_the_server(operator))],
        )
    });
    let when = Sql::fill(
        "${given} and not exists (select from ${table} r where ${same})",
        &[("given", &given), ("table", references), ("same", &Sql::join(" and ", pairs))],
    );
    let arrives =
        itself.map(|n| Sql::fill("${when} and not q.${a}", &[("when", &when), ("a", &SourceQuery::arrives(n))]));
    Some(fault("23503", &constraint.name, &arrives.unwrap_or(when)))
}

/// The unique indexes, besides the key's, that an inserted row could violate, each with its place in the table:
/// rows of one source meet rows of another there, whichever of its columns each fills or leaves to their defaults.
pub fn other_uniques<'a>(fold: &'a SourceQuery) -> Vec<(usize, &'a Index)> {
    let unknown = fold.unknown();
    let generated = fold.generated().into_iter().filter(|(_, value)| value.is_none());
    let generated: Vec<String> = generated.map(|(c, _)| c.raw().to_owned()).collect();
    let known = |i: &Index| {
        let unknown = i.columns.iter().flatten().any(|c| unknown.iter().any(|u| u.raw() == c));
        // what rests on a value that the server will make is not among those of a shaped row
        let generates = i.parts.iter().chain(&i.predicate).any(|p| generated.iter().any(|g| p.contains(g.as_str())));
        let key = fold.into.key_index(fold.target.key.raw()).is_some_and(|k| k.name == i.name);
        i.unique && i.valid && !key && !i.arbitrates(fold.target.key.raw()) && !unknown && !generates
    };
    fold.into.indexes.iter().enumerate().filter(|(_, i)| known(i)).collect()
}

/// For each other unique index one row of its values, null where the row is not in the index.
pub fn unique_values(fold: &SourceQuery) -> Sql {
    let all = other_uniques(fold)
        .into_iter()
        .map(|(n, index)| Sql::fill("${v} as pgfold_u${n}", &[("v", &index_values(index)), ("n", &(n as i64))]));
    let all: Vec<Sql> = all.chain(crate::planner::rows::unique_conflicts::parts(fold)).collect();
    if all.is_empty() { Sql::constant("null::jsonb as pgfold_u") } else { Sql::join(",\n         ", all) }
}

/// The values of an index entry as a row, which is compared as its types are, for whatever relation is in scope; null
/// when no entry would collide.
pub fn index_values(index: &Index) -> Sql {
    let one = |(i, p): (usize, &String)| collated_part(index, i, Sql::of_the_server(format!("({p})")));
    let parts = Sql::join(", ", index.parts.iter().enumerate().map(one));
    let entry = Sql::fill("row(${parts})", &[("parts", &parts)]);
    let nulls = index
        .parts
        .iter()
        .map(|p| Sql::fill("(${p}) is not distinct from null", &[("p", &Sql::of_the_server(p.as_str()))]));
    let nulls = if index.nulls_not_distinct { Sql::constant("false") } else { Sql::join(" or ", nulls) };
    let inside = index.predicate.as_ref().map_or(Sql::constant("true"), |p| Sql::of_the_server(p.as_str()));
    Sql::fill(
        "case when not (${nulls}) and (${inside}) then ${entry} end",
        &[("nulls", &nulls), ("inside", &inside), ("entry", &entry)],
    )
}

/// A value with the collation by which the index compares this part.
pub(super) fn collated_part(index: &Index, i: usize, value: Sql) -> Sql {
    match index.key_parts.get(i).and_then(|p| p.collation.as_ref()) {
        Some(collation) => Sql::fill("(${v} collate ${c})", &[("v", &value), ("c", collation)]),
        None => value,
    }
}

/// The columns whose `default` was used for a row.
pub fn defaulted(fold: &SourceQuery) -> Sql {
    let used = fold.source.columns.iter().filter_map(|rule| match &rule.value {
        Value::Mapped { from, map, default: Some(_), .. } => {
            let from = Sql::as_written(from.raw());
            let outside = outside(&from, map);
            Some(Sql::fill(
                "case when (${from})::text is null or (${outside}) then ${n} end",
                &[("from", &from), ("outside", &outside), ("n", &Literal::new(rule.column.raw()))],
            ))
        }
        _ => None,
    });
    names(used.collect())
}

/// The columns whose value is outside its `map` and that have no default.
pub fn unmapped(fold: &SourceQuery) -> Sql {
    let missed = fold.source.columns.iter().filter_map(|rule| match &rule.value {
        Value::Mapped { from, map, default: None, .. } => {
            let outside = outside(&Sql::as_written(from.raw()), map);
            Some(Sql::fill(
                "case when ${outside} then ${n} end",
                &[("outside", &outside), ("n", &Literal::new(rule.column.raw()))],
            ))
        }
        _ => None,
    });
    names(missed.collect())
}

fn outside(from: &Sql, map: &[(String, String)]) -> Sql {
    if map.is_empty() {
        return Sql::constant("false");
    }
    let keys = Sql::join(", ", map.iter().map(|(k, _)| Literal::new(k.as_str())));
    Sql::fill("(${from})::text not in (${keys})", &[("from", from), ("keys", &keys)])
}

/// The columns whose value the target would round or cut.
pub fn lossy(fold: &SourceQuery) -> Sql {
    let known = ["numeric", "character", "bit", "time", "interval"];
    let rounds = fold.columns().into_iter().filter_map(|(column, _)| {
        let c = fold.into.column(column.raw()).filter(|c| c.fits_in())?;
        known.iter().any(|k| c.bottom_type.starts_with(k)).then(|| {
            // arrays of a domain have no equality with those of what lies below it
            let below = Sql::of_the_server(c.uncut_type());
            Sql::fill(
                "case when q.${c}::${t} is distinct from q.${r} then ${n} end",
                &[("c", &column), ("t", &below), ("r", &fold.raw(&column)), ("n", &Literal::new(column.raw()))],
            )
        })
    });
    let rounds = names(rounds.collect());
    if !fold.narrows() {
        return rounds;
    }
    Sql::fill("(select array_agg(distinct u) from unnest(${r} || q.pgfold_narrowed) u)", &[("r", &rounds)])
}

pub(in crate::planner) fn names(cases: Vec<Sql>) -> Sql {
    if cases.is_empty() {
        return Sql::constant("null::text[]");
    }
    Sql::fill("nullif(array_remove(array[${all}]::text[], null), '{}')", &[("all", &Sql::join(", ", cases))])
}
