//! What a review file must give, sentence by sentence.

use super::*;
use crate::mapping::names::Right;
use crate::mapping::taxonomy::Taxonomy;
use crate::mapping::verdict::{Because, Candidate};

fn right(code: &str, name: &str) -> Right {
    Right { code: code.into(), name: name.into() }
}

fn names() -> Names {
    let text =
        "[[entry]]\ncode = \"jazz\"\nname = \"Jazz music\"\naliases = [\"Bebop\"]\n[[entry]]\ncode = \"polka\"\n";
    let taxonomy = Taxonomy::parse("genres.toml", text).unwrap();
    let mut rows = vec![right("jazz", "Jazz music"), right("folk", "Folk, old and new"), right("opera", "Opera")];
    rows.extend([right("s1", "Song"), right("s2", "Song"), right("u1", "Unknown genre")]);
    Names::new(&taxonomy, &rows)
}

fn fillable() -> Vec<Fillable> {
    let column =
        |name: &str, kind: &str| Fillable { name: name.into(), kind: kind.into(), length: None, is_evidence: false };
    vec![column("relation_kind", "text"), column("priority_level", "integer")]
}

fn read(csv: &str) -> Result<Vec<Decision>, Vec<Finding>> {
    let there = |asked: &BTreeSet<&str>| asked.iter().filter(|k| k.starts_with('r')).map(|k| k.to_string()).collect();
    let (names, fillable) = (names(), fillable());
    let headings = Headings { key: vec!["key".into(), "id".into()], decision: vec!["decision".into(), "genre".into()] };
    decisions("review.csv", csv, &Known { names: &names, at_most: 2, headings, fillable: &fillable }, there)
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
    assert_eq!(
        decided,
        [Decision { line: 2, key: "r=1".into(), codes: vec!["folk".into(), "jazz".into()], put: Map::new() }]
    );
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

#[test]
fn names_and_aliases_are_decisions_and_a_name_that_fits_several_or_none_is_asked_back() {
    let csv = "key,decision\nr1,bebop\nr2,\"Folk, old and new\"\nr3,Jazz-Music; Operas\n";
    let codes: Vec<Vec<String>> = read(csv).unwrap().into_iter().map(|d| d.codes).collect();
    assert_eq!(codes, [vec!["jazz"], vec!["folk"], vec!["jazz", "opera"]]);
    let found = read("key,decision\nr1,song\nr2,unknown genre\nr3,polka\n").unwrap_err();
    let rules: Vec<&str> = found.iter().map(|f| f.rule).collect();
    assert_eq!(rules, ["ambiguous-name", "default-name", "code-without-row"]);
    assert!(found[0].todo.contains("`s1`") && found[0].todo.contains("`s2`"), "{found:?}");
}

#[test]
fn a_line_for_each_pair_fills_its_columns() {
    let csv = "id,genre,relation,priority,remarks\nr1,jazz,plays,2,x\nr1,opera,hears,,y\nr2,folk,,,\n";
    let decided = read(csv).unwrap();
    let told: Vec<String> = decided.iter().map(|d| serde_json::to_string(&d.put).unwrap()).collect();
    assert_eq!(told, [r#"{"relation_kind":"plays","priority_level":"2"}"#, r#"{"relation_kind":"hears"}"#, "{}"]);
    let wrong =
        "key,decision,priority,relation_kidn\nr1,jazz,high,x\nr1,bebop,1,x\nr2,jazz,1,\nr2,folk,1,\nr2,opera,1,\n";
    let wanted = ["unclear-column", "wrong-value", "code-twice", "too-many-codes"].map(str::to_owned);
    assert_eq!(rules(wrong).into_iter().map(|(rule, _)| rule.to_owned()).collect::<Vec<_>>(), wanted);
}

#[test]
fn a_key_that_a_spreadsheet_would_calculate_comes_back_as_it_was() {
    let headings = Headings { key: vec!["key".into()], decision: vec!["decision".into()] };
    assert_eq!(keys("\u{feff}Key;Decision\r\n'=r1;jazz\r\n", &headings), ["=r1"]);
}
