//! What clues are worth: from how far ahead a guess lies to how probably it is right.

/// How many clues there are for a guess.
pub const CLUES: usize = 3;

/// Holds the worth of a clue back until enough rows speak for it.
const RESERVE: f64 = 0.05;
/// A fit that no longer moves by more than this is done.
const STILL: f64 = 1e-9;

/// Turns the clues for a guess into the probability that it is right (Platt's method, fitted as
/// Lin, Lin and Weng give it, 2007).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    worth: [f64; CLUES],
    shift: f64,
}

/// The clues for a guess, and whether it was right.
pub type Seen = ([f64; CLUES], bool);

impl Calibration {
    /// From guesses whose answer is known. With few of them it stays modest.
    pub fn fit(seen: &[Seen]) -> Calibration {
        let fitted = Calibration::fit_using(seen, [true; CLUES]);
        // more of a clue never means less: one that seems to say so is left out
        let using = fitted.worth.map(|worth| worth > 0.0);
        if using == [true; CLUES] { fitted } else { Calibration::fit_using(seen, using) }
    }

    fn fit_using(seen: &[Seen], using: [bool; CLUES]) -> Calibration {
        let right = seen.iter().filter(|(_, right)| *right).count() as f64;
        let wrong = seen.len() as f64 - right;
        let wanted = |is_right: bool| if is_right { (right + 1.0) / (right + 2.0) } else { 1.0 / (wrong + 2.0) };
        let mut now = Calibration { worth: [0.0; CLUES], shift: ((right + 1.0) / (wrong + 1.0)).ln() };
        let mut cost = now.cost(seen, wanted);
        for _ in 0..100 {
            let Some(step) = now.step(seen, wanted, using) else { break };
            let better = (0..30).map(|halvings| 0.5f64.powi(halvings)).find_map(|part| {
                let next = now.moved(&step, part);
                let next_cost = next.cost(seen, wanted);
                (next_cost < cost).then_some((next, next_cost))
            });
            let Some((next, next_cost)) = better else { break };
            let gain = cost - next_cost;
            (now, cost) = (next, next_cost);
            if gain < STILL {
                break;
            }
        }
        now.worth.iter_mut().for_each(|worth| *worth = worth.max(0.0));
        now
    }

    pub fn probability(&self, clues: [f64; CLUES]) -> f64 {
        1.0 / (1.0 + (-self.score(clues)).exp())
    }

    fn score(&self, clues: [f64; CLUES]) -> f64 {
        self.shift + self.worth.iter().zip(clues).map(|(worth, clue)| worth * clue).sum::<f64>()
    }

    fn cost(&self, seen: &[Seen], wanted: impl Fn(bool) -> f64) -> f64 {
        let one = |(clues, right): &Seen| {
            let score = self.score(*clues);
            score.max(0.0) - score * wanted(*right) + (-score.abs()).exp().ln_1p()
        };
        seen.iter().map(one).sum::<f64>() + RESERVE * self.worth.iter().map(|worth| worth * worth).sum::<f64>() / 2.0
    }

    fn moved(&self, step: &[f64; CLUES + 1], part: f64) -> Calibration {
        let mut next = *self;
        next.worth.iter_mut().zip(step).for_each(|(worth, step)| *worth -= part * step);
        next.shift -= part * step[CLUES];
        next
    }

    /// Newton's step; `None` where there is none.
    fn step(&self, seen: &[Seen], wanted: impl Fn(bool) -> f64, using: [bool; CLUES]) -> Option<[f64; CLUES + 1]> {
        let mut slope = [0.0; CLUES + 1];
        let mut curve = [[0.0; CLUES + 1]; CLUES + 1];
        for (clues, right) in seen {
            let p = self.probability(*clues);
            let all: [f64; CLUES + 1] = std::array::from_fn(|i| match clues.get(i) {
                Some(clue) if using[i] => *clue,
                Some(_) => 0.0,
                None => 1.0,
            });
            for i in 0..=CLUES {
                slope[i] += (p - wanted(*right)) * all[i];
                (0..=CLUES).for_each(|j| curve[i][j] += p * (1.0 - p) * all[i] * all[j]);
            }
        }
        for (i, worth) in self.worth.iter().enumerate() {
            slope[i] += RESERVE * worth;
            curve[i][i] += RESERVE;
        }
        curve[CLUES][CLUES] += 1e-9;
        solve(curve, slope)
    }
}

/// Gaussian elimination; the matrix is positive definite, so no row need be exchanged.
fn solve<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> Option<[f64; N]> {
    for i in 0..N {
        if matrix[i][i] <= 0.0 {
            return None;
        }
        let pivot = matrix[i];
        for j in i + 1..N {
            let factor = matrix[j][i] / pivot[i];
            matrix[j].iter_mut().zip(pivot).for_each(|(cell, above)| *cell -= factor * above);
            right[j] -= factor * right[i];
        }
    }
    for i in (0..N).rev() {
        let known: f64 = (i + 1..N).map(|j| matrix[i][j] * right[j]).sum();
        right[i] = (right[i] - known) / matrix[i][i];
    }
    Some(right)
}

/// What a threshold must give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// The share of the chosen that is right.
    pub precision: f64,
    /// The share of rows that gets an answer; precision yields to it.
    pub coverage: f64,
}

/// Precision on unseen rows is asked with so much to spare on the known ones. Coverage needs none: what
/// learned from all rows is surer than the parts that judged each other.
const SPARE_PRECISION: f64 = 0.05;

impl Default for Wanted {
    fn default() -> Self {
        Wanted { precision: 0.85, coverage: 0.5 }
    }
}

/// The lowest confidence that gives what is wanted; 1 where none does.
pub fn threshold(judged: &[(f64, bool)], wanted: Wanted) -> f64 {
    let mut order: Vec<&(f64, bool)> = judged.iter().collect();
    order.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut lowest) = (0.0, 1.0f64);
    for (i, (confidence, is_right)) in order.iter().enumerate() {
        right += f64::from(u8::from(*is_right));
        let last_of_equals = order.get(i + 1).is_none_or(|next| next.0 < *confidence);
        let n = (i + 1) as f64;
        let precise = right / n >= wanted.precision + SPARE_PRECISION;
        let covering = wanted.coverage > 0.0 && n <= (wanted.coverage * order.len() as f64).ceil();
        if last_of_equals && (precise || covering) {
            lowest = *confidence;
        }
    }
    lowest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clues_become_the_share_of_those_that_were_right() {
        let seen: Vec<Seen> = (0..4000)
            .map(|i| ([f64::from(i % 2), 0.0, 0.0], if i % 2 == 0 { i % 10 == 0 } else { i % 10 != 1 }))
            .collect();
        let calibration = Calibration::fit(&seen);
        assert!((calibration.probability([0.0; CLUES]) - 0.2).abs() < 0.01);
        assert!((calibration.probability([1.0, 0.0, 0.0]) - 0.8).abs() < 0.01);
    }

    #[test]
    fn a_clue_that_says_nothing_is_worth_nothing() {
        let seen: Vec<Seen> = (0..400).map(|i| ([f64::from(i % 2), f64::from(i / 2 % 2), 0.0], i % 2 == 0)).collect();
        let calibration = Calibration::fit(&seen);
        assert!(calibration.worth[1] < 1e-3, "{calibration:?}");
        assert_eq!(calibration.worth[0], 0.0, "more of a clue never means less");
    }

    #[test]
    fn a_handful_of_rows_makes_nobody_certain() {
        let calibration =
            Calibration::fit(&[([1.0, 0.0, 0.0], true), ([1.1, 0.0, 0.0], true), ([-1.0, 0.0, 0.0], false)]);
        assert!(calibration.probability([1.0, 0.0, 0.0]) < 0.9);
        assert!(Calibration::fit(&[]).probability([5.0; CLUES]) <= 0.5);
    }

    #[test]
    fn the_threshold_is_the_lowest_that_is_precise_enough() {
        let seen: Vec<(f64, bool)> = (0..100).map(|i| (f64::from(i) / 100.0, i >= 40)).collect();
        let strict = threshold(&seen, Wanted { precision: 0.85, coverage: 0.0 });
        assert!((0.33..0.35).contains(&strict), "{strict}");
        assert_eq!(threshold(&[(0.9, false), (0.8, false)], Wanted { precision: 0.85, coverage: 0.0 }), 1.0);
    }

    #[test]
    fn coverage_is_kept_where_precision_cannot_be() {
        let seen: Vec<(f64, bool)> = (0..100).map(|i| (f64::from(i) / 100.0, i % 2 == 0)).collect();
        let kept = threshold(&seen, Wanted { precision: 0.85, coverage: 0.5 });
        assert!((0.49..=0.50).contains(&kept), "{kept}");
    }

    #[test]
    fn rows_of_one_confidence_stand_or_fall_together() {
        let seen = [(0.9, true), (0.5, true), (0.5, false), (0.5, false)];
        assert_eq!(threshold(&seen, Wanted { precision: 0.85, coverage: 0.0 }), 0.9);
    }
}
