//! What a statement says of a table's columns, constraints and unique indexes; what it does not understand it names.

mod reader;

use crate::sql::token::{self, Kind, Token};

use reader::{Reader, cut, text};

/// One thing that a statement brings to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drawn {
    /// The statement creates the table.
    Table,
    Column(DrawnColumn),
    NotNull(String),
    Check {
        name: Option<String>,
        expression: String,
    },
    Unique {
        name: Option<String>,
        primary: bool,
        index: bool,
        parts: Vec<Part>,
        predicate: Option<String>,
        nulls_not_distinct: bool,
        deferrable: bool,
    },
    Foreign {
        name: Option<String>,
        columns: Vec<String>,
        schema: Option<String>,
        table: String,
        referenced: Vec<String>,
        deferred: bool,
    },
    /// What cannot be foretold, in words.
    Unknown(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrawnColumn {
    pub name: String,
    /// The words of its type, folded.
    pub type_words: Vec<String>,
    pub not_null: bool,
    pub default: Option<String>,
    /// `a` always, `d` by default or by a sequence of its own.
    pub identity: String,
    pub generated: bool,
    /// The expression of a generated column.
    pub generation: Option<String>,
}

/// A part of a key: a column, or an expression as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Column(String),
    Expression(String),
}

/// What a statement brings to the table of this name, in order; nothing when it is about something else.
pub fn drawn(statement: &str, table: &str) -> Vec<Drawn> {
    let all: Vec<Token> = token::tokens(statement).unwrap_or_default();
    let all: Vec<Token> = all.into_iter().filter(|t| t.kind != Kind::Comment).collect();
    let mut reader = Reader { tokens: &all, at: 0 };
    if reader.eat(&["create"]) {
        created(&mut reader, table)
    } else if reader.eat(&["alter", "table"]) {
        altered(&mut reader, table)
    } else {
        Vec::new()
    }
}

fn created(r: &mut Reader, table: &str) -> Vec<Drawn> {
    let unique = r.eat(&["unique"]);
    if r.eat(&["index"]) {
        r.eat(&["concurrently"]);
        r.eat(&["if", "not", "exists"]);
        let name = if r.sees("on") { None } else { r.name().map(|(_, n)| n) };
        r.eat(&["on"]);
        r.eat(&["only"]);
        return match r.name() {
            Some((_, on)) if on == table && unique => vec![index(r, name)],
            _ => Vec::new(),
        };
    }
    r.eat(&["or", "replace"]);
    r.eat(&["constraint"]);
    if r.eat(&["trigger"]) {
        let name = r.name().map(|(_, n)| n).unwrap_or_default();
        while !r.done() && !r.eat(&["on"]) {
            r.skip();
        }
        let ours = r.name().is_some_and(|(_, on)| on == table);
        return if ours {
            vec![Drawn::Unknown(format!("trigger `{name}` may change, refuse or drop a row"))]
        } else {
            Vec::new()
        };
    }
    r.eat(&["unlogged"]);
    if !r.eat(&["table"]) {
        return Vec::new();
    }
    r.eat(&["if", "not", "exists"]);
    if r.name().is_none_or(|(_, n)| n != table) {
        return Vec::new();
    }
    let mut out = vec![Drawn::Table];
    let Some(inner) = r.group() else {
        out.push(Drawn::Unknown(format!("`{table}` is not made of columns that the file names")));
        return out;
    };
    inner.iter().for_each(|part| element(part, table, &mut out));
    if ["inherits", "partition", "as"].iter().any(|w| r.rest_has(w)) {
        out.push(Drawn::Unknown(format!("`{table}` takes a part of its shape from another table")));
    }
    out
}

fn altered(r: &mut Reader, table: &str) -> Vec<Drawn> {
    r.eat(&["if", "exists"]);
    r.eat(&["only"]);
    if r.name().is_none_or(|(_, n)| n != table) {
        return Vec::new();
    }
    let mut out = Vec::new();
    for action in cut(&r.tokens[r.at..]) {
        let mut a = Reader { tokens: &action, at: 0 };
        if a.eat(&["add"]) {
            if a.eat(&["column"]) {
                a.eat(&["if", "not", "exists"]);
            }
            element(&action[a.at..], table, &mut out);
        } else if a.eat(&["alter"]) {
            a.eat(&["column"]);
            if let Some((_, column)) = a.name()
                && a.eat(&["set", "not", "null"])
            {
                out.push(Drawn::NotNull(column));
            }
        }
    }
    out
}

const TABLE_LEVEL: [&str; 6] = ["check", "unique", "primary", "foreign", "exclude", "like"];
const BEHIND_TYPE: [&str; 11] = [
    "not",
    "null",
    "default",
    "primary",
    "references",
    "check",
    "unique",
    "constraint",
    "generated",
    "collate",
    "deferrable",
];

/// A column or a constraint of a table.
fn element(tokens: &[Token], table: &str, out: &mut Vec<Drawn>) {
    let mut r = Reader { tokens, at: 0 };
    let named = if r.eat(&["constraint"]) { r.name().map(|(_, n)| n) } else { None };
    if TABLE_LEVEL.iter().any(|w| r.sees(w)) {
        return constraint(&mut r, named, None, table, out);
    }
    let Some((_, name)) = r.name() else { return };
    let mut column = DrawnColumn { name: name.clone(), ..DrawnColumn::default() };
    while !r.done() && !BEHIND_TYPE.iter().any(|w| r.sees(w)) {
        if let Some(t) = r.skip() {
            column.type_words.push(t.identifier().unwrap_or_else(|| t.text.to_owned()));
        }
    }
    if let Some(first) = column.type_words.first_mut()
        && let Some(plain) = [("bigserial", "bigint"), ("smallserial", "smallint"), ("serial", "integer")]
            .iter()
            .find(|(s, _)| s == first)
    {
        *first = plain.1.to_owned();
        column.identity = "d".to_owned();
        column.not_null = true;
    }
    let mut more = Vec::new();
    let mut named = None;
    while !r.done() {
        if r.eat(&["constraint"]) {
            named = r.name().map(|(_, n)| n);
            continue;
        }
        if r.eat(&["not", "null"]) {
            column.not_null = true;
        } else if r.eat(&["null"]) || r.eat(&["no", "inherit"]) || r.eat(&["enforced"]) {
        } else if r.eat(&["collate"]) {
            r.name();
        } else if r.eat(&["default"]) {
            column.default = Some(r.until(&BEHIND_TYPE));
        } else if r.eat(&["generated"]) {
            let always = r.eat(&["always"]) || !r.eat(&["by", "default"]);
            r.eat(&["as"]);
            if r.eat(&["identity"]) {
                column.identity = if always { "a" } else { "d" }.to_owned();
                column.not_null = true;
                r.group();
            } else {
                column.generated = true;
                column.generation = Some(r.inside());
            }
            r.eat(&["stored"]);
        } else if ["check", "unique", "primary", "references"].iter().any(|w| r.sees(w)) {
            column.not_null |= r.sees("primary");
            constraint(&mut r, named.take(), Some(&name), table, &mut more);
        } else {
            r.skip();
        }
    }
    out.push(Drawn::Column(column));
    out.append(&mut more);
}

/// A constraint from its first word on; `column` where it stands behind one.
fn constraint(r: &mut Reader, name: Option<String>, column: Option<&str>, table: &str, out: &mut Vec<Drawn>) {
    let of_column = |c: Option<&str>| c.map(|c| vec![Part::Column(c.to_owned())]).unwrap_or_default();
    if r.eat(&["check"]) {
        let expression = r.inside();
        r.eat(&["no", "inherit"]);
        out.push(Drawn::Check { name, expression });
    } else if r.sees("unique") || r.sees("primary") {
        let primary = r.eat(&["primary", "key"]) || !r.eat(&["unique"]);
        let nulls_not_distinct = r.eat(&["nulls", "not", "distinct"]);
        r.eat(&["nulls", "distinct"]);
        if r.eat(&["using", "index"]) {
            return;
        }
        let parts = if column.is_some() {
            of_column(column)
        } else {
            let inner = r.group().unwrap_or_default();
            inner.iter().filter_map(|p| part(p)).collect()
        };
        if r.eat(&["include"]) {
            r.group();
        }
        let (deferrable, _) = r.deferring();
        if primary {
            let of_key = parts.iter().filter_map(|p| match p {
                Part::Column(c) if column.is_none() => Some(Drawn::NotNull(c.clone())),
                _ => None,
            });
            out.extend(of_key);
        }
        out.push(Drawn::Unique { name, primary, index: false, parts, predicate: None, nulls_not_distinct, deferrable });
    } else if r.sees("foreign") || r.sees("references") {
        let mut columns: Vec<String> = column.map(str::to_owned).into_iter().collect();
        if r.eat(&["foreign", "key"]) {
            columns = r.names();
        }
        r.eat(&["references"]);
        let Some((schema, to)) = r.name() else { return };
        let referenced = if r.opens() { r.names() } else { Vec::new() };
        while !r.done()
            && !["not", "deferrable", "initially", "constraint", "default", "null"].iter().any(|w| r.sees(w))
        {
            if ["check", "unique", "primary", "references", "generated"].iter().any(|w| r.sees(w)) {
                break;
            }
            // `match full`, `on delete set null` and the like
            if r.eat(&["set", "null"]) || r.eat(&["set", "default"]) {
                continue;
            }
            r.skip();
        }
        let (_, deferred) = r.deferring();
        out.push(Drawn::Foreign { name, columns, schema, table: to, referenced, deferred });
    } else if r.eat(&["exclude"]) {
        out.push(Drawn::Unknown(format!(
            "exclusion constraint `{}` is not looked at",
            name.unwrap_or(table.to_owned())
        )));
    } else if r.eat(&["like"]) {
        out.push(Drawn::Unknown(format!("`{table}` takes a part of its shape from another table")));
    }
}

fn index(r: &mut Reader, name: Option<String>) -> Drawn {
    if r.eat(&["using"]) {
        r.name();
    }
    let word = name.clone().unwrap_or_default();
    let inner = r.group().unwrap_or_default();
    let parts: Vec<Part> = inner.iter().filter_map(|p| part(p)).collect();
    if parts.len() != inner.len() || parts.is_empty() {
        return Drawn::Unknown(format!("unique index `{word}` is not looked at"));
    }
    if r.eat(&["include"]) {
        r.group();
    }
    let nulls_not_distinct = r.eat(&["nulls", "not", "distinct"]);
    while !r.done() && !r.sees("where") {
        r.skip();
    }
    let predicate = r.eat(&["where"]).then(|| text(&r.tokens[r.at..]));
    Drawn::Unique { name, primary: false, index: true, parts, predicate, nulls_not_distinct, deferrable: false }
}

/// A key's part without its direction; nothing where an operator class or a collation would make it another.
fn part(tokens: &[Token]) -> Option<Part> {
    let mut r = Reader { tokens, at: 0 };
    let began = r.at;
    let name = if r.opens() { None } else { Some(r.name()?.1) };
    let called = r.opens() && r.group().is_some();
    let ended = r.at;
    while r.eat(&["asc"]) || r.eat(&["desc"]) || r.eat(&["nulls", "first"]) || r.eat(&["nulls", "last"]) {}
    match (r.done(), name, called) {
        (true, Some(name), false) => Some(Part::Column(name)),
        (true, _, true) => Some(Part::Expression(text(&tokens[began..ended]))),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
