//! Texts of a column as values in the physical form of a batch.

use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Int32Array, Int64Array, PrimitiveArray,
};
use arrow_buffer::{BooleanBufferBuilder, NullBufferBuilder};
use indexmap::IndexMap;
use mittari_lang::types::Kind;
use mittari_lang::value::{Decimal, Value};

use crate::fault::{FaultKind, LoadError};
use crate::load::category::Category;
use crate::load::cells::{BadCells, Missing};
use crate::load::instant::{Moment, Pattern, iso, iso_day, iso_forms};
use crate::load::memo::Slice;
use crate::load::number::{Digits, clock, digits, exact, number, rounded};
use crate::load::recipe::ColumnRecipe;
use crate::load::stamp::StampList;
use crate::load::texts::TextList;
use crate::zone::{DAY, ZoneTable};

/// Millionths of one unit of a currency.
pub(crate) const MILLIONTHS: i64 = 1_000_000;

/// Turns the texts of one column into values; one for each thread, since it remembers.
#[derive(Debug, Clone)]
pub(crate) struct Converter {
    pub(crate) form: Form,
    /// The texts that stand for no value.
    pub(crate) missing: Missing,
    /// What certain texts stand for.
    values: IndexMap<String, Value>,
    always: Option<Value>,
    pub(crate) decimal_comma: bool,
    pub(crate) allowed: Vec<f64>,
    /// The last list of values that codes referred to, and what it was converted to.
    dictionary: Option<(ArrayRef, ArrayRef, BadCells)>,
}

/// What a column's values are, and what reading them takes.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Truth,
    Text(TextList),
    Category(Category),
    Number {
        percent: bool,
    },
    Duration(Option<i64>),
    Money,
    Instant {
        patterns: Vec<Pattern>,
        zone: Option<Arc<ZoneTable>>,
        stamps: StampList,
    },
    /// So many of a unit, in microseconds, after another instant.
    Later(i64),
    Day {
        patterns: Vec<Pattern>,
        stamps: StampList,
    },
}

impl Converter {
    /// The converter of a column.
    pub(crate) fn new(recipe: &ColumnRecipe) -> Result<Self, LoadError> {
        let patterns = || -> Result<Vec<Pattern>, LoadError> {
            recipe.formats.iter().map(|text| pattern(recipe, text)).collect()
        };
        let form = match recipe.kind {
            Kind::Truth => Form::Truth,
            Kind::Category(_) => Form::Category(Category::new(recipe)),
            Kind::Number | Kind::Quotient | Kind::Bare => Form::Number { percent: false },
            Kind::Ratio => Form::Number { percent: true },
            Kind::Duration => {
                Form::Duration(recipe.unit.and_then(mittari_lang::types::Unit::micros))
            }
            Kind::Money(_) => Form::Money,
            Kind::Instant if recipe.unit.is_some() => Form::Later(
                recipe.unit.and_then(mittari_lang::types::Unit::micros).unwrap_or(0),
            ),
            Kind::Instant => {
                let patterns = patterns()?;
                let stamps = stamps(&patterns);
                let zone = recipe.zone.map(ZoneTable::shared);
                Form::Instant { patterns, zone, stamps }
            }
            Kind::Day => {
                let patterns = patterns()?;
                // By ISO 8601 a day is a date and nothing else.
                let stamps = if patterns.is_empty() {
                    StampList::new(Vec::new())
                } else {
                    stamps(&patterns)
                };
                Form::Day { patterns, stamps }
            }
            _ => Form::Text(TextList::new()),
        };
        Ok(Self {
            form,
            missing: Missing::new(&recipe.missing),
            values: recipe.values.iter().cloned().collect(),
            always: recipe.always.clone(),
            decimal_comma: recipe.decimal_comma,
            allowed: recipe.allowed.clone(),
            dictionary: None,
        })
    }

    /// The values of some texts; `after` are the instants they never lie before. A text
    /// that is no value is null, and told.
    pub(crate) fn convert(
        &mut self,
        cells: &[Option<&str>],
        after: Option<&Int64Array>,
        bad: &mut BadCells,
    ) -> ArrayRef {
        let Self { form, values, decimal_comma, allowed, .. } = self;
        let (values, comma) = (&*values, *decimal_comma);
        match form {
            Form::Truth => truths(cells, values, bad),
            Form::Text(list) => texts(cells, list, values),
            Form::Category(category) => Arc::new(category.of_cells(cells, bad)),
            Form::Number { percent } => {
                let parse = |text: &str| real(text, comma, *percent, allowed);
                Arc::new(each::<Float64Type>(cells, (values, to_real), bad, parse))
            }
            Form::Duration(unit) => {
                let parse = |text: &str| duration(text, comma, *unit);
                Arc::new(each::<Int64Type>(cells, (values, to_whole), bad, parse))
            }
            Form::Money => {
                let parse = |text: &str| money(text, comma);
                Arc::new(each::<Int64Type>(cells, (values, to_whole), bad, parse))
            }
            Form::Instant { patterns, zone, .. } => {
                let clock = Clock { patterns, zone: zone.as_deref(), after };
                Arc::new(clock.instants(cells, values, bad))
            }
            Form::Later(unit) => Arc::new(later(cells, after, (*unit, comma), bad)),
            Form::Day { patterns, .. } => {
                let parse = |text: &str| day(text, patterns);
                Arc::new(each::<Int32Type>(cells, (values, to_day), bad, parse))
            }
        }
    }

    /// What a list of values that codes refer to is converted to: by `convert`, or if it
    /// is the list of the call before, to the same.
    pub(crate) fn of_dictionary(
        &mut self,
        values: &ArrayRef,
        convert: impl FnOnce(&mut Self) -> Result<(ArrayRef, BadCells), LoadError>,
    ) -> Result<(ArrayRef, BadCells), LoadError> {
        if let Some((known, converted, bad)) = &self.dictionary
            && is_same(known, values)
        {
            return Ok((Arc::clone(converted), bad.clone()));
        }
        let (converted, bad) = convert(self)?;
        self.dictionary = Some((Arc::clone(values), Arc::clone(&converted), bad.clone()));
        Ok((converted, bad))
    }

    /// The value that every row has.
    pub(crate) fn constant(&mut self, n_rows: usize) -> Option<ArrayRef> {
        let value = self.always.clone()?;
        Some(match &mut self.form {
            Form::Truth => {
                let truth =
                    if let Value::Truth(truth) = value { Some(truth) } else { None };
                Arc::new(BooleanArray::from(vec![truth; n_rows]))
            }
            Form::Text(list) => {
                let text =
                    if let Value::Text(text) = &value { Some(&**text) } else { None };
                texts(&vec![text; n_rows], list, &IndexMap::new())
            }
            Form::Category(_) => {
                let code = if let Value::Category(code) = value {
                    i32::try_from(code).ok()
                } else {
                    None
                };
                Arc::new(Int32Array::from(vec![code; n_rows]))
            }
            Form::Number { .. } => repeat::<Float64Type>(to_real(&value), n_rows),
            Form::Duration(_) | Form::Money | Form::Instant { .. } | Form::Later(_) => {
                repeat::<Int64Type>(to_whole(&value), n_rows)
            }
            Form::Day { .. } => repeat::<Int32Type>(to_day(&value), n_rows),
        })
    }

    /// Whether texts of this column are taken as they are.
    pub(crate) fn keeps_text(&self) -> bool {
        matches!(self.form, Form::Text(_)) && self.values.is_empty()
    }

    /// Whether the column can be filled from fields of lines.
    pub(crate) fn fills(&self) -> bool {
        let maps = matches!(self.form, Form::Category(_)) || self.values.is_empty();
        maps && self.always.is_none() && !matches!(self.form, Form::Later(_))
    }

    /// The zone of an instant's column.
    pub(crate) fn zone(&self) -> Option<&ZoneTable> {
        match &self.form {
            Form::Instant { zone, .. } => zone.as_deref(),
            _ => None,
        }
    }
}

/// Whether two lists of texts are one in memory.
fn is_same(one: &ArrayRef, other: &ArrayRef) -> bool {
    let texts = |array: &ArrayRef| {
        let array = array.as_string_opt::<i32>()?;
        let (bytes, ends) = (array.value_data(), array.value_offsets());
        let nulls =
            array.nulls().map(|nulls| (nulls.validity().as_ptr(), nulls.offset()));
        Some((bytes.as_ptr(), ends.as_ptr(), ends.len(), nulls))
    };
    let (one, other) = (texts(one), texts(other));
    one.is_some() && one == other
}

/// Readers of the forms of fixed width that some patterns, or ISO 8601, have.
fn stamps(patterns: &[Pattern]) -> StampList {
    if patterns.is_empty() {
        return StampList::new(iso_forms());
    }
    // An earlier pattern without a form could read a text otherwise.
    let forms = patterns.iter().map_while(Pattern::form);
    StampList::new(forms.map(|form| (form, false)).collect())
}

fn pattern(recipe: &ColumnRecipe, text: &str) -> Result<Pattern, LoadError> {
    Pattern::new(text).ok_or_else(|| LoadError::TimePattern {
        column: recipe.name.clone(),
        pattern: text.to_owned(),
    })
}

fn repeat<T: ArrowPrimitiveType>(value: Option<T::Native>, n_rows: usize) -> ArrayRef {
    let values: PrimitiveArray<T> = std::iter::repeat_n(value, n_rows).collect();
    Arc::new(values)
}

/// What a mapped value is in an array.
type Native<T> = fn(&Value) -> Option<<T as ArrowPrimitiveType>::Native>;

/// The values of texts of which each stands for itself.
fn each<T: ArrowPrimitiveType>(
    cells: &[Option<&str>],
    (values, of): (&IndexMap<String, Value>, Native<T>),
    bad: &mut BadCells,
    mut parse: impl FnMut(&str) -> Option<T::Native>,
) -> PrimitiveArray<T> {
    let mut found = Vec::with_capacity(cells.len());
    let mut known = NullBufferBuilder::new(cells.len());
    for (row, cell) in (0_u32..).zip(cells) {
        let value = cell.and_then(|text| {
            if let Some(value) = mapped(values, text) {
                return of(value);
            }
            let value = parse(text);
            if value.is_none() {
                bad.push((row, FaultKind::Value));
            }
            value
        });
        known.append(value.is_some());
        found.push(value.unwrap_or_default());
    }
    PrimitiveArray::new(found.into(), known.finish())
}

/// The value a mapping names for a text.
fn mapped<'a>(values: &'a IndexMap<String, Value>, text: &str) -> Option<&'a Value> {
    if values.is_empty() { None } else { values.get(text) }
}

fn truths(
    cells: &[Option<&str>],
    values: &IndexMap<String, Value>,
    bad: &mut BadCells,
) -> ArrayRef {
    let mut found = BooleanBufferBuilder::new(cells.len());
    let mut known = NullBufferBuilder::new(cells.len());
    for (row, cell) in (0_u32..).zip(cells) {
        let value = match *cell {
            None => None,
            Some(text) => match mapped(values, text) {
                Some(Value::Truth(truth)) => Some(*truth),
                Some(_) => None,
                None if text.eq_ignore_ascii_case("true") => Some(true),
                None if text.eq_ignore_ascii_case("false") => Some(false),
                None => {
                    bad.push((row, FaultKind::Value));
                    None
                }
            },
        };
        known.append(value.is_some());
        found.append(value.unwrap_or_default());
    }
    Arc::new(BooleanArray::new(found.finish(), known.finish()))
}

/// Texts with each different one kept once.
fn texts(
    cells: &[Option<&str>],
    list: &mut TextList,
    values: &IndexMap<String, Value>,
) -> ArrayRef {
    list.renew();
    let mut codes = Vec::with_capacity(cells.len());
    let mut known = NullBufferBuilder::new(cells.len());
    for cell in cells {
        let text = cell.and_then(|text| match mapped(values, text) {
            Some(Value::Text(other)) => Some(other.as_str()),
            Some(_) => None,
            None => Some(text),
        });
        let code = text.map(|text| list.code(Slice::of(text)).cast_signed());
        known.append(code.is_some());
        codes.push(code.unwrap_or_default());
    }
    list.array(Int32Array::new(codes.into(), known.finish()))
}

/// How the texts of an instant are read.
pub(crate) struct Clock<'a> {
    pub(crate) patterns: &'a [Pattern],
    pub(crate) zone: Option<&'a ZoneTable>,
    pub(crate) after: Option<&'a Int64Array>,
}

impl Clock<'_> {
    fn instants(
        &self,
        cells: &[Option<&str>],
        values: &IndexMap<String, Value>,
        bad: &mut BadCells,
    ) -> Int64Array {
        let after = |row: usize| {
            self.after.filter(|after| after.is_valid(row)).map(|after| after.value(row))
        };
        let mut found = Vec::with_capacity(cells.len());
        let mut known = NullBufferBuilder::new(cells.len());
        for (row, cell) in cells.iter().enumerate() {
            let value = cell.and_then(|text| {
                if let Some(value) = mapped(values, text) {
                    return to_whole(value);
                }
                let instant = self.instant(text, after(row));
                if instant.is_none() {
                    bad.push((u32::try_from(row).unwrap_or(u32::MAX), FaultKind::Value));
                }
                instant
            });
            known.append(value.is_some());
            found.push(value.unwrap_or_default());
        }
        Int64Array::new(found.into(), known.finish())
    }

    pub(crate) fn instant(&self, text: &str, after: Option<i64>) -> Option<i64> {
        let moment = match self.patterns {
            [] => iso(text),
            patterns => patterns.iter().find_map(|pattern| pattern.moment(text)),
        }?;
        let instant = self.of(moment, 0)?;
        match after {
            Some(after) if instant < after => self.of(moment, DAY),
            _ => Some(instant),
        }
    }

    /// The instant of a moment, some time later by its own clocks.
    fn of(&self, moment: Moment, later: i64) -> Option<i64> {
        match moment {
            Moment::Exact(instant) => Some(instant + later),
            Moment::Local(local) => Some(self.zone?.instant_of_local(local + later)),
        }
    }
}

/// Instants written as so much time after others; where there is no other there is none.
fn later(
    cells: &[Option<&str>],
    after: Option<&Int64Array>,
    (unit, comma): (i64, bool),
    bad: &mut BadCells,
) -> Int64Array {
    let from = |row: usize| {
        after.filter(|after| after.is_valid(row)).map(|after| after.value(row))
    };
    let each = cells.iter().enumerate().map(|(row, cell)| {
        let text = (*cell)?;
        let length = digits(text, comma).and_then(|length| rounded(length, unit));
        let Some(length) = length else {
            bad.push((u32::try_from(row).unwrap_or(u32::MAX), FaultKind::Value));
            return None;
        };
        from(row)?.checked_add(length)
    });
    each.collect()
}

pub(crate) fn day(text: &str, patterns: &[Pattern]) -> Option<i32> {
    match patterns {
        [] => i32::try_from(iso_day(text)?).ok(),
        patterns => patterns.iter().find_map(|pattern| pattern.day(text)),
    }
}

pub(crate) fn real(
    text: &str,
    comma: bool,
    percent: bool,
    allowed: &[f64],
) -> Option<f64> {
    let value = match text.strip_suffix('%').filter(|_| percent) {
        Some(rest) => number(rest.trim_end(), comma)? / 100.0,
        None => number(text, comma)?,
    };
    let fits = allowed.is_empty() || allowed.contains(&value);
    fits.then_some(value)
}

pub(crate) fn duration(text: &str, comma: bool, unit: Option<i64>) -> Option<i64> {
    match unit {
        Some(unit) if !text.contains(':') => rounded(digits(text, comma)?, unit),
        _ => clock(text),
    }
}

pub(crate) fn money(text: &str, comma: bool) -> Option<i64> {
    exact(digits(text, comma)?, MILLIONTHS)
}

fn to_real(value: &Value) -> Option<f64> {
    if let Value::Number(number) = value { Some(number.to_f64()) } else { None }
}

fn to_day(value: &Value) -> Option<i32> {
    if let Value::Day(day) = value { Some(*day) } else { None }
}

/// Microseconds or millionths, by what the value is.
fn to_whole(value: &Value) -> Option<i64> {
    match value {
        Value::Duration(micros) | Value::Instant(micros) => Some(*micros),
        Value::Money(amount) => exact(digits_of(*amount), MILLIONTHS),
        _ => None,
    }
}

fn digits_of(decimal: Decimal) -> Digits {
    Digits { mantissa: i128::from(decimal.mantissa), scale: u32::from(decimal.scale) }
}
