//! Profiles: every mistake at once, the origin of each value, the hash that a run keeps.

use serde_json::Value;

use super::shop::Shop;
use crate::ground::json;
use crate::harness::Pgfold;

const FILE: &str = "default = \"development\"
[profile.development]
workers = 1
batch_rows = 2
[profile.staging]
extends = \"development\"
batch_rows = 10
[profile.production]
extends = \"staging\"
production = true
connection = \"SHOP_PRODUCTION\"
";

fn shop() -> Shop {
    let shop = Shop::new();
    shop.write("work/pgfold.toml", FILE);
    shop
}

fn batches(shop: &Shop, run: u32) -> String {
    shop.database.value(&format!("select count(*) from pgfold.batch where run = {run}"))
}

#[test]
fn config_show_names_where_each_value_comes_from() {
    let shop = shop();
    let shown = shop.call("config show --profile staging").env("PGFOLD_ATTEMPTS", "9").run().expect(0).stdout;
    for (setting, value, from) in [
        ("workers", "1", "pgfold.toml: [profile.development]"),
        ("batch_rows", "10", "pgfold.toml: [profile.staging]"),
        ("attempts", "9", "environment: PGFOLD_ATTEMPTS"),
        ("deadline", "1h", "default"),
    ] {
        let line = shown.lines().find(|l| l.trim_start().starts_with(setting)).unwrap_or_else(|| panic!("{shown}"));
        assert!(line.contains(value) && line.contains(from), "{line}");
    }
    let typed = json(&shop.run("config show --notify-every 5 --format json", 0));
    let every = typed["settings"].as_array().unwrap().iter().find(|s| s["key"] == "notify_every").unwrap().clone();
    assert_eq!(every["origin"], "flag");
}

#[test]
fn a_profile_holds_below_flags_and_environment() {
    let shop = shop();
    shop.run("apply -y", 0);
    assert_eq!(batches(&shop, 1), "2", "3 rows in batches of 2");
    shop.run("rollback --level schema --execute -y", 0);
    shop.run("apply -y --profile staging", 0);
    assert_eq!(batches(&shop, 2), "1");
    shop.run("rollback --level schema --execute -y", 0);
    shop.call("apply -y --profile staging").env("PGFOLD_BATCH_ROWS", "2").run().expect(0);
    assert_eq!(batches(&shop, 3), "2");
    shop.run("rollback --level schema --execute -y", 0);
    shop.call("apply -y --profile staging --batch-rows 1").env("PGFOLD_BATCH_ROWS", "2").run().expect(0);
    assert!(batches(&shop, 4).parse::<u32>().unwrap() >= 3);
}

#[test]
fn all_mistakes_are_listed_before_anything_else_and_no_address_is_printed() {
    let shop = shop();
    let file = FILE
        .replace("batch_rows = 2", "batchrows = 2\nlock_timeout = \"soon\"\nconnection = \"postgres://u:hunter2@h/d\"");
    shop.write("work/pgfold.toml", &file);
    let refused = shop.run("apply -y", 78);
    for word in ["3 mistakes", "did you mean `batch_rows`?", "lock_timeout", "never the address"] {
        assert!(refused.stderr.contains(word), "`{word}` is not in:\n{}", refused.stderr);
    }
    assert!(!refused.stderr.contains("hunter2"));
    assert_eq!(shop.database.value("select to_regnamespace('pgfold') is null"), "t");
    let unknown = shop.run("doctor --profile prodction --config /nowhere.toml", 78);
    assert!(unknown.stderr.contains("/nowhere.toml"), "{}", unknown.stderr);
}

#[test]
fn a_connection_by_name_must_be_set_and_agree() {
    let shop = shop();
    let missing = shop.run("doctor --profile production", 78);
    assert!(missing.stderr.contains("`SHOP_PRODUCTION`, which is not set"), "{}", missing.stderr);
    let two = shop
        .call("doctor --profile production")
        .env("SHOP_PRODUCTION", "postgres://u:hunter2@h/other")
        .run()
        .expect(78);
    assert!(two.stderr.contains("name different databases") && !two.stderr.contains("hunter2"), "{}", two.stderr);
    let folder = shop.folder.path().display().to_string();
    let only = Pgfold::without_database().env("SHOP_PRODUCTION", shop.database.url()).cwd(shop.path("work"));
    only.args(["doctor", "--profile", "production", &folder]).run().expect(0);
}

#[test]
fn a_run_keeps_its_settings_and_status_names_what_changed_since() {
    let shop = shop();
    shop.run("apply -y", 0);
    let kept = shop.database.value("select config->>'hash' from pgfold.run");
    assert_eq!(kept.len(), 64);
    let status = shop.run("status", 0);
    assert!(!status.stdout.contains("changed since"), "{}", status.stdout);
    shop.write("work/pgfold.toml", &FILE.replace("workers = 1", "workers = 4"));
    shop.write("0002_by_name.up.sql", "create index items_by_name on items (name desc);\n");
    let status = shop.run("status", 0);
    for word in ["changed since the newest run:", "workers: was 1, is 4", "file 0002_by_name.up.sql changed"] {
        assert!(status.stdout.contains(word), "`{word}` is not in:\n{}", status.stdout);
    }
    let told = json(&shop.run("status --format json", 0));
    assert_eq!(told["changed_since"].as_array().unwrap().len(), 2, "{told}");
}

/// As far as this schema goes: types, enums, required, additionalProperties, items, minimum.
fn fits(schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(any) = schema["oneOf"].as_array() {
        let fitting = any.iter().filter(|s| fits(s, value).is_ok()).count();
        return if fitting == 1 { Ok(()) } else { Err(format!("{value} fits {fitting} of {any:?}")) };
    }
    if let Some(all) = schema["enum"].as_array() {
        return if all.contains(value) { Ok(()) } else { Err(format!("{value} is none of {all:?}")) };
    }
    let types: Vec<&str> = schema["type"]
        .as_str()
        .map(|t| vec![t])
        .unwrap_or_else(|| schema["type"].as_array().into_iter().flatten().filter_map(Value::as_str).collect());
    let is = |t: &&str| match *t {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        _ => false,
    };
    if !types.is_empty() && !types.iter().any(is) {
        return Err(format!("{value} is no {types:?}"));
    }
    for item in value.as_array().into_iter().flatten() {
        fits(&schema["items"], item)?;
    }
    for key in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(key).is_none() {
            return Err(format!("{key} is missing"));
        }
    }
    for (key, inner) in value.as_object().into_iter().flatten() {
        match (schema["properties"].get(key), &schema["additionalProperties"]) {
            (Some(below), _) => fits(below, inner).map_err(|e| format!("{key}: {e}"))?,
            (None, Value::Bool(false)) => return Err(format!("{key} is unknown")),
            (None, Value::Null) => {}
            (None, below) => fits(below, inner).map_err(|e| format!("{key}: {e}"))?,
        }
    }
    Ok(())
}

#[test]
fn the_schemas_fit_what_is_written_and_nothing_misspelt() {
    let schema = |name: &str| json(&Pgfold::without_database().args(["config", "schema", name]).run().expect(0));
    let value = |text: &str| serde_json::to_value(toml::from_str::<toml::Table>(text).unwrap()).unwrap();
    let (profiles, consolidation) = (schema("pgfold.toml"), schema("consolidation.toml"));
    fits(&profiles, &value(FILE)).unwrap();
    assert!(fits(&profiles, &value(&FILE.replace("batch_rows", "batchrows"))).is_err());
    let root = env!("CARGO_MANIFEST_DIR");
    for file in ["sql/agents/consolidation.toml", "testdata/library/consolidation.toml"] {
        let text = std::fs::read_to_string(format!("{root}/{file}")).unwrap();
        fits(&consolidation, &value(&text)).unwrap_or_else(|e| panic!("{file}: {e}"));
        assert!(fits(&consolidation, &value(&text.replace("winner", "winer"))).is_err());
    }
    fits(&consolidation, &value(super::shop::MANIFEST)).unwrap();
    Pgfold::without_database().args(["config", "schema", "pgfold.tml"]).run().expect(64);
}
