//! Connections as libpq makes them, judged beside psql on a server with a certificate authority of its own.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use pgfold::embedded::{Options, Server};

use crate::harness::{Finished, Pgfold, Scratch, cluster, programs};

/// A server with TLS, a role that needs a password and one that needs a certificate.
struct Place {
    server: Server,
    files: Scratch,
}

fn shell(folder: &Path, script: &str) {
    let done = Command::new("bash").args(["-euc", script]).current_dir(folder).output().unwrap();
    assert!(done.status.success(), "{script}: {}", String::from_utf8_lossy(&done.stderr));
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let files = Scratch::new();
    shell(
        files.path(),
        r#"
        ca() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout "$1.key" -out "$1.crt" -addext basicConstraints=critical,CA:true; }
        leaf() { openssl req -newkey rsa:2048 -nodes -subj "/CN=$2" -keyout "$1.key" -out "$1.csr"
          printf 'subjectAltName=%s\n' "$3" > "$1.ext"
          openssl x509 -req -in "$1.csr" -CA authority.crt -CAkey authority.key -days 2 -extfile "$1.ext" -out "$1.crt"; }
        { ca authority; ca other; leaf server localhost DNS:localhost; leaf client keeper DNS:keeper; } 2>/dev/null
        openssl rsa -in client.key -aes256 -passout pass:abcd -traditional -out locked.key 2>/dev/null
        chmod 600 *.key; cp client.key loose.key; chmod 644 loose.key"#,
    );
    let options = Options { tcp: true, programs: Some(programs().to_owned()), ..Options::default() };
    let mut server = Server::start(&options).expect("a server of its own");
    let data = server.data_dir().to_owned();
    for (from, to) in [("server.crt", "server.crt"), ("server.key", "server.key"), ("authority.crt", "root.crt")] {
        std::fs::copy(files.path().join(from), data.join(to)).unwrap();
    }
    shell(&data, "printf \"ssl = on\\nssl_ca_file = 'root.crt'\\n\" >> postgresql.conf");
    shell(&data, "chmod 600 server.key; chown --reference=PG_VERSION server.crt server.key root.crt");
    let psql = |sql: &str| {
        let mut command = server.programs().command("psql");
        let done =
            command.args(["-X", "-v", "ON_ERROR_STOP=1", "-d", &server.url("postgres"), "-c", sql]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    psql("create role scram login password 'right'; create role keeper login; create role anybody login");
    std::fs::write(
        data.join("pg_hba.conf"),
        "local all all trust\nhost all scram all scram-sha-256\nhostssl all keeper all cert\nhostnossl all keeper all reject\nhost all all all trust\n",
    )
    .unwrap();
    server.stop(pgfold::embedded::Mode::Fast).unwrap();
    server.restart().unwrap();
    Place { server, files }
});

/// `status` reads nothing but the ledger that is not there: it succeeds wherever a connection does.
fn status(environment: &[(&str, &str)], folder: Option<&Path>) -> Finished {
    let mut call = Pgfold::without_database().args(["status"]);
    for (name, value) in environment {
        call = call.env(*name, *value);
    }
    if let Some(folder) = folder {
        call = call.cwd(folder);
    }
    call.run()
}

fn psql(environment: &[(&str, &str)], database: &str) -> bool {
    let mut command = Command::new(cluster().programs().path("psql"));
    command.env_clear().envs(environment.iter().copied()).args(["-X", "-c", "select 1", "-d", database]);
    command.output().unwrap().status.success()
}

fn words(text: &str) -> String {
    let port = PLACE.server.tcp_port().unwrap().to_string();
    let files = PLACE.files.path().display().to_string();
    text.replace("PORT", &port).replace("FILES", &files)
}

#[test]
fn each_setting_does_what_psql_does_or_is_refused_by_name() {
    // address, what psql says of it, our exit code, a part of our words
    let cases = [
        ("postgres://scram:right@localhost:PORT/postgres", true, 0, ""),
        ("postgres://scram:wrong@localhost:PORT/postgres", false, 1, "the password is wrong"),
        ("host=localhost port=PORT user=scram password=right dbname=postgres", true, 0, ""),
        ("postgres://scram:right@localhost:PORT/postgres?sslmode=require", true, 0, ""),
        (
            "postgres://scram:right@localhost:PORT/postgres?sslmode=verify-full&sslrootcert=FILES/authority.crt",
            true,
            0,
            "",
        ),
        (
            "postgres://scram:right@localhost:PORT/postgres?sslmode=verify-full&sslrootcert=FILES/other.crt",
            false,
            1,
            "certificate",
        ),
        (
            "postgres://scram:right@localhost:PORT/postgres?sslmode=require&sslrootcert=FILES/other.crt",
            false,
            1,
            "certificate",
        ),
        (
            "postgres://scram:right@127.0.0.1:PORT/postgres?sslmode=verify-full&sslrootcert=FILES/authority.crt",
            false,
            1,
            "certificate",
        ),
        (
            "postgres://scram:right@127.0.0.1:PORT/postgres?sslmode=verify-ca&sslrootcert=FILES/authority.crt",
            true,
            0,
            "",
        ),
        (
            "postgres://scram:right@localhost:PORT/postgres?sslmode=verify-full",
            false,
            78,
            "there is no root certificate",
        ),
        ("postgres://scram:right@localhost:PORT/postgres?sslmode=verifyfull", false, 78, "`sslmode` is disable"),
        (
            "postgres://scram:right@localhost:PORT/postgres?sslmode=verify-full&sslrootcert=FILES/none.crt",
            false,
            78,
            "none.crt",
        ),
        ("postgres://keeper@localhost:PORT/postgres?sslcert=FILES/client.crt&sslkey=FILES/client.key", true, 0, ""),
        (
            "postgres://keeper@localhost:PORT/postgres?sslcert=FILES/client.crt&sslkey=FILES/locked.key",
            false,
            78,
            "is encrypted",
        ),
        ("postgres://keeper@localhost:PORT/postgres?sslcert=FILES/client.crt", false, 78, "`sslkey` is not"),
        ("postgres://keeper@localhost:PORT/postgres", false, 1, "pg_hba.conf"),
        ("postgres://anybody@localhost:PORT/postgres?require_auth=scram-sha-256", false, 78, "`require_auth`"),
        ("postgres://anybody@localhost:PORT/postgres?channel_binding=require", false, 78, "`channel_binding`"),
        ("postgres://anybody@localhost:PORT/postgres?gssencmode=require", false, 78, "`gssencmode`"),
        ("postgres://anybody@localhost:PORT/postgres?ssl-mode=require", false, 78, "did you mean `sslmode`"),
        ("postgres://anybody@[::1]:1,localhost:PORT/postgres", true, 0, ""),
        ("postgres://anybody@localhost:1,localhost:PORT/postgres?target_session_attrs=primary", true, 0, ""),
        ("postgres://anybody@localhost:PORT/postgres?target_session_attrs=standby", false, 1, "target_session_attrs"),
        ("postgres://anybody@localhost:PORT/postgres?connect_timeout=5&application_name=mine", true, 0, ""),
        ("postgres://anybody@localhost:PORT/postgres?options=-c%20geqo%3Doff", true, 0, ""),
        ("postgres://anybody@/postgres?host=localhost&port=PORT", true, 0, ""),
        ("postgres://anybody@nowhere:PORT/postgres?hostaddr=127.0.0.1&sslmode=require", true, 0, ""),
        ("postgres://anybody@localhost:PORT/postgres?service=none", false, 78, "there is no service `none`"),
    ];
    for (address, by_psql, code, part) in cases {
        let address = words(address);
        let own = psql(&[("HOME", "/nonexistent"), ("PATH", "/usr/bin")], &address);
        // a setting that we refuse by name may be one that psql carries out
        if code != 78 || by_psql {
            assert_eq!(own, by_psql, "psql itself: {address}");
        }
        let done = status(&[("DATABASE_URL", &address)], None);
        assert!(done.code == code && done.stderr.contains(part), "{address}: {} {}", done.code, done.stderr);
        assert!(!done.stderr.contains("right@") && !done.stderr.contains(":right"), "{}", done.stderr);
    }
}

#[test]
fn service_and_password_files_are_found_and_their_modes_are_asked() {
    let scratch = Scratch::new();
    let file = |name: &str, text: &str, mode: &str| {
        std::fs::write(scratch.path().join(name), words(text)).unwrap();
        shell(scratch.path(), &format!("chmod {mode} {name}"));
        scratch.path().join(name).display().to_string()
    };
    let service = file("service.conf", "[mine]\nhost=localhost\nport=PORT\nuser=scram\ndbname=postgres\n", "644");
    let pass = file("pass", "localhost:PORT:*:scram:right\n", "600");
    let loose = file("loose", "localhost:PORT:*:scram:right\n", "644");
    let by_service = [("PGSERVICE", "mine"), ("PGSERVICEFILE", service.as_str())];
    let with = |pass: &str| {
        let environment: Vec<(&str, &str)> = by_service.into_iter().chain([("PGPASSFILE", pass)]).collect();
        assert_eq!(psql(&[environment.as_slice(), &[("PATH", "/usr/bin")]].concat(), ""), pass.ends_with("pass"));
        status(&environment, None)
    };
    with(&pass).expect(0);
    let refused = with(&loose).expect(1);
    assert!(refused.stderr.contains("has group or world access"), "{}", refused.stderr);
    let url = words("postgres://scram@localhost:PORT/postgres?passfile=") + &pass;
    status(&[("DATABASE_URL", &url)], None).expect(0);
    status(&[("DATABASE_URL", "postgres:///?service=mine"), by_service[1], ("PGPASSFILE", &pass)], None).expect(0);
    let backup = Pgfold::without_database().args(["backup"]).env("PGPASSFILE", &pass);
    backup.env("PGSERVICE", "mine").env("PGSERVICEFILE", &service).run().expect(0);
}

/// Writes `.env` into a folder of its own.
fn dotenv(text: &str, mode: &str) -> Scratch {
    let scratch = Scratch::new();
    std::fs::write(scratch.path().join(".env"), text).unwrap();
    shell(scratch.path(), &format!("chmod {mode} .env"));
    scratch
}

#[test]
fn an_env_file_counts_as_the_environment_does_and_its_path_is_said() {
    let address = words("postgres://anybody@localhost:PORT/postgres");
    let good = dotenv(&format!("DATABASE_URL={address}\n"), "600");
    let done = status(&[], Some(good.path())).expect(0);
    let path = good.path().join(".env").display().to_string();
    assert!(done.stderr.contains(&format!("settings of `{path}`")), "{}", done.stderr);
    // a TLS setting of the file is no decoration
    let strict = dotenv(
        &words(&format!("DATABASE_URL={address}\nPGSSLMODE=verify-full\nPGSSLROOTCERT=FILES/other.crt\n")),
        "600",
    );
    let done = status(&[], Some(strict.path())).expect(1);
    assert!(done.stderr.contains("certificate"), "{}", done.stderr);
}

#[test]
fn an_env_file_of_a_folder_above_is_not_read() {
    let above = dotenv("PGHOSTADDR=127.0.0.1\nPGPORT=1\nPGUSER=x\n", "600");
    let below = above.path().join("work");
    std::fs::create_dir(&below).unwrap();
    let done = status(&[], Some(&below)).expect(78);
    assert!(done.stderr.contains("no database was named"), "{}", done.stderr);
}

#[test]
fn an_env_file_that_others_may_read_or_that_has_a_bad_line_is_refused() {
    for (text, mode, parts) in [
        ("DATABASE_URL=postgres://x@h/d\n", "644", vec!["mode 0644", "chmod 600 .env"]),
        ("DRY_RUN=true (be careful)\nA=1\nPGFOLD_NOTIFY_SECRET=it's\n", "600", vec!["line 1: ", "line 3: "]),
    ] {
        let folder = dotenv(text, mode);
        let done = status(&[("DATABASE_URL", "postgres://x@h/d")], Some(folder.path())).expect(78);
        for part in parts {
            assert!(done.stderr.contains(part), "{part}: {}", done.stderr);
        }
        assert!(!done.stderr.contains("careful"), "{}", done.stderr);
    }
}

#[test]
fn a_connection_mixed_from_environment_and_file_never_leaves() {
    let folder = dotenv("PGHOSTADDR=127.0.0.1\nPGPORT=1\n", "600");
    let own = [("PGHOST", "db.bank.internal"), ("PGUSER", "dba"), ("PGPASSWORD", "hUnTeR2"), ("PGDATABASE", "prod")];
    let done = status(&own, Some(folder.path())).expect(78);
    for part in ["mixed from two places", "`PGHOST`", "`PGHOSTADDR`"] {
        assert!(done.stderr.contains(part), "{part}: {}", done.stderr);
    }
    assert!(!done.stderr.contains("hUnTeR2"));
}

#[test]
fn an_env_file_cannot_lower_production() {
    for line in ["PGFOLD_PRODUCTION=false", "PGFOLD_PROFILE=staging", "PGFOLD_CONFIG=other.toml"] {
        let folder = dotenv(&format!("{line}\n"), "600");
        let profiles =
            "default = \"production\"\n[profile.production]\nproduction = true\n[profile.staging]\nworkers = 1\n";
        std::fs::write(folder.path().join("pgfold.toml"), profiles).unwrap();
        std::fs::write(folder.path().join("other.toml"), "[profile.a]\nworkers = 1\n").unwrap();
        let done = Pgfold::without_database().args(["config", "show"]).cwd(folder.path()).run().expect(78);
        assert!(done.stderr.contains("cannot make a production profile another"), "{line}: {}", done.stderr);
    }
}
