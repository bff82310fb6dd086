//! The judge: one replication, played by name over the scenario as written, as slowly and as plainly as can be.

pub mod engine;
pub mod generate;
mod history;
mod phrase;
mod play;
mod print;
mod start;
mod value;

use escalate::draws::Key;
use escalate::scenario::{Order, Scenario, Trigger};
use history::History;
use std::collections::BTreeMap;

/// What happened in one replication.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    pub ended: Ended,
    pub end_turn: u32,
    /// From turn 0 to the end.
    pub turns: Vec<TurnTrace>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Ended {
    Outcome(String),
    /// The path of the key whose expression had no value, or whose effect left its bounds: `triggers/x/chance`.
    Failed(String),
}

/// One turn; of the turn of a failure, what happened before it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TurnTrace {
    /// Every variable and relation cell at the end of the turn; an enum by index, a bool as 0 or 1. Of a turn 0 that
    /// fails nothing.
    pub values: BTreeMap<String, f64>,
    /// What fired, in order: injects, triggers, and right after a trigger its branch, as `x.option`.
    pub fired: Vec<String>,
    /// What landed after a delay or a transit, in order; of a trigger with branches only the branch.
    pub landed: Vec<String>,
    pub metrics: BTreeMap<String, f64>,
    /// Those that hold for the first time, then the firebreaks crossed, as `firebreak_war`.
    pub milestones: Vec<String>,
    pub rung: u32,
}

/// The path of the key at which a replication fails.
type Failure = String;

/// Plays one replication of a resolved scenario.
pub fn replicate(scenario: &Scenario, seed: u64, replication: u64) -> Trace {
    let mut game = Game {
        scenario,
        key: Key::from_seed(seed),
        replication,
        turn: 0,
        turns: 0,
        parameters: BTreeMap::new(),
        now: State::default(),
        under_way: Vec::new(),
        passed: Vec::new(),
        trace: TurnTrace::default(),
    };
    let mut turns = Vec::new();
    let ended = loop {
        let result = game.turn();
        if !(result.is_err() && game.turn == 0) {
            game.trace.values = game.now.values.clone();
        }
        game.trace.rung = game.now.rung;
        turns.push(std::mem::take(&mut game.trace));
        match result {
            Err(path) => break Ended::Failed(path),
            Ok(Some(outcome)) => break Ended::Outcome(outcome),
            Ok(None) => game.turn += 1,
        }
    };
    Trace { ended, end_turn: game.turn, turns }
}

/// A replication in the middle of play.
struct Game<'a> {
    scenario: &'a Scenario,
    key: Key,
    replication: u64,
    turn: u32,
    turns: u32,
    parameters: BTreeMap<String, f64>,
    now: State,
    under_way: Vec<UnderWay>,
    /// The milestones passed so far.
    passed: Vec<String>,
    trace: TurnTrace,
}

/// What expressions can see.
#[derive(Debug, Clone, Default)]
struct State {
    /// Variables by path, relation cells as `tension(rok, dprk)`.
    values: BTreeMap<String, f64>,
    rung: u32,
    /// The highest rung this turn of each actor that fired something on one.
    rung_of: BTreeMap<String, u32>,
    peak_rung: u32,
    peak_rung_of: BTreeMap<String, u32>,
    /// Values and rungs at the end of the turn before.
    previous: BTreeMap<String, f64>,
    previous_rung: u32,
    previous_rung_of: BTreeMap<String, u32>,
    history: History,
}

/// A firing that has not landed.
struct UnderWay {
    /// `trigger` or, of a branch, `trigger.branch`.
    event: String,
    due: u32,
    /// What is left of the goods of a transfer.
    goods: f64,
}

impl<'a> Game<'a> {
    /// One turn; the outcome, if it ends the replication.
    fn turn(&mut self) -> Result<Option<String>, Failure> {
        if self.turn == 0 {
            self.set_up()?;
        } else {
            self.start_turn()?;
            self.arrivals()?;
            for inject in &self.scenario.injects {
                self.play(inject, "injects", None)?;
            }
            for dynamic in &self.scenario.dynamics {
                self.effects(&dynamic.then, &format!("dynamics/{}/then", dynamic.id.text), 0, None)?;
            }
            self.triggers()?;
        }
        self.measure()?;
        self.outcome()
    }

    /// Phase 5. In simultaneous order all expressions read the state as it is at the start of the phase.
    fn triggers(&mut self) -> Result<(), Failure> {
        let simultaneous = self.scenario.header.order == Order::Simultaneous;
        let snapshot = simultaneous.then(|| self.now.clone());
        for trigger in self.in_order() {
            self.play(trigger, "triggers", snapshot.as_ref())?;
        }
        Ok(())
    }

    /// The triggers in order of play: as in the file or, by `actor_order`, those of no actor, one block for each actor
    /// listed, and the rest.
    fn in_order(&self) -> Vec<&'a Trigger> {
        let actors: Vec<&str> = self.scenario.header.actor_order.iter().map(|actor| actor.text.as_str()).collect();
        let mut triggers: Vec<&Trigger> = self.scenario.triggers.iter().collect();
        if !actors.is_empty() {
            triggers.sort_by_key(|trigger| match play::actor_of(trigger) {
                None => 0,
                Some(actor) => 1 + actors.iter().position(|it| *it == actor).unwrap_or(actors.len()),
            });
        }
        triggers
    }

    fn measure(&mut self) -> Result<(), Failure> {
        for metric in &self.scenario.metrics {
            let value = start::some(self.view(None).measure(&metric.value), &format!("metrics/{}", metric.id.text))?;
            self.trace.metrics.insert(metric.id.text.clone(), value);
        }
        for milestone in &self.scenario.milestones {
            let id = &milestone.id.text;
            if self.passed.contains(id) {
                continue;
            }
            if self.holds(&milestone.when, &format!("milestones/{id}"), None)? {
                self.passed.push(id.clone());
                self.trace.milestones.push(id.clone());
            }
        }
        let Some(ladder) = &self.scenario.ladder else { return Ok(()) };
        for firebreak in &ladder.firebreaks {
            let id = format!("firebreak_{}", firebreak.text);
            let level = ladder.rungs.iter().position(|rung| rung.text == firebreak.text).expect("a rung");
            if self.now.peak_rung >= level as u32 && !self.passed.contains(&id) {
                self.passed.push(id.clone());
                self.trace.milestones.push(id);
            }
        }
        Ok(())
    }

    /// The first outcome that holds; the last, which has no condition, in the last turn.
    fn outcome(&mut self) -> Result<Option<String>, Failure> {
        for outcome in &self.scenario.outcomes {
            let id = &outcome.id.text;
            let holds = match &outcome.when {
                Some(when) => self.holds(when, &format!("outcomes/{id}"), None)?,
                None => self.turn == self.turns,
            };
            if holds {
                return Ok(Some(id.clone()));
            }
        }
        Ok(None)
    }
}
