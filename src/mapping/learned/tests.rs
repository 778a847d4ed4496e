//! What learning must give, sentence by sentence.

use super::*;
use crate::mapping::infer::Inference;
use crate::mapping::names::Right;
use crate::mapping::score::{Score, five_fold, learn_and_judge};
use crate::mapping::verdict::Because;

const GENRES: [(&str, [&str; 8]); 3] = [
    ("jazz", ["saxophone", "swing", "trumpet", "improvised", "quartet", "bebop", "club", "syncopated"]),
    ("folk", ["fiddle", "ballad", "village", "harvest", "accordion", "dance", "reel", "shepherd"]),
    ("opera", ["aria", "soprano", "libretto", "stage", "overture", "tenor", "curtain", "chorus"]),
];

/// A row of three words of its genre and some that every genre has.
fn subject(genre: usize, i: usize) -> Subject {
    let words = GENRES[genre].1;
    let title = format!("{} {}", words[i % 8], words[(i * 3 + 1) % 8]);
    let body = format!("A recording with a {} that people played and heard, number {i}.", words[(i * 5 + 2) % 8]);
    Subject {
        id: format!("{genre}-{i}"),
        key: format!("{genre}-{i}"),
        text: vec![("title".into(), 2.0, title), ("notes".into(), 1.0, body)],
        ..Subject::default()
    }
}

fn labelled(of_each: usize) -> Vec<Labelled> {
    let row = |n: usize| Labelled { subject: subject(n % 3, n / 3), codes: vec![GENRES[n % 3].0.to_owned()] };
    (0..3 * of_each).map(row).collect()
}

fn taxonomy() -> Taxonomy {
    Taxonomy::parse(
        "genres.toml",
        "[[entry]]\ncode = \"jazz\"\n[[entry]]\ncode = \"folk\"\n[[entry]]\ncode = \"opera\"\n",
    )
    .unwrap()
}

fn rows() -> Vec<Right> {
    GENRES.iter().map(|(code, _)| Right { code: (*code).into(), name: (*code).into() }).collect()
}

#[test]
fn what_people_mapped_maps_rows_that_look_alike_and_names_the_words() {
    let inference = Inference::learning(&taxonomy(), &rows(), Learned::train(&taxonomy(), &labelled(25)));
    let unseen = Subject {
        id: "new".into(),
        text: vec![("title".into(), 1.0, "Accordions of the village".into())],
        ..Subject::default()
    };
    assert!(Inference::new(&taxonomy(), &rows()).infer(&unseen).chosen.is_empty());
    let verdict = inference.infer(&unseen);
    assert_eq!((verdict.chosen[0].code.as_str(), verdict.chosen[0].because), ("folk", Because::Learned), "{verdict:?}");
    let evidence = &verdict.chosen[0].evidence;
    assert!(evidence.starts_with("learned from 75 rows: title: \""), "{evidence}");
    assert!(evidence.contains("\"Accordions\"") && evidence.contains("\"village\""), "{evidence}");
}

#[test]
fn a_row_that_looks_like_none_is_left_to_a_person() {
    let inference = Inference::learning(&taxonomy(), &rows(), Learned::train(&taxonomy(), &labelled(25)));
    let strange = Subject { text: vec![("title".into(), 1.0, "Tax return".into())], ..Subject::default() };
    let verdict = inference.infer(&strange);
    assert!(verdict.chosen.is_empty() && verdict.review.is_some(), "{verdict:?}");
}

#[test]
fn learning_twice_gives_the_same_to_the_last_digit() {
    let learned = || Learned::train(&taxonomy(), &labelled(20)).unwrap();
    let (one, two) = (learned(), learned());
    assert_eq!((one.weights, one.threshold, one.calibration), (two.weights, two.threshold, two.calibration));
}

#[test]
fn too_few_rows_or_rows_of_one_code_teach_nothing() {
    assert!(Learned::train(&taxonomy(), &labelled(3)).is_none());
    let alike: Vec<Labelled> = labelled(30).into_iter().filter(|row| row.codes[0] == "jazz").collect();
    assert!(Learned::train(&taxonomy(), &alike).is_none());
    assert!(Learned::train(&taxonomy(), &[]).is_none());
}

#[test]
fn a_code_without_a_row_is_never_chosen_though_it_was_learned() {
    let rows = &rows()[..2];
    let inference = Inference::learning(&taxonomy(), rows, Learned::train(&taxonomy(), &labelled(25)));
    assert!(inference.infer(&subject(2, 3)).candidates.iter().all(|c| c.code != "opera"));
}

#[test]
fn several_codes_of_one_row_are_all_learned() {
    let mut both = labelled(25);
    both.iter_mut().filter(|row| row.codes[0] == "jazz").for_each(|row| row.codes.push("folk".into()));
    let inference = Inference::learning(&taxonomy(), &rows(), Learned::train(&taxonomy(), &both));
    let verdict = inference.infer(&subject(0, 40));
    let ranked: Vec<&str> = verdict.candidates.iter().take(2).map(|c| c.code.as_str()).collect();
    assert!(ranked.contains(&"jazz") && ranked.contains(&"folk"), "{verdict:?}");
}

#[test]
fn keywords_of_the_taxonomy_help_where_no_row_was_mapped() {
    let text = "[[entry]]\ncode = \"jazz\"\n[[entry]]\ncode = \"folk\"\n[[entry]]\ncode = \"opera\"\nkeywords = { soprano = 2.0, aria = 2.0 }\n";
    let taxonomy = Taxonomy::parse("genres.toml", text).unwrap();
    let taught: Vec<Labelled> = labelled(30).into_iter().filter(|row| row.codes[0] != "opera").collect();
    let inference = Inference::learning(&taxonomy, &rows(), Learned::train(&taxonomy, &taught));
    let unseen = Subject { text: vec![("title".into(), 2.0, "Aria for a soprano".into())], ..Subject::default() };
    assert_eq!(inference.best(&unseen).unwrap().code, "opera");
}

#[test]
fn each_fifth_is_judged_by_the_others_and_told_apart() {
    let judged = five_fold(&taxonomy(), &rows(), &labelled(20), Wanted::default(), 0);
    assert_eq!(judged.len(), 60);
    let score = Score::of(&judged);
    assert!(score.accuracy > 0.9 && score.macro_f1 > 0.9, "{score:?}");
    assert!(score.precision.unwrap() >= 0.85 && score.coverage >= 0.5, "{score:?}");
}

#[test]
fn answers_drawn_at_random_are_not_learned() {
    let mut drawn = labelled(40);
    let mut dice = Dice(7);
    let mut codes: Vec<Vec<String>> = drawn.iter().map(|row| row.codes.clone()).collect();
    dice.shuffle(&mut codes);
    drawn.iter_mut().zip(codes).for_each(|(row, codes)| row.codes = codes);
    let score = Score::of(&five_fold(&taxonomy(), &rows(), &drawn, Wanted { precision: 0.85, coverage: 0.0 }, 0));
    assert!(score.accuracy < 0.55, "a fold has seen its own answers: {score:?}");
    assert!(score.coverage < 0.2, "nothing to be sure of: {score:?}");
}

#[test]
fn what_one_set_teaches_is_judged_on_another() {
    let (train, test) = (labelled(30), labelled(40).split_off(90));
    let score = Score::of(&learn_and_judge(&taxonomy(), &rows(), &train, &test, Wanted::default()));
    assert_eq!(score.rows, 30);
    assert!(score.accuracy > 0.9, "{score:?}");
}

#[test]
fn rows_without_text_are_no_trouble() {
    let mut bare = labelled(20);
    bare.iter_mut().for_each(|row| row.subject.text.clear());
    let inference = Inference::learning(&taxonomy(), &rows(), Learned::train(&taxonomy(), &bare));
    let verdict = inference.infer(&bare[0].subject);
    assert!(verdict.candidates.iter().all(|c| c.confidence.is_finite()), "{verdict:?}");
    assert!(verdict.chosen.is_empty());
}

#[test]
fn where_keywords_were_right_before_they_add_to_what_was_learned() {
    let word =
        |kind: &str, i: usize| format!("{kind}{}{}", (b'a' + (i / 9) as u8) as char, (b'a' + (i % 9) as u8) as char);
    let keywords: Vec<String> = (0..40).map(|i| format!("\"{}\"", word("vin", i))).collect();
    let text =
        format!("[[entry]]\ncode = \"jazz\"\nkeywords = [{}]\n[[entry]]\ncode = \"folk\"\n", keywords.join(", "));
    let taxonomy = Taxonomy::parse("genres.toml", &text).unwrap();
    let row = |i: usize| {
        let (kind, code) = if i.is_multiple_of(2) { ("vin", "jazz") } else { ("wal", "folk") };
        let body = format!("{} and again {}", word("noise", i), word(kind, i / 2));
        let subject = Subject { text: vec![("notes".into(), 1.0, body)], ..Subject::default() };
        Labelled { subject, codes: vec![code.to_owned()] }
    };
    let taught: Vec<Labelled> = (0..60).map(row).collect();
    let learned = Learned::train(&taxonomy, &taught).unwrap();
    let sure = |said: f64| {
        let is_jazz = |code: usize| learned.codes[code] == "jazz";
        let opinion = learned.judge(&Subject::default(), &[], |code| if is_jazz(code) { said } else { 0.0 });
        opinion.ranked.iter().find(|(code, _)| is_jazz(*code)).map(|(_, confidence)| *confidence)
    };
    assert!(sure(0.4) > sure(0.0), "{:?} {:?}", sure(0.4), sure(0.0));
    let inference = Inference::learning(&taxonomy, &rows(), Some(learned));
    let verdict = inference.infer(&row(70).subject);
    let best = &verdict.candidates[0];
    assert_eq!(best.code, "jazz", "{verdict:?}");
    assert!(best.confidence > 0.6, "{verdict:?}");
    assert!(best.evidence.contains("learned from 60 rows") && best.evidence.contains("\"vin"), "{verdict:?}");
}
