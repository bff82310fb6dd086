//! The values of the states of one component, by elimination or, where that fills too much, by sweeps.

use super::explore::Chain;
use crate::exact::weight::DoubleDouble;
use std::collections::{BTreeMap, BTreeSet};

/// Updates that one elimination may take.
const UPDATES_MAX: usize = 30_000_000;
/// Sweeps that are made at most where elimination would take more.
const SWEEPS_MAX: usize = 200_000;
/// Sweeps end once values change by less than this part of themselves.
const CHANGE_LEAST: f64 = 1e-26;

/// A linear system without subtraction: each state has the mean of the others by its weights, and adds its own.
struct System {
    /// By state: its weights of the other states.
    rows: Vec<BTreeMap<u32, DoubleDouble>>,
    /// By state: its weight of what lies outside.
    exits: Vec<DoubleDouble>,
    /// By state: what it adds, for each column.
    adds: Vec<Vec<DoubleDouble>>,
}

/// Fills in the values of a component that can be left, those of all it leads to being known; false if told to stop.
///
/// `values` has `columns` numbers for each state, `own` gives what a state adds to each of them, what endings give included.
pub(super) fn solve(
    chain: &Chain,
    component: &[u32],
    columns: usize,
    own: impl Fn(usize) -> Vec<DoubleDouble>,
    values: &mut [DoubleDouble],
    is_stopped: &impl Fn() -> bool,
) -> bool {
    let places: BTreeMap<u32, u32> =
        component.iter().enumerate().map(|(place, state)| (*state, place as u32)).collect();
    let mut system = System { rows: Vec::new(), exits: Vec::new(), adds: Vec::new() };
    for (place, state) in component.iter().enumerate() {
        let mut row = BTreeMap::new();
        let (mut exit, mut add) = (DoubleDouble::ZERO, own(*state as usize));
        for (target, weight) in chain.next(*state as usize) {
            let next = chain.state(target);
            match next.and_then(|next| places.get(&(next as u32))) {
                // What stays where it is only takes time.
                Some(other) if *other as usize == place => {}
                Some(other) => {
                    row.insert(*other, weight);
                }
                None => {
                    exit += weight;
                    let known = next.map(|next| &values[next * columns..(next + 1) * columns]);
                    for (add, value) in add.iter_mut().zip(known.unwrap_or_default()) {
                        *add += weight.scaled(*value);
                    }
                }
            }
        }
        system.rows.push(row);
        system.exits.push(exit);
        system.adds.push(add);
    }
    let solved = match system.eliminated(is_stopped) {
        Some(order) => Some(system.substituted(&order)),
        None if is_stopped() => None,
        None => {
            // What was eliminated so far still holds, but not by itself: begin anew, with sweeps.
            return sweep(chain, component, columns, own, values, is_stopped);
        }
    };
    let Some(solved) = solved else { return false };
    for (state, solved) in component.iter().zip(solved) {
        values[*state as usize * columns..(*state as usize + 1) * columns].copy_from_slice(&solved);
    }
    true
}

impl System {
    /// Takes the states out one by one, those with the fewest neighbours first; the order, or none if it is too much work.
    fn eliminated(&mut self, is_stopped: &impl Fn() -> bool) -> Option<Vec<usize>> {
        let count = self.rows.len();
        let mut into: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); count];
        for (place, row) in self.rows.iter().enumerate() {
            row.keys().for_each(|other| {
                into[*other as usize].insert(place as u32);
            });
        }
        let mut costs: Vec<usize> = (0..count).map(|place| self.rows[place].len() * into[place].len()).collect();
        let mut queue: BTreeSet<(usize, usize)> = costs.iter().copied().zip(0..count).collect();
        let (mut order, mut updates) = (Vec::with_capacity(count), 0);
        while let Some((cost, place)) = queue.pop_first() {
            updates += cost;
            if updates > UPDATES_MAX || is_stopped() {
                return None;
            }
            self.scale(place);
            let sources = std::mem::take(&mut into[place]);
            for source in &sources {
                self.take_out(place, *source as usize, &mut into);
            }
            let neighbours = self.rows[place].keys().chain(&sources).copied().collect::<BTreeSet<u32>>();
            for other in neighbours {
                let other = other as usize;
                into[other].remove(&(place as u32));
                queue.remove(&(costs[other], other));
                costs[other] = self.rows[other].len() * into[other].len();
                queue.insert((costs[other], other));
            }
            order.push(place);
        }
        Some(order)
    }

    /// Lets a source lead on to where a state leads, instead of to the state.
    fn take_out(&mut self, place: usize, source: usize, into: &mut [BTreeSet<u32>]) {
        let Some(weight) = self.rows[source].remove(&(place as u32)) else { return };
        let row = std::mem::take(&mut self.rows[place]);
        for (other, part) in row.iter().filter(|(other, _)| **other as usize != source) {
            *self.rows[source].entry(*other).or_default() += weight.scaled(*part);
            into[*other as usize].insert(source as u32);
        }
        self.rows[place] = row;
        let exit = self.exits[place];
        self.exits[source] += weight.scaled(exit);
        let (adds, more) = two(&mut self.adds, source, place);
        adds.iter_mut().zip(more).for_each(|(add, more)| *add += weight.scaled(*more));
    }

    /// Divides a row by all it leads to with certainty: its weights and exit, which need no subtraction from 1.
    fn scale(&mut self, place: usize) {
        let leaving = self.rows[place].values().copied().sum::<DoubleDouble>() + self.exits[place];
        let part = leaving.inverse();
        self.rows[place].values_mut().for_each(|weight| *weight = weight.scaled(part));
        self.exits[place] = self.exits[place].scaled(part);
        self.adds[place].iter_mut().for_each(|add| *add = add.scaled(part));
    }

    /// The values, from the last that was taken out back to the first.
    fn substituted(mut self, order: &[usize]) -> Vec<Vec<DoubleDouble>> {
        for place in order.iter().rev() {
            let row = std::mem::take(&mut self.rows[*place]);
            for (other, weight) in row {
                let (adds, values) = two(&mut self.adds, *place, other as usize);
                adds.iter_mut().zip(values).for_each(|(add, value)| *add += weight.scaled(*value));
            }
        }
        self.adds
    }
}

/// Two different entries, the first to be changed.
fn two(all: &mut [Vec<DoubleDouble>], first: usize, second: usize) -> (&mut [DoubleDouble], &[DoubleDouble]) {
    if first < second {
        let (low, high) = all.split_at_mut(second);
        (&mut low[first], &high[0])
    } else {
        let (low, high) = all.split_at_mut(first);
        (&mut high[0], &low[second])
    }
}

/// Gauss and Seidel's sweeps over a component, until nothing changes; what they give is for `bounds` to judge.
fn sweep(
    chain: &Chain,
    component: &[u32],
    columns: usize,
    own: impl Fn(usize) -> Vec<DoubleDouble>,
    values: &mut [DoubleDouble],
    is_stopped: &impl Fn() -> bool,
) -> bool {
    let owns: Vec<Vec<DoubleDouble>> = component.iter().map(|state| own(*state as usize)).collect();
    for _ in 0..SWEEPS_MAX {
        let mut change: f64 = 0.0;
        for (state, own) in component.iter().zip(&owns) {
            if is_stopped() {
                return false;
            }
            let (mut value, mut leaving) = (own.clone(), DoubleDouble::ZERO);
            for (target, weight) in chain.next(*state as usize) {
                let next = chain.state(target);
                if next == Some(*state as usize) {
                    continue;
                }
                leaving += weight;
                if let Some(next) = next {
                    let known = &values[next * columns..(next + 1) * columns];
                    value.iter_mut().zip(known).for_each(|(sum, known)| *sum += weight.scaled(*known));
                }
            }
            let part = leaving.inverse();
            for (column, value) in value.iter().enumerate() {
                let value = value.scaled(part);
                let known = &mut values[*state as usize * columns + column];
                let step = (value.value() - known.value()).abs();
                if step > CHANGE_LEAST * value.value() {
                    change = change.max(step / value.value());
                }
                *known = value;
            }
        }
        if change <= CHANGE_LEAST {
            break;
        }
    }
    true
}
