//! Settles by keyed draws: every answer a pure function of seed, site, turn, replication and k.

use crate::engine::{Ask, Settle};
use crate::expression::{LANES, Lanes, Mask, Value, lanes};
use crate::model::{Distribution, Model};
use crate::random::{Draw, FullTile, Key, Site, Threshold, Tile, continuous, counting, unit};

/// The draws of one group of 64 replications at a time.
pub struct KeyedDraws {
    key: Key,
    sites: Vec<Site>,
    /// The group: replication / 64.
    group: u64,
    /// The first 16 bits of a site's draws for four turns, and for which four.
    tiles: Vec<Option<(u32, Tile)>>,
    full: Vec<Option<(u32, Box<FullTile>)>>,
}

/// Four turns share a tile.
fn turn_group(turn: u32) -> u32 {
    turn.div_ceil(4)
}

impl KeyedDraws {
    pub fn new(model: &Model, seed: u64) -> Self {
        let sites: Vec<Site> = model.sites.iter().filter_map(|number| Site::new(*number)).collect();
        let (tiles, full) = (vec![None; sites.len()], (0..sites.len()).map(|_| None).collect());
        Self { key: Key::from_seed(seed), sites, group: 0, tiles, full }
    }

    /// Goes over to another group.
    pub fn enter(&mut self, group: u64) {
        self.group = group;
        self.tiles.fill(None);
        self.full.iter_mut().for_each(|tile| *tile = None);
    }

    fn draw(&self, ask: Ask) -> Option<Draw> {
        Draw::new(*self.sites.get(ask.site as usize)?, ask.turn, ask.k)
    }

    /// One draw at full width.
    pub fn bits(&self, ask: Ask, lane: usize) -> Option<u64> {
        Some(self.draw(ask)?.bits(&self.key, self.group * LANES as u64 + lane as u64))
    }

    /// The first 16 bits of all lanes.
    fn row(&mut self, ask: Ask) -> Option<[u16; LANES]> {
        let draw = self.draw(ask)?;
        if ask.k > 0 {
            return Some(draw.tile(&self.key, self.group).row(ask.turn));
        }
        let (key, group, turns) = (&self.key, self.group, turn_group(ask.turn));
        let slot = &mut self.tiles[ask.site as usize];
        match slot {
            Some((known, tile)) if *known == turns => Some(tile.row(ask.turn)),
            _ => {
                let tile = draw.tile(key, group);
                let row = tile.row(ask.turn);
                *slot = Some((turns, tile));
                Some(row)
            }
        }
    }

    /// All 64 bits of all lanes.
    fn full_row(&mut self, ask: Ask) -> Option<[u64; LANES]> {
        let draw = self.draw(ask)?;
        if ask.k > 0 {
            return Some(draw.full_tile(&self.key, self.group).row(ask.turn));
        }
        let (key, group, turns) = (&self.key, self.group, turn_group(ask.turn));
        let slot = &mut self.full[ask.site as usize];
        match slot {
            Some((known, tile)) if *known == turns => Some(tile.row(ask.turn)),
            _ => {
                let tile = Box::new(draw.full_tile(key, group));
                let row = tile.row(ask.turn);
                *slot = Some((turns, tile));
                Some(row)
            }
        }
    }

    /// Whether the draw lies below the threshold, its first 16 bits known; the others decide a tie.
    fn below(&self, ask: Ask, lane: usize, first: u16, threshold: &Threshold) -> bool {
        match threshold.first(first) {
            Some(below) => below,
            None => self.bits(ask, lane).is_some_and(|bits| threshold.comes(bits)),
        }
    }
}

impl Settle for KeyedDraws {
    fn chance(&mut self, ask: Ask, mask: Mask, probability: Value<'_>) -> Mask {
        let Some(row) = self.row(ask) else { return 0 };
        let mut came = 0;
        let mut ties = 0;
        // Where the first 16 bits are those of the threshold, the rest decides.
        match probability {
            Value::Constant(p) => {
                let high = (p.clamp(0.0, 1.0) * 65_536.0) as u32;
                for lane in 0..LANES {
                    came |= Mask::from(u32::from(row[lane]) < high) << lane;
                    ties |= Mask::from(u32::from(row[lane]) == high) << lane;
                }
            }
            Value::Lanes(p) => {
                for lane in 0..LANES {
                    let high = (p[lane] * 65_536.0) as u32;
                    came |= Mask::from(u32::from(row[lane]) < high) << lane;
                    ties |= Mask::from(u32::from(row[lane]) == high) << lane;
                }
            }
        }
        came &= mask;
        for lane in lanes(ties & mask) {
            let threshold = Threshold::new(probability.get(lane));
            if self.bits(ask, lane).is_some_and(|bits| threshold.comes(bits)) {
                came |= 1 << lane;
            }
        }
        came
    }

    fn choice(&mut self, ask: Ask, mask: Mask, thresholds: &[Lanes], chosen: &mut [Mask]) {
        let Some(row) = self.row(ask) else { return };
        for lane in lanes(mask) {
            let first = thresholds
                .iter()
                .position(|threshold| self.below(ask, lane, row[lane], &Threshold::new(threshold[lane])));
            if let Some(chosen) = first.and_then(|option| chosen.get_mut(option)) {
                *chosen |= 1 << lane;
            }
        }
    }

    fn between(&mut self, ask: Ask, mask: Mask, least: u32, most: u32, to: &mut Lanes) {
        let Some(row) = self.full_row(ask) else { return };
        for lane in lanes(mask) {
            let turns = counting::uniform_integer(row[lane], i64::from(least), i64::from(most));
            to[lane] = turns.unwrap_or(i64::from(least)) as f64;
        }
    }

    fn value(&mut self, ask: Ask, mask: Mask, distribution: Distribution, arguments: &[&Lanes], to: &mut Lanes) {
        let Some(row) = self.full_row(ask) else {
            // Further landings in one turn than a draw's address can tell apart: no value.
            *to = [f64::NAN; LANES];
            return;
        };
        for lane in lanes(mask) {
            let v = unit(row[lane]);
            let argument = |index: usize| arguments[index][lane];
            to[lane] = match distribution {
                Distribution::Bernoulli => f64::from(u8::from(Threshold::new(argument(0)).comes(row[lane]))),
                Distribution::Binomial => counting::binomial(v, argument(0), argument(1)),
                Distribution::Poisson => counting::poisson(v, argument(0)),
                Distribution::Uniform => continuous::uniform(v, argument(0), argument(1)),
                Distribution::Normal => continuous::normal(v, argument(0), argument(1)),
                Distribution::Triangular => continuous::triangular(v, argument(0), argument(1), argument(2)),
            };
        }
    }
}
