//! Expected values as numbers, and measured ones as they would be written.

use mittari_lang::syntax::Literal;
use mittari_lang::trial::Amount;
use mittari_lang::types::Unit;
use mittari_lang::value::{Currency, Decimal};
use num_rational::Ratio;
use num_traits::{CheckedAdd as _, CheckedSub as _};

/// The number of an expected value in the base of results: a fraction, seconds, an
/// amount; none for `missing`. Else what is expected, in words: a value is never cast.
pub(super) fn in_unit(unit: Unit, amount: &Amount) -> Result<Option<Fraction>, String> {
    if amount.value == Literal::Missing {
        return Ok(None);
    }
    let share = matches!(unit, Unit::Percent | Unit::Points);
    let value = match (unit, &amount.value) {
        (Unit::Percent | Unit::Points, Literal::Ratio(number))
        | (Unit::Number | Unit::Count, Literal::Number(number)) => Some(exact(*number)),
        // A quotient of numbers is a share: `2 / 3`.
        (_, Literal::Number(number)) if share && amount.over.is_some() => {
            Some(exact(*number))
        }
        (Unit::Money(own), Literal::Money { amount, currency }) if own == *currency => {
            Some(exact(*amount))
        }
        (unit, Literal::Duration { micros, .. }) if unit.micros().is_some() => {
            Some(seconds(*micros))
        }
        _ => None,
    };
    let value = value.ok_or_else(|| wanted(unit).to_owned())?;
    Ok(Some(over(value, amount.over)))
}

/// The number of a numerator or denominator, whose unit no card states.
pub(super) fn in_any_unit(amount: &Amount) -> Result<Option<Fraction>, String> {
    let value = match &amount.value {
        Literal::Missing => return Ok(None),
        Literal::Number(number) | Literal::Ratio(number) => exact(*number),
        Literal::Money { amount, .. } => exact(*amount),
        Literal::Duration { micros, .. } => seconds(*micros),
        Literal::Day(_) | Literal::Text(_) | Literal::Truth(_) => {
            return Err("a number, a duration or an amount".to_owned());
        }
    };
    Ok(Some(over(value, amount.over)))
}

/// What a value in a unit is written like.
const fn wanted(unit: Unit) -> &'static str {
    match unit {
        Unit::Percent | Unit::Points => "a share, as `80 %` or `2 / 3`,",
        Unit::Number | Unit::Count => "a number",
        Unit::Milliseconds | Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Days => {
            "a duration with its unit, as `20 s`,"
        }
        Unit::Money(_) => "an amount with its currency, as `50 EUR`,",
    }
}

/// An exact number.
pub(super) type Fraction = Ratio<i128>;

fn exact(number: Decimal) -> Fraction {
    let below = 10_i128.pow(u32::from(number.scale.min(18)));
    Fraction::new(i128::from(number.mantissa), below)
}

fn seconds(micros: i64) -> Fraction {
    Fraction::new(i128::from(micros), 1_000_000)
}

fn over(value: Fraction, below: Option<Decimal>) -> Fraction {
    // Neither part has more than 37 digits, so that the quotient is in reach.
    let below = below.map(exact).filter(|below| *below.numer() != 0);
    below.map_or(value, |below| value / below)
}

/// The nearest binary number, rounded once, as results are.
fn nearest(exact: &Fraction) -> f64 {
    *exact.numer() as f64 / *exact.denom() as f64
}

/// Whether a measured value is as expected, or differs by no more than a tolerance.
pub(super) fn is_near(
    expected: Option<&Fraction>,
    found: Option<f64>,
    tolerance: Option<&Fraction>,
) -> bool {
    let (Some(expected), Some(found)) = (expected, found) else {
        return expected.is_none() && found.is_none();
    };
    let Some(tolerance) = tolerance else {
        return nearest(expected).total_cmp(&found).is_eq();
    };
    let (value, room) = (nearest(expected), nearest(tolerance));
    let low = expected.checked_sub(tolerance).map_or(value - room, |low| nearest(&low));
    let high =
        expected.checked_add(tolerance).map_or(value + room, |high| nearest(&high));
    (low..=high).contains(&found)
}

/// A measured value as it would be written, with all its digits.
pub(super) fn written(unit: Unit, value: Option<f64>) -> String {
    let Some(value) = value else { return "missing".to_owned() };
    match unit {
        Unit::Percent => format!("{} %", hundredfold(value)),
        Unit::Points => hundredfold(value),
        Unit::Number | Unit::Count => value.to_string(),
        Unit::Money(currency) => with_currency(value, currency),
        Unit::Milliseconds | Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Days => {
            format!("{value} s")
        }
    }
}

fn with_currency(value: f64, currency: Currency) -> String {
    format!("{value} {}", currency.code())
}

/// A hundred times a number, by moving its point: no digit changes.
fn hundredfold(value: f64) -> String {
    let text = value.abs().to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits = format!("{part:0<2}");
    let rest = digits.split_off(2);
    let whole = format!("{whole}{digits}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let sign = if value < 0.0 { "-" } else { "" };
    if rest.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_shown_without_a_digit_of_its_own() {
        let shown = |value: f64| written(Unit::Percent, Some(value));
        assert_eq!(shown(0.07), "7 %");
        assert_eq!(shown(1.0), "100 %");
        assert_eq!(shown(0.0), "0 %");
        assert_eq!(shown(-0.005), "-0.5 %");
        assert_eq!(shown(2.0 / 3.0), "66.66666666666666 %");
        assert_eq!(shown(1.5), "150 %");
    }

    #[test]
    fn values_are_taken_in_their_unit_alone() {
        let number = |mantissa, over| Amount {
            value: Literal::Number(Decimal::whole(mantissa)),
            over,
        };
        let half = Amount {
            value: Literal::Ratio(Decimal { mantissa: 5, scale: 1 }),
            over: None,
        };
        assert_eq!(in_unit(Unit::Percent, &half), Ok(Some(Fraction::new(1, 2))));
        assert!(in_unit(Unit::Percent, &number(50, None)).is_err());
        assert!(in_unit(Unit::Count, &half).is_err());
        let third = number(2, Some(Decimal::whole(3)));
        assert_eq!(in_unit(Unit::Percent, &third), Ok(Some(Fraction::new(2, 3))));
        let time = Literal::Duration { micros: 124_000_000, days: false };
        let mean = Amount { value: time, over: Some(Decimal::whole(3)) };
        assert_eq!(in_unit(Unit::Minutes, &mean), Ok(Some(Fraction::new(124, 3))));
        assert!(in_unit(Unit::Seconds, &number(41, None)).is_err());
    }
    #[test]
    fn a_tolerance_is_exact_to_the_last_digit() {
        let [half, below, hundredth] = [(1, 2), (49, 100), (1, 100)]
            .map(|(above, below)| Fraction::new(above, below));
        assert!(is_near(Some(&below), Some(0.5), Some(&hundredth)));
        assert!(!is_near(Some(&below), Some(0.500_000_01), Some(&hundredth)));
        assert!(!is_near(Some(&below), Some(0.5), None));
        assert!(is_near(Some(&half), Some(0.5), None));
        assert!(is_near(None, None, None));
        assert!(!is_near(None, Some(0.0), None) && !is_near(Some(&half), None, None));
    }
}
