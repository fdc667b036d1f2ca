//! Medians and percentiles: where they stand in sorted values, and how sure they are.
//!
//! The share is an exact decimal, so that 7 % of 100 values is the seventh and no
//! binary 0.07 makes it the eighth.

use mittari_lang::value::Decimal;

use super::upper_tail;

/// A place between two neighbours of sorted values, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Position {
    /// The value before or at it.
    pub lower: usize,
    /// How far it is from there to the next value, 0 or more and less than 1.
    pub fraction: f64,
}

/// The share as a fraction, if it lies between 0 and 1.
fn exact(share: Decimal) -> Option<(i128, i128)> {
    let whole = 10_i128.checked_pow(u32::from(share.scale))?;
    let mantissa = i128::from(share.mantissa);
    (0 <= mantissa && mantissa <= whole).then_some((mantissa, whole))
}

/// Where the percentile of `n` sorted values stands: at `(n - 1) p`.
///
/// Source: Hyndman and Fan, The American Statistician 50 (1996), 361-365, type 7; the
/// default of R and `NumPy`, `PERCENTILE.INC` of spreadsheets.
pub fn position(n: usize, share: Decimal) -> Option<Position> {
    let (above, below) = exact(share)?;
    let scaled = i128::try_from(n.checked_sub(1)?).ok()?.checked_mul(above)?;
    let lower = usize::try_from(scaled / below).ok()?;
    Some(Position { lower, fraction: (scaled % below) as f64 / below as f64 })
}

/// The percentile of sorted values, interpolated by [`position`]; of none there is none.
pub fn percentile(sorted: &[f64], share: Decimal) -> Option<f64> {
    let place = position(sorted.len(), share)?;
    let low = *sorted.get(place.lower)?;
    match sorted.get(place.lower + 1) {
        Some(high) if place.fraction > 0.0 => Some(low + (high - low) * place.fraction),
        _ => Some(low),
    }
}

/// The percentile of sorted whole numbers, such as microseconds.
pub fn percentile_of_whole(sorted: &[i64], share: Decimal) -> Option<f64> {
    let place = position(sorted.len(), share)?;
    let low = *sorted.get(place.lower)?;
    match sorted.get(place.lower + 1) {
        Some(&high) if place.fraction > 0.0 => {
            let distance = i128::from(high) - i128::from(low);
            Some(low as f64 + distance as f64 * place.fraction)
        }
        _ => Some(low as f64),
    }
}

/// Where the nearest-rank percentile of `n` sorted values stands, counted from 0: the
/// first value with at least that share of all values at or before it.
///
/// Source: Hyndman and Fan (1996), type 1.
pub fn nearest_rank(n: usize, share: Decimal) -> Option<usize> {
    let (above, below) = exact(share)?;
    let last = n.checked_sub(1)?;
    let scaled = i128::try_from(n).ok()?.checked_mul(above)?;
    let rank = scaled / below + i128::from(scaled % below != 0);
    Some(usize::try_from(rank).ok()?.saturating_sub(1).min(last))
}

/// The sorted values between which a percentile lies, counted from 0; a side is open
/// where too few values stand beyond it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranks {
    /// The lower bound.
    pub low: Option<usize>,
    /// The upper bound.
    pub high: Option<usize>,
}

/// The order-statistic interval of a percentile of `n` values, without an assumption
/// about how they are distributed; each side errs in at most half of what is allowed.
///
/// Source: Hahn and Meeker, Statistical Intervals (1991), section 5.2; David and
/// Nagaraja, Order Statistics (2003), section 7.1.
pub fn percentile_ranks(n: usize, share: Decimal, confidence: f64) -> Option<Ranks> {
    let (above, below) = exact(share)?;
    let allowed = 1.0 - upper_tail(confidence)?;
    if n == 0 || above == 0 || above == below {
        return None;
    }
    let (first, weights) = binomial(n, share.to_f64());
    let allowed = allowed * weights.iter().sum::<f64>();
    // So many values may be below the percentile, or not below it, and no bound is: at
    // most `k` of them are below exactly where the value `k` is above it.
    let fewest = first + unlikely(weights.iter(), allowed);
    let most = first + weights.len() - unlikely(weights.iter().rev(), allowed);
    Some(Ranks {
        low: fewest.checked_sub(1),
        high: if most <= n { most.checked_sub(1) } else { None },
    })
}

/// How many outcomes from an end on are together no likelier than allowed.
fn unlikely<'a>(weights: impl Iterator<Item = &'a f64>, allowed: f64) -> usize {
    let sums = weights.scan(0.0, |sum, weight| {
        *sum += weight;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= allowed).count()
}

/// The likely outcomes of `n` draws: the first of them, and weights relative to the
/// likeliest. What is left out is below 1e-18 of that.
fn binomial(n: usize, p: f64) -> (usize, Vec<f64>) {
    const SMALLEST: f64 = 1e-18;
    let (cases, odds) = (n as f64, p / (1.0 - p));
    let mode = mode_of(n, p);
    let (mut below, mut above) = (Vec::new(), vec![1.0]);
    let (mut weight, mut outcome) = (1.0, mode);
    while outcome > 0 && weight > SMALLEST {
        weight *= outcome as f64 / ((cases - outcome as f64 + 1.0) * odds);
        outcome -= 1;
        below.push(weight);
    }
    let first = outcome;
    (weight, outcome) = (1.0, mode);
    while outcome < n && weight > SMALLEST {
        weight *= (cases - outcome as f64) * odds / (outcome as f64 + 1.0);
        outcome += 1;
        above.push(weight);
    }
    below.reverse();
    below.append(&mut above);
    (first, below)
}

/// The likeliest number of hits; one beside it would do as well.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a length is a length"
)]
fn mode_of(n: usize, p: f64) -> usize {
    (((n as f64 + 1.0) * p).floor() as usize).min(n)
}
