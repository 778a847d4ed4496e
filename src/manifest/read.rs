//! From the TOML as written to checked values, collecting every mistake on the way.

use toml::{Table, Value as Toml};

use super::{
    Added, ColumnRule, Declared, Enhancement, Manifest, Mapping, ObjectKind, Ranked, Right, Signals, SoftDelete,
    Source, Target, Unmapped, Value, Writes, keys, written,
};
use crate::sql::token::{self, Kind};
use crate::sql::{Expr, Ident, TableRef};

pub fn manifest(text: &str) -> Result<Manifest, Vec<String>> {
    let table: Table = text.parse().map_err(|e: toml::de::Error| vec![e.to_string().trim_end().to_owned()])?;
    let mut reader = Reader { mistakes: keys::unknown(&table), at: String::new() };
    let written: written::Manifest = match table.try_into() {
        Ok(written) => written,
        Err(e) => {
            reader.mistakes.push(e.to_string().trim_end().to_owned());
            return Err(reader.mistakes);
        }
    };
    let manifest = reader.manifest(written);
    if reader.mistakes.is_empty() { Ok(manifest) } else { Err(reader.mistakes) }
}

struct Reader {
    mistakes: Vec<String>,
    /// The section under way, for the messages.
    at: String,
}

impl Reader {
    fn wrong(&mut self, key: &str, why: impl std::fmt::Display) {
        self.mistakes.push(format!("`{}.{key}`: {why}", self.at));
    }

    fn ident(&mut self, key: &str, raw: &str) -> Ident {
        Ident::new(raw).unwrap_or_else(|why| {
            self.wrong(key, why);
            Ident::of_the_server("?")
        })
    }

    fn expr(&mut self, key: &str, raw: &str) -> Expr {
        Expr::new(raw).unwrap_or_else(|why| {
            self.wrong(key, why);
            Expr::new("null").unwrap_or_else(|_| unreachable!("null is an expression"))
        })
    }

    fn table(&mut self, key: &str, raw: &str) -> TableRef {
        let tokens = token::tokens(raw).unwrap_or_default();
        let parts: Vec<String> = tokens.iter().filter_map(token::Token::identifier).collect();
        let only_names = tokens.iter().all(|t| matches!(t.kind, Kind::Word | Kind::Quoted) || t.text == ".");
        match (only_names, parts.as_slice()) {
            (true, [name]) => TableRef { schema: None, name: self.ident(key, name) },
            (true, [schema, name]) => TableRef { schema: Some(self.ident(key, schema)), name: self.ident(key, name) },
            _ => {
                self.wrong(key, "not a table name; write `name` or `schema.name`");
                TableRef { schema: None, name: Ident::of_the_server("?") }
            }
        }
    }

    fn manifest(&mut self, w: written::Manifest) -> Manifest {
        if let Some(name) = w.name.as_deref().filter(|n| !names_a_consolidation(n)) {
            self.at = String::new();
            self.mistakes.push(format!(
                "name: `{}` is no name of a consolidation: letters, digits, `-`, `_` and `.`, at most 63, the first no `.` or `-`",
                crate::text::inert(name)
            ));
        }
        self.at = "target".to_owned();
        let target = self.target(w.target);
        let enhancements = w.enhancement.into_iter().map(|e| self.enhancement(e)).collect();
        if w.source.is_empty() {
            self.mistakes.push("no `[[source]]`: nothing would fold into the target".to_owned());
        }
        let sources: Vec<Source> = w.source.into_iter().map(|s| self.source(s)).collect();
        self.mistakes.extend(super::checks::twice(&sources));
        let mappings = w.mapping.into_iter().map(|m| self.mapping(m)).collect();
        self.at = "expect".to_owned();
        let arrived = w.expect.arrived.into_iter().filter_map(|(t, range)| self.range(t, &range, &sources)).collect();
        self.at = "queries".to_owned();
        let query_roles = w.queries.roles.iter().map(|r| self.ident("roles", r)).collect();
        self.at = "gates".to_owned();
        for gate in w.gates.ask.iter().filter(|g| !crate::config::is_gate(g)) {
            self.wrong(
                "ask",
                format!("`{}` is no gate; they are MIG-1 to MIG-6, and MIG-4.N for step N", crate::text::inert(gate)),
            );
        }
        self.mistakes.extend(w.checks.mistakes());
        Manifest {
            name: w.name,
            target,
            enhancements,
            sources,
            mappings,
            arrived,
            query_roles,
            gates: w.gates.ask,
            checks: w.checks,
        }
    }

    fn target(&mut self, w: written::Target) -> Target {
        if w.key.is_empty() {
            self.wrong("key", "the target needs a key: the identity of a row across all sources");
        }
        let soft_delete = w.soft_delete.map(|s| SoftDelete {
            set: self.assignments("soft_delete.set", s.set),
            live: self.expr("soft_delete.live", &s.live),
        });
        Target {
            table: self.table("table", &w.table),
            id: self.ident("id", w.id.as_deref().unwrap_or("id")),
            key: self.ident("key", if w.key.is_empty() { "?" } else { &w.key }),
            existing_key: w.existing_key.map(|e| self.expr("existing_key", &e)),
            soft_delete,
            required: w.required,
            ignore_changes: w.ignore_changes,
            secondary_key: w.secondary_key.map(|e| self.expr("secondary_key", &e)),
            on_secondary_match: w.on_secondary_match,
            on_dead_match: w.on_dead_match,
            max_rejects: w.max_rejects,
            triggers: w.triggers,
            search_path: w.search_path.iter().map(|s| self.ident("search_path", s)).collect(),
        }
    }

    fn assignments(&mut self, key: &str, table: Table) -> Vec<(Ident, Expr)> {
        let mut out = Vec::new();
        for (column, value) in table {
            let key = format!("{key}.{column}");
            match value.as_str() {
                Some(text) => out.push((self.ident(&key, &column), self.expr(&key, text))),
                None => self.wrong(&key, "write the SQL expression as a string"),
            }
        }
        out
    }

    fn enhancement(&mut self, w: written::Enhancement) -> Enhancement {
        self.at = format!("enhancement {}", w.file);
        let numbered = w.file.len() > 5
            && w.file.as_bytes()[..4].iter().all(u8::is_ascii_digit)
            && w.file.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
        if !numbered {
            self.wrong("file", "write `NNNN_name`, the file's name without `.up.sql`");
        }
        let mut adds = Vec::new();
        for (table, columns) in w.adds {
            let table_ref = self.table("adds", &table);
            let Toml::Table(columns) = columns else {
                self.wrong(&format!("adds.{table}"), "write `{ column = \"type\" }`");
                continue;
            };
            for (column, declared) in columns {
                let key = format!("adds.{table}.{column}");
                match declared.as_str() {
                    Some(text) => adds.push(self.added(&key, table_ref.clone(), &column, text)),
                    None => self.wrong(&key, "write the column's type as a string"),
                }
            }
        }
        let creates = w.creates.iter().filter_map(|c| self.declared("creates", c)).collect();
        let replaces = w.replaces.iter().filter_map(|c| self.declared("replaces", c)).collect();
        let writes = w.writes.into_iter().filter_map(|(table, columns)| self.writes(&table, &columns)).collect();
        let after_rows = match w.after.as_deref() {
            None => false,
            Some("rows") => true,
            Some(_) => {
                self.wrong("after", "write `rows`, or leave it out: before the rows move");
                false
            }
        };
        Enhancement { file: w.file, transaction: w.transaction, adds, creates, replaces, writes, after_rows }
    }

    /// `table = ["column", …]`.
    fn writes(&mut self, table: &str, columns: &Toml) -> Option<Writes> {
        let key = format!("writes.{table}");
        let named = columns.as_array().map(|a| a.iter().map(Toml::as_str).collect::<Option<Vec<&str>>>());
        let Some(Some(named)) = named.filter(|n| n.as_ref().is_some_and(|n| !n.is_empty())) else {
            self.wrong(&key, "write the columns that may change: `[\"column\"]`");
            return None;
        };
        let columns = named.into_iter().map(|c| self.ident(&key, c)).collect();
        Some(Writes { table: self.table("writes", table), columns })
    }

    /// `type [not null] [default expression]`, in this order.
    fn added(&mut self, key: &str, table: TableRef, column: &str, text: &str) -> Added {
        let lower = text.to_lowercase();
        let (head, default) = match lower.find(" default ") {
            Some(at) => (&text[..at], Some(self.expr(key, &text[at + 9..]))),
            None => (text, None),
        };
        let head_lower = head.to_lowercase();
        let not_null = head_lower.trim_end().ends_with(" not null");
        let type_name =
            if not_null { head[..head_lower.rfind(" not null").unwrap_or(head.len())].trim() } else { head.trim() };
        if type_name.is_empty() {
            self.wrong(key, "the type is missing");
        }
        Added { table, column: self.ident(key, column), type_name: type_name.to_owned(), not_null, default }
    }

    fn declared(&mut self, key: &str, text: &str) -> Option<Declared> {
        let (kind, rest) = text.trim().split_once(' ').unwrap_or((text, ""));
        let kind = match kind {
            "table" => ObjectKind::Table,
            "index" => ObjectKind::Index,
            "view" => ObjectKind::View,
            "function" => ObjectKind::Function,
            "trigger" => ObjectKind::Trigger,
            "constraint" => ObjectKind::Constraint,
            "policy" => ObjectKind::Policy,
            "sequence" => ObjectKind::Sequence,
            "type" => ObjectKind::Type,
            // one to be added is declared under `adds`, with its type
            "column" if key == "replaces" => ObjectKind::Column,
            _ => {
                self.wrong(key, format!("`{text}` does not begin with table, index, view, function, trigger, constraint, policy, sequence or type, or under `replaces` with column"));
                return None;
            }
        };
        let owned = matches!(kind, ObjectKind::Trigger | ObjectKind::Constraint | ObjectKind::Policy);
        let of = kind == ObjectKind::Column;
        let (name, on) = match rest.rsplit_once(if of { " of " } else { " on " }) {
            Some((name, on)) if owned || of => (name.trim(), Some(on.trim().to_owned())),
            _ => (rest.trim(), None),
        };
        if of && on.is_none() {
            self.wrong(key, format!("`{text}` needs its table: `column name of table`"));
            return None;
        }
        if owned && on.is_none() {
            self.wrong(key, format!("`{text}` needs its table: `{} name on table`", kind.word()));
            return None;
        }
        let (name, arguments) = match (kind, name.split_once('(')) {
            (ObjectKind::Function, Some((name, arguments))) => {
                let arguments: Vec<&str> = arguments.trim_end_matches(')').split(',').map(str::trim).collect();
                (name.trim(), Some(arguments.join(", ")))
            }
            (ObjectKind::Function, None) => {
                self.wrong(key, format!("`{text}` needs its argument types: `function name(type, type)`"));
                return None;
            }
            _ => (name, None),
        };
        if name.is_empty() {
            self.wrong(key, format!("`{text}` names nothing"));
            return None;
        }
        Some(Declared { kind, name: name.to_owned(), on, arguments })
    }

    fn source(&mut self, w: written::Source) -> Source {
        self.at = format!("source {}", w.table);
        let id = match w.id {
            Some(written::OneOrMany::One(one)) => vec![self.ident("id", &one)],
            Some(written::OneOrMany::Many(many)) if !many.is_empty() => {
                many.iter().map(|c| self.ident("id", c)).collect()
            }
            Some(_) => {
                self.wrong("id", "name at least one column");
                Vec::new()
            }
            None => vec![Ident::of_the_server("id")],
        };
        if w.key.is_empty() {
            self.wrong("key", "each source needs a key expression");
        }
        let winner = match Expr::list(w.winner.as_deref().unwrap_or("1")) {
            Ok(list) => list.iter().map(|e| self.ranked(e.raw())).collect(),
            Err(why) => {
                self.wrong("winner", why);
                Vec::new()
            }
        };
        let columns: Vec<ColumnRule> = w.columns.into_iter().filter_map(|(c, v)| self.column(&c, v)).collect();
        if columns.is_empty() {
            self.wrong("columns", "no column is mapped");
        }
        let mut ignore = Vec::new();
        for (column, reason) in w.ignore {
            match reason.as_str().map(str::trim) {
                Some(reason) if !reason.is_empty() => ignore.push((column, reason.to_owned())),
                _ => self.wrong(&format!("ignore.{column}"), "a column is dropped only with a reason"),
            }
        }
        Source {
            table: self.table("table", &w.table),
            optional: w.optional,
            id,
            key: self.expr("key", if w.key.is_empty() { "null" } else { &w.key }),
            winner,
            filter: self.expr("where", w.filter.as_deref().unwrap_or("true")),
            on_duplicate: w.on_duplicate,
            timezone: w.timezone,
            columns,
            unmapped: w.unmapped.map(|r| Unmapped { into: self.ident("unmapped.into", &r.into), under: r.under }),
            ignore,
            sensitive: w.sensitive,
        }
    }

    /// `expression [asc | desc] [nulls first | last]`.
    fn ranked(&mut self, raw: &str) -> Ranked {
        let mut words: Vec<&str> = raw.split_whitespace().collect();
        let last_is = |words: &[&str], n: usize, wanted: &str| {
            words.len() > n && words[words.len() - n..].join(" ").eq_ignore_ascii_case(wanted)
        };
        let mut nulls_first = None;
        for (text, first) in [("nulls first", true), ("nulls last", false)] {
            if last_is(&words, 2, text) {
                words.truncate(words.len() - 2);
                nulls_first = Some(first);
            }
        }
        let descending = last_is(&words, 1, "desc");
        if descending || last_is(&words, 1, "asc") {
            words.pop();
        }
        // an expression without these words is taken as it was written, its blanks included
        let plain = nulls_first.is_none() && !descending && words.len() == raw.split_whitespace().count();
        let expr = if plain { self.expr("winner", raw) } else { self.expr("winner", &words.join(" ")) };
        Ranked { expr, descending, nulls_first }
    }

    fn column(&mut self, column: &str, value: Toml) -> Option<ColumnRule> {
        let key = format!("columns.{column}");
        let ident = self.ident(&key, column);
        let written: written::Column = match value.try_into() {
            Ok(written) => written,
            Err(_) => {
                self.wrong(&key, "write an expression, `{ expr, lossy }` or `{ from, map, default, default_at_most }`");
                return None;
            }
        };
        let value = match written {
            written::Column::Bare(expr) => Value::Expr { expr: self.expr(&key, &expr), lossy: false },
            written::Column::Lossy { expr, lossy } => Value::Expr { expr: self.expr(&key, &expr), lossy },
            written::Column::Mapped { from, map, default, default_at_most } => {
                if default_at_most.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                    self.wrong(&format!("{key}.default_at_most"), "a share lies between 0 and 1");
                }
                Value::Mapped {
                    from: self.expr(&key, &from),
                    map: map.into_iter().map(|(k, v)| (k, plain_text(&v))).collect(),
                    default: default.as_ref().map(plain_text),
                    default_at_most,
                }
            }
        };
        Some(ColumnRule { column: ident, value })
    }

    fn mapping(&mut self, w: written::Mapping) -> Mapping {
        self.at = format!("mapping {}", w.name);
        if w.fallback_at_most.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            self.wrong("fallback_at_most", "a share lies between 0 and 1");
        }
        let right = Right {
            column: self.ident("right.column", &w.right.column),
            table: self.table("right.table", &w.right.table),
            id: self.ident("right.id", w.right.id.as_deref().unwrap_or("id")),
            code: self.ident("right.code", &w.right.code),
            name: self.ident("right.name", &w.right.name),
        };
        let labelled = |reader: &mut Reader, part: &str, table: Table| -> Vec<(String, Expr)> {
            let named = reader.assignments(part, table);
            named.into_iter().map(|(label, expr)| (label.raw().to_owned(), expr)).collect()
        };
        let explicit = labelled(self, "signals.explicit", w.signals.explicit);
        let rules = labelled(self, "signals.rules", w.signals.rules);
        let text = w.signals.text.into_iter().filter_map(|(l, v)| self.text_signal(l, v)).collect();
        Mapping {
            table: self.table("table", &w.table),
            left: self.ident("left", &w.left),
            right,
            primary: w.primary.map(|p| self.ident("primary", &p)),
            taxonomy: w.taxonomy,
            fallback_at_most: w.fallback_at_most,
            required: w.required,
            evidence: w.evidence.map(|e| self.ident("evidence", &e)),
            set: self.assignments("set", w.set),
            signals: Signals { explicit, rules, text },
            name: w.name,
        }
    }

    fn text_signal(&mut self, label: String, value: Toml) -> Option<(String, f64, Expr)> {
        let key = format!("signals.text.{label}");
        let (from, weight) = match value.try_into() {
            Ok(written::TextSignal::Bare(from)) => (from, 1.0),
            Ok(written::TextSignal::Weighted { from, weight }) => (from, weight),
            Err(_) => {
                self.wrong(&key, "write an expression or `{ from, weight }`");
                return None;
            }
        };
        let expr = self.expr(&key, &from);
        Some((label, weight, expr))
    }

    fn range(&mut self, table: String, range: &Toml, sources: &[Source]) -> Option<(String, (u64, u64))> {
        if !sources.iter().any(|s| s.table.plain() == table) {
            let near = crate::text::nearest(&table, sources.iter().map(|s| s.table.name.raw()));
            self.wrong(&format!("arrived.{table}"), format!("no such source; nearest: {}", near.join(", ")));
            return None;
        }
        let ends: Option<Vec<u64>> =
            range.as_array().map(|a| a.iter().filter_map(Toml::as_integer).filter_map(|n| n.try_into().ok()).collect());
        match ends.as_deref() {
            Some([low, high]) if low <= high => Some((table, (*low, *high))),
            _ => {
                self.wrong(&format!("arrived.{table}"), "write `[least, most]`");
                None
            }
        }
    }
}

fn plain_text(value: &Toml) -> String {
    match value {
        Toml::String(s) => s.clone(),
        Toml::Boolean(b) => b.to_string(),
        Toml::Integer(n) => n.to_string(),
        Toml::Float(x) => x.to_string(),
        other => format!("{other:?}"),
    }
}
/// It stands in commands and in the names of folders.
fn names_a_consolidation(name: &str) -> bool {
    let rest = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    name.len() <= 63 && name.chars().all(rest) && !name.is_empty() && !name.starts_with(['.', '-'])
}
