//! The text of a value: rounded half away from zero on its decimal digits, with its unit.
//!
//! The text is the same in every format: a point before the decimals, no sign between
//! thousands, one space before the unit.

use mittari_lang::types::Unit;

use super::scalar::{Fraction, Scalar, ratio};
use num_traits::{CheckedMul as _, Signed as _, ToPrimitive as _};

/// What stands where there is nothing to make a value of: an en dash.
pub const NO_DATA: &str = "\u{2013}";
/// What stands where a value may not be shown.
pub const WITHHELD: &str = "withheld";

/// The text of a value in a unit.
pub(super) fn display(value: &Scalar, unit: Unit, decimals: u8) -> String {
    let exact = match value {
        Scalar::Exact(exact) => Some(*exact),
        Scalar::Real(real) => decimal_digits(*real),
        _ => return NO_DATA.to_owned(),
    };
    let number = exact.and_then(|exact| rounded(exact, factor(unit), decimals));
    let mut text = number.unwrap_or_else(|| {
        let factor = Scalar::Exact(factor(unit)).to_f64().unwrap_or(1.0);
        let shown = value.to_f64().unwrap_or_default() * factor;
        format!("{shown:.*}", usize::from(decimals))
    });
    if let Some(suffix) = suffix(&unit) {
        text.push(' ');
        text.push_str(suffix);
    }
    text
}

/// What a value in its base is multiplied by to be shown in a unit.
fn factor(unit: Unit) -> Fraction {
    match (unit, unit.micros()) {
        (Unit::Percent | Unit::Points, _) => Fraction::from_integer(100),
        (_, Some(micros)) => Fraction::new(1, i128::from(micros)),
        _ => Fraction::from_integer(1),
    }
}

/// What follows the number.
fn suffix(unit: &Unit) -> Option<&str> {
    match unit {
        Unit::Percent => Some("%"),
        Unit::Points | Unit::Number | Unit::Count => None,
        _ => Some(unit.word()),
    }
}

/// The digits of an exact value times a factor, rounded half away from zero; none if
/// they are too many.
fn rounded(value: Fraction, factor: Fraction, decimals: u8) -> Option<String> {
    let power = 10_i128.checked_pow(u32::from(decimals))?;
    let (above, below) = unreduced(value, factor, power).or_else(|| {
        let scaled = value.checked_mul(&factor)?.abs();
        let scaled = scaled.checked_mul(&Fraction::from_integer(power))?;
        Some((*scaled.numer(), *scaled.denom()))
    })?;
    let (above, below) =
        (above.checked_mul(2)?.checked_add(below)?, below.checked_mul(2)?);
    let digits = match (u64::try_from(above), u64::try_from(below)) {
        (Ok(above), Ok(below)) => i128::from(above / below),
        _ => above / below,
    };
    let mut buffer = itoa::Buffer::new();
    let digits = buffer.format(digits);
    let is_zero = digits == "0";
    let places = usize::from(decimals);
    let mut text = String::with_capacity(digits.len() + places + 8);
    if value.is_negative() && !is_zero {
        text.push('-');
    }
    let (whole, part) = match digits.len().checked_sub(places).filter(|whole| *whole > 0)
    {
        Some(whole) => digits.split_at(whole),
        None => ("0", digits),
    };
    text.push_str(whole);
    if places > 0 {
        text.push('.');
        (part.len()..places).for_each(|_| text.push('0'));
        text.push_str(part);
    }
    Some(text)
}

/// A value without its sign times a factor and a power of ten, above and below the line
/// and not in its lowest terms; none if 128 bits do not hold that.
fn unreduced(value: Fraction, factor: Fraction, power: i128) -> Option<(i128, i128)> {
    let above = i128::checked_mul(value.numer().checked_abs()?, *factor.numer())?;
    let above = i128::checked_mul(above, power)?;
    // What follows doubles both.
    let fits = |part: &i128| *part < i128::MAX / 4;
    let below = i128::checked_mul(*value.denom(), *factor.denom())?;
    Some((above, below)).filter(|(above, below)| fits(above) && fits(below))
}

/// The shortest decimal number that is read back as the same binary one, exactly: 0.285
/// is shown as 28.5 %, though the binary number lies below it.
pub(super) fn decimal_digits(value: f64) -> Option<Fraction> {
    if let Some(short) = few_digits(value) {
        return Some(short);
    }
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e')?;
    let exponent: i32 = exponent.parse().ok()?;
    let places = mantissa.split_once('.').map_or(0, |(_, part)| part.len());
    let digits: i128 = mantissa.replace('.', "").parse().ok()?;
    let exponent = exponent.checked_sub(i32::try_from(places).ok()?)?;
    let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
    if exponent < 0 {
        Some(Fraction::new(digits, power))
    } else {
        digits.checked_mul(power).map(Fraction::from_integer)
    }
}

/// The same of a number of few decimals, as most that are written have.
fn few_digits(value: f64) -> Option<Fraction> {
    const POWERS: [i32; 4] = [1, 10, 100, 1_000];
    if value.abs() >= 1e6 {
        return None;
    }
    POWERS.into_iter().find_map(|power| {
        let digits = (value * f64::from(power)).round();
        // Both are exact, so that this is the number nearest to the decimal one.
        #[expect(clippy::float_cmp, reason = "whether it is read back as the same")]
        let same = digits / f64::from(power) == value;
        let digits = same.then(|| digits.to_i128()).flatten()?;
        Some(ratio(digits, power.into()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(above: i32, below: i32) -> String {
        display(&Scalar::quotient(above, below), Unit::Percent, 1)
    }

    #[test]
    fn halves_are_rounded_away_from_zero_on_the_decimal_digits() {
        assert_eq!(percent(7996, 10_000), "80.0 %");
        assert_eq!(percent(1, 3), "33.3 %");
        assert_eq!(percent(-1, 2000), "-0.1 %");
        assert_eq!(percent(-1, 100_000), "0.0 %");
        assert_eq!(display(&Scalar::Real(0.285), Unit::Percent, 0), "29 %");
        assert_eq!(display(&Scalar::Real(1.005), Unit::Number, 2), "1.01");
        assert_eq!(display(&Scalar::Real(2.5e-9), Unit::Number, 2), "0.00");
    }

    #[test]
    fn every_unit_has_its_word() {
        let micros = Scalar::whole(5_400_000_000_i64);
        assert_eq!(display(&micros, Unit::Hours, 1), "1.5 h");
        assert_eq!(display(&micros, Unit::Minutes, 0), "90 min");
        assert_eq!(display(&micros, Unit::Milliseconds, 0), "5400000 ms");
        let unit = Unit::named("EUR").unwrap();
        assert_eq!(display(&Scalar::quotient(1999, 100), unit, 2), "19.99 EUR");
        assert_eq!(display(&Scalar::whole(24918), Unit::Count, 0), "24918");
        assert_eq!(display(&Scalar::quotient(1, 2), Unit::Points, 0), "50");
    }

    #[test]
    fn nothing_is_a_dash_and_huge_numbers_are_still_numbers() {
        assert_eq!(display(&Scalar::NoData, Unit::Percent, 1), "\u{2013}");
        // The binary number below 10^200 has 200 digits.
        assert_eq!(display(&Scalar::Real(1e200), Unit::Number, 0).len(), 200);
        assert_eq!(display(&Scalar::Real(1e-200), Unit::Number, 1), "0.0");
    }
}
