//! The value of knowing one number: the expected value of partial perfect information, by regression.
//!
//! Whoever knew the number could choose a course for each value of it. How much that gains is the lowest expected severity
//! of one course for all values, less the mean over values of the lowest expected severity at each. The expected severity
//! at each value is a curve through the points of a study, fitted to the difference of each course from the first:
//! M. Strong, J. E. Oakley, A. Brennan, "Estimating multiparameter partial expected value of perfect information from a
//! probabilistic sensitivity analysis sample: a nonparametric regression approach", Medical Decision Making 34 (2014),
//! 311-326. The curve is a natural cubic spline, its knots at quantiles of the number, as many as generalised
//! cross-validation chooses (P. Craven, G. Wahba, Numerische Mathematik 31 (1979), 377-403).

use super::sampler::Sampler;
use super::student::mean_and_error;

/// The numbers of knots to choose from; 2 is a straight line.
const KNOTS: [usize; 6] = [2, 3, 4, 5, 7, 10];

/// Points below which nothing is said.
pub const POINTS_MIN: usize = 32;

/// The value of knowing a number, in the unit of severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueOfKnowing {
    /// How much the expected severity of the best course would fall; never below 0.
    pub value: f64,
    /// Its standard error, by bootstrap over points.
    pub error: f64,
    /// The mean value of the number shuffled, which is worth nothing: what comes of chance alone. A value that does not
    /// stand out above it is none.
    pub floor: f64,
}

/// The value of knowing a number, from its value at each point and the severity of each course there.
///
/// `severity[course][point]`, all courses on the same luck at a point. Points with anything that is not finite are left
/// out. `None` for fewer than two courses, or fewer than [`POINTS_MIN`] points.
pub fn value_of_knowing(
    number: &[f64],
    severity: &[Vec<f64>],
    sampler: &mut Sampler,
    resamples: usize,
    shuffles: usize,
) -> Option<ValueOfKnowing> {
    let [first, others @ ..] = severity else { return None };
    let is_whole = |&i: &usize| number[i].is_finite() && severity.iter().all(|course| course[i].is_finite());
    let points: Vec<usize> = (0..number.len()).filter(is_whole).collect();
    if others.is_empty() || points.len() < POINTS_MIN {
        return None;
    }
    let number: Vec<f64> = points.iter().map(|&i| number[i]).collect();
    let differences: Vec<Vec<f64>> =
        others.iter().map(|course| points.iter().map(|&i| course[i] - first[i]).collect()).collect();

    let (knots, fits) = chosen(&number, &differences);
    let mut resampled = Vec::with_capacity(resamples);
    let mut picks = vec![0; number.len()];
    for _ in 0..resamples {
        sampler.resample(number.len(), &mut picks);
        let take = |values: &[f64]| picks.iter().map(|&pick| values[pick]).collect::<Vec<_>>();
        let again: Vec<Vec<f64>> = differences
            .iter()
            .zip(&knots)
            .map(|(difference, &knots)| fitted(&basis(&take(&number), knots), &take(difference)))
            .collect();
        resampled.push(gain(&again));
    }
    let mut shuffled = number.clone();
    let floors: Vec<f64> = (0..shuffles)
        .map(|_| {
            sampler.shuffle(&mut shuffled);
            gain(&chosen(&shuffled, &differences).1)
        })
        .collect();
    let (_, error_of_mean) = mean_and_error(&resampled);
    Some(ValueOfKnowing {
        value: gain(&fits),
        error: error_of_mean * libm::sqrt(resamples as f64),
        floor: mean_and_error(&floors).0,
    })
}

/// The gain from choosing at each point: `fits[course - 1][point]` are differences from course 0.
fn gain(fits: &[Vec<f64>]) -> f64 {
    let n = fits.first().map_or(1, Vec::len);
    let best = fits.iter().map(|fit| fit.iter().sum::<f64>() / n as f64).fold(0.0, f64::min);
    let each = (0..n).map(|point| fits.iter().map(|fit| fit[point]).fold(0.0, f64::min)).sum::<f64>() / n as f64;
    (best - each).max(0.0)
}

/// For each course the number of knots with the lowest generalised cross-validation, and the curve at the points.
fn chosen(number: &[f64], differences: &[Vec<f64>]) -> (Vec<usize>, Vec<Vec<f64>>) {
    let bases: Vec<(usize, Vec<Vec<f64>>)> = KNOTS.iter().map(|&knots| (knots, basis(number, knots))).collect();
    let n = number.len() as f64;
    let best = |difference: &Vec<f64>| {
        let mut best = (f64::INFINITY, KNOTS[0], vec![0.0; difference.len()]);
        for (knots, basis) in &bases {
            let fit = fitted(basis, difference);
            let rest: f64 = difference.iter().zip(&fit).map(|(y, fit)| (y - fit) * (y - fit)).sum();
            let free = n - basis.len() as f64;
            let score = n * rest / (free * free);
            if score < best.0 {
                best = (score, *knots, fit);
            }
        }
        (best.1, best.2)
    };
    differences.iter().map(best).unzip()
}

/// The least-squares fit on an orthonormal basis.
fn fitted(basis: &[Vec<f64>], values: &[f64]) -> Vec<f64> {
    let mut fit = vec![0.0; values.len()];
    for column in basis {
        let part = dot(column, values);
        fit.iter_mut().zip(column).for_each(|(fit, it)| *fit += part * it);
    }
    fit
}

/// An orthonormal basis of natural cubic splines with so many knots at quantiles of the number: a constant, a line, and
/// for each inner knot the difference of two truncated cubes (T. Hastie, R. Tibshirani, J. Friedman, The Elements of
/// Statistical Learning (2009), 5.4 and 5.5). What equal values make dependent is left out.
fn basis(number: &[f64], knots: usize) -> Vec<Vec<f64>> {
    let (low, high) = number.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &x| (l.min(x), h.max(x)));
    let width = if high > low { high - low } else { 1.0 };
    let scaled: Vec<f64> = number.iter().map(|x| (x - low) / width).collect();
    let mut columns = vec![vec![1.0; number.len()], scaled.clone()];
    columns.extend(cubes(&scaled, &places(&scaled, knots)));
    orthonormal(columns)
}

/// Places of knots: quantiles from 0.05 to 0.95, without repetition.
fn places(scaled: &[f64], knots: usize) -> Vec<f64> {
    let mut sorted = scaled.to_vec();
    sorted.sort_by(f64::total_cmp);
    let level = |i: usize| 0.05 + 0.9 * i as f64 / (knots - 1) as f64;
    let place = |i: usize| sorted[(level(i) * (sorted.len() - 1) as f64) as usize];
    let mut places: Vec<f64> = (0..knots).map(place).collect();
    places.dedup();
    places
}

fn cubes(scaled: &[f64], places: &[f64]) -> Vec<Vec<f64>> {
    let [first @ .., before, last] = places else { return Vec::new() };
    let cube = |x: f64, knot: f64| if x > knot { (x - knot) * (x - knot) * (x - knot) } else { 0.0 };
    let term = |x: f64, knot: f64| (cube(x, knot) - cube(x, *last)) / (last - knot);
    first.iter().map(|&knot| scaled.iter().map(|&x| term(x, knot) - term(x, *before)).collect()).collect()
}

/// Gram and Schmidt's orthogonalisation, each column twice, so that rounding leaves nothing of the others in it.
fn orthonormal(columns: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut found: Vec<Vec<f64>> = Vec::new();
    for mut column in columns {
        let size = libm::sqrt(dot(&column, &column));
        for _ in 0..2 {
            for other in &found {
                let part = dot(other, &column);
                column.iter_mut().zip(other).for_each(|(it, other)| *it -= part * other);
            }
        }
        let left = libm::sqrt(dot(&column, &column));
        if left > 1e-9 * size {
            column.iter_mut().for_each(|it| *it /= left);
            found.push(column);
        }
    }
    found
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests;
