//! Scenario discovery by PRIM: a box of factors in which an answer is high.
//!
//! J. H. Friedman, N. I. Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999), 123-143;
//! B. P. Bryant, R. J. Lempert, "Thinking inside the box", Technological Forecasting and Social Change 77 (2010), 34-49
//! (coverage, density, quasi-p-values, resampling); J. H. Kwakkel, M. Jaxa-Rozen, Environmental Modelling and Software 79
//! (2016), 311-321 (the objective that is gentle on the number of points). Answers are shares, or any numbers that are
//! none below 0; labels are the special case 0 and 1. A share with few replications that is made a label is often wrong.

use super::sampler::Sampler;
use super::tail::{binomial_at_least, normal_above};

/// Points with their answers.
#[derive(Debug, Clone)]
pub struct Cases<'a> {
    /// `factors[f][i]` is the number of factor f at point i.
    pub factors: &'a [Vec<f64>],
    pub answers: &'a [f64],
}

/// How the box is looked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// The part of the points in the box that one peel takes off, and that one paste adds beyond a bound.
    pub peel: f64,
    pub paste: f64,
    /// The least part of all points that a box holds.
    pub mass: f64,
}

impl Default for Settings {
    /// A twentieth each, as is usual.
    fn default() -> Self {
        Self { peel: 0.05, paste: 0.05, mass: 0.05 }
    }
}

/// One of the two ends of a factor in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Low,
    High,
}

/// A box: for each factor the bounds that it has, both of which belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    low: Vec<Option<f64>>,
    high: Vec<Option<f64>>,
}

/// A box of the trajectory, and how well it does on some points.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub bounds: Bounds,
    pub score: Score,
}

/// How well a box does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Score {
    /// The points in the box.
    pub points: usize,
    /// The part of all points that they are.
    pub mass: f64,
    /// The part of the sum of all answers that lies in the box; of labels, of all cases of interest.
    pub coverage: f64,
    /// The mean answer in the box; NaN if it is empty.
    pub density: f64,
}

/// A bound of a box and how easily chance would make it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Significance {
    pub factor: usize,
    pub end: End,
    /// The quasi-p-value: the probability that as many points, drawn at random from the box without this bound, have a
    /// mean answer as high as those in the box. Binomial for labels, by the normal distribution for shares.
    pub quasi_p: f64,
}

impl Bounds {
    /// The box that holds everything.
    pub fn all(factors: usize) -> Self {
        Self { low: vec![None; factors], high: vec![None; factors] }
    }

    /// The bound at one end of a factor, if it has one.
    pub fn bound(&self, factor: usize, end: End) -> Option<f64> {
        match end {
            End::Low => self.low[factor],
            End::High => self.high[factor],
        }
    }

    /// The same box with another bound, or none, at one end of a factor.
    pub fn with(&self, factor: usize, end: End, bound: Option<f64>) -> Self {
        let mut changed = self.clone();
        match end {
            End::Low => changed.low[factor] = bound,
            End::High => changed.high[factor] = bound,
        }
        changed
    }

    /// All bounds there are, factor by factor.
    pub fn bounds(&self) -> impl Iterator<Item = (usize, End, f64)> + '_ {
        let ends = move |factor| [End::Low, End::High].map(|end| self.bound(factor, end).map(|it| (factor, end, it)));
        (0..self.low.len()).flat_map(ends).flatten()
    }

    /// How many factors have a bound.
    pub fn restricted(&self) -> usize {
        (0..self.low.len()).filter(|&factor| self.is_restricted(factor)).count()
    }

    fn is_restricted(&self, factor: usize) -> bool {
        self.low[factor].is_some() || self.high[factor].is_some()
    }

    fn holds_factor(&self, factor: usize, x: f64) -> bool {
        self.low[factor].is_none_or(|low| x >= low) && self.high[factor].is_none_or(|high| x <= high)
    }

    /// The points of the cases that lie in the box.
    pub fn points(&self, cases: &Cases<'_>) -> Vec<usize> {
        let bound: Vec<usize> = (0..self.low.len()).filter(|&factor| self.is_restricted(factor)).collect();
        let is_in = |&i: &usize| bound.iter().all(|&factor| self.holds_factor(factor, cases.factors[factor][i]));
        (0..cases.answers.len()).filter(is_in).collect()
    }

    /// How well the box does on some points; on points that peeling has not seen, honestly.
    pub fn score(&self, cases: &Cases<'_>) -> Score {
        cases.score(&self.points(cases))
    }

    /// The quasi-p-value of each bound, best on points that peeling has not seen; 1 where the box is empty.
    pub fn significance(&self, cases: &Cases<'_>) -> Vec<Significance> {
        let within = self.points(cases);
        let each = |(factor, end, _)| {
            let without = self.with(factor, end, None).points(cases);
            Significance { factor, end, quasi_p: cases.quasi_p(&within, &without) }
        };
        self.bounds().map(each).collect()
    }
}

impl Cases<'_> {
    fn sum(&self, points: &[usize]) -> f64 {
        points.iter().map(|&i| self.answers[i]).sum()
    }

    fn mean(&self, points: &[usize]) -> f64 {
        self.sum(points) / points.len() as f64
    }

    fn score(&self, points: &[usize]) -> Score {
        let all: f64 = self.answers.iter().sum();
        Score {
            points: points.len(),
            mass: points.len() as f64 / self.answers.len().max(1) as f64,
            coverage: if all > 0.0 { self.sum(points) / all } else { 0.0 },
            density: self.mean(points),
        }
    }

    fn quasi_p(&self, within: &[usize], without: &[usize]) -> f64 {
        if within.is_empty() {
            return 1.0;
        }
        let (n, mean) = (within.len() as f64, self.mean(without));
        if self.answers.iter().all(|&answer| answer == 0.0 || answer == 1.0) {
            return binomial_at_least(self.sum(within) as u64, within.len() as u64, mean);
        }
        let squares: f64 = without.iter().map(|&i| (self.answers[i] - mean) * (self.answers[i] - mean)).sum();
        let error = libm::sqrt(squares / without.len() as f64 / n);
        if error > 0.0 { normal_above((self.mean(within) - mean) / error) } else { 1.0 }
    }
}

/// The boxes on the way from all points to the last box, each with its score on the points it was found by: peel after
/// peel, then paste after paste. Which of them to take, coverage against density, is for people to say.
///
/// Numbers and answers are finite, and every factor has a number at every point.
pub fn trajectory(cases: &Cases<'_>, settings: &Settings) -> Vec<Candidate> {
    let all: Vec<usize> = (0..cases.answers.len()).collect();
    let mut found = vec![Candidate { bounds: Bounds::all(cases.factors.len()), score: cases.score(&all) }];
    let mut inside = all;
    for (steps, is_peel) in [(peels as Steps, true), (pastes as Steps, false)] {
        while let Some(last) = found.last() {
            let Some((bounds, points)) = best(cases, settings, steps(cases, settings, &last.bounds, &inside), &inside)
            else {
                break;
            };
            if (points.len() < inside.len()) != is_peel {
                break;
            }
            inside = points;
            found.push(Candidate { bounds, score: cases.score(&inside) });
        }
    }
    found
}

type Steps = fn(&Cases<'_>, &Settings, &Bounds, &[usize]) -> Vec<Bounds>;

/// The step that raises the mean most for each point it takes or adds, with the points in it; of equals the one that
/// bounds fewer factors, then the first. None if no step raises it, or leaves enough points.
fn best(cases: &Cases<'_>, settings: &Settings, steps: Vec<Bounds>, inside: &[usize]) -> Option<(Bounds, Vec<usize>)> {
    let before = cases.mean(inside);
    let mut best: Option<(f64, Bounds, Vec<usize>)> = None;
    for bounds in steps {
        let points = bounds.points(cases);
        let change = points.len().abs_diff(inside.len());
        if change == 0 || points.is_empty() {
            continue;
        }
        let gain = (cases.mean(&points) - before) / change as f64;
        let is_better = best.as_ref().is_none_or(|(most, leader, _)| {
            gain > *most || (gain == *most && bounds.restricted() < leader.restricted())
        });
        if is_better {
            best = Some((gain, bounds, points));
        }
    }
    let enough = settings.mass * cases.answers.len() as f64;
    best.filter(|(gain, _, points)| *gain > 0.0 && points.len() as f64 >= enough)
        .map(|(_, bounds, points)| (bounds, points))
}

/// Every way to take a part of the points off: at the high and at the low end of each factor.
fn peels(cases: &Cases<'_>, settings: &Settings, bounds: &Bounds, inside: &[usize]) -> Vec<Bounds> {
    let mut found = Vec::new();
    for (factor, numbers) in cases.factors.iter().enumerate() {
        let mut sorted: Vec<f64> = inside.iter().map(|&i| numbers[i]).collect();
        sorted.sort_by(f64::total_cmp);
        for (end, level) in [(End::High, 1.0 - settings.peel), (End::Low, settings.peel)] {
            found.extend(cut(&sorted, level).map(|bound| bounds.with(factor, end, Some(bound))));
        }
    }
    found
}

/// Every way to add a part of the points beyond a bound; beyond the last of them the bound goes.
fn pastes(cases: &Cases<'_>, settings: &Settings, bounds: &Bounds, _: &[usize]) -> Vec<Bounds> {
    let beyond = |(factor, end, bound): (usize, End, f64)| {
        let is_beyond = |x: f64| if end == End::Low { x < bound } else { x > bound };
        let points = bounds.with(factor, end, None).points(cases);
        let mut sorted: Vec<f64> = points.iter().map(|&i| cases.factors[factor][i]).filter(|&x| is_beyond(x)).collect();
        sorted.sort_by(f64::total_cmp);
        let level = if end == End::Low { 1.0 - settings.paste } else { settings.paste };
        bounds.with(factor, end, cut(&sorted, level))
    };
    bounds.bounds().map(beyond).collect()
}

/// A cut between two different numbers next to a level of some sorted ones, half way; on the side of the nearer end if
/// equal numbers are in the way. None if all are equal.
fn cut(sorted: &[f64], level: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = last as f64 * level;
    let (mut lower, mut upper) = (place.floor() as usize, place.ceil() as usize);
    if level > 0.5 {
        while sorted[lower] == sorted[upper] && lower > 0 {
            lower -= 1;
        }
    } else {
        while sorted[lower] == sorted[upper] && upper < last {
            upper += 1;
        }
    }
    (sorted[lower] < sorted[upper]).then(|| sorted[lower] + (sorted[upper] - sorted[lower]) / 2.0)
}

/// How often a factor is bounded when the box is looked for anew in a random half of the points: the part of the rounds,
/// in the box whose coverage, and in that whose density, is nearest to those of the chosen one. A factor that seldom comes
/// again was bounded by chance.
pub fn reproducibility(
    cases: &Cases<'_>,
    settings: &Settings,
    chosen: &Score,
    sampler: &mut Sampler,
    rounds: u32,
) -> Vec<[f64; 2]> {
    let mut found = vec![[0.0; 2]; cases.factors.len()];
    let mut order: Vec<usize> = (0..cases.answers.len()).collect();
    for _ in 0..rounds {
        sampler.shuffle(&mut order);
        let half = &order[..order.len() / 2];
        let take = |numbers: &[f64]| half.iter().map(|&i| numbers[i]).collect::<Vec<_>>();
        let factors: Vec<Vec<f64>> = cases.factors.iter().map(|numbers| take(numbers)).collect();
        let boxes = trajectory(&Cases { factors: &factors, answers: &take(cases.answers) }, settings);
        let distances: [fn(&Score, &Score) -> f64; 2] =
            [|a, b| (a.coverage - b.coverage).abs(), |a, b| (a.density - b.density).abs()];
        for (which, distance) in distances.iter().enumerate() {
            let near =
                |a: &&Candidate, b: &&Candidate| distance(&a.score, chosen).total_cmp(&distance(&b.score, chosen));
            let Some(nearest) = boxes.iter().min_by(near) else { continue };
            let again = found.iter_mut().enumerate().filter(|(factor, _)| nearest.bounds.is_restricted(*factor));
            again.for_each(|(_, found)| found[which] += 1.0 / f64::from(rounds));
        }
    }
    found
}

#[cfg(test)]
mod tests;
