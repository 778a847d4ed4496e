//! The rollback of one run as one script for plain psql, told from the ledger by run number.

use serde::{Deserialize, Serialize};

use crate::sql::{Ident, Literal, Piece, Sql};

use super::document::Plan;
use super::step::{Action, Reverse, Step};

pub use crate::facts::RollbackLevel as Level;

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
    let mut body = vec![back.locks(), back.fill(include_str!("../../sql/undo/later.sql"), &[])];
    if level == Level::Schema && plan.steps.iter().any(|s| matches!(s.action, Action::Enhance { .. })) {
        body.push(back.left());
    }
    body.push(back.once_there(&back.edited()));
    body.push(plan.undo.quiet.sql(false));
    body.extend(plan.steps.iter().rev().filter_map(|step| back.mapping(step)));
    body.push(back.once_there(&back.rows()));
    body.push(plan.undo.quiet.sql(true));
    if level == Level::Schema {
        body.extend(plan.steps.iter().rev().filter_map(|step| back.reverse(step)));
    }
    let system = plan.undo.system_identifier.as_deref().unwrap_or_default();
    let array = |names: &[String]| {
        let names = Sql::join(", ", names.iter().map(|c| Literal::new(c.as_str())));
        Sql::fill("array[${l}]::text[]", &[("l", &names)])
    };
    let (columns_of_before, columns_of_then) = (array(&plan.hashed.existing), array(&plan.hashed.target_all));
    let filled = |tag: &Sql| {
        let part = Sql::constant(if picked.all() { "false" } else { "true" });
        back.fill(
            include_str!("../../sql/undo/run.sql"),
            &[
                ("database", &Literal::new(plan.undo.database.as_str())),
                ("system", &Literal::new(system)),
                ("level", &Literal::new(level.as_str())),
                ("part", &part),
                ("columns_of_before", &columns_of_before),
                ("columns_of_then", &columns_of_then),
                ("body", &Sql::join("\n", body.clone())),
                ("tag", tag),
            ],
        )
    };
    let without = filled(&Sql::constant(""));
    filled(&tag_outside(without.as_str()))
}

impl Plan {
    /// Where names were looked for when objects were described: an object's text depends on it.
    pub fn path(&self) -> Sql {
        let more = ["public", "pg_temp"].into_iter().filter(|n| !self.search_path.iter().any(|p| p.raw() == *n));
        let all = self.search_path.iter().cloned().chain(more.map(Ident::of_the_server));
        Sql::join(", ", all)
    }

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

    /// The tables that are changed, and those that refer to rows which go, are locked against writing before anything is
    /// looked at: what is compared then is what is changed.
    fn locks(&self) -> Sql {
        let deletes = self.level != Level::Rows || self.plan.undo.soft_delete.is_empty();
        let mappings = self.plan.steps.iter().filter_map(|s| match &s.action {
            Action::Map(map) | Action::Decide { map, .. } => Some(Literal::new(map.table.to_string())),
            _ => None,
        });
        let going: Vec<Literal> = mappings.collect();
        let loose = self.plan.undo.referenced_by.iter().map(|(table, ..)| Literal::new(table.to_string()));
        let list = |all: Vec<Literal>| Sql::fill("array[${l}]::text[]", &[("l", &Sql::join(", ", all))]);
        let (going, loose) = (list(going), list(loose.collect()));
        let deletes = Sql::constant(if deletes { "true" } else { "false" });
        self.fill(
            include_str!("../../sql/undo/locks.sql"),
            &[("mappings", &going), ("loose", &loose), ("deletes", &deletes)],
        )
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
        let then = &self.plan.hashed.target_all;
        if !then.is_empty() && self.level != Level::Rows && !out.is_empty() {
            let names = Sql::join(", ", then.iter().map(|c| Literal::new(c.as_str())));
            let columns = Sql::fill("array[${l}]::text[]", &[("l", &names)]);
            out.push(self.fill(
                include_str!("../../sql/undo/later_columns.sql"),
                &[("columns_of_then", &columns), ("alias_literal", &Literal::new("pgfold_t"))],
            ));
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
        if let Some(rows) = &map.rows {
            return Some(self.pairs(step, map, rows));
        }
        // a script has no parameters
        let undo = undo.with_parameter(self.run);
        let (table, step) = (Literal::new(map.table.to_string()), i64::from(step.number));
        Some(self.fill(template, &[("undo", &undo), ("step", &step), ("table", &table)]))
    }

    /// The pairs that a step wrote, with what others wrote into them or let refer to them since.
    fn pairs(&self, step: &Step, map: &super::MapStep, rows: &super::PairRows) -> Sql {
        let decided = matches!(step.action, Action::Decide { .. });
        let number = i64::from(step.number);
        let part = if self.whole {
            Sql::constant("")
        } else {
            self.fill(
                " and d.left_id in (select x.target_id from pgfold.crosswalk x where x.run = ${run} and x.outcome = 'inserted' and ${picked})",
                &[],
            )
        };
        let own = |columns: &'static str| {
            self.fill(
                "select ${columns} from pgfold.mapped d where d.run = ${run} and d.mapping = ${name} and d.is_new${part}",
                &[("columns", &Sql::constant(columns)), ("name", &Literal::new(map.name.as_str())), ("part", &part)],
            )
        };
        let replaced = self.fill(
            "select b.id::jsonb ->> 0 as left_id, b.id::jsonb ->> 1 as right_id, b.columns, b.after_hash as row_hash from pgfold.before_image b \
             where b.run = ${run} and b.step = ${step} and b.table_name = ${table_name}",
            &[("step", &number), ("table_name", &Literal::new(map.table.plain()))],
        );
        let going = own("d.left_id, d.right_id");
        let mut left_by_run = own("d.left_id, d.right_id, d.row_hash");
        if decided {
            left_by_run = Sql::fill(
                "${own} union all select r.left_id, r.right_id, r.row_hash from (${replaced}) r",
                &[("own", &left_by_run), ("replaced", &replaced)],
            );
        }
        let type_of = |t: &str| Sql::of_the_server(t);
        let (left_type, right_type) = (type_of(&rows.left_type), type_of(&rows.right_type));
        let table_literal = Literal::new(map.table.to_string());
        let common: [(&str, &dyn Piece); 8] = [
            ("left", &rows.left),
            ("right", &rows.right),
            ("left_type", &left_type),
            ("right_type", &right_type),
            ("row_hash", &rows.row_hash),
            ("table_literal", &table_literal),
            ("table", &map.table),
            ("step", &number),
        ];
        let fill = |template: &'static str, more: &[(&str, &dyn Piece)]| {
            let all: Vec<(&str, &dyn Piece)> = common.iter().chain(more).copied().collect();
            self.fill(template, &all)
        };
        let edited = fill(include_str!("../../sql/undo/pairs_edited.sql"), &[("left_by_run", &left_by_run)]);
        let literal = |text: String| Literal::new(text);
        let references = self.fill(
            include_str!("../../sql/undo/pair_references.sql"),
            &[
                ("table", &table_literal),
                ("cascade", &self.fill(include_str!("../../sql/undo/cascade.sql"), &[])),
                ("going", &literal(going.to_string())),
                ("left", &literal(rows.left.to_string())),
                ("right", &literal(rows.right.to_string())),
                ("left_type", &literal(rows.left_type.clone())),
                ("right_type", &literal(rows.right_type.clone())),
            ],
        );
        let overriding = Sql::constant(if rows.has_identity { "overriding system value" } else { "" });
        let more: [(&str, &dyn Piece); 8] = [
            ("edited", &edited),
            ("references", &references),
            ("going", &going),
            ("replaced", &replaced),
            ("put_back", &rows.put_back),
            ("columns", &rows.columns),
            ("values", &rows.values),
            ("overriding", &overriding),
        ];
        if decided && !rows.columns.is_empty() {
            fill(include_str!("../../sql/undo/decided_rows.sql"), &more)
        } else {
            fill(include_str!("../../sql/undo/mapped_rows.sql"), &more[..3])
        }
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
            let left = Sql::constant("'{}'::jsonb");
            let left = if undo.left_values.is_empty() { &left } else { &undo.left_values };
            let more: [(&str, &dyn Piece); 3] = [("restore", &restore), ("table_name", &name), ("left", left)];
            out.push(self.fill(include_str!("../../sql/undo/merged.sql"), &more));
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
        let cascade = self.fill(include_str!("../../sql/undo/cascade.sql"), &[]);
        let more: [(&str, &dyn Piece); 2] = [("loose", &loose), ("cascade", &cascade)];
        out.push(self.fill(include_str!("../../sql/undo/references.sql"), &more));
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
        // executed as a text, because a file may hold several statements, queries and comments
        let (first, last) = match &step.reverse {
            Reverse::Run(statements) => {
                let one = |s: &Sql| {
                    Sql::fill(
                        "    if pgfold_kept = '{}' then\n      execute ${s};\n    end if;\n",
                        &[("s", &Literal::new(s.as_str()))],
                    )
                };
                (Sql::join("", statements.iter().map(one)), Sql::constant(""))
            }
            // what was replaced comes back first: it may show what is dropped
            Reverse::Drop(all) => {
                let one = |(object, s): &(String, Sql)| {
                    Sql::fill(
                        "    if not ${o} = any (pgfold_kept) then\n      execute ${s} || pgfold_cascade;\n    end if;\n",
                        &[("o", &Literal::new(object.as_str())), ("s", &Literal::new(s.as_str()))],
                    )
                };
                (Sql::constant(""), Sql::join("", all.iter().map(one)))
            }
            Reverse::Nothing | Reverse::Impossible { .. } => return None,
        };
        let (held, written) = match &step.action {
            Action::Enhance { holds, writes, .. } => {
                let held = Sql::join("", holds.iter().map(|h| h.compare(self.run, number)));
                let written = writes.iter().rev().map(|w| w.restore(self.run, number));
                (held, Sql::join("", written))
            }
            _ => (Sql::constant(""), Sql::constant("")),
        };
        let (rows_first, rows_last) = if written.is_empty() {
            (Sql::constant(""), Sql::constant(""))
        } else {
            let quiet = &self.plan.undo.quiet;
            let written = Sql::join("", [quiet.sql(false), written, quiet.sql(true)]);
            (
                Sql::fill(include_str!("../../sql/undo/written_first.sql"), &[("written", &written)]),
                Sql::fill(include_str!("../../sql/undo/written_last.sql"), &[("written", &written)]),
            )
        };
        let view = Sql::constant(include_str!("../../sql/undo/view.sql"));
        let more: [(&str, &dyn Piece); 7] = [
            ("step", &number),
            ("rows_first", &rows_first),
            ("rows_last", &rows_last),
            ("first", &first),
            ("last", &last),
            ("held", &held),
            ("view", &view),
        ];
        Some(self.fill(include_str!("../../sql/undo/step.sql"), &more))
    }

    /// Compares what the run left with what is there.
    fn left(&self) -> Sql {
        let objects = super::observed::objects_query(false);
        let schema = Literal::new(self.plan.target.schema.raw());
        let objects = Sql::of_the_server(objects.as_str().replace("$1", schema.piece().as_str()));
        let path = Literal::new(self.plan.path().as_str());
        let needs = Sql::constant(include_str!("../../sql/undo/needs.sql"));
        let left = self.fill(
            include_str!("../../sql/undo/left.sql"),
            &[("objects", &objects), ("path", &path), ("needs", &needs)],
        );
        let edited = self.plan.steps.iter().filter_map(|s| match &s.action {
            Action::Enhance { writes, .. } => {
                Some(Sql::join("", writes.iter().map(|w| w.compare(self.run, i64::from(s.number)))))
            }
            _ => None,
        });
        Sql::join("", std::iter::once(left).chain(edited))
    }
}

/// The script that undoes one step by itself, in a transaction of the caller's.
pub fn undo_step(plan: &Plan, run: i64, step: &Step) -> Option<Sql> {
    let picked = Picked::default();
    let back = Back { plan, run, level: Level::Schema, whole: true, picked: picked.sql() };
    let body = back.reverse(step)?;
    let filled = |tag: &Sql| back.fill(include_str!("../../sql/undo/one_step.sql"), &[("body", &body), ("tag", tag)]);
    let without = filled(&Sql::constant(""));
    Some(filled(&tag_outside(without.as_str())))
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
