//! What the repetitions say together: the estimate, its interval, and whether the importance is to be trusted.

use super::pilot::Placed;
use super::repetition::Climbed;
use crate::model::Climb;
use crate::results::estimate::{Estimate, Level, Repetition, Run, Unseen, Warning};
use crate::statistics::student::{lognormal_95, mean_and_error};
use crate::statistics::wilson::wilson_95;

/// A tenth of the repetitions must not hold more than this part of the estimate.
const TOP_TENTH_MOST: f64 = 0.5;
/// The standard deviation between repetitions must not exceed this many times the mean.
const SPREAD_MOST: f64 = 1.5;
/// Nor may more than this part of them never reach the goal.
const NOTHING_MOST: f64 = 0.1;
/// Nor may more than this part of the estimate come past levels that were meant to lie on the way.
const DIRECT_MOST: f64 = 0.2;
/// Nor may the copies at the goal go back to fewer beginnings than this, in the median repetition.
const ROOTS_LEAST: f64 = 1.5;
/// Nor may the shares of a level vary more between repetitions than this many times what they would if all copies of one
/// entrance had the same fate.
const DISPERSION_MOST: f64 = 10.0;

/// Nor may what was asked and never came lengthen the interval by more than this part.
const UNSEEN_MOST: f64 = 0.2;
/// What is said of copies without force is said only where they hold this part of the estimate.
const UNFORCED_LEAST: f64 = 0.5;

/// Puts the repetitions together.
pub(super) fn sum_up(
    run: Run,
    climb: &Climb,
    placed: &Placed,
    climbs: &[Climbed],
    unseen: Unseen,
    effort: u64,
) -> Estimate {
    let last = placed.levels.len();
    let estimates: Vec<f64> = climbs.iter().map(|climbed| climbed.probability_of(last, effort)).collect();
    let levels: Vec<Level> = (0..=last).map(|level| self::level(placed, climbs, level, effort)).collect();
    let (probability, standard_error) = mean_and_error(&estimates);
    let goal = &levels[last];
    let repetitions = climbs.iter().zip(&estimates).map(|(climbed, probability)| Repetition {
        probability: *probability,
        by_force: climbed.by_force[last],
        reached: climbed.reached.clone(),
        roots: climbed.roots,
    });
    let sum = |of: fn(&Climbed) -> u64| climbs.iter().map(of).sum::<u64>();
    let mut estimate = Estimate {
        run,
        probability,
        low: goal.low,
        high: (goal.high + unseen.bound).min(1.0),
        standard_error,
        by_force: climbs.iter().map(|climbed| climbed.by_force[last]).sum::<f64>() / climbs.len() as f64,
        unseen,
        repetitions: repetitions.collect(),
        levels,
        warnings: Vec::new(),
        turns_played: placed.turns_played + sum(|climbed| climbed.turns_played),
        failed: sum(|climbed| climbed.failed),
        without_importance: sum(|climbed| climbed.without_importance),
        witness: climbs.iter().find_map(|climbed| climbed.witness.clone()),
    };
    estimate.warnings = warnings(&estimate, climb, placed);
    estimate
}

fn level(placed: &Placed, climbs: &[Climbed], level: usize, effort: u64) -> Level {
    let products: Vec<f64> = climbs.iter().map(|climbed| climbed.probability_of(level, effort)).collect();
    let (probability, low, high) = interval(climbs, &products, level, effort);
    let got_there = climbs.iter().filter(|climbed| level == 0 || climbed.reached[level - 1] > 0);
    let shares: Vec<f64> = got_there.map(|climbed| climbed.reached[level] as f64 / effort as f64).collect();
    let (share, error) = mean_and_error(&shares);
    let alone = share * (1.0 - share) / effort as f64;
    let dispersion = (shares.len() > 1 && alone > 0.0).then(|| error * error * shares.len() as f64 / alone);
    Level {
        importance: placed.levels.get(level).copied(),
        probability,
        low,
        high,
        share,
        share_least: shares.iter().copied().fold(f64::INFINITY, f64::min).min(share),
        share_most: shares.iter().copied().fold(0.0, f64::max),
        dispersion,
        direct: direct(climbs, level, effort),
    }
}

/// The mean over the repetitions and its interval. What nobody reached is no likelier than the last level that somebody
/// reached, or at worst than what none of so many independent replications does.
fn interval(climbs: &[Climbed], products: &[f64], level: usize, effort: u64) -> (f64, f64, f64) {
    let (mean, error) = mean_and_error(products);
    let freedom = products.len().saturating_sub(1) as u32;
    if mean > 0.0 {
        let interval = lognormal_95(mean, error, freedom);
        return (mean, interval.low, interval.high.min(1.0));
    }
    let high = match level.checked_sub(1) {
        None => wilson_95(0, effort * climbs.len() as u64).high,
        Some(below) => {
            let products: Vec<f64> = climbs.iter().map(|climbed| climbed.probability_of(below, effort)).collect();
            interval(climbs, &products, below, effort).2
        }
    };
    (0.0, 0.0, high)
}

/// The part of the estimate that came to the goal from the level below this one without passing this one.
fn direct(climbs: &[Climbed], level: usize, effort: u64) -> f64 {
    let (mut all, mut part) = (0.0, 0.0);
    for climbed in climbs {
        let last = climbed.reached.len() - 1;
        let at_goal = climbed.reached[last] as f64;
        all += climbed.probability_of(last, effort);
        if at_goal > 0.0 {
            part += climbed.unforced(last, effort) * climbed.direct[level] as f64 / at_goal;
        }
    }
    if all > 0.0 { part / all } else { 0.0 }
}

/// The rules of docs/answers.md, each with its figures.
fn warnings(estimate: &Estimate, climb: &Climb, placed: &Placed) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, message: String| warnings.push(Warning { code: code.to_owned(), message });
    for road in &climb.roads_not_seen {
        let message = format!(
            "the importance reads nothing that decides `{road}`, which is one way to the goal: if much of the \
             probability comes that way, few copies show it"
        );
        warn("road-not-seen", message);
    }
    let repetitions = estimate.repetitions.len();
    let bound = estimate.unseen.bound;
    if bound > UNSEEN_MOST * (estimate.high - bound - estimate.low) {
        let message = format!(
            "chances that were asked and never came have {bound:.1e} in all, by which the upper end of the interval was \
             raised: what follows where one comes nobody has seen ({})",
            estimate.unseen.asks.iter().map(|ask| ask.site.as_str()).collect::<Vec<_>>().join(", ")
        );
        warn("unseen-chances", message);
    }
    if estimate.probability == 0.0 {
        let message = "no copy reached the goal: the interval says only that it is no likelier than the last level \
                       that was reached; start more copies, or climb on something else";
        warn("nothing-reached", message.to_owned());
        return warnings;
    }
    if !placed.reached {
        warn("pilot-fell-short", "the pilot did not reach the goal, so no levels lie near it".to_owned());
    }
    let direct: f64 = estimate.levels.iter().rev().skip(1).map(|level| level.direct).sum();
    if direct > DIRECT_MOST {
        let message = format!(
            "{} of the estimate reached the goal past levels that were meant to lie on the way: the importance does not \
             see the road that this part takes",
            percent(direct)
        );
        warn("road-not-climbed", message);
    }
    let nothing = estimate.repetitions.iter().filter(|it| it.probability == 0.0).count();
    if nothing as f64 > NOTHING_MOST * repetitions as f64 {
        let message = format!("{nothing} of {repetitions} repetitions never reached the goal: start more copies");
        warn("often-nothing", message);
    }
    let spread = estimate.standard_error * libm::sqrt(repetitions as f64) / estimate.probability;
    if spread > SPREAD_MOST {
        let message = format!(
            "the repetitions differ by {spread:.1} times their mean (standard deviation): few copies decide the estimate"
        );
        warn("heavy-spread", message);
    }
    let top = top_tenth(&estimate.repetitions);
    if top > TOP_TENTH_MOST {
        let message = format!("a tenth of the repetitions hold {} of the estimate", percent(top));
        warn("few-dominate", message);
    }
    let mut roots: Vec<f64> =
        estimate.repetitions.iter().filter(|it| it.probability > 0.0).map(|it| it.roots).collect();
    roots.sort_by(f64::total_cmp);
    let median = roots.get(roots.len() / 2).copied().unwrap_or(0.0);
    let is_forced = estimate.by_force > (1.0 - UNFORCED_LEAST) * estimate.probability;
    if median < ROOTS_LEAST && estimate.levels.len() > 1 && !is_forced {
        let message = format!(
            "in the median repetition the copies at the goal go back to {median:.1} beginnings: what happens early \
             decides, and the importance does not see it"
        );
        warn("few-roots", message);
    }
    // A level that a share s reached has 1 / s copies of each entrance: so much their common fate can multiply a variance.
    let below = std::iter::once(1.0).chain(estimate.levels.iter().map(|level| level.share));
    for (index, (level, below)) in estimate.levels.iter().zip(below).enumerate().filter(|_| !is_forced) {
        let uneven = level.dispersion.map(|dispersion| dispersion * below);
        if let Some(uneven) = uneven.filter(|uneven| *uneven > DISPERSION_MOST) {
            let message = format!(
                "the shares that reach level {} ({} to {}) vary {uneven:.0} times as much as if all copies of a state had \
                 one fate: states of equal importance have very different chances",
                index + 1,
                percent(level.share_least),
                percent(level.share_most)
            );
            warn("uneven-level", message);
        }
    }
    warnings
}

/// The part of the sum that the largest tenth has, of at least one.
fn top_tenth(repetitions: &[Repetition]) -> f64 {
    let mut values: Vec<f64> = repetitions.iter().map(|it| it.probability).collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let sum: f64 = values.iter().sum();
    values.iter().take(values.len().div_ceil(10)).sum::<f64>() / sum
}

fn percent(share: f64) -> String {
    format!("{:.3} %", 100.0 * share).replace(".000 %", " %")
}
