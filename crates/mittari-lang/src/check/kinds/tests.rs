//! The laws of the tables, by enumeration over all kinds.

use super::*;
use crate::types::SetId;
use crate::value::Currency;

const EUR: K = K::Money(Currency(*b"EUR"));
const USD: K = K::Money(Currency(*b"USD"));
const ALL: &[K] = &[
    K::Truth,
    K::Text,
    K::Category(SetId(0)),
    K::Category(SetId(1)),
    K::Number,
    K::Ratio,
    K::Quotient,
    K::Bare,
    K::Duration,
    EUR,
    USD,
    K::Instant,
    K::Day,
    K::Calendar,
    K::Missing,
    K::Unsound,
];
const SIGNS: [Sign; 2] = [Sign::Plus, Sign::Minus];

fn plus(left: K, right: K) -> Result<K, Code> {
    sum(left, right, Sign::Plus)
}

fn pairs() -> impl Iterator<Item = (K, K)> {
    ALL.iter().flat_map(|one| ALL.iter().map(move |other| (*one, *other)))
}

#[test]
fn sums_products_and_joins_do_not_depend_on_the_order() {
    for (a, b) in pairs() {
        for (name, table) in
            [("+", plus as fn(K, K) -> _), ("*", product), ("join", join)]
        {
            match (table(a, b), table(b, a)) {
                (Ok(one), Ok(other)) => assert_eq!(one, other, "{a:?} {name} {b:?}"),
                (Err(_), Err(_)) => {}
                (one, other) => panic!("{a:?} {name} {b:?}: {one:?} and {other:?}"),
            }
        }
    }
}

#[test]
fn sums_products_and_joins_do_not_depend_on_grouping() {
    let sound = || ALL.iter().copied().filter(|kind| *kind != K::Unsound);
    for (a, b) in pairs() {
        for c in sound().filter(|_| a != K::Unsound && b != K::Unsound) {
            for (name, table) in
                [("+", plus as fn(K, K) -> _), ("*", product), ("join", join)]
            {
                let left = table(a, b).and_then(|ab| table(ab, c)).ok();
                let right = table(b, c).and_then(|bc| table(a, bc)).ok();
                assert_eq!(left, right, "{a:?} {name} {b:?} {name} {c:?}");
            }
        }
    }
}

#[test]
fn comparison_is_symmetric_and_an_order_asks_for_more() {
    for (a, b) in pairs() {
        for ordered in [false, true] {
            assert_eq!(
                compare(a, b, ordered).is_ok(),
                compare(b, a, ordered).is_ok(),
                "{a:?} {b:?}"
            );
        }
        if compare(a, b, true).is_ok() {
            assert_eq!(compare(a, b, false), Ok(()), "{a:?} {b:?}");
        }
    }
}

#[test]
fn what_joins_compares() {
    for (a, b) in pairs().filter(|(a, b)| *a != K::Missing && *b != K::Missing) {
        if join(a, b).is_ok() && a != K::Calendar {
            assert_eq!(compare(a, b, false), Ok(()), "{a:?} {b:?}");
        }
    }
}

#[test]
fn what_was_added_or_multiplied_can_be_taken_away_again() {
    let back = |law: &str, a: K, result: Result<K, Code>| {
        let same = result.and_then(|kind| compare(kind, a, false));
        assert!(same.is_ok(), "{law} with a = {a:?}: {same:?}");
    };
    for (a, b) in pairs() {
        if let Ok(added) = plus(a, b)
            && !(a == K::Duration && b == K::Instant)
        {
            back("(a + b) - b", a, sum(added, b, Sign::Minus));
        }
        if let Ok(times) = product(a, b)
            && quotient(times, b).is_ok()
        {
            back("(a * b) / b", a, quotient(times, b));
        }
        // A share of an amount is an amount: the one law that does not hold.
        if let Ok(over) = quotient(a, b)
            && (a, b) != (K::Ratio, K::Number)
            && product(over, b).is_ok()
        {
            back("(a / b) * b", a, product(over, b));
        }
    }
}

#[test]
fn what_was_complained_about_absorbs() {
    for kind in ALL.iter().copied() {
        assert_eq!(product(kind, K::Unsound), Ok(K::Unsound));
        assert_eq!(quotient(K::Unsound, kind), Ok(K::Unsound));
        assert_eq!(join(kind, K::Unsound), Ok(K::Unsound));
        assert_eq!(compare(kind, K::Unsound, true), Ok(()));
        for sign in SIGNS {
            assert_eq!(sum(kind, K::Unsound, sign), Ok(K::Unsound));
        }
    }
}

#[test]
fn grains_join_unless_a_row_meets_a_group() {
    let all = [Grain::Constant, Grain::Row, Grain::Group];
    for a in all {
        assert_eq!(grain(Grain::Constant, a), Some(a));
        assert_eq!(grain(a, a), Some(a));
        for b in all {
            assert_eq!(grain(a, b), grain(b, a));
        }
    }
    assert_eq!(grain(Grain::Row, Grain::Group), None);
}

#[test]
fn a_duration_divided_by_a_duration_has_no_unit() {
    assert_eq!(quotient(K::Duration, K::Duration), Ok(K::Quotient));
    assert_eq!(quotient(K::Number, K::Duration), Err(Code::PerDuration));
    assert_eq!(quotient(EUR, USD), Err(Code::CurrenciesDiffer));
    assert_eq!(product(K::Duration, EUR), Err(Code::UnitProduct));
    assert_eq!(sum(K::Instant, K::Instant, Sign::Minus), Ok(K::Duration));
    assert_eq!(plus(K::Number, K::Ratio), Err(Code::PercentOfWhat));
}
