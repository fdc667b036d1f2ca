//! Verdicts, small and withheld groups, segments, accounts.

use mittari_lang::metric::{Bound, Exclusion, ExclusionRule, Target};
use mittari_lang::types::{Kind, Unit};
use mittari_lang::value::{Decimal, Value};

use super::fixture::*;
use crate::gathered::{Account, Key};
use crate::plan::FoldKind;
use crate::table::{Row, RowState, SegmentValue, Verdict};

fn target(segment: &[(&str, &str)], percent: i64) -> Target {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Target {
        segment: segment.iter().map(owned).collect(),
        bound: Bound::AtLeast(Value::Number(Decimal { mantissa: percent, scale: 2 })),
        near: None,
        since: None,
        text: format!("at least {percent} %"),
    }
}

/// The share of kept tickets, of which 80 % are wanted.
fn kept() -> Desk {
    let folds = vec![planned(FoldKind::Count, None), planned(FoldKind::Count, None)];
    let mut desk = Desk::new(ratio(count(1), count(0)), folds)
        .proportion(count(1), count(0))
        .targets(vec![target(&[], 80)]);
    desk.metric().unit = Unit::Percent;
    desk
}

fn verdicts(row: &Row) -> (Option<Verdict>, Option<Verdict>) {
    (row.contractual, row.analytic)
}

#[test]
fn the_unrounded_value_misses_though_it_is_shown_as_the_target() {
    let desk = kept().with(0, &[], counts(10_000, 7996)).with(1, &[], counts(10, 8));
    let rows = desk.rows();
    assert_eq!(rows[0].display, "80.0 %");
    assert_eq!(verdicts(&rows[0]), (Some(Verdict::Missed), Some(Verdict::Undecided)));
    assert_eq!(rows[1].display, "80.0 %");
    assert_eq!(verdicts(&rows[1]), (Some(Verdict::Met), Some(Verdict::Undecided)));
    assert_eq!(rows[0].target.as_deref(), Some("at least 80 %"));
    assert_eq!(verdicts(&rows[2]), (None, None));
}

#[test]
fn proportions_have_the_interval_of_wilson() {
    let desk = kept().with(0, &[], counts(263, 81)).with(1, &[], counts(20, 0));
    let rows = desk.rows();
    let (low, high) = rows[0].interval.unwrap();
    assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
    let (low, high) = rows[1].interval.unwrap();
    assert!(low == 0.0 && (high - 0.1611).abs() < 5e-5);
    assert_eq!(rows[1].analytic, Some(Verdict::Missed));
}

#[test]
fn small_and_partial_values_get_no_verdict() {
    let mut desk = kept().with(0, &[], counts(29, 29)).with(1, &[], counts(30, 30));
    desk.metric().min_volume = 30;
    let rows = desk.rows();
    assert_eq!((rows[0].state, verdicts(&rows[0])), (RowState::Small, (None, None)));
    assert_eq!((rows[0].value, rows[0].n), (Some(1.0), Some(29)));
    assert_eq!(
        (rows[1].state, rows[1].contractual),
        (RowState::Final, Some(Verdict::Met))
    );
    desk.gathered.as_of = Some(midnight(NEW_YEAR + 50));
    let rows = desk.rows();
    assert_eq!((rows.len(), rows[1].state), (2, RowState::Partial));
    assert_eq!(verdicts(&rows[1]), (None, None));
}

#[test]
fn few_rows_of_a_segment_are_withheld_with_all_that_tells_of_them() {
    let person = || [Key::Text("Aino".to_owned())];
    let mut desk = kept()
        .by(&[PERSON], &[&[PERSON]])
        .with(0, &person(), counts(4, 4))
        .with(0, &[Key::Text("Bo".to_owned())], counts(6, 6))
        .with(1, &person(), counts(5, 4));
    desk.metric().withhold_under = 5;
    let rows = desk.rows();
    assert_eq!((rows[0].state, rows[0].value), (RowState::Final, Some(1.0)));
    let row = &rows[3];
    assert_eq!((row.state, row.display.as_str()), (RowState::Withheld, "withheld"));
    assert_eq!((row.value, row.n, row.numerator, row.interval), (None, None, None, None));
    assert!(row.accounts.is_empty() && row.contractual.is_none());
    assert_eq!(
        (rows[4].state, rows[4].previous, rows[4].change),
        (RowState::Final, None, None)
    );
    assert_eq!(rows[5].state, RowState::NoData);
}

#[test]
fn few_rows_in_all_are_withheld_if_the_card_says_so() {
    let mut desk = kept().with(0, &[], counts(4, 4)).with(1, &[], counts(5, 4));
    assert_eq!(desk.rows()[0].state, RowState::Final);
    desk.metric().withhold_under = 5;
    let rows = desk.rows();
    assert_eq!((rows[0].state, rows[0].value), (RowState::Withheld, None));
    assert_eq!((rows[1].state, rows[1].value), (RowState::Final, Some(0.8)));
}

#[test]
fn declared_values_are_segments_and_others_if_they_occur() {
    let text = |text: &str| Key::Text(text.to_owned());
    let outside = crate::gathered::Totals {
        account: Account { outside: 9, ..Account::default() },
        folds: Vec::new(),
    };
    let desk = kept()
        .by(&[PRIORITY, PERSON], &[&[PERSON, PRIORITY], &[PRIORITY]])
        .targets(vec![target(&[], 80), target(&[("priority", "P1")], 95)])
        .with(0, &[Key::Category(1), text("Aino")], counts(10, 9))
        .with(0, &[Key::Missing, Key::Missing], counts(10, 9))
        .with(0, &[Key::Category(0), text("Bo")], outside)
        .with(-1, &[Key::Category(0), text("Cai")], counts(1, 1));
    let rows = desk.rows();
    let names: Vec<Vec<&str>> = rows
        .iter()
        .step_by(3)
        .map(|row| {
            let values = row.segment.iter().map(|(_, value)| match value {
                SegmentValue::Name(name) => name.as_str(),
                _ => "?",
            });
            values.collect()
        })
        .collect();
    let expected: [&[&str]; 9] = [
        &[],
        &["Aino", "P1"],
        &["Aino", "P2"],
        &["?", "P1"],
        &["?", "P2"],
        &["?", "?"],
        &["P1"],
        &["P2"],
        &["?"],
    ];
    assert_eq!(names, expected);
    assert_eq!(rows[6].value, Some(0.9));
    assert_eq!(rows[18].target.as_deref(), Some("at least 95 %"));
    assert_eq!(rows[21].target.as_deref(), Some("at least 80 %"));
}

#[test]
fn accounts_add_up_and_name_their_exclusions() {
    let account = Account {
        outside: 4,
        undecided: 1,
        excluded: vec![2, 0],
        unsure: vec![0, 3],
        ties: vec![0, 0],
        counted: 10,
    };
    let mut desk =
        kept().with(0, &[], crate::gathered::Totals { account, ..counts(10, 8) });
    for name in ["spam", "abandoned"] {
        desk.catalog.populations[0].exclusions.push(Exclusion {
            name: name.to_owned(),
            rule: ExclusionRule::When(expr(Kind::Truth)),
            reason: "Not a contact.".to_owned(),
        });
    }
    let report = &desk.rows()[0].accounts[0];
    let excluded: i64 = report.excluded.iter().map(|excluded| excluded.rows).sum();
    assert_eq!(report.rows, 17);
    assert_eq!(
        report.rows,
        report.outside + report.undecided + excluded + report.counted
    );
    assert_eq!((report.excluded[0].name.as_str(), report.excluded[0].rows), ("spam", 2));
    assert_eq!(report.excluded[1].unknown, 3);
    let empty = &desk.rows()[1].accounts[0];
    assert_eq!((empty.rows, empty.excluded.len()), (0, 2));
}
