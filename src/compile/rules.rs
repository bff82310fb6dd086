//! Injects, triggers and dynamics, lowered to guarded rules.

use super::compiler::Compiler;
use super::events::{Watcher, branches};
use super::history::Subject;
use super::scope::{Reading, ScopeAt};
use super::world::Symbol;
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::{self, Arithmetic, Assign, Binary, Comparison, Expr, Flag, Kind, Number, Term, Type, Wanted};
use crate::model::{self, Cell, Delay, Dynamic, Effect, EffectsId, Landing, Observer, Rule, TURN, Target, Test};
use crate::scenario::limits::{DELAY_MAX, TURNS_MAX};
use crate::scenario::{Body, EffectText, Formula, Name, Order, Text, Transfer, Trigger};

/// The rules of a scenario, and what lands.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub injects: Vec<Rule>,
    pub dynamics: Vec<Dynamic>,
    pub triggers: Vec<Rule>,
    pub landings: Vec<Landing>,
}

impl Compiler<'_> {
    pub fn rules(&mut self) -> Rules {
        let scenario = self.world.scenario;
        let mut rules = Rules::default();
        for inject in &scenario.injects {
            rules.injects.extend(self.rule(inject, "injects", Reading::state(), &mut rules.landings));
        }
        for (index, dynamic) in scenario.dynamics.iter().enumerate() {
            let path = format!("dynamics/{}/then", dynamic.id.text);
            let effects = self.effects(&dynamic.then, &path, Reading::state());
            rules.dynamics.push(Dynamic { label: index as u32, effects });
        }
        let reading = Reading::state().at_start_of_phase(scenario.header.order == Order::Simultaneous);
        let mut triggers = Vec::new();
        for trigger in &scenario.triggers {
            let rule = self.rule(trigger, "triggers", reading.clone(), &mut rules.landings);
            triggers.extend(rule.map(|rule| (self.block(rule.event), rule)));
        }
        triggers.sort_by_key(|(block, _)| *block);
        rules.triggers = triggers.into_iter().map(|(_, rule)| rule).collect();
        rules
    }

    /// Where a trigger plays, if actors play in an order of their own: those of no actor first, then block by block.
    fn block(&self, event: u32) -> usize {
        let order = &self.world.scenario.header.actor_order;
        if order.is_empty() {
            return 0;
        }
        match self.world.events[event as usize].actor {
            None => 0,
            Some(actor) => {
                let id = &self.world.scenario.actors[actor].id.text;
                1 + order.iter().position(|name| name.text == *id).unwrap_or(order.len())
            }
        }
    }

    fn rule(&mut self, trigger: &Trigger, table: &str, reading: Reading, landings: &mut Vec<Landing>) -> Option<Rule> {
        let path = format!("{table}/{}", trigger.id.text);
        let Some(Symbol::Event(event)) = self.world.symbols.get(&trigger.id.text).copied() else { return None };
        for name in [&trigger.actor, &trigger.toward].into_iter().flatten() {
            self.actor(name);
        }
        let due = self.due(trigger, table);
        let guard = self.guard(trigger, event, &path, table, reading.clone());
        let chance =
            trigger.chance.as_ref().and_then(|chance| self.chance(chance, &format!("{path}/chance"), &reading));
        let body = match &trigger.body {
            Body::Move => Some(model::Body::Plain(self.branch(event, &trigger.own.then, &reading, landings))),
            Body::Decision(options) => {
                let site = self.world.sites.site(&format!("{path}/options"));
                let weights = options
                    .iter()
                    .map(|option| {
                        self.weight(option.weight.as_ref(), &format!("{path}/options/{}", option.id.text), &reading)
                    })
                    .collect();
                let branches = self.branches(trigger, event, &reading, landings);
                Some(model::Body::Decision { site, weights, branches })
            }
            Body::Commitment { chance, .. } => {
                let chance = self.chance(chance, &format!("{path}/honour/chance"), &reading);
                let mut branches = self.branches(trigger, event, &reading, landings).into_iter();
                match (chance, branches.next(), branches.next()) {
                    (Some(chance), Some(honour), Some(breach)) => {
                        Some(model::Body::Commitment { chance, honour: Box::new(honour), breach: Box::new(breach) })
                    }
                    _ => None,
                }
            }
            Body::Transfer(transfer) => self
                .transfer(transfer, event, &path, &reading, landings)
                .map(|transfer| model::Body::Transfer(Box::new(transfer))),
        };
        Some(Rule { event: event as u32, due, guard, chance, body: body? })
    }

    fn branches(
        &mut self,
        trigger: &Trigger,
        event: usize,
        reading: &Reading,
        landings: &mut Vec<Landing>,
    ) -> Vec<model::Branch> {
        branches(trigger)
            .into_iter()
            .enumerate()
            .map(|(index, (_, _, branch))| self.branch(event + 1 + index, &branch.then, reading, landings))
            .collect()
    }

    fn branch(
        &mut self,
        event: usize,
        then: &[EffectText],
        reading: &Reading,
        landings: &mut Vec<Landing>,
    ) -> model::Branch {
        let path = format!("{}/then", self.world.events[event].path);
        let delay = self.delay(event);
        let observers = self.observers(event, reading);
        let now = if delay.is_some() { Reading::state() } else { reading.clone() };
        let mut effects = self.effects(then, &path, now);
        if let Some(delay) = &delay {
            landings.push(Landing::Effects {
                event: event as u32,
                ring: delay.ring.clone(),
                pending: delay.pending,
                effects: std::mem::replace(&mut effects, self.effects.push(Vec::new())),
            });
        }
        model::Branch { event: event as u32, observers, delay, effects }
    }

    fn due(&mut self, trigger: &Trigger, table: &str) -> Option<Vec<u32>> {
        if table == "injects" && trigger.turns.is_empty() && trigger.when.is_none() {
            let message = format!("the inject `{}` needs `turn` or `when`", trigger.id.text);
            self.error(Code::MissingKey, trigger.span, message);
        }
        if trigger.turns.is_empty() {
            return None;
        }
        let mut due: Vec<u32> = trigger
            .turns
            .iter()
            .filter_map(|turn| self.count(turn, "the turn of an inject", 1, self.world.turns))
            .collect();
        due.sort_unstable();
        due.dedup();
        Some(due)
    }

    /// Cooldown and limit, then the author's guard.
    fn guard(&mut self, trigger: &Trigger, event: usize, path: &str, table: &str, reading: Reading) -> Option<Test> {
        let mut guard = Flag::Constant(true);
        let fired = Subject::Fired(event);
        if let Some(cooldown) = &trigger.cooldown {
            let turns = self.count(cooldown, "a cooldown", 0, TURNS_MAX).unwrap_or(0);
            let last = self.world.history.last(fired, &mut self.world.columns);
            let turn = Number::column(TURN, super::pools::turns_range(self.world.turns));
            let last = Number::column(last, expression::Interval::ALL);
            let since = Number::binary(Binary::Arithmetic(Arithmetic::Subtract), turn, last);
            let since = since.within(expression::Interval::positive());
            guard = guard.and(Flag::compare(Comparison::Greater, since, Number::constant(f64::from(turns))));
        }
        let default = match (&trigger.body, table) {
            (Body::Commitment { .. }, _) => Some(1),
            (_, "injects") => Some(trigger.turns.len().max(1) as u32),
            _ => None,
        };
        let limit = match &trigger.limit {
            Some(limit) => self.count(limit, "a limit", 1, u32::MAX),
            None => default,
        };
        if let Some(limit) = limit.filter(|limit| *limit < self.world.turns) {
            let count = self.world.history.count(fired, &mut self.world.columns);
            let count = Number::column(count, super::pools::turns_range(self.world.turns));
            guard = guard.and(Flag::compare(Comparison::Less, count, Number::constant(f64::from(limit))));
        }
        if let Some(when) = &trigger.when {
            let flag = self.flag(when, reading)?;
            if flag == Flag::Constant(false) && !matches!(when, Formula::Flag { .. }) {
                self.error(Code::NeverFires, when.span(), "this guard can never hold");
            }
            guard = guard.and(flag);
        }
        if guard == Flag::Constant(true) {
            return None;
        }
        let text = trigger.when.as_ref().map(Formula::source).unwrap_or_default();
        let place = self.places.place(&format!("{path}/when"), &text);
        Some(Test { tape: self.flag_tape(&guard), place })
    }

    fn delay(&mut self, event: usize) -> Option<Delay> {
        let formulas = self.world.events[event].delay;
        let path = self.world.events[event].delay_path.clone();
        let bounds: Vec<u32> = formulas.iter().filter_map(|delay| self.count(delay, "a delay", 1, DELAY_MAX)).collect();
        let (least, most) = match (formulas.len(), &bounds[..]) {
            (0, _) => return None,
            (1, [turns]) => (*turns, *turns),
            (2, [least, most]) => (*least, *most),
            (1 | 2, _) => return None,
            // The shape of the file allows no more.
            _ => return None,
        };
        if least > most {
            let message = format!("the least delay {least} is above the most {most}");
            self.error(Code::BoundsCross, formulas[1].span(), message);
            return None;
        }
        let site = self.world.sites.site(&path);
        let ring = (0..=most).map(|_| self.world.columns.number(0.0)).collect();
        let pending = self.world.history.asked_pending(event);
        Some(Delay { least, most, site, ring, pending })
    }

    fn observers(&mut self, event: usize, reading: &Reading) -> Vec<Observer> {
        let watchers: Vec<Watcher<'_>> = self.world.events[event].observers.clone().unwrap_or_default();
        let mut observers = Vec::new();
        for watcher in watchers {
            if let Some(chance) = self.chance(watcher.chance, &watcher.path, reading) {
                let sighting = self.world.history.sighting(watcher.actor, event);
                observers.push(Observer { actor: watcher.actor as u32, chance, sighting });
            }
        }
        observers
    }

    fn effects(&mut self, then: &[EffectText], path: &str, reading: Reading) -> EffectsId {
        let mut reading = reading.drawing(path);
        let effects = then.iter().filter_map(|text| self.effect(text, path, &mut reading)).collect();
        self.effects.push(effects)
    }

    fn effect(&mut self, written: &EffectText, path: &str, reading: &mut Reading) -> Option<Effect> {
        let text = &written.text;
        let effect = match &written.parsed {
            Ok(effect) => effect,
            Err(finding) => {
                self.find(text.placed(finding.clone()));
                return None;
            }
        };
        let variable = self.target(&effect.target, text)?;
        self.world.uses.written.insert(variable);
        let (kind, place) = (self.world.variables[variable].kind, self.places.place(path, &text.value));
        let wanted = match kind {
            Type::Flag => Wanted::Flag,
            Type::Choice(set) => Wanted::Value(set),
            _ => Wanted::Number,
        };
        if effect.op != Assign::Set && !kind.is_numeric() {
            let message = format!(
                "`{}` changes numbers, and `{}` is none",
                effect.op.symbol(),
                self.world.variables[variable].path
            );
            let finding = Diagnostic::new(Code::TypeMismatch, text.place(effect.target.span), message);
            self.find(finding.hint("write `=`"));
            return None;
        }
        let mut scope = ScopeAt { world: &mut self.world, reading: reading.clone() };
        let typed = expression::check(&effect.value, wanted, &mut scope);
        *reading = scope.reading;
        let typed = match typed {
            Ok(typed) => typed,
            Err(findings) => {
                self.findings.extend(findings.into_iter().map(|finding| text.placed(finding)));
                return None;
            }
        };
        if kind == Type::Integer && !typed.kind.is_integer() {
            let message = format!("`{}` is an integer, and this is a number", self.world.variables[variable].path);
            let finding = Diagnostic::new(Code::TypeMismatch, effect.value.span, message);
            self.find(text.placed(finding.hint("write `round(…)`, `floor(…)` or `ceil(…)`")));
            return None;
        }
        let value = match &typed.term {
            Term::Number(number) => self.number_tape(number),
            Term::Flag(flag) => self.flag_tape(flag),
        };
        Some(Effect { target: self.target_of(variable), op: effect.op, value, place })
    }

    /// The variable that an effect assigns.
    fn target(&mut self, target: &Expr, text: &Text) -> Option<usize> {
        let scope = ScopeAt { world: &mut self.world, reading: Reading::state() };
        let found = match &target.kind {
            Kind::Name(name) => match scope.world.symbols.get(name) {
                Some(Symbol::Variable(variable)) => return Some(*variable),
                Some(_) => Err(not_assignable(target, name)),
                None if crate::scenario::is_reserved(name) => Err(not_assignable(target, name)),
                None => Err(vec![expression::Scope::unknown_name(&scope, name, target.span)]),
            },
            Kind::Call(name, arguments) => match scope.world.symbols.get(name) {
                Some(Symbol::Relation(relation)) => scope.cell(*relation, name, arguments, target.span),
                _ => Err(not_assignable(target, name)),
            },
            _ => Err(not_assignable(target, "this")),
        };
        match found {
            Ok(variable) => Some(variable),
            Err(findings) => {
                self.findings.extend(findings.into_iter().map(|finding| text.placed(finding)));
                None
            }
        }
    }

    fn target_of(&self, variable: usize) -> Target {
        let found = &self.world.variables[variable];
        match found.cell {
            Cell::Flag(column) => Target::Flag { column, variable: variable as u32 },
            Cell::Number(column) => Target::Number {
                column,
                min: found.range.low,
                max: found.range.high,
                fails: found.fails,
                variable: variable as u32,
            },
        }
    }

    fn stock(&mut self, name: &Name, leaves: bool) -> Option<Target> {
        let Some(Symbol::Variable(variable)) = self.world.symbols.get(&name.text).copied() else {
            let variables = self.world.variables.iter().map(|variable| variable.path.as_str());
            let message = format!("there is no variable `{}`", name.text);
            let finding =
                Diagnostic::new(Code::UnknownReference, name.span, message).did_you_mean(&name.text, variables);
            self.find(finding);
            return None;
        };
        self.world.uses.written.insert(variable);
        if leaves {
            self.world.uses.read.insert(variable);
        }
        let found = &self.world.variables[variable];
        if !matches!(found.kind, Type::Number | Type::Integer) {
            self.error(Code::TypeMismatch, name.span, format!("`{}` is not a number, so it is no stock", name.text));
            return None;
        }
        if leaves && found.range.low > 0.0 {
            let message = format!("`{}` cannot fall to 0, so goods cannot leave it", name.text);
            self.find(Diagnostic::new(Code::OutOfBounds, name.span, message).hint("give it `min = 0`"));
            return None;
        }
        Some(self.target_of(variable))
    }

    /// How much leaves. Stocks of whole things take whole amounts, and lose none of a whole on the way.
    fn amount(&mut self, transfer: &Transfer, stocks: &[Option<Target>], reading: Reading) -> Option<Number> {
        let typed = self.any(&transfer.amount, reading)?;
        let Term::Number(amount) = typed.term else {
            let finding =
                Diagnostic::new(Code::TypeMismatch, transfer.amount.span(), "an amount is a number, not true or false");
            self.find(finding.hint("`number(…)` makes 1 of true and 0 of false"));
            return None;
        };
        let whole = |target: &&Target| self.world.variables[target.variable() as usize].kind == Type::Integer;
        let Some(stock) = stocks.iter().flatten().find(whole) else { return Some(amount) };
        let path = self.world.variables[stock.variable() as usize].path.clone();
        if !typed.kind.is_integer() {
            let message = format!("`{path}` holds integers, and this amount is a number");
            let finding = Diagnostic::new(Code::TypeMismatch, transfer.amount.span(), message);
            self.find(finding.hint("write `round(…)`, `floor(…)` or `ceil(…)`"));
            return None;
        }
        if let Some(loss) = &transfer.loss {
            let message = format!("`{path}` holds integers, and a loss leaves a share of them");
            self.find(Diagnostic::new(Code::TypeMismatch, loss.span(), message).hint("make the stocks numbers"));
            return None;
        }
        Some(amount)
    }

    fn transfer(
        &mut self,
        transfer: &Transfer,
        event: usize,
        path: &str,
        reading: &Reading,
        landings: &mut Vec<Landing>,
    ) -> Option<model::Transfer> {
        let from = transfer.from.as_ref().map(|from| self.stock(from, true));
        let to = self.stock(&transfer.to, false);
        let amount_path = format!("{path}/amount");
        let amount = self.amount(transfer, &[from.flatten(), to], reading.clone().drawing(&amount_path));
        let amount_place = self.places.place(&amount_path, &transfer.amount.source());
        let loss_path = format!("{path}/loss");
        let loss =
            transfer.loss.as_ref().and_then(|loss| self.chance(loss, &loss_path, &reading.clone().drawing(&loss_path)));
        let transit =
            transfer.transit.as_ref().map_or(Some(0), |transit| self.count(transit, "a transit", 0, DELAY_MAX));
        let observers = self.observers(event, reading);
        let (from, to, amount, transit) = (from.map_or(Some(None), |from| from.map(Some))?, to?, amount?, transit?);
        let slots = if transit == 0 { 0 } else { transit + 1 };
        let goods: Vec<u32> = (0..slots).map(|_| self.world.columns.number(0.0)).collect();
        let due: Vec<u32> = (0..slots).map(|_| self.world.columns.flag(false)).collect();
        let pending = self.world.history.asked_pending(event);
        if transit > 0 {
            let (goods, due) = (goods.clone(), due.clone());
            landings.push(Landing::Goods { event: event as u32, goods, due, pending, to, place: amount_place });
        }
        let amount = self.number_tape(&amount);
        Some(model::Transfer {
            event: event as u32,
            observers,
            amount,
            amount_place,
            from,
            loss,
            to,
            transit,
            goods,
            due,
            pending,
        })
    }
}

fn not_assignable(target: &Expr, name: &str) -> Vec<Diagnostic> {
    let message = format!("`{name}` cannot be assigned: effects change variables and relation cells");
    vec![Diagnostic::new(Code::NotAssignable, target.span, message)]
}
