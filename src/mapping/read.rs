//! Reads a taxonomy as written, and says everything that is wrong with it at once.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::finding::{Finding, Severity};
use crate::mapping::taxonomy::{Entry, Rule, Taxonomy, nearest_or};
use crate::mapping::words::{self, Language};

const TOP: [&str; 7] = ["fallback", "threshold", "several_at_least", "at_most", "language", "entry", "rule"];
const ENTRY: [&str; 4] = ["code", "name", "aliases", "keywords"];
const RULE: [&str; 3] = ["signal", "value", "gives"];

type Value<'t> = Spanned<DeValue<'t>>;

impl Taxonomy {
    /// The taxonomy in `text`; `file` names it in the findings, which say line by line what is wrong.
    pub fn parse(file: &str, text: &str) -> Result<Taxonomy, Vec<Finding>> {
        let mut reader = Reader { file, text, findings: Vec::new() };
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().unwrap_or(0..0);
            reader.refuse("taxonomy-syntax", &at, error.message().to_owned(), "correct the TOML");
        }
        if !reader.findings.is_empty() {
            return Err(reader.findings);
        }
        let taxonomy = reader.taxonomy(table.get_ref());
        if reader.findings.is_empty() { Ok(taxonomy) } else { Err(reader.findings) }
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    findings: Vec<Finding>,
}

impl<'t> Reader<'t> {
    fn refuse(&mut self, rule: &'static str, at: &Range<usize>, found: String, todo: impl Into<String>) {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let about = format!("{}:{}", self.file, before.matches('\n').count() + 1);
        self.findings.push(Finding::new(rule, Severity::Refusal, about, found, todo));
    }

    fn taxonomy(&mut self, table: &DeTable<'t>) -> Taxonomy {
        self.known_keys(table, &TOP, "the taxonomy");
        let usual = Taxonomy::default();
        let entries: Vec<Entry> =
            self.tables(table, "entry").into_iter().filter_map(|(at, t)| self.entry(&at, t)).collect();
        self.clashes(table, &entries);
        let rules = self.tables(table, "rule").into_iter().filter_map(|(at, t)| self.rule(&at, t, &entries)).collect();
        let fallback = table.get("fallback").and_then(|v| self.text_of(v, "fallback").map(|code| (v.span(), code)));
        let fallback = fallback.and_then(|(at, code)| self.known_code(&at, code, "the fallback", &entries));
        Taxonomy {
            fallback,
            threshold: self.share(table, "threshold").unwrap_or(usual.threshold),
            several_at_least: self.share(table, "several_at_least").unwrap_or(usual.several_at_least),
            at_most: table.get("at_most").and_then(|v| self.at_most(v)).unwrap_or(usual.at_most),
            language: table.get("language").and_then(|v| self.language(v)),
            entries,
            rules,
        }
    }

    fn known_keys(&mut self, table: &DeTable<'t>, known: &[&str], whose: &str) {
        for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
            let name = key.get_ref().as_ref();
            let list: Vec<String> = known.iter().map(|k| format!("`{k}`")).collect();
            let otherwise = format!("the keys are {}", crate::text::list(&list));
            let todo = nearest_or(name, known.iter().copied(), &otherwise);
            self.refuse("unknown-key", &key.span(), format!("{whose} has no key `{name}`"), todo);
        }
    }

    fn wrong_type(&mut self, value: &Value<'t>, key: &str, wanted: &str) {
        let found = format!("`{key}` is {} `{}`, not {wanted}", article(value), value.get_ref().type_str());
        self.refuse("wrong-type", &value.span(), found, format!("write {wanted}"));
    }

    fn tables<'v>(&mut self, table: &'v DeTable<'t>, key: &str) -> Vec<(Range<usize>, &'v DeTable<'t>)> {
        let Some(value) = table.get(key) else { return Vec::new() };
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(value, key, &format!("a list of tables, `[[{key}]]`"));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items.iter() {
            match item.get_ref().as_table() {
                Some(inner) => tables.push((item.span(), inner)),
                None => self.wrong_type(item, key, &format!("a table, `[[{key}]]`")),
            }
        }
        tables
    }

    fn text_of(&mut self, value: &Value<'t>, key: &str) -> Option<String> {
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => return Some(text.trim().to_owned()),
            Some(_) => {
                self.refuse("empty-value", &value.span(), format!("`{key}` is empty"), "write it, or take it out")
            }
            None => self.wrong_type(value, key, "text"),
        }
        None
    }

    /// One text, or a list of them.
    fn texts_of(&mut self, value: &Value<'t>, key: &str) -> Vec<(Range<usize>, String)> {
        match value.get_ref().as_array() {
            Some(items) => {
                items.iter().filter_map(|item| self.text_of(item, key).map(|text| (item.span(), text))).collect()
            }
            None => self.text_of(value, key).map(|text| (value.span(), text)).into_iter().collect(),
        }
    }

    fn number(&mut self, value: &Value<'t>, key: &str) -> Option<f64> {
        let written = match value.get_ref() {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str(),
            DeValue::Float(number) => number.as_str(),
            _ => "",
        };
        let number = written.replace('_', "").parse().ok().filter(|n: &f64| n.is_finite());
        if number.is_none() {
            self.wrong_type(value, key, "a number");
        }
        number
    }

    /// A confidence, 0 to 1.
    fn confidence(&mut self, value: &Value<'t>, key: &str) -> Option<f64> {
        let number = self.number(value, key)?;
        if (0.0..=1.0).contains(&number) {
            return Some(number);
        }
        self.refuse(
            "confidence-out-of-range",
            &value.span(),
            format!("`{key}` is {number}, but a confidence lies between 0 and 1"),
            "write a number from 0 to 1",
        );
        None
    }

    fn share(&mut self, table: &DeTable<'t>, key: &str) -> Option<f64> {
        table.get(key).and_then(|value| self.confidence(value, key))
    }

    fn at_most(&mut self, value: &Value<'t>) -> Option<usize> {
        let number = self.number(value, "at_most")?;
        if number >= 1.0 && number.fract() == 0.0 && number <= 1000.0 {
            return Some(number as usize);
        }
        let found = format!("`at_most` is {number}, but a row has at least one");
        self.refuse("out-of-range", &value.span(), found, "write a whole number from 1 on");
        None
    }

    fn language(&mut self, value: &Value<'t>) -> Option<Language> {
        let name = self.text_of(value, "language")?;
        let language = Language::named(&name);
        if language.is_none() {
            let todo = nearest_or(&name, Language::names(), "write the name of a PostgreSQL text search configuration");
            self.refuse("unknown-language", &value.span(), format!("no stems are known for `{name}`"), todo);
        }
        language
    }

    fn entry(&mut self, at: &Range<usize>, table: &DeTable<'t>) -> Option<Entry> {
        self.known_keys(table, &ENTRY, "an entry");
        let code = table.get("code").and_then(|value| self.text_of(value, "code"));
        if !table.contains_key("code") {
            self.refuse("entry-without-code", at, "an entry has no `code`".into(), "write the code of its row");
        }
        let code = code?;
        let name = table.get("name").and_then(|value| self.text_of(value, "name"));
        let aliases = table.get("aliases").map(|value| self.texts_of(value, "aliases")).unwrap_or_default();
        let keywords = table.get("keywords").map(|value| self.keywords(value)).unwrap_or_default();
        Some(Entry {
            name: name.unwrap_or_else(|| code.clone()),
            aliases: aliases.into_iter().map(|(_, alias)| alias).collect(),
            keywords,
            code,
        })
    }

    /// `{ "a phrase" = 2.0 }`, or a plain list whose words count 1 each.
    fn keywords(&mut self, value: &Value<'t>) -> Vec<(String, f64)> {
        let Some(table) = value.get_ref().as_table() else {
            let plain = value.get_ref().is_array();
            if !plain {
                self.wrong_type(value, "keywords", "a table of word and weight");
            }
            let words = if plain { self.texts_of(value, "keywords") } else { Vec::new() };
            return words.into_iter().map(|(_, word)| (word, 1.0)).collect();
        };
        let mut keywords = Vec::new();
        for (word, weight) in table.iter() {
            let spelt = word.get_ref().as_ref();
            let Some(number) = self.number(weight, spelt) else { continue };
            if number <= 0.0 || words::tokens(spelt).next().is_none() {
                let found = format!("the keyword `{spelt}` = {number} can never count");
                self.refuse(
                    "idle-keyword",
                    &word.span(),
                    found,
                    "give it a letter and a weight above 0, or take it out",
                );
                continue;
            }
            keywords.push((spelt.to_owned(), number));
        }
        keywords
    }

    fn rule(&mut self, at: &Range<usize>, table: &DeTable<'t>, entries: &[Entry]) -> Option<Rule> {
        self.known_keys(table, &RULE, "a rule");
        for key in RULE.iter().filter(|key| !table.contains_key(**key)) {
            self.refuse("incomplete-rule", at, format!("a rule has no `{key}`"), format!("write `{key}`"));
        }
        let signal = table.get("signal").and_then(|value| self.text_of(value, "signal"));
        let values = table.get("value").map(|value| self.texts_of(value, "value")).unwrap_or_default();
        let gives = table.get("gives").map(|value| self.gives(value, entries)).unwrap_or_default();
        Some(Rule { signal: signal?, values: values.into_iter().map(|(_, value)| value).collect(), gives })
    }

    fn gives(&mut self, value: &Value<'t>, entries: &[Entry]) -> Vec<(String, f64)> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(value, "gives", "a table of code and confidence");
            return Vec::new();
        };
        if table.is_empty() {
            self.refuse("idle-rule", &value.span(), "a rule gives nothing".into(), "name a code with its confidence");
        }
        let mut gives = Vec::new();
        for (code, confidence) in table.iter() {
            let known = self.known_code(&code.span(), code.get_ref().to_string(), "a rule", entries);
            let confidence = self.confidence(confidence, code.get_ref());
            gives.extend(known.zip(confidence));
        }
        gives
    }

    fn known_code(&mut self, at: &Range<usize>, code: String, who: &str, entries: &[Entry]) -> Option<String> {
        if entries.iter().any(|entry| entry.code == code) {
            return Some(code);
        }
        let todo = nearest_or(&code, entries.iter().map(|e| e.code.as_str()), "name the code of an `[[entry]]`");
        self.refuse("unknown-code", at, format!("{who} names `{code}`, which is no entry"), todo);
        None
    }

    /// Codes that occur twice, and aliases that two entries claim.
    fn clashes(&mut self, table: &DeTable<'t>, entries: &[Entry]) {
        let spans: Vec<Range<usize>> = self.tables(table, "entry").into_iter().map(|(at, _)| at).collect();
        let span = |i: usize| spans.get(i).cloned().unwrap_or(0..0);
        let mut codes: BTreeMap<String, usize> = BTreeMap::new();
        for (i, entry) in entries.iter().enumerate() {
            if let Some(first) = codes.insert(words::canonical(&entry.code), i) {
                let (found, todo) = match entries[first].code == entry.code {
                    true => (format!("the code `{}` occurs twice", entry.code), "make one entry of them"),
                    false => (
                        format!("the codes `{}` and `{}` differ in spelling only", entries[first].code, entry.code),
                        "keep one, and make the other its alias",
                    ),
                };
                self.refuse("duplicate-code", &span(i), found, todo);
            }
        }
        let mut claims: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, entry) in entries.iter().enumerate() {
            for spelling in entry.spellings() {
                let owners = claims.entry(words::canonical(spelling)).or_default();
                if !owners.contains(&i) {
                    owners.push(i);
                }
            }
        }
        for (i, entry) in entries.iter().enumerate() {
            let mut said: Vec<String> = Vec::new();
            for alias in &entry.aliases {
                let form = words::canonical(alias);
                let rival = claims.get(&form).and_then(|owners| owners.iter().find(|o| **o != i));
                let Some(rival) = rival.map(|o| &entries[*o]) else { continue };
                let both_alias = rival.aliases.iter().any(|other| words::canonical(other) == form);
                let told_by_the_first = both_alias && entries.iter().position(|e| e == rival).is_some_and(|r| r < i);
                if !told_by_the_first && !said.contains(&form) {
                    let found = format!("the alias `{alias}` of `{}` is claimed by `{}` too", entry.code, rival.code);
                    self.refuse("alias-claimed-twice", &span(i), found, "leave it to one of them");
                }
                said.push(form);
            }
        }
    }
}

fn article(value: &Value<'_>) -> &'static str {
    if value.get_ref().type_str().starts_with(['a', 'i']) { "an" } else { "a" }
}

#[cfg(test)]
mod tests;
