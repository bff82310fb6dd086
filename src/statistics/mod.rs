//! Numbers in, numbers out: intervals for shares, for one look or for many, quantiles of counts, incidence over time.

pub mod paired;
pub mod paired_means;
pub mod pairs;
pub mod quantile;
pub mod regret;
pub mod sampler;
pub mod sequence;
pub mod student;
pub mod survival;
pub mod tail;
pub mod wilson;
