//! Numbers in, numbers out: intervals for shares, for one look or for many, quantiles of counts, incidence over time.

pub mod quantile;
pub mod sequence;
pub mod student;
pub mod survival;
pub mod wilson;
