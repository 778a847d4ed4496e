//! What the manifest relies on and the server does not have: what could have been meant, or the statement that creates it.

use std::collections::BTreeMap;

use crate::catalog::Table;
use crate::finding::{Finding, Fix, Severity};
use crate::manifest::{Mapping, Source, Value};
use crate::planner::contract::candidates::{self, Candidate};
use crate::planner::contract::check::ContractCheck;
use crate::planner::input::PlanInput;
use crate::sql::{Ident, Name, Sql, TableRef};
use crate::text;

/// One could have meant another name in the same place.
pub fn meant(right: &[String]) -> String {
    format!("did you mean {}?", text::quoted_list(right))
}

impl ContractCheck<'_> {
    /// `create`: the statement that would create it, where there is one.
    pub(in crate::planner) fn missing_table(&mut self, about: &str, table: &TableRef, create: Option<Sql>) {
        let known = self.given.catalog.server.known_tables.iter();
        let elsewhere: Vec<String> =
            known.clone().filter(|(_, t)| t == table.name.raw()).map(|(s, t)| format!("{s}.{t}")).collect();
        let path = &self.given.catalog.server.search_path;
        let all: Vec<Candidate> = known
            .filter(|(schema, _)| path.contains(schema) && schema != "pgfold")
            .map(|(_, t)| Candidate { name: t.clone(), family: "table", used: self.relies_on(t) })
            .collect();
        let near = candidates::nearest(table.name.raw(), None, &all);
        let (todo, right) = if !elsewhere.is_empty() {
            (format!("it is in another schema: write {}", text::quoted_list(&elsewhere)), elsewhere)
        } else if !near.is_empty() {
            (meant(&near), near)
        } else {
            ("no table is named alike; is this the right database?".to_owned(), near)
        };
        let todo = match create {
            Some(create) => format!("{todo} or create it: {create}"),
            None => todo,
        };
        let found = format!(
            "table `{}` is not in database `{}` (search path: {})",
            text::inert(&table.plain()),
            self.given.catalog.server.database,
            path.join(", ")
        );
        let fix = Fix { wrong: table.plain(), right, plain: true };
        self.findings.push(Finding::new("missing-table", Severity::Refusal, about, found, todo).with(fix));
    }

    fn relies_on(&self, table: &str) -> bool {
        let m = self.given.manifest;
        let named = std::iter::once(&m.target.table).chain(m.sources.iter().map(|s| &s.table));
        named.chain(m.mappings.iter().flat_map(|m| [&m.table, &m.right.table])).any(|t| t.name.raw() == table)
    }

    pub(in crate::planner) fn missing_column(
        &mut self,
        about: &str,
        table: &Table,
        column: &str,
        family: Option<&str>,
        used: &[String],
    ) {
        let right = candidates::nearest(column, family, &candidates::of(table, used));
        let todo = if right.is_empty() {
            format!("its columns: {}", text::cut(&table.column_names().join(", "), 200))
        } else {
            meant(&right)
        };
        let found = format!("`{}` has no column `{}`", table.name.plain(), text::inert(column));
        let fix = Fix { wrong: column.to_owned(), right, plain: true };
        self.findings.push(Finding::new("unknown-column", Severity::Refusal, about, found, todo).with(fix));
    }

    pub(in crate::planner) fn has(&mut self, about: &str, table: &Table, column: &str) -> bool {
        self.has_kind(about, table, column, None, &[])
    }

    /// `family`: the kind of type it must have; `used`: columns that stand elsewhere already.
    pub(in crate::planner) fn has_kind(
        &mut self,
        about: &str,
        table: &Table,
        column: &str,
        family: Option<&str>,
        used: &[String],
    ) -> bool {
        let found = table.column(column).is_some();
        if !found {
            self.missing_column(about, table, column, family, used);
        }
        found
    }

    /// The target as the manifest's sources would need it.
    pub(in crate::planner) fn create_target(&self) -> Option<Sql> {
        let m = self.given.manifest;
        let mut columns: BTreeMap<String, String> = BTreeMap::new();
        for source in &m.sources {
            let Some(legacy) = self.given.catalog.table(&source.table) else { continue };
            for rule in &source.columns {
                let from = rule.value.expr().bare().and_then(|c| Some(legacy.column(&c)?.type_name.clone()));
                let mapped = matches!(rule.value, Value::Mapped { .. });
                let typed = from.filter(|_| !mapped).unwrap_or_else(|| "text".to_owned());
                columns.entry(rule.column.raw().to_owned()).or_insert(typed);
            }
            if let Some(rest) = &source.unmapped {
                columns.insert(rest.into.raw().to_owned(), "jsonb".to_owned());
            }
        }
        columns.remove(m.target.key.raw());
        columns.remove(m.target.id.raw());
        let further = columns.iter().map(|(name, typed)| {
            let (name, typed) = (Ident::of_the_server(name.as_str()), Sql::of_the_server(typed.as_str()));
            Sql::fill(", ${n} ${t}", &[("n", &name), ("t", &typed)])
        });
        Some(Sql::fill(
            "create table ${table} (${id} bigint generated always as identity primary key, ${key} text unique${further})",
            &[
                ("table", &self.here(&m.target.table)),
                ("id", &m.target.id),
                ("key", &m.target.key),
                ("further", &Sql::join("", further)),
            ],
        ))
    }

    pub(in crate::planner) fn create_right(&self, m: &Mapping) -> Option<Sql> {
        Some(Sql::fill(
            "create table ${table} (${id} bigint generated always as identity primary key, ${code} text not null unique, ${name} text not null)",
            &[
                ("table", &self.here(&m.right.table)),
                ("id", &m.right.id),
                ("code", &m.right.code),
                ("name", &m.right.name),
            ],
        ))
    }

    /// The mapping's table between the target and the right one, where both are known.
    pub(in crate::planner) fn create_mapping(&self, m: &Mapping) -> Option<Sql> {
        let into = self.given.target()?;
        let right = self.given.catalog.table(&m.right.table)?;
        let left_type = Sql::of_the_server(into.column(self.given.manifest.target.id.raw())?.base_type.as_str());
        let right_type = Sql::of_the_server(right.column(m.right.id.raw())?.base_type.as_str());
        let primary = m.primary.as_ref().map(|c| Sql::fill(", ${c} boolean not null default false", &[("c", c)]));
        let evidence = m.evidence.as_ref().map(|c| Sql::fill(", ${c} jsonb", &[("c", c)]));
        Some(Sql::fill(
            "create table ${table} (${left} ${left_type} not null references ${into} (${id}), ${right} ${right_type} not null references ${other} (${right_id})${more}, primary key (${left}, ${right}))",
            &[
                ("table", &self.here(&m.table)),
                ("left", &m.left),
                ("left_type", &left_type),
                ("into", &into.name),
                ("id", &self.given.manifest.target.id),
                ("right", &m.right.column),
                ("right_type", &right_type),
                ("other", &right.name),
                ("right_id", &m.right.id),
                ("more", &Sql::join("", primary.into_iter().chain(evidence))),
            ],
        ))
    }

    fn here(&self, table: &TableRef) -> Name {
        let schema = table.schema.clone().unwrap_or_else(|| self.given.catalog.home());
        Name { schema, name: table.name.clone() }
    }
}

/// The columns of a source that its rules use.
pub fn used(source: &Source, legacy: &Table) -> Vec<String> {
    let known = legacy.column_names();
    let rules = source.columns.iter().flat_map(|r| r.value.expr().columns(&known));
    let ignored = source.ignore.iter().map(|(c, _)| c.clone());
    rules.chain(ignored).chain(source.id.iter().map(|c| c.raw().to_owned())).collect()
}

/// The target's columns that a source fills.
pub fn filled(source: &Source, given: &PlanInput) -> Vec<String> {
    let rules = source.columns.iter().map(|r| r.column.raw().to_owned());
    rules.chain([given.manifest.target.key.raw().to_owned()]).collect()
}

/// The extension that has a function, type or operator, as far as one knows its name.
pub fn extension_of(name: &str) -> Option<&'static str> {
    let known: [(&str, &[&str]); 12] = [
        (
            "uuid-ossp",
            &[
                "uuid_generate_v1",
                "uuid_generate_v1mc",
                "uuid_generate_v3",
                "uuid_generate_v4",
                "uuid_generate_v5",
                "uuid_nil",
            ],
        ),
        (
            "pgcrypto",
            &[
                "digest",
                "hmac",
                "crypt",
                "gen_salt",
                "gen_random_bytes",
                "pgp_sym_encrypt",
                "pgp_sym_decrypt",
                "armor",
                "encrypt",
                "decrypt",
            ],
        ),
        ("unaccent", &["unaccent"]),
        ("pg_trgm", &["similarity", "word_similarity", "strict_word_similarity", "show_trgm"]),
        (
            "fuzzystrmatch",
            &[
                "levenshtein",
                "levenshtein_less_equal",
                "soundex",
                "difference",
                "metaphone",
                "dmetaphone",
                "daitch_mokotoff",
            ],
        ),
        ("citext", &["citext"]),
        ("hstore", &["hstore", "akeys", "avals", "hstore_to_json", "hstore_to_jsonb"]),
        ("ltree", &["ltree", "lquery", "ltxtquery", "subpath", "nlevel", "text2ltree"]),
        (
            "postgis",
            &["geometry", "geography", "st_makepoint", "st_point", "st_setsrid", "st_geomfromtext", "st_transform"],
        ),
        ("vector", &["vector", "halfvec", "cosine_distance", "l2_distance"]),
        ("tablefunc", &["crosstab", "normal_rand", "connectby"]),
        ("isn", &["isbn", "isbn13", "issn", "issn13", "ean13", "upc", "is_valid"]),
    ];
    known.iter().find(|(_, names)| names.contains(&name)).map(|(extension, _)| *extension)
}

/// What creates something that the server says it does not have, by its own words.
pub fn creates(code: &str, message: &str) -> Option<String> {
    let extension = |name: &str| {
        let found = extension_of(name)?;
        Some(Sql::fill("create extension if not exists ${e}", &[("e", &Ident::of_the_server(found))]).to_string())
    };
    match code {
        "42883" if message.starts_with("operator") => {
            let trigram = [" % ", " <% ", " %> ", " <-> "].iter().any(|o| message.contains(o));
            trigram.then(|| extension("similarity")).flatten()
        }
        "42883" => {
            let signature = message.strip_prefix("function ")?.strip_suffix(" does not exist")?;
            let (name, arguments) = signature.split_once('(')?;
            let known = extension(name.rsplit('.').next().unwrap_or(name));
            // as the server printed the signature
            let signature = Sql::of_the_server(format!("{name}({arguments}"));
            let template = "create function ${s} returns text language sql immutable as 'select $1::text'";
            known.or_else(|| Some(Sql::fill(template, &[("s", &signature)]).to_string()))
        }
        "42704" => {
            let name = message.strip_prefix("type \"")?.split('"').next()?;
            extension(name)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::creates;

    #[test]
    fn what_the_server_does_not_have_comes_with_what_creates_it() {
        let told = |code, message| creates(code, message).unwrap_or_default();
        assert_eq!(
            told("42883", "function unaccent(text) does not exist"),
            "create extension if not exists \"unaccent\""
        );
        assert_eq!(told("42704", "type \"citext\" does not exist"), "create extension if not exists \"citext\"");
        assert_eq!(told("42883", "operator does not exist: text % text"), "create extension if not exists \"pg_trgm\"");
        assert!(
            told("42883", "function slug(text, integer) does not exist")
                .starts_with("create function slug(text, integer) returns")
        );
        assert_eq!(told("42883", "operator does not exist: text + text"), "");
    }
}
