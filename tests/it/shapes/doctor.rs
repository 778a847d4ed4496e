//! What doctor finds before a run does.

use super::{Case, Lines, SOURCE, TARGET, case};
use crate::harness::Pgfold;

fn plain(target: &str, more: &str) -> Case {
    case(&format!("{TARGET} {SOURCE} {more}"), &Lines { target, ..Lines::default() })
}

/// As another role of the same server, that goes with the test.
struct Role<'a> {
    case: &'a Case,
    name: String,
}

impl<'a> Role<'a> {
    fn new(case: &'a Case, options: &str) -> Role<'a> {
        let name = format!("folder_{}", case.database.name());
        case.database.psql(&format!(
            "create role {name} login {options}; grant create on database {} to {name};
             grant select on old_item to {name}; grant select, insert, update, delete on item to {name}",
            case.database.name()
        ));
        Role { case, name }
    }

    fn pgfold(&self, arguments: &[&str]) -> (String, i32) {
        let (verb, more) = arguments.split_first().unwrap();
        let folder = self.case.folder.path().display().to_string();
        let url = self.case.database.url();
        let (scheme, rest) = url.split_once("://").unwrap();
        let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
        let url = format!("{scheme}://{}@{rest}", self.name);
        let done = Pgfold::without_database().env("DATABASE_URL", url).args([*verb, &folder]).args(more).run();
        (format!("{}{}", done.stdout, done.stderr), done.code)
    }
}

impl Drop for Role<'_> {
    fn drop(&mut self) {
        let name = &self.name;
        let _ = self
            .case
            .database
            .try_psql(&format!("reassign owned by {name} to current_user; drop owned by {name}; drop role {name}"));
    }
}

#[test]
fn a_volatile_key_is_refused_and_a_function_that_is_none_is_not() {
    for (key, rule) in [
        ("gen_random_uuid()::text", "volatile-expression"),
        ("'M-' || clock_timestamp()", "volatile-expression"),
        ("'M-' || id || current_date", "volatile-expression"),
        ("name || now()", "volatile-expression"),
    ] {
        let case = plain("", "");
        let manifest = case.folder.path().join("consolidation.toml");
        let text = std::fs::read_to_string(&manifest).unwrap();
        std::fs::write(&manifest, text.replace("'M-' || id", key)).unwrap();
        case.refuses(rule, &["source old_item.key"]);
    }
    let tables =
        format!("{TARGET} {SOURCE} create function slug(text) returns text language sql as $$ select lower($1) $$;");
    let case = case(&tables, &Lines { source: "where = \"slug(name) <> 'x'\"", ..Lines::default() });
    let told = case.pgfold(&["doctor"]).expect(0);
    assert!(told.stdout.contains("alter function … immutable"), "{}", told.stdout);
    case.pgfold(&["apply", "-y"]).expect(0);
}

#[test]
fn existing_rows_that_would_share_a_key_are_named() {
    let two = "insert into item (name) values ('same'), ('same'), ('other');";
    plain("existing_key = \"'I-' || name\"", two)
        .refuses("existing-keys", &["2 rows would have one key", "2, 3", "target.existing_key"]);
    // or that would get the key of a row that has one
    let one = "insert into item (name) values ('1');";
    plain("existing_key = \"'I-' || name\"", one).refuses("existing-keys", &["2 rows would have one key", "1, 2"]);
    plain("existing_key = \"'X-' || id\"", two).pgfold(&["apply", "-y"]).expect(0);
}

#[test]
fn an_empty_legacy_table_is_told_and_fails_nothing() {
    let case = plain("", "truncate old_item;");
    assert!(case.pgfold(&["doctor"]).expect(0).stdout.contains("empty-source"));
    let told = case.pgfold(&["apply", "-y"]).expect(0);
    assert!(told.stdout.contains("the legacy tables have no rows"), "{}", told.stdout);
}

#[test]
fn connection_limits_of_role_and_database_count() {
    let case = plain("", "");
    let role = Role::new(&case, "connection limit 3");
    case.database.psql(&format!(
        "alter table item owner to {}; grant {0} to current_user; grant create on schema public to {0}",
        role.name
    ));
    let (told, code) = role.pgfold(&["doctor"]);
    assert!(code == 4 && told.contains("connection limit of role"), "{code} {told}");
    let (told, code) = role.pgfold(&["apply", "-y"]);
    assert!(code == 4 && told.contains("connection limit of role"), "{code} {told}");
    assert_eq!(case.value("select to_regnamespace('pgfold') is null"), "t");
    case.database.psql(&format!("alter role {} connection limit -1", role.name));
    let limited = format!("alter database {} connection limit 3", case.database.name());
    case.database.psql(&limited);
    let (told, code) = role.pgfold(&["doctor"]);
    assert!(code == 4 && told.contains("connection limit of database"), "{code} {told}");
    case.database.psql(&limited.replace("limit 3", "limit -1"));
    let (told, code) = role.pgfold(&["apply", "-y"]);
    assert_eq!(code, 0, "{told}");
}

#[test]
fn nobody_is_told_to_become_a_superuser() {
    let case = plain("", "");
    let role = Role::new(&case, "");
    let (told, code) = role.pgfold(&["doctor"]);
    assert!(code != 0 && told.contains("owner to"), "{code} {told}");
    assert!(!told.contains("grant \"postgres\""), "{told}");
}

#[test]
fn triggers_that_a_role_keeps_from_firing_are_found() {
    let case = plain(
        "",
        "do $$ begin execute format('alter database %I set session_replication_role = replica', current_database()); end $$;",
    );
    let told = case.pgfold(&["doctor"]).expect(4);
    assert!(told.stdout.contains("replication-role"), "{}", told.stdout);
    case.pgfold(&["apply", "-y"]).expect(4);
    assert_eq!(case.value("select to_regnamespace('pgfold') is null"), "t");
}

#[test]
fn a_target_whose_deletes_cannot_be_published_is_found() {
    let case = plain("", "alter table item drop constraint item_pkey; create unique index on item (id); alter table item alter id set not null;
         set client_min_messages = error; create publication p for table item;");
    let told = case.pgfold(&["doctor"]).expect(4);
    assert!(told.stdout.contains("replica-identity"), "{}", told.stdout);
    case.database.psql("alter table item replica identity full");
    case.pgfold(&["doctor"]).expect(0);
}
