//! Sobol points from the direction numbers of Joe and Kuo, plain or with Owen's scrambling.
//!
//! I. M. Sobol, "On the distribution of points in a cube and the approximate evaluation of integrals", USSR Computational
//! Mathematics and Mathematical Physics 7 (1967), 86-112, in the order of I. A. Antonov, V. M. Saleev (Gray code), as
//! S. Joe, F. Y. Kuo, ACM Transactions on Mathematical Software 29 (2003), 49-57, compute them. The scrambling is nested
//! and uniform: A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences" (1995). Digit by digit, whether a binary
//! digit is flipped is a hash of all digits above it, so that a scrambled point is a pure function of its number, and the
//! first 2^m points are stratified whatever follows them.

use super::{DesignError, Points};
use crate::draws::unit;
use crate::statistics::sampler::Sampler;

/// The polynomials and initial numbers of all dimensions but the first.
const DIRECTIONS: &str = include_str!("joe_kuo.txt");

/// The most dimensions.
pub const DIMENSIONS_MAX: usize = 1_600;

/// Binary digits of a plain point, and of the number of a point.
const DIGITS: usize = 32;

/// Digits that are scrambled: as many as a number in (0, 1) has (see [`unit`]).
const SCRAMBLED: u32 = 52;

/// Sobol's sequence in some dimensions.
#[derive(Debug, Clone)]
pub struct Sobol {
    /// For each dimension the direction numbers, most significant digit first.
    directions: Vec<[u32; DIGITS]>,
    /// For each dimension the key of its scrambling; none if the points are plain.
    keys: Option<Vec<u64>>,
}

impl Sobol {
    /// The sequence as it was defined; its first point is the origin.
    ///
    /// # Errors
    /// No dimension, or more than [`DIMENSIONS_MAX`].
    pub fn plain(dimensions: usize) -> Result<Self, DesignError> {
        match dimensions {
            0 => Err(DesignError::Empty),
            1..=DIMENSIONS_MAX => Ok(Self { directions: directions(dimensions), keys: None }),
            _ => Err(DesignError::TooManyDimensions { dimensions, most: DIMENSIONS_MAX }),
        }
    }

    /// The sequence scrambled by a seed; each `scramble` of a seed is independent of the others.
    ///
    /// # Errors
    /// Those of [`Sobol::plain`].
    pub fn scrambled(dimensions: usize, seed: u64, scramble: u32) -> Result<Self, DesignError> {
        let plain = Self::plain(dimensions)?;
        let mut sampler = Sampler::new(seed, &format!("study/scramble/{scramble}"));
        let keys = Some((0..dimensions).map(|_| sampler.bits()).collect());
        Ok(Self { keys, ..plain })
    }

    /// The number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.directions.len()
    }

    /// One point, by its number from 0: a number in [0, 1) a dimension, strictly inside if the points are scrambled.
    pub fn point(&self, number: u32, point: &mut [f64]) {
        for (dimension, value) in point.iter_mut().enumerate().take(self.directions.len()) {
            let digits = self.digits(number, dimension);
            *value = match &self.keys {
                None => f64::from(digits) / libm::ldexp(1.0, DIGITS as i32),
                Some(keys) => unit(owen(u64::from(digits) << 32, keys[dimension])),
            };
        }
    }

    /// The first points. Fewer of them are the beginning of more.
    ///
    /// ```
    /// use escalate::studies::design::sobol::Sobol;
    ///
    /// let sobol = Sobol::scrambled(3, 1, 0)?;
    /// let (few, many) = (sobol.points(8)?, sobol.points(16)?);
    /// assert!((0..8).all(|number| few.row(number) == many.row(number)));
    /// # Ok::<(), escalate::studies::design::DesignError>(())
    /// ```
    ///
    /// # Errors
    /// More points or numbers than a design can have.
    pub fn points(&self, points: u64) -> Result<Points, DesignError> {
        let mut design = Points::new(points, self.dimensions())?;
        for number in 0..design.len() {
            self.point(number as u32, design.row_mut(number));
        }
        Ok(design)
    }

    /// The digits of a plain point behind the binary point.
    fn digits(&self, number: u32, dimension: usize) -> u32 {
        let mut gray = number ^ (number >> 1);
        let mut digits = 0;
        while gray != 0 {
            digits ^= self.directions[dimension][gray.trailing_zeros() as usize];
            gray &= gray - 1;
        }
        digits
    }
}

/// The direction numbers of the first dimensions, as digits behind the binary point.
fn directions(dimensions: usize) -> Vec<[u32; DIGITS]> {
    let first = std::array::from_fn(|digit| 1 << (DIGITS - 1 - digit));
    let lines = DIRECTIONS.lines().filter(|line| !line.starts_with('#'));
    std::iter::once(first).chain(lines.map(direction)).take(dimensions).collect()
}

/// The direction numbers of one dimension, from a line of the table: Bratley and Fox's recurrence.
fn direction(line: &str) -> [u32; DIGITS] {
    let numbers: Vec<u32> = line.split(' ').map(|word| word.parse().unwrap_or(0)).collect();
    let (degree, inner, initial) = (numbers[0] as usize, numbers[1], &numbers[2..]);
    let mut found = [0; DIGITS];
    for digit in 0..DIGITS {
        found[digit] = match initial.get(digit) {
            Some(m) => m << (DIGITS - 1 - digit),
            None => {
                let start = found[digit - degree] ^ (found[digit - degree] >> degree);
                let terms = (1..degree).filter(|&k| inner >> (degree - 1 - k) & 1 == 1);
                terms.fold(start, |sum, k| sum ^ found[digit - k])
            }
        };
    }
    found
}

/// Owen's scrambling: digit by digit from the top, flipped or not by a hash of the digits above it.
fn owen(digits: u64, key: u64) -> u64 {
    (0..SCRAMBLED).fold(digits, |scrambled, depth| {
        // The digits above, behind a one, so that prefixes of all lengths differ.
        let above = (1 << depth) | if depth == 0 { 0 } else { digits >> (64 - depth) };
        let flip = hash(hash(above ^ key).wrapping_add(key.rotate_left(32))) >> 63;
        scrambled ^ flip << (63 - depth)
    })
}

/// A permutation of 64 bits in which every bit of the result hangs on every bit of the argument: the last step of
/// SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
fn hash(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}

#[cfg(test)]
mod tests;
