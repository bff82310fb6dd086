//! Numbers in, numbers out: intervals for shares, quantiles of counts, incidence over time.

pub mod quantile;
pub mod survival;
pub mod wilson;
