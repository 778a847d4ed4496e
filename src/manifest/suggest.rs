//! The manifest with the names that findings suggest, in the place of those that are wrong; nothing else is touched.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Fix};
use crate::sql::token;

/// A corrected text with what was done to it.
#[derive(Debug, Clone, Default)]
pub struct Corrected {
    pub text: String,
    /// Where, the wrong name, and the one in its place.
    pub done: Vec<(String, String, String)>,
    /// Findings that nothing was done about.
    pub open: usize,
}

type Node<'a, 'i> = &'a Spanned<DeValue<'i>>;

/// Every finding with a name in mind, applied to the text it was found in.
pub fn corrected(text: &str, findings: &[Finding]) -> Corrected {
    let mut out = Corrected { text: text.to_owned(), ..Corrected::default() };
    let Ok(document) = DeTable::parse(text) else {
        out.open = findings.len();
        return out;
    };
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for finding in findings.iter().filter(|f| f.refuses()) {
        let found = finding.fix.as_ref().and_then(|fix| {
            let right = fix.right.first()?;
            let spans = places(text, document.get_ref(), &finding.about, fix);
            (!spans.is_empty()).then(|| (fix.wrong.clone(), right.clone(), spans))
        });
        let Some((wrong, right, spans)) = found else {
            out.open += 1;
            continue;
        };
        for (span, quoted) in spans {
            if !edits.iter().any(|(other, _)| *other == span) {
                edits.push((span, quoted.word(&right)));
            }
        }
        out.done.push((finding.about.clone(), wrong, right));
    }
    edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, right) in edits {
        out.text.replace_range(span, &right);
    }
    out
}

/// How a name is written where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// A key of the file.
    Key,
    /// A name by itself in a string.
    Name,
    /// Within SQL, in a string that escapes or does not.
    Escaped,
    Literal,
}

impl Written {
    fn word(self, name: &str) -> String {
        let simple = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
            && !name.starts_with(|c: char| c.is_ascii_digit());
        let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        match self {
            Written::Key if bare => name.to_owned(),
            Written::Key => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
            Written::Name => name.replace('\\', "\\\\").replace('"', "\\\""),
            Written::Escaped | Written::Literal if simple || name.contains('.') => name.to_owned(),
            Written::Escaped => format!("\\\"{}\\\"", name.replace('"', "\\\"\\\"")),
            Written::Literal => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }
}

/// Where the wrong name stands in the part of the file that the finding is about.
fn places(text: &str, document: &DeTable<'_>, about: &str, fix: &Fix) -> Vec<(Range<usize>, Written)> {
    let mut out = Vec::new();
    if let Some(rest) = about.strip_prefix("target.") {
        if let Some(table) = get(document, "target").and_then(table) {
            walk(text, table, rest, fix, &mut out);
        }
    } else if let Some(rest) = about.strip_prefix("source ") {
        each(document, "source", "table", rest, |one, rest| {
            let rest = if rest == "ignore" && get(one, "ignore").is_none() { "sensitive" } else { rest };
            walk(text, one, rest, fix, &mut out);
            if out.is_empty() && rest == "ignore" {
                walk(text, one, "sensitive", fix, &mut out);
            }
        });
        if rest.ends_with(".table")
            && let Some(expect) = get(document, "expect").and_then(table)
        {
            keys(expect, fix, &mut out);
        }
    } else if let Some(rest) = about.strip_prefix("mapping ") {
        each(document, "mapping", "name", rest, |one, rest| walk(text, one, rest, fix, &mut out));
    } else if let Some(rest) = about.strip_prefix("enhancement ") {
        each(document, "enhancement", "file", rest, |one, _| {
            if let Some(adds) = get(one, "adds").and_then(table) {
                keys(adds, fix, &mut out);
            }
        });
    }
    out
}

/// The one of a list of tables whose name the rest begins with.
fn each(document: &DeTable<'_>, list: &str, name: &str, rest: &str, mut then: impl FnMut(&DeTable<'_>, &str)) {
    let all = get(document, list).and_then(|v| v.get_ref().as_array()).into_iter().flatten();
    for one in all.filter_map(table) {
        let Some(named) = get(one, name).and_then(|v| v.get_ref().as_str()) else { continue };
        match rest.strip_prefix(named.replace('"', "").as_str()) {
            Some("") => return then(one, ""),
            Some(inner) if inner.starts_with('.') => return then(one, &inner[1..]),
            _ => {}
        }
    }
}

fn get<'a, 'i>(table: &'a DeTable<'i>, key: &str) -> Option<Node<'a, 'i>> {
    table.iter().find(|(k, _)| k.get_ref() == key).map(|(_, v)| v)
}

fn table<'a, 'i>(node: Node<'a, 'i>) -> Option<&'a DeTable<'i>> {
    node.get_ref().as_table()
}

/// Follows a path such as `columns.name` as far as it goes, and looks there.
fn walk(text: &str, at: &DeTable<'_>, path: &str, fix: &Fix, out: &mut Vec<(Range<usize>, Written)>) {
    if path.is_empty() {
        return at.iter().for_each(|(_, value)| look(text, value, fix, out));
    }
    for (key, value) in at {
        let Some(rest) = path.strip_prefix(key.get_ref().as_ref()) else { continue };
        let rest = match rest.strip_prefix('.') {
            Some(rest) => rest,
            None if rest.is_empty() => rest,
            None => continue,
        };
        if rest.is_empty() && key.get_ref() == fix.wrong.as_str() {
            out.push((key.span(), Written::Key));
            return;
        }
        match table(value) {
            Some(inner) if !rest.is_empty() => walk(text, inner, rest, fix, out),
            _ => look(text, value, fix, out),
        }
    }
}

fn keys(at: &DeTable<'_>, fix: &Fix, out: &mut Vec<(Range<usize>, Written)>) {
    for (key, value) in at {
        if key.get_ref() == fix.wrong.as_str() {
            out.push((key.span(), Written::Key));
        } else if let Some(inner) = table(value) {
            keys(inner, fix, out);
        }
    }
}

/// The name within a value: by itself, in a list, as a key, or as a word of an expression.
fn look(text: &str, value: Node<'_, '_>, fix: &Fix, out: &mut Vec<(Range<usize>, Written)>) {
    match value.get_ref() {
        DeValue::String(_) => in_string(text, value.span(), fix, out),
        DeValue::Array(all) => all.iter().for_each(|one| look(text, one, fix, out)),
        DeValue::Table(inner) => {
            for (key, value) in inner {
                if key.get_ref() == fix.wrong.as_str() {
                    out.push((key.span(), Written::Key));
                } else if key.get_ref() != "map" && key.get_ref() != "default" {
                    look(text, value, fix, out);
                }
            }
        }
        _ => {}
    }
}

fn in_string(text: &str, span: Range<usize>, fix: &Fix, out: &mut Vec<(Range<usize>, Written)>) {
    let Some(raw) = text.get(span.clone()) else { return };
    let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|q| raw.starts_with(q)).unwrap_or_default();
    let escaped = quote.starts_with('"');
    let (Some(inner), start) = (raw.get(quote.len()..raw.len() - quote.len()), span.start + quote.len()) else {
        return;
    };
    if inner == fix.wrong {
        let right_is_path = fix.right.first().is_some_and(|r| r.contains('.'));
        let written = if right_is_path { Written::Literal } else { Written::Name };
        let simple = token::tokens(inner).is_ok_and(|t| t.len() == 1);
        let written =
            if simple && !fix.plain { if escaped { Written::Escaped } else { Written::Literal } } else { written };
        return out.push((start..start + inner.len(), written));
    }
    // a quoted name in an escaping string
    let unescaped = if escaped { inner.replace("\\\"", "\u{1}\"") } else { inner.to_owned() };
    let mut at = start;
    let unescaped = unescaped.replace('\u{1}', " ");
    for t in token::tokens(&unescaped).unwrap_or_default() {
        let length = t.text.len();
        if t.identifier().as_deref() == Some(fix.wrong.as_str()) {
            out.push((at..at + length, if escaped { Written::Escaped } else { Written::Literal }));
        }
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Severity;

    const TEXT: &str = "# why\n[target]\ntable = \"items\"\nkey = \"item_key\"\nrequired = [\"nam\", 'x']\n
[[source]]\ntable = \"old\" # here\nkey = \"'code' || cod\"\nwinner = \"stamp desc, no\"
[source.columns]\ntitl = \"name\"\nstate = { from = \"Status\", map = { status = \"x\" } }\n[source.ignore]\nsums = \"sums\"\n";

    fn fixed(about: &str, wrong: &str, right: &str, plain: bool) -> String {
        let fix = Fix { wrong: wrong.to_owned(), right: vec![right.to_owned()], plain };
        let finding = Finding::new("unknown-column", Severity::Refusal, about, "", "").with(fix);
        let done = corrected(TEXT, &[finding]);
        assert_eq!((done.done.len(), done.open), (1, 0), "{about}");
        let changed = TEXT.lines().zip(done.text.lines()).filter(|(a, b)| a != b).map(|(_, b)| b.to_owned());
        changed.collect::<Vec<_>>().join("|")
    }

    #[test]
    fn only_the_wrong_name_is_replaced_wherever_it_stands() {
        assert_eq!(fixed("target.required", "nam", "name", true), "required = [\"name\", 'x']");
        assert_eq!(fixed("source old.key", "cod", "code", false), "key = \"'code' || code\"");
        assert_eq!(fixed("source old.key", "cod", "Code No", false), "key = \"'code' || \\\"Code No\\\"\"");
        assert_eq!(fixed("source old.columns.titl", "titl", "title", true), "title = \"name\"");
        assert_eq!(fixed("source old.columns.titl", "name", "label", false), "titl = \"label\"");
        let state = "state = { from = \"state_now\", map = { status = \"x\" } }";
        assert_eq!(fixed("source old.columns.state", "status", "state_now", false), state);
        assert_eq!(fixed("source old.ignore", "sums", "sum", true), "sum = \"sums\"");
        assert_eq!(fixed("source old.winner", "stamp", "stamped", false), "winner = \"stamped desc, no\"");
        assert_eq!(fixed("source old.table", "old", "archive.old", true), "table = \"archive.old\" # here");
    }
}
