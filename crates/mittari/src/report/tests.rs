//! Reports of results made by hand.

use std::fs;
use std::sync::Arc;

use ::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use arrow_array::Array as _;
use arrow_array::cast::AsArray as _;
use arrow_array::types::{Float64Type, Int64Type};
use mittari_lang::metric::Direction;
use mittari_lang::types::{Period, Unit};
use serde_json::Value;

use super::*;
use crate::fault::{Fault, FaultKind, FaultReport, Place};
use crate::gathered::Violations;
use crate::statistics::{Limits, Signal};
use crate::table::{
    AccountReport, Behaviour, Chart, ExcludedReport, NotRun, PeriodSpan, Results, Row,
    SegmentValue, TableReport,
};

fn row() -> Row {
    let excluded = |name: &str, rows| {
        let name = name.into();
        ExcludedReport { name, rows, unknown: 1, ties: 0 }
    };
    Row {
        metric: "answered-in-target".into(),
        formula: None,
        part: None,
        period: PeriodSpan {
            period: Period::Month,
            label: "2026-01".into(),
            start: 1_767_218_400_000_000,
            end: 1_769_896_800_000_000,
        },
        segment: Arc::default(),
        value: Some(0.806),
        unit: Unit::Percent,
        decimals: 1,
        direction: Direction::Up,
        display: "80.6 %".to_owned(),
        numerator: Some(806.0),
        denominator: Some(1000.0),
        accounts: vec![AccountReport {
            population: "contacts by arrived_at".into(),
            rows: 1104,
            outside: 92,
            undecided: 0,
            excluded: vec![excluded("spam", 2), excluded("a;b=c", 10)],
            counted: 1000,
            undated: 4,
        }],
        n: Some(1000),
        missing: 0,
        undecided: 3,
        interval: Some((0.78, 0.83)),
        target: Some("at least 80 %".into()),
        contractual: Some(Verdict::Met),
        analytic: Some(Verdict::Undecided),
        state: RowState::Final,
        previous: Some(0.79),
        change: Some(0.016),
        year_before: Some(0.75),
        change_year: Some(0.056),
        behaviour: Some(Behaviour {
            chart: Chart::Proportions,
            points: 13,
            limits: Limits { centre: 0.78, lower: 0.74, upper: 0.82 },
            signal: Some(Signal::EightOnOneSide),
        }),
        bad_rows: 1,
        fingerprint: "f00d".into(),
    }
}

fn fault() -> Fault {
    Fault {
        kind: FaultKind::Value,
        file: "contacts.csv".to_owned(),
        place: Place::Line(7),
        column: Some("waited".to_owned()),
        text: "soon".to_owned(),
        expected: "a duration".to_owned(),
    }
}

fn results() -> Results {
    let segment = |value| Arc::from([("person".to_owned(), value)]);
    let empty = Row {
        value: None,
        state: RowState::NoData,
        display: "\u{2013}".to_owned(),
        segment: segment(SegmentValue::Missing),
        n: Some(0),
        interval: None,
        contractual: None,
        analytic: None,
        previous: None,
        change: None,
        ..row()
    };
    let zero = Row {
        value: Some(0.0),
        display: "0.0 %".to_owned(),
        segment: segment(SegmentValue::Name("(missing)".to_owned())),
        part: Some(SegmentValue::Number(5.0)),
        ..row()
    };
    let withheld = Row {
        state: RowState::Withheld,
        value: None,
        display: "withheld".to_owned(),
        segment: segment(SegmentValue::Truth(true)),
        n: None,
        accounts: Vec::new(),
        ..row()
    };
    let violations = vec![Violations {
        rule: "closed".to_owned(),
        rows: 2,
        unknown: 0,
        keys: Vec::new(),
    }];
    Results {
        not_run: vec![NotRun {
            metric: "staffing".to_owned(),
            lacks: "the table `costs`".to_owned(),
            because: Some("bookkeeping has them".to_owned()),
        }],
        rows: vec![row(), empty, zero, withheld],
        as_of: Some(1_769_896_800_000_000),
        tables: vec![TableReport {
            name: "contacts".to_owned(),
            rows: 9000,
            violations,
            faults: FaultReport {
                total: 1,
                rows: 1,
                by_kind: vec![(FaultKind::Value, 1)],
                listed: vec![fault()],
            },
            ..TableReport::default()
        }],
    }
}

fn csv_text() -> Vec<::csv::StringRecord> {
    let mut out = Vec::new();
    csv::write(&results(), &mut out).unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(&*out);
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn csv_keeps_missing_nothing_and_zero_apart() {
    let lines = csv_text();
    assert!(lines.iter().all(|line| line.len() == csv::COLUMNS.len()));
    let field = |line: usize, name: &str| {
        let place = csv::COLUMNS.iter().position(|column| *column == name).unwrap();
        lines[line][place].to_owned()
    };
    let of = |name| [1, 2, 3, 4].map(|line| field(line, name));
    assert_eq!(of("value"), ["0.806", "", "0", ""]);
    assert_eq!(of("state"), ["final", "no_data", "final", "withheld"]);
    assert_eq!(
        of("segment"),
        ["", "person=(missing)", "person=\\(missing)", "person=true"]
    );
    assert_eq!(of("part"), ["", "", "5", ""]);
    assert_eq!(of("n"), ["1000", "0", "1000", ""]);
    assert_eq!(of("exclusions")[0], "spam=2;a\\;b\\=c=10");
    assert_eq!(of("excluded"), ["12", "12", "12", ""]);
    assert_eq!(field(1, "period_start"), "2025-12-31T22:00:00Z");
}

fn json_value(results: &Results) -> Value {
    let mut out = Vec::new();
    json::write(results, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn schema() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../grammar/results.schema.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn json_has_the_published_form() {
    let (schema, mut value) = (schema(), json_value(&results()));
    assert_eq!(faults(&schema, &schema, &value), Vec::<String>::new());
    let empty = json_value(&Results::default());
    assert_eq!(faults(&schema, &schema, &empty), Vec::<String>::new());
    value["results"][0]["state"] = "finished".into();
    value["results"][1]["n"] = (-1).into();
    value["results"][2]["segment"] = serde_json::json!({ "person": [] });
    value["tables"][0].as_object_mut().unwrap().remove("rows");
    assert_eq!(faults(&schema, &schema, &value).len(), 4);
}

#[test]
fn json_keeps_missing_nothing_and_zero_apart() {
    let rows = &json_value(&results())["results"];
    assert_eq!(rows[0]["segment"], serde_json::json!({}));
    assert_eq!(rows[1]["segment"], serde_json::json!({ "person": null }));
    assert_eq!((&rows[1]["value"], &rows[1]["state"]), (&Value::Null, &"no_data".into()));
    assert_eq!(rows[2]["value"], 0.0);
    assert_eq!(rows[2]["part"]["value"], 5.0);
    assert_eq!(rows[3]["state"], "withheld");
}

/// What the schema forbids, for the keywords it uses.
fn faults(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (keyword, rule) in schema.as_object().unwrap() {
        match keyword.as_str() {
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix('#').unwrap();
                found.extend(faults(root, root.pointer(name).unwrap(), value));
            }
            "type" if !has_type(rule, value) => found.push(format!("{value}: {rule}")),
            "const" if rule != value => found.push(format!("{value}: {rule}")),
            "enum" if !rule.as_array().unwrap().contains(value) => {
                found.push(format!("{value}: {rule}"));
            }
            "minimum" if value.as_f64() < rule.as_f64() => found.push(value.to_string()),
            "anyOf" => {
                let mut any = rule.as_array().unwrap().iter();
                if !any.any(|rule| faults(root, rule, value).is_empty()) {
                    found.push(format!("{value}: {rule}"));
                }
            }
            "items" => value.as_array().into_iter().flatten().for_each(|item| {
                found.extend(faults(root, rule, item));
            }),
            "required" => found.extend(absent(rule, value)),
            "pattern" if value.as_str().is_some_and(|text| !fits(rule, text)) => {
                found.push(value.to_string());
            }
            _ => {}
        }
    }
    found.extend(member_faults(root, schema, value));
    found
}

fn fits(pattern: &Value, text: &str) -> bool {
    regex::Regex::new(pattern.as_str().unwrap()).unwrap().is_match(text)
}

fn absent(names: &Value, value: &Value) -> Vec<String> {
    let names = names.as_array().unwrap().iter().filter_map(Value::as_str);
    let absent = names.filter(|name| value.get(name).is_none());
    absent.map(|name| format!("{name} is absent")).collect()
}

fn member_faults(root: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, member) in value.as_object().into_iter().flatten() {
        let rule = schema.get("properties").and_then(|rules| rules.get(name));
        match (rule, schema.get("additionalProperties")) {
            (None, Some(Value::Bool(false))) => found.push(format!("{name} is unknown")),
            (Some(rule), _) | (None, Some(rule)) => {
                found.extend(faults(root, rule, member));
            }
            (None, None) => {}
        }
    }
    found
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let is = |word: &Value| match word.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    rule.as_array().map_or_else(|| is(rule), |words| words.iter().any(is))
}

#[test]
fn parquet_is_read_back_as_it_was() {
    let file = tempfile::tempfile().unwrap();
    parquet::write(&results(), &file).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let batch = reader.build().unwrap().next().unwrap().unwrap();
    assert_eq!(batch, parquet::record_batch(&results()).unwrap());
    let value = batch.column_by_name("value").unwrap().as_primitive::<Float64Type>();
    assert_eq!((value.value(0), value.value(2)), (0.806, 0.0));
    assert!(value.is_null(1) && value.is_null(3));
    let segment = batch.column_by_name("segment").unwrap().as_map();
    assert_eq!(segment.value_length(0), 0);
    assert!(segment.values().is_null(0) && segment.values().is_valid(1));
    let accounts = batch.column_by_name("accounts").unwrap().as_list::<i32>().value(0);
    let rows = accounts.as_struct().column_by_name("rows").unwrap();
    assert_eq!(rows.as_primitive::<Int64Type>().value(0), 1104);
}

#[test]
fn results_without_rows_are_reports_without_rows() {
    assert_eq!(parquet::record_batch(&Results::default()).unwrap().num_rows(), 0);
    let mut out = Vec::new();
    csv::write(&Results::default(), &mut out).unwrap();
    assert_eq!(String::from_utf8(out).unwrap().lines().count(), 1);
}

#[test]
fn lines_are_the_same_by_any_number_of_threads() {
    let rows = results().rows.into_iter().cycle().take(10_000).collect();
    let many = Results { rows, ..results() };
    let by = |threads| {
        let mut out = Vec::new();
        csv::write_by(&many, &mut out, threads).unwrap();
        out
    };
    let one = by(1);
    assert_eq!(::csv::Reader::from_reader(&*one).records().count(), 10_000);
    assert!(by(2) == one && by(3) == one && by(64) == one);
}
