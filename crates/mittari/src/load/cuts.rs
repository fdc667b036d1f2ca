//! Where a text can be cut: behind line ends that no quote hides.
#![expect(
    clippy::indexing_slicing,
    reason = "places come from a search of the same bytes"
)]

use memchr::{memchr, memchr2, memrchr};

use crate::load::rows::Signs;

/// Where the rows of some bytes end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The last whole row ends before this place.
    At(usize),
    /// No row ends here; whether a quote is open.
    Nowhere { open: bool },
}

/// Where the last whole row ends; the bytes begin with a row.
pub(crate) fn last_cut(bytes: &[u8], signs: Signs) -> Cut {
    match signs.quote {
        Some(quote) if memchr(quote, bytes).is_some() => {
            let mut last = Cut::Nowhere { open: false };
            let open = walk(bytes, (signs.delimiter, quote), |end| {
                last = Cut::At(end);
                true
            });
            if let Cut::Nowhere { .. } = last { Cut::Nowhere { open } } else { last }
        }
        _ => match memrchr(b'\n', bytes) {
            Some(at) => Cut::At(at + 1),
            None => Cut::Nowhere { open: false },
        },
    }
}

/// Where the first row ends.
pub(crate) fn first_cut(bytes: &[u8], signs: Signs) -> Cut {
    let mut first = Cut::Nowhere { open: false };
    // A quote that none of the bytes is stands for no quotes at all.
    let Some(quote) = signs.quote else {
        return memchr(b'\n', bytes).map_or(first, |at| Cut::At(at + 1));
    };
    let open = walk(bytes, (signs.delimiter, quote), |end| {
        first = Cut::At(end);
        false
    });
    if let Cut::Nowhere { .. } = first { Cut::Nowhere { open } } else { first }
}

/// Whether a quote is open where the bytes end; they begin with a row.
pub(crate) fn ends_open(bytes: &[u8], signs: Signs) -> bool {
    let Some(quote) = signs.quote else { return false };
    memchr(quote, bytes).is_some() && walk(bytes, (signs.delimiter, quote), |_| true)
}

/// Calls `each` behind every row's end until it says to stop; tells whether a quote is
/// open at the end. A quote opens a text only where a field begins, as in
/// [`crate::load::rows::divide`].
fn walk(
    bytes: &[u8],
    (delimiter, quote): (u8, u8),
    mut each: impl FnMut(usize) -> bool,
) -> bool {
    let mut at = 0;
    while let Some(found) = memchr2(quote, b'\n', bytes.get(at..).unwrap_or_default()) {
        let place = at + found;
        at = place + 1;
        if bytes[place] == b'\n' {
            if !each(at) {
                return false;
            }
            continue;
        }
        if place > 0 && bytes[place - 1] != delimiter && bytes[place - 1] != b'\n' {
            continue;
        }
        loop {
            let Some(end) = memchr(quote, bytes.get(at..).unwrap_or_default()) else {
                return true;
            };
            at += end + 1;
            if bytes.get(at) != Some(&quote) {
                break;
            }
            at += 1;
        }
    }
    false
}
