//! Every verb with `--format json`, on a database of its own, in an order that shows each of them at work.

use serde_json::Value;

use super::redact;
use crate::ground::{library as library_database, testdata};
use crate::harness::{Database, Pgfold, Scratch, cluster};

/// A call and all that it said.
pub struct Call {
    pub verb: String,
    typed: String,
    code: i32,
    text: String,
}

struct Calls<'a> {
    case: &'a str,
    folder: String,
    database: Database,
    cwd: Scratch,
    made: Vec<Call>,
}

impl<'a> Calls<'a> {
    fn new(case: &'a str, database: Database) -> Calls<'a> {
        Calls { case, folder: testdata(case), database, cwd: Scratch::new(), made: Vec::new() }
    }

    /// `@` stands for the consolidation.
    fn call(&mut self, typed: &str) {
        let words: Vec<&str> = typed.split(' ').map(|w| if w == "@" { self.folder.as_str() } else { w }).collect();
        let pgfold = Pgfold::new(&self.database).env("PGTZ", "UTC").args(&words).args(["--format", "json"]);
        let done = pgfold.cwd(self.cwd.path()).run();
        let places = [
            (self.folder.clone(), self.case),
            (self.cwd.path().display().to_string(), "<folder>"),
            (self.database.url(), "<url>"),
            (cluster().url(""), "<url>"),
        ];
        let mut text = match serde_json::from_str::<Value>(&done.stdout) {
            Ok(mut value) => {
                redact::json(&mut value, "", &places);
                format!("{value:#}\n")
            }
            Err(_) => redact::text(&done.stdout, &places),
        };
        if done.code != 0 {
            text += &format!("---- stderr\n{}", redact::text(&done.stderr, &places));
        }
        let verb = words[0].to_owned();
        self.made.push(Call { verb, typed: typed.replace('@', self.case), code: done.code, text });
    }
}

pub fn library() -> Vec<Call> {
    let mut calls = Calls::new("library", library_database());
    for typed in [
        "config show",
        "explain check 4",
        "init drafted --target items --source old_books",
        "doctor @",
        "assess @",
        "plan @ --out plan.json",
        "show plan.json",
        "enhance @ --dry-run",
        "migrate @ --dry-run --row-limit 3 --diff-limit 1",
        "apply @ --dry-run --detailed-exitcode --row-limit 0 --diff-limit 0",
        "apply @ --yes",
        "apply @ --dry-run --detailed-exitcode --row-limit 1",
        "map shelves @ --dry-run --row-limit 2",
        "validate @",
        "status @",
        "status @ --run 1",
        "status @ --rollback",
        "status @ --health",
        "status @ --verify-audit",
        "status @ --complete",
        "report @ --run 1",
        "history @",
        "resume @",
        "rollback @ --level rows --dry-run",
        "rollback @ --level schema --rehearse",
        "rollback @ --level schema --execute --yes",
        "rollback @ --execute --yes",
        "enhance @ --yes",
        "migrate @ --yes",
        "map @ --yes",
        "cleanup @ --before-images --older-than 30d",
        "doctor nothing-of-that-name",
        "status --no-such-flag",
        "completions fish",
    ] {
        calls.call(typed);
    }
    backups(&mut calls);
    // a script of several hundred lines; that there is one is enough
    let last = calls.made.iter_mut().find(|c| c.verb == "completions").unwrap();
    last.text = format!("{}\n", last.text.lines().next().unwrap_or_default());
    calls.made
}

fn backups(calls: &mut Calls<'_>) {
    calls.call("backup @ --touched --into backups");
    let made: Vec<String> = std::fs::read_dir(calls.cwd.path().join("backups"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(made.len(), 1, "{made:?}");
    std::fs::rename(calls.cwd.path().join("backups").join(&made[0]), calls.cwd.path().join("backups/one")).unwrap();
    calls.call("backup verify backups/one");
    let restored = Database::adopted(&format!("{}_restored", calls.database.name()));
    let typed = format!("restore backups/one --into {} --yes", restored.name());
    calls.call(&typed);
    for call in &mut calls.made {
        call.typed = call.typed.replace(restored.name(), "RESTORED");
        call.text = call.text.replace(&made[0], "<backup>");
    }
}

pub fn guests() -> Vec<Call> {
    let database = Database::from_sql("guests", &[include_str!("../../../testdata/guests/before.sql")]);
    let mut calls = Calls::new("guests", database);
    for typed in [
        "doctor @",
        "migrate @ --dry-run --row-limit 3 --diff-limit 1",
        "apply @ --yes",
        "validate @",
        "status @ --run 1",
        "rollback @ --level schema --execute --yes",
    ] {
        calls.call(typed);
    }
    calls.made
}

/// One file per call, numbered: the call, its exit code, and what it wrote.
pub fn texts(calls: &[Call]) -> Vec<(String, String)> {
    let numbered = calls.iter().enumerate().map(|(n, call)| {
        let text = format!("$ pgfold {} --format json\nexit {}\n{}", call.typed, call.code, call.text);
        (format!("{:02}_{}.txt", n + 1, call.verb), text)
    });
    numbered.collect()
}

pub fn codes(calls: &[Call]) -> String {
    calls.iter().map(|call| format!("{:>3} pgfold {}\n", call.code, call.typed)).collect()
}
