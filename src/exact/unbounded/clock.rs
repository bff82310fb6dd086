//! From which turn on all turns are alike: nothing is due any more, and the turn is compared with nothing that is to come.

use crate::exact::caps::rule_tapes;
use crate::expression::{Op, Operand, Output, Tape};
use crate::model::{Body, Branch, Copy, Landing, Mark, Model, TURN};

/// The longest period of delays that is followed.
const PERIOD_MAX: u32 = 10_000;

/// What turns have to do with the time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clock {
    /// The last turn that differs from later ones.
    pub last: u32,
    /// Later turns are alike if they leave the same rest when divided by this: slots of delays are reused in turn.
    pub period: u32,
    /// By number column: whether it holds a turn, so that its age is what counts.
    pub stamps: Vec<bool>,
}

/// The clock of a model.
///
/// # Errors
/// Everything that reads the turn in a way that no later turn ends, in words.
pub(super) fn clock(model: &Model) -> Result<Clock, Vec<String>> {
    let mut reader = Reader { stamps: stamps(model), last: 0, found: Vec::new() };
    let label = |event: u32| format!("`{}`", model.labels.events[event as usize].id);
    model.start.iter().for_each(|effect| reader.tape(&effect.value, || "an initial value".to_owned()));
    for dynamic in &model.dynamics {
        let name = || format!("`{}`", model.labels.dynamics[dynamic.label as usize].id);
        model.effects[dynamic.effects].iter().for_each(|effect| reader.tape(&effect.value, name));
    }
    for landing in &model.landings {
        if let Landing::Effects { event, effects, .. } = landing {
            model.effects[*effects].iter().for_each(|effect| reader.tape(&effect.value, || label(*event)));
        }
    }
    for rule in model.injects.iter().chain(&model.triggers) {
        rule_tapes(rule, &mut |tape| reader.tape(tape, || label(rule.event)));
        for branch in branches(&rule.body) {
            let effects = &model.effects[branch.effects];
            effects.iter().for_each(|effect| reader.tape(&effect.value, || label(rule.event)));
        }
        let due = rule.due.as_ref().and_then(|turns| turns.last()).copied();
        reader.last = reader.last.max(due.unwrap_or(0));
    }
    for metric in model.metrics.iter().filter(|metric| metric.value.range.nan) {
        reader.tape(&metric.value, || "a metric that may have no value".to_owned());
    }
    for (outcome, label) in model.outcomes.iter().zip(&model.labels.outcomes) {
        reader.tape(&outcome.tape, || format!("the outcome `{}`", label.id));
    }
    let period = period(model);
    if period.is_none() {
        reader.found.push(format!("delays and transits whose lengths come together only after {PERIOD_MAX} turns"));
    }
    reader.found.dedup();
    match period {
        Some(period) if reader.found.is_empty() => Ok(Clock { last: reader.last, period, stamps: reader.stamps }),
        _ => Err(reader.found),
    }
}

/// The branches of a rule.
fn branches(body: &Body) -> Vec<&Branch> {
    match body {
        Body::Plain(branch) => vec![branch],
        Body::Decision { branches, .. } => branches.iter().collect(),
        Body::Commitment { honour, breach, .. } => vec![&**honour, &**breach],
        Body::Transfer(_) => Vec::new(),
    }
}

/// The least number of turns after which all delays use the same slots; none if that is too long.
fn period(model: &Model) -> Option<u32> {
    let lengths = model.landings.iter().map(|landing| match landing {
        Landing::Effects { ring, .. } => ring.len() as u32,
        Landing::Goods { due, .. } => due.len() as u32,
    });
    let mut period: u32 = 1;
    for length in lengths {
        let (mut a, mut b) = (period, length);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        period = period.checked_mul(length / a).filter(|period| *period <= PERIOD_MAX)?;
    }
    Some(period)
}

/// The columns that hold turns: those that are stamped, and copies of them.
fn stamps(model: &Model) -> Vec<bool> {
    let mut stamps = vec![false; model.base.numbers as usize];
    let events = model.events.iter().flat_map(|marks| marks.fired.iter().chain(&marks.landed));
    for mark in events.chain(model.sightings.iter().flatten()) {
        if let Mark::Stamp(column) = mark {
            stamps[*column as usize] = true;
        }
    }
    for copies in [&model.initials, &model.latches, &model.resets, &model.snapshot] {
        for copy in copies {
            if let Copy::Number { from, to } = *copy {
                stamps[to as usize] |= stamps[from as usize];
            }
        }
    }
    stamps
}

struct Reader {
    stamps: Vec<bool>,
    last: u32,
    found: Vec<String>,
}

impl Reader {
    /// Whether a column hangs on the time: the turn, or one in which something happened.
    fn is_time(&self, column: u32) -> bool {
        column == TURN || self.stamps.get(column as usize).copied().unwrap_or(false)
    }

    fn is_stamp(&self, column: u32) -> bool {
        column != TURN && self.is_time(column)
    }

    /// Looks at how a tape reads the time: ages end in themselves, comparisons of the turn with a number end with it.
    fn tape(&mut self, tape: &Tape, name: impl Fn() -> String) {
        let mut is_endless = matches!(tape.output, Output::Number(column) if self.is_time(column));
        for op in &tape.ops {
            match *op {
                Op::Sum { start, terms, end, .. } if self.is_age(tape, start, terms, end) => {}
                Op::CompareDifference { a: TURN, b, .. } if self.is_stamp(b) => {}
                Op::CompareScalar { a: TURN, b, .. } => {
                    let from = libm::floor(b) + 1.0;
                    self.last = self.last.max(from.clamp(0.0, f64::from(u32::MAX / 2)) as u32);
                }
                // Whether it has ever happened.
                Op::CompareScalar { a, b, .. } if self.is_stamp(a) && b.is_infinite() => {}
                Op::Defined { a } if self.is_time(a) => {}
                _ => op.reads(tape, |operand| {
                    is_endless |= matches!(operand, Operand::Number(column) if self.is_time(column));
                }),
            }
        }
        if is_endless {
            self.found.push(name());
        }
    }

    /// The turn less a stamp, with whole numbers added: these are exact, and the same in every turn.
    fn is_age(&self, tape: &Tape, start: f64, terms: (u32, u32), end: f64) -> bool {
        let &[a, b] = tape.terms(terms) else { return false };
        let is_difference = a.column == TURN && (a.factor, b.factor) == (1.0, -1.0) && self.is_stamp(b.column);
        is_difference && start == libm::trunc(start) && end == libm::trunc(end)
    }
}
