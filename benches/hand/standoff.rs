//! A long stand-off with flags, cooldowns, limits and delays: `scenarios/benchmarks/standoff.toml` as a program.

use super::Xoshiro;
use super::table::{Table, bin};

const TURNS: usize = 365;
const BINS: usize = 1_024;
pub type Counts = Table<{ TURNS + 1 }, 2, 6, BINS>;

const PATROL: usize = 0;
const INCIDENT: usize = 1;
const ALERT_RAISED: usize = 2;
const SANCTIONS: usize = 3;
const TALKS: usize = 4;
const CLASH: usize = 5;

/// A replication. Turns of what has not happened lie far back.
struct World {
    tension: f64,
    economy: f64,
    alert: bool,
    patrol: isize,
    incident: isize,
    talks: isize,
    /// The turn in which the alert lands, if it is under way.
    alert_due: Option<usize>,
    sanctions: u32,
    /// By turn modulo 32: how many sanctions land.
    sanctions_due: [u8; 32],
    clashes: u32,
}

const NEVER: isize = -1_000;
const START: World = World {
    tension: 0.3,
    economy: 0.8,
    alert: false,
    patrol: NEVER,
    incident: NEVER,
    talks: NEVER,
    alert_due: None,
    sanctions: 0,
    sanctions_due: [0; 32],
    clashes: 0,
};

/// The text of the scenario.
pub fn scenario() -> String {
    include_str!("../../scenarios/benchmarks/standoff.toml").to_owned()
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn bounded(value: f64) -> f64 {
    value.clamp(0.0, 1.0)
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        counts.begin();
        let mut world = START;
        counts.measured(0, bin::<BINS>(world.tension));
        let mut ended = (1, TURNS);
        for turn in 1..=TURNS {
            world.arrivals(turn);
            world.triggers(turn, counts, luck);
            counts.measured(turn, bin::<BINS>(world.tension));
            if world.clashes >= 2 {
                ended = (0, turn);
                break;
            }
        }
        counts.ended(ended.0, ended.1, bin::<BINS>(world.tension));
    }
}

impl World {
    /// What lands, and what changes every turn.
    fn arrivals(&mut self, turn: usize) {
        if self.alert_due == Some(turn) {
            self.alert_due = None;
            self.alert = true;
            self.tension = bounded(self.tension + 0.05);
        }
        for _ in 0..std::mem::take(&mut self.sanctions_due[turn % 32]) {
            self.economy = bounded(self.economy - 0.2);
            self.tension = bounded(self.tension + 0.03);
        }
        self.tension = bounded(self.tension - 0.02 * (self.tension - 0.2));
        self.economy = bounded(self.economy + 0.01 * (0.8 - self.economy));
    }

    fn triggers(&mut self, turn: usize, counts: &mut Counts, luck: &mut Xoshiro) {
        let now = turn as isize;
        if now > self.patrol + 3 && !self.alert && luck.comes(0.2) {
            counts.fired(PATROL, turn);
            self.patrol = now;
            self.tension = bounded(self.tension + 0.03);
        }
        if now > self.incident + 5 && luck.comes(0.02 + 0.1 * self.tension) {
            counts.fired(INCIDENT, turn);
            self.incident = now;
            self.tension = bounded(self.tension + 0.06);
        }
        if self.tension > 0.45 && !self.alert && self.alert_due.is_none() && luck.comes(0.3) {
            counts.fired(ALERT_RAISED, turn);
            self.alert_due = Some(turn + 2);
        }
        if self.sanctions < 3 && self.tension > 0.4 && luck.comes(0.05) {
            counts.fired(SANCTIONS, turn);
            self.sanctions += 1;
            self.sanctions_due[(turn + 5 + luck.below(16) as usize) % 32] += 1;
        }
        if now > self.talks + 30 && self.alert && self.economy < 0.7 && luck.comes(0.04) {
            counts.fired(TALKS, turn);
            self.talks = now;
            self.alert = false;
            self.tension = bounded(self.tension - 0.2);
        }
        if self.alert && now <= self.incident + 1 && luck.comes(0.1 * self.tension) {
            counts.fired(CLASH, turn);
            self.clashes += 1;
            self.tension = bounded(self.tension + 0.1);
        }
    }
}
