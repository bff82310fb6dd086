//! A histogram without bounds: bins by sign, exponent and seven bits of the mantissa, so that every float has a bin.
//!
//! A quantile is then at most 0.4 % off wherever the values lie, and the index of a bin is a shift of its bits. Cousins
//! with bins of equal ratio: HdrHistogram (G. Tene); DDSketch (C. Masson, J. Rim, H. Lee, PVLDB 12, 2019).

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;

/// How many bits of a float lie below those that choose its bin.
const SHIFT: u32 = 45;
/// The bin of 0 among all bins, which is the number of bins below 0.
const ZERO: u32 = 1 << 18;
/// How many bins a page holds.
pub const PAGE: usize = 16;
/// The largest relative distance of a quantile that is reported as the middle of a bin, for values of at least 2^-1022.
pub const RELATIVE_ERROR: f64 = 1.0 / 256.0;

/// Levels are rounded to whole parts of this, so that 0.07 of 100 is 7, and not a hair more.
const LEVEL_PARTS: f64 = 1e9;

/// Whether so many of a total reach a level from 0 to 1, compared in integers.
pub fn is_reached(seen: u128, level: f64, total: u128) -> bool {
    seen > 0 && seen * LEVEL_PARTS as u128 >= libm::round(level * LEVEL_PARTS) as u128 * total
}

/// A bin: an interval of floats, ordered as the values in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bin(u32);

impl Bin {
    /// The bin of a value, which is not NaN; −0 lies in the bin of 0.
    pub fn of(value: f64) -> Self {
        Self::of_bits((value + 0.0).to_bits())
    }

    /// The bin of a value by its bits, which are neither those of −0 nor of a NaN.
    pub fn of_bits(bits: u64) -> Self {
        let magnitude = (bits >> SHIFT) as u32 & (ZERO - 1);
        Self(if bits >> 63 == 1 { ZERO - 1 - magnitude } else { ZERO + magnitude })
    }

    /// The bin with an index that [`Bin::index`] gave; none if there is no such bin.
    pub fn at(index: u32) -> Option<Self> {
        let bin = Self(index);
        (index < 2 * ZERO && bin.magnitude() <= f64::INFINITY.to_bits() >> SHIFT).then_some(bin)
    }

    /// Its place among all bins, the lowest values first.
    pub fn index(self) -> u32 {
        self.0
    }

    fn is_negative(self) -> bool {
        self.0 < ZERO
    }

    fn magnitude(self) -> u64 {
        u64::from(if self.is_negative() { ZERO - 1 - self.0 } else { self.0 - ZERO })
    }

    fn signed(self, bits: u64) -> f64 {
        let value = f64::from_bits(bits);
        if self.is_negative() { -value } else { value }
    }

    /// The middle of the bin, which is that of the infinities infinite.
    pub fn middle(self) -> f64 {
        let edge = self.magnitude() << SHIFT;
        let is_infinite = edge >= f64::INFINITY.to_bits();
        self.signed(if is_infinite { edge } else { edge | 1 << (SHIFT - 1) })
    }

    /// The least and the greatest value that may lie in the bin.
    pub fn edges(self) -> [f64; 2] {
        let inner = self.magnitude() << SHIFT;
        let outer = if inner >= f64::INFINITY.to_bits() { inner } else { inner | ((1 << SHIFT) - 1) };
        let (inner, outer) = (self.signed(inner), self.signed(outer));
        if self.is_negative() { [outer, inner] } else { [inner, outer] }
    }
}

/// What a bin is known to hold. Joining two of these is associative, commutative and idempotent, so that the order of
/// merging changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Content {
    #[default]
    Empty,
    /// One value only, any number of times.
    One(f64),
    Mixed,
}

impl Content {
    /// What a bin holds that held this and takes in the other.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Empty, it) | (it, Self::Empty) => it,
            (Self::One(a), Self::One(b)) if a == b => self,
            _ => Self::Mixed,
        }
    }

    /// The number that stands for the values of the bin.
    pub fn value(self, bin: Bin) -> f64 {
        match self {
            Self::One(value) => value,
            Self::Empty | Self::Mixed => bin.middle(),
        }
    }

    /// The least and the greatest value that the bin may hold.
    pub fn edges(self, bin: Bin) -> [f64; 2] {
        match self {
            Self::One(value) => [value, value],
            Self::Empty | Self::Mixed => bin.edges(),
        }
    }
}

/// Neighbouring bins.
#[derive(Debug, Clone, PartialEq)]
struct Page {
    counts: [u64; PAGE],
    contents: [Content; PAGE],
}

impl Page {
    const EMPTY: Self = Self { counts: [0; PAGE], contents: [Content::Empty; PAGE] };

    fn merge(&mut self, other: &Self) {
        for place in 0..PAGE {
            self.counts[place] += other.counts[place];
            self.contents[place] = self.contents[place].join(other.contents[place]);
        }
    }
}

/// How many values lie in each bin, and which bins hold one value only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Histogram {
    /// By index of the first bin, divided by [`PAGE`]; no page is empty.
    pages: BTreeMap<u32, Box<Page>>,
}

impl Histogram {
    /// Adds a value, which is not NaN, so many times.
    pub fn add(&mut self, value: f64, count: u64) {
        self.add_bin(Bin::of(value), Content::One(value + 0.0), count);
    }

    /// Adds values of one bin, of which this is known.
    pub fn add_bin(&mut self, bin: Bin, content: Content, count: u64) {
        if count == 0 {
            return;
        }
        let page = self.pages.entry(bin.0 / PAGE as u32).or_insert_with(|| Box::new(Page::EMPTY));
        let place = bin.0 as usize % PAGE;
        page.counts[place] += count;
        page.contents[place] = page.contents[place].join(content);
    }

    /// Adds the values of a page of bins, all of which belong to the same page.
    pub fn add_page(&mut self, bins: impl Iterator<Item = (Bin, Content, u64)>) {
        let mut added = Page::EMPTY;
        let mut index = None;
        for (bin, content, count) in bins.filter(|(_, _, count)| *count > 0) {
            index = Some(bin.0 / PAGE as u32);
            (added.counts[bin.0 as usize % PAGE], added.contents[bin.0 as usize % PAGE]) = (count, content);
        }
        if let Some(index) = index {
            self.pages.entry(index).or_insert_with(|| Box::new(Page::EMPTY)).merge(&added);
        }
    }

    /// Adds all values of another.
    pub fn merge(&mut self, other: &Self) {
        for (index, theirs) in &other.pages {
            self.pages.entry(*index).or_insert_with(|| Box::new(Page::EMPTY)).merge(theirs);
        }
    }

    /// The bins that hold anything, the lowest first, with what they hold and how often.
    pub fn bins(&self) -> impl DoubleEndedIterator<Item = (Bin, Content, u64)> {
        self.pages.iter().flat_map(|(index, page)| {
            let bin = move |place: usize| Bin(index * PAGE as u32 + place as u32);
            let filled = (0..PAGE).filter(|place| page.counts[*place] > 0);
            filled.map(move |place| (bin(place), page.contents[place], page.counts[place]))
        })
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.pages.values().flat_map(|page| page.counts).sum()
    }

    /// How many of the values are infinite.
    pub fn infinite(&self) -> u64 {
        let ends = [f64::NEG_INFINITY, f64::INFINITY].map(|end| Bin::of(end).0);
        let count =
            |index: u32| self.pages.get(&(index / PAGE as u32)).map_or(0, |page| page.counts[index as usize % PAGE]);
        ends.map(count).into_iter().sum()
    }

    /// The quantiles at these levels, which ascend: each stands for the first bin at which the cumulative count reaches
    /// the level (type 1 of Hyndman and Fan, 1996). It is the value itself if the bin holds only one, else the middle of
    /// the bin, and then at most [`RELATIVE_ERROR`] away. None if there are no values.
    pub fn quantiles<const N: usize>(&self, levels: [f64; N]) -> Option<[Quantile; N]> {
        let total = u128::from(self.count());
        let (mut bins, mut seen) = (self.bins(), 0_u128);
        let mut last: Option<(Bin, Content)> = None;
        let mut found = [Quantile { value: 0.0, is_exact: true }; N];
        for (level, found) in levels.into_iter().zip(&mut found) {
            while last.is_none() || !is_reached(seen, level, total) {
                let (bin, content, count) = bins.next()?;
                seen += u128::from(count);
                last = Some((bin, content));
            }
            let (bin, content) = last?;
            *found = Quantile { value: content.value(bin), is_exact: matches!(content, Content::One(_)) };
        }
        Some(found)
    }
}

/// A quantile as it is reported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quantile {
    pub value: f64,
    /// Whether this is the quantile itself, and not the middle of the bin that it lies in.
    pub is_exact: bool,
}

/// A bin in a file: how far from the bin before it, how often, and the value if it holds only one.
type Entry = (u32, u64, Option<f64>);

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut before = 0;
        let entries: Vec<Entry> = self
            .bins()
            .map(|(bin, content, count)| {
                let step = bin.0 - std::mem::replace(&mut before, bin.0);
                let one = if let Content::One(value) = content { Some(value) } else { None };
                (step, count, one)
            })
            .collect();
        entries.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut histogram = Self::default();
        let (mut index, mut total) = (0_u32, 0_u64);
        for (place, (step, count, one)) in Vec::<Entry>::deserialize(deserializer)?.into_iter().enumerate() {
            index = index.checked_add(step).ok_or_else(|| D::Error::custom("a bin beyond all bins"))?;
            total = total.checked_add(count).ok_or_else(|| D::Error::custom("more values than can be counted"))?;
            let bin = Bin::at(index).ok_or_else(|| D::Error::custom("a bin beyond all bins"))?;
            let fits = one.is_none_or(|one| !one.is_nan() && Bin::of(one) == bin);
            if count == 0 || !fits || (place > 0 && step == 0) {
                return Err(D::Error::custom("a bin that cannot be"));
            }
            histogram.add_bin(bin, one.map_or(Content::Mixed, Content::One), count);
        }
        Ok(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Histogram {
        let mut histogram = Histogram::default();
        values.iter().for_each(|value| histogram.add(*value, 1));
        histogram
    }

    fn is_near(found: f64, value: f64) -> bool {
        found == value || (found - value).abs() <= RELATIVE_ERROR * value.abs().max(f64::MIN_POSITIVE)
    }

    #[test]
    fn whole_numbers_to_255_and_zero_are_themselves() {
        for whole in -255..=255 {
            let value = f64::from(whole);
            let histogram = of(&[value, value]);
            let [median] = histogram.quantiles([0.5]).expect("two values");
            assert_eq!(median, Quantile { value, is_exact: true });
            let neighbours = (Bin::of(value), Bin::of(value + 1.0));
            assert!(neighbours.0 < neighbours.1, "{whole} has a bin of its own");
        }
        assert_eq!(of(&[-0.0]), of(&[0.0]));
    }

    #[test]
    fn infinities_rank_at_the_ends() {
        let histogram = of(&[f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, 0.0]);
        let found = histogram.quantiles([0.1, 0.3, 0.5, 0.7, 0.9]).expect("values").map(|it| it.value);
        assert_eq!(found, [f64::NEG_INFINITY, f64::MIN, 0.0, f64::MAX, f64::INFINITY]);
        assert!(Bin::of(f64::MAX).middle().is_finite());
    }

    #[test]
    fn nothing_has_no_quantiles() {
        assert_eq!(Histogram::default().quantiles([0.5]), None);
    }

    #[test]
    fn what_cannot_be_is_not_read() {
        let read = |entries: &[Entry]| {
            let bytes = postcard::to_allocvec(&entries.to_vec()).expect("bytes");
            postcard::from_bytes::<Histogram>(&bytes).is_ok()
        };
        let one = Bin::of(1.0).index();
        assert!(read(&[(one, 3, Some(1.0)), (1, 1, None)]));
        assert!(!read(&[(one, 3, Some(2.0))]), "a value of another bin");
        assert!(!read(&[(one, 3, Some(f64::NAN))]), "no value");
        assert!(!read(&[(one, 0, None)]), "an empty bin");
        assert!(!read(&[(one, 1, None), (0, 1, None)]), "a bin twice");
        assert!(!read(&[(2 * ZERO, 1, None)]), "no bin");
        assert!(!read(&[(one, u64::MAX, None), (1, 1, None)]), "too many");
    }

    fn value() -> impl Strategy<Value = f64> {
        let any = any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |value| !value.is_nan());
        let near = (-40_i32..40).prop_map(|whole| f64::from(whole) / 8.0);
        prop_oneof![any, near, Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.0)]
    }

    proptest! {
        #[test]
        fn quantiles_are_near_and_alone_exact(mut values in prop::collection::vec(value(), 1..60), level in 0.0..=1.0) {
            let [found] = of(&values).quantiles([level]).expect("values");
            values.sort_by(f64::total_cmp);
            let rank = (libm::round(level * 1e9) * values.len() as f64 / 1e9).ceil().max(1.0) as usize;
            let truth = values[rank - 1] + 0.0;
            prop_assert!(is_near(found.value, truth), "{} for {truth}", found.value);
            let alone = values.iter().all(|other| Bin::of(*other) != Bin::of(truth) || *other == truth);
            prop_assert_eq!(found.is_exact, alone);
            prop_assert!(!alone || found.value == truth);
        }

        #[test]
        fn bins_hold_their_values_in_order(a in value(), b in value()) {
            let bin = Bin::of(a);
            let [low, high] = bin.edges();
            prop_assert!(low <= a && a <= high && (Bin::of(low), Bin::of(high)) == (bin, bin));
            prop_assert_eq!(Bin::at(bin.index()), Some(bin));
            prop_assert!(a >= b || bin <= Bin::of(b));
        }

        #[test]
        fn the_order_of_merging_changes_nothing(values in prop::collection::vec(value(), 1..60), cut in any::<prop::sample::Index>(), turn in any::<prop::sample::Index>()) {
            let whole = of(&values);
            let mut turned = values.clone();
            turned.rotate_left(turn.index(values.len()));
            let (a, b) = turned.split_at(cut.index(values.len()));
            let (mut merged, other) = (of(b), of(a));
            merged.merge(&other);
            prop_assert_eq!(postcard::to_allocvec(&merged).expect("bytes"), postcard::to_allocvec(&whole).expect("bytes"));
            let read: Histogram = postcard::from_bytes(&postcard::to_allocvec(&whole).expect("bytes")).expect("read");
            prop_assert_eq!(read, whole);
        }
    }
}
