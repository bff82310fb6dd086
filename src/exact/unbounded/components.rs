//! The strongly connected components of a chain, those first to which others lead.

use super::explore::Chain;

/// No component yet.
const NONE: u32 = u32::MAX;

/// The components of a chain, each as a rising list of its states; whoever leads out of one leads to one before it (R. Tarjan,
/// "Depth-first search and linear graph algorithms", SIAM Journal on Computing 1 (1972), 146-160).
pub(super) fn components(chain: &Chain) -> Vec<Vec<u32>> {
    let states = chain.len();
    let (mut order, mut low) = (vec![NONE; states], vec![0_u32; states]);
    let mut is_open = vec![false; states];
    let (mut open, mut found) = (Vec::new(), Vec::new());
    let mut counter = 0;
    // Each with the place of the next transition to follow.
    let mut path: Vec<(usize, usize)> = Vec::new();
    for root in 0..states {
        if order[root] == NONE {
            path.push((root, chain.first[root]));
        }
        while let Some((state, place)) = path.pop() {
            if place == chain.first[state] && order[state] == NONE {
                (order[state], low[state]) = (counter, counter);
                counter += 1;
                open.push(state as u32);
                is_open[state] = true;
            }
            if place < chain.first[state + 1] {
                path.push((state, place + 1));
                let Some(next) = chain.state(chain.targets[place] as usize) else { continue };
                if order[next] == NONE {
                    path.push((next, chain.first[next]));
                } else if is_open[next] {
                    low[state] = low[state].min(order[next]);
                }
                continue;
            }
            if low[state] == order[state] {
                let start = open.iter().rposition(|it| *it as usize == state).unwrap_or(0);
                let mut component = open.split_off(start);
                component.sort_unstable();
                component.iter().for_each(|it| is_open[*it as usize] = false);
                found.push(component);
            }
            if let Some((above, _)) = path.last() {
                low[*above] = low[*above].min(low[state]);
            }
        }
    }
    found
}
