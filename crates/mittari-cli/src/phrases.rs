//! What a scorecard and a page of explanation say beside names and titles, in three
//! languages, and how each of them writes numbers.

mod english;
mod finnish;
mod swedish;

use mittari::finish::WITHHELD;
use mittari::report::number::{GROUP, grouped};

/// A no-break space: what stands between thousands, and before a unit, in Finnish (SFS
/// 4175) and in Swedish (Språkrådet, Svenska skrivregler).
const NO_BREAK: char = '\u{A0}';
/// The minus of print.
const MINUS: char = '\u{2212}';

/// The language of what is written for people: that of titles, and all other words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tongue<'a> {
    /// The code by which titles and descriptions are chosen.
    pub(crate) code: &'a str,
    /// All other words.
    pub(crate) phrases: &'static Phrases,
}

impl<'a> Tongue<'a> {
    /// The tongue of a language's code; English words where there are none of its own.
    pub(crate) fn of(code: &'a str) -> Self {
        let phrases = match code.split('-').next() {
            Some("fi") => &finnish::PHRASES,
            Some("sv") => &swedish::PHRASES,
            _ => &english::PHRASES,
        };
        Self { code, phrases }
    }
}

/// The words of one language; `{}` stands for what is filled in.
#[derive(Debug)]
pub(crate) struct Phrases {
    /// Whether numbers have a decimal comma, and what goes with it.
    comma: bool,
    /// Units that are called otherwise than in cards.
    units: &'static [(&'static str, &'static str)],
    /// How a target begins, as cards write it, and as it is said.
    targets: &'static [(&'static str, &'static str)],
    /// Year, month, day, hour and minute as `Y`, `M`, `D`, `h`, `m`, each of two digits
    /// where the sign is doubled.
    moment: &'static str,
    pub(crate) as_of: &'static str,
    pub(crate) nothing: &'static str,
    pub(crate) heads: Heads,
    pub(crate) classes: Classes,
    pub(crate) segments: Segments,
    pub(crate) states: States,
    pub(crate) accounts: Accounts,
    pub(crate) faults: Faults,
    pub(crate) page: Page,
}

/// The heads of columns.
#[derive(Debug)]
pub(crate) struct Heads {
    pub(crate) period: &'static str,
    pub(crate) value: &'static str,
    pub(crate) target: &'static str,
    pub(crate) verdict: &'static str,
    pub(crate) change: &'static str,
    pub(crate) trend: &'static str,
}

/// The classes of cards.
#[derive(Debug)]
pub(crate) struct Classes {
    pub(crate) sla: &'static str,
    pub(crate) ola: &'static str,
    pub(crate) internal: &'static str,
    pub(crate) other: &'static str,
}

/// Breakdowns and their values.
#[derive(Debug)]
pub(crate) struct Segments {
    pub(crate) by: &'static str,
    pub(crate) by_and_no_rows: &'static str,
    pub(crate) by_and_without_rows: &'static str,
    pub(crate) not: &'static str,
    pub(crate) none: &'static str,
    pub(crate) yes: &'static str,
    pub(crate) no: &'static str,
    pub(crate) no_value: &'static str,
}

/// States and verdicts, and below a scorecard what they mean.
#[derive(Debug)]
pub(crate) struct States {
    pub(crate) met: &'static str,
    pub(crate) near: &'static str,
    pub(crate) missed: &'static str,
    pub(crate) partial: &'static str,
    pub(crate) small: &'static str,
    pub(crate) withheld: &'static str,
    pub(crate) whole: &'static str,
    pub(crate) undecided_means: &'static str,
    pub(crate) partial_means: &'static str,
    pub(crate) small_means: &'static str,
    pub(crate) withheld_means: &'static str,
    pub(crate) no_data_means: &'static str,
    pub(crate) signal_means: &'static str,
}

/// Where rows went.
#[derive(Debug)]
pub(crate) struct Accounts {
    pub(crate) rows: &'static str,
    pub(crate) counted: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) undecided: &'static str,
    pub(crate) excluded: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) ties: &'static str,
    pub(crate) undated: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) condition: &'static str,
}

/// What could not be measured, and what is wrong with the data.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) not_measured: &'static str,
    pub(crate) bad: &'static str,
    pub(crate) reversed: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) first: &'static str,
}

/// The parts of a page that explains a metric.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) of_card: &'static str,
    pub(crate) agreed: &'static str,
    pub(crate) account: &'static str,
    pub(crate) rows: &'static str,
    pub(crate) of_period: &'static str,
    pub(crate) outside: &'static str,
    pub(crate) undecided: &'static str,
    pub(crate) excluded: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) counted: &'static str,
    pub(crate) above: &'static str,
    pub(crate) missed: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) condition: &'static str,
    pub(crate) unreadable: &'static str,
}

/// A phrase with its gaps filled, one after the other.
pub(crate) fn filled(phrase: &str, gaps: &[&str]) -> String {
    let mut parts = phrase.split("{}");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, gap) in parts.zip(gaps) {
        text.push_str(gap);
        text.push_str(part);
    }
    text
}

impl Phrases {
    /// The text of a value, a number or a difference as this language writes it.
    pub(crate) fn number(&self, display: &str) -> String {
        if display == WITHHELD {
            return self.states.withheld.to_owned();
        }
        let text = grouped(display);
        if !self.comma || !text.contains(|sign: char| sign.is_ascii_digit()) {
            return text;
        }
        let (number, unit) = match text.split_once(' ') {
            Some((number, unit)) => (number, Some(unit)),
            None => (text.as_str(), None),
        };
        let number = number.replace(GROUP, &NO_BREAK.to_string());
        let mut number = number.replace('.', ",").replace('-', &MINUS.to_string());
        if let Some(unit) = unit {
            number.push(NO_BREAK);
            number.push_str(self.unit(unit));
        }
        number
    }

    fn unit<'b>(&self, unit: &'b str) -> &'b str
    where
        'static: 'b,
    {
        let other = self.units.iter().find(|(word, _)| *word == unit);
        other.map_or(unit, |(_, other)| *other)
    }

    /// A target as it is written in a card, in this language.
    pub(crate) fn target(&self, written: &str) -> String {
        let known = self.targets.iter().find_map(|(word, said)| {
            let rest = written.strip_prefix(word)?.strip_prefix(' ')?;
            Some((*said, rest))
        });
        let Some((said, rest)) = known else { return written.to_owned() };
        match rest.split_once(" and ") {
            Some((low, high)) => filled(said, &[&self.number(low), &self.number(high)]),
            None => filled(said, &[&self.number(rest)]),
        }
    }

    /// The name of a period: ISO 8601 in all languages, save that of the whole range.
    pub(crate) fn period<'b>(&self, label: &'b str) -> &'b str
    where
        'static: 'b,
    {
        if label == "whole" { self.states.whole } else { label }
    }

    /// A moment of a local calendar.
    pub(crate) fn moment(
        &self,
        (year, month, day): (i32, u32, u32),
        minutes: i64,
    ) -> String {
        let (hour, minute) = (minutes / 60, minutes % 60);
        let parts = [
            ("YYYY", format!("{year:04}")),
            ("MM", format!("{month:02}")),
            ("M", month.to_string()),
            ("DD", format!("{day:02}")),
            ("D", day.to_string()),
            ("hh", format!("{hour:02}")),
            ("h", hour.to_string()),
            ("mm", format!("{minute:02}")),
        ];
        let mut text = String::new();
        let mut rest = self.moment;
        while !rest.is_empty() {
            let part = parts.iter().find(|(sign, _)| rest.starts_with(sign));
            let (taken, shown) = if let Some((sign, shown)) = part {
                (sign.len(), shown.as_str())
            } else {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                (length, rest.get(..length).unwrap_or_default())
            };
            text.push_str(shown);
            rest = rest.get(taken..).unwrap_or_default();
        }
        text
    }
}

#[cfg(test)]
mod tests;
