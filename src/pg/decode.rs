//! Rows that come as JSON, as the values asked for; rows that come as text, column by column.

use serde::de::{DeserializeOwned, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sqlx::Row;
use sqlx::postgres::PgRow;

use super::fault::translate;
use crate::error::{Error, Result};

/// The row's only column, a text that holds JSON.
pub(super) fn decode<T: DeserializeOwned>(doing: &str, row: &PgRow) -> Result<T> {
    let text: &str = row.try_get(0).map_err(|e| translate(doing, e))?;
    value(text).map_err(|e| Error::bug(format!("unexpected row while {doing}: {e}")))
}

/// A row of text columns.
pub struct Texts<'r> {
    doing: &'r str,
    row: &'r PgRow,
}

impl<'r> Texts<'r> {
    pub(super) fn new(doing: &'r str, row: &'r PgRow) -> Texts<'r> {
        Texts { doing, row }
    }

    /// The column at a place, the first at 0; none where it is null.
    pub fn at(&self, place: usize) -> Result<Option<&'r str>> {
        self.row.try_get(place).map_err(|e| translate(self.doing, e))
    }

    /// The column at a place, which holds JSON.
    pub fn json<T: DeserializeOwned>(&self, place: usize) -> Result<Option<T>> {
        let text = self.at(place)?;
        let value = text.map(serde_json::from_str).transpose();
        value.map_err(|e| Error::bug(format!("unexpected row while {}: {e}", self.doing)))
    }
}

/// A query of one column gives the value itself, so that `one::<i64>` reads as it should.
fn value<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    if serde_json::from_str::<OneField>(text).is_err() {
        return serde_json::from_str(text);
    }
    let value: Value = serde_json::from_str(text)?;
    if let Value::Object(fields) = &value
        && let Some(only) = fields.values().next()
        && let Ok(only) = T::deserialize(only)
    {
        return Ok(only);
    }
    T::deserialize(value)
}

/// An object of one field; looks no further than the second.
struct OneField;

impl<'de> Deserialize<'de> for OneField {
    fn deserialize<D: Deserializer<'de>>(from: D) -> std::result::Result<OneField, D::Error> {
        from.deserialize_map(OneField)
    }
}

impl<'de> Visitor<'de> for OneField {
    type Value = OneField;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object of one field")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> std::result::Result<OneField, A::Error> {
        match (fields.next_entry::<IgnoredAny, IgnoredAny>()?, fields.next_key::<IgnoredAny>()?) {
            (Some(_), None) => Ok(OneField),
            _ => Err(A::Error::custom("not one field")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    struct One {
        a: i64,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Two {
        a: i64,
        #[serde(default)]
        b: Option<String>,
    }

    #[test]
    fn one_column_is_its_value_unless_an_object_was_asked_for() {
        assert_eq!(value::<i64>(r#"{"a": 5}"#).unwrap(), 5);
        assert_eq!(value::<Option<String>>(r#"{"a": null}"#).unwrap(), None);
        assert_eq!(value::<One>(r#"{"a": 5}"#).unwrap(), One { a: 5 });
        assert_eq!(value::<Vec<i64>>(r#"{"a": [1, 2]}"#).unwrap(), [1, 2]);
        assert_eq!(value::<Value>(r#"{"a": {"b": 1}}"#).unwrap(), serde_json::json!({ "b": 1 }));
        assert_eq!(value::<Two>(r#"{"a": 5}"#).unwrap(), Two { a: 5, b: None });
    }

    #[test]
    fn several_columns_are_an_object_and_a_bare_value_is_itself() {
        assert_eq!(value::<Two>(r#"{"a": 5, "b": "x"}"#).unwrap(), Two { a: 5, b: Some("x".to_owned()) });
        assert_eq!(value::<i64>("7").unwrap(), 7);
        assert_eq!(value::<Vec<i64>>("[]").unwrap(), Vec::<i64>::new());
        assert!(value::<i64>(r#"{"a": 5, "b": 6}"#).is_err());
    }
}
