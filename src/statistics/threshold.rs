//! Where a share crosses a target as one factor moves: every crossing, with every value that the target does not rule out.
//!
//! At each value of the factor the share has an interval. The target is ruled out from below where the whole interval is
//! below it, from above where it is above, and not ruled out in between; the bands of values at which it is not ruled out
//! are what is known about the crossings. An even grid of values finds the bands, bisection their ends. Two crossings
//! between neighbours of the grid, or a band that lies between them whole, stay unseen unless the sides differ.

use super::wilson::Interval;

/// The values of the first round, both ends of the factor among them.
pub const GRID: usize = 17;

/// A share at one value of the factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer {
    pub share: f64,
    pub interval: Interval,
}

/// Where to look for which share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Search {
    /// The ends of the factor, low below high.
    pub low: f64,
    pub high: f64,
    /// The share that is looked for.
    pub target: f64,
    /// Whether the factor takes whole numbers only.
    pub is_whole: bool,
    /// How often a step of the grid is halved at most: the ends of bands are known to its 2^-halvings part.
    pub halvings: u32,
}

/// Values at which the target is not ruled out, without a gap that the search has seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crossing {
    /// The lowest and the highest such value.
    pub low: f64,
    pub high: f64,
    /// Whether the band reaches the end of the factor, and may go on beyond it.
    pub is_open_below: bool,
    pub is_open_above: bool,
    /// The value at which the share itself passes the target, if it does within the band; the first, if it does often.
    pub at: Option<f64>,
    /// Whether the share rises through the target with the factor: from a value that rules it out on one side to one
    /// that does on the other. `None` if it comes back to the side from which it came, or an end is open.
    pub rises: Option<bool>,
}

/// The bands in order of the factor, and every value that was asked for with its answer, in order too.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub crossings: Vec<Crossing>,
    pub asked: Vec<(f64, Answer)>,
}

/// On which side of the target an interval lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Below,
    Within,
    Above,
}

/// Looks for all crossings. `ask` gives the answers at some values, in their order; it is called once for the grid and
/// once for each halving, with all values of that round, so that they can be worked out together.
///
/// # Errors
/// Those of `ask`.
pub fn search<E>(search: &Search, mut ask: impl FnMut(&[f64]) -> Result<Vec<Answer>, E>) -> Result<Found, E> {
    let mut asked: Vec<(f64, Answer)> = Vec::new();
    let mut values = search.grid();
    for _ in 0..=search.halvings {
        if values.is_empty() {
            break;
        }
        let answers = ask(&values)?;
        asked.extend(values.iter().copied().zip(answers));
        asked.sort_by(|a, b| a.0.total_cmp(&b.0));
        values = search.between(&asked);
    }
    Ok(Found { crossings: search.crossings(&asked), asked })
}

impl Search {
    fn grid(&self) -> Vec<f64> {
        if self.low.is_nan() || self.high.is_nan() || self.low > self.high {
            return Vec::new();
        }
        let step = |i: usize| self.low + (self.high - self.low) * (i as f64 / (GRID - 1) as f64);
        let mut grid: Vec<f64> = (0..GRID).map(|i| if i + 1 == GRID { self.high } else { step(i) }).collect();
        if self.is_whole {
            grid.iter_mut().for_each(|value| *value = libm::rint(*value));
        }
        grid.dedup();
        grid
    }

    fn side(&self, answer: &Answer) -> Side {
        match answer.interval {
            it if it.high < self.target => Side::Below,
            it if it.low > self.target => Side::Above,
            _ => Side::Within,
        }
    }

    /// The middles of neighbours between which something changes: the side, or whether the share has passed the target.
    fn between(&self, asked: &[(f64, Answer)]) -> Vec<f64> {
        let changes = |a: &Answer, b: &Answer| self.side(a) != self.side(b) || self.passes(a, b);
        let pairs = asked.windows(2).filter(|pair| changes(&pair[0].1, &pair[1].1));
        pairs.filter_map(|pair| self.middle(pair[0].0, pair[1].0)).collect()
    }

    fn passes(&self, a: &Answer, b: &Answer) -> bool {
        (a.share < self.target) != (b.share < self.target)
    }

    fn middle(&self, a: f64, b: f64) -> Option<f64> {
        let middle = a + (b - a) / 2.0;
        let middle = if self.is_whole { middle.floor() } else { middle };
        (a < middle && middle < b).then_some(middle)
    }

    /// The bands: runs of values within, and the narrow gaps between neighbours on opposite sides.
    fn crossings(&self, asked: &[(f64, Answer)]) -> Vec<Crossing> {
        let sides: Vec<Side> = asked.iter().map(|(_, answer)| self.side(answer)).collect();
        let mut found = Vec::new();
        let mut at = 0;
        while at < sides.len() {
            let end = at + sides[at..].iter().take_while(|&&side| side == sides[at]).count();
            if sides[at] == Side::Within {
                found.push(self.band(asked, &sides, at, end));
            } else if end < sides.len() && sides[end] != Side::Within {
                found.push(self.gap(asked, &sides, end));
            }
            at = end;
        }
        found
    }

    /// The band of the values from `at` up to, not with, `end`. Its ends are the last values that are ruled out, so that
    /// what lies between them and the first that are not belongs to the band.
    fn band(&self, asked: &[(f64, Answer)], sides: &[Side], at: usize, end: usize) -> Crossing {
        let before = at.checked_sub(1);
        let after = (end < sides.len()).then_some(end);
        let around = &asked[before.unwrap_or(at)..after.map_or(end, |after| after + 1)];
        let passing = around.windows(2).find(|pair| self.passes(&pair[0].1, &pair[1].1));
        let rises = match (before.map(|it| sides[it]), after.map(|it| sides[it])) {
            (Some(Side::Below), Some(Side::Above)) => Some(true),
            (Some(Side::Above), Some(Side::Below)) => Some(false),
            _ => None,
        };
        let outside = |edge: Option<usize>, within: usize| match edge {
            Some(edge) if !self.is_whole => asked[edge].0,
            _ => asked[within].0,
        };
        Crossing {
            low: outside(before, at),
            high: outside(after, end - 1),
            is_open_below: before.is_none(),
            is_open_above: after.is_none(),
            at: passing.map(|pair| self.passing(pair)),
            rises,
        }
    }

    /// A crossing between two neighbours on opposite sides, with no value in between that could be asked for.
    fn gap(&self, asked: &[(f64, Answer)], sides: &[Side], end: usize) -> Crossing {
        let pair = &asked[end - 1..=end];
        Crossing {
            low: pair[0].0,
            high: pair[1].0,
            is_open_below: false,
            is_open_above: false,
            at: Some(self.passing(pair)),
            rises: Some(sides[end] == Side::Above),
        }
    }

    /// Where the share passes the target between two neighbours: half way, or the first whole number that has passed.
    fn passing(&self, pair: &[(f64, Answer)]) -> f64 {
        let (a, b) = (pair[0].0, pair[1].0);
        if self.is_whole { b } else { a + (b - a) / 2.0 }
    }
}

#[cfg(test)]
mod tests;
