//! Values of groups: exactness, nothing, three-valued logic.

use proptest::prelude::*;

use super::*;

fn truth(value: i8) -> Scalar {
    match value {
        0 => Scalar::Truth(false),
        1 => Scalar::Truth(true),
        _ => Scalar::NoData,
    }
}

#[test]
fn anything_over_zero_is_no_data() {
    let (zero, five) = (Scalar::whole(0), Scalar::whole(5));
    assert_eq!(zero.divide(&zero).unwrap(), Scalar::NoData);
    assert_eq!(five.divide(&zero).unwrap(), Scalar::NoData);
    assert_eq!(five.divide(&Scalar::Real(0.0)).unwrap(), Scalar::NoData);
    assert_eq!(Scalar::NoData.divide(&five).unwrap(), Scalar::NoData);
    assert_eq!(zero.divide(&five).unwrap(), zero);
    assert_eq!(five.divide(&Scalar::whole(-2)).unwrap(), Scalar::quotient(-5, 2));
}

#[test]
fn a_share_of_four_fifths_is_exactly_eighty_percent() {
    let written = Scalar::of(&Value::Number(Decimal { mantissa: 80, scale: 2 }));
    let measured = Scalar::whole(36_036).divide(&Scalar::whole(45_045)).unwrap();
    assert_eq!(measured.compare(&written), Some(Ordering::Equal));
    assert_eq!(Scalar::Real(0.8).compare(&written), Some(Ordering::Equal));
    let less = Scalar::quotient(7_999_999, 10_000_000);
    assert_eq!(less.compare(&written), Some(Ordering::Less));
}

#[test]
fn what_grows_beyond_128_bits_becomes_a_binary_number() {
    let huge = Scalar::whole(i128::MAX);
    assert_eq!(huge.add(&huge).unwrap().to_f64(), Some(i128::MAX as f64 * 2.0));
    let least = Scalar::whole(i128::MIN);
    assert!(Scalar::whole(1).divide(&least).unwrap().to_f64().unwrap() < 0.0);
    assert!(apply(Builtin::Negate, &[least]).unwrap().to_f64().unwrap() > 0.0);
    let top = Scalar::Real(f64::MAX);
    assert_eq!(top.multiply(&top), Err(RunError::Overflow));
}

#[test]
fn logic_has_three_values() {
    for (a, b, and, or) in [
        (0, 2, 0, 2),
        (1, 2, 2, 1),
        (2, 2, 2, 2),
        (0, 1, 0, 1),
        (1, 1, 1, 1),
        (0, 0, 0, 0),
    ] {
        let both = [truth(a), truth(b)];
        assert_eq!(apply(Builtin::And, &both).unwrap(), truth(and), "{a} and {b}");
        assert_eq!(apply(Builtin::Or, &both).unwrap(), truth(or), "{a} or {b}");
    }
    assert_eq!(apply(Builtin::Not, &[truth(2)]).unwrap(), Scalar::NoData);
    let unknown = [Scalar::NoData, Scalar::whole(1)];
    assert_eq!(apply(Builtin::Equal, &unknown).unwrap(), Scalar::NoData);
    assert_eq!(apply(Builtin::In, &unknown).unwrap(), Scalar::NoData);
    assert_eq!(apply(Builtin::IsKnown, &[Scalar::NoData]).unwrap(), truth(0));
    assert_eq!(apply(Builtin::IsMissing, &[Scalar::NoData]).unwrap(), truth(1));
}

#[test]
fn scores_are_clamped_and_their_ends_may_be_swapped() {
    let score = |value: i64, worst: i64, best: i64| {
        apply(Builtin::Score, &[value, worst, best].map(Scalar::whole)).unwrap()
    };
    assert_eq!(score(75, 60, 90), Scalar::quotient(1, 2));
    assert_eq!(score(10, 60, 90), Scalar::whole(0));
    assert_eq!(score(95, 60, 90), Scalar::whole(1));
    assert_eq!(score(30, 60, 20), Scalar::quotient(3, 4));
    assert_eq!(score(30, 60, 60), Scalar::NoData);
}

#[test]
fn floors_go_down_to_a_multiple_of_the_step() {
    let floor = |value, step| apply(Builtin::Floor, &[value, step]).unwrap();
    assert_eq!(floor(Scalar::whole(17), Scalar::whole(5)), Scalar::whole(15));
    assert_eq!(floor(Scalar::whole(-1), Scalar::whole(5)), Scalar::whole(-5));
    assert_eq!(floor(Scalar::Real(0.7), Scalar::quotient(1, 2)), Scalar::Real(0.5));
    assert_eq!(floor(Scalar::whole(1), Scalar::whole(0)), Scalar::NoData);
}

proptest! {
    #[test]
    fn exact_values_obey_the_rules_of_arithmetic(
        a in any::<i32>(), b in any::<i32>(), c in 1..i32::MAX,
    ) {
        let (a, b, c) = (Scalar::whole(a), Scalar::whole(b), Scalar::whole(c));
        let sum = a.add(&b).unwrap();
        prop_assert_eq!(&sum.subtract(&b).unwrap(), &a);
        let parts = a.divide(&c).unwrap().add(&b.divide(&c).unwrap()).unwrap();
        prop_assert_eq!(sum.divide(&c).unwrap(), parts);
    }

    #[test]
    fn nothing_panics(
        a in any::<i128>(), b in any::<i128>(), c in any::<i128>(), d in any::<f64>(),
    ) {
        let exact = Scalar::whole(a).divide(&Scalar::whole(b)).unwrap();
        let real = Scalar::real(d).unwrap_or(Scalar::NoData);
        for (left, right) in [(&exact, &Scalar::whole(c)), (&exact, &real), (&real, &exact)] {
            let _ = (left.add(right), left.subtract(right), left.multiply(right));
            let _ = (left.divide(right), left.floored(right), left.compare(right));
            let _ = left.score(right, &Scalar::whole(c));
        }
    }
}

proptest! {
    #[test]
    fn fractions_are_those_of_the_library(
        (a, c) in (any::<i64>(), any::<i64>()),
        (b, d) in (1..i64::MAX, 1..i64::MAX),
        shift in 0_u32..64,
    ) {
        let short = |part: i64| i128::from(part >> shift);
        let own = Fraction::new(short(a), short(b).max(1));
        let other = Fraction::new(short(c), short(d).max(1));
        assert_eq!(ratio(short(a), short(b).max(1)), own);
        let same = |found: Option<Fraction>, expected: Option<Fraction>| {
            let parts = |one: Fraction| (*one.numer(), *one.denom());
            assert_eq!(found.map(parts), expected.map(parts));
        };
        same(plus(&own, &other), own.checked_add(&other));
        same(times(&own, &other), own.checked_mul(&other));
        if let Some(seconds) = nearest_part(&own, 1_000_000) {
            let reduced = nearest(&(own / 1_000_000));
            assert_eq!(seconds.to_bits(), reduced.to_bits());
        }
    }
}
