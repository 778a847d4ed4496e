//! What a statement of an enhancement locks, whether it rewrites a table and whether it destroys anything.

use crate::plan::StatementEffect;
use crate::sql::parse::{self, Node, Statement, Syntax};
use crate::text;

const EXCLUSIVE: &str = "AccessExclusiveLock";
const SHARE_ROW_EXCLUSIVE: &str = "ShareRowExclusiveLock";
const SHARE_UPDATE_EXCLUSIVE: &str = "ShareUpdateExclusiveLock";
const ROW_EXCLUSIVE: &str = "RowExclusiveLock";

/// The strongest lock, whether a table is rewritten, whether something is destroyed.
type Effect = (Option<&'static str>, bool, bool);

/// Every statement of a script, in order.
pub fn effects(file: &str, script: &str) -> Vec<StatementEffect> {
    parse::script(script).iter().map(|statement| effect(file, statement)).collect()
}

fn effect(file: &str, statement: &Statement) -> StatementEffect {
    // a `do` block or something newer: assume the worst
    let worst = (Some(EXCLUSIVE), true, true);
    let (lock, rewrites, destroys) = statement.node().and_then(|n| of_kind(n, statement)).unwrap_or(worst);
    let line: Vec<&str> = statement.text.split_whitespace().collect();
    StatementEffect {
        file: file.to_owned(),
        statement: text::cut(&line.join(" "), 160),
        lock: lock.map(str::to_owned),
        rewrites,
        destroys,
    }
}

fn of_kind(node: Node, statement: &Statement) -> Option<Effect> {
    let concurrently = node.has(Syntax::CONCURRENTLY_KW);
    Some(match node.syntax() {
        Syntax::INSERT => (Some(ROW_EXCLUSIVE), false, false),
        _ if !statement.understood => return None,
        Syntax::ALTER_TABLE => alter_table(node),
        Syntax::CREATE_INDEX => (Some(if concurrently { SHARE_UPDATE_EXCLUSIVE } else { "ShareLock" }), false, false),
        Syntax::CREATE_TRIGGER => (Some(SHARE_ROW_EXCLUSIVE), false, false),
        Syntax::CREATE_VIEW if node.has(Syntax::OR_REPLACE) => (Some(EXCLUSIVE), false, false),
        Syntax::CREATE_POLICY | Syntax::CREATE_RULE => (Some(EXCLUSIVE), false, false),
        Syntax::CREATE_TABLE if refers(node) => (Some(SHARE_ROW_EXCLUSIVE), false, false),
        Syntax::DROP_INDEX if concurrently => (Some(SHARE_UPDATE_EXCLUSIVE), false, true),
        Syntax::TRUNCATE => (Some(EXCLUSIVE), false, true),
        Syntax::UPDATE | Syntax::DELETE | Syntax::MERGE => (Some(ROW_EXCLUSIVE), false, true),
        Syntax::REINDEX if node.contains(Syntax::CONCURRENTLY_KW) => (Some(SHARE_UPDATE_EXCLUSIVE), true, false),
        Syntax::REINDEX => (Some("ShareLock"), true, false),
        Syntax::REFRESH | Syntax::CLUSTER | Syntax::LOCK => (Some(EXCLUSIVE), true, false),
        Syntax::ANALYZE => (Some(SHARE_UPDATE_EXCLUSIVE), false, false),
        Syntax::VACUUM => (Some(SHARE_UPDATE_EXCLUSIVE), node.contains(Syntax::FULL_KW), false),
        _ => by_first_word(node)?,
    })
}

fn by_first_word(node: Node) -> Option<Effect> {
    Some(match node.names().first()?.as_str() {
        // a query may change rows on the way
        "select" | "with" if node.contains(Syntax::UPDATE) || node.contains(Syntax::DELETE) => {
            (Some(ROW_EXCLUSIVE), false, true)
        }
        "select" | "with" if node.contains(Syntax::INSERT) || node.contains(Syntax::MERGE) => {
            (Some(ROW_EXCLUSIVE), false, false)
        }
        "create" | "comment" | "grant" | "revoke" | "select" | "with" | "set" => (None, false, false),
        "drop" => (Some(EXCLUSIVE), false, true),
        _ => return None,
    })
}

fn refers(node: Node) -> bool {
    node.contains(Syntax::REFERENCES_CONSTRAINT) || node.contains(Syntax::FOREIGN_KEY_CONSTRAINT)
}

/// The strongest of its actions.
fn alter_table(node: Node) -> Effect {
    let actions: Vec<Node> = node.children().filter(|n| n.is_node() && !n.is(Syntax::TABLE_RELATION_NAME)).collect();
    let all = |of: fn(Node) -> bool| !actions.is_empty() && actions.iter().all(|a| of(*a));
    let any = |of: fn(Node) -> bool| actions.iter().any(|a| of(*a));
    let lock = if all(|a| a.is(Syntax::VALIDATE_CONSTRAINT) || a.has(Syntax::SET_STATISTICS)) {
        SHARE_UPDATE_EXCLUSIVE
    } else if all(|a| a.is(Syntax::ADD_CONSTRAINT) && refers(a)) {
        SHARE_ROW_EXCLUSIVE
    } else {
        EXCLUSIVE
    };
    let destroys = |a: Node| {
        let of_column = [Syntax::DROP_DEFAULT, Syntax::SET_TYPE];
        matches!(a.syntax(), Syntax::DROP_COLUMN | Syntax::DROP_CONSTRAINT) || of_column.iter().any(|s| a.has(*s))
    };
    (Some(lock), any(rewrites), any(destroys))
}

/// Whether every row is written anew: for a value that is computed for each, for another type or another place.
fn rewrites(action: Node) -> bool {
    let volatile = ["random", "nextval", "clock_timestamp", "gen_random_uuid", "uuid_generate_v4"];
    let whole = [Syntax::SET_LOGGED, Syntax::SET_UNLOGGED, Syntax::SET_TABLESPACE, Syntax::SET_ACCESS_METHOD];
    let computed = action.is(Syntax::ADD_COLUMN) && {
        let mut names = action.children().filter(|n| !n.is(Syntax::COLUMN_NAME)).flat_map(Node::names);
        names.any(|n| volatile.contains(&n.as_str()) || super::statement::serial(&n).is_some())
            || action.contains(Syntax::STORED_KW)
            || action.contains(Syntax::IDENTITY_KW)
    };
    computed || whole.contains(&action.syntax()) || action.has(Syntax::SET_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_says_what_it_locks_rewrites_and_destroys() {
        let script = "-- a; comment\nalter table t add column c int default 1;\ncreate unique index concurrently i on t (c);\n\
            create index i on t (c);alter table t add column u uuid default gen_random_uuid();\nalter table t drop column c;\n\
            create table n (a int);create function f() returns int language sql as $$ select 1; $$;\n\
            alter table t add constraint k foreign key (a) references r not valid; alter table t validate constraint k; do $$ begin end $$";
        let told: Vec<(Option<String>, bool, bool)> =
            effects("f", script).into_iter().map(|e| (e.lock, e.rewrites, e.destroys)).collect();
        let lock = |l: &str, r, d| (Some(format!("{l}Lock")), r, d);
        let expected = vec![
            lock("AccessExclusive", false, false),
            lock("ShareUpdateExclusive", false, false),
            lock("Share", false, false),
            lock("AccessExclusive", true, false),
            lock("AccessExclusive", false, true),
            (None, false, false),
            (None, false, false),
            lock("ShareRowExclusive", false, false),
            lock("ShareUpdateExclusive", false, false),
            lock("AccessExclusive", true, true),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn the_strongest_action_counts_and_what_is_no_sql_is_the_worst() {
        let told = |script: &str| {
            let all: Vec<String> = effects("f", script)
                .into_iter()
                .map(|e| format!("{} {} {}", e.lock.unwrap_or_default(), e.rewrites, e.destroys))
                .collect();
            all.join("; ")
        };
        for (script, expected) in [
            ("alter table t validate constraint k, drop column c", "AccessExclusiveLock false true"),
            ("alter table t add column \"random\" int, add column \"type\" text", "AccessExclusiveLock false false"),
            ("with x as (delete from t returning 1) select * from x", "RowExclusiveLock false true"),
            ("create function f() returns int begin atomic select 1; select 2; end", " false false"),
            ("create index primary on t", "AccessExclusiveLock true true"),
        ] {
            assert_eq!(told(script), expected, "{script}");
        }
    }
}
