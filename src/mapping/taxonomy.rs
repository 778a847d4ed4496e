//! The right rows as the DBA describes them: codes, aliases, keywords and rules.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::mapping::names::Right;
use crate::mapping::words::{self, Language};
use crate::text;

/// What inference may choose, and when it may.
#[derive(Debug, Clone, PartialEq)]
pub struct Taxonomy {
    /// The entry for rows that nothing fits; used sparingly and marked as such.
    pub fallback: Option<String>,
    /// The confidence below which nothing is chosen, 0 to 1.
    pub threshold: f64,
    /// The confidence that a second or third entry needs, 0 to 1.
    pub several_at_least: f64,
    /// The most entries one row may have.
    pub at_most: usize,
    /// The language whose stems are compared; `None` leaves it to the server's own.
    pub language: Option<Language>,
    pub entries: Vec<Entry>,
    pub rules: Vec<Rule>,
}

impl Default for Taxonomy {
    /// No entries: only the rows themselves, by code and name.
    fn default() -> Self {
        Taxonomy {
            fallback: None,
            threshold: 0.35,
            several_at_least: 0.6,
            at_most: 3,
            language: None,
            entries: Vec::new(),
            rules: Vec::new(),
        }
    }
}

/// One right row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    pub code: String,
    pub name: String,
    pub aliases: Vec<String>,
    /// Word or phrase, and how much it says (1 is plain).
    pub keywords: Vec<(String, f64)>,
}

/// What a value of a signal says outright.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub signal: String,
    pub values: Vec<String>,
    /// Code and confidence.
    pub gives: Vec<(String, f64)>,
}

impl Taxonomy {
    /// Pairs of entries that a person would hardly tell apart.
    pub fn near_duplicates(&self, file: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        for (i, a) in self.entries.iter().enumerate() {
            for b in &self.entries[i + 1..] {
                if let Some(why) = why_alike(a, b) {
                    findings.push(Finding::new(
                        "near-duplicate-entry",
                        Severity::Warning,
                        file,
                        format!("`{}` and `{}` are near duplicates: {why}", a.code, b.code),
                        "keep one and make the other its alias, or give them names that differ",
                    ));
                }
            }
        }
        findings
    }

    /// Rules that read a signal which the rows do not have.
    pub fn unknown_signals(&self, file: &str, signals: &[&str]) -> Vec<Finding> {
        let mut seen: Vec<&str> = Vec::new();
        let mut findings = Vec::new();
        for rule in &self.rules {
            if signals.contains(&rule.signal.as_str()) || seen.contains(&rule.signal.as_str()) {
                continue;
            }
            seen.push(&rule.signal);
            findings.push(Finding::new(
                "unknown-signal",
                Severity::Refusal,
                file,
                format!("a rule reads the signal `{}`, which the mapping does not declare", rule.signal),
                nearest_or(&rule.signal, signals.iter().copied(), "declare it in the mapping, or take the rule out"),
            ));
        }
        findings
    }

    /// Entries without a row, and rows that are a second spelling of an entry.
    pub fn against_rows(&self, file: &str, rows: &[Right]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut claimed: BTreeMap<String, &str> = BTreeMap::new();
        for entry in &self.entries {
            for name in entry.spellings() {
                claimed.insert(words::canonical(name), &entry.code);
            }
            if !rows.iter().any(|row| row.code == entry.code) {
                findings.push(Finding::new(
                    "entry-without-row",
                    Severity::Warning,
                    file,
                    format!("no row has the code `{}`: it can never be chosen", entry.code),
                    nearest_or(&entry.code, rows.iter().map(|r| r.code.as_str()), "add the row, or take the entry out"),
                ));
            }
        }
        for row in rows.iter().filter(|row| !self.entries.iter().any(|e| e.code == row.code)) {
            let spelt = [&row.code, &row.name].into_iter().find_map(|name| claimed.get(&words::canonical(name)));
            if let Some(code) = spelt {
                findings.push(Finding::new(
                    "second-spelling",
                    Severity::Warning,
                    file,
                    format!("the row `{}` (`{}`) is a second spelling of `{code}`", row.code, row.name),
                    format!("nothing new is mapped to it; move what it has to `{code}`"),
                ));
            }
        }
        findings
    }
}

impl Entry {
    /// Everything the entry is called.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        [self.code.as_str(), self.name.as_str()].into_iter().chain(self.aliases.iter().map(String::as_str))
    }
}

fn why_alike(a: &Entry, b: &Entry) -> Option<String> {
    let (code_a, code_b) = (words::canonical(&a.code), words::canonical(&b.code));
    let (name_a, name_b) = (words::canonical(&a.name), words::canonical(&b.name));
    if name_a == name_b && !name_a.is_empty() {
        return Some(format!("both are called `{}`", a.name));
    }
    if code_a == code_b {
        return Some("their codes differ in spelling only".to_owned());
    }
    for (x, y) in [(&code_a, &code_b), (&name_a, &name_b)] {
        let shorter = x.chars().count().min(y.chars().count());
        if shorter >= 6 && strsim::normalized_damerau_levenshtein(x, y) >= 0.85 {
            return Some(format!("`{}` and `{}` differ by a letter or two", a.name, b.name));
        }
    }
    let same = a.keywords.iter().filter(|(k, _)| b.keywords.iter().any(|(other, _)| alike(k, other))).count();
    let fewer = a.keywords.len().min(b.keywords.len());
    (fewer >= 3 && same * 5 >= fewer * 4).then(|| {
        format!("they share {} of their keywords", text::count(same as u64, "keyword").replace(" keywords", ""))
    })
}

fn alike(a: &str, b: &str) -> bool {
    words::canonical(a) == words::canonical(b)
}

/// "did you mean", or what to do where nothing is near.
pub(super) fn nearest_or<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match text::nearest(wanted, known).as_slice() {
        [] => otherwise.to_owned(),
        near => format!("did you mean {}?", near.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENRES: &str = "[[entry]]\ncode = \"jazz\"\naliases = [\"Bebop\"]\n[[entry]]\ncode = \"folk\"\n\
        [[rule]]\nsignal = \"shelv\"\nvalue = \"a\"\ngives = { jazz = 0.5 }\n\
        [[rule]]\nsignal = \"wall\"\nvalue = \"b\"\ngives = { folk = 0.5 }\n";

    fn right(code: &str, name: &str) -> Right {
        Right { code: code.into(), name: name.into() }
    }

    #[test]
    fn an_entry_without_a_row_and_a_row_spelt_twice_are_named() {
        let taxonomy = Taxonomy::parse("genres.toml", GENRES).unwrap();
        let rows = [right("jazz", "Jazz"), right("BOP", "Be-Bop"), right("folks", "Folk songs")];
        let findings = taxonomy.against_rows("genres.toml", &rows);
        let rules: Vec<&str> = findings.iter().map(|f| f.rule).collect();
        assert_eq!(rules, ["entry-without-row", "second-spelling", "second-spelling"]);
        assert_eq!(findings[0].todo, "did you mean `folks`?");
        assert!(findings[1].found.contains("`BOP`") && findings[1].found.contains("`jazz`"), "{findings:?}");
        assert!(taxonomy.against_rows("genres.toml", &[right("jazz", "Jazz"), right("folk", "Folk")]).is_empty());
    }

    #[test]
    fn a_rule_about_a_signal_that_is_not_there_is_refused() {
        let taxonomy = Taxonomy::parse("genres.toml", GENRES).unwrap();
        let findings = taxonomy.unknown_signals("genres.toml", &["shelf", "wall"]);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].todo, "did you mean `shelf`?");
    }

    #[test]
    fn entries_that_share_their_keywords_are_near_duplicates() {
        let text = "[[entry]]\ncode = \"swing\"\nkeywords = [\"band\", \"club\", \"dance\"]\n\
                    [[entry]]\ncode = \"bebop\"\nkeywords = [\"bands\", \"club\", \"dance\", \"fast\"]\n";
        let findings = Taxonomy::parse("genres.toml", text).unwrap().near_duplicates("genres.toml");
        assert!(findings[0].found.contains("share 3 of their keywords"), "{findings:?}");
    }
}
