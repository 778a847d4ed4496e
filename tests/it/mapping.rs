//! Mappings that explain themselves: dry run, review, decisions, statistics, score.

use crate::ground::{applied, json, legacy};
use crate::harness::{Pgfold, Scratch, pgfold};

const TODAY: &str = "select md5(string_agg(r, '' order by r)) from (select agent_id::text || industry_id || is_primary r from agent_industry_mapping) x";

#[test]
fn a_dry_run_of_a_mapping_writes_nothing_and_says_what_would_come() {
    let database = legacy();
    pgfold(&database, &["enhance", "-y"]).expect(0);
    pgfold(&database, &["migrate", "-y"]).expect(0);
    let before = database.rows_digest();
    let dry = json(
        &pgfold(&database, &["map", "industries", "--dry-run", "--row-limit", "1000", "--format", "json"]).expect(0),
    );
    assert_eq!(before, database.rows_digest());
    let foretold = &dry["mappings"][0];
    assert_eq!(foretold["mapped"], 189);
    pgfold(&database, &["map", "industries", "-y"]).expect(0);
    for change in foretold["changes"].as_array().unwrap() {
        let wanted: Vec<&str> = change["add"].as_array().unwrap().iter().map(|a| a["code"].as_str().unwrap()).collect();
        let key = change["key"].as_str().unwrap();
        let written = database.value(&format!(
            "select string_agg(i.industry_code, ',' order by is_primary desc, m.industry_config->>'confidence' desc, i.industry_code) \
             from agent_industry_mapping m join agents a on a.id = agent_id join industries i on i.id = industry_id where a.unique_id = '{key}'"
        ));
        let (mut wanted, mut written): (Vec<&str>, Vec<&str>) = (wanted, written.split(',').collect());
        assert_eq!(wanted[0], written[0], "the primary of {key}");
        wanted.sort_unstable();
        written.sort_unstable();
        assert_eq!(wanted, written, "{key}");
        assert!(change["add"][0]["evidence"].as_str().is_some_and(|e| !e.is_empty()), "{key} says why");
    }
    let mapped = database.value(TODAY);
    pgfold(&database, &["map", "industries", "-y"]).expect(0);
    assert_eq!(mapped, database.value(TODAY), "mapping again changes nothing");
}

#[test]
fn a_person_decides_and_inference_never_overrides_it() {
    let database = applied();
    let scratch = Scratch::new();
    let run = |arguments: &[&str]| Pgfold::new(&database).args(arguments.iter().copied()).cwd(scratch.path()).run();
    run(&["map", "industries", "--review-out", "review.csv"]).expect(0);
    let text = std::fs::read_to_string(scratch.path().join("review.csv")).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.len() > 5 && lines[0] == "key,why,candidates,confidence,evidence,decision", "{text}");
    let key = |line: usize| lines[line].split(',').next().unwrap();

    let bad = format!("key,decision\n{},nonsense\nNOBODY,payers\n{},cro\n{},cro\n", key(1), key(2), key(2));
    std::fs::write(scratch.path().join("bad.csv"), bad).unwrap();
    let before = database.rows_digest();
    let done = run(&["map", "industries", "--review-in", "bad.csv", "-y"]).expect(4);
    for words in ["3 mistakes", "`nonsense` is no code", "no row has the key `NOBODY`", "decided in line"] {
        assert!(done.stderr.contains(words), "{words}: {}", done.stderr);
    }
    assert_eq!(before, database.rows_digest(), "one mistake is enough for nothing to be applied");

    let good = format!("key,decision\n{},payers; cro\n{},diagnostics\n", key(1), key(2));
    std::fs::write(scratch.path().join("good.csv"), good).unwrap();
    run(&["map", "industries", "--review-in", "good.csv", "-y"]).expect(0);
    let decided = |key: &str| {
        database.value(&format!(
            "select string_agg(i.industry_code || case when is_primary then '*' else '' end, ' ' order by is_primary desc) \
             from agent_industry_mapping m join agents a on a.id = agent_id join industries i on i.id = industry_id where a.unique_id = '{key}'"
        ))
    };
    assert_eq!((decided(key(1)).as_str(), decided(key(2)).as_str()), ("payers* cro", "diagnostics*"));
    run(&["map", "industries", "-y"]).expect(0);
    assert_eq!(decided(key(1)), "payers* cro", "inference leaves what a person decided");
    run(&["validate"]).expect(0);
    run(&["map", "industries", "--review-out", "again.csv"]).expect(0);
    let again = std::fs::read_to_string(scratch.path().join("again.csv")).unwrap();
    assert!(!again.contains(key(1)), "what was decided is not asked again");

    let human = database.value("select max(run) from pgfold.run where verb = 'map' and changed");
    run(&["rollback", "--run", &human, "--execute", "-y"]).expect(0);
    let tables = |digest: &str| digest.lines().filter(|l| l.contains("mapping")).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(decided(key(1)), "healthcare_consulting*", "a rollback brings back what stood before the decision");
    assert_eq!(tables(&before).len(), tables(&database.rows_digest()).len());
}

#[test]
fn a_default_name_is_never_guessed() {
    let database = applied();
    let guessed = "select count(*) from agent_persona_mapping m join personas p on p.id = persona_id where p.name = 'Unknown Persona'";
    assert_eq!(database.value(guessed), "0");
    assert!(database.value("select count(*) from agent_persona_mapping").parse::<u64>().unwrap() > 50);
    let done = json(&pgfold(&database, &["status", "--run", "1", "--format", "json"]).expect(0));
    let personas = done["mappings"].as_array().unwrap().iter().find(|m| m["mapping"] == "personas").unwrap().clone();
    assert!(personas["review"].as_u64().unwrap() > 0, "who has none waits for a person: {personas}");
}

#[test]
fn statistics_count_every_live_row() {
    let database = applied();
    let done = Pgfold::new(&database).args(["map", "--statistics-out", "s.csv"]).run().expect(0);
    let text = std::fs::read_to_string(done.cwd().join("s.csv")).unwrap();
    assert!(text.lines().any(|l| l.starts_with("industries,all,,189,189,")), "{text}");
    assert!(text.lines().any(|l| l.starts_with("industries,source,dh_agent,17,17,")), "{text}");
    assert!(text.lines().any(|l| l.starts_with("personas,kind,assists,")), "{text}");
}

#[test]
fn inference_can_be_judged_without_a_database() {
    let scratch = Scratch::new();
    let kinds = [
        ("cooking", ["bread", "oven", "sauce", "recipe", "kitchen"]),
        ("sailing", ["harbour", "sail", "wind", "anchor", "mast"]),
        ("chess", ["bishop", "opening", "endgame", "pawn", "checkmate"]),
    ];
    let mut csv = String::from("identifier,title,description,category\n");
    for n in 0..60usize {
        let (code, words) = &kinds[n % 3];
        let (a, b, c) = (words[n / 3 % 5], words[(n / 3 + 1) % 5], words[(n / 3 + 2) % 5]);
        csv.push_str(&format!("row-{n},About {a} and {b},\"Everything one asks of {c}, number {n}\",{code}\n"));
    }
    std::fs::write(scratch.path().join("labelled.csv"), csv).unwrap();
    let arguments = ["map", "industries", "--score", "labelled.csv", "--predictions-out", "p.csv", "--format", "json"];
    let done = Pgfold::without_database().args(arguments).cwd(scratch.path()).run().expect(0);
    let score = json(&done);
    assert!(score["accuracy"].as_f64().unwrap() > 0.9, "{score}");
    assert_eq!(score["rows"], 60);
    let predictions = std::fs::read_to_string(scratch.path().join("p.csv")).unwrap();
    assert_eq!(predictions.lines().count(), 61);
    assert!(predictions.starts_with("identifier,predicted,confidence,evidence\n"));
}
