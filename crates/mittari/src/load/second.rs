//! Rows that a look-up would find beside another: located once they are known.

use std::convert::Infallible;

use mittari_lang::schema::{Schema, TableId};

use crate::dataset::TableInput;
use crate::fault::{FaultKind, FaultReport, LoadError, ScanError};
use crate::load::drive::{Job, drive};
use crate::load::raw::Raw;
use crate::load::recipe::{Recipe, recipe};
use crate::load::tally::{Tally, Twin};
use crate::load::twice::{key_text, only_load};
use crate::load::{blocks, watched};

/// Where a row stands: the first row of its piece, and how far ahead of that.
type Spot = (u64, u32);

/// A row that was looked for.
struct Seen {
    order: u64,
    spot: Spot,
    has_lines: bool,
    key: String,
}

/// What is told of rows, each with the earlier row beside which it would be found; both
/// by their numbers in the order of the table.
pub(crate) fn seconds(
    input: &TableInput,
    (schema, table): (&Schema, TableId),
    rows: &[(u64, u64)],
) -> Result<FaultReport, LoadError> {
    let key = recipe(input, schema, table, &[])?;
    let mut wanted: Vec<u64> =
        rows.iter().flat_map(|(row, earlier)| [*row, *earlier]).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let (names, plain) = (watched(input, [&key, &key]), key.plain());
    let job = Job {
        input,
        names: &key.names,
        watched: &names,
        plain: &plain,
        threads: 1,
        block_bytes: blocks::BLOCK_BYTES,
        passed: None,
        memory: None,
        progress: None,
        timings: None,
    };
    let driven = drive(
        &job,
        || Ok(Vec::new()),
        |seen: &mut Vec<Seen>, raw: &Raw<'_>| {
            look(raw, &key, &wanted, seen);
            Ok::<(), ScanError<Infallible>>(())
        },
    )
    .map_err(only_load)?;
    let mut seen: Vec<Seen> = driven.workers.into_iter().flatten().collect();
    seen.sort_by_key(|one| one.order);
    let of = |order: u64| {
        let place = seen.binary_search_by_key(&order, |one| one.order).ok();
        place.and_then(|place| seen.get(place))
    };
    let mut tally = Tally::default();
    for (row, earlier) in rows {
        let (Some(row), Some(earlier)) = (of(*row), of(*earlier)) else { continue };
        let twin = Twin {
            order: row.order,
            first: row.spot.0,
            ahead: row.spot.1,
            has_lines: row.has_lines,
            key: row.key.clone(),
            original: earlier.spot,
        };
        tally.twin(FaultKind::SecondRow, &twin, &key.key_name(), &driven.lines);
    }
    Ok(tally.report(input, &driven.lines))
}

/// Keeps where the wanted rows of a piece stand.
fn look(raw: &Raw<'_>, key: &Recipe, wanted: &[u64], seen: &mut Vec<Seen>) {
    let end = raw.first.saturating_add(raw.n_rows as u64);
    let from = wanted.partition_point(|order| *order < raw.first);
    let own = wanted.iter().skip(from).take_while(|order| **order < end);
    for order in own {
        let Ok(row) = usize::try_from(order - raw.first) else { continue };
        seen.push(Seen {
            order: *order,
            spot: (raw.first, raw.ahead(row)),
            has_lines: raw.has_lines(),
            key: key_text(raw, key, row),
        });
    }
}
