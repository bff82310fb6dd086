//! The flagship's rates against those of the world: within their intervals, or known to be outside and argued about.

#[allow(dead_code)]
#[path = "../examples/hindcast/base_rates.rs"]
mod base_rates;
#[allow(dead_code)]
#[path = "../examples/hindcast/measure.rs"]
mod measure;

use base_rates::{Place, Rate, Role, rates};

#[test]
fn every_rate_lies_where_the_table_says() {
    let rates = rates("scenarios/korea_2024.toml").unwrap_or_else(|error| panic!("{error}"));
    let told = |rate: &&Rate| {
        format!("{}: the model says {:.3}, the world {} {:?}", rate.id, rate.model, rate.value, rate.interval)
    };
    let wrong: Vec<String> =
        rates.iter().filter(|rate| rate.place() != rate.expected).map(|rate| told(&rate)).collect();
    assert!(wrong.is_empty(), "not where the table expects them:\n{}", wrong.join("\n"));
    let held_out = rates.iter().filter(|rate| rate.role == Role::HeldOut).count();
    assert!(3 * held_out >= rates.len(), "only {held_out} of {} are held out", rates.len());
    for rate in rates.iter().filter(|rate| rate.expected == Place::Outside) {
        assert!(rate.why.is_some(), "{} is a miss without a reason", rate.id);
        assert!(rate.role == Role::HeldOut, "{} was fitted and yet misses", rate.id);
    }
}
