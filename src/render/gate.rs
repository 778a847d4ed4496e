//! Gates for people: an artifact as Markdown, its criteria on the terminal, the question.

use std::io::BufRead;
use std::path::Path;

use super::Output;
use crate::cli::Format;
use crate::error::{Error, Result};
use crate::gate::{Answer, Document, Section};
use crate::text;

/// A cell of a Markdown table.
fn cell(text: &str) -> String {
    text::inert(text).replace('|', "\\|")
}

fn section(s: &Section) -> String {
    let mut out = format!("## {}\n\n", s.heading);
    for line in &s.lines {
        out.push_str(&format!("- {}\n", text::inert(line)));
    }
    if s.rows.is_empty() {
        if s.lines.is_empty() {
            out.push_str("none\n");
        }
        out.push('\n');
        return out;
    }
    if !s.lines.is_empty() {
        out.push('\n');
    }
    let line = |cells: &[String]| format!("| {} |\n", cells.iter().map(|c| cell(c)).collect::<Vec<_>>().join(" | "));
    out.push_str(&line(&s.columns));
    out.push_str(&format!("|{}\n", "---|".repeat(s.columns.len())));
    for row in &s.rows {
        out.push_str(&line(row));
    }
    out.push('\n');
    out
}

impl Output {
    pub fn markdown(&self, doc: &Document) -> String {
        let run = doc.run.map(|r| format!(", run {r}")).unwrap_or_default();
        let mut out = format!(
            "# {} {}\n\n{} on {}{run}; version {}, {}\n\n",
            doc.id,
            text::inert(&doc.title),
            text::inert(&doc.consolidation),
            text::inert(&doc.database),
            doc.version,
            doc.made_at
        );
        for line in &doc.summary {
            out.push_str(&format!("- {}\n", text::inert(line)));
        }
        out.push_str("\n## Gate\n\n");
        for c in &doc.criteria {
            let mark = if c.met { "x" } else { " " };
            out.push_str(&format!("- [{mark}] {}: {}\n", text::inert(&c.what), text::inert(&c.found)));
        }
        for d in &doc.decisions {
            out.push_str(&format!(
                "\nversion {}: **{}** by {} ({})\n",
                d.version,
                d.answer,
                text::inert(&d.who),
                text::inert(&d.reason)
            ));
        }
        out.push('\n');
        for s in &doc.sections {
            out.push_str(&section(s));
        }
        out
    }

    pub fn document_json(&self, doc: &Document) -> Result<String> {
        serde_json::to_string_pretty(doc).map(|t| t + "\n").map_err(|e| Error::bug(e.to_string()))
    }

    /// The artifact itself, as the result.
    pub fn document(&self, doc: &Document) -> Result<()> {
        match self.format {
            Format::Json => self.json(doc),
            Format::Human => self.text(&self.markdown(doc)),
        }
    }

    /// The gate's criteria on stderr.
    pub fn gate(&self, doc: &Document, folder: &Path) {
        let mut out = format!("\n{} {}", doc.id, text::inert(&doc.title));
        if doc.version > 1 {
            out.push_str(&format!(" (version {})", doc.version));
        }
        for line in &doc.summary {
            out.push_str(&format!("\n  {}", text::inert(line)));
        }
        for c in &doc.criteria {
            let mark = if c.met { "✓" } else { "✗" };
            out.push_str(&format!("\n  {mark} {}: {}", text::inert(&c.what), text::inert(&c.found)));
        }
        out.push_str(&format!("\n  evidence: {}", folder.join(format!("{}.md", doc.id)).display()));
        self.say(&out);
    }

    /// The answer of whoever sits there, with the reason; without anybody it is a stop.
    pub fn ask_at_gate(&self, id: &str) -> Result<(Answer, String)> {
        if !self.interactive {
            return Ok((Answer::Stop, "nobody was there to answer".to_owned()));
        }
        loop {
            let typed = self.asked(&format!("{id}: [a]pprove, [r]evise, [s]top or roll [b]ack? "))?;
            let answer = match typed.as_deref().map(str::to_lowercase).as_deref() {
                Some("a" | "approve") => return Ok((Answer::Approve, "answered at the terminal".to_owned())),
                Some("r" | "revise") => Answer::Revise,
                Some("s" | "stop") => Answer::Stop,
                Some("b" | "back" | "rollback" | "roll back") => Answer::Rollback,
                None => return Ok((Answer::Stop, "the terminal was closed".to_owned())),
                Some(_) => continue,
            };
            let reason = self.asked("why? ")?.unwrap_or_default();
            return Ok((answer, if reason.is_empty() { "no reason was given".to_owned() } else { reason }));
        }
    }

    /// Until somebody presses Enter.
    pub fn wait(&self, what: &str) -> Result<()> {
        if self.interactive {
            self.asked(&format!("{what} "))?;
        }
        Ok(())
    }

    /// One line from the terminal; none at its end.
    fn asked(&self, question: &str) -> Result<Option<String>> {
        if let Ok(mut err) = self.stderr.lock() {
            // whoever cannot see the question cannot answer it either
            let _ = write!(err, "{question}");
            let _ = err.flush();
        }
        let mut line = String::new();
        let read = std::io::stdin()
            .lock()
            .read_line(&mut line)
            .map_err(|e| Error::file("read from", std::path::Path::new("the terminal"), e))?;
        Ok((read > 0).then(|| line.trim().to_owned()))
    }
}
