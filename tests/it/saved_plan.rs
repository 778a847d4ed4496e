//! A saved plan fits one database as it was; everything else is refused with what changed.

use std::path::PathBuf;

use super::harness::{Database, Finished, Pgfold, Scratch, cluster, pgfold, programs};

const SHOP: &str =
    "create table items (id bigint generated always as identity primary key, item_key text unique, name varchar(20));
    insert into items (item_key, name) values ('K0', 'there');
    create table old_items (no int primary key, name text);
    insert into old_items values (1, 'one'), (2, 'two');";
const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\n\n[[enhancement]]\nfile = \"0001_note\"\nadds.items = { note = \"text\" }\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"'K' || no\"\nwinner = \"no\"\n[source.columns]\nname = \"name\"\n[source.ignore]\nno = \"in the key\"\n";

struct Planned {
    folder: Scratch,
    database: Database,
}

impl Planned {
    fn new(more: &[&str]) -> Planned {
        let planned = Planned { folder: Scratch::new(), database: Database::from_sql("saved plan", &[SHOP]) };
        std::fs::write(planned.file("consolidation.toml"), MANIFEST).unwrap();
        std::fs::write(planned.file("0001_note.up.sql"), "alter table items add column note text;\n").unwrap();
        let before = planned.database.rows_digest();
        let (folder, out) = (planned.path(""), planned.path("plan.json"));
        pgfold(&planned.database, &[&["plan", folder.as_str(), "--out", out.as_str()], more].concat()).expect(0);
        assert_eq!(planned.database.rows_digest(), before);
        assert_eq!(planned.database.value("select to_regnamespace('pgfold') is null"), "t");
        planned
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn path(&self, name: &str) -> String {
        self.file(name).display().to_string()
    }

    fn apply(&self) -> Finished {
        pgfold(&self.database, &["apply", "--plan", &self.path("plan.json"), "--yes"])
    }

    #[track_caller]
    fn refused(&self, finished: Finished, why: &str) {
        let finished = finished.expect(6);
        assert!(finished.stderr.contains(why), "`{why}` is not in:\n{}", finished.stderr);
        assert_eq!(self.database.value("select count(*) from items"), "1");
    }
}

#[test]
fn a_saved_plan_is_shown_without_a_server_and_applied_once() {
    let planned = Planned::new(&[]);
    let shown = Pgfold::without_database().args(["show", &planned.path("plan.json")]).run().expect(0);
    for word in ["AccessExclusiveLock", "fold old_items in", "expires at"] {
        assert!(shown.stdout.contains(word), "{}", shown.stdout);
    }
    let text = std::fs::read_to_string(planned.file("plan.json")).unwrap();
    assert!(!text.contains("postgres://") && !text.contains("password"));
    planned.apply().expect(0);
    assert_eq!(planned.database.value("select count(*) from items"), "3");
    let again = planned.apply().expect(6);
    assert!(again.stderr.contains("run 1 used the plan already"), "{}", again.stderr);
}

#[test]
fn a_changed_table_is_named() {
    let planned = Planned::new(&[]);
    planned.database.psql("alter table items alter column name type varchar(30)");
    planned.refused(planned.apply(), "column name of public.items changed");
}

#[test]
fn a_changed_legacy_row_is_named() {
    let planned = Planned::new(&[]);
    planned.database.psql("update old_items set name = 'uno' where no = 1");
    planned.refused(planned.apply(), "rows of public.old_items changed: 2 rows as before, with other content");
}

#[test]
fn online_a_changed_row_is_no_reason_and_a_new_index_is() {
    let planned = Planned::new(&["--online"]);
    planned.database.psql("update old_items set name = 'uno' where no = 1");
    planned.database.psql("create index by_name on items (name)");
    planned.refused(planned.apply(), "index by_name of public.items is new");
    planned.database.psql("drop index by_name");
    planned.apply().expect(0);
    assert_eq!(planned.database.value("select name from items where item_key = 'K1'"), "uno");
}

#[test]
fn a_changed_file_and_an_expired_plan_are_named_but_a_comment_is_no_change() {
    let planned = Planned::new(&["--valid-hours", "0"]);
    std::fs::write(planned.file("0001_note.up.sql"), "-- why\r\nalter table items\n  add column note text;\n").unwrap();
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let refused = planned.apply().expect(6);
    assert!(refused.stderr.contains("expired") && !refused.stderr.contains("0001_note"), "{}", refused.stderr);
    std::fs::write(planned.file("consolidation.toml"), format!("{MANIFEST}# more\n")).unwrap();
    planned.refused(planned.apply(), "file consolidation.toml changed");
}

#[test]
fn the_clone_and_another_server_are_other_databases() {
    let planned = Planned::new(&[]);
    let clone = planned.database.cloned();
    clone.psql("alter table items add column more int; update old_items set name = 'x' where no = 2");
    let file = planned.path("plan.json");
    let refused = pgfold(&clone, &["apply", "--plan", &file, "--yes"]).expect(6);
    for why in
        ["the plan is for the database", "column more of public.items is new", "rows of public.old_items changed"]
    {
        assert!(refused.stderr.contains(why), "`{why}` is not in:\n{}", refused.stderr);
    }
    assert_eq!(clone.value("select to_regnamespace('pgfold') is null"), "t");
    let options = pgfold::embedded::Options { programs: Some(programs().to_owned()), ..Default::default() };
    let other = pgfold::embedded::Server::start(&options).unwrap();
    let run = |database: &str, script: &str| {
        let done =
            cluster().programs().command("psql").args(["-X", "-q", "-d", &other.url(database), "-c", script]).status();
        assert!(done.unwrap().success());
    };
    let name = planned.database.name();
    run("postgres", &format!("create database {name}"));
    run(name, SHOP);
    let call = Pgfold::without_database().env("DATABASE_URL", other.url(name));
    let refused = call.args(["apply", "--plan", &file, "--yes"]).run().expect(6);
    assert!(refused.stderr.contains("system identifier"), "{}", refused.stderr);
}
