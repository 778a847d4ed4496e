//! What a statement says of a table's columns, constraints and unique indexes; what it does not understand it names.

use crate::sql::parse::{Node, Statement, Syntax};
use crate::text;

/// One thing that a statement brings to a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DdlFact {
    /// The statement creates the table.
    Table,
    Column(DdlColumn),
    NotNull(String),
    Check {
        name: Option<String>,
        expression: String,
        /// Rows that are there are not held to it.
        not_valid: bool,
    },
    Unique {
        name: Option<String>,
        primary: bool,
        index: bool,
        parts: Vec<KeyPart>,
        predicate: Option<String>,
        nulls_not_distinct: bool,
        deferrable: bool,
    },
    Foreign {
        name: Option<String>,
        columns: Vec<String>,
        schema: Option<String>,
        table: String,
        referenced: Vec<String>,
        deferred: bool,
        not_valid: bool,
    },
    /// The constraint of this name is checked for rows that are there.
    Validated(String),
    /// What cannot be foretold, in words.
    Unknown(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DdlColumn {
    pub name: String,
    /// The words of its type, folded.
    pub type_words: Vec<String>,
    pub not_null: bool,
    pub default: Option<String>,
    /// `a` always, `d` by default or by a sequence of its own.
    pub identity: String,
    pub generated: bool,
    /// The expression of a generated column.
    pub generation: Option<String>,
}

/// A part of a key: a column, or an expression as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    Column(String),
    Expression(String),
}

/// What a statement brings to the table of this name, in order; nothing when it is about something else.
pub fn facts(statement: &Statement, table: &str) -> Vec<DdlFact> {
    let Some(node) = statement.node() else { return unread(statement, table) };
    let about = |name: Option<Node>| name.and_then(Node::bare_name).is_some_and(|n| n == table);
    let mut out = match node.syntax() {
        Syntax::CREATE_INDEX if about(on(node)) => {
            if node.has(Syntax::UNIQUE_KW) {
                vec![index(node)]
            } else {
                Vec::new()
            }
        }
        Syntax::CREATE_TRIGGER
            if about(node.child(Syntax::ON_RELATION).and_then(|n| n.children().find(|n| n.is_node()))) =>
        {
            let name = node.child(Syntax::TRIGGER).and_then(Node::bare_name).unwrap_or_default();
            vec![DdlFact::Unknown(format!("trigger `{name}` may change, refuse or drop a row"))]
        }
        Syntax::CREATE_TABLE | Syntax::CREATE_TABLE_AS if about(node.child(Syntax::TABLE_NAME)) => created(node, table),
        Syntax::ALTER_TABLE if about(on(node)) => altered(node, table),
        _ => return if statement.understood { Vec::new() } else { unread(statement, table) },
    };
    out.extend(unread(statement, table));
    out
}

/// The table that a statement is on.
fn on(node: Node) -> Option<Node> {
    node.child(Syntax::TABLE_RELATION_NAME)?.child(Syntax::TABLE_NAME_REF)
}

/// That a statement which names the table could not be understood.
fn unread(statement: &Statement, table: &str) -> Vec<DdlFact> {
    if statement.understood || !statement.names(table) {
        return Vec::new();
    }
    let line: Vec<&str> = statement.text.split_whitespace().collect();
    vec![DdlFact::Unknown(format!("`{}` is not understood", text::cut(&line.join(" "), 60)))]
}

fn created(node: Node, table: &str) -> Vec<DdlFact> {
    let mut out = vec![DdlFact::Table];
    let Some(inner) = node.child(Syntax::TABLE_ARG_LIST) else {
        out.push(DdlFact::Unknown(format!("`{table}` is not made of columns that the file names")));
        return out;
    };
    inner.children().for_each(|part| element(part, table, &mut out));
    let elsewhere = [Syntax::INHERITS, Syntax::PARTITION_BY, Syntax::PARTITION_OF, Syntax::OF_TYPE];
    if node.is(Syntax::CREATE_TABLE_AS) || elsewhere.iter().any(|s| node.has(*s)) {
        out.push(from_elsewhere(table));
    }
    out
}

fn from_elsewhere(table: &str) -> DdlFact {
    DdlFact::Unknown(format!("`{table}` takes a part of its shape from another table"))
}

fn altered(node: Node, table: &str) -> Vec<DdlFact> {
    let mut out = Vec::new();
    for action in node.children() {
        match action.syntax() {
            Syntax::ADD_COLUMN => element(action, table, &mut out),
            Syntax::ADD_CONSTRAINT => action.children().for_each(|part| element(part, table, &mut out)),
            Syntax::VALIDATE_CONSTRAINT => {
                let name = action.children().find(|n| n.is_node()).and_then(Node::bare_name);
                out.extend(name.map(DdlFact::Validated));
            }
            Syntax::ALTER_COLUMN if action.has(Syntax::SET_NOT_NULL) => {
                let column = action.child(Syntax::COLUMN_NAME_REF).and_then(Node::bare_name);
                out.extend(column.map(DdlFact::NotNull));
            }
            _ => {}
        }
    }
    out
}

/// A column or a constraint of a table.
fn element(node: Node, table: &str, out: &mut Vec<DdlFact>) {
    match node.syntax() {
        Syntax::COLUMN | Syntax::ADD_COLUMN => column(node, table, out),
        Syntax::LIKE_CLAUSE => out.push(from_elsewhere(table)),
        _ => constraint(node, None, table, out),
    }
}

fn column(node: Node, table: &str, out: &mut Vec<DdlFact>) {
    let Some(name) = node.child(Syntax::COLUMN_NAME).and_then(Node::bare_name) else { return };
    let mut column = DdlColumn { name: name.clone(), type_words: type_words(node), ..DdlColumn::default() };
    if let Some(first) = column.type_words.first_mut()
        && let Some(plain) = serial(first)
    {
        *first = plain.to_owned();
        column.identity = "d".to_owned();
        column.not_null = true;
    }
    let mut more = Vec::new();
    for part in node.children() {
        match part.syntax() {
            Syntax::NOT_NULL_CONSTRAINT => column.not_null = true,
            Syntax::DEFAULT_CONSTRAINT => column.default = behind(part, Syntax::DEFAULT_KW),
            Syntax::GENERATED_CONSTRAINT if part.contains(Syntax::IDENTITY_KW) => {
                column.identity = if part.contains(Syntax::ALWAYS_KW) { "a" } else { "d" }.to_owned();
                column.not_null = true;
            }
            Syntax::GENERATED_CONSTRAINT => {
                column.generated = true;
                column.generation = part.children().find_map(inside).or_else(|| inside(part));
            }
            Syntax::PRIMARY_KEY_CONSTRAINT => {
                column.not_null = true;
                constraint(part, Some(&name), table, &mut more);
            }
            Syntax::CHECK_CONSTRAINT | Syntax::UNIQUE_CONSTRAINT | Syntax::REFERENCES_CONSTRAINT => {
                constraint(part, Some(&name), table, &mut more);
            }
            _ => {}
        }
    }
    out.push(DdlFact::Column(column));
    out.append(&mut more);
}

/// The integer type behind a serial one.
pub fn serial(name: &str) -> Option<&'static str> {
    match name {
        "bigserial" | "serial8" => Some("bigint"),
        "smallserial" | "serial2" => Some("smallint"),
        "serial" | "serial4" => Some("integer"),
        _ => None,
    }
}

/// The words of a column's type: what stands between its name and its first constraint.
fn type_words(node: Node) -> Vec<String> {
    let behind = node.children().skip_while(|n| !n.is(Syntax::COLUMN_NAME)).skip(1);
    let typed = behind.take_while(|n| {
        !is_constraint(*n) && !matches!(n.syntax(), Syntax::COLLATE | Syntax::STORAGE | Syntax::COMPRESSION_METHOD)
    });
    let words = typed.flat_map(Node::tokens);
    words.map(|t| t.identifier().unwrap_or_else(|| t.text.to_owned())).collect()
}

fn is_constraint(node: Node) -> bool {
    matches!(
        node.syntax(),
        Syntax::NOT_NULL_CONSTRAINT
            | Syntax::NULL_CONSTRAINT
            | Syntax::DEFAULT_CONSTRAINT
            | Syntax::GENERATED_CONSTRAINT
            | Syntax::CHECK_CONSTRAINT
            | Syntax::UNIQUE_CONSTRAINT
            | Syntax::PRIMARY_KEY_CONSTRAINT
            | Syntax::REFERENCES_CONSTRAINT
            | Syntax::EXCLUDE_CONSTRAINT
    )
}

/// What stands between the parentheses of this node.
fn inside(node: Node) -> Option<String> {
    let inner = node.children().skip_while(|n| !n.is(Syntax::L_PAREN)).skip(1);
    let text: String = inner.take_while(|n| !n.is(Syntax::R_PAREN)).map(Node::written).collect();
    Some(text.trim().to_owned()).filter(|t| !t.is_empty())
}

/// The expression behind a word of this node.
fn behind(node: Node, word: Syntax) -> Option<String> {
    node.children().skip_while(|n| !n.is(word)).skip(1).find(|n| n.is_node()).map(Node::text)
}

/// A constraint; `column` where it stands behind one.
fn constraint(node: Node, column: Option<&str>, table: &str, out: &mut Vec<DdlFact>) {
    let name = node.child(Syntax::CONSTRAINT_NAME_CLAUSE).and_then(|n| n.child(Syntax::CONSTRAINT_NAME));
    let name = name.and_then(Node::bare_name);
    match node.syntax() {
        Syntax::CHECK_CONSTRAINT => {
            let not_valid = node.contains(Syntax::NOT_VALID);
            out.extend(inside(node).map(|expression| DdlFact::Check { name, expression, not_valid }));
        }
        Syntax::NOT_NULL_CONSTRAINT => {
            out.extend(node.child(Syntax::COLUMN_NAME_REF).and_then(Node::bare_name).map(DdlFact::NotNull));
        }
        Syntax::UNIQUE_CONSTRAINT | Syntax::PRIMARY_KEY_CONSTRAINT => unique(node, name, column, out),
        Syntax::FOREIGN_KEY_CONSTRAINT | Syntax::REFERENCES_CONSTRAINT => out.extend(foreign(node, name, column)),
        Syntax::EXCLUDE_CONSTRAINT => {
            let name = name.unwrap_or(table.to_owned());
            out.push(DdlFact::Unknown(format!("exclusion constraint `{name}` is not looked at")));
        }
        _ => {}
    }
}

fn unique(node: Node, name: Option<String>, column: Option<&str>, out: &mut Vec<DdlFact>) {
    if node.contains(Syntax::USING_INDEX_NAME) {
        return;
    }
    if node.contains(Syntax::OVERLAPS_KW) {
        let word = name.unwrap_or_default();
        return out.push(DdlFact::Unknown(format!("unique index `{word}` is not looked at")));
    }
    let primary = node.is(Syntax::PRIMARY_KEY_CONSTRAINT);
    let listed = node.find(Syntax::CONSTRAINT_COLUMN_REF_LIST).map(columns).unwrap_or_default();
    if primary && column.is_none() {
        out.extend(listed.iter().cloned().map(DdlFact::NotNull));
    }
    let parts = match column {
        Some(column) => vec![KeyPart::Column(column.to_owned())],
        None => listed.into_iter().map(KeyPart::Column).collect(),
    };
    let nulls_not_distinct = node.contains(Syntax::NULLS_NOT_DISTINCT);
    let (deferrable, _) = deferring(node);
    out.push(DdlFact::Unique { name, primary, index: false, parts, predicate: None, nulls_not_distinct, deferrable });
}

fn foreign(node: Node, name: Option<String>, column: Option<&str>) -> Option<DdlFact> {
    let (schema, table) = node.child(Syntax::TABLE_NAME_REF)?.name()?;
    let mut lists = node.children().filter(|n| n.is(Syntax::FOREIGN_KEY_COLUMN_LIST)).map(columns);
    let columns = match column {
        Some(column) => vec![column.to_owned()],
        None => lists.next().unwrap_or_default(),
    };
    let single = node.child(Syntax::COLUMN_NAME_REF).and_then(Node::bare_name);
    let referenced = lists.next().unwrap_or_else(|| single.into_iter().collect());
    let (_, deferred) = deferring(node);
    let not_valid = node.contains(Syntax::NOT_VALID);
    Some(DdlFact::Foreign { name, columns, schema, table, referenced, deferred, not_valid })
}

fn columns(list: Node) -> Vec<String> {
    list.descendants().filter(|n| n.is(Syntax::COLUMN_NAME_REF)).filter_map(Node::bare_name).collect()
}

/// Whether it can be deferred, and whether it is at first.
fn deferring(node: Node) -> (bool, bool) {
    let deferred = node.contains(Syntax::INITIALLY_DEFERRED_CONSTRAINT_OPTION);
    (deferred || node.contains(Syntax::DEFERRABLE_CONSTRAINT_OPTION), deferred)
}

fn index(node: Node) -> DdlFact {
    let name = node.child(Syntax::INDEX).and_then(Node::bare_name);
    let items = node.child(Syntax::PARTITION_ITEM_LIST).into_iter().flat_map(Node::children);
    let parts: Option<Vec<KeyPart>> = items.filter(|n| n.is(Syntax::PARTITION_ITEM)).map(part).collect();
    let Some(parts) = parts.filter(|p| !p.is_empty()) else {
        return DdlFact::Unknown(format!("unique index `{}` is not looked at", name.unwrap_or_default()));
    };
    let nulls_not_distinct = node.contains(Syntax::NULLS_NOT_DISTINCT);
    let predicate = node.child(Syntax::WHERE_CLAUSE).and_then(|n| behind(n, Syntax::WHERE_KW));
    DdlFact::Unique { name, primary: false, index: true, parts, predicate, nulls_not_distinct, deferrable: false }
}

/// A key's part without its direction; nothing where an operator class or a collation would make it another.
fn part(node: Node) -> Option<KeyPart> {
    let expression = node.children().find(|n| n.is_node())?;
    let other = [Syntax::OP_CLASS_REF, Syntax::ATTRIBUTE_LIST, Syntax::COLLATE];
    if other.iter().any(|s| node.has(*s)) {
        return None;
    }
    match expression.syntax() {
        Syntax::NAME_REF => expression.bare_name().map(KeyPart::Column),
        _ => Some(KeyPart::Expression(expression.text())),
    }
}

#[cfg(test)]
mod tests;
