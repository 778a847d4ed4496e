//! What the contract has to ask the rows themselves: keys that would collide, texts that cannot be read, empty sources.

use crate::catalog::{Index, Table};
use crate::finding::Severity;
use crate::manifest::Source;
use crate::planner::input::PlanInput;
use crate::sql::{Ident, Sql};

/// A query whose rows are one text each: what was found.
pub struct Question {
    pub rule: &'static str,
    pub severity: Severity,
    pub about: String,
    pub sql: Sql,
    pub todo: String,
}

/// Hex digits of UTF-8, byte by byte.
const UTF8: &str = "^([0-7][0-9a-f]|(c[2-9a-f]|d[0-9a-f])[89ab][0-9a-f]|e0[ab][0-9a-f][89ab][0-9a-f]|e[1-9a-cef]([89ab][0-9a-f]){2}|ed[89][0-9a-f][89ab][0-9a-f]|f0[9ab][0-9a-f]([89ab][0-9a-f]){2}|f[1-3]([89ab][0-9a-f]){3}|f48[0-9a-f]([89ab][0-9a-f]){2})*$";

/// All of them; each is asked in a transaction that cannot write.
pub fn questions(given: &PlanInput) -> Vec<Question> {
    let mut out = super::rows_there::tables_there(given);
    if let Some(now) = given.target().filter(|t| t.can_select) {
        out.extend(colliding(given, now));
        out.extend(super::rows_there::rows_there(given, now));
    }
    for source in &given.manifest.sources {
        let Some(legacy) = given.catalog.table(&source.table).filter(|t| t.can_select) else { continue };
        let at = format!("source {}", source.table.plain());
        out.push(empty(&at, legacy));
        if let Some(now) = given.target() {
            out.extend(now.indexes.iter().filter_map(|index| too_long(&at, source, legacy, now, index)));
        }
        if given.catalog.server.encoding == "SQL_ASCII" {
            out.push(unreadable(&at, legacy));
        }
    }
    out
}

/// Existing rows that would be given a key which another row has, or would be given, too.
fn colliding(given: &PlanInput, now: &Table) -> Option<Question> {
    let target = &given.manifest.target;
    let existing = target.existing_key.as_ref()?;
    let known = now.column_names();
    let all = given.target_after().map(|t| t.column_names().into_iter().map(str::to_owned).collect::<Vec<_>>())?;
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    // one that reads a column still to come cannot be asked now
    if now.column(target.id.raw()).is_none() || existing.columns(&all).iter().any(|c| !known.contains(&c.as_str())) {
        return None;
    }
    let has_key = now.column(target.key.raw());
    let typed = has_key.map_or("text", |c| c.uncut_type());
    let pieces: [(&str, &dyn crate::sql::Piece); 5] = [
        ("target", &now.name),
        ("id", &target.id),
        ("key", &target.key),
        ("existing", existing),
        ("type", &Sql::of_the_server(typed)),
    ];
    let (missing, holders) = if has_key.is_some() {
        (
            " where pgfold_t.${key} is null",
            " union all select o.${id}::text, o.${key}::${type} from ${target} o where o.${key} in (select m.key from pgfold_m m)",
        )
    } else {
        ("", "")
    };
    let sql = Sql::fill(
        "with pgfold_m as materialized (select pgfold_t.${id}::text as id, (${existing})::${type} as key from ${target} pgfold_t${missing}) \
         select format('%s rows would have one key; their ids: %s', count(*), array_to_string((array_agg(u.id order by u.id))[1:5], ', ')) \
         from (select m.id, m.key from pgfold_m m${holders}) u where u.key is not null group by u.key having count(*) > 1 order by min(u.id) limit 20",
        &[&pieces[..], &[("missing", &Sql::fill(missing, &pieces)), ("holders", &Sql::fill(holders, &pieces))]]
            .concat(),
    );
    Some(Question {
        rule: "existing-keys",
        severity: Severity::Refusal,
        about: "target.existing_key".to_owned(),
        sql,
        todo: format!("let `existing_key` read a column that tells them apart, such as `{}`", target.id.raw()),
    })
}

fn empty(at: &str, legacy: &Table) -> Question {
    let sql = Sql::fill("select 'it has no rows'::text where not exists (select from ${t})", &[("t", &legacy.name)]);
    let todo = "nothing, if that is so; else look whether this is the right database";
    Question { rule: "empty-source", severity: Severity::Note, about: at.to_owned(), sql, todo: todo.to_owned() }
}

/// What an entry of a b-tree may hold, less what its parts need beside their values.
const INDEX_ROW: i64 = 2_680;

/// Rows whose values, compressed as they are stored, are more than an entry of this index can hold.
fn too_long(at: &str, source: &Source, legacy: &Table, into: &Table, index: &Index) -> Option<Question> {
    // a b-tree alone has operators by which its parts are compared, and alone such a limit
    if index.key_parts.is_empty() || index.key_parts.iter().any(|p| p.operator.is_none()) {
        return None;
    }
    let long =
        |c: &str| into.column(c).is_some_and(|c| ["text", "character varying", "bytea"].contains(&&*c.bottom_type));
    let of = |column: &String| {
        let rule = source.columns.iter().find(|r| r.column.raw() == column)?;
        let from = rule.value.expr().bare().filter(|c| legacy.column(c).is_some())?;
        Some(Ident::of_the_server(from))
    };
    let columns: Vec<Ident> = index.columns.iter().flatten().filter(|c| long(c)).filter_map(of).collect();
    if columns.is_empty() {
        return None;
    }
    let sizes = columns.iter().map(|c| Sql::fill("coalesce(pg_column_size(${c}), 0)", &[("c", c)]));
    let sql = Sql::fill(
        "select format('%s rows hold more than index %s can, which refuses values above 2,704 bytes', q.n, ${index}) \
         from (select count(*) as n from ${t} where ${size} > ${most}) q where q.n > 0",
        &[
            ("index", &crate::sql::Literal::new(index.name.as_str())),
            ("t", &legacy.name),
            ("size", &Sql::join(" + ", sizes)),
            ("most", &INDEX_ROW),
        ],
    );
    Some(Question {
        rule: "index-row-size",
        severity: Severity::Warning,
        about: at.to_owned(),
        sql,
        todo: format!("index a hash or a part of the value in place of `{}`, or map it shorter", index.name),
    })
}

/// In a database without an encoding a text may hold any bytes; what is no UTF-8 can be neither shown nor kept.
fn unreadable(at: &str, legacy: &Table) -> Question {
    let alias = Ident::of_the_server("pgfold_t");
    let sql = Sql::fill(
        "select format('%s rows hold bytes that are no UTF-8', q.n) from (select count(*) as n from ${t} ${a} \
         where encode(convert_to(${a}::text, 'SQL_ASCII'), 'hex') !~ ${utf8}) q where q.n > 0",
        &[("t", &legacy.name), ("a", &alias), ("utf8", &crate::sql::Literal::new(UTF8))],
    );
    Question {
        rule: "unreadable-text",
        severity: Severity::Refusal,
        about: at.to_owned(),
        sql,
        todo: "find out in which encoding they were written and convert them: convert_from(column::bytea, 'LATIN1')"
            .to_owned(),
    }
}
