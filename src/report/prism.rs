//! An explicit chain in the language of the model checker PRISM.

use crate::results::chain::Chain;
use num_rational::BigRational;
use std::fmt::Write;

/// The chain as a module of one variable, the number of its state; endings are labels, whose probabilities stand in
/// comments as properties to ask for.
///
/// A probability is written with all its decimal places where it has finitely many: read as a binary64 or as a fraction,
/// it is the same number. Others are quotients.
pub fn prism(chain: &Chain) -> String {
    let mut text = format!("// The scenario {} [{}], {}\n", chain.scenario, chain.variant, chain.scenario_hash);
    for (label, _) in &chain.endings {
        let _ = writeln!(text, "// P=? [ F \"{label}\" ]");
    }
    let _ = write!(text, "dtmc\n\nmodule chain\n  s : [0..{}] init 0;\n", chain.states.len() - 1);
    for (index, state) in chain.states.iter().enumerate() {
        let next: Vec<String> = state.next.iter().map(|(to, p)| format!("{} : (s'={to})", literal(p))).collect();
        let _ = writeln!(text, "  [] s={index} -> {};", next.join(" + "));
    }
    text.push_str("endmodule\n\n");
    for (label, state) in &chain.endings {
        let _ = writeln!(text, "label \"{label}\" = s={state};");
    }
    text
}

/// A fraction as a decimal number, if its denominator is a power of two; else as a quotient of two such numbers.
fn literal(fraction: &BigRational) -> String {
    let bits = fraction.denom().bits();
    let is_power_of_two = fraction.denom().trailing_zeros() == Some(bits - 1);
    if !is_power_of_two {
        return format!("{}.0/{}.0", fraction.numer(), fraction.denom());
    }
    // n / 2^k is n · 5^k / 10^k.
    let places = bits as usize - 1;
    let digits = (0..places).fold(fraction.numer().clone(), |digits, _| digits * 5).to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, decimals) = digits.split_at(digits.len() - places);
    if decimals.is_empty() { whole.to_owned() } else { format!("{whole}.{decimals}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_the_binary_numbers_themselves() {
        for value in [0.1, 1.0, 0.375, 1e-7, 5e-324, 1.0 - f64::EPSILON] {
            let text = literal(&BigRational::from_float(value).expect("finite"));
            assert_eq!(text.parse::<f64>(), Ok(value));
        }
        assert_eq!(literal(&BigRational::from_float(0.1).expect("finite")).len(), 57);
        assert_eq!(literal(&BigRational::new(1.into(), 3.into())), "1.0/3.0");
    }
}
