//! A CSV file that a person filled in, perhaps with a spreadsheet: its headings and its lines.

/// One line, with its number in the file, from 1.
pub type Line = Result<(u64, csv::StringRecord), (u64, String)>;

/// A file read whole.
#[derive(Debug)]
pub struct Sheet {
    pub headings: Vec<String>,
    pub lines: Vec<Line>,
}

impl Sheet {
    /// The error says why not even the headings could be read.
    pub fn read(text: &str) -> Result<Sheet, String> {
        // with a carriage return the reader would count the lines one short
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let head = text.lines().next().unwrap_or_default();
        // a spreadsheet may have saved it with semicolons
        let between = if head.contains(';') && !head.contains(',') { b';' } else { b',' };
        let mut reader = csv::ReaderBuilder::new().flexible(true).delimiter(between).from_reader(text.as_bytes());
        let headings = reader.headers().map_err(|e| e.to_string())?.iter().map(|h| h.trim().to_lowercase()).collect();
        let line = |record: csv::Result<csv::StringRecord>| match record {
            Ok(record) => Ok((record.position().map_or(1, csv::Position::line), record)),
            Err(error) => Err((error.position().map_or(1, csv::Position::line), error.to_string())),
        };
        Ok(Sheet { headings, lines: reader.records().map(line).collect() })
    }

    /// The first column with one of these headings.
    pub fn column(&self, names: &[String]) -> Option<usize> {
        names.iter().find_map(|name| self.headings.iter().position(|heading| *heading == name.to_lowercase()))
    }

    /// What stands in a column of every line that can be read.
    pub fn all(&self, column: usize) -> Vec<String> {
        self.lines.iter().flatten().map(|(_, record)| cell(record, column).to_owned()).collect()
    }
}

/// A cell without the blanks around it, and without the quote that keeps a spreadsheet from calculating.
pub fn cell(record: &csv::StringRecord, column: usize) -> &str {
    let text = record.get(column).unwrap_or_default().trim();
    text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(text)
}
