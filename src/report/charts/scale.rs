//! From a value to a place on the sheet, straight or by powers of ten, and the round values to mark on the way.

/// A range of values laid over a range of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    low: f64,
    high: f64,
    start: f64,
    end: f64,
    log: bool,
}

impl Scale {
    /// Equal steps for equal differences.
    pub fn linear((low, high): (f64, f64), (start, end): (f64, f64)) -> Self {
        Self { low, high, start, end, log: false }
    }

    /// Equal steps for equal ratios, between two powers of ten.
    pub fn log((low, high): (i32, i32), (start, end): (f64, f64)) -> Self {
        Self { low: f64::from(low), high: f64::from(high), start, end, log: true }
    }

    /// Whether it has powers of ten, and so no zero.
    pub fn is_log(&self) -> bool {
        self.log
    }

    /// Where a value stands; outside the range, at its nearer end. Nothing has a place at 0 on a log scale but the low end.
    pub fn at(&self, value: f64) -> f64 {
        let value = match (self.log, value > 0.0) {
            (false, _) => value,
            (true, true) => libm::log10(value),
            (true, false) => self.low,
        };
        let range = self.high - self.low;
        let way = if range > 0.0 { ((value - self.low) / range).clamp(0.0, 1.0) } else { 0.5 };
        self.start + way * (self.end - self.start)
    }
}

/// Round values, evenly spaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    pub step: f64,
    pub values: Vec<f64>,
}

impl Ticks {
    /// The multiples of a round step, about `wanted` of them, from the last at or below `low` to the first at or above `high`.
    pub fn around(low: f64, high: f64, wanted: usize) -> Self {
        let step = round_step((high - low) / wanted.max(1) as f64);
        let first = libm::floor(low / step + 1e-9) as i64;
        let last = libm::ceil(high / step - 1e-9) as i64;
        let values = (first..=last.max(first + 1)).map(|index| index as f64 * step).collect();
        Self { step, values }
    }

    /// The first and the last of them.
    pub fn range(&self) -> (f64, f64) {
        (self.values.first().copied().unwrap_or(0.0), self.values.last().copied().unwrap_or(1.0))
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is no smaller than `step`.
fn round_step(step: f64) -> f64 {
    let exponent = libm::floor(libm::log10(step.max(1e-300))) as i32;
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power_of_ten(exponent))
        .find(|&round| round >= step * (1.0 - 1e-9))
        .unwrap_or(step)
}

/// Ten to a whole power; as near as division allows where it is negative.
pub fn power_of_ten(exponent: i32) -> f64 {
    let power = libm::pow(10.0, f64::from(exponent.abs()));
    if exponent < 0 { 1.0 / power } else { power }
}

/// The powers of ten around a share: at or below `low`, at or above `high`, at least a decade apart.
pub fn decades(low: f64, high: f64) -> (i32, i32) {
    let bottom = libm::floor(libm::log10(low.max(1e-15)) + 1e-9) as i32;
    let top = libm::ceil(libm::log10(high.max(1e-15)) - 1e-9) as i32;
    (bottom, top.max(bottom + 1))
}

/// Bounds a little apart even where a value never moves; never so near that numbers run out of digits.
pub fn widened(low: f64, high: f64) -> (f64, f64) {
    let size = low.abs().max(high.abs());
    if high - low > size * 1e-9 {
        return (low, high);
    }
    let pad = if size > 0.0 { size * 0.1 } else { 1.0 };
    (low - pad, high + pad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_values() {
        let scale = Scale::linear((0.0, 10.0), (100.0, 200.0));
        assert_eq!([0.0, 5.0, 10.0, 99.0].map(|value| scale.at(value)), [100.0, 150.0, 200.0, 200.0]);
        let scale = Scale::log((-4, 0), (400.0, 0.0));
        assert!((scale.at(0.01) - 200.0).abs() < 1e-9);
        assert_eq!(scale.at(0.0), 400.0);
        assert_eq!(Scale::linear((3.0, 3.0), (0.0, 10.0)).at(3.0), 5.0);
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(Ticks::around(0.0, 1.0, 5).values, [0.0, 0.2, 0.4, 0.6000000000000001, 0.8, 1.0]);
        assert_eq!(Ticks::around(3.2, 18.9, 4).range(), (0.0, 20.0));
        assert_eq!(Ticks::around(-0.5, 0.5, 2).values, [-0.5, 0.0, 0.5]);
        let many = Ticks::around(1e15, 1.1e15, 5);
        assert!(many.values.len() < 9 && many.range().0 <= 1e15);
    }

    #[test]
    fn decades_hold_the_shares() {
        assert_eq!(decades(0.0003, 0.8), (-4, 0));
        assert_eq!(decades(0.001, 1.0), (-3, 0));
        assert_eq!(decades(0.01, 0.01), (-2, -1));
    }

    #[test]
    fn a_constant_has_room() {
        assert_eq!(widened(5.0, 5.0), (4.5, 5.5));
        assert_eq!(widened(0.0, 0.0), (-1.0, 1.0));
        assert_eq!(widened(0.0, 1.0), (0.0, 1.0));
    }
}
