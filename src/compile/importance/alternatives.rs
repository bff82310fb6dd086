//! Which ways to a goal an importance cannot see: alternatives of its condition that it has nothing to do with.

use crate::compile::compiler::Compiler;
use crate::compile::events::branches;
use crate::compile::scope::plain;
use crate::compile::world::Symbol;
use crate::expression::{self, BinaryOp, Expr, Kind};
use crate::scenario::{Branch, EffectText, Formula, Scenario, Trigger};
use std::collections::BTreeSet;

/// The name under which any rung is read.
const RUNG: &str = "rung";

impl Compiler<'_> {
    /// The alternatives of a condition, as text, that nothing decides which the importance reads; none if there is but
    /// one way.
    pub fn roads_not_seen(&self, condition: &Expr, importance: &Expr) -> Vec<String> {
        let mut roads = Vec::new();
        alternatives(condition, &mut roads);
        if roads.len() < 2 {
            return Vec::new();
        }
        let seen = self.read_by(importance);
        let is_unseen = |road: &&Expr| {
            let mut behind = Behind { compiler: self, found: BTreeSet::new() };
            behind.expr(road);
            behind.found.is_disjoint(&seen)
        };
        let is_open = |road: &&Expr| !self.is_closed(road);
        roads.into_iter().filter(is_open).filter(is_unseen).map(Expr::to_string).collect()
    }

    /// Whether a condition asks for what has been taken out of play.
    fn is_closed(&self, road: &Expr) -> bool {
        let read = self.read_by(road);
        let mut disabled = rules(self.world.scenario)
            .filter(|trigger| matches!(trigger.when, Some(Formula::Flag { value: false, .. })));
        disabled.any(|trigger| read.contains(&trigger.id.text))
    }

    /// The variables, relations and events that an expression names; any rung is one of them.
    fn read_by(&self, expr: &Expr) -> BTreeSet<String> {
        let mut read = BTreeSet::new();
        expr.walk(&mut |part| match &part.kind {
            Kind::Name(name) | Kind::Call(name, _) if matches!(name.as_str(), "rung" | "peak_rung") => {
                read.insert(RUNG.to_owned());
            }
            Kind::Name(name) => {
                let event = name.split('.').next().unwrap_or(name);
                match (self.world.symbols.get(name), self.world.symbols.get(event)) {
                    (Some(Symbol::Variable(_) | Symbol::Relation(_)), _) => read.insert(name.clone()),
                    (_, Some(Symbol::Event(_))) => read.insert(event.to_owned()),
                    _ => false,
                };
            }
            Kind::Call(name, _) if matches!(self.world.symbols.get(name), Some(Symbol::Relation(_))) => {
                read.insert(name.clone());
            }
            _ => {}
        });
        read
    }
}

/// All that bears on an expression: what it names, and what bears on that.
struct Behind<'c, 's> {
    compiler: &'c Compiler<'s>,
    found: BTreeSet<String>,
}

impl Behind<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        for name in self.compiler.read_by(expr) {
            if !self.found.insert(name.clone()) {
                continue;
            }
            let scenario = self.compiler.world.scenario;
            for trigger in rules(scenario) {
                let writes = all_branches(trigger).any(|branch| branch.then.iter().any(|it| writes(it, &name)));
                if trigger.id.text == name || writes {
                    self.trigger(trigger);
                }
            }
            for effect in scenario.dynamics.iter().flat_map(|dynamic| &dynamic.then) {
                if let Ok(effect) = &effect.parsed
                    && target(effect) == Some(name.as_str())
                {
                    self.expr(&effect.value);
                }
            }
        }
    }

    fn trigger(&mut self, trigger: &Trigger) {
        self.found.insert(trigger.id.text.clone());
        if all_branches(trigger).any(|branch| branch.rung.is_some()) {
            self.found.insert(RUNG.to_owned());
        }
        for formula in trigger.when.iter().chain(&trigger.chance) {
            self.formula(formula);
        }
    }

    fn formula(&mut self, formula: &Formula) {
        if let Ok(expr) = formula.expr() {
            self.expr(&expr);
        }
    }
}

/// The alternatives of a condition.
fn alternatives<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &expr.kind {
        Kind::Binary(BinaryOp::Or, left, right) => {
            alternatives(left, found);
            alternatives(right, found);
        }
        _ => found.push(expr),
    }
}

/// Injects and triggers.
pub(super) fn rules(scenario: &Scenario) -> impl Iterator<Item = &Trigger> {
    scenario.injects.iter().chain(&scenario.triggers)
}

/// What a trigger does itself, and what its branches do.
pub(super) fn all_branches(trigger: &Trigger) -> impl Iterator<Item = &Branch> {
    std::iter::once(&trigger.own).chain(branches(trigger).into_iter().map(|(_, _, branch)| branch))
}

fn writes(effect: &EffectText, name: &str) -> bool {
    effect.parsed.as_ref().is_ok_and(|effect| target(effect) == Some(name))
}

/// The variable or the relation that an effect changes.
fn target(effect: &expression::Effect) -> Option<&str> {
    match &effect.target.kind {
        Kind::Call(relation, _) => Some(relation),
        _ => plain(&effect.target),
    }
}
