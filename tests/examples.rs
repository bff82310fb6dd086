//! The examples that show each door of the library run on what they take if nothing is named.

#[path = "../examples/chart.rs"]
mod chart;
#[path = "../examples/exact.rs"]
mod exact;
#[path = "../examples/replications.rs"]
mod replications;
#[path = "../examples/tell.rs"]
mod tell;
#[path = "../examples/variants.rs"]
mod variants;

#[test]
fn every_door_opens() {
    chart::main().expect("a chart");
    exact::main().expect("an exact solution");
    replications::main().expect("replications by outcome");
    tell::main().expect("a replication told");
    variants::main().expect("courses compared");
}
