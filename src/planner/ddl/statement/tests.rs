//! What is read of statements, and what is named because it is not.

use super::*;
use crate::sql::parse;

fn told_of(statement: &str, table: &str) -> Vec<DdlFact> {
    facts(&parse::statement(statement), table)
}

#[test]
fn a_table_is_read_with_all_that_holds_its_rows_together() {
    let told = told_of(
        "create table if not exists public.things (id bigint generated always as identity primary key, -- the id\n \
         \"Key\" text not null constraint k unique, n numeric(6, 2) default round(1.5, 1) check (n >= 0 and n::int <> 3),\n \
         r text references refs on delete set null default 'x' not null, a int[] not null, low text generated always as (lower(r) || ')') stored not null, unique nulls not distinct (n, \"Key\"),\n \
         constraint c check (n > 1 or r <> ')'), foreign key (r, n) references s.t (x, y) deferrable initially deferred)",
        "things",
    );
    let column = |name: &str| {
        told.iter().find_map(|d| match d {
            DdlFact::Column(c) if c.name == name => Some(c.clone()),
            _ => None,
        })
    };
    let id = column("id").unwrap();
    assert_eq!((id.identity.as_str(), id.not_null), ("a", true));
    assert_eq!(column("n").unwrap().default.as_deref(), Some("round(1.5, 1)"));
    let r = column("r").unwrap();
    assert_eq!((r.default.as_deref(), r.not_null), (Some("'x'"), true));
    assert_eq!(column("a").unwrap().type_words.concat(), "int[]");
    let low = column("low").unwrap();
    assert_eq!((low.generation.as_deref(), low.not_null), (Some("lower(r) || ')'"), true));
    let checks: Vec<&DdlFact> = told.iter().filter(|d| matches!(d, DdlFact::Check { .. })).collect();
    let check = |name: Option<&str>, e: &str| DdlFact::Check {
        name: name.map(str::to_owned),
        expression: e.to_owned(),
        not_valid: false,
    };
    assert_eq!(checks, [&check(None, "n >= 0 and n::int <> 3"), &check(Some("c"), "n > 1 or r <> ')'")]);
    let uniques = told.iter().filter(|d| matches!(d, DdlFact::Unique { .. })).count();
    let foreign = told.iter().filter(|d| matches!(d, DdlFact::Foreign { .. })).count();
    let deferred =
        told.iter().any(|d| matches!(d, DdlFact::Foreign { deferred: true, referenced, .. } if referenced.len() == 2));
    assert_eq!((uniques, foreign, deferred), (3, 2, true));
    assert!(!told.iter().any(|d| matches!(d, DdlFact::Unknown(_))), "{told:?}");
}

#[test]
fn what_is_not_understood_is_named() {
    let unknown = |s: &str| told_of(s, "t").into_iter().filter(|d| matches!(d, DdlFact::Unknown(_))).count();
    for statement in [
        "create unique index u on t (a text_pattern_ops)",
        "create unique index u on t (a collate \"C\")",
        "create table t (like other including all)",
        "create table t as select 1",
        "alter table t add constraint x exclude using gist (a with =)",
        "create trigger g before insert on t for each row execute function f()",
    ] {
        assert_eq!(unknown(statement), 1, "{statement}");
    }
    assert_eq!(told_of("create unique index u on other (a)", "t"), []);
}

#[test]
fn an_index_is_read_with_its_parts_and_its_condition() {
    let told = told_of(
        "create unique index concurrently u on only t using btree (a desc, lower(b), (n / 2)) where c > 0",
        "t",
    );
    let [DdlFact::Unique { parts, predicate, .. }] = told.as_slice() else { panic!("{told:?}") };
    let expected = [
        KeyPart::Column("a".to_owned()),
        KeyPart::Expression("lower(b)".to_owned()),
        KeyPart::Expression("(n / 2)".to_owned()),
    ];
    assert_eq!((parts.as_slice(), predicate.as_deref()), (expected.as_slice(), Some("c > 0")));
}

#[test]
fn alterations_are_read_one_by_one() {
    let told = told_of(
        "alter table t add column c int not null check (c > 0), add constraint k unique (c, d), alter d set not null",
        "t",
    );
    assert_eq!(told.len(), 4, "{told:?}");
}
