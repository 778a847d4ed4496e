//! Pictures of a run as inline SVG: outcomes by source, where the time went, old and new columns.

use super::build::Page;
use crate::facts::{Counts, Outcome};
use crate::ledger::SourceRow;
use crate::plan::DictionaryEntry;
use crate::text::{cut, thousands};

/// Outcomes in the order of a bar, each with its colour.
pub const OUTCOMES: [(Outcome, &str); 8] = [
    (Outcome::Inserted, "c1"),
    (Outcome::Merged, "c2"),
    (Outcome::Unchanged, "c7"),
    (Outcome::Duplicate, "c3"),
    (Outcome::DuplicateInSource, "c4"),
    (Outcome::Filtered, "c5"),
    (Outcome::Rejected, "c6"),
    (Outcome::Pending, "c8"),
];

const WIDTH: f64 = 980.0;

/// `<rect …>` of a class; geometry is numbers.
fn rect(p: &mut Page, class: &'static str, x: f64, y: f64, w: f64, h: f64) {
    p.raw("<rect class=\"").raw(class).raw("\" x=\"").number(x).raw("\" y=\"").number(y);
    p.raw("\" width=\"").number(w).raw("\" height=\"").number(h).raw("\" rx=\"2\"/>");
}

fn words(p: &mut Page, class: &'static str, x: f64, y: f64, text: &str) {
    p.raw("<text class=\"")
        .raw(class)
        .raw("\" x=\"")
        .number(x)
        .raw("\" y=\"")
        .number(y)
        .raw("\">")
        .say(text)
        .raw("</text>");
}

fn open(p: &mut Page, height: f64, label: &str) {
    p.raw("<svg viewBox=\"0 0 ").number(WIDTH).raw(" ").number(height).raw("\" width=\"").number(WIDTH);
    p.raw("\" height=\"").number(height).raw("\" role=\"img\" aria-label=\"").say(label).raw("\">");
}

/// One bar per source, as long as its rows are many, cut by outcome.
pub fn outcomes(p: &mut Page, sources: &[SourceRow]) {
    let most = sources.iter().map(|s| s.counts.read).max().unwrap_or(0).max(1) as f64;
    let (left, room) = (230.0, WIDTH - 230.0 - 90.0);
    open(p, sources.len() as f64 * 34.0 + 4.0, "Outcomes of the legacy rows by source");
    for (i, s) in sources.iter().enumerate() {
        let y = i as f64 * 34.0 + 4.0;
        words(p, "end", left - 12.0, y + 17.0, &cut(&s.source, 30));
        let mut x = left;
        for (outcome, class) in OUTCOMES {
            let n = s.counts.get(outcome);
            if n > 0 {
                // a single row among a million is still seen
                let w = (n as f64 / most * room).max(2.5);
                rect(p, class, x, y, w, 24.0);
                x += w;
            }
        }
        words(p, "dim", x + 8.0, y + 17.0, &thousands(s.counts.read));
    }
    p.raw("</svg>\n<ul class=\"legend\">");
    let all: Counts = sources.iter().map(|s| s.counts).sum();
    for (outcome, class) in OUTCOMES {
        let n = all.get(outcome);
        if n > 0 {
            p.raw("<li><svg width=\"11\" height=\"11\">");
            rect(p, class, 0.0, 0.0, 11.0, 11.0);
            p.raw("</svg>").say(outcome.words()).raw(" ").say(&thousands(n)).raw("</li>");
        }
    }
    p.raw("</ul>\n");
}

/// One bar per part: name, milliseconds and how they read.
pub fn bars(p: &mut Page, label: &str, parts: &[(String, f64, String)]) {
    let most = parts.iter().map(|b| b.1).fold(0.0, f64::max).max(0.001);
    let (left, room) = (380.0, WIDTH - 380.0 - 100.0);
    open(p, parts.len() as f64 * 26.0 + 4.0, label);
    for (i, (name, ms, reads)) in parts.iter().enumerate() {
        let y = i as f64 * 26.0 + 4.0;
        words(p, "end", left - 12.0, y + 14.0, &cut(name, 52));
        let w = (ms.max(0.0) / most * room).max(1.5);
        rect(p, "c1", left, y, w, 18.0);
        words(p, "dim", left + w + 8.0, y + 14.0, reads);
    }
    p.raw("</svg>\n");
}

/// Colours of the wires, one per source.
const WIRES: [&str; 6] = ["wire k1", "wire k7", "wire k4", "wire k2", "wire k6", "wire k3"];

/// Old columns on the left, new ones on the right, a wire for each value that goes over.
pub fn columns(p: &mut Page, source: &str, place: usize, entries: &[DictionaryEntry]) {
    let mut old: Vec<&str> = Vec::new();
    let mut new: Vec<&str> = Vec::new();
    for e in entries {
        for u in &e.uses {
            if !old.contains(&u.as_str()) {
                old.push(u);
            }
        }
        if let Some(column) = e.column.as_deref()
            && !new.contains(&column)
        {
            new.push(column);
        }
    }
    let height = (old.len().max(new.len()) as f64).mul_add(22.0, 34.0);
    let (left, right) = (300.0, WIDTH - 300.0);
    open(p, height, "Old columns and the new columns that they go to");
    words(p, "b end", left, 15.0, &cut(source, 40));
    words(p, "b", right, 15.0, "target");
    let y = |i: usize| i as f64 * 22.0 + 40.0;
    for (i, name) in old.iter().enumerate() {
        let used = entries.iter().any(|e| e.column.is_some() && e.uses.iter().any(|u| u == name));
        words(p, if used { "end" } else { "dim end" }, left - 10.0, y(i), &cut(name, 40));
    }
    for (i, name) in new.iter().enumerate() {
        words(p, "", right + 10.0, y(i), &cut(name, 40));
    }
    for e in entries {
        let Some(to) = e.column.as_deref().and_then(|c| new.iter().position(|n| *n == c)) else { continue };
        for from in e.uses.iter().filter_map(|u| old.iter().position(|o| o == u)) {
            let class = if e.kind == "kept" { "wire k5" } else { WIRES[place % WIRES.len()] };
            let (a, b, middle) = (y(from) - 4.0, y(to) - 4.0, (left + right) / 2.0);
            p.raw("<path class=\"").raw(class).raw("\" d=\"M").number(left).raw(" ").number(a).raw(" C").number(middle);
            p.raw(" ")
                .number(a)
                .raw(" ")
                .number(middle)
                .raw(" ")
                .number(b)
                .raw(" ")
                .number(right)
                .raw(" ")
                .number(b)
                .raw("\"/>");
        }
    }
    p.raw("</svg>\n");
}
