//! What a scenario means, as one canonical text: titles, notes, evidence and units left out, expressions in one form.

use crate::scenario::*;
use std::fmt::{Display, Write};

/// What a scenario means: its things in order. Equal texts mean equal results for equal seeds.
pub(super) struct Meaning {
    pub things: Vec<Thing>,
}

/// One thing of a scenario: a variable, a trigger, the scenario itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Thing {
    pub kind: &'static str,
    pub id: String,
    pub facts: Vec<Fact>,
}

/// What holds of a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// The part of the thing that it holds of: an option, a breach, a pair; empty for the thing itself.
    pub part: String,
    pub name: String,
    /// In canonical form.
    pub value: String,
    /// As the author wrote it.
    pub written: String,
}

impl Meaning {
    /// The canonical text, which is what is hashed: lines of `name: value`, one after the other.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, value: &str| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{name}: {value}");
        };
        for thing in &self.things {
            line(thing.kind, &thing.id);
            thing.facts.iter().for_each(|fact| line(&fact.name, &fact.value));
        }
        text
    }
}

/// The meaning of a scenario, with a variant applied or none.
pub(super) fn meaning(scenario: &Scenario) -> Meaning {
    let thing = Thing { kind: "scenario", id: scenario.header.id.text.clone(), facts: Vec::new() };
    let mut canon = Canon { things: Vec::new(), thing, part: String::new() };
    canon.header(scenario);
    scenario.actors.iter().for_each(|actor| canon.thing("actor", &actor.id.text));
    scenario.variables.iter().for_each(|variable| canon.variable(variable));
    scenario.relations.iter().for_each(|relation| canon.relation(relation));
    for parameter in &scenario.parameters {
        canon.thing("parameter", &parameter.id.text);
        // A drawn parameter's value is not used.
        match &parameter.drawn {
            Some(drawn) => canon.formula("drawn", Some(drawn)),
            None => canon.fact("value", parameter.value),
        }
    }
    scenario.injects.iter().for_each(|inject| canon.trigger("inject", inject));
    for dynamic in &scenario.dynamics {
        canon.thing("dynamic", &dynamic.id.text);
        canon.effects(&dynamic.then);
    }
    scenario.triggers.iter().for_each(|trigger| canon.trigger("trigger", trigger));
    canon.measures(scenario);
    canon.things.push(canon.thing);
    Meaning { things: canon.things }
}

/// The things so far, and the one of which facts are stated.
struct Canon {
    things: Vec<Thing>,
    thing: Thing,
    part: String,
}

impl Canon {
    fn thing(&mut self, kind: &'static str, id: impl Into<String>) {
        self.part.clear();
        self.things.push(std::mem::replace(&mut self.thing, Thing { kind, id: id.into(), facts: Vec::new() }));
    }

    fn fact(&mut self, name: &str, value: impl Display) {
        let value = value.to_string();
        self.written(name, value.clone(), value);
    }

    fn written(&mut self, name: &str, value: String, written: String) {
        let fact = Fact { part: self.part.clone(), name: name.to_owned(), value, written };
        self.thing.facts.push(fact);
    }

    fn names(&mut self, name: &str, names: &[Name]) {
        let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        self.fact(name, names.join(" "));
    }

    fn formula(&mut self, name: &str, formula: Option<&Formula>) {
        let Some(formula) = formula else { return };
        self.written(name, canonical(formula), formula.source());
    }

    fn formulas(&mut self, name: &str, formulas: &[Formula]) {
        formulas.iter().for_each(|formula| self.formula(name, Some(formula)));
    }

    fn effects(&mut self, then: &[EffectText]) {
        for effect in then {
            let source = &effect.text.value;
            let value = effect.parsed.as_ref().map_or_else(|_| source.clone(), ToString::to_string);
            self.written("then", value, source.clone());
        }
    }

    fn header(&mut self, scenario: &Scenario) {
        let header = &scenario.header;
        self.formula("turns", Some(&header.turns));
        // The dates of turns stand in result files.
        self.fact("start", header.start.as_ref().map_or("", |start| &start.text));
        self.fact("turn", header.turn.as_ref().map_or("", |turn| &turn.value));
        let (order, written) = match header.order {
            Order::Sequential => ("Sequential", "sequential"),
            Order::Simultaneous => ("Simultaneous", "simultaneous"),
        };
        self.written("order", order.to_owned(), written.to_owned());
        self.names("actor_order", &header.actor_order);
        if let Some(ladder) = &scenario.ladder {
            self.names("rungs", &ladder.rungs);
            self.names("firebreaks", &ladder.firebreaks);
            for scale in &ladder.scales {
                self.thing("scale", &scale.id.text);
                scale.points.iter().for_each(|(rung, points)| self.fact(&rung.text, points));
            }
        }
    }

    fn measures(&mut self, scenario: &Scenario) {
        for metric in &scenario.metrics {
            self.thing("metric", &metric.id.text);
            self.formula("value", Some(&metric.value));
            self.formula("min", metric.min.as_ref());
            self.formula("max", metric.max.as_ref());
        }
        for milestone in &scenario.milestones {
            self.thing("milestone", &milestone.id.text);
            self.formula("when", Some(&milestone.when));
        }
        for outcome in &scenario.outcomes {
            self.thing("outcome", &outcome.id.text);
            self.fact("severity", outcome.severity.unwrap_or(0.0));
            self.formula("when", outcome.when.as_ref());
        }
    }

    /// None, which stands for the default, has a form of its own.
    fn overflow(&mut self, overflow: Option<Overflow>) {
        let (value, written) = match overflow {
            None => ("None", ""),
            Some(Overflow::Saturate) => ("Some(Saturate)", "saturate"),
            Some(Overflow::Fail) => ("Some(Fail)", "fail"),
        };
        self.written("overflow", value.to_owned(), written.to_owned());
    }

    fn variable(&mut self, variable: &Variable) {
        self.thing("variable", variable.path());
        self.formula("initial", Some(&variable.initial));
        self.names("values", &variable.values);
        self.formula("min", variable.min.as_ref());
        self.formula("max", variable.max.as_ref());
        self.fact("integer", variable.integer);
        self.overflow(variable.overflow);
        self.fact("each_turn", variable.each_turn);
    }

    fn relation(&mut self, relation: &Relation) {
        self.thing("relation", &relation.id.text);
        self.fact("symmetric", relation.symmetric);
        self.formula("min", relation.min.as_ref());
        self.formula("max", relation.max.as_ref());
        self.overflow(relation.overflow);
        self.formula("initial", relation.initial.as_ref());
        match &relation.pairs {
            Pairs::All => self.fact("pairs", "all"),
            Pairs::Listed(pairs) => {
                for pair in pairs {
                    self.part = pair.between.iter().map(|actor| actor.text.as_str()).collect::<Vec<_>>().join(", ");
                    self.names("between", &pair.between);
                    self.formula("initial", pair.initial.as_ref());
                }
            }
        }
    }

    fn trigger(&mut self, table: &'static str, trigger: &Trigger) {
        self.thing(table, &trigger.id.text);
        if let Some(actor) = &trigger.actor {
            self.fact("actor", &actor.text);
        }
        self.formulas("turn", &trigger.turns);
        self.formula("when", trigger.when.as_ref());
        self.formula("chance", trigger.chance.as_ref());
        self.formula("cooldown", trigger.cooldown.as_ref());
        self.formula("limit", trigger.limit.as_ref());
        self.branch(&trigger.own);
        match &trigger.body {
            Body::Move => {}
            Body::Decision(options) => {
                for option in options {
                    self.part = option.id.text.clone();
                    self.fact("option", &option.id.text);
                    self.formula("weight", option.weight.as_ref());
                    self.branch(&option.branch);
                }
            }
            Body::Commitment { chance, honour, breach } => {
                self.part = "honour".to_owned();
                self.formula("honour", Some(chance));
                self.branch(honour);
                self.part = "breach".to_owned();
                self.fact("breach", "");
                self.branch(breach);
            }
            Body::Transfer(transfer) => {
                self.fact("from", transfer.from.as_ref().map_or("", |from| &from.text));
                self.fact("to", &transfer.to.text);
                self.formula("amount", Some(&transfer.amount));
                self.formula("transit", transfer.transit.as_ref());
                self.formula("loss", transfer.loss.as_ref());
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        if let Some(rung) = &branch.rung {
            self.fact("rung", &rung.text);
        }
        self.formulas("delay", &branch.delay);
        for (actor, chance) in branch.observed_by.as_ref().map_or(&[][..], Vec::as_slice) {
            self.formula(&format!("observed by {}", actor.text), Some(chance));
        }
        if branch.observed_by.as_ref().is_some_and(Vec::is_empty) {
            self.fact("observed by", "nobody");
        }
        self.effects(&branch.then);
    }
}

/// A formula in canonical form; as written where it is no expression, which is reported elsewhere.
fn canonical(formula: &Formula) -> String {
    match formula {
        // The sign is an operation, as it is in an expression.
        Formula::Number { value, .. } if value.is_sign_negative() => format!("(-{})", -value),
        Formula::Text(parsed) => match &parsed.parsed {
            Ok(expr) => expr.to_string(),
            Err(_) => parsed.text.value.clone(),
        },
        Formula::Number { .. } | Formula::Flag { .. } => formula.source(),
    }
}
