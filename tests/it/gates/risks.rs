//! What goes wrong in a run was named by a risk factor of MIG-1 before, on databases of different sizes and faults.

use super::failures::Holder;
use super::shop::{MANIFEST, Shop};
use crate::ground::json;

/// The factors of MIG-1, one a line.
fn factors(shop: &Shop) -> String {
    let doc = json(&shop.run("assess --format json", 0));
    let all = doc["facts"]["rated"]["factors"].as_array().unwrap().clone();
    all.iter().map(|f| f[1].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
}

/// A shop with so many legacy rows and this planted.
fn shop(rows: u32, manifest: &str, plant: &str) -> Shop {
    let shop = Shop::new();
    shop.database.psql(&format!("insert into old_items select n, 'row ' || n from generate_series(4, {rows}) n;"));
    if !plant.is_empty() {
        shop.database.psql(plant);
    }
    shop.write("consolidation.toml", manifest);
    shop
}

/// Calm databases name none of it, so that a factor is no noise.
#[test]
fn a_calm_database_has_none_of_these_factors() {
    let told = factors(&shop(500, MANIFEST, ""));
    for word in ["would be rejected", "trigger", "lock", "refer to", "encoded twice", "does not work today", "refused"]
    {
        assert!(!told.contains(word), "`{word}` is in:\n{told}");
    }
}

#[test]
fn what_then_goes_wrong_was_named_before() {
    let eats = "create function eats() returns trigger language plpgsql as $f$ begin if new.name = 'two' then return null; end if; return new; end $f$;
        create trigger eats before insert on items for each row execute function eats();";
    let slow = "create function slow() returns trigger language plpgsql as $f$ begin perform pg_sleep(0.05); return new; end $f$;
        create trigger slow before insert on items for each row execute function slow();";
    let accepted = |name: &str| {
        MANIFEST.replace("key = \"item_key\"\n", &format!("key = \"item_key\"\ntriggers = [\"{name}\"]\n"))
    };
    let json_map = MANIFEST
        .replace("name = \"name\"\n", "name = \"(name::jsonb)->>'name'\"\n")
        .replace("[source.ignore]\n", "[source.ignore]\nname = \"taken apart\"\n");
    // planted, what MIG-1 must name, how the run then ends, and with which words
    for (rows, manifest, plant, factor, words, code, said) in [
        (
            40,
            MANIFEST.to_owned(),
            "update old_items set name = repeat('x', 30) where no = 7",
            "1 row would be rejected",
            "apply -y",
            4,
            "1 row would be rejected",
        ),
        (
            300,
            MANIFEST.to_owned(),
            "update old_items set name = repeat('x', 30) where no % 2 = 0",
            "150 rows would be rejected",
            "apply -y",
            4,
            "150 rows would be rejected",
        ),
        (60, accepted("eats"), eats, "eats", "apply -y", 8, "a trigger of the target drops them"),
        (120, accepted("slow"), slow, "slow", "apply -y --run-time 2s --batch-rows 10", 8, "stopped"),
        (25, MANIFEST.to_owned(), eats, "eats", "apply -y", 3, "eats"),
        (
            30,
            json_map.replace("key = \"item_key\"\n", "key = \"item_key\"\nrequired = [\"name\"]\n"),
            "update old_items set name = to_jsonb(jsonb_build_object('name', name)::text)::text",
            "hold JSON that was encoded twice",
            "apply -y",
            4,
            "30 rows would be rejected",
        ),
    ] {
        let shop = shop(rows, &manifest, plant);
        if code == 3 {
            // a trigger that nobody accepted is a contract error already
            let refused = shop.run("assess", 3);
            assert!(refused.stderr.contains(factor), "{}", refused.stderr);
        } else {
            let told = factors(&shop);
            assert!(told.contains(factor), "{plant}: `{factor}` is not in:\n{told}");
        }
        let ended = shop.run(words, code);
        assert!(
            ended.stderr.contains(said) || ended.stdout.contains(said),
            "{plant}:\n{}\n{}",
            ended.stderr,
            ended.stdout
        );
    }
}

#[test]
fn a_lock_that_then_stops_the_run_was_named_before() {
    let shop = shop(80, MANIFEST, "");
    shop.write("work/pgfold.toml", "[profile.quick]\nlock_timeout = \"1s\"\nattempts = 1\n");
    let holder = Holder::new(&shop.database, "lock table items in share row exclusive mode");
    let old = "select exists (select from pg_stat_activity where application_name = 'the colleague'
      and datname = current_database() and xact_start < clock_timestamp() - interval '2 seconds')";
    while shop.database.value(old) == "f" {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let doc = json(&shop.run("assess --profile quick --format json", 0));
    assert!(doc["facts"]["rated"].to_string().contains("a lock that a step would wait for: server process"), "{doc:#}");
    let stopped = shop.run("apply -y --profile quick", 8);
    assert!(stopped.stderr.contains("class of failure: lock"), "{}", stopped.stderr);
    holder.end(&shop.database);
}

#[test]
fn a_rollback_that_is_refused_for_references_was_named_before() {
    let shop = shop(50, MANIFEST, "create table orders (id int primary key, item bigint references items)");
    let told = factors(&shop);
    assert!(told.contains("orders.item may come to refer to folded rows"), "{told}");
    shop.run("apply -y", 0);
    shop.database.psql("insert into orders select 1, id from items where item_key = 'K2'");
    let refused = shop.run("rollback --level purge --execute -y", 4);
    assert!(refused.stderr.contains("orders"), "{}", refused.stderr);
}
