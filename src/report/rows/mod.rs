//! The file with one row a replication: which columns it has, and how rows are written and read again.
//!
//! - `text`: as CSV; `columnar`: as Parquet, with the feature `parquet`

#[cfg(feature = "parquet")]
mod columnar;
mod text;

use crate::error::Error;
use crate::results::rows::{Names, Rows};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// How the rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Csv,
    Parquet,
}

impl Format {
    /// The name of the file in the folder of a run.
    pub fn file(self) -> &'static str {
        match self {
            Format::Csv => "rows.csv",
            Format::Parquet => "rows.parquet",
        }
    }
}

/// Whether this build can write Parquet.
pub const HAS_PARQUET: bool = cfg!(feature = "parquet");

/// A value of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cell<'a> {
    Nothing,
    Flag(bool),
    Whole(u64),
    Number(f64),
    Text(&'a str),
}

impl Cell<'_> {
    /// As in the CSV file: the shortest digits that read back as the same number.
    pub fn text(&self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Whole(number) => number.to_string(),
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => (*text).to_owned(),
        }
    }
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Replication,
    Outcome,
    EndTurn,
    Failed,
    FailedSite,
    FailedWhy,
    Peak,
    Score(usize),
    Metric(usize),
    Milestone(usize),
    Event(usize),
}

/// The columns of the file, in order.
#[derive(Debug, Clone)]
pub struct Columns {
    names: Names,
    columns: Vec<(String, Source)>,
}

impl Columns {
    pub fn new(names: Names) -> Self {
        let mut columns = vec![
            ("replication".to_owned(), Source::Replication),
            ("outcome".to_owned(), Source::Outcome),
            ("end_turn".to_owned(), Source::EndTurn),
            ("failed".to_owned(), Source::Failed),
            ("failed_site".to_owned(), Source::FailedSite),
            ("failed_why".to_owned(), Source::FailedWhy),
        ];
        if !names.rungs.is_empty() {
            columns.push(("peak_rung".to_owned(), Source::Peak));
        }
        let mut all = |kind: &str, ids: &[String], source: fn(usize) -> Source| {
            for (index, id) in ids.iter().enumerate() {
                // A branch `trigger.option` is `trigger__option`, as dots in names of columns have to be quoted.
                let name = format!("{kind}_{}", id.replace('.', "__"));
                columns.push((unlike(name, &columns), source(index)));
            }
        };
        all("score", &names.scales, Source::Score);
        all("metric", &names.metrics, Source::Metric);
        all("milestone", &names.milestones, Source::Milestone);
        all("trigger", &names.events, Source::Event);
        Self { names, columns }
    }

    /// The names of the columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// The values of one row: of the replication `first + index`.
    pub fn cells<'a>(&'a self, rows: &'a Rows, first: u64, index: usize) -> impl Iterator<Item = Cell<'a>> {
        self.columns.iter().map(move |(_, source)| self.cell(*source, rows, first, index))
    }

    fn cell<'a>(&'a self, source: Source, rows: &Rows, first: u64, index: usize) -> Cell<'a> {
        let name = |names: &'a [String], at: u32| names.get(at as usize).map_or(Cell::Nothing, |it| Cell::Text(it));
        let turn = |turn: u32| if turn == 0 { Cell::Nothing } else { Cell::Whole(u64::from(turn) - 1) };
        match source {
            Source::Replication => Cell::Whole(first + index as u64),
            Source::Outcome => rows.outcome[index].map_or(Cell::Nothing, |it| name(&self.names.outcomes, it)),
            Source::EndTurn => Cell::Whole(u64::from(rows.end_turn[index])),
            Source::Failed => Cell::Flag(rows.failure[index].is_some()),
            Source::FailedSite => rows.failure[index].map_or(Cell::Nothing, |(at, _)| name(&self.names.places, at)),
            Source::FailedWhy => rows.failure[index].map_or(Cell::Nothing, |(_, why)| Cell::Text(why.describe())),
            Source::Peak => name(&self.names.rungs, rows.peak[0][index]),
            Source::Score(score) => Cell::Number(rows.scores[score][index]),
            Source::Metric(metric) => {
                let value = rows.metrics[metric][index];
                if value.is_nan() { Cell::Nothing } else { Cell::Number(value) }
            }
            Source::Milestone(milestone) => turn(rows.milestones[milestone][index]),
            Source::Event(event) => turn(rows.events[event][index]),
        }
    }

    /// How many rows are held before they are written: fewer, the more columns there are.
    fn group(&self) -> usize {
        ((1 << 23) / self.columns.len().max(1)).clamp(1 << 10, 1 << 16).next_power_of_two()
    }
}

/// A name that no column has: with a number behind it if need be.
fn unlike(name: String, columns: &[(String, Source)]) -> String {
    let is_taken = |name: &str| columns.iter().any(|(other, _)| other == name);
    if !is_taken(&name) {
        return name;
    }
    (2..).map(|number| format!("{name}_{number}")).find(|name| !is_taken(name)).unwrap_or(name)
}

/// The file of rows in the making: rows come in the order of replications, in parts of any size.
pub struct Writer<'c, W: Write + Send> {
    columns: &'c Columns,
    sink: Sink<'c, W>,
    /// The number of the first row that waits, and those that do.
    first: u64,
    waiting: Rows,
}

enum Sink<'c, W: Write + Send> {
    Csv(Box<text::Writer<'c, W>>),
    #[cfg(feature = "parquet")]
    Parquet(Box<columnar::Writer<'c, W>>),
}

impl<'c, W: Write + Send> Writer<'c, W> {
    /// Begins to write rows to a sink; `path` is what the file is called in errors, and `about` is kept in it where the format has a place for it.
    ///
    /// # Errors
    /// The file cannot be written, or this build has no Parquet.
    pub fn begin(
        sink: W,
        path: &Path,
        format: Format,
        columns: &'c Columns,
        first: u64,
        about: &[(&str, String)],
    ) -> Result<Self, Error> {
        let sink = match format {
            Format::Csv => Sink::Csv(Box::new(text::Writer::begin(sink, path, columns)?)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Sink::Parquet(Box::new(columnar::Writer::begin(sink, path, columns, about)?)),
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => {
                let _ = (about, sink);
                return Err(Error::format(path)("this build was made without Parquet"));
            }
        };
        Ok(Self { columns, sink, first, waiting: columns.names.columns() })
    }

    /// Adds the rows that follow.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn rows(&mut self, rows: Rows) -> Result<(), Error> {
        self.waiting.append(rows);
        let group = self.columns.group();
        while self.waiting.len() >= group {
            let rows = self.waiting.take_first(group);
            self.group(&rows)?;
        }
        Ok(())
    }

    fn group(&mut self, rows: &Rows) -> Result<(), Error> {
        match &mut self.sink {
            Sink::Csv(writer) => writer.group(rows, self.first)?,
            #[cfg(feature = "parquet")]
            Sink::Parquet(writer) => writer.group(rows, self.first)?,
        }
        self.first += rows.len() as u64;
        Ok(())
    }

    /// Ends the rows and gives the sink back.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<W, Error> {
        let rest = std::mem::take(&mut self.waiting);
        if !rest.is_empty() {
            self.group(&rest)?;
        }
        match self.sink {
            Sink::Csv(writer) => writer.finish(),
            #[cfg(feature = "parquet")]
            Sink::Parquet(writer) => writer.finish(),
        }
    }
}

/// Reads the rows at these places of a file that is called `path` in errors; places rise, and the first row is at 0. Cells
/// are as in CSV.
///
/// # Errors
/// The file cannot be read, or it has other columns or fewer rows.
pub fn read(
    file: File,
    path: &Path,
    format: Format,
    columns: &Columns,
    places: &[u64],
    take: &mut dyn FnMut(u64, &[String]),
) -> Result<(), Error> {
    match format {
        Format::Csv => text::read(file, path, columns, places, take),
        #[cfg(feature = "parquet")]
        Format::Parquet => columnar::read(file, path, columns, places, take),
        #[cfg(not(feature = "parquet"))]
        Format::Parquet => {
            let _ = file;
            Err(Error::format(path)("this build was made without Parquet"))
        }
    }
}

/// What is said of a file that is not as it should be.
fn not_so(path: &Path, what: impl Into<String>) -> Error {
    Error::Damaged { path: path.to_owned(), what: what.into() }
}
