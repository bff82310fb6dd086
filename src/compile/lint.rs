//! Warnings: what is allowed and yet probably not meant.

use super::compiler::Compiler;
use super::events::branches;
use super::history::leaves;
use super::lower::lower;
use super::rules::Rules;
use super::world::Symbol;
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::{BinaryOp, Expr, Kind};
use crate::model::{Body, Landing};
use crate::scenario::{Expectation, Formula, Pairs, Scenario, Trigger};

/// All errors of a scenario, or if there are none, all warnings.
pub(super) fn findings(scenario: &Scenario, expectations: &[&Expectation]) -> Vec<Diagnostic> {
    let mut lowered = lower(scenario, expectations, None);
    lowered.compiler.check_importances();
    let mut findings = std::mem::take(&mut lowered.compiler.findings);
    if findings.iter().any(Diagnostic::is_error) {
        findings.retain(Diagnostic::is_error);
        return findings;
    }
    let compiler = &lowered.compiler;
    unused(compiler, &mut findings);
    evidence(scenario, &mut findings);
    for (trigger, event) in triggers(compiler) {
        guard(compiler, trigger, event, &mut findings);
        delayed_refire(compiler, &lowered.rules, trigger, event, &mut findings);
    }
    infinite_since(scenario, &mut findings);
    findings
}

fn triggers<'s>(compiler: &Compiler<'s>) -> Vec<(&'s Trigger, usize)> {
    let scenario = compiler.world.scenario;
    let index = |trigger: &Trigger| event(compiler, &trigger.id.text);
    scenario.injects.iter().chain(&scenario.triggers).filter_map(|it| Some((it, index(it)?))).collect()
}

fn event(compiler: &Compiler<'_>, id: &str) -> Option<usize> {
    match compiler.world.symbols.get(id) {
        Some(Symbol::Event(event)) => Some(*event),
        _ => None,
    }
}

fn unused(compiler: &Compiler<'_>, findings: &mut Vec<Diagnostic>) {
    for (index, variable) in compiler.world.variables.iter().enumerate() {
        if !compiler.world.uses.read.contains(&index) {
            let message = format!("nothing reads `{}`", variable.path);
            findings.push(Diagnostic::new(Code::Unread, variable.span, message));
        }
        if !compiler.world.uses.written.contains(&index) {
            let message = format!("nothing changes `{}`", variable.path);
            let finding = Diagnostic::new(Code::Unwritten, variable.span, message);
            findings.push(finding.hint("make it a parameter, so that it can have a range and be varied"));
        }
    }
    for (index, parameter) in compiler.world.scenario.parameters.iter().enumerate() {
        if !compiler.world.uses.parameters.contains(&index) {
            let message = format!("nothing reads the parameter `{}`", parameter.id.text);
            findings.push(Diagnostic::new(Code::UnusedParameter, parameter.id.span, message));
        }
    }
}

fn evidence(scenario: &Scenario, findings: &mut Vec<Diagnostic>) {
    for parameter in &scenario.parameters {
        if let Some((low, high)) = parameter.range
            && (parameter.value < low || parameter.value > high)
        {
            let message = format!(
                "the value {} of `{}` lies outside its range {low} to {high}",
                parameter.value, parameter.id.text
            );
            findings.push(Diagnostic::new(Code::OutsideRange, parameter.value_span, message));
        }
    }
    if scenario.header.evidence.is_some() {
        return;
    }
    let mut missing = |span: Span, what: String| {
        let finding = Diagnostic::new(Code::NoEvidence, span, format!("{what} has no evidence"));
        findings.push(finding.hint("add `evidence = \"C: …\"`; A measured, B by analogy, C judgement"));
    };
    for parameter in scenario.parameters.iter().filter(|parameter| parameter.evidence.is_none()) {
        missing(parameter.id.span, format!("the parameter `{}`", parameter.id.text));
    }
    for variable in scenario.variables.iter().filter(|variable| variable.evidence.is_none()) {
        let zero = matches!(variable.initial, Formula::Number { value: 0.0, .. } | Formula::Flag { .. });
        if !zero && variable.values.is_empty() {
            missing(variable.span, format!("the initial value of `{}`", variable.path()));
        }
    }
    for relation in scenario.relations.iter().filter(|relation| relation.evidence.is_none()) {
        let given = matches!(&relation.pairs, Pairs::Listed(pairs) if pairs.iter().all(|pair| pair.evidence.is_some()));
        if !given {
            missing(relation.span, format!("the relation `{}`", relation.id.text));
        }
    }
}

/// What a guard reads of a turn that still runs, or of what its actor may not know.
fn guard(compiler: &Compiler<'_>, trigger: &Trigger, event: usize, findings: &mut Vec<Diagnostic>) {
    let Some(Formula::Text(when)) = &trigger.when else { return };
    let (text, Ok(expr)) = (&when.text, &when.parsed) else { return };
    let mut latched: Vec<Span> = Vec::new();
    let actor = compiler.world.events[event].actor;
    expr.walk(&mut |part| {
        let is_rung = match &part.kind {
            Kind::Name(name) => name == "rung",
            Kind::Call(name, _) => name == "rung",
            _ => false,
        };
        match &part.kind {
            Kind::Call(name, _) if name == "prev" => latched.push(part.span),
            _ if is_rung && !latched.iter().any(|span| span.start <= part.span.start && part.span.end <= span.end) => {
                let message = "this guard reads the rung of a turn that is still running";
                let finding = Diagnostic::new(Code::RungWithoutPrev, text.place(part.span), message);
                findings.push(finding.hint("`prev(rung)` is last turn's"));
            }
            Kind::Call(name, arguments) if matches!(name.as_str(), "fired" | "since" | "count") => {
                let (Some(actor), [Expr { kind: Kind::Name(other), .. }]) = (actor, &arguments[..]) else { return };
                if hidden(compiler, actor, other) {
                    let id = &compiler.world.scenario.actors[actor].id.text;
                    let message = format!("`{id}` may not know of `{other}`, which is not seen by everybody");
                    let finding = Diagnostic::new(Code::HiddenFromActor, text.place(part.span), message);
                    let observed = if name == "fired" { "observed" } else { "since_observed" };
                    findings.push(finding.hint(format!("`{observed}({id}, {other})` is what it knows")));
                }
            }
            _ => {}
        }
    });
}

/// Whether an event may happen without the actor's learning of it.
fn hidden(compiler: &Compiler<'_>, actor: usize, id: &str) -> bool {
    let Some(event) = event(compiler, id) else { return false };
    if compiler.world.events[event].actor == Some(actor) {
        return false;
    }
    leaves(&compiler.world.events, event).into_iter().any(|leaf| match &compiler.world.events[leaf].observers {
        None => false,
        Some(watchers) => !watchers.iter().any(|watcher| {
            watcher.actor == actor && matches!(watcher.chance, Formula::Number { value, .. } if *value >= 1.0)
        }),
    })
}

/// A delayed trigger whose guard stays true until it lands fires again and again meanwhile.
fn delayed_refire(
    compiler: &Compiler<'_>,
    rules: &Rules,
    trigger: &Trigger,
    event: usize,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(Formula::Text(when)) = &trigger.when else { return };
    let (when, Ok(expr)) = (&when.text, &when.parsed) else { return };
    let mut names = Vec::new();
    let mut asks_itself = false;
    expr.walk(&mut |part| match &part.kind {
        Kind::Name(name) => {
            names.push(name.clone());
            asks_itself |= *name == trigger.id.text || name.starts_with(&format!("{}.", trigger.id.text));
        }
        Kind::Call(..) => names.push(part.to_string()),
        _ => {}
    });
    let rule = rules.injects.iter().chain(&rules.triggers).find(|rule| rule.event == event as u32);
    let is_commitment = rule.is_some_and(|rule| matches!(rule.body, Body::Commitment { .. }));
    if asks_itself || trigger.limit.is_some() || is_commitment || !trigger.turns.is_empty() {
        return;
    }
    let cooldown = match trigger.cooldown {
        Some(Formula::Number { value, .. }) => value,
        _ => 0.0,
    };
    for landing in &rules.landings {
        let Landing::Effects { event: landed, ring, effects, .. } = landing else { continue };
        if !leaves(&compiler.world.events, event).contains(&(*landed as usize)) || ring.len() as f64 - 1.0 <= cooldown {
            continue;
        }
        let effects = compiler.effects[*effects].iter();
        let written = effects.map(|effect| &compiler.world.variables[effect.target.variable() as usize].path);
        if let Some(path) = written.into_iter().find(|path| names.contains(path)) {
            let message =
                format!("the guard of `{}` reads `{path}`, which it changes only when it lands", trigger.id.text);
            let finding = Diagnostic::new(Code::DelayedRefire, when.span, message);
            let hint =
                format!("it may fire again meanwhile; add `limit`, `cooldown` or `pending({}) == 0`", trigger.id.text);
            findings.push(finding.hint(hint));
            return;
        }
    }
}

/// Arithmetic with a `since`, which is infinite before the first firing.
fn infinite_since(scenario: &Scenario, findings: &mut Vec<Diagnostic>) {
    let mut text = |source: &crate::scenario::Text, expr: &Expr| {
        let mut found = Vec::new();
        since_in_arithmetic(expr, false, &mut found);
        for span in found {
            let message = "before the first firing `since` is infinite, and so may be this";
            let finding = Diagnostic::new(Code::InfiniteSince, source.place(span), message);
            findings.push(finding.hint("bound it: `min(since(…), 12)`, or compare it"));
        }
    };
    let mut formula = |formula: Option<&Formula>| {
        if let Some(Formula::Text(source)) = formula
            && let Ok(expr) = &source.parsed
        {
            text(&source.text, expr);
        }
    };
    for trigger in scenario.injects.iter().chain(&scenario.triggers) {
        formula(trigger.when.as_ref());
        formula(trigger.chance.as_ref());
        if let crate::scenario::Body::Decision(options) = &trigger.body {
            options.iter().for_each(|option| formula(option.weight.as_ref()));
        }
        if let crate::scenario::Body::Transfer(transfer) = &trigger.body {
            formula(Some(&transfer.amount));
        }
    }
    scenario.metrics.iter().for_each(|metric| formula(Some(&metric.value)));
    let thens = scenario.dynamics.iter().map(|dynamic| &dynamic.then);
    let own = scenario.injects.iter().chain(&scenario.triggers);
    let branches = own.clone().flat_map(|it| branches(it).into_iter().map(|(_, _, branch)| &branch.then));
    for source in thens.chain(own.map(|it| &it.own.then)).chain(branches).flatten() {
        if let Ok(effect) = &source.parsed {
            text(&source.text, &effect.value);
        }
    }
}

fn since_in_arithmetic(expr: &Expr, within: bool, found: &mut Vec<Span>) {
    match &expr.kind {
        Kind::Call(name, _) if matches!(name.as_str(), "since" | "since_landed" | "since_observed") => {
            if within {
                found.push(expr.span);
            }
        }
        Kind::Call(name, _) if matches!(name.as_str(), "min" | "clamp") => {}
        Kind::Call(_, parts) => parts.iter().for_each(|part| since_in_arithmetic(part, within, found)),
        Kind::Unary(_, part) => since_in_arithmetic(part, within, found),
        Kind::Binary(BinaryOp::Arithmetic(_), left, right) => {
            since_in_arithmetic(left, true, found);
            since_in_arithmetic(right, true, found);
        }
        Kind::Binary(_, left, right) => {
            since_in_arithmetic(left, false, found);
            since_in_arithmetic(right, false, found);
        }
        Kind::If(condition, yes, no) => {
            since_in_arithmetic(condition, false, found);
            // A condition on the past is taken to keep the infinite away.
            let mut guarded = false;
            condition.walk(&mut |part| {
                guarded |= matches!(&part.kind, Kind::Call(name, _) if name.starts_with("since") || name == "fired");
            });
            if !guarded {
                since_in_arithmetic(yes, within, found);
                since_in_arithmetic(no, within, found);
            }
        }
        Kind::Number(..) | Kind::Bool(_) | Kind::Name(_) => {}
    }
}
