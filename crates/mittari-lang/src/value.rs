//! One value, written or measured.

/// A decimal number as it was written: `mantissa / 10^scale`, never rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Decimal {
    /// All digits, with the sign.
    pub mantissa: i64,
    /// How many of them stand behind the point, at most 18.
    pub scale: u8,
}

impl Decimal {
    /// A whole number.
    pub const fn whole(mantissa: i64) -> Self {
        Self { mantissa, scale: 0 }
    }

    /// The nearest binary number.
    pub fn to_f64(self) -> f64 {
        // A quotient of two exact numbers is rounded once; larger mantissas go by text.
        if self.mantissa.unsigned_abs() < (1 << 53) && self.scale <= 22 {
            self.mantissa as f64 / 10_f64.powi(i32::from(self.scale))
        } else {
            self.to_string().parse().unwrap_or(f64::NAN)
        }
    }

    /// Without zeros at the end of its fraction, so that `0.80` and `0.8` are one.
    #[must_use]
    pub const fn normal(self) -> Self {
        let (mut mantissa, mut scale) = (self.mantissa, self.scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        Self { mantissa, scale }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, part) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{part}")
    }
}

/// A three-letter currency code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// The currency with this code: three capital letters.
    pub fn named(code: &str) -> Option<Self> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_uppercase).then_some(Self(bytes))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

/// One value of a kind.
///
/// Durations and instants are whole microseconds, instants since 1970-01-01T00:00Z;
/// a day is the number of days since 1970-01-01.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// No value.
    Missing,
    /// True or false.
    Truth(bool),
    /// Free text.
    Text(String),
    /// The number of a declared value in its set.
    Category(u32),
    /// A written number, a ratio as its fraction (`80 %` is 0.8).
    Number(Decimal),
    /// Microseconds.
    Duration(i64),
    /// An amount in the currency of its kind.
    Money(Decimal),
    /// Microseconds since 1970-01-01T00:00Z.
    Instant(i64),
    /// Days since 1970-01-01.
    Day(i32),
    /// A service calendar, by its number in the catalog.
    Calendar(u32),
    /// The zone in which a local time is meant; only as an argument.
    Zone(chrono_tz::Tz),
}
