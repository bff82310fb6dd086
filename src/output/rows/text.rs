//! Rows as CSV: a line a replication, nothing where there is nothing.

use super::super::put::Part;
use super::{Cell, Columns, not_so};
use crate::error::Error;
use crate::results::rows::Rows;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Writes lines.
pub(super) struct Writer<'c> {
    columns: &'c Columns,
    path: PathBuf,
    csv: csv::Writer<Part>,
}

impl<'c> Writer<'c> {
    pub fn begin(part: Part, path: &Path, columns: &'c Columns) -> Result<Self, Error> {
        let mut csv = csv::Writer::from_writer(part);
        csv.write_record(columns.names()).map_err(|error| trouble(path, error))?;
        Ok(Self { columns, path: path.to_owned(), csv })
    }

    pub fn group(&mut self, rows: &Rows, first: u64) -> Result<(), Error> {
        let mut line = csv::StringRecord::new();
        let mut digits = String::new();
        for index in 0..rows.len() {
            line.clear();
            for cell in self.columns.cells(rows, first, index) {
                digits.clear();
                let _ = match cell {
                    Cell::Nothing => Ok(()),
                    Cell::Flag(flag) => write!(digits, "{flag}"),
                    Cell::Whole(number) => write!(digits, "{number}"),
                    Cell::Number(number) => write!(digits, "{number}"),
                    Cell::Text(text) => digits.write_str(text),
                };
                line.push_field(&digits);
            }
            self.csv.write_record(&line).map_err(|error| trouble(&self.path, error))?;
        }
        Ok(())
    }

    pub fn finish(self) -> Result<(), Error> {
        let path = self.path;
        let part = self.csv.into_inner();
        part.map_err(|error| Error::File { path, error: error.into_error() })?.finish()
    }
}

fn trouble(path: &Path, error: csv::Error) -> Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::File { path: path.to_owned(), error },
        other => Error::format(path)(format!("{other:?}")),
    }
}

/// As `super::read`.
pub(super) fn read(
    path: &Path,
    columns: &Columns,
    places: &[u64],
    take: &mut dyn FnMut(u64, &[String]),
) -> Result<(), Error> {
    let unreadable = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Unreadable { path: path.to_owned(), error },
        other => not_so(path, format!("{other:?}")),
    };
    let mut reader = csv::Reader::from_path(path).map_err(unreadable)?;
    if !reader.headers().map_err(unreadable)?.iter().eq(columns.names()) {
        return Err(not_so(path, "its columns are not those of this scenario"));
    }
    let mut wanted = places.iter().copied().peekable();
    let mut line = csv::StringRecord::new();
    let mut place = 0;
    while let Some(next) = wanted.peek().copied() {
        if !reader.read_record(&mut line).map_err(unreadable)? {
            return Err(not_so(path, format!("it has {place} rows only")));
        }
        if place == next {
            let cells: Vec<String> = line.iter().map(str::to_owned).collect();
            take(place, &cells);
            wanted.next();
        }
        place += 1;
    }
    Ok(())
}
