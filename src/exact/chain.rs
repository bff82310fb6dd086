//! The explicit chain of a scenario: states between steps, and the exact fractions with which they follow one another.

use super::caps::saturations;
use super::layer::{Layer, Layout, Merger, hash};
use super::liveness::{self, Columns};
use super::names;
use super::obstacles::obstacles;
use super::request::Trouble;
use super::solve::prepared;
use super::walk::{Segment, Walker, segments};
use super::weight::{DoubleDouble, Share, Weight};
use crate::engine::Program;
use crate::expression::lanes;
use crate::model::uses::Wanted;
use crate::model::{Model, Step};
use crate::provenance;
use crate::results::chain::{Chain, State};
use num_rational::BigRational;
use std::collections::BTreeMap;

/// Weights as fractions.
#[derive(Debug, Clone, PartialEq)]
struct Fraction(BigRational);

/// The fraction that a binary64 is; of the finite numbers of shares, always there.
fn fraction(value: f64) -> BigRational {
    BigRational::from_float(value).unwrap_or_else(|| BigRational::from_integer(0.into()))
}

impl Weight for Fraction {
    fn one() -> Self {
        Fraction(fraction(1.0))
    }

    fn times(&self, share: Share) -> Self {
        Fraction(&self.0 * (fraction(share.plus) - fraction(share.minus)) / fraction(share.over))
    }

    fn gain(&mut self, other: &Self) {
        self.0 += &other.0;
    }
}

/// Where a way leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Ending(usize),
    Row(usize),
}

/// The explicit chain of a model, with at most so many states.
///
/// # Errors
/// Draws with more outcomes than can be followed, and too many states.
pub fn chain(model: &Model, states_max: usize) -> Result<Chain, Trouble> {
    let obstacles = obstacles(model);
    if !obstacles.is_empty() {
        return Err(Trouble::Obstacles(obstacles));
    }
    let model = prepared(model, Wanted::LEAST);
    Builder::new(&Program::new(&model), states_max).build()
}

struct Builder<'m> {
    model: &'m Model,
    steps: &'m [Step],
    states_max: usize,
    states: Vec<State>,
    walker: Walker<'m, Fraction>,
}

impl<'m> Builder<'m> {
    fn new(program: &'m Program<'m>, states_max: usize) -> Self {
        let (model, steps) = (program.model(), program.steps());
        let endings = model.outcomes.len() + 2;
        let (states, walker) = (vec![State::default(); 1 + endings], Walker::new(program, None));
        Self { model, steps, states_max, states, walker }
    }

    /// The state of an ending: the outcomes in order, then failure, after the initial state.
    fn ending(index: usize) -> usize {
        1 + index
    }

    fn build(mut self) -> Result<Chain, Trouble> {
        let steps = self.steps;
        let ends = liveness::ends(self.model, steps, Wanted::LEAST);
        let saturations = saturations(self.model);
        let layout = Layout::new(&Columns::none(self.model), &saturations, 0);
        let mut layer = Layer { layout, words: Vec::new(), weights: vec![0_usize] };
        for turn in 0..=self.model.turns {
            let end = &ends[turn as usize];
            let (all, after) = if turn == 0 {
                (vec![Segment { turn, steps: Vec::new(), last: 0 }], vec![end.clone()])
            } else {
                let after = liveness::after_steps(self.model, steps, turn, end, Wanted::LEAST);
                (segments(self.model, steps, turn), after)
            };
            for segment in all {
                let next = turn + u32::from(turn == 0 || segment.last + 1 == steps.len());
                layer = self.segment(&layer, &segment, Layout::new(&after[segment.last], &saturations, next))?;
            }
        }
        let labels = self.model.labels.outcomes.iter().map(|outcome| format!("outcome_{}", outcome.id));
        let names: Vec<String> = labels.chain(["failed".to_owned()]).collect();
        let endings =
            names.into_iter().enumerate().map(|(index, name)| (name, Self::ending(index))).collect::<Vec<_>>();
        for (_, state) in &endings {
            self.states[*state] = State { turn: self.model.turns, next: vec![(*state, fraction(1.0))] };
        }
        Ok(Chain {
            scenario: self.model.labels.scenario.clone(),
            variant: self.model.labels.variant.clone(),
            scenario_hash: provenance::hex(&self.model.hash),
            states: shortened(&self.states),
            endings,
        })
    }

    /// Takes all rows through a segment. A row that has one way to go, to where no other leads, stays the state it was.
    fn segment(&mut self, from: &Layer<usize>, segment: &Segment, to: Layout) -> Result<Layer<usize>, Trouble> {
        let mut merger: Merger<DoubleDouble> = Merger::new(to.width, from.weights.len());
        let mut edges: BTreeMap<(usize, Target), Fraction> = BTreeMap::new();
        let failed = self.model.outcomes.len() + 1;
        let one = |_| Fraction::one();
        let followed = self.walker.walk(from, 0..from.weights.len(), segment, &to, one, |walked| {
            let mut put = |lane: usize, target: Target| {
                let way = &walked.ways[lane];
                edges
                    .entry((way.row as usize, target))
                    .and_modify(|it| it.gain(&way.weight))
                    .or_insert(way.weight.clone());
            };
            for (outcome, mask) in &walked.record.ended {
                lanes(*mask).for_each(|lane| put(lane, Target::Ending(*outcome as usize)));
            }
            for (.., mask) in &walked.record.failed {
                lanes(*mask).for_each(|lane| put(lane, Target::Ending(failed)));
            }
            for (index, lane) in lanes(walked.active).enumerate() {
                let row = &walked.rows[index * to.width..(index + 1) * to.width];
                put(lane, Target::Row(merger.add(hash(row), row, &DoubleDouble::ONE)));
            }
        });
        let step =
            || segment.steps.last().map_or_else(|| "the start".to_owned(), |step| names::step(self.model, *step));
        if followed.is_err() {
            return Err(Trouble::Ways { turn: segment.turn, step: step() });
        }
        let states = self.connect(from, segment.turn, edges, merger.weights.len());
        if self.states.len() > self.states_max {
            let (turn, step) = (segment.turn, step());
            return Err(Trouble::States { turn, step, most: self.states_max, columns: Vec::new() });
        }
        Ok(Layer { layout: to, words: merger.words, weights: states })
    }

    /// The states of the new rows, once the edges to them are known.
    fn connect(
        &mut self,
        from: &Layer<usize>,
        turn: u32,
        edges: BTreeMap<(usize, Target), Fraction>,
        rows: usize,
    ) -> Vec<usize> {
        let mut out = vec![0; from.weights.len()];
        let mut into = vec![0; rows];
        for (source, target) in edges.keys() {
            out[*source] += 1;
            if let Target::Row(row) = target {
                into[*row] += 1;
            }
        }
        let mut states: Vec<Option<usize>> = vec![None; rows];
        for ((source, target), fraction) in edges {
            let state = from.weights[source];
            let next = match target {
                Target::Ending(ending) => Self::ending(ending),
                Target::Row(row) if out[source] == 1 && into[row] == 1 => {
                    states[row] = Some(state);
                    continue;
                }
                Target::Row(row) => *states[row].get_or_insert_with(|| {
                    self.states.push(State { turn, next: Vec::new() });
                    self.states.len() - 1
                }),
            };
            self.states[state].next.push((next, fraction.0));
        }
        // Every row has been reached by an edge.
        states.into_iter().map(Option::unwrap_or_default).collect()
    }
}

/// The states without those that have one way to go and go it for certain: whoever leads there leads on at once. The
/// initial state stays, and so do the endings, which keep their numbers.
fn shortened(states: &[State]) -> Vec<State> {
    // A state leads to later ones or to endings, and endings to themselves.
    let mut leads: Vec<usize> = (0..states.len()).collect();
    for (index, state) in states.iter().enumerate().rev() {
        if let [(next, _)] = state.next[..] {
            leads[index] = leads[next];
        }
    }
    let stays = |index: usize| index == 0 || leads[index] == index;
    let mut numbers = vec![0; states.len()];
    let kept: Vec<usize> = (0..states.len()).filter(|index| stays(*index)).collect();
    kept.iter().enumerate().for_each(|(number, index)| numbers[*index] = number);
    let short = |index: &usize| {
        let mut next: BTreeMap<usize, BigRational> = BTreeMap::new();
        for (to, probability) in &states[*index].next {
            let to = numbers[leads[*to]];
            next.entry(to).and_modify(|it| *it += probability).or_insert_with(|| probability.clone());
        }
        State { turn: states[*index].turn, next: next.into_iter().collect() }
    };
    kept.iter().map(short).collect()
}
