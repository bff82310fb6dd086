//! Turn by turn: all states with their weights, taken through every segment, merged, counted.

use super::caps::{Saturation, saturations};
use super::layer::{Layer, Layout, Merger, hash};
use super::liveness::{self, Columns};
use super::masses::Masses;
use super::names;
use super::request::{Effort, Request, Trouble, Turn};
use super::walk::{Segment, Walker, segments};
use super::weight::DoubleDouble;
use crate::engine::Program;
use crate::expression::lanes;
use crate::model::uses::Wanted;
use crate::model::{Model, Step};
use rayon::prelude::*;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// States that one thread takes at a time.
const CHUNK: usize = 512;
/// Chunks between two mergers.
const WAVE: usize = 32;
/// From so many states on, rows are merged in this many parts at once.
const PARTED_FROM: usize = 8_192;
const PARTS: usize = 16;

/// Solves on the threads of the current pool.
pub(super) fn solve(
    model: &Model,
    request: &Request<'_>,
    each: &mut (dyn FnMut(&Turn) + Send),
) -> Result<Effort, Trouble> {
    let program = Program::new(model);
    let solver = Solver::new(&program, request);
    let mut effort = Effort { last_turn: 0, most_states: 1, state_steps: 0 };
    let mut layer =
        Layer { layout: solver.layout(&Columns::none(model), 0), words: Vec::new(), weights: vec![DoubleDouble::ONE] };
    for turn in 0..=model.turns {
        let mut masses = Masses::new(model, request.wanted);
        let (all, after) = solver.turn(turn);
        for segment in all {
            let next = if turn == 0 { turn + 1 } else { turn + u32::from(segment.last + 1 == solver.steps.len()) };
            let to = solver.layout(&after[segment.last], next);
            effort.state_steps += layer.len() as u64 * segment.steps.len().max(1) as u64;
            layer = solver.segment(&layer, &segment, to, &mut masses)?;
            effort.most_states = effort.most_states.max(layer.len());
        }
        let under_way = layer.weights.iter().copied().sum::<DoubleDouble>();
        effort.last_turn = turn;
        if let Some(done) = request.done {
            done.store(u64::from(turn), Ordering::Relaxed);
        }
        each(&Turn { turn, masses, under_way, states: layer.len() });
        if request.until_undecided.is_some_and(|enough| under_way.value() < enough) || layer.len() == 0 {
            break;
        }
    }
    Ok(effort)
}

struct Solver<'s> {
    program: &'s Program<'s>,
    model: &'s Model,
    request: &'s Request<'s>,
    steps: &'s [Step],
    saturations: Vec<Option<Saturation>>,
    /// What matters at the ends of turns; one for all if nothing is forgotten.
    ends: Vec<Columns>,
    /// Walkers that nobody uses at the moment. They carry nothing from one chunk to the next.
    walkers: Mutex<Vec<Walker<'s, DoubleDouble>>>,
}

/// What came out of one chunk.
struct Gathered {
    masses: Masses,
    /// By part: hashes, rows one after the other, weights.
    parts: Vec<(Vec<u64>, Vec<u64>, Vec<DoubleDouble>)>,
}

impl<'s> Solver<'s> {
    fn new(program: &'s Program<'s>, request: &'s Request<'s>) -> Self {
        let (model, steps) = (program.model(), program.steps());
        let (saturations, ends) = if request.forget {
            (saturations(model), liveness::ends(model, steps, request.wanted))
        } else {
            (vec![None; model.base.numbers as usize], vec![Columns::all(model)])
        };
        Self { program, model, request, steps, saturations, ends, walkers: Mutex::new(Vec::new()) }
    }

    fn walkers(&self) -> MutexGuard<'_, Vec<Walker<'s, DoubleDouble>>> {
        self.walkers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn layout(&self, columns: &Columns, turn: u32) -> Layout {
        Layout::new(columns, &self.saturations, turn)
    }

    /// The segments of a turn, and what matters after each of its steps.
    fn turn(&self, turn: u32) -> (Vec<Segment>, Vec<Columns>) {
        let end = if self.request.forget { &self.ends[turn as usize] } else { &self.ends[0] };
        if turn == 0 {
            return (vec![Segment { turn, steps: Vec::new(), last: 0 }], vec![end.clone()]);
        }
        let after = if self.request.forget {
            liveness::after_steps(self.model, self.steps, turn, end, self.request.wanted)
        } else {
            vec![end.clone(); self.steps.len()]
        };
        (segments(self.model, self.steps, turn), after)
    }

    fn segment(
        &self,
        from: &Layer<DoubleDouble>,
        segment: &Segment,
        to: Layout,
        masses: &mut Masses,
    ) -> Result<Layer<DoubleDouble>, Trouble> {
        let parts = if from.len() >= PARTED_FROM { PARTS } else { 1 };
        let room = from.len() / parts;
        let mut mergers: Vec<Merger<DoubleDouble>> = (0..parts).map(|_| Merger::new(to.width, room)).collect();
        let chunks: Vec<usize> = (0..from.len().div_ceil(CHUNK)).collect();
        // Chunks wait for each other to be merged: as few at a time as fit into a part of the memory.
        let chunk_bytes = 2 * CHUNK as u64 * (size_of::<u64>() as u64 * to.width as u64 + 24);
        let wave = (self.request.memory_max / 8 / chunk_bytes).clamp(1, WAVE as u64) as usize;
        for wave in chunks.chunks(wave) {
            if self.request.stop.load(Ordering::Relaxed) {
                return Err(Trouble::Stopped { turn: segment.turn });
            }
            let gathered: Vec<Option<Gathered>> = wave
                .par_iter()
                .map(|chunk| {
                    let walker = self.walkers().pop();
                    let mut walker = walker.unwrap_or_else(|| Walker::new(self.program, self.request.until));
                    let gathered = self.chunk(&mut walker, from, *chunk, segment, &to, parts);
                    self.walkers().push(walker);
                    gathered
                })
                .collect();
            let gathered: Option<Vec<Gathered>> = gathered.into_iter().collect();
            let gathered = gathered.ok_or_else(|| self.too_many_ways(segment))?;
            gathered.iter().for_each(|it| masses.add(&it.masses));
            mergers.par_iter_mut().enumerate().for_each(|(part, merger)| {
                for chunk in &gathered {
                    let (hashes, words, weights) = &chunk.parts[part];
                    for (index, (hash, weight)) in hashes.iter().zip(weights).enumerate() {
                        merger.add(*hash, &words[index * to.width..(index + 1) * to.width], weight);
                    }
                }
            });
            // What is merged is put together into one layer at the end, beside it; an eighth is for chunks that wait.
            let merged: u64 = mergers.iter().map(Merger::bytes).sum();
            if from.bytes() + 2 * merged > self.request.memory_max / 8 * 7 {
                return Err(Trouble::Memory {
                    turn: segment.turn,
                    step: self.step_name(segment),
                    most: self.request.memory_max,
                    states: mergers.iter().map(|merger| merger.weights.len()).sum(),
                    numbers: to.width,
                });
            }
            if mergers.iter().map(|merger| merger.weights.len()).sum::<usize>() > self.request.states_max {
                return Err(self.too_many_states(segment, &to, &mergers));
            }
        }
        Ok(self.layer(to, mergers, masses))
    }

    /// Takes one chunk of states through a segment; none if there are too many ways to go.
    fn chunk(
        &self,
        walker: &mut Walker<'_, DoubleDouble>,
        from: &Layer<DoubleDouble>,
        chunk: usize,
        segment: &Segment,
        to: &Layout,
        parts: usize,
    ) -> Option<Gathered> {
        let mut masses = Masses::new(self.model, self.request.wanted);
        let range = chunk * CHUNK..((chunk + 1) * CHUNK).min(from.len());
        // Most states go one way or two.
        let room = 2 * range.len() / parts;
        let one = |_| (Vec::with_capacity(room), Vec::with_capacity(room * to.width), Vec::with_capacity(room));
        let mut gathered: Vec<(Vec<u64>, Vec<u64>, Vec<DoubleDouble>)> = (0..parts).map(one).collect();
        let measures = segment.turn == 0 || segment.last + 1 == self.steps.len();
        let followed = walker.walk(
            from,
            range,
            segment,
            to,
            |row| from.weights[row],
            |walked| {
                let weight = |lane: usize| walked.ways[lane].weight;
                masses.count(self.model, walked.record, weight, walked.bank);
                if measures {
                    masses.go_on(self.model, walked.active, weight, walked.bank);
                }
                for (index, lane) in lanes(walked.active).enumerate() {
                    let row = &walked.rows[index * to.width..(index + 1) * to.width];
                    let hash = hash(row);
                    // The table of a part goes by the lowest bits.
                    let (hashes, words, weights) = &mut gathered[(hash >> 56) as usize % parts];
                    hashes.push(hash);
                    words.extend_from_slice(row);
                    weights.push(weight(lane));
                }
            },
        );
        followed.is_ok().then_some(Gathered { masses, parts: gathered })
    }

    /// The merged rows as a layer, without those too light.
    fn layer(&self, layout: Layout, mergers: Vec<Merger<DoubleDouble>>, masses: &mut Masses) -> Layer<DoubleDouble> {
        let width = layout.width;
        let mut layer = Layer { layout, words: Vec::new(), weights: Vec::new() };
        for merger in mergers {
            if self.request.prune == 0.0 {
                if layer.weights.is_empty() {
                    (layer.words, layer.weights) = (merger.words, merger.weights);
                } else {
                    layer.words.extend_from_slice(&merger.words);
                    layer.weights.extend_from_slice(&merger.weights);
                }
                continue;
            }
            for (index, weight) in merger.weights.iter().enumerate() {
                if weight.value() < self.request.prune {
                    masses.pruned += *weight;
                } else {
                    layer.words.extend_from_slice(&merger.words[index * width..(index + 1) * width]);
                    layer.weights.push(*weight);
                }
            }
        }
        layer
    }

    fn step_name(&self, segment: &Segment) -> String {
        match segment.steps.last() {
            Some(step) => names::step(self.model, *step),
            None => "the initial state".to_owned(),
        }
    }

    fn too_many_ways(&self, segment: &Segment) -> Trouble {
        Trouble::Ways { turn: segment.turn, step: self.step_name(segment) }
    }

    fn too_many_states(&self, segment: &Segment, layout: &Layout, mergers: &[Merger<DoubleDouble>]) -> Trouble {
        let rows: Vec<&[u64]> =
            mergers.iter().flat_map(|merger| merger.words.chunks_exact(layout.width.max(1))).collect();
        Trouble::States {
            turn: segment.turn,
            step: self.step_name(segment),
            most: self.request.states_max,
            columns: names::distinct(self.model, layout, &rows),
        }
    }
}

/// The model as it is solved: without claims, and without milestones if they are not wanted.
pub(super) fn prepared(model: &Model, wanted: Wanted) -> Model {
    let mut model = model.clone();
    model.claims.clear();
    if !wanted.milestones {
        model.milestones.clear();
    }
    model
}
