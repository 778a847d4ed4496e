//! How long a run will take, step by step, from those before it.

use serde::{Deserialize, Serialize};

use crate::text::count;

/// One run that came to its end.
#[derive(Debug, Clone, Deserialize)]
pub struct Past {
    /// Legacy rows read.
    pub rows: f64,
    pub duration_ms: f64,
    /// What the look before the run took, on the same rows; zero when it was not measured.
    pub shaping_ms: f64,
    pub steps: Vec<PastStep>,
}

/// One step of it that was done.
#[derive(Debug, Clone, Deserialize)]
pub struct PastStep {
    pub intent: String,
    pub kind: String,
    pub ms: f64,
    pub rows: f64,
}

/// A step to come.
#[derive(Debug, Clone)]
pub struct Ahead {
    pub intent: String,
    pub kind: String,
    /// Legacy rows that it will read, where it reads any.
    pub rows: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Estimate {
    pub ms: f64,
    /// `history of 3 runs`, or `no history: a rough guess`.
    pub basis: String,
    /// Runs that it rests on.
    pub runs: usize,
    /// One for each step ahead, in their order.
    pub steps: Vec<StepTime>,
}

/// What one step will take, and how that is known.
#[derive(Debug, Clone, Serialize)]
pub struct StepTime {
    pub ms: f64,
    /// `history of 2 runs`, or `a share of the whole`.
    pub basis: String,
}

/// Most runs that count; the nearest in size.
const NEAREST: usize = 5;
const SHARE: &str = "a share of the whole";

/// `shaping_ms`: what the look took just now, if it was taken; a machine that is slow now will be slow in a moment.
pub fn predict(past: &[Past], rows: f64, ahead: &[Ahead], shaping_ms: Option<f64>) -> Estimate {
    let mut near: Vec<&Past> = past.iter().filter(|p| p.duration_ms > 0.0).collect();
    let distance = |p: &Past| ((p.rows + 50.0) / (rows + 50.0)).ln().abs();
    near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    near.truncate(NEAREST);
    if near.is_empty() {
        // the fold writes about seven times as long as the look reads and shapes
        let moving = shaping_ms.map_or(rows / 20.0, |ms| ms * 7.0);
        let ms = 150.0 * ahead.len() as f64 + moving;
        let steps = shared(ahead, &vec![None; ahead.len()], ms);
        return Estimate { ms, basis: "no history: a rough guess".to_owned(), runs: 0, steps };
    }
    let pace = shaping_ms.filter(|ms| *ms > 0.0).and_then(|now| pace(&near, rows, now)).unwrap_or(1.0);
    let known: Vec<Option<(f64, usize)>> = ahead.iter().map(|step| one(&near, step, rows, pace)).collect();
    let between: Vec<f64> = near.iter().map(|p| outside(p)).collect();
    // steps that no run had are new work: they take what steps of their kind took, or the middle of all
    let told: f64 = known.iter().flatten().map(|(ms, _)| ms).sum();
    let typical = median(near.iter().flat_map(|p| p.steps.iter().filter(|s| fixed(&s.kind)).map(|s| s.ms)).collect());
    let unknown = known.iter().filter(|k| k.is_none()).count() as f64 * typical * pace;
    let ms = told + unknown + median(between) * pace;
    let basis = format!("history of {}", count(near.len() as u64, "run"));
    Estimate { ms, basis, runs: near.len(), steps: shared(ahead, &known, ms) }
}

/// What a run took besides its steps.
fn outside(p: &Past) -> f64 {
    (p.duration_ms - p.steps.iter().map(|s| s.ms).sum::<f64>()).max(0.0)
}

/// Steps whose time does not grow with the legacy rows.
fn fixed(kind: &str) -> bool {
    !matches!(kind, "move" | "map" | "settle" | "contest")
}

/// One step by the same step of runs before, and of how many.
fn one(near: &[&Past], step: &Ahead, rows: f64, pace: f64) -> Option<(f64, usize)> {
    let same = |p: &&Past| {
        let s = p.steps.iter().find(|s| s.intent == step.intent && s.kind == step.kind)?;
        // a mapping's own rows are pairs: what it reads is what all sources brought
        Some((if step.kind == "move" { s.rows } else { p.rows }, s.ms))
    };
    let seen: Vec<(f64, f64)> = near.iter().filter_map(same).collect();
    if seen.is_empty() {
        return None;
    }
    let wanted = if step.kind == "move" { step.rows } else { rows };
    let ms = if fixed(&step.kind) {
        median(seen.iter().map(|(_, ms)| *ms).collect())
    } else {
        match line(&seen) {
            Some((base, slope)) => base + slope * wanted,
            None => median(seen.iter().map(|(rows, ms)| ms * (wanted + 1.0) / (rows + 1.0)).collect()),
        }
    };
    Some((ms.max(0.0) * pace, seen.len()))
}

/// The known steps as they are known; the rest of the whole is shared among the others by their weight.
fn shared(ahead: &[Ahead], known: &[Option<(f64, usize)>], whole: f64) -> Vec<StepTime> {
    let weight = |s: &Ahead| match s.kind.as_str() {
        "move" => 10.0,
        "map" => 5.0,
        _ => 1.0,
    };
    let told: f64 = known.iter().flatten().map(|(ms, _)| ms).sum();
    let open: f64 = ahead.iter().zip(known).filter(|(_, k)| k.is_none()).map(|(s, _)| weight(s)).sum();
    let one = |(s, k): (&Ahead, &Option<(f64, usize)>)| match k {
        Some((ms, runs)) => StepTime { ms: *ms, basis: format!("history of {}", count(*runs as u64, "run")) },
        None => StepTime { ms: (whole - told).max(0.0) * weight(s) / open.max(1.0), basis: SHARE.to_owned() },
    };
    ahead.iter().zip(known).map(one).collect()
}

/// How much slower the machine is now than then, by the look; no more than half of it is believed.
fn pace(near: &[&Past], rows: f64, now: f64) -> Option<f64> {
    let alike: Vec<f64> = near
        .iter()
        .filter(|p| p.shaping_ms > 0.0 && (p.rows / rows.max(1.0) - 1.0).abs() < 0.3)
        .map(|p| p.shaping_ms)
        .collect();
    (!alike.is_empty()).then(|| (now / median(alike)).clamp(0.5, 2.0).sqrt())
}

/// Least squares over rows and milliseconds, where the sizes differ enough to say something.
fn line(seen: &[(f64, f64)]) -> Option<(f64, f64)> {
    let n = seen.len() as f64;
    let (low, high) = seen.iter().fold((f64::MAX, 0.0_f64), |(l, h), (rows, _)| (l.min(*rows), h.max(*rows)));
    if seen.len() < 2 || high < low * 1.3 + 10.0 {
        return None;
    }
    let (mx, my) = (seen.iter().map(|s| s.0).sum::<f64>() / n, seen.iter().map(|s| s.1).sum::<f64>() / n);
    let over = seen.iter().map(|(rows, ms)| (rows - mx) * (ms - my)).sum::<f64>();
    let slope = (over / seen.iter().map(|(rows, _)| (rows - mx).powi(2)).sum::<f64>()).max(0.0);
    Some(((my - slope * mx).max(0.0), slope))
}

/// The middle one; of two the lower, because what disturbs a run only ever makes it longer.
fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(rows: f64, moving_ms: f64) -> Past {
        let step = |intent: &str, kind: &str, ms, rows| PastStep { intent: intent.into(), kind: kind.into(), ms, rows };
        let steps = vec![step("enhance with a", "enhance", 100.0, 0.0), step("fold t in", "move", moving_ms, rows)];
        Past { rows, duration_ms: moving_ms + 400.0, shaping_ms: 0.0, steps }
    }

    fn ahead(rows: f64) -> Vec<Ahead> {
        let step = |intent: &str, kind: &str| Ahead { intent: intent.into(), kind: kind.into(), rows };
        vec![step("enhance with a", "enhance"), step("fold t in", "move")]
    }

    #[test]
    fn runs_of_other_sizes_are_scaled_to_this_one() {
        let runs = [past(1_000.0, 300.0), past(2_000.0, 500.0)];
        let told = predict(&runs, 4_000.0, &ahead(4_000.0), None);
        assert!((told.ms - 1_300.0).abs() < 1.0, "{told:?}");
        let one = predict(&runs[..1], 2_000.0, &ahead(2_000.0), None);
        assert!((one.ms - 1_000.0).abs() < 2.0, "{one:?}");
        assert_eq!(predict(&[], 1_000.0, &ahead(1_000.0), None).runs, 0);
    }

    #[test]
    fn one_run_that_was_slow_does_not_spoil_it() {
        let mut runs = vec![past(1_000.0, 300.0); 4];
        runs.push(past(1_000.0, 9_000.0));
        assert!((predict(&runs, 1_000.0, &ahead(1_000.0), None).ms - 700.0).abs() < 1.0);
    }

    #[test]
    fn of_two_runs_the_disturbed_one_does_not_count() {
        let told = predict(&[past(1_000.0, 2_700.0), past(1_000.0, 300.0)], 1_000.0, &ahead(1_000.0), None);
        assert!((told.ms - 700.0).abs() < 1.0, "{told:?}");
    }

    #[test]
    fn a_step_that_was_done_before_has_its_own_time_and_a_new_one_says_that_it_is_a_share() {
        let mut steps = ahead(1_000.0);
        steps.push(Ahead { intent: "enhance with b".into(), kind: "enhance".into(), rows: 0.0 });
        let told = predict(&[past(1_000.0, 300.0)], 1_000.0, &steps, None);
        let known: Vec<(f64, &str)> = told.steps[..2].iter().map(|s| (s.ms, s.basis.as_str())).collect();
        assert_eq!(known, [(100.0, "history of 1 run"), (300.0, "history of 1 run")]);
        assert_eq!(told.steps[2].basis, SHARE);
        assert!((told.ms - 800.0).abs() < 1.0, "{told:?}");
        let guess = predict(&[], 1_000.0, &steps, None);
        assert!(guess.steps.iter().all(|s| s.basis == SHARE && s.ms > 0.0));
        assert!((guess.steps.iter().map(|s| s.ms).sum::<f64>() - guess.ms).abs() < 1.0);
    }
}
