//! Counts of events, and how many cases to ask.

use statrs::distribution::{ContinuousCDF as _, Gamma};

use super::{Interval, upper_tail, z};

/// The exact interval of the expected number of events, of which `count` were seen.
///
/// Source: Garwood, Biometrika 28 (1936), 437-442.
pub fn poisson(count: u64, confidence: f64) -> Option<Interval> {
    let upper = upper_tail(confidence)?;
    // A Poisson tail is that of a gamma distribution whose shape is the count.
    let quantile = |shape: f64, share: f64| {
        Gamma::new(shape, 1.0).ok().map(|gamma| gamma.inverse_cdf(share))
    };
    let low = if count == 0 { 0.0 } else { quantile(count as f64, 1.0 - upper)? };
    Interval::of(low, quantile(count as f64 + 1.0, upper)?)
}

/// How many cases show a share of about `share` to within `margin` on both sides.
///
/// Not rounded; the next whole number suffices.
///
/// Source: Cochran, Sampling Techniques (1977), section 4.4.
pub fn sample_size(share: f64, margin: f64, confidence: f64) -> Option<f64> {
    let z = z(confidence)?;
    let known = (0.0..=1.0).contains(&share) && margin > 0.0 && margin.is_finite();
    known.then(|| z * z * share * (1.0 - share) / (margin * margin))
}

/// The same where only so many cases exist.
///
/// Source: Krejcie and Morgan, Educational and Psychological Measurement 30 (1970),
/// 607-610.
pub fn sample_size_of(
    population: u64,
    share: f64,
    margin: f64,
    confidence: f64,
) -> Option<f64> {
    let unlimited = sample_size(share, margin, confidence)?;
    let others = population.checked_sub(1)? as f64;
    // Where the answer is certain nobody has to be asked, not even of one.
    let asked = unlimited * population as f64 / (others + unlimited);
    Some(if unlimited > 0.0 { asked } else { 0.0 })
}
