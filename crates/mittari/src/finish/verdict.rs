//! Which target holds, and whether a value keeps it.

use std::cmp::Ordering;

use mittari_lang::metric::{Bound, Target};
use mittari_lang::value::Value;

use super::scalar::Scalar;
use super::segment::shown;
use crate::table::{SegmentValue, Verdict};

/// The target in force for a segment when a period starts, `first_day` being its first
/// day: the one that names most of the segment's values, of those the latest.
pub(super) fn in_force<'a>(
    targets: &'a [Target],
    segment: &[(String, SegmentValue)],
    first_day: i32,
) -> Option<&'a Target> {
    let holds = |target: &&Target| {
        target.since.is_none_or(|since| since <= first_day)
            && target.segment.iter().all(|(name, value)| {
                segment.iter().any(|(own, is)| own == name && shown(is) == *value)
            })
    };
    targets
        .iter()
        .filter(holds)
        .max_by_key(|target| (target.segment.len(), target.since.unwrap_or(i32::MIN)))
}

/// The unrounded value against a target.
pub(super) fn contractual(target: &Target, value: &Scalar) -> Option<Verdict> {
    if keeps(&target.bound, value)? {
        return Some(Verdict::Met);
    }
    let near = target.near.as_ref().and_then(|near| keeps(near, value));
    Some(if near == Some(true) { Verdict::Near } else { Verdict::Missed })
}

/// An interval against a target: kept or missed if all of it is, else undecided.
pub(super) fn analytic(target: &Target, (low, high): (f64, f64)) -> Option<Verdict> {
    let bound = &target.bound;
    let (low, high) = (Scalar::Real(low), Scalar::Real(high));
    if keeps(bound, &low)? && keeps(bound, &high)? {
        return Some(Verdict::Met);
    }
    let below = |edge: &Value, end: &Scalar| order(end, edge) == Some(Ordering::Less);
    let above = |edge: &Value, end: &Scalar| order(end, edge) == Some(Ordering::Greater);
    let missed = match bound {
        Bound::AtLeast(edge) => below(edge, &high),
        Bound::Over(edge) => !above(edge, &high),
        Bound::AtMost(edge) => above(edge, &low),
        Bound::Under(edge) => !below(edge, &low),
        Bound::Between(from, to) => below(from, &high) || above(to, &low),
    };
    Some(if missed { Verdict::Missed } else { Verdict::Undecided })
}

/// Whether a value keeps a bound; none if it has no data.
fn keeps(bound: &Bound, value: &Scalar) -> Option<bool> {
    Some(match bound {
        Bound::AtLeast(edge) => order(value, edge)?.is_ge(),
        Bound::AtMost(edge) => order(value, edge)?.is_le(),
        Bound::Over(edge) => order(value, edge)?.is_gt(),
        Bound::Under(edge) => order(value, edge)?.is_lt(),
        Bound::Between(from, to) => {
            order(value, from)?.is_ge() && order(value, to)?.is_le()
        }
    })
}

fn order(value: &Scalar, edge: &Value) -> Option<Ordering> {
    value.compare(&Scalar::of(edge))
}

#[cfg(test)]
mod tests {
    use mittari_lang::value::Decimal;

    use super::*;

    fn percent(mantissa: i64) -> Value {
        Value::Number(Decimal { mantissa, scale: 2 })
    }

    fn target(bound: Bound) -> Target {
        Target {
            segment: Vec::new(),
            bound,
            near: None,
            since: None,
            text: String::new(),
        }
    }

    #[test]
    fn the_unrounded_value_decides() {
        let near = Some(Bound::AtLeast(percent(75)));
        let target = Target { near, ..target(Bound::AtLeast(percent(80))) };
        let verdict = |above: i32, below: i32| {
            contractual(&target, &Scalar::quotient(above, below)).unwrap()
        };
        assert_eq!(verdict(4, 5), Verdict::Met);
        assert_eq!(verdict(7996, 10_000), Verdict::Near);
        assert_eq!(verdict(75, 100), Verdict::Near);
        assert_eq!(verdict(7499, 10_000), Verdict::Missed);
        assert_eq!(contractual(&target, &Scalar::NoData), None);
    }

    #[test]
    fn an_interval_on_both_sides_is_undecided() {
        let verdict =
            |bound: Bound, low, high| analytic(&target(bound), (low, high)).unwrap();
        let edge = || percent(80);
        assert_eq!(verdict(Bound::AtLeast(edge()), 0.8, 0.9), Verdict::Met);
        assert_eq!(verdict(Bound::AtLeast(edge()), 0.7, 0.8), Verdict::Undecided);
        assert_eq!(verdict(Bound::Over(edge()), 0.7, 0.8), Verdict::Missed);
        assert_eq!(verdict(Bound::AtMost(edge()), 0.7, 0.8), Verdict::Met);
        assert_eq!(verdict(Bound::Under(edge()), 0.8, 0.9), Verdict::Missed);
        let between = || Bound::Between(percent(20), percent(80));
        assert_eq!(verdict(between(), 0.2, 0.8), Verdict::Met);
        assert_eq!(verdict(between(), 0.81, 0.9), Verdict::Missed);
        assert_eq!(verdict(between(), 0.1, 0.9), Verdict::Undecided);
    }

    #[test]
    fn the_narrowest_and_latest_target_holds() {
        let named = |text: &str, segment: &[(&str, &str)], since| Target {
            segment: segment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            since,
            text: text.to_owned(),
            ..target(Bound::AtLeast(percent(80)))
        };
        let targets = [
            named("all", &[], None),
            named("all from 100", &[], Some(100)),
            named("P1", &[("priority", "P1")], Some(50)),
        ];
        let text = |value: Option<&str>, day| {
            let segment: Vec<_> = value
                .map(|value| {
                    ("priority".to_owned(), SegmentValue::Name(value.to_owned()))
                })
                .into_iter()
                .collect();
            in_force(&targets, &segment, day).unwrap().text.clone()
        };
        assert_eq!(text(None, 99), "all");
        assert_eq!(text(None, 100), "all from 100");
        assert_eq!(text(Some("P1"), 49), "all");
        assert_eq!(text(Some("P1"), 200), "P1");
        assert_eq!(text(Some("P2"), 200), "all from 100");
    }
}
