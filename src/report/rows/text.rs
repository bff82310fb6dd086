//! Rows as CSV: a line a replication, nothing where there is nothing.

use super::{Cell, Columns, not_so};
use crate::error::Error;
use crate::results::rows::Rows;
use std::fmt::Write;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Writes lines.
pub(super) struct Writer<'c, W: io::Write> {
    columns: &'c Columns,
    path: PathBuf,
    csv: csv::Writer<W>,
}

impl<'c, W: io::Write> Writer<'c, W> {
    pub fn begin(sink: W, path: &Path, columns: &'c Columns) -> Result<Self, Error> {
        let mut csv = csv::Writer::from_writer(sink);
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

    pub fn finish(self) -> Result<W, Error> {
        self.csv.into_inner().map_err(|error| Error::file(&self.path)(error.into_error()))
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
    file: File,
    path: &Path,
    columns: &Columns,
    places: &[u64],
    take: &mut dyn FnMut(u64, &[String]),
) -> Result<(), Error> {
    let unreadable = |error: csv::Error| match error.into_kind() {
        csv::ErrorKind::Io(error) => Error::Unreadable { path: path.to_owned(), error },
        other => not_so(path, format!("{other:?}")),
    };
    let mut reader = csv::Reader::from_reader(file);
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
