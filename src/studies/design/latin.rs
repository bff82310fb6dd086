//! Latin hypercubes: in every factor each of n equal strata holds exactly one of n points.
//!
//! M. D. McKay, R. J. Beckman, W. J. Conover, "A comparison of three methods for selecting values of input variables in
//! the analysis of output from a computer code", Technometrics 21 (1979), 239-245.

use super::{DesignError, Points};
use crate::statistics::sampler::Sampler;

/// A Latin hypercube in the unit cube, random within its strata. It is a new sample for each number of points: unlike
/// Sobol points it cannot be extended.
///
/// ```
/// use escalate::studies::design::latin::latin_hypercube;
///
/// let points = latin_hypercube(1, 10, 2)?;
/// // Every tenth of every factor has exactly one point.
/// let mut tenths: Vec<usize> = points.rows().map(|row| (row[1] * 10.0) as usize).collect();
/// tenths.sort_unstable();
/// assert_eq!(tenths, (0..10).collect::<Vec<_>>());
/// # Ok::<(), escalate::studies::design::DesignError>(())
/// ```
///
/// # Errors
/// No factor, no point, or more of them than the limits allow.
pub fn latin_hypercube(seed: u64, points: u64, factors: usize) -> Result<Points, DesignError> {
    let mut design = Points::new(points, factors)?;
    if points == 0 {
        return Err(DesignError::Empty);
    }
    for factor in 0..factors {
        let mut sampler = Sampler::new(seed, &format!("study/latin_hypercube/{factor}"));
        let mut strata: Vec<usize> = (0..points as usize).collect();
        sampler.shuffle(&mut strata);
        for (point, &stratum) in strata.iter().enumerate() {
            design.row_mut(point)[factor] = within(stratum, points, sampler.unit());
        }
    }
    Ok(design)
}

/// The number at the place u, in (0, 1), of a stratum; rounding never carries it into the next.
fn within(stratum: usize, points: u64, u: f64) -> f64 {
    let value = (stratum as f64 + u) / points as f64;
    let end = (stratum + 1) as f64 / points as f64;
    if value < end { value } else { end.next_down() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stratum_holds_one_point() {
        for points in [1, 2, 7, 100, 1_000] {
            let design = latin_hypercube(5, points, 4).unwrap();
            for factor in 0..4 {
                let mut strata: Vec<usize> =
                    design.column(factor).iter().map(|&u| (u * points as f64) as usize).collect();
                strata.sort_unstable();
                assert!(strata.iter().copied().eq(0..points as usize), "{points} points, factor {factor}");
            }
        }
        assert_eq!(within(6, 7, 1.0 - 1e-17), 1_f64.next_down());
    }

    #[test]
    fn factors_and_seeds_differ() {
        let design = latin_hypercube(5, 50, 2).unwrap();
        assert_ne!(design.column(0), design.column(1));
        assert_ne!(design, latin_hypercube(6, 50, 2).unwrap());
        assert_eq!(design, latin_hypercube(5, 50, 2).unwrap());
        assert!(latin_hypercube(5, 0, 2).is_err());
    }
}
