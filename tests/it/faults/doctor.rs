//! Each finding of doctor: its state is planted, it is found with what to do; that is done, and it is gone.

use serde_json::Value;

use pgfold::embedded::Mode;

use super::obstacles::Holder;
use super::servers::{psql, server, try_psql};
use super::stops::slow_consolidation;
use super::{apply, call, consolidation, demo};
use crate::harness::{Database, Pgfold};

fn findings(url: &str, more: &[&str], rule: &str) -> (Vec<String>, i32) {
    findings_of(consolidation(), url, more, rule)
}

/// Findings of a rule as `severity about: found → todo`, and doctor's exit code.
fn findings_of(of: &str, url: &str, more: &[&str], rule: &str) -> (Vec<String>, i32) {
    let told = call(url, &[&["doctor", of, "--format", "json"], more].concat());
    let json: Value =
        serde_json::from_str(&told.stdout).unwrap_or_else(|e| panic!("{e}\n{}{}", told.stdout, told.stderr));
    let all = json["findings"].as_array().unwrap();
    let text = |f: &Value, name: &str| f[name].as_str().unwrap_or_default().to_owned();
    let of_rule = all.iter().filter(|f| f["rule"] == rule);
    let worded = of_rule
        .map(|f| format!("{} {}: {} → {}", text(f, "severity"), text(f, "about"), text(f, "found"), text(f, "todo")));
    (worded.collect(), told.code)
}

struct Case {
    rule: &'static str,
    planted: &'static str,
    /// Words of the one finding that speaks of it, its severity first.
    says: &'static [&'static str],
    more: &'static [&'static str],
    /// With what doctor says to do, or what takes the state away.
    mended: &'static str,
}

const CASES: &[Case] = &[
    Case {
        rule: "legacy-trigger",
        planted: "create function noop() returns trigger language plpgsql as 'begin return new; end';
                  create trigger legacy_noop before update on ai_agents for each row execute function noop()",
        says: &["note", "legacy_noop on ai_agents"],
        more: &[],
        mended: "drop trigger legacy_noop on ai_agents",
    },
    Case {
        rule: "unread-trigger",
        planted: "create function noop() returns trigger language plpgsql as 'begin return new; end';
                  create trigger unread before insert on agents for each row execute function noop()",
        says: &["refusal", "unread"],
        more: &[],
        mended: "drop trigger unread on agents",
    },
    Case {
        rule: "legacy-reference",
        planted: "create table invoices (id int primary key, agent uuid constraint invoices_of references ai_agents)",
        says: &["note", "invoices_of of invoices refers to ai_agents", "the crosswalk tells"],
        more: &[],
        mended: "drop table invoices",
    },
    Case {
        rule: "invalid-index",
        planted: "create index agents_bad on agents (is_active);
                  update pg_index set indisvalid = false where indexrelid = 'agents_bad'::regclass",
        says: &["warning", "agents_bad", "reindex index concurrently"],
        more: &[],
        mended: "reindex index agents_bad",
    },
    Case {
        rule: "disk-space",
        planted: "",
        says: &["refusal", "1.0 kB are free", "make room"],
        more: &["--disk-free", "1kB"],
        mended: "",
    },
    Case {
        rule: "read-only",
        planted: "do $$ begin execute format('alter database %I set default_transaction_read_only = on', current_database()); end $$",
        says: &["refusal", "read-only by default"],
        more: &[],
        mended: "begin read write; do $$ begin execute format('alter database %I reset default_transaction_read_only', current_database()); end $$; commit",
    },
];

#[test]
fn each_finding_names_what_was_planted_and_goes_with_it() {
    let mut wrong = Vec::new();
    for case in CASES {
        let database = demo();
        let speaks = |told: &[String]| told.iter().any(|t| case.says.iter().all(|w| t.contains(w)));
        let refused = case.says[0] == "refusal";
        let (before, _) = findings(&database.url(), &[], case.rule);
        database.psql(case.planted);
        let (found, code) = findings(&database.url(), case.more, case.rule);
        database.psql(case.mended);
        let (after, _) = findings(&database.url(), &[], case.rule);
        if speaks(&before) || !speaks(&found) || refused != (code != 0) || speaks(&after) {
            wrong.push(format!("{}: before {before:?}, planted {found:?} (exit {code}), after {after:?}", case.rule));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A role of the test's own, gone with it.
struct Role {
    name: String,
    database: Database,
}

impl Role {
    fn new(database: Database) -> Role {
        let name = format!("dba_{}", database.name());
        // what belongs to others belongs to a role that is no superuser
        database.psql(&format!(
            "create role {name} login; create role {name}_owns; create role {name}_others;
             do $$ declare t text; begin
               for t in select c.oid::regclass from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and c.relname <> 'agents' loop
                 execute format('alter table %s owner to {name}_others', t);
               end loop; end $$;
             alter table agents owner to {name}_owns;"
        ));
        Role { name, database }
    }

    fn url(&self) -> String {
        let url = self.database.url();
        let as_role = url.replace("postgres://postgres@", &format!("postgres://{}@", self.name));
        as_role.replace("user=postgres", &format!("user={}", self.name))
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        let name = &self.name;
        let _ = self.database.try_psql(&format!(
            "alter role {name} nobypassrls; reassign owned by {name} to postgres; drop owned by {name};
             reassign owned by {name}_owns to postgres; drop owned by {name}_owns;
             reassign owned by {name}_others to postgres; drop owned by {name}_others; drop role {name}_others;
             revoke {name}_owns from {name}; drop role {name}; drop role {name}_owns"
        ));
    }
}

/// Every statement that doctor prints, as typed, until it prints none.
fn granted(role: &Role) -> Vec<String> {
    let mut typed: Vec<String> = Vec::new();
    for _ in 0..6 {
        let mut rights = findings(&role.url(), &[], "missing-right").0;
        let hidden = findings(&role.url(), &[], "row-security").0;
        // the same statement for each hidden table, at the end of a sentence
        rights.extend(hidden.iter().take(1).map(|f| format!("row-security → {}", &f[f.find("alter role").unwrap()..])));
        if rights.is_empty() {
            return typed;
        }
        for finding in rights {
            let statement = finding.split_once(" → ").unwrap().1.to_owned();
            assert!(!typed.contains(&statement), "typed and still missing: {finding}");
            role.database.psql(&statement);
            typed.push(statement);
        }
    }
    panic!("never enough: {typed:#?}");
}

#[test]
fn the_grants_that_doctor_prints_are_enough_and_each_is_needed() {
    let role = Role::new(demo());
    let (first, code) = findings(&role.url(), &[], "missing-right");
    assert_ne!(code, 0, "{first:?}");
    let typed = granted(&role);
    assert!(typed.len() >= 3, "{typed:#?}");
    call(&role.url(), &apply()).expect(0);
    let proved = call(&role.url(), &["validate", consolidation()]).expect(0);
    assert!(proved.stdout.contains("no data loss"), "{}", proved.stdout);
    // one at a time is taken away again, and its very statement is printed
    let database = &role.database;
    let mut unheard = Vec::new();
    let grants = typed.iter().filter(|s| s.starts_with("grant ") && !s.starts_with("grant create on database"));
    for statement in grants.clone() {
        database.psql(&statement.replacen("grant ", "revoke ", 1).replacen(" to ", " from ", 1));
        let rights = findings(&role.url(), &[], "missing-right").0;
        if !rights.iter().any(|r| r.ends_with(statement)) {
            unheard.push(statement);
        }
        database.psql(statement);
    }
    assert!(grants.count() >= 5, "{typed:#?}");
    assert!(unheard.is_empty(), "not missed: {unheard:#?}");
}

#[test]
fn row_security_that_hides_rows_is_refused_until_it_does_not() {
    let role = Role::new(demo());
    granted(&role);
    let database = &role.database;
    for (table, rule) in [("agents", "missing-right"), ("ai_agents", "row-security")] {
        database.psql(&format!(
            "alter table {table} enable row level security, force row level security; alter role {} nobypassrls",
            role.name
        ));
        let (found, code) = findings(&role.url(), &[], rule);
        let spoken = found
            .iter()
            .find(|f| f.contains(table) && f.contains("row security"))
            .unwrap_or_else(|| panic!("{table}: {found:?}"));
        assert_ne!(code, 0);
        let statement = &spoken[spoken.find("alter role").unwrap_or_else(|| panic!("{spoken}"))..];
        database.psql(statement);
        let (after, _) = findings(&role.url(), &[], rule);
        assert!(!after.iter().any(|f| f.contains("row security")), "{after:?}");
        database.psql(&format!("alter table {table} disable row level security, no force row level security"));
    }
}

#[test]
fn room_that_cannot_be_seen_is_not_evaluated_and_may_be_said() {
    let role = Role::new(demo());
    granted(&role);
    let (found, code) = findings(&role.url(), &[], "disk-space");
    assert!(found[0].starts_with("notevaluated"), "{found:?}");
    assert!(found[0].contains("pgfold doctor --disk-free"), "{found:?}");
    assert_eq!(code, 0);
    let (said, _) = findings(&role.url(), &["--disk-free", "40GB"], "disk-space");
    assert!(said[0].starts_with("ok") && said[0].contains("40.0 GB are free"), "{said:?}");
    let human = call(&role.url(), &["doctor", consolidation()]).expect(0);
    assert!(human.stdout.contains("NOT EVALUATED"), "{}", human.stdout);
    // who may see where the data lies is told what `df` says
    let (seen, _) = findings(&role.database.url(), &[], "disk-space");
    assert!(seen[0].starts_with("ok"), "{seen:?}");
}

#[test]
fn other_runs_are_told_with_what_to_do_about_each() {
    let database = demo();
    let rule = "other-run";
    database.psql(
        "create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(0.3); return new; end';
         create trigger slow before insert on agents for each row execute function slow();",
    );
    let folder = slow_consolidation();
    let path = folder.path().to_str().unwrap();
    assert!(findings_of(path, &database.url(), &[], rule).0[0].starts_with("ok"));
    let started = Pgfold::new(&database).args(["apply", path, "--yes", "--batch-rows", "5", "--workers", "1"]).start();
    database.until("select count(*) from pgfold.batch");
    let (alive, _) = findings_of(path, &database.url(), &[], rule);
    assert!(alive.iter().any(|f| f.contains("is being operated by") && f.contains("wait for it")), "{alive:?}");
    started.kill();
    database.psql("drop trigger slow on agents; drop function slow()");
    let mut open = Vec::new();
    for _ in 0..100 {
        open = findings_of(path, &database.url(), &[], rule).0;
        if !open.iter().any(|f| f.contains("is being operated by")) {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(
        open.iter().any(|f| f.starts_with("warning") && f.contains("run 1 of ") && f.contains("`pgfold resume`")),
        "{open:?}"
    );
    call(&database.url(), &["resume", path, "--yes"]).expect(0);
    assert!(findings_of(path, &database.url(), &[], rule).0[0].starts_with("ok"));
}

#[test]
fn a_database_of_another_encoding_and_extensions_are_told() {
    let aside = Database::fresh();
    let name = format!("latin_{}", aside.name());
    aside.psql(&format!("create database {name} encoding 'LATIN1' locale 'C' template template0"));
    let latin = Database::adopted(&name);
    latin.psql(super::SCHEMA);
    let (found, _) = findings(&latin.url(), &[], "encoding");
    assert!(found[0].starts_with("warning") && found[0].contains("LATIN1"), "{found:?}");
    let utf8 = demo();
    assert_eq!(findings(&utf8.url(), &[], "encoding").0, Vec::<String>::new());
    let (with, _) = findings(&utf8.url(), &[], "extensions");
    assert!(with[0].contains("plpgsql 1"), "{with:?}");
    latin.psql("drop extension plpgsql cascade");
    assert!(findings(&latin.url(), &[], "extensions").0[0].contains("none"));
}

#[test]
fn few_connections_and_no_autovacuum_are_told() {
    let mut server = server();
    psql(&server, "postgres", "create database few");
    for text in [super::SCHEMA, super::ROWS] {
        try_psql(&server, &server.url("few"), text).unwrap();
    }
    let url = server.url("few");
    assert!(findings(&url, &[], "connections").0[0].starts_with("ok"));
    assert_eq!(findings(&url, &[], "autovacuum").0, Vec::<String>::new());
    psql(&server, "postgres", "alter system set superuser_reserved_connections = 96");
    psql(&server, "postgres", "alter system set autovacuum = off");
    server.stop(Mode::Fast).unwrap();
    server.restart().unwrap();
    let (found, code) = findings(&url, &[], "connections");
    assert!(
        found[0].starts_with("refusal") && found[0].contains("3 connections are free, 2 workers need 5"),
        "{found:?}"
    );
    assert_eq!(code, 4);
    assert!(findings(&url, &[], "autovacuum").0[0].starts_with("warning"));
    psql(&server, "postgres", "alter system reset all");
    server.stop(Mode::Fast).unwrap();
    server.restart().unwrap();
    assert!(findings(&url, &[], "connections").0[0].starts_with("ok"));
}

#[test]
#[ignore = "long: a transaction is long after a minute"]
fn a_transaction_that_is_open_for_long_is_told_with_its_server_process() {
    let database = demo();
    let holder = Holder::new(&database, "select 1");
    assert!(findings(&database.url(), &[], "long-transaction").0[0].starts_with("ok"));
    std::thread::sleep(std::time::Duration::from_secs(61));
    let (found, code) = findings(&database.url(), &[], "long-transaction");
    assert!(found[0].starts_with("warning") && found[0].contains("the colleague"), "{found:?}");
    assert_eq!(code, 0);
    drop(holder);
    database.psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the colleague' and datname = current_database()");
    for _ in 0..100 {
        if findings(&database.url(), &[], "long-transaction").0[0].starts_with("ok") {
            return;
        }
    }
    panic!("still told");
}
