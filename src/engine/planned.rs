//! Planned triggers: those whose guard, chance and plain effects stand in the program's plan.

use super::program::{Action, Guard, Lists, Planned, Share, Trigger};
use super::settle::{Chances, DrawId, Outside, SCALE, Settle};
use super::state::{Play, Slot};
use super::watch::Watch;
use crate::expression::{Added, Column, Mask, Multiple, Total};
use crate::model::Step;
use crate::simd::{Eight, Operand, Simd};

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

impl<S: Settle, W: Watch, X: Simd> Play<'_, S, W, X> {
    /// Does all parts of a turn by the plan; `other` does those that are no planned triggers.
    #[inline(always)]
    pub(super) fn planned(&mut self, other: impl Fn(&mut Self, Step)) {
        let plan = self.program.plan();
        for planned in &plan.steps {
            match planned {
                Planned::Trigger(trigger) => self.trigger(&plan.lists, trigger),
                Planned::Step(step) => other(self, *step),
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
            Action::Plain { flags, additions } => {
                for flag in flags.of(&lists.flags) {
                    self.set_flag(flag, lanes);
                }
                self.clamped_adds(additions.of(&lists.additions), lanes);
            }
            Action::More(effects) => self.wide.run(
                #[inline(always)]
                || self.effects(effects, lanes, 0),
            ),
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
