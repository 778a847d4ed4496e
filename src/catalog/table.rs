//! One table: columns, indexes, constraints and triggers.

use serde::{Deserialize, Serialize};

use super::zoned::{TypeParts, Zoned};
use crate::sql::Name;

/// A table or view.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    pub name: Name,
    /// `r` table, `p` partitioned, `v` view, `m` materialized view, `f` foreign.
    pub kind: String,
    pub owner: String,
    /// Nobody should be made a member of such a role.
    #[serde(default)]
    pub owner_is_superuser: bool,
    /// Whether we are a member of the owning role.
    pub owned: bool,
    pub can_select: bool,
    pub can_insert: bool,
    pub can_update: bool,
    pub row_security: bool,
    pub row_security_forced: bool,
    /// Other tables inherit from it, and reading it reads them; a partitioned table has none in this sense.
    #[serde(default)]
    pub has_heirs: bool,
    /// The tables it inherits from or is a partition of, whatever the distance.
    #[serde(default)]
    pub ancestors: Vec<Name>,
    /// Rules that rewrite an insert, update or delete.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Empty after a crash of the server, and not on replicas.
    #[serde(default)]
    pub unlogged: bool,
    /// The planner's estimate; -1 when never analyzed.
    pub estimated_rows: i64,
    pub bytes: i64,
    pub columns: Vec<Column>,
    pub indexes: Vec<Index>,
    pub constraints: Vec<Constraint>,
    pub triggers: Vec<Trigger>,
    /// Sequences that feed its columns, by identity, ownership or a default that uses them; those that we may read.
    pub sequences: Vec<Name>,
    /// Those that we may not read or not move on.
    #[serde(default)]
    pub closed_sequences: Vec<Name>,
    /// What the types of its columns consist of.
    #[serde(default, skip_serializing)]
    pub types: Vec<TypeParts>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    /// As `format_type` prints it, with its length or precision.
    pub type_name: String,
    /// The same without length or precision; what a value is cast to.
    pub base_type: String,
    /// The type below all domains, without length or precision.
    pub bottom_type: String,
    /// Most characters, for character types, arrays of them and domains over them.
    pub length: Option<i32>,
    /// How many bits, likewise: exactly so many, or at most where the type varies.
    #[serde(default)]
    pub bits: Option<i32>,
    pub precision: Option<i32>,
    pub scale: Option<i32>,
    pub not_null: bool,
    pub default: Option<String>,
    pub volatile_default: bool,
    /// `a` always, `d` by default, empty for none.
    pub identity: String,
    pub generated: bool,
    pub is_domain: bool,
    pub is_enum: bool,
    /// What the type was given in parentheses, or the fields of an interval, as the server holds it; an array's are
    /// those of its elements.
    #[serde(default)]
    pub typmod: Option<i32>,
    /// The expression of a generated column.
    #[serde(default)]
    pub generation: Option<String>,
    /// The sequence that its default uses, or its identity.
    #[serde(default)]
    pub sequence: Option<Name>,
    /// Values of other text can be equal: the collation says so.
    #[serde(default)]
    pub nondeterministic: bool,
    /// Its collation is another than that of its type.
    #[serde(default)]
    pub own_collation: bool,
    /// A row type, or an array of one.
    #[serde(default)]
    pub composite: bool,
    /// The operator by which its values are equal, with its schema; none for a type that has none.
    #[serde(default)]
    pub equality: Option<String>,
    /// The operators of the order of its type; none for a type that has none.
    #[serde(default)]
    pub order_operators: Option<OrderOperators>,
    /// By which its values are compared; none for a type that has none.
    #[serde(default)]
    pub collation: Option<Name>,
    /// The type below all domains, as the server numbers it.
    #[serde(default, skip_serializing)]
    pub bottom_id: i64,
    /// The type has a cast to text of its own, which may say less than its output.
    #[serde(default)]
    pub cast_to_text: bool,
    /// Where its text depends on the session's time zone.
    #[serde(default)]
    pub zoned: Option<Zoned>,
}

/// A type by its name, as far as one must know it before a column has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TypeShape {
    /// As the server spells it, without length or precision.
    pub name: String,
    /// The type below all domains.
    pub bottom: String,
    pub is_domain: bool,
    pub is_enum: bool,
    /// What a domain sets.
    pub length: Option<i32>,
    pub bits: Option<i32>,
    pub precision: Option<i32>,
    pub scale: Option<i32>,
    #[serde(default)]
    pub equality: Option<String>,
    #[serde(default)]
    pub collation: Option<Name>,
    #[serde(default)]
    pub cast_to_text: bool,
}

impl Column {
    /// A column that the server fills when an insert does not name it.
    pub fn fills_itself(&self) -> bool {
        self.default.is_some() || !self.identity.is_empty() || self.generated
    }

    /// A domain that cuts or rounds what is cast to it; a value is judged before that.
    pub fn cuts(&self) -> bool {
        self.is_domain && (self.length.is_some() || self.bits.is_some() || self.precision.is_some())
    }

    /// What a value can be cast to without being cut: `character` alone would mean one character.
    pub fn uncut_type(&self) -> &str {
        match if self.cuts() { self.bottom_type.as_str() } else { self.base_type.as_str() } {
            "character" => "bpchar",
            "character[]" => "bpchar[]",
            "bit" => "bit varying",
            "bit[]" => "bit varying[]",
            other => other,
        }
    }

    /// Whether the server fits a value in, by length, precision or fields, where a row is written.
    pub fn fits_in(&self) -> bool {
        self.typmod.is_some() || self.length.is_some() || self.bits.is_some() || self.precision.is_some()
    }

    /// Whether two values are equal exactly where their texts are.
    pub fn equal_as_text(&self) -> bool {
        const SAME: [&str; 18] = [
            "text",
            "character varying",
            "character",
            "name",
            "\"char\"",
            "smallint",
            "integer",
            "bigint",
            "uuid",
            "boolean",
            "bytea",
            "date",
            "timestamp without time zone",
            "timestamp with time zone",
            "time without time zone",
            "inet",
            "cidr",
            "macaddr",
        ];
        let scaled = self.bottom_type == "numeric" && self.scale.is_some();
        !self.nondeterministic && (scaled || self.is_enum || SAME.contains(&self.bottom_type.as_str()))
    }

    /// Length, precision and bits are those of its elements.
    pub fn is_array(&self) -> bool {
        self.bottom_type.ends_with("[]")
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    pub name: String,
    pub unique: bool,
    pub primary: bool,
    pub valid: bool,
    pub immediate: bool,
    pub nulls_not_distinct: bool,
    /// Key parts as printed: a quoted column name or an expression.
    pub parts: Vec<String>,
    /// The plain columns among the parts; none for an expression.
    pub columns: Vec<Option<String>>,
    pub predicate: Option<String>,
    /// How each key part is compared.
    #[serde(default)]
    pub key_parts: Vec<KeyPart>,
}

/// How a key part of an index is compared.
/// Operators of a b-tree order with their schema: `operator(pg_catalog.<=)`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OrderOperators {
    pub above: String,
    pub up_to: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyPart {
    pub type_name: String,
    /// The operator of its equality with its schema: `operator(pg_catalog.=)`; none where the index is no b-tree.
    pub operator: Option<String>,
    pub collation: Option<Name>,
}

impl Index {
    /// Unique over exactly this one column, whole table, checked at once: what `on conflict (column)` needs.
    pub fn arbitrates(&self, column: &str) -> bool {
        self.is_key_over(&[column]) && self.predicate.is_none() && self.immediate
    }

    /// A valid unique index over exactly these columns.
    pub fn is_key_over(&self, columns: &[&str]) -> bool {
        let mut mine: Vec<&str> = self.columns.iter().filter_map(Option::as_deref).collect();
        let mut wanted = columns.to_vec();
        mine.sort_unstable();
        wanted.sort_unstable();
        self.unique && self.valid && mine == wanted && mine.len() == self.parts.len()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConstraintKind {
    #[serde(rename = "c")]
    Check,
    #[serde(rename = "f")]
    Foreign,
    #[serde(rename = "p")]
    Primary,
    #[serde(rename = "u")]
    Unique,
    #[serde(rename = "x")]
    Exclusion,
    #[serde(rename = "t")]
    Trigger,
    #[serde(rename = "n")]
    NotNull,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Constraint {
    pub name: String,
    pub kind: ConstraintKind,
    /// The expression of a check.
    pub expression: Option<String>,
    pub columns: Vec<String>,
    /// What a foreign key points to.
    pub references: Option<Name>,
    pub referenced_columns: Vec<String>,
    /// By which operator each referenced column is compared with its own, with the operator's schema.
    #[serde(default)]
    pub operators: Vec<String>,
    /// The collations of the referenced columns.
    #[serde(default)]
    pub collations: Vec<Option<Name>>,
    pub deferred: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    pub name: String,
    pub function: String,
    pub before: bool,
    pub per_row: bool,
    pub on_insert: bool,
    pub on_update: bool,
    pub on_delete: bool,
    /// `O` and `A` fire for us; `D` and `R` do not.
    pub enabled: String,
    #[serde(default)]
    pub deferrable: bool,
    /// Its function can return null before a row is inserted: the row goes nowhere, or elsewhere.
    #[serde(default)]
    pub drops: bool,
    /// The same, and it returns nothing else.
    #[serde(default)]
    pub always_drops: bool,
}

impl Trigger {
    pub fn fires(&self) -> bool {
        matches!(self.enabled.as_str(), "O" | "A")
    }

    /// An update is the only thing that fires it.
    pub fn on_update_alone(&self) -> bool {
        self.on_update && !self.on_insert && !self.on_delete
    }
}

impl Table {
    /// Says of each column where the zone is in its type.
    pub fn find_zones(&mut self) {
        for column in &mut self.columns {
            column.zoned = Zoned::of(column.bottom_id, &self.types);
        }
    }
}

impl Table {
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name)
    }

    pub fn column_names(&self) -> Vec<&str> {
        self.columns.iter().map(|c| c.name.as_str()).collect()
    }

    /// The index that keeps rows apart by this column: one over the whole table if there is one, else a partial one.
    pub fn key_index(&self, column: &str) -> Option<&Index> {
        let partial = |i: &&Index| i.is_key_over(&[column]) && i.immediate;
        self.indexes.iter().find(|i| i.arbitrates(column)).or_else(|| self.indexes.iter().find(partial))
    }

    /// The enabled user triggers that an update of a row would fire.
    pub fn update_triggers(&self) -> impl Iterator<Item = &Trigger> {
        self.triggers.iter().filter(|t| t.on_update && t.fires())
    }
}
