//! How sure a measured value is: intervals, quantiles, control limits, sample sizes.
//!
//! All functions are pure and give nothing where the data allow no answer, never NaN.

mod chart;
mod count;
mod mean;
mod proportion;
mod quantile;

use statrs::distribution::{ContinuousCDF as _, Normal};

pub use self::chart::{Limits, Signal, XmR, p_chart, signals, xmr};
pub use self::count::{poisson, sample_size, sample_size_of};
pub use self::mean::{Sample, mean_interval, welch};
pub use self::proportion::{newcombe, wilson};
pub use self::quantile::{
    Position, Ranks, nearest_rank, percentile, percentile_of_whole, percentile_ranks,
    position,
};

/// The confidence of every interval in a result.
pub const CONFIDENCE: f64 = 0.95;

/// Two bounds, the lower first; both belong to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// An interval of two finite bounds in order.
    fn of(low: f64, high: f64) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low <= high).then_some(Self { low, high })
    }

    /// An interval around its middle.
    fn around(middle: f64, half: f64) -> Option<Self> {
        Self::of(middle - half, middle + half)
    }
}

/// The share of a distribution below the upper bound of a two-sided interval.
fn upper_tail(confidence: f64) -> Option<f64> {
    (confidence > 0.0 && confidence < 1.0).then_some(f64::midpoint(1.0, confidence))
}

/// The standard normal quantile of a two-sided interval: 1.959964 for 95 %.
fn z(confidence: f64) -> Option<f64> {
    Some(Normal::standard().inverse_cdf(upper_tail(confidence)?))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
