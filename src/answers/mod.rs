//! Answers to the questions of the engine: which chances come, which options are chosen, which values are drawn.

mod keyed;

pub use keyed::KeyedDraws;
