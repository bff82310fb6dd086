//! A compiled scenario: everything that is played, by index, and the names under which reports tell of it.

use super::column::Copy;
use super::effect::{Effect, EffectLists};
use super::labels::Labels;
use super::measure::{Claim, LadderColumns, Metric, Milestone, Score};
use super::rule::{Dynamic, Landing, Mark, Marks, Rule, Test};
use super::step::Step;
use crate::draws::Site;
use crate::expression::Base;

/// A compiled scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    pub turns: u32,
    /// How many columns the state has; tapes put their own behind them.
    pub base: Base,
    /// How many columns beyond the state the largest tape needs.
    pub scratch: Base,
    /// The values of the number columns at turn 0, where they hang on no draw.
    pub numbers: Vec<f64>,
    pub flags: Vec<bool>,
    /// The draw sites, by the index under which rules name them.
    pub sites: Vec<Site>,
    /// The values that tapes ask for.
    pub values: Vec<ValueDraw>,
    /// What is worked out once, before turn 0: drawn parameters, and initial values that hang on them.
    pub start: Vec<Effect>,
    /// The effects of rules, landings and dynamics.
    pub effects: EffectLists,
    /// Copies after that: the values to which variables return.
    pub initials: Vec<Copy>,
    /// Copies at the start of every turn, before anything else: what `prev` reads.
    pub latches: Vec<Copy>,
    /// Copies after the latches: variables that return to their initial value, rungs that return to the lowest.
    pub resets: Vec<Copy>,
    pub landings: Vec<Landing>,
    pub injects: Vec<Rule>,
    pub dynamics: Vec<Dynamic>,
    /// Copies at the start of the trigger phase: what triggers read where all play at once.
    pub snapshot: Vec<Copy>,
    pub triggers: Vec<Rule>,
    /// What is marked when an event fires and when it lands.
    pub events: Vec<Marks>,
    /// What is marked when an observer learns of an event.
    pub sightings: Vec<Vec<Mark>>,
    pub metrics: Vec<Metric>,
    pub milestones: Vec<Milestone>,
    /// All outcomes but the last, which has no test.
    pub outcomes: Vec<Test>,
    pub ladder: Option<LadderColumns>,
    pub scores: Vec<Score>,
    /// Conditions on the end of a replication that the author claims shares or means of.
    pub claims: Vec<Claim>,
    pub labels: Labels,
    /// BLAKE3 of what the scenario means.
    pub hash: [u8; 32],
}

/// A random value that a tape asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueDraw {
    pub site: u32,
    pub distribution: Distribution,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distribution {
    Bernoulli,
    Binomial,
    Poisson,
    Uniform,
    Normal,
    Triangular,
}

impl Model {
    /// The parts of every turn after turn 0, in order.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Latch];
        steps.extend((0..self.landings.len()).map(Step::Landing));
        steps.extend((0..self.injects.len()).map(Step::Inject));
        steps.extend((0..self.dynamics.len()).map(Step::Dynamic));
        steps.push(Step::Snapshot);
        steps.extend((0..self.triggers.len()).map(Step::Trigger));
        steps.push(Step::Measure);
        steps
    }
}
