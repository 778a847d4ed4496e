//! What the words of a row's texts say, weighed by field, keyword and length.

use crate::mapping::phrases::{Phrases, Word};
use crate::mapping::signal::Signal;
use crate::mapping::subject::Subject;
use crate::mapping::verdict::Because;
use crate::text;

/// The weight at which keywords reach 63 %; one plain keyword gives 0.39, two 0.63.
const SATURATION: f64 = 2.0;
/// From so many words on, one hit says less: long texts mention everything once.
const LONG_TEXT: f64 = 150.0;
/// How many matches the evidence of one candidate names.
const SHOWN: usize = 4;
/// How much of a match stands in evidence.
const CUT: usize = 60;

/// A phrase in a field, where it first stood, and how often it came.
struct Found {
    pattern: u32,
    field: usize,
    start: usize,
    end: usize,
    times: u32,
    /// The field's weight, less what the length of the text takes away.
    value: f64,
}

/// What the texts say about one entry.
struct Sum<'f> {
    entry: usize,
    value: f64,
    parts: Vec<(f64, &'f Found, Because)>,
}

/// One signal for each entry that the texts speak of.
pub fn weigh(subject: &Subject, texts: &[Vec<Word>], phrases: &Phrases) -> Vec<Signal> {
    let mut found: Vec<Found> = Vec::new();
    for (field, ((_, weight, _), words)) in subject.text.iter().zip(texts).enumerate() {
        let value = weight / (1.0 + (words.len() as f64 / LONG_TEXT).max(1.0).ln());
        let first = found.len();
        phrases.find(words, |hit| match found[first..].iter_mut().find(|f| f.pattern == hit.pattern) {
            Some(known) => known.times += 1,
            None => found.push(Found { pattern: hit.pattern, field, start: hit.start, end: hit.end, times: 1, value }),
        });
    }
    let mut sums: Vec<Sum> = Vec::new();
    for one in &found {
        let owners = phrases.owners(one.pattern);
        for owner in owners {
            // said of several entries, a phrase tells them apart less
            let value = one.value * owner.weight * one.said() / owners.len() as f64;
            let because = if owner.is_name { Because::Alias } else { Because::Keyword };
            match sums.iter_mut().find(|sum| sum.entry == owner.entry) {
                Some(sum) => {
                    sum.value += value;
                    sum.parts.push((value, one, because));
                }
                None => sums.push(Sum { entry: owner.entry, value, parts: vec![(value, one, because)] }),
            }
        }
    }
    let best = sums.iter().map(|sum| sum.value).fold(0.0, f64::max);
    sums.into_iter().filter(|sum| sum.value > 0.0).map(|sum| sum.signal(best, subject)).collect()
}

impl Found {
    /// Said again it says little more.
    fn said(&self) -> f64 {
        1.0 + 0.25 * f64::from(self.times.min(5) - 1)
    }
}

impl Sum<'_> {
    /// What lies far behind the best entry of the same row counts for less.
    fn signal(mut self, best: f64, subject: &Subject) -> Signal {
        self.parts.sort_by(|a, b| b.0.total_cmp(&a.0));
        let confidence = (1.0 - (-self.value / SATURATION).exp()) * (self.value / best).sqrt();
        let because = self.parts.first().map_or(Because::Keyword, |(_, _, because)| *because);
        Signal {
            entry: self.entry,
            confidence,
            because,
            outright: false,
            faint: false,
            evidence: self.evidence(subject),
        }
    }

    /// The strongest matches, field by field: `title: "Big Band", "swing" (×2); notes: "brass"`.
    fn evidence(&self, subject: &Subject) -> String {
        let mut fields: Vec<(usize, Vec<String>)> = Vec::new();
        for (_, found, _) in self.parts.iter().take(SHOWN) {
            let matched = &subject.text[found.field].2[found.start..found.end];
            let times = if found.times > 1 { format!(" (×{})", found.times) } else { String::new() };
            let shown = format!("\"{}\"{times}", text::cut(&text::inert(matched), CUT));
            match fields.iter_mut().find(|(field, _)| *field == found.field) {
                Some((_, all)) => all.push(shown),
                None => fields.push((found.field, vec![shown])),
            }
        }
        let fields = fields.iter().map(|(field, all)| format!("{}: {}", subject.text[*field].0, all.join(", ")));
        fields.collect::<Vec<_>>().join("; ")
    }
}
