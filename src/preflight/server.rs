//! Whether this server can be worked on at all.

use crate::catalog::ServerFacts;
use crate::finding::{Finding, Severity};

/// Before it the catalogs have no primary keys, and `extract` is no number that can be rounded.
const OLDEST: i32 = 140_000;

pub fn server(facts: &ServerFacts) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut say = |rule, severity, about: &str, found: String, todo: &str| {
        out.push(Finding::new(rule, severity, about, found, todo));
    };
    if facts.version < OLDEST {
        let found = format!("PostgreSQL {} is older than 14", facts.version_text);
        say("server-version", Severity::Refusal, "server", found, "upgrade the server first");
    } else {
        say("server-version", Severity::Ok, "server", format!("PostgreSQL {}", facts.version_text), "");
    }
    if facts.in_recovery {
        say("replica", Severity::Refusal, "server", "this is a replica".to_owned(), "connect to the primary");
    } else {
        say("replica", Severity::Ok, "server", "a primary".to_owned(), "");
    }
    if facts.read_only {
        say(
            "read-only",
            Severity::Refusal,
            "default_transaction_read_only",
            "transactions are read-only by default here".to_owned(),
            "connect as a role, or to a database, where they are not",
        );
    }
    if facts.replication_role == "replica" {
        say(
            "replication-role",
            Severity::Refusal,
            "session_replication_role",
            "it is replica here: triggers do not fire and foreign keys are not checked".to_owned(),
            &crate::sql::Sql::fill(
                "alter role ${r} reset session_replication_role, and the same for the database if it is set there; then connect again",
                &[("r", &crate::sql::Ident::of_the_server(facts.user.as_str()))],
            )
            .to_string(),
        );
    }
    if facts.encoding != "UTF8" {
        say(
            "encoding",
            Severity::Warning,
            "database",
            format!("its encoding is {}", facts.encoding),
            "characters that it lacks will be rejected row by row",
        );
    }
    out
}
