//! A variant applied: the scenario that the analyst would have written for that course of action.

use super::formula::Formula;
use super::written::*;
use crate::diagnostic::{Code, Diagnostic};

impl Scenario {
    /// The scenario as resolved for a variant: other numbers, things left out and things added. The result has no
    /// variants and no expectations.
    ///
    /// # Errors
    /// All references of the variant to things that the scenario does not have.
    pub fn resolved(&self, variant: Option<&Variant>) -> Result<Scenario, Vec<Diagnostic>> {
        let mut scenario = self.alone();
        let Some(variant) = variant else { return Ok(scenario) };
        let mut findings = Vec::new();
        scenario.set_parameters(variant, &mut findings);
        scenario.set_state(variant, &mut findings);
        scenario.add(variant, &mut findings);
        scenario.disable(variant, &mut findings);
        if let Some(order) = variant.order {
            scenario.header.order = order;
        }
        if let Some(actors) = &variant.actor_order {
            scenario.header.actor_order = actors.clone();
        }
        if findings.is_empty() { Ok(scenario) } else { Err(findings) }
    }

    /// The scenario without its variants and expectations, which are not copied only to be dropped.
    fn alone(&self) -> Scenario {
        Scenario {
            header: self.header.clone(),
            ladder: self.ladder.clone(),
            variables: self.variables.clone(),
            actors: self.actors.clone(),
            relations: self.relations.clone(),
            parameters: self.parameters.clone(),
            injects: self.injects.clone(),
            dynamics: self.dynamics.clone(),
            triggers: self.triggers.clone(),
            metrics: self.metrics.clone(),
            milestones: self.milestones.clone(),
            outcomes: self.outcomes.clone(),
            variants: Vec::new(),
            expectations: Vec::new(),
        }
    }

    /// The variant of a name.
    pub fn variant(&self, id: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.id.text == id)
    }

    fn set_parameters(&mut self, variant: &Variant, findings: &mut Vec<Diagnostic>) {
        for (name, value) in &variant.parameters {
            match self.parameters.iter_mut().find(|parameter| parameter.id.text == name.text) {
                Some(parameter) => {
                    parameter.value = *value;
                    parameter.value_span = name.span;
                    parameter.drawn = None;
                }
                None => findings.push(unknown(
                    name,
                    "parameter",
                    self.parameters.iter().map(|parameter| parameter.id.text.as_str()),
                )),
            }
        }
    }

    fn set_state(&mut self, variant: &Variant, findings: &mut Vec<Diagnostic>) {
        for (name, value) in &variant.state {
            if let Some(variable) = self.variables.iter_mut().find(|variable| variable.path() == name.text) {
                variable.initial = value.clone();
            } else if !self.set_cell(name, value) {
                let paths: Vec<String> = self.variables.iter().map(Variable::path).collect();
                findings.push(unknown(name, "variable", paths.iter().map(String::as_str)));
            }
        }
    }

    /// Sets the initial value of a relation cell written as `tension(rok, dprk)`.
    fn set_cell(&mut self, name: &Name, value: &Formula) -> bool {
        let Some((relation, rest)) = name.text.split_once('(') else { return false };
        let Some(actors) = rest.strip_suffix(')') else { return false };
        let actors: Vec<&str> = actors.split(',').map(str::trim).collect();
        let Some(relation) = self.relations.iter_mut().find(|it| it.id.text == relation.trim()) else { return false };
        let symmetric = relation.symmetric;
        if relation.pairs == Pairs::All {
            relation.pairs = Pairs::Listed(all_pairs(&self.actors, relation));
        }
        let Pairs::Listed(pairs) = &mut relation.pairs else { return false };
        let is_it = |pair: &&mut Pair| {
            let between: Vec<&str> = pair.between.iter().map(|actor| actor.text.as_str()).collect();
            between == actors || (symmetric && between.iter().rev().eq(actors.iter()))
        };
        match pairs.iter_mut().find(is_it) {
            Some(pair) => {
                pair.initial = Some(value.clone());
                true
            }
            None => false,
        }
    }

    fn add(&mut self, variant: &Variant, findings: &mut Vec<Diagnostic>) {
        self.injects.extend(variant.injects.iter().cloned());
        for trigger in &variant.triggers {
            let place = match &trigger.before {
                None => Some(self.triggers.len()),
                Some(before) => self.triggers.iter().position(|it| it.id.text == before.text),
            };
            match place {
                Some(place) => self.triggers.insert(place, trigger.clone()),
                None => {
                    let ids = self.triggers.iter().map(|it| it.id.text.as_str());
                    findings.extend(trigger.before.as_ref().map(|before| unknown(before, "trigger", ids)));
                }
            }
        }
    }

    /// Disabled things stay, so that what reads their history still finds it empty; they can never fire.
    fn disable(&mut self, variant: &Variant, findings: &mut Vec<Diagnostic>) {
        for name in &variant.disable {
            let triggers = self.injects.iter_mut().chain(&mut self.triggers);
            let mut found = false;
            for trigger in triggers.filter(|trigger| trigger.id.text == name.text) {
                trigger.when = Some(Formula::Flag { value: false, span: name.span });
                found = true;
            }
            for dynamic in self.dynamics.iter_mut().filter(|dynamic| dynamic.id.text == name.text) {
                dynamic.then.clear();
                found = true;
            }
            if !found {
                let ids = self.injects.iter().chain(&self.triggers).map(|it| it.id.text.as_str());
                findings.push(unknown(name, "trigger, inject or dynamic", ids));
            }
        }
    }
}

/// What `pairs = "all"` stands for.
fn all_pairs(actors: &[Actor], relation: &Relation) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (from, one) in actors.iter().enumerate() {
        for (to, other) in actors.iter().enumerate() {
            if from < to || (from > to && !relation.symmetric) {
                let between = vec![one.id.clone(), other.id.clone()];
                pairs.push(Pair { between, evidence: None, initial: None, span: relation.span });
            }
        }
    }
    pairs
}

fn unknown<'a>(name: &Name, what: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::new(Code::UnknownReference, name.span, format!("there is no {what} `{}`", name.text))
        .did_you_mean(&name.text, known)
}
