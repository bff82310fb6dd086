//! What stands in the way of following every branch: numbers drawn from a continuum.

use super::caps::for_each_tape;
use crate::expression::Op;
use crate::model::{Distribution, Model};
use std::collections::BTreeSet;
use std::fmt;

/// A draw with more outcomes than can be followed one by one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Obstacle {
    /// The path of the draw: `parameters/p`, `triggers/x/then/0`.
    pub site: String,
    /// `uniform`, `normal` or `triangular`.
    pub distribution: &'static str,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: a draw of `{}`", self.site, self.distribution)
    }
}

/// Everything in a model that cannot be followed, by path.
pub fn obstacles(model: &Model) -> Vec<Obstacle> {
    let mut found = BTreeSet::new();
    for_each_tape(model, &mut |tape| {
        for op in &tape.ops {
            let Op::Ask { ask, .. } = op else { continue };
            let draw = model.values[*ask as usize];
            let distribution = match draw.distribution {
                Distribution::Uniform => "uniform",
                Distribution::Normal => "normal",
                Distribution::Triangular => "triangular",
                Distribution::Bernoulli | Distribution::Binomial | Distribution::Poisson => continue,
            };
            found.insert(Obstacle { site: model.labels.sites[draw.site as usize].clone(), distribution });
        }
    });
    found.into_iter().collect()
}
