//! Words for people: plurals, lists, durations and sizes.

use std::borrow::Cow;
use std::time::Duration;

/// `1 row`, `2 rows`, `1,000 rows`.
pub fn count(n: u64, noun: &str) -> String {
    format!("{} {}", thousands(n), plural(n, noun))
}

/// The noun in the number that `n` asks for.
pub fn plural(n: u64, noun: &str) -> String {
    if n == 1 {
        return noun.to_owned();
    }
    let stem_y = noun.strip_suffix('y').filter(|s| !s.ends_with(['a', 'e', 'i', 'o', 'u']));
    match stem_y {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['s', 'x', 'z']) || noun.ends_with("ch") => format!("{noun}es"),
        None => format!("{noun}s"),
    }
}

/// `1234567` as `1,234,567`.
pub fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// `a`, `a and b`, `a, b and c`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// The items in backticks, as [`list`] joins them.
pub fn quoted_list<S: AsRef<str>>(items: &[S]) -> String {
    let quoted: Vec<String> = items.iter().map(|i| format!("`{}`", i.as_ref())).collect();
    list(&quoted)
}

/// `850 ms`, `4.2 s`, `3 min 20 s`, `2 h 5 min`, `30 d 0 h`.
pub fn duration(d: Duration) -> String {
    let ms = d.as_millis();
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{:.1} s", d.as_secs_f64()),
        60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
        3_600_000..172_800_000 => format!("{} h {} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
        _ => format!("{} d {} h", ms / 86_400_000, ms % 86_400_000 / 3_600_000),
    }
}

/// A number and its unit, in multiples of the first unit.
fn measured(text: &str, units: &[(&str, f64)]) -> Result<f64, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let names = || units.iter().map(|(name, _)| *name).filter(|n| !n.is_empty()).collect::<Vec<_>>().join(", ");
    let number: f64 = number.parse().map_err(|_| format!("a number and one of {}", names()))?;
    let unit = unit.trim().to_lowercase();
    let known = units.iter().find(|(name, _)| name.eq_ignore_ascii_case(&unit));
    known.map(|(_, times)| number * times).ok_or_else(|| format!("the unit is one of {}", names()))
}

const K: f64 = 1024.0;

/// `40GB`, `512 MB`, `1.5TB`; without a unit bytes.
pub fn parse_bytes(text: &str) -> Result<u64, String> {
    let units = [("", 1.0), ("B", 1.0), ("kB", K), ("MB", K * K), ("GB", K * K * K), ("TB", K * K * K * K)];
    measured(text, &units).map(|n| n as u64)
}

/// `250ms`, `5s`, `30m`, `1h`, `30d`.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    measured(text, &[("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)])
        .map(Duration::from_secs_f64)
}

/// `812 B`, `1.5 kB`, `3.2 GB` (powers of 1,024, as PostgreSQL prints them).
pub fn bytes(n: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = n as f64;
    let mut unit = 0;
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    if unit == 0 { format!("{n} B") } else { format!("{value:.1} {}", UNITS[unit]) }
}

/// The candidates that look most like `wanted`, best first, at most three.
pub fn nearest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    let mut scored: Vec<(f64, &str)> = candidates
        .into_iter()
        .map(|c| (closeness(&wanted, &c.to_lowercase()), c))
        .filter(|(score, _)| *score >= 0.6)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    scored.into_iter().take(3).map(|(_, c)| c.to_owned()).collect()
}

/// How alike two lower-case names are, 0 to 1; a part of the other counts for much.
pub fn closeness(a: &str, b: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(a, b);
    let part = if a.len() >= 4 && b.len() >= 4 && (a.contains(b) || b.contains(a)) { 0.75 } else { 0.0 };
    edits.max(part)
}

/// A cell that no spreadsheet takes for a formula and no terminal for a command.
pub fn cell(text: &str) -> Cow<'_, str> {
    let told = if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(inert(text)) };
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{told}").into() } else { told }
}

/// Printable ASCII alone, in which nothing is to be spelt out.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
}

/// Text that cannot drive a terminal: control, escape and bidirectional marks are spelt out.
pub fn inert(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_bidi(c) => out.push_str(&format!("\\u{{{:x}}}", c as u32)),
            c => out.push(c),
        }
    }
    out
}

/// Marks that turn the direction of text or hide in it.
pub fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{061c}')
}

/// Text cut to `most` characters, with an ellipsis where something was cut.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(most.saturating_sub(1)).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_number() {
        assert_eq!(count(1, "row"), "1 row");
        assert_eq!(count(12_345, "industry"), "12,345 industries");
        assert_eq!(count(0, "index"), "0 indexes");
    }

    #[test]
    fn the_nearest_name_comes_first() {
        let names = ["created_at", "updated_at", "name", "display_name"];
        assert_eq!(nearest("naem", names)[0], "name");
        assert_eq!(nearest("create_at", names)[0], "created_at");
        assert!(nearest("zzz", names).is_empty());
    }

    #[test]
    fn hostile_text_cannot_drive_a_terminal() {
        assert_eq!(inert("a\u{1b}[2Jb\u{202e}"), "a\\u{1b}[2Jb\\u{202e}");
    }

    #[test]
    fn sizes_and_durations_are_read_as_people_write_them() {
        assert_eq!(parse_bytes("40GB"), Ok(40 << 30));
        assert_eq!(parse_bytes("1.5 kb"), Ok(1_536));
        assert!(parse_bytes("a lot").is_err());
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("1h"), Ok(Duration::from_secs(3600)));
        assert!(parse_duration("30").is_err());
    }
}
