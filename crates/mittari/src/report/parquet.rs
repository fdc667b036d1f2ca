//! Results as Parquet: the columns of CSV with types, and whole accounts.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{MapBuilder, MapFieldNames, StringBuilder};
use arrow_array::{
    ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray, UInt8Array, UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::number::plain;
use super::{
    ReportError, chart_word, direction_word, signal_word, state_word, verdict_word,
};
use crate::statistics::Limits;
use crate::table::{
    AccountReport, Behaviour, ExcludedReport, Results, Row, SegmentValue,
};

/// The results as a table in memory, a row for each row.
pub fn record_batch(results: &Results) -> Result<RecordBatch, ReportError> {
    let rows = results.rows.as_slice();
    let as_of = vec![results.as_of; rows.len()];
    let mut columns = name_columns(rows)?;
    columns.extend(measured_columns(rows));
    columns.extend(judged_columns(rows));
    columns.extend(behaviour_columns(rows));
    columns.push(("accounts", accounts(rows)?));
    columns.push(("bad_rows", whole(rows.iter().map(|row| Some(row.bad_rows)))));
    columns.push(("as_of", instants(as_of)));
    columns.push(("fingerprint", texts(rows.iter().map(|row| Some(&*row.fingerprint)))));
    Ok(RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, array)| (name, array, true)),
    )?)
}

/// Writes the results as one file.
pub fn write(results: &Results, out: impl Write + Send) -> Result<(), ReportError> {
    let batch = record_batch(results)?;
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = ArrowWriter::try_new(out, batch.schema(), Some(properties))?;
    writer.write(&batch)?;
    writer.close()?;
    Ok(())
}

impl From<ArrowError> for ReportError {
    fn from(error: ArrowError) -> Self {
        Self::Form(Box::new(error))
    }
}

impl From<ParquetError> for ReportError {
    fn from(error: ParquetError) -> Self {
        Self::Form(Box::new(error))
    }
}

type Columns = Vec<(&'static str, ArrayRef)>;

fn name_columns(rows: &[Row]) -> Result<Columns, ReportError> {
    let each = || rows.iter();
    let part = |row: &Row| row.part.as_ref().and_then(text_of);
    let parts: StringArray = each().map(part).collect();
    Ok(vec![
        ("metric", texts(each().map(|row| Some(&*row.metric)))),
        ("formula", texts(each().map(|row| row.formula.as_deref()))),
        ("part", Arc::new(parts)),
        ("period_kind", texts(each().map(|row| Some(row.period.period.word())))),
        ("period", texts(each().map(|row| Some(&*row.period.label)))),
        ("period_start", instants(each().map(|row| Some(row.period.start)).collect())),
        ("period_end", instants(each().map(|row| Some(row.period.end)).collect())),
        ("segment", segments(rows)?),
    ])
}

fn measured_columns(rows: &[Row]) -> Columns {
    let each = || rows.iter();
    let decimals: UInt8Array = each().map(|row| Some(row.decimals)).collect();
    vec![
        ("state", texts(each().map(|row| Some(state_word(row.state))))),
        ("value", numbers(each().map(|row| row.value))),
        ("unit", texts(each().map(|row| Some(row.unit.word())))),
        ("decimals", Arc::new(decimals)),
        ("direction", texts(each().map(|row| Some(direction_word(row.direction))))),
        ("display", texts(each().map(|row| Some(&*row.display)))),
        ("numerator", numbers(each().map(|row| row.numerator))),
        ("denominator", numbers(each().map(|row| row.denominator))),
        ("n", whole(each().map(|row| row.n))),
        ("missing", whole(each().map(|row| Some(row.missing)))),
        ("undecided", whole(each().map(|row| Some(row.undecided)))),
        ("interval_low", numbers(each().map(|row| row.interval.map(|(low, _)| low)))),
        ("interval_high", numbers(each().map(|row| row.interval.map(|(_, high)| high)))),
    ]
}

fn judged_columns(rows: &[Row]) -> Columns {
    let each = || rows.iter();
    vec![
        ("target", texts(each().map(|row| row.target.as_deref()))),
        ("contractual", texts(each().map(|row| row.contractual.map(verdict_word)))),
        ("analytic", texts(each().map(|row| row.analytic.map(verdict_word)))),
        ("previous", numbers(each().map(|row| row.previous))),
        ("change", numbers(each().map(|row| row.change))),
        ("year_before", numbers(each().map(|row| row.year_before))),
        ("change_year", numbers(each().map(|row| row.change_year))),
    ]
}

fn behaviour_columns(rows: &[Row]) -> Columns {
    let each = || rows.iter().map(|row| row.behaviour.as_ref());
    let limit = |of: fn(&Limits) -> f64| {
        numbers(each().map(|behaviour| behaviour.map(|own| of(&own.limits))))
    };
    let chart = |own: Option<&Behaviour>| own.map(|own| chart_word(own.chart));
    let signal =
        |own: Option<&Behaviour>| own.and_then(|own| own.signal).map(signal_word);
    vec![
        ("chart", texts(each().map(chart))),
        ("chart_points", whole(each().map(|behaviour| behaviour.map(|own| own.points)))),
        ("centre", limit(|limits| limits.centre)),
        ("lower_limit", limit(|limits| limits.lower)),
        ("upper_limit", limit(|limits| limits.upper)),
        ("signal", texts(each().map(signal))),
    ]
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn numbers(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

fn whole(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    Arc::new(values.collect::<UInt64Array>())
}

fn instants(values: Vec<Option<i64>>) -> ArrayRef {
    Arc::new(TimestampMicrosecondArray::from(values).with_timezone("UTC"))
}

/// The text of a value; a missing one has none.
fn text_of(value: &SegmentValue) -> Option<String> {
    match value {
        SegmentValue::Name(name) => Some(name.clone()),
        SegmentValue::Number(number) => Some(plain(*number)),
        SegmentValue::Truth(truth) => Some(truth.to_string()),
        SegmentValue::Missing => None,
    }
}

/// A map from the names of dimensions to values; a missing value is a null in it.
fn segments(rows: &[Row]) -> Result<ArrayRef, ReportError> {
    let names = MapFieldNames {
        entry: "entries".to_owned(),
        key: "key".to_owned(),
        value: "value".to_owned(),
    };
    let (keys, values) = (StringBuilder::new(), StringBuilder::new());
    let mut builder = MapBuilder::new(Some(names), keys, values);
    for row in rows {
        for (name, value) in row.segment.iter() {
            builder.keys().append_value(name);
            builder.values().append_option(text_of(value));
        }
        builder.append(true)?;
    }
    Ok(Arc::new(builder.finish()))
}

/// For each row a list of accounts, each with a list of exclusions.
fn accounts(rows: &[Row]) -> Result<ArrayRef, ReportError> {
    let all: Vec<&AccountReport> = rows.iter().flat_map(|row| &row.accounts).collect();
    let each = || all.iter();
    let excluded: Vec<&ExcludedReport> =
        each().flat_map(|account| &account.excluded).collect();
    let ones = || excluded.iter();
    let exclusions = records(vec![
        ("name", texts(ones().map(|one| Some(&*one.name)))),
        ("rows", counts(ones().map(|one| one.rows))),
        ("unknown", counts(ones().map(|one| one.unknown))),
        ("ties", counts(ones().map(|one| one.ties))),
    ])?;
    let records = records(vec![
        ("population", texts(each().map(|account| Some(&*account.population)))),
        ("rows", counts(each().map(|account| account.rows))),
        ("outside", counts(each().map(|account| account.outside))),
        ("undecided", counts(each().map(|account| account.undecided))),
        ("excluded", lists(exclusions, each().map(|account| account.excluded.len()))?),
        ("counted", counts(each().map(|account| account.counted))),
        ("undated", whole(each().map(|account| Some(account.undated)))),
    ])?;
    lists(records, rows.iter().map(|row| row.accounts.len()))
}

fn counts(values: impl Iterator<Item = i64>) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values(values))
}

fn records(columns: Columns) -> Result<ArrayRef, ReportError> {
    let (names, arrays): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    let fields = names
        .into_iter()
        .zip(&arrays)
        .map(|(name, array)| Field::new(name, array.data_type().clone(), false));
    Ok(Arc::new(StructArray::try_new(fields.collect(), arrays, None)?))
}

/// Cuts values into lists of some lengths.
fn lists(
    values: ArrayRef,
    lengths: impl Iterator<Item = usize>,
) -> Result<ArrayRef, ReportError> {
    let item: DataType = values.data_type().clone();
    let field = Arc::new(Field::new("item", item, false));
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(field, offsets, values, None)?))
}
