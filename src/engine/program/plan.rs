//! The plan of a turn: triggers that are no more than a guard, a chance and plain effects stand in the plan itself, and
//! what they point to side by side, so that what a turn reads of them stays in the nearest cache.

use super::clamped_add::ClampedAdd;
use super::select::{Instruction, SetFlag};
use crate::engine::settle::{Outside, SCALE};
use crate::expression::{Above, Alternative, Asks, Clauses, Multiple, Op, Output, Tape, Total, clauses};
use crate::model::{Body, Branch, Chance, EffectsId, Mark, Model, Step};

/// The parts of a turn, and what their triggers point to.
#[derive(Debug, Default)]
pub struct Plan {
    pub steps: Vec<Planned>,
    pub lists: Lists,
}

#[derive(Debug)]
pub enum Planned {
    Step(Step),
    Trigger(Trigger),
}

#[derive(Debug, Default)]
pub struct Lists {
    pub flags_asked: Vec<Alternative<u32>>,
    pub numbers_asked: Vec<Above>,
    pub clauses: Vec<Alternative<Asks>>,
    pub multiples: Vec<Multiple>,
    pub marks: Vec<Mark>,
    pub flags: Vec<SetFlag>,
    pub additions: Vec<ClampedAdd>,
}

#[derive(Debug)]
pub struct Trigger {
    pub event: u32,
    pub guard: Guard,
    pub share: Share,
    pub marks: Span,
    pub does: Action,
}

/// What it does when it fires.
#[derive(Debug)]
pub enum Action {
    Plain {
        flags: Span,
        additions: Span,
    },
    /// All instructions of these effects: not all of them are so plain.
    More(EffectsId),
}

/// When it may fire: the clauses that must hold.
#[derive(Debug)]
pub enum Guard {
    Flags(Span),
    All(Span, Span),
    Mixed(Span),
}

/// With what chance it fires where its guard holds.
#[derive(Debug)]
pub enum Share {
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

/// Whether a sum always has a value and stays below 2^15, and none of its numbers is too large to be scaled: by a power
/// of two, that moves no bit of what they make.
fn fits(tape: &Tape, total: Total<'_>) -> bool {
    let factors = total.multiples.iter().map(|multiple| multiple.factor);
    let mut numbers = factors.chain([total.start, total.end]);
    !tape.range.nan && tape.range.high < 32_768.0 && numbers.all(|number| number.abs() < 1e100)
}

/// A part of a list: where it begins, and in the lowest eight bits how many there are.
#[derive(Debug, Clone, Copy)]
pub struct Span(u32);

impl Span {
    #[inline(always)]
    pub fn of<T>(self, list: &[T]) -> &[T] {
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
    /// The plan of a model whose lists of effects these instructions carry out.
    pub fn new(model: &Model, code: &[Vec<Instruction>]) -> Self {
        let mut plan = Self::default();
        for step in model.steps() {
            let trigger = match step {
                Step::Trigger(index) => plan.lists.trigger(model, code, index),
                _ => None,
            };
            plan.steps.push(trigger.map_or(Planned::Step(step), Planned::Trigger));
        }
        plan
    }
}

impl Lists {
    /// A trigger, if it can be packed.
    fn trigger(&mut self, model: &Model, code: &[Vec<Instruction>], index: usize) -> Option<Trigger> {
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
        Some(Trigger { event: rule.event, guard, share, marks, does: self.does(&code[effects.index()], *effects)? })
    }

    fn does(&mut self, instructions: &[Instruction], effects: EffectsId) -> Option<Action> {
        let (mut flags, mut additions) = (Vec::new(), Vec::new());
        for instruction in instructions {
            match instruction {
                Instruction::SetFlag(flag) => flags.push(*flag),
                Instruction::ClampedAdds(more) => additions.extend(more),
                Instruction::Tape(_) | Instruction::Affine(_) | Instruction::RunningExtremum(_) => {
                    return Some(Action::More(effects));
                }
            }
        }
        Some(Action::Plain { flags: add(&mut self.flags, flags)?, additions: add(&mut self.additions, additions)? })
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A turn reads all of them in every block.
    #[test]
    fn what_stands_side_by_side_stays_small() {
        assert_eq!(size_of::<Trigger>(), 64);
        assert_eq!(size_of::<Planned>(), 64);
        assert_eq!(size_of::<ClampedAdd>(), 32);
        assert_eq!(size_of::<Multiple>(), 16);
        assert_eq!(size_of::<Above>(), 16);
        assert_eq!(size_of::<Alternative<u32>>(), 8);
        assert_eq!(size_of::<Alternative<Asks>>(), 24);
        assert_eq!(size_of::<Mark>(), 16);
        assert_eq!(size_of::<SetFlag>(), 8);
    }
}
