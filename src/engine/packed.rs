//! Triggers that are no more than a guard, a chance and plain effects, packed side by side, so that what a turn reads of
//! them stays in the nearest cache.

use super::rules::Outside;
use super::run::{Run, Slot};
use super::settle::Settle;
use super::watch::Watch;
use crate::expression::{Alternative, Mask, Multiple, Op, Output, clauses};
use crate::model::{Body, Bundle, Branch, Chance, Model, Part, Rule, SetFlag};
use crate::wide::Wide;

/// The triggers of a model in their order, those that can be packed; what they point to stands in common lists.
#[derive(Debug, Default)]
pub(super) struct Packed {
    triggers: Vec<Option<Trigger>>,
    clauses: Vec<Alternative>,
    multiples: Vec<Multiple>,
    flags: Vec<SetFlag>,
    updates: Vec<Bundle>,
}

#[derive(Debug)]
pub(super) struct Trigger {
    event: u32,
    guard: Span,
    share: Share,
    flags: Span,
    updates: Span,
    /// Whether its effects need tapes; then they stand in the model alone.
    by_tape: bool,
}

/// With what chance it fires where its guard holds.
#[derive(Debug)]
enum Share {
    Always,
    Constant { site: u32, outside: Outside, p: f64 },
    Sum { site: u32, outside: Outside, to: u32, terms: Span, start: f64 },
}

/// A part of a list.
#[derive(Debug, Clone, Copy)]
struct Span {
    from: u32,
    end: u32,
}

impl Span {
    #[inline(always)]
    fn of<T>(self, list: &[T]) -> &[T] {
        &list[self.from as usize..self.end as usize]
    }
}

/// Adds to a list; none if it gets too long.
fn add<T>(list: &mut Vec<T>, items: impl IntoIterator<Item = T>) -> Option<Span> {
    let from = u32::try_from(list.len()).ok()?;
    list.extend(items);
    Some(Span { from, end: u32::try_from(list.len()).ok()? })
}

impl Packed {
    pub fn new(model: &Model) -> Self {
        let mut packed = Self::default();
        for rule in &model.triggers {
            let trigger = packed.pack(rule);
            packed.triggers.push(trigger);
        }
        packed
    }

    /// A trigger, if it could be packed.
    #[inline(always)]
    pub fn trigger(&self, index: usize) -> Option<(&Self, &Trigger)> {
        Some((self, self.triggers[index].as_ref()?))
    }

    fn pack(&mut self, rule: &Rule) -> Option<Trigger> {
        let Body::Plain(Branch { observers, delay: None, effects, .. }) = &rule.body else { return None };
        let guard = match &rule.guard {
            None => Vec::new(),
            Some(guard) if guard.tape.output == Output::Flag => clauses(&guard.tape.ops)?,
            Some(_) => return None,
        };
        if rule.due.is_some() || !observers.is_empty() {
            return None;
        }
        let share = match &rule.chance {
            None => Share::Always,
            Some(chance) => self.share(chance)?,
        };
        let by_tape = effects.parts().iter().any(|part| matches!(part, Part::Tape(_)));
        let plain = if by_tape { &[][..] } else { effects.parts() };
        let flags = plain.iter().filter_map(|part| if let Part::Flag(flag) = part { Some(*flag) } else { None });
        let updates =
            plain.iter().filter_map(|part| if let Part::Updates(updates) = part { Some(updates) } else { None });
        Some(Trigger {
            event: rule.event,
            guard: add(&mut self.clauses, guard)?,
            share,
            flags: add(&mut self.flags, flags)?,
            updates: add(&mut self.updates, updates.flatten().cloned())?,
            by_tape,
        })
    }

    fn share(&mut self, chance: &Chance) -> Option<Share> {
        let (site, tape) = (chance.site, &chance.value);
        let outside = Outside::of(tape.range);
        match (tape.output, &tape.ops[..]) {
            (Output::Constant(p), _) if !p.is_nan() => Some(Share::Constant { site, outside, p }),
            (Output::Number(column), [Op::Sum { to, start, terms: (from, end) }])
                if column == *to && !tape.range.nan =>
            {
                let terms = &tape.multiples[*from as usize..*end as usize];
                let terms = add(&mut self.multiples, terms.iter().copied())?;
                Some(Share::Sum { site, outside, to: column, terms, start: *start })
            }
            _ => None,
        }
    }
}

impl<S: Settle, W: Watch, X: Wide> Run<'_, S, W, X> {
    /// What [`Run::rule`] does.
    #[inline(always)]
    pub(super) fn packed(&mut self, packed: &Packed, trigger: &Trigger, rule: &Rule) {
        let eligible = self.bank.hold(self.wide, trigger.guard.of(&packed.clauses), self.active);
        if eligible == 0 {
            return;
        }
        self.watch.eligible(trigger.event, eligible, self.bank);
        let lanes = self.share_comes(packed, &trigger.share, eligible);
        if lanes == 0 {
            return;
        }
        self.fire(trigger.event, lanes);
        if let (true, Body::Plain(branch)) = (trigger.by_tape, &rule.body) {
            return self.effects(&branch.effects, lanes, 0);
        }
        for flag in trigger.flags.of(&packed.flags) {
            self.set_flag(flag, lanes);
        }
        self.updates(trigger.updates.of(&packed.updates), lanes);
    }

    #[inline(always)]
    fn share_comes(&mut self, packed: &Packed, share: &Share, lanes: Mask) -> Mask {
        let (site, outside, value) = match *share {
            Share::Always => return lanes,
            Share::Constant { site, outside, p } => (site, outside, Slot::Constant(p)),
            Share::Sum { site, outside, to, terms, start } => {
                self.bank.add_up(self.wide, to, start, terms.of(&packed.multiples));
                (site, outside, Slot::Column(to))
            }
        };
        self.look_at(site, outside, value, lanes);
        self.comes(site, value, lanes)
    }
}
