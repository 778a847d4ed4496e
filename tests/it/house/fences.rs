//! The fences: each takes the project's files and answers with what climbs over it, one line each.

use super::circles::no_circle_in_a_room;
use super::source::{File, Kind, Token, closing};

/// Rooms that think: no waiting, no server, no files, no clock.
const BELOW_THE_LINE: [&str; 14] = [
    "planner",
    "gate",
    "plan",
    "preflight",
    "explain",
    "mapping",
    "config",
    "manifest",
    "catalog",
    "finding",
    "sql",
    "text",
    "error",
    "facts",
];

/// Answers with one line per violation.
pub type Fence = fn(&[File]) -> Vec<String>;

pub const FENCES: &[(&str, Fence)] = &[
    ("a room imports only rooms further down", layering),
    ("a plan is carried out without the planner", carried_out_without_the_planner),
    ("no circle inside a room", no_circle_in_a_room),
    ("rooms below the line only think", below_the_line),
    ("only `pg` names sqlx", only_pg_names_sqlx),
    ("only `sql` names the grammar", only_sql_names_the_grammar),
    ("only `render` prints", only_render_prints),
    ("only `sql` builds SQL", only_sql_builds_sql),
    ("files stay short", files_stay_short),
    ("every file says what it is", every_file_has_a_head),
    ("no consolidation is known to the code", no_consolidation_in_code),
    ("outcomes and states are compared as types", facts_are_types),
];

/// The order is that of `pub mod` in `src/lib.rs`, roof first.
pub fn layering(files: &[File]) -> Vec<String> {
    let rooms = rooms(files);
    let mut found = thinking_rooms_lie_below(&rooms);
    for (file, room) in in_rooms(files) {
        let Some(height) = rooms.iter().position(|r| r == room) else {
            found.push(format!("{}: `{room}` is not in the list of src/lib.rs", file.path));
            continue;
        };
        for (line, named) in rooms_named(file) {
            match rooms.iter().position(|r| *r == named) {
                None => found.push(format!("{}:{line}: `{named}` is no room", file.path)),
                Some(other) if other < height => {
                    found.push(format!("{}:{line}: `{room}` names `{named}`, which lies above it", file.path));
                }
                Some(_) => {}
            }
        }
    }
    found
}

/// Rooms that know a plan only as it is stored.
const WITHOUT_THE_PLANNER: [&str; 4] = ["execute", "report", "gate", "render"];

/// What carries a plan out or shows it reads the plan, never what makes one.
fn carried_out_without_the_planner(files: &[File]) -> Vec<String> {
    let concerned = in_rooms(files).filter(|(_, room)| WITHOUT_THE_PLANNER.contains(room));
    let named = concerned.flat_map(|(file, _)| rooms_named(file).into_iter().map(move |named| (file, named)));
    named
        .filter(|(_, (_, room))| room == "planner")
        .map(|(file, (line, _))| format!("{}:{line}: names `planner`", file.path))
        .collect()
}

fn rooms(files: &[File]) -> Vec<String> {
    let lib = files.iter().filter(|f| f.path == "src/lib.rs").flat_map(File::tokens).collect::<Vec<_>>();
    let declared = lib.windows(3).filter(|w| w[0].is("mod") && w[2].is(";"));
    declared.map(|w| w[1].text.clone()).collect()
}

fn thinking_rooms_lie_below(rooms: &[String]) -> Vec<String> {
    let thinks = |room: &String| BELOW_THE_LINE.contains(&room.as_str());
    let first = rooms.iter().position(thinks).unwrap_or(rooms.len());
    let strangers = rooms[first..].iter().filter(|room| !thinks(room));
    strangers.map(|room| format!("src/lib.rs: `{room}` acts, but lies below `{}`", rooms[first])).collect()
}

/// What follows `crate::`, in groups too, and what follows as many `super::` as lead to the root.
fn rooms_named(file: &File) -> Vec<(usize, String)> {
    let all = file.tokens();
    let mut named = Vec::new();
    for i in 0..all.len() {
        if all[i].is("crate") && all.get(i + 1).is_some_and(|t| t.is("::")) {
            named.extend(heads(&all, i + 2));
        }
    }
    let production = file.production();
    for i in 0..production.len() {
        if (0..file.depth()).all(|k| is_super(&production, i + 2 * k)) {
            named.extend(heads(&production, i + 2 * file.depth()));
        }
    }
    named
}

fn is_super(tokens: &[Token], at: usize) -> bool {
    tokens.get(at).is_some_and(|t| t.is("super")) && tokens.get(at + 1).is_some_and(|t| t.is("::"))
}

/// The word at `at`, or the first words of the group there.
fn heads(tokens: &[Token], at: usize) -> Vec<(usize, String)> {
    let Some(first) = tokens.get(at) else { return Vec::new() };
    if first.kind == Kind::Word {
        return vec![(first.line, first.text.clone())];
    }
    if !first.is("{") {
        return Vec::new();
    }
    let end = closing(tokens, at);
    let (mut found, mut i) = (Vec::new(), at + 1);
    while i < end {
        let begins = tokens[i - 1].is(",") || i == at + 1;
        if tokens[i].is("{") {
            i = closing(tokens, i);
        } else if begins && tokens[i].kind == Kind::Word {
            found.push((tokens[i].line, tokens[i].text.clone()));
        }
        i += 1;
    }
    found
}

pub fn below_the_line(files: &[File]) -> Vec<String> {
    let thinking = in_rooms(files).filter(|(_, room)| BELOW_THE_LINE.contains(room));
    let forbidden = ["async", "await", "sqlx", "tokio", "fs", "SystemTime", "Instant"];
    thinking.flat_map(|(file, _)| words(file, &forbidden)).collect()
}

pub fn only_pg_names_sqlx(files: &[File]) -> Vec<String> {
    let others = sources(files).filter(|file| file.room() != Some("pg"));
    others.flat_map(|file| words(file, &["sqlx"])).collect()
}

pub fn only_sql_names_the_grammar(files: &[File]) -> Vec<String> {
    let others = sources(files).filter(|file| file.room() != Some("sql"));
    others.flat_map(|file| words(file, &["squawk_syntax", "squawk_lexer", "rowan"])).collect()
}

fn words(file: &File, forbidden: &[&str]) -> Vec<String> {
    let tokens = file.production();
    let found = tokens.iter().filter(|t| forbidden.iter().any(|word| t.is(word)));
    found.map(|t| format!("{}:{}: `{}`", file.path, t.line, t.text)).collect()
}

pub fn only_render_prints(files: &[File]) -> Vec<String> {
    let others = sources(files).filter(|file| file.room() != Some("render") && file.path != "src/main.rs");
    let mut found = Vec::new();
    for file in others {
        for w in file.production().windows(3) {
            let prints = ["println", "print", "eprintln", "eprint"].iter().any(|m| w[0].is(m)) && w[1].is("!");
            let takes = ["stdout", "stderr"].iter().any(|m| w[0].is(m)) && w[1].is("(") && w[2].is(")");
            if prints || takes {
                found.push(format!("{}:{}: `{}`", file.path, w[0].line, w[0].text));
            }
        }
    }
    found
}

pub fn only_sql_builds_sql(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources(files).filter(|file| file.room() != Some("sql")) {
        let tokens = file.production();
        for i in 0..tokens.len() {
            let formats = ["format", "format_args", "write", "writeln"].iter().any(|m| tokens[i].is(m));
            if !formats || !tokens.get(i + 1).is_some_and(|t| t.is("!")) {
                continue;
            }
            let inside = &tokens[i..=closing(&tokens, i + 2)];
            if let Some(text) = inside.iter().find(|t| t.kind == Kind::Text).filter(|t| is_sql(&t.text)) {
                found.push(format!("{}:{}: {:?}", file.path, text.line, text.text));
            }
        }
    }
    found
}

/// A statement, as opposed to a sentence that happens to say `create` or `select`.
pub fn is_sql(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    let objects = [
        "table",
        "index",
        "view",
        "function",
        "schema",
        "database",
        "trigger",
        "type",
        "policy",
        "sequence",
        "role",
        "column",
        "constraint",
        "unique",
        "materialized",
        "or",
        "temp",
        "temporary",
        "extension",
        "if",
        "procedure",
    ];
    let follows = |i: usize, word: &str| words[i..].iter().skip(1).any(|w| *w == word || w.starts_with("{}"));
    (0..words.len()).any(|i| {
        let next = words.get(i + 1).copied().unwrap_or_default();
        match words[i].trim_start_matches(['(', '`']) {
            "create" | "alter" | "drop" => objects.contains(&next) || (i == 0 && next.starts_with('{')),
            "insert" => next == "into",
            "delete" => next == "from",
            "select" => follows(i, "from") || (i == 0 && !next.is_empty()),
            "update" => words[i..].contains(&"set") || (i == 0 && follows(i, "set")),
            _ => false,
        }
    })
}

pub fn files_stay_short(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let limit = match file.path.as_str() {
            "src/main.rs" => 40,
            path if path.starts_with("src/commands/") => 100,
            _ => 500,
        };
        if file.lines() >= limit {
            found.push(format!("{}: {} lines, to be under {limit}", file.path, file.lines()));
        }
    }
    found
}

pub fn every_file_has_a_head(files: &[File]) -> Vec<String> {
    let bare = files.iter().filter(|file| !file.text.starts_with("//! "));
    bare.map(|file| format!("{}: does not begin with `//! `", file.path)).collect()
}

/// The words of the bundled consolidation's tables belong to its folder.
pub fn no_consolidation_in_code(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources(files) {
        for (number, line) in file.production_lines() {
            let line = line.to_lowercase();
            let prefix = line.match_indices("dh_").any(|(i, _)| !line[..i].ends_with(|c: char| c.is_alphanumeric()));
            let word = ["agent", "industr", "persona"].iter().find(|word| line.contains(**word));
            if let Some(word) = word.or(prefix.then_some(&"dh_")) {
                found.push(format!("{}:{number}: `{word}`", file.path));
            }
        }
    }
    found
}

/// Words of outcomes and states; the ledger's SQL decodes them, `facts` knows them.
const FACTS: [&str; 22] = [
    "inserted",
    "merged",
    "duplicate",
    "duplicate_in_source",
    "filtered",
    "rejected",
    "unchanged",
    "settled",
    "pending",
    "requested",
    "analysing",
    "executing",
    "validating",
    "completed",
    "failed",
    "stopped",
    "rolled back",
    "planned",
    "running",
    "done",
    "skipped",
    "undone",
];

/// No string of an outcome or a state is compared or matched outside of `facts`.
pub fn facts_are_types(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, _) in in_rooms(files).filter(|(_, room)| *room != "facts") {
        let tokens = file.production();
        for (i, token) in tokens.iter().enumerate() {
            if token.kind != Kind::Text || !FACTS.contains(&token.text.as_str()) {
                continue;
            }
            let is = |at: usize, mark: &str| tokens.get(at).is_some_and(|t| t.is(mark));
            let equals = |at: usize| is(at, "=") && (is(at + 1, "=") || is(at + 1, ">"));
            let compared = i >= 2 && is(i - 1, "=") && (is(i - 2, "=") || is(i - 2, "!"));
            let matched = is(i + 1, "|") || equals(i + 1) || i >= 1 && is(i - 1, "|");
            if compared || matched {
                found.push(format!("{}:{}: `{}`", file.path, token.line, token.text));
            }
        }
    }
    found
}

fn sources(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.starts_with("src/"))
}

fn in_rooms(files: &[File]) -> impl Iterator<Item = (&File, &str)> {
    sources(files).filter_map(|file| Some((file, file.room()?)))
}
