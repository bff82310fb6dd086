//! Values of a chain, and the proof of how far from them the truth can be.

use super::components::components;
use super::eliminate;
use super::explore::Chain;
use crate::exact::weight::DoubleDouble;
use crate::exact::{Request, Trouble};
use std::sync::atomic::Ordering;

/// Weights, their sums and products at 106 bits are right to this part of themselves for each term: a weight is a product of
/// fewer than a thousand shares, each right to 2^-102.
const ROUNDING: f64 = 1.0 / (1_u128 << 90) as f64;
/// What products too small for a binary64 can lose.
const TINY: f64 = 1e-280;

/// Lower and upper bounds for the initial state.
pub(super) struct Bounds {
    /// By ending, and last: never to end.
    pub endings: Vec<(f64, f64)>,
    /// The expected number of turns; none if that is infinite.
    pub turns: Option<(f64, f64)>,
}

/// Bounds of a chain.
///
/// A state's values x are what it adds and the mean of those of its successors. Let h be numbers of which every state has at
/// least 1/2 more than the mean of its successors. If x' solves the equations but for a rest of at most r in each, then
/// x' + 2 r h has in each state no less than its equation gives, and x' - 2 r h no more. Since all states but those that are
/// never decided are left for good, such vectors lie above and below the only solution. As h the expected number of steps to
/// the end is taken, found with the others and held against the condition.
///
/// # Errors
/// An interrupt, or numbers that do not meet the condition.
pub(super) fn bounds(chain: &Chain, request: &Request<'_>) -> Result<Bounds, Trouble> {
    let is_stopped = || request.stop.load(Ordering::Relaxed);
    // One column for each ending, one for never, the turns, and the steps.
    let never = chain.endings;
    let (turns, steps, columns) = (never + 1, never + 2, never + 3);
    let mut values = vec![DoubleDouble::ZERO; chain.len() * columns];
    let mut is_never = vec![false; chain.len()];
    let own = |state: usize| {
        let mut own = vec![DoubleDouble::ZERO; columns];
        chain
            .next(state)
            .filter(|(target, _)| *target < chain.endings)
            .for_each(|(target, weight)| own[target] += weight);
        own[turns] = DoubleDouble::from(f64::from(u8::from(chain.ticks[state])));
        own[steps] = DoubleDouble::ONE;
        own
    };
    for component in components(chain) {
        let is_left = component.iter().any(|state| {
            let is_inside =
                |target: usize| chain.state(target).is_some_and(|it| component.binary_search(&(it as u32)).is_ok());
            chain.next(*state as usize).any(|(target, _)| !is_inside(target))
        });
        if !is_left {
            for state in &component {
                is_never[*state as usize] = true;
                values[*state as usize * columns + never] = DoubleDouble::ONE;
            }
        } else if !eliminate::solve(chain, &component, columns, own, &mut values, &is_stopped) {
            return Err(Trouble::Stopped { turn: 0 });
        }
    }
    let rests = rests(chain, columns, own, &values, &is_never).ok_or(Trouble::Unproved)?;
    let reach = values[steps].value() * (1.0 + 1e-9);
    let bound = |column: usize| {
        let off = 2.0 * rests[column] * reach * (1.0 + 1e-9);
        let value = values[column].value();
        let low = if off == 0.0 && value == 0.0 { 0.0 } else { (value - off).next_down().max(0.0) };
        let high = if off == 0.0 && value == 0.0 { 0.0 } else { (value + off).next_up() };
        (low, high)
    };
    let reached: Vec<usize> = (0..=never).filter(|column| values[*column].value() > 0.0).collect();
    let endings = (0..=never).map(|column| match reached[..] {
        // The only way to end there is.
        [only] if only == column => (1.0, 1.0),
        _ => (bound(column).0, bound(column).1.min(1.0)),
    });
    let endings: Vec<(f64, f64)> = endings.collect();
    let turns = (endings[never] == (0.0, 0.0)).then(|| bound(turns));
    Ok(Bounds { endings, turns })
}

/// By column: how far the equation of any state is from being met at most, rounding included; none if the steps, which are
/// last, do not exceed the mean of their successors by at least 1/2 everywhere.
fn rests(
    chain: &Chain,
    columns: usize,
    own: impl Fn(usize) -> Vec<DoubleDouble>,
    values: &[DoubleDouble],
    is_never: &[bool],
) -> Option<Vec<f64>> {
    let mut rests = vec![0.0_f64; columns];
    let steps = columns - 1;
    for state in (0..chain.len()).filter(|state| !is_never[*state]) {
        let mut sums = own(state);
        let mut terms = 1.0;
        for (target, weight) in chain.next(state) {
            terms += 1.0;
            let Some(next) = chain.state(target) else { continue };
            let known = &values[next * columns..(next + 1) * columns];
            sums.iter_mut().zip(known).for_each(|(sum, known)| *sum += weight.scaled(*known));
        }
        for (column, sum) in sums.iter().enumerate() {
            let value = values[state * columns + column];
            if sum.value() == 0.0 && value.value() == 0.0 {
                continue;
            }
            let rest = (*sum + value.negated()).value().abs();
            let rest = rest + terms * ROUNDING * (sum.value() + value.value()) + TINY;
            // Of the steps, of which one is added: the rest must not eat more than half of it.
            if !rest.is_finite() || column == steps && rest > 0.5 {
                return None;
            }
            rests[column] = rests[column].max(rest * (1.0 + 1e-9));
        }
    }
    Some(rests)
}
