//! The tests of a card: their keys and what becomes of them.

use serde_json::{Value as Json, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::hours::Hours;
use crate::place::Located;
use crate::span::Spanned;
use crate::syntax::Literal;
use crate::trial::{
    Amount, Cell, Expectation, Given, GivenRow, OwnCalendar, Setting, State, Trial,
    Trials, Verdict,
};

use super::complaints;
use super::cx::Cx;
use super::dates::{Day, MomentKind};
use super::field::{Form, Kind, Place, Record, form};
use super::hours::OwnHoursDraft;
use super::kinds::{
    AnyList, Either, ListOf, Named, Prose, Raw, ShortOr, Text, scalar_schema,
};
use super::language::Value;
use super::parameters::Parameters;
use super::words::{Whole, Word};
use super::yaml::{Node, NodeValue};

form! {
    /// A file with tests while it is read.
    TrialsDraft {
        "metric" required metric: Text, "the card that is tested";
        "time_zone" optional time_zone: Text, "the zone of periods and of given instants, else the card's";
        "as_of" optional as_of: MomentKind, "the moment of evaluation, else the end of the last period expected";
        "calendar" optional calendar: Calendar, "the service calendar in place of the card's: a name, or its hours written out";
        "covers" optional covers: Day, "the first day that the given rows cover whole, else they cover all";
        "period" optional period: Text, "the period of expectations that name none: `2026-01`, `2026-W03`, `2026-Q1`, `2026`";
        "parameters" optional parameters: Parameters, "values in place of the card's";
        "given" optional given: Named<RowsKind>, "the rows of each table, for every test that has none of its own for it";
        "tests" required tests: ListOf<Record<TrialDraft>>, "the tests";
    }
}

impl Form for TrialsDraft {
    type Out = Trials;
    const NAME: &'static str = "a file of tests";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Trials> {
        Some(Trials {
            source: place.source(),
            metric: self.metric?,
            setting: Setting {
                time_zone: self.time_zone,
                as_of: self.as_of,
                calendar: self.calendar.map(own_calendar),
                covers: self.covers,
                period: self.period,
                parameters: self.parameters.unwrap_or_default(),
                given: given(self.given),
            },
            tests: self.tests?,
        })
    }
}

form! {
    /// A test while it is read.
    TrialDraft {
        "name" required name: Text, "what it shows";
        "because" optional because: Prose, "why it must be so";
        "time_zone" optional time_zone: Text, "the zone of periods and of given instants, else the file's";
        "as_of" optional as_of: MomentKind, "the moment of evaluation, else the file's";
        "calendar" optional calendar: Calendar, "the service calendar, else the file's";
        "covers" optional covers: Day, "the first day that the given rows cover whole, else the file's";
        "period" optional period: Text, "the period of expectations that name none, else the file's";
        "parameters" optional parameters: Parameters, "values in place of the card's";
        "given" optional given: Named<RowsKind>, "the rows of each table, in place of the file's";
        "expect" required expect: ListOf<Record<ExpectationDraft>>, "what the results must be";
    }
}

impl Form for TrialDraft {
    type Out = Trial;
    const NAME: &'static str = "a test";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Trial> {
        Some(Trial {
            name: self.name?,
            because: self.because,
            setting: Setting {
                time_zone: self.time_zone,
                as_of: self.as_of,
                calendar: self.calendar.map(own_calendar),
                covers: self.covers,
                period: self.period,
                parameters: self.parameters.unwrap_or_default(),
                given: given(self.given),
            },
            expect: self.expect?,
            span: place.span,
        })
    }
}

type Calendar = ShortOr<Text, Record<OwnHoursDraft>>;

fn own_calendar(written: Either<Spanned<String>, Hours>) -> OwnCalendar {
    match written {
        Either::Short(name) => OwnCalendar::Named(name),
        Either::Long(hours) => OwnCalendar::Written(Box::new(hours)),
    }
}

fn given(named: Option<Vec<(Spanned<String>, Vec<GivenRow>)>>) -> Vec<Given> {
    let named = named.unwrap_or_default().into_iter();
    named.map(|(table, rows)| Given { table, rows }).collect()
}

form! {
    /// What is expected of a result, while it is read.
    ExpectationDraft {
        "formula" optional formula: Text, "which formula, of a card with several";
        "period" optional period: Text, "which period";
        "for" optional segment: Named<Text>, "which segment: field and value; else the total";
        "part" optional part: Text, "of a distribution, the value whose share is meant";
        "value" optional value: AmountKind, "the value, exact unless there is a tolerance; `missing` for none";
        "tolerance" optional tolerance: Value, "by how much the value may differ";
        "numerator" optional numerator: AmountKind, "what stands above, of a quotient";
        "denominator" optional denominator: AmountKind, "what stands below, of a quotient";
        "display" optional display: Text, "the value as it is shown";
        "state" optional state: Word<State>, "the state";
        "population" optional population: Text, "whose account is meant, by its table or its name in accounts, where a formula has several";
        "account" optional account: Named<Whole<0, { u32::MAX }>>, "how many rows: `dated`, `outside`, `undecided`, `counted`, `undated`, or the name of an exclusion";
        "excluded" optional excluded: Named<AnyList<Text>>, "the keys of the rows each exclusion took out; also under `outside`, `undecided` and `counted`";
        "verdict" optional verdict: Word<Verdict>, "the contractual verdict";
    }
}

impl Form for ExpectationDraft {
    type Out = Expectation;
    const NAME: &'static str = "an expectation";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Expectation> {
        let expectation = Expectation {
            formula: self.formula,
            period: self.period,
            segment: self.segment.unwrap_or_default(),
            part: self.part,
            value: self.value,
            tolerance: self.tolerance,
            numerator: self.numerator,
            denominator: self.denominator,
            display: self.display,
            state: self.state,
            population: self.population,
            account: self.account.unwrap_or_default(),
            excluded: self.excluded.unwrap_or_default(),
            verdict: self.verdict,
            span: place.span,
        };
        let empty = expectation.value.is_none()
            && expectation.numerator.is_none()
            && expectation.denominator.is_none()
            && expectation.display.is_none()
            && expectation.state.is_none()
            && expectation.verdict.is_none()
            && expectation.account.is_empty()
            && expectation.excluded.is_empty();
        if empty {
            cx.unless_said(place.span, || {
                let keys = "`value`, `state`, `account`, `excluded` and `verdict`";
                complaints::missing_one_of(place.head, Self::NAME, keys)
            });
        }
        Some(expectation)
    }
}

/// A written value, or the quotient of two: `80 %`, `2 / 3`, `124 s / 3`.
pub(crate) struct AmountKind;

impl Kind for AmountKind {
    type Out = Spanned<Amount>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        let text = cx.text(node, "a value")?;
        if text.text.trim() == "missing" {
            let missing = Amount { value: Literal::Missing, over: None };
            return Some(Spanned::new(missing, text.whole()));
        }
        let Some((above, below)) = text.text.split_once('/') else {
            let value = Value::of(text, cx)?;
            return Some(value.map(|value| Amount { value, over: None }));
        };
        let above = Value::of(&text.part(0..above.len()), cx)?;
        let start = text.text.len() - below.len();
        let below = Value::of(&text.part(start..text.text.len()), cx)?;
        let whole = above.span.to(below.span);
        match (&above.value, below.value) {
            (Literal::Text(_) | Literal::Truth(_), _) => {}
            (_, Literal::Number(over)) if over.mantissa != 0 => {
                let amount = Amount { value: above.value, over: Some(over) };
                return Some(Spanned::new(amount, whole));
            }
            _ => {}
        }
        let wanted = "a value over a number that is not zero, as `124 s / 3`,";
        cx.say(complaints::word(whole, wanted, text.text.trim()));
        None
    }

    fn schema() -> Json {
        scalar_schema()
    }

    fn words() -> String {
        "a written value, as `80 %`, or a quotient, as `124 s / 3`".into()
    }
}

/// The rows of a table: a small table under `|`, or a list of rows.
pub(crate) struct RowsKind;

impl Kind for RowsKind {
    type Out = Vec<GivenRow>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        match &node.value {
            NodeValue::List(items) => {
                Some(items.iter().filter_map(|item| row(item, cx)).collect())
            }
            _ => small_table(cx.text(node, &Self::words())?, cx),
        }
    }

    fn schema() -> Json {
        json!({"anyOf": [
            {"type": "string"},
            {"type": "array", "items": {
                "type": "object",
                "additionalProperties": scalar_schema(),
            }},
        ]})
    }

    fn words() -> String {
        "rows as a small table with commas under `|`, or as a list".into()
    }
}

/// A row written as a mapping.
fn row(node: &Node, cx: &mut Cx<'_>) -> Option<GivenRow> {
    let named = Named::<Raw>::read(node, cx)?;
    let cells = named.into_iter().map(|(field, value)| (field, cell(value))).collect();
    Some(GivenRow { cells, span: node.span })
}

/// The word `missing` stands for no value.
fn cell(text: Spanned<String>) -> Cell {
    if text.value == "missing" { Cell::Missing(text.span) } else { Cell::Text(text) }
}

/// A small table: the first line names the fields, commas separate, texts with a comma
/// stand in double quotes, and an empty cell has no value.
fn small_table(text: &Located, cx: &mut Cx<'_>) -> Option<Vec<GivenRow>> {
    let mut lines = lines(text).into_iter();
    let (names, _) = lines.next()?;
    let mut sound = true;
    let mut rows = Vec::new();
    for (cells, place) in lines {
        if cells.len() != names.len() {
            let (wanted, found) = (names.len(), cells.len());
            let message = format!("{wanted} cells are expected, found {found}");
            cx.say(Diagnostic::new(Code::ValueShape, text.span(place.clone()), message));
            sound = false;
            continue;
        }
        let cells = names.iter().cloned().zip(cells.into_iter().map(|cell_text| {
            if cell_text.value.is_empty() {
                Cell::Missing(cell_text.span)
            } else {
                cell(cell_text)
            }
        }));
        rows.push(GivenRow { cells: cells.collect(), span: text.span(place) });
    }
    sound.then_some(rows)
}

type Line = (Vec<Spanned<String>>, std::ops::Range<usize>);

/// The lines of a small table that are not empty, taken apart at their commas.
fn lines(text: &Located) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    for line in text.text.split_inclusive('\n') {
        let kept = line.trim_end();
        if !kept.trim().is_empty() {
            out.push((cells(text, start, kept), start..start + kept.len()));
        }
        start += line.len();
    }
    out
}

/// The cells of a line that begins at a byte of the text.
fn cells(text: &Located, start: usize, line: &str) -> Vec<Spanned<String>> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let rest = line.get(at..).unwrap_or("");
        let len = cell_end(rest);
        let raw = rest.get(..len).unwrap_or("");
        let trimmed = raw.trim();
        let first = start + at + (raw.len() - raw.trim_start().len());
        let value =
            match trimmed.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                Some(inner) => inner.replace("\"\"", "\""),
                None => trimmed.to_owned(),
            };
        let span = text.span(first.min(start + line.len())..first + trimmed.len());
        out.push(Spanned::new(value, span));
        if len >= rest.len() {
            return out;
        }
        at += len + 1;
    }
}

/// Where the cell at the start of a text ends: at a comma outside of quotes.
fn cell_end(rest: &str) -> usize {
    let quoted = rest.trim_start().starts_with('"');
    let mut inside = false;
    for (at, sign) in rest.char_indices() {
        match sign {
            '"' if quoted => inside = !inside,
            ',' if !inside => return at,
            _ => {}
        }
    }
    rest.len()
}
