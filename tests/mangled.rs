//! Mangled scenario files are refused or run, and never end in a panic, a hang or a lack of memory.
//!
//! A few thousand of them are tried in every test run. For more, in release:
//! `ESCALATE_MANGLED=1000000 cargo test --release --test mangled`. A file that fails is named by its number;
//! `ESCALATE_MANGLED_ONE=<number>` prints it and tries it alone.

mod mangle;

use escalate::batch::{self, Batch};
use escalate::diagnostic::{Code, Diagnostic, Style, render};
use escalate::model::Model;
use escalate::{compile, scenario};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// How many files are tried if nobody asks for more.
const FILES: u64 = 3_000;
/// Replications of those that compile.
const REPLICATIONS: u64 = 64;
/// Work that is worth running: turns times rules, and turns times bins.
const STEPS_MAX: usize = 30_000;
const CELLS_MAX: usize = 2_000_000;
/// How long one file may take; a loaded machine is slow.
const SECONDS_MAX: u64 = 60;
/// Memory that the whole test may take.
const KIBIBYTES_MAX: u64 = 3 << 20;

#[test]
fn mangled_files_are_refused_or_run() {
    let seeds = mangle::seeds();
    if let Some(one) = number("ESCALATE_MANGLED_ONE") {
        let bytes = mangle::mangled(&seeds, one);
        println!("{}", String::from_utf8_lossy(&bytes));
        attempt(&bytes);
        return;
    }
    let files = number("ESCALATE_MANGLED").unwrap_or(FILES);
    let (next, reached) = (AtomicU64::new(0), [const { AtomicU64::new(0) }; 3]);
    let failed: Mutex<Vec<u64>> = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let busy: Vec<AtomicU64> = (0..threads).map(|_| AtomicU64::new(u64::MAX)).collect();
    let running = AtomicU64::new(threads as u64);
    std::thread::scope(|scope| {
        for busy in &busy {
            scope.spawn(|| {
                loop {
                    let file = next.fetch_add(1, Ordering::Relaxed);
                    if file >= files {
                        break;
                    }
                    busy.store(file, Ordering::Relaxed);
                    let bytes = mangle::mangled(&seeds, file);
                    match catch_unwind(AssertUnwindSafe(|| attempt(&bytes))) {
                        Ok(reach) => drop(reached[reach as usize].fetch_add(1, Ordering::Relaxed)),
                        Err(_) => failed.lock().expect("no poison").push(file),
                    }
                }
                busy.store(u64::MAX, Ordering::Relaxed);
                running.fetch_sub(1, Ordering::Relaxed);
            });
        }
        watch(&busy, &running);
    });
    let [refused, compiled, run] = reached.map(AtomicU64::into_inner);
    println!("{files} files: {refused} refused, {compiled} compiled, {run} compiled and run; {} KiB", memory());
    let failed = failed.into_inner().expect("no poison");
    assert!(failed.is_empty(), "these files, by number, end in a panic: {failed:?}");
    assert!(run * 20 > files, "hardly any file runs: the mangling is too rough to test anything");
    assert!(memory() < KIBIBYTES_MAX, "{} KiB of memory", memory());
}

/// Ends the process when a file takes too long: a thread cannot be stopped from outside.
fn watch(busy: &[AtomicU64], running: &AtomicU64) {
    let mut seen = vec![(u64::MAX, 0); busy.len()];
    while running.load(Ordering::Relaxed) > 0 {
        std::thread::sleep(Duration::from_millis(100));
        for (busy, (file, since)) in busy.iter().zip(&mut seen) {
            let now = busy.load(Ordering::Relaxed);
            if now != *file || now == u64::MAX {
                (*file, *since) = (now, 0);
            }
            *since += 1;
            if *since > SECONDS_MAX * 10 {
                eprintln!("file {file} takes more than {SECONDS_MAX} seconds");
                std::process::exit(101);
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Reach {
    Refused,
    Compiled,
    Run,
}

/// Reads, checks, compiles and runs what is in the bytes, as far as it goes.
fn attempt(bytes: &[u8]) -> Reach {
    let (scenario, mut findings) = scenario::read(bytes);
    let source = String::from_utf8_lossy(bytes);
    let is_read = !findings.iter().any(Diagnostic::is_error);
    let Some(scenario) = scenario else {
        report(&findings, &source);
        return Reach::Refused;
    };
    // What is too large is not compiled; all else is, even where parts of it could not be read.
    if findings.iter().any(|finding| finding.code == Code::LimitExceeded) {
        report(&findings, &source);
        return Reach::Refused;
    }
    let checked = compile::check(&scenario);
    // An expectation of a variant that is missing is an error of the file, and of no model.
    let is_fatal = |it: &Diagnostic| it.is_error() && !it.message.starts_with("there is no variant");
    let is_clean = !checked.iter().any(is_fatal);
    findings = compile::check_read(&scenario, findings);
    report(&findings, &source);
    let base = compile::compile(&scenario, None);
    let variants: Vec<_> = scenario.variants.iter().map(|variant| compile::compile(&scenario, Some(variant))).collect();
    if is_read {
        let all = base.is_ok() && variants.iter().all(Result::is_ok);
        assert_eq!(is_clean, all, "`check` and `compile` differ: {findings:?}");
    }
    match base {
        Ok(model) if is_read && is_small(&model) => {
            run(&model);
            variants.into_iter().flatten().take(1).filter(is_small).for_each(|model| run(&model));
            Reach::Run
        }
        Ok(_) if is_read => Reach::Compiled,
        _ => Reach::Refused,
    }
}

/// Every finding has a place in the file, and can be printed.
fn report(findings: &[Diagnostic], source: &str) {
    for finding in findings {
        let spans = finding.related.iter().map(|(span, _)| span).chain([&finding.span]);
        for span in spans {
            assert!(span.start <= span.end && span.end <= source.len(), "{finding:?} lies outside the file");
        }
        assert!(!finding.message.is_empty() && !finding.message.ends_with('.'), "{finding:?}");
    }
    let shown = &findings[..findings.len().min(8)];
    assert_eq!(render(shown, "mangled.toml", source, Style::Plain).is_empty(), shown.is_empty());
}

fn is_small(model: &Model) -> bool {
    let turns = model.turns as usize + 1;
    let bins: usize = model.metrics.iter().map(|metric| metric.range.few().unwrap_or(64)).sum();
    turns * model.steps().len() <= STEPS_MAX && turns * (bins + model.events.len()) <= CELLS_MAX
}

fn run(model: &Model) {
    escalate::chronicle::replay(model, 1, 3);
    let (done, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let request = Batch { seed: 1, first: 0, replications: REPLICATIONS, threads: 1, done: &done, stop: &stop };
    let tally = batch::run(model, &request).expect("a thread");
    let ended: u64 = tally.outcomes.iter().flatten().chain(&tally.failed).sum();
    assert_eq!((tally.replications, ended), (REPLICATIONS, REPLICATIONS));
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// The most memory that the process has had, in KiB; 0 where the system does not say.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
