//! No statement that is repeated reads the whole target: however many batches and pages there are, it is scanned as often.

use super::harness::{Database, Scratch, pgfold};

const SHOP: &str =
    "create table items (id bigint generated always as identity primary key, item_key text unique, name text, price numeric);
    create table genres (id int primary key, code text not null unique, name text not null);
    create table item_genres (item bigint not null references items, genre int not null references genres, main boolean not null,
      primary key (item, genre));
    insert into genres values (1, 'jazz', 'Jazz'), (2, 'folk', 'Folk');
    create table old_items (no int primary key, code text, name text, price numeric);
    insert into old_items select n, 'K' || n, case when n % 2 = 0 then 'a jazz record ' else 'a folk record ' end || n, n from generate_series(1, 1000) n;";
const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"code\"\nwinner = \"no\"
[source.columns]\nname = \"name\"\nprice = \"price\"\n[source.ignore]\nno = \"a number\"\ncode = \"the key\"\n
[[mapping]]\nname = \"genres\"\ntable = \"item_genres\"\nleft = \"item\"
right = { column = \"genre\", table = \"genres\", id = \"id\", code = \"code\", name = \"name\" }\nprimary = \"main\"\ntaxonomy = \"genres.toml\"
[mapping.signals.text]\nname = { from = \"name\", weight = 2.0 }\n";
const GENRES: &str =
    "threshold = 0.1\nat_most = 1\n[[entry]]\ncode = \"jazz\"\nname = \"Jazz\"\nkeywords = { \"jazz\" = 1.0 }\n
[[entry]]\ncode = \"folk\"\nname = \"Folk\"\nkeywords = { \"folk\" = 1.0 }\n";

/// The consolidation; planted: one that has each of its statements read the whole target once more.
fn manifest(planted: bool) -> Scratch {
    let folder = Scratch::new();
    let mut text = MANIFEST.to_owned();
    if planted {
        text = text.replace("winner = \"no\"", "winner = \"no\"\nwhere = \"(select count(price) from items) >= 0\"");
        let from = "from = \"name || coalesce((select left(max(price)::text, 0) from items), '')\"";
        text = text.replace("from = \"name\", weight", &format!("{from}, weight"));
    }
    std::fs::write(folder.path().join("consolidation.toml"), text).unwrap();
    std::fs::write(folder.path().join("genres.toml"), GENRES).unwrap();
    folder
}

fn shop(rows: u32) -> Database {
    let database = Database::from_sql("scans", &[SHOP]);
    database.psql(&format!(
        "insert into items (item_key, name) select 'T' || n, case when n % 2 = 0 then 'jazz ' else 'folk ' end || n from generate_series(1, {rows}) n;
         analyze"
    ));
    database
}

/// How often the target was read from one end to the other while the program ran.
fn scans_while(database: &Database, arguments: &[&str]) -> i64 {
    counted_while(database, "seq_scan", arguments)
}

fn counted_while(database: &Database, what: &str, arguments: &[&str]) -> i64 {
    let count = || -> i64 {
        // a process counts when it goes
        let others =
            "select count(*) = 0 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
                       and backend_type in ('client backend', 'parallel worker')";
        database.until(others);
        database.value(&format!("select {what} from pg_stat_user_tables where relname = 'items'")).parse().unwrap()
    };
    let before = count();
    pgfold(database, arguments).expect(0);
    count() - before
}

#[test]
fn many_batches_scan_the_target_no_more_often_than_few() {
    let migrate = |planted: bool, batch_rows: &str| {
        let (database, folder) = (shop(5_000), manifest(planted));
        let path = folder.path().display().to_string();
        let scans = scans_while(&database, &["migrate", path.as_str(), "-y", "--batch-rows", batch_rows]);
        assert_eq!(database.value("select count(*) from pgfold.crosswalk where outcome = 'inserted'"), "1000");
        (scans, database.value("select count(*) from pgfold.batch").parse::<i64>().unwrap())
    };
    let ((few, batches_few), (many, batches_many)) = (migrate(false, "500"), migrate(false, "25"));
    assert!(batches_few <= 5 && batches_many >= 40, "{batches_few} and {batches_many} batches");
    assert!(many <= few, "{few} scans with few batches, {many} with many");
    // a statement that does is seen here
    let ((few, _), (many, _)) = (migrate(true, "500"), migrate(true, "25"));
    assert!(many >= few + 30, "{few} scans with few batches, {many} with many");
}

#[test]
fn a_mapping_of_many_pages_scans_the_target_no_more_often_than_one_page() {
    let map = |planted: bool, rows: u32| {
        let (database, folder) = (shop(rows), manifest(planted));
        let path = folder.path().display().to_string();
        let scans = scans_while(&database, &["map", "genres", path.as_str(), "-y"]);
        assert_eq!(database.value("select count(*) from item_genres"), rows.to_string());
        scans
    };
    let (one, many) = (map(false, 4_000), map(false, 24_000));
    assert!(many <= one, "{one} scans for one page, {many} for five");
    let (one, many) = (map(true, 4_000), map(true, 24_000));
    assert!(many >= one + 4, "{one} scans for one page, {many} for five");
}

#[test]
fn a_target_that_fills_is_measured_before_a_plan_takes_it_for_empty() {
    let database = shop(1);
    database.psql("insert into old_items select n, 'K' || n, 'jazz ' || n, n from generate_series(1001, 5000) n; analyze old_items");
    let folder = manifest(false);
    let path = folder.path().display().to_string();
    let batches = ["migrate", &path, "-y", "--batch-rows", "500"];
    // at 2,000 rows, and when all are there; without the first a join may go through the target for each row
    assert_eq!(counted_while(&database, "analyze_count", &batches), 2);
    assert_eq!(database.value("select count(*) from items"), "5001");
}

#[test]
fn an_entry_of_another_unique_index_is_looked_up_by_it() {
    let database = shop(5_000);
    database.psql(
        "alter table items add slug varchar(40), add email text;
         create unique index items_slug on items (slug, price);
         create unique index items_email on items (lower(email)) where price is not null;
         update items set slug = 'S' || id, price = id, email = 'E' || id || '@example.org' where id <= 2; analyze items",
    );
    let folder = Scratch::new();
    let fills =
        "price = \"price\"\nslug = \"'S' || no\"\nemail = \"case when no <> 1 then 'e' || no || '@EXAMPLE.org' end\"";
    let text = MANIFEST
        .replace("price = \"price\"", fills)
        .replace("key = \"item_key\"", "key = \"item_key\"\nmax_rejects = 2");
    std::fs::write(folder.path().join("consolidation.toml"), text).unwrap();
    std::fs::write(folder.path().join("genres.toml"), GENRES).unwrap();
    let path = folder.path().display().to_string();
    let dry = scans_while(&database, &["migrate", path.as_str(), "--dry-run"]);
    let real = scans_while(&database, &["migrate", path.as_str(), "-y", "--batch-rows", "100"]);
    // a thousand rows: one by one would be as many
    assert!(dry <= 20 && real <= 40, "{dry} scans of the target in the dry run, {real} in the run");
    let told = database.value(
        "select string_agg(id || ' ' || reason, ', ' order by id) from pgfold.crosswalk where outcome <> 'inserted'",
    );
    assert_eq!(told, "1 23505 items_slug, 2 23505 items_email");
}
