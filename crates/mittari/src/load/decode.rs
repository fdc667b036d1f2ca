//! One piece of a table as a batch: columns converted, bad rows counted and left out.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::Int64Type;
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Int64Array, StringArray, UInt32Array,
};
use arrow_schema::{ArrowError, DataType};
use arrow_select::filter::FilterBuilder;
use arrow_select::take::take;
use mittari_lang::types::Kind;

use crate::batch::{Batch, RowOrder};
use crate::fault::{FaultKind, LoadError, cut};
use crate::load::cells::BadCells;
use crate::load::convert::Converter;
use crate::load::fill::{Filled, Lines};
use crate::load::keys::{KeyTally, Keys};
use crate::load::numbers::Watch;
use crate::load::raw::{Body, Raw, Texts};
use crate::load::recipe::{ColumnRecipe, Recipe};
use crate::load::runs::Runs;
use crate::load::tally::{CellFault, Tally};
use crate::load::typed::typed;

/// Which rows of the table are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    /// Only these, if there are any: the survivors of a `keep`; sorted.
    pub(crate) only: Option<Vec<u64>>,
    /// None of these: rows whose key stands twice; sorted.
    pub(crate) without: Vec<u64>,
}

impl Chosen {
    /// The rows of a piece that are read; none: all of them.
    pub(crate) fn rows(&self, first: u64, n_rows: usize) -> Option<Vec<usize>> {
        let inside = |orders: &[u64]| -> Vec<usize> {
            let from = orders.partition_point(|order| *order < first);
            let end = orders.partition_point(|order| *order < first + n_rows as u64);
            let inside = orders.get(from..end).unwrap_or_default().iter();
            inside.filter_map(|order| usize::try_from(order - first).ok()).collect()
        };
        let without = inside(&self.without);
        if self.only.is_none() && without.is_empty() {
            return None;
        }
        let mut rows: Vec<usize> = match &self.only {
            Some(only) => inside(only),
            None => (0..n_rows).collect(),
        };
        rows.retain(|row| without.binary_search(row).is_err());
        Some(rows)
    }
}

/// Turns pieces into batches; one for each thread.
#[derive(Debug)]
pub(crate) struct Decoder<'a> {
    recipe: &'a Recipe,
    chosen: &'a Chosen,
    converters: Vec<Converter>,
    pub(crate) tally: Tally,
    pub(crate) keys: KeyTally,
    pub(crate) rows_read: u64,
    pub(crate) rows_kept: u64,
    watch: Option<&'a Watch>,
}

/// The rows of a piece that are read, as one column after the other is converted.
struct Piece<'a> {
    raw: &'a Raw<'a>,
    /// None: all rows.
    rows: Option<Vec<usize>>,
    n_rows: usize,
    bad: Vec<bool>,
}

impl Piece<'_> {
    /// The row of the piece as it was read.
    fn source_row(&self, row: usize) -> usize {
        match &self.rows {
            Some(rows) => rows.get(row).copied().unwrap_or(usize::MAX),
            None => row,
        }
    }

    /// The lines it was divided into, if its fields can be read in place.
    fn lines(&self) -> Option<Lines<'_>> {
        let Body::Text { text, rows: divided, fields } = self.raw.body else {
            return None;
        };
        let (rows, n_rows) = (self.rows.as_deref(), self.n_rows);
        (!divided.has_nulls()).then_some(Lines { text, divided, fields, rows, n_rows })
    }

    fn mark(&mut self, row: usize) {
        if self.bad.is_empty() {
            self.bad = vec![false; self.n_rows];
        }
        if let Some(bad) = self.bad.get_mut(row) {
            *bad = true;
        }
    }
}

impl<'a> Decoder<'a> {
    /// A decoder; with `watch` it also watches the keys.
    pub(crate) fn new(
        recipe: &'a Recipe,
        chosen: &'a Chosen,
        watch: Option<&'a Watch>,
    ) -> Result<Self, LoadError> {
        let converters = recipe.columns.iter().map(Converter::new);
        Ok(Self {
            recipe,
            chosen,
            converters: converters.collect::<Result<_, _>>()?,
            tally: Tally::default(),
            keys: KeyTally::default(),
            rows_read: 0,
            rows_kept: 0,
            watch: watch.filter(|_| !recipe.key.is_empty()),
        })
    }

    /// The rows of a piece that can be read; none if there are none.
    pub(crate) fn decode(&mut self, raw: &Raw<'_>) -> Result<Option<Batch>, LoadError> {
        self.rows_read += (raw.n_rows + raw.flaws().len()) as u64;
        self.tally.flaws(raw);
        let rows = self.chosen.rows(raw.first, raw.n_rows);
        let n_rows = rows.as_ref().map_or(raw.n_rows, Vec::len);
        let mut piece = Piece { raw, rows, n_rows, bad: Vec::new() };
        if n_rows == 0 {
            return Ok(None);
        }
        let (arrays, runs) = self.arrays(&mut piece)?;
        self.watch_keys(&piece, &arrays, runs);
        let batch = self.batch(&piece, arrays)?;
        self.tally.rows += (n_rows - batch.n_rows) as u64;
        self.rows_kept += batch.n_rows as u64;
        Ok((batch.n_rows > 0).then_some(batch))
    }

    /// The keys of a piece's rows, with the numbers of the rows in the table's order.
    pub(crate) fn keys_of<R>(
        &mut self,
        raw: &Raw<'_>,
        each: impl FnOnce(&Keys<'_>, &[(usize, usize)]) -> R,
    ) -> Result<Option<R>, LoadError> {
        let rows = self.chosen.rows(raw.first, raw.n_rows);
        let n_rows = rows.as_ref().map_or(raw.n_rows, Vec::len);
        let mut piece = Piece { raw, rows, n_rows, bad: Vec::new() };
        if n_rows == 0 {
            return Ok(None);
        }
        let (arrays, _) = self.arrays(&mut piece)?;
        let keys = self.key_columns(&piece, &arrays);
        let rows: Vec<(usize, usize)> = keys
            .known_rows(n_rows)
            .into_iter()
            .map(|row| (row, piece.source_row(row)))
            .collect();
        Ok(Some(each(&keys, &rows)))
    }

    /// The one text that is the key, if it is read where it stands and not converted.
    fn key_in_place(&self) -> Option<usize> {
        let [at] = &*self.recipe.key else { return None };
        let only_key = self.recipe.columns.get(*at).is_some_and(|column| !column.wanted);
        let as_it_is = self.converters.get(*at).is_some_and(Converter::keeps_text);
        (only_key && as_it_is).then_some(*at)
    }

    /// Every column of the recipe, converted, and how the key runs, if that was looked at;
    /// a key that is read in place has no values.
    fn arrays(
        &mut self,
        piece: &mut Piece<'_>,
    ) -> Result<(Vec<ArrayRef>, Option<Runs>), LoadError> {
        let mut arrays: Vec<ArrayRef> = Vec::with_capacity(self.recipe.columns.len());
        let in_place = self.key_in_place();
        let columns = self.recipe.columns.iter().zip(&mut self.converters);
        let mut filled = match piece.lines() {
            Some(lines) => lines.fill(columns, in_place),
            None => Filled::default(),
        };
        for (at, recipe) in self.recipe.columns.iter().enumerate() {
            let Some(converter) = self.converters.get_mut(at) else { continue };
            let after = recipe.after.and_then(|after| arrays.get(after));
            let after = after.and_then(|after| after.as_primitive_opt::<Int64Type>());
            let filled = filled.columns.get_mut(at).and_then(Option::take);
            let (array, mut bad) = if let Some(column) = filled {
                column
            } else {
                let mut bad = BadCells::new();
                let column = Column { piece, recipe, after };
                (column.convert(converter, &mut bad)?, bad)
            };
            if (recipe.required || recipe.is_key) && array.data_type() != &DataType::Null
            {
                note_missing(&array, recipe, &mut bad);
            }
            for (row, kind) in bad {
                let row = row as usize;
                piece.mark(row);
                let source = piece.source_row(row);
                let fault = CellFault { row: source, column: recipe.column, kind };
                self.tally.cell(piece.raw, fault, || {
                    let text = text_at(piece.raw, recipe, source);
                    let expected = match kind {
                        FaultKind::Missing | FaultKind::NoKey => "a value".to_owned(),
                        _ => recipe.expected(),
                    };
                    (recipe.name.clone(), cut(&text), expected)
                });
            }
            arrays.push(array);
        }
        Ok((arrays, filled.runs))
    }

    /// The columns of the key of a piece whose columns were converted.
    fn key_columns<'k>(
        &'k self,
        piece: &'k Piece<'_>,
        arrays: &'k [ArrayRef],
    ) -> Keys<'k> {
        if let (Some(at), Some(lines)) = (self.key_in_place(), piece.lines())
            && let Some(cells) = self.recipe.columns.get(at).and_then(|c| lines.cells(c))
            && let Some(converter) = self.converters.get(at)
        {
            return Keys::in_place(cells, &converter.missing);
        }
        Keys::new(self.recipe.key.iter().filter_map(|at| arrays.get(*at)))
    }

    fn watch_keys(&mut self, piece: &Piece<'_>, arrays: &[ArrayRef], runs: Option<Runs>) {
        let Some(watch) = self.watch else { return };
        let mut tally = std::mem::take(&mut self.keys);
        let keys = self.key_columns(piece, arrays);
        tally.note(&keys, (piece.n_rows, runs), watch);
        self.keys = tally;
    }

    fn batch(
        &self,
        piece: &Piece<'_>,
        arrays: Vec<ArrayRef>,
    ) -> Result<Batch, LoadError> {
        let mut columns = vec![None; self.recipe.n_columns];
        let filter = (!piece.bad.is_empty()).then(|| {
            let good: Vec<bool> = piece.bad.iter().map(|bad| !bad).collect();
            FilterBuilder::new(&BooleanArray::from(good)).optimize().build()
        });
        for (recipe, array) in self.recipe.columns.iter().zip(arrays) {
            if let Some(slot) = columns.get_mut(recipe.column).filter(|_| recipe.wanted) {
                *slot = Some(match &filter {
                    None => array,
                    Some(filter) => filter
                        .filter(&array)
                        .map_err(|error| broken(piece.raw, &error))?,
                });
            }
        }
        let first = piece.raw.first;
        if piece.rows.is_none() && filter.is_none() {
            let order = RowOrder::From(first);
            return Ok(Batch { n_rows: piece.n_rows, columns, order });
        }
        let good = |row: &usize| !piece.bad.get(*row).copied().unwrap_or_default();
        let rows = (0..piece.n_rows).filter(good);
        let order: Vec<u64> =
            rows.map(|row| first + piece.source_row(row) as u64).collect();
        Ok(Batch { n_rows: order.len(), columns, order: RowOrder::Listed(order) })
    }
}

/// One column of a piece, to be converted.
struct Column<'a, 'b> {
    piece: &'a Piece<'b>,
    recipe: &'a ColumnRecipe,
    after: Option<&'a Int64Array>,
}

impl Column<'_, '_> {
    fn convert(
        &self,
        converter: &mut Converter,
        bad: &mut BadCells,
    ) -> Result<ArrayRef, LoadError> {
        if let Some(constant) = converter.constant(self.piece.n_rows) {
            return Ok(constant);
        }
        if let (Body::Arrow(columns), [part]) =
            (&self.piece.raw.body, &*self.recipe.parts)
            && let Some(array) = columns.get(*part)
        {
            return self.convert_arrow(array, converter, bad);
        }
        let parts = self.recipe.parts.iter().map(|part| self.piece.raw.texts(*part));
        let parts: Vec<Texts<'_>> = parts.collect::<Result<_, _>>()?;
        if let [texts] = &*parts {
            let cells: Vec<Option<&str>> = match &self.piece.rows {
                None => {
                    (0..self.piece.n_rows).map(|row| self.known(texts.get(row))).collect()
                }
                Some(rows) => {
                    rows.iter().map(|row| self.known(texts.get(*row))).collect()
                }
            };
            return Ok(self.convert_cells(&cells, converter, bad));
        }
        let (joined, ends) = self.join(&parts);
        let mut start = 0;
        let cells = ends.into_iter().map(|end| {
            let text = end.and_then(|end| joined.get(start..end));
            start = end.unwrap_or(start);
            text
        });
        Ok(self.convert_cells(&cells.collect::<Vec<_>>(), converter, bad))
    }

    fn known<'t>(&self, text: Option<&'t str>) -> Option<&'t str> {
        text.filter(|text| !self.recipe.is_missing(text))
    }

    /// The texts of several columns, joined by a space, one behind the other, and where
    /// each ends; if one part has no value there is none.
    fn join(&self, parts: &[Texts<'_>]) -> (String, Vec<Option<usize>>) {
        let mut joined = String::new();
        let mut ends = Vec::with_capacity(self.piece.n_rows);
        for row in 0..self.piece.n_rows {
            let source = self.piece.source_row(row);
            let start = joined.len();
            let whole = parts.iter().enumerate().all(|(at, part)| {
                let text = self.known(part.get(source));
                if at > 0 {
                    joined.push(' ');
                }
                joined.push_str(text.unwrap_or_default());
                text.is_some()
            });
            if !whole {
                joined.truncate(start);
            }
            ends.push(whole.then_some(joined.len()));
        }
        (joined, ends)
    }

    fn convert_cells(
        &self,
        cells: &[Option<&str>],
        converter: &mut Converter,
        bad: &mut BadCells,
    ) -> ArrayRef {
        // A text that only tells rows apart needs no codes.
        if !self.recipe.wanted && self.recipe.kind == Kind::Text && converter.keeps_text()
        {
            return Arc::new(cells.iter().copied().collect::<StringArray>());
        }
        converter.convert(cells, self.after, bad)
    }

    fn convert_arrow(
        &self,
        array: &ArrayRef,
        converter: &mut Converter,
        bad: &mut BadCells,
    ) -> Result<ArrayRef, LoadError> {
        let raw = self.piece.raw;
        let taken;
        let array = match &self.piece.rows {
            None => array,
            Some(rows) => {
                let rows = rows.iter().filter_map(|row| u32::try_from(*row).ok());
                let rows = UInt32Array::from_iter_values(rows);
                taken = take(array, &rows, None).map_err(|error| broken(raw, &error))?;
                &taken
            }
        };
        if let Some(views) = array.as_string_view_opt()
            && !self.recipe.wanted
            && converter.keeps_text()
            && !views
                .lengths()
                .any(|length| converter.missing.has_length(length as usize))
        {
            return Ok(Arc::clone(array));
        }
        if let Some(array) = typed(raw.file, array, (self.recipe, converter), bad)? {
            return Ok(array);
        }
        if let (DataType::Dictionary(_, _), None) = (array.data_type(), self.after) {
            return self.convert_codes(array, converter, bad);
        }
        let texts = crate::load::raw::as_texts(raw.file, array)?;
        let cells: Vec<Option<&str>> =
            texts.iter().map(|text| self.known(text)).collect();
        Ok(self.convert_cells(&cells, converter, bad))
    }

    /// Converts each different text once and hands the values out by code.
    fn convert_codes(
        &self,
        array: &ArrayRef,
        converter: &mut Converter,
        bad: &mut BadCells,
    ) -> Result<ArrayRef, LoadError> {
        let raw = self.piece.raw;
        let coded = array.as_any_dictionary();
        let (values, bad_values) =
            converter.of_dictionary(coded.values(), |converter| {
                let texts = crate::load::raw::as_texts(raw.file, coded.values())?;
                let cells: Vec<Option<&str>> =
                    texts.iter().map(|text| self.known(text)).collect();
                let mut bad_values = BadCells::new();
                let values = converter.convert(&cells, None, &mut bad_values);
                Ok((values, bad_values))
            })?;
        if !bad_values.is_empty() {
            let keys = coded.normalized_keys();
            for (row, key) in
                keys.iter().enumerate().filter(|(row, _)| array.is_valid(*row))
            {
                let key = u32::try_from(*key).unwrap_or(u32::MAX);
                if let Ok(at) = bad_values.binary_search_by_key(&key, |(value, _)| *value)
                    && let (Ok(row), Some((_, kind))) =
                        (u32::try_from(row), bad_values.get(at))
                {
                    bad.push((row, *kind));
                }
            }
        }
        take(&values, coded.keys(), None).map_err(|error| broken(raw, &error))
    }
}

/// Rows without a value where every row has one.
fn note_missing(array: &ArrayRef, recipe: &ColumnRecipe, bad: &mut BadCells) {
    if array.null_count() == 0 {
        return;
    }
    let kind = if recipe.is_key { FaultKind::NoKey } else { FaultKind::Missing };
    let told: Vec<u32> = bad.iter().map(|(row, _)| *row).collect();
    for row in (0..array.len()).filter(|row| array.is_null(*row)) {
        let row = u32::try_from(row).unwrap_or(u32::MAX);
        // What is no value was told already.
        if told.binary_search(&row).is_err() {
            bad.push((row, kind));
        }
    }
}

/// The text of a value as it stands in the file.
pub(crate) fn text_at(raw: &Raw<'_>, recipe: &ColumnRecipe, row: usize) -> String {
    let parts = recipe.parts.iter().map(|part| {
        let texts = raw.texts(*part).ok();
        texts.and_then(|texts| texts.get(row).map(str::to_owned)).unwrap_or_default()
    });
    parts.collect::<Vec<_>>().join(" ")
}

fn broken(raw: &Raw<'_>, error: &ArrowError) -> LoadError {
    LoadError::Damaged { file: raw.file.to_path_buf(), reason: error.to_string() }
}
