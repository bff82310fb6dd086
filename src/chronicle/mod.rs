//! Replays one replication of a batch, or one line of copies that splitting made, and writes down what happens in it.

use crate::answers::KeyedDraws;
use crate::draws::Threshold;
use crate::engine::{DrawId, Play, Program, Snapshots, Watch};
use crate::expression::{Answer, Bank, Column, LANES, Lanes, Mask, Output, Value};
use crate::model::{Cell, Effect, Mention, Model, Observer, Target};
use crate::results::Reason;
use crate::results::chronicle::{self as told, Change, Chronicle, Ending, Entry, Fact, Rule, Sent};
use crate::results::estimate::Ancestor;

/// Runs one replication as it would run in a batch, and tells it.
pub fn replay(model: &Model, seed: u64, replication: u64) -> Chronicle {
    replay_line(model, seed, &[Ancestor { number: replication, level: 0, from_turn: 0 }])
}

/// Tells a line of copies: the first from turn 0 on, and from the end of the turn in which each later one was split off,
/// that one. Without a first, replication 0 is told.
pub fn replay_line(model: &Model, seed: u64, line: &[Ancestor]) -> Chronicle {
    let first = line.first().map_or(0, |ancestor| ancestor.number);
    let (group, mut lane) = place(first);
    let mut draws = KeyedDraws::new(model, seed);
    draws.enter(group);
    let mut teller = Teller::new(model, seed, group, lane);
    let program = Program::new(model);
    let mut bank = program.bank();
    let mut run = Play::new(&program, &mut bank, &mut draws, &mut teller);
    run.start(1 << lane);
    let mut active = run.active();
    let mut turn = 0;
    while turn < model.turns && active != 0 {
        for copy in line.iter().skip(1).filter(|copy| copy.from_turn == turn) {
            let (group, to) = place(copy.number);
            move_lane(model, &mut bank, lane, to);
            draws.enter(group);
            teller.split(copy, group, to);
            (lane, active) = (to, 1 << to);
        }
        let mut run = Play::new(&program, &mut bank, &mut draws, &mut teller);
        run.resume(turn, active);
        run.next_turn();
        active = run.active();
        turn += 1;
    }
    teller.chronicle(seed, first, &bank)
}

/// The group of a replication, and its lane.
fn place(replication: u64) -> (u64, usize) {
    (replication / LANES as u64, (replication % LANES as u64) as usize)
}

/// Copies the state of one lane into another.
fn move_lane(model: &Model, bank: &mut Bank, from: usize, to: usize) {
    let mut state = Snapshots::new(model);
    state.take(bank, from);
    state.put(0, bank, 1 << to);
}

/// What is being told at the moment.
enum Open {
    Nothing,
    Rule(Box<Rule>),
    Landing { event: u32, changes: Vec<Change> },
    Dynamic { path: String, changes: Vec<Change> },
    Start { changes: Vec<Change> },
}

struct Teller<'m> {
    model: &'m Model,
    draws: KeyedDraws,
    lane: usize,
    turn: u32,
    turns: Vec<told::Turn>,
    open: Open,
    /// The path of the effect that is being made.
    path: &'m str,
    /// The chance that was settled last.
    last_chance: told::Chance,
    ending: Ending,
}

impl<'m> Teller<'m> {
    fn new(model: &'m Model, seed: u64, group: u64, lane: usize) -> Self {
        let mut draws = KeyedDraws::new(model, seed);
        draws.enter(group);
        Self {
            model,
            draws,
            lane,
            turn: 0,
            turns: Vec::new(),
            open: Open::Nothing,
            path: "",
            last_chance: told::Chance { probability: 1.0, draw: None, came: true },
            ending: Ending::Failed { turn: 0 },
        }
    }

    /// Goes over to a copy, in another lane of another group.
    fn split(&mut self, copy: &Ancestor, group: u64, lane: usize) {
        self.close();
        self.draws.enter(group);
        self.lane = lane;
        self.entry(Entry::Split { number: copy.number, level: copy.level });
    }

    fn chronicle(mut self, seed: u64, replication: u64, bank: &Bank) -> Chronicle {
        self.close();
        let labels = &self.model.labels;
        let scores = self.model.scores.iter().zip(&labels.scales).map(|(score, id)| {
            // Points are held in whole units of the scale, so the quotient is the shortest decimal.
            (id.clone(), bank.numbers[score.column as usize][self.lane] / (1.0 / score.unit).round())
        });
        let peak = self.model.ladder.map(|ladder| bank.numbers[ladder.peak as usize][self.lane] as usize);
        Chronicle {
            scenario: labels.scenario.clone(),
            title: labels.title.clone(),
            variant: labels.variant.clone(),
            variant_title: labels.variant_title.clone(),
            seed,
            replication,
            turns: self.turns,
            ending: self.ending,
            scores: scores.collect(),
            peak_rung: peak.and_then(|rung| labels.rungs.get(rung)).map(|rung| rung.id.clone()),
        }
    }

    fn is_told(&self, mask: Mask) -> bool {
        mask >> self.lane & 1 == 1
    }

    fn entry(&mut self, entry: Entry) {
        if let Some(turn) = self.turns.last_mut() {
            turn.entries.push(entry);
        }
    }

    fn close(&mut self) {
        let title = |event: u32| self.model.labels.events[event as usize].title.clone();
        let entry = match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => return,
            Open::Rule(rule) => Entry::Rule(rule),
            Open::Landing { event, changes } => {
                let id = self.model.labels.events[event as usize].id.clone();
                Entry::Landing { event: id, title: title(event), changes }
            }
            Open::Dynamic { path, changes } => {
                let id = path.split('/').nth(1).unwrap_or_default().to_owned();
                let label = self.model.labels.dynamics.iter().find(|dynamic| dynamic.id == id);
                let title = label.map_or_else(|| id.clone(), |label| label.title.clone());
                Entry::Dynamic { id, title, changes }
            }
            Open::Start { changes } => Entry::Start { changes },
        };
        self.entry(entry);
    }

    fn rule(&mut self, event: u32) -> Option<&mut Rule> {
        let labels = &self.model.labels.events;
        let whole = labels[event as usize].parent.unwrap_or(event);
        match &mut self.open {
            Open::Rule(rule) if rule.event == labels[whole as usize].id => Some(rule),
            _ => None,
        }
    }

    fn fact(&self, mention: &Mention, bank: &mut Bank) -> Fact {
        let value = match mention.value.output {
            Output::Flag => {
                let (holds, undefined) = bank.flag(&mention.value, 1 << self.lane, &mut Nobody);
                if undefined != 0 { "nothing".to_owned() } else { (holds != 0).to_string() }
            }
            _ => {
                let value = bank.number(&mention.value, 1 << self.lane, &mut Nobody).get(self.lane);
                named(value, &mention.values)
            }
        };
        Fact { text: mention.text.clone(), value }
    }

    fn actor(&self, actor: Option<u32>) -> Option<String> {
        actor.map(|actor| self.model.labels.actors[actor as usize].id.clone())
    }
}

/// A draw as a share of what it can be, for people to read.
fn share_of(bits: u64) -> f64 {
    bits as f64 / 18_446_744_073_709_551_616.0
}

/// A value as people read it: by name, or with as many digits as matter.
fn named(value: f64, values: &[String]) -> String {
    match values.get(value as usize) {
        Some(name) if value >= 0.0 => name.clone(),
        _ => number(value),
    }
}

fn number(value: f64) -> String {
    if value.is_infinite() {
        return "never".to_owned();
    }
    let rounded = (value * 1e4).round() / 1e4;
    if rounded == 0.0 && value != 0.0 { format!("{value:.2e}") } else { format!("{rounded}") }
}

impl Watch for Teller<'_> {
    fn turn(&mut self, turn: u32, _active: Mask) {
        self.close();
        self.turn = turn;
        let label = self.model.labels.calendar.get(turn as usize).cloned().unwrap_or_default();
        self.turns.push(told::Turn { turn, label, entries: Vec::new(), metrics: Vec::new() });
    }

    fn eligible(&mut self, event: u32, mask: Mask, bank: &mut Bank) {
        if !self.is_told(mask) {
            return;
        }
        self.close();
        let label = &self.model.labels.events[event as usize];
        let because = label.mentions.iter().map(|mention| self.fact(mention, bank)).collect();
        self.open = Open::Rule(Box::new(Rule {
            event: label.id.clone(),
            title: label.title.clone(),
            actor: self.actor(label.actor),
            toward: self.actor(label.toward),
            kind: label.kind.clone(),
            rung: label.rung.map(|rung| self.model.labels.rungs[rung as usize].id.clone()),
            when: label.when.clone(),
            because,
            ..Rule::default()
        }));
    }

    fn chance(&mut self, site: u32, mask: Mask, probability: Value<'_>, came: Mask) {
        if !self.is_told(mask) {
            return;
        }
        let probability = probability.get(self.lane);
        let ask = DrawId { site, turn: self.turn, k: 0 };
        let drawn = probability > 0.0 && probability < 1.0;
        let draw = self.draws.bits(ask, self.lane).filter(|_| drawn);
        let draw = draw.map(share_of);
        let chance = told::Chance { probability, draw, came: self.is_told(came) };
        self.last_chance = chance;
        let path = &self.model.labels.sites[site as usize];
        if let Open::Rule(rule) = &mut self.open {
            if path.ends_with("/honour/chance") {
                rule.honour = Some(chance);
            } else if path.ends_with("/chance") {
                rule.chance = Some(chance);
            }
        }
    }

    fn choice(&mut self, site: u32, mask: Mask, thresholds: &[Column]) {
        if !self.is_told(mask) {
            return;
        }
        let ask = DrawId { site, turn: self.turn, k: 0 };
        let Some(bits) = self.draws.bits(ask, self.lane) else { return };
        let upto = |option: usize| thresholds[option][self.lane];
        let Some(taken) = (0..thresholds.len()).find(|option| Threshold::new(upto(*option)).comes(bits)) else {
            return;
        };
        let from = if taken == 0 { 0.0 } else { upto(taken - 1) };
        if let Open::Rule(rule) = &mut self.open {
            rule.choice = Some(told::Choice { probability: upto(taken) - from, from, draw: share_of(bits) });
        }
    }

    fn fired(&mut self, event: u32, mask: Mask) {
        if !self.is_told(mask) {
            return;
        }
        let label = &self.model.labels.events[event as usize];
        let rung = label.rung.map(|rung| self.model.labels.rungs[rung as usize].id.clone());
        let branch = label.parent.map(|_| told::Branch { event: label.id.clone(), title: label.title.clone() });
        if let Some(rule) = self.rule(event) {
            rule.fired = true;
            rule.rung = rung.or(rule.rung.take());
            rule.branch = branch.or(rule.branch.take());
        }
    }

    fn observed(&mut self, event: u32, observer: &Observer, asked: Mask, _saw: Mask) {
        if self.is_told(asked) {
            let actor = self.model.labels.actors[observer.actor as usize].id.clone();
            let chance = self.last_chance;
            if let Some(rule) = self.rule(event) {
                rule.observers.push(told::Observer { actor, chance });
            }
        }
    }

    fn scheduled(&mut self, event: u32, mask: Mask, delays: &Lanes) {
        if self.is_told(mask) {
            let lands = self.turn + delays[self.lane] as u32;
            if let Some(rule) = self.rule(event) {
                rule.lands = Some(lands);
            }
        }
    }

    fn landed(&mut self, event: u32, mask: Mask) {
        if self.is_told(mask) && self.rule(event).is_none() {
            self.close();
            self.open = Open::Landing { event, changes: Vec::new() };
        }
    }

    fn dispatched(&mut self, event: u32, mask: Mask, amounts: &Lanes, arriving: &Lanes) {
        if self.is_told(mask) {
            let sent = Sent { amount: amounts[self.lane], arriving: arriving[self.lane] };
            if let Some(rule) = self.rule(event) {
                rule.sent = Some(sent);
            }
        }
    }

    fn effect(&mut self, effect: &Effect) {
        // The label outlives the effect: places are the model's.
        let path: &str = &self.model.labels.places[effect.place as usize].path;
        self.path = path;
        let is_open = match &self.open {
            Open::Dynamic { path: open, .. } => open == path,
            Open::Start { .. } => self.turn == 0,
            _ => false,
        };
        if is_open {
            return;
        }
        if path.starts_with("dynamics/") {
            self.close();
            self.open = Open::Dynamic { path: path.to_owned(), changes: Vec::new() };
        } else if self.turn == 0 {
            self.close();
            self.open = Open::Start { changes: Vec::new() };
        }
    }

    fn wants_assignments(&self) -> bool {
        true
    }

    fn assigned(&mut self, target: &Target, mask: Mask, before: &Lanes, after: &Lanes) {
        if !self.is_told(mask) {
            return;
        }
        let (before, after) = (before[self.lane], after[self.lane]);
        let change = match self.model.labels.variables.get(target.variable() as usize) {
            Some(label) => {
                let flag = ["false".to_owned(), "true".to_owned()];
                let values = if matches!(label.cell, Cell::Flag(_)) { &flag[..] } else { &label.values };
                let (before, after) = (named(before, values), named(after, values));
                Change { variable: label.path.clone(), unit: label.unit.clone(), before, after }
            }
            None => {
                let variable = self.path.trim_start_matches("parameters/").to_owned();
                Change { variable, unit: String::new(), before: "drawn".to_owned(), after: number(after) }
            }
        };
        match &mut self.open {
            Open::Rule(rule) => rule.changes.push(change),
            Open::Landing { changes, .. } | Open::Dynamic { changes, .. } | Open::Start { changes } => {
                changes.push(change);
            }
            Open::Nothing => {}
        }
    }

    fn failed(&mut self, turn: u32, place: u32, reason: Reason, mask: Mask) {
        if self.is_told(mask) {
            self.close();
            let place = &self.model.labels.places[place as usize];
            self.entry(Entry::Failure { site: place.path.clone(), expression: place.text.clone(), reason });
            self.ending = Ending::Failed { turn };
        }
    }

    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        if self.is_told(mask) {
            let id = self.model.labels.metrics[metric as usize].id.clone();
            let value = values.get(self.lane);
            if let Some(turn) = self.turns.last_mut() {
                turn.metrics.push((id, value));
            }
        }
    }

    fn passed(&mut self, milestone: u32, mask: Mask) {
        if self.is_told(mask) {
            self.close();
            let label = &self.model.labels.milestones[milestone as usize];
            self.entry(Entry::Milestone { id: label.id.clone(), title: label.title.clone() });
        }
    }

    fn ended(&mut self, turn: u32, outcome: u32, mask: Mask) {
        if self.is_told(mask) {
            self.close();
            let label = &self.model.labels.outcomes[outcome as usize];
            self.ending = Ending::Outcome { id: label.id.clone(), title: label.title.clone(), turn };
        }
    }
}

/// Answers nothing: what explains a guard draws nothing.
struct Nobody;

impl Answer for Nobody {
    fn answer(&mut self, _ask: u32, _mask: Mask, _arguments: &[&Lanes], to: &mut Lanes) {
        *to = [f64::NAN; LANES];
    }
}
