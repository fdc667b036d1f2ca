//! A strftime pattern, looked into before any data are read with it.

use chrono::format::{Fixed, Item, Numeric, StrftimeItems};

/// What a pattern reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    /// The pattern; the word `rfc3339` has become the sign for it.
    pub(super) text: String,
    /// Whether it has a year, a month and a day.
    pub(super) has_date: bool,
    /// Whether the text says itself which clock was read.
    pub(super) has_offset: bool,
}

/// Reads a pattern; of one that nothing can be read with, the sign that is wrong.
pub(super) fn read(text: &str) -> Result<Pattern, String> {
    let text = if text.eq_ignore_ascii_case("rfc3339") { "%+" } else { text };
    let items: Vec<Item<'_>> = StrftimeItems::new(text).collect();
    if items.contains(&Item::Error) {
        return Err(wrong_sign(text));
    }
    let mut parts = Parts::default();
    for item in &items {
        parts.add(item);
    }
    if parts.none {
        return Err(text.to_owned());
    }
    let whole = parts.stamp;
    Ok(Pattern {
        text: text.to_owned(),
        has_date: whole
            || parts.ordinal
            || parts.iso_week
            || parts.year && parts.month && parts.day,
        has_offset: whole || parts.offset,
    })
}

/// Which parts of a moment a pattern names.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each part is there or not")]
struct Parts {
    year: bool,
    month: bool,
    day: bool,
    offset: bool,
    ordinal: bool,
    iso_week: bool,
    stamp: bool,
    none: bool,
}

impl Parts {
    fn add(&mut self, item: &Item<'_>) {
        match item {
            Item::Numeric(numeric, _) => self.add_number(numeric),
            Item::Fixed(fixed) => self.add_fixed(fixed),
            Item::Error => self.none = true,
            Item::Literal(_)
            | Item::OwnedLiteral(_)
            | Item::Space(_)
            | Item::OwnedSpace(_) => {}
        }
    }

    fn add_number(&mut self, numeric: &Numeric) {
        match numeric {
            Numeric::Year | Numeric::YearMod100 => self.year = true,
            Numeric::Month => self.month = true,
            Numeric::Day => self.day = true,
            Numeric::Ordinal => self.ordinal = true,
            Numeric::IsoWeek => self.iso_week = true,
            Numeric::Timestamp => self.stamp = true,
            _ => {}
        }
    }

    fn add_fixed(&mut self, fixed: &Fixed) {
        match fixed {
            Fixed::ShortMonthName | Fixed::LongMonthName => self.month = true,
            Fixed::TimezoneOffset
            | Fixed::TimezoneOffsetColon
            | Fixed::TimezoneOffsetDoubleColon
            | Fixed::TimezoneOffsetTripleColon
            | Fixed::TimezoneOffsetColonZ
            | Fixed::TimezoneOffsetZ => self.offset = true,
            Fixed::RFC2822 | Fixed::RFC3339 => self.stamp = true,
            _ => {}
        }
    }
}

/// The first sign of a pattern that means nothing: a `%` from which no few characters
/// make a sign (the longest is `%:::z`).
fn wrong_sign(text: &str) -> String {
    let mut rest = text;
    while let Some(at) = rest.find('%') {
        let tail = rest.get(at..).unwrap_or("");
        let ends = tail.char_indices().map(|(end, _)| end).chain([tail.len()]);
        let mut signs = ends.skip(2).take(4).filter_map(|end| tail.get(..end));
        let reads =
            |sign: &&str| StrftimeItems::new(sign).all(|item| item != Item::Error);
        let Some(sign) = signs.find(reads) else {
            return tail.chars().take(2).collect();
        };
        rest = tail.get(sign.len()..).unwrap_or("");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_what_a_pattern_names() {
        let day = read("%d/%m/%Y %H:%M").unwrap();
        assert!(day.has_date && !day.has_offset);
        assert!(read("rfc3339").unwrap().has_offset);
        assert!(read("%s").unwrap().has_date);
        assert!(!read("%H:%M").unwrap().has_date);
        assert!(read("%d.%m.%Y").unwrap().has_date);
        assert!(read("%G-W%V-%u").unwrap().has_date);
        assert!(!read("%Y-%m").unwrap().has_date);
        assert!(read("%Y-%m-%dT%H:%M:%S%.f%#z").is_ok());
    }

    #[test]
    fn finds_the_sign_that_means_nothing() {
        assert_eq!(read("%d/%m/%Y %Q:%M").unwrap_err(), "%Q");
        assert_eq!(read("%Y-%m-%").unwrap_err(), "%");
        assert_eq!(read("%Y %E").unwrap_err(), "%E");
    }
}
