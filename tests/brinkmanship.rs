//! Richardson's arms race and the threat that leaves something to chance, against their formulas.

use escalate::batch::{self, Batch};
use escalate::chronicle::replay;
use escalate::model::Model;
use escalate::questions::summarise::{Request, summarise};
use escalate::results::summary::Summary;
use escalate::{compile, scenario};
use std::sync::atomic::{AtomicBool, AtomicU64};

const REPLICATIONS: u64 = 200_000;

fn model(variant: Option<&str>) -> Model {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/brinkmanship.toml")).unwrap();
    let scenario = scenario::read(&bytes).0.unwrap();
    let variant = variant.map(|name| scenario.variant(name).unwrap());
    compile::compile(&scenario, variant).unwrap()
}

fn summary(variant: Option<&str>) -> Summary {
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let request = Batch { seed: 1, first: 0, replications: REPLICATIONS, threads: 0, done: &done, stop: &stop };
    let model = model(variant);
    let tally = batch::run(&model, &request).unwrap();
    summarise(&model, &tally, &Request { seed: 1, first: 0, replications: REPLICATIONS })
}

/// A metric in every turn of one replication; those left out of the chronicle have not changed.
fn path(variant: Option<&str>, metric: &str) -> Vec<f64> {
    let told = replay(&model(variant), 1, 0);
    let values =
        told.turns.iter().map(|turn| turn.metrics.iter().find(|(id, _)| id == metric).map(|(_, value)| *value));
    values.map(Option::unwrap).collect()
}

#[test]
fn arms_follow_richardson_turn_by_turn() {
    // Eigenvalues 0.8 and 0.5 with eigenvectors (1, 1) and (1, -2); from (1, 3), which is (-2, -1) off the equilibrium (3, 4).
    let (west, east) = (path(None, "west_arms"), path(None, "east_arms"));
    for (turn, (x, y)) in west.iter().zip(&east).enumerate() {
        let (slow, fast) = (libm::pow(0.8, f64::from(turn as u32)), libm::pow(0.5, f64::from(turn as u32)));
        assert!((x - (3.0 - 5.0 / 3.0 * slow - fast / 3.0)).abs() < 1e-12, "x in turn {turn}: {x}");
        assert!((y - (4.0 - 5.0 / 3.0 * slow + 2.0 / 3.0 * fast)).abs() < 1e-12, "y in turn {turn}: {y}");
    }
}

#[test]
fn fear_beyond_weariness_runs_away() {
    // a b = 0.12 < k l = 0.20: the larger eigenvalue of [[0.7, 0.4], [0.5, 0.6]] is above 1, and growth tends to it.
    let eigenvalue = 0.5 * (1.3 + (1.3_f64 * 1.3 - 4.0 * (0.7 * 0.6 - 0.4 * 0.5)).sqrt());
    assert!(eigenvalue > 1.0);
    let west = path(Some("runaway"), "west_arms");
    let growth: Vec<f64> = west.windows(3).map(|turns| (turns[2] - turns[1]) / (turns[1] - turns[0])).collect();
    assert!((growth.last().unwrap() - eigenvalue).abs() < 1e-9, "{growth:?} against {eigenvalue}");
}

#[test]
fn without_grievances_both_disarm() {
    let (west, east) = (path(Some("disarmed"), "west_arms"), path(Some("disarmed"), "east_arms"));
    assert!(west.last().unwrap() < &1e-3 && east.last().unwrap() < &1e-3);
}

#[test]
fn disaster_is_one_less_the_product() {
    let cases: [(Option<&str>, &[f64]); 4] = [
        (None, &[0.02, 0.02, 0.04, 0.06, 0.08]),
        (Some("equal_nerve"), &[0.02, 0.02, 0.04, 0.06, 0.08, 0.10, 0.12]),
        (Some("slippery"), &[0.04, 0.04, 0.08]),
        (Some("west_backs_off"), &[0.02]),
    ];
    for (variant, risks) in cases {
        let formula = 1.0 - risks.iter().map(|risk| 1.0 - risk).product::<f64>();
        let summary = summary(variant);
        let disaster = &summary.outcomes[0];
        let sd = (formula * (1.0 - formula) / REPLICATIONS as f64).sqrt();
        assert!(
            (disaster.share.share - formula).abs() < 4.5 * sd,
            "{variant:?}: {} against {formula}",
            disaster.share.share
        );
        // Where nothing went wrong the scenario has multiplied the same product.
        let survivor = (0..)
            .map(|replication| replay(&model(variant), 1, replication))
            .find(|told| told.turns.len() == 41)
            .unwrap();
        let last = &survivor.turns.last().unwrap().metrics;
        let product = last.iter().find(|(id, _)| id == "survival").unwrap().1;
        assert!((1.0 - product - formula).abs() < 1e-12, "{variant:?}: {product}");
    }
}
