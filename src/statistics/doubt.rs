//! Two kinds of doubt kept apart: what points of a study differ by, and what luck within a point adds to that.

/// The answers of points with the spread that luck adds taken off.
#[derive(Debug, Clone, PartialEq)]
pub struct Shrunk {
    /// The share of the variance of the answers that is luck, from 0 to 1.
    pub luck: f64,
    /// The answers, drawn towards their mean so that their variance is that between points; none if more than half of the
    /// variance is luck: too little is known then of how the points differ.
    pub answers: Option<Vec<f64>>,
}

/// Draws the answers of points towards their mean by √(between / total variance), so that quantiles of them make a band of
/// doubt without luck.
///
/// `luck` is the variance of luck within a point, on average: that of one replication over the replications of a point.
/// `None` for fewer than two answers, or if one is not finite. Answers that are all equal stay as they are.
pub fn shrink(answers: &[f64], luck: f64) -> Option<Shrunk> {
    if answers.len() < 2 || answers.iter().any(|answer| !answer.is_finite()) {
        return None;
    }
    let n = answers.len() as f64;
    let mean = answers.iter().sum::<f64>() / n;
    let total = answers.iter().map(|answer| (answer - mean) * (answer - mean)).sum::<f64>() / (n - 1.0);
    if total <= 0.0 {
        return Some(Shrunk { luck: 0.0, answers: Some(answers.to_vec()) });
    }
    let part = (luck.max(0.0) / total).min(1.0);
    let factor = libm::sqrt(1.0 - part);
    let drawn = || answers.iter().map(|answer| mean + factor * (answer - mean)).collect();
    Some(Shrunk { luck: part, answers: (part <= 0.5).then(drawn) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variance_left_is_that_between_points() {
        let answers = [1.0, 2.0, 3.0, 6.0];
        let variance = |answers: &[f64]| {
            let (_, error) = crate::statistics::student::mean_and_error(answers);
            error * error * answers.len() as f64
        };
        let shrunk = shrink(&answers, 1.0).unwrap();
        let drawn = shrunk.answers.unwrap();
        assert!((variance(&drawn) - (variance(&answers) - 1.0)).abs() < 1e-12);
        assert!((drawn.iter().sum::<f64>() - 12.0).abs() < 1e-12);
        assert!((shrunk.luck - 1.0 / variance(&answers)).abs() < 1e-12);
    }

    #[test]
    fn too_much_luck_has_no_band() {
        assert_eq!(shrink(&[1.0, 3.0], 1.5).unwrap().answers, None);
        assert_eq!(shrink(&[1.0, 3.0], 9.0).unwrap().luck, 1.0);
        assert_eq!(shrink(&[2.0, 2.0], 0.1).unwrap().answers, Some(vec![2.0, 2.0]));
        assert_eq!((shrink(&[2.0], 0.1), shrink(&[2.0, f64::NAN], 0.1)), (None, None));
    }
}
