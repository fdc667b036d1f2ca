//! Tests of what the vectors do not reach: edges, exactness, and laws that must hold.

use mittari_lang::value::Decimal;
use proptest::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF as _};

use super::{
    CONFIDENCE, Interval, Limits, Position, Ranks, Sample, Signal, mean_interval,
    nearest_rank, newcombe, p_chart, percentile, percentile_of_whole, percentile_ranks,
    poisson, position, sample_size, sample_size_of, signals, welch, wilson, xmr,
};

const fn percent(mantissa: i64) -> Decimal {
    Decimal { mantissa, scale: 2 }
}

#[test]
fn the_normal_quantile_is_that_of_the_tables() {
    assert!((super::z(0.95).unwrap() - 1.959_963_984_540_054).abs() < 1e-12);
    assert_eq!((super::z(0.0), super::z(1.0), super::z(f64::NAN)), (None, None, None));
}

#[test]
fn nothing_and_everything_have_exact_bounds() {
    assert_eq!(wilson(0, 0, CONFIDENCE), None);
    assert_eq!(wilson(2, 1, CONFIDENCE), None);
    assert_eq!(wilson(0, 7, CONFIDENCE).unwrap().low.to_bits(), 0.0_f64.to_bits());
    assert_eq!(wilson(7, 7, CONFIDENCE).unwrap().high.to_bits(), 1.0_f64.to_bits());
    assert_eq!(newcombe((1, 2), (0, 0), CONFIDENCE), None);
    assert_eq!(poisson(0, CONFIDENCE).unwrap().low.to_bits(), 0.0_f64.to_bits());
    // With no event the upper bound is minus the logarithm of 2.5 %.
    let high = poisson(0, CONFIDENCE).unwrap().high;
    assert!((high + 0.025_f64.ln()).abs() < 1e-8, "{high}");
    let many = poisson(1_000_000_000, CONFIDENCE).unwrap();
    assert!((many.high - 1e9 - 1.96 * 1e9_f64.sqrt()).abs() < 10.0, "{many:?}");
}

#[test]
fn too_few_values_have_no_interval() {
    assert_eq!(Sample::of(&[1.0]), None);
    let one = Sample { n: 1, mean: 3.0, variance: 0.0 };
    assert_eq!(mean_interval(&one, CONFIDENCE), None);
    let same = Sample::of(&[3.0, 3.0, 3.0]).unwrap();
    let exactly = |value| Some(Interval { low: value, high: value });
    assert_eq!(mean_interval(&same, CONFIDENCE), exactly(3.0));
    assert_eq!(welch(&same, &same, CONFIDENCE), exactly(0.0));
    let broken = Sample { n: 5, mean: f64::NAN, variance: 1.0 };
    assert_eq!(mean_interval(&broken, CONFIDENCE), None);
    assert_eq!((xmr(&[1.0]), xmr(&[])), (None, None));
    assert_eq!((p_chart(0.5, 0), p_chart(1.5, 10)), (None, None));
}

#[test]
fn t_intervals_of_two_and_of_a_hundred_million_values_hold() {
    let two = Sample { n: 2, mean: 0.0, variance: 2.0 };
    assert!((mean_interval(&two, CONFIDENCE).unwrap().high - 12.706_204_7).abs() < 1e-6);
    // On both sides of 200 degrees of freedom, as computed with thirty digits.
    for (n, expected) in [(200, 1.971_956_544_249), (201, 1.971_896_223_600)] {
        let sample = Sample { n, mean: 0.0, variance: n as f64 };
        let high = mean_interval(&sample, CONFIDENCE).unwrap().high;
        assert!((high - expected).abs() < 1e-9, "{n}: {high}");
    }
    let many = Sample { n: 100_000_000, mean: 0.0, variance: 1e8 };
    let high = mean_interval(&many, CONFIDENCE).unwrap().high;
    assert!((high - 1.959_964).abs() < 1e-5, "{high}");
}

#[test]
fn shares_are_exact_decimals() {
    // In binary, 0.07 * 100 is a little more than 7.
    assert_eq!(nearest_rank(100, percent(7)), Some(6));
    assert_eq!(position(101, percent(7)), Some(Position { lower: 7, fraction: 0.0 }));
    assert_eq!(nearest_rank(5, percent(0)), Some(0));
    assert_eq!(nearest_rank(5, percent(100)), Some(4));
    assert_eq!((nearest_rank(0, percent(50)), position(0, percent(50))), (None, None));
    assert_eq!((nearest_rank(5, percent(101)), position(5, percent(-1))), (None, None));
}

#[test]
fn the_two_percentiles_are_those_of_the_definition() {
    let values = [1.0, 2.0, 3.0, 4.0, 100.0];
    assert!((percentile(&values, percent(90)).unwrap() - 61.6).abs() < 1e-12);
    assert!((percentile(&values, percent(80)).unwrap() - 23.2).abs() < 1e-12);
    assert_eq!(nearest_rank(5, percent(90)), Some(4));
    assert_eq!(percentile(&[], percent(50)), None);
    assert_eq!(percentile_of_whole(&[i64::MIN, i64::MAX], percent(50)), Some(0.0));
    assert_eq!(percentile_of_whole(&[10, 20], percent(50)), Some(15.0));
}

#[test]
fn percentile_bounds_are_those_of_the_binomial_tables() {
    let ranks = |n, share| percentile_ranks(n, percent(share), CONFIDENCE).unwrap();
    // Of ten values the second and the ninth hold the median in 97.9 % of samples.
    assert_eq!(ranks(10, 50), Ranks { low: Some(1), high: Some(8) });
    assert_eq!(ranks(20, 50), Ranks { low: Some(5), high: Some(14) });
    assert_eq!(ranks(6, 50), Ranks { low: Some(0), high: Some(5) });
    assert_eq!(ranks(5, 50), Ranks { low: None, high: None });
    // The largest of n values is above the 90th percentile but for 0.9^n.
    assert_eq!(ranks(35, 90).high, None);
    assert_eq!(ranks(36, 90).high, Some(35));
    assert_eq!(percentile_ranks(0, percent(50), CONFIDENCE), None);
    assert_eq!(percentile_ranks(9, percent(100), CONFIDENCE), None);
    // Of a million values the middle one and 1.96 times 500 on both sides.
    assert_eq!(ranks(1_000_000, 50), Ranks { low: Some(499_019), high: Some(500_980) });
}

#[test]
fn sample_sizes_are_those_of_the_textbooks() {
    let size = sample_size(0.5, 0.05, CONFIDENCE).unwrap();
    assert!(384.0 < size && size <= 385.0);
    let size = sample_size_of(10_000, 0.5, 0.05, CONFIDENCE).unwrap();
    assert!((size - 370.0).abs() < 0.5);
    assert_eq!(sample_size_of(1, 0.0, 0.05, CONFIDENCE), Some(0.0));
    assert_eq!(sample_size_of(0, 0.5, 0.05, CONFIDENCE), None);
    assert_eq!(sample_size(0.5, 0.0, CONFIDENCE), None);
}

fn hits_of_cases() -> impl Strategy<Value = (u64, u64)> {
    (1_u64..100_000).prop_flat_map(|n| (0..=n, Just(n)))
}

proptest! {
    #[test]
    fn a_proportion_lies_in_its_interval((hits, n) in hits_of_cases()) {
        let interval = wilson(hits, n, CONFIDENCE).unwrap();
        let share = hits as f64 / n as f64;
        prop_assert!(0.0 <= interval.low && interval.low <= share);
        prop_assert!(share <= interval.high && interval.high <= 1.0);
        // What is missed mirrors what is hit.
        let other = wilson(n - hits, n, CONFIDENCE).unwrap();
        prop_assert!((interval.low - (1.0 - other.high)).abs() < 1e-12);
    }

    #[test]
    fn a_percentile_lies_between_its_neighbours(
        mut values in prop::collection::vec(-1_000_000_i32..1_000_000, 1..50),
        share in 0_i64..=100,
    ) {
        values.sort_unstable();
        let floats: Vec<_> = values.iter().map(|value| f64::from(*value)).collect();
        let wholes: Vec<_> = values.iter().map(|value| i64::from(*value)).collect();
        let place = position(values.len(), percent(share)).unwrap();
        let found = percentile(&floats, percent(share)).unwrap();
        let next = floats[(place.lower + 1).min(floats.len() - 1)];
        prop_assert!(floats[place.lower] <= found && found <= next);
        let whole = percentile_of_whole(&wholes, percent(share)).unwrap();
        prop_assert!((whole - found).abs() < 1e-6);
        // Enough values stand at or before the nearest rank, and too few before it.
        let rank = i64::try_from(nearest_rank(values.len(), percent(share)).unwrap()).unwrap();
        let count = i64::try_from(values.len()).unwrap();
        prop_assert!((rank + 1) * 100 >= share * count);
        prop_assert!(rank == 0 || rank * 100 < share * count);
    }

    #[test]
    fn percentile_bounds_are_the_narrowest_allowed(n in 1_u32..400, share in 1_i32..=99) {
        let decimal = percent(i64::from(share));
        let ranks = percentile_ranks(n as usize, decimal, CONFIDENCE).unwrap();
        let binomial = Binomial::new(f64::from(share) / 100.0, u64::from(n)).unwrap();
        // The value at a rank is above the percentile if at most `rank` values are below
        // it, and below it if more than that are.
        let is_above = |rank: usize| binomial.cdf(rank as u64);
        let is_below = |rank: usize| binomial.sf(rank as u64);
        prop_assert!(ranks.low.is_none_or(|low| is_above(low) <= 0.025 + 1e-9));
        prop_assert!(is_above(ranks.low.map_or(0, |low| low + 1)) > 0.025 - 1e-9);
        prop_assert!(ranks.high.is_none_or(|high| is_below(high) <= 0.025 + 1e-9));
        let inner = ranks.high.unwrap_or(n as usize).checked_sub(1);
        prop_assert!(inner.is_none_or(|inner| is_below(inner) > 0.025 - 1e-9));
    }
}

/// The rules each value breaks, within limits of 0 to 10.
fn found(values: &[f64]) -> Vec<Option<Signal>> {
    let limits = Limits { centre: 5.0, lower: 0.0, upper: 10.0 };
    signals(&values.iter().map(|value| (*value, limits)).collect::<Vec<_>>())
}

#[test]
fn a_value_beyond_a_limit_is_a_signal_and_one_on_it_is_none() {
    let beyond = Some(Signal::Beyond);
    assert_eq!(found(&[10.0, 10.1, 0.0, -0.1]), [None, beyond, None, beyond]);
}

#[test]
fn the_eighth_in_a_row_on_one_side_is_a_signal() {
    let eight = Some(Signal::EightOnOneSide);
    let mut values = [6.0; 9];
    let signals = found(&values);
    assert_eq!(signals.iter().position(|signal| *signal == eight), Some(7));
    assert_eq!(signals.last(), Some(&eight));
    // One on the centre ends the run.
    values[4] = 5.0;
    assert!(found(&values).iter().all(Option::is_none));
}

#[test]
fn three_of_four_nearer_to_a_limit_than_to_the_centre_are_a_signal() {
    let three = Some(Signal::ThreeOfFour);
    assert_eq!(found(&[8.0, 8.0, 4.0, 8.0]), [None, None, None, three]);
    assert_eq!(found(&[8.0, 4.0, 4.0, 8.0, 8.0]), [None; 5]);
    assert_eq!(found(&[8.0, 2.0, 8.0, 2.0, 8.0]), [None; 5]);
    assert_eq!(found(&[7.5, 7.5, 7.5]), [None; 3]);
}

#[test]
fn what_does_not_vary_gives_no_signal() {
    let chart = xmr(&[0.1; 9]).unwrap();
    let points: Vec<_> = [0.1; 9].map(|value| (value, chart.values)).to_vec();
    assert_eq!(signals(&points), [None; 9]);
}
