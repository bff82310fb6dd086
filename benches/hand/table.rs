//! The counts of the smaller models: outcomes, firings and one histogram, each by turn, as the engine makes them.

use super::Counts;

/// `T` is the turns and one, for turn 0; `O` outcomes, `E` events, `B` bins of the histogram.
pub struct Table<const T: usize, const O: usize, const E: usize, const B: usize> {
    pub outcomes: [[u64; T]; O],
    pub fired: [[u64; T]; E],
    pub first_fired: [[u64; T]; E],
    /// What has ended keeps its last value.
    pub bins: [[u64; B]; T],
    /// The events that have fired in this replication.
    ever: [bool; E],
}

/// Which of so many bins a number from 0 to 1 lies in.
pub fn bin<const B: usize>(value: f64) -> usize {
    ((value * B as f64) as usize).min(B - 1)
}

impl<const T: usize, const O: usize, const E: usize, const B: usize> Table<T, O, E, B> {
    pub fn empty() -> Self {
        Self {
            outcomes: [[0; T]; O],
            fired: [[0; T]; E],
            first_fired: [[0; T]; E],
            bins: [[0; B]; T],
            ever: [false; E],
        }
    }

    pub fn begin(&mut self) {
        self.ever = [false; E];
    }

    #[inline]
    pub fn fired(&mut self, event: usize, turn: usize) {
        self.fired[event][turn] += 1;
        self.first_fired[event][turn] += u64::from(!self.ever[event]);
        self.ever[event] = true;
    }

    #[inline]
    pub fn measured(&mut self, turn: usize, bin: usize) {
        self.bins[turn][bin] += 1;
    }

    /// The replication ends in this turn, in which it was measured as this.
    pub fn ended(&mut self, outcome: usize, turn: usize, bin: usize) {
        self.outcomes[outcome][turn] += 1;
        for bins in &mut self.bins[turn + 1..] {
            bins[bin] += 1;
        }
    }
}

/// What of a table can be held against the engine's counts, whatever its size.
pub struct Totals {
    pub outcomes: Vec<u64>,
    /// In how many replications each event came.
    pub events: Vec<u64>,
    /// By turn and bin.
    pub bins: Vec<Vec<u64>>,
}

impl<const T: usize, const O: usize, const E: usize, const B: usize> Table<T, O, E, B> {
    pub fn totals(&self) -> Totals {
        Totals {
            outcomes: self.outcomes.iter().map(|by_turn| by_turn.iter().sum()).collect(),
            events: self.first_fired.iter().map(|by_turn| by_turn.iter().sum()).collect(),
            bins: self.bins.iter().map(|bins| bins.to_vec()).collect(),
        }
    }
}

impl<const T: usize, const O: usize, const E: usize, const B: usize> Counts for Table<T, O, E, B> {
    fn merge(&mut self, other: &Self) {
        add(self.outcomes.as_flattened_mut(), other.outcomes.as_flattened());
        add(self.fired.as_flattened_mut(), other.fired.as_flattened());
        add(self.first_fired.as_flattened_mut(), other.first_fired.as_flattened());
        add(self.bins.as_flattened_mut(), other.bins.as_flattened());
    }
}

/// Adds counts to counts.
pub fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}
