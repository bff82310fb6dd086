//! What grows while a scenario is compiled: columns, draw sites, sets of values, places of expressions.

use crate::expression::{Interval, SetId};
use crate::model::{Cell, Copy, Distribution, Place, ValueDraw};
use crate::provenance;
use std::collections::BTreeMap;

/// The columns of the state, with the copies that keep some of them in step with others.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub numbers: Vec<f64>,
    pub flags: Vec<bool>,
    shadows: BTreeMap<(Shadow, Cell), Cell>,
}

/// Why a column has a copy of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shadow {
    /// The value at the end of the turn before.
    Previous,
    /// The value to which it returns every turn.
    Initial,
    /// The value at the start of the trigger phase.
    Snapshot,
}

impl Columns {
    pub fn number(&mut self, initial: f64) -> u32 {
        self.numbers.push(initial);
        self.numbers.len() as u32 - 1
    }

    pub fn flag(&mut self, initial: bool) -> u32 {
        self.flags.push(initial);
        self.flags.len() as u32 - 1
    }

    /// The copy of a column, made when first asked for.
    pub fn shadow(&mut self, shadow: Shadow, cell: Cell) -> Cell {
        if let Some(copy) = self.shadows.get(&(shadow, cell)) {
            return *copy;
        }
        let copy = match cell {
            Cell::Number(column) => Cell::Number(self.number(self.numbers[column as usize])),
            Cell::Flag(column) => Cell::Flag(self.flag(self.flags[column as usize])),
        };
        self.shadows.insert((shadow, cell), copy);
        copy
    }

    /// The copies that fill the shadows of one kind from their columns.
    pub fn copies(&self, wanted: Shadow) -> Vec<Copy> {
        let pairs = self.shadows.iter().filter(|((shadow, _), _)| *shadow == wanted);
        pairs.map(|((_, cell), shadow)| copy(*cell, *shadow)).collect()
    }

    /// The copies that bring columns back to their initial values.
    pub fn resets(&self) -> Vec<Copy> {
        let pairs = self.shadows.iter().filter(|((shadow, _), _)| *shadow == Shadow::Initial);
        pairs.map(|((_, cell), initial)| copy(*initial, *cell)).collect()
    }
}

fn copy(from: Cell, to: Cell) -> Copy {
    match (from, to) {
        (Cell::Flag(from), Cell::Flag(to)) => Copy::Flag { from, to },
        (Cell::Number(from) | Cell::Flag(from), Cell::Number(to) | Cell::Flag(to)) => Copy::Number { from, to },
    }
}

/// Draw sites by path, and the values that tapes ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Sites {
    pub paths: Vec<String>,
    pub numbers: Vec<u64>,
    pub values: Vec<ValueDraw>,
    by_path: BTreeMap<String, u32>,
}

impl Sites {
    pub fn site(&mut self, path: &str) -> u32 {
        if let Some(site) = self.by_path.get(path) {
            return *site;
        }
        let site = self.paths.len() as u32;
        self.paths.push(path.to_owned());
        self.numbers.push(site_number(path));
        self.by_path.insert(path.to_owned(), site);
        site
    }

    pub fn value(&mut self, path: &str, distribution: Distribution) -> u32 {
        let site = self.site(path);
        self.values.push(ValueDraw { site, distribution });
        self.values.len() as u32 - 1
    }

    /// Two sites of the same number, if there are any.
    pub fn collision(&self) -> Option<(&str, &str)> {
        let mut seen: BTreeMap<u64, &str> = BTreeMap::new();
        for (path, number) in self.paths.iter().zip(&self.numbers) {
            if let Some(other) = seen.insert(*number, path) {
                return Some((other, path));
            }
        }
        None
    }
}

/// The 40-bit number of a site: the first five bytes of the digest of its path, the lowest first.
pub fn site_number(path: &str) -> u64 {
    let digest = provenance::digest(path.as_bytes());
    digest[..5].iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Sets of values: enums with the same values in the same order have one set.
#[derive(Debug, Clone, Default)]
pub(super) struct Sets(pub Vec<Vec<String>>);

impl Sets {
    pub fn set(&mut self, values: Vec<String>) -> SetId {
        match self.0.iter().position(|set| *set == values) {
            Some(set) => set as SetId,
            None => {
                self.0.push(values);
                self.0.len() as SetId - 1
            }
        }
    }
}

/// The places of expressions, for messages at run time.
#[derive(Debug, Default)]
pub(super) struct Places(pub Vec<Place>);

impl Places {
    pub fn place(&mut self, path: &str, text: &str) -> u32 {
        self.0.push(Place { path: path.to_owned(), text: text.to_owned() });
        self.0.len() as u32 - 1
    }
}

/// The range of turns, for columns that hold one.
pub(super) fn turns_range(turns: u32) -> Interval {
    Interval::new(0.0, f64::from(turns))
}
