//! What a taxonomy file may say, and what it may not.

use super::*;

const GOOD: &str = r#"
fallback = "other"
threshold = 0.35
several_at_least = 0.6
at_most = 2
language = "english"
[[entry]]
code = "jazz"
name = "Jazz"
aliases = ["Bebop"]
keywords = { "big band" = 2.0, "swing" = 1 }
[[entry]]
code = "folk"
keywords = ["ballad"]
[[entry]]
code = "other"
[[rule]]
signal = "shelf"
value = ["blue", "Blue Notes"]
gives = { jazz = 0.8, folk = 0.1 }
"#;

fn mistakes(text: &str) -> Vec<(&'static str, String, String)> {
    let findings = Taxonomy::parse("genres.toml", text).expect_err("the taxonomy is wrong");
    findings.into_iter().map(|f| (f.rule, f.about, format!("{}; {}", f.found, f.todo))).collect()
}

#[test]
fn a_taxonomy_is_read_as_written() {
    let taxonomy = Taxonomy::parse("genres.toml", GOOD).unwrap();
    assert_eq!(taxonomy.fallback.as_deref(), Some("other"));
    assert_eq!((taxonomy.threshold, taxonomy.several_at_least, taxonomy.at_most), (0.35, 0.6, 2));
    assert_eq!(taxonomy.language, Some(Language::ENGLISH));
    assert_eq!(taxonomy.entries[0].keywords, [("big band".to_owned(), 2.0), ("swing".to_owned(), 1.0)]);
    assert_eq!(taxonomy.entries[1].name, "folk");
    assert_eq!(taxonomy.rules[0].values, ["blue", "Blue Notes"]);
    assert_eq!(taxonomy.rules[0].gives, [("jazz".to_owned(), 0.8), ("folk".to_owned(), 0.1)]);
}

#[test]
fn every_mistake_is_listed_at_once_with_its_line_and_the_nearest_name() {
    let text = "fallbak = \"jazz\"\nfallback = \"jaz\"\nthreshold = 1.5\nat_most = 0\nlanguage = \"englisch\"\n\
                    [[entry]]\ncode = \"jazz\"\nalias = [\"x\"]\naliases = [\"Bebop\", 3]\n\
                    [[entry]]\ncode = \"jazz\"\n[[entry]]\ncode = \"folk\"\naliases = [\"be-bop\"]\nkeywords = { \"...\" = 1.0, a = 0 }\n\
                    [[entry]]\nname = \"x\"\n\
                    [[rule]]\nsignal = \"shelf\"\nvalue = \"blue\"\ngives = { jazzz = 0.5, folk = 2 }\n[[rule]]\nsignal = \"\"\n";
    let found = mistakes(text);
    let has = |rule: &str, about: &str, part: &str| {
        assert!(
            found.iter().any(|(r, a, t)| *r == rule && a == about && t.contains(part)),
            "{rule} {about} {part} is missing in {found:#?}"
        );
    };
    has("unknown-key", "genres.toml:1", "did you mean `fallback`");
    has("unknown-code", "genres.toml:2", "did you mean `jazz`");
    has("confidence-out-of-range", "genres.toml:3", "1.5");
    has("out-of-range", "genres.toml:4", "at_most");
    has("unknown-language", "genres.toml:5", "`english`");
    has("unknown-key", "genres.toml:8", "did you mean `aliases`");
    has("wrong-type", "genres.toml:9", "text");
    has("duplicate-code", "genres.toml:10", "twice");
    has("alias-claimed-twice", "genres.toml:6", "`folk`");
    has("idle-keyword", "genres.toml:15", "...");
    has("idle-keyword", "genres.toml:15", "`a` = 0");
    has("entry-without-code", "genres.toml:16", "code");
    has("unknown-code", "genres.toml:21", "`jazzz`");
    has("confidence-out-of-range", "genres.toml:21", "`folk` is 2");
    has("incomplete-rule", "genres.toml:22", "`value`");
    has("empty-value", "genres.toml:23", "signal");
    assert_eq!(found.iter().filter(|(rule, ..)| *rule == "alias-claimed-twice").count(), 1);
}

#[test]
fn an_alias_that_is_the_code_of_another_entry_is_refused() {
    let text = "[[entry]]\ncode = \"jazz\"\n[[entry]]\ncode = \"folk\"\naliases = [\"Jazz\"]\n";
    assert_eq!(mistakes(text)[0].0, "alias-claimed-twice");
    let own = "[[entry]]\ncode = \"jazz\"\nname = \"Jazz\"\naliases = [\"JAZZ\", \"jazz\"]\n";
    assert!(Taxonomy::parse("genres.toml", own).is_ok());
}

#[test]
fn text_that_is_no_toml_is_a_finding_with_its_line() {
    let found = mistakes("threshold = 0.3\n[[entry]\ncode = \"jazz\"\n");
    assert_eq!((found[0].0, found[0].1.as_str()), ("taxonomy-syntax", "genres.toml:2"));
}

#[test]
fn an_empty_file_is_a_taxonomy_without_entries() {
    assert_eq!(Taxonomy::parse("genres.toml", "").unwrap(), Taxonomy::default());
}

#[test]
fn near_duplicates_are_named() {
    let text = "[[entry]]\ncode = \"field_recordings\"\nname = \"Field recordings\"\n\
                    [[entry]]\ncode = \"field_recordngs\"\nname = \"Field recording\"\n[[entry]]\ncode = \"jazz\"\n";
    let findings = Taxonomy::parse("genres.toml", text).unwrap().near_duplicates("genres.toml");
    assert_eq!(findings.len(), 1);
    assert!(findings[0].found.contains("`field_recordngs`"), "{findings:?}");
}
