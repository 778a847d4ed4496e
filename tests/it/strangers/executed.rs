//! What a stranger or a consolidation brings is looked at, never run with the operator's privileges.

use crate::ground::{legacy, testdata};
use crate::harness::{Database, Scratch, pgfold};

#[test]
fn a_view_on_a_legacy_table_is_prepared_and_its_functions_are_not_called() {
    let database = legacy();
    database.psql(
        "do $$ begin create role mallory; exception when duplicate_object or unique_violation then null; end $$;
         create schema mallory authorization mallory; grant select on public.dh_agent to mallory;
         create table public.called (by_whom text); grant insert on public.called to public;
         set role mallory;
         create function mallory.evil() returns int language plpgsql as $f$ begin
           if current_user <> 'mallory' then
             if current_setting('transaction_read_only') = 'on' then raise exception 'a stranger was called'; end if;
             insert into public.called values (current_user);
           end if;
           return 1; end $f$;
         create function mallory.folded(int) returns int language plpgsql immutable as $f$ begin perform mallory.evil(); return 1; end $f$;
         create view mallory.v as select d.name, mallory.evil() as e from public.dh_agent d;
         create view mallory.w as select d.name from public.dh_agent d where mallory.folded(2) = 1;",
    );
    for words in [&["assess"][..], &["apply", "-y"], &["validate"]] {
        let done = pgfold(&database, words).expect(0);
        assert!(!done.stdout.contains("a stranger was called") && !done.stderr.contains("a stranger was called"));
        assert_eq!(database.value("select count(*) from public.called"), "0", "{words:?}");
    }
}

/// A copy of the library with one more query.
fn with_query(name: &str, sql: &str) -> (Scratch, String) {
    let scratch = Scratch::new();
    let folder = scratch.path().join("library");
    let copied = std::process::Command::new("cp").arg("-r").arg(testdata("library")).arg(&folder).status().unwrap();
    assert!(copied.success());
    std::fs::create_dir_all(folder.join("queries/write")).unwrap();
    std::fs::write(folder.join("queries").join(name), sql).unwrap();
    let folder = folder.display().to_string();
    (scratch, folder)
}

#[test]
fn a_query_that_would_leave_its_transaction_is_refused_before_anything_runs() {
    let database: Database = crate::ground::library();
    for (name, sql) in [
        ("evil.sql", "select 1; commit; create table public.pwned (); commit; begin; select 2"),
        ("evil.sql", "commit"),
        ("evil.sql", "set role postgres"),
        ("evil.sql", "do $$ begin end $$"),
        ("evil.sql", "update items set title = title"),
        ("write/evil.sql", "begin; commit"),
        ("write/evil.sql", "copy items to program 'true'"),
    ] {
        let (_scratch, folder) = with_query(name, sql);
        let done = pgfold(&database, &["validate", &folder]);
        assert!(done.code == 78 && done.stderr.contains("evil.sql"), "{sql}: {} {}", done.code, done.stderr);
        assert_eq!(database.value("select to_regclass('public.pwned') is null"), "t");
    }
}

#[test]
fn only_plain_files_of_the_folder_itself_are_read() {
    let (_scratch, folder) = with_query("fine.sql", "select 1");
    std::os::unix::fs::symlink("/dev/zero", format!("{folder}/zz.toml")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", format!("{folder}/queries/out.sql")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(format!("{folder}/pipe.sql")).status().unwrap();
    assert!(made.success());
    let done = pgfold(&crate::ground::library(), &["doctor", &folder]).expect(78);
    for part in
        ["`zz.toml` is not a plain file", "`queries/out.sql` is not a plain file", "`pipe.sql` is not a plain file"]
    {
        assert!(done.stderr.contains(part), "{part}: {}", done.stderr);
    }
}
