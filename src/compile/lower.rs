//! The stages of lowering, in order, and the model put together from what they give.

use super::canonical;
use super::compiler::Compiler;
use super::history::History;
use super::importance::Toward;
use super::pools::Shadow;
use super::rules::Rules;
use crate::expression::Base;
use crate::model::{
    Body, Branch, Claim, Climb, Label, Labels, LadderColumns, Landing, Marks, Metric, Milestone, Model, Score, Test,
};
use crate::provenance;
use crate::scenario::limits::TURNS_MAX;
use crate::scenario::{BASE, Expectation, Scenario, Variant};

/// A scenario lowered, its tapes not yet placed behind the columns of the state, which grew all the while.
pub(super) struct Lowered<'s> {
    pub compiler: Compiler<'s>,
    pub rules: Rules,
    measures: Measures,
    events: Vec<Marks>,
    labels: Labels,
    /// What splitting climbs on, if it was asked for.
    climb: Option<Climb>,
}

/// What is measured of replications.
struct Measures {
    metrics: Vec<Metric>,
    milestones: Vec<Milestone>,
    outcomes: Vec<Test>,
    ladder: Option<LadderColumns>,
    scores: Vec<Score>,
    claims: Vec<Claim>,
}

/// Lowers a resolved scenario; what is wrong with it stands in the compiler's findings.
pub(super) fn lower<'s>(scenario: &'s Scenario, expectations: &[&Expectation], toward: Option<&Toward>) -> Lowered<'s> {
    let mut compiler = Compiler::new(scenario);
    declare(&mut compiler);
    let mut rules = compiler.rules();
    let measures = measure(&mut compiler, expectations);
    let climb = toward.and_then(|toward| compiler.climb(toward));
    let mut labels = compiler.labels(BASE, "");
    labels.claims = expectations.iter().map(|expectation| label(expectation)).collect();
    let mut events = compiler.world.history.marks(&compiler.world.events);
    compiler.rung_marks(&mut events, &measures.scores);
    fill_pending(&mut rules, &compiler.world.history);
    compiler.collisions();
    compiler.count_columns();
    Lowered { compiler, rules, measures, events, labels, climb }
}

/// What there is: names, parameters, turns, variables, relations, rungs.
fn declare(compiler: &mut Compiler<'_>) {
    let scenario = compiler.world.scenario;
    // The columns of TURN and OUTCOME.
    compiler.world.columns.number(0.0);
    compiler.world.columns.number(-1.0);
    compiler.enter_names();
    compiler.parameters();
    compiler.world.turns = compiler.count(&scenario.header.turns, "the number of turns", 1, TURNS_MAX).unwrap_or(1);
    compiler.drawn_parameters();
    compiler.variables();
    compiler.relations();
    if let Some(ladder) = &scenario.ladder {
        let rungs = ladder.rungs.iter().map(|rung| rung.text.clone()).collect();
        compiler.world.rung_set = Some(compiler.world.sets.set(rungs));
    }
    for actor in &scenario.header.actor_order {
        compiler.actor(actor);
    }
    compiler.references();
}

fn measure(compiler: &mut Compiler<'_>, expectations: &[&Expectation]) -> Measures {
    let metrics = compiler.metrics();
    compiler.count_counters(&metrics, compiler.world.events.len());
    let (milestones, outcomes) = (compiler.milestones(), compiler.outcomes());
    let (ladder, scores) = (compiler.ladder(), compiler.scores());
    let claims = compiler.claims(expectations, &metrics);
    Measures { metrics, milestones, outcomes, ladder, scores, claims }
}

impl Lowered<'_> {
    /// The model of a scenario without errors, and what splitting climbs on.
    pub fn model(self) -> (Model, Option<Climb>) {
        let Self { compiler, rules, measures, events, labels, mut climb } = self;
        let columns = &compiler.world.columns;
        let base = Base { numbers: columns.numbers.len() as u32, flags: columns.flags.len() as u32 };
        let mut model = Model {
            turns: compiler.world.turns,
            base,
            scratch: compiler.scratch,
            initials: columns.copies(Shadow::Initial),
            latches: columns.copies(Shadow::Previous),
            resets: columns.resets(),
            snapshot: columns.copies(Shadow::Snapshot),
            sightings: compiler.world.history.sighting_marks(&compiler.world.events),
            hash: provenance::digest(canonical::meaning(compiler.world.scenario).text().as_bytes()),
            numbers: compiler.world.columns.numbers,
            flags: compiler.world.columns.flags,
            sites: compiler.world.sites.sites,
            values: compiler.world.sites.values,
            start: compiler.start,
            effects: compiler.effects,
            landings: rules.landings,
            injects: rules.injects,
            dynamics: rules.dynamics,
            triggers: rules.triggers,
            events,
            metrics: measures.metrics,
            milestones: measures.milestones,
            outcomes: measures.outcomes,
            ladder: measures.ladder,
            scores: measures.scores,
            claims: measures.claims,
            labels,
        };
        model.each_tape(|tape| tape.place(base));
        climb.iter_mut().for_each(|climb| climb.importance.place(base));
        (model, climb)
    }
}

fn label(expectation: &Expectation) -> Label {
    let id = expectation.id.text.clone();
    Label { title: expectation.title.clone().unwrap_or_else(|| id.clone()), id, unit: String::new() }
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

/// The expectations that speak of the variant, or of the base case.
pub(super) fn about<'s>(scenario: &'s Scenario, variant: Option<&Variant>) -> Vec<&'s Expectation> {
    let wanted = variant.map(|variant| variant.id.text.as_str());
    let about = |it: &&Expectation| it.variant.as_ref().map(|name| name.text.as_str()) == wanted;
    scenario.expectations.iter().filter(about).collect()
}
