//! Scenario to model: every table of the file is lowered to columns, guarded rules and tests.
//!
//! - `compiler`: the shared state; `pools`: columns, sites, sets, places; `scope`: what names mean where;
//!   `calls`: pairs of relations and draws
//! - `state`: parameters, variables, relations; `events` and `history`: what fires and what is remembered of it
//! - `rules`: injects, dynamics, triggers; `measures`: metrics, milestones, outcomes, scores, claims
//! - `labels`, `calendar`: names for reports; `canonical`: what is hashed; `lint`: what is probably not meant

mod calendar;
mod calls;
mod canonical;
mod compiler;
mod events;
mod history;
mod labels;
mod lint;
mod measures;
mod pools;
mod rules;
mod scope;
mod state;

pub use pools::site_number;

use crate::diagnostic::{Code, Diagnostic, Span};
use crate::expression::Base;
use crate::model::{Body, Branch, Landing, Model};
use crate::provenance;
use crate::scenario::limits::TURNS_MAX;
use crate::scenario::{Expectation, Scenario, Variant};
use compiler::Compiler;
use events::events;
use history::History;
use pools::Shadow;
use rules::Rules;
use std::collections::BTreeSet;

pub use crate::scenario::BASE;

/// Compiles a scenario, or one of its variants.
///
/// # Errors
/// Everything that is wrong with it.
pub fn compile(scenario: &Scenario, variant: Option<&Variant>) -> Result<Model, Vec<Diagnostic>> {
    let resolved = scenario.resolved(variant)?;
    let mut model = lower(&resolved, &about(scenario, variant))?;
    if let Some(variant) = variant {
        model.labels.variant = variant.id.text.clone();
        model.labels.variant_title = variant.title.clone().unwrap_or_default();
    }
    Ok(model)
}

/// All errors and warnings of a scenario and its variants, each once.
pub fn check(scenario: &Scenario) -> Vec<Diagnostic> {
    let base = about(scenario, None);
    let mut findings = match scenario.resolved(None) {
        Err(findings) => findings,
        Ok(resolved) => lint::findings(&resolved, &base),
    };
    for variant in &scenario.variants {
        findings.extend(errors(scenario, variant));
    }
    for variant in scenario.expectations.iter().filter_map(|expectation| expectation.variant.as_ref()) {
        if scenario.variant(&variant.text).is_none() {
            let ids = scenario.variants.iter().map(|variant| variant.id.text.as_str());
            let message = format!("there is no variant `{}`", variant.text);
            let finding = Diagnostic::new(Code::UnknownReference, variant.span, message);
            findings.push(finding.did_you_mean(&variant.text, ids));
        }
    }
    findings.sort_by(|a, b| (a.severity, a.span, a.code, &a.message).cmp(&(b.severity, b.span, b.code, &b.message)));
    findings.dedup();
    findings
}

/// All findings of a file that was read with these: also in a file whose tables have errors, its expressions are
/// checked. What may only follow from something that could not be read is left out.
pub fn check_read(scenario: &Scenario, mut read: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let any = |codes: &[Code]| read.iter().any(|finding| codes.contains(&finding.code));
    if any(&[Code::LimitExceeded]) {
        return read;
    }
    let mut findings = check(scenario);
    if read.iter().any(Diagnostic::is_error) {
        let is_gap = any(&[Code::MissingKey, Code::WrongType, Code::KeyConflict]);
        let follows = |code: Code| {
            matches!(
                code,
                Code::UnknownName
                    | Code::UnknownFunction
                    | Code::UnknownReference
                    | Code::NotAssignable
                    | Code::BadOutcomes
                    | Code::MissingKey
            )
        };
        let places: BTreeSet<Span> = read.iter().map(|finding| finding.span).collect();
        findings.retain(|it| it.is_error() && !(is_gap && follows(it.code)) && !places.contains(&it.span));
    }
    read.append(&mut findings);
    read
}

/// The errors of a variant.
fn errors(scenario: &Scenario, variant: &Variant) -> Vec<Diagnostic> {
    let resolved = match scenario.resolved(Some(variant)) {
        Err(findings) => return findings,
        Ok(resolved) => resolved,
    };
    let mut findings = Lowering::new(&resolved, NO_COLUMNS).lower(&about(scenario, Some(variant))).findings;
    findings.retain(Diagnostic::is_error);
    findings
}

/// The expectations that speak of the variant, or of the base case.
fn about<'s>(scenario: &'s Scenario, variant: Option<&Variant>) -> Vec<&'s Expectation> {
    let wanted = variant.map(|variant| variant.id.text.as_str());
    let about = |it: &&Expectation| it.variant.as_ref().map(|name| name.text.as_str()) == wanted;
    scenario.expectations.iter().filter(about).collect()
}

const NO_COLUMNS: Base = Base { numbers: 0, flags: 0 };

/// Tapes put their own columns behind those of the state, and history grows columns as expressions ask for it: so the
/// scenario is lowered once to learn how many columns there are, and once more in earnest.
fn lower(scenario: &Scenario, expectations: &[&Expectation]) -> Result<Model, Vec<Diagnostic>> {
    let sizes = Lowering::new(scenario, NO_COLUMNS).lower(expectations);
    if sizes.findings.iter().any(Diagnostic::is_error) {
        return Err(sizes.findings);
    }
    let lowered = Lowering::new(scenario, sizes.base).lower(expectations);
    lowered.model.ok_or(lowered.findings)
}

/// What lowering gives: a model if nothing is wrong, and how many columns its state has.
pub(crate) struct Lowered<'s> {
    model: Option<Model>,
    findings: Vec<Diagnostic>,
    base: Base,
    compiler: Compiler<'s>,
    rules: Rules,
}

struct Lowering<'s>(Compiler<'s>);

impl<'s> Lowering<'s> {
    fn new(scenario: &'s Scenario, base: Base) -> Self {
        Self(Compiler {
            scenario,
            findings: Vec::new(),
            columns: Default::default(),
            sites: Default::default(),
            sets: Default::default(),
            places: Default::default(),
            events: events(scenario),
            history: History::default(),
            symbols: Default::default(),
            variables: Vec::new(),
            cells: Default::default(),
            parameters: Vec::new(),
            rungs: Default::default(),
            rung_set: None,
            outcome_set: None,
            start: Vec::new(),
            turns: 0,
            base,
            scratch: Base { numbers: 0, flags: 0 },
            uses: Default::default(),
        })
    }

    fn lower(mut self, expectations: &[&Expectation]) -> Lowered<'s> {
        let compiler = &mut self.0;
        let scenario = compiler.scenario;
        // The columns of TURN and OUTCOME.
        compiler.columns.number(0.0);
        compiler.columns.number(-1.0);
        compiler.enter_names();
        compiler.parameters();
        compiler.turns = compiler.count(&scenario.header.turns, "the number of turns", 1, TURNS_MAX).unwrap_or(1);
        compiler.drawn_parameters();
        compiler.variables();
        compiler.relations();
        if let Some(ladder) = &scenario.ladder {
            let rungs = ladder.rungs.iter().map(|rung| rung.text.clone()).collect();
            compiler.rung_set = Some(compiler.sets.set(rungs));
        }
        for actor in &scenario.header.actor_order {
            compiler.actor(actor);
        }
        compiler.references();
        let mut rules = compiler.rules();
        let metrics = compiler.metrics();
        compiler.count_counters(&metrics, compiler.events.len());
        let milestones = compiler.milestones();
        let outcomes = compiler.outcomes();
        let ladder = compiler.ladder();
        let scores = compiler.scores();
        let claims = compiler.claims(expectations);
        let mut labels = compiler.labels(BASE, "");
        labels.claims = claim_labels(expectations);
        let mut events = compiler.history.marks(&compiler.events);
        compiler.rung_marks(&mut events, &scores);
        fill_pending(&mut rules, &compiler.history);
        compiler.collisions();
        compiler.count_columns();
        let columns = &compiler.columns;
        let base = Base { numbers: columns.numbers.len() as u32, flags: columns.flags.len() as u32 };
        let clean = !compiler.findings.iter().any(Diagnostic::is_error);
        let model = (clean && base == compiler.base).then(|| Model {
            turns: compiler.turns,
            base,
            scratch: compiler.scratch,
            numbers: columns.numbers.clone(),
            flags: columns.flags.clone(),
            sites: compiler.sites.numbers.clone(),
            values: compiler.sites.values.clone(),
            start: compiler.start.clone(),
            initials: columns.copies(Shadow::Initial),
            latches: columns.copies(Shadow::Previous),
            resets: columns.resets(),
            landings: rules.landings.clone(),
            injects: rules.injects.clone(),
            dynamics: rules.dynamics.clone(),
            snapshot: columns.copies(Shadow::Snapshot),
            triggers: rules.triggers.clone(),
            events,
            sightings: compiler.history.sighting_marks(&compiler.events),
            metrics,
            milestones,
            outcomes,
            ladder,
            scores,
            claims,
            labels,
            hash: provenance::digest(canonical::canonical(scenario).as_bytes()),
        });
        let findings = std::mem::take(&mut compiler.findings);
        Lowered { model, findings, base, compiler: self.0, rules }
    }
}

fn claim_labels(expectations: &[&Expectation]) -> Vec<crate::model::Label> {
    let label = |expectation: &&Expectation| crate::model::Label {
        id: expectation.id.text.clone(),
        title: expectation.title.clone().unwrap_or_else(|| expectation.id.text.clone()),
        unit: String::new(),
    };
    expectations.iter().map(label).collect()
}

/// Expressions may ask how many firings are under way after the rule that launches them was lowered.
fn fill_pending(rules: &mut Rules, history: &History) {
    let fill_branch = |branch: &mut Branch| {
        if let Some(delay) = &mut branch.delay {
            delay.pending = history.asked_pending(branch.event as usize);
        }
    };
    for rule in rules.injects.iter_mut().chain(&mut rules.triggers) {
        match &mut rule.body {
            Body::Plain(branch) => fill_branch(branch),
            Body::Decision { branches, .. } => branches.iter_mut().for_each(fill_branch),
            Body::Commitment { honour, breach, .. } => {
                fill_branch(honour);
                fill_branch(breach);
            }
            Body::Transfer(transfer) => transfer.pending = history.asked_pending(transfer.event as usize),
        }
    }
    for landing in &mut rules.landings {
        match landing {
            Landing::Effects { event, pending, .. } | Landing::Goods { event, pending, .. } => {
                *pending = history.asked_pending(*event as usize);
            }
        }
    }
}
