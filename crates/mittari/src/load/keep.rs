//! Of several rows of one key only the last or the first: which rows survive.

use std::cmp::Ordering;
use std::convert::Infallible;

use indexmap::IndexMap;
use indexmap::map::Entry;
use mittari_lang::metric::{TableMapping, Which};

use crate::fault::{LoadError, ScanError};
use crate::load::drive::{Job, drive};
use crate::load::number::{Digits, digits};
use crate::load::raw::{Raw, Texts};
use crate::load::recipe::keep_names;

/// The rows that survive.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Survivors {
    /// Their numbers in the order of the table.
    pub(crate) orders: Vec<u64>,
    /// How many rows others stand for.
    pub(crate) superseded: u64,
    /// How many keys were decided by line.
    pub(crate) ties: u64,
}

/// What one thread knows of the keys it has seen.
#[derive(Debug, Default)]
struct Seen {
    keys: IndexMap<String, Best>,
    /// Rows without a key: they all stay.
    loners: Vec<u64>,
    n_rows: u64,
    /// Whether some value is not a number.
    texts: bool,
}

/// The best row of one key, by number and by text: which of them counts is known only
/// when every value was seen.
#[derive(Debug, Clone)]
struct Best {
    number: Champion<Option<Number>>,
    text: Champion<Option<Box<str>>>,
}

/// A row and how many others have the same value.
#[derive(Debug, Clone)]
struct Champion<T> {
    value: T,
    order: u64,
    ties: u64,
}

/// A number that compares exactly: scaled to thirty digits behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number(Digits);

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let (one, other) = (self.0, other.0);
        if one.scale == other.scale {
            return one.mantissa.cmp(&other.mantissa);
        }
        // Whole parts first; then the fractions, brought to one scale.
        let split = |digits: Digits| {
            let unit = 10_i128.pow(digits.scale);
            let rest = digits.mantissa.rem_euclid(unit);
            (
                digits.mantissa.div_euclid(unit),
                rest * 10_i128.pow(30 - digits.scale.min(30)),
            )
        };
        split(one).cmp(&split(other))
    }
}

impl<T: Ord> Champion<T> {
    /// Lets another row compete: of equal values the one on the later line wins.
    fn meet(&mut self, other: Self, which: Which) {
        let order = match which {
            Which::Last => other.value.cmp(&self.value),
            Which::First => self.value.cmp(&other.value),
        };
        match order {
            Ordering::Less => {}
            Ordering::Greater => *self = other,
            Ordering::Equal => {
                self.ties += other.ties + 1;
                self.order = self.order.max(other.order);
            }
        }
    }
}

impl Best {
    fn meet(&mut self, other: Self, which: Which) {
        self.number.meet(other.number, which);
        self.text.meet(other.text, which);
    }
}

/// Reads the ordering column and the key of every row, and nothing else.
pub(crate) fn survivors(
    job: &Job<'_>,
    mapping: &TableMapping,
) -> Result<Option<Survivors>, LoadError> {
    let Some((which, names)) = keep_names(mapping) else { return Ok(None) };
    let plain = vec![true; names.len()];
    let job = Job { names: &names, plain: &plain, progress: None, ..*job };
    let missing = |text: &str| mapping.missing.iter().any(|other| other == text);
    let driven = drive(
        &job,
        || Ok(Seen::default()),
        |seen: &mut Seen, raw: &Raw<'_>| {
            seen.look(raw, names.len(), (which, &missing))
                .map_err(ScanError::<Infallible>::Load)
        },
    );
    let driven = driven.map_err(|error| match error {
        ScanError::Load(error) => error,
        ScanError::BadRows(_) => {
            LoadError::Empty { file: job.input.file(0).to_path_buf() }
        }
        ScanError::Step(never) => match never {},
    })?;
    let mut all = Seen::default();
    for seen in driven.workers {
        all.merge(seen, which);
    }
    Ok(Some(all.decide()))
}

impl Seen {
    fn look(
        &mut self,
        raw: &Raw<'_>,
        n_names: usize,
        (which, missing): (Which, &dyn Fn(&str) -> bool),
    ) -> Result<(), LoadError> {
        let by = raw.texts(0)?;
        let per: Vec<Texts<'_>> =
            (1..n_names).map(|name| raw.texts(name)).collect::<Result<_, _>>()?;
        let mut key = String::new();
        for row in 0..raw.n_rows {
            self.n_rows += 1;
            let order = raw.first + row as u64;
            key.clear();
            let known = per.iter().all(|texts| {
                let text = texts.get(row).filter(|text| !missing(text));
                // NUL stands in no text, so that keys of several columns stay apart.
                key.push('\0');
                key.push_str(text.unwrap_or_default());
                text.is_some()
            });
            if known {
                let value = by.get(row).filter(|text| !missing(text));
                self.meet(&key, value, (order, which));
            } else {
                self.loners.push(order);
            }
        }
        Ok(())
    }

    fn meet(&mut self, key: &str, value: Option<&str>, (order, which): (u64, Which)) {
        let number = value.and_then(|text| digits(text, false)).map(Number);
        self.texts |= value.is_some() && number.is_none();
        let text = value.map(Box::from);
        let best = Best {
            number: Champion { value: number, order, ties: 0 },
            text: Champion { value: text, order, ties: 0 },
        };
        match self.keys.get_mut(key) {
            Some(known) => known.meet(best, which),
            None => {
                self.keys.insert(key.to_owned(), best);
            }
        }
    }

    fn merge(&mut self, other: Self, which: Which) {
        self.loners.extend(other.loners);
        self.n_rows += other.n_rows;
        self.texts |= other.texts;
        for (key, best) in other.keys {
            match self.keys.entry(key) {
                Entry::Occupied(mut known) => known.get_mut().meet(best, which),
                Entry::Vacant(free) => {
                    free.insert(best);
                }
            }
        }
    }

    fn decide(self) -> Survivors {
        let mut orders = self.loners;
        let mut ties = 0;
        for best in self.keys.values() {
            let (order, equal) = if self.texts {
                (best.text.order, best.text.ties)
            } else {
                (best.number.order, best.number.ties)
            };
            orders.push(order);
            ties += u64::from(equal > 0);
        }
        orders.sort_unstable();
        let superseded = self.n_rows - orders.len() as u64;
        Survivors { orders, superseded, ties }
    }
}
