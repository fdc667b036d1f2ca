//! Scorecards as they are read.

use insta::assert_snapshot;
use mittari::gathered::Violations;
use mittari::table::{AccountReport, ExcludedReport, NotRun, PeriodSpan, TableReport};
use mittari_lang::source::Sources;
use mittari_lang::types::{Period, Unit};

use super::*;

/// 2025-01-01 in UTC; the made-up months have 30 days.
const START: i64 = 1_735_689_600_000_000;
const MONTH: i64 = 30 * 86_400_000_000;

fn cards() -> Vec<Card> {
    let agreement = "measures: outcome\nviews: [process]\nowner: Service manager\n\
        description: How well.\nperiod: month\npopulation:\n  from: tickets\n  dated: opened_at\n";
    let mut sources = Sources::new();
    for (name, class, title, rest) in [
        (
            "backlog",
            "internal",
            "Open work",
            "unit: count\ndirection: down\nformulas:\n  \
            open:\n    title: Open tickets\n    formula: count()\n  age:\n    title: {en: Median age, fi: Iän mediaani}\n    \
            formula: count()\n",
        ),
        (
            "satisfaction",
            "internal",
            "Satisfaction with the handling",
            "unit: percent\ndirection: up\nformula: distribution(score)\n",
        ),
        (
            "resolution",
            "ola",
            "Resolution time",
            "unit: h\ndirection: down\nformula: count()\n",
        ),
        (
            "answered",
            "sla",
            "Answered within target time",
            "unit: percent\ndirection: up\nformula: count()\n",
        ),
    ] {
        let text =
            format!("metric: {name}\ntitle: {title}\nclass: {class}\n{agreement}{rest}");
        sources.add(format!("{name}.yaml"), text);
    }
    let outcome = mittari_lang::read::workspace(&sources);
    assert_eq!(outcome.value.cards.len(), 4, "{:?}", outcome.diagnostics);
    outcome.value.cards
}

/// The row of a month; `shown` is the value in its unit.
fn row(metric: &str, month: i64, unit: Unit, shown: Option<f64>) -> Row {
    let micros = unit.micros().map_or(1.0, |micros| micros as f64 / 1e6);
    let scale = if unit == Unit::Percent { 0.01 } else { micros };
    let decimals = u8::from(unit != Unit::Count);
    let suffix = match unit {
        Unit::Percent => " %",
        Unit::Hours => " h",
        _ => "",
    };
    let text = |value| format!("{value:.*}{suffix}", usize::from(decimals));
    Row {
        metric: metric.into(),
        formula: None,
        part: None,
        period: PeriodSpan {
            period: Period::Month,
            label: format!("2025-{:02}", month + 1).into(),
            start: START + month * MONTH,
            end: START + (month + 1) * MONTH,
        },
        segment: [].into(),
        value: shown.map(|value| value * scale),
        unit,
        decimals,
        direction: if unit == Unit::Percent { Direction::Up } else { Direction::Down },
        display: shown.map_or_else(|| "\u{2013}".to_owned(), text),
        numerator: None,
        denominator: None,
        accounts: Vec::new(),
        n: Some(if shown.is_some() { 1000 } else { 0 }),
        missing: 0,
        undecided: 0,
        interval: None,
        target: None,
        contractual: None,
        analytic: None,
        state: if shown.is_some() { RowState::Final } else { RowState::NoData },
        previous: None,
        change: None,
        year_before: None,
        change_year: None,
        behaviour: None,
        bad_rows: 0,
        fingerprint: "".into(),
    }
}

/// The rows of some months, each with its change.
fn months(metric: &str, unit: Unit, values: &[Option<f64>]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (month, value) in (0..).zip(values) {
        let mut row = row(metric, month, unit, *value);
        row.previous = rows.last().and_then(|before| before.value);
        row.change = row.value.zip(row.previous).map(|(value, before)| value - before);
        rows.push(row);
    }
    rows
}

fn of_segment(mut rows: Vec<Row>, segment: &[(&str, SegmentValue)]) -> Vec<Row> {
    for row in &mut rows {
        row.segment = segment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
    }
    rows
}

fn judged(mut rows: Vec<Row>, target: &str, verdict: Verdict, sure: bool) -> Vec<Row> {
    for row in rows.iter_mut().filter(|row| row.state == RowState::Final) {
        row.contractual = Some(verdict);
        row.analytic = Some(if sure { verdict } else { Verdict::Undecided });
    }
    for row in &mut rows {
        row.target = Some(target.into());
    }
    rows
}

fn named(text: &str) -> SegmentValue {
    SegmentValue::Name(text.to_owned())
}

fn answered() -> Vec<Row> {
    let target = "at least 80 %";
    let all = [76.1, 77.9, 79.0, 78.2, 79.0, 80.6].map(Some);
    let mut total =
        judged(months("answered", Unit::Percent, &all), target, Verdict::Met, false);
    for row in &mut total {
        let excluded = |name: &str, rows, unknown| ExcludedReport {
            name: name.into(),
            rows,
            unknown,
            ties: 0,
        };
        row.accounts = vec![AccountReport {
            population: "contacts by arrived_at".into(),
            rows: 12_104,
            outside: 1092,
            undecided: 0,
            excluded: vec![
                excluded("abandoned-before-target", 12, 3),
                excluded("spam", 0, 0),
            ],
            counted: 11_000,
            undated: 4,
        }];
        row.n = Some(11_000);
        row.undecided = 3;
    }
    let phone = [91.0, 90.1, 90.6, 91.0, 91.2, 91.2].map(Some);
    let phone =
        judged(months("answered", Unit::Percent, &phone), target, Verdict::Met, true);
    let chat = [61.0, 62.5, 70.0, 59.3, 58.0, 55.9].map(Some);
    let chat =
        judged(months("answered", Unit::Percent, &chat), target, Verdict::Missed, true);
    let mail = [None, None, None, None, Some(50.0), None];
    let mail =
        judged(months("answered", Unit::Percent, &mail), target, Verdict::Near, true);
    let mut lost = months("answered", Unit::Percent, &[Some(100.0); 6]);
    for row in &mut lost {
        row.state = RowState::Small;
        row.n = Some(7);
    }
    let fax = months("answered", Unit::Percent, &[None; 6]);
    let by = |rows, value| of_segment(rows, &[("channel", value)]);
    [
        total,
        by(phone, named("phone")),
        by(chat, named("chat")),
        by(mail, named("mail")),
        by(fax, named("fax")),
        by(lost, SegmentValue::Missing),
    ]
    .concat()
}

fn backlog() -> Vec<Row> {
    let formula = |rows: Vec<Row>, name: &str| -> Vec<Row> {
        let named = |row: Row| Row { formula: Some(name.into()), ..row };
        rows.into_iter().map(named).collect()
    };
    let open = [24_100.0, 24_500.0, 24_918.0, 25_003.0, 24_918.0, 24_918.0].map(Some);
    let open = months("backlog", Unit::Count, &open);
    let vip = of_segment(
        months("backlog", Unit::Count, &[Some(3.0); 6]),
        &[("priority", named("P1")), ("vip", SegmentValue::Truth(true))],
    );
    let mut few = of_segment(
        months("backlog", Unit::Count, &[Some(9.0); 6]),
        &[("priority", named("P1")), ("vip", SegmentValue::Truth(false))],
    );
    for row in &mut few {
        row.state = RowState::Withheld;
        (row.value, row.n, row.change) = (None, None, None);
        row.display = "withheld".to_owned();
    }
    let age = months(
        "backlog",
        Unit::Hours,
        &[140.0, 151.0, 160.2, 171.0, 170.0, 178.2].map(Some),
    );
    [
        formula(open, "open"),
        formula(vip, "open"),
        formula(few, "open"),
        formula(age, "age"),
    ]
    .concat()
}

fn satisfaction() -> Vec<Row> {
    let part = |value: f64, share: f64| {
        let rows =
            months("satisfaction", Unit::Percent, &[Some(share - 1.0), Some(share)]);
        rows.into_iter()
            .map(|row| Row { part: Some(SegmentValue::Number(value)), ..row })
            .collect::<Vec<_>>()
    };
    [part(1.0, 4.0), part(2.0, 16.0), part(3.0, 80.0)].concat()
}

fn results() -> Results {
    let mut running = row("resolution", 6, Unit::Hours, Some(2.0));
    running.state = RowState::Partial;
    let mut resolution =
        months("resolution", Unit::Hours, &[9.0, 8.5, 8.0, 8.2, 8.4, 7.5].map(Some));
    resolution.push(running);
    let resolution = judged(resolution, "at most 8 h", Verdict::Met, true);
    let violations = Violations {
        rule: "closed-has-a-date".to_owned(),
        rows: 31,
        unknown: 0,
        keys: vec!["INC0001".to_owned()],
    };
    Results {
        rows: [backlog(), satisfaction(), resolution, answered()].concat(),
        as_of: Some(START + 6 * MONTH + 45_000_000_000),
        tables: vec![TableReport {
            name: "tickets".to_owned(),
            rows: 24_918,
            bad_rows: 2,
            violations: vec![violations],
            ..TableReport::default()
        }],
        not_run: vec![NotRun {
            metric: "staffing".to_owned(),
            lacks: "the table `costs`".to_owned(),
            because: Some("bookkeeping has them".to_owned()),
        }],
    }
}

fn drawn(results: &Results, width: Option<u16>, accounts: bool) -> String {
    drawn_in("en", results, width, accounts)
}

fn drawn_in(code: &str, results: &Results, width: Option<u16>, accounts: bool) -> String {
    let zone = ZoneTable::new("Europe/Helsinki".parse().unwrap());
    let tongue = Tongue::of(code);
    let look = Look { tongue, colours: false, width, accounts, zone: &zone };
    scorecard(results, &cards(), look)
}

#[test]
fn a_scorecard_is_written_in_finnish_and_swedish() {
    assert_snapshot!("finnish", drawn_in("fi", &results(), None, true));
    assert_snapshot!("swedish", drawn_in("sv", &results(), None, true));
}

#[test]
fn a_scorecard_goes_by_class_and_card() {
    assert_snapshot!(drawn(&results(), None, true));
}

#[test]
fn a_narrow_scorecard_wraps_its_names() {
    let rows = answered();
    assert_snapshot!(drawn(&Results { rows, ..results() }, Some(72), false));
}

#[test]
fn nothing_is_said_to_be_nothing() {
    let text = drawn(&Results::default(), None, true);
    assert_eq!(text, "There is no period with a result.\n");
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let zone = ZoneTable::new("UTC".parse().unwrap());
    let of = |colours| {
        let look = Look {
            tongue: Tongue::of("fi"),
            colours,
            width: None,
            accounts: false,
            zone: &zone,
        };
        scorecard(&results(), &cards(), look)
    };
    assert!(of(true).contains("\u{1b}["));
    assert!(!of(false).contains('\u{1b}'));
    assert!(of(false).contains("Iän mediaani"));
}
