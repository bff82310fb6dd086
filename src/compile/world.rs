//! What expressions read and make room for: the names of a scenario, its columns, and what is remembered of its events.

use super::events::{Event, events};
use super::history::History;
use super::pools::{Columns, Sets, Shadow, Sites};
use crate::diagnostic::Span;
use crate::expression::{Interval, SetId, Type};
use crate::model::Cell;
use crate::scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};

/// The scenario as far as it has been lowered.
#[derive(Debug, Clone)]
pub(super) struct World<'s> {
    pub scenario: &'s Scenario,
    pub columns: Columns,
    pub sites: Sites,
    pub sets: Sets,
    pub events: Vec<Event<'s>>,
    pub history: History,
    pub symbols: BTreeMap<String, Symbol>,
    pub variables: Vec<Variable>,
    /// Relation cells: relation, from, to; of symmetric ones both ways.
    pub cells: BTreeMap<(usize, usize, usize), usize>,
    pub parameters: Vec<Parameter>,
    /// Rung and peak columns: of the scenario (none), and of actors that expressions name.
    pub rungs: BTreeMap<Option<usize>, RungColumns>,
    pub rung_set: Option<SetId>,
    pub outcome_set: Option<SetId>,
    pub turns: u32,
    pub uses: Uses,
}

/// What a name in the shared namespace stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol {
    Variable(usize),
    Parameter(usize),
    Actor(usize),
    Relation(usize),
    Event(usize),
    Dynamic,
}

/// A variable or a relation cell.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    pub path: String,
    pub title: Option<String>,
    pub unit: String,
    pub cell: Cell,
    pub kind: Type,
    pub range: Interval,
    pub fails: bool,
    pub each_turn: bool,
    pub span: Span,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Parameter {
    Fixed(f64),
    /// Drawn per replication, into this column, within this range.
    Drawn(u32, Interval),
    /// Not yet known: parameters are worked out in order of need.
    Unknown,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct RungColumns {
    pub rung: u32,
    pub peak: Option<u32>,
}

/// What expressions read and effects write, for the lint.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    pub read: BTreeSet<usize>,
    pub written: BTreeSet<usize>,
    pub parameters: BTreeSet<usize>,
}

impl<'s> World<'s> {
    /// A scenario of which only the events are known.
    pub fn new(scenario: &'s Scenario) -> Self {
        Self {
            scenario,
            columns: Columns::default(),
            sites: Sites::default(),
            sets: Sets::default(),
            events: events(scenario),
            history: History::default(),
            symbols: BTreeMap::new(),
            variables: Vec::new(),
            cells: BTreeMap::new(),
            parameters: Vec::new(),
            rungs: BTreeMap::new(),
            rung_set: None,
            outcome_set: None,
            turns: 0,
            uses: Uses::default(),
        }
    }

    /// The rung columns of an actor, or of the scenario.
    pub fn rung_columns(&mut self, actor: Option<usize>) -> RungColumns {
        if let Some(columns) = self.rungs.get(&actor) {
            return *columns;
        }
        let columns = RungColumns { rung: self.columns.number(0.0), peak: None };
        self.columns.shadow(Shadow::Initial, Cell::Number(columns.rung));
        self.rungs.insert(actor, columns);
        columns
    }

    /// The column of the highest rung so far.
    pub fn peak_column(&mut self, actor: Option<usize>) -> u32 {
        let columns = self.rung_columns(actor);
        if let Some(peak) = columns.peak {
            return peak;
        }
        let peak = self.columns.number(0.0);
        self.rungs.insert(actor, RungColumns { peak: Some(peak), ..columns });
        peak
    }
}
