//! What the manifest relies on against what the catalog holds: every mismatch at once.

use crate::catalog::Table;
use crate::finding::{Finding, Severity};
use crate::manifest::{ObjectKind, Source, Value};
use crate::planner::contract::{candidates, missing};
use crate::planner::ddl::target_after::declared_column;
use crate::planner::enhancement::declared;
use crate::planner::input::{Applied, PlanInput};
use crate::planner::rows::source_query::{Once, Pass, SourceQuery};
use crate::text;

use super::check::ContractCheck;

/// Structure: tables, columns, types, keys. Expressions are [`probes`].
pub fn contract(given: &PlanInput) -> Vec<Finding> {
    let mut look = ContractCheck { given, findings: Vec::new() };
    look.enhancements();
    look.findings.extend(crate::planner::ddl::existing_objects::other_shapes(given));
    look.findings.extend(crate::planner::ddl::legacy_access::legacy_touched(given));
    look.findings.extend(crate::planner::ddl::beyond_rollback::beyond_rollback(given));
    look.findings.extend(crate::planner::ddl::beyond_rollback::writes(given));
    match given.target_after() {
        None => {
            let create = look.create_target();
            look.missing_table("target.table", &given.manifest.target.table, create);
        }
        Some(into) => {
            look.findings.extend(crate::planner::ddl::target_after::declared_otherwise(given));
            look.target(&into);
            look.findings.extend(super::table_kinds::unfit(given, &into));
            for source in &given.manifest.sources {
                look.source(source, &into);
            }
            for fold in given.doubtful_keys(&into) {
                look.say(
                    "key-joins",
                    Severity::Warning,
                    &format!("source {fold}.key"),
                    "the key reads only a part of a unique key of the source; rows that it joins would be rejected"
                        .to_owned(),
                    "add the other columns to `key` if such rows must arrive".to_owned(),
                );
            }
            look.mappings();
        }
    }
    look.findings
}

impl ContractCheck<'_> {
    fn enhancements(&mut self) {
        let given = self.given;
        let server = &given.catalog.server;
        if server.ledger.is_some() && !server.has_ledger {
            // which files were applied stands where we may not read, as a preflight says
            return;
        }
        for e in &given.manifest.enhancements {
            if let Some(applied) = given.applied.get(&e.file) {
                self.edited(&e.file, applied);
                // what it did is in the ledger; what became of it since is no matter of the contract
                continue;
            }
            let declared = declared(e);
            if !declared.is_empty() && declared.iter().all(|(word, _)| given.objects.has(word)) {
                let all: Vec<&str> = declared.iter().map(|(word, _)| word.as_str()).collect();
                self.refuse(
                    "already-there",
                    &format!("enhancement {}", e.file),
                    format!(
                        "the ledger does not know it as applied, but all it declares is there: {}",
                        text::quoted_list(&all)
                    ),
                    format!("if it was run by hand: pgfold enhance --mark-applied {}", e.file),
                );
            }
            for added in &e.adds {
                let about = format!("enhancement {}.adds.{}", e.file, added.column.raw());
                if !given.types.contains_key(&added.type_name) {
                    let found = format!("the server knows no type `{}`", text::inert(&added.type_name));
                    let name = added.type_name.split('(').next().unwrap_or_default().trim();
                    let create = missing::creates("42704", &format!("type \"{name}\""));
                    let todo =
                        create.unwrap_or_else(|| "correct the type, or create it in the database first".to_owned());
                    self.refuse("unknown-type", &about, found, todo);
                }
                let Some(table) = given.catalog.table(&added.table) else {
                    let creates = given.manifest.enhancements.iter().flat_map(|e| &e.creates);
                    if !creates.clone().any(|d| d.kind == ObjectKind::Table && d.name == added.table.name.raw()) {
                        self.missing_table(&about, &added.table, None);
                    }
                    continue;
                };
                if let Some(present) = table.column(added.column.raw()) {
                    let wanted = declared_column(added, given.types);
                    let same = wanted.base_type == present.base_type || wanted.bottom_type == present.bottom_type;
                    if !same || (wanted.not_null && !present.not_null) {
                        let found = format!(
                            "`{}.{}` is there already as `{}{}`, declared is `{}{}`",
                            table.name.plain(),
                            present.name,
                            present.type_name,
                            if present.not_null { " not null" } else { "" },
                            added.type_name,
                            if added.not_null { " not null" } else { "" },
                        );
                        self.refuse("other-shape", &about, found, "rename the one or correct the other".to_owned());
                    }
                }
            }
        }
    }

    /// A file that is not the one that was applied: where the two differ first.
    fn edited(&mut self, file: &str, applied: &Applied) {
        let given = self.given;
        if given.checksums.get(file) == applied.checksum.as_ref() {
            return;
        }
        let by = applied.run.map_or("it was marked as applied".to_owned(), |run| format!("run {run} applied it"));
        let now = given.scripts.iter().find(|s| s.file == file).map_or("", |s| s.up.as_str());
        let differs = applied.script.as_deref().and_then(|then| {
            let (then, now): (Vec<&str>, Vec<&str>) = (then.lines().collect(), now.lines().collect());
            let at = (0..then.len().max(now.len())).find(|at| then.get(*at) != now.get(*at))?;
            let line = |l: &[&str]| {
                l.get(at).map_or("missing".to_owned(), |l| format!("`{}`", text::cut(&text::inert(l.trim()), 120)))
            };
            Some(format!("; line {} was {}, is {}", at + 1, line(&then), line(&now)))
        });
        self.refuse(
            "enhancement-edited",
            file,
            format!("the file was changed after {by}{}", differs.unwrap_or_default()),
            "put the file back as it was and write the change as the next number".to_owned(),
        );
    }

    fn target(&mut self, into: &Table) {
        self.readable(into, "target.table");
        let target = &self.given.manifest.target;
        if !matches!(into.kind.as_str(), "r" | "p") {
            self.refuse(
                "not-a-table",
                "target.table",
                format!("`{}` is not a table", into.name.plain()),
                "name the table below it".to_owned(),
            );
        }
        if self.has("target.id", into, target.id.raw())
            && !into.indexes.iter().any(|i| i.is_key_over(&[target.id.raw()]))
        {
            let found = format!("`{}.{}` is not unique", into.name.plain(), target.id.raw());
            let todo = if into.kind == "p" {
                "rows in partitions are unique only together with the partition key: fold into a table without partitions"
            } else {
                "name the primary key's column"
            };
            self.refuse("id-not-unique", "target.id", found, todo.to_owned());
        }
        let names = [("target.key", vec![target.key.raw()])];
        let lists = [
            ("target.required", target.required.iter().map(String::as_str).collect::<Vec<_>>()),
            ("target.ignore_changes", target.ignore_changes.iter().map(String::as_str).collect()),
            ("target.soft_delete.set", target.soft_delete.iter().flat_map(|s| &s.set).map(|(c, _)| c.raw()).collect()),
        ];
        for (about, columns) in names.into_iter().chain(lists) {
            for column in columns {
                self.has(about, into, column);
            }
        }
        self.key_index(into);
        self.findings.extend(into.column(target.key.raw()).and_then(crate::planner::contract::source_checks::unfit));
        for accepted in &target.triggers {
            if !into.triggers.iter().any(|t| t.name == *accepted) {
                let found = format!(
                    "`{}` has no trigger `{}`, which is listed as accepted",
                    into.name.plain(),
                    text::inert(accepted)
                );
                self.say("unknown-trigger", Severity::Note, "target.triggers", found, String::new());
            }
        }
        for trigger in into.triggers.iter().filter(|t| t.on_insert && t.fires() && !target.triggers.contains(&t.name)) {
            let found = format!(
                "insert trigger `{}` ({}) would fire for each row that arrives",
                trigger.name, trigger.function
            );
            self.refuse(
                "unread-trigger",
                "target.triggers",
                found,
                format!("read it, then add `{}` to `triggers`", trigger.name),
            );
        }
    }

    /// `on conflict (key)` needs its unique index, there now or declared.
    fn key_index(&mut self, into: &Table) {
        let target = &self.given.manifest.target;
        let there = into.key_index(target.key.raw()).is_some();
        let declared = self.given.manifest.enhancements.iter().any(|e| {
            e.creates.iter().any(|d| matches!(d.kind, ObjectKind::Index | ObjectKind::Constraint))
                && !e.creates.iter().all(|d| self.given.objects.has(&d.plain()))
        });
        if !there && !declared {
            self.refuse(
                "key-not-unique",
                "target.key",
                format!(
                    "no unique index on `{}` ({}), and no enhancement declares one",
                    into.name.plain(),
                    target.key.raw()
                ),
                "add an enhancement with `create unique index`, and declare it under `creates`".to_owned(),
            );
        }
    }

    fn source(&mut self, source: &Source, into: &Table) {
        let at = format!("source {}", source.table.plain());
        let Some(legacy) = self.given.catalog.table(&source.table) else {
            if source.optional {
                let found = format!("`{}` is not there; it is optional", source.table.plain());
                self.say("absent-source", Severity::Note, &at, found, String::new());
            } else {
                self.missing_table(&format!("{at}.table"), &source.table, None);
            }
            return;
        };
        self.identity(source, legacy, &at);
        self.shown(source, legacy, &at);
        self.readable(legacy, &at);
        self.row_security(legacy, &at);
        for column in source.ignore.iter().map(|(c, _)| c).chain(&source.sensitive) {
            self.has(&format!("{at}.ignore"), legacy, column);
        }
        let filled = missing::filled(source, self.given);
        for rule in &source.columns {
            let about = format!("{at}.columns.{}", rule.column.raw());
            let from = rule.value.expr().bare().and_then(|c| legacy.column(&c)).map(candidates::family);
            let from = from.filter(|_| matches!(rule.value, Value::Expr { .. }));
            if self.has_kind(&about, into, rule.column.raw(), from, &filled)
                && into.column(rule.column.raw()).is_some_and(|c| c.generated || c.identity == "a")
            {
                let found = format!("`{}` is generated by the server", rule.column.raw());
                self.refuse("generated-column", &about, found, "leave it out".to_owned());
            }
        }
        if let Some(rest) = &source.unmapped
            && self.has_kind(&format!("{at}.unmapped.into"), into, rest.into.raw(), Some("json"), &[])
            && into.column(rest.into.raw()).is_some_and(|c| c.bottom_type != "jsonb")
        {
            let found = format!("`{}` is not jsonb", rest.into.raw());
            self.refuse("unmapped-not-jsonb", &format!("{at}.unmapped.into"), found, "name a jsonb column".to_owned());
        }
        self.whole(source, legacy, into, &at);
    }

    /// Each source column is mapped, kept or ignored; each target column that must not be null gets a value.
    fn whole(&mut self, source: &Source, legacy: &Table, into: &Table, at: &str) {
        let fold = SourceQuery {
            source,
            legacy,
            target: &self.given.manifest.target,
            into,
            place: 0,
            pass: Pass::Load,
            zone: None,
            before: self.given.before,
            once: Once::default(),
        };
        if let Some(rest) = &source.unmapped
            && fold.own_of_rest().is_some()
            && fold.kept().contains(&rest.under.as_str())
        {
            let found =
                format!("the column `{}` of the source has the name under which `unmapped` keeps it", rest.under);
            self.refuse(
                "unmapped-name",
                &format!("{at}.unmapped.under"),
                found,
                "keep them under another name".to_owned(),
            );
        }
        if source.unmapped.is_none() {
            let lost = fold.kept();
            if !lost.is_empty() {
                let mut found = format!("neither mapped whole, kept nor ignored: {}", text::quoted_list(&lost));
                for (from, to) in fold.fitted_in().into_iter().filter(|(from, _)| lost.contains(&from.name.as_str())) {
                    found +=
                        &format!("; `{}` ({}) would be rounded or cut to {}", from.name, from.type_name, to.type_name);
                }
                self.refuse(
                    "lost-column",
                    at,
                    found,
                    "map them, add `[source.unmapped]`, or ignore each with a reason".to_owned(),
                );
            }
        }
        let filled = fold.columns();
        for column in &into.columns {
            let given = filled.iter().any(|(c, _)| c.raw() == column.name);
            if column.not_null && !given && !column.fills_itself() {
                let found = format!(
                    "`{}.{}` must not be null, and the source gives it no value",
                    into.name.plain(),
                    column.name
                );
                self.refuse("no-value", at, found, format!("map `{}`", column.name));
            }
        }
        for rule in &source.columns {
            if let Value::Mapped { default: Some(_), default_at_most: None, .. } = &rule.value {
                let about = format!("{at}.columns.{}", rule.column.raw());
                self.say(
                    "open-default",
                    Severity::Note,
                    &about,
                    "the default may be used for every row".to_owned(),
                    "set `default_at_most` to the share you expect".to_owned(),
                );
            }
        }
    }

    fn mappings(&mut self) {
        let given = self.given;
        let created: Vec<String> =
            given.manifest.enhancements.iter().flat_map(declared).map(|(word, _)| word).collect();
        for m in &given.manifest.mappings {
            let at = format!("mapping {}", m.name);
            match given.catalog.table(&m.right.table) {
                None => {
                    let create = self.create_right(m);
                    self.missing_table(&format!("{at}.right.table"), &m.right.table, create);
                }
                Some(right) => {
                    for (key, column) in [("id", &m.right.id), ("code", &m.right.code), ("name", &m.right.name)] {
                        self.has(&format!("{at}.right.{key}"), right, column.raw());
                    }
                }
            }
            match given.catalog.table(&m.table) {
                None if created.contains(&format!("table {}", m.table.name.raw())) => {}
                None => {
                    let create = self.create_mapping(m);
                    self.missing_table(&format!("{at}.table"), &m.table, create);
                }
                Some(table) => {
                    let columns = [&m.left, &m.right.column].into_iter().chain(&m.primary).chain(&m.evidence);
                    for column in columns.chain(m.set.iter().map(|(c, _)| c)) {
                        self.has(&at, table, column.raw());
                    }
                    if !table.indexes.iter().any(|i| i.is_key_over(&[m.left.raw(), m.right.column.raw()])) {
                        let found = format!("`{}` may hold the same pair twice", table.name.plain());
                        self.refuse("pair-not-unique", &at, found, "add a unique index over both columns".to_owned());
                    }
                }
            }
        }
    }
}

/// What an enhancement declares and what is there otherwise, or not at all.
pub fn not_as_declared(given: &PlanInput, file: &str) -> Vec<Finding> {
    let Some(e) = given.manifest.enhancements.iter().find(|e| e.file == file) else { return Vec::new() };
    let missing = declared(e).into_iter().filter(|(word, _)| !given.objects.has(word)).map(|(word, _)| {
        Finding::new(
            "declared-not-created",
            Severity::Refusal,
            format!("{file}: {}", text::inert(&word)),
            "declared, but it is not there",
            "create it, or let `pgfold enhance` run the file",
        )
    });
    let mut look = ContractCheck { given, findings: missing.collect() };
    look.enhancements();
    look.findings.extend(crate::planner::ddl::existing_objects::other_shapes(given));
    let about =
        |f: &Finding| f.about.starts_with(&format!("enhancement {file}.")) || f.about.starts_with(&format!("{file}: "));
    look.findings.retain(|f| f.refuses() && f.rule != "already-there" && about(f));
    look.findings
}
