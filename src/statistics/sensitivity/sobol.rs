//! Sobol's first-order and total indices from the answers of Saltelli's design.
//!
//! First order: the mean of f(B) (f(A with i from B) - f(A)), A. Saltelli et al., Computer Physics Communications 181
//! (2010), 259-270, table 2 (b), with answers centred by their mean; it stays precise where indices are small, and luck
//! does not bias it. Total: half the mean of (f(A) - f(A with i from B))², M. J. W. Jansen, Computer Physics Communications
//! 117 (1999), 35-43, less the variance of luck. Both over the variance of all f(A) and f(B), less that of luck.

use super::super::sampler::Sampler;
use super::resampling::{Estimate, bootstrap, over_repetitions};

/// The answers of Saltelli's design, group by group: A, A with factor 0, 1, ... from B, then B. A lost point is NaN.
#[derive(Debug, Clone, Copy)]
pub struct Groups<'a> {
    factors: usize,
    answers: &'a [f64],
}

/// The indices of one factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Indices {
    /// The share of the variance that would go if this factor were known.
    pub first: Estimate,
    /// The share that would be left if all other factors were known.
    pub total: Estimate,
    /// The groups in which no point that these two need was lost.
    pub groups: usize,
}

/// The variance that is shared out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variance {
    /// Of the points, luck taken off; with too much luck it can come out at 0 or below, and then indices are NaN.
    pub between: f64,
    /// Of luck within points.
    pub luck: f64,
}

impl<'a> Groups<'a> {
    /// The answers of whole groups; what is left over at the end is ignored.
    pub fn new(factors: usize, answers: &'a [f64]) -> Self {
        Self { factors, answers }
    }

    /// How many groups.
    pub fn len(&self) -> usize {
        self.answers.len() / (self.factors + 2)
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn group(&self, group: usize) -> &'a [f64] {
        let size = self.factors + 2;
        &self.answers[group * size..(group + 1) * size]
    }

    /// The variance between points and that of luck.
    pub fn variance(&self, luck: f64) -> Variance {
        let all: Vec<usize> = (0..self.len()).collect();
        Variance { between: self.spread(&all).1 - luck, luck }
    }

    /// The mean of all answers, and the variance of those of A and B, in a choice of groups.
    fn spread(&self, picks: &[usize]) -> (f64, f64) {
        let mean = mean(picks.iter().flat_map(|&pick| self.group(pick)).copied());
        let ends = || picks.iter().flat_map(|&pick| [self.group(pick)[0], self.group(pick)[self.factors + 1]]);
        let own_mean = self::mean(ends());
        (mean, self::mean(ends().map(|answer| (answer - own_mean) * (answer - own_mean))))
    }

    /// First-order and total indices of all factors, one after the other, in a choice of groups.
    fn estimates(&self, luck: f64, picks: &[usize]) -> Vec<f64> {
        let (centre, spread) = self.spread(picks);
        let between = if spread > luck { spread - luck } else { f64::NAN };
        let over = |factor: usize, term: fn(f64, f64, f64) -> f64| {
            mean(picks.iter().map(|&pick| {
                let group = self.group(pick);
                term(group[0] - centre, group[1 + factor] - centre, group[self.factors + 1] - centre)
            }))
        };
        (0..self.factors)
            .flat_map(|factor| {
                let first = over(factor, |a, mixed, b| b * (mixed - a));
                let total = over(factor, |a, mixed, _| (a - mixed) * (a - mixed) / 2.0);
                [first / between, (total - luck) / between]
            })
            .collect()
    }

    fn indices(&self, estimates: &[Estimate]) -> Vec<Indices> {
        let complete = |factor: usize| {
            let is_complete =
                |group: &&[f64]| [0, 1 + factor, self.factors + 1].iter().all(|&place| group[place].is_finite());
            (0..self.len()).map(|group| self.group(group)).filter(is_complete).count()
        };
        let pairs = estimates.chunks_exact(2).enumerate();
        pairs.map(|(factor, pair)| Indices { first: pair[0], total: pair[1], groups: complete(factor) }).collect()
    }

    /// The indices of all factors, with intervals by bootstrap over the groups: for random points. On common luck, or
    /// where luck is to stay in, `luck` is 0.
    pub fn of_random(&self, luck: f64, sampler: &mut Sampler, resamples: usize) -> Vec<Indices> {
        self.indices(&bootstrap(sampler, self.len(), resamples, |picks| self.estimates(luck, picks)))
    }
}

/// The indices of all factors, with intervals by t over independent scrambles of Sobol points, at least 8 of them. A
/// bootstrap would take scrambled points for random ones, and give far too wide intervals.
pub fn of_scrambles(scrambles: &[Groups<'_>], luck: f64) -> Vec<Indices> {
    let rows: Vec<Vec<f64>> =
        scrambles.iter().map(|groups| groups.estimates(luck, &(0..groups.len()).collect::<Vec<_>>())).collect();
    let each: Vec<Vec<Indices>> = scrambles.iter().map(|groups| groups.indices(&over_repetitions(&rows))).collect();
    let Some(first) = each.first() else { return Vec::new() };
    let sum = |factor: usize| each.iter().filter_map(|it| it.get(factor)).map(|it| it.groups).sum();
    first.iter().enumerate().map(|(factor, indices)| Indices { groups: sum(factor), ..*indices }).collect()
}

/// The mean of those numbers that are numbers; NaN without any.
fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0_u64);
    for value in values.filter(|value| value.is_finite()) {
        sum += value;
        count += 1;
    }
    sum / if count == 0 { f64::NAN } else { count as f64 }
}

#[cfg(test)]
mod tests;
