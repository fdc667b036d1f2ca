//! Rows whose key an earlier row has: found by number, then compared in full.

use std::convert::Infallible;

use crate::fault::{LoadError, ScanError};
use crate::load::decode::{Chosen, Decoder, text_at};
use crate::load::drive::{Job, drive};
use crate::load::keys::KeyPart;
use crate::load::numbers::{MOST, Numbers, Watch, bits_within, doubles};
use crate::load::raw::Raw;
use crate::load::recipe::Recipe;
use crate::load::tally::Twin;

/// A row whose key may stand twice.
struct Suspect {
    hash: u64,
    key: Vec<KeyPart>,
    order: u64,
    first: u64,
    ahead: u32,
    has_lines: bool,
    /// The key as it stands in the file.
    text: String,
}

/// Finds them among the chosen rows, of which there are `n_rows`. `recipe` reads nothing
/// but the key; `suspects` are the numbers that occur more than once, if they are known.
pub(crate) fn twins(
    job: &Job<'_>,
    recipe: &Recipe,
    chosen: &Chosen,
    (suspects, n_rows): (Option<Vec<u64>>, u64),
) -> Result<Vec<Twin>, LoadError> {
    let suspects = match suspects {
        Some(suspects) => suspects,
        None => all_doubles(job, (recipe, chosen), n_rows)?,
    };
    if suspects.is_empty() {
        return Ok(Vec::new());
    }
    let driven = drive(
        job,
        || Ok((Decoder::new(recipe, chosen, None)?, Vec::new())),
        |(decoder, found): &mut (Decoder<'_>, Vec<Suspect>), raw: &Raw<'_>| {
            look(decoder, (raw, recipe), &suspects, found)
                .map_err(ScanError::<Infallible>::Load)
        },
    )
    .map_err(only_load)?;
    let mut found: Vec<Suspect> =
        driven.workers.into_iter().flat_map(|(_, found)| found).collect();
    found.sort_by(|one, other| {
        (one.hash, &one.key, one.order).cmp(&(other.hash, &other.key, other.order))
    });
    let mut twins = Vec::new();
    let mut original: Option<Suspect> = None;
    for suspect in found {
        match &original {
            Some(earlier) if earlier.key == suspect.key => twins.push(Twin {
                order: suspect.order,
                first: suspect.first,
                ahead: suspect.ahead,
                has_lines: suspect.has_lines,
                key: suspect.text,
                original: (earlier.first, earlier.ahead),
            }),
            _ => original = Some(suspect),
        }
    }
    twins.sort_by_key(|twin| twin.order);
    Ok(twins)
}

/// The numbers that occur more than once, part by part.
fn all_doubles(
    job: &Job<'_>,
    (recipe, chosen): (&Recipe, &Chosen),
    n_rows: u64,
) -> Result<Vec<u64>, LoadError> {
    let most = job.memory.map_or(MOST, |memory| memory.numbers);
    let bits = bits_within(n_rows, most);
    let mut all = Vec::new();
    for part in 0..1_u64 << bits {
        let watch = Watch::of_part(part, bits);
        let driven = drive(
            job,
            || Ok((Decoder::new(recipe, chosen, None)?, Numbers::default())),
            |(decoder, numbers): &mut (Decoder<'_>, Numbers), raw: &Raw<'_>| {
                let found = decoder.keys_of(raw, |keys, rows| {
                    numbers.add(rows.iter().map(|(row, _)| keys.hash(*row)), &watch);
                });
                found.map(|_| ()).map_err(ScanError::<Infallible>::Load)
            },
        )
        .map_err(only_load)?;
        let own: Vec<Numbers> = driven.workers.into_iter().map(|(_, own)| own).collect();
        all.extend(doubles(&own));
    }
    all.sort_unstable();
    Ok(all)
}

/// Keeps the rows of a piece whose number is suspected.
fn look(
    decoder: &mut Decoder<'_>,
    (raw, recipe): (&Raw<'_>, &Recipe),
    suspects: &[u64],
    found: &mut Vec<Suspect>,
) -> Result<(), LoadError> {
    let some = decoder.keys_of(raw, |keys, rows| {
        let mut some = Vec::new();
        for (row, source) in rows {
            let hash = keys.hash(*row);
            if suspects.binary_search(&hash).is_ok() {
                some.push(Suspect {
                    hash,
                    key: keys.key(*row),
                    order: raw.first + *source as u64,
                    first: raw.first,
                    ahead: raw.ahead(*source),
                    has_lines: raw.has_lines(),
                    text: key_text(raw, recipe, *source),
                });
            }
        }
        some
    })?;
    found.extend(some.unwrap_or_default());
    Ok(())
}

/// The key of a row as it stands in the file.
pub(crate) fn key_text(raw: &Raw<'_>, recipe: &Recipe, row: usize) -> String {
    let key = recipe.key.iter().filter_map(|at| recipe.columns.get(*at));
    key.map(|column| text_at(raw, column, row)).collect::<Vec<_>>().join(", ")
}

/// The error of a pass that hands no rows on.
pub(crate) fn only_load(error: ScanError<Infallible>) -> LoadError {
    match error {
        ScanError::Load(error) => error,
        // Nothing here judges rows or hands them on.
        ScanError::BadRows(_) => {
            LoadError::NoFiles { tried: Vec::new(), places: Vec::new() }
        }
        ScanError::Step(never) => match never {},
    }
}
