//! Each class of failure provoked once: it is named, and the first command that is recommended leads out of it.

use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use super::shop::Shop;
use crate::harness::{Database, Finished, cluster};

/// Any `alter table` ends like this, as long as the event trigger is there.
fn obstacle(database: &Database, body: &str) {
    database.psql(&format!(
        "create function obstacle() returns event_trigger language plpgsql as $f$ begin
           if to_regclass('pgfold.step') is not null and exists (select from pgfold.run) then {body} end if; end $f$;
         create event trigger obstacle on ddl_command_start when tag in ('ALTER TABLE') execute function obstacle();"
    ));
}

fn clear(database: &Database) {
    database.psql("drop event trigger obstacle; drop function obstacle()");
}

/// The class that was named, and the command after `then:` without the folder at its end, which it names, too.
#[track_caller]
fn named(finished: &Finished, class: &str) -> String {
    let text = &finished.stderr;
    assert!(text.contains(&format!("class of failure: {class}\n")), "{text}");
    let line = text.lines().find(|l| l.starts_with("then:")).unwrap_or_else(|| panic!("{text}"));
    let command = line.split('`').nth(1).unwrap();
    let (command, folder) = command.strip_prefix("pgfold ").unwrap().rsplit_once(' ').unwrap();
    assert!(std::path::Path::new(folder).join("consolidation.toml").is_file(), "{line}");
    command.to_owned()
}

/// The first recommended command goes through, and everything is proved.
#[track_caller]
fn leads_out(shop: &Shop, command: &str) {
    assert_eq!(command, "resume");
    shop.run("resume", 0);
    shop.run("validate", 0);
    assert_eq!(shop.database.value("select count(*) from items"), "4");
}

pub struct Holder(Child);

impl Holder {
    pub fn new(database: &Database, script: &str) -> Holder {
        let mut psql = cluster().programs().command("psql");
        psql.args(["-X", "-q", "-d"]).arg(database.url());
        psql.args(["-c", &format!("begin; {script}; select pg_sleep(600)")]).env("PGAPPNAME", "the colleague");
        let holder = Holder(psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let there = "select count(*) from pg_stat_activity where application_name = 'the colleague' and wait_event = 'PgSleep' and datname = current_database()";
        for _ in 0..200 {
            if database.value(there) != "0" {
                break;
            }
            thread::sleep(Duration::from_millis(20));
        }
        holder
    }

    pub fn end(mut self, database: &Database) {
        let _ = self.0.kill();
        let _ = self.0.wait();
        database
            .psql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'the colleague' and datname = current_database()");
    }
}

#[test]
fn a_lock() {
    let shop = Shop::new();
    let holder = Holder::new(&shop.database, "lock table items in share row exclusive mode");
    let stopped = shop.run("apply -y --lock-timeout 100ms --attempts 2", 8);
    let command = named(&stopped, "lock");
    for word in ["✓  1 hash the rows", "✗  2 enhance with 0001_note", "first: wait for whoever holds", "the colleague"]
    {
        assert!(stopped.stderr.contains(word), "`{word}` is not in:\n{}", stopped.stderr);
    }
    // what the second way runs lies ready, whatever happened
    assert!(shop.read("pgfold-runs/1/rollback.sql").contains("pgfold"));
    holder.end(&shop.database);
    leads_out(&shop, &command);
}

#[test]
fn data() {
    let shop = Shop::new();
    // what a block does is not foreseen
    shop.write(
        "0002_by_name.up.sql",
        "do $block$ begin execute 'create unique index items_by_name on items (name)'; end $block$;\n",
    );
    shop.database.psql("insert into items (item_key, name) values ('K9', 'there')");
    let failed = shop.run("apply -y", 1);
    let command = named(&failed, "data");
    assert_eq!(command, "resume --accept-edits");
    shop.database.psql("update items set name = 'here' where item_key = 'K9'");
    shop.run(&command, 0);
    assert_eq!(shop.database.value("select count(*) from items"), "5");
}

#[test]
fn a_connection() {
    let shop = Shop::new();
    obstacle(&shop.database, "perform pg_terminate_backend(pg_backend_pid());");
    let stopped = shop.run("apply -y", 8);
    let command = named(&stopped, "connection");
    clear(&shop.database);
    leads_out(&shop, &command);
}

#[test]
fn space() {
    let shop = Shop::new();
    obstacle(
        &shop.database,
        "raise exception 'could not extend file: No space left on device' using errcode = '53100';",
    );
    let stopped = shop.run("apply -y", 8);
    let command = named(&stopped, "space");
    clear(&shop.database);
    leads_out(&shop, &command);
}

#[test]
fn a_permission() {
    let shop = Shop::new();
    obstacle(&shop.database, "raise exception 'permission denied for table items' using errcode = '42501';");
    let failed = shop.run("apply -y", 4);
    let command = named(&failed, "permission");
    clear(&shop.database);
    leads_out(&shop, &command);
}

#[test]
fn schema_drift() {
    let shop = Shop::new();
    let before = shop.database.schema_dump();
    shop.write("0002_by_name.up.sql", "create index items_by_name on items (name); create table stray (a int);\n");
    let failed = shop.run("apply -y", 3);
    let command = named(&failed, "schema drift");
    assert_eq!(command, "rollback --run 1 --level schema --execute");
    shop.run(&format!("{command} -y"), 0);
    assert_eq!(shop.database.schema_dump(), before);
    shop.write("0002_by_name.up.sql", "create index items_by_name on items (name);\n");
    shop.run("apply -y", 0);
}

#[test]
fn a_bug() {
    let shop = Shop::new();
    let before = shop.database.schema_dump();
    shop.write("0002_by_name.up.sql", "alter table items add column more text;\n");
    let manifest =
        super::shop::MANIFEST.replace("creates = [\"index items_by_name\"]", "adds.items = { more = \"text\" }");
    shop.write("consolidation.toml", &manifest);
    // the second `alter table` ends in what nobody foresaw
    obstacle(
        &shop.database,
        "if current_query() like '%add column more%' then
           raise exception 'unexpected' using errcode = 'XX000'; end if;",
    );
    let failed = shop.run("apply -y", 1);
    let command = named(&failed, "bug");
    clear(&shop.database);
    assert_eq!(command, "rollback --run 1 --level schema --execute");
    shop.run(&format!("{command} -y"), 0);
    assert_eq!(shop.database.schema_dump(), before);
}

#[test]
fn status_tells_the_same_later_and_nothing_once_it_is_over() {
    let shop = Shop::new();
    obstacle(&shop.database, "raise exception 'full' using errcode = '53100';");
    shop.run("apply -y", 8);
    let status = shop.run("status", 0);
    assert!(
        status.stdout.contains("class of failure: space") && status.stdout.contains("`pgfold resume /"),
        "{}",
        status.stdout
    );
    let json: serde_json::Value = serde_json::from_str(&shop.run("status --format json", 0).stdout).unwrap();
    assert_eq!(json["recovery"]["class"], "space");
    assert_eq!(json["recovery"]["ways"][0]["command"], "pgfold resume");
    clear(&shop.database);
    shop.run("resume", 0);
    let status = shop.run("status", 0);
    assert!(!status.stdout.contains("class of failure"), "{}", status.stdout);
}
