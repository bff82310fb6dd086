//! A model solved turn by turn, with names: probabilities of outcomes, milestones, firings, failures; spreads of metrics.

use crate::exact::{self, DoubleDouble, Effort, Masses, Request, Spread, Trouble, Turn, at_most_once};
use crate::model::Model;
use crate::provenance::{self, FORMAT_VERSION, SEMANTICS_VERSION};
use crate::results::exact::*;
use crate::results::summary::{Distribution, Rung};

/// Solves a model. With `ever`, each event that may fire more than once is given a pass of its own, in which a branch
/// ends where it fires: that gives the probability that it fires at all.
///
/// # Errors
/// Those of [`exact::solve`].
pub fn solve(model: &Model, request: &Request<'_>, ever: bool) -> Result<Exact, Trouble> {
    let mut account = Account::new(model);
    let effort = exact::solve(model, request, |turn| account.add(turn))?;
    let mut events = events(model, &account);
    for (index, once) in at_most_once(model).into_iter().enumerate() {
        if once {
            (events[index].probability, events[index].first_by_turn) =
                (Some(events[index].expected), Some(events[index].by_turn.clone()));
        } else if ever {
            // The pass is over once every branch has fired: nothing fires first after that.
            let mut first = first_firings(model, request, index as u32)?;
            first.resize(account.turns.len(), DoubleDouble::ZERO);
            let total: DoubleDouble = first.iter().copied().sum();
            (events[index].probability, events[index].first_by_turn) = (Some(total.value()), Some(values(&first)));
        }
    }
    Ok(account.exact(request, &effort, events, ever))
}

/// Solves once more, ending each branch where the event fires.
fn first_firings(model: &Model, request: &Request<'_>, event: u32) -> Result<Vec<DoubleDouble>, Trouble> {
    let mut first = Vec::new();
    let pass = Request { wanted: exact::Wanted::LEAST, until: Some(event), ..*request };
    exact::solve(model, &pass, |turn| first.push(turn.masses.fired[event as usize]))?;
    Ok(first)
}

fn values(masses: &[DoubleDouble]) -> Vec<f64> {
    masses.iter().map(|mass| mass.value()).collect()
}

/// What has been handed over so far.
struct Account<'m> {
    model: &'m Model,
    turns: Vec<Masses>,
    under_way: Vec<DoubleDouble>,
    states: Vec<usize>,
    /// By metric: what ended before, with the values it keeps.
    kept: Vec<Spread>,
    metrics: Vec<Vec<(f64, Distribution)>>,
    rungs_kept: Vec<DoubleDouble>,
    rungs: Vec<Vec<f64>>,
    scores: Vec<Spread>,
}

impl<'m> Account<'m> {
    fn new(model: &'m Model) -> Self {
        let rungs = model.ladder.map_or(0, |ladder| ladder.rungs as usize);
        Self {
            model,
            turns: Vec::new(),
            under_way: Vec::new(),
            states: Vec::new(),
            kept: vec![Spread::default(); model.metrics.len()],
            metrics: vec![Vec::new(); model.metrics.len()],
            rungs_kept: vec![DoubleDouble::ZERO; rungs],
            rungs: Vec::new(),
            scores: vec![Spread::default(); model.scores.len()],
        }
    }

    fn add(&mut self, turn: &Turn) {
        let masses = &turn.masses;
        for index in 0..self.model.metrics.len() {
            let mut spread = masses.metrics[index].clone();
            spread.add(&self.kept[index]);
            self.kept[index].add(&masses.metrics_ended[index]);
            self.metrics[index].push((spread.mass.value(), distribution(&spread, 1.0)));
        }
        if !masses.rungs.is_empty() {
            let with_kept = masses.rungs.iter().zip(&self.rungs_kept).map(|(now, kept)| (*now + *kept).value());
            self.rungs.push(with_kept.collect());
            for (kept, finished) in self.rungs_kept.iter_mut().zip(&masses.rungs_finished) {
                *kept += *finished;
            }
        }
        for (all, now) in self.scores.iter_mut().zip(&masses.scores) {
            all.add(now);
        }
        self.turns.push(Masses {
            metrics: Vec::new(),
            metrics_ended: Vec::new(),
            scores: Vec::new(),
            ..masses.clone()
        });
        self.under_way.push(turn.under_way);
        self.states.push(turn.states);
    }

    /// A sum over turns, and its parts.
    fn over_turns(&self, of: impl Fn(&Masses) -> DoubleDouble) -> (f64, Vec<f64>) {
        let parts: Vec<DoubleDouble> = self.turns.iter().map(of).collect();
        (parts.iter().copied().sum::<DoubleDouble>().value(), values(&parts))
    }

    fn exact(&self, request: &Request<'_>, effort: &Effort, events: Vec<Event>, ever: bool) -> Exact {
        let labels = &self.model.labels;
        let ended: DoubleDouble =
            self.turns.iter().flat_map(|turn| turn.ended.iter().chain(turn.failed.values())).copied().sum();
        let pruned: DoubleDouble = self.turns.iter().map(|turn| turn.pruned).sum();
        let slack = pruned + self.under_way.last().copied().unwrap_or(DoubleDouble::ONE);
        Exact {
            scenario: labels.scenario.clone(),
            title: labels.title.clone(),
            variant: labels.variant.clone(),
            variant_title: labels.variant_title.clone(),
            scenario_hash: provenance::hex(&self.model.hash),
            semantics_version: SEMANTICS_VERSION,
            format_version: FORMAT_VERSION,
            calendar: labels.calendar.iter().take(self.turns.len()).cloned().collect(),
            turn_length: labels.turn_length.clone(),
            turns: self.model.turns,
            last_turn: effort.last_turn,
            pruned: self.over_turns(|turn| turn.pruned).1,
            under_way: values(&self.under_way),
            slack: slack.value(),
            excess: (ended + slack + DoubleDouble::from(-1.0)).value(),
            outcomes: self.outcomes(),
            failed: self.failed(),
            milestones: self.milestones(request),
            events,
            metrics: self.metrics(),
            ladder: self.model.ladder.filter(|_| request.wanted.rungs).map(|_| self.ladder()),
            scores: if request.wanted.scores { self.scores() } else { Vec::new() },
            left_out: left_out(self.model, request, ever),
            states: self.states.clone(),
            most_states: effort.most_states,
            state_steps: effort.state_steps,
        }
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let labels = self.model.labels.outcomes.iter().enumerate();
        let outcome = |(index, label): (usize, &crate::model::Outcome)| {
            let (probability, by_turn) = self.over_turns(|turn| turn.ended[index]);
            Outcome { id: label.id.clone(), severity: label.severity, probability, by_turn }
        };
        labels.map(outcome).collect()
    }

    fn failed(&self) -> Failed {
        let (probability, by_turn) = self.over_turns(|turn| turn.failed.values().copied().sum());
        let causes: std::collections::BTreeSet<_> = self.turns.iter().flat_map(|turn| turn.failed.keys()).collect();
        let causes = causes.into_iter().map(|cause| {
            let place = &self.model.labels.places[cause.0 as usize];
            let text = if place.text.is_empty() { String::new() } else { format!("`{}`: ", place.text) };
            Cause {
                site: place.path.clone(),
                reason: format!("{text}{}", cause.1.describe()),
                probability: self.over_turns(|turn| turn.failed.get(cause).copied().unwrap_or_default()).0,
            }
        });
        Failed { probability, by_turn, causes: causes.collect() }
    }

    fn milestones(&self, request: &Request<'_>) -> Vec<Milestone> {
        let labels = self.model.labels.milestones.iter().enumerate().filter(|_| request.wanted.milestones);
        let milestone = |(index, label): (usize, &crate::model::Label)| {
            let (probability, first_by_turn) = self.over_turns(|turn| turn.passed[index]);
            Milestone { id: label.id.clone(), probability, first_by_turn }
        };
        labels.map(milestone).collect()
    }

    fn metrics(&self) -> Vec<Metric> {
        let all = self.model.metrics.iter().zip(&self.model.labels.metrics).zip(&self.metrics);
        let metric = |((metric, label), by_turn): ((&crate::model::Metric, &crate::model::Label), &Vec<_>)| Metric {
            id: label.id.clone(),
            min: metric.bounds[0],
            max: metric.bounds[1],
            by_turn: by_turn.clone(),
        };
        all.map(metric).collect()
    }

    fn ladder(&self) -> Ladder {
        let labels = self.model.labels.rungs.iter();
        let rungs = labels.map(|rung| Rung { id: rung.id.clone(), firebreak: rung.firebreak }).collect();
        let peak = (0..self.rungs_kept.len()).map(|rung| self.over_turns(|turn| turn.peak[rung]).0).collect();
        Ladder { rungs, by_turn: self.rungs.clone(), peak }
    }

    fn scores(&self) -> Vec<Score> {
        let all = self.model.scores.iter().zip(&self.model.labels.scales).zip(&self.scores);
        let score = |((score, id), spread): ((&crate::model::Score, &String), &Spread)| Score {
            id: id.clone(),
            distribution: distribution(spread, libm::round(1.0 / score.unit)),
        };
        all.map(score).collect()
    }
}

/// Expected firings; whether they fire at all is not known yet.
fn events(model: &Model, account: &Account<'_>) -> Vec<Event> {
    let labels = &model.labels;
    let event = |(index, label): (usize, &crate::model::Event)| {
        let (expected, by_turn) = account.over_turns(|turn| turn.fired[index]);
        Event {
            id: label.id.clone(),
            actor: label.actor.map(|actor| labels.actors[actor as usize].id.clone()),
            rung: label.rung.map(|rung| labels.rungs[rung as usize].id.clone()),
            branch: label.parent.is_some(),
            expected,
            by_turn,
            probability: None,
            first_by_turn: None,
        }
    };
    labels.events.iter().enumerate().map(event).collect()
}

fn left_out(model: &Model, request: &Request<'_>, ever: bool) -> Vec<String> {
    let mut left_out = Vec::new();
    if !request.wanted.milestones && !model.milestones.is_empty() {
        left_out.push("milestones: whether each has been passed is part of the state".to_owned());
    }
    if !request.wanted.rungs && model.ladder.is_some() {
        left_out.push("highest rungs: the highest so far is part of the state".to_owned());
    }
    if !request.wanted.scores && !model.scores.is_empty() {
        left_out.push("scores: the points so far are part of the state; `--scores` asks for them".to_owned());
    }
    if !ever && at_most_once(model).contains(&false) {
        left_out.push(
            "whether events that may fire more than once fire at all: `--ever` asks, with a pass for each".to_owned(),
        );
    }
    left_out
}

/// Mean, standard deviation and quantiles of a spread; values are `per_unit` times what they stand for.
fn distribution(spread: &Spread, per_unit: f64) -> Distribution {
    let Some(quantiles) = spread.quantiles(Distribution::LEVELS) else { return Distribution::UNKNOWN };
    let figures = spread.mean_and_sd().unwrap_or([f64::NAN; 2]);
    Distribution::new(figures, quantiles, spread.infinite.value(), per_unit)
}
