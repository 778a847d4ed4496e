//! What an operator reads in trouble: every way out that is named is one, and every refusal says who and why.

use std::process::Command;
use std::thread;
use std::time::Duration;

use crate::ground::{applied, legacy};
use crate::harness::{Database, Finished, Pgfold, Scratch, Started, copy, pgfold};

fn says(finished: &Finished, words: &[&str]) {
    let said = format!("{}\n{}", finished.stdout, finished.stderr);
    for word in words {
        assert!(said.contains(word), "`{word}` is not said:\n{said}");
    }
}

fn says_not(finished: &Finished, words: &[&str]) {
    let said = format!("{}\n{}", finished.stdout, finished.stderr);
    for word in words {
        assert!(!said.contains(word), "`{word}` is said:\n{said}");
    }
}

/// An `apply` that waits before its first batch, with run 1 half-way, until the file goes.
fn paused(database: &Database, scratch: &Scratch) -> (Started, std::path::PathBuf) {
    let file = scratch.path().join("pause");
    std::fs::write(&file, "").unwrap();
    let started = Pgfold::new(database).args(["apply", "-y", "--pause-file", file.to_str().unwrap()]).start();
    let waits = "select exists (select from pgfold.step s join pgfold.run r using (run) \
                 where s.kind = 'move' and s.state = 'running' and r.changed)";
    database.until(waits);
    (started, file)
}

#[test]
fn a_run_that_only_settled_goes_with_the_run_it_rests_on() {
    let database = legacy();
    pgfold(&database, &["apply", "-y"]).expect(0);
    pgfold(&database, &["apply", "-y"]).expect(0);
    assert_eq!(database.value("select string_agg(changed::text, ' ' order by run) from pgfold.run"), "true false");
    pgfold(&database, &["rollback", "--execute", "-y"]).expect(0);

    let status = pgfold(&database, &["status"]).expect(0);
    says(&status, &["superseded", "everything is rolled back", "`pgfold apply`"]);
    says_not(&status, &["rollback` would take it back", "rollback --execute` would"]);
    for level in ["rows", "purge", "schema"] {
        if level != "rows" {
            pgfold(&database, &["rollback", "--run", "1", "--level", level, "--execute", "-y"]).expect(0);
        }
        let said = pgfold(&database, &["validate"]).expect(4);
        says(&said, &["everything of `agents` is rolled back", "`pgfold apply`"]);
        says_not(&said, &["severity", "restore", "edited"]);
    }
    let complete = pgfold(&database, &["status", "--complete"]).expect(5);
    let line = complete.stdout.lines().find(|l| l.contains("a run stands")).unwrap().to_owned();
    assert!(line.contains("NO") && line.contains("pgfold apply"), "{line}");
    says(&pgfold(&database, &["rollback", "--execute", "-y"]).expect(4), &["nothing to roll back"]);

    // and what comes next is a whole run that stands by itself
    pgfold(&database, &["apply", "-y"]).expect(0);
    pgfold(&database, &["validate"]).expect(0);
    assert_eq!(database.value("select string_agg(changed::text, ' ' order by run) from pgfold.run"), "true false true");
}

#[test]
fn a_run_under_way_is_not_rolled_back_without_a_word() {
    let (database, scratch) = (legacy(), Scratch::new());
    let (first, pause) = paused(&database, &scratch);

    let status = pgfold(&database, &["status"]).expect(0);
    says(&status, &["being operated since", "run 1", "--watch"]);
    says_not(&status, &["pgfold resume"]);
    let checked = pgfold(&database, &["validate"]).expect(5);
    says(&checked, &["run 1 is under way"]);
    let refused = pgfold(&database, &["rollback", "--execute", "-y"]).expect(7);
    says(&refused, &["`agents` is being operated since", "run 1", "@", "--take-over"]);
    assert_eq!(database.value("select undone_level is null from pgfold.run"), "t");

    pgfold(&database, &["rollback", "--execute", "-y", "--take-over"]).expect(0);
    std::fs::remove_file(pause).unwrap();
    let stopped = first.wait().expect(7);
    says(&stopped, &["run 1 was rolled back by", "while this command executed it"]);
    says_not(&stopped, &["no run was begun", "pgfold resume"]);
    assert_eq!(database.value("select state || ' ' || undone_level from pgfold.run"), "rolled back rows");
}

#[test]
fn a_stopped_run_has_a_way_out_and_every_failure_its_own() {
    let (database, scratch) = (legacy(), Scratch::new());
    // nothing is begun where its files cannot be
    let file = scratch.path().join("file");
    std::fs::write(&file, "").unwrap();
    let nowhere = file.join("runs").display().to_string();
    let refused = pgfold(&database, &["apply", "-y", "--runs", &nowhere]).expect(78);
    says(&refused, &["--runs DIR"]);
    says_not(&refused, &["bug", "class of failure"]);
    assert_eq!(database.value("select to_regclass('pgfold.run') is null"), "t");

    let (first, pause) = paused(&database, &scratch);
    assert!(Command::new("kill").args(["-INT", &first.pid().to_string()]).status().unwrap().success());
    thread::sleep(Duration::from_millis(200));
    std::fs::remove_file(pause).unwrap();
    let stopped = first.wait().expect(8);
    says(&stopped, &["pgfold resume"]);
    says_not(&stopped, &["no run was begun"]);
    let checked = pgfold(&database, &["validate"]).expect(5);
    says(&checked, &["run 1 stopped half-way: `pgfold resume`"]);
    says_not(&checked, &["severity"]);
    assert_eq!(database.value("select coalesce(validated::text, 'none') from pgfold.run"), "none");
    for verb in ["apply", "migrate", "enhance"] {
        let refused = pgfold(&database, &[verb, "-y"]).expect(4);
        says(&refused, &["run 1 (apply) stopped half-way", "`pgfold resume`", "pgfold rollback --run 1 --execute"]);
    }
    assert_eq!(database.value("select count(*) from pgfold.run"), "1");
    pgfold(&database, &["resume", "-y"]).expect(0);
    assert_eq!(database.value("select state || ' ' || validated from pgfold.run"), "completed true");

    // each kind of failure with its own command, none with a restore
    database.psql("insert into ai_agents (name, system_prompt) values ('Came Late', 'x')");
    let late = pgfold(&database, &["validate"]).expect(5);
    says(&late, &["severity 1 of 3: `pgfold migrate` moves what came late"]);
    pgfold(&database, &["migrate", "-y"]).expect(0);
    pgfold(&database, &["map", "-y"]).expect(0);
    pgfold(&database, &["validate"]).expect(0);
    database.psql("update agents set description = description || '!' where unique_id like 'DH_AGENT_%'");
    let edited = pgfold(&database, &["validate"]).expect(5);
    says(&edited, &["severity 1 of 3: `pgfold validate --accept-edits`"]);
    pgfold(&database, &["validate", "--accept-edits"]).expect(0);
    // a run that wrote was begun, whatever its checks say
    database.psql(
        "insert into ai_agents (name, system_prompt) values ('Came Later', 'x');
         create function harm() returns trigger language plpgsql as
           $$ begin update public.agents set name = name || '!' where unique_id = 'AI_AGENT_CAME_LATER'; return null; end $$;
         create trigger harm after update on pgfold.run for each row when (new.state = 'validating') execute function harm()",
    );
    let failed = pgfold(&database, &["apply", "-y"]).expect(5);
    says(&failed, &["run 4 came to its end"]);
    says_not(&failed, &["no run was begun"]);
}

#[test]
fn a_ledger_that_a_role_may_not_read_is_named_with_its_grants() {
    let database = applied();
    let role = format!("{}_guest", database.name());
    database.psql(&format!(
        "create role {role} login; grant select on all tables in schema public to {role};
         alter table ai_agents disable row level security; alter table agents disable row level security"
    ));
    let with = |arguments: &[&str]| {
        Pgfold::new(&database)
            .env("DATABASE_URL", database.url().replace("postgres@", &format!("{role}@")))
            .args(arguments)
            .run()
    };
    let grant = format!(
        "grant usage on schema pgfold to \"{role}\"; grant select on all tables in schema pgfold to \"{role}\""
    );
    let own = format!("grant \"postgres\" to \"{role}\"");
    for verb in ["status", "validate", "history", "rollback", "doctor", "report"] {
        let said = with(&[verb]).expect(4);
        says(&said, &[&grant, "the ledger belongs to `postgres`"]);
        says_not(&said, &["permission denied", "no run of"]);
    }
    says(&with(&["doctor"]), &[&own]);
    // what it says is what helps
    database.psql(&grant);
    with(&["status"]).expect(0);
    let refused = with(&["apply", "-y"]).expect(4);
    says(&refused, &[&own]);
    database.psql(&format!("drop owned by {role}; drop role {role}"));
}

fn backups(cwd: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(cwd.join("pgfold-backups")).unwrap().map(|f| f.unwrap().path()).collect()
}

#[test]
fn a_backup_of_the_touched_tables_counts_once_it_was_restored() {
    let (database, scratch) = (legacy(), Scratch::new());
    let here = |arguments: &[&str]| Pgfold::new(&database).cwd(scratch.path()).args(arguments).run();
    let proofs = "select count(*) from pg_database where datname like 'pgfold_proof%'";
    says(&here(&["backup", "--touched"]).expect(0), &["read back, restored once into a throw-away database"]);
    assert_eq!(database.value(proofs), "0");
    here(&["doctor", "--backup-age", "1h"]).expect(0);
    let folder = backups(scratch.path()).remove(0);
    let fresh = format!("{}_of_touched", database.name());
    here(&["restore", folder.to_str().unwrap(), "--into", &fresh]).expect(0);
    let copy = Database::adopted(&fresh);
    let rows = "select string_agg(md5(t::text), ',' order by id) from agents t";
    assert_eq!(copy.value(rows), database.value(rows));
    let objects = "select string_agg(x, ',' order by x) from (
        select 'r ' || relname as x from pg_class where relnamespace = 'public'::regnamespace
        union all select 'f ' || oid::regprocedure from pg_proc where pronamespace = 'public'::regnamespace
        union all select 't ' || tgname from pg_trigger where not tgisinternal
        union all select 'k ' || conname from pg_constraint where connamespace = 'public'::regnamespace) o";
    assert_eq!(copy.value(objects), database.value(objects));

    // in place it replaces what was touched and nothing else
    database.psql("create table beside (x int); insert into beside values (1), (2); insert into ai_agents (name, system_prompt) values ('More', 'x')");
    let in_place = ["restore", folder.to_str().unwrap(), "--in-place", "--confirm-database", database.name()];
    let done = here(&in_place);
    if done.code == 0 {
        assert_eq!(database.value("select count(*) from beside"), "2");
        assert_eq!(database.value("select count(*) from ai_agents where name = 'More'"), "0");
    } else {
        says(&done.expect(4), &["hangs on what it would replace", "--into NAME"]);
    }

    // the script leaves no half-made database behind
    let bin = scratch.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    let broken = bin.join("pg_restore");
    std::fs::write(&broken, "#!/bin/sh\nexit 1\n").unwrap();
    std::fs::set_permissions(&broken, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let url = database.url();
    let host = url.split("host=").nth(1).unwrap_or_default().replace("%2F", "/");
    let port = url.split("localhost:").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let programs = crate::harness::cluster().programs().bin().display().to_string();
    let path = format!("{}:{programs}:{}", bin.display(), std::env::var("PATH").unwrap());
    let half = format!("{}_half", database.name());
    let mut script = Command::new(folder.join("restore.sh"));
    script.arg(&half).env("PATH", path).env("PGHOST", host).env("PGPORT", port).env("PGUSER", "postgres");
    let ended = script.output().unwrap();
    assert!(!ended.status.success());
    let there = format!("select count(*) from pg_database where datname = '{half}'");
    assert_eq!(database.value(&there), "0", "{}", String::from_utf8_lossy(&ended.stderr));

    // who may not create a database cannot prove it, and it does not count
    let role = format!("{}_saver", database.name());
    database.psql(&format!("create role {role} login; grant pg_read_all_data to {role}; alter role {role} bypassrls"));
    let alone = Scratch::new();
    let by_role = Pgfold::new(&database).env("DATABASE_URL", url.replace("postgres@", &format!("{role}@")));
    let said = by_role.cwd(alone.path()).args(["backup", "--touched"]).run().expect(0);
    says(&said, &["read back, not restored", "does not count as a backup"]);
    let doctor = || Pgfold::new(&database).cwd(alone.path()).args(["doctor", "--backup-age", "1h"]).run();
    doctor().expect(4);
    let name = backups(alone.path()).remove(0).display().to_string();
    let proved = Pgfold::new(&database).cwd(alone.path()).args(["backup", "verify", &name]).run().expect(0);
    says(&proved, &["restored once into a throw-away database"]);
    doctor().expect(0);
    database.psql(&format!("drop owned by {role}; drop role {role}"));
}

#[test]
fn a_rollback_says_what_it_did_and_every_refusal_the_whole_command() {
    let database = legacy();
    pgfold(&database, &["apply", "-y"]).expect(0);
    let key = database.value("select min(unique_id) from agents where unique_id like 'DH_AGENT_%'");
    let part = pgfold(&database, &["rollback", "--only", &key, "--execute", "-y"]).expect(0);
    says(&part, &["a part of run 1 is taken back, level rows", "1 soft-deleted", "the run itself stands"]);
    says_not(&part, &["is rolled back"]);
    says_not(&pgfold(&database, &["validate"]), &["edited in the target"]);

    database.psql("update agents set description = description || '!' where unique_id = (select max(unique_id) from agents where unique_id like 'DH_AGENT_%')");
    let refused = pgfold(&database, &["rollback", "--execute", "-y"]).expect(4);
    says(&refused, &["1 rows were edited", "pgfold rollback --run 1 --level rows --discard-edits --execute"]);
    let done = pgfold(&database, &["rollback", "--execute", "-y", "--discard-edits"]).expect(0);
    says(&done, &["run 1 is rolled back, level rows", "1 edits-discarded"]);
    assert_eq!(database.value("select undone_effect ->> 'edits_discarded' from pgfold.run"), "1");
}

#[test]
fn an_enhancement_that_touches_a_legacy_table_is_refused_before_anything_is_begun() {
    let (database, scratch) = (legacy(), Scratch::new());
    let folder = scratch.path().join("agents");
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/sql/agents");
    copy(from, &folder);
    let file = folder.join("0002_agents_orchestration.up.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    let folder = folder.display().to_string();
    for (statement, deed) in [
        ("alter table dh_agent add column seen boolean", "alters"),
        ("truncate ai_agents", "empties"),
        ("do $x$ begin drop table public.ai_agents; end $x$", "drops"),
    ] {
        std::fs::write(&file, format!("{text}\n{statement};\n")).unwrap();
        for verb in [&["doctor"][..], &["migrate", "--dry-run"], &["apply", "-y"]] {
            let arguments: Vec<&str> =
                verb[..1].iter().copied().chain([folder.as_str()]).chain(verb[1..].iter().copied()).collect();
            let refused = pgfold(&database, &arguments).expect(3);
            says(&refused, &[&format!("the file {deed} a legacy table"), "take the statement out"]);
        }
    }
    assert_eq!(database.value("select to_regclass('pgfold.run') is null"), "t");
}

#[test]
fn what_was_typed_wrongly_is_no_bug_and_is_told_as_json_where_json_was_asked_for() {
    let (database, scratch) = (applied(), Scratch::new());
    let there = scratch.path().join("there.json");
    std::fs::write(&there, "{}").unwrap();
    let there = there.to_str().unwrap();
    let wrong: [(&[&str], &str); 11] = [
        (&["apply", "-y", "--plan", "nosuch.json"], "there is no such file"),
        (&["plan", "--out", there], "it is there already"),
        (&["map", "--score", "nosuch.csv"], "there is no such file"),
        (&["migrate", "--dry-run", "--out", "/proc/foo"], "name another"),
        (&["show", "/etc/passwd"], "`/etc/passwd` is no plan"),
        (&["apply", "--dry-run", "--approve", "BOGUS"], "`BOGUS` is no gate"),
        (&["apply", "-y", "--approve", "BOGUS"], "`BOGUS` is no gate"),
        (&["apply", "--dry-run", "--tick", "foo=bar"], "there is no line `foo`"),
        (&["status", "--notify", "notaurl"], "the receiver's address is no URL"),
        (&["doctor", "--disk-free", "abc"], "one of B, kB"),
        (&["status", "--no-such-flag"], "--no-such-flag"),
    ];
    for (arguments, words) in wrong {
        let said = pgfold(&database, arguments).expect(64);
        says(&said, &[words]);
        says_not(&said, &["class of failure", "please report", "notaurl"]);
        let json = Pgfold::new(&database).args(arguments).args(["--format", "json"]).run().expect(64);
        let told: serde_json::Value = serde_json::from_str(json.stderr.lines().last().unwrap())
            .unwrap_or_else(|e| panic!("{e}: {}", json.stderr));
        assert_eq!(told["exit"], 64, "{told}");
    }
    let url = Pgfold::new(&database).args(["status", "--database-url", "nonsense"]).run().expect(78);
    says(&url, &["`--database-url` is not a PostgreSQL URL"]);
    let over =
        Pgfold::without_database().env("PGDATABASE", "elsewhere").args(["status", "--database-url", &database.url()]);
    over.run().expect(0);
    let evidence = pgfold(&database, &["report", "--evidence", "--format", "json"]).expect(0);
    assert!(serde_json::from_str::<serde_json::Value>(&evidence.stdout).is_ok(), "{}", evidence.stdout);
    let drafted = pgfold(&database, &["init", "copied", "--from", "agents", "--format", "json"]).expect(0);
    let drafted: serde_json::Value = serde_json::from_str(&drafted.stdout).unwrap();
    assert_eq!(drafted["folder"], "copied");
}

#[test]
fn a_table_that_may_not_be_read_is_one_finding_with_its_grant() {
    let database = legacy();
    let role = format!("{}_blind", database.name());
    database.psql(&format!(
        "create role {role} login; grant usage on schema public to {role}; \
         alter table ai_agents disable row level security; alter table agents disable row level security"
    ));
    let url = database.url().replace("postgres@", &format!("{role}@"));
    let said = Pgfold::without_database().env("DATABASE_URL", url).args(["doctor"]).run().expect(3);
    for table in ["agents", "dh_agent", "ai_agents"] {
        says(&said, &[&format!("grant select on \"public\".\"{table}\" to \"{role}\"")]);
    }
    says_not(&said, &["bad-expression", "42501"]);
    database.psql(&format!("drop owned by {role}; drop role {role}"));
}
