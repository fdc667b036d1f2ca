//! Texts as numbers: decimal digits read exactly, without a detour by binary fractions.

use crate::load::memo::Slice;

/// A decimal number: all digits with the sign, and how many stand behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digits {
    /// All digits, with the sign.
    pub(crate) mantissa: i128,
    /// How many of them stand behind the point.
    pub(crate) scale: u32,
}

/// More digits than anyone writes, and few enough that nothing here overflows.
const MOST_DIGITS: u32 = 30;

/// Reads `-12.5`, `+3`, `.5` or `7.`; nothing else may stand there.
pub(crate) fn digits(text: &str, comma: bool) -> Option<Digits> {
    let point = if comma { b',' } else { b'.' };
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] | rest => (false, rest),
    };
    let (mut mantissa, mut n_digits, mut scale) = (0_i128, 0, None);
    for byte in rest {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + i128::from(byte - b'0');
                // Leading zeros are no digits of the value.
                n_digits += u32::from(mantissa != 0);
                scale = scale.map(|scale: u32| scale + 1);
            }
            _ if *byte == point && scale.is_none() => scale = Some(0),
            _ => return None,
        }
        if n_digits > MOST_DIGITS || scale.is_some_and(|scale| scale > MOST_DIGITS) {
            return None;
        }
    }
    let any = rest.iter().any(u8::is_ascii_digit);
    let mantissa = if negative { -mantissa } else { mantissa };
    any.then_some(Digits { mantissa, scale: scale.unwrap_or(0) })
}

/// The number a text stands for, if it is finite; an exponent is allowed.
pub(crate) fn number(text: &str, comma: bool) -> Option<f64> {
    if let Some(value) = short_number(text.as_bytes(), comma) {
        return Some(value);
    }
    let plain = text.bytes().all(|byte| {
        byte.is_ascii_digit()
            || matches!(byte, b'+' | b'-' | b'e' | b'E')
            || byte == if comma { b',' } else { b'.' }
    });
    let value: f64 =
        if comma { text.replace(',', ".").parse() } else { text.parse() }.ok()?;
    (plain && value.is_finite()).then_some(value)
}

/// The number that a field of one to eight digits, and nothing else, stands for.
#[inline]
fn short_digits(slice: Slice<'_>) -> Option<u64> {
    const SIXES: u64 = 0x0606_0606_0606_0606;
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    let length = u32::try_from(slice.len()).ok()?;
    if length == 0 || length > 8 {
        return None;
    }
    // The digits become the last ones of eight, behind zeros.
    let shift = 64 - 8 * length;
    let word = u64::from_le_bytes(slice.head()) << shift;
    let word = word | (ZEROS & !(u64::MAX << shift));
    if word & HIGH != ZEROS || (word + SIXES) & HIGH != ZEROS {
        return None;
    }
    // Neighbours are joined: digits to pairs, pairs to fours, fours to the whole.
    let digits = word & !HIGH;
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// A field that is a short whole number without a sign.
#[inline]
pub(crate) fn short_whole(slice: Slice<'_>) -> Option<i64> {
    short_digits(slice).map(u64::cast_signed)
}

/// A field that is a short whole number without a sign.
#[inline]
pub(crate) fn short_real(slice: Slice<'_>) -> Option<f64> {
    short_digits(slice).map(|digits| digits as f64)
}

/// Numbers of up to fifteen digits: both parts of the quotient are exact, so that it is
/// rounded once and equals what the standard library reads.
#[expect(clippy::cast_precision_loss, reason = "fifteen digits fit in 53 bits")]
fn short_number(bytes: &[u8], comma: bool) -> Option<f64> {
    const POWERS: [f64; 16] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14,
        1e15,
    ];
    let (negative, rest) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if rest.is_empty() || rest.len() > 15 {
        return None;
    }
    let point = if comma { b',' } else { b'.' };
    let (mut mantissa, mut behind) = (0_u64, None);
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'0'..=b'9' => mantissa = mantissa * 10 + u64::from(byte - b'0'),
            _ if *byte == point && behind.is_none() => behind = Some(rest.len() - at - 1),
            _ => return None,
        }
    }
    let value = match behind {
        None => mantissa as f64,
        // `.` alone is no number.
        Some(_) if rest.len() == 1 => return None,
        Some(behind) => mantissa as f64 / POWERS.get(behind)?,
    };
    Some(if negative { -value } else { value })
}

/// A number of units as a whole number of their parts, rounded half away from zero.
pub(crate) fn rounded(digits: Digits, parts: i64) -> Option<i64> {
    let product = digits.mantissa.checked_mul(i128::from(parts))?;
    let divisor = 10_i128.checked_pow(digits.scale)?;
    let (whole, rest) = (product / divisor, product % divisor);
    let away = i128::from(rest.unsigned_abs() * 2 >= divisor.unsigned_abs());
    i64::try_from(whole + away * product.signum()).ok()
}

/// A number of units as a whole number of their parts, if it is one.
pub(crate) fn exact(digits: Digits, parts: i64) -> Option<i64> {
    let product = digits.mantissa.checked_mul(i128::from(parts))?;
    let divisor = 10_i128.checked_pow(digits.scale)?;
    (product % divisor == 0).then(|| i64::try_from(product / divisor).ok())?
}

/// A length of time written `h:mm:ss`, in microseconds; hours may exceed a day, and a
/// fraction may follow the seconds.
pub(crate) fn clock(text: &str) -> Option<i64> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut parts = rest.split(':');
    let hours: i64 = whole(parts.next()?)?;
    let minutes = two(parts.next()?)?;
    let last = parts.next()?;
    let (seconds, fraction) = last.split_once('.').unwrap_or((last, "0"));
    let seconds = two(seconds)?;
    whole(fraction)?;
    let fraction = rounded(digits(&format!("0.{fraction}"), false)?, 1_000_000)?;
    if parts.next().is_some() {
        return None;
    }
    let micros = hours
        .checked_mul(3_600)?
        .checked_add(minutes * 60 + seconds)?
        .checked_mul(1_000_000)?
        .checked_add(fraction)?;
    Some(if negative { -micros } else { micros })
}

/// Digits alone.
fn whole(text: &str) -> Option<i64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Minutes or seconds: two digits, under sixty.
fn two(text: &str) -> Option<i64> {
    whole(text).filter(|value| text.len() == 2 && *value < 60)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn digits_are_read_as_written() {
        let read = |text| digits(text, false).map(|d| (d.mantissa, d.scale));
        assert_eq!(read("-12.50"), Some((-1250, 2)));
        assert_eq!(read("+3"), Some((3, 0)));
        assert_eq!(read(".5"), Some((5, 1)));
        for bad in ["", "-", ".", "1e3", "1 000", "1,5", "0x1", "1.2.3", "٣"] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert_eq!(digits("1,5", true).map(|d| d.scale), Some(1));
        assert_eq!(digits(&"9".repeat(40), false), None);
    }

    #[test]
    fn only_finite_numbers_are_numbers() {
        assert_eq!(number("1.5e3", false), Some(1500.0));
        assert_eq!(number("-0.1", false), Some(-0.1));
        assert_eq!(number("1,5", true), Some(1.5));
        for bad in ["inf", "NaN", "infinity", "1e999", "", ".", "1,5", " 1", "1_000"] {
            assert_eq!(number(bad, false), None, "{bad}");
        }
        assert_eq!(number("1.5", true), None);
    }

    #[test]
    fn durations_and_amounts_are_exact() {
        let read = |text, parts| rounded(digits(text, false).unwrap(), parts);
        assert_eq!(read("1.5", 60_000_000), Some(90_000_000));
        assert_eq!(read("-0.0000005", 1_000_000), Some(-1));
        assert_eq!(read("0.0000004", 1_000_000), Some(0));
        assert_eq!(read("9223372036854775807", 1_000_000), None);
        assert_eq!(exact(digits("0.1234567", false).unwrap(), 1_000_000), None);
        assert_eq!(exact(digits("-0.123456", false).unwrap(), 1_000_000), Some(-123_456));
    }

    #[test]
    fn clocks_run_past_a_day() {
        assert_eq!(clock("0:00:05"), Some(5_000_000));
        assert_eq!(clock("-27:46:40.25"), Some(-100_000_250_000));
        let bad =
            ["1:5:00", "1:60:00", "00:00", "1:00:00:00", "a:00:00", ":00:00", "1:00:00."];
        for bad in bad {
            assert_eq!(clock(bad), None, "{bad}");
        }
        assert_eq!(clock("99999999999999:00:00"), None);
    }

    proptest! {
        #[test]
        fn short_numbers_equal_the_standard_librarys(text in "-?[0-9]{0,9}(\\.[0-9]{0,8})?") {
            let expected: Option<f64> =
                text.parse().ok().filter(|_| text.bytes().any(|b| b.is_ascii_digit()));
            prop_assert_eq!(number(&text, false), expected);
        }
    }
}
