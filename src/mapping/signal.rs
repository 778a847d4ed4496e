//! One reason for one entry, and how several reasons for it add up.

use crate::mapping::verdict::Because;

/// One reason for one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The entry's place among the known ones.
    pub entry: usize,
    pub confidence: f64,
    pub because: Because,
    /// The row names the entry itself, and no other.
    pub outright: bool,
    /// Too unsure to decide anything; it only helps to rank.
    pub faint: bool,
    pub evidence: String,
}

/// All reasons for one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranked {
    pub entry: usize,
    /// The strongest reason.
    pub because: Because,
    /// The strongest reason's confidence.
    pub surest: f64,
    pub outright: bool,
    pub evidence: Vec<String>,
    doubt: f64,
    firm_doubt: f64,
}

impl Signal {
    fn firm_doubt(&self) -> f64 {
        if self.faint { 1.0 } else { 1.0 - self.confidence }
    }
}

impl Ranked {
    /// The signals entry by entry, what is named outright first, then the surest; ties go to the stronger reason, then
    /// to the entry named first.
    pub fn all(signals: Vec<Signal>) -> Vec<Ranked> {
        let mut ranked: Vec<Ranked> = Vec::new();
        for signal in signals {
            match ranked.iter_mut().find(|known| known.entry == signal.entry) {
                Some(known) => known.join(signal),
                None => ranked.push(Ranked {
                    entry: signal.entry,
                    because: signal.because,
                    surest: signal.confidence,
                    outright: signal.outright,
                    doubt: 1.0 - signal.confidence,
                    firm_doubt: signal.firm_doubt(),
                    evidence: vec![signal.evidence],
                }),
            }
        }
        ranked.sort_by(|a, b| {
            let by_name = b.outright.cmp(&a.outright);
            let by_confidence = b.confidence().total_cmp(&a.confidence());
            by_name.then(by_confidence).then(a.because.cmp(&b.because)).then(a.entry.cmp(&b.entry))
        });
        ranked
    }

    /// One minus the product of the doubts.
    pub fn confidence(&self) -> f64 {
        1.0 - self.doubt
    }

    /// The confidence without what is too unsure to decide.
    pub fn firm(&self) -> f64 {
        1.0 - self.firm_doubt
    }

    fn join(&mut self, signal: Signal) {
        if signal.confidence > self.surest || (signal.confidence == self.surest && signal.because < self.because) {
            self.because = signal.because;
            self.surest = signal.confidence;
        }
        self.outright |= signal.outright;
        self.doubt *= 1.0 - signal.confidence;
        self.firm_doubt *= signal.firm_doubt();
        if !self.evidence.contains(&signal.evidence) {
            self.evidence.push(signal.evidence);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signal(entry: usize, confidence: f64, because: Because) -> Signal {
        Signal {
            entry,
            confidence,
            because,
            outright: false,
            faint: false,
            evidence: format!("{because} {confidence}"),
        }
    }

    #[test]
    fn independent_reasons_strengthen_each_other() {
        let ranked = Ranked::all(vec![signal(1, 0.5, Because::Keyword), signal(1, 0.5, Because::Rule)]);
        assert!((ranked[0].confidence() - 0.75).abs() < 1e-12);
        assert_eq!(ranked[0].because, Because::Rule);
        assert_eq!(ranked[0].evidence.len(), 2);
    }

    #[test]
    fn ties_go_to_the_stronger_reason_and_then_to_the_entry_named_first() {
        let signals = vec![
            signal(2, 0.5, Because::Keyword),
            signal(1, 0.5, Because::Keyword),
            signal(3, 0.5, Because::Rule),
            signal(0, 0.4, Because::Explicit),
        ];
        let order: Vec<usize> = Ranked::all(signals).iter().map(|r| r.entry).collect();
        assert_eq!(order, [3, 1, 2, 0]);
    }
}
