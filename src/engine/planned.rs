//! A model as a batch plays it: triggers that are no more than a guard, a chance and plain effects stand in the plan
//! itself, and what they point to side by side, so that what a turn reads of them stays in the nearest cache.

use super::rules::Outside;
use super::run::{Play, Slot};
use super::settle::{Chances, DrawId, SCALE, Settle};
use super::watch::Watch;
use crate::expression::{
    Above, Added, Alternative, Asks, Clauses, Column, Mask, Multiple, Op, Output, Tape, Total, clauses,
};
use crate::model::{Body, Branch, Chance, ClampedAdd, Effects, Mark, Model, Part, SetFlag, Step};
use crate::simd::{Eight, Operand, Simd};

/// The parts of a turn, and what their triggers point to.
#[derive(Debug, Default)]
pub struct Plan {
    steps: Vec<Planned>,
    lists: Lists,
}

#[derive(Debug)]
enum Planned {
    Step(Step),
    Trigger(Trigger),
}

#[derive(Debug, Default)]
struct Lists {
    flags_asked: Vec<Alternative<u32>>,
    numbers_asked: Vec<Above>,
    clauses: Vec<Alternative<Asks>>,
    multiples: Vec<Multiple>,
    marks: Vec<Mark>,
    flags: Vec<SetFlag>,
    updates: Vec<ClampedAdd>,
}

#[derive(Debug)]
struct Trigger {
    event: u32,
    guard: Guard,
    share: Share,
    marks: Span,
    does: Action,
}

/// What it does when it fires.
#[derive(Debug)]
enum Action {
    Plain {
        flags: Span,
        updates: Span,
    },
    /// What stands in the model alone, at the trigger of this index: not all of its effects are so plain.
    More(u32),
}

/// When it may fire: the clauses that must hold.
#[derive(Debug)]
enum Guard {
    Flags(Span),
    All(Span, Span),
    Mixed(Span),
}

/// With what chance it fires where its guard holds.
#[derive(Debug)]
enum Share {
    Always,
    /// Of a chance between 0 and 1.
    Constant {
        site: u32,
        p: f64,
    },
    /// A sum of multiples, all of them times `SCALE`, and room for it.
    Sum {
        site: u32,
        outside: Outside,
        to: u32,
        start: f64,
        terms: Span,
        end: f64,
    },
}

/// A sum that is `SCALE` times the probability, and what it is made of.
#[derive(Clone, Copy)]
struct Scaled<'a, S> {
    sum: S,
    total: Total<'a>,
    columns: &'a [Column],
}

impl<S: Operand> Chances for Scaled<'_, S> {
    fn at(self, lane: usize) -> f64 {
        self.total.at(self.columns, lane) / SCALE
    }

    #[inline(always)]
    fn thresholds(self, index: usize) -> Eight {
        self.sum.eight(index)
    }
}

/// Whether a sum always has a value and stays below 2^15, and none of its numbers is too large to be scaled: by a power
/// of two, that moves no bit of what they make.
fn fits(tape: &Tape, total: Total<'_>) -> bool {
    let factors = total.multiples.iter().map(|multiple| multiple.factor);
    let mut numbers = factors.chain([total.start, total.end]);
    !tape.range.nan && tape.range.high < 32_768.0 && numbers.all(|number| number.abs() < 1e100)
}

/// A part of a list: where it begins, and in the lowest eight bits how many there are.
#[derive(Debug, Clone, Copy)]
struct Span(u32);

impl Span {
    #[inline(always)]
    fn of<T>(self, list: &[T]) -> &[T] {
        let from = (self.0 >> 8) as usize;
        &list[from..from + (self.0 & 0xff) as usize]
    }
}

/// Adds to a list; none if that is too much, or the list too long.
fn add<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Option<Span> {
    let from = list.len();
    list.extend(items);
    let count = u32::from(u8::try_from(list.len() - from).ok()?);
    Some(Span(u32::try_from(from).ok()?.checked_mul(1 << 8)? | count))
}

impl Plan {
    pub fn new(model: &Model) -> Self {
        let mut plan = Self::default();
        for step in model.steps() {
            let trigger = match step {
                Step::Trigger(index) => plan.lists.trigger(model, index),
                _ => None,
            };
            plan.steps.push(trigger.map_or(Planned::Step(step), Planned::Trigger));
        }
        plan
    }
}

impl Lists {
    /// A trigger, if it can be packed.
    fn trigger(&mut self, model: &Model, index: usize) -> Option<Trigger> {
        let rule = &model.triggers[index];
        let Body::Plain(Branch { observers, delay: None, effects, .. }) = &rule.body else { return None };
        let guard = match &rule.guard {
            None => Clauses::Flags(Vec::new()),
            Some(guard) if guard.tape.output == Output::Flag => clauses(&guard.tape.ops)?,
            Some(_) => return None,
        };
        let guard = match guard {
            Clauses::Flags(flags) => Guard::Flags(add(&mut self.flags_asked, flags)?),
            Clauses::All(flags, numbers) => {
                Guard::All(add(&mut self.flags_asked, flags)?, add(&mut self.numbers_asked, numbers)?)
            }
            Clauses::Mixed(clauses) => Guard::Mixed(add(&mut self.clauses, clauses)?),
        };
        if rule.due.is_some() || !observers.is_empty() {
            return None;
        }
        let share = match &rule.chance {
            None => Share::Always,
            Some(chance) => self.share(chance)?,
        };
        let marks = add(&mut self.marks, model.events[rule.event as usize].fired.iter().copied())?;
        Some(Trigger { event: rule.event, guard, share, marks, does: self.does(effects, index)? })
    }

    fn does(&mut self, effects: &Effects, index: usize) -> Option<Action> {
        let (mut flags, mut updates) = (Vec::new(), Vec::new());
        for part in effects.parts() {
            match part {
                Part::Flag(flag) => flags.push(*flag),
                Part::Updates(more) => updates.extend(more),
                Part::Tape(_) | Part::Affine(_) | Part::RunningExtremum(_) => {
                    return Some(Action::More(u32::try_from(index).ok()?));
                }
            }
        }
        Some(Action::Plain { flags: add(&mut self.flags, flags)?, updates: add(&mut self.updates, updates)? })
    }

    fn share(&mut self, chance: &Chance) -> Option<Share> {
        let (site, tape) = (chance.site, &chance.value);
        match (tape.output, &tape.ops[..]) {
            (Output::Constant(p), _) if p > 0.0 && p < 1.0 => Some(Share::Constant { site, p }),
            (Output::Number(column), &[Op::Sum { to, start, terms, end }]) if column == to => {
                let total = Total { start, multiples: tape.terms(terms), end };
                if !fits(tape, total) {
                    return None;
                }
                let scaled = |multiple: &Multiple| Multiple { factor: multiple.factor * SCALE, ..*multiple };
                let terms = add(&mut self.multiples, total.multiples.iter().map(scaled))?;
                let (start, end) = (start * SCALE, end * SCALE);
                Some(Share::Sum { site, outside: Outside::of(tape.range), to: column, start, terms, end })
            }
            _ => None,
        }
    }
}

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Does all parts of a turn.
    #[inline(always)]
    pub(super) fn planned(&mut self, plan: &Plan) {
        for planned in &plan.steps {
            match planned {
                Planned::Trigger(trigger) => self.trigger(&plan.lists, trigger),
                Planned::Step(step) => self.step(*step),
            }
        }
    }

    /// What [`Play::rule`] does.
    #[inline(always)]
    fn trigger(&mut self, lists: &Lists, trigger: &Trigger) {
        let eligible = match trigger.guard {
            Guard::Flags(flags) => self.bank.flags_hold(flags.of(&lists.flags_asked), self.active),
            Guard::All(flags, numbers) => {
                let (flags, numbers) = (flags.of(&lists.flags_asked), numbers.of(&lists.numbers_asked));
                self.bank.all_hold(self.wide, flags, numbers, self.active)
            }
            Guard::Mixed(clauses) => self.bank.hold(self.wide, clauses.of(&lists.clauses), self.active),
        };
        if eligible == 0 {
            return;
        }
        self.watch.eligible(trigger.event, eligible, self.bank);
        let lanes = self.share_comes(lists, &trigger.share, eligible);
        if lanes == 0 {
            return;
        }
        self.mark(trigger.marks.of(&lists.marks), lanes);
        self.watch.fired(trigger.event, lanes);
        match trigger.does {
            Action::Plain { flags, updates } => {
                for flag in flags.of(&lists.flags) {
                    self.set_flag(flag, lanes);
                }
                self.updates(updates.of(&lists.updates), lanes);
            }
            Action::More(index) => self.wide.run(
                #[inline(always)]
                || self.effects_of(index, lanes),
            ),
        }
    }

    #[inline(always)]
    fn effects_of(&mut self, trigger: u32, lanes: Mask) {
        if let Body::Plain(branch) = &self.model.triggers[trigger as usize].body {
            self.effects(&branch.effects, lanes, 0);
        }
    }

    #[inline(always)]
    fn share_comes(&mut self, lists: &Lists, share: &Share, lanes: Mask) -> Mask {
        match *share {
            Share::Always => lanes,
            Share::Constant { site, p } => {
                self.watch.drawn_chance(site, lanes, 0, 0);
                self.asked(site, Slot::Constant(p), lanes)
            }
            Share::Sum { site, outside, to, start, terms, end } => {
                let total = Total { start, multiples: terms.of(&lists.multiples), end };
                match total.multiples {
                    _ if outside.is_possible() => self.sum_comes(site, outside, to, lanes, total),
                    [a] => self.terms_come(site, lanes, total, [a]),
                    [a, b] => self.terms_come(site, lanes, total, [a, b]),
                    [a, b, c] => self.terms_come(site, lanes, total, [a, b, c]),
                    [a, b, c, d] => self.terms_come(site, lanes, total, [a, b, c, d]),
                    _ => self.sum_comes(site, outside, to, lanes, total),
                }
            }
        }
    }

    /// By way of a column.
    #[inline(always)]
    fn sum_comes(&mut self, site: u32, outside: Outside, to: u32, lanes: Mask, total: Total<'_>) -> Mask {
        self.bank.add_up(self.wide, to, total);
        self.look_at(site, outside, SCALE, Slot::Column(to), lanes);
        let ask = DrawId { site, turn: self.turn, k: 0 };
        let sum = Scaled { sum: &*self.bank.numbers[to as usize], total, columns: &self.bank.numbers };
        self.settle.chance(ask, lanes, sum)
    }

    #[inline(always)]
    fn terms_come<const TERMS: usize>(
        &mut self,
        site: u32,
        lanes: Mask,
        total: Total<'_>,
        multiples: [&Multiple; TERMS],
    ) -> Mask {
        self.watch.drawn_chance(site, lanes, 0, 0);
        let ask = DrawId { site, turn: self.turn, k: 0 };
        let columns = &self.bank.numbers;
        if total.has_end() {
            let sum = Added::<TERMS, true>::new(total, multiples, columns);
            return self.settle.chance(ask, lanes, Scaled { sum, total, columns });
        }
        let sum = Added::<TERMS, false>::new(total, multiples, columns);
        self.settle.chance(ask, lanes, Scaled { sum, total, columns })
    }
}
