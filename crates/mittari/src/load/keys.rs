//! Whether the rows of a table are told apart by their key.
//!
//! Most tables come in the order of their key: then each piece ascends, no two pieces
//! overlap, and nothing needs to be remembered but where each begins and ends. Otherwise
//! a number of 64 bits is kept for each row, and rows whose numbers are equal are looked
//! at again.

use std::cmp::Ordering;
use std::sync::atomic::{AtomicBool, Ordering as Memory};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int32Type, Int64Type};
use arrow_array::{
    Array as _, ArrayRef, BooleanArray, Float64Array, Int32Array, Int64Array, StringArray,
};
use arrow_schema::DataType;

use crate::load::hash::{chain, hash};

/// One column of a key.
#[derive(Debug)]
enum KeyColumn<'a> {
    Text(&'a StringArray),
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

    fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Text(array) => Some(array.value(row)),
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
            Self::Text(_) | Self::Coded(..) => 0,
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
    /// The first and last key of every piece that ascends.
    spans: Vec<(Vec<KeyPart>, Vec<KeyPart>)>,
    /// The numbers of all rows of the other pieces.
    hashes: Vec<u64>,
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
    /// Notes the keys of a piece's rows. `unordered` is shared by all threads and set
    /// as soon as one piece does not ascend: then numbers are kept of all that follow.
    pub(crate) fn note(
        &mut self,
        keys: &Keys<'_>,
        rows: &[usize],
        unordered: &AtomicBool,
    ) {
        let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
        let ascends = !unordered.load(Memory::Relaxed)
            && rows.windows(2).all(|pair| match pair {
                [one, other] => keys.compare(*one, *other).is_lt(),
                _ => true,
            });
        if ascends {
            self.spans.push((keys.key(*first), keys.key(*last)));
        } else {
            unordered.store(true, Memory::Relaxed);
            self.hashes.extend(rows.iter().map(|row| keys.hash(*row)));
        }
    }
}

/// Whether the keys that all threads have seen tell rows apart.
pub(crate) fn judge(tallies: Vec<KeyTally>) -> Verdict {
    let (mut spans, mut hashes) = (Vec::new(), Vec::new());
    for tally in tallies {
        spans.extend(tally.spans);
        if hashes.is_empty() {
            hashes = tally.hashes;
        } else {
            hashes.extend(tally.hashes);
        }
    }
    spans.sort();
    let apart = spans.windows(2).all(|pair| match pair {
        [(_, last), (first, _)] => last < first,
        _ => true,
    });
    match (spans.is_empty(), hashes.is_empty()) {
        (_, true) if apart => Verdict::Unique,
        (true, _) => match doubles(hashes) {
            doubles if doubles.is_empty() => Verdict::Unique,
            doubles => Verdict::Suspect(Some(doubles)),
        },
        _ => Verdict::Suspect(None),
    }
}

/// The numbers that occur more than once, sorted.
pub(crate) fn doubles(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    let mut doubles: Vec<u64> = hashes
        .windows(2)
        .filter_map(|pair| match pair {
            [one, other] if one == other => Some(*one),
            _ => None,
        })
        .collect();
    doubles.dedup();
    doubles
}
