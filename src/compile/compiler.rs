//! The state of a compilation: what has been read, what grows, and how expressions are typed in their places.

use super::pools::Places;
use super::scope::{Reading, ScopeAt};
use super::world::{Symbol, World};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{self, Base, Expr, Flag, Number, Tape, UNPLACED};
use crate::model::{Effect, EffectLists};
use crate::scenario::{Formula, Name, Scenario};

/// Everything that the parts of the compiler share.
pub(super) struct Compiler<'s> {
    pub world: World<'s>,
    pub findings: Vec<Diagnostic>,
    pub places: Places,
    pub start: Vec<Effect>,
    /// The effects of rules, landings and dynamics.
    pub effects: EffectLists,
    pub scratch: Base,
}

impl<'s> Compiler<'s> {
    /// Nothing compiled yet.
    pub fn new(scenario: &'s Scenario) -> Self {
        Self {
            world: World::new(scenario),
            findings: Vec::new(),
            places: Places::default(),
            start: Vec::new(),
            effects: EffectLists::default(),
            scratch: Base { numbers: 0, flags: 0 },
        }
    }

    pub fn find(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.findings.push(Diagnostic::new(code, span, message));
    }

    fn typed<T>(
        &mut self,
        formula: &Formula,
        reading: Reading,
        check: impl FnOnce(&Expr, &mut ScopeAt<'_, 's>) -> Result<T, Vec<Diagnostic>>,
    ) -> Option<T> {
        let expr = match formula.expr() {
            Ok(expr) => expr,
            Err(finding) => {
                self.find(formula.place(finding.clone()));
                return None;
            }
        };
        let result = check(&expr, &mut ScopeAt { world: &mut self.world, reading });
        match result {
            Ok(typed) => Some(typed),
            Err(findings) => {
                self.findings.extend(findings.into_iter().map(|finding| formula.place(finding)));
                None
            }
        }
    }

    /// A formula that must be a number where it stands.
    pub fn number(&mut self, formula: &Formula, reading: Reading) -> Option<Number> {
        self.typed(formula, reading, |expr, scope| expression::number(expr, scope))
    }

    /// A formula that must be true or false where it stands.
    pub fn flag(&mut self, formula: &Formula, reading: Reading) -> Option<Flag> {
        self.typed(formula, reading, |expr, scope| expression::flag(expr, scope))
    }

    /// A formula of any type.
    pub fn any(&mut self, formula: &Formula, reading: Reading) -> Option<expression::Typed> {
        self.typed(formula, reading, |expr, scope| expression::check(expr, expression::Wanted::Any, scope))
    }

    /// A number that is the same in all replications.
    pub fn constant(&mut self, formula: &Formula) -> Option<f64> {
        let number = self.number(formula, Reading::constant())?;
        match number.as_constant() {
            Some(value) if value.is_finite() => Some(value),
            Some(_) => {
                self.error(Code::OutOfBounds, formula.span(), "this number must be finite");
                None
            }
            None => {
                self.error(Code::NotConstant, formula.span(), "this must be the same in all replications");
                None
            }
        }
    }

    /// An integer from `least` to `most` that is the same in all replications.
    pub fn count(&mut self, formula: &Formula, what: &str, least: u32, most: u32) -> Option<u32> {
        let value = self.constant(formula)?;
        if value.floor() == value && value >= f64::from(least) && value <= f64::from(most) {
            return Some(value as u32);
        }
        let code = if value > f64::from(most) { Code::LimitExceeded } else { Code::OutOfBounds };
        let message = format!("{what} must be an integer from {least} to {most}, and is {value}");
        self.error(code, formula.span(), message);
        None
    }

    /// The tape of a number, to be placed once it is known how many columns the state has.
    pub fn number_tape(&mut self, number: &Number) -> Tape {
        let tape = Tape::number(number, UNPLACED);
        self.room(&tape);
        tape
    }

    /// The tape of a condition, to be placed once it is known how many columns the state has.
    pub fn flag_tape(&mut self, flag: &Flag) -> Tape {
        let tape = Tape::flag(flag, UNPLACED);
        self.room(&tape);
        tape
    }

    fn room(&mut self, tape: &Tape) {
        self.scratch.numbers = self.scratch.numbers.max(tape.numbers);
        self.scratch.flags = self.scratch.flags.max(tape.flags);
    }

    /// The index of an actor, or a finding.
    pub fn actor(&mut self, name: &Name) -> Option<usize> {
        match self.world.symbols.get(&name.text) {
            Some(Symbol::Actor(actor)) => Some(*actor),
            _ => {
                let actors = self.world.scenario.actors.iter().map(|actor| actor.id.text.as_str());
                let finding =
                    Diagnostic::new(Code::UnknownReference, name.span, format!("there is no actor `{}`", name.text));
                let finding = finding.did_you_mean(&name.text, actors);
                self.find(finding);
                None
            }
        }
    }

    /// The index of a rung, or a finding.
    pub fn rung(&mut self, name: &Name) -> Option<u32> {
        let rungs = self.world.scenario.ladder.as_ref().map_or(&[][..], |ladder| &ladder.rungs);
        let index = rungs.iter().position(|rung| rung.text == name.text);
        if index.is_none() {
            let names: Vec<&str> = rungs.iter().map(|rung| rung.text.as_str()).collect();
            let message = format!("the ladder has no rung `{}`", name.text);
            let finding = Diagnostic::new(Code::UnknownReference, name.span, message).did_you_mean(&name.text, names);
            self.find(finding);
        }
        index.map(|index| index as u32)
    }

    /// Reports observers and rungs that the scenario does not have.
    pub fn references(&mut self) {
        let scenario = self.world.scenario;
        for trigger in scenario.injects.iter().chain(&scenario.triggers) {
            let own = std::iter::once(&trigger.own);
            let all = own.chain(super::events::branches(trigger).into_iter().map(|(_, _, branch)| branch));
            for branch in all {
                for (observer, _) in branch.observed_by.as_ref().map_or(&[][..], Vec::as_slice) {
                    self.actor(observer);
                }
                if let Some(rung) = &branch.rung {
                    self.rung(rung);
                }
            }
        }
    }

    /// Refuses two draws that would always be the same.
    pub fn collisions(&mut self) {
        let Some((one, other)) = self.world.sites.collision() else { return };
        let scenario = self.world.scenario;
        let place = |path: &str| {
            let id = path.split('/').nth(1).unwrap_or("");
            let rules = scenario.injects.iter().chain(&scenario.triggers).map(|trigger| &trigger.id);
            let others = scenario.dynamics.iter().map(|it| &it.id).chain(scenario.parameters.iter().map(|it| &it.id));
            rules.chain(others).find(|name| name.text == id).map_or(scenario.header.id.span, |name| name.span)
        };
        let message = format!("`{one}` and `{other}` would always draw the same: their paths have one 40-bit number");
        let finding = Diagnostic::new(Code::SiteCollision, place(other), message).related(place(one), "the other one");
        self.find(finding.hint("a rare accident of names: rename one of them"));
    }
}
