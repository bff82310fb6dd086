//! Scenarios of any size, always the same for the same shape: what growth and compile times are measured on.

use std::fmt::Write;

/// How large a scenario is.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    pub actors: usize,
    /// Numbers of each actor.
    pub variables: usize,
    pub triggers: usize,
    pub turns: usize,
}

/// Two dozen triggers over 17 numbers, 24 turns.
pub const MIDDLING: Shape = Shape { actors: 4, variables: 4, triggers: 24, turns: 24 };

/// A number that looks like chance and hangs on its arguments alone (SplitMix64), below `count`.
fn pick(of: u64, which: u64, count: usize) -> usize {
    let z = (of * 16 + which + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) % count as u64) as usize
}

/// The text of a scenario of this shape. Every replication plays all its turns, and
/// no rule makes the others' guards hold more often the more there are, so that work grows with each measure alone.
pub fn scenario(shape: &Shape) -> String {
    let Shape { actors, variables, triggers, turns } = *shape;
    let mut text =
        format!("language = 1\n\n[scenario]\nid = \"generated\"\nturns = {turns}\n\n[state]\ntension = 0.4\n");
    let mut add = |part: String| writeln!(text, "\n{part}").expect("memory");
    for actor in 0..actors {
        let values =
            (0..variables).map(|v| format!("v{v} = {:.2}\n", 0.2 + 0.05 * pick(actor as u64, v as u64, 13) as f64));
        add(format!("[actors.a{actor}.state]\n{}", values.collect::<String>()));
    }
    add("[[dynamics]]\nid = \"tempers\"\nthen = [\"tension += 0.3 * (uniform(0, 1) - tension)\"]".to_owned());
    (0..triggers).for_each(|index| add(trigger(index, shape)));
    add("[[metrics]]\nid = \"tension\"\nvalue = \"tension\"".to_owned());
    add("[[outcomes]]\nid = \"tense\"\nwhen = \"turn == turns and tension > 0.5\"".to_owned());
    add("[[outcomes]]\nid = \"calm\"".to_owned());
    text
}

/// One actor moves against another, if its own number is high and the other's low or times are tense.
fn trigger(index: usize, shape: &Shape) -> String {
    let pick = |which, count| pick(index as u64 + 1_000, which, count);
    let actor = index % shape.actors;
    let own = format!("a{actor}.v{}", pick(0, shape.variables));
    let other = format!("a{}.v{}", pick(1, shape.actors), pick(2, shape.variables));
    let third = format!("a{}.v{}", pick(7, shape.actors), pick(8, shape.variables));
    let (high, low) = (0.2 + 0.05 * pick(3, 8) as f64, 0.3 + 0.05 * pick(4, 8) as f64);
    let (up, down) = (0.01 * (1 + pick(5, 4)) as f64, 0.01 * (1 + pick(6, 4)) as f64);
    let cooldown = if index.is_multiple_of(5) { "cooldown = 2\n" } else { "" };
    format!(
        "[[triggers]]\nid = \"move_{index}\"\nactor = \"a{actor}\"\n\
         when = \"{own} > {high:.3} and ({other} < {low:.3} or tension > 0.505)\"\n\
         chance = \"0.05 + 0.1 * {own} + 0.05 * tension\"\n{cooldown}\
         then = [\"{other} += {up:.2}\", \"{own} -= {down:.2}\", \"{third} += 0.01\"]"
    )
}
