//! A consolidation drafted from the catalog: what is likely stands there, what is uncertain is commented out.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Column, Constraint, ConstraintKind, Table};
use crate::planner::contract::candidates;
use crate::sql::{Ident, Sql};

/// Values of a column, as far as they were looked at.
pub type Samples = BTreeMap<String, BTreeSet<String>>;

/// A table with samples of its columns.
pub struct ProfiledTable {
    pub table: Table,
    pub samples: Samples,
}

/// Files to write, and what a person has to look at.
#[derive(Debug, Default)]
pub struct Draft {
    pub files: Vec<(String, String)>,
    pub likely: u64,
    pub uncertain: u64,
    pub kept: u64,
}

/// Surer than this it is written; surer than the second it is written as a comment.
const LIKELY: f64 = 0.8;
const THINKABLE: f64 = 0.45;

struct Guess<'a> {
    from: &'a Column,
    to: &'a Column,
    sure: f64,
    /// Both have values, and no value is in both.
    strange: bool,
    why: String,
}

pub fn draft(target: &ProfiledTable, sources: &[ProfiledTable]) -> Draft {
    let into = &target.table;
    let mut out = Draft::default();
    let id = primary_key(into).and_then(|k| match k.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    });
    let key = into.columns.iter().find(|c| {
        candidates::family(c) == "text"
            && id.as_ref() != Some(&c.name)
            && into.indexes.iter().any(|i| i.arbitrates(&c.name))
    });
    let key_name = key.map_or("unique_id", |c| c.name.as_str());
    let rest = into.columns.iter().find(|c| c.bottom_type == "jsonb" && !c.generated);
    let rest_name = rest.map_or("legacy", |c| c.name.as_str());
    let mut text = format!(
        "# Drafted by pgfold from what the server holds. Read every line; what is commented out is a guess.\n\n[target]\ntable        = {}\n",
        table_name(into)
    );
    match &id {
        Some(id) => text.push_str(&format!("id           = {}\n", toml(id))),
        None => text.push_str("# id         = \"\"   # to be decided: the table has no primary key of one column\n"),
    }
    text.push_str(&format!("key          = {}\n", toml(key_name)));
    let word = into.name.name.raw().to_uppercase();
    let own = id.as_deref().unwrap_or("id");
    text.push_str(&format!(
        "existing_key = {}   # the key of rows that are there already\n",
        toml(&format!("{} || {}", quoted(&format!("{word}_")), expression(own)))
    ));
    let plain = |c: &&Column| c.not_null && Some(&c.name) != id.as_ref() && candidates::family(c) == "text";
    let required = into.columns.iter().filter(plain).map(|c| c.name.clone()).chain([key_name.to_owned()]);
    let required: BTreeSet<String> = required.collect();
    text.push_str(&format!("required     = {}\n", list(&required)));
    let changing: Vec<&str> = into
        .column_names()
        .into_iter()
        .filter(|c| matches!(*c, "updated_at" | "modified_at" | "last_modified" | "changed_at"))
        .collect();
    if !changing.is_empty() {
        text.push_str(&format!("ignore_changes = {}\n", list(changing.iter().copied())));
    }
    if let Some(gone) = into.columns.iter().find(|c| c.name == "deleted_at" && candidates::family(c) == "time") {
        let name = &gone.name;
        text.push_str(&format!("soft_delete = {{ set = {{ {name} = \"now()\" }}, live = \"{name} is null\" }}\n"));
    }
    let unread: Vec<&str> =
        into.triggers.iter().filter(|t| t.on_insert && t.fires()).map(|t| t.name.as_str()).collect();
    if !unread.is_empty() {
        text.push_str(&format!(
            "# triggers = {}   # to be decided: read them; each fires for every row that arrives\n",
            list(unread.iter().copied())
        ));
    }
    enhancement(into, key.is_none().then_some(key_name), rest.is_none().then_some(rest_name), &mut text, &mut out);
    for source in sources {
        one_source(target, source, (key_name, rest_name), &mut text, &mut out);
    }
    out.files.push(("consolidation.toml".to_owned(), text));
    out
}

/// The key, and the column that keeps the rest, where the target has none.
fn enhancement(into: &Table, key: Option<&str>, rest: Option<&str>, text: &mut String, out: &mut Draft) {
    if key.is_none() && rest.is_none() {
        return;
    }
    let index = format!("{}_{}_key", into.name.name.raw(), key.unwrap_or_default());
    let adds = key.map(|k| format!("{} = \"text\"", toml_key(k))).into_iter();
    let adds: Vec<String> = adds.chain(rest.map(|r| format!("{} = \"jsonb\"", toml_key(r)))).collect();
    text.push_str(&format!(
        "\n[[enhancement]]\nfile = \"0001_draft\"\nadds.{} = {{ {} }}\n",
        table_name(into),
        adds.join(", ")
    ));
    let mut up = Vec::new();
    let add = |column: &str, typed: &'static str| {
        Sql::fill(
            "alter table ${t} add column ${c} ${k};\n",
            &[("t", &into.name.name), ("c", &Ident::of_the_server(column)), ("k", &Sql::constant(typed))],
        )
    };
    up.extend(key.map(|k| add(k, "text")));
    up.extend(rest.map(|r| add(r, "jsonb")));
    if let Some(key) = key {
        text.push_str(&format!("creates = [{}]\n", toml(&format!("index {index}"))));
        up.push(Sql::fill(
            "create unique index ${i} on ${t} (${c});\n",
            &[("i", &Ident::of_the_server(index)), ("t", &into.name.name), ("c", &Ident::of_the_server(key))],
        ));
    }
    out.files.push(("0001_draft.up.sql".to_owned(), Sql::join("", up).to_string()));
}

fn one_source(
    target: &ProfiledTable,
    source: &ProfiledTable,
    (key, rest): (&str, &str),
    text: &mut String,
    out: &mut Draft,
) {
    let (into, from) = (&target.table, &source.table);
    let id = primary_key(from);
    let word = from.name.name.raw().to_uppercase();
    text.push_str(&format!("\n[[source]]\ntable    = {}\n", table_name(from)));
    let columns = id.clone().unwrap_or_default();
    match columns.as_slice() {
        [] => text
            .push_str("# id    = \"\"   # to be decided: no column, or list of columns, is both not null and unique\n"),
        [one] => text.push_str(&format!("id       = {}\n", toml(one))),
        several => text.push_str(&format!("id       = {}\n", list(several))),
    }
    let parts: Vec<String> = columns.iter().map(|c| expression(c)).collect();
    let parts = if parts.is_empty() { vec!["id".to_owned()] } else { parts };
    let value = format!("{} || {}", quoted(&format!("{word}_")), parts.join(" || '-' || "));
    text.push_str(&format!(
        "key      = {}   # no two rows are joined; a code that both sides share would join them\n",
        toml(&value)
    ));
    text.push_str(&format!("winner   = {}\n", toml(&parts.join(", "))));
    let guesses = guesses(target, source, &[key, rest]);
    let naive = guesses.iter().any(|g| {
        g.sure >= LIKELY
            && g.from.bottom_type == "timestamp without time zone"
            && g.to.bottom_type == "timestamp with time zone"
    });
    if naive {
        text.push_str("timezone = \"UTC\"   # to be decided: the zone that its timestamps were written in\n");
    }
    text.push_str("\n[source.columns]\n");
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for g in &guesses {
        let fits = g.sure >= LIKELY && candidates::family(g.from) == candidates::family(g.to);
        let comment = if fits { "" } else { "# " };
        text.push_str(&format!(
            "{comment}{} = {}   # {:.0} %: {}\n",
            toml_key(&g.to.name),
            value_of(g),
            g.sure * 100.0,
            g.why
        ));
        if fits {
            taken.insert(&g.from.name);
            out.likely += 1;
        } else {
            out.uncertain += 1;
        }
    }
    let filled = |c: &Column| {
        guesses
            .iter()
            .any(|g| g.to.name == c.name && g.sure >= LIKELY && candidates::family(g.from) == candidates::family(g.to))
    };
    for c in into.columns.iter().filter(|c| c.not_null && !c.fills_itself() && c.name != key && !filled(c)) {
        text.push_str(&format!(
            "# {} = \"\"   # to be decided: it must not be null, and nothing here is named alike\n",
            toml_key(&c.name)
        ));
    }
    out.kept += from.columns.iter().filter(|c| !taken.contains(c.name.as_str())).count() as u64;
    text.push_str(&format!(
        "\n[source.unmapped]   # every column that is not mapped whole is kept\ninto  = {}\nunder = {}\n",
        toml(rest),
        toml(from.name.name.raw())
    ));
}

/// The best source column of each target column, each source column once, the surest first.
fn guesses<'a>(target: &'a ProfiledTable, source: &'a ProfiledTable, not: &[&str]) -> Vec<Guess<'a>> {
    let key = primary_key(&target.table).unwrap_or_default();
    let open = |c: &&Column| {
        !c.generated && c.identity.is_empty() && !not.contains(&c.name.as_str()) && !key.contains(&c.name)
    };
    let mut all: Vec<Guess> = Vec::new();
    for to in target.table.columns.iter().filter(open) {
        for from in source.table.columns.iter() {
            let Some(mut guess) = guess(from, to, &source.samples, &target.samples) else { continue };
            let points = |k: &Constraint| k.kind == ConstraintKind::Foreign && k.columns.contains(&to.name);
            if guess.strange && target.table.constraints.iter().any(points) {
                // its values point to rows of another table, and none of ours was seen there
                guess.sure = guess.sure.min(LIKELY - 0.01);
            }
            all.push(guess);
        }
    }
    all.sort_by(|a, b| b.sure.total_cmp(&a.sure).then_with(|| a.to.name.cmp(&b.to.name)));
    let (mut from, mut to) = (BTreeSet::new(), BTreeSet::new());
    all.retain(|g| {
        let free = !from.contains(&g.from.name) && !to.contains(&g.to.name);
        if free {
            from.insert(g.from.name.clone());
            to.insert(g.to.name.clone());
        }
        free
    });
    all
}

fn guess<'a>(from: &'a Column, to: &'a Column, ours: &Samples, theirs: &Samples) -> Option<Guess<'a>> {
    let name = candidates::alike(&from.name, &to.name);
    let (a, b) = (candidates::family(from), candidates::family(to));
    let kind = match (a == b, a, b) {
        (true, ..) => 1.0,
        // text becomes anything if its values let it
        (_, "text", _) | (_, _, "text") => 0.4,
        _ => 0.0,
    };
    let none = BTreeSet::new();
    let (here, there) = (ours.get(&from.name).unwrap_or(&none), theirs.get(&to.name).unwrap_or(&none));
    let shared = here.intersection(there).count();
    let least = here.len().min(there.len());
    // a handful of numbers or truth values is shared by chance
    let telling = least >= 2 && matches!(a, "text" | "uuid") && a == b;
    let values = telling.then(|| shared as f64 / least as f64);
    let sure = match values {
        Some(values) => 0.55 * name + 0.2 * kind + 0.25 * values.max(if name >= 0.9 { 0.6 } else { 0.0 }),
        None => 0.75 * name + 0.25 * kind,
    };
    if sure < THINKABLE || kind == 0.0 {
        return None;
    }
    let values =
        values.map_or_else(|| "values tell nothing".to_owned(), |v| format!("{:.0} % of the values shared", v * 100.0));
    let kind = if a == b { "same kind".to_owned() } else { format!("{} into {}", from.type_name, to.type_name) };
    let strange = telling && shared == 0;
    Some(Guess { from, to, sure, strange, why: format!("name {:.0} %, {kind}, {values}", name * 100.0) })
}

fn value_of(g: &Guess) -> String {
    let bare = expression(&g.from.name);
    let same = candidates::family(g.from) == candidates::family(g.to);
    let narrower = match (g.from.scale, g.to.scale) {
        (_, None) => false,
        (Some(from), Some(to)) => from > to,
        (None, Some(_)) => matches!(g.from.bottom_type.as_str(), "numeric" | "real" | "double precision"),
    };
    if !same {
        return toml(&format!("{bare}::{}", g.to.base_type));
    }
    if narrower {
        return format!("{{ expr = {}, lossy = true }}", toml(&bare));
    }
    toml(&bare)
}

/// The primary key's columns, or those of another key that is never null.
fn primary_key(table: &Table) -> Option<Vec<String>> {
    let never_null = |c: &str| table.column(c).is_some_and(|c| c.not_null);
    let keys = table.indexes.iter().filter(|i| i.unique && i.valid && i.predicate.is_none());
    let mut keys: Vec<(bool, Vec<String>)> = keys
        .filter_map(|i| Some((!i.primary, i.columns.iter().cloned().collect::<Option<Vec<String>>>()?)))
        .filter(|(_, columns)| !columns.is_empty() && columns.iter().all(|c| never_null(c)))
        .collect();
    keys.sort();
    keys.into_iter().next().map(|(_, columns)| columns)
}

/// A column in an expression.
fn expression(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && !matches!(
            name,
            "user"
                | "order"
                | "group"
                | "table"
                | "column"
                | "default"
                | "end"
                | "case"
                | "check"
                | "desc"
                | "from"
                | "to"
                | "in"
                | "on"
                | "or"
                | "and"
                | "not"
                | "null"
                | "all"
                | "any"
        );
    if plain { name.to_owned() } else { Ident::of_the_server(name).to_string() }
}

fn quoted(text: &str) -> String {
    crate::sql::Literal::new(text).to_string()
}

fn table_name(table: &Table) -> String {
    let name = table.name.name.raw();
    let plain = |s: &str| s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if plain(name) { toml(name) } else { toml(&table.name.name.to_string()) }
}

fn toml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", c as u32)),
            c => out.push(c),
        }
    }
    out + "\""
}

fn toml_key(name: &str) -> String {
    let bare = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { name.to_owned() } else { toml(name) }
}

fn list(names: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let all: Vec<String> = names.into_iter().map(|n| toml(n.as_ref())).collect();
    format!("[{}]", all.join(", "))
}
