//! Settles by keyed draws: every answer a pure function of seed, site, turn, replication and k.

use crate::draws::{Counting, Draw, FullTile, Inverter, Key, Site, Threshold, Tile, continuous, counting, unit};
use crate::engine::{Chances, DrawId, Settle};
use crate::expression::{Column, LANES, Lanes, Mask, lanes};
use crate::model::{Distribution, Model};
use crate::simd::{Eight, Operand, Portable, Simd};

/// The draws of one group of 64 replications at a time.
pub struct KeyedDraws<X = Portable> {
    wide: X,
    key: Key,
    sites: Vec<Site>,
    /// The group: replication / 64.
    group: u64,
    /// The first 16 bits of a site's draws for four turns.
    tiles: Vec<Tile>,
    /// For which four; none known if no turns can be these.
    known: Vec<u32>,
    full: Vec<Option<(u32, Box<FullTile>)>>,
    inverter: Inverter,
}

/// No turns are these.
const NONE: u32 = u32::MAX;

/// Four turns share a tile.
#[inline(always)]
fn turn_group(turn: u32) -> u32 {
    turn.wrapping_add(3) / 4
}

impl KeyedDraws {
    pub fn new(model: &Model, seed: u64) -> Self {
        Self::with(Portable::new(), model, seed)
    }
}

impl<X: Simd> KeyedDraws<X> {
    /// The same draws, made with wide instructions.
    pub fn with(wide: X, model: &Model, seed: u64) -> Self {
        let sites = model.sites.clone();
        let count = sites.len();
        let full = (0..count).map(|_| None).collect();
        let (tiles, known) = (vec![Tile::default(); count], vec![NONE; count]);
        Self { wide, key: Key::from_seed(seed), sites, group: 0, tiles, known, full, inverter: Inverter::default() }
    }

    /// Goes over to another group.
    pub fn enter(&mut self, group: u64) {
        self.group = group;
        self.known.fill(NONE);
        self.full.iter_mut().for_each(|tile| *tile = None);
    }

    fn draw(&self, ask: DrawId) -> Option<Draw> {
        Draw::new(*self.sites.get(ask.site as usize)?, ask.turn, ask.k)
    }

    /// One draw at full width.
    pub fn bits(&self, ask: DrawId, lane: usize) -> Option<u64> {
        Some(self.draw(ask)?.bits(&self.key, self.group * LANES as u64 + lane as u64))
    }

    /// The first 16 bits of all lanes, in the four turns that share a tile.
    #[inline(always)]
    fn tile(&mut self, ask: DrawId) -> Option<&Tile> {
        let site = ask.site as usize;
        let turns = if ask.k > 0 { NONE } else { turn_group(ask.turn) };
        if ask.k > 0 || *self.known.get(site)? != turns {
            self.tiles[site] = self.draw(ask)?.tile_with(self.wide, &self.key, self.group);
            self.known[site] = turns;
        }
        Some(&self.tiles[site])
    }

    /// All 64 bits of all lanes.
    fn full_row(&mut self, ask: DrawId) -> Option<[u64; LANES]> {
        let draw = self.draw(ask)?;
        if ask.k > 0 {
            return Some(draw.full_tile_with(self.wide, &self.key, self.group).row(ask.turn));
        }
        let (wide, key, group, turns) = (self.wide, &self.key, self.group, turn_group(ask.turn));
        let slot = &mut self.full[ask.site as usize];
        match slot {
            Some((known, tile)) if *known == turns => Some(tile.row(ask.turn)),
            _ => {
                let tile = Box::new(draw.full_tile_with(wide, key, group));
                let row = tile.row(ask.turn);
                *slot = Some((turns, tile));
                Some(row)
            }
        }
    }

    /// Where the first 16 bits are those of the threshold, the rest decides.
    #[cold]
    #[inline(never)]
    fn untie(&self, ask: DrawId, ties: Mask, chances: impl Chances) -> Mask {
        let comes = |lane: &usize| {
            let threshold = Threshold::new(chances.at(*lane));
            self.bits(ask, *lane).is_some_and(|bits| threshold.comes(bits))
        };
        lanes(ties).filter(comes).fold(0, |came, lane| came | 1 << lane)
    }

    /// Whether the draw lies below the threshold, its first 16 bits known; the others decide a tie.
    fn below(&self, ask: DrawId, lane: usize, first: u16, threshold: &Threshold) -> bool {
        match threshold.first(first) {
            Some(below) => below,
            None => self.bits(ask, lane).is_some_and(|bits| threshold.comes(bits)),
        }
    }
}

impl<X: Simd> Settle for KeyedDraws<X> {
    #[inline(always)]
    fn chance(&mut self, ask: DrawId, mask: Mask, chances: impl Chances) -> Mask {
        let wide = self.wide;
        let Some(tile) = self.tile(ask) else { return 0 };
        // Where the first 16 bits r of a draw decide: it lies below p where r < ⌊p · 2^16⌋, and not where r is larger.
        let (came, ties) = wide.draws_below(tile.row_words(ask.turn), Thresholds(chances));
        if ties & mask == 0 { came & mask } else { came & mask | self.untie(ask, ties & mask, chances) }
    }

    fn choice(&mut self, ask: DrawId, mask: Mask, thresholds: &[Column], chosen: &mut [Mask]) {
        if self.tile(ask).is_none() {
            return;
        }
        for lane in lanes(mask) {
            let first = self.tiles[ask.site as usize].piece(ask.turn, lane);
            let option =
                thresholds.iter().position(|threshold| self.below(ask, lane, first, &Threshold::new(threshold[lane])));
            if let Some(chosen) = option.and_then(|option| chosen.get_mut(option)) {
                *chosen |= 1 << lane;
            }
        }
    }

    fn between(&mut self, ask: DrawId, mask: Mask, least: u32, most: u32, to: &mut Lanes) {
        let Some(row) = self.full_row(ask) else { return };
        for lane in lanes(mask) {
            let turns = counting::uniform_integer(row[lane], i64::from(least), i64::from(most));
            to[lane] = turns.unwrap_or(i64::from(least)) as f64;
        }
    }

    fn value(&mut self, ask: DrawId, mask: Mask, distribution: Distribution, arguments: &[&Lanes], to: &mut Lanes) {
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
                Distribution::Binomial => self.inverter.invert(Counting::Binomial, v, argument(0), argument(1)),
                Distribution::Poisson => self.inverter.invert(Counting::Poisson, v, argument(0), 0.0),
                Distribution::Uniform => continuous::uniform(v, argument(0), argument(1)),
                Distribution::Normal => continuous::normal(v, argument(0), argument(1)),
                Distribution::Triangular => continuous::triangular(v, argument(0), argument(1), argument(2)),
            };
        }
    }
}

/// What the first 16 bits of draws are compared with.
#[derive(Clone, Copy)]
struct Thresholds<C>(C);

impl<C: Chances> Operand for Thresholds<C> {
    #[inline(always)]
    fn eight(self, index: usize) -> Eight {
        self.0.thresholds(index)
    }
}
