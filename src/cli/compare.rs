//! One table for several runs: outcomes side by side.

use super::figures::{lines, percent, table};
use escalate::results::summary::Summary;

/// The shares of all outcomes in all runs, a run a row; outcomes of scenarios that have them.
pub fn text(summaries: &[Summary]) -> String {
    let mut ids: Vec<&str> = Vec::new();
    for outcome in summaries.iter().flat_map(|summary| &summary.outcomes) {
        if !ids.contains(&outcome.id.as_str()) {
            ids.push(&outcome.id);
        }
    }
    let one_scenario = summaries.iter().all(|summary| summary.run.scenario == summaries[0].run.scenario);
    let any_failed = summaries.iter().any(|summary| summary.failed.share.count > 0);
    let mut head = vec!["Run"];
    head.extend(&ids);
    if any_failed {
        head.push("(failed)");
    }
    let mut table = table(&head, 1);
    for summary in summaries {
        let run = &summary.run;
        let name = if one_scenario { run.variant.clone() } else { format!("{} [{}]", run.scenario, run.variant) };
        let mut row = vec![name];
        for id in &ids {
            let outcome = summary.outcomes.iter().find(|outcome| outcome.id == *id);
            row.push(outcome.map_or_else(|| "–".to_owned(), |outcome| percent(outcome.share.share)));
        }
        if any_failed {
            row.push(percent(summary.failed.share.share));
        }
        table.add_row(row);
    }
    let note = "  Runs of one seed share their luck, draw by draw: differences come from the rules.";
    format!("{}{note}\n", lines(&table))
}
