//! The pure expression language: text to syntax tree to typed term to tape, and tapes run over lanes of numbers.
//!
//! It knows no domain word, no time and no draw: a [`Scope`] says what names and functions mean, and an [`Answer`]
//! gives the values that only the outside can give.

mod ast;
mod builder;
mod check;
mod clauses;
mod function;
mod interval;
mod kernels;
mod lanes;
mod lexer;
mod operands;
mod parser;
mod placement;
mod spacing;
mod tape;
mod term;
#[cfg(test)]
mod tests;

pub use ast::{Arithmetic, Assign, BinaryOp, Comparison, Effect, Expr, Kind, UnaryOp};
pub use check::{Scope, Wanted, check, exactly, flag, number, wrong_number};
pub use clauses::{Above, Alternative, Asks, Clauses, clauses};
pub use function::{FUNCTIONS, Unary, divide, max, min, power, pure_functions, remainder};
pub use interval::Interval;
pub use kernels::{
    Added, After, BITS, Column, FEW, LANES, Lanes, Mask, change, compare, each, lanes, mask_of, store, which,
};
pub use lanes::{Answer, Bank, Value};
pub use operands::Operand;
pub use parser::{DEPTH_MAX, KEYWORDS, LENGTH_MAX, parse, parse_effect};
pub use placement::UNPLACED;
pub use spacing::spaced;
pub use tape::{Base, Multiple, NOTHING, Op, Output, Tape, Total};
pub use term::{Binary, Flag, Number, NumberKind, SetId, Term, Type, Typed};
