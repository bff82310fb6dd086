//! The parts of the engine's time, each alone: `cargo bench --bench speed`.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "what is measured here is time")]

mod common;

use common::generate::{MIDDLING, Shape, scenario};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use escalate::answers::KeyedDraws;
use escalate::draws::{Draw, Key, Site, Tile};
use escalate::engine::{self, Blind, Play, Program};
use escalate::expression::{LANES, Mask};
use std::hint::black_box;

const REFERENCE: &str = include_str!("../scenarios/benchmarks/reference.toml");
const FLAGSHIP: &str = include_str!("../scenarios/korea_2024.toml");

/// One tile: 16 bits for 64 replications and four turns.
fn keystream(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("keystream");
    let key = Key::from_seed(1);
    let draw = Draw::new(Site::new(1).expect("a site"), 1, 0).expect("a draw");
    group.throughput(Throughput::Bytes(size_of::<Tile>() as u64));
    group.bench_function("tile", |bench| bench.iter(|| draw.tile(black_box(&key), black_box(7))));
    group.throughput(Throughput::Bytes(4 * size_of::<Tile>() as u64));
    group.bench_function("all 64 bits", |bench| bench.iter(|| draw.full_tile(black_box(&key), black_box(7))));
    group.bench_function("one draw", |bench| bench.iter(|| draw.bits(black_box(&key), black_box(7))));
    group.finish();
}

/// A block of 64 replications through all its turns, nobody counting: tapes, rules, effects and draws.
fn block(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("block of 64, not counted");
    let models =
        [("reference", REFERENCE.to_owned()), ("generated", scenario(&MIDDLING)), ("flagship", FLAGSHIP.to_owned())];
    for (name, text) in models {
        let model = common::model(&text);
        let program = Program::new(&model);
        let (mut bank, mut draws) = (program.bank(), KeyedDraws::new(&model, 1));
        let mut number = 0;
        group.throughput(Throughput::Elements(LANES as u64));
        group.bench_function(name, |bench| {
            bench.iter(|| {
                draws.enter(number);
                number += 1;
                engine::run(&program, &mut bank, Mask::MAX, &mut draws, &mut Blind);
            });
        });
    }
    group.finish();
}

/// The fifth turn of a block, without what comes before and after.
fn turn(bench: &mut Criterion) {
    let model = common::model(REFERENCE);
    let program = Program::new(&model);
    let (mut bank, mut draws) = (program.bank(), KeyedDraws::new(&model, 1));
    draws.enter(0);
    let mut blind = Blind;
    let mut run = Play::new(&program, &mut bank, &mut draws, &mut blind);
    run.start(Mask::MAX);
    bench.bench_function("a turn of 64, reference", |bench| {
        bench.iter(|| {
            run.resume(4, Mask::MAX);
            run.next_turn();
        });
    });
}

/// Everything: drawn, played and counted.
fn batch(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("batch of 8,192 on one thread");
    group.sample_size(20);
    group.throughput(Throughput::Elements(8_192));
    for (name, text) in [("reference", REFERENCE), ("flagship", FLAGSHIP)] {
        let model = common::model(text);
        group.bench_function(name, |bench| bench.iter(|| common::batch(&model, 8_192, 1)));
    }
    group.finish();
}

/// From text to model: read, checked by shape and parsed; then lowered.
fn compile(bench: &mut Criterion) {
    let thousand = scenario(&Shape { actors: 100, triggers: 1_000, ..MIDDLING });
    let texts = [("flagship", FLAGSHIP), ("generated, 1,000 triggers", &thousand)];
    let mut group = bench.benchmark_group("read");
    group.sample_size(20);
    for (name, text) in texts {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bench| bench.iter(|| escalate::scenario::read(black_box(text.as_bytes()))));
    }
    group.finish();
    let mut group = bench.benchmark_group("compile");
    group.sample_size(20);
    for (name, text) in texts {
        let scenario = escalate::scenario::read(text.as_bytes()).0.expect("a scenario");
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bench| bench.iter(|| escalate::compile::compile(black_box(&scenario), None)));
    }
    group.finish();
}

criterion_group!(benches, keystream, turn, block, batch, compile);
criterion_main!(benches);
