//! Assignments that need no tape: what becomes of a number follows from that number alone.

use super::effect::{Effect, Target};
use crate::expression::{Assign, Binary, Op, Output, Tape};
use crate::wide::Wide;

/// So many updates are made at once.
pub const TOGETHER: usize = 4;

/// What becomes of a number x: x · factor + term, at least `least` and at most `most`, and then held to the bounds
/// `min` and `max` of its variable, which are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Update {
    pub column: u32,
    pub variable: u32,
    pub factor: f64,
    pub term: f64,
    pub least: f64,
    pub most: f64,
    pub min: f64,
    pub max: f64,
}

/// A bound of a variable, as a place among four counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    Lower = 0,
    Upper = 1,
    Neither = 3,
}

/// Up to four updates, kept field by field, so that all of a lane are made at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Bundle {
    pub columns: [u32; TOGETHER],
    pub variables: [u32; TOGETHER],
    pub terms: [f64; TOGETHER],
    pub mins: [f64; TOGETHER],
    pub maxs: [f64; TOGETHER],
    /// The bound that they can pass.
    pub bounds: [Bound; TOGETHER],
    /// What there is to them but adding.
    more: Option<Box<More>>,
    count: u32,
}

#[derive(Debug, Clone, PartialEq)]
struct More {
    factors: [f64; TOGETHER],
    leasts: [f64; TOGETHER],
    mosts: [f64; TOGETHER],
}

impl Update {
    /// What an effect does to its number, if it can be said so.
    pub fn of(effect: &Effect) -> Option<Self> {
        let Target::Number { column, min, max, fails: false, variable } = effect.target else { return None };
        let (least, most) = (f64::NEG_INFINITY, f64::INFINITY);
        let update = Self { column, variable, factor: 1.0, term: 0.0, least, most, min, max };
        let update = match (effect.value.output, effect.op) {
            (Output::Constant(value), Assign::Set) => Self { least: value, most: value, ..update },
            (Output::Constant(value), Assign::Add) => Self { term: value, ..update },
            (Output::Constant(value), Assign::Subtract) => Self { term: -value, ..update },
            (Output::Constant(value), Assign::Multiply) => Self { factor: value, ..update },
            (Output::Number(_), Assign::Set) => update.by_tape(&effect.value)?,
            _ => return None,
        };
        // −0 is not told from 0, and must not be left behind.
        let update = Self { min: min + 0.0, max: max + 0.0, term: update.term + 0.0, ..update };
        let finite = [min, max, update.factor, update.term].iter().all(|number| number.is_finite());
        let held = !update.least.is_nan() && !update.most.is_nan();
        (finite && held && update.passes() != (true, true)).then(|| update.simplified())
    }

    /// A tape of one operation on the number itself.
    fn by_tape(self, tape: &Tape) -> Option<Self> {
        match (&tape.ops[..], &tape.multiples[..]) {
            ([Op::Scalar { function: Binary::Max, a, b, .. }], _) if *a == self.column => {
                Some(Self { least: *b, ..self })
            }
            ([Op::Scalar { function: Binary::Min, a, b, .. }], _) if *a == self.column => {
                Some(Self { most: *b, ..self })
            }
            ([Op::Sum { start, end, .. }], [multiple]) if multiple.column == self.column && *end == 0.0 => {
                Some(Self { factor: multiple.factor, term: *start, ..self })
            }
            _ => None,
        }
    }

    /// Which bounds it can pass, the lower and the upper: it rises or falls with x, so the extremes are where x is
    /// extreme.
    fn passes(&self) -> (bool, bool) {
        let (one, other) = (self.before_bounds(self.min), self.before_bounds(self.max));
        ((one < self.min) | (other < self.min), (one > self.max) | (other > self.max))
    }

    /// What can pass neither bound may be held to tighter ones instead of to `least` and `most`.
    fn simplified(self) -> Self {
        if self.factor != 1.0 || self.passes() != (false, false) {
            return self;
        }
        let (min, max) = (self.min.max(self.least) + 0.0, self.max.min(self.most) + 0.0);
        Self { min, max, least: f64::NEG_INFINITY, most: f64::INFINITY, ..self }
    }

    /// Whether it does no more than add.
    fn is_sum(&self) -> bool {
        self.factor == 1.0 && self.least == f64::NEG_INFINITY && self.most == f64::INFINITY
    }

    /// What becomes of x before it is held to the variable's bounds.
    #[inline(always)]
    pub fn before_bounds(&self, x: f64) -> f64 {
        held(x * self.factor + self.term, self.least, self.most) + 0.0
    }
}

impl Bundle {
    /// The first four of these.
    pub fn new(updates: &[Update]) -> Self {
        fn all<T: Copy>(updates: &[Update], other: T, field: impl Fn(&Update) -> T) -> [T; TOGETHER] {
            std::array::from_fn(|index| updates.get(index).map_or(other, &field))
        }
        let more = More {
            factors: all(updates, 1.0, |update| update.factor),
            leasts: all(updates, f64::NEG_INFINITY, |update| update.least),
            mosts: all(updates, f64::INFINITY, |update| update.most),
        };
        Self {
            columns: all(updates, 0, |update| update.column),
            variables: all(updates, 0, |update| update.variable),
            terms: all(updates, 0.0, |update| update.term),
            mins: all(updates, 0.0, |update| update.min),
            maxs: all(updates, 0.0, |update| update.max),
            bounds: all(updates, Bound::Neither, |update| match update.passes() {
                (false, false) => Bound::Neither,
                (true, _) => Bound::Lower,
                (false, true) => Bound::Upper,
            }),
            more: updates.iter().any(|update| !update.is_sum()).then(|| Box::new(more)),
            count: updates.len().min(TOGETHER) as u32,
        }
    }

    #[inline(always)]
    pub fn count(&self) -> usize {
        self.count as usize
    }

    /// Whether all it does is to add.
    #[inline(always)]
    pub fn adds(&self) -> bool {
        self.more.is_none()
    }

    /// One of its updates.
    #[inline(always)]
    pub fn update(&self, index: usize) -> Update {
        let (factor, least, most) = match &self.more {
            None => (1.0, f64::NEG_INFINITY, f64::INFINITY),
            Some(more) => (more.factors[index], more.leasts[index], more.mosts[index]),
        };
        Update {
            column: self.columns[index],
            variable: self.variables[index],
            factor,
            term: self.terms[index],
            least,
            most,
            min: self.mins[index],
            max: self.maxs[index],
        }
    }

    /// What one of its updates makes of four numbers, before they are held to their bounds.
    #[inline(always)]
    pub fn before_bounds<X: Wide>(&self, wide: X, index: usize, numbers: X::Four) -> X::Four {
        let term = wide.all(self.terms[index]);
        let Some(more) = &self.more else { return wide.plus(numbers, term) };
        let sums = wide.plus(wide.times(numbers, wide.all(more.factors[index])), term);
        let held = wide.lesser(wide.greater(sums, wide.all(more.leasts[index])), wide.all(more.mosts[index]));
        wide.plus(held, wide.all(0.0))
    }
}

/// A number held between two bounds; without a value it stays so.
#[inline(always)]
pub fn held(x: f64, min: f64, max: f64) -> f64 {
    let x = if x < min { min } else { x };
    if x > max { max } else { x }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::Interval;
    use crate::wide::Portable;

    fn tape(ops: Vec<Op>, output: Output) -> Tape {
        let range = Interval::ALL;
        Tape { ops, multiples: Vec::new(), arguments: Vec::new(), output, range, numbers: 1, flags: 0 }
    }

    fn constant(value: f64) -> Tape {
        tape(Vec::new(), Output::Constant(value))
    }

    /// Of a number between 0 and 1.
    fn update(op: Assign, value: Tape) -> Update {
        let target = Target::Number { column: 3, min: 0.0, max: 1.0, fails: false, variable: 0 };
        Update::of(&Effect { target, op, value, place: 0 }).unwrap()
    }

    #[test]
    fn effects_on_a_number_alone_need_no_tape() {
        let more = update(Assign::Add, constant(0.1));
        assert_eq!((more.before_bounds(0.5), more.passes()), (0.6, (false, true)));
        let less = update(Assign::Subtract, constant(0.1));
        assert_eq!((less.before_bounds(0.5), less.passes()), (0.4, (true, false)));
        let half = update(Assign::Multiply, constant(0.5));
        assert_eq!((half.before_bounds(0.5), half.passes()), (0.25, (false, false)));
        let set = update(Assign::Set, constant(7.0));
        assert_eq!((set.before_bounds(0.5), set.passes()), (7.0, (false, true)));
        let raise = vec![Op::Scalar { to: 9, function: Binary::Max, a: 3, b: 0.75 }];
        let raise = update(Assign::Set, tape(raise, Output::Number(9)));
        assert_eq!((raise.min, raise.max, raise.is_sum(), raise.passes()), (0.75, 1.0, true, (false, false)));
    }

    #[test]
    fn together_they_do_what_each_does() {
        let sums = [update(Assign::Add, constant(0.1)), update(Assign::Subtract, constant(0.7))];
        let half = update(Assign::Multiply, constant(-0.5));
        let set = update(Assign::Set, constant(0.3));
        for updates in [&sums[..1], &sums, &[half], &[sums[0], half, sums[1], set]] {
            let bundle = Bundle::new(updates);
            let numbers = [0.0, 0.9, 0.25, 1.0];
            let wide = Portable::new();
            for (index, update) in updates.iter().enumerate() {
                assert_eq!(bundle.update(index), *update);
                let four = wide.numbers(bundle.before_bounds(wide, index, wide.four(numbers)));
                assert_eq!(four.map(f64::to_bits), numbers.map(|x| update.before_bounds(x).to_bits()));
            }
        }
    }
}
