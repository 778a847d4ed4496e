//! A dry run shows rows and fields, keeps what is sensitive, and names what it cannot know.

use super::harness::{Database, Scratch, pgfold};

const SHOP: &str = "create table items (id bigint generated always as identity primary key, item_key text unique, name varchar(20), price numeric(6,2),
        secret text, extra jsonb, twice int generated always as (length(name) * 2) stored);
    create function nod() returns trigger language plpgsql as 'begin return new; end';
    create trigger nod before insert on items for each row execute function nod();
    insert into items (item_key, name, price, secret) values ('K1', 'there', 1, 'old secret');
    create table old_items (no int primary key, code text, name text, price numeric, pin text, token text);
    insert into old_items values (1, 'K1', '=cmd()', 2, 'new secret', 'hidden token'), (2, 'K2', E'a\\x1b[2J', 1.005, 'p', 't'), (3, 'K2', 'other', 1, 'q', 't'),
        (4, 'K4', repeat('x', 21), 1, 'p', 't');";
const MANIFEST: &str = "[target]\ntable = \"items\"\nkey = \"item_key\"\ntriggers = [\"nod\"]\nmax_rejects = 5\n
[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"code\"\nwinner = \"no\"\nsensitive = [\"pin\", \"token\"]\n[source.columns]\nname = \"name\"
price = { expr = \"price\", lossy = true }\nsecret = \"upper(pin)\"\n[source.unmapped]\ninto = \"extra\"\nunder = \"old\"\n";

fn looked_at(more: &[&str]) -> (Scratch, String) {
    let database = Database::from_sql("dry run", &[SHOP]);
    let folder = Scratch::new();
    std::fs::write(folder.path().join("consolidation.toml"), MANIFEST).unwrap();
    let (path, out) = (folder.path().display().to_string(), folder.path().join("out").display().to_string());
    let before = database.rows_digest();
    let call = [&["migrate", path.as_str(), "--dry-run", "--out", out.as_str()], more].concat();
    let done = pgfold(&database, &call).expect(0);
    assert_eq!(database.rows_digest(), before);
    let mut all = done.stdout;
    for file in ["rows", "faults", "differences"].iter().flat_map(|f| [format!("{f}.csv"), format!("{f}.ndjson")]) {
        let text = std::fs::read_to_string(folder.path().join("out").join(&file)).unwrap();
        assert!(!text.contains('\u{1b}'), "{file}");
        all += &format!("\n--- {file}\n{text}");
    }
    (folder, all)
}

#[test]
fn every_row_fault_and_difference_is_in_the_files_and_sensitive_values_are_not() {
    let (_folder, all) = looked_at(&[]);
    for told in [
        "old_items,1,K1,duplicate,key,,1",
        "old_items,3,K2,duplicate_in_source,key,old_items 2",
        "old_items,4,K4,22001,name",
        "old_items,1,K1,duplicate,target 1,name,there,'=cmd()",
        "old_items,3,K2,duplicate_in_source,old_items 2,name,",
        "old_items,1,K1,duplicate,target 1,secret,***,*** (another)",
    ] {
        assert!(all.contains(told), "`{told}` is not in:\n{all}");
    }
    for secret in ["NEW SECRET", "new secret", "old secret", "hidden token"] {
        assert!(!all.contains(secret), "`{secret}` is in:\n{all}");
    }
    let (_folder, all) = looked_at(&["--reveal"]);
    assert!(all.contains("NEW SECRET") && all.contains("hidden token"), "{all}");
}

#[test]
fn losses_have_an_example_and_what_cannot_be_known_is_named() {
    let (_folder, all) = looked_at(&[]);
    for told in ["`price` would lose precision in 1 row, such as 2", "trigger `nod`"] {
        assert!(all.contains(told), "`{told}` is not in:\n{all}");
    }
}

const REFUSED: &str = "create table items (id bigint generated always as identity primary key, item_key text unique, n int check (n < 10), secret text);
    create table old_items (no int primary key, code text, n text, pin text, extra text);
    insert into old_items values (1, '=HYPERLINK(1)', '1', 'pin one', '+x'), (2, 'K2', 'pin two', 'pin two', E'-\\x1b[2J'), (3, '@K3', '99', 'pin three', E'\\t=1');";

#[test]
fn the_files_of_a_run_are_harmless_and_mask_what_is_sensitive() {
    let manifest = |key: &str| {
        format!(
            "[target]\ntable = \"items\"\nkey = \"item_key\"\nmax_rejects = 5\n\n[[source]]\ntable = \"old_items\"\nid = \"no\"\nkey = \"{key}\"\nwinner = \"no\"\n\
             sensitive = [\"pin\", \"n\"]\n[source.columns]\nn = \"n::int\"\nsecret = \"pin\"\n[source.ignore]\nno = \"n\"\nextra = \"n\"\ncode = \"n\"\nn = \"n\"\n"
        )
    };
    let exported = |key: &str, more: &[&str]| {
        let database = Database::from_sql("refused", &[REFUSED]);
        let folder = Scratch::new();
        std::fs::write(folder.path().join("consolidation.toml"), manifest(key)).unwrap();
        let path = folder.path().display().to_string();
        let done = pgfold(&database, &[&["migrate", path.as_str(), "--yes"], more].concat()).expect(0);
        let read = |name: &str| std::fs::read_to_string(done.cwd().join("pgfold-runs/1").join(name)).unwrap();
        let all = [read("crosswalk.csv"), read("rejects.csv"), read("crosswalk.json"), read("rejects.json")];
        serde_json::from_str::<serde_json::Value>(&all[2]).unwrap();
        serde_json::from_str::<serde_json::Value>(&all[3]).unwrap();
        all
    };
    let [crosswalk, rejects, _, json] = exported("code", &[]);
    assert!(crosswalk.contains("old_items,1,inserted,'=HYPERLINK(1)"), "{crosswalk}");
    assert!(rejects.contains("\"\"pin\"\": \"\"***\"\"") && rejects.contains("22P02"), "{rejects}");
    for told in [&crosswalk, &rejects, &json] {
        assert!(!told.contains("pin two") && !told.contains("pin three") && !told.contains('\u{1b}'), "{told}");
    }
    for line in crosswalk.lines().chain(rejects.lines()) {
        let cells = line.split(',').map(|c| c.trim_matches('"'));
        assert!(cells.clone().all(|c| !c.starts_with(['=', '+', '@', '\t'])), "{line}");
    }
    let [crosswalk, rejects, ..] = exported("code", &["--reveal"]);
    assert!(rejects.contains("pin two") && rejects.contains("pin three") && crosswalk.contains("@K3"), "{rejects}");
    let [crosswalk, ..] = exported("'K' || pin", &[]);
    assert!(crosswalk.contains("old_items,1,inserted,***") && !crosswalk.contains("Kpin"), "{crosswalk}");
}
