//! The agents consolidation from end to end, and a second one by its folder.

use crate::ground::{applied, check, json, legacy, legacy_with, library, source, testdata};
use crate::harness::{Database, pgfold};

const OLD_COLUMNS: &str = "select md5(string_agg(t::text, '' order by id)) from (select id, name, description, system_prompt, model, \
     temperature, max_tokens, is_active, created_by, created_at, updated_at, slug, title, expertise, specialties, background, \
     personality_traits, communication_style, capabilities, avatar_url, popularity_score, rating, total_consultations, metadata, \
     tenant_id, created_by_user_id, is_shared, sharing_mode, shared_with, resource_type, tags, category, access_count, \
     last_accessed_at, agent_category, category_color from agents where {}) t";

fn legacy_hash(database: &Database) -> String {
    let one = |t: &str| database.value(&format!("select md5(string_agg(t::text, '' order by id)) from {t} t"));
    format!("{} {}", one("dh_agent"), one("ai_agents"))
}

#[test]
fn every_legacy_row_ends_in_one_outcome_and_seven_checks_pass() {
    let database = legacy();
    let (before, hash) = (database.value(&OLD_COLUMNS.replace("{}", "true")), legacy_hash(&database));
    let done = pgfold(&database, &["apply", "-y", "--format", "json"]).expect(0);
    let all = json(&done);
    let sources = &all["run"]["sources"];
    let (dh, ai) = (source(sources, "dh_agent"), source(sources, "ai_agents"));
    assert_eq!((dh["read"].as_u64(), dh["inserted"].as_u64()), (Some(17), Some(17)));
    assert_eq!((ai["read"].as_u64(), ai["inserted"].as_u64()), (Some(10), Some(5)));
    assert_eq!(ai["duplicate_in_source"], 5);
    let losers = all["run"]["losers"].as_array().unwrap();
    assert_eq!(losers.len(), 5);
    for loser in losers {
        let winner = loser["winner"].as_str().unwrap().strip_prefix("ai_agents ").expect("the winner's source");
        let name = |id: &str| database.value(&format!("select name from ai_agents where id = '{id}'"));
        assert_eq!(name(winner), name(loser["id"].as_str().unwrap()), "a winner has the loser's name");
    }
    for number in 1..=7 {
        assert_eq!(check(&all, number)["verdict"], "passed", "{}", check(&all, number));
    }
    let now = database.value(&OLD_COLUMNS.replace("{}", "unique_id like 'AGENT\\_%'"));
    assert_eq!(before, now, "the rows of before are the rows of now");
    assert_eq!(database.value("select count(*) from agents where unique_id like 'AGENT\\_%'"), "167");
    assert_eq!(hash, legacy_hash(&database), "legacy tables are never touched");
    mappings_are_as_they_should_be(&database);
    let again = json(&pgfold(&database, &["apply", "-y", "--format", "json"]).expect(0));
    let sources = &again["run"]["sources"];
    for name in ["dh_agent", "ai_agents"] {
        assert_eq!(source(sources, name)["inserted"], 0, "a second apply inserts nothing");
    }
    assert_eq!(source(sources, "dh_agent")["unchanged"], 17);
    assert_eq!(again["run"]["run"]["changed"], false);
}

fn mappings_are_as_they_should_be(database: &Database) {
    let number = |sql: &str| database.value(sql).parse::<u64>().unwrap();
    assert_eq!(number("select count(*) from agents where deleted_at is null"), 189);
    let mappings = number("select count(*) from agent_industry_mapping");
    assert!((200..=300).contains(&mappings), "{mappings} mappings");
    let odd = "select count(*) from agents a where deleted_at is null and \
               (select count(*) from agent_industry_mapping m where m.agent_id = a.id and is_primary) <> 1";
    assert_eq!(number(odd), 0, "exactly one primary each");
    let several =
        number("select count(*) from (select agent_id from agent_industry_mapping group by 1 having count(*) > 1) x");
    assert!(several * 10 >= 189, "{several} agents in two or more");
    let fallback = number("select count(*) from agent_industry_mapping where industry_config->>'because' = 'fallback'");
    assert!(fallback * 5 <= 189, "{fallback} by fallback");
    let same = number(
        "select max(n) from (select count(*) n from (select string_agg(industry_id::text, ' ' order by industry_id) s \
         from agent_industry_mapping group by agent_id) x group by s) y",
    );
    assert!(same * 3 < 189 * 2, "{same} with one same set");
    let mute = "select count(*) from agent_industry_mapping where coalesce(industry_config->>'evidence', '') = ''";
    assert_eq!(number(mute), 0, "each mapping says why");
}

#[test]
fn a_rollback_through_psql_brings_back_schema_rows_and_sequences() {
    let database = legacy();
    let before = (database.schema_dump(), database.rows_digest(), database.structure_digest());
    pgfold(&database, &["apply", "-y"]).expect(0);
    assert_ne!(before.0, database.schema_dump());
    let script = pgfold(&database, &["rollback", "--level", "schema"]).expect(0).stdout;
    database.psql(&script);
    let after = (database.schema_dump(), database.rows_digest(), database.structure_digest());
    pretty_equal(&before.0, &after.0);
    pretty_equal(&before.1, &after.1);
    pretty_equal(&before.2, &after.2);
    database.psql(&script);
    pretty_equal(&before.1, &database.rows_digest());
}

fn pretty_equal(a: &str, b: &str) {
    let differing: Vec<String> =
        a.lines().zip(b.lines()).filter(|(x, y)| x != y).take(10).map(|(x, y)| format!("- {x}\n+ {y}")).collect();
    assert!(a == b, "{}", differing.join("\n"));
}

#[test]
fn a_dry_run_changes_nothing_and_foretells_what_happens() {
    let database = legacy();
    let before = (database.whole_schema_dump(), database.rows_digest());
    let dry = json(&pgfold(&database, &["migrate", "--dry-run", "--format", "json"]).expect(0));
    let as_variable =
        crate::harness::Pgfold::new(&database).args(["apply", "-y"]).env("DRY_RUN", "true").run().expect(0);
    assert!(as_variable.stdout.contains("nothing is written"));
    assert_eq!(before, (database.whole_schema_dump(), database.rows_digest()), "byte for byte the same");
    assert_eq!(database.value("select to_regnamespace('pgfold') is null"), "t");
    let done = json(&pgfold(&database, &["apply", "-y", "--format", "json"]).expect(0));
    for name in ["dh_agent", "ai_agents"] {
        let foretold = &source(&dry["sources"], name)["outcomes"];
        assert_eq!(foretold, source(&done["run"]["sources"], name));
        for fate in source(&dry["sources"], name)["rows"].as_array().unwrap() {
            let id = fate["id"].as_str().unwrap();
            let outcome = database.value(&format!(
                "select outcome || ' ' || key from pgfold.crosswalk where source = '{name}' and id = '{id}'"
            ));
            assert_eq!(outcome, format!("{} {}", fate["outcome"].as_str().unwrap(), fate["key"].as_str().unwrap()));
        }
    }
}

#[test]
fn absent_legacy_tables_are_said_and_are_no_error() {
    for (gone, left) in [("dh_agent", 5), ("ai_agents", 17)] {
        let database = legacy();
        database.psql(&format!("drop table {gone} cascade"));
        let done = pgfold(&database, &["apply", "-y"]).expect(0);
        assert!(done.stderr.contains(&format!("`{gone}` is not there; it is optional")), "{}", done.stderr);
        assert_eq!(database.value("select count(*) - 167 from agents"), left.to_string());
        assert!(done.stdout.contains("7 of 7 checks passed"), "{}", done.stdout);
    }
    let database = legacy();
    database.psql("drop table dh_agent, ai_agents cascade");
    let done = pgfold(&database, &["apply", "-y"]).expect(0);
    assert!(done.stdout.contains("no data loss              not applicable"), "{}", done.stdout);
}

#[test]
fn an_enhancement_that_was_applied_by_hand_is_found_and_not_repeated_once_it_is_marked() {
    let database = legacy();
    for file in ["0001_agents_identity", "0002_agents_orchestration", "0005_agent_industry_mapping"] {
        let path = format!("{}/sql/agents/{file}.up.sql", env!("CARGO_MANIFEST_DIR"));
        database.psql(&std::fs::read_to_string(path).unwrap());
    }
    let by_hand = database.schema_dump();
    let refused = pgfold(&database, &["apply", "-y"]).expect(3);
    let said = refused.stdout + &refused.stderr;
    for file in ["0001_agents_identity", "0002_agents_orchestration", "0005_agent_industry_mapping"] {
        assert!(said.contains(&format!("pgfold enhance --mark-applied {file}")), "{said}");
        pgfold(&database, &["enhance", "--mark-applied", file, "-y"]).expect(0);
    }
    let done = pgfold(&database, &["apply", "-y"]).expect(0);
    assert!(!done.stderr.contains("0001_agents_identity"), "{}", done.stderr);
    assert!(done.stdout.contains("7 of 7 checks passed"));
    let script = pgfold(&database, &["rollback", "--level", "schema"]).expect(0).stdout;
    database.psql(&script);
    pretty_equal(&by_hand, &database.schema_dump());
}

#[test]
fn the_old_application_goes_on_as_before() {
    let database = applied();
    database.psql("insert into agents (name, description, category) values ('Old way', 'as ever', 'general')");
    let as_tenant = "set role pgfold_demo_app; select set_config('app.tenant_id', (select tenant_id::text from pgfold_seen), false);";
    database.psql(
        "create table pgfold_seen as select tenant_id from agents where tenant_id is not null group by 1 order by count(*) desc limit 1; \
         grant select on pgfold_seen to pgfold_demo_app",
    );
    let seen = |what: &str| {
        let all = database.psql(&format!("{as_tenant} select count(*) from {what}"));
        all.lines().last().unwrap().parse::<u64>().unwrap()
    };
    let agents = seen("agents");
    assert!(agents > 0 && agents < 190, "row security still holds: {agents}");
    assert_eq!(agents, seen("agent_registry_view"), "the view shows what the table shows");
    let mapped = seen("(select distinct agent_id from agent_industry_mapping) m");
    assert!(mapped > 0 && mapped <= agents, "mappings follow their rows: {mapped} of {agents}");
    let done = pgfold(&database, &["validate"]).expect(5);
    assert!(done.stdout.contains("live rows without a mapping: 1"), "{}", done.stdout);
    pgfold(&database, &["map", "industries", "-y"]).expect(0);
    pgfold(&database, &["validate"]).expect(0);
}

#[test]
fn a_hundred_thousand_rows_pass_the_same_way() {
    let database = legacy_with(100_000);
    let done = json(&pgfold(&database, &["apply", "-y", "--format", "json"]).expect(0));
    let sources = &done["run"]["sources"];
    let read = ["dh_agent", "ai_agents"].map(|s| source(sources, s)["read"].as_u64().unwrap()).iter().sum::<u64>();
    assert_eq!(read, 100_027);
    for number in 1..=7 {
        assert_eq!(check(&done, number)["verdict"], "passed", "{}", check(&done, number));
    }
    assert_eq!(
        database.value("select count(*) = count(distinct (source, id)) and count(*) = 100027 from pgfold.crosswalk"),
        "t"
    );
}

#[test]
fn another_consolidation_runs_by_its_folder() {
    let database = library();
    let folder = testdata("library");
    let expected: toml::Table = std::fs::read_to_string(format!("{folder}/expected.toml")).unwrap().parse().unwrap();
    let before = (database.schema_dump(), database.rows_digest(), database.structure_digest());
    let done = json(&pgfold(&database, &["apply", &folder, "-y", "--format", "json"]).expect(0));
    for name in ["old_books", "archive_stock"] {
        let found = source(&done["run"]["sources"], name);
        for (outcome, n) in expected[name].as_table().unwrap() {
            assert_eq!(found[outcome].as_u64(), n.as_integer().map(|n| n as u64), "{name} {outcome}");
        }
    }
    for number in 1..=7 {
        assert_eq!(check(&done, number)["verdict"], "passed", "{}", check(&done, number));
    }
    let script = pgfold(&database, &["rollback", &folder, "--level", "schema"]).expect(0).stdout;
    database.psql(&script);
    pretty_equal(&before.0, &database.schema_dump());
    pretty_equal(&before.1, &database.rows_digest());
    pretty_equal(&before.2, &database.structure_digest());
}

#[test]
fn one_worker_or_eight_give_the_same_rows() {
    let rows = "select md5(string_agg(r, '' order by r)) from (select (to_jsonb(a) - 'id' - 'created_at' - 'updated_at')::text r from agents a) x";
    let walked = "select md5(string_agg(r, '' order by r)) from (select source || id || outcome || coalesce(key, '') || coalesce(winner, '') r from pgfold.crosswalk) x";
    let ends: Vec<(String, String)> = ["1", "8"]
        .iter()
        .map(|workers| {
            let database = legacy_with(2_000);
            pgfold(&database, &["apply", "-y", "--workers", workers, "--batch-rows", "100"]).expect(0);
            (database.value(rows), database.value(walked))
        })
        .collect();
    assert_eq!(ends[0], ends[1]);
}

#[test]
fn a_run_leaves_its_files_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let database = legacy();
    let done = pgfold(&database, &["apply", "-y", "-v"]).expect(0);
    let folder = done.cwd().join("pgfold-runs/1");
    for file in [
        "crosswalk.csv",
        "crosswalk.json",
        "mappings.csv",
        "mappings.json",
        "rejects.csv",
        "rejects.json",
        "rollback.sql",
        "pgfold.log",
    ] {
        let meta = std::fs::metadata(folder.join(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{file}");
        assert!(file.starts_with("rejects") || meta.len() > 100, "{file} is nearly empty");
    }
    let json: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("crosswalk.json")).unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 27);
    assert_eq!(std::fs::read_to_string(folder.join("crosswalk.csv")).unwrap().lines().count(), 28);
    let log = std::fs::read_to_string(folder.join("pgfold.log")).unwrap();
    assert!(log.contains("run began") && log.contains("batch committed"), "{log}");
    let name = database.value("select name from dh_agent limit 1");
    assert!(!log.contains(&name), "no row content in the log");
}
