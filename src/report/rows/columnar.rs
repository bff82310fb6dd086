//! Rows as Parquet: typed columns, groups of rows, compressed with Snappy.

use super::{Cell, Columns, Source, not_so};
use crate::error::Error;
use crate::results::rows::Rows;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::record::Field;
use parquet::schema::types::{ColumnPath, Type, TypePtr};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Writes groups of rows.
pub(super) struct Writer<'c, W: Write + Send> {
    columns: &'c Columns,
    path: PathBuf,
    file: SerializedFileWriter<W>,
}

impl<'c, W: Write + Send> Writer<'c, W> {
    pub fn begin(sink: W, path: &Path, columns: &'c Columns, about: &[(&str, String)]) -> Result<Self, Error> {
        let about = about.iter().map(|(key, value)| KeyValue::new(format!("escalate.{key}"), value.clone()));
        let replication = ColumnPath::from("replication");
        let properties = WriterProperties::builder()
            .set_created_by("escalate".to_owned())
            .set_key_value_metadata(Some(about.collect()))
            .set_compression(Compression::SNAPPY)
            .set_column_dictionary_enabled(replication.clone(), false)
            .set_column_encoding(replication, Encoding::DELTA_BINARY_PACKED)
            .build();
        let schema = schema(columns).map_err(|error| trouble(path, error))?;
        let file = SerializedFileWriter::new(sink, schema, Arc::new(properties));
        Ok(Self { columns, path: path.to_owned(), file: file.map_err(|error| trouble(path, error))? })
    }

    pub fn group(&mut self, rows: &Rows, first: u64) -> Result<(), Error> {
        let mut write = || -> Result<(), ParquetError> {
            let mut group = self.file.next_row_group()?;
            for (_, source) in &self.columns.columns {
                let cells = (0..rows.len()).map(|index| self.columns.cell(*source, rows, first, index));
                match physical(*source) {
                    Physical::BOOLEAN => column::<BoolType, _>(&mut group, cells, |cell| match cell {
                        Cell::Flag(flag) => Some(*flag),
                        _ => None,
                    }),
                    Physical::INT32 => column::<Int32Type, _>(&mut group, cells, |cell| match cell {
                        Cell::Whole(number) => i32::try_from(*number).ok(),
                        _ => None,
                    }),
                    Physical::INT64 => column::<Int64Type, _>(&mut group, cells, |cell| match cell {
                        Cell::Whole(number) => i64::try_from(*number).ok(),
                        _ => None,
                    }),
                    Physical::DOUBLE => column::<DoubleType, _>(&mut group, cells, |cell| match cell {
                        Cell::Number(number) => Some(*number),
                        _ => None,
                    }),
                    _ => texts(&mut group, cells),
                }?;
            }
            group.close()?;
            Ok(())
        };
        write().map_err(|error| trouble(&self.path, error))
    }

    pub fn finish(self) -> Result<W, Error> {
        self.file.into_inner().map_err(|error| trouble(&self.path, error))
    }
}

/// Writes the next column of a group.
fn column<'a, T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Cell<'a>>,
    value: impl FnMut(&Cell<'a>) -> Option<T::T>,
) -> Result<(), ParquetError> {
    let mut value = value;
    let (mut values, mut defined) = (Vec::new(), Vec::new());
    for cell in cells {
        let found = value(&cell);
        defined.push(i16::from(found.is_some()));
        values.extend(found);
    }
    let Some(mut column) = group.next_column()? else { return Ok(()) };
    column.typed::<T>().write_batch(&values, Some(&defined), None)?;
    column.close()
}

/// The same for texts, of which there are few different ones.
fn texts<'a, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    cells: impl Iterator<Item = Cell<'a>>,
) -> Result<(), ParquetError> {
    let mut known: BTreeMap<&'a str, ByteArray> = BTreeMap::new();
    column::<ByteArrayType, _>(group, cells, |cell| match *cell {
        Cell::Text(text) => Some(known.entry(text).or_insert_with(|| ByteArray::from(text)).clone()),
        _ => None,
    })
}

fn physical(source: Source) -> Physical {
    match source {
        Source::Replication => Physical::INT64,
        Source::EndTurn | Source::Milestone(_) | Source::Event(_) => Physical::INT32,
        Source::Failed => Physical::BOOLEAN,
        Source::Score(_) | Source::Metric(_) => Physical::DOUBLE,
        Source::Outcome | Source::FailedSite | Source::FailedWhy | Source::Peak => Physical::BYTE_ARRAY,
    }
}

fn schema(columns: &Columns) -> Result<TypePtr, ParquetError> {
    let fields = columns.columns.iter().map(|(name, source)| {
        let physical = physical(*source);
        let is_text = physical == Physical::BYTE_ARRAY;
        let field = Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(is_text.then_some(LogicalType::String));
        field.build().map(Arc::new)
    });
    let fields: Result<Vec<TypePtr>, ParquetError> = fields.collect();
    Type::group_type_builder("replications").with_fields(fields?).build().map(Arc::new)
}

fn trouble(path: &Path, error: ParquetError) -> Error {
    let made = Error::format(path);
    match error {
        ParquetError::External(error) => match error.downcast::<std::io::Error>() {
            Ok(error) => Error::File { path: path.to_owned(), error: *error },
            Err(error) => made(error),
        },
        other => made(other.into()),
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
    let damaged = |error: ParquetError| not_so(path, error.to_string());
    let reader = SerializedFileReader::new(file).map_err(damaged)?;
    let fields = reader.metadata().file_metadata().schema_descr().columns().iter().map(|column| column.name());
    if !fields.eq(columns.names()) {
        return Err(not_so(path, "its columns are not those of this scenario"));
    }
    let mut wanted = places.iter().copied().peekable();
    let mut place = 0;
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).map_err(damaged)?;
        let end = place + u64::try_from(group.metadata().num_rows()).unwrap_or(0);
        if wanted.peek().is_none_or(|next| *next >= end) {
            place = end;
            continue;
        }
        for row in group.get_row_iter(None).map_err(damaged)? {
            let row = row.map_err(damaged)?;
            if wanted.next_if_eq(&place).is_some() {
                let cells: Vec<String> = row.get_column_iter().map(|(_, field)| text(field)).collect();
                take(place, &cells);
            }
            place += 1;
        }
    }
    if wanted.peek().is_some() { Err(not_so(path, format!("it has {place} rows only"))) } else { Ok(()) }
}

/// A value as it is in CSV.
fn text(field: &Field) -> String {
    match field {
        Field::Bool(flag) => Cell::Flag(*flag).text(),
        Field::Int(number) => number.to_string(),
        Field::Long(number) => number.to_string(),
        Field::Double(number) => Cell::Number(*number).text(),
        Field::Str(text) => text.clone(),
        _ => String::new(),
    }
}
