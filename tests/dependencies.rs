//! The packages that the project is built from: their licences, none in two versions without a reason, and none of the
//! command's in the library.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// The licences that a package may name. All let the program be given away under the project's own licences.
const LICENCES: &[&str] = &[
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "LLVM-exception",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages of which the program has two versions, with the reason.
const TWICE: &[(&str, &str)] = &[
    ("num-bigint", "parquet's is newer than the one of num-rational, whose fractions the exact chains are"),
    ("syn", "procedural macros move to the next version one by one; none of it is in the program"),
];

/// The packages of the command, which a user of the library does not build.
const OF_THE_COMMAND: &[&str] =
    &["clap", "clap_complete", "clap_mangen", "comfy-table", "console", "ctrlc", "indicatif", "similar"];

/// Prints of a command of cargo's, which asks no registry.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .args(["--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// Name and versions of the packages that a build has on this machine, those of tests left out.
fn packages(more: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in cargo(&[&["tree", "--edges", "normal,build", "--prefix", "none"], more].concat()).lines() {
        let mut words = line.split_whitespace();
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            found.entry(name.to_owned()).or_default().insert(version.to_owned());
        }
    }
    assert!(found.contains_key("escalate") && found.contains_key("serde"), "{found:?}");
    found
}

#[test]
fn every_licence_lets_the_program_be_given_away() {
    let target = escalate::provenance::Build::own().target;
    let metadata = cargo(&["metadata", "--format-version", "1", "--filter-platform", target]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    for package in metadata["packages"].as_array().expect("packages") {
        let licence = package["license"].as_str().unwrap_or_default();
        let words = licence.split([' ', '/', '(', ')']).filter(|word| !matches!(*word, "" | "OR" | "AND" | "WITH"));
        let unknown: Vec<&str> = words.filter(|word| !LICENCES.contains(word)).collect();
        let name = &package["name"];
        assert!(!licence.is_empty() && unknown.is_empty(), "{name} is under `{licence}`: look whether that may be");
    }
}

#[test]
fn no_package_comes_twice_without_a_reason() {
    for (name, versions) in packages(&[]).iter().filter(|(_, versions)| versions.len() > 1) {
        assert!(TWICE.iter().any(|(known, _)| known == name), "{name} comes in {versions:?}: one version will do");
    }
}

#[test]
fn the_library_is_built_without_the_packages_of_the_command() {
    let library = packages(&["--no-default-features"]);
    for name in OF_THE_COMMAND {
        assert!(!library.contains_key(*name), "{name} belongs to the command alone");
    }
}
