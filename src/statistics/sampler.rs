//! Numbers for designs, scrambles and resampling: the draws of one named site of the seed, one after another.

use crate::draws::{Draw, Key, LANES, Site, unit};
use crate::provenance::digest;

/// The draws of a site at turn 0 by replication, so that number i of a path is a pure function of seed, path and i.
#[derive(Debug, Clone)]
pub struct Sampler {
    key: Key,
    draw: Option<Draw>,
    next: u64,
    row: [u64; LANES],
}

impl Sampler {
    /// The numbers of a path, such as `bootstrap/sobol`; paths that a scenario can have begin otherwise.
    pub fn new(seed: u64, path: &str) -> Self {
        let site = Site::from_digest(&digest(path.as_bytes()));
        Self { key: Key::from_seed(seed), draw: Draw::new(site, 0, 0), next: 0, row: [0; LANES] }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        let lane = (self.next % LANES as u64) as usize;
        if lane == 0 {
            let group = self.next / LANES as u64;
            self.row = self.draw.map_or([0; LANES], |draw| draw.full_tile(&self.key, group).row(0));
        }
        self.next += 1;
        self.row[lane]
    }

    /// The next number, uniform and strictly between 0 and 1.
    pub fn unit(&mut self) -> f64 {
        unit(self.bits())
    }

    /// The next whole number below `n`: ⌊U · n / 2^64⌋.
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// Puts items into random order, every order as likely as any other (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }

    /// As many picks of 0 to `n` - 1, with replacement, as there is room for.
    pub fn resample(&mut self, n: usize, picks: &mut [usize]) {
        picks.fill_with(|| self.below(n));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_draws_of_the_site() {
        let site = Site::from_digest(&digest(b"bootstrap/test"));
        let draw = Draw::new(site, 0, 0).unwrap();
        let mut sampler = Sampler::new(7, "bootstrap/test");
        for replication in 0..200 {
            assert_eq!(sampler.bits(), draw.bits(&Key::from_seed(7), replication));
        }
    }

    #[test]
    fn orders_are_equally_likely() {
        let mut sampler = Sampler::new(1, "shuffle");
        let mut seen = [0_u32; 6];
        for _ in 0..6_000 {
            let mut items = [0, 1, 2];
            sampler.shuffle(&mut items);
            seen[2 * items[0] + usize::from(items[1] > items[2])] += 1;
        }
        assert!(seen.iter().all(|&count| (850..1_150).contains(&count)), "{seen:?}");
    }

    #[test]
    fn picks_are_below() {
        let mut sampler = Sampler::new(1, "picks");
        let mut picks = [0; 1_000];
        sampler.resample(3, &mut picks);
        assert!((0..3).all(|pick| picks.iter().filter(|&&it| it == pick).count() > 250));
        assert!(picks.iter().all(|&pick| pick < 3));
    }
}
