//! Criteria of the first three gates that are not met stop an automated run; step times say where they come from.

use super::failures::Holder;
use super::shop::{MANIFEST, Shop};
use crate::ground::json;

#[track_caller]
fn unmet(shop: &Shop, words: &str, gate: &str, criterion: &str) {
    let stopped = shop.run(words, 4);
    for word in [format!("gate {gate} was not approved"), format!("✗ {criterion}")] {
        assert!(stopped.stderr.contains(&word), "`{word}` is not in:\n{}", stopped.stderr);
    }
    assert_eq!(shop.database.value("select count(*) from items where item_key = 'K1'"), "0");
}

#[test]
fn nothing_to_do_is_no_reason_to_run() {
    let shop = Shop::new();
    let bare = MANIFEST.split("[[enhancement]]").next().unwrap().to_owned()
        + &MANIFEST[MANIFEST.find("[[source]]").unwrap()..];
    shop.write("consolidation.toml", &bare);
    for file in ["0001_note.up.sql", "0002_by_name.up.sql"] {
        std::fs::remove_file(shop.path(file)).unwrap();
    }
    shop.database.psql("delete from old_items");
    unmet(&shop, "apply --automated", "MIG-1", "there is something to do: 0 legacy rows to read, 0 enhancements");
}

#[test]
fn a_run_that_is_longer_than_its_window_is_not_begun_and_its_steps_say_how_they_are_known() {
    let shop = Shop::new();
    let first = json(&shop.run("assess --format json", 0));
    assert_eq!(first["id"], "MIG-1");
    let steps = |shop: &Shop, folder: &str| -> Vec<(f64, String)> {
        let doc: serde_json::Value = serde_json::from_str(&shop.read(&format!("{folder}/MIG-3.json"))).unwrap();
        let one = |s: &serde_json::Value| {
            (s["estimated_ms"].as_f64().unwrap(), s["estimated_from"].as_str().unwrap().to_owned())
        };
        doc["facts"]["steps"].as_array().unwrap().iter().map(one).collect()
    };
    let name = shop.folder.path().file_name().unwrap().to_str().unwrap().to_owned();
    let next = format!("pgfold-runs/next-{name}");
    assert!(steps(&shop, &next).iter().all(|(_, from)| from == "a share of the whole"));
    shop.run("apply --automated", 0);
    shop.run("rollback --level schema --execute -y", 0);
    // that run's second step took three hours, says the ledger
    shop.database.psql(
        "update pgfold.step set started_at = finished_at - interval '3 hours' where step = 2;
         update pgfold.run set requested_at = finished_at - interval '181 minutes'",
    );
    shop.write("0003_more.up.sql", "alter table items add column more text;\n");
    shop.write(
        "consolidation.toml",
        &format!("{MANIFEST}\n[[enhancement]]\nfile = \"0003_more\"\nadds.items = {{ more = \"text\" }}\n"),
    );
    shop.run("assess", 0);
    let told = steps(&shop, &next);
    // a machine that is slower or faster now is allowed for, by no more than half
    let hours = told[1].0 / 3_600_000.0;
    assert!((2.0..4.5).contains(&hours) && told[1].1 == "history of 1 run", "{told:?}");
    let new: Vec<&(f64, String)> = told.iter().filter(|(_, from)| from == "a share of the whole").collect();
    assert_eq!(
        new.len(),
        2,
        "only the enhancement and the ids that come back, which no run had, are a share: {told:?}"
    );
    let page = shop.read(&format!("{next}/MIG-3.md"));
    assert!(page.contains(" | history of 1 run |") && page.contains(" | a share of the whole |"), "{page}");
    let at = |minutes: i32| {
        shop.database.value(&format!(
            "select to_char((clock_timestamp() at time zone 'UTC') + interval '{minutes} minutes', 'HH24:MI')"
        ))
    };
    let window = |minutes: i32| {
        shop.write(
            "work/pgfold.toml",
            &format!("[profile.night]\nwindow = {{ from = \"{}\", to = \"{}\" }}\n", at(-5), at(minutes)),
        );
    };
    window(120);
    unmet(
        &shop,
        "apply --automated --profile night",
        "MIG-2",
        "the run and a rollback fit the maintenance window: both do not fit",
    );
    window(660);
    shop.run("apply --automated --profile night", 0);
}

#[test]
fn a_lock_that_a_step_would_wait_for_stops_it_at_the_third_gate() {
    let shop = Shop::new();
    shop.write("work/pgfold.toml", "[profile.quick]\nlock_timeout = \"1s\"\n");
    let holder = Holder::new(&shop.database, "lock table items in share row exclusive mode");
    let old = "select exists (select from pg_stat_activity where application_name = 'the colleague'
      and datname = current_database() and xact_start < clock_timestamp() - interval '2 seconds')";
    while shop.database.value(old) == "f" {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    unmet(&shop, "apply --automated --profile quick", "MIG-3", "nobody holds a lock that a step would wait for");
    let page = shop.run("assess --profile quick", 0).stdout;
    assert!(page.contains("a lock that a step would wait for") && page.contains("the colleague"), "{page}");
    holder.end(&shop.database);
    shop.run("apply --automated --profile quick", 0);
}
