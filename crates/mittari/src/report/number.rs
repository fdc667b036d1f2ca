//! Numbers as text: plain for machines, grouped for people.

use std::fmt::Write as _;

use mittari_lang::types::Unit;

/// The sign between thousands: a narrow no-break space.
pub const GROUP: char = '\u{202F}';

/// Whole numbers below it are exact as binary numbers: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A number as short as it can be and still be read back as the same.
pub fn plain(value: f64) -> String {
    let mut text = String::new();
    push_plain(&mut text, value);
    text
}

/// Adds a number to a text, as short as it can be and still be read back as the same.
///
/// It is what the standard library writes, found by a shorter way; of two that are as
/// short and as near it is the even one.
pub fn push_plain(text: &mut String, value: f64) {
    // Both zeros are one.
    let value = value + 0.0;
    let size = value.abs();
    if size < EXACT {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a number below the bound loses nothing but its fraction"
        )]
        let whole = value as i64;
        #[expect(clippy::float_cmp, reason = "whether there was a fraction at all")]
        if whole as f64 == value {
            return text.push_str(itoa::Buffer::new().format(whole));
        }
    }
    // Farther from one there would be an exponent.
    if (1e-4..EXACT).contains(&size) {
        text.push_str(zmij::Buffer::new().format_finite(value));
    } else {
        // Writing into a text cannot fail.
        _ = write!(text, "{value}");
    }
}

/// The text of a value with its thousands apart, from five digits on: `24 918`.
pub fn grouped(display: &str) -> String {
    let start = display.find(|c: char| c.is_ascii_digit()).unwrap_or(display.len());
    let (head, rest) = display.split_at(start);
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, tail) = rest.split_at(end);
    if digits.len() < 5 {
        return display.to_owned();
    }
    let mut text = head.to_owned();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    text + tail
}

/// The number a value is shown as in its unit: 80.6 of 0.806 under percent, 1.5 of
/// 5,400 seconds under hours.
pub fn in_unit(value: f64, unit: Unit) -> f64 {
    match (unit, unit.micros()) {
        (Unit::Percent | Unit::Points, _) => value * 100.0,
        (_, Some(micros)) => value * 1e6 / micros as f64,
        _ => value,
    }
}

/// A difference with its sign: `+2.3`, `-0.4`, `0.0`.
pub fn signed(value: f64, unit: Unit, decimals: u8) -> String {
    let text = format!("{:.*}", usize::from(decimals), in_unit(value, unit).abs());
    if text.bytes().all(|sign| matches!(sign, b'0' | b'.')) {
        return text;
    }
    format!("{}{}", if value < 0.0 { '-' } else { '+' }, grouped(&text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart_from_five_digits_on() {
        assert_eq!(grouped("24918"), "24\u{202F}918");
        assert_eq!(grouped("-1234567.25 EUR"), "-1\u{202F}234\u{202F}567.25 EUR");
        for text in ["9999.5 h", "\u{2013}", "withheld", "80.0 %"] {
            assert_eq!(grouped(text), text);
        }
    }

    #[test]
    fn differences_have_a_sign_unless_they_are_shown_as_nothing() {
        assert_eq!(signed(0.023, Unit::Percent, 1), "+2.3");
        assert_eq!(signed(-5_400.0, Unit::Hours, 1), "-1.5");
        assert_eq!(signed(-0.0001, Unit::Number, 1), "0.0");
        assert_eq!(signed(31_250.0, Unit::Count, 0), "+31\u{202F}250");
    }

    #[test]
    fn plain_numbers_are_read_back_as_the_same() {
        for value in [0.1, 1e-300, 123_456_789.125, -7.0] {
            assert_eq!(plain(value).parse(), Ok(value));
        }
        assert_eq!(plain(-0.0), "0");
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_as_short_as_the_standard_library_writes_them(
            bits in proptest::num::u64::ANY,
            part in -100_000_i64..100_000,
            below in 1_i64..1_000,
        ) {
            for value in [f64::from_bits(bits), part as f64 / below as f64, part as f64] {
                let (found, expected) = (plain(value), (value + 0.0).to_string());
                assert_eq!(found.len(), expected.len());
                // No number is not itself.
                assert!(value.is_nan() || found.parse() == Ok(value), "{found}");
                if found != expected && !value.is_nan() {
                    // Of two texts that are as near, the even one is written: the number
                    // lies half a last digit between them, and has no further digits.
                    assert!(found.ends_with(['0', '2', '4', '6', '8']), "{found}");
                    let whole = format!("{value:.1100}");
                    let half = whole.trim_end_matches('0').strip_suffix('5');
                    assert!([&*found, &*expected].map(Some).contains(&half), "{whole}");
                }
            }
        }
    }
}
