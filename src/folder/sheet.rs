//! The one writer of CSV: no cell of it drives a spreadsheet or a terminal.

use std::borrow::Cow;
use std::io::Write;

use crate::text;

/// CSV lines of harmless cells.
pub struct Sheet<W: Write>(csv::Writer<W>);

impl<W: Write> Sheet<W> {
    pub fn new(into: W, columns: &[&str]) -> Result<Sheet<W>, csv::Error> {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(into);
        csv.write_record(columns)?;
        Ok(Sheet(csv))
    }

    pub fn line<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> Result<(), csv::Error> {
        for cell in cells {
            self.0.write_field(text::cell(cell.as_ref()).as_bytes())?;
        }
        self.0.write_record(None::<&[u8]>)
    }

    pub fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }

    /// What was written to, whole.
    pub fn done(mut self) -> Result<W, csv::Error> {
        self.0.flush()?;
        self.0.into_inner().map_err(|e| e.into_error().into())
    }
}

/// The fields of a line of COPY's text format; none is null.
pub fn fields(line: &[u8]) -> Vec<Option<Cow<'_, str>>> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.split(|b| *b == b'\t').map(|field| (field != b"\\N").then(|| unescaped(field))).collect()
}

fn unescaped(field: &[u8]) -> Cow<'_, str> {
    if !field.contains(&b'\\') {
        return String::from_utf8_lossy(field);
    }
    let mut out = Vec::with_capacity(field.len());
    let mut bytes = field.iter().copied();
    while let Some(b) = bytes.next() {
        match b {
            b'\\' => out.extend(bytes.next().map(|escaped| match escaped {
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                other => other,
            })),
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned().into()
}

/// What a column holds, as JSON writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// A number or JSON, written as it is.
    Bare,
    Truth,
}

/// A line of a JSON array of objects, without what parts it from the next.
pub fn json(columns: &[(&str, Kind)], fields: &[Option<Cow<'_, str>>], out: &mut Vec<u8>) -> serde_json::Result<()> {
    out.push(b'{');
    for (n, ((name, kind), field)) in columns.iter().zip(fields).enumerate() {
        if n > 0 {
            out.push(b',');
        }
        serde_json::to_writer(&mut *out, name)?;
        out.push(b':');
        match (field, kind) {
            (None, _) => out.extend(b"null"),
            (Some(text), Kind::Text) => serde_json::to_writer(&mut *out, text)?,
            (Some(text), Kind::Bare) => out.extend(text.as_bytes()),
            (Some(text), Kind::Truth) => out.extend(if text == "t" { &b"true"[..] } else { b"false" }),
        }
    }
    out.push(b'}');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_value_is_a_plain_cell_in_every_sheet() {
        let mut sheet = Sheet::new(Vec::new(), &["a", "b"]).unwrap();
        for hostile in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "\u{1b}[2J", "a\u{202e}b"] {
            sheet.line([hostile, "x"]).unwrap();
        }
        let text = String::from_utf8(sheet.done().unwrap()).unwrap();
        for line in text.lines().skip(1) {
            let cell = line.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{line:?}");
            assert!(cell.chars().all(|c| !c.is_control() && !text::is_bidi(c)), "{line:?}");
        }
    }

    #[test]
    fn copied_fields_come_back_as_they_were() {
        let given = fields(b"a\\tb\t\\N\t\\\\N\t\t=\\n\n");
        let given: Vec<_> = given.iter().map(Option::as_deref).collect();
        assert_eq!(given, [Some("a\tb"), None, Some("\\N"), Some(""), Some("=\n")]);
    }

    #[test]
    fn a_line_of_json_says_null_numbers_and_truth_as_what_they_are() {
        let columns = [("a", Kind::Text), ("n", Kind::Bare), ("j", Kind::Bare), ("t", Kind::Truth), ("x", Kind::Text)];
        let mut out = Vec::new();
        json(&columns, &fields(b"say \"\\\\x\\n\"\t-7\t{\"k\": \"b\\\\\\\\c\"}\tt\t\\N\n"), &mut out).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&out).unwrap();
        let wanted = serde_json::json!({ "a": "say \"\\x\n\"", "n": -7, "j": { "k": "b\\c" }, "t": true, "x": null });
        assert_eq!(read, wanted);
    }
}
