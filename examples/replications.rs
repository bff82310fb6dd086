//! Numbers of replications by outcome, for reading: `cargo run --release --example replications -- FILE [VARIANT] [EACH]`.
//!
//! `escalate run FILE --replication K` then tells one of them. The one in the middle of each list is the median by the turn of its end.

use escalate::answers::KeyedDraws;
use escalate::engine::{self, Program, Watch};
use escalate::expression::{LANES, Mask};
use escalate::{compile, scenario};
use std::process::ExitCode;

/// How many replications are looked through.
const LOOKED_THROUGH: u64 = 200_000;

/// By outcome: replication and the turn of its end.
struct Ends {
    first: u64,
    found: Vec<Vec<(u32, u64)>>,
}

impl Watch for Ends {
    fn ended(&mut self, turn: u32, outcome: u32, lanes: Mask) {
        let lanes = (0..LANES as u64).filter(|lane| lanes >> lane & 1 == 1);
        self.found[outcome as usize].extend(lanes.map(|lane| (turn, self.first + lane)));
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(file) = arguments.first() else {
        eprintln!("usage: replications FILE [VARIANT] [EACH]");
        return ExitCode::from(2);
    };
    let bytes = std::fs::read(file).unwrap_or_default();
    let (Some(scenario), _) = scenario::read(&bytes) else {
        eprintln!("{file}: no scenario");
        return ExitCode::from(2);
    };
    let variant = arguments.get(1).and_then(|name| scenario.variant(name));
    let each: usize = arguments.last().and_then(|text| text.parse().ok()).unwrap_or(5);
    let Ok(model) = compile::compile(&scenario, variant) else {
        eprintln!("{file}: has errors; `escalate check` shows them");
        return ExitCode::from(1);
    };
    let program = Program::new(&model);
    let (mut bank, mut draws) = (program.bank(), KeyedDraws::new(&model, 1));
    let mut ends = Ends { first: 0, found: vec![Vec::new(); model.labels.outcomes.len()] };
    for group in 0..LOOKED_THROUGH / LANES as u64 {
        draws.enter(group);
        ends.first = group * LANES as u64;
        engine::run(&program, &mut bank, Mask::MAX, &mut draws, &mut ends);
    }
    for (label, mut found) in model.labels.outcomes.iter().zip(ends.found) {
        found.sort_unstable();
        let quantiles = (0..each).filter_map(|i| found.get((2 * i + 1) * found.len() / (2 * each)));
        let told: Vec<String> = quantiles.map(|(turn, replication)| format!("{replication} (turn {turn})")).collect();
        println!("{:18} {:6}  {}", label.id, found.len(), told.join(", "));
    }
    ExitCode::SUCCESS
}
