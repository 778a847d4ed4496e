//! A run that was rolled back and is made again, with legacy rows and target changed meanwhile.

use super::super::harness::{Database, Finished};
use super::{Happened, Predicted, predictions};

/// Rows that come back to life meet rows of others, and one another, in the target's unique indexes.
const MEANWHILE: &str = "
set client_min_messages = error;
do $do$
declare t text; v text;
begin
  foreach t in array array['s0', 's1', 's2'] loop
    continue when to_regclass(t) is null;
    execute format('update %I set name = ''Zed'', n = 3 where w = 1', t);
    execute format('update %I set name = ''Bob'' where w = 2', t);
  end loop;
  foreach v in array array['Zed', 'Bob', 'Ann'] loop
    begin
      execute format('insert into things (name, n, m, flag, extra) values (%L, 3, 4, true, ''{}'')', v);
    exception when others then null;
    end;
  end loop;
end $do$;";

/// Every difference between what the second dry run says and what the second run does.
pub fn compared(database: &Database, call: impl Fn(&[&str]) -> Finished, path: &str) -> Vec<String> {
    let back = call(&["rollback", path, "--execute", "--yes", "--quiet"]);
    if back.code != 0 {
        return vec![format!("the rollback ended with {}: {}", back.code, back.stderr)];
    }
    database.psql(MEANWHILE);
    let before = database.rows_digest();
    let dry = call(&["apply", path, "--dry-run", "--quiet", "--format", "json", "--row-limit", "100000"]);
    if dry.code != 0 {
        return vec![format!("the second dry run ended with {}: {}", dry.code, dry.stderr)];
    }
    let mut wrong = Vec::new();
    if database.rows_digest() != before {
        wrong.push("the second dry run changed something".to_owned());
    }
    let predicted = predictions(&dry.stdout);
    let real = call(&["apply", path, "--yes", "--quiet", "--format", "json"]);
    if real.code != 0 && real.code != 5 {
        wrong.push(format!("the second run ended with {}: {}", real.code, real.stderr));
    }
    let happened: Vec<Happened> = serde_json::from_str(&database.value(include_str!("happened_again.sql"))).unwrap();
    for row in &happened {
        let nothing = Predicted::default();
        let predicted = predicted.get(&(row.source.clone(), row.id.clone())).unwrap_or(&nothing);
        let unforeseen = row.codes.iter().any(|c| !predicted.codes.contains(c));
        if row.outcome != predicted.outcome || unforeseen {
            wrong.push(format!("made again, another outcome or code: {row:?} {predicted:?}"));
        }
        if row.expected.as_ref().is_some_and(|e| *e != row.outcome) {
            wrong.push(format!("made again, another outcome than before, though nothing changed: {row:?}"));
        }
    }
    wrong
}
