//! Numbers in, numbers out: intervals, paired differences, quantiles, thresholds, sensitivity, discovery, value of knowing.

pub mod bounded_mean;
pub mod clopper_pearson;
pub mod doubt;
pub mod evppi;
pub mod paired;
pub mod paired_means;
pub mod pairs;
pub mod prim;
pub mod quantile;
pub mod regret;
pub mod sampler;
pub mod sensitivity;
pub mod sequence;
pub mod student;
pub mod survival;
pub mod tail;
pub mod threshold;
pub mod wilson;
