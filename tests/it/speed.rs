//! What keeps a run fast: no value is worked out twice in one pass.

use super::harness::{Database, Scratch, pgfold};

const SHOP: &str = "create table items (id bigint generated always as identity primary key, item_key text unique, name text, price numeric(12,2));
    create function priced(p numeric) returns numeric language plpgsql stable as 'begin return p * 2; end';
    create table old_items (no int primary key, code text, name text, price numeric);
    insert into old_items select n, 'K' || n, 'name ' || n, n from generate_series(1, 500) n;";
const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\nrequired = [\"price\"]
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"code\"\nwinner = \"no\"
[source.columns]\nname = \"name\"\nprice = { expr = \"priced(price)\", lossy = true }\n[source.ignore]\nno = \"a number\"\ncode = \"the key\"\nprice = \"doubled\"\n";

/// What the statistics say once they have come; they are written a moment after the work.
fn counted(database: &Database, query: &str) -> i64 {
    let mut last = -1;
    for _ in 0..50 {
        let now = database.value(query).parse().unwrap_or(0);
        if now > 0 && now == last {
            break;
        }
        last = now;
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    last
}

#[test]
fn a_value_is_worked_out_once_per_pass() {
    let database = Database::from_sql("speed", &[SHOP]);
    database.psql(&format!("alter database \"{}\" set track_functions = 'pl'", database.name()));
    let folder = Scratch::new();
    std::fs::write(folder.path().join("consolidation.toml"), MANIFEST).unwrap();
    let path = folder.path().display().to_string();
    let calls = "select coalesce(sum(calls), 0) from pg_stat_user_functions where funcname = 'priced'";
    pgfold(&database, &["migrate", path.as_str(), "--dry-run"]).expect(0);
    let looked = counted(&database, calls);
    assert_eq!(looked, 500, "a dry run works out each value once");
    pgfold(&database, &["migrate", path.as_str(), "-y", "--batch-rows", "50"]).expect(0);
    let all = counted(&database, calls);
    assert_eq!(all - looked, 1000, "once for the look before, once for the row");
    assert_eq!(database.value("select count(*) from items"), "500");
}
