//! Mappings for people: what would change, statistics, and how well inference does.

use comfy_table::{Cell, CellAlignment};

use super::human::{finding_line, number, plain, table};
use crate::execute::MappingOutlook;
use crate::mapping::score::Score;
use crate::mapping::statistics::Line;
use crate::text::{self, count};

pub fn outlooks(all: &[MappingOutlook]) -> String {
    let mut out = String::new();
    for o in all {
        out.push_str(&format!(
            "{}: {} without a mapping; {} would be mapped, {} would wait for a person; nothing is written\n",
            text::inert(&o.mapping),
            count(o.unmapped, "live row"),
            text::thousands(o.mapped),
            text::thousands(o.review)
        ));
        for change in &o.changes {
            out.push_str(&format!("  {}\n", text::cut(&text::inert(&change.key), 100)));
            for c in &change.add {
                let evidence = text::cut(&text::inert(&c.evidence), 100);
                out.push_str(&format!(
                    "    + {} {:.2} {}: {evidence}\n",
                    text::inert(&c.code),
                    c.confidence,
                    c.because
                ));
            }
        }
        if o.mapped > o.changes.len() as u64 {
            out.push_str(&format!(
                "  and {} more; --row-limit shows them\n",
                count(o.mapped - o.changes.len() as u64, "row")
            ));
        }
        out.push_str(&statistics(&o.statistics));
        for alarm in &o.alarms {
            out.push_str(&format!("{}\n", finding_line(alarm)));
        }
    }
    out
}

pub fn statistics(lines: &[Line]) -> String {
    let mut t = table(&["by", "", "rows", "primaries", "confidence", "unmapped"]);
    for l in lines {
        let by = serde_json::to_value(l.by).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        let right = |s: String| Cell::new(s).set_alignment(CellAlignment::Right);
        t.add_row(vec![
            plain(&by),
            plain(&l.value),
            number(l.rows),
            number(l.primaries),
            right(l.mean_confidence.map_or(String::new(), |c| format!("{c:.2}"))),
            right(l.unmapped.map_or(String::new(), text::thousands)),
        ]);
    }
    format!("{t}\n")
}

pub fn score(s: &Score) -> String {
    let mut out = format!(
        "{}\naccuracy at full coverage   {:.3}\nmacro-F1                    {:.3}\nthreshold                   {:.3}\nprecision above it          {}\ncoverage above it           {:.3}\n",
        count(s.rows as u64, "row"),
        s.accuracy,
        s.macro_f1,
        s.threshold,
        s.precision.map_or("nothing above it".to_owned(), |p| format!("{p:.3}")),
        s.coverage
    );
    let mut t = table(&["code", "rows", "predicted", "right", "precision", "recall", "F1"]);
    for c in &s.codes {
        let numbers = [c.rows, c.predicted, c.right].map(|n| number(n as u64));
        let shares = [c.precision, c.recall, c.f1].map(|x| Cell::new(format!("{x:.2}")));
        t.add_row(std::iter::once(plain(&c.code)).chain(numbers).chain(shares));
    }
    out.push_str(&format!("{t}\n"));
    let mut t = table(&["truth", "predicted as", "rows"]);
    for (truth, predicted, n) in s.confusion.iter().filter(|(truth, predicted, _)| truth != predicted) {
        t.add_row(vec![plain(truth), plain(predicted), number(*n as u64)]);
    }
    out.push_str(&format!("{t}\n"));
    let mut t = table(&["the surest", "have confidence", "and precision"]);
    for p in &s.curve {
        t.add_row([
            format!("{:.0} %", p.coverage * 100.0),
            format!("{:.2}", p.threshold),
            format!("{:.3}", p.precision),
        ]);
    }
    out.push_str(&format!("{t}\n"));
    out
}
