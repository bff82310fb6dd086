//! Guarded rules: when something fires, what it does, and what it leaves to land later.

use super::effect::{EffectsId, Target};
use crate::expression::Tape;

/// A condition, and the place of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub tape: Tape,
    pub place: u32,
}

/// What may fire in a turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub event: u32,
    /// The only turns in which it may fire, rising; none if there is no such limit.
    pub due: Option<Vec<u32>>,
    /// The author's guard, and its cooldown and limit.
    pub guard: Option<Test>,
    pub chance: Option<Chance>,
    pub body: Body,
}

/// A probability, and the site of the draw that settles it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    pub site: u32,
    pub value: Tape,
    pub place: u32,
}

/// What firing means.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Plain(Branch),
    /// One of several branches by weight; it does not fire where all weights are 0.
    Decision {
        site: u32,
        weights: Vec<Weight>,
        branches: Vec<Branch>,
    },
    /// The first branch with a chance, else the second.
    Commitment {
        chance: Chance,
        honour: Box<Branch>,
        breach: Box<Branch>,
    },
    Transfer(Box<Transfer>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Weight {
    pub value: Tape,
    pub place: u32,
}

/// What happens to those who learn of it and to the state, now or later.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// The branch's own event; for a rule without branches the rule's.
    pub event: u32,
    pub observers: Vec<Observer>,
    pub delay: Option<Delay>,
    /// The effects, if there is no delay; else none, and the landing has them.
    pub effects: EffectsId,
}

/// An actor that learns of a firing with a chance.
#[derive(Debug, Clone, PartialEq)]
pub struct Observer {
    pub actor: u32,
    pub chance: Chance,
    /// What is marked: an index into the model's sightings.
    pub sighting: u32,
}

/// How long it takes to land, and where that is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Delay {
    pub least: u32,
    pub most: u32,
    /// The site of the draw, used if least and most differ.
    pub site: u32,
    /// Number columns with how many land in turn `t`, at `t` modulo their count.
    pub ring: Vec<u32>,
    /// The number column that counts all that are under way, if some expression asks.
    pub pending: Option<u32>,
}

/// Goods that leave a stock and reach another.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    pub event: u32,
    pub observers: Vec<Observer>,
    pub amount: Tape,
    pub amount_place: u32,
    /// The stock they leave; none if they come from outside the model.
    pub from: Option<Target>,
    pub loss: Option<Chance>,
    pub to: Target,
    /// Turns under way.
    pub transit: u32,
    /// Number columns with the goods that arrive in turn `t`, at `t` modulo their count.
    pub goods: Vec<u32>,
    /// Flag columns with whether something arrives then.
    pub due: Vec<u32>,
    pub pending: Option<u32>,
}

/// What is due in the arrivals of a turn.
#[derive(Debug, Clone, PartialEq)]
pub enum Landing {
    Effects { event: u32, ring: Vec<u32>, pending: Option<u32>, effects: EffectsId },
    Goods { event: u32, goods: Vec<u32>, due: Vec<u32>, pending: Option<u32>, to: Target, place: u32 },
}

/// What an event leaves in the history columns that some expression names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marks {
    pub fired: Vec<Mark>,
    pub landed: Vec<Mark>,
}

/// A change that bookkeeping makes in the lanes in which something happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Mark {
    /// The number becomes the current turn.
    Stamp(u32),
    /// The number grows by one.
    Count(u32),
    /// The number becomes at least this.
    Raise(u32, f64),
    /// The number grows by this.
    Add(u32, f64),
    /// The flag becomes true.
    Set(u32),
}

/// Effects of every turn.
#[derive(Debug, Clone, PartialEq)]
pub struct Dynamic {
    pub label: u32,
    pub effects: EffectsId,
}
