//! Takes states through a part of a turn by the engine itself, 64 ways at a time.

use super::follow::{Follower, Way};
use super::layer::{Layer, Layout, mask_of_first};
use super::record::Record;
use super::weight::Weight;
use crate::engine::{Play, Program};
use crate::expression::{Bank, LANES, Mask};
use crate::model::{Model, Step, uses};
use std::ops::Range;

/// Ways that may be followed from one chunk of states through one segment.
pub(super) const WAYS_MAX: usize = 1 << 20;

/// Steps that are taken without a look at which states have become equal: at most the last of them asks anything.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segment {
    pub turn: u32,
    /// None for turn 0.
    pub steps: Vec<Step>,
    /// The place of the last step among those of its turn.
    pub last: usize,
}

/// A turn cut after every step that asks something.
pub(super) fn segments(model: &Model, steps: &[Step], turn: u32) -> Vec<Segment> {
    let mut all = Vec::new();
    let mut open = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        let is_end = place + 1 == steps.len();
        if !uses::is_idle(model, *step, turn) {
            open.push(*step);
        }
        if is_end || uses::asks(model, *step, turn) {
            all.push(Segment { turn, steps: std::mem::take(&mut open), last: place });
        }
    }
    all
}

/// What became of a block of ways.
pub(super) struct Walked<'a, W> {
    pub ways: &'a [Way<W>],
    pub record: &'a Record,
    pub bank: &'a Bank,
    /// The lanes that go on, and their rows.
    pub active: Mask,
    pub rows: &'a [u64],
}

/// More ways than can be followed.
pub(super) struct TooManyWays;

/// What one thread needs.
pub(super) struct Walker<'m, W> {
    program: &'m Program<'m>,
    bank: Bank,
    follower: Follower<W>,
    record: Record,
    rows: Vec<u64>,
    /// An event: what fires it is not carried on.
    stop: Option<u32>,
}

impl<'m, W: Weight> Walker<'m, W> {
    pub fn new(program: &'m Program<'m>, stop: Option<u32>) -> Self {
        let (bank, record) = (program.bank(), Record::default());
        Self { program, bank, follower: Follower::new(), record, rows: Vec::new(), stop }
    }

    /// Follows every way from some rows of a layer through a segment, each beginning with its weight, and hands over
    /// what became of them.
    pub fn walk<V>(
        &mut self,
        from: &Layer<V>,
        range: Range<usize>,
        segment: &Segment,
        to: &Layout,
        weight: impl Fn(usize) -> W,
        mut each: impl FnMut(&Walked<'_, W>),
    ) -> Result<(), TooManyWays> {
        let mut next = range.start;
        let mut followed = 0;
        loop {
            self.follower.ways.clear();
            while self.follower.ways.len() < LANES {
                match self.follower.waiting.pop() {
                    Some(way) => self.follower.ways.push(way),
                    None if next < range.end => {
                        self.follower.ways.push(Way { row: next as u32, script: Vec::new(), weight: weight(next) });
                        next += 1;
                    }
                    None => break,
                }
            }
            if self.follower.ways.is_empty() {
                return Ok(());
            }
            followed += self.follower.ways.len();
            if followed > WAYS_MAX {
                self.follower.waiting.clear();
                return Err(TooManyWays);
            }
            let mut active = self.run(from, segment);
            if let Some(stop) = self.stop {
                self.record.fired.iter().filter(|(event, _)| *event == stop).for_each(|(_, mask)| active &= !mask);
            }
            to.store(&self.bank, active, &mut self.rows);
            each(&Walked {
                ways: &self.follower.ways,
                record: &self.record,
                bank: &self.bank,
                active,
                rows: &self.rows,
            });
        }
    }

    /// Runs a block of ways through a segment; the lanes that go on.
    fn run<V>(&mut self, from: &Layer<V>, segment: &Segment) -> Mask {
        let Self { program, bank, follower, record, .. } = self;
        let ways = &follower.ways;
        let mask = mask_of_first(ways.len());
        let mut rows: [&[u64]; LANES] = [&[]; LANES];
        for (row, way) in rows.iter_mut().zip(ways) {
            *row = from.row(way.row as usize);
        }
        from.layout.load(bank, &rows[..ways.len()]);
        follower.begin();
        record.clear();
        let mut run = Play::new(program, bank, follower, record);
        if segment.turn == 0 {
            run.start(mask);
        } else {
            run.resume(segment.turn, mask);
            segment.steps.iter().for_each(|step| run.step(*step));
        }
        run.active()
    }
}
