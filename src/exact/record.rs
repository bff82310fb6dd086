//! Writes down what happens to the lanes of a block while their weights are not yet known.

use crate::engine::Watch;
use crate::expression::{LANES, Lanes, Mask, Value};
use crate::results::Reason;

/// What happened in one block, by lanes.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub fired: Vec<(u32, Mask)>,
    pub passed: Vec<(u32, Mask)>,
    pub ended: Vec<(u32, Mask)>,
    pub failed: Vec<(u32, Reason, Mask)>,
    pub measured: Vec<(u32, Mask, Box<Lanes>)>,
}

impl Record {
    pub fn clear(&mut self) {
        self.fired.clear();
        self.passed.clear();
        self.ended.clear();
        self.failed.clear();
        self.measured.clear();
    }

    /// The lanes that came to an end, one way or the other.
    pub fn finished(&self) -> Mask {
        let ended = self.ended.iter().fold(0, |all, (_, mask)| all | mask);
        self.failed.iter().fold(ended, |all, (.., mask)| all | mask)
    }
}

impl Watch for Record {
    fn fired(&mut self, event: u32, mask: Mask) {
        self.fired.push((event, mask));
    }

    fn passed(&mut self, milestone: u32, mask: Mask) {
        self.passed.push((milestone, mask));
    }

    fn ended(&mut self, _turn: u32, outcome: u32, mask: Mask) {
        self.ended.push((outcome, mask));
    }

    fn failed(&mut self, _turn: u32, place: u32, reason: Reason, mask: Mask) {
        self.failed.push((place, reason, mask));
    }

    fn measured(&mut self, metric: u32, mask: Mask, values: Value<'_>) {
        let lanes = match values {
            Value::Lanes(lanes) => *lanes,
            Value::Constant(value) => [value; LANES],
        };
        self.measured.push((metric, mask, Box::new(lanes)));
    }
}
