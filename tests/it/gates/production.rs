//! A production profile: refused with all reasons at once, and stopped at a clean batch before its window shuts.

use super::shop::Shop;

const FILE: &str = "[profile.production]
production = true
backup_age = \"1h\"
window = { from = \"FROM\", to = \"TO\" }
[profile.production.checklist]
on_call = \"somebody is on call who has read rollback-readiness.md\"
told = \"the users were told\"
";

/// `HH:MM` so many minutes from now, by the server's clock in UTC.
fn at(shop: &Shop, minutes: i32) -> String {
    shop.database.value(&format!(
        "select to_char((clock_timestamp() at time zone 'UTC') + interval '{minutes} minutes', 'HH24:MI')"
    ))
}

fn profile(shop: &Shop, from: i32, to: i32) {
    let text = FILE.replace("FROM", &at(shop, from)).replace("TO", &at(shop, to));
    shop.write("work/pgfold.toml", &text);
}

/// MIG-5 of the same files on another database.
fn staging(shop: &Shop) -> String {
    let staging = Shop::new();
    for file in ["consolidation.toml", "0001_note.up.sql", "0002_by_name.up.sql"] {
        let text = std::fs::read_to_string(shop.path(file)).unwrap();
        staging.write(file, &text);
    }
    staging.run("apply --automated", 0);
    let evidence = staging.read("pgfold-runs/1/MIG-5.json");
    shop.write("work/staging.json", &evidence);
    evidence
}

#[test]
fn production_refuses_with_all_reasons_at_once_and_yes_answers_none() {
    let shop = Shop::new();
    profile(&shop, 120, 180);
    // no backup of the profile's age is there
    let doctor = shop.run("doctor --profile production", 4);
    assert!(doctor.stdout.contains("shut now") && doctor.stdout.contains("no verified backup"), "{}", doctor.stdout);
    let refused = shop.run("apply -y --profile production", 4);
    for rule in
        ["outside-window", "unconfirmed-database", "no-dry-run", "no-staging-evidence", "no-fresh-backup", "unticked"]
    {
        assert!(refused.stderr.contains(&format!("[{rule}]")), "{rule} is not in:\n{}", refused.stderr);
    }
    assert_eq!(refused.stderr.matches("[unticked]").count(), 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("missing 7 things"), "{}", refused.stderr);
    assert_eq!(shop.database.value("select to_regnamespace('pgfold') is null"), "t");
    // other verbs are no way around it
    shop.run("enhance -y --profile production", 4);
}

#[test]
fn with_everything_given_it_runs_and_what_was_given_is_recorded() {
    let shop = Shop::new();
    profile(&shop, 120, 180);
    staging(&shop);
    shop.run("backup --touched", 0);
    shop.run("plan --out plan.json", 0);
    let name = shop.database.name().to_owned();
    let all = [
        "--confirm-database",
        &name,
        "--plan",
        "plan.json",
        "--staging-evidence",
        "staging.json",
        "--tick",
        "on_call=Jo Doe",
        "--tick",
        "told=Jo Doe",
        "--outside-window",
        "ticket 7: the vendor asked",
    ];
    // each of them left out is named, and it alone
    for (leave, rule) in
        [(0, "unconfirmed-database"), (4, "no-staging-evidence"), (6, "unticked"), (10, "outside-window")]
    {
        let mut words = all.to_vec();
        words.drain(leave..leave + 2);
        let refused = apply(&shop, &words).expect(4);
        assert!(refused.stderr.contains("missing 1 thing;") && refused.stderr.contains(rule), "{}", refused.stderr);
    }
    apply(&shop, &all).expect(0);
    assert_eq!(shop.database.value("select outside_window from pgfold.run"), "ticket 7: the vendor asked");
    // throwing before-images away, and going back, ask for the name only
    let cleanup = "cleanup --before-images --older-than 60d -y --profile production";
    assert!(shop.run(cleanup, 4).stderr.contains("unconfirmed-database"));
    shop.run(&format!("{cleanup} --confirm-database {name}"), 0);
    shop.run("rollback --execute -y --profile production", 4);
    shop.run(&format!("rollback --execute -y --profile production --confirm-database {name}"), 0);
}

fn apply(shop: &Shop, words: &[&str]) -> crate::harness::Finished {
    let head = ["apply", "-y", "--profile", "production"];
    crate::harness::Pgfold::new(&shop.database).args([&head, words].concat()).cwd(shop.path("work")).run()
}

#[test]
fn evidence_of_other_files_or_of_a_failed_run_is_none() {
    let shop = Shop::new();
    profile(&shop, -60, 60);
    let evidence = staging(&shop);
    let ask = |shop: &Shop| shop.run("apply -y --profile production --staging-evidence staging.json", 4).stderr;
    assert!(!ask(&shop).contains("no-staging-evidence"));
    shop.write("0002_by_name.up.sql", "create index items_by_name on items (name desc);\n");
    assert!(ask(&shop).contains("`0002_by_name.up.sql` differ"));
    shop.write("work/staging.json", "{");
    assert!(ask(&shop).contains("cannot be read"));
    assert!(evidence.contains("\"passed\": true"));
    // a run that lost a row on staging says so itself
    let failed = Shop::new();
    failed.run("apply --automated", 0);
    failed.database.psql("delete from items where item_key = 'K2'");
    failed.run("validate", 5);
    shop.write("work/staging.json", &failed.read("pgfold-runs/1/MIG-5.json"));
    assert!(ask(&shop).contains("did not pass its checks"));
}

#[test]
fn evidence_that_was_changed_or_made_up_is_none() {
    let shop = Shop::new();
    profile(&shop, -60, 60);
    let evidence = staging(&shop);
    let ask = |shop: &Shop| shop.run("apply -y --profile production --staging-evidence staging.json", 4).stderr;
    let files = evidence.find("\"0001_note.up.sql\": \"").unwrap() + 23;
    let other_hash = format!("{}0{}", &evidence[..files], &evidence[files + 1..]);
    let database =
        serde_json::from_str::<serde_json::Value>(&evidence).unwrap()["database"].as_str().unwrap().to_owned();
    for changed in [
        evidence.replacen("passed", "failed", 1),
        evidence.replace("\"passed\": true", "\"passed\":  true"),
        evidence.replace(&database, "another"),
        if other_hash == evidence { evidence.replacen("version 1", "version 2", 1) } else { other_hash },
        evidence.replace("\"answer\": \"approve\"", "\"answer\": \"decline\""),
        evidence.replace("\"signed\": false", "\"signed\": true"),
        evidence
            .lines()
            .filter(|l| !l.contains("\"digest\""))
            .collect::<Vec<_>>()
            .join("\n")
            .replace("\"signed\": false,", "\"signed\": false"),
    ] {
        assert_ne!(changed, evidence);
        shop.write("work/staging.json", &changed);
        let told = ask(&shop);
        assert!(told.contains("no-staging-evidence") && told.contains("is no evidence"), "{told}");
    }
    // with a secret on both sides, what does not have it cannot be made up
    let secret = |shop: &Shop, text: &str, secret: &str| {
        shop.write("work/staging.json", text);
        let call = shop.call("apply -y --profile production --staging-evidence staging.json");
        call.env("PGFOLD_EVIDENCE_SECRET", secret).run().expect(4).stderr
    };
    assert!(secret(&shop, &evidence, "s3cret").contains("is not signed"));
    let signed = Shop::new();
    for file in ["consolidation.toml", "0001_note.up.sql", "0002_by_name.up.sql"] {
        signed.write(file, &std::fs::read_to_string(shop.path(file)).unwrap());
    }
    signed.call("apply --automated").env("PGFOLD_EVIDENCE_SECRET", "s3cret").run().expect(0);
    let text = signed.read("pgfold-runs/1/MIG-5.json");
    assert!(!text.contains("s3cret"));
    assert!(!secret(&shop, &text, "s3cret").contains("no-staging-evidence"));
    assert!(secret(&shop, &text, "another").contains("seal is broken"));
    // its chain's head is the one that staging's own ledger proves
    let head = serde_json::from_str::<serde_json::Value>(&text).unwrap()["facts"]["seal"]["audit_head"]
        .as_str()
        .unwrap()
        .to_owned();
    signed.run(&format!("status --verify-audit --head {head}"), 0);
    signed.run(&format!("status --verify-audit --head {}", head.replace(':', ":0").get(..head.len()).unwrap()), 5);
}

#[test]
fn a_run_stops_at_a_clean_batch_before_the_window_shuts_and_resumes_in_the_next() {
    let shop = Shop::new();
    shop.database.psql("insert into old_items select n, 'row ' || n from generate_series(4, 400) n");
    // no production, but a window that shuts within two minutes; half of it is kept for the way back
    let text = format!(
        "[profile.night]\nbatch_rows = 1\nworkers = 1\nbatch_delay = \"500ms\"\nwindow = {{ from = \"{}\", to = \"{}\" }}\n",
        at(&shop, -5),
        at(&shop, 2)
    );
    shop.write("work/pgfold.toml", &text);
    let began = std::time::Instant::now();
    let stopped = shop.run("apply -y --profile night", 8);
    assert!(began.elapsed().as_secs() < 75, "half of what was left is for the way back: {:?}", began.elapsed());
    assert!(stopped.stderr.contains("taking the run back would need the rest"), "{}", stopped.stderr);
    let open = shop.database.value("select count(*) from pgfold.batch where committed_at is null");
    assert_ne!(open, "0");
    let sums = "select bool_and(read = inserted) from pgfold.batch where committed_at is not null";
    assert_eq!(shop.database.value(sums), "t");
    shop.write(
        "work/pgfold.toml",
        &format!("[profile.night]\nwindow = {{ from = \"{}\", to = \"{}\" }}\n", at(&shop, 60), at(&shop, 120)),
    );
    let refused = shop.run("resume --profile night", 4);
    assert!(refused.stderr.contains("outside-window"), "{}", refused.stderr);
    shop.run("resume", 0);
    assert_eq!(shop.database.value("select count(*) from items"), "401");
}
