//! The ways to run: at each gate a refusal, a revision and an approval; no state is left unexplained.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use super::shop::Shop;
use crate::ground::json;
use crate::harness::{Database, Finished, Pgfold, cluster};

const BEFORE: [&str; 3] = ["MIG-1", "MIG-2", "MIG-3"];

/// On a terminal of its own; what it showed, and the exit code.
fn terminal(shop: &Shop, words: &str, answers: &str) -> (String, i32) {
    let words = format!("{words} {}", shop.folder.path().display());
    terminal_in(&shop.database, &shop.path("work"), &words, answers)
}

/// The same in any folder on any database.
pub fn terminal_in(database: &Database, work: &Path, words: &str, answers: &str) -> (String, i32) {
    let binary = env!("CARGO_BIN_EXE_pgfold");
    let line = format!("{binary} {words}");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = [cluster().programs().bin().to_owned()].into_iter().chain(std::env::split_paths(&path));
    let mut command = Command::new("script");
    command.args(["-qfec", &line, "/dev/null"]).env_clear().env("PATH", std::env::join_paths(path).unwrap());
    command.env("DATABASE_URL", database.url()).env("HOME", "/").env("USER", "dba").current_dir(work);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let answers = answers.to_owned();
    let typing = std::thread::spawn(move || {
        let _ = stdin.write_all(answers.as_bytes());
        // the terminal stays open until the program has ended
        stdin
    });
    let stdin = typing.join().unwrap();
    let out = child.wait_with_output().unwrap();
    drop(stdin);
    (String::from_utf8_lossy(&out.stdout).into_owned(), out.status.code().unwrap())
}

fn runs(shop: &Shop) -> String {
    shop.database.value("select case when to_regclass('pgfold.run') is null then 0 else 1 end")
}

/// The error says which gate, and the criteria with the artifact were shown.
#[track_caller]
fn refused_at(finished: &Finished, gate: &str) {
    for word in
        [format!("gate {gate} was not approved"), format!("--approve {gate}"), format!("{gate}.md"), "✓".to_owned()]
    {
        assert!(finished.stderr.contains(&word), "`{word}` is not in:\n{}", finished.stderr);
    }
}

#[test]
fn without_a_terminal_each_gate_waits_for_its_own_approval() {
    let shop = Shop::new();
    let mut approve = String::new();
    for gate in BEFORE {
        let refused = shop.run(&format!("apply --guided{approve}"), 4);
        refused_at(&refused, gate);
        assert_eq!(runs(&shop), "0", "nothing is written before the first three gates");
        assert!(shop.path("work").read_dir().unwrap().flatten().any(|e| e.file_name() == "pgfold-runs"));
        approve += &format!(" --approve {gate}");
    }
    let stopped = shop.run(&format!("apply --guided{approve}"), 8);
    refused_at(&stopped, "MIG-4.1");
    assert!(stopped.stderr.contains("is verified"), "a backup comes first:\n{}", stopped.stderr);
    let steps: u32 = shop.database.value("select count(*) from pgfold.step").parse().unwrap();
    for step in 1..=steps {
        let status = shop.run("status", 0);
        assert!(status.stdout.contains("no failure: it was asked to stop"), "{}", status.stdout);
        let (gate, code) = if step < steps { (format!("MIG-4.{}", step + 1), 8) } else { ("MIG-5".to_owned(), 8) };
        let stopped = shop.run(&format!("resume --approve MIG-4.{step}"), code);
        refused_at(&stopped, &gate);
    }
    refused_at(&shop.run("resume --approve MIG-5", 8), "MIG-6");
    shop.run("resume --approve MIG-6", 0);
    for gate in ["MIG-1", "MIG-2", "MIG-3", "MIG-4.1", "MIG-5", "MIG-6"] {
        assert!(shop.read(&format!("pgfold-runs/1/{gate}.md")).contains("**approve**"), "{gate}");
        let told: serde_json::Value = serde_json::from_str(&shop.read(&format!("pgfold-runs/1/{gate}.json"))).unwrap();
        assert_eq!(told["id"], gate);
    }
    let mode =
        std::os::unix::fs::MetadataExt::mode(&std::fs::metadata(shop.path("work/pgfold-runs/1/MIG-1.json")).unwrap());
    assert_eq!(mode & 0o777, 0o600);
    let decided = shop.database.value("select count(*) from pgfold.gate where answer = 'approve'");
    assert_eq!(decided, (steps + 5).to_string());
    assert_eq!(shop.database.value("select count(*) from items"), "4");
    shop.run("status --verify-audit", 5);
}

#[test]
fn on_a_terminal_each_gate_takes_a_revision_and_then_an_approval() {
    let shop = Shop::new();
    // revise, why, Enter, approve: at each of the gates
    let (told, code) = terminal(&shop, "apply --guided", &"r\nlook again\n\na\n".repeat(20));
    assert_eq!(code, 0, "{told}");
    let steps: u32 = shop.database.value("select count(*) from pgfold.step").parse().unwrap();
    let answers = shop.database.value("select string_agg(answer || version, ' ' order by id) from pgfold.gate");
    assert_eq!(answers, vec!["revise1 approve2"; steps as usize + 5].join(" "));
    for gate in ["MIG-1", "MIG-3", "MIG-4.2", "MIG-5", "MIG-6"] {
        assert!(shop.read(&format!("pgfold-runs/1/{gate}.v1.md")).contains("version 1: **revise** by dba@"), "{gate}");
        assert!(shop.read(&format!("pgfold-runs/1/{gate}.md")).contains("version 2: **approve**"), "{gate}");
    }
}

#[test]
fn a_refusal_that_chooses_rollback_leaves_the_state_before_at_each_gate_of_the_run() {
    let probe = Shop::new();
    probe.run("apply -y", 0);
    let steps: u32 = probe.database.value("select count(*) from pgfold.step").parse().unwrap();
    // the first, one in the middle, the last, and the two after the steps
    for approved in [0, 2, steps - 1, steps, steps + 1] {
        let shop = Shop::new();
        let before = (
            shop.database.schema_dump(),
            shop.database.value("select string_agg(i::text, ' ' order by id) from items i"),
        );
        let answers = "a\n".repeat(3 + approved as usize) + "b\nthe owner said no\n";
        let (told, code) = terminal(&shop, "apply --guided", &answers);
        assert_eq!(code, 4, "{told}");
        let after = (
            shop.database.schema_dump(),
            shop.database.value("select string_agg(i::text, ' ' order by id) from items i"),
        );
        assert_eq!(after, before, "after {approved} approvals:\n{told}");
        assert!(told.contains("is rolled back, level schema"), "{told}");
        assert_eq!(shop.database.value("select state || ' ' || undone_level from pgfold.run"), "rolled back schema");
        assert!(shop.run("status", 0).stdout.contains("rolled back"));
    }
}

#[test]
fn automated_stops_only_at_what_is_marked_or_not_met() {
    let shop = Shop::new();
    shop.run("apply --automated", 0);
    let shop = Shop::new();
    shop.write("consolidation.toml", &format!("{}\n[gates]\nask = [\"MIG-3\", \"MIG-4.2\"]\n", super::shop::MANIFEST));
    refused_at(&shop.run("apply --automated", 4), "MIG-3");
    refused_at(&shop.run("apply --automated --approve MIG-3", 8), "MIG-4.2");
    shop.run("resume --approve MIG-4.2", 0);
    let wrong = shop.run("apply --automated --approve MIG-9", 64);
    assert!(wrong.stderr.contains("is no gate"), "{}", wrong.stderr);
}

#[test]
fn yes_never_approves_a_criterion_that_is_not_met() {
    let shop = Shop::new();
    shop.write("0002_by_name.up.sql", "create index items_by_name on items (name);\n");
    shop.run("apply --guided --approve MIG-1 --approve MIG-2 --approve MIG-3 --approve MIG-4.1 --approve MIG-4.2", 8);
    // step 3 is done when its gate is asked; now somebody drops what it made
    shop.database.psql("drop index items_by_name");
    refused_at(&shop.run("resume -y", 8), "MIG-4.3");
    shop.database.psql("create index items_by_name on items (name)");
    shop.run("resume -y", 0);
}

#[test]
fn the_assessment_lists_what_depends_on_the_legacy_table_and_mig_5_tests_it_again() {
    let shop = Shop::new();
    shop.database.psql(
        "create view old_names as select name from old_items;
         create function count_old() returns bigint language sql as 'select count(*) from old_items';
         create table orders (id int primary key, item int references old_items);
         create role reader_of_old; grant select on old_items to reader_of_old;
         insert into old_items values (4, '{\"a\":1}'), (5, 'unknown');",
    );
    let told = json(&shop.run("assess --format json", 0));
    let kinds: Vec<&str> =
        told["facts"]["dependents"].as_array().unwrap().iter().map(|d| d["kind"].as_str().unwrap()).collect();
    for kind in ["foreign key", "function", "grant", "view"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    let name = told["facts"]["columns"].as_array().unwrap().iter().find(|c| c["column"] == "name").unwrap().clone();
    assert_eq!((name["rows"].as_u64(), name["default_like"].as_u64()), (Some(5), Some(1)), "{name}");
    let page = shop.run("assess", 0).stdout;
    for word in ["# MIG-1", "complexity", "recommended: `pgfold apply --", "old_names", "count_old()"] {
        assert!(page.contains(word), "`{word}` is not in:\n{page}");
    }
    shop.run("apply --automated", 0);
    assert!(shop.read("pgfold-runs/1/MIG-5.md").contains("| view | old_names | as before |"));
    // what is planted here must be seen
    shop.database.psql("drop view old_names; alter table orders drop constraint orders_item_fkey");
    shop.run("validate", 5);
    let proof: serde_json::Value = serde_json::from_str(&shop.read("pgfold-runs/1/MIG-5.json")).unwrap();
    assert_eq!(proof["facts"]["passed"], false);
    let page = shop.read("pgfold-runs/1/MIG-5.md");
    assert!(
        page.contains("view old_names is gone") && page.contains("foreign key orders_item_fkey of orders is gone"),
        "{page}"
    );
    shop.database.psql("drop owned by reader_of_old; drop role reader_of_old");
}

#[test]
fn three_commands_lead_from_plan_to_proof() {
    let shop = Shop::new();
    let folder = shop.folder.path().display().to_string();
    let call = |words: &[&str]| Pgfold::new(&shop.database).args(words).cwd(shop.path("work")).run().expect(0);
    call(&["plan", &folder, "--out", "plan.json"]);
    for gate in ["MIG-1", "MIG-2", "MIG-3"] {
        let name = shop.folder.path().file_name().unwrap().to_str().unwrap();
        assert!(shop.read(&format!("pgfold-runs/next-{name}/{gate}.md")).contains("## Gate"), "{gate}");
    }
    call(&["apply", "--plan", "plan.json", "--automated"]);
    call(&["validate", &folder]);
    let proof: serde_json::Value = serde_json::from_str(&shop.read("pgfold-runs/1/MIG-5.json")).unwrap();
    assert_eq!(proof["facts"]["passed"], true);
}
