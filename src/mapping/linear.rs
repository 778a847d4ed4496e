//! A linear separator of one class from the rest: the L2-loss support vector machine by dual
//! coordinate descent (Hsieh et al., 2008).

/// A row's features with their values, each feature once.
pub type Sparse = Vec<(u32, f32)>;

/// After so many rounds the separator is as good as it gets.
const ROUNDS: usize = 100;
/// A round that moves nothing by more than this is the last.
const STILL: f64 = 1e-2;

/// Weights that are positive where `member` is true; the last weight is the constant one.
///
/// `cost` says how much each row matters. The same input gives the same weights.
pub fn separate(rows: &[&Sparse], member: &[bool], cost: &[f64], features: usize) -> Vec<f32> {
    let mut weights = vec![0f32; features + 1];
    let mut pull = vec![0f64; rows.len()];
    let length: Vec<f64> =
        rows.iter().map(|row| 1.0 + row.iter().map(|(_, v)| f64::from(*v) * f64::from(*v)).sum::<f64>()).collect();
    let mut order: Vec<usize> = (0..rows.len()).filter(|i| cost[*i] > 0.0).collect();
    let mut dice = Dice(0x9e37_79b9);
    for _ in 0..ROUNDS {
        dice.shuffle(&mut order);
        let mut moved = 0f64;
        for &i in &order {
            let side = if member[i] { 1.0 } else { -1.0 };
            let soft = 0.5 / cost[i];
            let slope = side * margin(rows[i], &weights) - 1.0 + pull[i] * soft;
            let slope = if pull[i] == 0.0 { slope.min(0.0) } else { slope };
            moved = moved.max(slope.abs());
            let before = pull[i];
            pull[i] = (before - slope / (length[i] + soft)).max(0.0);
            let step = ((pull[i] - before) * side) as f32;
            if step != 0.0 {
                rows[i].iter().for_each(|(feature, value)| weights[*feature as usize] += step * value);
                weights[features] += step;
            }
        }
        if moved < STILL {
            break;
        }
    }
    weights
}

/// On which side of the separator a row lies, and how far.
pub fn margin(row: &Sparse, weights: &[f32]) -> f64 {
    let constant = weights.last().copied().unwrap_or_default();
    let sum: f32 = row.iter().map(|(feature, value)| weights[*feature as usize] * value).sum();
    f64::from(sum + constant)
}

/// Numbers that look random and are the same every time.
#[derive(Debug, Clone)]
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_heaps_are_told_apart() {
        let rows: Vec<Sparse> = (0..20).map(|i| vec![(i % 2, 1.0), (2, (i as f32) / 40.0)]).collect();
        let member: Vec<bool> = (0..20).map(|i| i % 2 == 0).collect();
        let weights = separate(&rows.iter().collect::<Vec<_>>(), &member, &[1.0; 20], 3);
        assert!(rows.iter().zip(&member).all(|(row, member)| (margin(row, &weights) > 0.0) == *member));
    }

    #[test]
    fn what_costs_nothing_is_not_learned() {
        let rows = [vec![(0, 1.0)], vec![(1, 1.0)], vec![(2, 1.0)]];
        let weights = separate(&rows.iter().collect::<Vec<_>>(), &[true, false, true], &[1.0, 1.0, 0.0], 3);
        assert_eq!(weights[2], 0.0);
    }
}
