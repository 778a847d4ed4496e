//! What right rows are called, and which of them a value names: one, several, or none.

use std::collections::{BTreeMap, HashMap};

use crate::mapping::taxonomy::Taxonomy;
use crate::mapping::words;
use crate::text;

/// A right row that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Right {
    pub code: String,
    pub name: String,
}

/// So many rows with one name have it by default, not by choice.
const DEFAULTED: usize = 10;

/// First words of names that stand where nobody gave one.
const PLACEHOLDERS: [&str; 11] =
    ["unknown", "unnamed", "untitled", "undefined", "default", "none", "null", "nil", "tbd", "placeholder", "dummy"];

/// What a value names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// One entry, by its code or its name as written (but for case).
    Plainly(usize),
    /// One entry, by an alias or another spelling.
    ByAlias(usize),
    /// One entry that has no row.
    WithoutRow(usize),
    /// Several entries.
    Several(Vec<usize>),
    /// A name that stands for none: so many rows have it.
    ByDefault(usize),
    Nothing,
}

/// A code that may be chosen, and what it is called.
#[derive(Debug, Clone)]
pub struct Known {
    pub code: String,
    pub name: String,
    pub has_row: bool,
}

/// Every code with all it is called.
///
/// The entries of the taxonomy come first, in its order; rows outside it follow. What an entry
/// claims is the entry's, whatever a row outside is called: a second spelling wins nothing.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub known: Vec<Known>,
    entries: usize,
    codes: HashMap<String, usize>,
    claims: HashMap<String, Vec<usize>>,
    /// Canonical names of rows, with how many bear them.
    bearers: BTreeMap<String, usize>,
}

impl Names {
    pub fn new(taxonomy: &Taxonomy, rows: &[Right]) -> Names {
        let mut names = Names::default();
        for row in rows {
            *names.bearers.entry(words::canonical(&row.name)).or_default() += 1;
        }
        for entry in &taxonomy.entries {
            let row = rows.iter().find(|row| row.code == entry.code);
            let i = names.add(&entry.code, &entry.name, row.is_some());
            entry.spellings().for_each(|spelling| names.claim(spelling, i));
            row.into_iter().for_each(|row| names.claim_name(&row.name, i));
        }
        names.entries = names.known.len();
        for row in rows {
            if !names.codes.contains_key(&row.code) {
                let i = names.add(&row.code, &row.name, true);
                names.claim(&row.code, i);
                names.claim_name(&row.name, i);
            }
        }
        names
    }

    fn add(&mut self, code: &str, name: &str, has_row: bool) -> usize {
        self.known.push(Known { code: code.to_owned(), name: name.to_owned(), has_row });
        self.codes.insert(code.to_owned(), self.known.len() - 1);
        self.known.len() - 1
    }

    fn claim(&mut self, spelling: &str, i: usize) {
        let form = words::canonical(spelling);
        if form.is_empty() {
            return;
        }
        let owners = self.claims.entry(form).or_default();
        if !owners.contains(&i) {
            owners.push(i);
        }
    }

    /// A name that stands where nobody gave one claims nothing.
    fn claim_name(&mut self, name: &str, i: usize) {
        if !is_placeholder(name) {
            self.claim(name, i);
        }
    }

    /// The place of a code as written.
    pub fn code(&self, code: &str) -> Option<usize> {
        self.codes.get(code).copied()
    }

    /// Which entry a value names.
    pub fn named(&self, value: &str) -> Named {
        let value = value.trim();
        let form = words::canonical(value);
        let owners = self.claims.get(&form).map(Vec::as_slice).unwrap_or_default();
        let inside: Vec<usize> = owners.iter().copied().filter(|i| *i < self.entries).collect();
        let owners = if inside.is_empty() { owners } else { inside.as_slice() };
        let by_code = self.codes.get(value).copied().filter(|i| owners.contains(i));
        let bearers = self.bearers.get(&form).copied().unwrap_or_default();
        match (by_code, owners) {
            (Some(i), _) | (None, &[i]) if !self.known[i].has_row => Named::WithoutRow(i),
            (Some(i), _) => Named::Plainly(i),
            (None, &[i]) if self.is_called(i, value) => Named::Plainly(i),
            (None, &[i]) => Named::ByAlias(i),
            (None, []) if bearers == 0 => Named::Nothing,
            (None, []) => Named::ByDefault(bearers),
            (None, _) if bearers >= DEFAULTED => Named::ByDefault(bearers),
            (None, several) => Named::Several(several.to_vec()),
        }
    }

    fn is_called(&self, i: usize, value: &str) -> bool {
        let known = &self.known[i];
        [&known.code, &known.name].into_iter().any(|name| name.to_lowercase() == value.to_lowercase())
    }

    /// Codes, or else names, that a reader may have meant.
    pub fn nearest(&self, value: &str) -> Vec<String> {
        let rows = || self.known.iter().filter(|known| known.has_row);
        let codes = text::nearest(value, rows().map(|known| known.code.as_str()));
        if codes.is_empty() { text::nearest(value, rows().map(|known| known.name.as_str())) } else { codes }
    }
}

fn is_placeholder(name: &str) -> bool {
    let mut lower = String::new();
    words::tokens(name).next().is_some_and(|first| PLACEHOLDERS.contains(&first.lower(name, &mut lower)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(code: &str, name: &str) -> Right {
        Right { code: code.into(), name: name.into() }
    }

    fn genres() -> Names {
        let text = "[[entry]]\ncode = \"brass_bands\"\nname = \"Brass bands\"\naliases = [\"Oompah\"]\n\
                    [[entry]]\ncode = \"folk\"\n[[entry]]\ncode = \"polka\"\n";
        let taxonomy = Taxonomy::parse("genres.toml", text).unwrap();
        let mut rows = vec![row("brass_bands", "Brass music"), row("folk", "Folk"), row("BRASS", "Brass Band")];
        rows.extend([row("dj", "Turntables"), row("x1", "Lute"), row("x2", "Lute"), row("x3", "Untitled genre")]);
        rows.extend((0..12).map(|i| row(&format!("u{i}"), "Strings")));
        Names::new(&taxonomy, &rows)
    }

    fn code(named: Named, names: &Names) -> String {
        match named {
            Named::Plainly(i) => format!("= {}", names.known[i].code),
            Named::ByAlias(i) => format!("~ {}", names.known[i].code),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn codes_names_aliases_and_spelling_variants_name_their_entry() {
        let names = genres();
        for plain in ["brass_bands", "BRASS BANDS", " Brass bands "] {
            assert_eq!(code(names.named(plain), &names), "= brass_bands", "{plain}");
        }
        for variant in ["Brass-Band", "oompahs", "brass music", "BrassBand"] {
            assert_eq!(code(names.named(variant), &names), "~ brass_bands", "{variant}");
        }
        assert_eq!(code(names.named("turntable"), &names), "~ dj");
    }

    #[test]
    fn a_name_that_fits_several_rows_names_none() {
        let names = genres();
        assert!(matches!(names.named("lute"), Named::Several(rows) if rows.len() == 2));
        assert_eq!(code(names.named("x1"), &names), "= x1");
    }

    #[test]
    fn a_name_given_by_default_names_none() {
        let names = genres();
        assert_eq!(names.named("Strings"), Named::ByDefault(12));
        assert_eq!(names.named("untitled genre"), Named::ByDefault(1));
        assert_eq!(code(names.named("u3"), &names), "= u3");
    }

    #[test]
    fn a_second_spelling_outside_the_taxonomy_wins_nothing() {
        let names = genres();
        assert_eq!(code(names.named("Brass Band"), &names), "~ brass_bands");
    }

    #[test]
    fn an_entry_without_a_row_is_said_to_have_none() {
        let names = genres();
        assert!(matches!(names.named("Polkas"), Named::WithoutRow(i) if names.known[i].code == "polka"));
        assert_eq!(names.named("techno"), Named::Nothing);
        assert_eq!(names.named(" - "), Named::Nothing);
    }
}
