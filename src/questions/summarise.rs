//! The counts of a batch as a summary: names, shares with intervals, quantiles.

use crate::model::Model;
use crate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use crate::results::summary::*;
use crate::results::tally::{Tally, ValueCount};
use crate::statistics::quantile::timing;
use crate::statistics::wilson::wilson_95;

/// Which replications the counts are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    pub seed: u64,
    pub first: u64,
    /// How many were asked for; fewer were run if the batch was ended early.
    pub replications: u64,
}

/// Puts names to counts.
pub fn summarise(model: &Model, tally: &Tally, request: &Request) -> Summary {
    Summary {
        run: run(model, tally, request),
        calendar: model.labels.calendar.clone(),
        turn_length: model.labels.turn_length.clone(),
        outcomes: outcomes(model, tally),
        failed: failed(model, tally),
        milestones: milestones(model, tally),
        events: events(model, tally),
        metrics: metrics(model, tally),
        ladder: model.ladder.map(|_| ladder(model, tally)),
        scores: scores(model, tally),
        saturations: clipped(&tally.saturations, |index| model.labels.variables.get(index).map(|it| it.path.clone())),
        clamped_chances: clipped(&tally.clamped, |index| model.labels.sites.get(index).cloned()),
    }
}

/// The hash of everything that decides the results: equal hashes, equal bytes.
pub fn run_hash(model: &Model, seed: u64, first: u64, replications: u64) -> String {
    let text = format!(
        "scenario {}\nvariant {}\nseed {seed}\nreplications {first}+{replications}\nsemantics {SEMANTICS_VERSION}\nformat {FORMAT_VERSION}\n",
        provenance::hex(&model.hash),
        model.labels.variant,
    );
    provenance::hex(&provenance::digest(text.as_bytes()))
}

fn run(model: &Model, tally: &Tally, request: &Request) -> Run {
    let labels = &model.labels;
    Run {
        scenario: labels.scenario.clone(),
        title: labels.title.clone(),
        variant: labels.variant.clone(),
        variant_title: labels.variant_title.clone(),
        seed: request.seed,
        first: request.first,
        replications: tally.replications,
        interrupted: tally.replications < request.replications,
        scenario_hash: provenance::hex(&model.hash),
        run_hash: run_hash(model, request.seed, request.first, tally.replications),
        semantics_version: SEMANTICS_VERSION,
        format_version: FORMAT_VERSION,
        precision: None,
    }
}

/// A count as a share of all replications.
pub fn share(count: u64, n: u64) -> Share {
    let interval = wilson_95(count, n);
    let share = if n == 0 { 0.0 } else { count as f64 / n as f64 };
    Share { count, share, low: interval.low, high: interval.high }
}

fn outcomes(model: &Model, tally: &Tally) -> Vec<Outcome> {
    let counts = model.labels.outcomes.iter().zip(&tally.outcomes);
    counts
        .map(|(label, by_turn)| Outcome {
            id: label.id.clone(),
            title: label.title.clone(),
            severity: label.severity,
            share: share(by_turn.iter().sum(), tally.replications),
            by_turn: by_turn.clone(),
            timing: timing(by_turn, tally.replications),
        })
        .collect()
}

fn failed(model: &Model, tally: &Tally) -> Failed {
    let causes = tally.failures.iter().map(|((place, reason), failures)| {
        let place = &model.labels.places[*place as usize];
        let text = if place.text.is_empty() { String::new() } else { format!("`{}`: ", place.text) };
        Failure {
            site: place.path.clone(),
            reason: format!("{text}{}", reason.describe()),
            count: failures.count,
            first: failures.first.clone(),
        }
    });
    Failed {
        share: share(tally.failed.iter().sum(), tally.replications),
        by_turn: tally.failed.clone(),
        causes: causes.collect(),
    }
}

fn milestones(model: &Model, tally: &Tally) -> Vec<Milestone> {
    let counts = model.labels.milestones.iter().zip(&tally.milestones);
    counts
        .map(|(label, first)| Milestone {
            id: label.id.clone(),
            title: label.title.clone(),
            share: share(first.iter().sum(), tally.replications),
            first_by_turn: first.clone(),
            timing: timing(first, tally.replications),
        })
        .collect()
}

fn events(model: &Model, tally: &Tally) -> Vec<Event> {
    let labels = &model.labels;
    let counts = labels.events.iter().zip(&tally.events);
    counts
        .map(|(label, counts)| Event {
            id: label.id.clone(),
            title: label.title.clone(),
            actor: label.actor.map(|actor| labels.actors[actor as usize].id.clone()),
            rung: label.rung.map(|rung| labels.rungs[rung as usize].id.clone()),
            branch: label.parent.is_some(),
            share: share(counts.first_by_turn.iter().sum(), tally.replications),
            by_turn: counts.by_turn.clone(),
            first_by_turn: counts.first_by_turn.clone(),
            timing: timing(&counts.first_by_turn, tally.replications),
        })
        .collect()
}

fn metrics(model: &Model, tally: &Tally) -> Vec<Metric> {
    let counts = model.metrics.iter().zip(&model.labels.metrics).zip(&tally.metrics);
    counts
        .map(|((metric, label), counts)| Metric {
            id: label.id.clone(),
            title: label.title.clone(),
            unit: label.unit.clone(),
            min: metric.bounds[0],
            max: metric.bounds[1],
            below_min: counts.iter().map(|count| count.outside[0]).sum(),
            above_max: counts.iter().map(|count| count.outside[1]).sum(),
            by_turn: counts.iter().map(|count| distribution(count, 1.0)).collect(),
        })
        .collect()
}

fn scores(model: &Model, tally: &Tally) -> Vec<Score> {
    let counts = model.scores.iter().zip(&model.labels.scales).zip(&tally.scores);
    counts
        .map(|((score, id), counts)| Score {
            id: id.clone(),
            distribution: counts
                .first()
                .map_or(Distribution::UNKNOWN, |it| distribution(it, (1.0 / score.unit).round())),
        })
        .collect()
}

/// The distribution of what was counted; counted values are `per_unit` times what they stand for.
fn distribution(count: &ValueCount, per_unit: f64) -> Distribution {
    let Some(quantiles) = count.histogram.quantiles(Distribution::LEVELS) else { return Distribution::UNKNOWN };
    let figures = count.mean_and_sd().unwrap_or([f64::NAN; 2]);
    Distribution::new(figures, quantiles, count.histogram.infinite() as f64, per_unit)
}

fn ladder(model: &Model, tally: &Tally) -> Ladder {
    let rungs = model.labels.rungs.iter().map(|rung| Rung { id: rung.id.clone(), firebreak: rung.firebreak });
    Ladder { rungs: rungs.collect(), by_turn: tally.rungs.clone(), peak: tally.peak.clone() }
}

fn clipped(counts: &[[u64; 3]], site: impl Fn(usize) -> Option<String>) -> Vec<Clipped> {
    let clipped = counts.iter().enumerate().filter(|(_, [below, above, _])| below + above > 0);
    clipped
        .filter_map(|(index, [below, above, of])| {
            Some(Clipped { site: site(index)?, below: *below, above: *above, of: *of })
        })
        .collect()
}
