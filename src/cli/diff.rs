//! `escalate diff`: how two scenarios differ in meaning, not in text.

use super::ending::{Done, ExitStatus, Stop};
use super::load::{self, Loaded};
use super::terminal::{bold, out, say};
use clap::{Args, ValueEnum};
use escalate::compile::{self, Change, Comparison, Difference, Stated};
use escalate::scenario::Variant;
use serde::Serialize;
use std::fmt::Write;
use std::path::PathBuf;

/// Say how two scenarios, or a scenario and its variant, differ in meaning
#[derive(Debug, Args)]
#[command(
    after_help = "Titles, notes, evidence, units, ranges, expectations, spacing and the order of keys mean nothing \
                        here: what is compared is what the scenario hash covers.\n\n\
                        Exit status: 0 if they mean the same, 1 if not, 2 if one cannot be used."
)]
pub struct Diff {
    /// The scenario file
    old: PathBuf,
    /// Another scenario file; left out, the variant is compared with the scenario as written
    #[arg(required_unless_present = "variant")]
    new: Option<PathBuf>,
    /// Compare under this variant only; without it, the scenarios as written and then all variants
    #[arg(long)]
    variant: Option<String>,
    /// How to print what differs
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For reading
    Text,
    /// The same as data
    Json,
}

/// What was compared, as data too.
#[derive(Debug, Serialize)]
struct Report {
    same: bool,
    #[serde(flatten)]
    comparison: Comparison,
    /// Variants that one of the two has, or that differ beyond what the scenarios as written do.
    variants: Vec<OfVariant>,
}

#[derive(Debug, Serialize)]
struct OfVariant {
    id: String,
    /// `first`, `second` or `both`.
    only_in: &'static str,
    differences: Vec<Difference>,
}

impl Diff {
    pub fn execute(&self) -> Done {
        let report = self.report()?;
        match self.format {
            Format::Text if report.same => {
                say(&format!("same meaning: scenario hash {}\n", report.comparison.hashes[0]))
            }
            Format::Text => out(&text(&report)),
            Format::Json => out(&format!("{}\n", serde_json::to_string_pretty(&report).unwrap_or_default())),
        }
        Ok(if report.same { ExitStatus::Success } else { ExitStatus::Findings })
    }

    fn report(&self) -> Result<Report, Stop> {
        let load = |path| load::load_clean(path).map_err(|stop| stop.with(ExitStatus::Trouble));
        let old = load(&self.old)?;
        let Some(new) = &self.new else {
            let variant = load::variant(&old, self.variant.as_deref())?;
            return Ok(Report::of(compare((&old, None), (&old, variant))?, Vec::new()));
        };
        let new = load(new)?;
        if let Some(variant) = self.variant.as_deref() {
            let variants = (load::variant(&old, Some(variant))?, load::variant(&new, Some(variant))?);
            return Ok(Report::of(compare((&old, variants.0), (&new, variants.1))?, Vec::new()));
        }
        let base = compare((&old, None), (&new, None))?;
        let variants = variants(&old, &new, &base)?;
        Ok(Report::of(base, variants))
    }
}

impl Report {
    fn of(comparison: Comparison, variants: Vec<OfVariant>) -> Self {
        Self { same: comparison.differences.is_empty() && variants.is_empty(), comparison, variants }
    }
}

fn compare(old: (&Loaded, Option<&Variant>), new: (&Loaded, Option<&Variant>)) -> Result<Comparison, Stop> {
    let (one, other) = (old.0.scenario()?, new.0.scenario()?);
    compile::compare((one, old.1), (other, new.1)).map_err(|_| {
        // Files that were loaded have no variant that refers to nothing.
        Stop::trouble(format_args!("{}: its variants cannot be applied", old.0.path.display()))
    })
}

/// The variants that differ, in the order of their names.
fn variants(old: &Loaded, new: &Loaded, base: &Comparison) -> Result<Vec<OfVariant>, Stop> {
    let all = |loaded: &'_ Loaded| loaded.scenario.iter().flat_map(|it| it.variants.clone()).collect::<Vec<Variant>>();
    let (olds, news) = (all(old), all(new));
    let mut found = Vec::new();
    for variant in &olds {
        let id = variant.id.text.clone();
        let Some(other) = news.iter().find(|it| it.id.text == id) else {
            found.push(OfVariant { id, only_in: "first", differences: Vec::new() });
            continue;
        };
        let mut differences = compare((old, Some(variant)), (new, Some(other)))?.differences;
        differences.retain(|difference| !base.differences.contains(difference));
        if !differences.is_empty() {
            found.push(OfVariant { id, only_in: "both", differences });
        }
    }
    for variant in news.iter().filter(|variant| olds.iter().all(|it| it.id.text != variant.id.text)) {
        found.push(OfVariant { id: variant.id.text.clone(), only_in: "second", differences: Vec::new() });
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

fn text(report: &Report) -> String {
    let mut text = differences(&report.comparison.differences);
    for variant in &report.variants {
        let what = match variant.only_in {
            "both" if report.comparison.differences.is_empty() => "",
            "both" => ", beyond that",
            "first" => ": only in the first",
            _ => ": only in the second",
        };
        let _ = writeln!(text, "{}{what}", bold(&format!("variant {}", variant.id)));
        let inner = differences(&variant.differences);
        inner.lines().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text
}

/// A thing a paragraph.
fn differences(differences: &[Difference]) -> String {
    let mut text = String::new();
    let mut before: Option<(&str, &str)> = None;
    for Difference { kind, id, change } in differences {
        let head = bold(format!("{kind} {id}").trim_end());
        if !matches!(change, Change::Added { .. } | Change::Removed { .. }) && before != Some((kind, id)) {
            let _ = writeln!(text, "{head}");
        }
        before = Some((kind, id));
        match change {
            Change::Added { facts } => push_thing(&mut text, &format!("{head}: only in the second"), '+', facts),
            Change::Removed { facts } => push_thing(&mut text, &format!("{head}: only in the first"), '-', facts),
            Change::Fact { part, name, old, new } => push_fact(&mut text, &label(part, name), old, new),
            Change::Moved { part, old, new } => {
                let after = |id: &str| if id.is_empty() { "first".to_owned() } else { format!("after {id}") };
                let _ = writeln!(text, "  {} -> {}", label(part, &format!("stands {}", after(old))), after(new));
            }
        }
    }
    text
}

/// `chance`, or `closes: weight` of a part.
fn label(part: &str, name: &str) -> String {
    match part {
        "" => name.to_owned(),
        part if part == name => part.to_owned(),
        part => format!("{part}: {name}"),
    }
}

fn push_thing(text: &mut String, head: &str, sign: char, facts: &[Stated]) {
    let _ = writeln!(text, "{head}");
    for Stated { part, name, value } in facts.iter().filter(|fact| !matches!(fact.value.as_str(), "" | "false")) {
        let _ = writeln!(text, "  {sign} {} = {value}", label(part, name));
    }
}

/// How wide a line with both values may be.
const WIDTH: usize = 100;

/// `chance: 0.3 -> 0.4` in a line if it fits; several values, or long ones, each in its own.
fn push_fact(text: &mut String, label: &str, old: &[String], new: &[String]) {
    let shown = |values: &[String]| match values {
        [] => "left out".to_owned(),
        [value] if value.is_empty() => "nothing".to_owned(),
        values => values.join(", "),
    };
    let line = format!("  {label}: {} -> {}\n", shown(old), shown(new));
    if old.len() <= 1 && new.len() <= 1 && line.chars().count() <= WIDTH {
        text.push_str(&line);
        return;
    }
    let _ = writeln!(text, "  {label}:");
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let left = old.len().min(new.len()) - same;
    let last = old.iter().rev().zip(new.iter().rev()).take(left).take_while(|(old, new)| old == new).count();
    old[same..old.len() - last].iter().for_each(|value| text.push_str(&format!("    - {value}\n")));
    new[same..new.len() - last].iter().for_each(|value| text.push_str(&format!("    + {value}\n")));
}
