//! Process behaviour: what the values of a series say of each of them.
//!
//! The points are the periods that are whole and settled and have a value, in their
//! order. Shares of few cases, or of very unequally many, get the limits of a p chart;
//! everything else those of single values. Less than six points allow no limits.

use num_traits::ToPrimitive as _;

use crate::statistics::{Limits, p_chart, signals, xmr};
use crate::table::{Behaviour, Chart, Row, RowState};

/// From how many points on there are limits.
const FEWEST: usize = 6;
/// Shares of fewer cases get limits that follow the number of cases.
const FEW_CASES: f64 = 50.0;
/// So do those of which one has this many times the cases of another.
const UNEQUAL: f64 = 2.0;

/// Gives the rows of one series the limits they make together.
pub(super) fn mark(rows: &mut [Row], is_proportion: bool) {
    let mut points: Vec<&mut Row> = rows.iter_mut().filter(|row| is_point(row)).collect();
    if points.len() < FEWEST {
        return;
    }
    let shares: Option<Vec<(f64, f64)>> =
        points.iter().map(|row| row.numerator.zip(row.denominator)).collect();
    let shares = shares.filter(|shares| is_proportion && vary_in_cases(shares));
    let found = match shares {
        Some(shares) => proportions(&shares).map(|limits| (Chart::Proportions, limits)),
        None => individuals(&points).map(|limits| (Chart::Individuals, limits)),
    };
    let Some((chart, limits)) = found else { return };
    let values = points.iter().filter_map(|row| row.value);
    let placed: Vec<(f64, Limits)> = values.zip(limits).collect();
    let n_points = placed.len() as u64;
    for ((row, (_, limits)), signal) in
        points.iter_mut().zip(&placed).zip(signals(&placed))
    {
        row.behaviour =
            Some(Behaviour { chart, points: n_points, limits: *limits, signal });
    }
}

/// Whether a row is a point of its series.
fn is_point(row: &Row) -> bool {
    matches!(row.state, RowState::Final | RowState::Small) && row.value.is_some()
}

fn vary_in_cases(shares: &[(f64, f64)]) -> bool {
    let cases = || shares.iter().map(|(_, cases)| *cases);
    let least = cases().fold(f64::INFINITY, f64::min);
    let most = cases().fold(0.0, f64::max);
    least < FEW_CASES || most > UNEQUAL * least
}

/// The share of all points together, with limits for the cases of each.
fn proportions(shares: &[(f64, f64)]) -> Option<Vec<Limits>> {
    let hits: f64 = shares.iter().map(|(hits, _)| hits).sum();
    let cases: f64 = shares.iter().map(|(_, cases)| cases).sum();
    let share = Some(hits / cases).filter(|share| share.is_finite())?;
    shares.iter().map(|(_, own)| p_chart(share, own.to_u64()?)).collect()
}

fn individuals(points: &[&mut Row]) -> Option<Vec<Limits>> {
    let values: Vec<f64> = points.iter().filter_map(|row| row.value).collect();
    let chart = xmr(&values)?;
    Some(vec![chart.values; values.len()])
}
