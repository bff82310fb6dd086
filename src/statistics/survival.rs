//! Cumulative incidence of competing outcomes: by each turn, the share of replications that has ended so.
//!
//! Every replication is followed to its end, so nothing is censored, and the Aalen-Johansen estimate is a plain running count.

/// The share of `n` that has happened by the end of each turn; all zero if `n` is 0.
///
/// ```
/// use escalate::statistics::survival::cumulative_incidence;
///
/// assert_eq!(cumulative_incidence(&[0, 1, 3], 10), [0.0, 0.1, 0.4]);
/// ```
pub fn cumulative_incidence(by_turn: &[u64], n: u64) -> Vec<f64> {
    let mut seen: u64 = 0;
    by_turn
        .iter()
        .map(|&count| {
            seen = seen.saturating_add(count);
            share(seen, n)
        })
        .collect()
}

/// The share of `n` that no outcome has taken by the end of each turn, as many turns as the longest outcome has.
///
/// ```
/// use escalate::statistics::survival::still_running;
///
/// assert_eq!(still_running(&[&[0, 1, 3], &[0, 0, 6]], 10), [1.0, 0.9, 0.0]);
/// ```
pub fn still_running(outcomes: &[&[u64]], n: u64) -> Vec<f64> {
    let turns = outcomes.iter().map(|by_turn| by_turn.len()).max().unwrap_or(0);
    let mut left = n;
    (0..turns)
        .map(|turn| {
            for by_turn in outcomes {
                left = left.saturating_sub(by_turn.get(turn).copied().unwrap_or(0));
            }
            share(left, n)
        })
        .collect()
}

fn share(count: u64, n: u64) -> f64 {
    if n == 0 { 0.0 } else { count as f64 / n as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_up_to_the_share() {
        assert_eq!(cumulative_incidence(&[0, 1, 0, 2], 4), [0.0, 0.25, 0.25, 0.75]);
        assert_eq!(cumulative_incidence(&[], 4), Vec::<f64>::new());
        assert_eq!(cumulative_incidence(&[0, 1], 0), [0.0, 0.0]);
    }

    #[test]
    fn outcomes_and_the_rest_make_one() {
        let (war, peace): (&[u64], &[u64]) = (&[0, 1, 3], &[0, 2, 0, 4]);
        let running = still_running(&[war, peace], 10);
        assert_eq!(running, [1.0, 0.7, 0.4, 0.0]);
        assert_eq!(still_running(&[], 10), Vec::<f64>::new());
    }
}
