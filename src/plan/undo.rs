//! The rollback of one run as one script for plain psql, told from the ledger by run number.

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Literal, Name, Piece, Sql};

use super::{Action, Plan, Quiet, Reverse, Step};

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

/// Which legacy rows of a run are taken back; empty lists pick all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    pub keys: Vec<String>,
    pub sources: Vec<String>,
}

impl Picked {
    pub fn all(&self) -> bool {
        self.keys.is_empty() && self.sources.is_empty()
    }

    /// Over the alias `x` of the crosswalk.
    pub fn sql(&self) -> Sql {
        let any = |column: &'static str, values: &[String]| {
            let list = Sql::join(", ", values.iter().map(|v| Literal::new(v.as_str())));
            Sql::fill(
                "x.${column} = any (array[${list}]::text[])",
                &[("column", &Sql::constant(column)), ("list", &list)],
            )
        };
        let mut all = Vec::new();
        if !self.keys.is_empty() {
            all.push(any("key", &self.keys));
        }
        if !self.sources.is_empty() {
            all.push(any("source", &self.sources));
        }
        if all.is_empty() { Sql::constant("true") } else { Sql::fill("(${a})", &[("a", &Sql::join(" and ", all))]) }
    }
}

/// What a rehearsed rollback did before it was rolled back itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rehearsed {
    pub level: Level,
    pub took_ms: f64,
    /// Per run: what would be soft-deleted, deleted, restored, …
    pub runs: Vec<(i64, serde_json::Value)>,
}

/// Facts for the rollback that are fixed when the plan is made.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Undo {
    pub database: String,
    pub system_identifier: Option<String>,
    pub server_version: i32,
    /// `column = expression` of the soft delete; empty: rows can only be deleted.
    pub soft_delete: Vec<(Ident, String)>,
    /// Whether a target row lives, over the alias `pgfold_t`.
    pub live: Option<Sql>,
    /// Columns that a merge may have written, with their types.
    pub fillable: Vec<(Ident, String)>,
    /// The hash of a target row as the crosswalk holds it.
    pub target_hash: Option<Sql>,
    pub quiet: Quiet,
    /// Tables that point to the target, by a foreign key or as a mapping: (table, column, target column).
    pub referenced_by: Vec<(Name, Ident, Ident)>,
}

/// The script that takes back run `run` at `level`; right at any point of the run, safe to run twice.
pub fn undo(plan: &Plan, run: i64, level: Level, picked: &Picked, settings: &Sql) -> Sql {
    let sequences = if level == Level::Schema {
        Sql::fill(include_str!("../../sql/undo/sequences.sql"), &[("run", &run)])
    } else {
        Sql::constant("")
    };
    Sql::join("", [begin(settings), core(plan, run, level, picked), sequences, Sql::constant("commit;\n")])
}

/// The same for several runs in one transaction that is left open, and without what does not come back.
pub fn rehearsal(plans: &[(Plan, i64)], level: Level, picked: &Picked, settings: &Sql) -> Sql {
    let cores = plans.iter().map(|(plan, run)| core(plan, *run, level, picked));
    Sql::join("", std::iter::once(begin(settings)).chain(cores))
}

fn begin(settings: &Sql) -> Sql {
    Sql::fill(include_str!("../../sql/undo/begin.sql"), &[("settings", settings)])
}

fn core(plan: &Plan, run: i64, level: Level, picked: &Picked) -> Sql {
    let back = Back { plan, run, level, whole: picked.all(), picked: picked.sql() };
    let mut body = vec![back.fill(include_str!("../../sql/undo/later.sql"), &[])];
    body.push(back.once_there(&back.edited()));
    body.push(plan.undo.quiet.sql(false));
    body.extend(plan.steps.iter().rev().filter_map(|step| back.mapping(step)));
    body.push(back.once_there(&back.rows()));
    body.push(plan.undo.quiet.sql(true));
    if level == Level::Schema {
        body.extend(plan.steps.iter().rev().filter_map(|step| back.reverse(step)));
    }
    let system = plan.undo.system_identifier.as_deref().unwrap_or_default();
    let filled = |tag: &Sql| {
        let part = Sql::constant(if picked.all() { "false" } else { "true" });
        back.fill(
            include_str!("../../sql/undo/run.sql"),
            &[
                ("database", &Literal::new(plan.undo.database.as_str())),
                ("system", &Literal::new(system)),
                ("level", &Literal::new(level.word())),
                ("part", &part),
                ("body", &Sql::join("\n", body.clone())),
                ("tag", tag),
            ],
        )
    };
    let without = filled(&Sql::constant(""));
    filled(&tag_outside(without.as_str()))
}

impl Plan {
    fn moves(&self) -> bool {
        self.steps.iter().any(|s| matches!(s.action, Action::Move(_)))
    }
}

/// One run on its way back.
struct Back<'a> {
    plan: &'a Plan,
    run: i64,
    level: Level,
    /// Whether everything is picked.
    whole: bool,
    picked: Sql,
}

impl Back<'_> {
    fn fill(&self, template: &'static str, more: &[(&str, &dyn Piece)]) -> Sql {
        let id_type = Sql::of_the_server(self.plan.target_id_type.as_str());
        let alias = Ident::of_the_server("pgfold_t");
        let pieces: [(&str, &dyn Piece); 10] = [
            ("run", &self.run),
            ("target", &self.plan.target),
            ("id", &self.plan.target_id),
            ("id_type", &id_type),
            ("alias", &alias),
            ("picked", &self.picked),
            ("target_literal", &Literal::new(self.plan.target.to_string())),
            ("id_literal", &Literal::new(self.plan.target_id.raw())),
            ("type_literal", &Literal::new(self.plan.target_id_type.as_str())),
            ("picked_literal", &Literal::new(self.picked.as_str())),
        ];
        let all: Vec<(&str, &dyn Piece)> = pieces.iter().chain(more).copied().collect();
        Sql::fill(template, &all)
    }

    /// Before the first row arrived there may be columns missing that all of this names.
    fn once_there(&self, rows: &Sql) -> Sql {
        if rows.is_empty() {
            Sql::constant("")
        } else {
            self.fill(include_str!("../../sql/undo/rows.sql"), &[("rows", rows)])
        }
    }

    fn edited(&self) -> Sql {
        let mut out = Vec::new();
        if let (Some(hash), true) = (&self.plan.undo.target_hash, self.plan.moves()) {
            let same = self.same();
            out.push(self.fill(include_str!("../../sql/undo/edited.sql"), &[("hash", hash), ("same", &same)]));
        }
        if let (Some(live), true) = (&self.plan.undo.live, self.level != Level::Rows && !out.is_empty()) {
            out.push(self.fill(include_str!("../../sql/undo/alive.sql"), &[("live", live)]));
        }
        Sql::join("", out)
    }

    /// A crosswalk line and its target row. As text where that means the same: of a cast column the server knows no
    /// statistics, and would rather keep whole rows of the target in memory than narrow lines of the crosswalk.
    fn same(&self) -> Sql {
        let plain = matches!(self.plan.target_id_type.as_str(), "uuid" | "smallint" | "integer" | "bigint" | "text");
        if plain && self.whole {
            self.fill("${alias}.${id}::text = x.target_id", &[])
        } else {
            self.fill("${alias}.${id} = x.target_id::${id_type}", &[])
        }
    }

    fn mapping(&self, step: &Step) -> Option<Sql> {
        let (map, undo, template) = match &step.action {
            Action::Map(map) => (map, &map.undo, include_str!("../../sql/undo/mapping.sql")),
            Action::Decide { map, .. } => (map, &map.undo_decide, include_str!("../../sql/undo/decided.sql")),
            _ => return None,
        };
        // a script has no parameters
        let undo = undo.as_str().replace("run = $1 and", &format!("run = {} and", self.run));
        let undo = Sql::of_the_server(undo.trim_end());
        let (table, step) = (Literal::new(map.table.to_string()), i64::from(step.number));
        Some(self.fill(template, &[("undo", &undo), ("step", &step), ("table", &table)]))
    }

    /// What happens to the rows that the run inserted or merged.
    fn rows(&self) -> Sql {
        let undo = &self.plan.undo;
        let mut out = Vec::new();
        if !self.plan.moves() {
            return Sql::constant("");
        }
        if !undo.fillable.is_empty() {
            let one = |(c, type_name): &(Ident, String)| {
                Sql::fill(
                    "${c} = case when b.columns ? ${n} then (b.columns ->> ${n})::${t} else pgfold_t.${c} end",
                    &[("c", c), ("n", &Literal::new(c.raw())), ("t", &Sql::of_the_server(type_name.as_str()))],
                )
            };
            let restore = Sql::join(", ", undo.fillable.iter().map(one));
            let name = Literal::new(self.plan.target.plain());
            out.push(
                self.fill(include_str!("../../sql/undo/merged.sql"), &[("restore", &restore), ("table_name", &name)]),
            );
        }
        if self.level == Level::Rows && !undo.soft_delete.is_empty() {
            let one =
                |(c, e): &(Ident, String)| Sql::fill("${c} = (${e})", &[("c", c), ("e", &Sql::as_written(e.as_str()))]);
            let set = Sql::join(", ", undo.soft_delete.iter().map(one));
            out.push(self.fill(include_str!("../../sql/undo/soft_delete.sql"), &[("set", &set)]));
            return Sql::join("", out);
        }
        let loose = undo.referenced_by.iter().map(|(table, column, to)| {
            let literal = Literal::new(table.to_string());
            let more: [(&str, &dyn Piece); 4] =
                [("by", table), ("column", column), ("to", to), ("by_literal", &literal)];
            self.fill(include_str!("../../sql/undo/loose.sql"), &more)
        });
        let loose = Sql::join("", loose);
        out.push(self.fill(include_str!("../../sql/undo/references.sql"), &[("loose", &loose)]));
        out.push(self.fill(include_str!("../../sql/undo/delete.sql"), &[]));
        Sql::join("", out)
    }

    fn reverse(&self, step: &Step) -> Option<Sql> {
        let number = i64::from(step.number);
        if let Action::Backfill { .. } = &step.action {
            let more: [(&str, &dyn Piece); 4] = [
                ("step", &number),
                ("key", &self.plan.key),
                ("off", &self.plan.undo.quiet.sql(false)),
                ("on", &self.plan.undo.quiet.sql(true)),
            ];
            return Some(self.fill(include_str!("../../sql/undo/backfill.sql"), &more));
        }
        let Reverse::Run(statements) = &step.reverse else { return None };
        // executed as a text, because a file may hold several statements, queries and comments
        let one = |s: &Sql| Sql::fill("    execute ${s};\n", &[("s", &Literal::new(s.as_str()))]);
        let statements = Sql::join("", statements.iter().map(one));
        let held = match &step.action {
            Action::Enhance { holds, .. } => Sql::join("", holds.iter().map(|h| h.compare(self.run, number))),
            _ => Sql::constant(""),
        };
        let view = Sql::constant(include_str!("../../sql/undo/view.sql"));
        let more: [(&str, &dyn Piece); 4] =
            [("step", &number), ("statements", &statements), ("held", &held), ("view", &view)];
        Some(self.fill(include_str!("../../sql/undo/step.sql"), &more))
    }
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
