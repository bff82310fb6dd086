//! A chronicle as text: turn by turn, a happening a paragraph.

use super::figures::{percent, short};
use super::terminal::bold;
use escalate::results::chronicle::{Chance, Change, Chronicle, Ending, Entry, Rule, Turn};
use std::fmt::Write;

/// How wide the text may be.
const WIDTH: usize = 100;

/// The whole chronicle; with `all`, also what changes every turn, and what might have happened and did not.
pub fn text(chronicle: &Chronicle, all: bool) -> String {
    let mut text = heading(chronicle);
    let mut before: Option<&Turn> = None;
    for turn in &chronicle.turns {
        let told: Vec<String> =
            turn.entries.iter().filter_map(|entry| paragraph(entry, turn, chronicle, all)).collect();
        if !told.is_empty() {
            let _ = writeln!(text, "\n{}", bold(&name(turn)));
            told.iter().for_each(|paragraph| text.push_str(paragraph));
            text.push_str(&measured(turn, before));
        }
        before = Some(turn);
    }
    text.push_str(&ending(chronicle));
    text
}

fn heading(chronicle: &Chronicle) -> String {
    let variant = match (chronicle.variant.as_str(), chronicle.variant_title.as_str()) {
        (variant, "") => variant.to_owned(),
        (variant, title) => format!("{variant}: {title}"),
    };
    format!("{} [{variant}]\nseed {}, replication {}\n", bold(&chronicle.title), chronicle.seed, chronicle.replication)
}

fn name(turn: &Turn) -> String {
    if turn.turn == 0 {
        return "Before the first turn".to_owned();
    }
    if turn.label == turn.turn.to_string() {
        format!("Turn {}", turn.turn)
    } else {
        format!("Turn {}, {}", turn.turn, turn.label)
    }
}

fn paragraph(entry: &Entry, turn: &Turn, chronicle: &Chronicle, all: bool) -> Option<String> {
    match entry {
        Entry::Rule(rule) if rule.fired => Some(fired(rule, chronicle)),
        Entry::Rule(rule) if all => Some(missed(rule)),
        Entry::Rule(_) => None,
        Entry::Landing { title, changes, .. } => {
            let mut text = format!("  Lands: {title}\n");
            push_changes(&mut text, changes);
            Some(text)
        }
        Entry::Dynamic { .. } if !all => None,
        Entry::Dynamic { title, changes, .. } => {
            let moved: Vec<&Change> = changes.iter().filter(|change| change.before != change.after).collect();
            (!moved.is_empty()).then(|| wrapped("  ~ ", &(format!("{title}: {}", listed(&moved)))))
        }
        Entry::Start { changes } => {
            let drawn: Vec<String> =
                changes.iter().map(|change| format!("{} = {}", change.variable, change.after)).collect();
            Some(wrapped("  Drawn: ", &drawn.join(", ")))
        }
        Entry::Milestone { title, .. } => Some(format!("  * {title}\n")),
        Entry::Split { number, level } => Some(format!("  > level {level}: goes on as copy {number}\n")),
        Entry::Failure { site, expression, reason } => {
            let text =
                format!("The replication fails in turn {}: `{expression}` ({site}): {}", turn.turn, reason.describe());
            Some(wrapped("  ! ", &text))
        }
    }
}

/// The metrics that look different from the turn before.
fn measured(turn: &Turn, before: Option<&Turn>) -> String {
    let was = |id: &str| {
        let (_, value) = before?.metrics.iter().find(|(other, _)| other == id)?;
        Some(short(*value))
    };
    let moved = turn.metrics.iter().filter(|(id, value)| was(id).as_ref() != Some(&short(*value)));
    let list: Vec<String> = moved.map(|(id, value)| format!("{id} {}", short(*value))).collect();
    if list.is_empty() { String::new() } else { wrapped("  = ", &list.join(", ")) }
}

fn fired(rule: &Rule, chronicle: &Chronicle) -> String {
    let mut head = rule.title.clone();
    if let Some(branch) = &rule.branch {
        let title = if branch.title == branch.event {
            branch.event.rsplit('.').next().unwrap_or("").to_owned()
        } else {
            branch.title.clone()
        };
        let _ = write!(head, " -> {title}");
    }
    let mut about: Vec<String> = Vec::new();
    match (&rule.actor, &rule.toward) {
        (Some(actor), Some(toward)) => about.push(format!("{actor} toward {toward}")),
        (Some(actor), None) => about.push(actor.clone()),
        _ => {}
    }
    about.extend(rule.kind.clone());
    about.extend(rule.rung.as_ref().map(|rung| format!("rung {rung}")));
    let about = if about.is_empty() { String::new() } else { format!("  [{}]", about.join(", ")) };
    let mut text = wrapped("  ", &format!("{head}{about}"));
    push_reasons(&mut text, rule);
    if let Some(sent) = &rule.sent {
        let lost = sent.amount - sent.arriving;
        let losses = if lost > 0.0 { format!(", of which {} will be lost", short(lost)) } else { String::new() };
        let _ = writeln!(text, "      sends {}{losses}", short(sent.amount));
    }
    push_changes(&mut text, &rule.changes);
    if let Some(turn) = rule.lands {
        let label = chronicle.turns.iter().find(|told| told.turn == turn).map_or_else(|| format!("Turn {turn}"), name);
        let _ = writeln!(text, "      will land in {}", label.replacen('T', "t", 1));
    }
    if !rule.observers.is_empty() {
        let seen: Vec<String> = rule
            .observers
            .iter()
            .map(|it| format!("{} {}", it.actor, if it.chance.came { "learns of it" } else { "does not" }))
            .collect();
        text.push_str(&wrapped("      ", &seen.join(", ")));
    }
    text
}

fn missed(rule: &Rule) -> String {
    let chance = rule.chance.map_or_else(String::new, |chance| settled(&chance));
    wrapped("  · ", &(format!("{}: does not come ({chance})", rule.title)))
}

fn push_reasons(text: &mut String, rule: &Rule) {
    let mut reasons = Vec::new();
    if !rule.because.is_empty() {
        let facts: Vec<String> = rule.because.iter().map(|fact| format!("{} = {}", fact.text, fact.value)).collect();
        reasons.push(format!("because {}", facts.join(", ")));
    }
    if let Some(chance) = rule.chance {
        reasons.push(settled(&chance));
    }
    if let Some(choice) = rule.choice {
        let (from, to) = (percent(choice.from), percent(choice.from + choice.probability));
        let part = format!("{} to {to}", from.trim_end_matches(" %"));
        reasons.push(format!("this option {} ({part}), drew {}", percent(choice.probability), percent(choice.draw)));
    }
    if let Some(honour) = rule.honour {
        let word = if honour.came { "honoured" } else { "broken" };
        reasons.push(format!("{word}: {}", settled(&honour)));
    }
    if !reasons.is_empty() {
        text.push_str(&wrapped("      ", &reasons.join("; ")));
    }
}

fn settled(chance: &Chance) -> String {
    match chance.draw {
        Some(draw) => format!("chance {}, drew {}", percent(chance.probability), percent(draw)),
        None => format!("chance {}", percent(chance.probability)),
    }
}

fn push_changes(text: &mut String, changes: &[Change]) {
    let moved: Vec<&Change> = changes.iter().filter(|change| change.before != change.after).collect();
    if !moved.is_empty() {
        text.push_str(&wrapped("      ", &listed(&moved)));
    }
}

fn listed(changes: &[&Change]) -> String {
    let one = |change: &&Change| {
        let unit = if change.unit.is_empty() { String::new() } else { format!(" {}", change.unit) };
        format!("{} {} -> {}{unit}", change.variable, change.before, change.after)
    };
    changes.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn ending(chronicle: &Chronicle) -> String {
    let when = |turn: u32| {
        let told = chronicle.turns.iter().find(|told| told.turn == turn);
        told.map_or_else(|| format!("turn {turn}"), |told| name(told).replacen('T', "t", 1))
    };
    let mut text = match &chronicle.ending {
        Ending::Outcome { title, turn, .. } => format!("\n{} in {}\n", bold(&format!("Ends: {title}")), when(*turn)),
        Ending::Failed { turn } => format!("\n{} in {}\n", bold("Failed"), when(*turn)),
    };
    if let Some(rung) = &chronicle.peak_rung {
        let _ = writeln!(text, "Highest rung: {rung}");
    }
    if !chronicle.scores.is_empty() {
        let scores: Vec<String> = chronicle.scores.iter().map(|(scale, points)| format!("{scale} {points}")).collect();
        let _ = writeln!(text, "Scores: {}", scores.join(", "));
    }
    text
}

/// Breaks a paragraph into lines, all behind the same indentation.
fn wrapped(lead: &str, text: &str) -> String {
    let indent = " ".repeat(lead.chars().count().max(2) + if lead.trim().is_empty() { 2 } else { 0 });
    let mut out = String::new();
    let mut line = lead.to_owned();
    let mut is_empty = true;
    for word in text.split(' ') {
        if !is_empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            let _ = writeln!(out, "{line}");
            line = indent.clone();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
        }
        line.push_str(word);
        is_empty = false;
    }
    let _ = writeln!(out, "{line}");
    out
}
