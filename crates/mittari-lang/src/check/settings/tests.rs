//! What the settings of a workspace become.

use super::*;
use crate::check::testing::{told, workspace};
use crate::schema::Table;

fn said(text: &str) -> String {
    let (sources, workspace) = workspace(&[("workspace.yaml", text)]);
    let settings = workspace.settings.as_ref();
    let schema = schema();
    let mut diagnostics = house(settings).diagnostics;
    diagnostics.extend(default_calendar(settings, &calendars()).diagnostics);
    diagnostics.extend(data(settings, &mappings(), &schema).diagnostics);
    told(&sources, &diagnostics)
}

fn schema() -> Schema {
    let table = |name: &str| Table {
        name: name.into(),
        key: Vec::new(),
        columns: Vec::new(),
        lookups: Vec::new(),
        valid: None,
        meaning: String::new(),
    };
    Schema { tables: vec![table("tickets"), table("contacts")], sets: Vec::new() }
}

fn calendars() -> Vec<ServiceCalendar> {
    vec![ServiceCalendar {
        name: "desk".into(),
        zone: Tz::UTC,
        weekly: std::array::from_fn(|_| vec![(0, 86_400)]),
        dated: Vec::new(),
        holidays: Vec::new(),
        closures: Vec::new(),
        known_until: None,
    }]
}

fn mappings() -> Vec<Mapping> {
    let mapping = |name: &str, tables: &[u32]| Mapping {
        name: name.into(),
        covers_from: None,
        covers_to: None,
        as_of: None,
        tables: tables.iter().map(|table| table_mapping(TableId(*table))).collect(),
        cannot: Vec::new(),
    };
    vec![mapping("servicenow", &[0]), mapping("calls", &[0, 1])]
}

fn table_mapping(table: TableId) -> crate::metric::TableMapping {
    crate::metric::TableMapping {
        table,
        file: Vec::new(),
        layout: None,
        encoding: crate::mapping::Encoding::Utf8,
        header: true,
        delimiter: None,
        quote: None,
        missing: Vec::new(),
        zone: None,
        format: Vec::new(),
        keep: None,
        columns: Vec::new(),
        cannot: Vec::new(),
    }
}

#[test]
fn a_table_comes_from_one_source() {
    let text = "\
time_zone: Europe/Helsinki
fiscal_year_starts: 04-01
languages: [fi, en-GB]
calendar: desk
data:
  servicenow: a
  calls: {folder: b, tables: [contacts]}
";
    let (_, workspace) = workspace(&[("workspace.yaml", text)]);
    let settings = workspace.settings.as_ref();
    assert_eq!(said(text), "");
    let house = house(settings).value;
    assert_eq!((house.zone, house.fiscal_start), (Tz::Europe__Helsinki, (4, 1)));
    assert_eq!(house.languages, ["fi", "en-GB"]);
    assert_eq!(default_calendar(settings, &calendars()).value, Some(0));
    let served = data(settings, &mappings(), &schema()).value;
    let tables: Vec<_> =
        served.iter().map(|one| (one.mapping, &one.tables[..])).collect();
    assert_eq!(tables, [(0, &[TableId(0)][..]), (1, &[TableId(1)])]);
}

#[test]
fn names_and_days_that_do_not_exist() {
    let text = "\
time_zone: Europe/Helsnki
fiscal_year_starts: 02-29
languages: [fi, English, fi]
calendar: dsk
data:
  servicenow: a
  calls: b
  servicenw: c
";
    insta::assert_snapshot!(said(text), @"
    unknown-zone 1:12 there is no time zone `Europe/Helsnki`; a zone `Europe/Helsinki` exists
    workspace-form 2:21 a day that each year has is expected, found `02-29`
    workspace-form 3:17 a language is a code as `en` or `fi`, found `English`
    duplicate-name 3:26 each language stands once, found `fi` twice [3:13 first here]
    unknown-calendar 4:11 there is no calendar `dsk`; a calendar `desk` exists
    workspace-form 7:3 a table comes from one source, found two for `tickets` [6:3 it comes from this one] | `tables: [...]` says which tables are taken from a source
    workspace-form 8:3 there is no source `servicenw`; a source `servicenow` exists
    ");
    let tables =
        "time_zone: UTC\ndata: {servicenow: {folder: a, tables: [contacts, ticket]}}";
    insta::assert_snapshot!(said(tables), @"
    unknown-table 2:41 the source `servicenow` gives no table `contacts`
    unknown-table 2:51 the source `servicenow` gives no table `ticket`; a table `tickets` exists
    ");
}

#[test]
fn without_settings_there_are_defaults() {
    let house = house(None).value;
    assert_eq!((house.zone, house.fiscal_start), (Tz::UTC, (1, 1)));
    assert_eq!(house.languages, ["en"]);
}
