//! Sums that are the same to the last bit whatever the order of their terms.

use crate::error::RunError;

/// An exact sum: whatever the order of its terms, the same to the last bit.
///
/// Whole terms are added as integers. The others are kept as an expansion: numbers that
/// do not overlap and whose sum is exact (J. R. Shewchuk, 1997, Adaptive Precision
/// Floating-Point Arithmetic, section 2.4); it is rounded once, when it is read.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Total {
    /// The sum of whole terms.
    pub whole: i128,
    /// The exact sum of the others, from small to large.
    pub parts: Vec<f64>,
}

impl Total {
    /// Adds a whole number.
    pub fn add_whole(&mut self, value: i128) -> Result<(), RunError> {
        self.whole = self.whole.checked_add(value).ok_or(RunError::Overflow)?;
        Ok(())
    }

    /// Adds a finite number.
    pub fn add_real(&mut self, value: f64) -> Result<(), RunError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::float_cmp,
            reason = "the bound stands before it, and whether it is whole is asked exactly"
        )]
        if value.abs() < 9.0e15 {
            let whole = value as i64;
            if whole as f64 == value {
                return self.add_whole(i128::from(whole));
            }
        }
        grow(&mut self.parts, value)
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) -> Result<(), RunError> {
        self.add_whole(other.whole)?;
        other.parts.iter().try_for_each(|part| grow(&mut self.parts, *part))
    }

    /// The sum with the opposite sign.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self { whole: -self.whole, parts: self.parts.iter().map(|part| -part).collect() }
    }

    /// The whole sum if all terms were whole.
    pub fn as_whole(&self) -> Option<i128> {
        self.parts.is_empty().then_some(self.whole)
    }

    /// The nearest number.
    pub fn to_f64(&self) -> f64 {
        if self.parts.is_empty() {
            return self.whole as f64;
        }
        let mut parts = self.parts.clone();
        // Two halves of the whole sum are exact as numbers up to 2^105.
        let high = (self.whole >> 52) << 52;
        let grown = grow(&mut parts, high as f64)
            .and_then(|()| grow(&mut parts, (self.whole - high) as f64));
        if grown.is_ok() { rounded(&parts) } else { f64::NAN }
    }
}

/// Adds a number to an expansion without an error.
fn grow(parts: &mut Vec<f64>, value: f64) -> Result<(), RunError> {
    let mut value = value;
    let mut kept = 0;
    for place in 0..parts.len() {
        let Some(&part) = parts.get(place) else { break };
        let (large, small) =
            if value.abs() < part.abs() { (part, value) } else { (value, part) };
        let high = large + small;
        let low = small - (high - large);
        if low != 0.0
            && let Some(slot) = parts.get_mut(kept)
        {
            *slot = low;
            kept += 1;
        }
        value = high;
    }
    if !value.is_finite() {
        return Err(RunError::Overflow);
    }
    parts.truncate(kept);
    if value != 0.0 || kept == 0 {
        parts.push(value);
    }
    Ok(())
}

/// The number nearest to the sum of an expansion, ties to even.
#[expect(clippy::float_cmp, reason = "whether a remainder is exactly half a step")]
fn rounded(parts: &[f64]) -> f64 {
    let mut rest = parts.iter().rev().copied();
    let Some(mut high) = rest.next() else { return 0.0 };
    let mut low = 0.0;
    for part in rest.by_ref() {
        let sum = high + part;
        low = part - (sum - high);
        high = sum;
        if low != 0.0 {
            break;
        }
    }
    // A remainder of exactly half a step is rounded by the sign of what follows it.
    if let Some(next) = rest.next()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        let twice = low * 2.0;
        let up = high + twice;
        if up - high == twice {
            return up;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn total(terms: &[f64]) -> Total {
        let mut total = Total::default();
        for term in terms {
            total.add_real(*term).unwrap();
        }
        total
    }

    #[test]
    fn a_sum_does_not_depend_on_the_order_of_its_terms() {
        let terms = [0.1, 1e16, 0.3, -1e16, 1e-9, 7.0, 0.1, 2.5e-300];
        let mut turned = terms;
        turned.reverse();
        assert_eq!(total(&terms).to_f64().to_bits(), total(&turned).to_f64().to_bits());
        assert!((total(&terms).to_f64() - 7.500_000_001).abs() < 1e-15);
    }

    #[test]
    fn parts_of_a_sum_add_up_to_it() {
        let terms: Vec<f64> = (1..400).map(|n| 1.0 / f64::from(n)).collect();
        let mut parts = Total::default();
        for chunk in terms.chunks(7) {
            parts.merge(&total(chunk)).unwrap();
        }
        assert_eq!(parts.to_f64().to_bits(), total(&terms).to_f64().to_bits());
        parts.merge(&total(&terms).negated()).unwrap();
        assert!(parts.to_f64() == 0.0);
    }
}
