//! Continuous distributions, each the inverse of its cumulative distribution function at one v in (0, 1).
//!
//! An argument outside its domain, or a result that is not finite, gives NaN. Arithmetic is plain binary64 in the order
//! written; square root and logarithm are those of the pinned `libm`.

/// The uniform distribution from `low` to `high`: min(high, low + (high - low) · v).
pub fn uniform(v: f64, low: f64, high: f64) -> f64 {
    let width = high - low;
    if !(is_inside(v) && width >= 0.0 && width.is_finite()) {
        return f64::NAN;
    }
    at_most(low + width * v, high)
}

/// The triangular distribution from `low` over its `mode` to `high`.
///
/// With w = high - low: min(mode, low + w · √(v · ((mode - low) / w))) where v < (mode - low) / w, else
/// max(mode, high - w · √((1 - v) · ((high - mode) / w))); `mode` where w = 0.
pub fn triangular(v: f64, low: f64, mode: f64, high: f64) -> f64 {
    let width = high - low;
    if !(is_inside(v) && low <= mode && mode <= high && width.is_finite()) {
        return f64::NAN;
    }
    if width == 0.0 {
        return mode;
    }
    let (left, right) = ((mode - low) / width, (high - mode) / width);
    if v < left {
        at_most(low + width * libm::sqrt(v * left), mode)
    } else {
        at_least(high - width * libm::sqrt((1.0 - v) * right), mode)
    }
}

/// The normal distribution with a mean and a standard deviation (at least 0): mean + sd · Φ⁻¹(v).
///
/// It rises with v but for rounding: by units in the last place it may not, between neighbouring v.
pub fn normal(v: f64, mean: f64, sd: f64) -> f64 {
    if !(is_inside(v) && sd >= 0.0) {
        return f64::NAN;
    }
    let value = mean + sd * standard_normal(v);
    if value.is_finite() { value } else { f64::NAN }
}

/// Φ⁻¹(v), accurate to about 1 part in 10^16.
///
/// Algorithm AS 241, routine PPND16: M. J. Wichura, "The Percentage Points of the Normal Distribution", Applied
/// Statistics 37 (1988), 477-484.
fn standard_normal(v: f64) -> f64 {
    let q = v - 0.5;
    if (-0.425..=0.425).contains(&q) {
        return q * ratio(&CENTRE, 0.180625 - q * q);
    }
    let tail = if q < 0.0 { v } else { 1.0 - v };
    let r = libm::sqrt(-libm::log(tail));
    let z = if r <= 5.0 { ratio(&TAIL, r - 1.6) } else { ratio(&FAR_TAIL, r - 5.0) };
    if q < 0.0 { -z } else { z }
}

/// The quotient of two polynomials, by Horner's rule.
fn ratio([above, below]: &[[f64; 8]; 2], x: f64) -> f64 {
    let polynomial = |coefficients: &[f64; 8]| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
    polynomial(above) / polynomial(below)
}

/// Numerator and denominator where |v - 1/2| ≤ 0.425, constant term first.
#[expect(clippy::excessive_precision, reason = "digits as published")]
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_608_0,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083_0e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061_0e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561_0e3,
    ],
];

/// The same for the tails, down to e^-25.
#[expect(clippy::excessive_precision, reason = "digits as published")]
const TAIL: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_90,
        5.769_497_221_460_691_405_50,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_70e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_40e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_40,
        6.897_673_349_851_000_045_50e-1,
        1.481_039_764_274_800_745_90e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946_00e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
];

/// The same for the tails beyond e^-25.
#[expect(clippy::excessive_precision, reason = "digits as published")]
const FAR_TAIL: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103_777_20,
        5.463_784_911_164_114_369_90,
        1.784_826_539_917_291_335_80,
        2.965_605_718_285_048_912_30e-1,
        2.653_218_952_657_612_309_30e-2,
        1.242_660_947_388_078_438_60e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_90e-1,
        1.369_298_809_227_358_053_10e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591_00e-4,
        1.846_318_317_510_054_681_80e-5,
        1.421_511_758_316_445_888_70e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
];

fn is_inside(v: f64) -> bool {
    0.0 < v && v < 1.0
}

/// Rounding may carry a value past its bound by one unit in the last place; this takes it back.
fn at_most(x: f64, bound: f64) -> f64 {
    if x > bound { bound } else { x }
}

fn at_least(x: f64, bound: f64) -> f64 {
    if x < bound { bound } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// v from both ends, through the middle and around the joints of AS 241, ascending.
    fn ladder() -> Vec<f64> {
        let mut ladder: Vec<f64> = (1..=53).map(|i| libm::exp2(-f64::from(i))).collect();
        ladder.extend((1..1000).map(|i| f64::from(i) / 1000.0));
        ladder.extend([0.075, 0.0750001, libm::exp(-25.0), libm::exp(-25.0) * 1.0001]);
        ladder.extend(ladder.clone().iter().map(|v| 1.0 - v));
        ladder.sort_by(f64::total_cmp);
        ladder.dedup();
        ladder
    }

    #[test]
    fn the_normal_inverts_its_distribution_function() {
        for v in ladder() {
            let z = normal(v, 0.0, 1.0);
            let back = libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2) / 2.0;
            let slack = 1e-14 * v * (1.0 + z * z) + 1e-16;
            assert!((back - v).abs() <= slack, "{v:e}: {z} gives {back:e}");
        }
    }

    #[test]
    fn the_normal_has_its_textbook_quantiles() {
        for (v, z) in [(0.5, 0.0), (0.975, 1.959_963_984_540_054), (0.999, 3.090_232_306_167_813_5)] {
            assert!((normal(v, 0.0, 1.0) - z).abs() < 1e-15);
        }
        assert!((normal(1e-12, 0.0, 1.0) + 7.034_483_825_301_132).abs() < 1e-14);
    }

    #[test]
    fn the_normal_is_symmetric_to_the_last_bit() {
        for v in ladder().into_iter().filter(|v| 1.0 - (1.0 - v) == *v) {
            assert_eq!(normal(v, 0.0, 1.0), -normal(1.0 - v, 0.0, 1.0));
        }
    }

    #[test]
    fn values_rise_with_v() {
        let rises = |f: &dyn Fn(f64) -> f64| ladder().windows(2).all(|v| f(v[0]) <= f(v[1]));
        let apart = |v: &[f64]| v[1] - v[0] > 1e-14 * v[0];
        assert!(ladder().windows(2).filter(|v| apart(v)).all(|v| normal(v[0], 0.0, 1.0) < normal(v[1], 0.0, 1.0)));
        assert!(rises(&|v| uniform(v, -1.0, 1.5e-16)));
        for mode in [-1.0, -0.3, 0.0, 1.9, 2.0] {
            assert!(rises(&|v| triangular(v, -1.0, mode, 2.0)), "mode {mode}");
        }
    }

    #[test]
    fn values_stay_between_their_bounds() {
        for v in ladder() {
            assert!((-1.0..=1.5e-16).contains(&uniform(v, -1.0, 1.5e-16)));
            assert!((-1.0..=1.5e-16).contains(&triangular(v, -1.0, 1.2e-16, 1.5e-16)));
            assert_eq!((uniform(v, 7.0, 7.0), triangular(v, 7.0, 7.0, 7.0), normal(v, 7.0, 0.0)), (7.0, 7.0, 7.0));
        }
    }

    #[test]
    fn the_triangular_inverts_its_distribution_function() {
        for v in ladder() {
            let x = triangular(v, 1.0, 2.0, 5.0);
            let back = if x < 2.0 { (x - 1.0) * (x - 1.0) / 4.0 } else { 1.0 - (5.0 - x) * (5.0 - x) / 12.0 };
            assert!((back - v).abs() < 1e-15, "{v:e}: {x} gives {back:e}");
        }
    }

    #[test]
    fn outside_the_domain_is_nan() {
        let (nan, infinite) = (f64::NAN, f64::INFINITY);
        for v in [0.0, 1.0, -0.1, nan] {
            assert!(
                uniform(v, 0.0, 1.0).is_nan() && triangular(v, 0.0, 0.5, 1.0).is_nan() && normal(v, 0.0, 1.0).is_nan()
            );
        }
        for (low, high) in
            [(1.0, 0.0), (nan, 1.0), (0.0, nan), (0.0, infinite), (-infinite, 0.0), (-f64::MAX, f64::MAX)]
        {
            assert!(uniform(0.5, low, high).is_nan(), "{low} {high}");
            assert!(
                triangular(0.5, low, low, high).is_nan() && triangular(0.5, low, high, high).is_nan(),
                "{low} {high}"
            );
        }
        assert!(triangular(0.5, 0.0, -0.1, 1.0).is_nan() && triangular(0.5, 0.0, 1.1, 1.0).is_nan());
        assert!(triangular(0.5, infinite, infinite, infinite).is_nan());
        for (mean, sd) in [(0.0, -1.0), (nan, 1.0), (0.0, nan), (infinite, 1.0), (0.0, infinite)] {
            assert!(normal(0.4, mean, sd).is_nan(), "{mean} {sd}");
        }
    }
}
