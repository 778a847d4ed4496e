//! The house's rules, held against its own source; each fence is also shown a violation that it must see.

mod circles;
mod fences;
mod source;

use std::fs;
use std::path::Path;

use fences::{FENCES, is_sql};
use source::{File, Kind};

#[test]
fn the_house_keeps_its_rules() {
    let files = tree();
    assert!(files.iter().any(|file| file.path == "src/lib.rs"), "the source was not found");
    let mut found = String::new();
    for (rule, fence) in FENCES {
        let violations = fence(&files);
        if !violations.is_empty() {
            found += &format!("{rule}:\n  {}\n", violations.join("\n  "));
        }
    }
    assert!(found.is_empty(), "\n{found}");
}

/// All Rust files of the project.
fn tree() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests"] {
        walk(root, &root.join(folder), &mut files);
    }
    files
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(root, &path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            files.push(File::new(name, &fs::read_to_string(&path).unwrap()));
        }
    }
}

/// A house of two rooms above the line and two below, with these files in it.
fn house(files: &[(&str, &str)]) -> Vec<File> {
    let lib = File::new(
        "src/lib.rs",
        "//! A house.\npub mod render;\npub mod pg;\npub mod plan;\npub mod sql;\npub mod facts;\n",
    );
    files.iter().map(|(path, text)| File::new(path, text)).chain([lib]).collect()
}

/// What the fence of this rule finds.
fn caught(rule: &str, files: &[(&str, &str)]) -> Vec<String> {
    let (_, fence) = FENCES.iter().find(|(name, _)| *name == rule).unwrap();
    fence(&house(files))
}

#[track_caller]
fn catches(rule: &str, path: &str, text: &str) {
    assert_eq!(caught(rule, &[(path, text)]).len(), 1, "`{rule}` does not see\n{text}");
}

#[track_caller]
fn lets_pass(rule: &str, path: &str, text: &str) {
    assert_eq!(caught(rule, &[(path, text)]), Vec::<String>::new());
}

#[test]
fn a_room_that_looks_up_is_seen() {
    let rule = "a room imports only rooms further down";
    catches(rule, "src/sql/name.rs", "use crate::plan::Step;");
    catches(rule, "src/sql/name.rs", "use crate::{sql::Ident, plan::{Step, pg}};");
    catches(rule, "src/plan/mod.rs", "fn f() -> crate::pg::Session {}");
    catches(rule, "src/plan/step.rs", "use super::super::pg::Session;");
    catches(rule, "src/plan.rs", "use super::pg;");
    catches(rule, "src/plan/mod.rs", "pub use crate::Error;");
    catches(rule, "src/cellar.rs", "");
    lets_pass(rule, "src/plan/mod.rs", "use crate::sql::{Ident, pg};\nuse super::sql;\nuse crate::plan::step;");
    lets_pass(rule, "src/plan/step.rs", "use super::pg; // crate::pg\nconst A: &str = \"crate::pg\";");
    lets_pass(rule, "src/sql.rs", "#[cfg(test)]\nmod tests {\n    use super::*;\n}\n");
}

#[test]
fn files_that_import_each_other_are_seen() {
    let rule = "no circle inside a room";
    let circle = [
        ("src/run/mod.rs", "mod a;\nmod b;\nmod c;\npub use b::B;\npub use self::c::*;"),
        ("src/run/a.rs", "use super::B;\nfn f() -> B { B }"),
        ("src/run/b.rs", "use super::{c};\npub struct B;"),
        ("src/run/c.rs", "fn g() { crate::run::a::f() }"),
    ];
    assert_eq!(caught(rule, &circle), ["run/a run/b run/c"]);
    assert_eq!(caught(rule, &circle[..3]), Vec::<String>::new());
    let with_its_head = [
        ("src/run/mod.rs", "mod a;\nuse self::a::f;\npub struct Step;"),
        ("src/run/a.rs", "use super::Step;\npub fn f(_: Step) {}"),
    ];
    assert_eq!(caught(rule, &with_its_head), ["run run/a"]);
    lets_pass(rule, "src/run/mod.rs", "mod a;\npub use a::A;\nuse crate::sql::Ident;");
}

#[test]
fn a_room_that_acts_among_those_that_think_is_seen() {
    let lib = File::new("src/lib.rs", "pub mod plan;\npub mod pg;\npub mod sql;");
    assert_eq!(fences::layering(&[lib]).len(), 1);
}

#[test]
fn an_executor_that_plans_is_seen() {
    let rule = "a plan is carried out without the planner";
    catches(rule, "src/execute/step.rs", "use crate::planner::build;");
    catches(rule, "src/render/mod.rs", "use crate::{plan::Plan, planner::Given};");
    lets_pass(rule, "src/execute/step.rs", "use crate::plan::Plan; // crate::planner");
    lets_pass(rule, "src/validate/mod.rs", "use crate::planner::Fold;");
}

#[test]
fn a_thought_that_acts_is_seen() {
    let rule = "rooms below the line only think";
    for text in [
        "async fn f() {}",
        "use std::fs;",
        "use std::{fmt, fs::File};",
        "use std::time::Instant;",
        "let now = std::time::SystemTime::now();",
        "use sqlx::Row;",
    ] {
        catches(rule, "src/plan/step.rs", text);
        lets_pass(rule, "src/pg/step.rs", text);
    }
    lets_pass(rule, "src/sql.rs", "// async\nuse std::time::Duration;\nlet s = r#\"async \"fs\" \"#; let c = '\"';");
}

#[test]
fn sqlx_outside_of_pg_is_seen() {
    catches("only `pg` names sqlx", "src/render/mod.rs", "use sqlx::PgPool;");
    catches("only `pg` names sqlx", "src/main.rs", "fn main() { sqlx::query(\"\"); }");
    lets_pass("only `pg` names sqlx", "src/pg/mod.rs", "use sqlx::PgPool;");
}

#[test]
fn the_grammar_outside_of_sql_is_seen() {
    catches("only `sql` names the grammar", "src/planner/ddl.rs", "use squawk_syntax::ast;");
    lets_pass("only `sql` names the grammar", "src/sql/parse.rs", "use squawk_syntax::ast;");
}

#[test]
fn a_print_outside_of_render_is_seen() {
    let rule = "only `render` prints";
    for text in ["fn f() { println!(); }", "fn f() { eprint!(\"{}\", 1); }", "let out = std::io::stdout();"] {
        catches(rule, "src/plan.rs", text);
        lets_pass(rule, "src/render/human.rs", text);
        lets_pass(rule, "src/main.rs", text);
    }
    lets_pass(
        rule,
        "src/pg.rs",
        "command.stdout(file).stderr(file); #[cfg(test)] mod tests { fn f() { println!(); } }",
    );
}

#[test]
fn sql_built_outside_of_sql_is_seen() {
    let rule = "only `sql` builds SQL";
    for text in [
        "format!(\"select {columns} from {table}\")",
        "format!(\n    \"Insert  Into {} values (1)\", t)",
        "write!(out.inner(), r#\"update {t} set a = 1\"#)",
        "format!(\"{x}; delete from {t}\")",
        "format!(\"create {kind} {name}\")",
        "format!(\"{head} drop table {t}\")",
    ] {
        catches(rule, "src/plan.rs", text);
        lets_pass(rule, "src/sql/statement.rs", text);
    }
    for text in ["format!(\"cannot create `{path}`: {why}\")", "query(\"select 1 from t\")", "format!(\"{a}.{b}\")"] {
        lets_pass(rule, "src/plan.rs", text);
    }
}

#[test]
fn a_sentence_is_no_statement() {
    for sentence in ["update the manifest", "create the folder first", "select a run", "drop it", "could not alter"] {
        let starts_as_one = sentence.starts_with("select");
        assert_eq!(is_sql(sentence), starts_as_one, "{sentence}");
    }
}

#[test]
fn a_long_file_is_seen() {
    let rule = "files stay short";
    catches(rule, "src/main.rs", &"\n".repeat(40));
    catches(rule, "src/commands/doctor.rs", &"\n".repeat(100));
    catches(rule, "tests/it/case.rs", &"\n".repeat(500));
    lets_pass(rule, "src/plan.rs", &"\n".repeat(499));
}

#[test]
fn a_file_without_a_head_is_seen() {
    catches("every file says what it is", "src/plan.rs", "use std::fmt;");
}

#[test]
fn a_word_of_the_bundled_consolidation_is_seen() {
    let rule = "no consolidation is known to the code";
    for text in ["let t = \"Agents\";", "/// Which industries.", "fn persona() {}", "const T: &str = \"dh_x\";"] {
        catches(rule, "src/plan.rs", text);
    }
    lets_pass(rule, "src/plan.rs", "let width_of = 1;\n#[cfg(test)]\nmod tests {\n    // agents\n}\n");
    lets_pass(rule, "src/plan/tests.rs", "// agents");
    lets_pass(rule, "tests/it/case.rs", "// agents");
}

#[test]
fn a_state_that_is_compared_as_a_string_is_seen() {
    let rule = "outcomes and states are compared as types";
    for text in [
        "fn f() -> bool { r.state == \"completed\" }",
        "fn f() -> bool { \"done\" == s }",
        "fn f() { match s { \"failed\" => {} _ => {} } }",
        "fn f() { matches!(s, \"x\" | \"settled\"); }",
    ] {
        catches(rule, "src/plan.rs", text);
        lets_pass(rule, "src/facts/state.rs", text);
    }
    lets_pass(rule, "src/plan.rs", "fn f() { g(\"done\"); let a = [\"inserted\", \"merged\"]; }");
}

#[test]
fn strings_comments_and_lifetimes_are_told_apart() {
    let file =
        File::new("src/a.rs", "fn f<'a>(x: &'a str) { /* \" /* */ */ g('\"', '\\'', b\"t\\\"u\", r##\"v\"#w\"##) }");
    let texts: Vec<String> = file.tokens().into_iter().filter(|t| t.kind == Kind::Text).map(|t| t.text).collect();
    assert_eq!(texts, ["t\\\"u", "v\"#w"]);
}
