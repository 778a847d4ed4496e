//! Which of the names that are there one could have meant: by name, by type, and by not being used yet.

use crate::catalog::{Column, Table};
use crate::text;

/// A name that is there.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub name: String,
    pub family: &'static str,
    /// The manifest relies on it already.
    pub used: bool,
}

/// The columns of a table, those marked that the manifest uses.
pub fn of(table: &Table, used: &[String]) -> Vec<Candidate> {
    let one = |c: &Column| Candidate { name: c.name.clone(), family: family(c), used: used.contains(&c.name) };
    table.columns.iter().map(one).collect()
}

/// The best three, best first; `family`: the kind of type that is wanted, where it is known.
pub fn nearest(wanted: &str, family: Option<&str>, all: &[Candidate]) -> Vec<String> {
    let fits = |c: &Candidate| family.map(|f| f == c.family);
    let mut scored: Vec<(f64, &Candidate)> = all
        .iter()
        .map(|c| (alike(wanted, &c.name), c))
        .filter(|(alike, c)| *alike >= if fits(c) == Some(false) { 0.6 } else { 0.5 })
        .map(|(alike, c)| {
            let kind = fits(c).map_or(0.0, |fits| if fits { 0.12 } else { -0.12 });
            (alike + kind + if c.used { 0.0 } else { 0.06 }, c)
        })
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    if scored.is_empty() {
        // renamed beyond recognition: the only one of its kind that nobody uses
        let mut left = all.iter().filter(|c| !c.used && fits(c) == Some(true));
        return match (left.next(), left.next()) {
            (Some(only), None) => vec![only.name.clone()],
            _ => Vec::new(),
        };
    }
    scored.into_iter().take(3).map(|(_, c)| c.name.clone()).collect()
}

/// How alike two names are, 0 to 1: by edits, or by the words they are made of.
pub fn alike(a: &str, b: &str) -> f64 {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    text::closeness(&a, &b).max(0.9 * words_alike(&a, &b))
}

fn words_alike(a: &str, b: &str) -> f64 {
    let words = |s: &str| -> Vec<String> {
        s.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (a, mut b) = (words(a), words(b));
    let all = a.len() + b.len();
    let mut shared = 0.0;
    for word in &a {
        let best = b.iter().map(|other| word_alike(word, other)).enumerate().max_by(|x, y| x.1.total_cmp(&y.1));
        if let Some((at, score)) = best.filter(|(_, score)| *score > 0.0) {
            b.remove(at);
            shared += score;
        }
    }
    if all == 0 { 0.0 } else { 2.0 * shared / all as f64 }
}

/// The same word, a slip, or an abbreviation: 1 to 0.8; else nothing.
fn word_alike(a: &str, b: &str) -> f64 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if short == long {
        1.0
    } else if short.len() >= 3 && long.starts_with(short) {
        0.85
    } else {
        let edits = text::closeness(a, b);
        if edits >= 0.75 { edits.min(0.95) } else { 0.0 }
    }
}

/// The kind of a column's type, as far as one may stand for another.
pub fn family(column: &Column) -> &'static str {
    of_type(&column.bottom_type)
}

pub fn of_type(name: &str) -> &'static str {
    match name {
        array if array.ends_with("[]") => "array",
        "text" | "character varying" | "character" | "bpchar" | "name" | "citext" => "text",
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" | "money" => "number",
        "boolean" => "boolean",
        "json" | "jsonb" => "json",
        "uuid" => "uuid",
        "bytea" => "bytes",
        "interval" => "interval",
        "date" => "time",
        time if time.starts_with("time") => "time",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(names: &[(&str, &'static str, bool)]) -> Vec<Candidate> {
        names.iter().map(|(name, family, used)| Candidate { name: (*name).to_owned(), family, used: *used }).collect()
    }

    #[test]
    fn name_type_and_use_decide_together() {
        let columns = all(&[
            ("created_at", "time", false),
            ("created_by", "text", false),
            ("description", "text", true),
            ("display_name", "text", false),
            ("name", "text", true),
        ]);
        for (wanted, family, first) in [
            ("created", Some("time"), "created_at"),
            ("created", Some("text"), "created_by"),
            ("createdby", None, "created_by"),
            ("descr", None, "description"),
            ("dispaly_name", None, "display_name"),
            ("Display_Name", None, "display_name"),
        ] {
            assert_eq!(nearest(wanted, family, &columns)[0], first, "{wanted}");
        }
        assert_eq!(nearest("started", Some("time"), &columns), ["created_at"]);
        assert!(nearest("xyzzy", Some("json"), &columns).is_empty());
    }
}
