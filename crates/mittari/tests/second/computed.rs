//! What tests share that compute a number a second time: random rows, and whether two
//! values are the same.

/// Whole numbers that look random and are the same for each seed.
pub(crate) struct Draw(u64);

impl Draw {
    /// The numbers of a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next, from 0 to less than a bound.
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        i64::try_from(self.0 >> 33).unwrap() % bound
    }

    /// One of a list.
    pub(crate) fn one_of<T: Copy>(&mut self, list: &[T]) -> T {
        let place = self.below(i64::try_from(list.len()).unwrap());
        list[usize::try_from(place).unwrap()]
    }
}

/// Whether a value is the one expected, but for the last digits of a binary number.
pub(crate) fn agree(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
        }
        (found, expected) => found == expected,
    }
}
