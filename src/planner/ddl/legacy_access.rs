//! Statements of an enhancement that alter, drop, empty or write to a legacy table, before the server is asked.

use crate::finding::{Finding, Severity};
use crate::planner::input::PlanInput;
use crate::sql::Name;
use crate::sql::parse::{self, Node, Statement, Syntax};
use crate::sql::token::{self, Kind};

/// Of every file that no standing run applied.
pub fn legacy_touched(given: &PlanInput) -> Vec<Finding> {
    let target = given.catalog.table(&given.manifest.target.table).map(|t| &t.name);
    let sources = given.manifest.sources.iter().filter_map(|s| given.catalog.table(&s.table)).map(|t| &t.name);
    let legacy: Vec<&Name> = sources.filter(|n| Some(*n) != target).collect();
    let mut out = Vec::new();
    for script in given.scripts.iter().filter(|s| !given.applied.contains_key(&s.file)) {
        for (deed, table) in touched(&script.up, &legacy) {
            out.push(Finding::new(
                "legacy-touched",
                Severity::Refusal,
                format!("{}: {}", script.file, table.plain()),
                format!("the file {deed} a legacy table"),
                "legacy tables are never touched; take the statement out",
            ));
        }
    }
    out.dedup();
    out
}

fn touched<'n>(sql: &str, legacy: &[&'n Name]) -> Vec<(&'static str, &'n Name)> {
    let statements = parse::script(sql);
    statements.iter().filter_map(Statement::node).flat_map(|node| touched_by(node, legacy)).collect()
}

/// What a statement does now: a routine's body is run some other time, that of a `do` block at once.
fn touched_by<'n>(node: Node, legacy: &[&'n Name]) -> Vec<(&'static str, &'n Name)> {
    if node.is(Syntax::DO) {
        let bodies = node.tokens();
        let body = bodies.iter().find_map(|t| t.string()).unwrap_or_default();
        return within_block(&body, legacy);
    }
    let mut out = Vec::new();
    for part in node.descendants_outside(&[Syntax::CREATE_FUNCTION, Syntax::CREATE_PROCEDURE]) {
        let Some(deed) = deed(part) else { continue };
        for (schema, name) in tables(part) {
            let is = |l: &&&Name| name == l.name.raw() && schema.as_deref().is_none_or(|s| s == l.schema.raw());
            out.extend(legacy.iter().find(is).map(|l| (deed, *l)));
        }
    }
    out
}

fn deed(node: Node) -> Option<&'static str> {
    Some(match node.syntax() {
        Syntax::ALTER_TABLE => "alters",
        Syntax::DROP_TABLE => "drops",
        Syntax::TRUNCATE => "empties",
        Syntax::INSERT | Syntax::MERGE => "writes to",
        Syntax::DELETE => "deletes from",
        Syntax::UPDATE if node.has(Syntax::SET_CLAUSE) => "writes to",
        _ => return None,
    })
}

/// The tables that stand right behind the verb.
fn tables(node: Node) -> Vec<(Option<String>, String)> {
    let named = |n: Node| match n.syntax() {
        Syntax::TABLE_NAME_REF | Syntax::RELATION_NAME_REF => n.name().into_iter().collect::<Vec<_>>(),
        Syntax::TABLE_RELATION_NAME | Syntax::RELATION_NAME | Syntax::TABLE_LIST => {
            let refs =
                n.descendants().filter(|n| matches!(n.syntax(), Syntax::TABLE_NAME_REF | Syntax::RELATION_NAME_REF));
            refs.filter_map(Node::name).collect()
        }
        _ => Vec::new(),
    };
    node.children().flat_map(named).collect()
}

const VERBS: [&str; 7] = ["alter", "drop", "truncate", "insert", "merge", "delete", "update"];

/// The statements inside of a block of another language: each is read from its verb on.
fn within_block<'n>(body: &str, legacy: &[&'n Name]) -> Vec<(&'static str, &'n Name)> {
    let mut out = Vec::new();
    for piece in token::statements(body).unwrap_or_default() {
        let all = token::tokens(&piece).unwrap_or_default();
        let mut at = 0;
        for t in &all {
            if t.kind == Kind::Word && VERBS.iter().any(|v| t.text.eq_ignore_ascii_case(v)) {
                let statement = parse::statement(&piece[at..]);
                out.extend(statement.node().map(|n| touched_by(n, legacy)).unwrap_or_default());
            }
            at += t.text.len();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::Ident;

    #[test]
    fn each_way_to_touch_a_legacy_table_is_seen_and_nothing_else() {
        let old = Name { schema: Ident::of_the_server("public"), name: Ident::of_the_server("old") };
        let deeds = |sql: &str| touched(sql, &[&old]).iter().map(|(d, _)| *d).collect::<Vec<_>>().join(" ");
        for (sql, deed) in [
            ("alter table old add x int;", "alters"),
            ("ALTER TABLE IF EXISTS ONLY public.\"old\" drop column y", "alters"),
            ("drop table if exists new, old cascade", "drops"),
            ("truncate table only new, public.old;", "empties"),
            ("insert into old values (1)", "writes to"),
            ("update only old as o set x = 1", "writes to"),
            ("delete from old", "deletes from"),
            ("do $x$ begin execute 1; alter table old add y int; end $x$", "alters"),
            ("alter table other.old add x int", ""),
            ("create table new (x int references old (x) on update cascade)", ""),
            ("create view v as select * from old; comment on table old is 'alter table old'", ""),
            ("-- drop table old\nselect 1 from old for update of old", ""),
            ("create function f() returns void language sql as $$ delete from old $$", ""),
            ("create function f() returns void begin atomic delete from old; end", ""),
            ("with gone as (delete from old returning *) select * from gone", "deletes from"),
            (
                "do $$ begin if true then for r in select 1 loop delete from only old; end loop; end if; end $$",
                "deletes from",
            ),
            ("do 'begin truncate new, old; end'", "empties"),
            ("merge into old using new on true when matched then delete", "writes to"),
            ("create rule r as on insert to new do (select 1; delete from old)", "deletes from"),
            ("explain analyze update old set x = 1", "writes to"),
        ] {
            assert_eq!(deeds(sql), deed, "{sql}");
        }
    }
}
