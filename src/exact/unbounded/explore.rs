//! The chain of a model whose turns never end: states between steps, known by what they hold and how long ago.

use super::clock::Clock;
use crate::engine::Program;
use crate::exact::caps::{Saturation, saturations};
use crate::exact::layer::{Layer, Layout, Merger, hash};
use crate::exact::liveness::{self, Columns};
use crate::exact::walk::{Segment, Walker, segments};
use crate::exact::weight::{DoubleDouble, Weight};
use crate::exact::{Request, Trouble, names};
use crate::expression::lanes;
use crate::model::uses::Wanted;
use crate::model::{Model, Step};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// A chain that begins in state 0: its states, and where they lead with what probability.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// How many ways to end there are: the outcomes that have a condition, and failure.
    pub endings: usize,
    /// By state and one more: the number of transitions of all states before it.
    pub first: Vec<usize>,
    /// An ending, or beyond them a state.
    pub targets: Vec<u32>,
    pub weights: Vec<DoubleDouble>,
    /// Whether a state stands at the end of a turn, so that the next begins there.
    pub ticks: Vec<bool>,
}

impl Chain {
    pub fn len(&self) -> usize {
        self.ticks.len()
    }

    /// Where a state leads.
    pub fn next(&self, state: usize) -> impl Iterator<Item = (usize, DoubleDouble)> {
        let range = self.first[state]..self.first[state + 1];
        self.targets[range.clone()].iter().map(|target| *target as usize).zip(self.weights[range].iter().copied())
    }

    /// The state that a target is, if it is no ending.
    pub fn state(&self, target: usize) -> Option<usize> {
        target.checked_sub(self.endings)
    }
}

/// The rows that stand at one place in the turns, and the state that each is.
struct Place {
    merger: Merger<DoubleDouble>,
    states: Vec<u32>,
}

/// Where rows stand: after a step of a turn; of turns that are alike, by the rest of the turn.
type Key = (bool, u32, usize);

struct Explorer<'m> {
    model: &'m Model,
    clock: &'m Clock,
    request: &'m Request<'m>,
    steps: &'m [Step],
    saturations: Vec<Option<Saturation>>,
    early: Vec<Columns>,
    phases: Vec<Columns>,
    walker: Walker<'m, DoubleDouble>,
    places: BTreeMap<Key, Place>,
    /// By state: where it leads.
    edges: Vec<Vec<(u32, DoubleDouble)>>,
    ticks: Vec<bool>,
    /// What states and transitions take.
    bytes: u64,
}

/// Follows every way from turn 0 until no state is new.
pub(super) fn explore(program: &Program<'_>, clock: &Clock, request: &Request<'_>) -> Result<Chain, Trouble> {
    let (model, steps) = (program.model(), program.steps());
    let (early, phases) = liveness::endless(model, steps, Wanted::LEAST, clock.last, clock.period);
    let mut explorer = Explorer {
        model,
        clock,
        request,
        steps,
        saturations: saturations(model),
        early,
        phases,
        walker: Walker::new(program, None),
        places: BTreeMap::new(),
        edges: vec![Vec::new()],
        ticks: vec![false],
        bytes: 0,
    };
    explorer.all()?;
    Ok(explorer.chain())
}

impl Explorer<'_> {
    fn all(&mut self) -> Result<(), Trouble> {
        let none = Layout::new(&Columns::none(self.model), &self.saturations, 0);
        let mut layer = Layer { layout: none, words: Vec::new(), weights: vec![0_u32] };
        let mut turn = 0;
        while layer.len() > 0 {
            let end = self.end(turn).clone();
            let (all, after) = if turn == 0 {
                (vec![Segment { turn, steps: Vec::new(), last: 0 }], vec![end])
            } else {
                let after = liveness::after_steps(self.model, self.steps, turn, &end, Wanted::LEAST);
                (segments(self.model, self.steps, turn), after)
            };
            for segment in all {
                if self.request.stop.load(Ordering::Relaxed) {
                    return Err(Trouble::Stopped { turn });
                }
                let is_end = turn == 0 || segment.last + 1 == self.steps.len();
                let to = Layout::new(&after[segment.last], &self.saturations, turn + u32::from(is_end));
                layer = self.segment(&layer, &segment, to, is_end)?;
            }
            turn += 1;
            if let Some(done) = self.request.done {
                done.store(u64::from(turn), Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// What matters at the end of a turn.
    fn end(&self, turn: u32) -> &Columns {
        self.early.get(turn as usize).unwrap_or(&self.phases[(turn % self.clock.period) as usize])
    }

    /// Where the rows after a segment stand.
    fn key(&self, segment: &Segment, is_end: bool) -> Key {
        let turn = segment.turn;
        // The ends of the last turn that differs and of those after it are followed by turns that are alike.
        let is_alike = turn > self.clock.last || is_end && turn == self.clock.last;
        match (is_alike, is_end) {
            (true, true) => (true, turn % self.clock.period, usize::MAX),
            (true, false) => (true, turn % self.clock.period, segment.last),
            (false, _) => (false, turn, segment.last),
        }
    }

    /// Takes the new states through a segment; those that are new after it.
    fn segment(
        &mut self,
        from: &Layer<u32>,
        segment: &Segment,
        to: Layout,
        is_end: bool,
    ) -> Result<Layer<u32>, Trouble> {
        let key = self.key(segment, is_end);
        let mut place =
            self.places.remove(&key).unwrap_or_else(|| Place { merger: Merger::new(to.width, 0), states: Vec::new() });
        let known = place.states.len();
        let endings = self.model.outcomes.len();
        let stamps: Vec<usize> =
            (0..to.numbers.len()).filter(|it| self.clock.stamps[to.numbers[*it] as usize]).collect();
        // Beyond the endings, a target is the index of a row.
        let mut edges: Vec<(u32, u32, DoubleDouble)> = Vec::new();
        let mut aged = Vec::new();
        let one = |_| DoubleDouble::one();
        let followed = self.walker.walk(from, 0..from.len(), segment, &to, one, |walked| {
            let mut put = |lane: usize, target: usize| {
                let way = &walked.ways[lane];
                edges.push((way.row, target as u32, way.weight));
            };
            for (outcome, mask) in &walked.record.ended {
                lanes(*mask).for_each(|lane| put(lane, *outcome as usize));
            }
            for (.., mask) in &walked.record.failed {
                lanes(*mask).for_each(|lane| put(lane, endings));
            }
            for (index, lane) in lanes(walked.active).enumerate() {
                aged.clear();
                aged.extend_from_slice(&walked.rows[index * to.width..(index + 1) * to.width]);
                to.shift(&mut aged, &stamps, -1.0);
                put(lane, endings + 1 + place.merger.add(hash(&aged), &aged, &DoubleDouble::ONE));
            }
        });
        if followed.is_err() {
            return Err(Trouble::Ways { turn: segment.turn, step: self.step_name(segment) });
        }
        for _ in known..place.merger.weights.len() {
            place.states.push(self.edges.len() as u32);
            self.edges.push(Vec::new());
            self.ticks.push(is_end);
        }
        // Rows once among all and once as new, hashes and table; transitions once as found and twice as kept.
        let rows = (place.merger.weights.len() - known) as u64;
        self.bytes += rows * (2 * size_of::<u64>() as u64 * to.width as u64 + 96) + 72 * edges.len() as u64;
        self.connect(from, edges, &place.states);
        if self.bytes > self.request.memory_max {
            return Err(Trouble::Memory {
                turn: segment.turn,
                step: self.step_name(segment),
                most: self.request.memory_max,
                states: self.edges.len(),
                numbers: to.width,
            });
        }
        if self.edges.len() > self.request.states_max {
            let rows: Vec<&[u64]> = place.merger.words.chunks_exact(to.width.max(1)).collect();
            return Err(Trouble::States {
                turn: segment.turn,
                step: self.step_name(segment),
                most: self.request.states_max,
                columns: names::distinct(self.model, &to, &rows),
            });
        }
        let width = to.width;
        let mut layer = Layer { words: place.merger.words[known * width..].to_vec(), weights: Vec::new(), layout: to };
        layer.weights.extend_from_slice(&place.states[known..]);
        let Layer { layout, words, .. } = &mut layer;
        words.chunks_exact_mut(width.max(1)).for_each(|row| layout.shift(row, &stamps, 1.0));
        // Nobody comes back to a turn that differs from all others.
        if key.0 {
            self.places.insert(key, place);
        }
        Ok(layer)
    }

    /// Adds the edges from the states of a layer, those between the same two states as one.
    fn connect(&mut self, from: &Layer<u32>, mut edges: Vec<(u32, u32, DoubleDouble)>, states: &[u32]) {
        edges.sort_by_key(|(source, target, _)| (*source, *target));
        let endings = self.model.outcomes.len() + 1;
        for (source, target, weight) in edges {
            let target = match (target as usize).checked_sub(endings) {
                Some(row) => endings as u32 + states[row],
                None => target,
            };
            let next = &mut self.edges[from.weights[source as usize] as usize];
            match next.last_mut() {
                Some((last, sum)) if *last == target => *sum += weight,
                _ => next.push((target, weight)),
            }
        }
    }

    fn step_name(&self, segment: &Segment) -> String {
        segment.steps.last().map_or_else(|| "the start".to_owned(), |step| names::step(self.model, *step))
    }

    fn chain(self) -> Chain {
        let mut chain = Chain { endings: self.model.outcomes.len() + 1, ticks: self.ticks, ..Chain::default() };
        for next in self.edges {
            chain.first.push(chain.targets.len());
            chain.targets.extend(next.iter().map(|(target, _)| target));
            chain.weights.extend(next.iter().map(|(_, weight)| weight));
        }
        chain.first.push(chain.targets.len());
        chain
    }
}
