//! What the indexes in rows stand for.

use crate::model::Model;
use crate::results::rows::Names;

/// The names of all that a model's replications are noted by.
pub fn names(model: &Model) -> Names {
    let labels = &model.labels;
    let rungs = if model.ladder.is_some() { labels.rungs.as_slice() } else { &[] };
    Names {
        outcomes: labels.outcomes.iter().map(|it| it.id.clone()).collect(),
        places: labels.places.iter().map(|it| it.path.clone()).collect(),
        rungs: rungs.iter().map(|it| it.id.clone()).collect(),
        scales: labels.scales.clone(),
        milestones: labels.milestones.iter().map(|it| it.id.clone()).collect(),
        events: labels.events.iter().map(|it| it.id.clone()).collect(),
        metrics: labels.metrics.iter().map(|it| it.id.clone()).collect(),
    }
}
