//! Keyed draws: every number a pure function of seed, site, turn, replication and k, with no generator state.

mod cipher;
pub mod continuous;
pub mod counting;
mod inversion_cache;
mod site;
mod split_ids;
mod threshold;

pub use cipher::{Key, Tile};
pub use inversion_cache::{Counting, Inverter};
pub use site::{Draw, FullTile, Half, K_MAX, LANES, RESERVED_FROM, Site, TURNS_MAX, unit};
pub use split_ids::{COPIES_MAX, ESTIMATES_MAX, LEVELS_MAX, copy_number, copy_of, forced_copy_number};
pub use threshold::{Threshold, choose, cumulate};
