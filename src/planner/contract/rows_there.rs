//! What an enhancement needs of the rows and tables that are there: asked before anything is written.

use super::questions::Question;
use crate::catalog::{Constraint, ConstraintKind, Index, Table};
use crate::finding::Severity;
use crate::manifest::{Enhancement, ObjectKind};
use crate::planner::ddl::target_after::coming;
use crate::planner::enhancement::EnhancementScript;
use crate::planner::input::PlanInput;
use crate::sql::{Expr, Ident, Literal, Piece, Sql, TableRef};
use crate::text;

/// About what is still to come and reads only columns that are there now and that no file corrects before.
pub fn rows_there(given: &PlanInput, now: &Table) -> Vec<Question> {
    if now.column(given.manifest.target.id.raw()).is_none() {
        return Vec::new();
    }
    let after = given.target_after();
    let known = after.iter().flat_map(Table::column_names).map(str::to_owned).collect();
    let (coming, look) = (coming(given), Look { given, now, known });
    let unique = coming.indexes.iter().filter(|i| i.unique).filter_map(|i| look.sharing(i));
    let valid = coming.constraints.iter().filter(|c| !coming.not_valid.contains(&c.name));
    let broken = valid.filter_map(|c| look.breaking(c));
    let nulls = coming.not_null.iter().filter_map(|c| look.null(c));
    unique.chain(broken).chain(nulls).collect()
}

/// Tables that a foreign key of a file points to, and that are not there.
pub fn tables_there(given: &PlanInput) -> Vec<Question> {
    let pending = given.manifest.enhancements.iter().filter(|e| !given.applied.contains_key(&e.file));
    let created = |table: &TableRef| {
        let creates = given.manifest.enhancements.iter().flat_map(|e| &e.creates);
        creates.into_iter().any(|d| d.kind == ObjectKind::Table && d.name == table.name.raw())
    };
    let of_file = |e: &Enhancement| {
        let script = given.scripts.iter().find(|s| s.file == e.file);
        let tables: Vec<TableRef> = script.map(EnhancementScript::refers_to).unwrap_or_default();
        let one = |table: TableRef| Question {
            rule: "missing-table",
            severity: Severity::Refusal,
            about: format!("enhancement {}", text::inert(&e.file)),
            sql: Sql::fill(
                "select format('a foreign key points to `%s`, which is not there', ${plain}) where to_regclass(${written}) is null",
                &[("plain", &Literal::new(table.plain())), ("written", &Literal::new(table.to_string()))],
            ),
            todo: "create the table first, or correct its name".to_owned(),
        };
        tables.into_iter().filter(|t| !created(t)).map(one).collect::<Vec<_>>()
    };
    pending.flat_map(of_file).collect()
}

struct Look<'a> {
    given: &'a PlanInput<'a>,
    now: &'a Table,
    /// Every column that the target has or will have.
    known: Vec<String>,
}

impl Look<'_> {
    /// Whether the expression reads nothing that is still to come, or that a file gives other values before.
    fn can_ask(&self, expression: &str) -> bool {
        let all: Vec<&str> = self.known.iter().map(String::as_str).collect();
        let read = Expr::new(expression).map(|e| e.columns(&all)).unwrap_or_default();
        read.iter().all(|c| self.now.column(c).is_some() && !self.corrected(c))
    }

    /// Whether a file that is still to run may write to the column of rows that are there.
    fn corrected(&self, column: &str) -> bool {
        let pending = self.given.manifest.enhancements.iter().filter(|e| !self.given.applied.contains_key(&e.file));
        let here = pending.flat_map(|e| &e.writes).filter(|w| w.table.name == self.now.name.name);
        here.into_iter().any(|w| w.columns.iter().any(|c| c.raw() == column))
    }

    fn question(&self, what: &str, sql: Sql, todo: &str) -> Question {
        Question {
            rule: "rows-in-the-way",
            severity: Severity::Refusal,
            about: format!("{what} on {}", text::inert(&self.now.name.plain())),
            sql,
            todo: todo.to_owned(),
        }
    }

    fn sharing(&self, index: &Index) -> Option<Question> {
        let read = index.parts.iter().chain(&index.predicate);
        if index.parts.is_empty() || !read.into_iter().all(|p| self.can_ask(p)) {
            return None;
        }
        let part = |p: &String| Sql::of_the_server(format!("({p})"));
        let parts = Sql::join(", ", index.parts.iter().map(part));
        let given = index.parts.iter().map(|p| Sql::fill("${p} is not null", &[("p", &part(p))]));
        let given = if index.nulls_not_distinct { Sql::constant("true") } else { Sql::join(" and ", given) };
        let inside = index.predicate.as_deref().map_or(Sql::constant("true"), |p| Sql::of_the_server(format!("({p})")));
        let pieces: [(&str, &dyn Piece); 5] = [
            ("target", &self.now.name),
            ("id", &self.given.manifest.target.id),
            ("parts", &parts),
            ("given", &given),
            ("inside", &inside),
        ];
        let sql = Sql::fill(
            "select format('%s rows that are there share a value; their ids: %s', count(*), array_to_string((array_agg(${id}::text order by ${id}))[1:5], ', ')) \
             from ${target} where ${inside} and ${given} group by ${parts} having count(*) > 1 order by min(${id}::text) limit 20",
            &pieces,
        );
        Some(self.question(
            &format!("unique index {}", text::inert(&index.name)),
            sql,
            "make the values differ, or give up the index",
        ))
    }

    fn breaking(&self, constraint: &Constraint) -> Option<Question> {
        let what = format!("constraint {}", text::inert(&constraint.name));
        let broken = match constraint.kind {
            ConstraintKind::Check => {
                let expression = constraint.expression.as_deref().filter(|e| self.can_ask(e))?;
                Sql::of_the_server(format!("({expression}) is false"))
            }
            ConstraintKind::Foreign => self.orphaned(constraint)?,
            _ => return None,
        };
        Some(self.question(&what, self.counted(&broken, "break it"), "correct the rows, or the constraint"))
    }

    fn orphaned(&self, constraint: &Constraint) -> Option<Sql> {
        let to = constraint.references.as_ref()?;
        let name = TableRef { schema: Some(to.schema.clone()), name: to.name.clone() };
        let referenced = self.given.catalog.table(&name).filter(|t| t.can_select)?;
        let there = |t: &Table, names: &[String]| !names.is_empty() && names.iter().all(|c| t.column(c).is_some());
        if constraint.columns.iter().any(|c| self.corrected(c))
            || !there(self.now, &constraint.columns)
            || !there(referenced, &constraint.referenced_columns)
        {
            return None;
        }
        let column = |c: &String| Ident::of_the_server(c.as_str());
        let given = constraint.columns.iter().map(|c| Sql::fill("pgfold_t.${c} is not null", &[("c", &column(c))]));
        let pairs = constraint.columns.iter().zip(&constraint.referenced_columns);
        let same = pairs.map(|(c, r)| Sql::fill("r.${r} = pgfold_t.${c}", &[("r", &column(r)), ("c", &column(c))]));
        let pieces: [(&str, &dyn Piece); 3] =
            [("to", to), ("given", &Sql::join(" and ", given)), ("same", &Sql::join(" and ", same))];
        Some(Sql::fill("${given} and not exists (select from ${to} r where ${same})", &pieces))
    }

    fn null(&self, column: &str) -> Option<Question> {
        self.now.column(column).filter(|c| !c.not_null)?;
        let broken = Sql::fill("pgfold_t.${c} is not distinct from null", &[("c", &Ident::of_the_server(column))]);
        // a key that is null is filled in before; a file may fill in others
        if self.given.manifest.target.key.raw() == column || self.corrected(column) {
            return None;
        }
        let what = format!("not null of {}", text::inert(column));
        Some(self.question(&what, self.counted(&broken, "hold none"), "fill the column first, under `writes`"))
    }

    fn counted(&self, broken: &Sql, deed: &'static str) -> Sql {
        Sql::fill(
            "select format('%s rows that are there %s; their ids: %s', q.n, ${deed}, q.ids) \
             from (select count(*) as n, array_to_string((array_agg(pgfold_t.${id}::text))[1:5], ', ') as ids from ${target} pgfold_t where ${broken}) q where q.n > 0",
            &[
                ("deed", &Literal::new(deed)),
                ("id", &self.given.manifest.target.id),
                ("target", &self.now.name),
                ("broken", broken),
            ],
        )
    }
}
