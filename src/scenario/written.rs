//! A scenario as written: every table of the file as plain data, with spans, expressions parsed.

use super::formula::{EffectText, ExprText, Formula};
use super::text::Text;
use crate::diagnostic::Span;

/// A name with its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    pub text: String,
    pub span: Span,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scenario {
    pub header: Header,
    pub ladder: Option<Ladder>,
    /// Variables of the world first, then those of the actors; by name.
    pub variables: Vec<Variable>,
    pub actors: Vec<Actor>,
    pub relations: Vec<Relation>,
    pub parameters: Vec<Parameter>,
    pub injects: Vec<Trigger>,
    pub dynamics: Vec<Dynamic>,
    pub triggers: Vec<Trigger>,
    pub metrics: Vec<Metric>,
    pub milestones: Vec<Milestone>,
    pub outcomes: Vec<Outcome>,
    pub variants: Vec<Variant>,
    pub expectations: Vec<Expectation>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Header {
    pub id: Name,
    pub title: Option<String>,
    /// `YYYY-MM-DD`.
    pub start: Option<Name>,
    pub turn: Option<Text>,
    pub turns: Formula,
    /// Where all numbers come from that say nothing of their own.
    pub evidence: Option<String>,
    pub order: Order,
    pub actor_order: Vec<Name>,
}

impl Header {
    /// Puts another number of turns in the place of the one that is written.
    pub fn set_turns(&mut self, turns: u32) {
        self.turns = Formula::Number { value: f64::from(turns), integer: true, span: self.turns.span() };
    }
}

/// Whether triggers see what earlier triggers did in the same turn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Sequential,
    Simultaneous,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    pub rungs: Vec<Name>,
    pub firebreaks: Vec<Name>,
    pub scales: Vec<Scale>,
}

/// Points for each rung.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    pub id: Name,
    pub points: Vec<(Name, f64)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Actor {
    pub id: Name,
    pub title: Option<String>,
    pub team: Option<Name>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    pub actor: Option<Name>,
    pub id: Name,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub evidence: Option<String>,
    pub initial: Formula,
    /// The values of an enum; empty if it is none.
    pub values: Vec<Name>,
    pub min: Option<Formula>,
    pub max: Option<Formula>,
    pub integer: bool,
    pub overflow: Option<Overflow>,
    pub each_turn: bool,
    pub span: Span,
}

/// What an assignment outside the bounds does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    Saturate,
    Fail,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Relation {
    pub id: Name,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub evidence: Option<String>,
    pub symmetric: bool,
    pub min: Option<Formula>,
    pub max: Option<Formula>,
    pub overflow: Option<Overflow>,
    pub initial: Option<Formula>,
    pub pairs: Pairs,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Pairs {
    All,
    Listed(Vec<Pair>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub between: Vec<Name>,
    pub evidence: Option<String>,
    pub initial: Option<Formula>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub id: Name,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub evidence: Option<String>,
    pub value: f64,
    pub value_span: Span,
    pub range: Option<(f64, f64)>,
    pub drawn: Option<Formula>,
}

/// A trigger or an inject.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    pub id: Name,
    pub title: Option<String>,
    pub evidence: Option<String>,
    pub actor: Option<Name>,
    pub toward: Option<Name>,
    pub kind: Option<Name>,
    /// Of an inject: the turns in which it is due.
    pub turns: Vec<Formula>,
    pub when: Option<Formula>,
    pub chance: Option<Formula>,
    pub cooldown: Option<Formula>,
    pub limit: Option<Formula>,
    /// Rung, delay, observers and effects of the trigger itself; branches without their own take the first three.
    pub own: Branch,
    pub body: Body,
    /// Of a trigger that a variant adds: the one before which it is played.
    pub before: Option<Name>,
    pub span: Span,
}

/// What a trigger is, as its keys say.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    Move,
    Decision(Vec<Choice>),
    Commitment { chance: Formula, honour: Branch, breach: Branch },
    Transfer(Transfer),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub id: Name,
    pub weight: Option<Formula>,
    pub branch: Branch,
}

/// What happens when something fires.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Branch {
    pub title: Option<String>,
    pub rung: Option<Name>,
    /// One number, or the least and the most.
    pub delay: Vec<Formula>,
    /// None: everybody sees it.
    pub observed_by: Option<Vec<(Name, Formula)>>,
    pub then: Vec<EffectText>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    pub from: Option<Name>,
    pub to: Name,
    pub amount: Formula,
    pub transit: Option<Formula>,
    pub loss: Option<Formula>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Dynamic {
    pub id: Name,
    pub title: Option<String>,
    pub then: Vec<EffectText>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    pub id: Name,
    pub title: Option<String>,
    pub unit: Option<String>,
    pub value: Formula,
    pub min: Option<Formula>,
    pub max: Option<Formula>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    pub id: Name,
    pub title: Option<String>,
    pub when: Formula,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    pub id: Name,
    pub title: Option<String>,
    pub severity: Option<f64>,
    pub when: Option<Formula>,
    pub importance: Option<Formula>,
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    pub id: Name,
    pub title: Option<String>,
    pub note: Option<String>,
    pub parameters: Vec<(Name, f64)>,
    /// Variables by their full name, relation cells as they are written in expressions.
    pub state: Vec<(Name, Formula)>,
    pub disable: Vec<Name>,
    pub order: Option<Order>,
    pub actor_order: Option<Vec<Name>>,
    pub injects: Vec<Trigger>,
    pub triggers: Vec<Trigger>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Expectation {
    pub id: Name,
    pub title: Option<String>,
    pub variant: Option<Name>,
    pub claim: ExprText,
}

impl Name {
    pub fn new(text: impl Into<String>, span: Span) -> Self {
        Self { text: text.into(), span }
    }
}

impl Default for Name {
    fn default() -> Self {
        Self::new("", Span::default())
    }
}

impl Variable {
    /// The name it is read by: `actor.variable`, or `variable`.
    pub fn path(&self) -> String {
        match &self.actor {
            Some(actor) => format!("{}.{}", actor.text, self.id.text),
            None => self.id.text.clone(),
        }
    }
}
