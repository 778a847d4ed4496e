//! The review list: what a person is asked, row by row, and what they answered.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::finding::{Finding, Severity};
use crate::mapping::names::{Named, Names};
use crate::mapping::pairs::{Fillable, Filled};
use crate::mapping::sheet::{Sheet, cell};
use crate::mapping::taxonomy::nearest_or;
use crate::mapping::verdict::Verdict;
use crate::text;

/// The columns of a review file, in order; an interface.
pub const COLUMNS: [&str; 6] = ["key", "why", "candidates", "confidence", "evidence", "decision"];

/// Parts the codes of one decision; the first is the primary one.
const BETWEEN: &str = "; ";
/// So many mistakes are listed, and then how many more there are.
const LISTED: usize = 200;
/// How much of a name is shown.
const SHOWN: usize = 60;

/// The fields of one row's line, as [`COLUMNS`] names them; the decision is left to the person.
pub fn line(key: &str, verdict: &Verdict) -> [String; 6] {
    let each = |told: &dyn Fn(&crate::mapping::verdict::Candidate) -> String| {
        verdict.candidates.iter().map(told).collect::<Vec<_>>().join(BETWEEN)
    };
    [
        key.to_owned(),
        verdict.review.clone().unwrap_or_default(),
        each(&|c| c.code.clone()),
        each(&|c| format!("{:.2}", c.confidence)),
        verdict.candidates.iter().map(|c| format!("{}: {}", c.code, c.evidence)).collect::<Vec<_>>().join(" | "),
        String::new(),
    ]
}

/// What a line says that a person decided about one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The line of the file, from 1.
    pub line: u64,
    pub key: String,
    /// The first is the primary one.
    pub codes: Vec<String>,
    /// Values for further columns of these pairs.
    pub put: Map<String, Value>,
}

/// What decisions are held against.
pub struct Known<'a> {
    pub names: &'a Names,
    /// The most codes one row may have.
    pub at_most: usize,
    /// What the columns may be called, in lower case; the usual names first.
    pub headings: Headings,
    pub fillable: &'a [Fillable],
}

/// What the columns for key and decision may be called.
pub struct Headings {
    pub key: Vec<String>,
    pub decision: Vec<String>,
}

/// The decisions in the text of a review file; lines without one are passed over.
///
/// A decision names codes, or names and aliases that fit one row only. Where the file also fills
/// columns of a pair, a row may have several lines. `keys` says which of the keys it is given
/// exist; it is asked once, for all of them. Every mistake is listed, and one is enough for
/// nothing to be applied.
pub fn decisions(
    file: &str,
    csv: &str,
    known: &Known,
    keys: impl FnOnce(&BTreeSet<&str>) -> BTreeSet<String>,
) -> Result<Vec<Decision>, Vec<Finding>> {
    let mut desk = Desk { file, findings: Vec::new() };
    let decisions = desk.read(csv, known);
    let asked: BTreeSet<&str> = decisions.iter().map(|d| d.key.as_str()).collect();
    let there = if asked.is_empty() { BTreeSet::new() } else { keys(&asked) };
    for decision in decisions.iter().filter(|d| !there.contains(&d.key)) {
        let found = format!("no row has the key `{}`", text::inert(&decision.key));
        let todo = "leave the column `key` as `--review-out` wrote it, or take the line out";
        desk.refuse("unknown-key", decision.line, found, todo);
    }
    if decisions.is_empty() && desk.findings.is_empty() {
        desk.refuse("nothing-decided", 1, "no line has a decision".into(), "write codes into the column `decision`");
    }
    if desk.findings.is_empty() { Ok(decisions) } else { Err(desk.listed()) }
}

/// The keys of a file, as far as it can be read; whether they are right is asked later.
pub fn keys(csv: &str, headings: &Headings) -> Vec<String> {
    let Ok(sheet) = Sheet::read(csv) else { return Vec::new() };
    sheet.column(&headings.key).map(|at| sheet.all(at)).unwrap_or_default()
}

struct Desk<'a> {
    file: &'a str,
    findings: Vec<(u64, Finding)>,
}

impl Desk<'_> {
    fn refuse(&mut self, rule: &'static str, line: u64, found: String, todo: impl Into<String>) {
        let about = format!("{}:{line}", self.file);
        self.findings.push((line, Finding::new(rule, Severity::Refusal, about, found, todo)));
    }

    /// The mistakes in the order of the file.
    fn listed(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|(line, _)| *line);
        let more = self.findings.len().saturating_sub(LISTED);
        let mut listed: Vec<Finding> = self.findings.into_iter().take(LISTED).map(|(_, finding)| finding).collect();
        if more > 0 {
            let found = format!("{} more", text::count(more as u64, "mistake"));
            listed.push(Finding::new("more-mistakes", Severity::Refusal, self.file, found, "correct these first"));
        }
        listed
    }

    fn read(&mut self, text: &str, known: &Known) -> Vec<Decision> {
        let sheet = match Sheet::read(text) {
            Ok(sheet) => sheet,
            Err(error) => {
                self.refuse("unreadable-line", 1, error, "save the file as CSV in UTF-8");
                return Vec::new();
            }
        };
        let Some([key, decision]) = self.columns(&sheet, &known.headings) else { return Vec::new() };
        let mut unclear = Vec::new();
        let filled = Filled::of(self.file, &sheet, &[key, decision], known.fillable, &mut unclear);
        self.findings.extend(unclear.into_iter().map(|finding| (1, finding)));
        let mut decisions: Vec<Decision> = Vec::new();
        let mut first: BTreeMap<String, u64> = BTreeMap::new();
        let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in &sheet.lines {
            let (line, record) = match line {
                Ok((line, record)) => (*line, record),
                Err((line, error)) => {
                    self.refuse("unreadable-line", *line, error.clone(), "save the file as CSV in UTF-8");
                    continue;
                }
            };
            let of = |column: usize| cell(record, column);
            if of(decision).is_empty() {
                continue;
            }
            let before = if filled.is_empty() { Vec::new() } else { given.remove(of(key)).unwrap_or_default() };
            let codes = self.codes(line, of(decision), &before, known);
            let put = filled.read(record).unwrap_or_else(|wrong| {
                wrong.into_iter().for_each(|(found, todo)| self.refuse("wrong-value", line, found, todo));
                Map::new()
            });
            if of(key).is_empty() {
                self.refuse(
                    "no-key",
                    line,
                    "a decision without a key".into(),
                    "write the row's key, or take the line out",
                );
                continue;
            }
            if let Some(before) = first.insert(of(key).to_owned(), line).filter(|_| filled.is_empty()) {
                let found = format!("`{}` was decided in line {before} already", text::inert(of(key)));
                self.refuse("duplicate-line", line, found, "leave one line for each row");
                continue;
            }
            given.insert(of(key).to_owned(), [before.as_slice(), codes.as_slice()].concat());
            decisions.push(Decision { line, key: of(key).to_owned(), codes, put });
        }
        decisions
    }

    /// Where the two columns that count stand.
    fn columns(&mut self, sheet: &Sheet, headings: &Headings) -> Option<[usize; 2]> {
        let places = [&headings.key, &headings.decision].map(|names| {
            let place = sheet.column(names);
            if place.is_none() {
                let name = names.first().map_or("", String::as_str);
                let otherwise = format!("the columns are {}", text::quoted_list(&COLUMNS));
                let found = format!("the file has no column `{name}`");
                let todo = nearest_or(name, sheet.headings.iter().map(String::as_str), &otherwise);
                self.refuse("missing-column", 1, found, todo);
            }
            place
        });
        places[0].zip(places[1]).map(|(key, decision)| [key, decision])
    }

    /// The codes that a decision names; `before` are those that an earlier line gave the same row.
    fn codes(&mut self, line: u64, decision: &str, before: &[String], known: &Known) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        // a name may hold what parts names
        let whole = !matches!(known.names.named(decision), Named::Nothing);
        let pieces = if whole { vec![decision] } else { decision.split([';', ',', '|']).collect() };
        for piece in pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()) {
            let Some(code) = self.code(line, piece, known.names) else { continue };
            if codes.contains(&code) || before.contains(&code) {
                let found = format!("`{code}` is named twice");
                self.refuse("code-twice", line, found, "name it once, the primary one first");
            } else {
                codes.push(code);
            }
        }
        let all = before.len() + codes.len();
        if all > known.at_most {
            let found = format!("{} for one row", text::count(all as u64, "code"));
            self.refuse("too-many-codes", line, found, format!("name at most {}", known.at_most));
        }
        codes
    }

    /// The one code that is meant; what fits several rows, or stands for none, is asked back.
    fn code(&mut self, line: u64, piece: &str, names: &Names) -> Option<String> {
        let shown = text::cut(&text::inert(piece), SHOWN);
        match names.named(piece) {
            Named::Plainly(i) | Named::ByAlias(i) => return Some(names.known[i].code.clone()),
            Named::Several(rows) => {
                let codes: Vec<&str> = rows.iter().map(|i| names.known[*i].code.as_str()).take(5).collect();
                let found = format!("`{shown}` fits {} rows", rows.len());
                let todo = format!("which one is meant? write its code: {}", text::quoted_list(&codes));
                self.refuse("ambiguous-name", line, found, todo);
            }
            Named::ByDefault(rows) => {
                let found = format!("`{shown}` is what {} by default", text::count(rows as u64, "row") + " are called");
                self.refuse("default-name", line, found, "write the code of the row that is meant");
            }
            Named::WithoutRow(i) => {
                let found = format!("`{}` has no row", names.known[i].code);
                self.refuse("code-without-row", line, found, "add the row first, or write another code");
            }
            Named::Nothing => {
                let near = names.nearest(piece);
                let todo = nearest_or(piece, near.iter().map(String::as_str), "write the code of a row that exists");
                self.refuse("unknown-code", line, format!("`{shown}` is no code"), todo);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
