//! What grows while a scenario is compiled: columns, draw sites, sets of values, places of expressions.

use crate::expression::{Interval, SetId};
use crate::model::{Cell, Copy, Distribution, Place, Site, ValueDraw};
use crate::provenance;
use std::collections::BTreeMap;

/// The columns of the state, with the copies that keep some of them in step with others.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub numbers: Vec<f64>,
    pub flags: Vec<bool>,
    number_shadows: BTreeMap<(Shadow, u32), u32>,
    flag_shadows: BTreeMap<(Shadow, u32), u32>,
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
        match cell {
            Cell::Number(column) => Cell::Number(self.number_shadow(shadow, column)),
            Cell::Flag(column) => Cell::Flag(self.flag_shadow(shadow, column)),
        }
    }

    /// The copy of a number column, made when first asked for.
    pub fn number_shadow(&mut self, shadow: Shadow, column: u32) -> u32 {
        if let Some(copy) = self.number_shadows.get(&(shadow, column)) {
            return *copy;
        }
        let copy = self.number(self.numbers[column as usize]);
        self.number_shadows.insert((shadow, column), copy);
        copy
    }

    fn flag_shadow(&mut self, shadow: Shadow, column: u32) -> u32 {
        if let Some(copy) = self.flag_shadows.get(&(shadow, column)) {
            return *copy;
        }
        let copy = self.flag(self.flags[column as usize]);
        self.flag_shadows.insert((shadow, column), copy);
        copy
    }

    /// The copies that fill the shadows of one kind from their columns.
    pub fn copies(&self, wanted: Shadow) -> Vec<Copy> {
        let numbers = of_kind(&self.number_shadows, wanted).map(|(from, to)| Copy::Number { from, to });
        numbers.chain(of_kind(&self.flag_shadows, wanted).map(|(from, to)| Copy::Flag { from, to })).collect()
    }

    /// The copies that bring columns back to their initial values.
    pub fn resets(&self) -> Vec<Copy> {
        let numbers = of_kind(&self.number_shadows, Shadow::Initial).map(|(to, from)| Copy::Number { from, to });
        numbers.chain(of_kind(&self.flag_shadows, Shadow::Initial).map(|(to, from)| Copy::Flag { from, to })).collect()
    }
}

/// Columns and their shadows of one kind, in order of the columns.
fn of_kind(shadows: &BTreeMap<(Shadow, u32), u32>, wanted: Shadow) -> impl Iterator<Item = (u32, u32)> {
    let found = shadows.iter().filter(move |((shadow, _), _)| *shadow == wanted);
    found.map(|((_, column), shadow)| (*column, *shadow))
}

/// Draw sites by path, and the values that tapes ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Sites {
    pub paths: Vec<String>,
    pub sites: Vec<Site>,
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
        self.sites.push(Site::from_digest(&provenance::digest(path.as_bytes())));
        self.by_path.insert(path.to_owned(), site);
        site
    }

    pub fn value(&mut self, path: &str, distribution: Distribution) -> u32 {
        let site = self.site(path);
        self.values.push(ValueDraw { site, distribution });
        self.values.len() as u32 - 1
    }

    /// The paths of two sites that are one, if there are any.
    pub fn collision(&self) -> Option<(&str, &str)> {
        let mut seen: BTreeMap<Site, &str> = BTreeMap::new();
        for (path, site) in self.paths.iter().zip(&self.sites) {
            if let Some(other) = seen.insert(*site, path) {
                return Some((other, path));
            }
        }
        None
    }
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
