//! Which row groups of Parquet files are passed over: their statistics show that nothing of
//! their rows is needed.
//!
//! Rows that are not read are not checked, save for one thing: a row of a group that is
//! read may have the key of a row that is not. Where the statistics of the keys cannot
//! exclude that, the keys of the group are read, and nothing else of it.

use std::path::Path;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{ArrayRef, Int64Array};
use arrow_schema::DataType;
use chrono_tz::Tz;
use mittari_lang::mapping::Layout;
use mittari_lang::schema::{Schema, TableId};
use mittari_lang::types::Kind;
use parquet::arrow::arrow_reader::statistics::StatisticsConverter;

use crate::dataset::TableInput;
use crate::fault::LoadError;
use crate::load::blocks::layout_of;
use crate::load::cells::BadCells;
use crate::load::columnar::ParquetFile;
use crate::load::convert::Converter;
use crate::load::guard::guarded;
use crate::load::passed::{Extent, GroupFacts, PassedOver};
use crate::load::raw::FILE_SHIFT;
use crate::load::recipe::{ColumnRecipe, Recipe, recipe};
use crate::load::typed::typed;
use crate::zone::DAY;

/// Which row groups are not needed.
pub(crate) struct Needless<'a> {
    /// The columns of instants and days that decide, by their number in the table.
    pub(crate) columns: &'a [u32],
    /// Whether nothing of the rows of a group is needed.
    pub(crate) test: &'a dyn Fn(&GroupFacts) -> bool,
}

/// A row group as its statistics show it.
struct Group {
    first: u64,
    facts: GroupFacts,
    /// For each column of the key, between which bytes its values lie.
    keys: Vec<Option<Range>>,
}

/// No value stands before the first bytes or behind the second.
type Range = (Vec<u8>, Vec<u8>);

/// Finds the row groups that are passed over: none where the table is not Parquet alone,
/// or of several rows of one key only one is taken.
///
/// A file that cannot be opened is none to pass over; reading it says what is wrong.
pub(crate) fn passed_over(
    input: &TableInput,
    (schema, table): (&Schema, TableId),
    needless: &Needless<'_>,
) -> Result<PassedOver, LoadError> {
    let TableInput::Files { mapping, files } = input else {
        return Ok(PassedOver::default());
    };
    let layout = |path: &Path| mapping.layout.unwrap_or_else(|| layout_of(path));
    if mapping.keep.is_some() || files.iter().any(|f| layout(f) != Layout::Parquet) {
        return Ok(PassedOver::default());
    }
    let n_columns = schema.table(table).map_or(0, |table| table.columns.len());
    let mut needed = vec![false; n_columns];
    for column in needless.columns {
        if let Some(slot) = needed.get_mut(*column as usize) {
            *slot = true;
        }
    }
    let dates = recipe(input, schema, table, &needed)?;
    let mut groups = Vec::new();
    for (at, path) in (0_u64..).zip(files) {
        let found = guarded(path, || {
            let file = ParquetFile::open(path, (&[], &[]), at << FILE_SHIFT)?;
            Ok(groups_of(path, &file, &dates))
        });
        match found {
            Ok(found) => groups.extend(found),
            Err(_) => return Ok(PassedOver::default()),
        }
    }
    let n_groups = groups.len() as u64;
    let (passed, read): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|group| (needless.test)(&group.facts));
    let keys = if dates.key.is_empty() { Vec::new() } else { with_keys(&passed, &read) };
    let groups = passed.into_iter().map(|group| (group.first, group.facts)).collect();
    Ok(PassedOver { n_groups, groups, keys })
}

/// The first rows of the groups a key of which may stand in a group that is read.
fn with_keys(passed: &[Group], read: &[Group]) -> Vec<u64> {
    let n_columns = passed.first().map_or(0, |group| group.keys.len());
    let read: Vec<Option<Vec<Range>>> =
        (0..n_columns).map(|at| reaches(read, at)).collect();
    let may_meet = |group: &&Group| {
        !group.keys.iter().zip(&read).any(|(own, read)| match (own, read) {
            (Some(own), Some(read)) => is_apart(own, read),
            _ => false,
        })
    };
    passed.iter().filter(may_meet).map(|group| group.first).collect()
}

/// The ranges of a column of the key in some groups, by where they begin; each ends where
/// the last of those up to it does. None if one of them is unknown.
fn reaches(groups: &[Group], column: usize) -> Option<Vec<Range>> {
    let ranges = groups.iter().map(|group| group.keys.get(column).cloned().flatten());
    let mut ranges = ranges.collect::<Option<Vec<Range>>>()?;
    ranges.sort();
    let mut furthest = Vec::new();
    for (_, end) in &mut ranges {
        if *end < furthest {
            end.clone_from(&furthest);
        }
        furthest.clone_from(end);
    }
    Some(ranges)
}

/// Whether a range lies between those of the groups that are read.
fn is_apart((start, end): &Range, read: &[Range]) -> bool {
    let up_to = read.partition_point(|(begin, _)| begin <= end);
    let last = up_to.checked_sub(1).and_then(|at| read.get(at));
    last.is_none_or(|(_, furthest)| furthest < start)
}

/// The row groups of a file.
fn groups_of(path: &Path, file: &ParquetFile, recipe: &Recipe) -> Vec<Group> {
    let name = |column: &ColumnRecipe| match (&*column.parts, &column.always) {
        ([part], None) => recipe.names.get(*part).cloned(),
        _ => None,
    };
    let mut groups: Vec<Group> = file
        .row_counts()
        .map(|(first, n_rows)| {
            let facts = GroupFacts { n_rows, extents: Vec::new() };
            Group { first, facts, keys: Vec::new() }
        })
        .collect();
    for column in &recipe.columns {
        let found = name(column).map(|name| Found { path, file, name });
        let extents = found.as_ref().and_then(|found| found.extents(column));
        let keys = column.is_key.then(|| found.as_ref().and_then(|f| f.texts(column)));
        let number = u32::try_from(column.column).unwrap_or(u32::MAX);
        for (at, group) in groups.iter_mut().enumerate() {
            let extent = extents.as_ref().and_then(|list| *list.get(at)?);
            group.facts.extents.extend(extent.map(|extent| (number, extent)));
            if let Some(keys) = &keys {
                let text = keys.as_ref().and_then(|list| list.get(at).cloned().flatten());
                let ends = extent.and_then(|extent| extent.ends);
                let ends = ends.map(|(least, most)| (bytes(least), bytes(most)));
                group.keys.push(text.or(ends));
            }
        }
    }
    groups
}

/// A column of a file by its name.
struct Found<'a> {
    path: &'a Path,
    file: &'a ParquetFile,
    name: String,
}

impl Found<'_> {
    fn converter(&self) -> Option<StatisticsConverter<'_>> {
        let metadata = self.file.metadata();
        let (schema, own) = (metadata.schema(), metadata.parquet_schema());
        // Of two columns of one name none is read.
        let mut named = schema.fields().iter().filter(|field| *field.name() == self.name);
        let (Some(_), None) = (named.next(), named.next()) else { return None };
        let converter = StatisticsConverter::try_new(&self.name, schema, own).ok()?;
        Some(converter.with_missing_null_counts_as_zero(false))
    }

    /// The instants or days of each row group, as far as they are known.
    fn extents(&self, recipe: &ColumnRecipe) -> Option<Vec<Option<Extent>>> {
        if !matches!(recipe.kind, Kind::Instant | Kind::Day) || recipe.unit.is_some() {
            return None;
        }
        let statistics = self.converter()?;
        let found = statistics.arrow_field().data_type();
        let slack = slack(recipe, found)?;
        let groups = || self.file.metadata().metadata().row_groups().iter();
        let least = self.values(recipe, &statistics.row_group_mins(groups()).ok()?)?;
        let most = self.values(recipe, &statistics.row_group_maxes(groups()).ok()?)?;
        let missing = statistics.row_group_null_counts(groups()).ok()?;
        let extents = self.file.row_counts().zip(least.iter().zip(&most)).zip(&missing);
        let extent = |(((_, n_rows), (least, most)), n_missing): (((_, u64), _), _)| {
            let n_missing = n_missing?;
            if n_missing == n_rows {
                return Some(Extent { ends: None, is_exact: true, n_missing });
            }
            let (least, most): (i64, i64) = (least?, most?);
            let ends = (least.checked_sub(slack)?, most.checked_add(slack)?);
            Some(Extent { ends: Some(ends), is_exact: slack == 0, n_missing })
        };
        Some(extents.map(extent).collect())
    }

    /// Ends as values of the column, by the same way as its rows.
    fn values(&self, recipe: &ColumnRecipe, ends: &ArrayRef) -> Option<Int64Array> {
        let converter = Converter::new(recipe).ok()?;
        let mut bad = BadCells::new();
        let values = typed(self.path, ends, (recipe, &converter), &mut bad).ok()??;
        if let Some(days) = values.as_primitive_opt::<Int32Type>() {
            return Some(days.iter().map(|day| day.map(i64::from)).collect());
        }
        values.as_primitive_opt::<Int64Type>().cloned()
    }

    /// Between which bytes the texts of each row group lie, where a key is text as it
    /// stands in the file.
    fn texts(&self, recipe: &ColumnRecipe) -> Option<Vec<Option<Range>>> {
        let plain = Converter::new(recipe).is_ok_and(|converter| converter.keeps_text());
        let statistics = self.converter().filter(|_| plain)?;
        let is_text = match statistics.arrow_field().data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
            DataType::Dictionary(_, of) => **of == DataType::Utf8,
            _ => false,
        };
        let column = statistics.parquet_column_index().filter(|_| is_text)?;
        let range = |group: &parquet::file::metadata::RowGroupMetaData| {
            let found = group.columns().get(column)?.statistics()?;
            // The old form had no certain order of texts.
            if found.is_min_max_deprecated() {
                return None;
            }
            Some((found.min_bytes_opt()?.to_vec(), found.max_bytes_opt()?.to_vec()))
        };
        Some(self.file.metadata().metadata().row_groups().iter().map(range).collect())
    }
}

/// By how much values may lie beyond the converted ends of a column of some type: local
/// times of a zone do not all keep their order. None if its rows are read by their texts.
fn slack(recipe: &ColumnRecipe, found: &DataType) -> Option<i64> {
    let is_utc = recipe.zone.is_none_or(|zone| zone == Tz::UTC);
    match (recipe.kind, found) {
        (
            Kind::Instant,
            DataType::Timestamp(_, None) | DataType::Date32 | DataType::Date64,
        ) => Some(if is_utc { 0 } else { DAY }),
        (Kind::Instant, DataType::Timestamp(_, Some(_)))
        | (
            Kind::Day,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(_, None),
        ) => Some(0),
        (Kind::Day, DataType::Timestamp(_, Some(_))) => Some(i64::from(!is_utc)),
        _ => None,
    }
}

/// A number as bytes of the same order.
fn bytes(number: i64) -> Vec<u8> {
    (number ^ i64::MIN).to_be_bytes().to_vec()
}
