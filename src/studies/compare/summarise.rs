//! From counted pairs to a comparison with names, shares, differences and intervals.

use super::alignment::{Alignment, Parting};
use super::pairs::{Arm, CoursePairs};
use crate::compile::Difference as Change;
use crate::model::Model;
use crate::provenance;
use crate::results::comparison::{Compared, ComparedMean, Comparison, Course, Difference, Flip, Outcome};
use crate::results::{comparison, summary::Share};
use crate::statistics::paired::{Flips, shared_error};
use crate::statistics::pairs::PairTable;
use crate::statistics::regret::worst_part;
use crate::statistics::wilson::wilson_95;
use std::collections::BTreeSet;

/// The courses of a comparison and what they have in common; the reference is the first.
pub struct Courses<'m> {
    models: Vec<&'m Model>,
    pub outcomes: Vec<Outcome>,
    pub arms: Vec<Arm>,
    bad: Vec<bool>,
}

/// Which replications were asked for, and how many were played.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    pub seed: u64,
    pub first: u64,
    pub replications: u64,
    pub asked: u64,
}

impl<'m> Courses<'m> {
    /// Aligns courses with the reference, which is the first of the models. `changes` holds, for each of the others, how
    /// its scenario differs from that of the reference. Outcomes are bad that `bad` names, or, if it names none, whose
    /// severity is more than half of the highest.
    pub fn new(models: Vec<&'m Model>, changes: &[Vec<Change>], bad: &[String]) -> Self {
        let outcomes = outcomes(&models);
        let highest = outcomes.iter().filter_map(|outcome| outcome.severity).fold(0.0, f64::max);
        let is_bad = |outcome: &Outcome| match bad {
            [] => outcome.severity.is_some_and(|severity| severity > highest / 2.0),
            named => named.contains(&outcome.id),
        };
        let index = |id: &str| outcomes.iter().position(|outcome| outcome.id == id).unwrap_or(outcomes.len()) as u32;
        let numbers = |model: &Model| model.labels.outcomes.iter().map(|outcome| index(&outcome.id)).collect();
        let mut arms = vec![Arm { outcomes: numbers(models[0]), alignment: None }];
        for (model, changes) in models[1..].iter().zip(changes) {
            let alignment = Some(Alignment::new(models[0], model, &own(changes)));
            arms.push(Arm { outcomes: numbers(model), alignment });
        }
        let bad = outcomes.iter().map(is_bad).collect();
        Self { models, outcomes, arms, bad }
    }

    /// The comparison that these pairs make.
    pub fn summarise(&self, pairs: &[CoursePairs], range: Range) -> Comparison {
        let error = shared_error(pairs.len());
        let of_reference = pairs.first().map(|first| first.table.clone());
        let reference = of_reference.map(|table| self.course(0, &itself(&table, self.outcomes.len()), error));
        let courses = pairs.iter().enumerate().map(|(index, pairs)| self.course(index + 1, pairs, error));
        Comparison {
            seed: range.seed,
            first: range.first,
            replications: range.replications,
            interrupted: range.replications < range.asked,
            outcomes: self.outcomes.clone(),
            bad: self.outcomes.iter().zip(&self.bad).filter(|(_, bad)| **bad).map(|(it, _)| it.id.clone()).collect(),
            courses: reference.into_iter().chain(courses).collect(),
        }
    }

    fn course(&self, arm: usize, pairs: &CoursePairs, error: f64) -> Course {
        let (labels, table) = (&self.models[arm].labels, &pairs.table);
        let has_severity = self.outcomes.iter().any(|outcome| outcome.severity.is_some());
        let severities: Vec<f64> = self.outcomes.iter().map(|outcome| outcome.severity.unwrap_or(f64::NAN)).collect();
        let title = if labels.variant_title.is_empty() { &labels.title } else { &labels.variant_title };
        Course {
            scenario: labels.scenario.clone(),
            variant: labels.variant.clone(),
            title: title.clone(),
            scenario_hash: provenance::hex(&self.models[arm].hash),
            outcomes: (0..self.outcomes.len()).map(|it| compared(table.flips(|end| end == it), error)).collect(),
            bad: self.bad.contains(&true).then(|| compared(table.flips(|end| self.bad[end]), error)),
            failed: compared(table.flips_of_failure(), error),
            severity: has_severity.then(|| mean(table, &severities, error)),
            worst_tenth: worst_tenth(table, &severities),
            ended_differently: table.ended_differently(),
            flips: self.flips(pairs),
            partings: self.partings(arm, pairs),
        }
    }

    fn flips(&self, pairs: &CoursePairs) -> Vec<Flip> {
        let name = |end: Option<u32>| end.map(|end| self.outcomes[end as usize].id.clone());
        let number = |end: Option<u32>| end.map(|end| end as usize);
        let mut flips: Vec<Flip> = pairs
            .examples
            .iter()
            .map(|(&(from, to), examples)| Flip {
                from: name(from),
                to: name(to),
                replications: pairs.table.count(number(from), number(to)),
                examples: examples.clone(),
            })
            .collect();
        flips.sort_by_key(|flip| std::cmp::Reverse(flip.replications));
        flips
    }

    fn partings(&self, arm: usize, pairs: &CoursePairs) -> Vec<comparison::Parting> {
        let events = self.arms[arm].alignment.as_ref().map_or(&[][..], |alignment| &alignment.events);
        let named = |(parting, &replications): (&Option<Parting>, &u64)| comparison::Parting {
            event: parting.map(|parting| events[parting.event as usize].clone()),
            turn: parting.map(|parting| parting.turn),
            landed: parting.is_some_and(|parting| parting.landed),
            in_course: parting.is_some_and(|parting| parting.in_course),
            replications,
        };
        let mut partings: Vec<comparison::Parting> = pairs.partings.iter().map(named).collect();
        partings.sort_by_key(|parting| std::cmp::Reverse(parting.replications));
        partings
    }
}

/// The outcomes of all models, those of the reference first.
fn outcomes(models: &[&Model]) -> Vec<Outcome> {
    let mut found: Vec<Outcome> = Vec::new();
    for label in models.iter().flat_map(|model| &model.labels.outcomes) {
        if !found.iter().any(|outcome| outcome.id == label.id) {
            found.push(Outcome { id: label.id.clone(), title: label.title.clone(), severity: label.severity });
        }
    }
    found
}

/// The injects and triggers that a difference between two scenarios adds, removes or changes.
fn own(changes: &[Change]) -> BTreeSet<String> {
    let rules = changes.iter().filter(|change| matches!(change.kind, "trigger" | "inject"));
    rules.map(|change| change.id.clone()).collect()
}

/// The reference beside itself, from a table of pairs with a course.
fn itself(table: &PairTable, outcomes: usize) -> CoursePairs {
    let mut pairs = CoursePairs::new(outcomes);
    for (reference, _, count) in table.cells() {
        pairs.table.add_pairs(reference, reference, count);
    }
    pairs
}

fn compared(flips: Flips, error: f64) -> Compared {
    let (paired, unpaired) = (flips.paired(error), flips.unpaired(error));
    let (count, n) = (flips.both + flips.gained, flips.pairs);
    let interval = wilson_95(count, n);
    let gain = (unpaired.high - unpaired.low) / (paired.high - paired.low);
    Compared {
        share: Share { count, share: count as f64 / n.max(1) as f64, low: interval.low, high: interval.high },
        gained: flips.gained,
        lost: flips.lost,
        difference: Difference { difference: flips.difference(), low: paired.low, high: paired.high, gain: Some(gain) },
    }
}

fn mean(table: &PairTable, numbers: &[f64], error: f64) -> ComparedMean {
    let (differences, reach) = table.differences(numbers);
    let interval = differences.interval(&reach, error);
    let ended = |(_, course, count): (Option<usize>, Option<usize>, u64)| {
        let number = course.map_or(f64::NAN, |course| numbers[course]);
        (number.is_finite() && count > 0).then_some((number * count as f64, count))
    };
    let (sum, n) = table.cells().filter_map(ended).fold((0.0, 0), |(sum, n), (more, count)| (sum + more, n + count));
    ComparedMean {
        mean: sum / n as f64,
        difference: Difference {
            difference: differences.mean(&reach),
            low: interval.low,
            high: interval.high,
            gain: None,
        },
        left_out: differences.failed,
    }
}

fn worst_tenth(table: &PairTable, severities: &[f64]) -> Option<f64> {
    let ended = table.cells().filter_map(|(_, course, count)| Some((severities[course?], count)));
    let counts: Vec<(f64, u64)> = ended.filter(|(severity, _)| severity.is_finite()).collect();
    worst_part(&counts, 0.1)
}
