//! Keyed draws: every number a pure function of seed, site, turn, replication and k, with no generator state.

mod cipher;
pub mod continuous;
mod copies;
pub mod counting;
mod draw;
mod kept;
mod threshold;

pub use cipher::{Key, Tile};
pub use copies::{COPIES_MAX, ESTIMATES_MAX, LEVELS_MAX, copy_number, copy_of};
pub use draw::{Draw, FullTile, Half, K_MAX, LANES, RESERVED_FROM, Site, TURNS_MAX, unit};
pub use kept::{Counting, Inverter};
pub use threshold::{Threshold, choose, cumulate};
