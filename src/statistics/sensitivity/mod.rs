//! Sensitivity: how much of what an answer does between points comes from which factor.
//!
//! - [`sobol`]: first-order and total indices from Saltelli's design
//! - [`morris`]: elementary effects, for screening many factors
//! - [`given_data`]: first-order indices from any points there are
//! - [`resampling`]: their intervals, by bootstrap or over scrambles
//!
//! An answer is a number that a point of a study has: a share, a mean, a difference between courses. As it comes from
//! finitely many replications, luck adds to its variance; what is called `luck` here is that variance, on average over
//! points: the variance of one replication divided by the replications of a point. Indices are shares of the variance
//! between points without luck. They can come out below 0 or above 1, and are reported so, with their interval.

pub mod given_data;
pub mod morris;
pub mod resampling;
pub mod sobol;
