//! Written values: numbers, ratios, durations, money, days, texts.

use pest::iterators::Pair;

use super::build::{Builder, Node};
use super::complaint::Edit;
use super::complaints;
use super::grammar::Rule;
use super::limits::{LONGEST_TEXT, MOST_DIGITS, MOST_MONEY_DIGITS};
use super::place::Place;
use crate::syntax::{ExprKind, Literal};
use crate::types::Unit;
use crate::value::{Currency, Decimal};

/// A number with its unit, as it was parsed.
struct Measure {
    number: Decimal,
    digits: usize,
    place: Place,
    number_place: Place,
    unit: Option<Place>,
}

/// What a unit makes of a number.
enum Meaning {
    Percent,
    Time(Unit),
    Money(Currency),
}

/// Words that mean a unit, in small letters.
const WORDS: &[(&str, &str, &str)] = &[
    ("percent", "a ratio has the sign", "%"),
    ("pct", "a ratio has the sign", "%"),
    ("pc", "a ratio has the sign", "%"),
    ("millisecond", "milliseconds are", "ms"),
    ("msec", "milliseconds are", "ms"),
    ("second", "seconds are", "s"),
    ("sec", "seconds are", "s"),
    ("minute", "minutes are", "min"),
    ("min", "minutes are", "min"),
    ("m", "minutes are", "min"),
    ("hour", "hours are", "h"),
    ("hr", "hours are", "h"),
    ("day", "days of 24 hours are", "d"),
];

/// Words and codes that mean a currency.
const MONEY: &[(&str, &str)] = &[
    ("€", "EUR"),
    ("£", "GBP"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("eur", "EUR"),
    ("usd", "USD"),
    ("gbp", "GBP"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("isk", "ISK"),
    ("chf", "CHF"),
    ("pln", "PLN"),
    ("czk", "CZK"),
    ("huf", "HUF"),
    ("jpy", "JPY"),
    ("cad", "CAD"),
    ("aud", "AUD"),
];

impl Builder<'_> {
    /// `42`, `80 %`, `1 h 30 min`, `50 EUR`.
    pub(super) fn quantity(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Place::of(&pair);
        let mut measures = Vec::new();
        for part in pair.into_inner() {
            let Some(measure) = self.measure(part) else { return self.unsound(place) };
            measures.push(measure);
        }
        let literal = match measures.as_slice() {
            [only] => self.single(only),
            _ => self.duration(&measures, place),
        };
        match literal {
            Some(literal) => self.leaf(ExprKind::Literal(literal), place),
            None => self.unsound(place),
        }
    }

    fn measure(&mut self, pair: Pair<'_, Rule>) -> Option<Measure> {
        let place = Place::of(&pair);
        let mut parts = if pair.as_rule() == Rule::number {
            vec![pair]
        } else {
            pair.into_inner().collect()
        }
        .into_iter();
        let number = parts.next()?;
        let number_place = Place::of(&number);
        let unit = parts.next().map(|unit| Place::of(&unit));
        let text = number.as_str();
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        if text.len() > 1 && text.starts_with('0') && !text.starts_with("0.") {
            let zeros = text.len() - text.trim_start_matches('0').len();
            let surplus = Place::new(number_place.start, number_place.start + zeros);
            let edit = Edit::remove(surplus);
            self.complain(complaints::leading_zero(number_place, text, edit));
            return None;
        }
        if digits > MOST_MONEY_DIGITS {
            let most = MOST_DIGITS;
            self.complain(complaints::too_many_digits(number_place, most, "a number"));
            return None;
        }
        let number = decimal(text)?;
        Some(Measure { number, digits, place, number_place, unit })
    }

    /// One number with or without a unit.
    fn single(&mut self, measure: &Measure) -> Option<Literal> {
        let Some(unit) = measure.unit else {
            self.check_digits(measure)?;
            return Some(Literal::Number(measure.number));
        };
        match self.unit(unit)? {
            Meaning::Money(currency) => {
                Some(Literal::Money { amount: measure.number, currency })
            }
            Meaning::Percent => {
                self.check_digits(measure)?;
                let Decimal { mantissa, scale } = measure.number;
                Some(Literal::Ratio(Decimal { mantissa, scale: scale + 2 }))
            }
            Meaning::Time(unit) => {
                self.check_digits(measure)?;
                let micros = self.micros(measure, unit)?;
                Some(Literal::Duration { micros, days: unit == Unit::Days })
            }
        }
    }

    fn check_digits(&mut self, measure: &Measure) -> Option<()> {
        if measure.digits <= MOST_DIGITS {
            return Some(());
        }
        let place = measure.number_place;
        self.complain(complaints::too_many_digits(place, MOST_DIGITS, "a number"));
        None
    }

    /// `1 h 30 min`: from the long unit to the short one, each once.
    fn duration(&mut self, measures: &[Measure], place: Place) -> Option<Literal> {
        let (mut total, mut days, mut last) = (0_i64, false, i64::MAX);
        for measure in measures {
            self.check_digits(measure)?;
            let Some(unit) = measure.unit else {
                let number = self.quote(measure.number_place);
                self.complain(complaints::unit_missing(measure.number_place, &number));
                return None;
            };
            let Meaning::Time(unit) = self.unit(unit)? else {
                let found = self.quote(measure.place);
                self.complain(complaints::duration_mixed(measure.place, &found));
                return None;
            };
            let size = unit.micros()?;
            if size >= last {
                self.complain(complaints::duration_order(place));
                return None;
            }
            last = size;
            days |= unit == Unit::Days;
            let micros = self.micros(measure, unit)?;
            let Some(sum) = total.checked_add(micros) else {
                self.complain(complaints::duration_too_long(place));
                return None;
            };
            total = sum;
        }
        Some(Literal::Duration { micros: total, days })
    }

    /// A number of units in microseconds.
    fn micros(&mut self, measure: &Measure, unit: Unit) -> Option<i64> {
        match scaled(measure.number, unit.micros()?) {
            Ok(micros) => Some(micros),
            Err(fine) => {
                self.complain(if fine {
                    complaints::duration_too_fine(measure.place)
                } else {
                    complaints::duration_too_long(measure.place)
                });
                None
            }
        }
    }

    /// What a unit means; other words for it are read and corrected.
    fn unit(&mut self, place: Place) -> Option<Meaning> {
        let word = self.slice(place);
        if word == "%" {
            return Some(Meaning::Percent);
        }
        if let Some(unit) = Unit::named(word).filter(|unit| unit.micros().is_some()) {
            return Some(Meaning::Time(unit));
        }
        if let Some(currency) = Currency::named(word) {
            return Some(Meaning::Money(currency));
        }
        let small = word.to_lowercase();
        if word != small
            && let Some(unit) = Unit::named(&small).filter(|unit| unit.micros().is_some())
        {
            self.complain(complaints::unit_meant(place, word, unit_kind(unit), &small));
            return Some(Meaning::Time(unit));
        }
        let stem =
            small.strip_suffix('s').filter(|stem| stem.len() > 1).unwrap_or(&small);
        if let Some((_, kind, unit)) = WORDS.iter().find(|(known, ..)| *known == stem) {
            self.complain(complaints::unit_meant(place, word, kind, unit));
            return match Unit::named(unit) {
                Some(unit) => Some(Meaning::Time(unit)),
                None => Some(Meaning::Percent),
            };
        }
        if let Some((_, code)) = MONEY.iter().find(|(known, _)| *known == small) {
            let edit = self.spaced_unit(place, code);
            self.complain(complaints::money_unit(place, word, Some(edit)));
            return Currency::named(code).map(Meaning::Money);
        }
        self.complain(if word == "$" {
            complaints::money_unit(place, word, None)
        } else {
            complaints::no_unit(place, word)
        });
        None
    }

    /// A currency code behind its number, with the blank between them.
    fn spaced_unit(&self, place: Place, code: &str) -> Edit {
        let before = self.text().get(..place.start).unwrap_or("").chars().next_back();
        let blank = if before.is_some_and(super::signs::is_blank) { "" } else { " " };
        Edit::replace(place, &format!("{blank}{code}"))
    }

    /// `"text"`, a quote inside doubled.
    pub(super) fn written_text(&mut self, pair: &Pair<'_, Rule>) -> Node {
        let place = Place::of(pair);
        let quote = if pair.as_str().starts_with('"') { "\"" } else { "'" };
        let inside = pair
            .as_str()
            .strip_prefix(quote)
            .and_then(|text| text.strip_suffix(quote))
            .unwrap_or("");
        let text = inside.replace(&quote.repeat(2), quote);
        if text.len() > LONGEST_TEXT && text.chars().count() > LONGEST_TEXT {
            self.complain(complaints::text_too_long(place, LONGEST_TEXT));
            return self.unsound(place);
        }
        self.leaf(ExprKind::Literal(Literal::Text(text)), place)
    }

    pub(super) fn truth(&mut self, pair: &Pair<'_, Rule>) -> Node {
        self.keyword(pair);
        let truth = pair.as_str().eq_ignore_ascii_case("true");
        self.leaf(ExprKind::Literal(Literal::Truth(truth)), Place::of(pair))
    }

    pub(super) fn missing(&mut self, pair: &Pair<'_, Rule>) -> Node {
        self.keyword(pair);
        self.leaf(ExprKind::Literal(Literal::Missing), Place::of(pair))
    }

    /// `date(2026-01-31)`.
    pub(super) fn written_date(&mut self, pair: Pair<'_, Rule>) -> Node {
        let place = Place::of(&pair);
        let word = Place::new(place.start, place.start + 4);
        if self.slice(word) != "date" {
            self.complain(complaints::keyword_case(word, self.slice(word)));
        }
        let Some(date) = pair.into_inner().next() else { return self.unsound(place) };
        let Some(day) = day(date.as_str()) else {
            self.complain(complaints::no_day(Place::of(&date), date.as_str()));
            return self.unsound(place);
        };
        self.leaf(ExprKind::Literal(Literal::Day(day)), place)
    }

    /// `2026-01-31` without `date(...)`.
    pub(super) fn loose_date(&mut self, pair: &Pair<'_, Rule>) -> Node {
        let place = Place::of(pair);
        let text = pair.as_str();
        let date = text.get(..10).unwrap_or(text);
        let read = day(date);
        if text.len() > date.len() {
            self.complain(complaints::instant(place));
            return self.unsound(place);
        }
        let Some(day) = read else {
            self.complain(complaints::no_day(place, text));
            return self.unsound(place);
        };
        self.complain(complaints::bare_date(place, text));
        self.leaf(ExprKind::Literal(Literal::Day(day)), place)
    }
}

/// The words before a unit in a message.
const fn unit_kind(unit: Unit) -> &'static str {
    match unit {
        Unit::Milliseconds => "milliseconds are",
        Unit::Seconds => "seconds are",
        Unit::Minutes => "minutes are",
        Unit::Hours => "hours are",
        _ => "days of 24 hours are",
    }
}

/// A day written `2026-01-31`, in days since 1970-01-01.
pub(super) fn day(text: &str) -> Option<i32> {
    let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
    let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1)?;
    i32::try_from(date.signed_duration_since(epoch).num_days()).ok()
}

/// A number as it was written; at most 18 digits.
fn decimal(text: &str) -> Option<Decimal> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let mantissa = format!("{whole}{part}").parse().ok()?;
    Some(Decimal { mantissa, scale: u8::try_from(part.len()).ok()? })
}

/// A number of units in microseconds; an error says whether it was too fine (`true`) or
/// too large.
fn scaled(number: Decimal, unit: i64) -> Result<i64, bool> {
    let product = i128::from(number.mantissa) * i128::from(unit);
    let divisor = 10_i128.pow(u32::from(number.scale));
    if product % divisor != 0 {
        return Err(true);
    }
    i64::try_from(product / divisor).map_err(|_| false)
}
