//! Where two signs stand in a text: sixty-four bytes at a time.
#![expect(
    clippy::cast_possible_truncation,
    reason = "a block is far below 4 GiB, and counts of bits are below 65"
)]

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
use safe_arch::{
    cmp_eq_mask_i8_m256i, m256i, min_u8_m256i, move_mask_i8_m256i, set_splat_i8_m256i,
};

/// How many bytes are looked at together.
const WIDTH: usize = 64;
/// How many places are written without asking whether there are so many.
const MOST_USUAL: usize = 12;

/// How many signs were found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    /// Of both together.
    pub(crate) both: usize,
    /// Of the second alone.
    pub(crate) second: usize,
    /// Whether there is a NUL among the bytes.
    pub(crate) nul: bool,
    /// Whether there is a byte beyond ASCII.
    pub(crate) beyond: bool,
}

/// Writes the places of two signs into `places` from `from` on, which grows as it must;
/// what stands behind the last place has no meaning.
pub(crate) fn find(
    bytes: &[u8],
    (first, second): (u8, u8),
    places: &mut Vec<u32>,
    from: usize,
) -> Count {
    let mut count = Count::default();
    let (words, rest) = bytes.as_chunks::<WIDTH>();
    let mut looking = Looking::new(first, second);
    let mut base = 0;
    for word in words {
        write(looking.look(word), base, (places, from), &mut count);
        base += WIDTH as u32;
    }
    // What is no byte of the text is found nowhere, since it is no sign.
    let filler = (1..=u8::MAX).find(|byte| *byte != first && *byte != second);
    let mut tail = [filler.unwrap_or(1); WIDTH];
    if let Some(start) = tail.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    write(looking.look(&tail), base, (places, from), &mut count);
    (count.nul, count.beyond) = looking.has_nul_and_beyond();
    count
}

#[inline]
fn write(
    (first, second): (u64, u64),
    base: u32,
    (places, from): (&mut Vec<u32>, usize),
    count: &mut Count,
) {
    let at = from + count.both;
    if places.len() < at + WIDTH {
        places.resize((at + WIDTH) * 2, 0);
    }
    let Some(slots) = places.get_mut(at..).and_then(<[u32]>::first_chunk_mut::<WIDTH>)
    else {
        return;
    };
    let mut mask = first | second;
    let n = mask.count_ones() as usize;
    let (usual, others) = slots.split_at_mut(MOST_USUAL);
    for slot in usual {
        *slot = base + mask.trailing_zeros();
        mask &= mask.wrapping_sub(1);
    }
    if n > MOST_USUAL {
        for slot in others.iter_mut().take(n - MOST_USUAL) {
            *slot = base + mask.trailing_zeros();
            mask &= mask.wrapping_sub(1);
        }
    }
    count.both += n;
    count.second += second.count_ones() as usize;
}

/// Looks at sixty-four bytes after the other: gives one bit for each byte that is a sign,
/// the first byte as the lowest bit.
#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
struct Looking {
    first: m256i,
    second: m256i,
    /// The lowest byte of each thirty-second.
    lowest: m256i,
    /// The bits of all bytes of each thirty-second.
    bits: m256i,
}

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
impl Looking {
    fn new(first: u8, second: u8) -> Self {
        let splat = |byte: u8| set_splat_i8_m256i(byte.cast_signed());
        let (lowest, bits) = (splat(u8::MAX), splat(0));
        Self { first: splat(first), second: splat(second), lowest, bits }
    }

    #[inline]
    fn look(&mut self, word: &[u8; WIDTH]) -> (u64, u64) {
        let (parts, _) = word.as_chunks::<32>();
        let mask = |equal: m256i| u64::from(move_mask_i8_m256i(equal).cast_unsigned());
        let (mut first, mut second) = (0, 0);
        for (at, part) in parts.iter().enumerate() {
            let part = m256i::from(*part);
            self.lowest = min_u8_m256i(self.lowest, part);
            self.bits |= part;
            first |= mask(cmp_eq_mask_i8_m256i(part, self.first)) << (at * 32);
            second |= mask(cmp_eq_mask_i8_m256i(part, self.second)) << (at * 32);
        }
        (first, second)
    }

    fn has_nul_and_beyond(&self) -> (bool, bool) {
        let has_nul = <[u8; 32]>::from(self.lowest).contains(&0);
        (has_nul, move_mask_i8_m256i(self.bits) != 0)
    }
}

/// Looks at sixty-four bytes after the other: gives one bit for each byte that is a sign,
/// the first byte as the lowest bit.
#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
struct Looking {
    first: u8,
    second: u8,
    nul: bool,
    beyond: bool,
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
impl Looking {
    fn new(first: u8, second: u8) -> Self {
        Self { first, second, nul: false, beyond: false }
    }

    #[inline]
    fn look(&mut self, word: &[u8; WIDTH]) -> (u64, u64) {
        self.nul |= word.contains(&0);
        self.beyond |= !word.is_ascii();
        (equal(word, self.first), equal(word, self.second))
    }

    fn has_nul_and_beyond(&self) -> (bool, bool) {
        (self.nul, self.beyond)
    }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
#[inline]
fn equal(word: &[u8; WIDTH], sign: u8) -> u64 {
    // The product moves the lowest bit of each of eight bytes into the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (parts, _) = word.as_chunks::<8>();
    let mut mask = 0;
    for (at, part) in parts.iter().enumerate() {
        let ones = part.map(|byte| u8::from(byte == sign));
        mask |= (u64::from_le_bytes(ones).wrapping_mul(GATHER) >> 56) << (at * 8);
    }
    mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_is_found() {
        let text: Vec<u8> = (0..1_000_u32)
            .map(|at| match at * at % 1_009 * 7_919 % 11 {
                0..3 => b',',
                3 => b'\n',
                _ => 0xac,
            })
            .collect();
        let mut places = Vec::new();
        for end in 0..text.len() {
            let bytes = &text[..end];
            let count = find(bytes, (b',', b'\n'), &mut places, 1);
            let expected: Vec<u32> =
                memchr::memchr2_iter(b',', b'\n', bytes).map(|at| at as u32).collect();
            assert_eq!(places[1..=count.both], expected, "{end}");
            assert_eq!(count.second, memchr::memchr_iter(b'\n', bytes).count());
        }
    }

    #[test]
    fn a_nul_and_what_is_no_ascii_are_found_wherever_they_stand() {
        for at in 0..200 {
            let mut text = vec![b'a'; 200];
            assert!(!find(&text, (b',', b'\n'), &mut Vec::new(), 0).nul);
            text[at] = 0;
            let count = find(&text, (b',', b'\n'), &mut Vec::new(), 0);
            assert_eq!((count.nul, count.beyond), (true, false));
            text[at] = 0x80;
            let count = find(&text, (b',', b'\n'), &mut Vec::new(), 0);
            assert_eq!((count.nul, count.beyond), (false, true));
        }
    }

    #[test]
    fn a_text_of_nothing_but_signs_fits() {
        let mut places = Vec::new();
        let count = find(&[b','; 300], (b',', b'\n'), &mut places, 0);
        assert_eq!(count, Count { both: 300, ..Count::default() });
        assert_eq!(places[..300], (0..300).collect::<Vec<u32>>());
    }
}
