//! How long a run will take, from those before it.

use serde::{Deserialize, Serialize};

/// One run that came to its end.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct Past {
    /// Legacy rows read.
    pub rows: f64,
    pub duration_ms: f64,
    /// What grows with the rows: moving and mapping.
    pub variable_ms: f64,
    /// What the look before the run took, on the same rows; zero when it was not measured.
    pub shaping_ms: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct Estimate {
    pub ms: f64,
    /// `history of 3 runs`, or `no history: a rough guess`.
    pub basis: String,
    /// Runs that it rests on.
    pub runs: usize,
}

/// Most runs that count; the nearest in size.
const NEAREST: usize = 5;

/// `shaping_ms`: what the look took just now, if it was taken; a machine that is slow now will be slow in a moment.
pub fn predict(past: &[Past], rows: f64, steps: usize, shaping_ms: Option<f64>) -> Estimate {
    let mut near: Vec<Past> = past.iter().copied().filter(|p| p.duration_ms > 0.0).collect();
    let distance = |p: &Past| ((p.rows + 50.0) / (rows + 50.0)).ln().abs();
    near.sort_by(|a, b| distance(a).total_cmp(&distance(b)));
    near.truncate(NEAREST);
    if near.is_empty() {
        // the fold writes about seven times as long as the look reads and shapes
        let moving = shaping_ms.map_or(rows / 20.0, |ms| ms * 7.0);
        return Estimate { ms: 150.0 * steps as f64 + moving, basis: "no history: a rough guess".to_owned(), runs: 0 };
    }
    let fixed = median(near.iter().map(|p| (p.duration_ms - p.variable_ms).max(0.0)).collect());
    let moving = match line(&near) {
        Some((base, slope)) => base + slope * rows,
        None => {
            let per_row = near.iter().filter(|p| p.rows > 0.0).map(|p| p.variable_ms / p.rows).collect();
            median(per_row) * rows
        }
    };
    let mut ms = fixed + moving.max(0.0);
    if let Some(now) = shaping_ms.filter(|ms| *ms > 0.0)
        && let Some(pace) = pace(&near, rows, now)
    {
        ms *= pace;
    }
    let basis = format!("history of {}", crate::text::count(near.len() as u64, "run"));
    Estimate { ms, basis, runs: near.len() }
}

/// How much slower the machine is now than then, by the look; no more than half of it is believed.
fn pace(near: &[Past], rows: f64, now: f64) -> Option<f64> {
    let alike: Vec<f64> = near
        .iter()
        .filter(|p| p.shaping_ms > 0.0 && (p.rows / rows.max(1.0) - 1.0).abs() < 0.3)
        .map(|p| p.shaping_ms)
        .collect();
    (!alike.is_empty()).then(|| (now / median(alike)).clamp(0.5, 2.0).sqrt())
}

/// Least squares, where the runs are of sizes that differ enough to say something.
fn line(past: &[Past]) -> Option<(f64, f64)> {
    let n = past.len() as f64;
    let (low, high) = past.iter().fold((f64::MAX, 0.0_f64), |(l, h), p| (l.min(p.rows), h.max(p.rows)));
    if past.len() < 2 || high < low * 1.3 + 10.0 {
        return None;
    }
    let (mx, my) = (past.iter().map(|p| p.rows).sum::<f64>() / n, past.iter().map(|p| p.variable_ms).sum::<f64>() / n);
    let over = past.iter().map(|p| (p.rows - mx) * (p.variable_ms - my)).sum::<f64>();
    let slope = (over / past.iter().map(|p| (p.rows - mx).powi(2)).sum::<f64>()).max(0.0);
    Some(((my - slope * mx).max(0.0), slope))
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    match all.len() {
        0 => 0.0,
        n if n % 2 == 1 => all[n / 2],
        n => f64::midpoint(all[n / 2 - 1], all[n / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(rows: f64, variable_ms: f64) -> Past {
        Past { rows, duration_ms: variable_ms + 400.0, variable_ms, shaping_ms: 0.0 }
    }

    #[test]
    fn runs_of_other_sizes_are_scaled_to_this_one() {
        let runs = [past(1_000.0, 300.0), past(2_000.0, 500.0)];
        let told = predict(&runs, 4_000.0, 9, None);
        assert!((told.ms - 1_300.0).abs() < 1.0, "{told:?}");
        let one = predict(&runs[..1], 2_000.0, 9, None);
        assert!((one.ms - 1_000.0).abs() < 1.0, "{one:?}");
        assert_eq!(predict(&[], 1_000.0, 9, None).runs, 0);
    }

    #[test]
    fn one_run_that_was_slow_does_not_spoil_it() {
        let mut runs = vec![past(1_000.0, 300.0); 4];
        runs.push(past(1_000.0, 9_000.0));
        assert!((predict(&runs, 1_000.0, 9, None).ms - 700.0).abs() < 1.0);
    }
}
