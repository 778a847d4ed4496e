//! The rollback of one run as one script for plain psql, told from the ledger by run number.

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Literal, Name, Piece, Sql};

use super::{Action, Plan, Quiet, Reverse};

/// How far a rollback goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Soft-deletes what was inserted, restores what was merged, removes the mappings.
    #[default]
    Rows,
    /// Deletes instead.
    Purge,
    /// Undoes the enhancements, too.
    Schema,
}

impl Level {
    pub fn word(self) -> &'static str {
        match self {
            Level::Rows => "rows",
            Level::Purge => "purge",
            Level::Schema => "schema",
        }
    }
}

/// Facts for the rollback that are fixed when the plan is made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Undo {
    pub database: String,
    pub system_identifier: Option<String>,
    pub server_version: i32,
    /// `column = expression` of the soft delete; empty: rows can only be deleted.
    pub soft_delete: Vec<(Ident, String)>,
    /// Columns that a merge may have filled, with their types.
    pub fillable: Vec<Ident>,
    /// The hash of a target row as the crosswalk holds it.
    pub target_hash: Option<Sql>,
    pub quiet: Quiet,
    /// Tables from which a foreign key points to the target: (table, column, target column).
    pub referenced_by: Vec<(Name, Ident, Ident)>,
}

/// The script that takes back run `run` at `level`; right at any point of the run, safe to run twice.
pub fn undo(plan: &Plan, run: i64, level: Level, settings: &Sql) -> Sql {
    let run_number = run;
    let text = Literal::new(level.word());
    let mut body = Vec::new();
    body.push(Sql::constant(QUIET_OFF));
    body.push(plan.undo.quiet.sql(false));
    for step in plan.steps.iter().rev() {
        if let Action::Map(map) = &step.action {
            body.push(Sql::fill(
                include_str!("../../sql/undo/mapping.sql"),
                &[
                    ("undo", &map.undo_of(run)),
                    ("run", &run_number),
                    ("step", &i64::from(step.number)),
                    ("table", &Literal::new(map.table.to_string())),
                ],
            ));
        }
    }
    body.push(rows(plan, run, level));
    body.push(plan.undo.quiet.sql(true));
    if level == Level::Schema {
        for step in plan.steps.iter().rev() {
            if let Some(reverse) = reverse(plan, run, step) {
                body.push(reverse);
            }
        }
    }
    let body = Sql::join("\n", body);
    let tag = tag_outside(body.as_str());
    let sequences = if level == Level::Schema {
        Sql::fill(
            include_str!("../../sql/undo/sequences.sql"),
            &[("run", &run_number), ("target", &plan.target), ("tag", &tag)],
        )
    } else {
        Sql::constant("")
    };
    Sql::fill(
        include_str!("../../sql/undo/script.sql"),
        &[
            ("settings", settings),
            ("database", &Literal::new(plan.undo.database.as_str())),
            ("system", &Literal::new(plan.undo.system_identifier.as_deref().unwrap_or_default())),
            ("run", &run_number),
            ("level", &text),
            ("body", &body),
            ("tag", &tag),
            ("sequences", &sequences),
        ],
    )
}

const QUIET_OFF: &str = "";

/// What happens to the rows that the run inserted, merged or gave a key.
fn rows(plan: &Plan, run: i64, level: Level) -> Sql {
    let id_type = Sql::of_the_server(plan.target_id_type.as_str());
    let alias = Ident::of_the_server("pgfold_t");
    let pieces: [(&str, &dyn Piece); 5] =
        [("run", &run), ("target", &plan.target), ("id", &plan.target_id), ("id_type", &id_type), ("alias", &alias)];
    let with = |template: &'static str, more: &[(&str, &dyn Piece)]| {
        let all: Vec<(&str, &dyn Piece)> = pieces.iter().chain(more).copied().collect();
        Sql::fill(template, &all)
    };
    let mut out = Vec::new();
    if let Some(hash) = &plan.undo.target_hash {
        out.push(with(include_str!("../../sql/undo/edited.sql"), &[("hash", hash)]));
    }
    if !plan.undo.fillable.is_empty() {
        let one = |c: &Ident| {
            Sql::fill(
                "${c} = case when b.columns ? ${n} then null else pgfold_t.${c} end",
                &[("c", c), ("n", &Literal::new(c.raw()))],
            )
        };
        let restore = Sql::join(", ", plan.undo.fillable.iter().map(one));
        out.push(with(
            include_str!("../../sql/undo/merged.sql"),
            &[("restore", &restore), ("table_name", &Literal::new(plan.target.plain()))],
        ));
    }
    if level == Level::Rows && !plan.undo.soft_delete.is_empty() {
        let one =
            |(c, e): &(Ident, String)| Sql::fill("${c} = (${e})", &[("c", c), ("e", &Sql::as_written(e.as_str()))]);
        let set = Sql::join(", ", plan.undo.soft_delete.iter().map(one));
        out.push(with(include_str!("../../sql/undo/soft_delete.sql"), &[("set", &set)]));
    } else {
        for (table, column, to) in &plan.undo.referenced_by {
            let word = Literal::new(table.plain());
            out.push(with(
                include_str!("../../sql/undo/referenced.sql"),
                &[
                    ("by", table),
                    ("column", column),
                    ("to", to),
                    ("by_name", &word),
                    ("by_literal", &Literal::new(table.to_string())),
                ],
            ));
        }
        out.push(with(include_str!("../../sql/undo/delete.sql"), &[]));
    }
    // before the first row arrived there may be columns missing that all of this names
    with(include_str!("../../sql/undo/rows.sql"), &[("rows", &Sql::join("\n", out))])
}

fn reverse(plan: &Plan, run: i64, step: &super::Step) -> Option<Sql> {
    let statements = match (&step.action, &step.reverse) {
        (Action::Backfill { .. }, _) => {
            let alias = Ident::of_the_server("pgfold_t");
            let body = Sql::fill(
                include_str!("../../sql/undo/backfill.sql"),
                &[
                    ("run", &run),
                    ("step", &i64::from(step.number)),
                    ("target", &plan.target),
                    ("alias", &alias),
                    ("key", &plan.key),
                    ("id", &plan.target_id),
                    ("id_type", &Sql::of_the_server(plan.target_id_type.as_str())),
                    ("off", &plan.undo.quiet.sql(false)),
                    ("on", &plan.undo.quiet.sql(true)),
                ],
            );
            return Some(body);
        }
        (_, Reverse::Run(statements)) => statements,
        _ => return None,
    };
    let all = statements.iter().map(|s| Sql::fill("    ${s};\n", &[("s", s)]));
    Some(Sql::fill(
        include_str!("../../sql/undo/step.sql"),
        &[("run", &run), ("step", &i64::from(step.number)), ("statements", &Sql::join("", all))],
    ))
}

/// A dollar-quote tag that the body does not contain.
fn tag_outside(body: &str) -> Sql {
    let mut n = 0;
    loop {
        let tag = format!("$pgfold{n}$");
        if !body.contains(&tag) {
            return Sql::of_the_server(tag);
        }
        n += 1;
    }
}

impl super::MapStep {
    fn undo_of(&self, run: i64) -> Sql {
        Sql::of_the_server(self.undo.as_str().replace("$1", &run.to_string()))
    }
}
