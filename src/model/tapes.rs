//! All tapes of a model, for those who change each in place.

use super::compiled::Model;
use super::measure::ClaimValue;
use super::rule::{Body, Branch, Chance, Observer, Rule, Test};
use crate::expression::Tape;

impl Model {
    /// Calls for every tape. A new field must be named here, so that its tapes are not forgotten.
    pub fn each_tape(&mut self, mut visit: impl FnMut(&mut Tape)) {
        let Model {
            turns: _,
            base: _,
            scratch: _,
            numbers: _,
            flags: _,
            sites: _,
            values: _,
            start,
            effects,
            initials: _,
            latches: _,
            resets: _,
            landings: _,
            injects,
            dynamics: _,
            snapshot: _,
            triggers,
            events: _,
            sightings: _,
            metrics,
            milestones,
            outcomes,
            ladder: _,
            scores: _,
            claims,
            labels,
            hash: _,
        } = self;
        let visit = &mut visit;
        start.iter_mut().chain(effects.iter_mut()).for_each(|effect| visit(&mut effect.value));
        injects.iter_mut().chain(triggers).for_each(|rule| of_rule(rule, visit));
        metrics.iter_mut().for_each(|metric| visit(&mut metric.value));
        let milestones = milestones.iter_mut().map(|milestone| &mut milestone.test);
        milestones.chain(outcomes).for_each(|test| of_test(test, visit));
        for claim in claims {
            match &mut claim.value {
                ClaimValue::Share(tape) => visit(tape),
                ClaimValue::Mean(_) => {}
            }
        }
        let mentions = labels.events.iter_mut().flat_map(|event| &mut event.mentions);
        mentions.for_each(|mention| visit(&mut mention.value));
    }
}

fn of_rule(rule: &mut Rule, visit: &mut impl FnMut(&mut Tape)) {
    rule.guard.iter_mut().for_each(|guard| of_test(guard, visit));
    rule.chance.iter_mut().for_each(|chance| of_chance(chance, visit));
    match &mut rule.body {
        Body::Plain(branch) => of_branch(branch, visit),
        Body::Decision { site: _, weights, branches } => {
            weights.iter_mut().for_each(|weight| visit(&mut weight.value));
            branches.iter_mut().for_each(|branch| of_branch(branch, visit));
        }
        Body::Commitment { chance, honour, breach } => {
            of_chance(chance, visit);
            of_branch(honour, visit);
            of_branch(breach, visit);
        }
        Body::Transfer(transfer) => {
            visit(&mut transfer.amount);
            transfer.loss.iter_mut().for_each(|loss| of_chance(loss, visit));
            of_observers(&mut transfer.observers, visit);
        }
    }
}

fn of_test(test: &mut Test, visit: &mut impl FnMut(&mut Tape)) {
    visit(&mut test.tape);
}

fn of_chance(chance: &mut Chance, visit: &mut impl FnMut(&mut Tape)) {
    visit(&mut chance.value);
}

/// The effects of a branch stand among those of the model.
fn of_branch(branch: &mut Branch, visit: &mut impl FnMut(&mut Tape)) {
    of_observers(&mut branch.observers, visit);
}

fn of_observers(observers: &mut [Observer], visit: &mut impl FnMut(&mut Tape)) {
    observers.iter_mut().for_each(|observer| of_chance(&mut observer.chance, visit));
}
