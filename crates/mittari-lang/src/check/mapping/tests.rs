//! What a source file becomes, and what is said of one that cannot be read by.

use super::*;
use crate::check::testing::{told, workspace};
use crate::check::vocabulary::vocabulary;
use crate::metric::Origin;
use crate::schema::ColumnId;
use crate::syntax::{ExprKind, Literal};
use crate::types::{Grain, Ty, Unit};
use crate::value::{Decimal, Value};

const VOCABULARY: &str = "\
tables:
  contacts:
    key: id
    fields:
      id: text
      channel: {values: [phone, chat]}
      arrived_at: {type: instant, required: true}
      ended_at: instant
      day: date
      waited: duration
      price: {type: money, currency: EUR}
      solved: boolean
      grade: {type: number, values: [1, 2, 3.5]}
      note: text
      made: {is: waited}
";

/// Stands for the checker of expressions: knows names and written texts.
fn type_row(schema: &Schema) -> impl FnMut(TableId, &Expr, Kind) -> Outcome<typed::Expr> {
    move |table, expr, wanted| {
        let (kind, ty) = match (&expr.kind, wanted) {
            (ExprKind::Name(path), _) => {
                let found = schema.column_named(table, &path.parts[0].value);
                let (id, column) = found.expect("a name of the table");
                (typed::ExprKind::Column(id), column.kind)
            }
            (ExprKind::Literal(Literal::Text(_)), Kind::Category(_)) => {
                (typed::ExprKind::Literal(Value::Category(1)), wanted)
            }
            _ => (typed::ExprKind::Literal(Value::Truth(true)), Kind::Truth),
        };
        let ty = Ty::new(ty, Grain::Row, true);
        Outcome::clean(typed::Expr { kind, ty, span: expr.span })
    }
}

fn read(source: &str) -> (Vec<Mapping>, String) {
    let (sources, workspace) =
        workspace(&[("vocabulary.yaml", VOCABULARY), ("sources/calls.yaml", source)]);
    let written = workspace.vocabulary.unwrap();
    let resolved = vocabulary(&written).value;
    let computed: Vec<_> = resolved
        .computed
        .iter()
        .map(|one| (one.table, one.name.value.as_str()))
        .collect();
    let ground = Ground { schema: &resolved.schema, zone: Tz::UTC, computed: &computed };
    let outcome = mappings(&workspace.mappings, ground, &mut type_row(&resolved.schema));
    let said = told(&sources, &outcome.diagnostics);
    (outcome.value, said)
}

fn said(source: &str) -> String {
    let (mappings, said) = read(source);
    assert!(mappings.is_empty(), "an unsound source is left out");
    said
}

/// A source whose fields begin with the key and the required one.
fn fields(fields: &str) -> String {
    let fields = fields.replace('\n', "\n      ");
    format!(
        "source: calls\ntables:\n  contacts:\n    file: calls.csv\n    time_zone: UTC\n    \
         fields:\n      id: id\n      arrived_at: at\n      {fields}"
    )
}

#[test]
fn a_source_with_all_that_one_can_say() {
    let (mappings, said) = read(
        "\
source: calls
covers: {from: 2026-01-01, until: 2026-01-31}
as_of: 2026-02-01 00:00
tables:
  contacts:
    file: [a.csv, b.csv]
    layout: tsv
    delimiter: ';'
    quote: none
    encoding: windows-1252
    time_zone: Asia/Jerusalem
    format: '%y%m%d %H:%M:%S'
    missing: ['?']
    decimal_comma: true
    keep: last by n per id, line
    fields:
      id: {from: [line, id]}
      channel: {from: way, values: {Puhelin: phone}, is: '\"chat\"'}
      arrived_at: {from: [date, at]}
      ended_at: {from: [date, end], missing: ['0:00:00'], after: arrived_at, format: rfc3339, time_zone: UTC}
      waited: {from: q, unit: s}
      day: {from: d, format: '%d.%m.%Y'}
      solved: {from: s, values: {Y: true, N: false}}
      grade: {from: g, values: {good: 3.50}}
      price: {from: p, unit: EUR}
      note: {always: none}
",
    );
    assert_eq!(said, "");
    let mapping = &mappings[0];
    assert_eq!((mapping.covers_from, mapping.covers_to), (Some(20_454), Some(20_485)));
    assert_eq!(mapping.as_of, Some(20_485 * 86_400_000_000));
    let table = &mapping.tables[0];
    assert_eq!((table.file.len(), table.delimiter, table.quote), (2, Some(b';'), None));
    assert_eq!(table.keep.as_ref().unwrap().per.len(), 2);
    let column = |number: usize| &table.columns[number];
    assert_eq!(column(1).values, [("Puhelin".to_owned(), Value::Category(0))]);
    assert!(column(1).is.is_some());
    let arrived = ColumnId { table: table.table, column: 2 };
    assert_eq!(column(3).after, Some(arrived));
    assert_eq!(
        (&column(3).format[..], column(3).zone),
        (&["%+".to_owned()][..], Some(Tz::UTC))
    );
    assert_eq!(column(4).unit, Some(Unit::Seconds));
    assert_eq!(column(6).values[0], ("Y".to_owned(), Value::Truth(true)));
    let half = Value::Number(Decimal { mantissa: 350, scale: 2 });
    assert_eq!(column(7).values[0], ("good".to_owned(), half));
    assert!(column(8).decimal_comma);
    assert_eq!(column(9).origin, Origin::Always(Value::Text("none".into())));
    assert!(table.gives(arrived));
    assert!(!table.gives(ColumnId { table: table.table, column: 99 }));
}

#[test]
fn names_that_do_not_exist() {
    let text = "\
source: calls
tables:
  contact:
    file: a.csv
    fields: {id: id}
  contacts:
    file: a.csv
    time_zone: Asia/Jerusalm
    fields:
      id: id
      arived_at: at
      made: waited
      channel: {from: way, values: {A: fone, B: fax}}
";
    insta::assert_snapshot!(said(text), @"
    unknown-table 3:3 the vocabulary has no table `contact`; a table `contacts` exists
    unknown-zone 8:16 there is no time zone `Asia/Jerusalm`; a zone `Asia/Jerusalem` exists
    unknown-field 11:7 `contacts` has no field `arived_at`; a field `arrived_at` exists
    source-form 12:7 a field that is read is expected, found `made`, which the vocabulary computes
    unknown-value 13:40 `channel` has no value `fone` | its values are `phone` and `chat`
    unknown-value 13:49 `channel` has no value `fax` | its values are `phone` and `chat`
    ");
}

#[test]
fn keys_and_required_fields_are_read() {
    let text = "\
source: calls
tables:
  contacts:
    file: a.csv
    fields: {channel: way}
";
    insta::assert_snapshot!(said(text), @"
    source-form 3:3 the rows of `contacts` are told apart by `id`, which this source does not read
    source-form 3:3 every row of `contacts` has `arrived_at`, which this source does not read
    ");
}

#[test]
fn times_say_which_clock_and_which_parts() {
    let zone = "\
source: calls
tables:
  contacts:
    file: a.csv
    format: '%d/%m/%Y %H:%M'
    fields:
      id: id
      arrived_at: at
      ended_at: {from: end, format: '%Y-%m-%d %H:%M %z'}
";
    insta::assert_snapshot!(said(zone), @"source-form 8:19 a time zone is expected for `arrived_at`: its format names no offset, and nothing else says which clock was read | time_zone: UTC");
    let parts = "\
ended_at: {from: end, format: '%H:%M'}
day: {from: d, format: '%Y-%Q'}
note: {from: n, format: '%Y', time_zone: UTC, after: arrived_at, unit: s, decimal_comma: true}";
    insta::assert_snapshot!(said(&fields(parts)), @r#"
    source-form 9:38 a pattern with a year, a month and a day is expected, found `%H:%M`
    source-form 10:31 a strftime pattern is expected, found `%Q` in `%Y-%Q` | format: "%Y-%m-%d %H:%M:%S"
    source-form 11:32 `format` is for instants, dates and durations, found it beside a text
    source-form 11:48 `time_zone` is for instants, found it beside a text
    source-form 11:60 `after` is for instants, found it beside a text
    source-form 11:96 `decimal_comma` is for numbers, found it beside a text
    source-form 11:78 `unit` is for durations, found it beside a text
    "#);
    let (mappings, said) = read(
        "source: calls\ntables:\n  contacts:\n    file: a.csv\n    fields: {id: id, arrived_at: at}",
    );
    assert_eq!((said.as_str(), mappings.len()), ("", 1), "ISO 8601 names its offset");
}

#[test]
fn durations_have_a_unit() {
    insta::assert_snapshot!(said(&fields("waited: q")), @"unit-expected 9:15 a unit is expected for the duration `waited`: `ms`, `s`, `min`, `h` or `d`, or the format `h:mm:ss` | waited: {from: ..., unit: s}");
    insta::assert_snapshot!(said(&fields("waited: {from: q, unit: percent}")), @"source-form 9:31 a duration is in `ms`, `s`, `min`, `h` or `d`, found `percent`");
    insta::assert_snapshot!(said(&fields("waited: {from: q, format: '%M:%S'}")), @"source-form 9:34 the format of a duration is `h:mm:ss`, found `%M:%S`");
    let clock = "waited: {from: q, unit: s, format: 'h:mm:ss'}";
    insta::assert_snapshot!(said(&fields(clock)), @"source-form 9:31 what has a unit is a number and has no format, found both");
    let (mappings, none) = read(&fields("waited: {from: q, format: 'h:mm:ss'}"));
    assert_eq!(none, "");
    assert_eq!(mappings[0].tables[0].columns[2].unit, None);
}

#[test]
fn values_are_those_of_the_field() {
    let values = "\
solved: {from: s, values: {Y: yes}}
grade: {from: g, values: {a: 1.0, b: 4}}
waited: {from: q, unit: s, values: {none: 0 s}}
price: {from: p, unit: SEK}
channel: {always: fax}
note: {always: x, missing: ['']}
day: {always: 2026-02-30}";
    insta::assert_snapshot!(said(&fields(values)), @"
    source-form 9:37 `true` or `false` is expected, found `yes`
    unknown-value 10:44 `grade` has no value `4` | its values are `1`, `2` and `3.5`
    source-form 11:43 `values` is for categories, booleans, texts and numbers, found it beside a duration
    currencies-differ 12:30 amounts in EUR are expected, found SEK
    unknown-value 13:25 `channel` has no value `fax` | its values are `phone` and `chat`
    source-form 14:35 `always` stands alone, found `missing` beside it
    source-form 15:21 a date as `2026-01-31` is expected, found `2026-02-30`
    ");
}

#[test]
fn after_leads_to_an_instant_that_is_read() {
    let afters = "\
ended_at: {from: end, after: arived_at}";
    insta::assert_snapshot!(said(&fields(afters)), @"unknown-field 9:36 `contacts` has no field `arived_at`; a field `arrived_at` exists");
    insta::assert_snapshot!(said(&fields("ended_at: {from: end, after: ended_at}")), @"defined-in-circle 9:36 `ended_at` comes after itself");
    let text = "ended_at: {from: end, after: note}\nnote: n";
    insta::assert_snapshot!(said(&fields(text)), @"source-form 9:36 an instant is expected behind `after`, found a text");
}

#[test]
fn an_instant_may_be_written_as_so_much_after_another() {
    let (mappings, none) =
        read(&fields("ended_at: {from: minutes, unit: min, after: arrived_at}"));
    assert_eq!(none, "");
    let ended = &mappings[0].tables[0].columns[2];
    assert!(ended.unit == Some(Unit::Minutes) && ended.after.is_some());
    insta::assert_snapshot!(said(&fields("ended_at: {from: m, unit: min}")), @"source-form 9:33 `unit` says that `ended_at` is written as so much time after another instant, and `after` does not say which | ended_at: {from: ..., unit: min, after: opened_at}");
    insta::assert_snapshot!(said(&fields("ended_at: {from: m, unit: percent, after: arrived_at}")), @"source-form 9:33 a duration is in `ms`, `s`, `min`, `h` or `d`, found `percent`");
    insta::assert_snapshot!(said(&fields("ended_at: {from: m, unit: min, after: arrived_at, format: '%H:%M'}")), @"source-form 9:66 what has a unit is a number and has no format, found both");
}

#[test]
fn what_a_system_does_not_give_is_named_with_its_reason() {
    let more = "note: n\ncannot: {channel: one way in}";
    let text = fields(more).replace("\n      cannot", "\n    cannot");
    let (mappings, none) = read(&text);
    assert_eq!(none, "");
    let table = &mappings[0].tables[0];
    let channel = ColumnId { table: table.table, column: 1 };
    assert_eq!(table.cannot, [(channel, "one way in".to_owned())]);
    let wrong = text.replace("channel: one", "note: x, chanel: one")
        + "\ncannot: {contacts: none, calls: none}";
    insta::assert_snapshot!(said(&wrong), @"
    source-form 10:14 a field that this source does not read is expected under `cannot`, found `note`, which it reads
    unknown-field 10:23 `contacts` has no field `chanel`; a field `channel` exists
    source-form 11:10 a table that this source does not read is expected under `cannot`, found `contacts`, which it reads
    unknown-table 11:26 the vocabulary has no table `calls`
    ");
}

#[test]
fn is_gives_what_its_field_is_from_what_is_read() {
    insta::assert_snapshot!(said(&fields("waited: {from: q, unit: s, is: arrived_at}")), @"source-form 9:38 `waited` is a duration, found an instant");
    insta::assert_snapshot!(said(&fields("ended_at: {from: end, is: ended_at}\nnote: {is: note}")), @"source-form 10:18 `is` speaks of fields of `contacts` that this source reads from columns, found `note`");
    insta::assert_snapshot!(said(&fields("note: {from: n, is: waited}")), @"
    source-form 9:27 `note` is a text, found a duration
    source-form 9:27 `is` speaks of fields of `contacts` that this source reads from columns, found `waited`
    ");
}

#[test]
fn signs_differ_and_columns_without_a_header_have_numbers() {
    let text = fields("note: n").replace(
        "    time_zone: UTC\n",
        "    time_zone: UTC\n    delimiter: ';'\n    quote: ';'\n    header: false\n",
    );
    insta::assert_snapshot!(said(&text), @"
    source-form 7:12 a quote other than the delimiter is expected, found the same sign [6:16 the delimiter]
    source-form 10:11 numbers of columns from 1 are expected with `header: false`
    source-form 11:19 numbers of columns from 1 are expected with `header: false`
    source-form 12:13 numbers of columns from 1 are expected with `header: false`
    ");
}

#[test]
fn rules_are_conditions_of_a_row() {
    let text = VOCABULARY.replace(
        "    fields:\n",
        "    rules: [{name: a, must: solved, reason: X.}, {name: b, must: waited, reason: Y.}]\n    fields:\n",
    );
    let (sources, workspace) = workspace(&[("vocabulary.yaml", &text)]);
    let written = workspace.vocabulary.unwrap();
    let resolved = vocabulary(&written).value;
    let outcome = rules(&resolved.rules, &mut type_row(&resolved.schema));
    assert_eq!(outcome.value.len(), 1);
    insta::assert_snapshot!(told(&sources, &outcome.diagnostics), @"truth-expected 4:66 a condition is expected, found a value that is not true or false");
}
