//! Every rejected file gives its findings, and every kind of finding has a file that gives it.
//!
//! The findings of `tests/rejects/<stage>/<code>[_<what>].toml` stand beside it, as they are printed. To write them
//! down anew after a change of wording: `ESCALATE_BLESS=1 cargo test --test rejects`, and read the difference.

use escalate::diagnostic::{Code, Diagnostic, Stage, Style, position, render};
use escalate::scenario::limits::FILE_BYTES_MAX;
use escalate::{compile, scenario};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const STAGES: [Stage; 5] = [Stage::Toml, Stage::Shape, Stage::Expression, Stage::Meaning, Stage::Lint];

fn folder(stage: Stage) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejects").join(stage.name())
}

/// All that is found in a file, as `escalate check` finds it.
fn findings(bytes: &[u8]) -> Vec<Diagnostic> {
    let (scenario, findings) = scenario::read(bytes);
    match scenario {
        Some(scenario) => compile::check_read(&scenario, findings),
        None => findings,
    }
}

fn files(stage: Stage) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder(stage)).expect("a folder for every stage");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let mut files: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|it| it == "toml")).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|stem| stem.to_str()).expect("a name in plain letters")
}

/// The code that a file is there for.
fn code_of(path: &Path) -> &str {
    stem(path).split('_').next().unwrap_or("")
}

#[test]
fn every_rejected_file_says_what_stands_beside_it() {
    let bless = std::env::var_os("ESCALATE_BLESS").is_some();
    let mut wrong = Vec::new();
    for path in STAGES.into_iter().flat_map(files) {
        let bytes = std::fs::read(&path).expect("a readable file");
        let found = findings(&bytes);
        let name = format!("{}.toml", stem(&path));
        let rendered = render(&found, &name, &String::from_utf8_lossy(&bytes), Style::Plain);
        let beside = path.with_extension("txt");
        if bless {
            std::fs::write(&beside, &rendered).expect("a writable folder");
        } else if std::fs::read_to_string(&beside).unwrap_or_default() != rendered {
            wrong.push(format!("{}:\n{rendered}", path.display()));
        }
        if !found.iter().any(|finding| finding.code.name() == code_of(&path)) {
            wrong.push(format!("{} is not rejected for what its name says", path.display()));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_file_in_the_folder_of_its_stage() {
    let mut missing = Vec::new();
    for code in Code::ALL {
        // A file larger than the limit is made below, and not kept.
        if *code != Code::FileTooLarge && !files(code.stage()).iter().any(|path| code_of(path) == code.name()) {
            missing.push(code.name());
        }
    }
    assert!(missing.is_empty(), "no file for {}", missing.join(", "));
    for stage in STAGES {
        let codes: BTreeSet<&str> = Code::ALL.iter().filter(|it| it.stage() == stage).map(|it| it.name()).collect();
        for path in files(stage) {
            assert!(codes.contains(code_of(&path)), "{}: no code of this stage", path.display());
        }
    }
}

#[test]
fn no_message_stands_beside_a_file_that_is_gone() {
    for entry in STAGES.into_iter().flat_map(|stage| std::fs::read_dir(folder(stage)).expect("a folder")) {
        let path = entry.expect("a readable folder").path();
        assert!(path.with_extension("toml").exists(), "{} is left over", path.display());
    }
}

#[test]
fn a_file_larger_than_the_limit_is_refused_unread() {
    let largest = vec![b'\n'; FILE_BYTES_MAX];
    assert!(findings(&largest).iter().all(|finding| finding.code != Code::FileTooLarge));
    let too_large = vec![b'\n'; FILE_BYTES_MAX + 1];
    let found = findings(&too_large);
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::FileTooLarge]);
    assert_eq!(found[0].message, "a scenario file may have 4194304 bytes, this one has 4194305");
}

#[test]
fn all_errors_of_one_file_come_at_once() {
    let source = r#"language = 1
[scenario]
id = "many"
turns = "1 + true"
[state]
anger = { initial = 2 }
mood = { values = ["calm", "cross"], initial = "crosss" }
[actors.rok]
[relations.tension]
pairs = [{ between = ["rok", "dprk"], initial = 0.5 }]
[[triggers]]
id = "one"
actor = "rock"
when = "angr > 0.5"
chance = "0.5 +"
then = ["anger += mood", "turn = 3"]
[[triggers]]
id = "two"
when = "0 < anger < 1"
chance = "sqrt(-1)"
rung = "war"
[[metrics]]
id = "since_one"
value = "since(one)"
[[milestones]]
id = "angry"
when = "observd(rok, one)"
[[outcomes]]
id = "end"
when = "turn == 3"
[variants.other]
disable = ["three"]
"#;
    let found: Vec<(usize, Code)> =
        findings(source.as_bytes()).iter().map(|it| (position(source, it.span.start).line, it.code)).collect();
    let expected = [
        (4, Code::TypeMismatch),
        (6, Code::OutOfBounds),
        (7, Code::UnknownName),
        (10, Code::UnknownReference),
        (13, Code::UnknownReference),
        (14, Code::UnknownName),
        (15, Code::Syntax),
        (16, Code::TypeMismatch),
        (16, Code::NotAssignable),
        (19, Code::ChainedComparison),
        (20, Code::NotANumber),
        (21, Code::UnknownReference),
        (27, Code::UnknownFunction),
        (29, Code::BadOutcomes),
        (32, Code::UnknownReference),
    ];
    assert_eq!(found, expected);
}

#[test]
fn line_ends_of_windows_move_nothing() {
    for path in STAGES.into_iter().flat_map(files) {
        let Ok(source) = std::fs::read_to_string(&path) else { continue };
        let windows = source.replace('\n', "\r\n");
        let places = |source: &str| -> Vec<(Code, usize, usize)> {
            let place = |it: &Diagnostic| {
                let at = position(source, it.span.start);
                (it.code, at.line, at.column)
            };
            findings(source.as_bytes()).iter().map(place).collect()
        };
        assert_eq!(places(&source), places(&windows), "{}", path.display());
    }
}

#[test]
fn delays_that_would_fill_the_memory_are_refused() {
    let mut source = "language = 1\nscenario = { id = \"many\", turns = 12 }\n".to_owned();
    for trigger in 0..300 {
        source.push_str(&format!("[[triggers]]\nid = \"attack_{trigger}\"\ndelay = [1, 500]\n"));
    }
    source.push_str("[[outcomes]]\nid = \"end\"\n");
    let found = findings(source.as_bytes());
    let expected = "a replication would keep 150302 numbers; 131072 are allowed";
    assert_eq!(
        found.iter().map(|it| (it.code, it.message.as_str())).collect::<Vec<_>>(),
        [(Code::LimitExceeded, expected)]
    );
}
