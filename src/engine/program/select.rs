//! Which instructions do what a list of effects says, where nobody looks at each assignment.

use super::affine::Affine;
use super::clamped_add::ClampedAdd;
use super::extremum::RunningExtremum;
use crate::expression::{Op, Output};
use crate::model::{Effect, Target};

/// What one effect does, or several in a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Instruction {
    /// The effect at this place in the list, by its tape.
    Tape(usize),
    SetFlag(SetFlag),
    Affine(Affine),
    RunningExtremum(RunningExtremum),
    /// Numbers become what follows from themselves alone.
    ClampedAdds(Vec<ClampedAdd>),
}

/// A flag is set or cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetFlag {
    pub column: u32,
    pub value: bool,
}

/// The instructions that do what effects say. Flags and numbers do not touch one another, so clamped additions stand
/// together even where flags are set between them.
pub fn select(effects: &[Effect]) -> Vec<Instruction> {
    let (mut instructions, mut additions) = (Vec::new(), Vec::new());
    for (index, effect) in effects.iter().enumerate() {
        match (ClampedAdd::of(effect), set_flag(effect)) {
            (Some(addition), _) => additions.push(addition),
            (_, Some(flag)) => instructions.push(Instruction::SetFlag(flag)),
            _ => {
                close(&mut instructions, &mut additions);
                let affine = Affine::of(effect).map(Instruction::Affine);
                let extremum = || RunningExtremum::of(effect).map(Instruction::RunningExtremum);
                instructions.push(affine.or_else(extremum).unwrap_or(Instruction::Tape(index)));
            }
        }
    }
    close(&mut instructions, &mut additions);
    instructions
}

/// Ends a row of clamped additions.
fn close(instructions: &mut Vec<Instruction>, additions: &mut Vec<ClampedAdd>) {
    if !additions.is_empty() {
        instructions.push(Instruction::ClampedAdds(std::mem::take(additions)));
    }
}

fn set_flag(effect: &Effect) -> Option<SetFlag> {
    let Target::Flag { column, .. } = effect.target else { return None };
    let value = match (effect.value.output, &effect.value.ops[..]) {
        (Output::Flag, []) => true,
        (Output::Flag, [Op::Never { .. }]) => false,
        _ => return None,
    };
    Some(SetFlag { column, value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::{Assign, Binary, Interval, Tape};

    fn tape(ops: Vec<Op>, output: Output) -> Tape {
        let range = Interval::ALL;
        Tape { ops, multiples: Vec::new(), arguments: Vec::new(), output, range, numbers: 1, flags: 0 }
    }

    fn effect(op: Assign, value: Tape, (min, max): (f64, f64), fails: bool) -> Effect {
        Effect { target: Target::Number { column: 3, min, max, fails, variable: 0 }, op, value, place: 0 }
    }

    fn constant(value: f64) -> Tape {
        tape(Vec::new(), Output::Constant(value))
    }

    #[test]
    fn others_keep_their_tapes() {
        let other = vec![Op::Scalar { to: 9, function: Binary::Max, a: 4, b: 0.75 }];
        for effect in [
            effect(Assign::Add, constant(0.1), (0.0, 1.0), true),
            effect(Assign::Add, constant(0.1), (0.0, f64::INFINITY), false),
            effect(Assign::Set, constant(f64::NAN), (0.0, 1.0), false),
            effect(Assign::Set, tape(other, Output::Number(9)), (0.0, 1.0), false),
        ] {
            assert_eq!(select(&[effect]), [Instruction::Tape(0)]);
        }
    }

    #[test]
    fn a_tape_in_between_keeps_the_order() {
        let add = || effect(Assign::Add, constant(0.1), (0.0, 1.0), false);
        let failing = effect(Assign::Add, constant(0.1), (0.0, 1.0), true);
        let selected = select(&[add(), add(), failing, add()]);
        let Instruction::ClampedAdds(two) = &selected[0] else { panic!("{selected:?}") };
        assert!(matches!(selected[1..], [Instruction::Tape(2), Instruction::ClampedAdds(_)]));
        assert_eq!(two.len(), 2);
    }
}
