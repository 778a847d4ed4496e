//! Texts that nobody would write, read as SQL: no panic, no hang, nothing lost; and the semicolons that part statements
//! are those that a second, simple reading finds.
//!
//! `make fuzz-sql` goes on for PGFOLD_FUZZ_SECONDS (600) instead of 150 texts.
#![expect(clippy::print_stdout, reason = "the seed of the slowest text belongs to the test's output")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pgfold::sql::parse;
use pgfold::sql::token::{Kind, tokens};

/// What statements are made of, and what has been mistaken for something else.
const PIECES: &[&str] = &[
    "create table t (",
    "alter table only s.t add column c int",
    "primary",
    "key",
    "unique",
    "references r (a)",
    "check (",
    "default",
    "generated always as",
    "identity",
    "constraint",
    "create unique index i on t",
    "using btree",
    "where",
    "include (x)",
    "nulls not distinct",
    "foreign key (a)",
    "on delete set null",
    "deferrable",
    "initially deferred",
    "like o including all",
    "create function f() returns int",
    "begin atomic",
    "begin",
    "case",
    "when",
    "then",
    "end",
    "language sql as",
    "do",
    "create rule r as on insert to v do (",
    "create trigger g before insert on t for each row execute function f('a')",
    "comment on column t.c is",
    "create or replace",
    "drop table a, b cascade",
    "select",
    "insert into t values (1)",
    "update t set a = 1",
    "delete from t",
    "merge into t using s on true when matched then delete",
    "truncate a, only b",
    "with x as (",
    "returning *",
    "for update of t",
    "union all",
    "lateral",
    "::int",
    "collate \"C\"",
    "[1:2]",
    "operator(pg_catalog.+)",
    "at time zone",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "..",
    ":",
    "::",
    "=>",
    ":=",
    "<>",
    "->>",
    "@>",
    "?|",
    "*",
    "-",
    "--",
    "/*",
    "*/",
    "/",
    "\n",
    "\r",
    " ",
    "\t",
    "\u{b}",
    "'",
    "''",
    "\"",
    "\"\"",
    "$",
    "$$",
    "$a$",
    "$é$",
    "$1",
    "a$b$",
    "E'",
    "e'\\'",
    "U&'",
    "U&\"",
    "uescape '!'",
    "N'",
    "b'",
    "x'",
    "\\",
    "\u{a0}",
    "\u{feff}",
    "é",
    "語",
    "🦀",
    "0x",
    "1_0",
    "1e",
    "1.",
    ".5",
    "0b12",
    "1a",
    "null",
    "not",
    "and",
    "in",
    "is",
    "a",
    "b",
    "t",
    "\u{0}",
    "--x\r",
    "'a'\n'b'",
    "{",
    "}",
    "`",
    "~",
    "#",
    "^",
    "!",
];

/// Whole statements to cut, double and mix.
const WHOLE: &str = include_str!("sql_reader/statements.sql");

static PANICS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn no_text_brings_the_reader_down() {
    let seconds = std::env::var("PGFOLD_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    watch();
    let (began, mut seed, mut slowest) = (Instant::now(), 1u64, (Duration::ZERO, 0));
    loop {
        let done = match seconds {
            Some(seconds) => began.elapsed() >= Duration::from_secs(seconds),
            None => seed > 150,
        };
        if done {
            break;
        }
        let text = text(seed);
        let one = Instant::now();
        read(seed, &text);
        slowest = slowest.max((one.elapsed(), seed));
        assert_eq!(PANICS.load(Ordering::Relaxed), 0, "seed {seed} brings the parser down:\n{text}");
        seed += 1;
    }
    println!("{} texts in {:?}; the slowest took {:?} (seed {})", seed - 1, began.elapsed(), slowest.0, slowest.1);
}

/// The reader survives a parser that panics; here that is a failure.
fn watch() {
    let former = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if std::thread::current().name() == Some(parse::WORKER) {
            PANICS.fetch_add(1, Ordering::Relaxed);
        }
        former(info);
    }));
}

fn read(seed: u64, text: &str) {
    let expected = semicolons(text);
    let Ok(all) = tokens(text) else {
        assert!(expected.is_none_or(|e| e.is_none()), "seed {seed}: closed, and said not to be:\n{text}");
        return;
    };
    assert_eq!(all.iter().map(|t| t.text).collect::<String>(), text, "seed {seed}: a piece is lost");
    let parting = all.iter().filter(|t| t.kind == Kind::Symbol && t.text == ";").count();
    if let Some(expected) = expected {
        assert_eq!(Some(parting), expected, "seed {seed}: semicolons of\n{text}");
    }
    for statement in parse::script(text) {
        let Some(node) = statement.node() else { continue };
        let words = node.tokens().len() + node.names().len() + node.descendants().count();
        assert!(words > 0 && statement.text.contains(&node.text()), "seed {seed}: the tree is not the text");
    }
}

/// Semicolons outside of quotes and comments, read character by character, or nothing where something is never closed;
/// no answer for a number with junk behind it, which the server refuses wherever it ends.
fn semicolons(text: &str) -> Option<Option<usize>> {
    // a byte order mark at the beginning is none of the text
    let c: Vec<char> = text.strip_prefix('\u{feff}').unwrap_or(text).chars().collect();
    let letter = |at: usize| c.get(at).is_some_and(|c| c.is_ascii_alphabetic() || *c == '_' || !c.is_ascii());
    let inner = |at: usize| letter(at) || c.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '$');
    let starts = |at: usize, s: &str| s.chars().enumerate().all(|(i, x)| c.get(at + i) == Some(&x));
    let (mut at, mut found) = (0, 0);
    while at < c.len() {
        if starts(at, "--") {
            while at < c.len() && c[at] != '\n' && c[at] != '\r' {
                at += 1;
            }
        } else if starts(at, "/*") {
            let mut depth = 0;
            loop {
                match () {
                    _ if at >= c.len() => return Some(None),
                    _ if starts(at, "/*") => (depth, at) = (depth + 1, at + 2),
                    _ if starts(at, "*/") => (depth, at) = (depth - 1, at + 2),
                    _ => at += 1,
                }
                if depth == 0 {
                    break;
                }
            }
        } else if matches!(c[at], '\'' | '"') {
            let Some(end) = closed(&c, at, false) else { return Some(None) };
            at = end;
        } else if matches!(c[at], 'e' | 'E') && starts(at + 1, "'") {
            let Some(end) = closed(&c, at + 1, true) else { return Some(None) };
            at = end;
        } else if letter(at) {
            while inner(at) {
                at += 1;
            }
        } else if c[at].is_ascii_digit() || (c[at] == '.' && c.get(at + 1).is_some_and(char::is_ascii_digit)) {
            while c.get(at).is_some_and(|c| c.is_ascii_digit() || *c == '_')
                || (starts(at, ".") && !starts(at + 1, "."))
            {
                at += 1;
            }
            if inner(at) || starts(at, "'") || starts(at, "\"") {
                return None;
            }
        } else if c[at] == '$' {
            let mut end = at + 1;
            while inner(end) && c[end] != '$' {
                end += 1;
            }
            if c.get(end) == Some(&'$') && (end == at + 1 || letter(at + 1)) {
                let tag: String = c[at..=end].iter().collect();
                let Some(end) = (end + 1..c.len()).find(|at| starts(*at, &tag)) else { return Some(None) };
                at = end + tag.chars().count();
            } else if inner(at + 1) && c[at + 1] != '$' {
                return None;
            } else {
                at += 1;
            }
        } else {
            found += usize::from(c[at] == ';');
            at += 1;
        }
    }
    Some(Some(found))
}

/// The place behind the quote that closes the one here.
fn closed(c: &[char], at: usize, backslash: bool) -> Option<usize> {
    let quote = c[at];
    let mut at = at + 1;
    loop {
        match c.get(at)? {
            '\\' if backslash => at += 2,
            here if *here == quote && c.get(at + 1) == Some(&quote) => at += 2,
            here if *here == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// Pieces in any order, or whole statements that were cut, doubled and mixed.
fn text(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let whole: Vec<&str> = WHOLE.split("\n---\n").collect();
    let mut out = String::new();
    if next(2) == 0 {
        for _ in 0..next(60) {
            out.push_str(PIECES[next(PIECES.len())]);
            out.push_str(if next(4) == 0 { "" } else { " " });
        }
        return out;
    }
    for _ in 0..=next(3) {
        out.push_str(whole[next(whole.len())]);
        out.push(';');
    }
    for _ in 0..next(8) {
        let places: Vec<usize> = out.char_indices().map(|(at, _)| at).chain([out.len()]).collect();
        let (a, b) = (places[next(places.len())], places[next(places.len())]);
        let (a, b) = (a.min(b), a.max(b).min(a.min(b) + 40));
        let b = (b..=out.len()).find(|b| out.is_char_boundary(*b)).unwrap_or(out.len());
        match next(4) {
            0 => out.replace_range(a..b, ""),
            1 => out.insert_str(a, PIECES[next(PIECES.len())]),
            2 => out.insert_str(b, &out[a..b].to_owned().repeat(1 + next(30))),
            _ => out.replace_range(a..b, PIECES[next(PIECES.len())]),
        }
    }
    out
}
