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
use mittari::report::number::{grouped, signed};
use mittari::table::{Results, Row, RowState, SegmentValue, Verdict};
use mittari::zone::ZoneTable;
use mittari_lang::card::{Card, Class};
use mittari_lang::metric::Direction;

use self::series::Series;

/// How many characters the names of segments without rows may have; else they are counted.
const MOST_NAMED: usize = 32;

/// How a scorecard looks, and how much it tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look<'a> {
    /// The language of titles.
    pub(crate) language: &'a str,
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
        text = format!("As of {}.\n\n", notes::moment(as_of, look.zone));
    }
    let lines = lines(results, cards, look.language);
    if lines.is_empty() {
        text.push_str("There is no period with a result.\n");
    } else {
        text.push_str(&table(&lines, look));
        text.push('\n');
        text.push_str(&notes::legend(&shown_rows(&lines)));
    }
    if look.accounts {
        text.push_str(&accounts(&lines));
    }
    text.push_str(&notes::faults(results));
    text
}

/// Where the rows of each total went; all values of a distribution have one account.
fn accounts(lines: &[Line<'_>]) -> String {
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
                    text.push_str(&notes::account(name, row));
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
fn lines<'a>(results: &'a Results, cards: &[Card], language: &str) -> Vec<Line<'a>> {
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
            lines.push(Line::Class(class_title(class_of(name))));
        }
        let own = all.iter().copied().filter(|series| series.metric() == name);
        let own: Vec<Series<'_>> = own.collect();
        card_lines(&own, card_of(name), language, &mut lines);
    }
    lines
}

const fn class_title(class: Option<Class>) -> &'static str {
    match class {
        Some(Class::Sla) => "SLA (customers)",
        Some(Class::Ola) => "OLA (teams)",
        Some(Class::Internal) => "Internal",
        None => "Other metrics",
    }
}

/// The lines of one card.
fn card_lines<'a>(
    all: &[Series<'a>],
    card: Option<&Card>,
    language: &str,
    lines: &mut Vec<Line<'a>>,
) {
    let Some(first) = all.first().copied() else { return };
    let title = match card {
        Some(card) => card.agreement.title.get(language),
        None => first.metric(),
    };
    let several = all.iter().any(|series| series.shown().formula.is_some());
    let depth = usize::from(several);
    if several {
        lines.push(Line::Heading(0, title.to_owned()));
    }
    let mut by = Vec::new();
    for series in all {
        let row = series.shown();
        let names = series.breakdown();
        if !names.is_empty() && by != names {
            lines.push(Line::Heading(depth + 1, breakdown_title(all, series)));
        }
        by = names;
        if series.is_empty() {
            continue;
        }
        let series = *series;
        let name = match &row.formula {
            Some(formula) => formula_title(card, formula, language),
            None => title.to_owned(),
        };
        match &row.part {
            None if series.is_total() => lines.push(Line::Values(depth, name, series)),
            None => lines.push(Line::Values(depth + 2, segment_name(row), series)),
            Some(part) => part_lines(series, (depth, name), part, lines),
        }
    }
}

/// What a breakdown is by, and which of its segments never had a row: they have no line.
fn breakdown_title(all: &[Series<'_>], first: &Series<'_>) -> String {
    let alike = |series: &&Series<'_>| {
        series.shown().formula == first.shown().formula
            && series.breakdown() == first.breakdown()
            && series.is_empty()
    };
    let mut empty: Vec<String> = Vec::new();
    for series in all.iter().filter(alike) {
        let name = segment_name(series.shown());
        if !empty.contains(&name) {
            empty.push(name);
        }
    }
    let by = first.breakdown().join(", ");
    let (count, names) = (empty.len(), empty.join(", "));
    match count {
        0 => format!("by {by}"),
        _ if names.chars().count() <= MOST_NAMED => format!("by {by} (no rows: {names})"),
        _ => format!("by {by} ({count} without rows)"),
    }
}

/// The line of a value of a distribution, below what all of them are of.
fn part_lines<'a>(
    series: Series<'a>,
    (depth, name): (usize, String),
    part: &SegmentValue,
    lines: &mut Vec<Line<'a>>,
) {
    let (depth, name) = if series.is_total() {
        (depth, name)
    } else {
        (depth + 2, segment_name(series.shown()))
    };
    if series.is_first_part() {
        lines.push(Line::Heading(depth, name));
    }
    lines.push(Line::Values(depth + 1, part_name(part), series));
}

fn formula_title(card: Option<&Card>, name: &str, language: &str) -> String {
    let own = |formula: &&mittari_lang::card::Formula| {
        formula.name.as_ref().is_some_and(|own| own.value == name)
    };
    let formula = card.and_then(|card| card.formulas.iter().find(own));
    let title = formula.and_then(|formula| formula.title.as_ref());
    title.map_or_else(|| name.to_owned(), |title| title.get(language).to_owned())
}

fn segment_name(row: &Row) -> String {
    let values = row.segment.iter().map(|(name, value)| match value {
        SegmentValue::Name(value) => value.clone(),
        SegmentValue::Number(number) => grouped(&number.to_string()),
        SegmentValue::Truth(true) => name.clone(),
        SegmentValue::Truth(false) => format!("not {name}"),
        SegmentValue::Missing => format!("(no {name})"),
    });
    values.collect::<Vec<_>>().join(", ")
}

fn part_name(part: &SegmentValue) -> String {
    match part {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => grouped(&number.to_string()),
        SegmentValue::Truth(true) => "yes".to_owned(),
        SegmentValue::Truth(false) => "no".to_owned(),
        SegmentValue::Missing => "(no value)".to_owned(),
    }
}

/// The table. Where all values are of one period, its name is the heading of the column;
/// else the periods have a column of their own.
fn table(lines: &[Line<'_>], look: Look<'_>) -> String {
    let rows = shown_rows(lines);
    let first = rows.first().map(|row| row.period.label.as_str());
    let one = first.filter(|first| rows.iter().all(|row| row.period.label == *first));
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header(one));
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
                table.add_row(cells(&indented(*depth, name), *series, one.is_some()));
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

fn header(one_period: Option<&str>) -> Vec<Cell> {
    let mut header = vec![Cell::new("")];
    if one_period.is_none() {
        header.push(Cell::new("Period"));
    }
    let right = |text: &str| Cell::new(text).set_alignment(CellAlignment::Right);
    header.extend([right(one_period.unwrap_or("Value")), right("n")]);
    header.extend([Cell::new("Target"), Cell::new("Verdict")]);
    header.extend([right("Change"), Cell::new("Trend")]);
    header
}

/// Blanks at the start of a cell are kept as no-break spaces, so that wrapped names stand
/// below their beginning.
fn indented(depth: usize, text: &str) -> String {
    format!("{}{text}", "\u{A0}\u{A0}".repeat(depth))
}

fn cells(name: &str, series: Series<'_>, one_period: bool) -> Vec<Cell> {
    let row = series.shown();
    let right = |text: String| Cell::new(text).set_alignment(CellAlignment::Right);
    let mut cells = vec![Cell::new(name)];
    if !one_period {
        cells.push(Cell::new(&row.period.label));
    }
    let n = row.n.map(|n| grouped(&n.to_string())).unwrap_or_default();
    let change = row.change.map(|change| signed(change, row.unit, row.decimals));
    let (verdict, colour) = verdict(row);
    let mut verdict = Cell::new(verdict);
    if let Some(colour) = colour {
        verdict = verdict.fg(colour);
    }
    let mut change = right(change.unwrap_or_default());
    if let Some(colour) = change_colour(row) {
        change = change.fg(colour);
    }
    cells.push(right(grouped(&row.display)));
    cells.push(right(n));
    cells.push(Cell::new(row.target.as_deref().unwrap_or_default()));
    cells.extend([verdict, change, Cell::new(series.trend())]);
    cells
}

/// The contractual verdict, with a sign where the interval does not decide; or why there
/// is none.
fn verdict(row: &Row) -> (String, Option<Color>) {
    let word = match (row.state, row.contractual) {
        (RowState::Partial, _) => return ("partial".to_owned(), Some(Color::DarkGrey)),
        (RowState::Small, _) => return ("few rows".to_owned(), Some(Color::DarkGrey)),
        (RowState::NoData | RowState::Withheld, _) | (_, None) => {
            return Default::default();
        }
        (_, Some(Verdict::Met)) => ("met", Color::Green),
        (_, Some(Verdict::Near)) => ("near", Color::Yellow),
        (_, Some(Verdict::Missed | Verdict::Undecided)) => ("missed", Color::Red),
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
