//! The tests of cards: what passes, what is told, how the program ends.

use std::fs;

use super::bench::{Bench, Done, mittari};
use super::root;

/// A test of the bench's card, with a place for its expectations.
const TEST: &str = "\
metric: case
tests:
  - name: two of four wait no longer than twenty seconds
    period: 2026-01
    given:
      contacts: |
        contact_id, arrived_at,       channel, waited
        1,          2026-01-05 10:00, phone,   20 s
        2,          2026-01-05 10:01, phone,   21 s
        3,          2026-01-06 10:00, chat,    0 s
        4,          2026-01-31 23:59, chat,    31 s
    expect:
      - EXPECTED
";

fn tested(test: &str) -> (Bench, Done) {
    let bench = Bench::new();
    bench.write("sla/case.test.yaml", test);
    let done = bench.run(&["test", "metrics"]);
    (bench, done)
}

fn expecting(what: &str) -> Done {
    tested(&TEST.replace("EXPECTED", what)).1
}

#[test]
fn the_tests_of_the_shipped_cards_pass_without_data() {
    let done = mittari(&["test", &root().join("metrics").display().to_string()]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
}

#[test]
fn what_is_as_expected_passes() {
    let done = expecting("{value: 50 %, numerator: 2, denominator: 4, state: final}");
    assert_eq!((done.code, done.out.as_str()), (0, "1 test of 1 card: all passed\n"));
    assert_eq!(expecting("{value: 2 / 4, account: {dated: 4, counted: 4}}").code, 0);
    assert_eq!(expecting("{value: 49 %, tolerance: 1 %}").code, 0);
    assert_eq!(expecting("{excluded: {counted: [4, 3, 2, 1], outside: []}}").code, 0);
}

#[test]
fn only_what_differs_is_told_at_its_place() {
    let done = expecting("{value: 51 %, state: final, account: {dated: 4, counted: 3}}");
    assert_eq!(done.code, 1);
    let expected = "\
failed: case: two of four wait no longer than twenty seconds
  metrics/sla/case.test.yaml:13:17: 2026-01 value: expected 51 %, found 50 % (2 / 4)
  metrics/sla/case.test.yaml:13:66: 2026-01 account `counted`: expected 3, found 4

1 test of 1 card: all failed
";
    assert_eq!(done.out, expected);
}

#[test]
fn an_expected_value_is_never_cast() {
    for (what, told) in [
        ("{value: 50}", "a share, as `80 %` or `2 / 3`, is expected, found `50`"),
        ("{value: 0.5}", "a share, as `80 %` or `2 / 3`, is expected, found `0.5`"),
        ("{value: 50 %, tolerance: 1}", "is expected, found `1`"),
    ] {
        let done = expecting(what);
        assert_eq!(done.code, 1, "{what}");
        assert!(done.out.contains(told), "{what}: {}", done.out);
    }
    let hidden = expecting("{value: 49.99999 %}");
    assert!(hidden.out.contains("expected 49.99999 %, found 50 %"), "{}", hidden.out);
}

#[test]
fn a_missing_column_is_not_a_missing_value() {
    let whole = TEST.replace("EXPECTED", "{value: 50 %}");
    let without =
        whole.replace(", waited\n", "\n").lines().fold(String::new(), |text, line| {
            match line.rsplit_once(',') {
                Some((rest, last)) if last.ends_with(" s") => text + rest + "\n",
                _ => text + line + "\n",
            }
        });
    let (_, done) = tested(&without);
    assert_eq!(done.code, 1);
    let told = "`case` needs `waited` of `contacts`, which the test does not give";
    assert!(done.out.contains(told), "{}", done.out);
    let (_, done) = tested(&whole.replace("phone,   20 s", "phone,   missing"));
    assert!(done.out.contains("expected 50 %, found 25 % (1 / 4)"), "{}", done.out);
    let (_, done) = tested(&whole.replace("contacts: |", "calls: |"));
    assert!(done.out.contains("the vocabulary has no table `calls`"), "{}", done.out);
}

#[test]
fn given_rows_are_read_as_the_vocabulary_says() {
    let whole = TEST.replace("EXPECTED", "{value: 50 %}");
    for (from, to, told) in [
        ("phone,   20 s", "phnoe,   20 s", "in `channel`, found `phnoe`"),
        ("phone,   20 s", "phone,   20", "a duration with its unit, as `20 s`,"),
        ("2026-01-05 10:00", "5.1.2026 10:00  ", "a day and time"),
        ("2026-01-05 10:00", "2026-03-29 03:30", "a time that the clocks of"),
        ("2026-01-05 10:00", "2025-10-26 03:30", "an offset behind a time"),
        ("2,          2026", "1,          2026", "an earlier row of `contacts`"),
        ("waited\n", "wiated\n", "`contacts` has no field `wiated`; it has `waited`"),
        ("2026-01-05 10:00", "missing         ", "always has a value"),
    ] {
        let (_, done) = tested(&whole.replacen(from, to, 1));
        assert_eq!(done.code, 1, "{to}");
        assert!(done.out.contains(told), "{to}: {}", done.out);
    }
}

#[test]
fn a_test_of_no_card_fails() {
    let bench = Bench::new();
    let text =
        TEST.replace("EXPECTED", "{value: 50 %}").replace("metric: case", "metric: caze");
    bench.write("sla/caze.test.yaml", text);
    let done = bench.run(&["test", "metrics"]);
    assert_eq!(done.code, 1, "{}", done.out);
    assert!(
        done.out.contains("caze.test.yaml:1:9: there is no card `caze`"),
        "{}",
        done.out
    );
    let done = bench.run(&["check", "metrics"]);
    assert_eq!(done.code, 1, "{}", done.out);
    assert!(done.out.contains("error[unknown-metric]"), "{}", done.out);
}

#[test]
fn without_tests_or_with_a_filter_that_fits_none_nothing_passed() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["test", "metrics"]).code, 4);
    bench.write("sla/case.test.yaml", TEST.replace("EXPECTED", "{value: 50 %}"));
    let run = |filter: &str| bench.run(&["test", "metrics", "--filter", filter]);
    assert_eq!(run("two of four").code, 0);
    assert_eq!(run("case").code, 0);
    let none = run("three");
    assert_eq!(none.code, 4);
    assert!(none.err.contains("no test has `three`"), "{}", none.err);
}

#[test]
fn programs_are_told_by_junit() {
    let bench = Bench::new();
    bench.write("sla/case.test.yaml", TEST.replace("EXPECTED", "{value: 51 %}"));
    let done = bench.run(&["test", "metrics", "--junit", "tests.xml"]);
    assert_eq!(done.code, 1);
    let xml = fs::read_to_string(bench.path("tests.xml")).expect("a file");
    for part in [
        "<testsuite name=\"case\" tests=\"1\"",
        "failures=\"1\"",
        "classname=\"case\"",
        "expected 51 %, found 50 % (2 / 4)",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    let done = bench.run(&["test", "metrics", "--junit", "nowhere/tests.xml"]);
    assert_eq!(done.code, 3);
}

#[test]
fn circumstances_change_the_meaning_for_one_test() {
    let bench = Bench::new();
    let card = bench.card_text("case", "sum(working_time(opened_at, resolved_at))");
    let card = card.replace("percent", "h").replace("contacts", "tickets");
    bench.write("sla/case.yaml", card.replace("arrived_at", "opened_at"));
    bench.write("vocabulary.yaml", TICKETS);
    bench.write("calendars/desk.yaml", "calendar: desk\nhours: {mon-fri: 08:00-16:00}\n");
    bench.write(
        "workspace.yaml",
        "time_zone: Europe/Helsinki\nlanguages: [en]\ncalendar: desk\n",
    );
    bench.write("sla/case.test.yaml", CIRCUMSTANCES);
    let done = bench.run(&["test", "metrics"]);
    assert_eq!(done.code, 1, "{}{}", done.out, done.err);
    assert!(done.out.contains("`case` has no parameter `limit`"), "{}", done.out);
    assert!(done.out.contains("4 passed, 1 failed"), "{}", done.out);
}

const TICKETS: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      opened_at: {type: instant, required: true}
      resolved_at: instant
";

/// A ticket that was open for an hour of one day and an hour of the next.
const CIRCUMSTANCES: &str = "\
metric: case
period: 2026-01
given:
  tickets:
    - {ticket_id: 1, opened_at: 2026-01-05 15:00, resolved_at: 2026-01-06 09:00}
tests:
  - name: by the desk's hours
    expect: [{value: 2 h}]
  - name: by hours of its own
    calendar: {hours: {mon: 08:00-15:30, tue: 08:30-16:00}}
    expect: [{value: 1 h}]
  - name: elsewhere the same clocks show other hours of the desk
    time_zone: Europe/Stockholm
    calendar: {time_zone: Europe/Helsinki, hours: {mon-fri: 08:00-15:00}}
    expect: [{value: 2 h}]
  - name: seen when it was not resolved
    as_of: 2026-01-06 08:30
    expect: [{value: missing, state: no_data}]
  - name: a parameter it has not
    parameters: {limit: 1 h}
    expect: [{value: 2 h}]
";

#[test]
fn every_shipped_card_has_tests_that_reach_all_of_it() {
    let metrics = root().join("metrics").display().to_string();
    let done = mittari(&["test", &metrics, "--min-coverage", "100"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.out.ends_with(" cards: all passed\n"), "{}", done.out);
    let checked = mittari(&["check", &metrics]).out;
    let n_cards = checked.split(' ').next().expect("the number of cards");
    assert!(done.out.contains(&format!(" of {n_cards} cards: all passed")), "{checked}");
}
