//! Server settings that decide how a run fares.

use crate::catalog::Surroundings;
use crate::finding::{Finding, Severity};

pub fn settings(around: &Surroundings) -> Vec<Finding> {
    let get = |name: &str| around.settings.get(name).map_or("", String::as_str);
    let mut out = Vec::new();
    if get("autovacuum") == "off" {
        let todo = "switch it on; a run leaves dead rows and stale statistics behind";
        out.push(Finding::new("autovacuum", Severity::Warning, "autovacuum", "it is off", todo));
    }
    let found = around.settings.iter().map(|(n, v)| format!("{n} {v}")).collect::<Vec<_>>().join(", ");
    out.push(Finding::new("settings", Severity::Ok, "server", found, ""));
    out
}
