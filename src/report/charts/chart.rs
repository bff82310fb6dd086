//! A finished chart, and why there may be none.

use std::fmt;

/// A finished chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// A name fit for a file: `outcomes`, `metric_tension`.
    pub name: String,
    /// What it shows, in a line.
    pub title: String,
    /// A whole SVG document.
    pub svg: String,
}

/// Why there is no chart.
#[derive(Debug)]
pub enum ChartError {
    /// A metric has a quantile that is infinite, beyond 1e300, or not a number.
    NotFinite { metric: String },
    /// Plotters could not write a shape.
    Drawing(String),
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ChartError::NotFinite { metric } => {
                write!(f, "metric `{metric}` has a value that is not finite, or too large to draw")
            }
            ChartError::Drawing(reason) => write!(f, "a chart could not be drawn: {reason}"),
        }
    }
}

impl std::error::Error for ChartError {}
