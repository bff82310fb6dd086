//! One stage of splitting: copies run from where they enter a level to where they enter the next.

use super::asks::Asking;
use super::sample::Candidate;
use super::states::{Entrance, Entrances, each, first_lanes, start_of};
use crate::draws::{Draw, Key, Site, forced_copy_number};
use crate::engine::{Play, Program, Watch};
use crate::expression::{Answer, Bank, LANES, Lanes, Mask};
use crate::model::{Climb, Goal};
use crate::provenance::digest;
use crate::results::Reason;

/// The site of the offsets of resampling: no site of a scenario begins so.
const OFFSETS: &str = "splitting/offset";

/// The site of the draws that decide which asks are kept to be answered by force.
const PRIORITIES: &str = "splitting/priority";

/// Which copies run, from where, and how far.
pub(super) struct Stage<'a> {
    /// 0 for the pilot.
    pub estimate: u64,
    pub level: u64,
    /// How many answers the copies and their ancestors were given by force.
    pub order: u64,
    pub copies: u64,
    /// The part of the probability for which a copy stands, but for the weight of its entrance.
    pub scale: f64,
    /// The entrances from which they start; none at turn 0.
    pub from: Option<&'a Entrances>,
    /// The importance at which they stop; none if only the goal stops them.
    pub upto: Option<f64>,
}

/// What became of them.
pub(super) struct Reached {
    /// Those that entered the next level, or reached the goal.
    pub entrances: Entrances,
    /// The highest importance of each copy; infinite if it reached the goal.
    pub highest: Vec<f64>,
    pub turns_played: u64,
    pub failed: u64,
    pub without_importance: u64,
}

/// A copy that is to run.
#[derive(Clone, Copy)]
struct Start {
    /// The entrance, and how it was entered; none at turn 0.
    from: Option<(usize, Entrance)>,
}

/// What one thread needs.
pub(super) struct Worker<'m> {
    program: &'m Program<'m>,
    climb: &'m Climb,
    bank: Bank,
    pub asking: Asking,
    key: Key,
    offsets: Site,
    priorities: Site,
    seen: Seen,
}

impl<'m> Worker<'m> {
    pub fn new(program: &'m Program<'m>, climb: &'m Climb, seed: u64) -> Self {
        Self {
            program,
            climb,
            bank: program.bank(),
            asking: Asking::new(program.model(), seed),
            key: Key::from_seed(seed),
            offsets: Site::from_digest(&digest(OFFSETS.as_bytes())),
            priorities: Site::from_digest(&digest(PRIORITIES.as_bytes())),
            seen: Seen { goal: climb.goal, reached: 0, failed: 0 },
        }
    }

    /// Runs the copies of a stage, 64 at a time.
    pub fn stage(&mut self, stage: &Stage<'_>) -> Reached {
        let copies = stage.copies as usize;
        let mut reached = Reached {
            entrances: Entrances::new(self.program.model()),
            highest: vec![f64::NEG_INFINITY; copies],
            turns_played: 0,
            failed: 0,
            without_importance: 0,
        };
        let starts = self.starts(stage);
        for (block, starts) in starts.chunks(LANES).enumerate() {
            self.block(stage, block * LANES, starts, &mut reached);
        }
        reached.entrances.sort();
        reached
    }

    /// From where each copy starts; copies of entrances in order of turns are in order of turns themselves.
    fn starts(&self, stage: &Stage<'_>) -> Vec<Start> {
        let Some(from) = stage.from else { return vec![Start { from: None }; stage.copies as usize] };
        let offset = self.drawn_for(self.offsets, stage.estimate, stage.level, stage.order);
        let start = |index| {
            let entrance = start_of(index, stage.copies, from.list.len() as u64, offset);
            Start { from: Some((entrance, from.list[entrance])) }
        };
        (0..stage.copies).map(start).collect()
    }

    /// Bits that a level draws once, under the number of its copy 0.
    fn drawn_for(&self, site: Site, estimate: u64, level: u64, order: u64) -> u64 {
        let number = forced_copy_number(estimate, level, order, 0).unwrap_or_default();
        Draw::new(site, 0, 0).map_or(0, |draw| draw.bits(&self.key, number))
    }

    /// Begins the sample of the asks of an estimate that are answered by force after this order.
    pub fn begin_sample(&mut self, quota: usize, estimate: u64, order: u64) {
        let seed = self.drawn_for(self.priorities, estimate, 0, order);
        self.asking.sample.begin(quota, seed);
    }

    /// Plays the turns in which the sampled asks were asked once more, each with its answer given by force; the states
    /// at their ends, for those that have not come to another end, and how many turns that took.
    pub fn force(&mut self) -> (Entrances, u64) {
        let mut entrances = Entrances::new(self.program.model());
        let sampled = self.asking.sample.take();
        let turns_played = sampled.len() as u64;
        self.asking.declare(None);
        for (index, (candidate, weight)) in sampled.into_iter().enumerate() {
            self.forced(&candidate, index as u32, weight, &mut entrances);
        }
        self.asking.force(None);
        entrances.sort();
        (entrances, turns_played)
    }

    fn forced(&mut self, candidate: &Candidate, root: u32, weight: f64, entrances: &mut Entrances) {
        let lane = (candidate.number % LANES as u64) as usize;
        self.asking.enter(candidate.number - lane as u64);
        self.asking.weights = [weight; LANES];
        self.asking.force(Some((candidate.ask, candidate.answer)));
        self.seen.reached = 0;
        let turn = candidate.ask.turn;
        let active = match &candidate.state {
            None => {
                let mut run = Play::new(self.program, &mut self.bank, &mut self.asking, &mut self.seen);
                run.start(1 << lane);
                run.active()
            }
            Some(state) => {
                state.put(&mut self.bank, lane);
                self.turn(turn - 1, 1 << lane)
            }
        };
        let goal = std::mem::take(&mut self.seen.reached) >> lane & 1 == 1;
        if active >> lane & 1 == 1 || goal {
            let importance = self.bank.number(&self.climb.importance, 1 << lane, &mut Nobody).get(lane);
            let entrance = Entrance { turn, copy: root, parent: 0, root, importance, goal, direct: None, weight };
            entrances.take(entrance, &self.bank, lane);
        }
    }

    fn block(&mut self, stage: &Stage<'_>, first: usize, starts: &[Start], reached: &mut Reached) {
        let number = forced_copy_number(stage.estimate, stage.level, stage.order, first as u64).unwrap_or_default();
        self.asking.enter(number);
        self.asking.weights = [stage.scale; LANES];
        for (weight, start) in self.asking.weights.iter_mut().zip(starts) {
            *weight *= start.from.map_or(1.0, |(_, entrance)| entrance.weight);
        }
        self.seen.reached = 0;
        self.seen.failed = 0;
        let mut block = Block { stage, first, starts, reached, without: 0 };
        let mut waiting = first_lanes(starts.len());
        let (mut turn, mut active) = (0, 0);
        match stage.from {
            None => {
                let mut run = Play::new(self.program, &mut self.bank, &mut self.asking, &mut self.seen);
                run.start(waiting);
                active = run.active() & !self.leave();
                waiting = 0;
                active = self.look(turn, active, &mut block);
            }
            Some(from) => waiting &= !block.pass_on(from),
        }
        loop {
            if active == 0 {
                let Some(next) = each(waiting).next() else { break };
                turn = block.turn_of(next);
            }
            for lane in each(waiting) {
                if block.turn_of(lane) > turn {
                    break;
                }
                if let (Some(from), Some((entrance, _))) = (stage.from, block.starts[lane].from) {
                    from.put(entrance, &mut self.bank, lane);
                }
                active |= 1 << lane;
                waiting &= !(1 << lane);
            }
            block.reached.turns_played += u64::from(active.count_ones());
            self.asking.remember(&self.bank);
            active = self.turn(turn, active) & !self.leave();
            turn += 1;
            active = self.look(turn, active, &mut block);
        }
        block.reached.failed += u64::from(self.seen.failed.count_ones());
        block.reached.without_importance += u64::from(block.without.count_ones());
    }

    /// Plays the turn after this one, and says which lanes go on.
    fn turn(&mut self, turn: u32, active: Mask) -> Mask {
        let mut run = Play::new(self.program, &mut self.bank, &mut self.asking, &mut self.seen);
        run.resume(turn, active);
        run.next_turn();
        run.active()
    }

    /// The lanes that have drawn a rare answer: what becomes of them is not seen here.
    fn leave(&mut self) -> Mask {
        let left = self.asking.left();
        self.seen.reached &= !left;
        self.seen.failed &= !left;
        left
    }

    /// Looks at how far lanes have come at the end of a turn; those that have come far enough stop.
    fn look(&mut self, turn: u32, active: Mask, block: &mut Block<'_>) -> Mask {
        let goal = std::mem::take(&mut self.seen.reached);
        let asked = active | goal;
        if asked == 0 {
            return active;
        }
        let values = self.bank.number(&self.climb.importance, asked, &mut Nobody);
        let values = std::array::from_fn::<f64, LANES, _>(|lane| values.get(lane));
        let mut stopped = goal;
        for lane in each(asked) {
            let (value, at_goal) = (values[lane], goal >> lane & 1 == 1);
            let passes = block.stage.upto.is_some_and(|upto| value >= upto);
            if value.is_nan() {
                block.without |= 1 << lane;
            }
            block.note(lane, if at_goal { f64::INFINITY } else { value });
            if at_goal || passes {
                let direct = (at_goal && !passes && block.stage.upto.is_some()).then_some(block.stage.level as u8);
                let entrance = Entrance { turn, importance: value, goal: at_goal, direct, ..block.entrance(lane) };
                block.reached.entrances.take(entrance, &self.bank, lane);
                stopped |= 1 << lane;
            }
        }
        active & !stopped
    }
}

/// A block of copies on its way.
struct Block<'a> {
    stage: &'a Stage<'a>,
    /// The index of the copy in lane 0.
    first: usize,
    starts: &'a [Start],
    reached: &'a mut Reached,
    /// The lanes in which the importance had no value at some time.
    without: Mask,
}

impl Block<'_> {
    /// The turn at whose end a lane's copy starts.
    fn turn_of(&self, lane: usize) -> u32 {
        self.starts[lane].from.map_or(0, |(_, entrance)| entrance.turn)
    }

    fn note(&mut self, lane: usize, importance: f64) {
        let highest = &mut self.reached.highest[self.first + lane];
        if importance > *highest {
            *highest = importance;
        }
    }

    /// What an entrance of a lane's copy would be at its start.
    fn entrance(&self, lane: usize) -> Entrance {
        let copy = (self.first + lane) as u32;
        match self.starts[lane].from {
            Some((parent, entrance)) => Entrance { copy, parent: parent as u32, ..entrance },
            None => Entrance {
                turn: 0,
                copy,
                parent: 0,
                root: copy,
                importance: f64::NAN,
                goal: false,
                direct: None,
                weight: 1.0,
            },
        }
    }

    /// Copies whose start lies behind the next level already: they enter it there and then.
    fn pass_on(&mut self, from: &Entrances) -> Mask {
        let mut passed = 0;
        for (lane, start) in self.starts.iter().enumerate() {
            let Some((parent, start)) = start.from else { continue };
            self.note(lane, if start.goal { f64::INFINITY } else { start.importance });
            if start.goal || self.stage.upto.is_some_and(|upto| start.importance >= upto) {
                self.reached.entrances.pass_on(self.entrance(lane), from, parent);
                passed |= 1 << lane;
            }
        }
        passed
    }
}

/// Sees which lanes reach the goal, and which fail.
struct Seen {
    goal: Goal,
    reached: Mask,
    failed: Mask,
}

impl Watch for Seen {
    fn failed(&mut self, _turn: u32, _place: u32, _reason: Reason, lanes: Mask) {
        self.failed |= lanes;
    }

    fn passed(&mut self, milestone: u32, lanes: Mask) {
        if self.goal == Goal::Milestone(milestone) {
            self.reached |= lanes;
        }
    }

    fn ended(&mut self, _turn: u32, outcome: u32, lanes: Mask) {
        if self.goal == Goal::Outcome(outcome) {
            self.reached |= lanes;
        }
    }
}

/// Answers nothing: an importance draws nothing.
struct Nobody;

impl Answer for Nobody {
    fn answer(&mut self, _ask: u32, _mask: Mask, _arguments: &[&Lanes], to: &mut Lanes) {
        *to = [f64::NAN; LANES];
    }
}
