//! Texts by number: a fast hash.
#![expect(clippy::indexing_slicing, reason = "lengths are tested before")]

const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
const SECOND: u64 = 0xD6E8_FEB8_6659_FD93;

/// Both halves of a product, folded: every bit of both factors reaches every bit.
#[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
const fn fold(one: u64, other: u64) -> u64 {
    let product = one as u128 * other as u128;
    (product as u64) ^ ((product >> 64) as u64)
}

/// A hash of sixteen bytes that are one number.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
pub(crate) const fn spread(number: u128) -> usize {
    fold(number as u64 ^ FIRST, (number >> 64) as u64 ^ SECOND) as usize
}

/// Eight bytes from a place on; the caller has tested the length.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

/// Four bytes from a place on; the caller has tested the length.
fn four(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u64::from(u32::from_le_bytes(word))
}

/// A hash of a text: the same in every run and on every machine.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let (low, high) = match length {
        0 => (0, 0),
        1..4 => (
            u64::from(bytes[0])
                | u64::from(bytes[length / 2]) << 8
                | u64::from(bytes[length - 1]) << 16,
            0,
        ),
        4..8 => (four(bytes, 0), four(bytes, length - 4)),
        8..17 => (eight(bytes, 0), eight(bytes, length - 8)),
        _ => return hash_long(bytes),
    };
    fold(low ^ FIRST ^ length as u64, high ^ SECOND)
}

fn hash_long(bytes: &[u8]) -> u64 {
    let length = bytes.len();
    let mut state = length as u64;
    let mut at = 0;
    while at + 16 < length {
        state = fold(eight(bytes, at) ^ FIRST ^ state, eight(bytes, at + 8) ^ SECOND);
        at += 16;
    }
    let (low, high) = (eight(bytes, length - 16), eight(bytes, length - 8));
    fold(low ^ FIRST ^ state, high ^ SECOND.rotate_left(32))
}

/// The hash of several values one behind the other.
pub(crate) const fn chain(state: u64, next: u64) -> u64 {
    fold(state ^ FIRST, next ^ SECOND.rotate_left(17))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_and_every_byte_moves_the_hash() {
        let text = "The quick brown fox jumps over the lazy dog, twice.";
        let mut seen = std::collections::BTreeSet::new();
        for end in 0..=text.len() {
            assert!(seen.insert(hash(&text.as_bytes()[..end])));
            for at in 0..end {
                let mut changed = text.as_bytes()[..end].to_vec();
                changed[at] ^= 1;
                assert!(seen.insert(hash(&changed)), "{end} {at}");
            }
        }
    }
}
