//! Who ends differently: pairs of replications on common luck, counted by the outcome of the reference and of the course.

use super::paired::Flips;
use super::paired_means::{Differences, Reach};
use serde::{Deserialize, Serialize};

/// How many pairs ended in each outcome of the reference (row) and of the course (column).
///
/// The last row and the last column are replications that failed; a failed replication has no outcome. Tables of disjoint
/// replications add up, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairTable {
    ends: usize,
    counts: Vec<u64>,
}

impl PairTable {
    /// An empty table for so many outcomes.
    pub fn new(outcomes: usize) -> Self {
        let ends = outcomes + 1;
        Self { ends, counts: vec![0; ends * ends] }
    }

    /// The number of outcomes, failure not among them.
    pub fn outcomes(&self) -> usize {
        self.ends - 1
    }

    /// Adds a pair; `None` is a replication that failed. An outcome beyond the table counts as failed.
    pub fn add(&mut self, reference: Option<usize>, course: Option<usize>) {
        self.add_pairs(reference, course, 1);
    }

    /// Adds several pairs that ended alike.
    pub fn add_pairs(&mut self, reference: Option<usize>, course: Option<usize>, pairs: u64) {
        let end = |outcome: Option<usize>| outcome.unwrap_or(usize::MAX).min(self.ends - 1);
        let cell = end(reference) * self.ends + end(course);
        self.counts[cell] += pairs;
    }

    /// How many pairs ended so.
    pub fn count(&self, reference: Option<usize>, course: Option<usize>) -> u64 {
        let end = |outcome: Option<usize>| outcome.unwrap_or(self.ends - 1);
        self.counts.get(end(reference) * self.ends + end(course)).copied().unwrap_or(0)
    }

    /// Adds the pairs of other replications.
    pub fn merge(&mut self, other: &Self) {
        assert!(self.ends == other.ends, "tables of one comparison have the same outcomes");
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
    }

    /// All pairs.
    pub fn pairs(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Pairs that ended differently, a failure on one side among them.
    pub fn ended_differently(&self) -> u64 {
        self.cells().filter(|&(reference, course, _)| reference != course).map(|(_, _, count)| count).sum()
    }

    /// The pairs by who has one of the outcomes that `has` names: one outcome, or several together.
    ///
    /// ```
    /// use escalate::statistics::pairs::PairTable;
    ///
    /// let mut table = PairTable::new(2);
    /// table.add(Some(0), Some(1));
    /// table.add(Some(0), None);
    /// let flips = table.flips(|outcome| outcome == 1);
    /// assert_eq!((flips.pairs, flips.gained, flips.lost), (2, 1, 0));
    /// ```
    pub fn flips(&self, has: impl Fn(usize) -> bool) -> Flips {
        let mut flips = Flips::default();
        for (reference, course, count) in self.cells() {
            flips.pairs += count;
            match (reference.is_some_and(&has), course.is_some_and(&has)) {
                (true, true) => flips.both += count,
                (false, true) => flips.gained += count,
                (true, false) => flips.lost += count,
                (false, false) => {}
            }
        }
        flips
    }

    /// The pairs by whose replication failed.
    pub fn flips_of_failure(&self) -> Flips {
        let mut flips = self.flips(|_| true);
        let neither = flips.pairs - flips.both - flips.gained - flips.lost;
        (flips.gained, flips.lost, flips.both) = (flips.lost, flips.gained, neither);
        flips
    }

    /// The differences of a number that each outcome has, such as its severity: that of the course less that of the
    /// reference. Outcomes without a number count as failed.
    pub fn differences(&self, numbers: &[f64]) -> (Differences, Reach) {
        let finite = || numbers.iter().copied().filter(|number| number.is_finite());
        let (low, high) = (finite().fold(f64::INFINITY, f64::min), finite().fold(f64::NEG_INFINITY, f64::max));
        let reach = Reach::new(high - low);
        let mut differences = Differences::default();
        let number = |end: Option<usize>| end.and_then(|end| numbers.get(end).copied()).unwrap_or(f64::NAN);
        for (reference, course, count) in self.cells() {
            differences.add(&reach, number(course) - number(reference), count);
        }
        (differences, reach)
    }

    /// How many replications of the reference ended in each outcome; those that failed are in none.
    pub fn reference_counts(&self) -> Vec<u64> {
        let row = |outcome: usize| self.counts[outcome * self.ends..(outcome + 1) * self.ends].iter().sum();
        (0..self.outcomes()).map(row).collect()
    }

    /// How many replications of the course ended in each outcome; those that failed are in none.
    pub fn course_counts(&self) -> Vec<u64> {
        (0..self.outcomes()).map(|outcome| self.counts.iter().skip(outcome).step_by(self.ends).sum()).collect()
    }

    /// The cells, row by row: outcome of the reference, outcome of the course, pairs.
    pub fn cells(&self) -> impl Iterator<Item = (Option<usize>, Option<usize>, u64)> {
        let end = |index: usize| (index + 1 < self.ends).then_some(index);
        self.counts.iter().enumerate().map(move |(at, &count)| (end(at / self.ends), end(at % self.ends), count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> PairTable {
        let mut table = PairTable::new(2);
        for (reference, course, count) in [
            (Some(0), Some(0), 5),
            (Some(0), Some(1), 3),
            (Some(1), Some(0), 1),
            (None, Some(1), 2),
            (Some(0), None, 1),
        ] {
            for _ in 0..count {
                table.add(reference, course);
            }
        }
        table
    }

    #[test]
    fn flips_count_failures_as_having_nothing() {
        let table = table();
        assert_eq!((table.pairs(), table.ended_differently(), table.outcomes()), (12, 7, 2));
        assert_eq!(table.flips(|outcome| outcome == 1), Flips { pairs: 12, both: 0, gained: 5, lost: 1 });
        assert_eq!(table.flips(|_| true), Flips { pairs: 12, both: 9, gained: 2, lost: 1 });
        assert_eq!(table.count(None, Some(1)), 2);
        assert_eq!((table.reference_counts(), table.course_counts()), (vec![9, 1], vec![6, 5]));
    }

    #[test]
    fn tables_add_up() {
        let (mut one, other) = (table(), table());
        one.merge(&other);
        assert_eq!(one.count(Some(0), Some(1)), 6);
        assert_eq!(one.flips(|outcome| outcome == 0).both, 10);
    }

    #[test]
    fn differences_leave_failures_out_and_count_them() {
        let (differences, reach) = table().differences(&[1.0, 4.0]);
        assert_eq!((differences.pairs(), differences.failed, differences.differing), (9, 3, 4));
        assert!((differences.mean(&reach) - (3.0 * 3.0 - 3.0) / 9.0).abs() < 1e-12);
    }
}
