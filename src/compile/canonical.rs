//! What a scenario means, as one canonical text: titles, notes, evidence and units left out, expressions in one form.

use crate::expression;
use crate::scenario::*;
use std::fmt::{Display, Write};

/// The canonical text; equal texts mean equal results for equal seeds.
pub(super) fn canonical(scenario: &Scenario) -> String {
    let mut text = Canon::default();
    let header = &scenario.header;
    text.line("scenario", &header.id.text);
    text.formula("turns", Some(&header.turns));
    // The dates of turns stand in result files.
    text.line("start", header.start.as_ref().map_or("", |start| &start.text));
    text.line("turn", header.turn.as_ref().map_or("", |turn| &turn.value));
    text.line("order", format!("{:?}", header.order));
    text.names("actor_order", &header.actor_order);
    if let Some(ladder) = &scenario.ladder {
        text.names("rungs", &ladder.rungs);
        text.names("firebreaks", &ladder.firebreaks);
        for scale in &ladder.scales {
            text.line("scale", &scale.id.text);
            scale.points.iter().for_each(|(rung, points)| text.line(&rung.text, points));
        }
    }
    scenario.actors.iter().for_each(|actor| text.line("actor", &actor.id.text));
    scenario.variables.iter().for_each(|variable| text.variable(variable));
    scenario.relations.iter().for_each(|relation| text.relation(relation));
    for parameter in &scenario.parameters {
        text.line("parameter", &parameter.id.text);
        // A drawn parameter's value is not used.
        match &parameter.drawn {
            Some(drawn) => text.formula("drawn", Some(drawn)),
            None => text.line("value", parameter.value),
        }
    }
    scenario.injects.iter().for_each(|inject| text.trigger("inject", inject));
    for dynamic in &scenario.dynamics {
        text.line("dynamic", &dynamic.id.text);
        text.effects(&dynamic.then);
    }
    scenario.triggers.iter().for_each(|trigger| text.trigger("trigger", trigger));
    for metric in &scenario.metrics {
        text.line("metric", &metric.id.text);
        text.formula("value", Some(&metric.value));
        text.formula("min", metric.min.as_ref());
        text.formula("max", metric.max.as_ref());
    }
    for milestone in &scenario.milestones {
        text.line("milestone", &milestone.id.text);
        text.formula("when", Some(&milestone.when));
    }
    for outcome in &scenario.outcomes {
        text.line("outcome", &outcome.id.text);
        text.line("severity", outcome.severity.unwrap_or(0.0));
        text.formula("when", outcome.when.as_ref());
        text.formula("importance", outcome.importance.as_ref());
    }
    text.0
}

/// Lines of `name: value`, one after the other.
#[derive(Default)]
struct Canon(String);

impl Canon {
    fn line(&mut self, name: &str, value: impl Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{name}: {value}");
    }

    fn names(&mut self, name: &str, names: &[Name]) {
        let names: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        self.line(name, names.join(" "));
    }

    fn formula(&mut self, name: &str, formula: Option<&Formula>) {
        let Some(formula) = formula else { return };
        let source = formula.source();
        match expression::parse(&source) {
            Ok(expr) => self.line(name, expr),
            Err(_) => self.line(name, source),
        }
    }

    fn formulas(&mut self, name: &str, formulas: &[Formula]) {
        formulas.iter().for_each(|formula| self.formula(name, Some(formula)));
    }

    fn effects(&mut self, then: &[Text]) {
        for text in then {
            match expression::parse_effect(&text.value) {
                Ok(effect) => self.line("then", effect),
                Err(_) => self.line("then", &text.value),
            }
        }
    }

    fn variable(&mut self, variable: &Variable) {
        self.line("variable", variable.path());
        self.formula("initial", Some(&variable.initial));
        self.names("values", &variable.values);
        self.formula("min", variable.min.as_ref());
        self.formula("max", variable.max.as_ref());
        self.line("integer", variable.integer);
        self.line("overflow", format!("{:?}", variable.overflow));
        self.line("each_turn", variable.each_turn);
    }

    fn relation(&mut self, relation: &Relation) {
        self.line("relation", &relation.id.text);
        self.line("symmetric", relation.symmetric);
        self.formula("min", relation.min.as_ref());
        self.formula("max", relation.max.as_ref());
        self.line("overflow", format!("{:?}", relation.overflow));
        self.formula("initial", relation.initial.as_ref());
        match &relation.pairs {
            Pairs::All => self.line("pairs", "all"),
            Pairs::Listed(pairs) => {
                for pair in pairs {
                    self.names("between", &pair.between);
                    self.formula("initial", pair.initial.as_ref());
                }
            }
        }
    }

    fn trigger(&mut self, table: &str, trigger: &Trigger) {
        self.line(table, &trigger.id.text);
        if let Some(actor) = &trigger.actor {
            self.line("actor", &actor.text);
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
                    self.line("option", &option.id.text);
                    self.formula("weight", option.weight.as_ref());
                    self.branch(&option.branch);
                }
            }
            Body::Commitment { chance, honour, breach } => {
                self.formula("honour", Some(chance));
                self.branch(honour);
                self.line("breach", "");
                self.branch(breach);
            }
            Body::Transfer(transfer) => {
                self.line("from", transfer.from.as_ref().map_or("", |from| &from.text));
                self.line("to", &transfer.to.text);
                self.formula("amount", Some(&transfer.amount));
                self.formula("transit", transfer.transit.as_ref());
                self.formula("loss", transfer.loss.as_ref());
            }
        }
    }

    fn branch(&mut self, branch: &Branch) {
        if let Some(rung) = &branch.rung {
            self.line("rung", &rung.text);
        }
        self.formulas("delay", &branch.delay);
        for (actor, chance) in branch.observed_by.as_ref().map_or(&[][..], Vec::as_slice) {
            self.formula(&format!("observed by {}", actor.text), Some(chance));
        }
        if branch.observed_by.as_ref().is_some_and(Vec::is_empty) {
            self.line("observed by", "nobody");
        }
        self.effects(&branch.then);
    }
}
