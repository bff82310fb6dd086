//! Morris screening: what one move of one factor does to the answer, on average and how unevenly.
//!
//! M. D. Morris, Technometrics 33 (1991), 161-174; the mean of absolute effects, mu*: F. Campolongo, J. Cariboni,
//! A. Saltelli, Environmental Modelling and Software 22 (2007), 1509-1518.

use super::super::sampler::Sampler;
use super::resampling::{Estimate, bootstrap};

/// A factor as screening sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Screened {
    /// The mean effect; near 0 beside a large mu* it goes both ways.
    pub mu: Estimate,
    /// The mean absolute effect.
    pub mu_star: Estimate,
    /// The standard deviation of the effects: 0 for a factor that is linear and acts alone.
    pub sigma: f64,
    /// The trajectories in which the effect is known.
    pub effects: usize,
}

/// The elementary effects of each factor, trajectory by trajectory: the change of the answer over the move.
///
/// `answers` has factors + 1 answers a trajectory; `changed` and `moves`, one a step, say which factor moves and by how much,
/// with its sign. A step from or to a lost point (NaN) has no effect, and is left out.
pub fn elementary_effects(factors: usize, answers: &[f64], changed: &[usize], moves: &[f64]) -> Vec<Vec<f64>> {
    let mut effects = vec![Vec::new(); factors];
    let steps = changed.chunks(factors.max(1)).zip(moves.chunks(factors.max(1)));
    for (walk, (changed, moves)) in answers.chunks(factors + 1).zip(steps) {
        for ((pair, &factor), by) in walk.windows(2).zip(changed).zip(moves) {
            let effect = (pair[1] - pair[0]) / by;
            if let Some(all) = effects.get_mut(factor).filter(|_| effect.is_finite()) {
                all.push(effect);
            }
        }
    }
    effects
}

/// Screens factors by their effects, with intervals by bootstrap over trajectories.
pub fn screen(effects: &[Vec<f64>], sampler: &mut Sampler, resamples: usize) -> Vec<Screened> {
    effects
        .iter()
        .map(|effects| {
            let n = effects.len();
            let moments = |picks: &[usize]| {
                let mean = |of: fn(f64) -> f64| picks.iter().map(|&pick| of(effects[pick])).sum::<f64>() / n as f64;
                vec![mean(|effect| effect), mean(f64::abs)]
            };
            let found = bootstrap(sampler, n, resamples, moments);
            let squares: f64 = effects.iter().map(|effect| (effect - found[0].value) * (effect - found[0].value)).sum();
            let sigma = if n < 2 { f64::NAN } else { libm::sqrt(squares / (n - 1) as f64) };
            Screened { mu: found[0], mu_star: found[1], sigma, effects: n }
        })
        .collect()
}

/// What mu* comes to from luck alone, if one effect has this standard error: the mean absolute value of a normal number,
/// √(2/π) or 0.8 times it.
pub fn noise_floor(error: f64) -> f64 {
    error * libm::sqrt(2.0 / std::f64::consts::PI)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two trajectories of 2 x + 3 y², worked out by hand.
    #[test]
    fn effects_are_slopes() {
        let answer = |x: f64, y: f64| 2.0 * x + 3.0 * y * y;
        let answers = [
            answer(0.0, 0.0),
            answer(0.5, 0.0),
            answer(0.5, 0.5),
            answer(1.0, 1.0),
            answer(1.0, 0.5),
            answer(0.5, 0.5),
        ];
        let effects = elementary_effects(2, &answers, &[0, 1, 1, 0], &[0.5, 0.5, -0.5, -0.5]);
        assert_eq!(effects, [vec![2.0, 2.0], vec![1.5, 4.5]]);
        let found = screen(&effects, &mut Sampler::new(1, "test/morris"), 99);
        assert_eq!((found[0].mu.value, found[0].mu_star.value, found[0].sigma), (2.0, 2.0, 0.0));
        assert_eq!((found[1].mu_star.value, found[1].effects), (3.0, 2));
        assert!((found[1].sigma - libm::sqrt(4.5)).abs() < 1e-15);
    }

    #[test]
    fn lost_points_lose_their_effects() {
        let effects = elementary_effects(2, &[0.0, f64::NAN, 1.0, 0.0, 1.0, 3.0], &[0, 1, 0, 1], &[1.0; 4]);
        assert_eq!(effects, [vec![1.0], vec![2.0]]);
        let none = screen(&elementary_effects(1, &[f64::NAN, 1.0], &[0], &[1.0]), &mut Sampler::new(1, "x"), 99);
        assert!(none[0].mu.value.is_nan() && none[0].effects == 0);
    }

    #[test]
    fn luck_alone_reaches_the_floor() {
        let mut sampler = Sampler::new(1, "test/floor");
        let normal = |sampler: &mut Sampler| crate::draws::continuous::normal(sampler.unit(), 0.0, 0.3);
        let effects: Vec<f64> = (0..4_000).map(|_| normal(&mut sampler)).collect();
        let found = screen(&[effects], &mut sampler, 99);
        assert!((found[0].mu_star.value - noise_floor(0.3)).abs() < 0.01);
    }
}
