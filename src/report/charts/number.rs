//! Numbers as a reader wants them: percentages that never round away a rare thing, counts in groups, values to the axis' precision.

/// A space that does not break: between a number and its unit, and between groups of digits.
pub const NBSP: char = '\u{a0}';

/// A share as a percentage: two figures below 1 %, and never 0 % or 100 % unless it is exactly that.
pub fn percent(share: f64) -> String {
    format!("{}{NBSP}%", percent_number(share))
}

/// An interval of shares as percentages: `0.022–0.044 %`.
pub fn percent_range(low: f64, high: f64) -> String {
    format!("{}–{}", percent_number(low), percent(high))
}

fn percent_number(share: f64) -> String {
    let percent = share * 100.0;
    let rest = (1.0 - share) * 100.0;
    if percent <= 0.0 {
        "0".to_string()
    } else if rest <= 0.0 {
        "100".to_string()
    } else if percent < 50.0 {
        fixed(percent, decimals(percent))
    } else {
        fixed(percent, if rest < 1.0 { decimals(rest) } else { 1 })
    }
}

/// Decimals that leave two figures of a percentage below 1, three of one from there to 100.
fn decimals(percent: f64) -> usize {
    if percent >= 9.95 {
        return 1;
    }
    let (mut decimals, mut two_figures) = (2, 0.0995);
    while percent < two_figures && decimals < 12 {
        decimals += 1;
        two_figures /= 10.0;
    }
    decimals
}

/// A whole number in groups of three digits.
pub fn count(number: u64) -> String {
    group(&number.to_string())
}

/// A value to a number of decimals, its whole part in groups; very large and very small ones as powers of ten.
pub fn value(value: f64, decimals: usize) -> String {
    if value == 0.0 {
        return "0".to_string();
    }
    if value.abs() >= 1e9 || decimals > 6 {
        let text = format!("{value:.3e}");
        return text.replace(".000e", "e").replace('-', "−");
    }
    let text = fixed(value.abs(), decimals);
    let zero = text.chars().all(|digit| matches!(digit, '0' | '.'));
    let sign = if value < 0.0 && !zero { "−" } else { "" };
    match text.split_once('.') {
        Some((whole, rest)) => format!("{sign}{}.{rest}", group(whole)),
        None => format!("{sign}{}", group(&text)),
    }
}

/// The decimals that tell multiples of `step` apart.
pub fn decimals_of(step: f64) -> usize {
    let mut decimals = 0;
    let mut scaled = step.abs();
    while decimals < 12 && (scaled - libm::round(scaled)).abs() > 1e-6 * scaled.max(1e-9) {
        scaled *= 10.0;
        decimals += 1;
    }
    decimals
}

fn fixed(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}")
}

fn group(digits: &str) -> String {
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) && digits.len() > 4 {
            grouped.push(NBSP);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_keep_the_rare() {
        let known = [
            (0.0, "0"),
            (1.0, "100"),
            (0.00031, "0.031"),
            (0.000_000_12, "0.000012"),
            (0.0314, "3.14"),
            (0.09949, "9.95"),
            (0.0995, "10.0"),
            (0.456_78, "45.7"),
            (0.5, "50.0"),
            (0.999_69, "99.969"),
            (0.9996, "99.960"),
            (0.95, "95.0"),
            (0.985, "98.5"),
        ];
        for (share, text) in known {
            assert_eq!(percent(share), format!("{text}\u{a0}%"), "{share}");
        }
        assert_eq!(percent_range(0.000_22, 0.000_44), "0.022–0.044\u{a0}%");
    }

    #[test]
    fn counts_are_grouped() {
        assert_eq!(count(0), "0");
        assert_eq!(count(1234), "1234");
        assert_eq!(count(12_345), "12\u{a0}345");
        assert_eq!(count(1_000_000), "1\u{a0}000\u{a0}000");
    }

    #[test]
    fn values_follow_the_step() {
        assert_eq!(decimals_of(0.25), 2);
        assert_eq!(decimals_of(0.1), 1);
        assert_eq!(decimals_of(50.0), 0);
        assert_eq!(value(-0.04, 1), "0.0");
        assert_eq!(value(-12_345.6, 1), "−12\u{a0}345.6");
        assert_eq!(value(2.5e12, 0), "2.500e12");
        assert_eq!(value(3e9, 0), "3e9");
    }
}
