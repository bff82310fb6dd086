//! One row a replication: it says what the chronicle tells and what the batch counts, whoever ran it.

mod common;

use common::{FAILING, model, text};
use escalate::batch::{self, Batch};
use escalate::chronicle::replay;
use escalate::model::Model;
use escalate::results::chronicle::{Chronicle, Ending, Entry};
use escalate::results::rows::Rows;
use escalate::results::tally::Tally;
use std::ops::ControlFlow;

const FLAGSHIP: &str = "scenarios/korea_2024.toml";

/// A batch with rows.
fn rows(model: &Model, first: u64, replications: u64, threads: usize) -> (Tally, Rows) {
    let (done, stop) = Default::default();
    let batch = Batch { seed: 7, first, replications, threads, done: &done, stop: &stop };
    let (mut tally, mut rows) = (batch::empty(model), batch::columns(model));
    let mut next = first;
    batch::waves(model, &batch, true, &mut |wave| {
        assert_eq!(wave.first, next, "waves come in order");
        next += wave.tally.replications;
        tally.merge(&wave.tally);
        rows.append(wave.rows.expect("rows were asked for"));
        ControlFlow::Continue(())
    })
    .expect("threads");
    assert_eq!(next, first + replications);
    assert!(rows.fits(&batch::columns(model)));
    (tally, rows)
}

/// The turn, one more than it is, in which a chronicle first tells of something; 0 for never.
fn first(told: &Chronicle, is_it: impl Fn(&Entry) -> bool) -> u32 {
    told.turns.iter().find(|turn| turn.entries.iter().any(&is_it)).map_or(0, |turn| turn.turn + 1)
}

#[track_caller]
fn agree(model: &Model, rows: &Rows, index: usize, told: &Chronicle) {
    let labels = &model.labels;
    match &told.ending {
        Ending::Outcome { id, turn, .. } => {
            let outcome = rows.outcome[index].expect("an outcome") as usize;
            assert_eq!((&labels.outcomes[outcome].id, rows.end_turn[index]), (id, *turn));
            assert_eq!(rows.failure[index], None);
        }
        Ending::Failed { turn } => {
            assert_eq!((rows.outcome[index], rows.end_turn[index]), (None, *turn));
            let (place, reason) = rows.failure[index].expect("a failure");
            let entries = told.turns.iter().flat_map(|turn| &turn.entries);
            let mut why = entries.filter_map(|entry| match entry {
                Entry::Failure { site, reason, .. } => Some((site, *reason)),
                _ => None,
            });
            assert_eq!(why.next_back(), Some((&labels.places[place as usize].path, reason)));
        }
    }
    if let Some(peak) = &told.peak_rung {
        assert_eq!(&labels.rungs[rows.peak[0][index] as usize].id, peak);
    }
    for (column, (id, points)) in rows.scores.iter().zip(&told.scores) {
        assert_eq!(column[index], *points, "{id}");
    }
    for (column, label) in rows.milestones.iter().zip(&labels.milestones) {
        let turn = first(told, |entry| matches!(entry, Entry::Milestone { id, .. } if *id == label.id));
        assert_eq!(column[index], turn, "{}", label.id);
    }
    for (column, label) in rows.events.iter().zip(&labels.events) {
        let turn = first(told, |entry| match entry {
            Entry::Rule(rule) if rule.fired => {
                rule.event == label.id || rule.branch.as_ref().is_some_and(|branch| branch.event == label.id)
            }
            _ => false,
        });
        assert_eq!(column[index], turn, "{}", label.id);
    }
    let measured = told.turns.iter().rev().find(|turn| !turn.metrics.is_empty());
    for (column, label) in rows.metrics.iter().zip(&labels.metrics) {
        let told = measured.and_then(|turn| turn.metrics.iter().find(|(id, _)| *id == label.id));
        match told {
            Some((_, value)) => assert_eq!(column[index], *value, "{}", label.id),
            None => assert!(column[index].is_nan(), "{}", label.id),
        }
    }
}

#[test]
fn a_row_says_what_the_chronicle_tells() {
    let model = model(&text(FLAGSHIP));
    let (tally, rows) = rows(&model, 40, 300, 2);
    assert_eq!(tally, common::run(&model, 7, 40, 300, 1), "rows change no count");
    for index in 0..300 {
        agree(&model, &rows, index, &replay(&model, 7, 40 + index as u64));
    }
}

#[test]
fn a_failed_replication_has_a_row_that_says_why() {
    let model = model(FAILING);
    let (tally, rows) = rows(&model, 0, 500, 2);
    let failed: u64 = tally.failed.iter().sum();
    assert_eq!(rows.failure.iter().flatten().count() as u64, failed);
    assert!(failed > 50 && failed < 450, "{failed}");
    for index in 0..500 {
        agree(&model, &rows, index, &replay(&model, 7, index as u64));
    }
}

#[test]
fn threads_do_not_matter() {
    let model = model(&text("scenarios/tutorial.toml"));
    // More than one wave.
    let one = rows(&model, 5, 70_000, 1);
    assert_eq!(one, rows(&model, 5, 70_000, 2));
    assert_eq!(one, rows(&model, 5, 70_000, 8));
}
