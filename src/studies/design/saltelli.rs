//! Saltelli's design: two independent samples A and B, and A with one factor after another taken from B.
//!
//! A. Saltelli et al., "Variance based sensitivity analysis of model output. Design and estimator for the total
//! sensitivity index", Computer Physics Communications 181 (2010), 259-270.

use super::sobol::Sobol;
use super::{DesignError, Points};
use crate::statistics::sampler::Sampler;

/// The points of a group: A, then A with factor 0, 1, ... from B, then B. As SALib has them without second order.
pub fn points_in_group(factors: usize) -> usize {
    factors + 2
}

/// The design over so many groups of Sobol points, scrambled; it is extended by doubling the groups.
///
/// # Errors
/// No factor, or more dimensions (two a factor), points or numbers than the limits allow.
pub fn of_sobol(seed: u64, scramble: u32, groups: u64, factors: usize) -> Result<Points, DesignError> {
    let sobol = Sobol::scrambled(2 * factors, seed, scramble)?;
    design(groups, factors, |group, both| sobol.point(group as u32, both))
}

/// The design over so many groups of independent random points; fewer groups are the beginning of more.
///
/// # Errors
/// No factor, or more points or numbers than the limits allow.
pub fn of_random(seed: u64, groups: u64, factors: usize) -> Result<Points, DesignError> {
    let mut sampler = Sampler::new(seed, &format!("study/saltelli/{factors}"));
    design(groups, factors, |_, both| both.fill_with(|| sampler.unit()))
}

fn design(groups: u64, factors: usize, mut sample: impl FnMut(usize, &mut [f64])) -> Result<Points, DesignError> {
    let size = points_in_group(factors);
    let mut points = Points::new(groups.saturating_mul(size as u64), factors)?;
    let mut both = vec![0.0; 2 * factors];
    for group in 0..groups as usize {
        sample(group, &mut both);
        let (a, b) = both.split_at(factors);
        for place in 0..size {
            let row = points.row_mut(group * size + place);
            row.copy_from_slice(if place + 1 == size { b } else { a });
            if (1..=factors).contains(&place) {
                row[place - 1] = b[place - 1];
            }
        }
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_exchange_one_factor_each() {
        for points in [of_sobol(1, 0, 8, 3).unwrap(), of_random(1, 8, 3).unwrap()] {
            assert_eq!(points.len(), 8 * 5);
            for group in 0..8 {
                let (a, b) = (points.row(group * 5), points.row(group * 5 + 4));
                for factor in 0..3 {
                    let mixed = points.row(group * 5 + 1 + factor);
                    (0..3).for_each(|it| assert_eq!(mixed[it], if it == factor { b[it] } else { a[it] }));
                }
            }
        }
    }

    #[test]
    fn more_groups_keep_those_there_were() {
        let (some, twice) = (of_sobol(1, 2, 8, 3).unwrap(), of_sobol(1, 2, 16, 3).unwrap());
        assert!(some.rows().eq(twice.rows().take(some.len())));
        assert!(of_sobol(1, 0, 8, 801).is_err() && of_sobol(1, 0, 8, 0).is_err());
    }
}
