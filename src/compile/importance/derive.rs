//! What splitting climbs on: the author's `importance`, or how far the goal's condition is met.
//!
//! The derived importance lies in [0, 1] and is read off the condition as written:
//! - of `a and b`, the mean of the parts; of `a or b`, the largest;
//! - of a comparison of numbers, one less the distance that is missing over the largest that the bounds allow;
//! - of `fired(x)` and its like, and of a variable that must get a value, once that holds 1, and before it nine tenths of
//!   how far the guards are met of what would bring it about;
//! - of anything else, whether it holds. What only the clock decides says nothing, and is left out.
//!
//! With a ladder it is the mean of that and of the highest rung so far, as a part of the rungs that the goal needs.

use super::alternatives::{all_branches, rules};
use crate::compile::compiler::Compiler;
use crate::compile::scope::{Reading, ScopeAt, plain};
use crate::compile::world::World;
use crate::diagnostic::{Code, Span};
use crate::expression::{
    self, Arithmetic, Assign, BinaryOp, Comparison, Expr, Interval, Kind, Number, Term, Type, UnaryOp, Wanted,
};
use crate::model::{Climb, Goal};
use crate::scenario::{Branch, Formula, Scenario, Trigger};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The goal of splitting, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toward {
    Outcome(String),
    /// One of the author's, or that of a firebreak.
    Milestone(String),
}

/// How much of the way is done when the guard of what brings something about holds.
const AT_THE_DOOR: f64 = 0.9;

impl Compiler<'_> {
    /// What splitting climbs on towards a goal; nothing, and a finding, if there is no such goal.
    pub fn climb(&mut self, toward: &Toward) -> Option<Climb> {
        let scenario = self.world.scenario;
        let (goal, when, written, top) = match toward {
            Toward::Outcome(id) => {
                let index = scenario.outcomes.iter().position(|outcome| outcome.id.text == *id);
                let index = self.known(index, "outcome", id)?;
                let outcome = &scenario.outcomes[index];
                (Goal::Outcome(index as u32), outcome.when.as_ref(), outcome.importance.as_ref(), None)
            }
            Toward::Milestone(id) => {
                let own = scenario.milestones.iter().position(|milestone| milestone.id.text == *id);
                let (index, when, top) = match own {
                    Some(index) => (index, Some(&scenario.milestones[index].when), None),
                    None => {
                        let (index, top) = self.known(firebreak(scenario, id), "milestone", id)?;
                        (index, None, Some(top))
                    }
                };
                (Goal::Milestone(index as u32), when, None, top)
            }
        };
        let Some(formula) = written else {
            let (number, text) = self.derived(when, top);
            let importance = self.number_tape(&number);
            return Some(Climb { goal, importance, text, written: false, roads_not_seen: Vec::new() });
        };
        let number = self.number(formula, Reading::state())?;
        let importance = self.number_tape(&number);
        let roads_not_seen = match (when.and_then(read), read(formula)) {
            (Some(condition), Some(importance)) => self.roads_not_seen(&condition, &importance),
            _ => Vec::new(),
        };
        Some(Climb { goal, importance, text: formula.source(), written: true, roads_not_seen })
    }

    /// Looks for what is wrong with importances, and for what they read. Nothing that runs needs them, so the columns
    /// for which they ask are not kept.
    pub fn check_importances(&mut self) {
        let mut importances = self.world.scenario.outcomes.iter().filter_map(|it| it.importance.as_ref()).peekable();
        if importances.peek().is_none() {
            return;
        }
        let kept = self.world.clone();
        for importance in importances {
            self.number(importance, Reading::state());
        }
        let uses = std::mem::take(&mut self.world.uses);
        self.world = World { uses, ..kept };
    }

    fn known<T>(&mut self, found: Option<T>, what: &str, id: &str) -> Option<T> {
        if found.is_none() {
            let message = format!("there is no {what} `{id}`");
            self.error(Code::UnknownReference, self.world.scenario.header.id.span, message);
        }
        found
    }

    fn derived(&mut self, when: Option<&Formula>, top: Option<usize>) -> (Number, String) {
        let condition = when.and_then(read);
        let mut grader = Grader { compiler: self, seen: BTreeSet::new() };
        let met = match (&condition, top) {
            (Some(condition), _) => grader.grade(condition),
            (None, Some(top)) => Some(grader.rung(top)),
            (None, None) => None,
        };
        let rungs = self.world.scenario.ladder.as_ref().map_or(0, |ladder| ladder.rungs.len());
        let top = top.unwrap_or(rungs.saturating_sub(1));
        let climbed = (top > 0).then(|| {
            let part = arithmetic(Arithmetic::Divide, name("peak_rung"), constant(top as f64));
            call("min", vec![constant(1.0), part])
        });
        let whole = match (met, climbed) {
            (Some(met), Some(climbed)) => mean(vec![met, climbed]),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => constant(0.0),
        };
        let mut scope = ScopeAt { world: &mut self.world, reading: Reading::state() };
        match expression::number(&whole, &mut scope) {
            Ok(number) => (number, whole.to_string()),
            // Parts that were well typed where they stood are so here; if not, nothing is known of the way.
            Err(_) => (Number::constant(0.0), "0".to_owned()),
        }
    }
}

/// The index of the milestone of a firebreak, and its rung.
fn firebreak(scenario: &Scenario, id: &str) -> Option<(usize, usize)> {
    let ladder = scenario.ladder.as_ref()?;
    let rung = id.strip_prefix("firebreak_")?;
    let place = ladder.firebreaks.iter().position(|firebreak| firebreak.text == rung)?;
    let top = ladder.rungs.iter().position(|name| name.text == rung)?;
    Some((scenario.milestones.len() + place, top))
}

/// A formula as an expression; it has been found right elsewhere.
fn read(formula: &Formula) -> Option<Cow<'_, Expr>> {
    formula.expr().ok()
}

/// Says how far conditions are met, as expressions.
struct Grader<'c, 's> {
    compiler: &'c mut Compiler<'s>,
    /// What has been asked how it comes about: each once, so that circles and repetition end.
    seen: BTreeSet<String>,
}

impl Grader<'_, '_> {
    /// How far a condition is met, from 0 to 1; nothing if only the clock decides it.
    fn grade(&mut self, condition: &Expr) -> Option<Expr> {
        match &condition.kind {
            Kind::Bool(_) | Kind::Number(..) => None,
            Kind::Binary(op @ (BinaryOp::And | BinaryOp::Or), ..) => {
                let mut parts = Vec::new();
                flatten(condition, *op, &mut parts);
                let grades: Vec<Expr> = parts.into_iter().filter_map(|part| self.grade(part)).collect();
                match (grades.len(), op) {
                    (0, _) => None,
                    (1, _) => grades.into_iter().next(),
                    (_, BinaryOp::And) => Some(mean(grades)),
                    _ => Some(call("max", grades)),
                }
            }
            Kind::Unary(UnaryOp::Not, inner) => match negated(inner) {
                Some(condition) => self.grade(&condition),
                None => self.value(inner, "false", condition),
            },
            Kind::Binary(BinaryOp::Compare(comparison), left, right) => {
                self.comparison(*comparison, left, right, condition)
            }
            Kind::Call(function, arguments) if is_event_function(function) => {
                Some(self.event(arguments.last(), condition))
            }
            _ => self.value(condition, "true", condition),
        }
    }

    fn comparison(&mut self, comparison: Comparison, left: &Expr, right: &Expr, whole: &Expr) -> Option<Expr> {
        if self.is_clock(left) && self.is_clock(right) {
            return None;
        }
        if let Kind::Call(function, arguments) = &left.kind
            && function.starts_with("since")
            && matches!(comparison, Comparison::Less | Comparison::LessEqual | Comparison::Equal)
        {
            return Some(self.event(arguments.last(), whole));
        }
        let (Some((a, a_range)), Some((b, b_range))) = (self.measured(left, right), self.measured(right, left)) else {
            return match comparison {
                Comparison::Equal => self.value(left, &right.to_string(), whole),
                _ => Some(holds(whole)),
            };
        };
        let graded = match comparison {
            Comparison::GreaterEqual | Comparison::Greater => missing(&a, &b, b_range.high - a_range.low),
            Comparison::LessEqual | Comparison::Less => missing(&b, &a, a_range.high - b_range.low),
            Comparison::Equal => {
                let apart = call("abs", vec![arithmetic(Arithmetic::Subtract, a, b)]);
                one_less(apart, (b_range.high - a_range.low).max(a_range.high - b_range.low))
            }
            Comparison::NotEqual => None,
        };
        Some(graded.unwrap_or_else(|| holds(whole)))
    }

    /// An expression as a number with its bounds, the name of a rung as its index.
    fn measured(&mut self, expr: &Expr, other: &Expr) -> Option<(Expr, Interval)> {
        let wanted = match self.typed(other, Wanted::Any) {
            Some((_, Type::Rank(set))) => Wanted::Value(set),
            _ => Wanted::Any,
        };
        let found = self.typed(expr, wanted).or_else(|| self.typed(expr, Wanted::Any));
        match found? {
            (Term::Number(number), kind) if !matches!(kind, Type::Choice(_)) || wanted != Wanted::Any => {
                let expr = number.as_constant().map_or_else(|| expr.clone(), constant);
                Some((expr, number.range))
            }
            _ => None,
        }
    }

    fn typed(&mut self, expr: &Expr, wanted: Wanted) -> Option<(Term, Type)> {
        let mut scope = ScopeAt { world: &mut self.compiler.world, reading: Reading::state() };
        let typed = expression::check(expr, wanted, &mut scope).ok()?;
        Some((typed.term, typed.kind))
    }

    /// Whether an expression reads nothing but numbers, parameters and the turn.
    fn is_clock(&mut self, expr: &Expr) -> bool {
        let mut is_clock = true;
        expr.walk(&mut |part| match &part.kind {
            Kind::Name(name) if matches!(name.as_str(), "turn" | "turns" | "pi") => {}
            Kind::Name(name) => {
                is_clock &= self.compiler.world.scenario.parameters.iter().any(|parameter| parameter.id.text == *name);
            }
            Kind::Call(function, _) => {
                is_clock &= expression::FUNCTIONS.iter().any(|(known, ..)| known == function)
                    || matches!(function.as_str(), "min" | "max" | "clamp");
            }
            _ => {}
        });
        is_clock
    }

    /// What must happen: how far the guard of its trigger is met.
    fn event(&mut self, event: Option<&Expr>, whole: &Expr) -> Expr {
        let scenario = self.compiler.world.scenario;
        let id = event.and_then(plain).map(|event| event.split('.').next().unwrap_or(event).to_owned());
        let trigger = rules(scenario).find(|trigger| Some(&trigger.id.text) == id.as_ref());
        self.unless(whole, trigger.into_iter().collect())
    }

    /// A rung that something must fire on, or above: how far the guards are met of what stands there.
    fn rung(&mut self, top: usize) -> Expr {
        let scenario = self.compiler.world.scenario;
        let rungs = scenario.ladder.as_ref().map_or(&[][..], |ladder| &ladder.rungs);
        let is_there = |branch: &Branch| {
            let rung = branch.rung.as_ref();
            rung.is_some_and(|rung| rungs.iter().skip(top).any(|name| name.text == rung.text))
        };
        let found = rules(scenario).filter(|trigger| all_branches(trigger).any(is_there)).collect();
        let reached = Kind::Binary(
            BinaryOp::Compare(Comparison::GreaterEqual),
            Box::new(name("peak_rung")),
            Box::new(constant(top as f64)),
        );
        self.unless(&expr(reached), found)
    }

    /// What must get a value: how far the guards are met of what would give it that.
    fn value(&mut self, target: &Expr, value: &str, whole: &Expr) -> Option<Expr> {
        let target = target.to_string();
        let gives = |effect: &crate::scenario::EffectText| {
            effect.parsed.as_ref().is_ok_and(|it| {
                it.op == Assign::Set && it.target.to_string() == target && it.value.to_string() == value
            })
        };
        let gives = |trigger: &&Trigger| all_branches(trigger).any(|branch| branch.then.iter().any(gives));
        let found = rules(self.compiler.world.scenario).filter(gives).collect();
        Some(self.unless(whole, found))
    }

    /// 1 where a condition holds, and before that nine tenths of the best grade of these triggers' guards.
    fn unless(&mut self, whole: &Expr, triggers: Vec<&Trigger>) -> Expr {
        let mut grades = Vec::new();
        for trigger in triggers {
            if !self.seen.insert(trigger.id.text.clone()) {
                continue;
            }
            let guard = trigger.when.as_ref().and_then(read);
            grades.extend(guard.and_then(|guard| self.grade(&guard)));
        }
        let best = match grades.len() {
            0 => return holds(whole),
            1 => grades.remove(0),
            _ => call("max", grades),
        };
        let before = arithmetic(Arithmetic::Multiply, constant(AT_THE_DOOR), best);
        expr(Kind::If(Box::new(whole.clone()), Box::new(constant(1.0)), Box::new(before)))
    }
}

fn is_event_function(name: &str) -> bool {
    matches!(name, "fired" | "landed" | "observed")
}

/// The parts of a chain of one operation.
fn flatten<'e>(expr: &'e Expr, op: BinaryOp, parts: &mut Vec<&'e Expr>) {
    match &expr.kind {
        Kind::Binary(other, left, right) if *other == op => {
            flatten(left, op, parts);
            flatten(right, op, parts);
        }
        _ => parts.push(expr),
    }
}

/// The opposite of a condition, where it can be written without `not` in front of it.
fn negated(condition: &Expr) -> Option<Expr> {
    let not = |part: &Expr| Box::new(expr(Kind::Unary(UnaryOp::Not, Box::new(part.clone()))));
    let kind = match &condition.kind {
        Kind::Unary(UnaryOp::Not, inner) => return Some((**inner).clone()),
        Kind::Binary(BinaryOp::And, left, right) => Kind::Binary(BinaryOp::Or, not(left), not(right)),
        Kind::Binary(BinaryOp::Or, left, right) => Kind::Binary(BinaryOp::And, not(left), not(right)),
        Kind::Binary(BinaryOp::Compare(comparison), left, right) => {
            Kind::Binary(BinaryOp::Compare(comparison.negated()), left.clone(), right.clone())
        }
        _ => return None,
    };
    Some(expr(kind))
}

/// One less what `a` lacks to reach `b`, as a part of the most it can lack.
fn missing(a: &Expr, b: &Expr, most: f64) -> Option<Expr> {
    one_less(arithmetic(Arithmetic::Subtract, b.clone(), a.clone()), most)
}

fn one_less(distance: Expr, most: f64) -> Option<Expr> {
    if !(most.is_finite() && most > 0.0) {
        return None;
    }
    let part = arithmetic(Arithmetic::Divide, distance, constant(most));
    Some(call("clamp", vec![arithmetic(Arithmetic::Subtract, constant(1.0), part), constant(0.0), constant(1.0)]))
}

fn mean(parts: Vec<Expr>) -> Expr {
    let count = parts.len() as f64;
    let sum = parts.into_iter().reduce(|a, b| arithmetic(Arithmetic::Add, a, b));
    arithmetic(Arithmetic::Divide, sum.unwrap_or_else(|| constant(0.0)), constant(count))
}

fn holds(condition: &Expr) -> Expr {
    call("number", vec![condition.clone()])
}

fn constant(value: f64) -> Expr {
    expr(Kind::Number(value, value.floor() == value))
}

fn name(name: &str) -> Expr {
    expr(Kind::Name(name.to_owned()))
}

fn call(function: &str, arguments: Vec<Expr>) -> Expr {
    expr(Kind::Call(function.to_owned(), arguments))
}

fn arithmetic(op: Arithmetic, a: Expr, b: Expr) -> Expr {
    expr(Kind::Binary(BinaryOp::Arithmetic(op), Box::new(a), Box::new(b)))
}

fn expr(kind: Kind) -> Expr {
    Expr { kind, span: Span::default() }
}
