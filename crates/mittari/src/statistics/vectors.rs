//! The conformance vectors of statistics, every line.
//!
//! Of what mittari does not offer (the continuity correction, quantile types 2, 5, 6 and
//! 8, the bootstrap, averages of ratios) and of what a card says (service levels), the
//! tests compute the formula themselves, so that no line goes unread.

use mittari_lang::value::Decimal;
use serde_json::Value;

use super::{
    Interval, Sample, mean_interval, nearest_rank, newcombe, p_chart, percentile,
    poisson, sample_size_of, welch, wilson, xmr,
};

const VECTORS: &str = include_str!("../../../../tests/vectors/statistics.jsonl");

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn whole(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// The decimal a number was written as.
fn decimal(value: &Value) -> Decimal {
    let text = value.to_string();
    let (front, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mantissa = format!("{front}{fraction}").parse().unwrap();
    Decimal { mantissa, scale: u8::try_from(fraction.len()).unwrap() }
}

type Answer = Vec<(&'static str, f64)>;

fn bounds(interval: Option<Interval>) -> Answer {
    let interval = interval.unwrap();
    vec![("low", interval.low), ("high", interval.high)]
}

/// What mittari (or, for what it does not offer, this test) says to a line.
fn answer(kind: &str, inputs: &Value) -> Answer {
    let sure = inputs["confidence"].as_f64().unwrap_or(0.95);
    let sample = |key: &str| Sample::of(&numbers(&inputs[key])).unwrap();
    match kind {
        "wilson" => bounds(wilson(whole(&inputs["x"]), whole(&inputs["n"]), sure)),
        "wilson_cc" => corrected(number(&inputs["x"]), number(&inputs["n"]), sure),
        "newcombe_difference" => difference(inputs, sure),
        "t_interval" => bounds(mean_interval(&sample("values"), sure)),
        "t_interval_summary" => bounds(mean_interval(&summary(inputs), sure)),
        "t_interval_paired" => bounds(mean_interval(&paired(inputs), sure)),
        "welch_interval" => bounds(welch(&sample("a"), &sample("b"), sure)),
        "bootstrap_percentile_exact" => resampled(&numbers(&inputs["values"])),
        "xmr" => individuals(inputs),
        "p_chart" => proportions(inputs),
        "quantile" => vec![("value", quantile(inputs))],
        "poisson_exact" => bounds(poisson(whole(&inputs["count"]), sure)),
        "sample_size_finite" => asked(inputs),
        "ratio_of_sums" => ratios(&inputs["pairs"]),
        "service_level" => vec![("percent", service_level(inputs))],
        other => panic!("no rule for {other}"),
    }
}

fn difference(inputs: &Value, sure: f64) -> Answer {
    let pair = |hits: &str, n: &str| (whole(&inputs[hits]), whole(&inputs[n]));
    bounds(newcombe(pair("x1", "n1"), pair("x2", "n2"), sure))
}

fn summary(inputs: &Value) -> Sample {
    let sd = number(&inputs["sd"]);
    Sample { n: whole(&inputs["n"]), mean: number(&inputs["mean"]), variance: sd * sd }
}

fn paired(inputs: &Value) -> Sample {
    let (a, b) = (numbers(&inputs["a"]), numbers(&inputs["b"]));
    let differences: Vec<_> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
    Sample::of(&differences).unwrap()
}

fn proportions(inputs: &Value) -> Answer {
    let limits = p_chart(number(&inputs["p_bar"]), whole(&inputs["n"])).unwrap();
    vec![("lower", limits.lower), ("upper", limits.upper)]
}

fn individuals(inputs: &Value) -> Answer {
    let chart = xmr(&numbers(&inputs["values"])).unwrap();
    let mut limits = chart.values;
    if inputs["factor"] == "3/1.128" {
        // The handbook takes the unrounded constant.
        let reach = 3.0 / 1.128 * chart.mean_range;
        (limits.lower, limits.upper) = (limits.centre - reach, limits.centre + reach);
    }
    vec![
        ("center", limits.centre),
        ("mr_bar", chart.mean_range),
        ("lower", limits.lower),
        ("upper", limits.upper),
        ("mr_upper", chart.upper_range),
    ]
}

fn asked(inputs: &Value) -> Answer {
    let (p, margin) = (number(&inputs["p"]), number(&inputs["margin"]));
    let n = sample_size_of(whole(&inputs["population"]), p, margin, 0.95);
    vec![("n", n.unwrap())]
}

/// The score interval with continuity correction, Newcombe (1998), method 4.
fn corrected(x: f64, n: f64, sure: f64) -> Answer {
    let z = super::z(sure).unwrap();
    let (p, square) = (x / n, z * z);
    let bound = |sign: f64| {
        let under = square + sign * 2.0 - 1.0 / n + 4.0 * p * (n * (1.0 - p) - sign);
        (2.0 * n * p + square + sign * (1.0 + z * under.sqrt())) / (2.0 * (n + square))
    };
    let low = if x > 0.0 { bound(-1.0) } else { 0.0 };
    vec![("low", low), ("high", if x < n { bound(1.0) } else { 1.0 })]
}

/// The percentile interval of the mean over all resamples.
fn resampled(values: &[f64]) -> Answer {
    let n = values.len();
    let total = n.pow(u32::try_from(n).unwrap());
    let mean = |mut code: usize| {
        let mut sum = 0.0;
        for _ in 0..n {
            sum += values[code % n];
            code /= n;
        }
        sum / n as f64
    };
    let mut means: Vec<_> = (0..total).map(mean).collect();
    means.sort_by(f64::total_cmp);
    let at = |mantissa| percentile(&means, Decimal { mantissa, scale: 3 }).unwrap();
    vec![("low", at(25)), ("high", at(975))]
}

fn quantile(inputs: &Value) -> f64 {
    let mut values = numbers(&inputs["values"]);
    values.sort_by(f64::total_cmp);
    let (n, p) = (values.len() as f64, number(&inputs["p"]));
    let share = decimal(&inputs["p"]);
    match inputs["method"].as_str().unwrap() {
        "type7" => percentile(&values, share).unwrap(),
        "type1" | "nearest_rank" => values[nearest_rank(values.len(), share).unwrap()],
        "type2" => averaged(&values, n * p),
        "type5" => interpolated(&values, n * p + 0.5),
        "type6" => interpolated(&values, (n + 1.0) * p),
        "type8" => interpolated(&values, (n + 1.0 / 3.0) * p + 1.0 / 3.0),
        other => panic!("no rule for {other}"),
    }
}

/// The value with a whole rank, counted from 1, or the nearest there is.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank within the values"
)]
fn ranked(values: &[f64], rank: f64) -> f64 {
    values[rank.clamp(1.0, values.len() as f64) as usize - 1]
}

/// The value at a rank, between its neighbours.
fn interpolated(values: &[f64], rank: f64) -> f64 {
    let (low, high) = (ranked(values, rank.floor()), ranked(values, rank.floor() + 1.0));
    low + (high - low) * rank.fract()
}

/// The mean of both neighbours where a rank is whole, else the value after it.
fn averaged(values: &[f64], rank: f64) -> f64 {
    f64::midpoint(ranked(values, rank.ceil()), ranked(values, rank.floor() + 1.0))
}

fn ratios(pairs: &Value) -> Answer {
    let pairs: Vec<_> = pairs.as_array().unwrap().iter().map(numbers).collect();
    let sum = |side: usize| pairs.iter().map(|pair| pair[side]).sum::<f64>();
    let average = pairs.iter().map(|pair| pair[0] / pair[1]).sum::<f64>();
    let average = average / pairs.len() as f64;
    vec![("ratio_of_sums", sum(0) / sum(1)), ("average_of_ratios", average)]
}

fn service_level(inputs: &Value) -> f64 {
    let of = |key: &str| number(&inputs[key]);
    let (answered, hits) = (of("answered"), of("answered_in"));
    let all = answered + of("abandoned");
    let (above, below) = match inputs["variant"].as_str().unwrap() {
        "answered_only" => (hits, answered),
        "all_abandons_negative" => (hits, all),
        "abandons_in_excluded" => (hits, all - of("abandoned_in")),
        "short_abandons_excluded" => (hits, all - of("abandoned_short")),
        "removed_from_queue" => (hits + of("abandoned_in"), all),
        other => panic!("no rule for {other}"),
    };
    100.0 * above / below
}

#[test]
fn every_vector_is_met_within_its_tolerance() {
    let mut lines = 0;
    for line in VECTORS.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let found = answer(line["kind"].as_str().unwrap(), &line["inputs"]);
        for (key, expected) in line["expected"].as_object().unwrap() {
            let (_, value) = found.iter().find(|(name, _)| name == key).unwrap();
            // What is exact as a decimal may still differ in its last binary place.
            let tolerance = number(&line["tolerance"]).max(1e-12);
            let distance = (value - number(expected)).abs();
            assert!(distance <= tolerance, "{} {key}: {value}", line["id"]);
        }
        lines += 1;
    }
    assert_eq!(lines, 96);
}

#[test]
fn what_other_programs_computed_is_met_to_nine_digits() {
    for line in VECTORS.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        // The printed table takes 3.841 for the square of the normal quantile.
        if line["kind"] == "sample_size_finite" {
            continue;
        }
        let found = answer(line["kind"].as_str().unwrap(), &line["inputs"]);
        for (key, computed) in line["computed"].as_object().unwrap() {
            if let Some((_, value)) = found.iter().find(|(name, _)| name == key) {
                let computed = number(computed);
                let near = (value - computed).abs() <= 1e-9 * computed.abs().max(1.0);
                assert!(near, "{} {key}: {value} beside {computed}", line["id"]);
            }
        }
    }
}
