//! Results as a scorecard for people: a line for each metric, formula and segment.
//!
//! ```text
//!                                 2026-03   n  Target         Verdict  Change  Trend
//! SLA (customers)
//!  Answered within target time     80.6 %  98  at least 80 %  met        +1.6  ▂▄▃▅▆█
//!    by channel
//!      phone                       91.2 %  57  at least 80 %  met        +0.2  ▅▅▄▆▅█
//! ```

mod notes;
mod series;

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table,
    presets,
};
use mittari::report::number::signed;
use mittari::table::{Results, Row, RowState, SegmentValue, Verdict};
use mittari::zone::ZoneTable;
use mittari_lang::card::{Card, Class};
use mittari_lang::metric::Direction;

use self::series::Series;
use crate::phrases::{Phrases, Tongue, filled};

/// How many characters the names of segments without rows may have; else they are counted.
const MOST_NAMED: usize = 32;

/// How a scorecard looks, and how much it tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// The language of titles and words.
    pub(crate) tongue: Tongue<'a>,
    /// Whether colours are used.
    pub(crate) colours: bool,
    /// How wide it may be; none: as wide as it needs.
    pub(crate) width: Option<u16>,
    /// Whether it tells where the rows went.
    pub(crate) accounts: bool,
    /// The zone in which moments are told.
    pub(crate) zone: &'a ZoneTable,
}

/// One line of the table.
enum Line<'a> {
    /// A class of cards.
    Class(&'static str),
    /// A card of several formulas, or what a breakdown is by.
    Heading(usize, String),
    /// A series of values and what it is called.
    Values(usize, String, Series<'a>),
}

/// The scorecard of results; `cards` give the titles.
pub(crate) fn scorecard(results: &Results, cards: &[Card], look: Look<'_>) -> String {
    let mut text = String::new();
    if let Some(as_of) = results.as_of {
        let moment = notes::moment(as_of, look.zone, look.tongue.phrases);
        text = format!("{}\n\n", filled(look.tongue.phrases.as_of, &[&moment]));
    }
    let lines = lines(results, cards, look.tongue);
    if lines.is_empty() {
        text.push_str(look.tongue.phrases.nothing);
        text.push('\n');
    } else {
        text.push_str(&table(&lines, look));
        text.push('\n');
        text.push_str(&notes::legend(&shown_rows(&lines), look.tongue.phrases));
    }
    if look.accounts {
        text.push_str(&accounts(&lines, look.tongue.phrases));
    }
    text.push_str(&notes::faults(results, look.tongue.phrases));
    text
}

/// Where the rows of each total went; all values of a distribution have one account.
fn accounts(lines: &[Line<'_>], phrases: &Phrases) -> String {
    let mut text = String::new();
    let mut heading = "";
    for line in lines {
        match line {
            Line::Class(_) => {}
            Line::Heading(_, name) => heading = name,
            Line::Values(_, name, series) => {
                let row = series.shown();
                let is_part = row.part.is_some();
                if series.is_total() && (!is_part || series.is_first_part()) {
                    let name = if is_part { heading } else { name };
                    text.push_str(&notes::account(name, row, phrases));
                }
            }
        }
    }
    text
}

fn shown_rows<'a>(lines: &[Line<'a>]) -> Vec<&'a Row> {
    let shown = lines.iter().filter_map(|line| match line {
        Line::Values(_, _, series) => Some(series.shown()),
        Line::Class(_) | Line::Heading(..) => None,
    });
    shown.collect()
}

/// All lines: by class, then card, then formula, then breakdown.
fn lines<'a>(results: &'a Results, cards: &[Card], tongue: Tongue<'_>) -> Vec<Line<'a>> {
    let all = series::all(&results.rows, results.as_of);
    let mut names: Vec<&str> = Vec::new();
    for series in &all {
        if !names.contains(&series.metric()) {
            names.push(series.metric());
        }
    }
    let card_of = |name: &str| cards.iter().find(|card| card.metric.value == name);
    let class_of = |name: &str| card_of(name).map(|card| card.agreement.class.value);
    // Cards that are not known come last.
    names.sort_by_key(|name| class_of(name).map_or((1, None), |class| (0, Some(class))));
    let mut lines = Vec::new();
    let mut class = None;
    for name in names {
        if class != Some(class_of(name)) {
            class = Some(class_of(name));
            lines.push(Line::Class(class_title(class_of(name), tongue.phrases)));
        }
        let own = all.iter().copied().filter(|series| series.metric() == name);
        let own: Vec<Series<'_>> = own.collect();
        card_lines(&own, card_of(name), tongue, &mut lines);
    }
    lines
}

const fn class_title(class: Option<Class>, phrases: &Phrases) -> &'static str {
    match class {
        Some(Class::Sla) => phrases.classes.sla,
        Some(Class::Ola) => phrases.classes.ola,
        Some(Class::Internal) => phrases.classes.internal,
        None => phrases.classes.other,
    }
}

/// The lines of one card.
fn card_lines<'a>(
    all: &[Series<'a>],
    card: Option<&Card>,
    tongue: Tongue<'_>,
    lines: &mut Vec<Line<'a>>,
) {
    let Some(first) = all.first().copied() else { return };
    let title = match card {
        Some(card) => card.agreement.title.get(tongue.code),
        None => first.metric(),
    };
    let several = all.iter().any(|series| series.shown().formula.is_some());
    let (depth, phrases) = (usize::from(several), tongue.phrases);
    if several {
        lines.push(Line::Heading(0, title.to_owned()));
    }
    let mut by = Vec::new();
    for series in all {
        let row = series.shown();
        let names = series.breakdown();
        if !names.is_empty() && by != names {
            lines.push(Line::Heading(depth + 1, breakdown_title(all, series, phrases)));
        }
        by = names;
        if series.is_empty() {
            continue;
        }
        let series = *series;
        let name = match &row.formula {
            Some(formula) => formula_title(card, formula, tongue.code),
            None => title.to_owned(),
        };
        match &row.part {
            None if series.is_total() => lines.push(Line::Values(depth, name, series)),
            None => {
                lines.push(Line::Values(depth + 2, segment_name(row, phrases), series));
            }
            Some(part) => part_lines(series, (depth, name), (part, phrases), lines),
        }
    }
}

/// What a breakdown is by, and which of its segments never had a row: they have no line.
fn breakdown_title(all: &[Series<'_>], first: &Series<'_>, phrases: &Phrases) -> String {
    let alike = |series: &&Series<'_>| {
        series.shown().formula == first.shown().formula
            && series.breakdown() == first.breakdown()
            && series.is_empty()
    };
    let mut empty: Vec<String> = Vec::new();
    for series in all.iter().filter(alike) {
        let name = segment_name(series.shown(), phrases);
        if !empty.contains(&name) {
            empty.push(name);
        }
    }
    let by = first.breakdown().join(", ");
    let (count, names) = (empty.len(), empty.join(", "));
    match count {
        0 => filled(phrases.segments.by, &[&by]),
        _ if names.chars().count() <= MOST_NAMED => {
            filled(phrases.segments.by_and_no_rows, &[&by, &names])
        }
        _ => filled(phrases.segments.by_and_without_rows, &[&by, &count.to_string()]),
    }
}

/// The line of a value of a distribution, below what all of them are of.
fn part_lines<'a>(
    series: Series<'a>,
    (depth, name): (usize, String),
    (part, phrases): (&SegmentValue, &Phrases),
    lines: &mut Vec<Line<'a>>,
) {
    let (depth, name) = if series.is_total() {
        (depth, name)
    } else {
        (depth + 2, segment_name(series.shown(), phrases))
    };
    if series.is_first_part() {
        lines.push(Line::Heading(depth, name));
    }
    lines.push(Line::Values(depth + 1, part_name(part, phrases), series));
}

fn formula_title(card: Option<&Card>, name: &str, language: &str) -> String {
    let own = |formula: &&mittari_lang::card::Formula| {
        formula.name.as_ref().is_some_and(|own| own.value == name)
    };
    let formula = card.and_then(|card| card.formulas.iter().find(own));
    let title = formula.and_then(|formula| formula.title.as_ref());
    title.map_or_else(|| name.to_owned(), |title| title.get(language).to_owned())
}

fn segment_name(row: &Row, phrases: &Phrases) -> String {
    let values = row.segment.iter().map(|(name, value)| match value {
        SegmentValue::Name(value) => value.clone(),
        SegmentValue::Number(number) => phrases.number(&number.to_string()),
        SegmentValue::Truth(true) => name.clone(),
        SegmentValue::Truth(false) => filled(phrases.segments.not, &[name]),
        SegmentValue::Missing => filled(phrases.segments.none, &[name]),
    });
    values.collect::<Vec<_>>().join(", ")
}

fn part_name(part: &SegmentValue, phrases: &Phrases) -> String {
    match part {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => phrases.number(&number.to_string()),
        SegmentValue::Truth(true) => phrases.segments.yes.to_owned(),
        SegmentValue::Truth(false) => phrases.segments.no.to_owned(),
        SegmentValue::Missing => phrases.segments.no_value.to_owned(),
    }
}

/// The table. Where all values are of one period, its name is the heading of the column;
/// else the periods have a column of their own.
fn table(lines: &[Line<'_>], look: Look<'_>) -> String {
    let phrases = look.tongue.phrases;
    let rows = shown_rows(lines);
    let first = rows.first().map(|row| row.period.label.as_str());
    let one = first.filter(|first| rows.iter().all(|row| row.period.label == *first));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header(one, phrases));
    match look.width {
        Some(width) => {
            table.set_content_arrangement(ContentArrangement::Dynamic).set_width(width)
        }
        None => table.set_content_arrangement(ContentArrangement::Disabled),
    };
    if look.colours {
        table.enforce_styling();
    } else {
        table.force_no_tty();
    }
    for (place, line) in lines.iter().enumerate() {
        match line {
            Line::Class(title) => {
                if place > 0 {
                    table.add_row([Cell::new("")]);
                }
                table.add_row([Cell::new(title).add_attribute(Attribute::Bold)]);
            }
            Line::Heading(depth, text) => {
                table.add_row([Cell::new(indented(*depth, text))]);
            }
            Line::Values(depth, name, series) => {
                let name = indented(*depth, name);
                table.add_row(cells(&name, *series, one.is_some(), phrases));
            }
        }
    }
    for (place, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if place > 0 {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let lines: Vec<String> =
        table.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n") + "\n"
}

fn header(one_period: Option<&str>, phrases: &Phrases) -> Vec<Cell> {
    let heads = &phrases.heads;
    let mut header = vec![Cell::new("")];
    if one_period.is_none() {
        header.push(Cell::new(heads.period));
    }
    let right = |text: &str| Cell::new(text).set_alignment(CellAlignment::Right);
    header.extend([
        right(one_period.map_or(heads.value, |label| phrases.period(label))),
        right("n"),
    ]);
    header.extend([Cell::new(heads.target), Cell::new(heads.verdict)]);
    header.extend([right(heads.change), Cell::new(heads.trend)]);
    header
}

/// Blanks at the start of a cell are kept as no-break spaces, so that wrapped names stand
/// below their beginning.
fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "\u{A0}\u{A0}".repeat(depth))
}

fn cells(
    name: &str,
    series: Series<'_>,
    one_period: bool,
    phrases: &Phrases,
) -> Vec<Cell> {
    let row = series.shown();
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut cells = vec![Cell::new(name)];
    if !one_period {
        cells.push(Cell::new(phrases.period(&row.period.label)));
    }
    let n = row.n.map(|n| phrases.number(&n.to_string())).unwrap_or_default();
    let change =
        row.change.map(|change| phrases.number(&signed(change, row.unit, row.decimals)));
    let (verdict, colour) = verdict(row, phrases);
    let mut verdict = Cell::new(verdict);
    if let Some(colour) = colour {
        verdict = verdict.fg(colour);
    }
    let mut change = right(change.unwrap_or_default());
    if let Some(colour) = change_colour(row) {
        change = change.fg(colour);
    }
    cells.push(right(phrases.number(&row.display)));
    cells.push(right(n));
    let target = row.target.as_ref().map(|target| phrases.target(target));
    cells.push(Cell::new(target.unwrap_or_default()));
    let signal = row.behaviour.and_then(|behaviour| behaviour.signal);
    let mark = if signal.is_some() { " !" } else { "" };
    cells.extend([verdict, change, Cell::new(format!("{}{mark}", series.trend()))]);
    cells
}

/// The contractual verdict, with a sign where the interval does not decide; or why there
/// is none.
fn verdict(row: &Row, phrases: &Phrases) -> (String, Option<Color>) {
    let words = &phrases.states;
    let word = match (row.state, row.contractual) {
        (RowState::Partial, _) => {
            return (words.partial.to_owned(), Some(Color::DarkGrey));
        }
        (RowState::Small, _) => return (words.small.to_owned(), Some(Color::DarkGrey)),
        (RowState::NoData | RowState::Withheld, _) | (_, None) => {
            return Default::default();
        }
        (_, Some(Verdict::Met)) => (words.met, Color::Green),
        (_, Some(Verdict::Near)) => (words.near, Color::Yellow),
        (_, Some(Verdict::Missed | Verdict::Undecided)) => (words.missed, Color::Red),
    };
    let undecided = row.analytic == Some(Verdict::Undecided);
    (format!("{}{}", word.0, if undecided { " ~" } else { "" }), Some(word.1))
}

/// Green for the better, red for the worse; what is shown as no change has no colour.
fn change_colour(row: &Row) -> Option<Color> {
    let change = row.change?;
    let text = signed(change, row.unit, row.decimals);
    let better = match row.direction {
        Direction::Up => text.starts_with('+'),
        Direction::Down => text.starts_with('-'),
        Direction::Band | Direction::None => return None,
    };
    let changed = text.starts_with(['+', '-']);
    changed.then_some(if better { Color::Green } else { Color::Red })
}

#[cfg(test)]
mod tests;
