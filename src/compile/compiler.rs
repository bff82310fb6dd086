//! The state of a compilation: what has been read, what grows, and how expressions are typed in their places.

use super::events::{Event, events};
use super::history::History;
use super::pools::{Columns, Places, Sets, Sites};
use super::scope::{Reading, ScopeAt};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{self, Base, Expr, Flag, Interval, Kind, Number, Tape, Type};
use crate::model::{Cell, Effect, EffectLists};
use crate::scenario::{Formula, Name, Scenario, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the parts of the compiler share.
pub(super) struct Compiler<'s> {
    pub scenario: &'s Scenario,
    pub findings: Vec<Diagnostic>,
    pub columns: Columns,
    pub sites: Sites,
    pub sets: Sets,
    pub places: Places,
    pub events: Vec<Event<'s>>,
    pub history: History,
    pub symbols: BTreeMap<String, Symbol>,
    pub variables: Vec<Variable>,
    /// Relation cells: relation, from, to; of symmetric ones both ways.
    pub cells: BTreeMap<(usize, usize, usize), usize>,
    pub parameters: Vec<Parameter>,
    /// Rung and peak columns: of the scenario (none), and of actors that expressions name.
    pub rungs: BTreeMap<Option<usize>, RungColumns>,
    pub rung_set: Option<expression::SetId>,
    pub outcome_set: Option<expression::SetId>,
    pub start: Vec<Effect>,
    /// The effects of rules, landings and dynamics.
    pub effects: EffectLists,
    pub turns: u32,
    pub base: Base,
    pub scratch: Base,
    pub uses: Uses,
}

/// What a name in the shared namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Variable(usize),
    Parameter(usize),
    Actor(usize),
    Relation(usize),
    Event(usize),
    Dynamic,
}

/// A variable or a relation cell.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub path: String,
    pub title: Option<String>,
    pub unit: String,
    pub cell: Cell,
    pub kind: Type,
    pub range: Interval,
    pub fails: bool,
    pub each_turn: bool,
    pub span: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Parameter {
    Fixed(f64),
    /// Drawn per replication, into this column, within this range.
    Drawn(u32, Interval),
    /// Not yet known: parameters are worked out in order of need.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct RungColumns {
    pub rung: u32,
    pub peak: Option<u32>,
}

/// What expressions read and effects write, for the lint.
#[derive(Debug, Default)]
pub(super) struct Uses {
    pub read: BTreeSet<usize>,
    pub written: BTreeSet<usize>,
    pub parameters: BTreeSet<usize>,
}

impl<'s> Compiler<'s> {
    /// Nothing compiled yet, of a scenario whose state will have so many columns.
    pub fn new(scenario: &'s Scenario, base: Base) -> Self {
        Self {
            scenario,
            findings: Vec::new(),
            columns: Columns::default(),
            sites: Sites::default(),
            sets: Sets::default(),
            places: Places::default(),
            events: events(scenario),
            history: History::default(),
            symbols: BTreeMap::new(),
            variables: Vec::new(),
            cells: BTreeMap::new(),
            parameters: Vec::new(),
            rungs: BTreeMap::new(),
            rung_set: None,
            outcome_set: None,
            start: Vec::new(),
            effects: EffectLists::default(),
            turns: 0,
            base,
            scratch: Base { numbers: 0, flags: 0 },
            uses: Uses::default(),
        }
    }

    pub fn find(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    pub fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.findings.push(Diagnostic::new(code, span, message));
    }

    /// The expression of a formula, with spans of the file's in findings only.
    pub fn parse(&mut self, formula: &Formula) -> Option<Expr> {
        match formula {
            Formula::Number { value, integer, span } => {
                Some(Expr { kind: Kind::Number(*value, *integer), span: Span::new(0, span.end - span.start) })
            }
            Formula::Flag { value, span } => {
                Some(Expr { kind: Kind::Bool(*value), span: Span::new(0, span.end - span.start) })
            }
            Formula::Text(text) => match expression::parse(&text.value) {
                Ok(expr) => Some(expr),
                Err(finding) => {
                    self.find(finding.moved(|span| text.place(span)));
                    None
                }
            },
        }
    }

    fn typed<T>(
        &mut self,
        formula: &Formula,
        reading: Reading,
        check: impl FnOnce(&Expr, &mut ScopeAt<'_, 's>) -> Result<T, Vec<Diagnostic>>,
    ) -> Option<T> {
        let expr = self.parse(formula)?;
        let result = check(&expr, &mut ScopeAt { compiler: self, reading });
        match result {
            Ok(typed) => Some(typed),
            Err(findings) => {
                self.findings.extend(findings.into_iter().map(|finding| place(finding, formula)));
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

    pub fn number_tape(&mut self, number: &Number) -> Tape {
        let tape = Tape::number(number, self.base);
        self.room(&tape);
        tape
    }

    pub fn flag_tape(&mut self, flag: &Flag) -> Tape {
        let tape = Tape::flag(flag, self.base);
        self.room(&tape);
        tape
    }

    fn room(&mut self, tape: &Tape) {
        self.scratch.numbers = self.scratch.numbers.max(tape.numbers);
        self.scratch.flags = self.scratch.flags.max(tape.flags);
    }

    /// The index of an actor, or a finding.
    pub fn actor(&mut self, name: &Name) -> Option<usize> {
        match self.symbols.get(&name.text) {
            Some(Symbol::Actor(actor)) => Some(*actor),
            _ => {
                let actors = self.scenario.actors.iter().map(|actor| actor.id.text.as_str());
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
        let rungs = self.scenario.ladder.as_ref().map_or(&[][..], |ladder| &ladder.rungs);
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
        let scenario = self.scenario;
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
        let Some((one, other)) = self.sites.collision() else { return };
        let scenario = self.scenario;
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

    /// The rung columns of an actor, or of the scenario.
    pub fn rung_columns(&mut self, actor: Option<usize>) -> RungColumns {
        if let Some(columns) = self.rungs.get(&actor) {
            return *columns;
        }
        let columns = RungColumns { rung: self.columns.number(0.0), peak: None };
        self.columns.shadow(super::pools::Shadow::Initial, Cell::Number(columns.rung));
        self.rungs.insert(actor, columns);
        columns
    }

    /// The column of the highest rung so far.
    pub fn peak_column(&mut self, actor: Option<usize>) -> u32 {
        let columns = self.rung_columns(actor);
        if let Some(peak) = columns.peak {
            return peak;
        }
        let peak = self.columns.number(0.0);
        self.rungs.insert(actor, RungColumns { peak: Some(peak), ..columns });
        peak
    }
}

/// A finding of an expression, moved to the file.
fn place(finding: Diagnostic, formula: &Formula) -> Diagnostic {
    match formula {
        Formula::Text(text) => finding.moved(|span| text.place(span)),
        Formula::Number { span, .. } | Formula::Flag { span, .. } => finding.moved(|_| *span),
    }
}

/// A finding of a text, moved to the file.
pub(super) fn place_text(finding: Diagnostic, text: &Text) -> Diagnostic {
    finding.moved(|span| text.place(span))
}
