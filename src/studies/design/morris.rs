//! Morris trajectories: walks through a grid that change one factor at a time, each factor once.
//!
//! M. D. Morris, "Factorial sampling plans for preliminary computational experiments", Technometrics 33 (1991), 161-174.

use super::{DesignError, Points};
use crate::statistics::sampler::Sampler;

/// Trajectories through the grid of `levels` levels 0, 1 / (levels - 1), ..., 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Trajectories {
    /// Trajectory by trajectory, factors + 1 points each.
    pub points: Points,
    /// Trajectory by trajectory, the factor that changes from each point to the next.
    pub changed: Vec<usize>,
    /// How far a factor moves, up or down: levels / (2 (levels - 1)).
    pub delta: f64,
}

/// So many trajectories; fewer of them are the beginning of more. Starts, orders and directions are equally likely.
///
/// # Errors
/// An odd number of levels, no factor, no trajectory, or more points than the limits allow.
pub fn trajectories(seed: u64, count: u64, factors: usize, levels: usize) -> Result<Trajectories, DesignError> {
    if levels < 2 || levels % 2 == 1 {
        return Err(DesignError::OddLevels { levels });
    }
    let a_walk = factors as u64 + 1;
    let mut points = Points::new(count.saturating_mul(a_walk), factors)?;
    if count == 0 {
        return Err(DesignError::Empty);
    }
    let (half, last) = (levels / 2, (levels - 1) as f64);
    let mut changed = Vec::with_capacity(count as usize * factors);
    let mut sampler = Sampler::new(seed, &format!("study/morris/{factors}/{levels}"));
    for walk in 0..count as usize {
        let mut order: Vec<usize> = (0..factors).collect();
        sampler.shuffle(&mut order);
        // From the lower half one goes up by half of the levels, from the upper half down.
        let mut place: Vec<usize> = (0..factors).map(|_| sampler.below(levels)).collect();
        for step in 0..=factors {
            let row = points.row_mut(walk * a_walk as usize + step);
            row.iter_mut().zip(&place).for_each(|(to, &level)| *to = level as f64 / last);
            if let Some(&factor) = order.get(step) {
                place[factor] = if place[factor] < half { place[factor] + half } else { place[factor] - half };
            }
        }
        changed.extend(order);
    }
    Ok(Trajectories { points, changed, delta: half as f64 / last })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_factor_moves_once_by_delta() {
        let found = trajectories(3, 20, 6, 4).unwrap();
        assert!((found.delta - 2.0 / 3.0).abs() < 1e-15);
        for walk in 0..20 {
            let mut seen = [false; 6];
            for step in 0..6 {
                let (from, to) = (found.points.row(walk * 7 + step), found.points.row(walk * 7 + step + 1));
                let moved = found.changed[walk * 6 + step];
                for factor in 0..6 {
                    let expected = if factor == moved { found.delta } else { 0.0 };
                    assert!(((to[factor] - from[factor]).abs() - expected).abs() < 1e-15);
                }
                seen[moved] = true;
            }
            assert_eq!(seen, [true; 6]);
        }
    }

    #[test]
    fn levels_are_even_and_equally_likely() {
        assert_eq!(trajectories(1, 4, 2, 5), Err(DesignError::OddLevels { levels: 5 }));
        assert_eq!(trajectories(1, 0, 2, 4), Err(DesignError::Empty));
        let found = trajectories(1, 3_000, 1, 4).unwrap();
        for level in 0..4 {
            let seen = found.points.rows().filter(|row| (row[0] * 3.0).round() == f64::from(level)).count();
            assert!((1_350..1_650).contains(&seen), "{level}: {seen}");
        }
        let more = trajectories(1, 3_001, 1, 4).unwrap();
        assert!(found.points.rows().eq(more.points.rows().take(6_000)));
    }
}
