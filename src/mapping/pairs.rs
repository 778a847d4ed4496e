//! What a person's file may say of a pair besides its codes: values for further columns of the mapping.

use serde_json::{Map, Value};

use crate::finding::{Finding, Severity};
use crate::mapping::review::COLUMNS;
use crate::mapping::sheet::{Sheet, cell};
use crate::text;

/// A column of the mapping's table that a file may fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fillable {
    pub name: String,
    /// The type below all domains, as the server names it.
    pub kind: String,
    /// Most characters.
    pub length: Option<i32>,
    /// Laid over what is kept there, so it must be an object.
    pub is_evidence: bool,
}

/// The columns of one file that fill a pair: place in the file, and what is filled.
pub struct Filled<'a> {
    columns: Vec<(usize, &'a Fillable)>,
}

impl<'a> Filled<'a> {
    /// By heading: the column's own name or its beginning (`priority` for `priority_level`). A heading
    /// that is almost one is a mistake; any other column is the person's own.
    pub fn of(file: &str, sheet: &Sheet, taken: &[usize], fillable: &'a [Fillable], out: &mut Vec<Finding>) -> Self {
        let mut columns: Vec<(usize, &Fillable)> = Vec::new();
        for (at, heading) in sheet.headings.iter().enumerate().filter(|(at, _)| !taken.contains(at)) {
            let exact = fillable.iter().find(|f| f.name.to_lowercase() == *heading);
            let begins: Vec<&Fillable> =
                fillable.iter().filter(|f| f.name.to_lowercase().starts_with(&format!("{heading}_"))).collect();
            let refuse = |found: String, todo: String| {
                Finding::new("unclear-column", Severity::Refusal, format!("{file}:1"), found, todo)
            };
            match (exact, begins.as_slice()) {
                (Some(one), _) | (None, &[one]) if columns.iter().any(|(_, known)| known.name == one.name) => {
                    out.push(refuse(format!("`{}` has two columns", one.name), "leave one of them".to_owned()));
                }
                (Some(one), _) | (None, &[one]) => columns.push((at, one)),
                _ if heading.is_empty() || COLUMNS.contains(&heading.as_str()) => {}
                _ => {
                    let near = text::nearest(heading, fillable.iter().map(|f| f.name.as_str()));
                    if let Some(near) = near.first() {
                        let found = format!("`{}` is no column of the mapping", text::inert(heading));
                        out.push(refuse(found, format!("did you mean `{near}`?")));
                    }
                }
            }
        }
        Filled { columns }
    }

    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }

    /// The values of one line; an empty cell says nothing. Each mistake is a sentence with what to do.
    pub fn read(&self, record: &csv::StringRecord) -> Result<Map<String, Value>, Vec<(String, String)>> {
        let mut values = Map::new();
        let mut wrong = Vec::new();
        for (at, column) in &self.columns {
            let text = cell(record, *at);
            match (text.is_empty(), column.value(text)) {
                (true, _) => {}
                (false, Ok(value)) => {
                    values.insert(column.name.clone(), value);
                }
                (false, Err(wanted)) => {
                    let shown = text::cut(&text::inert(text), 40);
                    wrong.push((format!("`{shown}` is no value for `{}`", column.name), format!("write {wanted}")));
                }
            }
        }
        if wrong.is_empty() { Ok(values) } else { Err(wrong) }
    }
}

impl Fillable {
    /// The value, or what is wanted instead.
    fn value(&self, text: &str) -> Result<Value, String> {
        let whole = |bits: u32| {
            let most = (1i128 << (bits - 1)) - 1;
            let number = text.parse::<i128>().ok().filter(|n| (-most - 1..=most).contains(n));
            number.map(|_| Value::from(text)).ok_or_else(|| "a whole number".to_owned())
        };
        match self.kind.as_str() {
            "smallint" => whole(16),
            "integer" => whole(32),
            "bigint" => whole(64),
            "numeric" | "real" | "double precision" => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(Value::from(text)),
                _ => Err("a number".to_owned()),
            },
            "boolean" => match text.to_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "on" | "1" => Ok(Value::from(true)),
                "false" | "f" | "no" | "n" | "off" | "0" => Ok(Value::from(false)),
                _ => Err("true or false".to_owned()),
            },
            "json" | "jsonb" => match serde_json::from_str::<Value>(text) {
                Ok(value) if value.is_object() || !self.is_evidence => Ok(value),
                _ if self.is_evidence => Err("a JSON object, {…}".to_owned()),
                _ => Err("JSON".to_owned()),
            },
            _ => match self.length {
                Some(most) if text.chars().count() > most.unsigned_abs() as usize => {
                    Err(format!("at most {most} characters"))
                }
                _ => Ok(Value::from(text)),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, kind: &str) -> Fillable {
        Fillable { name: name.into(), kind: kind.into(), length: None, is_evidence: name == "why" }
    }

    #[test]
    fn each_type_refuses_what_it_cannot_hold() {
        for (kind, good, bad) in [
            ("integer", "-7", "2147483648"),
            ("smallint", "32767", "high"),
            ("numeric", "1.5", "much"),
            ("boolean", "Yes", "maybe"),
            ("jsonb", "[1]", "{half"),
        ] {
            let column = column("x", kind);
            assert!(column.value(good).is_ok(), "{kind} {good}");
            assert!(column.value(bad).is_err(), "{kind} {bad}");
        }
        assert!(column("why", "jsonb").value("[1]").is_err(), "evidence is laid over, so it is an object");
        let short = Fillable { length: Some(3), ..column("x", "character varying") };
        assert!(short.value("abc").is_ok() && short.value("abcd").is_err());
    }

    #[test]
    fn headings_name_columns_by_their_beginning_and_a_slip_is_told() {
        let fillable = [column("level_of_care", "integer"), column("kind", "text")];
        let sheet = Sheet::read("key,decision,Level_of,kind,remarks\nr1,jazz,3,live,ask Ann\n").unwrap();
        let mut wrong = Vec::new();
        let filled = Filled::of("f.csv", &sheet, &[0, 1], &fillable, &mut wrong);
        assert!(wrong.is_empty(), "{wrong:?}");
        let (_, record) = sheet.lines[0].as_ref().unwrap();
        let values = filled.read(record).unwrap();
        assert_eq!(serde_json::to_string(&values).unwrap(), r#"{"level_of_care":"3","kind":"live"}"#);
        let slip = Sheet::read("key,decision,knid\n").unwrap();
        Filled::of("f.csv", &slip, &[0, 1], &fillable, &mut wrong);
        assert!(wrong[0].todo.contains("`kind`"), "{wrong:?}");
    }
}
