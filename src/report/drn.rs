//! An explicit chain in the DRN format of the model checker Storm.

use crate::results::chain::Chain;
use std::fmt::Write;

/// The chain as text; probabilities are exact fractions, endings are labels.
///
/// The format is described at <https://www.stormchecker.org/documentation/background/drn>.
pub fn drn(chain: &Chain) -> String {
    let mut text = format!(
        "// The scenario {} [{}], {}\n@type: DTMC\n@parameters\n\n@reward_models\n\n@nr_states\n{}\n@nr_choices\n{}\n@model\n",
        chain.scenario,
        chain.variant,
        chain.scenario_hash,
        chain.states.len(),
        chain.states.len()
    );
    for (index, state) in chain.states.iter().enumerate() {
        let init = if index == 0 { " init" } else { "" };
        let ending = chain.endings.iter().find(|(_, ending)| *ending == index);
        let ending = ending.map_or_else(String::new, |(label, _)| format!(" {label}"));
        // Writing to a string does not fail.
        let _ = writeln!(text, "state {index}{init}{ending}\n\taction 0");
        for (to, probability) in &state.next {
            let _ = writeln!(text, "\t\t{to} : {probability}");
        }
    }
    text
}
