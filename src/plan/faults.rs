//! What the server would refuse in a row, as predicates that can be asked without writing.

use crate::catalog::{Column, Constraint, ConstraintKind, Index};
use crate::manifest::Value;
use crate::sql::{Ident, Literal, Sql};

use super::fold::Fold;

/// The text array of a row's faults: `SQLSTATE object`, all of them.
pub fn faults(fold: &Fold) -> Sql {
    let mut all = Vec::new();
    for (column, _) in fold.columns() {
        let Some(c) = fold.into.column(column.raw()) else { continue };
        if c.not_null || column == fold.target.key || fold.target.required.contains(&c.name) {
            all.push(fault("23502", &c.name, &Sql::fill("q.${c} is null", &[("c", &column)])));
        }
        all.extend(too_long(&column, c));
        all.extend(other_bits(&column, c));
        all.extend(too_large(&column, c));
    }
    let unknown: Vec<Ident> = fold.left_out().into_iter().filter(|(.., unknown)| *unknown).map(|(c, ..)| c).collect();
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
            ConstraintKind::Foreign => all.extend(orphan(fold, constraint)),
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

/// Found by length: a cast would cut silently.
fn too_long(column: &Ident, c: &Column) -> Option<Sql> {
    let length = c.length?;
    let when = if c.is_array() {
        "exists (select from unnest(q.${c}) pgfold_x where char_length(rtrim(pgfold_x::text, ' ')) > ${n})"
    } else {
        "char_length(rtrim(q.${c}::text, ' ')) > ${n}"
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

fn too_large(column: &Ident, c: &Column) -> Option<Sql> {
    let (precision, scale) = (c.precision?, c.scale?);
    let when = if c.is_array() {
        "exists (select from unnest(q.${c}) pgfold_x where pgfold_x not in ('NaN') and abs(round(pgfold_x, ${s})) >= 10::numeric ^ ${d})"
    } else {
        "q.${c}::numeric not in ('NaN') and abs(round(q.${c}::numeric, ${s})) >= 10::numeric ^ ${d}"
    };
    let when = Sql::fill(when, &[("c", column), ("s", &i64::from(scale)), ("d", &i64::from(precision - scale))]);
    Some(fault("22003", &c.name, &when))
}

fn orphan(fold: &Fold, constraint: &Constraint) -> Option<Sql> {
    let filled = fold.columns();
    if !constraint.columns.iter().any(|k| filled.iter().any(|(c, _)| c.raw() == k)) {
        return None;
    }
    let references = constraint.references.as_ref()?;
    let here: Vec<Ident> = constraint.columns.iter().map(|c| Ident::of_the_server(c.as_str())).collect();
    let given = Sql::join(" and ", here.iter().map(|c| Sql::fill("q.${c} is not null", &[("c", c)])));
    let pairs = here
        .iter()
        .zip(&constraint.referenced_columns)
        .map(|(c, r)| Sql::fill("r.${r} = q.${c}", &[("c", c), ("r", &Ident::of_the_server(r.as_str()))]));
    let when = Sql::fill(
        "${given} and not exists (select from ${table} r where ${same})",
        &[("given", &given), ("table", references), ("same", &Sql::join(" and ", pairs))],
    );
    Some(fault("23503", &constraint.name, &when))
}

/// The unique indexes, besides the key's, that an inserted row could violate, each with its place in the table:
/// rows of one source meet rows of another there, whichever of its columns each fills or leaves to their defaults.
pub fn other_uniques<'a>(fold: &'a Fold) -> Vec<(usize, &'a Index)> {
    let unknown: Vec<Ident> = fold.left_out().into_iter().filter(|(.., unknown)| *unknown).map(|(c, ..)| c).collect();
    let generated: Vec<&str> = fold.into.columns.iter().filter(|c| c.generated).map(|c| c.name.as_str()).collect();
    let known = |i: &Index| {
        let unknown = i.columns.iter().flatten().any(|c| unknown.iter().any(|u| u.raw() == c));
        // what the server generates is not among the values of a shaped row
        let generates = i.parts.iter().chain(&i.predicate).any(|p| generated.iter().any(|g| p.contains(g)));
        i.unique && i.valid && !i.arbitrates(fold.target.key.raw()) && !unknown && !generates
    };
    fold.into.indexes.iter().enumerate().filter(|(_, i)| known(i)).collect()
}

/// For each other unique index one jsonb of its values, null where the row is not in the index.
pub fn unique_values(fold: &Fold) -> Sql {
    let all = other_uniques(fold)
        .into_iter()
        .map(|(n, index)| Sql::fill("${v} as pgfold_u${n}", &[("v", &index_values(index)), ("n", &(n as i64))]));
    let all: Vec<Sql> = all.collect();
    if all.is_empty() { Sql::constant("null::jsonb as pgfold_u") } else { Sql::join(",\n         ", all) }
}

/// The values of an index entry as jsonb, for whatever relation is in scope; null when no entry would collide.
pub fn index_values(index: &Index) -> Sql {
    let parts = Sql::join(", ", index.parts.iter().map(|p| Sql::of_the_server(format!("({p})"))));
    let entry = Sql::fill("jsonb_build_array(${parts})", &[("parts", &parts)]);
    let nulls = index.parts.iter().map(|p| Sql::fill("(${p}) is null", &[("p", &Sql::of_the_server(p.as_str()))]));
    let nulls = if index.nulls_not_distinct { Sql::constant("false") } else { Sql::join(" or ", nulls) };
    let inside = index.predicate.as_ref().map_or(Sql::constant("true"), |p| Sql::of_the_server(p.as_str()));
    Sql::fill(
        "case when not (${nulls}) and (${inside}) then ${entry} end",
        &[("nulls", &nulls), ("inside", &inside), ("entry", &entry)],
    )
}

/// The columns whose `default` was used for a row.
pub fn defaulted(fold: &Fold) -> Sql {
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
pub fn unmapped(fold: &Fold) -> Sql {
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

/// The columns whose value the target would round.
pub fn lossy(fold: &Fold) -> Sql {
    let rounds = fold.columns().into_iter().filter_map(|(column, _)| {
        let c = fold.into.column(column.raw())?;
        let scale = i64::from(c.scale?);
        let n = Literal::new(column.raw());
        let rounds = if c.is_array() {
            "case when exists (select from unnest(q.${c}) pgfold_x where round(pgfold_x, ${s}) <> pgfold_x) then ${n} end"
        } else {
            "case when round(q.${c}::numeric, ${s}) <> q.${c}::numeric then ${n} end"
        };
        Some(Sql::fill(
            rounds,
            &[("c", &column), ("s", &scale), ("n", &n)],
        ))
    });
    names(rounds.collect())
}

fn names(cases: Vec<Sql>) -> Sql {
    if cases.is_empty() {
        return Sql::constant("null::text[]");
    }
    Sql::fill("nullif(array_remove(array[${all}]::text[], null), '{}')", &[("all", &Sql::join(", ", cases))])
}
