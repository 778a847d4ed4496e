//! The review list: what a person is asked, row by row, and what they answered.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, Severity};
use crate::mapping::taxonomy::nearest_or;
use crate::mapping::verdict::Verdict;
use crate::text;

/// The columns of a review file, in order; an interface.
pub const COLUMNS: [&str; 6] = ["key", "why", "candidates", "confidence", "evidence", "decision"];

/// Parts the codes of one decision; the first is the primary one.
const BETWEEN: &str = "; ";
/// So many mistakes are listed, and then how many more there are.
const LISTED: usize = 200;

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

/// What a person decided about one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The line of the file, from 1.
    pub line: u64,
    pub key: String,
    /// The first is the primary one.
    pub codes: Vec<String>,
}

/// What decisions are held against.
pub struct Known<'a> {
    /// The codes that have a row.
    pub codes: &'a [String],
    /// The most codes one row may have.
    pub at_most: usize,
}

/// The decisions in the text of a review file; lines without one are passed over.
///
/// `keys` says which of the keys it is given exist; it is asked once, for all of them. Every
/// mistake is listed, and one is enough for nothing to be applied.
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
        // with a carriage return the reader would count the lines one short
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let head = text.lines().next().unwrap_or_default();
        // a spreadsheet may have saved it with semicolons
        let between = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(between).from_reader(text.as_bytes());
        let Some([key, decision]) = self.columns(&mut reader) else { return Vec::new() };
        let mut decisions: Vec<Decision> = Vec::new();
        let mut first: BTreeMap<String, u64> = BTreeMap::new();
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    let line = error.position().map_or(1, csv::Position::line);
                    self.refuse("unreadable-line", line, error.to_string(), "save the file as CSV in UTF-8");
                    continue;
                }
            };
            let line = record.position().map_or(1, csv::Position::line);
            let of = |column: usize| record.get(column).unwrap_or_default().trim();
            if of(decision).is_empty() {
                continue;
            }
            let codes = self.codes(line, of(decision), known);
            if of(key).is_empty() {
                self.refuse(
                    "no-key",
                    line,
                    "a decision without a key".into(),
                    "write the row's key, or take the line out",
                );
                continue;
            }
            if let Some(before) = first.insert(of(key).to_owned(), line) {
                let found = format!("`{}` was decided in line {before} already", text::inert(of(key)));
                self.refuse("duplicate-line", line, found, "leave one line for each row");
                continue;
            }
            decisions.push(Decision { line, key: of(key).to_owned(), codes });
        }
        decisions
    }

    /// Where the two columns that count stand.
    fn columns(&mut self, reader: &mut csv::Reader<&[u8]>) -> Option<[usize; 2]> {
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                self.refuse("unreadable-line", 1, error.to_string(), "save the file as CSV in UTF-8");
                return None;
            }
        };
        let places = ["key", "decision"].map(|name| {
            let place = header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
            if place.is_none() {
                let otherwise = format!("the columns are {}", text::quoted_list(&COLUMNS));
                let found = format!("the file has no column `{name}`");
                self.refuse("missing-column", 1, found, nearest_or(name, header.iter(), &otherwise));
            }
            place
        });
        places[0].zip(places[1]).map(|(key, decision)| [key, decision])
    }

    fn codes(&mut self, line: u64, decision: &str, known: &Known) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        for code in decision.split([';', ',', '|']).map(str::trim).filter(|code| !code.is_empty()) {
            if !known.codes.iter().any(|other| other == code) {
                let todo =
                    nearest_or(code, known.codes.iter().map(String::as_str), "write the code of a row that exists");
                self.refuse("unknown-code", line, format!("`{}` is no code", text::inert(code)), todo);
            } else if codes.iter().any(|other| other == code) {
                self.refuse(
                    "code-twice",
                    line,
                    format!("`{code}` is named twice"),
                    "name it once, the primary one first",
                );
            } else {
                codes.push(code.to_owned());
            }
        }
        if codes.len() > known.at_most {
            let found = format!("{} for one row", text::count(codes.len() as u64, "code"));
            self.refuse("too-many-codes", line, found, format!("name at most {}", known.at_most));
        }
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::verdict::{Because, Candidate};

    fn read(csv: &str) -> Result<Vec<Decision>, Vec<Finding>> {
        let codes = ["jazz", "folk", "opera"].map(str::to_owned);
        let there =
            |asked: &BTreeSet<&str>| asked.iter().filter(|k| k.starts_with('r')).map(|k| k.to_string()).collect();
        decisions("review.csv", csv, &Known { codes: &codes, at_most: 2 }, there)
    }

    fn rules(csv: &str) -> Vec<(&'static str, String)> {
        read(csv).expect_err("mistakes").into_iter().map(|f| (f.rule, f.about)).collect()
    }

    #[test]
    fn what_was_written_comes_back_with_the_decision() {
        let candidate = |code: &str, confidence| Candidate {
            code: code.into(),
            confidence,
            because: Because::Keyword,
            evidence: "title: \"a, b\"".into(),
        };
        let verdict = Verdict {
            chosen: vec![],
            candidates: vec![candidate("jazz", 0.312), candidate("folk", 0.1)],
            review: Some("below the threshold".into()),
        };
        let mut fields = line("r=1", &verdict);
        assert_eq!(fields[2..4], ["jazz; folk".to_owned(), "0.31; 0.10".to_owned()]);
        assert!(fields[4].contains("folk: title: \"a, b\""));
        fields[5] = "folk; jazz".into();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(COLUMNS).unwrap();
        writer.write_record(&fields).unwrap();
        let csv = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let decided = read(&csv).unwrap();
        assert_eq!(decided, [Decision { line: 2, key: "r=1".into(), codes: vec!["folk".into(), "jazz".into()] }]);
    }

    #[test]
    fn lines_without_a_decision_are_passed_over() {
        let decided = read("key,decision\nr1,\nr2,jazz\nzzz,  \n").unwrap();
        assert_eq!(decided.len(), 1);
        assert_eq!(rules("key,decision\nr1,\n"), [("nothing-decided", "review.csv:1".to_owned())]);
    }

    #[test]
    fn every_mistake_is_listed_with_its_line() {
        let csv = "key,decision\nr1,jaz\nr2,jazz;jazz\nr2,folk\nx9,opera\n,jazz\nr3,\"jazz;folk;opera\"\nr4,folk\n";
        let found = rules(csv);
        let lines = ["unknown-code", "code-twice", "duplicate-line", "unknown-key", "no-key", "too-many-codes"];
        let wanted: Vec<(&str, String)> =
            lines.iter().enumerate().map(|(i, rule)| (*rule, format!("review.csv:{}", i + 2))).collect();
        assert_eq!(found, wanted);
        assert!(read(csv).unwrap_err()[0].todo.contains("`jazz`"));
    }

    #[test]
    fn a_file_without_its_columns_is_refused() {
        assert_eq!(rules("kye,decison\nr1,jazz\n").len(), 2);
        assert_eq!(
            rules(""),
            [("missing-column", "review.csv:1".to_owned()), ("missing-column", "review.csv:1".to_owned())]
        );
    }

    #[test]
    fn a_spreadsheets_own_csv_is_read() {
        let decided = read("\u{feff}Key;Decision\r\nr1;jazz\r\n").unwrap();
        assert_eq!((decided[0].key.as_str(), decided[0].line), ("r1", 2));
    }

    #[test]
    fn thousands_of_mistakes_stay_readable() {
        let mut csv = String::from("key,decision\n");
        (0..1000).for_each(|i| csv.push_str(&format!("x{i},jazz\n")));
        let found = read(&csv).unwrap_err();
        assert_eq!(found.len(), LISTED + 1);
        assert!(found[LISTED].found.contains("800 mistakes more"), "{:?}", found[LISTED]);
    }
}
