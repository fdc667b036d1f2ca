//! The bits of a row spread over bytes, and added to small counts of one byte each.
#![expect(clippy::indexing_slicing, reason = "a table with a place for each byte")]

#[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
use safe_arch::{
    bitand_m256i, cmp_eq_mask_i8_m256i, m256i, set_splat_i32_m256i,
    shuffle_av_i8z_half_m256i, sub_i8_m256i,
};

/// Rows that are looked at together: as many as a word has bits.
pub(super) const ROWS: usize = 64;

/// `W` words of eight small counts each, to which the bits of a row are added.
pub(super) trait Spread<const W: usize> {
    /// The bits of a row.
    type Bits: Copy;

    /// The bits of each row, given a byte of each row for each word.
    fn rows(bytes: &[[u8; ROWS]; W]) -> [Self::Bits; ROWS];

    /// Adds each bit to the count in its place; none of them may be at its end.
    fn add(&mut self, bits: Self::Bits);
}

impl Spread<1> for [u64; 1] {
    type Bits = u8;

    fn rows(bytes: &[[u8; ROWS]; 1]) -> [u8; ROWS] {
        let [bytes] = bytes;
        *bytes
    }

    #[inline]
    fn add(&mut self, bits: u8) {
        let [word] = self;
        *word += spread(bits);
    }
}

impl Spread<2> for [u64; 2] {
    type Bits = [u8; 2];

    fn rows(bytes: &[[u8; ROWS]; 2]) -> [[u8; 2]; ROWS] {
        let [first, second] = bytes;
        std::array::from_fn(|row| [at(first, row), at(second, row)])
    }

    #[inline]
    fn add(&mut self, bits: [u8; 2]) {
        let ([first, second], [one, two]) = (self, bits);
        *first += spread(one);
        *second += spread(two);
    }
}

impl Spread<4> for [u64; 4] {
    type Bits = u32;

    fn rows(bytes: &[[u8; ROWS]; 4]) -> [u32; ROWS] {
        std::array::from_fn(|row| {
            u32::from_le_bytes(bytes.each_ref().map(|b| at(b, row)))
        })
    }

    /// Every byte is looked at for its own bit; what is equal is -1 and taken away.
    #[cfg(all(target_arch = "x86_64", target_feature = "avx2"))]
    #[inline]
    fn add(&mut self, bits: u32) {
        const BYTES: [u64; 4] =
            [0, 0x0101_0101_0101_0101, 0x0202_0202_0202_0202, 0x0303_0303_0303_0303];
        const BITS: [u64; 4] = [0x8040_2010_0804_0201; 4];
        let own = m256i::from(BITS);
        let all = set_splat_i32_m256i(bits.cast_signed());
        let spread = shuffle_av_i8z_half_m256i(all, m256i::from(BYTES));
        let set = cmp_eq_mask_i8_m256i(bitand_m256i(spread, own), own);
        *self = sub_i8_m256i(m256i::from(*self), set).into();
    }

    #[cfg(not(all(target_arch = "x86_64", target_feature = "avx2")))]
    #[inline]
    fn add(&mut self, bits: u32) {
        for (word, byte) in self.iter_mut().zip(bits.to_le_bytes()) {
            *word += spread(byte);
        }
    }
}

#[inline]
fn at(bytes: &[u8; ROWS], row: usize) -> u8 {
    bytes.get(row).copied().unwrap_or_default()
}

/// The word whose bytes are the bits of a byte.
#[inline]
fn spread(byte: u8) -> u64 {
    const TABLE: [u64; 256] = {
        let mut table = [0; 256];
        let mut byte = 0;
        while byte < 256 {
            let mut bit = 0;
            while bit < 8 {
                table[byte] |= ((byte as u64 >> bit) & 1) << (8 * bit);
                bit += 1;
            }
            byte += 1;
        }
        table
    };
    TABLE.get(usize::from(byte)).copied().unwrap_or_default()
}
