//! Made-up summaries for the tests of the charts, and a check that SVG is well-formed.

use crate::results::histogram::RELATIVE_ERROR;
use crate::results::summary::*;
use crate::statistics::quantile::timing;
use crate::statistics::wilson::wilson_95;

const N: u64 = 100_000;
const TURNS: usize = 24;

/// Five outcomes (one of them rare, one only at the end), forty triggers, a ladder, three metrics.
pub fn realistic() -> Summary {
    Summary {
        run: run(N),
        calendar: (0..=TURNS).map(|turn| format!("{}-{:02}", 2024 + (turn + 5) / 12, (turn + 5) % 12 + 1)).collect(),
        turn_length: "1 month".to_string(),
        outcomes: vec![
            outcome("nuclear_use", "", spread_over(31, 12..24)),
            outcome("limited_war", "Limited war on the peninsula", spread_over(6_214, 5..25)),
            outcome("settlement", "Negotiated settlement", spread_over(11_802, 8..25)),
            outcome("arms_race", "Open-ended arms race", spread_over(23_400, 14..25)),
            outcome("frozen_conflict", "Frozen conflict", spread_over(58_541, 24..25)),
        ],
        failed: Failed { share: share(12), by_turn: spread_over(12, 2..9), causes: Vec::new() },
        milestones: Vec::new(),
        events: events(),
        metrics: metrics(),
        ladder: Some(ladder()),
        scores: Vec::new(),
        saturations: Vec::new(),
        clamped_chances: Vec::new(),
    }
}

/// One turn or none, nothing to tell.
pub fn bare(turns: usize) -> Summary {
    let by_turn: Vec<u64> = (0..=turns).map(|turn| if turn == turns { 8 } else { 0 }).collect();
    Summary {
        run: run(8),
        calendar: (0..=turns).map(|turn| turn.to_string()).collect(),
        turn_length: String::new(),
        outcomes: vec![Outcome { share: share_of(8, 8), ..outcome("only", "", by_turn) }],
        failed: Failed { share: share_of(0, 8), by_turn: vec![0; turns + 1], causes: Vec::new() },
        events: Vec::new(),
        metrics: Vec::new(),
        ladder: None,
        ..realistic()
    }
}

/// Every text very long and full of letters that XML minds.
pub fn wordy() -> Summary {
    let long = |id: &str| format!("{id} <b>&amp; \"quoted\" 'title' {}", "goes on & on > ".repeat(12));
    let mut summary = realistic();
    summary.run.title = long("scenario");
    summary.run.variant_title = long("variant");
    summary.turn_length = long("month");
    summary.calendar.iter_mut().for_each(|label| *label = long(label));
    summary.outcomes.iter_mut().for_each(|outcome| outcome.title = long(&outcome.id));
    summary.events.iter_mut().for_each(|event| event.title = long(&event.id));
    for metric in &mut summary.metrics {
        metric.title = long(&metric.id);
        metric.unit = long("unit");
    }
    for rung in summary.ladder.iter_mut().flat_map(|ladder| &mut ladder.rungs) {
        rung.id = long(&rung.id);
    }
    summary
}

/// A metric that is the same in every replication and turn.
pub fn constant(value: f64) -> Metric {
    metric("constant", "", "", |_| value, |_| 0.0)
}

fn run(replications: u64) -> Run {
    Run {
        scenario: "korea_2024".to_string(),
        title: "Arms for Ukraine, arms for Pyongyang".to_string(),
        variant: "base".to_string(),
        variant_title: String::new(),
        seed: 20,
        first: 0,
        replications,
        interrupted: false,
        scenario_hash: "9d0e".repeat(16),
        run_hash: "3f9a0c51d27eb846".repeat(4),
        semantics_version: 1,
        format_version: 1,
        precision: None,
    }
}

fn share(count: u64) -> Share {
    share_of(count, N)
}

fn share_of(count: u64, n: u64) -> Share {
    let interval = wilson_95(count, n);
    Share { count, share: count as f64 / n as f64, low: interval.low, high: interval.high }
}

fn outcome(id: &str, title: &str, by_turn: Vec<u64>) -> Outcome {
    Outcome {
        id: id.to_string(),
        title: title.to_string(),
        severity: None,
        share: share(by_turn.iter().sum()),
        timing: timing(&by_turn, N),
        by_turn,
    }
}

/// A count spread over turns, thinning out.
fn spread_over(count: u64, turns: std::ops::Range<usize>) -> Vec<u64> {
    let mut by_turn = vec![0; TURNS + 1];
    let mut left = count;
    for turn in turns.clone() {
        let part = if turn + 1 == turns.end { left } else { left / 6 };
        by_turn[turn] = part;
        left -= part;
    }
    by_turn
}

fn events() -> Vec<Event> {
    const NAMES: [&str; 10] = [
        "rok_supplies_lethal_arms",
        "policy_review",
        "policy_review.lethal",
        "policy_review.nonlethal",
        "hanoi_threat",
        "hanoi_threat.honour",
        "hanoi_threat.breach",
        "shells_for_russia",
        "us_rok_exercise",
        "missile_test",
    ];
    let event = |index: usize| {
        let base = NAMES[index % 10];
        let id = if index < 10 { base.to_string() } else { base.replacen('_', &format!("_{}_", index / 10 + 1), 1) };
        let scale = [0.4, 0.02, 0.0003, 0.9, 0.0, 0.006, 0.15][index % 7];
        let start = 1 + index % 9;
        let chance = |turn: usize| if turn < start { 0.0 } else { scale / (1.0 + 0.25 * (turn - start) as f64) };
        let by_turn: Vec<u64> = (0..=TURNS).map(|turn| (chance(turn) * N as f64) as u64).collect();
        let first: Vec<u64> = by_turn.iter().enumerate().map(|(turn, count)| count / (turn as u64 + 1)).collect();
        Event {
            title: String::new(),
            actor: None,
            rung: None,
            branch: id.contains('.'),
            share: share(first.iter().sum::<u64>().min(N)),
            timing: timing(&first, N),
            by_turn,
            first_by_turn: first,
            id,
        }
    };
    (0..40).map(event).collect()
}

fn metrics() -> Vec<Metric> {
    vec![
        metric("peninsula_tension", "Tension on the peninsula", "", |turn| 0.4 + 0.015 * turn, |turn| 0.02 * turn),
        metric("shells", "Shells shipped to Russia", "million rounds", |turn| 0.3 * turn, |turn| 0.12 * turn),
        metric("trade", "Trade balance", "million USD", |turn| 12_000.0 - 900.0 * turn, |turn| 300.0 + 400.0 * turn),
    ]
}

fn metric(id: &str, title: &str, unit: &str, middle: impl Fn(f64) -> f64, sd: impl Fn(f64) -> f64) -> Metric {
    let at = |turn: usize| {
        let (middle, sd) = (middle(turn as f64), sd(turn as f64));
        Distribution {
            mean: middle,
            sd,
            q05: middle - 1.2 * sd,
            q25: middle - 0.6 * sd,
            median: middle,
            q75: middle + 0.7 * sd,
            q95: middle + 1.9 * sd,
            quantile_error: if id == "shells" { RELATIVE_ERROR } else { 0.0 },
            infinite: 0.0,
        }
    };
    let by_turn: Vec<Distribution> = (0..=TURNS).map(at).collect();
    Metric {
        id: id.to_string(),
        title: title.to_string(),
        unit: unit.to_string(),
        min: None,
        max: None,
        below_min: 0,
        above_max: 0,
        by_turn,
    }
}

fn ladder() -> Ladder {
    const RUNGS: [&str; 10] = [
        "calm",
        "rhetoric",
        "political_break",
        "grey_zone",
        "arms_transfer",
        "show_of_force",
        "border_clash",
        "limited_strike",
        "war",
        "nuclear_use",
    ];
    let weight = |turn: usize, rung: usize| (0..rung).fold(1.0, |weight, _| weight * 0.25 * (1.0 + turn as f64 / 8.0));
    let at = |turn: usize| -> Vec<u64> {
        let total: f64 = (0..10).map(|rung| weight(turn, rung)).sum();
        let mut counts: Vec<u64> = (0..10).map(|rung| (weight(turn, rung) / total * N as f64) as u64).collect();
        counts[0] = N - counts[1..].iter().sum::<u64>();
        counts
    };
    let rungs =
        RUNGS.iter().map(|id| Rung { id: (*id).to_string(), firebreak: matches!(*id, "border_clash" | "nuclear_use") });
    let peak = vec![1_204, 9_800, 20_410, 22_000, 18_555, 12_000, 9_000, 5_000, 2_000, 31];
    Ladder { rungs: rungs.collect(), by_turn: (0..=TURNS).map(at).collect(), peak }
}

/// Panics unless tags balance, attributes are quoted, and no bare `<` or `&` is left in text.
pub fn check_xml(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        check_entities(&rest[..start]);
        let end = rest[start..].find('>').expect("a tag is closed") + start;
        let tag = &rest[start + 1..end];
        check_entities(tag);
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes of <{tag}>");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closing tag");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a tag has a name"));
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty() && rest.trim().is_empty(), "left open: {open:?}");
}

fn check_entities(text: &str) {
    for part in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "apos;"].iter().any(|entity| part.starts_with(entity));
        assert!(known, "bare ampersand before {part:.20}");
    }
    assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "control letters");
}
