//! Keyed draws: every number a pure function of seed, site, turn, replication and k, with no generator state.

mod cipher;
pub mod continuous;
pub mod counting;
mod draw;
mod threshold;

pub use cipher::{Key, Tile};
pub use draw::{Draw, FullTile, Half, K_MAX, LANES, RESERVED_FROM, Site, TURNS_MAX, unit};
pub use threshold::{Threshold, choose, cumulate};
