//! Designs: where the points of a study lie, each a pure function of whole numbers.
//!
//! - [`levels`]: grid, zip and one at a time: factors with levels that are listed
//! - [`latin`]: Latin hypercubes, stratified exactly in every factor
//! - [`sobol`]: Sobol points, plain or scrambled; doubling keeps the points there were
//! - [`morris`]: trajectories that change one factor at a time
//! - [`saltelli`]: the points from which Sobol's indices are estimated
//!
//! Samples lie in the unit cube, strictly inside but for plain Sobol points; a factor's distribution makes values of them.

pub mod latin;
pub mod levels;
pub mod morris;
pub mod saltelli;
pub mod sobol;

/// The most points that a design can have: each of them owns 2^24 replication numbers below 2^48.
pub const POINTS_MAX: u64 = 1 << 24;

/// The most numbers, points times factors, that a design holds in memory at once: 256 MiB of them.
pub const NUMBERS_MAX: u64 = 1 << 25;

/// Why there is no such design.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DesignError {
    /// More points than [`POINTS_MAX`].
    TooManyPoints { points: u128 },
    /// More numbers than [`NUMBERS_MAX`].
    TooManyNumbers { numbers: u128 },
    /// More dimensions than there are direction numbers for.
    TooManyDimensions { dimensions: usize, most: usize },
    /// No factor, no level, no point.
    Empty,
    /// Lists of levels that are zipped, or rows of a list, have different lengths.
    Unequal { factor: usize, has: usize, expected: usize },
    /// A number of levels that is not even, or below 2.
    OddLevels { levels: usize },
}

impl std::fmt::Display for DesignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooManyPoints { points } => {
                write!(f, "the design has {points} points, and at most {POINTS_MAX} are possible; take fewer levels")
            }
            Self::TooManyNumbers { numbers } => {
                write!(f, "points times factors are {numbers}, and at most {NUMBERS_MAX} are possible; take fewer")
            }
            Self::TooManyDimensions { dimensions, most } => {
                write!(f, "Sobol points have at most {most} dimensions, and this design needs {dimensions}")
            }
            Self::Empty => write!(f, "the design has no point: every factor needs at least one level"),
            Self::Unequal { factor, has, expected } => {
                write!(
                    f,
                    "factor {} has {has} levels, and the first has {expected}; zip needs as many of each",
                    factor + 1
                )
            }
            Self::OddLevels { levels } => {
                write!(f, "Morris trajectories need an even number of levels, at least 2, and not {levels}")
            }
        }
    }
}

impl std::error::Error for DesignError {}

/// Points as rows of numbers, one number a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    factors: usize,
    numbers: Vec<f64>,
}

impl Points {
    /// Room for so many points, all numbers 0.
    ///
    /// # Errors
    /// No factor, or more points or numbers than the limits allow.
    pub fn new(points: u64, factors: usize) -> Result<Self, DesignError> {
        let numbers = u128::from(points) * factors as u128;
        if factors == 0 {
            return Err(DesignError::Empty);
        }
        if points > POINTS_MAX {
            return Err(DesignError::TooManyPoints { points: u128::from(points) });
        }
        if numbers > u128::from(NUMBERS_MAX) {
            return Err(DesignError::TooManyNumbers { numbers });
        }
        Ok(Self { factors, numbers: vec![0.0; numbers as usize] })
    }

    /// Points that somebody listed, row by row.
    ///
    /// # Errors
    /// No row, rows of different lengths, or too many of them.
    pub fn from_rows(rows: &[Vec<f64>]) -> Result<Self, DesignError> {
        let factors = rows.first().map_or(0, Vec::len);
        let mut points = Self::new(rows.len() as u64, factors)?;
        for (to, row) in points.numbers.chunks_mut(factors).zip(rows) {
            if row.len() != factors {
                return Err(DesignError::Unequal { factor: row.len().min(factors), has: row.len(), expected: factors });
            }
            to.copy_from_slice(row);
        }
        Ok(points)
    }

    /// How many points.
    pub fn len(&self) -> usize {
        self.numbers.len() / self.factors
    }

    /// Whether there is no point.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// How many factors.
    pub fn factors(&self) -> usize {
        self.factors
    }

    /// The points in order, a row each.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.numbers.chunks(self.factors)
    }

    /// One point.
    pub fn row(&self, point: usize) -> &[f64] {
        &self.numbers[point * self.factors..(point + 1) * self.factors]
    }

    /// The numbers of one factor, point by point.
    pub fn column(&self, factor: usize) -> Vec<f64> {
        self.rows().map(|row| row[factor]).collect()
    }

    fn row_mut(&mut self, point: usize) -> &mut [f64] {
        &mut self.numbers[point * self.factors..(point + 1) * self.factors]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_make_points() {
        let points = Points::from_rows(&[vec![1.0, 2.0], vec![3.0, 4.0]]).unwrap();
        assert_eq!((points.len(), points.factors(), points.row(1)), (2, 2, &[3.0, 4.0][..]));
        assert_eq!(points.column(1), [2.0, 4.0]);
        let ragged = Points::from_rows(&[vec![1.0, 2.0], vec![3.0]]);
        assert_eq!(ragged, Err(DesignError::Unequal { factor: 1, has: 1, expected: 2 }));
        assert_eq!(Points::from_rows(&[]), Err(DesignError::Empty));
    }

    #[test]
    fn limits_are_told() {
        assert!(matches!(Points::new(POINTS_MAX + 1, 1), Err(DesignError::TooManyPoints { .. })));
        assert!(matches!(Points::new(POINTS_MAX, 100), Err(DesignError::TooManyNumbers { .. })));
        assert!(DesignError::OddLevels { levels: 3 }.to_string().contains("not 3"));
    }
}
