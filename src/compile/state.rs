//! Parameters, variables and relation cells: their columns, bounds and initial values.

use super::calls::DISTRIBUTIONS;
use super::compiler::Compiler;
use super::pools::Shadow;
use super::scope::Reading;
use super::world::{Parameter, Symbol, Variable};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{Assign, Interval, NumberKind, Type};
use crate::model::{Cell, Effect, Target};
use crate::scenario::{self, Formula, Overflow, Pairs, Relation};

/// In place of bounds that are wrong themselves.
const UNKNOWN: Interval = Interval { low: -1e9, high: 1e9, nan: false };

impl Compiler<'_> {
    /// Enters all names of the shared namespace.
    pub fn enter_names(&mut self) {
        let scenario = self.world.scenario;
        for (index, parameter) in scenario.parameters.iter().enumerate() {
            self.world.symbols.insert(parameter.id.text.clone(), Symbol::Parameter(index));
        }
        for (index, actor) in scenario.actors.iter().enumerate() {
            self.world.symbols.insert(actor.id.text.clone(), Symbol::Actor(index));
        }
        for (index, relation) in scenario.relations.iter().enumerate() {
            self.world.symbols.insert(relation.id.text.clone(), Symbol::Relation(index));
        }
        for dynamic in &scenario.dynamics {
            self.world.symbols.insert(dynamic.id.text.clone(), Symbol::Dynamic);
        }
        for (index, event) in self.world.events.iter().enumerate() {
            self.world.symbols.entry(event.id.clone()).or_insert(Symbol::Event(index));
        }
    }

    pub fn parameters(&mut self) {
        let scenario = self.world.scenario;
        self.world.parameters = vec![Parameter::Unknown; scenario.parameters.len()];
        for (index, parameter) in scenario.parameters.iter().enumerate() {
            if let Some((low, high)) = parameter.range.filter(|(low, high)| low > high) {
                let message = format!("the range of `{}` goes from {low} down to {high}", parameter.id.text);
                self.find(
                    Diagnostic::new(Code::BoundsCross, parameter.id.span, message).hint("write the lowest first"),
                );
            }
            if parameter.drawn.is_none() {
                self.world.parameters[index] = Parameter::Fixed(parameter.value);
            }
        }
    }

    /// Parameters that each replication draws; their distributions may use the others, and the number of turns.
    pub fn drawn_parameters(&mut self) {
        let scenario = self.world.scenario;
        for (index, parameter) in scenario.parameters.iter().enumerate() {
            if let Some(drawn) = &parameter.drawn {
                self.drawn_parameter(index, &parameter.id.text, drawn);
            }
        }
    }

    fn drawn_parameter(&mut self, index: usize, id: &str, drawn: &Formula) {
        let path = format!("parameters/{id}");
        let Some(number) = self.number(drawn, Reading::constant().drawing(&path)) else { return };
        let NumberKind::Ask(_, arguments) = &number.kind else {
            let names: Vec<&str> = DISTRIBUTIONS.iter().map(|(name, ..)| *name).collect();
            let message = format!("`drawn` takes one distribution: {}", names.join(", "));
            return self.error(Code::TypeMismatch, drawn.span(), message);
        };
        if arguments.iter().any(|argument| argument.as_constant().is_none()) {
            return self.error(Code::NotConstant, drawn.span(), "the arguments must be numbers and undrawn parameters");
        }
        let column = self.world.columns.number(0.0);
        let range = Interval { nan: false, ..number.range };
        self.world.parameters[index] = Parameter::Drawn(column, range);
        let place = self.places.place(&path, &drawn.source());
        let target =
            Target::Number { column, min: f64::NEG_INFINITY, max: f64::INFINITY, fails: false, variable: u32::MAX };
        let value = self.number_tape(&number);
        self.start.push(Effect { target, op: Assign::Set, value, place });
    }

    pub fn variables(&mut self) {
        for variable in &self.world.scenario.variables {
            let made = self.variable(variable);
            let index = self.world.variables.len();
            self.world.symbols.insert(made.path.clone(), Symbol::Variable(index));
            if made.each_turn {
                self.world.columns.shadow(Shadow::Initial, made.cell);
            }
            self.world.variables.push(made);
        }
    }

    /// The variable as declared; where something is wrong with that, as it may have been meant.
    fn variable(&mut self, variable: &scenario::Variable) -> Variable {
        let is_flag = matches!(variable.initial, Formula::Flag { .. });
        let bounded =
            variable.min.is_some() || variable.max.is_some() || variable.integer || variable.overflow.is_some();
        let is_enum = !variable.values.is_empty();
        if (is_flag || is_enum) && bounded {
            let what = if is_enum { "an enum" } else { "true or false" };
            let message = format!("`{}` is {what}, which has no bounds", variable.path());
            self.error(Code::KeyConflict, variable.span, message);
        }
        if is_enum {
            return self.choice(variable);
        }
        let common = |cell, kind, range, fails| Variable {
            path: variable.path(),
            title: variable.title.clone(),
            unit: variable.unit.clone().unwrap_or_default(),
            cell,
            kind,
            range,
            fails,
            each_turn: variable.each_turn,
            span: variable.span,
        };
        if let Formula::Flag { value, .. } = variable.initial {
            let cell = Cell::Flag(self.world.columns.flag(value));
            return common(cell, Type::Flag, Interval::UNIT, false);
        }
        if variable.integer && variable.max.is_none() {
            let message = format!("the integer `{}` needs the key `max`", variable.path());
            self.error(Code::MissingKey, variable.span, message);
        }
        let range = self.bounds(variable.min.as_ref(), variable.max.as_ref(), variable.span).unwrap_or(UNKNOWN);
        let range = if variable.integer && variable.max.is_none() { UNKNOWN } else { range };
        if variable.integer && range.is_finite() && (range.low.floor() != range.low || range.high.floor() != range.high)
        {
            let at = variable.max.as_ref().or(variable.min.as_ref()).map_or(variable.span, Formula::span);
            let message =
                format!("`{}` is an integer, and its bounds {} and {} are not", variable.path(), range.low, range.high);
            self.error(Code::TypeMismatch, at, message);
        }
        let fails = variable.overflow.unwrap_or(if variable.integer { Overflow::Fail } else { Overflow::Saturate })
            == Overflow::Fail;
        let kind = if variable.integer { Type::Integer } else { Type::Number };
        let column = self.world.columns.number(0.0);
        let made = common(Cell::Number(column), kind, range, fails);
        let path = if variable.actor.is_some() {
            format!("actors/state/{}", made.path)
        } else {
            format!("state/{}", made.path)
        };
        self.initial(&made, column, &variable.initial, &path);
        made
    }

    fn choice(&mut self, variable: &scenario::Variable) -> Variable {
        let values: Vec<String> = variable.values.iter().map(|value| value.text.clone()).collect();
        let initial = self.initial_choice(variable, &values);
        let range = Interval::new(0.0, values.len() as f64 - 1.0);
        Variable {
            path: variable.path(),
            title: variable.title.clone(),
            unit: String::new(),
            cell: Cell::Number(self.world.columns.number(initial as f64)),
            kind: Type::Choice(self.world.sets.set(values)),
            range,
            fails: false,
            each_turn: variable.each_turn,
            span: variable.span,
        }
    }

    /// The index of the initial value of an enum.
    fn initial_choice(&mut self, variable: &scenario::Variable, values: &[String]) -> usize {
        let Formula::Text(initial) = &variable.initial else {
            let message = "the initial value of an enum is one of its values";
            let finding = Diagnostic::new(Code::TypeMismatch, variable.initial.span(), message);
            self.find(finding.label(format!("one of {}", values.join(", "))));
            return 0;
        };
        let initial = &initial.text;
        values.iter().position(|value| *value == initial.value).unwrap_or_else(|| {
            let message = format!("`{}` is not one of the values of `{}`", initial.value, variable.path());
            let finding = Diagnostic::new(Code::UnknownName, initial.span, message)
                .label(format!("one of {}", values.join(", ")))
                .did_you_mean(&initial.value, values.iter().map(String::as_str));
            self.find(finding);
            0
        })
    }

    /// Bounds as declared; [0, 1] where they are not.
    pub fn bounds(&mut self, min: Option<&Formula>, max: Option<&Formula>, span: Span) -> Option<Interval> {
        let low = min.map_or(Some(0.0), |min| self.constant(min));
        let high = max.map_or(Some(1.0), |max| self.constant(max));
        let (low, high) = (low?, high?);
        if low > high {
            let at = max.or(min).map_or(span, Formula::span);
            let message = format!("the lower bound {low} is above the upper bound {high}");
            let finding = Diagnostic::new(Code::BoundsCross, at, message);
            self.find(match (min, max) {
                (Some(_), Some(_)) => finding,
                (None, _) => finding.hint("without `min` the lower bound is 0"),
                (_, None) => finding.hint("without `max` the upper bound is 1"),
            });
            return None;
        }
        Some(Interval::new(low, high))
    }

    /// Sets the initial value of a number column: at once, or once parameters are drawn.
    fn initial(&mut self, variable: &Variable, column: u32, initial: &Formula, path: &str) {
        let typed = self.any(initial, Reading::parameters());
        let Some(typed) = typed else { return };
        let crate::expression::Term::Number(number) = typed.term else {
            let message = format!("`{}` is a number, and this is true or false", variable.path);
            let finding = Diagnostic::new(Code::TypeMismatch, initial.span(), message);
            return self.find(finding.hint("what starts as `true` or `false`, without quotes, is true or false"));
        };
        if let Some(value) = number.as_constant() {
            if !variable.range.contains(value) {
                let message = format!(
                    "the initial value {value} of `{}` lies outside its bounds {} to {}",
                    variable.path, variable.range.low, variable.range.high
                );
                let finding = Diagnostic::new(Code::OutOfBounds, initial.span(), message);
                return self.find(match variable.range == Interval::UNIT {
                    true => finding.hint("without `min` and `max` a number lies in [0, 1]"),
                    false => finding,
                });
            }
            if variable.kind == Type::Integer && value.floor() != value {
                let message = format!("`{}` is an integer, and {value} is none", variable.path);
                return self.error(Code::TypeMismatch, initial.span(), message);
            }
            self.world.columns.numbers[column as usize] = value + 0.0;
            return;
        }
        if variable.kind == Type::Integer && !typed.kind.is_integer() {
            let message = format!("`{}` is an integer, and this is a number", variable.path);
            self.find(Diagnostic::new(Code::TypeMismatch, initial.span(), message).hint("write `round(…)`"));
            return;
        }
        let place = self.places.place(path, &initial.source());
        let value = self.number_tape(&number);
        let target = Target::Number {
            column,
            min: variable.range.low,
            max: variable.range.high,
            fails: false, // what parameters draw stops at the bound
            variable: self.world.variables.len() as u32,
        };
        self.start.push(Effect { target, op: Assign::Set, value, place });
    }

    pub fn relations(&mut self) {
        let scenario = self.world.scenario;
        for (index, relation) in scenario.relations.iter().enumerate() {
            let range = self.bounds(relation.min.as_ref(), relation.max.as_ref(), relation.span).unwrap_or(UNKNOWN);
            match &relation.pairs {
                Pairs::All => self.all_pairs(index, relation, range),
                Pairs::Listed(pairs) => {
                    for pair in pairs {
                        let actors: Vec<usize> = pair.between.iter().filter_map(|actor| self.actor(actor)).collect();
                        let [from, to] = actors[..] else {
                            continue;
                        };
                        let initial = pair.initial.as_ref().or(relation.initial.as_ref());
                        self.add_cell(index, relation, range, (from, to), initial, pair.span);
                    }
                }
            }
        }
    }

    fn all_pairs(&mut self, index: usize, relation: &Relation, range: Interval) {
        let actors = self.world.scenario.actors.len();
        for from in 0..actors {
            for to in 0..actors {
                if from < to || (from > to && !relation.symmetric) {
                    self.add_cell(index, relation, range, (from, to), relation.initial.as_ref(), relation.span);
                }
            }
        }
    }

    fn add_cell(
        &mut self,
        index: usize,
        relation: &Relation,
        range: Interval,
        (from, to): (usize, usize),
        initial: Option<&Formula>,
        span: Span,
    ) {
        let names = |actor: usize| self.world.scenario.actors[actor].id.text.as_str();
        let path = format!("{}({}, {})", relation.id.text, names(from), names(to));
        if from == to {
            return self.error(Code::BadValue, span, format!("`{path}` pairs an actor with itself"));
        }
        if self.world.cells.contains_key(&(index, from, to)) {
            return self.error(Code::DuplicateName, span, format!("the pair `{path}` is listed twice"));
        }
        if initial.is_none() {
            let message = format!("`{path}` needs an `initial` value, its own or the relation's");
            self.error(Code::MissingKey, span, message);
        }
        let column = self.world.columns.number(0.0);
        let variable = Variable {
            path: path.clone(),
            title: relation.title.clone(),
            unit: relation.unit.clone().unwrap_or_default(),
            cell: Cell::Number(column),
            kind: Type::Number,
            range,
            fails: relation.overflow == Some(Overflow::Fail),
            each_turn: false,
            span,
        };
        if let Some(initial) = initial {
            self.initial(&variable, column, initial, &format!("relations/{path}"));
        }
        self.world.cells.insert((index, from, to), self.world.variables.len());
        if relation.symmetric {
            self.world.cells.insert((index, to, from), self.world.variables.len());
        }
        self.world.variables.push(variable);
    }
}
