//! Weights of distributions that are inverted again and again, kept for when the same arguments come back.

use super::counting::Weights;

/// How many distributions are kept, and of how many values at most: two MiB a thread.
const KEPT: usize = 1_024;
const VALUES: usize = 128;

/// A whole-number distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    Poisson,
    Binomial,
}

/// Inverts whole-number distributions: what [`super::counting::poisson`] and [`super::counting::binomial`] do, without
/// making room each time, and without working out again what it still knows.
#[derive(Debug, Default)]
pub struct Inverter {
    kept: Vec<(Option<Arguments>, Weights)>,
    /// Room for distributions of many values.
    large: Weights,
}

/// The distribution and its arguments, as bits: equal only if the weights are.
type Arguments = (Counting, u64, u64);

impl Inverter {
    /// The value at v in (0, 1); NaN outside the distribution's domain. A Poisson distribution has no second argument.
    pub fn invert(&mut self, counting: Counting, v: f64, first: f64, second: f64) -> f64 {
        // About ten standard deviations on either side.
        let variance = match counting {
            Counting::Poisson => first,
            Counting::Binomial => first * second * (1.0 - second),
        };
        if variance.is_nan() || 20.0 * libm::sqrt(variance) + 20.0 > VALUES as f64 {
            return if fill(&mut self.large, counting, first, second) { self.large.value(v) } else { f64::NAN };
        }
        if self.kept.is_empty() {
            self.kept.resize_with(KEPT, Default::default);
        }
        let arguments = (counting, first.to_bits(), second.to_bits());
        let mixed = (arguments.1.rotate_left(32) ^ arguments.2).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let (known, weights) = &mut self.kept[(mixed >> 32) as usize % KEPT];
        if *known != Some(arguments) {
            *known = fill(weights, counting, first, second).then_some(arguments);
            if known.is_none() {
                return f64::NAN;
            }
        }
        weights.value(v)
    }
}

fn fill(weights: &mut Weights, counting: Counting, first: f64, second: f64) -> bool {
    match counting {
        Counting::Poisson => weights.poisson(first),
        Counting::Binomial => weights.binomial(first, second),
    }
}

#[cfg(test)]
mod tests {
    use super::super::counting::{binomial, poisson};
    use super::*;

    #[test]
    fn what_is_kept_gives_what_is_worked_out_anew() {
        let mut inverter = Inverter::default();
        for round in 0..3 {
            for i in 0..4_000_u32 {
                let v = (f64::from(i * 7 + round) + 0.5) / 28_010.0;
                let (n, p) = (f64::from(i % 90), f64::from(i % 13) / 11.0);
                let (one, other) = (inverter.invert(Counting::Binomial, v, n, p), binomial(v, n, p));
                assert_eq!(one.to_bits(), other.to_bits(), "{v} {n} {p}");
                let mean = f64::from(i % 60) * 1.7 - 3.0;
                let (one, other) = (inverter.invert(Counting::Poisson, v, mean, 0.0), poisson(v, mean));
                assert_eq!(one.to_bits(), other.to_bits(), "{v} {mean}");
            }
        }
        assert_eq!(inverter.invert(Counting::Binomial, 0.5, 1e6, 0.25), binomial(0.5, 1e6, 0.25));
        assert!(inverter.invert(Counting::Binomial, 0.5, 2.5, 0.5).is_nan());
    }
}
