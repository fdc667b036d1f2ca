//! Numbers that look random and are the same on every machine: integers only.

/// `SplitMix64` (G. L. Steele, D. Lea, C. H. Flood, 2014, Fast splittable pseudorandom
/// number generators).
#[derive(Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` less one.
    pub(crate) fn below(&mut self, bound: i64) -> i64 {
        let scaled = u128::from(self.next()) * u128::try_from(bound).expect("a bound");
        i64::try_from(scaled >> 64).expect("below the bound")
    }

    /// True in so many cases of a thousand.
    pub(crate) fn permille(&mut self, cases: i64) -> bool {
        self.below(1000) < cases
    }

    /// One of several, each as often as its weight says.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[(i64, T)]) -> T {
        let mut place = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for (weight, choice) in choices {
            if place < *weight {
                return *choice;
            }
            place -= weight;
        }
        choices[0].1
    }

    /// A draw from a distribution given by its quantiles at equal steps from the
    /// smallest to the largest value, linear between them.
    pub(crate) fn between(&mut self, quantiles: &[i64]) -> i64 {
        let steps = i64::try_from(quantiles.len() - 1).expect("a few");
        let place = self.below(steps * 1000);
        let at = usize::try_from(place / 1000).expect("a place");
        let (low, high) = (quantiles[at], quantiles[at + 1]);
        low + (high - low) * (place % 1000) / 1000
    }
}
