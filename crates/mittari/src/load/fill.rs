//! The values of columns straight from the fields of lines, sixty-four rows at a time, so
//! that what was divided is still at hand when the next column is read.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int32Type, Int64Type};
use arrow_array::{ArrayRef, BooleanArray, Int32Array, NullArray, PrimitiveArray};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};

use crate::fault::FaultKind;
use crate::load::category::{Category, Code};
use crate::load::cells::{BadCells, Cells};
use crate::load::convert::{Clock, Converter, Form, day, duration, money, real};
use crate::load::instant::days_of;
use crate::load::memo::Slice;
use crate::load::number::{short_real, short_whole};
use crate::load::planes::{Bounds, Planes, TILE};
use crate::load::recipe::ColumnRecipe;
use crate::load::rows::Rows;
use crate::load::runs::Runs;
use crate::load::stamp::StampList;
use crate::load::texts::TextList;
use crate::load::tile::{Cell, Tile, Told};

/// The lines some columns are filled from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lines<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) divided: &'a Rows,
    /// The field of each used column of the export.
    pub(crate) fields: &'a [usize],
    /// Which rows are read; none: all.
    pub(crate) rows: Option<&'a [usize]>,
    pub(crate) n_rows: usize,
}

impl<'a> Lines<'a> {
    /// The field that fills a column, if one does.
    pub(crate) fn cells(&self, recipe: &ColumnRecipe) -> Option<Cells<'a>> {
        let bounds = self.divided.column(self.field(recipe)?);
        Some(Cells { bytes: self.text, bounds, rows: self.rows })
    }

    /// The number of the field that fills a column, if one does.
    fn field(&self, recipe: &ColumnRecipe) -> Option<usize> {
        let [part] = &*recipe.parts else { return None };
        self.fields.get(*part).filter(|_| !self.divided.has_nulls()).copied()
    }

    /// The same of a column whose converter can fill it from lines.
    fn field_filling(&self, column: &(&ColumnRecipe, &mut Converter)) -> Option<usize> {
        let (recipe, converter) = column;
        let fills = recipe.after.is_none() && converter.fills();
        self.field(recipe).filter(|_| fills)
    }

    /// The columns for which the converters can do it; the one that is the key, if there
    /// is one, gets no values, since it is looked at in place.
    pub(crate) fn fill<'b>(
        &self,
        columns: impl Iterator<Item = (&'b ColumnRecipe, &'b mut Converter)>,
        key: Option<usize>,
    ) -> Filled {
        let columns: Vec<_> =
            columns.map(|column| (self.field_filling(&column), column)).collect();
        let fields: Vec<usize> = columns.iter().filter_map(|(field, _)| *field).collect();
        let mut planes = Planes::of(&fields);
        let begun =
            columns.into_iter().enumerate().map(|(at, (field, (_, converter)))| {
                let pair = planes.pair(field?)?;
                let edges = self.divided.column(field?).edges();
                let filling = if key == Some(at) {
                    Filling::of_key()
                } else {
                    Filling::new(converter, self.n_rows)
                };
                Some((converter, (pair, edges), filling))
            });
        let mut all: Vec<_> = begun.collect();
        for from in (0..self.n_rows).step_by(TILE) {
            let rows = from..self.n_rows.min(from + TILE);
            planes.lay_out(self.divided, self.rows, rows.clone());
            for (converter, (pair, edges), filling) in all.iter_mut().flatten() {
                let bounds = planes.bounds(*pair, *edges);
                filling.tile(converter, (self.text, bounds), rows.clone());
            }
        }
        let mut runs = None;
        let finished = all.into_iter().map(|column| {
            let (converter, _, mut filling) = column?;
            if let Values::Key(key) = &mut filling.values {
                runs = key.take();
            }
            Some(filling.finish(converter, self.n_rows))
        });
        Filled { columns: finished.collect(), runs }
    }
}

/// Columns filled from lines.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    /// The values of each column that could be filled, and which of them are bad.
    pub(crate) columns: Vec<Option<(ArrayRef, BadCells)>>,
    /// The keys, if they run.
    pub(crate) runs: Option<Runs>,
}

/// A column that grows by tiles.
#[derive(Debug)]
struct Filling {
    values: Values,
    /// One bit for each row that has a value; each tile begins a new number.
    known: Vec<u64>,
    bad: BadCells,
}

#[derive(Debug)]
enum Values {
    Real(Vec<f64>),
    Whole(Vec<i64>),
    Small(Vec<i32>),
    Truth(Vec<u64>),
    /// Of a key nothing is kept but how it runs, as long as it does.
    Key(Option<Runs>),
}

impl Filling {
    fn of_key() -> Self {
        let values = Values::Key(Some(Runs::default()));
        Self { values, known: Vec::new(), bad: BadCells::new() }
    }

    /// A column of a converter's form for some rows.
    fn new(converter: &mut Converter, n_rows: usize) -> Self {
        let values = match &mut converter.form {
            Form::Truth => Values::Truth(Vec::with_capacity(n_rows.div_ceil(TILE))),
            Form::Text(list) => {
                list.renew();
                Values::Small(Vec::with_capacity(n_rows))
            }
            Form::Category(_) | Form::Day { .. } => {
                Values::Small(Vec::with_capacity(n_rows))
            }
            Form::Number { .. } => Values::Real(Vec::with_capacity(n_rows)),
            Form::Duration(_) | Form::Money | Form::Instant { .. } | Form::Later(_) => {
                Values::Whole(Vec::with_capacity(n_rows))
            }
        };
        let known = Vec::with_capacity(n_rows.div_ceil(TILE));
        Self { values, known, bad: BadCells::new() }
    }

    /// Adds the values of a tile's rows.
    fn tile(
        &mut self,
        converter: &mut Converter,
        fields: (&[u8], Bounds<'_>),
        rows: Range<usize>,
    ) {
        let Converter { form, missing, decimal_comma, allowed, .. } = converter;
        let comma = *decimal_comma;
        let tile = Tile::new(fields, rows, missing);
        let mut told = Told { known: 0, bad: &mut self.bad };
        match (form, &mut self.values) {
            (_, Values::Key(runs)) => keys(&tile, runs, &mut told),
            (Form::Truth, Values::Truth(bits)) => {
                bits.push(tile.truths(&mut told, truth));
            }
            (Form::Text(list), Values::Small(codes)) => {
                texts(&tile, list, codes, &mut told);
            }
            (Form::Category(category), Values::Small(codes)) => {
                categories(&tile, category, codes, &mut told);
            }
            (Form::Number { percent }, Values::Real(reals)) => {
                let fits = |value: &f64| allowed.is_empty() || allowed.contains(value);
                let usual = |(): &(), slice| short_real(slice).filter(fits);
                let all = |slice| real(text(slice), comma, *percent, allowed);
                let all = |(): &mut (), slice| Cell::of(all(slice));
                tile.each(reals, (&mut told, &mut ()), usual, all);
            }
            (Form::Duration(unit), Values::Whole(micros)) => {
                let usual = |(): &(), slice| short_whole(slice)?.checked_mul((*unit)?);
                let all = |slice| duration(text(slice), comma, *unit);
                let all = |(): &mut (), slice| Cell::of(all(slice));
                tile.each(micros, (&mut told, &mut ()), usual, all);
            }
            (Form::Money, Values::Whole(amounts)) => {
                let all = |(): &mut (), slice| Cell::of(money(text(slice), comma));
                tile.each(amounts, (&mut told, &mut ()), |(), _| None, all);
            }
            (Form::Instant { patterns, zone, stamps }, Values::Whole(instants)) => {
                let clock = Clock { patterns, zone: zone.as_deref(), after: None };
                stamped(&tile, (stamps, &clock), instants, &mut told);
            }
            (Form::Day { patterns, stamps }, Values::Small(days)) => {
                let usual = |(): &(), slice| stamps.day(slice, days_of);
                let all = |(): &mut (), slice| Cell::of(day(text(slice), patterns));
                tile.each(days, (&mut told, &mut ()), usual, all);
            }
            // A column is begun in the form of its converter.
            _ => {}
        }
        self.known.push(told.known);
    }

    /// The column, and which of its rows are bad.
    fn finish(self, converter: &mut Converter, n_rows: usize) -> (ArrayRef, BadCells) {
        let known = Buffer::from_vec(self.known);
        let nulls = (known.len() * 8 >= n_rows)
            .then(|| NullBuffer::new(BooleanBuffer::new(known, 0, n_rows)))
            .filter(|nulls| nulls.null_count() > 0);
        let array: ArrayRef = match self.values {
            Values::Real(values) => primitive::<Float64Type>(values, nulls),
            Values::Whole(values) => primitive::<Int64Type>(values, nulls),
            Values::Truth(bits) => {
                let truths = BooleanBuffer::new(Buffer::from_vec(bits), 0, n_rows);
                Arc::new(BooleanArray::new(truths, nulls))
            }
            Values::Key(_) => Arc::new(NullArray::new(n_rows)),
            Values::Small(values) => match &mut converter.form {
                Form::Text(list) => list.array(Int32Array::new(values.into(), nulls)),
                _ => primitive::<Int32Type>(values, nulls),
            },
        };
        (array, self.bad)
    }
}

fn primitive<T: ArrowPrimitiveType>(
    values: Vec<T::Native>,
    nulls: Option<NullBuffer>,
) -> ArrayRef {
    Arc::new(PrimitiveArray::<T>::new(values.into(), nulls))
}

/// Looks at keys; `runs` becomes none when they do not run.
fn keys(tile: &Tile<'_>, runs: &mut Option<Runs>, told: &mut Told<'_>) {
    let Some(own) = runs else { return tile.keys(told, |_| ()) };
    if tile.views().is_some_and(|views| own.add_block(&views)) {
        return;
    }
    let mut fit = true;
    tile.keys(told, |slice| fit = fit && own.add(slice));
    if !fit {
        *runs = None;
    }
}

/// The codes of texts: of those that came before, which most did, and of new ones.
fn texts(
    tile: &Tile<'_>,
    list: &mut TextList,
    codes: &mut Vec<i32>,
    told: &mut Told<'_>,
) {
    let new = |list: &mut TextList, slice| Cell::Value(list.code(slice).cast_signed());
    tile.each(codes, (told, list), TextList::known, new);
}

/// The same of declared values.
fn categories(
    tile: &Tile<'_>,
    category: &mut Category,
    codes: &mut Vec<i32>,
    told: &mut Told<'_>,
) {
    let new = |category: &mut Category, slice| match category.code(slice) {
        Code::Value(code) => Cell::Value(code),
        Code::Missing => Cell::Missing,
        Code::Undeclared => Cell::Bad(FaultKind::Undeclared),
    };
    tile.each(codes, (told, category), Category::known, new);
}

/// Instants: on a day and in a form that came before, and others.
fn stamped(
    tile: &Tile<'_>,
    (stamps, clock): (&mut StampList, &Clock<'_>),
    instants: &mut Vec<i64>,
    told: &mut Told<'_>,
) {
    let other = |stamps: &mut StampList, slice| {
        let found = stamps.instant(slice, clock.zone, days_of);
        Cell::of(found.or_else(|| clock.instant(text(slice), None)))
    };
    tile.each(instants, (told, stamps), StampList::usual, other);
}

/// `true` or `false`, in letters of either case.
#[inline]
fn truth(slice: Slice<'_>) -> Option<bool> {
    // The bit that makes a capital letter small; of other signs it makes no such letter.
    const SMALL: u64 = 0x20_2020_2020;
    let word = u64::from_le_bytes(slice.head());
    match slice.len() {
        4 if (word | SMALL) & 0xffff_ffff == eight(*b"true\0\0\0\0") => Some(true),
        5 if (word | SMALL) & 0xff_ffff_ffff == eight(*b"false\0\0\0") => Some(false),
        _ => None,
    }
}

const fn eight(bytes: [u8; 8]) -> u64 {
    u64::from_le_bytes(bytes)
}

/// A field as text; blocks are UTF-8 and fields end where characters do.
fn text(slice: Slice<'_>) -> &str {
    std::str::from_utf8(slice.text()).unwrap_or_default()
}
