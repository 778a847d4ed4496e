//! Wrong input: one clear error, the right exit code, nothing left behind.

use crate::ground::{legacy, legacy_with};
use crate::harness::{Database, Finished, Pgfold, Scratch, cluster, copy, pgfold};

/// The error names what is wrong and what to type, stdout is empty, and the database is as it was.
fn refused(done: &Finished, code: i32, says: &[&str]) {
    assert_eq!(done.code, code, "{}\n{}", done.stdout, done.stderr);
    for words in says {
        assert!(done.stderr.contains(words), "`{words}` is not said:\n{}", done.stderr);
    }
    assert_eq!(done.stderr.matches("error: ").count(), 1, "an error is printed once:\n{}", done.stderr);
}

fn untouched(database: &Database, before: &(String, String)) {
    assert_eq!(before.0, database.whole_schema_dump(), "something was left behind");
    assert_eq!(before.1, database.rows_digest());
}

fn picture(database: &Database) -> (String, String) {
    (database.whole_schema_dump(), database.rows_digest())
}

#[test]
fn no_server_is_said_with_the_address_and_without_the_password() {
    let url = "postgres://someone:hunter2@127.0.0.1:1/nowhere";
    let done = Pgfold::without_database().args(["status"]).env("DATABASE_URL", url).run();
    refused(
        &done,
        1,
        &["cannot connect to database `nowhere` on 127.0.0.1:1 as `someone`", "hint: is the server running"],
    );
    let verbose =
        Pgfold::without_database().args(["status", "-vv", "--log-format", "json"]).env("DATABASE_URL", url).run();
    for text in [&done.stderr, &done.stdout, &verbose.stderr, &verbose.stdout] {
        assert!(!text.contains("hunter2"), "the password is shown: {text}");
    }
}

#[test]
fn no_database_named_points_to_the_demo() {
    let done = Pgfold::without_database().args(["doctor"]).run();
    refused(&done, 78, &["no database was named", "DATABASE_URL=", "pgfold demo"]);
}

#[test]
fn a_wrong_password_is_said_as_such() {
    let options = pgfold::embedded::Options { tcp: true, ..pgfold::embedded::Options::default() };
    let server = pgfold::embedded::Server::start(&options).expect("a server of its own");
    let hba = server.data_dir().join("pg_hba.conf");
    let psql = |sql: &str| {
        let mut command = server.programs().command("psql");
        let done =
            command.args(["-X", "-v", "ON_ERROR_STOP=1", "-d", &server.url("postgres"), "-c", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    psql("create role keeper login password 'right'");
    std::fs::write(
        &hba,
        "local all all trust\nhost all keeper 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n",
    )
    .unwrap();
    psql("select pg_reload_conf()");
    std::thread::sleep(std::time::Duration::from_millis(300));
    let port = server.tcp_port().expect("a port");
    let url = format!("postgres://keeper:wrong@127.0.0.1:{port}/postgres");
    let done = Pgfold::without_database().args(["status"]).env("DATABASE_URL", &url).run();
    refused(&done, 1, &["password authentication failed", "the password is wrong"]);
    assert!(!done.stderr.contains("keeper:wrong"));
    let right = url.replace("wrong", "right");
    Pgfold::without_database().args(["status"]).env("DATABASE_URL", right).run().expect(0);
    let missing = server.tcp_url("missing").expect("a port");
    let done = Pgfold::without_database().args(["status"]).env("DATABASE_URL", missing).run();
    refused(&done, 1, &["database \"missing\" does not exist", "psql -l"]);
}

#[test]
fn url_and_libpq_variables_that_disagree_are_both_named() {
    let database = legacy();
    let done = Pgfold::new(&database).args(["doctor"]).env("PGDATABASE", "elsewhere").run();
    refused(&done, 78, &["DATABASE_URL and PG* disagree", "`PGDATABASE` is `elsewhere`", database.name()]);
    let done = Pgfold::without_database().args(["doctor"]).env("DATABASE_URL", "mysql://a/b").run();
    refused(&done, 78, &["not a PostgreSQL URL"]);
}

#[test]
fn an_unknown_consolidation_or_command_is_a_usage_error() {
    let database = legacy();
    refused(
        &pgfold(&database, &["doctor", "agnets"]),
        64,
        &["there is no consolidation `agnets`", "did you mean `agents`?"],
    );
    refused(
        &pgfold(&database, &["map", "industrie", "-y"]),
        64,
        &["there is no mapping `industrie`", "did you mean `industries`?"],
    );
    assert_eq!(pgfold(&database, &["migrat"]).code, 64);
    assert_eq!(pgfold(&database, &["--help"]).code, 0);
}

#[test]
fn nobody_to_answer_is_told_to_say_yes() {
    let database = legacy();
    let before = picture(&database);
    refused(&pgfold(&database, &["apply"]), 64, &["nobody is there to answer", "--yes"]);
    untouched(&database, &before);
}

fn edited(scratch: &Scratch, edits: &[(&str, &str)]) -> String {
    let to = scratch.path().join("agents");
    let from = format!("{}/sql/agents", env!("CARGO_MANIFEST_DIR"));
    copy(from, &to);
    let manifest = to.join("consolidation.toml");
    let mut text = std::fs::read_to_string(&manifest).unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "{from} is not in the manifest");
        text = text.replace(from, to);
    }
    std::fs::write(manifest, text).unwrap();
    to.display().to_string()
}

#[test]
fn misspelt_columns_are_all_listed_with_the_nearest_name() {
    let scratch = Scratch::new();
    let folder = edited(
        &scratch,
        &[
            ("'DH_AGENT_' || code", "'DH_AGENT_' || cod"),
            ("model            = \"model_config->>'model'\"", "modell = \"model_confg->>'model'\""),
            (
                "required           = [\"unique_id\", \"name\", \"category\"]",
                "required = [\"unique_id\", \"nmae\", \"category\"]",
            ),
        ],
    );
    let database = legacy();
    let before = picture(&database);
    for verb in [&["migrate", "--dry-run"][..], &["apply", "-y"]] {
        let arguments: Vec<&str> = verb.iter().copied().chain([folder.as_str()]).collect();
        let done = pgfold(&database, &arguments);
        let says = [
            "`cod`",
            "did you mean `code`",
            "`modell`",
            "did you mean `model`",
            "`model_confg`",
            "`model_config`",
            "`nmae`",
            "`name`",
        ];
        refused(&done, 3, &says);
    }
    untouched(&database, &before);
}

#[test]
fn a_manifest_with_unknown_keys_is_a_configuration_error_with_all_of_them() {
    let scratch = Scratch::new();
    let folder = edited(
        &scratch,
        &[("on_secondary_match = ", "on_secondary_mach = "), ("optional     = true", "optionl = true")],
    );
    let database = legacy();
    refused(
        &pgfold(&database, &["doctor", &folder]),
        78,
        &["`target.on_secondary_mach`", "did you mean `on_secondary_match`?", "`source.optionl`"],
    );
}

#[test]
fn a_database_without_the_target_is_refused() {
    let database = Database::fresh();
    let before = picture(&database);
    refused(
        &pgfold(&database, &["apply", "-y"]),
        3,
        &["table `agents` is not in database", "is this the right database?"],
    );
    untouched(&database, &before);
}

#[test]
fn a_read_only_role_is_told_what_to_grant() {
    let database = legacy();
    database.psql(
        "do $$ begin create role pgfold_test_readonly login; exception when duplicate_object then null; end $$; \
         grant usage on schema public to pgfold_test_readonly; grant select on all tables in schema public to pgfold_test_readonly; \
         alter table ai_agents disable row level security; alter table agents disable row level security",
    );
    let before = picture(&database);
    let url = cluster().url(database.name()).replace("postgres@", "pgfold_test_readonly@");
    let done = Pgfold::without_database().args(["apply", "-y"]).env("DATABASE_URL", &url).run();
    refused(
        &done,
        4,
        &[
            "nothing was written",
            "grant create on database",
            "alter table \"public\".\"agents\" owner to \"pgfold_test_readonly\"",
        ],
    );
    untouched(&database, &before);
    Pgfold::without_database().args(["migrate", "--dry-run"]).env("DATABASE_URL", &url).run().expect(0);
}

#[test]
fn a_source_hidden_by_row_security_is_refused_not_read_as_empty() {
    let database = legacy();
    database.psql(
        "do $$ begin create role pgfold_test_hidden login; exception when duplicate_object then null; end $$; \
         grant usage on schema public to pgfold_test_hidden; grant select on all tables in schema public to pgfold_test_hidden",
    );
    let url = cluster().url(database.name()).replace("postgres@", "pgfold_test_hidden@");
    let before = picture(&database);
    for arguments in [&["migrate", "--dry-run"][..], &["apply", "-y"]] {
        let done = Pgfold::without_database().args(arguments.iter().copied()).env("DATABASE_URL", &url).run();
        refused(&done, 3, &["row security of `public.ai_agents` hides rows from `pgfold_test_hidden`", "owner"]);
    }
    untouched(&database, &before);
}

#[test]
fn rejects_beyond_the_limit_stop_everything_and_are_all_listed() {
    let database = legacy();
    database.psql(
        "alter table dh_agent drop constraint if exists dh_agent_status_check; \
         update dh_agent set status = 'Active' where code in ('AGT-PROTOCOL-DESIGNER', 'AGT-PAYER-VALUE'); \
         update dh_agent set model_config = '{\"max_tokens\": \"many secrets\"}' where code = 'AGT-CYBER-REVIEWER'",
    );
    let before = picture(&database);
    let done = pgfold(&database, &["apply", "-y"]);
    refused(
        &done,
        4,
        &["3 rows would be rejected", "DH_AGENT_AGT-PROTOCOL-DESIGNER", "DH_AGENT_AGT-PAYER-VALUE", "22P02"],
    );
    assert!(!done.stderr.contains("many secrets"), "row content is shown: {}", done.stderr);
    untouched(&database, &before);
}

#[test]
fn a_second_operator_is_told_who_is_at_work() {
    let database = legacy_with(20_000);
    let first = Pgfold::new(&database).args(["apply", "-y"]).start();
    let held = "select coalesce((select backend from pgfold.lease limit 1), 0) <> 0";
    let began = std::time::Instant::now();
    while database.try_psql(held).ok().as_deref().map(str::trim) != Some("t") {
        assert!(began.elapsed().as_secs() < 60, "the first operator never took the lease");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let second = pgfold(&database, &["apply", "-y"]);
    let finished = first.wait();
    refused(&second, 7, &["`agents` is being operated", "--take-over"]);
    assert_eq!(finished.code, 0, "{}", finished.stderr);
}

#[test]
fn an_enhancement_that_does_more_than_it_declares_is_rolled_back() {
    let scratch = Scratch::new();
    let folder = edited(&scratch, &[]);
    let file = format!("{folder}/0002_agents_orchestration.up.sql");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        // put together at run time, where no look at the file sees it
        format!(
            "{text}\nalter table agents add column surprise text;\n\
             do $x$ begin execute 'alter table ' || 'dh_agent add column oops text'; end $x$;"
        ),
    )
    .unwrap();
    let database = legacy();
    let done = pgfold(&database, &["apply", &folder, "-y"]);
    refused(&done, 3, &["column surprise of agents", "does not declare it", "legacy table"]);
    assert_eq!(
        database.value(
            "select count(*) from information_schema.columns where column_name in ('surprise', 'oops', 'can_delegate')"
        ),
        "0"
    );
    let script = pgfold(&database, &["rollback", &folder, "--level", "schema"]).expect(0).stdout;
    database.psql(&script);
    assert_eq!(legacy().schema_dump(), database.schema_dump());
}
