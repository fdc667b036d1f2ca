//! Means and their differences.

use statrs::distribution::{Continuous as _, ContinuousCDF as _, StudentsT};

use super::{Interval, upper_tail, z};

/// What a mean's interval needs of the values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// How many values there are.
    pub n: u64,
    /// Their mean.
    pub mean: f64,
    /// Their variance with `n - 1` below the line.
    pub variance: f64,
}

impl Sample {
    /// Counts and averages values, the variance in a second pass; at least two are needed.
    pub fn of(values: &[f64]) -> Option<Self> {
        if values.len() < 2 {
            return None;
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares = values.iter().map(|value| (value - mean) * (value - mean));
        let variance = squares.sum::<f64>() / (n - 1.0);
        Some(Self { n: values.len() as u64, mean, variance })
    }

    /// The squared standard error of the mean.
    fn error(&self) -> Option<f64> {
        let known = self.n >= 2 && self.variance >= 0.0;
        known.then(|| self.variance / self.n as f64)
    }
}

/// The t interval of a mean; of fewer than two values there is none.
///
/// Source: Student, Biometrika 6 (1908), 1-25.
pub fn mean_interval(sample: &Sample, confidence: f64) -> Option<Interval> {
    let error = sample.error()?;
    let t = t_quantile(sample.n as f64 - 1.0, confidence)?;
    Interval::around(sample.mean, t * error.sqrt())
}

/// The interval of the difference of two independent means, the first less the second.
///
/// Source: Welch, Biometrika 34 (1947), 28-35, with Satterthwaite's degrees of freedom.
pub fn welch(first: &Sample, second: &Sample, confidence: f64) -> Option<Interval> {
    let (one, two) = (first.error()?, second.error()?);
    let (others_one, others_two) = (first.n as f64 - 1.0, second.n as f64 - 1.0);
    let below = one * one / others_one + two * two / others_two;
    let difference = first.mean - second.mean;
    if below <= 0.0 {
        return Interval::around(difference, 0.0);
    }
    let freedom = (one + two) * (one + two) / below;
    let t = t_quantile(freedom, confidence)?;
    Interval::around(difference, t * (one + two).sqrt())
}

/// The quantile of Student's t for a two-sided interval.
///
/// The library's own inverse does not end for hundreds of thousands of values, so many
/// degrees of freedom take the expansion and few a bisection, both of which do.
fn t_quantile(freedom: f64, confidence: f64) -> Option<f64> {
    if freedom >= 200.0 {
        return expanded_t(freedom, z(confidence)?);
    }
    let goal = upper_tail(confidence)?;
    let t = StudentsT::new(0.0, 1.0, freedom).ok()?;
    if let Some(found) = approached(&t, goal, expanded_t(freedom, z(confidence)?)?) {
        return Some(found);
    }
    let mut high = 1.0;
    while t.cdf(high) < goal {
        high *= 2.0;
        if !f64::is_finite(high) {
            return None;
        }
    }
    let mut low = 0.0;
    loop {
        let middle = f64::midpoint(low, high);
        // Two neighbouring numbers have none between them.
        if middle <= low || middle >= high {
            return Some(high);
        }
        if t.cdf(middle) < goal {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// The quantile by Newton's steps from a value near it; none where they do not end soon,
/// as with very few degrees of freedom.
fn approached(t: &StudentsT, goal: f64, near: f64) -> Option<f64> {
    const STEPS: usize = 8;
    let mut found = near;
    for _ in 0..STEPS {
        let step = (t.cdf(found) - goal) / t.pdf(found);
        found -= step;
        if !found.is_finite() || found <= 0.0 {
            return None;
        }
        if step.abs() <= found * 1e-14 {
            return Some(found);
        }
    }
    None
}

/// The quantile from that of the normal distribution.
///
/// Source: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.5.
fn expanded_t(freedom: f64, z: f64) -> Option<f64> {
    let square = z * z;
    let terms = [
        (square + 1.0) / 4.0,
        ((5.0 * square + 16.0) * square + 3.0) / 96.0,
        (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0,
        ((((79.0 * square + 776.0) * square + 1482.0) * square - 1920.0) * square
            - 945.0)
            / 92_160.0,
    ];
    let sum = terms.iter().rev().fold(0.0, |sum, term| (sum + term) / freedom);
    let t = z + z * sum;
    t.is_finite().then_some(t)
}
