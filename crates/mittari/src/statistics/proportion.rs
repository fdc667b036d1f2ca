//! Proportions: how many of how many.

use super::{Interval, z};

/// The score interval of a proportion, `hits` of `n`.
///
/// With no hits the lower bound is exactly 0, with all of them the upper exactly 1.
/// Nothing of nothing, and more hits than cases, have none.
///
/// Source: Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
pub fn wilson(hits: u64, n: u64, confidence: f64) -> Option<Interval> {
    if n == 0 || hits > n {
        return None;
    }
    let (z, cases) = (z(confidence)?, n as f64);
    let share = hits as f64 / cases;
    let square = z * z;
    let scale = 1.0 + square / cases;
    let centre = (share + square / (2.0 * cases)) / scale;
    let spread = share * (1.0 - share) / cases + square / (4.0 * cases * cases);
    let half = z * spread.sqrt() / scale;
    let low = if hits == 0 { 0.0 } else { (centre - half).clamp(0.0, share) };
    let high = if hits == n { 1.0 } else { (centre + half).clamp(share, 1.0) };
    Interval::of(low, high)
}

/// The hybrid score interval of the difference of two independent proportions, each as
/// hits and cases: the first less the second.
///
/// Source: Newcombe, Statistics in Medicine 17 (1998), 873-890, method 10.
pub fn newcombe(
    first: (u64, u64),
    second: (u64, u64),
    confidence: f64,
) -> Option<Interval> {
    let one = wilson(first.0, first.1, confidence)?;
    let two = wilson(second.0, second.1, confidence)?;
    let share = |(hits, n): (u64, u64)| hits as f64 / n as f64;
    let (p, q) = (share(first), share(second));
    let difference = p - q;
    Interval::of(
        difference - (p - one.low).hypot(two.high - q),
        difference + (one.high - p).hypot(q - two.low),
    )
}
