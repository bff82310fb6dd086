//! Designs over listed levels: every combination, level by level, or one factor at a time from a base.

use super::{DesignError, POINTS_MAX};

/// Every combination of levels, the last factor changing fastest. Points are worked out, not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    levels: Vec<usize>,
    points: u64,
}

impl Grid {
    /// The grid of factors that have so many levels each.
    ///
    /// # Errors
    /// No factor, a factor without a level, or too many points.
    pub fn new(levels: &[usize]) -> Result<Self, DesignError> {
        if levels.is_empty() || levels.contains(&0) {
            return Err(DesignError::Empty);
        }
        let points = levels.iter().fold(1, |points: u128, &it| points.saturating_mul(it as u128));
        if points > u128::from(POINTS_MAX) {
            return Err(DesignError::TooManyPoints { points });
        }
        Ok(Self { levels: levels.to_vec(), points: points as u64 })
    }

    /// How many points, at least 1.
    pub fn points(&self) -> u64 {
        self.points
    }

    /// The level of each factor at a point, counted from 0; points beyond the last begin anew.
    ///
    /// ```
    /// use escalate::studies::design::levels::Grid;
    ///
    /// let grid = Grid::new(&[2, 3])?;
    /// assert_eq!(grid.points(), 6);
    /// assert_eq!((grid.point(0), grid.point(5)), (vec![0, 0], vec![1, 2]));
    /// # Ok::<(), escalate::studies::design::DesignError>(())
    /// ```
    pub fn point(&self, point: u64) -> Vec<usize> {
        let mut rest = point % self.points;
        let mut found: Vec<usize> = self
            .levels
            .iter()
            .rev()
            .map(|&levels| {
                let level = rest % levels as u64;
                rest /= levels as u64;
                level as usize
            })
            .collect();
        found.reverse();
        found
    }
}

/// How many points the levels of all factors make side by side: point i has level i of each.
///
/// # Errors
/// No factor, no level, factors with different numbers of levels, or too many points.
pub fn zip(levels: &[usize]) -> Result<u64, DesignError> {
    let points = levels.first().copied().unwrap_or(0);
    if let Some((factor, &has)) = levels.iter().enumerate().find(|&(_, &it)| it != points) {
        return Err(DesignError::Unequal { factor, has, expected: points });
    }
    match points as u64 {
        0 => Err(DesignError::Empty),
        points if points > POINTS_MAX => Err(DesignError::TooManyPoints { points: u128::from(points) }),
        points => Ok(points),
    }
}

/// A point of a design that moves one factor at a time: the base, or one factor at one of its levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Base,
    Moved { factor: usize, level: usize },
}

/// One factor at a time: the base, then every level of every factor, in order.
pub fn one_at_a_time(levels: &[usize]) -> impl Iterator<Item = Step> + '_ {
    let moved = levels
        .iter()
        .enumerate()
        .flat_map(|(factor, &levels)| (0..levels).map(move |level| Step::Moved { factor, level }));
    std::iter::once(Step::Base).chain(moved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_every_combination_once() {
        let grid = Grid::new(&[2, 3, 4]).unwrap();
        let all: Vec<Vec<usize>> = (0..grid.points()).map(|point| grid.point(point)).collect();
        assert_eq!((all.len(), &all[0], &all[1], &all[23]), (24, &vec![0, 0, 0], &vec![0, 0, 1], &vec![1, 2, 3]));
        let mut sorted = all.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(sorted, all);
    }

    #[test]
    fn what_cannot_be_is_told() {
        assert_eq!(Grid::new(&[]), Err(DesignError::Empty));
        assert_eq!(Grid::new(&[3, 0]), Err(DesignError::Empty));
        assert!(matches!(Grid::new(&[usize::MAX; 9]), Err(DesignError::TooManyPoints { .. })));
        assert_eq!(zip(&[3, 3]), Ok(3));
        assert_eq!(zip(&[3, 4]), Err(DesignError::Unequal { factor: 1, has: 4, expected: 3 }));
        assert_eq!(zip(&[]), Err(DesignError::Empty));
    }

    #[test]
    fn one_factor_moves() {
        let steps: Vec<Step> = one_at_a_time(&[2, 1]).collect();
        let moved = |factor, level| Step::Moved { factor, level };
        assert_eq!(steps, [Step::Base, moved(0, 0), moved(0, 1), moved(1, 0)]);
    }
}
