//! The namespaces of a scenario: no two things of one name, no more of anything than allowed.

use super::limits::*;
use super::written::*;
use crate::diagnostic::{Code, Diagnostic, Span};
use std::collections::BTreeMap;

/// The name of the scenario as written, beside its variants.
pub const BASE: &str = "base";

/// Words with a meaning of their own: operators, functions, and what the language offers as names.
pub const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "true",
    "false",
    "pi",
    "turn",
    "turns",
    "rung",
    "peak_rung",
    "outcome",
    "abs",
    "floor",
    "ceil",
    "round",
    "sqrt",
    "exp",
    "ln",
    "sin",
    "cos",
    "logistic",
    "number",
    "min",
    "max",
    "clamp",
    "sum",
    "mean",
    "share",
    "prev",
    "fired",
    "count",
    "since",
    "landed",
    "since_landed",
    "observed",
    "since_observed",
    "pending",
    "bernoulli",
    "binomial",
    "poisson",
    "uniform",
    "normal",
    "triangular",
];

/// Whether nothing may be called so.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Duplicates and numbers of things.
pub(super) fn check(scenario: &Scenario, findings: &mut Vec<Diagnostic>) {
    limits(scenario, findings);
    let mut shared = Namespace::default();
    for variable in scenario.variables.iter().filter(|variable| variable.actor.is_none()) {
        shared.add(&variable.id, "a variable", findings);
    }
    scenario.parameters.iter().for_each(|it| shared.add(&it.id, "a parameter", findings));
    scenario.actors.iter().for_each(|it| shared.add(&it.id, "an actor", findings));
    scenario.relations.iter().for_each(|it| shared.add(&it.id, "a relation", findings));
    scenario.injects.iter().for_each(|it| shared.add(&it.id, "an inject", findings));
    scenario.dynamics.iter().for_each(|it| shared.add(&it.id, "a dynamic", findings));
    scenario.triggers.iter().for_each(|it| shared.add(&it.id, "a trigger", findings));
    for variant in &scenario.variants {
        let mut namespace = shared.clone();
        variant.injects.iter().for_each(|it| namespace.add(&it.id, "an inject", findings));
        variant.triggers.iter().for_each(|it| namespace.add(&it.id, "a trigger", findings));
    }
    unique(scenario.metrics.iter().map(|it| &it.id), "a metric", findings);
    unique(scenario.milestones.iter().map(|it| &it.id), "a milestone", findings);
    unique(scenario.outcomes.iter().map(|it| &it.id), "an outcome", findings);
    unique(scenario.expectations.iter().map(|it| &it.id), "an expectation", findings);
    if let Some(ladder) = &scenario.ladder {
        unique(&ladder.rungs, "a rung", findings);
        unique(&ladder.firebreaks, "a firebreak", findings);
        firebreak_names(ladder, &scenario.milestones, findings);
    }
    unique(&scenario.header.actor_order, "an actor", findings);
    for variant in &scenario.variants {
        unique(variant.actor_order.iter().flatten(), "an actor", findings);
        if variant.id.text == BASE {
            let message = format!("the name `{BASE}` means the scenario as written, without a variant");
            findings.push(Diagnostic::new(Code::BadName, variant.id.span, message));
        }
    }
    for variable in &scenario.variables {
        unique(&variable.values, "a value", findings);
    }
    let added = scenario.variants.iter().flat_map(|variant| variant.injects.iter().chain(&variant.triggers));
    for trigger in scenario.injects.iter().chain(&scenario.triggers).chain(added) {
        if let Body::Decision(options) = &trigger.body {
            unique(options.iter().map(|it| &it.id), "an option", findings);
        }
    }
}

/// Each firebreak is a milestone too, and needs its name.
fn firebreak_names(ladder: &Ladder, milestones: &[Milestone], findings: &mut Vec<Diagnostic>) {
    for firebreak in &ladder.firebreaks {
        let id = format!("firebreak_{}", firebreak.text);
        if let Some(milestone) = milestones.iter().find(|milestone| milestone.id.text == id) {
            let message = format!("the milestone `{id}` has the name of a firebreak's");
            let error = Diagnostic::new(Code::DuplicateName, milestone.id.span, message)
                .related(firebreak.span, "this firebreak is a milestone already")
                .hint("leave the milestone out, or call it something else");
            findings.push(error);
        }
    }
}

#[derive(Clone, Default)]
struct Namespace<'a> {
    taken: BTreeMap<&'a str, (Span, &'static str)>,
}

impl<'a> Namespace<'a> {
    fn add(&mut self, name: &'a Name, what: &'static str, findings: &mut Vec<Diagnostic>) {
        if let Some((span, other)) = self.taken.get(name.text.as_str()) {
            let message = match what == *other {
                true => format!("there is {what} `{}` already", name.text),
                false => format!("`{}` names {what}, and {other} already", name.text),
            };
            let error = Diagnostic::new(Code::DuplicateName, name.span, message)
                .related(*span, "the first one")
                .hint("variables, parameters, actors, relations, injects, dynamics and triggers share one namespace");
            findings.push(error);
            return;
        }
        self.taken.insert(&name.text, (name.span, what));
    }
}

fn unique<'a>(names: impl IntoIterator<Item = &'a Name>, what: &str, findings: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, Span> = BTreeMap::new();
    for name in names {
        if let Some(first) = taken.insert(&name.text, name.span) {
            let message = format!("there is {what} `{}` already", name.text);
            findings.push(Diagnostic::new(Code::DuplicateName, name.span, message).related(first, "the first one"));
        }
    }
}

fn limits(scenario: &Scenario, findings: &mut Vec<Diagnostic>) {
    let mut limit = |what: &str, count: usize, most: usize, span: Span| {
        if count > most {
            let message = format!("at most {most} {what} are allowed, and there are {count}");
            findings.push(Diagnostic::new(Code::LimitExceeded, span, message));
        }
    };
    let header = scenario.header.id.span;
    let cells = |relation: &Relation| match &relation.pairs {
        Pairs::All => scenario.actors.len().saturating_mul(scenario.actors.len().saturating_sub(1)),
        Pairs::Listed(pairs) => pairs.len(),
    };
    let cells: usize = scenario.relations.iter().map(cells).fold(0, usize::saturating_add);
    let variables = scenario.variables.len().saturating_add(cells);
    let added: usize = scenario.variants.iter().map(|it| it.injects.len() + it.triggers.len()).sum();
    let rules = scenario.injects.len() + scenario.dynamics.len() + scenario.triggers.len() + added;
    limit("variables and relation cells", variables, VARIABLES_MAX, header);
    limit("triggers, injects and dynamics", rules, TRIGGERS_MAX, header);
    limit("actors", scenario.actors.len(), ACTORS_MAX, header);
    limit("parameters", scenario.parameters.len(), PARAMETERS_MAX, header);
    limit("metrics", scenario.metrics.len(), METRICS_MAX, header);
    limit("milestones", scenario.milestones.len(), MILESTONES_MAX, header);
    limit("outcomes", scenario.outcomes.len(), OUTCOMES_MAX, header);
    limit("variants", scenario.variants.len(), VARIANTS_MAX, header);
    if let Some(ladder) = &scenario.ladder {
        limit("rungs", ladder.rungs.len(), RUNGS_MAX, header);
        limit("scales", ladder.scales.len(), SCALES_MAX, header);
    }
    for variable in &scenario.variables {
        limit("values for one enum", variable.values.len(), VALUES_MAX, variable.span);
    }
    for dynamic in &scenario.dynamics {
        limit("effects in one `then`", dynamic.then.len(), EFFECTS_MAX, dynamic.id.span);
    }
    let added = scenario.variants.iter().flat_map(|variant| variant.injects.iter().chain(&variant.triggers));
    for trigger in scenario.injects.iter().chain(&scenario.triggers).chain(added) {
        let mut effects = |branch: &Branch| {
            limit("effects in one `then`", branch.then.len(), EFFECTS_MAX, trigger.span);
        };
        effects(&trigger.own);
        match &trigger.body {
            Body::Move | Body::Transfer(_) => {}
            Body::Decision(options) => {
                options.iter().for_each(|option| effects(&option.branch));
                limit("options in one decision", options.len(), OPTIONS_MAX, trigger.span);
            }
            Body::Commitment { honour, breach, .. } => {
                effects(honour);
                effects(breach);
            }
        }
    }
}
