//! A crisis that spreads: 32 actors, each drawn in by any of three others and calming down again, 40 turns.

use super::Xoshiro;
use super::table::Table;
use std::fmt::Write;

const TURNS: usize = 40;
const ACTORS: usize = 32;
/// How many actors are drawn in at the start, and with how many in a turn's end it has become general.
const AT_FIRST: usize = 2;
const GENERAL: usize = 14;
/// Each actor may be drawn in, and may calm down.
const RULES: usize = 2 * ACTORS;
pub type Counts = Table<{ TURNS + 1 }, 2, RULES, { ACTORS + 1 }>;

struct Actor {
    neighbours: [usize; 3],
    drawn_in: f64,
    calms: f64,
}

const BLANK: Actor = Actor { neighbours: [0; 3], drawn_in: 0.0, calms: 0.0 };
const ACTOR: [Actor; ACTORS] = {
    let mut actors = [BLANK; ACTORS];
    let mut i = 0;
    while i < ACTORS {
        actors[i] = Actor {
            neighbours: [(i + ACTORS - 1) % ACTORS, (i + 1) % ACTORS, (7 * i + 11) % ACTORS],
            drawn_in: 0.06 + (i * 5 % 8) as f64 * 0.01,
            calms: 0.12 + (i * 3 % 10) as f64 * 0.01,
        };
        i += 1;
    }
    actors
};

/// The same as a scenario.
pub fn scenario() -> String {
    let mut text = format!("language = 1\n[scenario]\nid = \"network\"\nturns = {TURNS}\n[state]\n");
    text += &format!(
        "involved = {{ initial = {AT_FIRST}, min = 0, max = {ACTORS}, integer = true, overflow = \"saturate\" }}\n"
    );
    for actor in 0..ACTORS {
        writeln!(text, "in_{actor} = {}", actor < AT_FIRST).expect("memory");
    }
    for (actor, Actor { neighbours: [a, b, c], drawn_in, calms }) in ACTOR.iter().enumerate() {
        writeln!(
            text,
            "[[triggers]]\nid = \"drawn_in_{actor}\"\nwhen = \"not in_{actor} and (in_{a} or in_{b} or in_{c})\"\nchance = {drawn_in:.2}\nthen = [\"in_{actor} = true\", \"involved += 1\"]
[[triggers]]\nid = \"calms_{actor}\"\nwhen = \"in_{actor} and not (in_{a} and in_{b})\"\nchance = {calms:.2}\nthen = [\"in_{actor} = false\", \"involved -= 1\"]",
        )
        .expect("memory");
    }
    text + &format!(
        "[[metrics]]\nid = \"involved\"\nvalue = \"involved\"\n\
         [[outcomes]]\nid = \"general\"\nwhen = \"involved >= {GENERAL}\"\n[[outcomes]]\nid = \"contained\"\n"
    )
}

pub fn run(replications: u64, seed: u64) -> Box<Counts> {
    super::run(replications, seed, Counts::empty, chunk)
}

fn chunk(counts: &mut Counts, luck: &mut Xoshiro, replications: u64) {
    for _ in 0..replications {
        counts.begin();
        counts.measured(0, AT_FIRST);
        let (outcome, turn, involved) = replication(counts, luck);
        counts.ended(outcome, turn, involved);
    }
}

/// Actors as the bits of a word.
fn replication(counts: &mut Counts, luck: &mut Xoshiro) -> (usize, usize, usize) {
    let mut is_in: u32 = (1 << AT_FIRST) - 1;
    for turn in 1..=TURNS {
        for (index, actor) in ACTOR.iter().enumerate() {
            let [a, b, c] = actor.neighbours.map(|neighbour| is_in >> neighbour & 1);
            let me = 1 << index;
            if is_in & me == 0 && a | b | c == 1 && luck.comes(actor.drawn_in) {
                is_in |= me;
                counts.fired(2 * index, turn);
            }
            if is_in & me != 0 && a & b == 0 && luck.comes(actor.calms) {
                is_in &= !me;
                counts.fired(2 * index + 1, turn);
            }
        }
        let involved = is_in.count_ones() as usize;
        counts.measured(turn, involved);
        if involved >= GENERAL {
            return (0, turn, involved);
        }
    }
    (1, TURNS, is_in.count_ones() as usize)
}
