//! What inference says of one row: candidates, what it chose, and whether a person should look.

use std::fmt;

/// The strongest reason for a candidate; weaker ones sort later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Because {
    /// A person decided.
    Human,
    /// The row names the code or the name.
    Explicit,
    /// The row, or its text, holds an alias or a spelling variant.
    Alias,
    /// A rule of the taxonomy.
    Rule,
    /// Keywords and phrases in its text.
    Keyword,
    /// Rows that people mapped before look like it.
    Learned,
    /// Nothing fits, and the taxonomy names an entry for that.
    Fallback,
}

impl Because {
    pub const ALL: [Because; 7] = [
        Because::Human,
        Because::Explicit,
        Because::Alias,
        Because::Rule,
        Because::Keyword,
        Because::Learned,
        Because::Fallback,
    ];

    /// The word that ledger, CSV and JSON hold; an interface.
    pub fn word(self) -> &'static str {
        match self {
            Because::Human => "human",
            Because::Explicit => "explicit",
            Because::Alias => "alias",
            Because::Rule => "rule",
            Because::Keyword => "keyword",
            Because::Learned => "learned",
            Because::Fallback => "fallback",
        }
    }

    pub fn from_word(word: &str) -> Option<Because> {
        Because::ALL.into_iter().find(|b| b.word() == word)
    }
}

impl fmt::Display for Because {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One right row that may fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub code: String,
    /// 0 to 1.
    pub confidence: f64,
    pub because: Because,
    /// For a person: which part of the row, and the text in it that matched.
    pub evidence: String,
}

/// What is said of one row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// To be written; the first is the primary one.
    pub chosen: Vec<Candidate>,
    /// All that came into question, best first.
    pub candidates: Vec<Candidate>,
    /// Why a person should look; `None` when nobody need.
    pub review: Option<String>,
}

impl Verdict {
    /// What a person decided; the first code is the primary one.
    pub fn human(codes: &[String], evidence: &str) -> Verdict {
        let chosen: Vec<Candidate> = codes
            .iter()
            .map(|code| Candidate {
                code: code.clone(),
                confidence: 1.0,
                because: Because::Human,
                evidence: evidence.to_owned(),
            })
            .collect();
        Verdict { candidates: chosen.clone(), chosen, review: None }
    }

    pub fn is_fallback(&self) -> bool {
        self.chosen.first().is_some_and(|c| c.because == Because::Fallback)
    }

    /// The same without its fallback: the row waits for a person.
    pub fn without_fallback(mut self) -> Verdict {
        self.chosen.retain(|c| c.because != Because::Fallback);
        self.candidates.retain(|c| c.because != Because::Fallback);
        if let Some(review) = &mut self.review {
            review.push_str("; the share of fallbacks is used up");
        }
        self
    }
}

/// How many rows may still take the fallback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FallbackBudget {
    left: u64,
}

impl FallbackBudget {
    /// `share` (0 to 1) of `total` rows, rounded down, less those that have it already.
    pub fn new(total: u64, share: f64, taken: u64) -> Self {
        // the small surplus keeps 0.29 × 100 at 29
        let allowed = (total as f64 * share.clamp(0.0, 1.0) + 1e-9).floor() as u64;
        FallbackBudget { left: allowed.saturating_sub(taken) }
    }

    pub fn left(self) -> u64 {
        self.left
    }

    /// The verdict as it may be written: a fallback beyond the share is taken out.
    pub fn admit(&mut self, verdict: Verdict) -> Verdict {
        if !verdict.is_fallback() {
            return verdict;
        }
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                verdict
            }
            None => verdict.without_fallback(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fallback() -> Verdict {
        let one = Candidate {
            code: "other".into(),
            confidence: 0.0,
            because: Because::Fallback,
            evidence: "nothing matched".into(),
        };
        Verdict { chosen: vec![one.clone()], candidates: vec![one], review: Some("nothing matched".into()) }
    }

    #[test]
    fn fallbacks_stop_at_their_share() {
        let mut budget = FallbackBudget::new(10, 0.2, 0);
        let admitted = (0..10).filter(|_| budget.admit(fallback()).is_fallback()).count();
        assert_eq!(admitted, 2);
        let refused = budget.admit(fallback());
        assert!(refused.chosen.is_empty() && refused.review.is_some_and(|r| r.contains("share")));
    }

    #[test]
    fn a_share_is_counted_exactly() {
        assert_eq!(FallbackBudget::new(100, 0.29, 0).left(), 29);
        assert_eq!(FallbackBudget::new(100, 0.29, 30).left(), 0);
        assert_eq!(FallbackBudget::new(3, 1.0, 0).left(), 3);
    }

    #[test]
    fn other_verdicts_use_up_nothing() {
        let mut budget = FallbackBudget::new(10, 0.1, 0);
        budget.admit(Verdict::human(&["jazz".into()], "review.csv"));
        assert_eq!(budget.left(), 1);
    }

    #[test]
    fn each_reason_has_a_word_that_leads_back() {
        for because in Because::ALL {
            assert_eq!(Because::from_word(because.word()), Some(because));
        }
    }
}
