//! The engine's account of a block of replications, put into the words of the judge.

use super::{Ended, Trace, TurnTrace};
use escalate::answers::KeyedDraws;
use escalate::engine::{Program, Watch, run};
use escalate::expression::{Bank, LANES, Mask, Value, lanes};
use escalate::model::{Cell, Landing, Model};
use escalate::results::Reason;

/// Runs those of the 64 replications of a group whose bit is set; traces of the others are empty.
pub fn engine_traces(model: &Model, seed: u64, group: u64, active: Mask) -> Vec<Trace> {
    let mut draws = KeyedDraws::new(model, seed);
    draws.enter(group);
    let empty = Trace { ended: Ended::Failed("never ended".to_owned()), end_turn: 0, turns: Vec::new() };
    let mut clerk = Clerk { model, active, traces: vec![empty; LANES] };
    let program = Program::new(model);
    run(&program, &mut program.bank(), active, &mut draws, &mut clerk);
    clerk.traces
}

/// Writes down what happens, lane by lane.
struct Clerk<'m> {
    model: &'m Model,
    /// The lanes whose values are wanted at the end of the turn: those that had not ended before it.
    active: Mask,
    traces: Vec<Trace>,
}

impl Clerk<'_> {
    fn note(&mut self, mask: Mask, mut write: impl FnMut(&mut TurnTrace, usize)) {
        for lane in lanes(mask) {
            write(self.traces[lane].turns.last_mut().expect("a turn"), lane);
        }
    }

    fn end(&mut self, turn: u32, mask: Mask, ended: &Ended) {
        for lane in lanes(mask) {
            self.traces[lane].ended = ended.clone();
            self.traces[lane].end_turn = turn;
        }
    }
}

impl Watch for Clerk<'_> {
    fn turn(&mut self, _turn: u32, active: Mask) {
        self.active = active;
        for lane in lanes(active) {
            self.traces[lane].turns.push(TurnTrace::default());
        }
    }

    fn fired(&mut self, event: u32, mask: Mask) {
        let id = &self.model.labels.events[event as usize].id;
        self.note(mask, |turn, _| turn.fired.push(id.clone()));
    }

    /// What lands at once is no landing to the judge.
    fn landed(&mut self, event: u32, mask: Mask) {
        let lands = |landing: &Landing| match landing {
            Landing::Effects { event, .. } | Landing::Goods { event, .. } => *event,
        };
        if self.model.landings.iter().any(|landing| lands(landing) == event) {
            let id = &self.model.labels.events[event as usize].id;
            self.note(mask, |turn, _| turn.landed.push(id.clone()));
        }
    }

    fn failed(&mut self, turn: u32, place: u32, _reason: Reason, mask: Mask) {
        let path = self.model.labels.places[place as usize].path.clone();
        self.end(turn, mask, &Ended::Failed(path));
        if turn == 0 {
            self.active &= !mask;
        }
    }

    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        let id = &self.model.labels.metrics[metric as usize].id;
        self.note(mask, |turn, lane| {
            turn.metrics.insert(id.clone(), values.get(lane));
        });
    }

    fn passed(&mut self, milestone: u32, mask: Mask) {
        let id = &self.model.labels.milestones[milestone as usize].id;
        self.note(mask, |turn, _| turn.milestones.push(id.clone()));
    }

    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        let outcome = self.model.labels.outcomes[outcome as usize].id.clone();
        self.end(turn, mask, &Ended::Outcome(outcome));
    }

    fn turn_over(&mut self, _turn: u32, bank: &Bank) {
        let model = self.model;
        let value = |cell: Cell, lane: usize| match cell {
            Cell::Number(column) => bank.numbers[column as usize][lane],
            Cell::Flag(column) => (bank.flags[column as usize] >> lane & 1) as f64,
        };
        self.note(self.active, |turn, lane| {
            let variables = model.labels.variables.iter();
            turn.values = variables.map(|it| (it.path.clone(), value(it.cell, lane))).collect();
            turn.rung = model.ladder.map_or(0, |ladder| value(Cell::Number(ladder.rung), lane) as u32);
        });
    }
}
