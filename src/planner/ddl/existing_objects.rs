//! Objects that an enhancement creates and that are there already: `if not exists` would hide another shape.

use crate::finding::{Finding, Severity};
use crate::manifest::{Declared, ObjectKind};
use crate::planner::enhancement::worded;
use crate::planner::input::PlanInput;
use crate::sql::token::{self, Kind, Token};
use crate::text;

/// Every object whose definition there is not the one of its file; files that a standing run applied are left alone.
pub fn other_shapes(given: &PlanInput) -> Vec<Finding> {
    let mut out = Vec::new();
    for e in given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file)) {
        let Some(script) = given.scripts.iter().find(|s| s.file == e.file) else { continue };
        let statements = token::statements(&script.up).unwrap_or_default();
        for declared in e.creates.iter().filter(|d| given.objects.has(&worded(d))) {
            let about = format!("enhancement {}.creates.{}", e.file, declared.plain());
            let differs = statements.iter().find_map(|s| differs(given, declared, s));
            if let Some(differs) = differs {
                out.push(Finding::new(
                    "other-shape",
                    Severity::Refusal,
                    about,
                    format!("{} is there already, but {differs}", text::inert(&declared.plain())),
                    "rename the one in the file and in `creates`, or bring the other to this shape first",
                ));
            }
        }
    }
    out
}

/// What is different, if this statement is the one that creates it.
fn differs(given: &PlanInput, declared: &Declared, statement: &str) -> Option<String> {
    let words = Words::of(statement);
    let there = given.objects.get(&worded(declared))?.definition.as_str();
    match declared.kind {
        ObjectKind::Index => {
            let (wanted, is) = (index(&words, Some(&declared.name))?, index(&Words::of(there), None)?);
            index_differs(&wanted, &is)
        }
        ObjectKind::Table => table_differs(given, &words, &declared.name),
        ObjectKind::Constraint => {
            let at = words.after(&["constraint", &declared.name])?;
            let (wanted, is) = (constraint(&words.from(at)), constraint(&Words::of(there)));
            (wanted != is).then(|| format!("it is `{is}`, the file makes it `{wanted}`"))
        }
        ObjectKind::Function => {
            let at = words.after(&["function"])?;
            if words.name(at) != Some(declared.name.as_str()) {
                return None;
            }
            let body = |text: &str| {
                let all = token::tokens(text).unwrap_or_default();
                all.iter().rev().find_map(Token::dollar_quoted).map(token::folded)
            };
            let (wanted, is) = (body(statement)?, body(there)?);
            (wanted != is)
                .then(|| "its body is another; if it is to be replaced, declare it under `replaces`".to_owned())
        }
        ObjectKind::Trigger => {
            words.after(&["trigger", &declared.name])?;
            let called = |w: &Words| {
                let at = w.after(&["execute", "function"]).or_else(|| w.after(&["execute", "procedure"]))?;
                w.name(at).map(str::to_owned)
            };
            let (wanted, is) = (called(&words)?, called(&Words::of(there))?);
            (wanted != is).then(|| format!("it calls `{is}`, the file's calls `{wanted}`"))
        }
        ObjectKind::Type => {
            let at = words.after(&["type"])?;
            if words.name(at) != Some(declared.name.as_str()) || words.after(&["as", "enum"]).is_none() {
                return None;
            }
            let texts = token::tokens(statement).unwrap_or_default();
            let labels: Vec<String> = texts.iter().filter_map(Token::string).collect();
            let is = there.strip_prefix('e')?;
            (is != labels.join(",")).then(|| format!("its values are {is}, the file's are {}", labels.join(",")))
        }
        ObjectKind::View | ObjectKind::Policy | ObjectKind::Sequence | ObjectKind::Column => None,
    }
}

/// The words of a statement, folded, without blanks, comments and what is optional.
struct Words(Vec<String>);

impl Words {
    fn of(text: &str) -> Words {
        let tokens = token::tokens(text).unwrap_or_default();
        let worded = |t: &Token| t.identifier().unwrap_or_else(|| t.text.to_owned());
        let all = tokens.iter().filter(|t| !matches!(t.kind, Kind::Blank | Kind::Comment)).map(worded);
        let mut out: Vec<String> = Vec::new();
        for word in all {
            out.push(word);
            if out.ends_with(&["if".to_owned(), "not".to_owned(), "exists".to_owned()]) {
                out.truncate(out.len() - 3);
            }
        }
        out.retain(|w| w != "concurrently" && w != "only");
        Words(out)
    }

    fn from(&self, at: usize) -> Words {
        Words(self.0[at.min(self.0.len())..].to_vec())
    }

    /// The place behind these words.
    fn after(&self, wanted: &[&str]) -> Option<usize> {
        let at = self.0.windows(wanted.len()).position(|w| w.iter().zip(wanted).all(|(a, b)| a == b))?;
        Some(at + wanted.len())
    }

    /// The name at the place, without its schema.
    fn name(&self, at: usize) -> Option<&str> {
        let qualified = self.0.get(at + 1).is_some_and(|w| w == ".");
        self.0.get(if qualified { at + 2 } else { at }).map(String::as_str)
    }

    /// What stands in the first parentheses from the place on, cut at its outer commas.
    fn parts(&self, at: usize) -> Option<Vec<Vec<String>>> {
        let open = self.0.iter().skip(at).position(|w| w == "(")? + at;
        let (mut depth, mut out) = (0, vec![Vec::new()]);
        for word in &self.0[open..] {
            match word.as_str() {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(out);
            }
            match out.last_mut() {
                _ if depth == 1 && word == "," => out.push(Vec::new()),
                Some(part) if depth > 1 || word != "(" => part.push(word.clone()),
                _ => {}
            }
        }
        None
    }
}

#[derive(PartialEq)]
struct Index {
    unique: bool,
    table: String,
    keys: Vec<String>,
    partial: bool,
}

fn index(words: &Words, named: Option<&str>) -> Option<Index> {
    let at = words.after(&["index"])?;
    if named.is_some_and(|n| words.name(at) != Some(n)) {
        return None;
    }
    let on = words.after(&["on"])?;
    // printed casts and parentheses are not always written
    let key = |part: Vec<String>| {
        let kept = part.into_iter().filter(|w| !matches!(w.as_str(), "(" | ")" | "asc"));
        kept.collect::<Vec<_>>().join(" ").replace(" : : text", "")
    };
    Some(Index {
        unique: words.after(&["unique", "index"]).is_some(),
        table: words.name(on)?.to_owned(),
        keys: words.parts(on)?.into_iter().map(key).collect(),
        partial: words.after(&["where"]).is_some(),
    })
}

fn index_differs(wanted: &Index, is: &Index) -> Option<String> {
    let word = |u: bool| if u { "unique" } else { "not unique" };
    let part = |p: bool| if p { "partial" } else { "over the whole table" };
    if wanted.unique != is.unique {
        return Some(format!("it is {}, the file's is {}", word(is.unique), word(wanted.unique)));
    }
    if wanted.table != is.table {
        return Some(format!("it is on `{}`, the file's is on `{}`", is.table, wanted.table));
    }
    if wanted.keys != is.keys {
        return Some(format!("it is over ({}), the file's is over ({})", is.keys.join(", "), wanted.keys.join(", ")));
    }
    (wanted.partial != is.partial)
        .then(|| format!("it is {}, the file's is {}", part(is.partial), part(wanted.partial)))
}

const NO_COLUMN: [&str; 7] = ["constraint", "primary", "unique", "check", "foreign", "exclude", "like"];
const BEHIND_TYPE: [&str; 9] =
    ["not", "null", "default", "primary", "references", "check", "unique", "constraint", "generated"];

fn table_differs(given: &PlanInput, words: &Words, name: &str) -> Option<String> {
    let at = words.after(&["create", "table"])?;
    if words.name(at) != Some(name) {
        return None;
    }
    for part in words.parts(at)? {
        let Some((column, typed)) = part.split_first().filter(|(c, _)| !NO_COLUMN.contains(&c.as_str())) else {
            continue;
        };
        let Some(there) = given.objects.get(&format!("column {column} of {name}")) else {
            return Some(format!("it has no column `{column}`"));
        };
        let (wanted, is) = (type_of(typed), type_of(&Words::of(&there.definition).0));
        if wanted != is {
            return Some(format!("its column `{column}` is {is}, the file's is {wanted}"));
        }
    }
    None
}

/// The type that a column definition begins with, as the server spells it, without lengths.
pub(in crate::planner) fn type_of(words: &[String]) -> String {
    let typed = words.iter().take_while(|w| !BEHIND_TYPE.contains(&w.as_str()));
    let (mut depth, mut out) = (0, Vec::new());
    for word in typed {
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth -= 1,
            word if depth == 0 => out.push(word),
            _ => {}
        }
    }
    let written = out.join(" ").replace(" [ ]", "[]");
    let array = written.ends_with("[]");
    let one = written.trim_end_matches("[]").rsplit(". ").next().unwrap_or_default().to_owned();
    let spelt = match one.as_str() {
        "int" | "int4" | "serial" | "serial4" => "integer",
        "int8" | "bigserial" | "serial8" => "bigint",
        "int2" | "smallserial" => "smallint",
        "varchar" => "character varying",
        "char" | "bpchar" => "character",
        "bool" => "boolean",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        "float8" | "float" => "double precision",
        "float4" => "real",
        "decimal" => "numeric",
        "varbit" => "bit varying",
        other => other,
    };
    format!("{spelt}{}", if array { "[]" } else { "" })
}

/// `foreign key (a, b)`, `unique (a)`, `check`: as far as two ways to write it agree.
fn constraint(words: &Words) -> String {
    let kind: Vec<&str> = words.0.iter().map(String::as_str).take_while(|w| *w != "(").take(2).collect();
    let columns = words.parts(0).unwrap_or_default();
    let columns: Vec<String> = columns.into_iter().map(|part| part.join(" ")).collect();
    if kind.first().is_some_and(|k| *k == "check") {
        "check".to_owned()
    } else {
        format!("{} ({})", kind.join(" "), columns.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(wanted: &str, there: &str) -> Option<String> {
        index_differs(&index(&Words::of(wanted), None).unwrap(), &index(&Words::of(there), None).unwrap())
    }

    #[test]
    fn an_index_is_the_same_however_it_is_written() {
        let there = "CREATE UNIQUE INDEX items_key ON public.items USING btree (item_key, lower((title)::text))true";
        let same =
            "create unique index concurrently if not exists items_key on only items (item_key asc, lower(title))";
        assert_eq!(told(same, there), None);
        assert!(told(&same.replace("unique ", ""), there).is_some_and(|t| t.contains("it is unique")));
        assert!(told(&same.replace("item_key asc", "code"), there).is_some_and(|t| t.contains("over (code")));
        assert!(told(&format!("{same} where a"), there).is_some_and(|t| t.contains("whole table")));
    }

    #[test]
    fn types_are_compared_as_the_server_spells_them() {
        let spelt = |t: &str| type_of(&Words::of(t).0);
        for (a, b) in [
            ("varchar(20) not null", "character varying(20)"),
            ("int8 primary key", "bigint not null"),
            ("timestamptz default now()", "timestamp with time zone default now()"),
            ("text[]", "text[] not null"),
            ("numeric(6, 2)", "numeric(8,2)"),
        ] {
            assert_eq!(spelt(a), spelt(b));
        }
        assert_ne!(spelt("text"), spelt("text[]"));
    }
}
