//! A chance settled, and one of several options taken, by comparing u at full width.

/// A chance p as the number T = ⌈p · 2^64⌉: it comes where U < T, which is where u < p.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold {
    high: u32,
    low: u64,
}

impl Threshold {
    /// The threshold of a chance, exactly: p ≤ 0 (and NaN) never comes, p ≥ 1 always.
    #[inline]
    pub fn new(p: f64) -> Self {
        if p >= 1.0 {
            return Self { high: 1 << 16, low: 0 };
        }
        let scaled = p * 18_446_744_073_709_551_616.0;
        let below = scaled as u64; // rounds down; 0 for what is negative or NaN
        let ceiling = below + u64::from((below as f64) < scaled);
        Self { high: (ceiling >> 48) as u32, low: ceiling & 0xffff_ffff_ffff }
    }

    /// Whether the chance comes, by all 64 bits of the draw.
    #[inline]
    pub fn comes(self, bits: u64) -> bool {
        self.first((bits >> 48) as u16).unwrap_or((bits & 0xffff_ffff_ffff) < self.low)
    }

    /// Whether the chance comes, by the first 16 bits; none on a tie, which the other 48 have to settle.
    #[inline]
    pub fn first(self, piece: u16) -> Option<bool> {
        (u32::from(piece) != self.high).then_some(u32::from(piece) < self.high)
    }

    /// ⌊T / 2^48⌋, from 0 to 65,536: what the first 16 bits are compared with.
    #[inline]
    pub fn high(self) -> u32 {
        self.high
    }

    /// T mod 2^48: what the other 48 bits are compared with on a tie.
    #[inline]
    pub fn low(self) -> u64 {
        self.low
    }
}

/// The first option i with u < c_i, where c are the cumulative thresholds, none if u is above them all.
pub fn choose(bits: u64, thresholds: &[f64]) -> Option<usize> {
    thresholds.iter().position(|&c| Threshold::new(c).comes(bits))
}

/// Turns weights into cumulative thresholds, the last of them exactly 1, and returns the sum of the weights.
///
/// Nothing can be chosen if the sum is 0: all thresholds are then 0. The sum is NaN, and so are the thresholds, if a
/// weight is negative or NaN or the sum is infinite.
pub fn cumulate(weights: &mut [f64]) -> f64 {
    let mut total = 0.0;
    for weight in weights.iter_mut() {
        total += if *weight >= 0.0 { *weight } else { f64::NAN };
        *weight = total;
    }
    if !total.is_finite() {
        weights.fill(f64::NAN);
        return f64::NAN;
    }
    if total > 0.0 {
        weights.iter_mut().for_each(|sum| *sum /= total);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    /// T itself, by integer arithmetic on the parts of p.
    fn ceiling(p: f64) -> u128 {
        let (exponent, fraction) = ((p.to_bits() >> 52) as u32, u128::from(p.to_bits() & ((1 << 52) - 1)));
        let (mantissa, shift) = if exponent == 0 { (fraction, 1074) } else { (fraction | 1 << 52, 1075 - exponent) };
        match shift {
            0..=64 => mantissa << (64 - shift),
            65..=190 => (mantissa + ((1 << (shift - 64)) - 1)) >> (shift - 64),
            _ => u128::from(mantissa > 0),
        }
    }

    #[test]
    fn the_threshold_is_the_exact_ceiling() {
        let tiny = f64::from_bits(1);
        let mut chances = vec![0.0, tiny, 1e-310, 5e-20, 0.1, 0.5, 1.0 / 3.0, 1.0 - f64::EPSILON / 2.0, 1.0];
        chances.extend((1..1000).map(|i| 1.0 / f64::from(i)));
        chances.extend((1..200).map(|i| libm::exp2(-f64::from(i)) * 1.3));
        for p in chances {
            let threshold = Threshold::new(p);
            assert_eq!(u128::from(threshold.high()) << 48 | u128::from(threshold.low()), ceiling(p), "{p:e}");
        }
    }

    #[test]
    fn never_and_always() {
        for p in [0.0, -0.0, -0.3, f64::NEG_INFINITY, f64::NAN] {
            assert!([0, 1, 1 << 48, u64::MAX].iter().all(|&bits| !Threshold::new(p).comes(bits)), "{p}");
        }
        for p in [1.0, 1.5, f64::INFINITY] {
            assert!([0, 1, 1 << 48, u64::MAX].iter().all(|&bits| Threshold::new(p).comes(bits)), "{p}");
            assert_eq!(Threshold::new(p).first(u16::MAX), Some(true));
        }
        assert!(Threshold::new(f64::from_bits(1)).comes(0) && !Threshold::new(f64::from_bits(1)).comes(1));
        assert!(!Threshold::new(1.0 - f64::EPSILON / 2.0).comes(u64::MAX));
    }

    #[test]
    fn lazy_equals_full_width_at_every_tie() {
        for i in 0..2_000_u32 {
            let p = f64::from(i) / 1999.0;
            let (threshold, exact) = (Threshold::new(p), ceiling(p));
            let near = (exact.min(u128::from(u64::MAX)) as u64).saturating_add(2);
            let tie = near >> 48 << 48;
            for bits in (0..5).map(|d| near.saturating_sub(d)).chain([tie, tie | 0xffff_ffff_ffff, tie.wrapping_sub(1)])
            {
                assert_eq!(threshold.comes(bits), u128::from(bits) < exact, "{p} {bits:x}");
                let first = threshold.first((bits >> 48) as u16);
                assert!(first.is_none_or(|came| came == (u128::from(bits) < exact)));
            }
        }
    }

    #[test]
    fn options_are_taken_by_cumulative_weight() {
        let mut thresholds = [0.0, 1.0, 0.0, 2.0, 1.0, 0.0];
        assert_eq!(cumulate(&mut thresholds), 4.0);
        assert_eq!(thresholds, [0.0, 0.25, 0.25, 0.75, 1.0, 1.0]);
        let taken = [0, (1 << 62) - 1, 1 << 62, 3 << 62, u64::MAX].map(|bits| choose(bits, &thresholds));
        assert_eq!(taken, [1, 1, 3, 4, 4].map(Some));
    }

    #[test]
    fn weights_outside_their_domain_choose_nothing() {
        assert_eq!(choose(0, &[]), None);
        assert_eq!(cumulate(&mut []), 0.0);
        let mut zero = [0.0, -0.0];
        assert_eq!((cumulate(&mut zero), choose(0, &zero)), (0.0, None));
        for mut bad in [[1.0, -1.0], [f64::NAN, 1.0], [f64::MAX, f64::MAX], [1.0, f64::INFINITY]] {
            assert!(cumulate(&mut bad).is_nan());
            assert_eq!(choose(0, &bad), None);
        }
    }
}
