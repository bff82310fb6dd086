//! The commands as people use them: exit codes, what is printed, what is written.

mod common;

use common::root;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const TUTORIAL: &str = "scenarios/tutorial.toml";

fn escalate(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escalate"));
    command.args(arguments).current_dir(root()).output().expect("the binary runs")
}

#[track_caller]
fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}"))
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("written");
    path.to_str().expect("UTF-8").to_owned()
}

fn broken() -> String {
    common::text(TUTORIAL).replace("tension += 0.12", "tensoin += 0.12")
}

#[test]
fn check_exits_by_what_it_finds() {
    let folder = folder("check");
    let broken = file(&folder, "broken.toml", &broken());
    let clean = escalate(&["check", TUTORIAL]);
    assert_eq!((code(&clean), stdout(&clean).as_str()), (0, "scenarios/tutorial.toml: clean\n"));
    let found = escalate(&["check", &broken, TUTORIAL]);
    assert_eq!(code(&found), 1);
    assert!(stdout(&found).contains("broken.toml: 1 error"), "{found:?}");
    assert!(stderr(&found).contains("did you mean `tension`?"), "{found:?}");
    let missing = escalate(&["check", "no/such/file.toml", TUTORIAL]);
    assert_eq!(code(&missing), 2);
    assert!(stdout(&missing).contains("tutorial.toml: clean"), "the others are checked all the same");
}

#[test]
fn check_as_json_says_the_same() {
    let folder = folder("check_json");
    let broken = file(&folder, "broken.toml", &broken());
    let output = escalate(&["check", "--format", "json", &broken]);
    let findings: Value = serde_json::from_str(&stdout(&output)).expect("JSON");
    let finding = &findings[0];
    assert_eq!(finding["code"], "unknown-name");
    assert_eq!(finding["severity"], "error");
    let line = common::text(TUTORIAL).lines().position(|line| line.contains("tension += 0.12")).expect("a line") + 1;
    assert_eq!(finding["line"], line);
}

#[test]
fn all_shipped_scenarios_are_clean_and_begin_with_their_schema() {
    for path in common::shipped() {
        if path.components().any(|part| part.as_os_str() == "benchmarks") {
            continue;
        }
        let output = escalate(&["check", path.to_str().expect("UTF-8")]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let text = std::fs::read_to_string(&path).expect("a file");
        let up = "../".repeat(path.strip_prefix(root()).expect("within").components().count() - 1);
        assert!(text.starts_with(&format!("#:schema {up}docs/scenario.schema.json\n")), "{}", path.display());
    }
}

#[test]
fn the_checked_in_schema_is_the_one_that_is_printed() {
    let output = escalate(&["schema"]);
    assert_eq!(stdout(&output), common::text("docs/scenario.schema.json"));
}

#[test]
fn run_tells_one_replication() {
    let output = escalate(&["run", TUTORIAL, "--seed", "4", "--replication", "3"]);
    assert_eq!(code(&output), 0, "{output:?}");
    let told = stdout(&output);
    assert!(told.starts_with("Two neighbours and an island [base]\nseed 4, replication 3\n"), "{told}");
    assert!(told.contains("\nEnds: "), "{told}");
    let data = escalate(&["run", TUTORIAL, "--seed", "4", "--replication", "3", "--format", "json"]);
    let data: Value = serde_json::from_str(&stdout(&data)).expect("JSON");
    assert_eq!((&data["seed"], &data["replication"]), (&Value::from(4), &Value::from(3)));
    let told_turns = told.lines().filter(|line| line.starts_with("Turn ")).count();
    let fired = |turn: &&Value| {
        let entries = turn["entries"].as_array().expect("entries");
        entries.iter().any(|entry| entry["fired"] == true || entry["what"] == "milestone")
    };
    assert_eq!(told_turns, data["turns"].as_array().expect("turns").iter().filter(fired).count());
}

#[test]
fn run_takes_a_variant_and_says_which_there_are() {
    let output = escalate(&["run", TUTORIAL, "--variant", "bluff"]);
    assert!(stdout(&output).contains("[bluff: Arland is not believed]"), "{output:?}");
    let wrong = escalate(&["run", TUTORIAL, "--variant", "blufff"]);
    assert_eq!(code(&wrong), 2);
    assert!(stderr(&wrong).contains("did you mean `bluff`?"), "{wrong:?}");
}

#[test]
fn batch_prints_and_writes() {
    let folder = folder("batch");
    let out = folder.join("run");
    let output = escalate(&["batch", TUTORIAL, "-n", "2000", "--out", out.to_str().expect("UTF-8")]);
    assert_eq!(code(&output), 0, "{output:?}");
    let printed = stdout(&output);
    for part in ["2,000 replications of 12 turns of 1 week, seed 1", "shots_fired", "95 % interval", "third_patrol"] {
        assert!(printed.contains(part), "{part} is not in\n{printed}");
    }
    let summary: Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("summary.json")).expect("a summary")).expect("JSON");
    let counts = summary["outcomes"].as_array().expect("outcomes").iter().map(|it| it["share"]["count"].as_u64());
    assert_eq!(counts.sum::<Option<u64>>(), Some(2_000));
    for file in ["charts/outcomes.svg", "charts/metric_tension_felt.svg", "tables/outcomes.csv"] {
        assert!(out.join(file).is_file(), "{file}");
    }
    let left_over = std::fs::read_dir(&out)
        .expect("a folder")
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.path().extension().is_some_and(|it| it == "part")));
    assert_eq!(left_over.count(), 0);
}

#[test]
fn a_broken_file_does_not_stop_the_others() {
    let folder = folder("batch_broken");
    let broken = file(&folder, "broken.toml", &broken());
    let out = folder.join("run");
    let out = out.to_str().expect("UTF-8");
    let arguments = ["batch", &broken, TUTORIAL, "--all-variants", "-n", "500", "--out", out];
    let output = escalate(&arguments);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("broken.toml"), "{output:?}");
    let printed = stdout(&output);
    let table = printed.rsplit("  Run ").next().expect("a table");
    for part in ["shots_fired", "base", "bluff"] {
        assert!(table.contains(part), "{part} is not in\n{printed}");
    }
    for run in ["tutorial", "tutorial-bluff"] {
        assert!(Path::new(out).join(run).join("summary.json").is_file(), "{run}");
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = folder("batch_unwritable");
    let in_the_way = file(&folder, "file", "");
    let output = escalate(&["batch", TUTORIAL, "-n", "64", "--out", &format!("{in_the_way}/run")]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("could not be written"), "{output:?}");
}

#[test]
fn test_decides_by_interval() {
    let output = escalate(&["test", TUTORIAL]);
    assert_eq!(code(&output), 0, "{output:?}");
    assert!(stdout(&output).contains("1 passed, 0 failed"), "{output:?}");
    let folder = folder("test");
    let wrong =
        common::text(TUTORIAL).replace("share(outcome == shots_fired) < 0.3", "share(outcome == shots_fired) > 0.5");
    let wrong = file(&folder, "wrong.toml", &wrong);
    let output = escalate(&["test", &wrong]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("FAILS"), "{output:?}");
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_with_what_is_complete() {
    use std::io::Read;
    let folder = folder("interrupt");
    let out = folder.join("run");
    let mut child = Command::new(env!("CARGO_BIN_EXE_escalate"))
        .args(["batch", TUTORIAL, "-n", "2000000000", "--out", out.to_str().expect("UTF-8")])
        .current_dir(root())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary runs");
    // Long enough for the first replications to be complete on any machine; if not, the test is repeated with more.
    for seconds in [2, 8, 30] {
        std::thread::sleep(std::time::Duration::from_secs(seconds));
        if child.try_wait().expect("a child").is_none() {
            break;
        }
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill");
    assert!(killed.success());
    let status = child.wait().expect("a child");
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
    assert_eq!(status.code(), Some(4), "{said}");
    assert!(said.contains("interrupted: the results are those of the first"), "{said}");
    assert!(said.contains("--resume"), "{said}");
    let summary: Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("summary.json")).expect("a summary")).expect("JSON");
    assert_eq!(summary["run"]["interrupted"], true);
    let count: Option<u64> =
        summary["outcomes"].as_array().expect("outcomes").iter().map(|it| it["share"]["count"].as_u64()).sum();
    assert_eq!(count, summary["run"]["replications"].as_u64());
}
