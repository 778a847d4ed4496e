//! Statements of an enhancement that alter, drop, empty or write to a legacy table, before the server is asked.

use crate::finding::{Finding, Severity};
use crate::sql::Name;
use crate::sql::token::{Kind, Token, tokens};

use super::build::Given;

/// What follows a table's name in a statement that touches it; the run itself asks the server's locks besides.
const TOUCHES: [(&[&str], &str); 7] = [
    (&["alter", "table"], "alters"),
    (&["drop", "table"], "drops"),
    (&["truncate"], "empties"),
    (&["insert", "into"], "writes to"),
    (&["merge", "into"], "writes to"),
    (&["delete", "from"], "deletes from"),
    (&["update"], "writes to"),
];

/// Of every file that no standing run applied.
pub fn legacy_touched(given: &Given) -> Vec<Finding> {
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
    let all = tokens(sql).unwrap_or_default();
    let all: Vec<Token> = all.into_iter().filter(|t| !matches!(t.kind, Kind::Comment | Kind::Blank)).collect();
    let word = |at: usize, w: &str| all.get(at).is_some_and(|t| t.kind == Kind::Word && t.text.eq_ignore_ascii_case(w));
    let mut out = Vec::new();
    for at in 0..all.len() {
        // a function's body is run some other time, that of a `do` now
        if word(at, "do")
            && let Some(body) = all[at..].iter().take(4).find_map(dollared)
        {
            out.extend(touched(body, legacy));
        }
        for (words, deed) in TOUCHES {
            if !words.iter().enumerate().all(|(i, w)| word(at + i, w)) {
                continue;
            }
            let mut here = at + words.len();
            while ["table", "if", "exists", "only"].iter().any(|w| word(here, w)) {
                here += 1;
            }
            // `drop` and `truncate` take several
            loop {
                let (schema, name, after) = named(&all, here);
                let found = legacy.iter().find(|l| {
                    name.as_deref() == Some(l.name.raw()) && schema.as_deref().is_none_or(|s| s == l.schema.raw())
                });
                // `for update of t` and `on update …` are no updates
                let is = words != ["update"] || word(after, "set") || word(after + 1, "set") || word(after + 2, "set");
                out.extend(found.filter(|_| is).map(|l| (deed, *l)));
                if name.is_none()
                    || all.get(after).is_none_or(|t| t.text != ",")
                    || !matches!(deed, "drops" | "empties")
                {
                    break;
                }
                here = after + 1;
            }
        }
    }
    out
}

fn dollared<'t>(token: &Token<'t>) -> Option<&'t str> {
    let text = token.text;
    let tag = text.starts_with('$').then(|| text[1..].find('$').map(|n| n + 2)).flatten()?;
    (token.kind == Kind::Text).then(|| text.get(tag..text.len().checked_sub(tag)?)).flatten()
}

/// Schema, name, and where the next token is.
fn named(all: &[Token], at: usize) -> (Option<String>, Option<String>, usize) {
    let first = all.get(at).and_then(Token::identifier);
    if all.get(at + 1).is_some_and(|t| t.text == ".") {
        return (first, all.get(at + 2).and_then(Token::identifier), at + 3);
    }
    (None, first, at + 1)
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
        ] {
            assert_eq!(deeds(sql), deed, "{sql}");
        }
    }
}
