//! Every object of a schema with its definition, and what changed between two looks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One object as the catalog words it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Object {
    /// `index items_key`, `trigger t on x`, `column c of x`; names as they are, unquoted.
    pub object: String,
    /// The table it belongs to, where it goes when the table goes.
    pub belongs_to: Option<String>,
    pub definition: String,
    /// Owner, privileges, comment and what else belongs to it; none in what was stored before these were read.
    #[serde(default)]
    pub facts: Option<String>,
}

impl Object {
    fn differs(&self, other: &Object) -> bool {
        let both = self.facts.as_ref().zip(other.facts.as_ref());
        self.definition != other.definition || both.is_some_and(|(one, other)| one != other)
    }
}

/// All objects of one schema by their wording.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Objects(BTreeMap<String, Object>);

/// What happened to an object between two looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    Appeared(Object),
    Vanished(Object),
    /// Now and before.
    Changed(Object, Object),
}

impl Change {
    pub fn object(&self) -> &Object {
        match self {
            Change::Appeared(o) | Change::Vanished(o) | Change::Changed(o, _) => o,
        }
    }
}

impl FromIterator<Object> for Objects {
    fn from_iter<I: IntoIterator<Item = Object>>(iter: I) -> Self {
        Objects(iter.into_iter().map(|o| (o.object.clone(), o)).collect())
    }
}

impl Objects {
    pub fn get(&self, object: &str) -> Option<&Object> {
        self.0.get(object)
    }

    pub fn all(&self) -> impl Iterator<Item = &Object> {
        self.0.values()
    }

    pub fn has(&self, object: &str) -> bool {
        self.0.contains_key(object)
    }

    /// What is different in `after`; things that belong to a table that appeared are part of it.
    pub fn changes(&self, after: &Objects) -> Vec<Change> {
        let new_table = |o: &Object| {
            o.belongs_to.as_ref().is_some_and(|t| {
                let (table, view) = (format!("table {t}"), format!("view {t}"));
                (after.has(&table) && !self.has(&table)) || (after.has(&view) && !self.has(&view))
            })
        };
        let mut out = Vec::new();
        for (name, now) in &after.0 {
            match self.0.get(name) {
                None if !new_table(now) => out.push(Change::Appeared(now.clone())),
                Some(then) if then.differs(now) => out.push(Change::Changed(now.clone(), then.clone())),
                _ => {}
            }
        }
        for (name, then) in &self.0 {
            if !after.has(name) {
                out.push(Change::Vanished(then.clone()));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(object: &str, belongs_to: Option<&str>, definition: &str) -> Object {
        Object {
            object: object.into(),
            belongs_to: belongs_to.map(Into::into),
            definition: definition.into(),
            facts: None,
        }
    }

    #[test]
    fn what_belongs_to_a_new_table_is_not_told_apart() {
        let before: Objects = [object("table a", None, ""), object("index i", Some("a"), "x")].into_iter().collect();
        let after: Objects = [
            object("table a", None, ""),
            object("index i", Some("a"), "y"),
            object("table b", None, ""),
            object("index j", Some("b"), ""),
            object("index k", Some("a"), ""),
        ]
        .into_iter()
        .collect();
        let changes: Vec<String> = before.changes(&after).iter().map(|c| c.object().object.clone()).collect();
        assert_eq!(changes, ["index i", "index k", "table b"]);
    }
}
