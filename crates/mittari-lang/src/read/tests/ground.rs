//! The files that cards stand on: vocabulary, calendars, sources, settings.

use std::fmt::Write as _;

use super::{read, said};
use crate::card::{ExclusionRule, Which};
use crate::hours::{MonthDay, TimeRange};
use crate::mapping::Quote;
use crate::prose::Localised;
use crate::span::Spanned;
use crate::types::Unit;
use crate::vocabulary::FieldKind;

fn texts(list: &[Spanned<String>]) -> Vec<&str> {
    list.iter().map(|one| one.value.as_str()).collect()
}

const VOCABULARY: &str = "\
tables:
  tickets:
    meaning: One row a ticket.
    key: ticket_id
    lookups:
      duty: responsibility by category
      impact: \"impacts by service, impact_code\"
    fields:
      ticket_id: text
      type: {values: [incident, request]}
      channel: {values: {phone: {en: Phone, fi: Puhelin}, chat: Chat}}
      promised_at: {type: instant, planned: true}
      amount: {type: money, currency: EUR}
      gone_at:
        is: resolved_at or_else cancelled_at
    rules:
      - {name: in-order, must: opened_at <= gone_at, reason: Time runs forward.}
  history:
    key: [ticket_id, started_at]
    valid: started_at until ended_at
    fields: {ticket_id: text, started_at: instant, ended_at: instant}
populations:
  received:
    from: tickets
    exclude:
      - name: later-copies
        keep: first by opened_at per ticket_id, type
        reason: Once.
";

#[test]
fn a_vocabulary_is_read_whole() {
    let (sources, outcome) = read(&[("vocabulary.yaml", VOCABULARY)]);
    assert_eq!(outcome.diagnostics, []);
    let vocabulary = outcome.value.vocabulary.expect("a vocabulary");
    let tickets = &vocabulary.tables[0];
    assert_eq!(
        (tickets.name.value.as_str(), texts(&tickets.key)),
        ("tickets", vec!["ticket_id"])
    );
    let impact = &tickets.lookups[1];
    assert_eq!(
        (impact.table.value.as_str(), texts(&impact.by)),
        ("impacts", vec!["service", "impact_code"])
    );
    assert_eq!(sources.text(impact.by[1].span), "impact_code");
    assert_eq!(tickets.fields[0].kind.map(|kind| kind.value), Some(FieldKind::Text));
    assert_eq!(tickets.fields[1].values[1].value.value, "request");
    let phone = tickets.fields[2].values[0].title.as_ref().expect("a title");
    assert_eq!(phone.get("fi"), "Puhelin");
    assert!(tickets.fields[5].is.is_some());
    assert_eq!(tickets.rules[0].name.value, "in-order");
    let valid = vocabulary.tables[1].valid.as_ref().expect("a validity");
    assert_eq!(sources.text(valid.until.span), "ended_at");
    let received = &vocabulary.populations[0];
    assert_eq!(received.name.as_ref().map(|name| name.value.as_str()), Some("received"));
    let ExclusionRule::Keep(keep) = &received.exclude[0].rule else { panic!("no keep") };
    assert_eq!(
        (keep.which.value, texts(&keep.per)),
        (Which::First, vec!["ticket_id", "type"])
    );
}

const HOURS: &str = "\
calendar: desk
title: The desk
time_zone: Europe/Helsinki
hours:
  mon-fri: [08:00-12:00, 13:00-16:00]
  sat, sun: closed
breaks:
  2026-07-01: {mon-fri: 10:00-10:15}
  2026-01-01: {fri-mon: 14:00-14:15}
holidays:
  2026-01-01: New Year's Day
  2026-01-06:
every_year: [12-24]
exceptions:
  2026-12-31: 08:00-12:00
  2026-12-23: {hours: [22:00-06:00], because: Stocktaking.}
closures:
  - {from: 2026-03-02 10:00, until: 2026-03-02T11:30+02:00, because: Fire drill.}
known_until: 2026-12-31
source: Annex 2
";

#[test]
fn a_calendar_is_read_whole() {
    let (_, outcome) = read(&[("calendars/desk.yaml", HOURS)]);
    assert_eq!(outcome.diagnostics, []);
    let hours = &outcome.value.calendars[0];
    let week = &hours.weeks[0];
    assert_eq!(week.days[0].days.value, [0, 1, 2, 3, 4]);
    assert_eq!(week.days[0].open[1].value, TimeRange { from: 46_800, until: 57_600 });
    assert_eq!(
        (week.days[1].days.value.as_slice(), week.days[1].open.len()),
        (&[5, 6][..], 0)
    );
    assert_eq!(hours.breaks[0].days[0].days.value, [4, 5, 6, 0], "versions by their day");
    assert_eq!(
        hours.holidays[0].name.as_ref().map(Localised::first),
        Some("New Year's Day")
    );
    assert_eq!(hours.holidays[1].name, None);
    assert_eq!(hours.every_year[0].day.value, MonthDay { month: 12, day: 24 });
    assert_eq!(hours.exceptions[1].open[0].value.until, 30 * 3_600);
    assert_eq!(hours.closures[0].until.value.offset, Some(7_200));
}

const MAPPING: &str = "\
source: log
covers: {from: 2016-03-01}
tables:
  tickets:
    file: '*.csv.gz'
    delimiter: ;
    quote: none
    missing: ['?', '']
    time_zone: UTC
    format: '%d/%m/%Y %H:%M'
    keep: last by \"sys mod\" per number
    fields:
      ticket_id: number
      status: {from: state, missing: ['-100'], values: {New: new, 'On hold': pending}}
      type: {always: incident}
      waited: {from: q_time, unit: s}
      ended_at: {from: [date, exit], after: arrived_at}
      outcome:
        from: outcome
        is: if waited = 0 s then \"abandoned\" else outcome
";

#[test]
fn a_source_is_read_whole() {
    let (_, outcome) = read(&[("sources/log.yaml", MAPPING)]);
    assert_eq!(outcome.diagnostics, []);
    let table = &outcome.value.mappings[0].tables[0];
    assert_eq!(table.delimiter.map(|sign| sign.value), Some(';'));
    assert_eq!(table.quote.map(|sign| sign.value), Some(Quote::None));
    assert_eq!(texts(table.reading.missing.as_deref().expect("missing")), ["?", ""]);
    assert_eq!(table.keep.as_ref().map(|keep| keep.by.value.as_str()), Some("sys mod"));
    assert_eq!(texts(&table.fields[0].from), ["number"]);
    assert_eq!(table.fields[1].values[1].0.value, "On hold");
    assert_eq!(table.fields[3].unit.map(|unit| unit.value), Some(Unit::Seconds));
    assert_eq!(texts(&table.fields[4].from), ["date", "exit"]);
    assert!(table.fields[5].is.is_some());
}

#[test]
fn settings_are_read_whole() {
    let text = "\
time_zone: Europe/Helsinki
fiscal_year_starts: 04-01
languages: [en, fi]
data:
  log: ../exports
  phones: {folder: ../calls, tables: contacts}
targets:
  answered: at least 80 %
  first-contact.incidents:
    - {target: at least 60 %, since: 2026-01-01, because: Agreed.}
";
    let (_, outcome) = read(&[("workspace.yaml", text)]);
    assert_eq!(outcome.diagnostics, []);
    let settings = outcome.value.settings.expect("settings");
    assert_eq!(settings.fiscal_year_starts.map(|day| day.value.month), Some(4));
    assert_eq!(texts(&settings.data[1].tables), ["contacts"]);
    assert_eq!(settings.data[0].mapping.value, "log");
    assert_eq!(settings.targets[1].metric.value, "first-contact.incidents");
    assert_eq!(settings.targets[0].targets.len(), 1);
}

#[test]
fn faults_in_the_ground_are_explained() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "vocabulary.yaml",
            VOCABULARY,
            "ticket_id: text\n      type",
            "ticket_id: string\n      type",
        ),
        (
            "vocabulary.yaml",
            VOCABULARY,
            "{type: instant, planned: true}",
            "{planned: yes}",
        ),
        ("vocabulary.yaml", VOCABULARY, "responsibility by category", "responsibility"),
        (
            "vocabulary.yaml",
            VOCABULARY,
            "started_at until ended_at",
            "started_at - ended_at",
        ),
        ("calendars/desk.yaml", HOURS, "mon-fri: [", "Monday-fri: ["),
        ("calendars/desk.yaml", HOURS, "mon-fri: [", "mon-sat: ["),
        ("calendars/desk.yaml", HOURS, "08:00-12:00, 13", "8:00-12:00, 13"),
        ("calendars/desk.yaml", HOURS, "  2026-01-06:", "  06.01.2026:"),
        ("calendars/desk.yaml", HOURS, "from: 2026-03-02 10:00", "from: 2026-03-02 10"),
        ("calendars/desk.yaml", HOURS, "title: The desk", "always: true"),
        ("calendars/desk.yaml", HOURS, "calendar: desk", "calendar: office"),
        ("sources/log.yaml", MAPPING, "delimiter: ;", "delimiter: ;;"),
        ("sources/log.yaml", MAPPING, "{always: incident}", "{value: incident}"),
        (
            "sources/log.yaml",
            MAPPING,
            "{from: 2016-03-01}",
            "{from: 2016-03-01, until: 2015-01-01}",
        ),
    ];
    let mut story = String::new();
    for (name, text, from, to) in cases {
        assert!(text.contains(from), "{from}");
        let _ = writeln!(story, "── {} ──", to.trim().replace('\n', "⏎"));
        story.push_str(&said(&[(name, &text.replacen(from, to, 1))]));
    }
    insta::assert_snapshot!(story);
}
