//! The tables of the page, as markdown.

use super::base_rates::{self, Place, Role};
use super::measure::{self, Questions};
use super::timeline::{self, HORIZONS};
use escalate::results::summary::Summary;
use escalate::scenario::Scenario;
use std::fmt::Write as _;

pub const MONTHLY: &str = "scenarios/korea_2024.toml";
pub const WEEKLY: &str = "scenarios/korea_2024_weekly.toml";

const BASE_REPLICATIONS: u64 = 400_000;
const VARIANT_REPLICATIONS: u64 = 200_000;
const WEEKLY_REPLICATIONS: u64 = 50_000;
/// For each end of each range.
const RANGE_REPLICATIONS: u64 = 60_000;
/// A number matters to the nuclear figure if it moves it by more.
const FACTOR: f64 = 2.0;

const NUCLEAR: &str = "dprk_uses_nuclear_weapon";

/// All tables, by the names they have in the page.
pub fn all() -> Result<Vec<(&'static str, String)>, String> {
    let questions = timeline::questions()?;
    let scenario = measure::scenario(MONTHLY, &timeline::asked(&questions))?;
    let base = measure::run(&measure::model(&scenario, None)?, BASE_REPLICATIONS)?;
    let monthly = compared(MONTHLY, VARIANT_REPLICATIONS)?;
    let weekly = compared(WEEKLY, WEEKLY_REPLICATIONS)?;
    let plain = measure::scenario(MONTHLY, &Questions::default())?;
    Ok(vec![
        ("made from", made_from(&[&monthly[0], &weekly[0]])),
        ("outcomes", outcomes(&base, &plain)?),
        ("timeline", asked(&base, &questions)),
        ("scores", brier(&base, &questions)),
        ("base rates", rates()?),
        ("courses of action", courses(&monthly)),
        ("scales", scales(&monthly)),
        ("sensitivity", sensitivity(&plain)?),
        ("weekly", by_week(&monthly, &weekly)),
    ])
}

/// What the tables are of: a test compares it with the files as they are.
fn made_from(bases: &[&Summary]) -> String {
    let one = |summary: &&Summary| format!("`{}` {}", summary.run.scenario, &summary.run.scenario_hash[..16]);
    let all: Vec<String> = bases.iter().map(one).collect();
    format!("Tables made from {}.\n", all.join(" and "))
}

/// The base case, then the variants.
fn compared(file: &str, replications: u64) -> Result<Vec<Summary>, String> {
    let scenario = measure::scenario(file, &Questions::default())?;
    let names = scenario.variants.iter().map(|variant| Some(variant.id.text.as_str()));
    let run = |name| measure::run(&measure::model(&scenario, name)?, replications);
    std::iter::once(None).chain(names).map(run).collect()
}

fn outcomes(base: &Summary, scenario: &Scenario) -> Result<String, String> {
    let mut table =
        "| outcome after 24 months | share | 95 % interval | when (median month) |\n| --- | ---: | --- | ---: |\n"
            .to_owned();
    for outcome in &base.outcomes {
        let share = outcome.share;
        let when = outcome.timing.map_or_else(|| "–".to_owned(), |timing| timing.median.to_string());
        row(
            &mut table,
            &[
                outcome.title.clone(),
                percent(share.share),
                format!("{} to {}", percent(share.low), percent(share.high)),
                when,
            ],
        );
    }
    let expected = measure::expected(&measure::model(scenario, None)?, NUCLEAR, BASE_REPLICATIONS);
    let run = &base.run;
    let _ = writeln!(
        table,
        "\n{} replications, seed {}; {} failed. Nuclear use once more, as the mean of the chances it was given (same luck, \
         less noise): **{}**. The intervals are those of counting; what the numbers themselves leave open is below.",
        run.replications,
        run.seed,
        if base.failed.share.count == 0 { "none" } else { "SOME" },
        percent(expected)
    );
    Ok(table)
}

fn asked(base: &Summary, questions: &[timeline::Question]) -> String {
    let mut table = "| by June 2025 | in fact | model: by then | model: December 2024 | model: June 2025 | base rate: June 2025 | number |\n\
                     | --- | --- | ---: | ---: | ---: | ---: | --- |\n"
        .to_owned();
    for question in questions {
        let at = |month| percent(timeline::probability(base, question, month));
        let happened = if question.happened.is_empty() { "no".to_owned() } else { question.happened.clone() };
        let then = question.month().map_or_else(|| "–".to_owned(), at);
        let [december, june] = HORIZONS.map(at);
        let cells = [
            question.question.clone(),
            happened,
            then,
            december,
            june,
            percent(question.base_rate(HORIZONS[1])),
            question.role.clone(),
        ];
        row(&mut table, &cells);
    }
    table
}

fn brier(base: &Summary, questions: &[timeline::Question]) -> String {
    let mut table =
        "| questions (each put for December 2024 and June 2025) | n | Brier, model | Brier, base rates | skill |\n\
                     | --- | ---: | ---: | ---: | ---: |\n"
            .to_owned();
    type Choice = (&'static str, fn(&timeline::Question) -> bool);
    let choices: [Choice; 5] = [
        ("all", |_| true),
        ("held out: no number of the model comes from the event", |question| question.role == "held out"),
        ("story: a number, or a rule, was written with the event in view", |question| question.role == "story"),
        ("held out, and it happened by June 2025", |question| {
            question.role == "held out" && !question.happened.is_empty()
        }),
        ("held out, and it did not", |question| question.role == "held out" && question.happened.is_empty()),
    ];
    for (name, choice) in choices {
        let chosen: Vec<&timeline::Question> = questions.iter().filter(|question| choice(question)).collect();
        let [model, rates] = timeline::brier(base, &chosen);
        let skill = format!("{:+.0} %", 100.0 * (1.0 - model / rates));
        row(
            &mut table,
            &[name.to_owned(), chosen.len().to_string(), format!("{model:.3}"), format!("{rates:.3}"), skill],
        );
    }
    table
}

fn rates() -> Result<String, String> {
    let mut table =
        "| quantity | world (95 % interval) | n, years | model | | use |\n| --- | --- | --- | ---: | --- | --- |\n"
            .to_owned();
    let rates = base_rates::rates(MONTHLY)?;
    for rate in &rates {
        let [low, high] = rate.interval;
        let place = if rate.place() == Place::Within { "within" } else { "**outside**" };
        let role = if rate.role == Role::HeldOut { "held out" } else { "fitted" };
        let world = format!("{} ({low} to {high})", rate.value);
        let n = format!("{}; {}", rate.n, rate.years);
        row(
            &mut table,
            &[rate.title.clone(), world, n, format!("{:.3}", rate.model), place.to_owned(), role.to_owned()],
        );
    }
    let held_out = rates.iter().filter(|rate| rate.role == Role::HeldOut).count();
    let _ = writeln!(table, "\n{held_out} of {} are held out.", rates.len());
    for rate in rates.iter().filter(|rate| rate.place() == Place::Outside) {
        let _ = writeln!(table, "Outside: *{}*. {}", rate.title, rate.why.as_deref().unwrap_or("No reason is given."));
    }
    Ok(table)
}

/// The outcomes of the courses of action.
fn courses(summaries: &[Summary]) -> String {
    let ids: Vec<&str> = summaries[0].outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    let mut table = format!(
        "| course of action | {} | mean severity |\n| --- |{} ---: |\n",
        ids.join(" | "),
        " ---: |".repeat(ids.len())
    );
    for summary in summaries {
        let mut cells = vec![name(summary)];
        cells.extend(ids.iter().map(|id| percent(measure::outcome(summary, id))));
        cells.push(format!("{:.3}", severity(summary)));
        row(&mut table, &cells);
    }
    table
}

/// Whether it matters under which scale one adds up what happened.
fn scales(summaries: &[Summary]) -> String {
    let ids: Vec<&str> = summaries[0].scores.iter().map(|score| score.id.as_str()).collect();
    let mut table = format!(
        "| against the base case | {} | one direction? |\n| --- |{} --- |\n",
        ids.join(" | "),
        " ---: |".repeat(ids.len())
    );
    for summary in &summaries[1..] {
        // A Goldstein sum falls as conflict grows; the others rise.
        let change = |id: &str| (score(summary, id) - score(&summaries[0], id)) / score(&summaries[0], id).abs();
        let changes: Vec<f64> =
            ids.iter().map(|id| if *id == "goldstein" { -change(id) } else { change(id) }).collect();
        let told = changes.iter().filter(|change| change.abs() >= 0.001);
        let signs: Vec<bool> = told.map(|change| *change > 0.0).collect();
        let one = signs.windows(2).all(|pair| pair[0] == pair[1]);
        let mut cells = vec![name(summary)];
        cells.extend(changes.iter().map(|change| format!("{:+.1} %", 100.0 * change)));
        cells.push(
            if signs.is_empty() {
                "no change"
            } else if one {
                "yes"
            } else {
                "**no**"
            }
            .to_owned(),
        );
        row(&mut table, &cells);
    }
    table
}

/// Every number of judgement, and every other one with a range, at both ends of it.
fn sensitivity(scenario: &Scenario) -> Result<String, String> {
    let base = measure::expected(&measure::model(scenario, None)?, NUCLEAR, RANGE_REPLICATIONS);
    let mut moved = Vec::new();
    let mut tried = 0;
    for (index, parameter) in scenario.parameters.iter().enumerate() {
        let grade_c = parameter.evidence.as_deref().is_some_and(|evidence| evidence.starts_with('C'));
        let Some((low, high)) = parameter.range.filter(|_| grade_c) else { continue };
        tried += 1;
        let mut ends = [0.0; 2];
        for (end, value) in ends.iter_mut().zip([low, high]) {
            let mut other = scenario.clone();
            other.parameters[index].value = value;
            other.parameters[index].drawn = None;
            *end = measure::expected(&measure::model(&other, None)?, NUCLEAR, RANGE_REPLICATIONS);
        }
        let swing = ends.iter().map(|end| (end / base).max(base / end)).fold(1.0, f64::max);
        moved.push((swing, parameter, [low, high], ends));
    }
    moved.sort_by(|a, b| b.0.total_cmp(&a.0));
    let matter = moved.iter().filter(|(swing, ..)| *swing > FACTOR).count();
    let mut table = format!(
        "Base case {}. Numbers of grade C that move it by more than a factor of two: {matter} of {tried}; the next three stand for scale.\n\n\
         | number | low end | high end | nuclear use at low | at high | largest factor |\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        percent(base)
    );
    for (swing, parameter, [low, high], ends) in moved.iter().take(matter + 3) {
        let factor = if swing.is_finite() { format!("{swing:.1}") } else { "vanishes".to_owned() };
        let bold = if *swing > FACTOR { format!("**{factor}**") } else { factor };
        let name = format!("`{}`", parameter.id.text);
        row(&mut table, &[name, low.to_string(), high.to_string(), percent(ends[0]), percent(ends[1]), bold]);
    }
    Ok(table)
}

/// What survives a shorter turn: each figure of both, and the direction of each course of action.
fn by_week(monthly: &[Summary], weekly: &[Summary]) -> String {
    let ids: Vec<&str> = monthly[0].outcomes.iter().map(|outcome| outcome.id.as_str()).collect();
    let mut table = "| base case | by month | by week |\n| --- | ---: | ---: |\n".to_owned();
    for id in &ids {
        row(
            &mut table,
            &[format!("`{id}`"), percent(measure::outcome(&monthly[0], id)), percent(measure::outcome(&weekly[0], id))],
        );
    }
    for metric in ["launch_days", "balloons", "peninsula_tension", "russian_arms", "deterrence"] {
        let two = [monthly, weekly].map(|it| format!("{:.2}", measure::mean(&it[0], metric)));
        row(&mut table, &[format!("mean `{metric}`"), two[0].clone(), two[1].clone()]);
    }
    for milestone in ["lethal_arms", "troops", "moscow_delivers", "blood_on_the_line", "seventh_test", "both_silent"] {
        let share = |summary: &Summary| measure::passed(summary, milestone, usize::MAX - 1);
        row(&mut table, &[format!("`{milestone}`"), percent(share(&monthly[0])), percent(share(&weekly[0]))]);
    }
    table.push_str("\n| against the base case | war of any kind, by month | by week | mean severity, by month | by week | same direction? |\n");
    table.push_str("| --- | ---: | ---: | ---: | ---: | --- |\n");
    for (month, week) in monthly.iter().zip(weekly).skip(1) {
        let wars = [(month, &monthly[0]), (week, &weekly[0])].map(|(it, base)| war(it) / war(base) - 1.0);
        let grave = [(month, &monthly[0]), (week, &weekly[0])].map(|(it, base)| severity(it) - severity(base));
        let same =
            |two: [f64; 2], noise: f64| two.iter().all(|it| it.abs() < noise) || two[0].signum() == two[1].signum();
        let verdict = match (same(wars, 0.1), same(grave, 0.01)) {
            (true, true) => "both",
            (true, false) => "war only",
            (false, true) => "severity only",
            (false, false) => "**neither**",
        };
        let change = |it: f64| format!("{:+.0} %", 100.0 * it);
        let cells = [
            name(month),
            change(wars[0]),
            change(wars[1]),
            format!("{:+.3}", grave[0]),
            format!("{:+.3}", grave[1]),
            verdict.to_owned(),
        ];
        row(&mut table, &cells);
    }
    table
}

fn war(summary: &Summary) -> f64 {
    ["nuclear_use", "major_war", "limited_war"].iter().map(|id| measure::outcome(summary, id)).sum()
}

fn severity(summary: &Summary) -> f64 {
    summary.outcomes.iter().map(|outcome| outcome.share.share * outcome.severity.unwrap_or(0.0)).sum()
}

fn score(summary: &Summary, id: &str) -> f64 {
    summary.scores.iter().find(|score| score.id == id).map_or(f64::NAN, |score| score.distribution.mean)
}

fn name(summary: &Summary) -> String {
    if summary.run.variant == "base" { "as it was".to_owned() } else { summary.run.variant_title.clone() }
}

fn row(table: &mut String, cells: &[String]) {
    let _ = writeln!(table, "| {} |", cells.join(" | "));
}

/// Two digits that matter.
fn percent(share: f64) -> String {
    let value = 100.0 * share;
    let digits =
        if value == 0.0 || value >= 9.95 { 0 } else { (1.0 - libm::log10(value).floor()).clamp(0.0, 6.0) as usize };
    format!("{value:.digits$} %")
}
