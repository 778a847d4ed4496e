//! What a check found, against what the manifest says it bears.

use super::Check;
use crate::facts::CheckVerdict;
use crate::manifest::{Bears, Checks};

/// Checks 3, 4 and 5 bear so many rows; what is no matter of single rows is never borne.
pub fn weigh(checks: &mut [Check], bears: &Checks) {
    for check in checks {
        match check.number {
            3 => weighed(check, bears.required_fields),
            4 => weighed(check, bears.mappings),
            5 => weighed(check, bears.relationships),
            _ => {}
        }
    }
}

fn weighed(check: &mut Check, bears: Bears) {
    // a missing table or column, a share past its own limit: they name no rows
    let single = check.failures.iter().all(|f| !f.examples.is_empty());
    if check.verdict != CheckVerdict::Failed || !single || check.failing > bears.fail {
        return;
    }
    if check.failing > bears.warn {
        check.verdict = CheckVerdict::Warned;
        check.hint = format!("borne up to {} by `[checks]` in the manifest; {}", bears.fail, check.hint);
    } else {
        check.verdict = CheckVerdict::Passed;
        check.failing = 0;
        check.hint = String::new();
        check.apart.append(&mut check.failures);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Failure;
    use super::*;
    use crate::facts::CheckFailure;

    fn check(number: u8, rows: u64, examples: &[&str]) -> Check {
        let examples = examples.iter().map(|e| (*e).to_owned()).collect();
        Check {
            number,
            title: "t",
            verdict: CheckVerdict::Failed,
            examined: String::new(),
            failing: rows,
            failures: vec![Failure {
                code: CheckFailure::Unmapped,
                about: String::new(),
                what: "w".into(),
                rows,
                examples,
            }],
            apart: Vec::new(),
            hint: String::new(),
            measured: Vec::new(),
        }
    }

    fn verdict(number: u8, rows: u64, examples: &[&str]) -> CheckVerdict {
        let bears = Checks { mappings: Bears { warn: 2, fail: 5 }, ..Checks::default() };
        let mut all = [check(number, rows, examples)];
        weigh(&mut all, &bears);
        all[0].verdict
    }

    #[test]
    fn a_check_passes_warns_and_fails_at_its_thresholds() {
        assert_eq!(verdict(4, 2, &["a"]), CheckVerdict::Passed);
        assert_eq!(verdict(4, 3, &["a"]), CheckVerdict::Warned);
        assert_eq!(verdict(4, 5, &["a"]), CheckVerdict::Warned);
        assert_eq!(verdict(4, 6, &["a"]), CheckVerdict::Failed);
        // another check, and one that names no rows
        assert_eq!(verdict(5, 1, &["a"]), CheckVerdict::Failed);
        assert_eq!(verdict(1, 1, &["a"]), CheckVerdict::Failed);
        assert_eq!(verdict(4, 1, &[]), CheckVerdict::Failed);
    }
}
