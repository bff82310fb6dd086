//! Who is better where: regret of courses over states of the world, dominance, and the worst part of a distribution.

use super::wilson::Interval;

/// The regret of each course in each doubt: its expected severity less the lowest that any course has there.
///
/// `severity[course][doubt]`, every course with the same doubts. A severity that is no number has no regret (NaN), and is
/// never the lowest.
///
/// ```
/// use escalate::statistics::regret::regret;
///
/// // Two courses in two states of the world.
/// assert_eq!(regret(&[vec![1.0, 5.0], vec![2.0, 3.0]]), [[0.0, 2.0], [1.0, 0.0]]);
/// ```
pub fn regret(severity: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let lowest =
        |doubt: usize| severity.iter().filter_map(|course| course.get(doubt)).copied().fold(f64::NAN, f64::min);
    severity
        .iter()
        .map(|course| course.iter().enumerate().map(|(doubt, mine)| mine - lowest(doubt)).collect())
        .collect()
}

/// The largest regret of a course over all doubts; NaN if one of them has none.
pub fn largest_regret(regret: &[f64]) -> f64 {
    regret.iter().fold(0.0, |most, &it| if it > most || it.is_nan() { it } else { most })
}

/// Whether a course dominates another: its severity is lower in every doubt, and no interval of the differences, from
/// the other to it, has a zero. Without doubts nothing dominates.
pub fn dominates(differences: &[Interval]) -> bool {
    !differences.is_empty() && differences.iter().all(|difference| difference.high < 0.0)
}

/// The mean of the worst part of numbers that are counted, such as 0.1 for the mean severity of the worst tenth.
///
/// It is the expected shortfall of R. T. Rockafellar, S. Uryasev, Journal of Banking and Finance 26 (2002), 1443-1471: a
/// count at the edge of the part is taken in proportion. `None` without counts, with a part outside (0, 1], or with a number
/// that is counted and not finite.
///
/// ```
/// use escalate::statistics::regret::worst_part;
///
/// // Severity 0 in 95 replications and 10 in 5: the worst tenth is half of each.
/// assert_eq!(worst_part(&[(0.0, 95), (10.0, 5)], 0.1), Some(5.0));
/// ```
pub fn worst_part(counts: &[(f64, u64)], part: f64) -> Option<f64> {
    let mut seen: Vec<(f64, u64)> = counts.iter().copied().filter(|&(_, count)| count > 0).collect();
    let total: u64 = seen.iter().map(|&(_, count)| count).sum();
    if total == 0 || !(part > 0.0 && part <= 1.0) || seen.iter().any(|(number, _)| !number.is_finite()) {
        return None;
    }
    seen.sort_by(|a, b| b.0.total_cmp(&a.0));
    let wanted = part * total as f64;
    let (mut left, mut sum) = (wanted, 0.0);
    for (number, count) in seen {
        let taken = left.min(count as f64);
        sum += number * taken;
        left -= taken;
    }
    Some(sum / wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regret_is_from_the_best_of_each_doubt() {
        let found = regret(&[vec![1.0, 5.0], vec![2.0, 3.0], vec![4.0, f64::NAN]]);
        assert_eq!((&found[0], &found[1], found[2][0]), (&vec![0.0, 2.0], &vec![1.0, 0.0], 3.0));
        assert_eq!(largest_regret(&found[0]), 2.0);
        assert!(found[2][1].is_nan() && largest_regret(&found[2]).is_nan());
    }

    #[test]
    fn dominance_needs_every_doubt() {
        let interval = |low, high| Interval { low, high };
        assert!(dominates(&[interval(-2.0, -1.0), interval(-0.5, -0.1)]));
        assert!(!dominates(&[interval(-2.0, -1.0), interval(-0.5, 0.0)]));
        assert!(!dominates(&[]));
    }

    #[test]
    fn the_worst_tenth_takes_the_edge_in_proportion() {
        assert_eq!(worst_part(&[(0.0, 90), (10.0, 10)], 0.1), Some(10.0));
        assert_eq!(worst_part(&[(10.0, 5), (0.0, 90), (4.0, 5)], 0.1), Some(7.0));
        assert_eq!(worst_part(&[(0.0, 95), (10.0, 5)], 0.1), Some(5.0));
        assert_eq!(worst_part(&[(3.0, 7)], 0.1), Some(3.0));
        assert_eq!(worst_part(&[(1.0, 1), (2.0, 1)], 1.0), Some(1.5));
        assert_eq!(worst_part(&[], 0.1), None);
        assert_eq!(worst_part(&[(f64::NAN, 1)], 0.1), None);
    }
}
