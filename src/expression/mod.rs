//! The pure expression language: text to syntax tree to typed term to tape, and tapes run over lanes of numbers.
//!
//! It knows no domain word, no time and no draw: a [`Scope`] says what names and functions mean, and an [`Answer`]
//! gives the values that only the outside can give.

mod ast;
mod check;
mod function;
mod interval;
mod lanes;
mod lexer;
mod parser;
mod tape;
mod term;

pub use ast::{Arithmetic, Assign, BinaryOp, Comparison, Effect, Expr, Kind, UnaryOp};
pub use check::{check, exactly, flag, number, Scope, Wanted};
pub use function::{divide, max, min, power, remainder, Unary, FUNCTIONS};
pub use interval::Interval;
pub use lanes::{compare, lanes, mask_of, Answer, Bank, Lanes, Mask, Value, LANES};
pub use parser::{parse, parse_effect, DEPTH_MAX, KEYWORDS, LENGTH_MAX};
pub use tape::{Base, Op, Output, Tape};
pub use term::{Binary, Flag, Number, NumberKind, SetId, Term, Type, Typed};
