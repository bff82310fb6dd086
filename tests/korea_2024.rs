//! What the monthly and the weekly Korea share, and what the hindcast page must agree with.

use escalate::scenario::{self, Scenario};
use escalate::{compile, provenance};
use std::collections::BTreeMap;

fn scenario(file: &str) -> Scenario {
    let path = format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"));
    scenario::read(&std::fs::read(path).unwrap()).0.unwrap()
}

#[test]
fn parameters_mean_the_same_by_month_and_by_week() {
    let (monthly, weekly) = (scenario("korea_2024.toml"), scenario("korea_2024_weekly.toml"));
    type Number = (f64, Option<(f64, f64)>, Option<String>);
    let numbers = |scenario: &Scenario| -> BTreeMap<String, Number> {
        let one = |it: &scenario::Parameter| (it.id.text.clone(), (it.value, it.range, it.evidence.clone()));
        scenario.parameters.iter().map(one).collect()
    };
    let (monthly, mut weekly) = (numbers(&monthly), numbers(&weekly));
    assert!(weekly.remove("month").is_some(), "the weeks in a month");
    assert_eq!(monthly, weekly);
}

#[test]
fn the_same_can_happen_by_month_and_by_week() {
    let (monthly, weekly) = (scenario("korea_2024.toml"), scenario("korea_2024_weekly.toml"));
    let triggers =
        |scenario: &Scenario| -> Vec<String> { scenario.triggers.iter().map(|it| it.id.text.clone()).collect() };
    // What a month folds into the exercise itself.
    let weekly: Vec<String> = triggers(&weekly).into_iter().filter(|id| id != "exercise_echo").collect();
    assert_eq!(triggers(&monthly), weekly);
}

#[test]
fn every_trigger_and_parameter_says_where_it_comes_from() {
    let scenario = scenario("korea_2024.toml");
    let silent: Vec<&str> =
        scenario.triggers.iter().filter(|it| it.evidence.is_none()).map(|it| it.id.text.as_str()).collect();
    assert!(silent.is_empty(), "no evidence: {}", silent.join(", "));
    let silent: Vec<&str> =
        scenario.parameters.iter().filter(|it| it.evidence.is_none()).map(|it| it.id.text.as_str()).collect();
    assert!(silent.is_empty(), "no evidence: {}", silent.join(", "));
}

#[test]
fn the_page_was_made_from_these_files() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/korea_2024.md")).unwrap();
    for file in ["korea_2024.toml", "korea_2024_weekly.toml"] {
        let model = compile::compile(&scenario(file), None).unwrap();
        let hash = &provenance::hex(&model.hash)[..16];
        assert!(page.contains(hash), "{file} has changed: run `cargo run --release --example hindcast -- --write`");
    }
}
