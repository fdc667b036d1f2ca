//! Whether the rows of a table are told apart by their key.
//!
//! Most tables come in the order of their key: then each piece ascends, no two pieces
//! overlap, and nothing needs to be remembered but where each begins and ends. Keys that
//! end in a number may also descend, and do so for each of a few beginnings by itself.
//! Otherwise a number of 64 bits is kept for each row, and rows whose numbers are equal
//! are looked at again; of a very long table only a part of the numbers is kept at a time.

use std::cmp::Ordering;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array,
    StringArray, StringViewArray,
};
use arrow_schema::DataType;

use crate::load::cells::{Cells, Missing};
use crate::load::hash::{chain, hash};
use crate::load::memo::Slice;
use crate::load::numbers::{Numbers, Watch, doubles};
use crate::load::runs::{Run, Runs, are_apart};

/// One column of a key.
#[derive(Debug)]
enum KeyColumn<'a> {
    /// Fields of lines, and the texts that stand for no value.
    Fields(Cells<'a>, &'a Missing),
    Text(&'a StringArray),
    View(&'a StringViewArray),
    Coded(&'a Int32Array, &'a StringArray),
    Whole(&'a Int64Array),
    Small(&'a Int32Array),
    Real(&'a Float64Array),
    Truth(&'a BooleanArray),
}

/// One value of a key; texts are ordered by length first, so that `9` stands before
/// `10`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeyPart {
    Whole(i64),
    Text(usize, Box<str>),
}

/// The keys of the rows of a piece.
#[derive(Debug)]
pub(crate) struct Keys<'a> {
    columns: Vec<KeyColumn<'a>>,
}

impl<'a> Keys<'a> {
    /// The keys made of some columns.
    pub(crate) fn new(columns: impl Iterator<Item = &'a ArrayRef>) -> Self {
        Self { columns: columns.filter_map(KeyColumn::new).collect() }
    }

    /// The keys that are fields of lines.
    pub(crate) fn in_place(cells: Cells<'a>, missing: &'a Missing) -> Self {
        Self { columns: vec![KeyColumn::Fields(cells, missing)] }
    }

    /// The rows whose whole key is known.
    pub(crate) fn known_rows(&self, n_rows: usize) -> Vec<usize> {
        let known = |row: &usize| self.columns.iter().all(|column| column.is_known(*row));
        (0..n_rows).filter(known).collect()
    }

    /// How the keys run, if they do.
    fn runs(&self, n_rows: usize) -> Option<Runs> {
        let [column] = &*self.columns else { return None };
        let mut runs = Runs::default();
        let mut rows = (0..n_rows).filter(|row| column.is_known(*row));
        let fit = match column {
            KeyColumn::View(array) if array.null_count() == 0 => {
                let views = array.views().get(..n_rows).unwrap_or_default();
                runs.add_views(views, |row| array.value(row))
            }
            KeyColumn::Fields(cells, _) => rows.all(|row| runs.add(cells.slice(row))),
            KeyColumn::Text(array) => {
                let (bytes, ends) = (array.value_data(), array.value_offsets());
                let end = |row: usize| {
                    ends.get(row).and_then(|end| usize::try_from(*end).ok()).unwrap_or(0)
                };
                rows.all(|row| {
                    runs.add(Slice { bytes, start: end(row), end: end(row + 1) })
                })
            }
            KeyColumn::View(array) => rows.all(|row| {
                let view = array.views().get(row).copied().unwrap_or_default();
                runs.add_view(view, || array.value(row))
            }),
            _ => return None,
        };
        fit.then_some(runs)
    }

    /// The number of a row's key.
    pub(crate) fn hash(&self, row: usize) -> u64 {
        self.columns.iter().fold(0, |state, column| chain(state, column.hash(row)))
    }

    /// The key of a row.
    pub(crate) fn key(&self, row: usize) -> Vec<KeyPart> {
        self.columns.iter().map(|column| column.part(row)).collect()
    }

    /// Which of two rows comes first.
    fn compare(&self, one: usize, other: usize) -> Ordering {
        let mut compared = self.columns.iter().map(|column| column.compare(one, other));
        compared.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl<'a> KeyColumn<'a> {
    fn new(array: &'a ArrayRef) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Text(array.as_string()),
            DataType::Utf8View => Self::View(array.as_string_view()),
            DataType::Dictionary(_, _) => {
                let coded = array.as_dictionary_opt::<Int32Type>()?;
                Self::Coded(coded.keys(), coded.values().as_string_opt()?)
            }
            DataType::Int64 => Self::Whole(array.as_primitive::<Int64Type>()),
            DataType::Int32 => Self::Small(array.as_primitive::<Int32Type>()),
            DataType::Float64 => Self::Real(array.as_primitive::<Float64Type>()),
            DataType::Boolean => Self::Truth(array.as_boolean()),
            _ => return None,
        })
    }

    fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Fields(cells, missing) => !missing.has(cells.slice(row)),
            Self::Text(array) => array.is_valid(row),
            Self::View(array) => array.is_valid(row),
            Self::Coded(array, _) | Self::Small(array) => array.is_valid(row),
            Self::Whole(array) => array.is_valid(row),
            Self::Real(array) => array.is_valid(row),
            Self::Truth(array) => array.is_valid(row),
        }
    }

    fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Fields(cells, _) => std::str::from_utf8(cells.slice(row).text()).ok(),
            Self::Text(array) => Some(array.value(row)),
            Self::View(array) => Some(array.value(row)),
            Self::Coded(codes, values) => {
                usize::try_from(codes.value(row)).ok().map(|code| values.value(code))
            }
            _ => None,
        }
    }

    /// A value that is not text, as a whole number with the same equality.
    fn whole(&self, row: usize) -> i64 {
        match self {
            Self::Whole(array) => array.value(row),
            Self::Small(array) => i64::from(array.value(row)),
            // Both zeros are one.
            Self::Real(array) => (array.value(row) + 0.0).to_bits().cast_signed(),
            Self::Truth(array) => i64::from(array.value(row)),
            Self::Fields(..) | Self::Text(_) | Self::View(_) | Self::Coded(..) => 0,
        }
    }

    fn hash(&self, row: usize) -> u64 {
        match self.text(row) {
            Some(text) => hash(text.as_bytes()),
            None => self.whole(row).cast_unsigned(),
        }
    }

    fn part(&self, row: usize) -> KeyPart {
        match self.text(row) {
            Some(text) => KeyPart::Text(text.len(), text.into()),
            None => KeyPart::Whole(self.whole(row)),
        }
    }

    fn compare(&self, one: usize, other: usize) -> Ordering {
        match (self.text(one), self.text(other)) {
            (Some(one), Some(other)) => {
                one.len().cmp(&other.len()).then_with(|| one.cmp(other))
            }
            _ => self.whole(one).cmp(&self.whole(other)),
        }
    }
}

/// What one thread has seen of a table's keys.
#[derive(Debug, Default)]
pub(crate) struct KeyTally {
    /// The runs of every piece whose keys run.
    runs: Vec<Run>,
    /// The first and last key of every other piece that ascends.
    spans: Vec<(Vec<KeyPart>, Vec<KeyPart>)>,
    /// The numbers of the rows of the other pieces.
    numbers: Numbers,
}

/// What is known of a table's keys after all pieces were seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// No key stands twice.
    Unique,
    /// Rows with these numbers may have one key; none: all rows may.
    Suspect(Option<Vec<u64>>),
}

impl KeyTally {
    /// Notes the keys of a piece's rows; how they run, if that is known. As soon as one
    /// piece does not ascend, numbers are kept of all that follow.
    pub(crate) fn note(
        &mut self,
        keys: &Keys<'_>,
        (n_rows, runs): (usize, Option<Runs>),
        watch: &Watch,
    ) {
        let ordered = watch.is_ordered();
        if ordered && let Some(runs) = runs.or_else(|| keys.runs(n_rows)) {
            self.runs.extend(runs.into_runs());
            return;
        }
        let rows = keys.known_rows(n_rows);
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let ascends = ordered
            && rows.windows(2).all(|pair| match pair {
                [one, other] => keys.compare(*one, *other).is_lt(),
                _ => true,
            });
        if ascends {
            self.spans.push((keys.key(*first), keys.key(*last)));
        } else {
            watch.found_unordered();
            self.numbers.add(rows.iter().map(|row| keys.hash(*row)), watch);
        }
    }
}

/// Whether the keys that all threads have seen tell rows apart.
pub(crate) fn judge(tallies: Vec<KeyTally>) -> Verdict {
    let (mut runs, mut spans, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for tally in tallies {
        runs.extend(tally.runs);
        spans.extend(tally.spans);
        numbers.push(tally.numbers);
    }
    let some = numbers.iter().any(|numbers| !numbers.is_empty());
    match (runs.is_empty(), spans.is_empty(), some) {
        (_, true, false) if are_apart(&mut runs) => Verdict::Unique,
        (true, _, false) if spans_apart(&mut spans) => Verdict::Unique,
        (true, true, true) if numbers.iter().all(Numbers::are_all) => {
            match doubles(&numbers) {
                doubles if doubles.is_empty() => Verdict::Unique,
                doubles => Verdict::Suspect(Some(doubles)),
            }
        }
        _ => Verdict::Suspect(None),
    }
}

/// Whether each piece ends before the next begins.
fn spans_apart(spans: &mut [(Vec<KeyPart>, Vec<KeyPart>)]) -> bool {
    spans.sort();
    spans.windows(2).all(|pair| match pair {
        [(_, last), (first, _)] => last < first,
        _ => true,
    })
}
