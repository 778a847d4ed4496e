//! A drafted folder passes the contract or says what is to be decided; nothing is overwritten.

use super::ground::legacy;
use super::harness::{Database, Pgfold, Scratch, pgfold};

#[test]
fn a_draft_of_the_legacy_tables_agrees_with_the_catalog_and_can_be_tried() {
    let (database, scratch) = (legacy(), Scratch::new());
    let folder = scratch.path().join("draft").display().to_string();
    let before = database.whole_schema_dump();
    let call = ["init", &folder, "--target", "agents", "--source", "dh_agent", "--source", "ai_agents"];
    let done = pgfold(&database, &call).expect(0);
    assert!(done.stdout.contains("manifest and catalog agree"), "{}", done.stdout);
    let text = std::fs::read_to_string(format!("{folder}/consolidation.toml")).unwrap();
    for line in ["\nname = \"name\"", "\ntenant_id = \"tenant_id\"", "\n# avatar_url = \"avatar\"", "[source.unmapped]"]
    {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    let again = pgfold(&database, &call).expect(64);
    assert!(again.stderr.contains("nothing is overwritten"), "{}", again.stderr);
    assert_eq!(std::fs::read_to_string(format!("{folder}/consolidation.toml")).unwrap(), text);
    assert_eq!(database.whole_schema_dump(), before);
    pgfold(&database, &["apply", &folder, "--yes"]).expect(0);
    assert_eq!(database.value("select count(*) from agents where unique_id ~ '^(DH_AGENT|AI_AGENTS)_'"), "27");
}

#[test]
fn what_is_to_be_decided_is_named() {
    let database = Database::fresh();
    database.psql(
        "create table \"The Target\" (\"No\" serial primary key, title text not null, must_have int not null, price numeric(6,2), \"Größe\" text);
         insert into \"The Target\" (title, must_have) values ('a', 1);
         create function nod() returns trigger language plpgsql as 'begin return new; end';
         create trigger nod before insert on \"The Target\" for each row execute function nod();
         create table \"old \"\"one\" (a text, b int, title text, price numeric, \"Größe\" text, primary key (a, b));
         insert into \"old \"\"one\" values ('x', 1, 't', 1.005, 'm');
         create table heap (title text, price text);",
    );
    let scratch = Scratch::new();
    let folder = scratch.path().join("draft").display().to_string();
    let done =
        pgfold(&database, &["init", &folder, "--target", "The Target", "--source", "old \"one", "--source", "heap"])
            .expect(0);
    for told in ["to be decided", "must_have", "nod", "`public.heap` has no column `id`"] {
        assert!(done.stdout.contains(told), "`{told}` is not in:\n{}", done.stdout);
    }
    let text = std::fs::read_to_string(format!("{folder}/consolidation.toml")).unwrap();
    for line in [
        "price = { expr = \"price\", lossy = true }",
        "\"Größe\" = \"\\\"Größe\\\"\"",
        "id       = [\"a\", \"b\"]",
        "# must_have = \"\"",
        "# triggers = [\"nod\"]",
        "# price = \"price::numeric\"",
    ] {
        assert!(text.contains(line), "{line} is not in:\n{text}");
    }
    let wrong = pgfold(&database, &["init", &folder, "--target", "The Targat", "--source", "heap"]).expect(64);
    assert!(wrong.stderr.contains("did you mean `The Target`?"), "{}", wrong.stderr);
}

#[test]
fn a_bundled_consolidation_is_copied_whole() {
    let (database, scratch) = (legacy(), Scratch::new());
    let folder = scratch.path().join("mine").display().to_string();
    Pgfold::without_database().args(["init", &folder, "--from", "agents"]).run().expect(0);
    pgfold(&database, &["migrate", "--dry-run"]).expect(0);
    let bundled = pgfold(&database, &["apply", "--dry-run", "--format", "json"]).expect(0).stdout;
    let copied = pgfold(&database, &["apply", &folder, "--dry-run", "--format", "json"]).expect(0).stdout;
    assert_eq!(copied.replace("\"mine\"", "\"agents\""), bundled);
    Pgfold::without_database().args(["init", &folder, "--from", "agents"]).run().expect(64);
    let unknown = Pgfold::without_database().args(["init", "x", "--from", "agent"]).run().expect(64);
    assert!(unknown.stderr.contains("did you mean `agents`?"), "{}", unknown.stderr);
}
