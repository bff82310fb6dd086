//! Runs in their folders: the same bytes however they came about, killed or not, and every change is found.

mod common;

use common::root;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const TUTORIAL: &str = "scenarios/tutorial.toml";

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_escalate"));
    command.args(arguments).current_dir(root());
    command
}

fn escalate(arguments: &[&str]) -> Output {
    command(arguments).output().expect("the binary runs")
}

#[track_caller]
fn ends(output: &Output, code: i32) -> String {
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

fn path(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// All files below a folder but the manifest, which has times in it.
fn results(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(results(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else if name != "manifest.json" {
            found.insert(name, std::fs::read(&path).expect("a file"));
        }
    }
    found
}

#[track_caller]
fn same(one: &BTreeMap<String, Vec<u8>>, other: &BTreeMap<String, Vec<u8>>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in one {
        assert!(Some(bytes) == other.get(name), "{name} has other bytes");
    }
}

#[test]
fn threads_and_working_folders_do_not_matter() {
    let folder = folder("threads");
    for rows in ["--rows", "--parquet"] {
        let mut found = Vec::new();
        for threads in ["1", "2", "8"] {
            let out = folder.join(format!("{rows}-{threads}"));
            let scenario = root().join(TUTORIAL);
            let arguments = ["batch", path(&scenario), "-n", "70000", rows, "--threads", threads, "--out", path(&out)];
            ends(&command(&arguments).current_dir(&folder).output().expect("runs"), 0);
            found.push(results(&out));
        }
        assert!(found[0].contains_key(if rows == "--rows" { "rows.csv" } else { "rows.parquet" }));
        assert!(found[0].contains_key("scenario.toml") && found[0].contains_key("summary.json"));
        same(&found[0], &found[1]);
        same(&found[0], &found[2]);
    }
}

/// Kills a run again and again, and goes on with it each time. How many kills: a few here, as many as
/// ESCALATE_KILLS says where there is time.
#[cfg(unix)]
#[test]
fn killed_at_any_time_it_goes_on_to_the_same_bytes() {
    let kills: u32 = std::env::var("ESCALATE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(12);
    let folder = folder("kills");
    let whole = folder.join("whole");
    // Long enough for some kills each: what is lost with one is only what no checkpoint has.
    let n = if cfg!(debug_assertions) { "400000" } else { "3000000" };
    let ask = |out: &Path, more: &[&str]| {
        let mut arguments = vec!["batch", TUTORIAL, "-n", n, "--parquet", "--checkpoint", "0", "--out"];
        arguments.push(path(out));
        arguments.extend(more);
        command(&arguments)
    };
    let time = time(|| drop(ends(&ask(&whole, &[]).output().expect("runs"), 0)));
    let whole = results(&whole);
    // Moments that are spread over three quarters of a run's time, in the same way in every test. The last part of a run, rows
    // put together from shards, is begun anew each time: it must be shorter than some of them, or no round would end.
    let (mut killed, mut round, mut moment) = (0, 0, 7_u64);
    while killed < kills {
        let out = folder.join(format!("round-{round}"));
        let mut most = 0;
        loop {
            let mut child = ask(&out, &["--resume"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
            moment = (moment * 2_549 + 31) % 3_001;
            std::thread::sleep(time.mul_f64(moment as f64 / 4_000.0));
            if child.try_wait().expect("a child").is_some() || killed == kills {
                child.wait().expect("a child");
                break;
            }
            child.kill().expect("killed");
            child.wait().expect("a child");
            killed += 1;
            let done = checkpointed(&out);
            assert!(done >= most, "{done} replications are left of {most} that were kept");
            most = done;
        }
        ends(&ask(&out, &["--resume"]).output().expect("runs"), 0);
        same(&whole, &results(&out));
        std::fs::remove_dir_all(&out).expect("removed");
        round += 1;
    }
    println!("{killed} kills in {round} rounds");
}

/// How long it takes.
#[cfg(unix)]
#[allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "moments of kills are spread over it; no result and no verdict hangs on it"
)]
fn time(work: impl FnOnce()) -> Duration {
    let start = std::time::Instant::now();
    work();
    start.elapsed()
}

/// The replications that shards hold, by their names; all if the run is finished.
#[cfg(unix)]
fn checkpointed(out: &Path) -> u64 {
    let Ok(shards) = std::fs::read_dir(out.join("shards")) else {
        return if out.join("rows.parquet").exists() { u64::MAX } else { 0 };
    };
    let names = shards.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter_map(|name| name.strip_suffix(".shard")?.split_once('-')?.1.parse().ok()).max().unwrap_or(0)
}

/// Kills a run before each of its files in turn. A pipe that nobody reads stands in the file's place, so the run stops
/// there whatever the machine does; moments that are spread over a run seldom meet its last milliseconds. What was
/// written before is whole, and half of the file under its temporary name is swept.
#[cfg(unix)]
#[test]
fn killed_before_each_of_its_files_it_goes_on_to_the_same_bytes() {
    let folder = folder("files");
    let ask = |out: &Path, more: &str| {
        command(&["batch", TUTORIAL, "-n", "2000", "--parquet", "--checkpoint", "0", more, "--out", path(out)])
    };
    let begin = |out: &Path| ask(out, "--force").stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
    let goes_on = |out: &Path, whole: &BTreeMap<String, Vec<u8>>| {
        let said = ends(&ask(out, "--resume").output().expect("runs"), 0);
        same(whole, &results(out));
        said
    };
    let whole = folder.join("whole");
    ends(&ask(&whole, "--force").output().expect("runs"), 0);
    let whole = results(&whole);
    for (name, bytes) in whole.iter().filter(|(name, _)| *name != "rows.parquet") {
        let out = folder.join(name.replace('/', "-"));
        let pipe = pipe_at(&out.join(name));
        let mut child = begin(&out);
        wait_until_still(&mut child, &out);
        child.kill().and_then(|()| child.wait()).expect("killed");
        std::fs::remove_file(&pipe).expect("a pipe");
        let there = results(&out);
        let written = |name: &String| !name.starts_with("shards/");
        assert!(there.iter().filter(|(name, _)| written(name)).all(|(name, bytes)| whole.get(name) == Some(bytes)));
        assert!(!there.contains_key("rows.parquet") && !there.contains_key(name));
        std::fs::write(out.join(format!("{name}.4711.part")), &bytes[..bytes.len() / 2]).expect("written");
        goes_on(&out, &whole);
    }
    // All results are there and their digests are being made, for the manifest: a pipe stands where one was written.
    let out = folder.join("digests");
    let (chart, summary) = (pipe_at(&out.join("charts/outcomes.svg")), out.join("summary.json"));
    let mut child = begin(&out);
    wait_until_still(&mut child, &out);
    std::fs::remove_file(&summary).expect("a summary");
    pipe_at(&summary);
    std::fs::read(&chart).expect("the chart");
    wait_until_still(&mut child, &out);
    child.kill().and_then(|()| child.wait()).expect("killed");
    assert!(out.join("rows.parquet").exists(), "the last of the results");
    [chart, summary].iter().for_each(|pipe| std::fs::remove_file(pipe).expect("a pipe"));
    let shards: Vec<(String, Vec<u8>)> =
        results(&out).into_iter().filter(|(name, _)| name.starts_with("shards/")).collect();
    assert!(shards.iter().any(|(name, _)| name.ends_with(".shard")));
    goes_on(&out, &whole);
    // The manifest says that it is finished, and the shards have not been removed yet.
    std::fs::create_dir(out.join("shards")).expect("a folder");
    shards.iter().for_each(|(name, bytes)| std::fs::write(out.join(name), bytes).expect("written"));
    assert!(goes_on(&out, &whole).contains("nothing is left to run"));
}

/// A pipe under this path; who writes into it waits for a reader.
#[cfg(unix)]
fn pipe_at(path: &Path) -> PathBuf {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
    path.to_owned()
}

/// Waits until a process has done something in a folder, and then nothing for a while.
#[cfg(unix)]
fn wait_until_still(child: &mut std::process::Child, out: &Path) {
    let (mut before, mut still) = (Vec::new(), 0);
    while still < 30 {
        assert!(child.try_wait().expect("a child").is_none(), "it went past the pipe");
        let now = names(out);
        still = if now == before && now.iter().any(|name| name == "manifest.json") { still + 1 } else { 0 };
        before = now;
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The names of all files below a folder that a process is at work in.
#[cfg(unix)]
fn names(out: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["", "shards/", "tables/", "charts/"] {
        let entries = std::fs::read_dir(out.join(folder)).into_iter().flatten().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_ok_and(|it| it.is_file()));
        found.extend(files.map(|entry| format!("{folder}{}", entry.file_name().to_string_lossy())));
    }
    found.sort();
    found
}

#[test]
fn a_folder_with_something_else_is_refused() {
    let folder = folder("refused");
    let out = folder.join("run");
    let ask = |more: &[&str]| {
        let mut arguments = vec!["batch", TUTORIAL, "-n", "500", "--out", path(&out)];
        arguments.extend(more);
        escalate(&arguments)
    };
    std::fs::create_dir(&out).expect("a folder");
    std::fs::write(out.join("notes.txt"), "mine").expect("written");
    assert!(ends(&ask(&[]), 2).contains("is no run of escalate"));
    assert!(ends(&ask(&["--resume"]), 2).contains("is no run of escalate"));
    ends(&ask(&["--force"]), 0);
    assert_eq!(std::fs::read(out.join("notes.txt")).expect("a file"), b"mine", "what is not ours stays");
    ends(&ask(&[]), 0);
    let before = results(&out);
    for more in [&["--seed", "2"][..], &["--seed", "2", "--resume"], &["--variant", "bluff"]] {
        assert!(ends(&ask(more), 2).contains("another run"));
    }
    same(&before, &results(&out));
    assert!(ends(&ask(&["--resume"]), 0).contains("nothing is left to run"));
    let summary = std::fs::read_to_string(out.join("summary.json")).expect("a summary");
    std::fs::write(out.join("summary.json"), summary.replacen("\"run_hash\": \"", "\"run_hash\": \"é", 1))
        .expect("written");
    assert!(ends(&ask(&["--resume"]), 2).contains("not the file that was written; --force"));
    std::fs::write(out.join("summary.json"), summary).expect("written");
    ends(&ask(&["--rows", "--force", "--seed", "2"]), 0);
    ends(&ask(&["--force"]), 0);
    same(&before, &results(&out));
}

#[test]
fn what_a_killed_process_had_begun_to_write_is_swept() {
    let folder = folder("swept");
    let out = folder.join("run");
    let ask = |more: &[&str]| {
        ends(&escalate(&[&["batch", TUTORIAL, "-n", "500", "--out", path(&out)], more].concat()), 0);
    };
    ask(&[]);
    let before = results(&out);
    for more in [&["--resume"][..], &["--force"], &[]] {
        for begun in ["manifest.json", "rows.parquet", "tables/scores.csv", "charts/outcomes.svg"] {
            std::fs::write(out.join(format!("{begun}.4711.part")), "begun").expect("written");
        }
        std::fs::write(out.join("tables/notes.part"), "mine").expect("written");
        ask(more);
        assert_eq!(std::fs::read(out.join("tables/notes.part")).expect("a file"), b"mine", "what is not ours stays");
        std::fs::remove_file(out.join("tables/notes.part")).expect("removed");
        same(&before, &results(&out));
    }
}

#[test]
fn exact_and_rare_sweep_too_and_leave_checkpoints_alone() {
    let folder = folder("visited");
    let ladder = "scenarios/textbook/rare_ladder.toml";
    let rare = ["rare", ladder, "--outcome", "top", "--repetitions", "2", "--effort", "16"];
    for (name, command) in [("exact", &["exact", "scenarios/textbook/two_roads.toml"][..]), ("rare", &rare)] {
        let out = folder.join(name);
        let ask = || assert_ne!(escalate(&[command, &["--out", path(&out)]].concat()).status.code(), Some(2));
        ask();
        let before = results(&out);
        assert!(!out.join("shards").exists(), "nothing but results is left");
        std::fs::create_dir(out.join("shards")).expect("a folder");
        std::fs::write(out.join("shards/0-64.shard"), "kept").expect("written");
        for begun in ["exact.json", "tables/levels.csv"] {
            std::fs::write(out.join(format!("{begun}.4711.part")), "begun").expect("written");
        }
        ask();
        assert_eq!(std::fs::read(out.join("shards/0-64.shard")).expect("a shard"), b"kept");
        std::fs::remove_dir_all(out.join("shards")).expect("removed");
        same(&before, &results(&out));
    }
}

/// A file that is replaced goes on being what it was; what cannot be replaced is written into.
#[cfg(unix)]
#[test]
fn links_permissions_and_pipes_are_kept() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    let folder = folder("kept");
    let (file, link, pipe) = (folder.join("file.drn"), folder.join("link.drn"), folder.join("pipe"));
    let export =
        |out: &Path| ends(&escalate(&["export", "drn", "scenarios/textbook/two_roads.toml", "--out", path(out)]), 0);
    std::fs::write(&file, "old").expect("written");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink("file.drn", &link).expect("a link");
    export(&link);
    assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
    let metadata = std::fs::metadata(&file).expect("a file");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o640);
    let written = std::fs::read(&file).expect("a file");
    assert!(written.starts_with(b"// The scenario two_roads"));
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read(pipe).expect("a pipe")
    });
    export(&pipe);
    assert!(std::fs::metadata(&pipe).expect("a pipe").file_type().is_fifo());
    assert_eq!(reader.join().expect("read"), written);
}

#[test]
fn what_cannot_be_written_says_what_to_do() {
    let folder = folder("advice");
    std::fs::write(folder.join("file"), "").expect("written");
    let file = folder.join("file");
    let roads = "scenarios/textbook/two_roads.toml";
    for out in [file.clone(), file.join("run")] {
        for command in [&["batch", TUTORIAL, "-n", "64"][..], &["exact", roads]] {
            let said = ends(&escalate(&[command, &["--out", path(&out)]].concat()), 2);
            assert!(said.contains("could not be written") && said.contains("choose another folder"), "{said}");
        }
    }
    let said = ends(&escalate(&["export", "drn", roads, "--out", path(&folder)]), 2);
    assert!(said.contains("choose another name for the file"), "{said}");
    let said = ends(&escalate(&["new", path(&folder.join("nowhere/new.toml"))]), 2);
    assert!(said.contains("its folder is not there"), "{said}");
    let said = ends(&escalate(&["new", path(&file)]), 2);
    assert!(said.contains("left as it is"), "{said}");
}

#[test]
fn every_change_is_found() {
    let folder = folder("verify");
    for (name, rows) in [("csv", "--rows"), ("parquet", "--parquet")] {
        let out = folder.join(name);
        ends(&escalate(&["batch", TUTORIAL, "-n", "3000", "--seed", "5", rows, "--out", path(&out)]), 0);
        let verify = |more: &[&str]| escalate(&[&["verify", path(&out)], more].concat());
        assert!(ends(&verify(&[]), 0).contains("all 3,000 replications run again"));
        assert!(ends(&verify(&["--sample", "20"]), 0).contains("20 replications run again"));
        let file = |name: &str| std::fs::read_to_string(out.join(name)).expect("a file");
        let change = |name: &str, from: &str, to: &str| {
            let text = file(name);
            assert!(text.contains(from), "{name} has no {from}");
            std::fs::write(out.join(name), text.replacen(from, to, 1)).expect("written");
            text
        };
        for (name, from, to) in [
            ("scenario.toml", "0.12", "0.13"),
            ("manifest.json", "\"seed\": 5", "\"seed\": 6"),
            ("manifest.json", "\"replications\": 3000", "\"replications\": 2999"),
            ("tables/outcomes.csv", "shots_fired,5,", "shots_fired,5,1"),
            ("summary.json", "\"count\": ", "\"count\": 1"),
        ] {
            let text = change(name, from, to);
            assert!(ends(&verify(&[]), 1).contains("differs: "), "{name}");
            // Someone who changes the digest too is found by running again.
            if name.starts_with("tables") || name.starts_with("summary") {
                let manifest = forge(&out, name);
                let found = ends(&verify(&[]), 1);
                assert!(found.contains(&format!("{name}, line ")) && found.contains("it should be"), "{found}");
                std::fs::write(out.join("manifest.json"), manifest).expect("written");
            }
            std::fs::write(out.join(name), text).expect("written");
        }
        // One value of one row, with its digest.
        let rows = if name == "csv" { "rows.csv" } else { "rows.parquet" };
        let bytes = std::fs::read(out.join(rows)).expect("a file");
        let mut changed = bytes.clone();
        let last_digit = bytes.iter().rposition(u8::is_ascii_digit).expect("a digit");
        let at = if name == "csv" { last_digit } else { bytes.len() / 3 };
        changed[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
        std::fs::write(out.join(rows), &changed).expect("written");
        assert!(ends(&verify(&[]), 1).contains(rows));
        let manifest = forge(&out, rows);
        assert!(ends(&verify(&["--all"]), 1).contains(rows));
        if name == "csv" {
            assert!(ends(&verify(&["--sample", "20000"]), 1).contains("replication 2999"));
        }
        std::fs::write(out.join("manifest.json"), manifest).expect("written");
        std::fs::write(out.join(rows), bytes).expect("written");
        ends(&verify(&[]), 0);
        std::fs::remove_file(out.join("tables/scores.csv")).expect("removed");
        assert!(ends(&verify(&[]), 2).contains("scores.csv"));
    }
    assert!(ends(&escalate(&["verify", "docs"]), 2).contains("no manifest.json"));
}

/// Gives a changed file the digest that it now has; returns the manifest as it was.
fn forge(out: &Path, name: &str) -> String {
    let manifest = std::fs::read_to_string(out.join("manifest.json")).expect("a manifest");
    let digest = escalate::runs::folder::digest(&out.join(name)).expect("a digest");
    let key = format!("\"{name}\": \"");
    let at = manifest.find(&key).expect("a digest") + key.len();
    let forged = format!("{}{digest}{}", &manifest[..at], &manifest[at + digest.len()..]);
    std::fs::write(out.join("manifest.json"), forged).expect("written");
    manifest
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_can_be_checked_and_gone_on_with() {
    let folder = folder("interrupted");
    let out = folder.join("run");
    let n = "3000000000";
    let begin = ["batch", TUTORIAL, "-n", n, "--rows", "--checkpoint", "0", "--out", path(&out)];
    let mut child = command(&begin).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("runs");
    while checkpointed(&out) == 0 {
        assert!(child.try_wait().expect("a child").is_none(), "it ended early");
        std::thread::sleep(Duration::from_millis(50));
    }
    let again = escalate(&[&begin[..], &["--resume"]].concat());
    assert!(ends(&again, 2).contains("another process is at work"), "two at once would be in each other's way");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success());
    assert_eq!(child.wait().expect("a child").code(), Some(4));
    assert!(ends(&escalate(&begin), 2).contains("--resume"));
    assert!(ends(&escalate(&["verify", path(&out)]), 0).contains("not finished"));
    let shard = std::fs::read_dir(out.join("shards")).expect("shards").filter_map(|entry| Some(entry.ok()?.path()));
    let shard = shard.filter(|path| path.extension().is_some_and(|it| it == "shard")).min().expect("a shard");
    let mut bytes = std::fs::read(&shard).expect("a shard");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(&shard, bytes).expect("written");
    assert!(ends(&escalate(&["verify", path(&out)]), 1).contains(".shard"));
    assert!(ends(&escalate(&[&begin[..], &["--resume"]].concat()), 2).contains(".shard"), "damage is told");
}

#[test]
fn failures_have_an_exit_code_and_can_stop_a_run() {
    let folder = folder("failures");
    let scenario = folder.join("failing.toml");
    std::fs::write(&scenario, common::FAILING).expect("written");
    let ask = |out: &str, more: &[&str]| {
        let out = folder.join(out);
        let output = escalate(&[&["batch", path(&scenario), "-n", "200000", "--out", path(&out)], more].concat());
        (ends(&output, 3), out)
    };
    let (said, out) = ask("all", &[]);
    assert!(said.contains("(failed)") && said.contains("failed at triggers/leak/then"), "{said}");
    let summary: serde_json::Value =
        serde_json::from_slice(&std::fs::read(out.join("summary.json")).expect("a file")).expect("JSON");
    assert_eq!(summary["run"]["replications"], 200_000);
    assert!(summary["failed"]["share"]["count"].as_u64().expect("a count") > 1_000);
    let (said, out) = ask("fast", &["--fail-fast"]);
    assert!(said.contains("stopped, as replications have failed"), "{said}");
    let first = results(&out);
    let (_, out) = ask("fast_again", &["--fail-fast", "--threads", "1"]);
    same(&first, &results(&out));
    ends(&escalate(&["verify", path(&out)]), 0);
}

#[test]
fn replay_tells_what_run_tells() {
    let folder = folder("replay");
    let out = folder.join("run");
    let variant = ["--variant", "bluff", "--seed", "4"];
    ends(&escalate(&[&["batch", TUTORIAL, "-n", "500", "--out", path(&out)], &variant[..]].concat()), 0);
    let told = escalate(&["replay", path(&out), "--replication", "17", "--all"]);
    let right = escalate(&[&["run", TUTORIAL, "--replication", "17", "--all"], &variant[..]].concat());
    assert_eq!(String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&right.stdout));
    ends(&told, 0);
    assert!(ends(&escalate(&["replay", path(&out), "--replication", "500"]), 2).contains("0 to 499"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_nothing_is_lost() {
    let folder = folder("full");
    let out = folder.join("run");
    let ask =
        |more: &[&str]| [&["batch", TUTORIAL, "-n", "100000", "--rows", "--out", path(&out)], more].concat().join(" ");
    // Files may not become larger than 1 MiB: the system then says so, as it does when a disk is full.
    let limited = |line: &str| {
        let line = format!("trap '' XFSZ; ulimit -f 1024; exec {} {line}", env!("CARGO_BIN_EXE_escalate"));
        Command::new("bash").args(["-c", &line]).current_dir(root()).output().expect("bash")
    };
    let said = ends(&limited(&ask(&[])), 2);
    assert!(said.contains("could not be written") && said.contains("make room") && said.contains("--resume"), "{said}");
    assert!(!out.join("summary.json").exists() && !out.join("rows.csv").exists());
    let left: Vec<_> = results(&out).into_keys().filter(|name| name.ends_with(".part")).collect();
    assert!(left.is_empty(), "{left:?}");
    let output = escalate(&["batch", TUTORIAL, "-n", "100000", "--rows", "--out", path(&out), "--resume"]);
    ends(&output, 0);
    let before = results(&out);
    assert!(ends(&limited(&ask(&["--force"])), 2).contains("could not be written"));
    same(&before, &results(&out).into_iter().filter(|(name, _)| !name.starts_with("shards/")).collect());
}

#[test]
fn the_machine_proves_itself() {
    let said = ends(&escalate(&["selftest"]), 0);
    assert!(said.contains("are those of every other machine"), "{said}");
}
