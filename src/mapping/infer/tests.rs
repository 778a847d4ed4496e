//! What inference must do, sentence by sentence.

use serde_json::{Value, json};

use super::*;

const GENRES: &str = r#"
fallback = "other"
threshold = 0.35
several_at_least = 0.6
at_most = 2
[[entry]]
code = "jazz"
name = "Jazz"
aliases = ["Bebop"]
keywords = { "big band" = 2.0, "swing" = 1.0, "saxophone" = 1.0, "trumpet" = 1.0 }
[[entry]]
code = "folk_music"
name = "Folk music"
keywords = { "ballad" = 1.0, "fiddle" = 2.0, "trumpet" = 1.0 }
[[entry]]
code = "opera"
name = "Opera"
keywords = { "aria" = 1.0 }
[[entry]]
code = "ghost"
keywords = { "boo" = 5.0 }
[[entry]]
code = "other"
name = "Something else"
[[rule]]
signal = "shelf"
value = ["blue", "Blue Notes"]
gives = { jazz = 0.8, folk_music = 0.5 }
"#;

fn rows() -> Vec<Right> {
    let mut rows: Vec<Right> = [("jazz", "Jazz"), ("folk_music", "Folk"), ("opera", "Opera"), ("other", "Else")]
        .map(|(code, name)| Right { code: code.into(), name: name.into() })
        .into();
    rows.extend((0..20).map(|i| Right { code: format!("p{i}"), name: "Unknown shelf".into() }));
    rows.extend(["t1", "t2"].map(|code| Right { code: code.into(), name: "Twin".into() }));
    rows
}

fn genres() -> Inference {
    Inference::new(&Taxonomy::parse("genres.toml", GENRES).unwrap(), &rows())
}

fn naming(value: Value) -> Subject {
    Subject { explicit: vec![("genre".into(), value)], ..Subject::default() }
}

fn saying(text: &str) -> Subject {
    Subject { text: vec![("notes".into(), 1.0, text.into())], ..Subject::default() }
}

fn codes(verdict: &Verdict) -> Vec<&str> {
    verdict.chosen.iter().map(|c| c.code.as_str()).collect()
}

#[test]
fn a_named_code_is_chosen_and_says_where_it_stood() {
    let verdict = genres().infer(&naming(json!("Folk-Music")));
    assert_eq!(codes(&verdict), ["folk_music"]);
    assert_eq!(verdict.chosen[0].because, Because::Alias);
    assert_eq!(verdict.chosen[0].evidence, "genre names `Folk-Music`");
    assert!((verdict.chosen[0].confidence - 0.95).abs() < 1e-9);
    assert_eq!(verdict.review, None);
}

#[test]
fn lists_and_json_in_text_name_several_and_the_first_is_primary() {
    for value in [
        json!(["opera", "bebop"]),
        json!("opera; Bebop"),
        json!("[\"opera\", \"bebop\"]"),
        json!("\"[\\\"opera\\\",\\\"bebop\\\"]\""),
    ] {
        let verdict = genres().infer(&naming(value.clone()));
        assert_eq!(verdict.chosen.len(), 2, "{value}");
        assert_eq!(verdict.review, None, "{value}");
    }
    let verdict = genres().infer(&naming(json!(["opera", "jazz", "folk"])));
    assert_eq!(codes(&verdict).len(), 2, "at_most holds");
}

#[test]
fn a_name_of_several_rows_is_a_question_even_if_keywords_would_answer() {
    let mut subject = naming(json!("twin"));
    subject.text = vec![("notes".into(), 5.0, "big band swing".into())];
    let verdict = genres().infer(&subject);
    assert!(verdict.chosen.is_empty(), "{verdict:?}");
    assert!(verdict.review.unwrap().contains("fits 2 rows: `t1` and `t2`"));
    assert!(verdict.candidates.iter().any(|c| c.code == "t2"));
}

#[test]
fn a_name_given_by_default_is_a_question() {
    let verdict = genres().infer(&naming(json!("Unknown Shelf")));
    assert!(verdict.chosen.is_empty());
    assert!(verdict.review.unwrap().contains("20 rows are called by default"));
}

#[test]
fn beside_a_question_what_is_named_plainly_stands() {
    let verdict = genres().infer(&naming(json!(["twin", "jazz"])));
    assert_eq!(codes(&verdict), ["jazz"]);
    assert!(verdict.review.is_some());
}

#[test]
fn an_unknown_name_is_listed_with_its_neighbours_while_other_signals_decide() {
    let mut subject = naming(json!("jaz"));
    subject.rules = vec![("shelf".into(), json!("blue"))];
    let verdict = genres().infer(&subject);
    assert_eq!(codes(&verdict), ["jazz"]);
    assert!(verdict.review.unwrap().contains("near are `jazz`"));
}

#[test]
fn a_rule_gives_its_confidence_and_reasons_add_up() {
    let mut subject = saying("a swing tune");
    subject.rules = vec![("shelf".into(), json!(["Blue-Note", "red"])), ("wall".into(), json!("blue"))];
    let verdict = genres().infer(&subject);
    assert_eq!(codes(&verdict), ["jazz"]);
    let keyword = 1.0 - (-0.5f64).exp();
    assert!((verdict.chosen[0].confidence - (1.0 - 0.2 * (1.0 - keyword))).abs() < 1e-9);
    assert_eq!(verdict.chosen[0].because, Because::Rule);
    assert_eq!(verdict.chosen[0].evidence, "rule for shelf = `Blue-Note`; notes: \"swing\"");
    assert_eq!(verdict.candidates[1].code, "folk_music");
}

#[test]
fn keywords_weigh_by_field_and_keyword_and_saturate() {
    let light = genres().infer(&saying("an aria")).candidates[0].confidence;
    let heavy = genres().infer(&Subject { text: vec![("title".into(), 3.0, "aria".into())], ..Subject::default() });
    assert!(light < heavy.candidates[0].confidence && heavy.candidates[0].confidence < 1.0);
    let twice = genres().infer(&saying("an aria, another aria")).candidates[0].confidence;
    assert!(light < twice && twice < 2.0 * light);
}

#[test]
fn a_word_that_two_entries_share_tells_less() {
    let verdict = genres().infer(&saying("trumpets"));
    assert_eq!(verdict.candidates.iter().filter(|c| c.because == Because::Keyword).count(), 2);
    assert!(verdict.candidates[0].confidence < 0.35);
    assert_eq!(codes(&verdict), ["other"], "only the fallback is left");
}

#[test]
fn what_lies_far_behind_the_best_is_not_chosen_beside_it() {
    let verdict = genres().infer(&saying("big band swing with saxophone and trumpet, and one aria"));
    assert_eq!(codes(&verdict), ["jazz"]);
    let aria = Subject { text: vec![("title".into(), 2.0, "an aria".into())], ..Subject::default() };
    assert!(genres().infer(&aria).chosen[0].confidence > 0.6);
    let loud = "an aria, a big band, swing and saxophone";
    let beside = Subject { text: vec![("title".into(), 2.0, loud.into())], ..Subject::default() };
    assert_eq!(codes(&genres().infer(&beside)), ["jazz"], "the same aria beside much jazz");
    let both = genres().infer(&saying("big band swing, then a fiddle and a ballad"));
    assert_eq!(codes(&both), ["jazz", "folk_music"]);
}

#[test]
fn below_the_threshold_only_the_fallback_is_chosen_and_marked() {
    let verdict = genres().infer(&saying("nothing of the kind"));
    assert_eq!(codes(&verdict), ["other"]);
    assert_eq!(verdict.chosen[0].because, Because::Fallback);
    assert!(verdict.is_fallback() && verdict.review.is_some());
}

#[test]
fn without_a_fallback_nothing_is_chosen() {
    let mut taxonomy = Taxonomy::parse("genres.toml", GENRES).unwrap();
    taxonomy.fallback = None;
    let verdict = Inference::new(&taxonomy, &rows()).infer(&saying("trumpets"));
    assert!(verdict.chosen.is_empty());
    assert!(verdict.review.unwrap().contains("below the threshold of 0.35"));
}

#[test]
fn an_entry_without_a_row_is_never_chosen() {
    assert!(!codes(&genres().infer(&saying("boo boo boo"))).contains(&"ghost"));
    let verdict = genres().infer(&naming(json!("ghost")));
    assert!(!codes(&verdict).contains(&"ghost"));
    assert!(verdict.review.unwrap().contains("has no row"));
}

#[test]
fn without_a_taxonomy_rows_are_known_by_code_and_name() {
    let inference = Inference::new(&Taxonomy::default(), &rows());
    assert_eq!(codes(&inference.infer(&naming(json!("Operas")))), ["opera"]);
    assert_eq!(codes(&inference.infer(&naming(json!("p7")))), ["p7"]);
    assert!(inference.infer(&saying("opera")).chosen.is_empty());
}

#[test]
fn every_thread_says_the_same() {
    let inference = genres();
    let subject = saying("big band swing, a fiddle; ballads and trumpets");
    let first = inference.infer(&subject);
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| inference.infer(&subject))).collect();
        runs.into_iter().for_each(|run| assert_eq!(run.join().unwrap(), first));
    });
}

#[test]
fn hostile_text_is_inert_in_the_evidence() {
    let verdict = genres().infer(&naming(json!("jazz\u{1b}[2J")));
    assert!(!format!("{verdict:?}").contains('\u{1b}'));
}

#[test]
fn what_is_named_outright_comes_before_any_number_of_keywords() {
    let mut subject = naming(json!("opera"));
    subject.text = vec![("notes".into(), 9.0, "big band swing, saxophone".into())];
    assert_eq!(codes(&genres().infer(&subject)), ["opera", "jazz"]);
}

#[test]
fn a_fallback_without_a_row_is_not_taken() {
    let without = &rows()[..3];
    let verdict = Inference::new(&Taxonomy::parse("genres.toml", GENRES).unwrap(), without).infer(&saying("nothing"));
    assert!(verdict.chosen.is_empty() && verdict.review.is_some());
}
