//! Control charts: the limits within which values vary by routine.

/// A centre line and the limits around it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The centre line.
    pub centre: f64,
    /// The lower limit; it may lie below what is possible.
    pub lower: f64,
    /// The upper limit; it may lie above what is possible.
    pub upper: f64,
}

/// The limits of single values in time order, and of the steps between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct XmR {
    /// The limits of the values.
    pub values: Limits,
    /// The mean step from one value to the next.
    pub mean_range: f64,
    /// The upper limit of a step.
    pub upper_range: f64,
}

/// The limits of an `XmR` chart; values come in time order, at least two are needed.
///
/// Source: Shewhart's chart for individuals with the constants 2.66 and 3.268 of
/// Wheeler, Understanding Variation (1993).
pub fn xmr(values: &[f64]) -> Option<XmR> {
    let steps = values.len().checked_sub(1).filter(|steps| *steps > 0)?;
    let centre = values.iter().sum::<f64>() / values.len() as f64;
    let pairs = values.iter().zip(values.iter().skip(1));
    let ranges = pairs.map(|(one, next)| (next - one).abs());
    let mean_range = ranges.sum::<f64>() / steps as f64;
    let reach = 2.66 * mean_range;
    let values = Limits { centre, lower: centre - reach, upper: centre + reach };
    let known = centre.is_finite() && mean_range.is_finite();
    known.then_some(XmR { values, mean_range, upper_range: 3.268 * mean_range })
}

/// The three-sigma limits of a proportion among `n` cases.
///
/// Source: Shewhart's p chart as in Montgomery, Introduction to Statistical Quality
/// Control (2009), section 7.2.
pub fn p_chart(share: f64, n: u64) -> Option<Limits> {
    if n == 0 || !(0.0..=1.0).contains(&share) {
        return None;
    }
    let reach = 3.0 * (share * (1.0 - share) / n as f64).sqrt();
    Some(Limits { centre: share, lower: share - reach, upper: share + reach })
}

/// By which rule a value of a chart is a signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// It lies beyond a limit.
    Beyond,
    /// It is at least the eighth in a row on one side of the centre.
    EightOnOneSide,
    /// It is one of three among four in a row that lie nearer to the same limit than to
    /// the centre.
    ThreeOfFour,
}

/// The signals among values in time order, each with its limits; the strongest rule first.
///
/// Source: Wheeler, Understanding Variation (1993), the three rules for detection.
pub fn signals(points: &[(f64, Limits)]) -> Vec<Option<Signal>> {
    const RUN: u32 = 8;
    const AMONG: usize = 4;
    const NEAR: usize = 3;
    let (mut side, mut run) = (0, 0);
    let mut near: Vec<i8> = Vec::with_capacity(points.len());
    let mut found = Vec::with_capacity(points.len());
    for (value, limits) in points {
        let own = side_of(*value, limits, 0.0);
        run = if own != 0 && own == side { run + 1 } else { u32::from(own != 0) };
        side = own;
        near.push(side_of(*value, limits, 0.5));
        let last = near.last().copied().unwrap_or_default();
        let alike = near.iter().rev().take(AMONG).filter(|other| **other == last).count();
        found.push(if side_of(*value, limits, 1.0) != 0 {
            Some(Signal::Beyond)
        } else if run >= RUN {
            Some(Signal::EightOnOneSide)
        } else if last != 0 && alike >= NEAR {
            Some(Signal::ThreeOfFour)
        } else {
            None
        });
    }
    found
}

/// 1 above and -1 below the lines that lie so far from the centre to the limits; where
/// nothing varies no value is on a side.
fn side_of(value: f64, limits: &Limits, share: f64) -> i8 {
    let Limits { centre, lower, upper } = *limits;
    let varies = lower < centre && centre < upper;
    if varies && value > centre + (upper - centre) * share {
        1
    } else if varies && value < centre - (centre - lower) * share {
        -1
    } else {
        0
    }
}
