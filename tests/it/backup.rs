//! A backup is read back before it counts, and refused when it is not what it says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::harness::{Database, Pgfold, Scratch, cluster, pgfold};

const LIBRARY: &str = include_str!("../../testdata/library/before.sql");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/library");

fn library() -> Database {
    Database::from_sql("rollback library", &[LIBRARY])
}

fn call(database: &Database, cwd: &Path, arguments: &[&str]) -> super::harness::Finished {
    Pgfold::new(database).cwd(cwd).args(arguments).run()
}

/// The folder of the only backup that was taken here.
fn taken(cwd: &Path) -> PathBuf {
    fs::read_dir(cwd.join("pgfold-backups")).unwrap().next().unwrap().unwrap().path()
}

fn state(database: &Database) -> String {
    [database.schema_dump(), database.rows_digest(), database.structure_digest()].join("\n")
}

#[test]
fn a_backup_is_restored_into_a_new_database_and_in_place() {
    let (database, scratch) = (library(), Scratch::new());
    let before = state(&database);
    let said = call(&database, scratch.path(), &["backup"]).expect(0);
    assert!(said.stdout.contains("taken and read back"), "{}", said.stdout);
    let folder = taken(scratch.path());
    let name = folder.to_str().unwrap();
    call(&database, scratch.path(), &["backup", "verify", name]).expect(0);

    let fresh = format!("{}_restored", database.name());
    call(&database, scratch.path(), &["restore", name, "--into", &fresh]).expect(0);
    call(&database, scratch.path(), &["restore", name, "--into", &fresh]).expect(4);
    let copy = Database::adopted(&fresh);
    assert!(state(&copy) == before);

    call(&database, scratch.path(), &["apply", FOLDER, "--yes", "--quiet"]);
    assert!(state(&database) != before);
    call(&database, scratch.path(), &["restore", name, "--in-place"]).expect(64);
    call(&database, scratch.path(), &["restore", name, "--in-place", "--confirm-database", "other"]).expect(64);
    // what hangs on the tables and is not in the backup is named first; the mapping table is such a thing
    let own = ["restore", name, "--in-place", "--confirm-database", database.name()];
    let refused = call(&database, scratch.path(), &own).expect(4);
    assert!(refused.stderr.contains("item_shelves"), "{}", refused.stderr);
    database.psql("drop table item_shelves");
    call(&database, scratch.path(), &own).expect(0);
    assert!(state(&database) == before, "restored in place");
    assert_eq!(database.value("select undone_level from pgfold.run"), "schema");
}

#[test]
fn the_script_beside_a_backup_restores_it_without_pgfold() {
    let (database, scratch) = (library(), Scratch::new());
    call(&database, scratch.path(), &["backup"]).expect(0);
    let fresh = format!("{}_by_script", database.name());
    let url = cluster().url("postgres");
    let host = url.split("host=").nth(1).unwrap_or_default().replace("%2F", "/");
    let user = url.split("://").nth(1).unwrap().split('@').next().unwrap().to_owned();
    let port = url.split("localhost:").nth(1).unwrap().split('/').next().unwrap().to_owned();
    let path = format!("{}:{}", cluster().programs().bin().display(), std::env::var("PATH").unwrap());
    let mut script = Command::new(taken(scratch.path()).join("restore.sh"));
    let done = script
        .arg(&fresh)
        .env("PATH", path)
        .env("PGHOST", host)
        .env("PGPORT", port)
        .env("PGUSER", user)
        .output()
        .unwrap();
    assert!(done.status.success(), "{url}: {}", String::from_utf8_lossy(&done.stderr));
    assert!(state(&Database::adopted(&fresh)) == state(&database));
}

#[test]
fn a_damaged_missing_foreign_or_newer_backup_is_refused() {
    let (database, scratch) = (library(), Scratch::new());
    call(&database, scratch.path(), &["backup"]).expect(0);
    let folder = taken(scratch.path());
    let name = folder.to_str().unwrap();
    let (dump, manifest) = (folder.join("database.dump"), folder.join("backup.json"));
    let whole = fs::read(&dump).unwrap();
    let said = fs::read_to_string(&manifest).unwrap();
    let verify = |words: &str| {
        for arguments in [vec!["backup", "verify", name], vec!["restore", name, "--into", "never"]] {
            let refused = call(&database, scratch.path(), &arguments).expect(4);
            assert!(refused.stderr.contains(words), "{}", refused.stderr);
        }
    };
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    fs::write(&dump, &damaged).unwrap();
    verify("the backup is damaged");
    fs::write(&dump, &whole[..whole.len() - 1]).unwrap();
    verify("the backup is damaged");
    fs::remove_file(&dump).unwrap();
    verify("is not there");
    fs::write(&dump, &whole).unwrap();
    // one that was counted otherwise than it reads
    fs::write(&manifest, said.replacen("\"rows\": 30", "\"rows\": 31", 1)).unwrap();
    verify("has 30 rows instead of 31");
    fs::write(&manifest, said.replace("\"server_version\": 15", "\"server_version\": 99")).unwrap();
    verify("an older program cannot read it");
    fs::write(&manifest, &said).unwrap();

    let other = Database::from_sql("rollback library", &[LIBRARY]);
    for arguments in
        [vec!["backup", "verify", name], vec!["restore", name, "--in-place", "--confirm-database", other.name()]]
    {
        let refused = call(&other, scratch.path(), &arguments).expect(4);
        assert!(refused.stderr.contains("another database"), "{}", refused.stderr);
    }
    fs::remove_file(&manifest).unwrap();
    pgfold(&database, &["backup", "verify", name]).expect(4);
}

#[test]
fn an_older_pg_dump_is_refused_with_the_reason() {
    let (database, scratch) = (library(), Scratch::new());
    let bin = scratch.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let old = bin.join("pg_dump");
    fs::write(&old, "#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.24'\n").unwrap();
    fs::set_permissions(&old, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    // the harness puts the cluster's programs first; this one wants ours
    let refused = Pgfold::new(&database).env("PATH", path).cwd(scratch.path()).args(["backup"]).run().expect(4);
    assert!(refused.stderr.contains("is of PostgreSQL 9, the server is of 15"), "{}", refused.stderr);
}

#[test]
fn the_tables_that_a_run_touches_can_be_kept_alone() {
    let (database, scratch) = (library(), Scratch::new());
    call(&database, scratch.path(), &["backup", FOLDER, "--touched"]).expect(0);
    let manifest = fs::read_to_string(taken(scratch.path()).join("backup.json")).unwrap();
    assert!(manifest.contains("\"whole\": false") && manifest.contains("public.items"), "{manifest}");
    for file in fs::read_dir(taken(scratch.path())).unwrap() {
        let text = fs::read(file.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains("PGPASSWORD="));
    }
}
