//! Written values at the ends of what can be said, and beyond.

use std::fmt::Write as _;

use super::desk::{VOCABULARY, card, codes, soon, workspace};

const GROUND: &str = "period: month\npopulation: {from: tickets, dated: opened_at}";

#[test]
fn values_beyond_what_is_exact_are_told() {
    let cases = [
        ("sum(points) + 1e400", "number-form"),
        ("sum(points) + 1e-400", "number-form"),
        ("sum(points) + 9999999999999999999999999999999999999999", "number-form"),
        ("sum(points) + 0.0000000000000000000000000000000000000001", "number-form"),
        ("count(where waited > 999999999999 d)", "duration-form"),
        ("count(where waited > 106751992 d)", "duration-form"),
        ("sum(cost) + 99999999999999999999 EUR", "number-form"),
        ("count(where day = date(10000-01-01))", "number-form"),
        ("count(where day = date(-5-01-01))", "number-form"),
        ("count(where day = date(2026-02-30))", "date-form"),
        ("count(over 4000000000 months)", "clause-form"),
        ("count(over 99999999999999999999 months)", "clause-form"),
        ("count(over 10001 months)", "clause-form"),
        ("count(where day = date(9999-12-31))", "nothing"),
        ("count(where day = date(0001-01-01))", "nothing"),
        ("count(where waited > 100000000 d)", "nothing"),
        ("count(where -waited < -100000000 d)", "nothing"),
    ];
    let (mut found, mut expected) = (String::new(), String::new());
    for (formula, code) in cases {
        let text = card(&format!("'{formula}'"), GROUND);
        let workspace = soon(formula, || workspace(&[("internal/tried.yaml", &text)]));
        let first = codes(&workspace).first().copied().unwrap_or("nothing");
        let _ = writeln!(found, "{formula}: {first}");
        let _ = writeln!(expected, "{formula}: {code}");
    }
    assert_eq!(found, expected);
}

#[test]
fn parameters_and_settings_at_the_ends_of_time_are_sound_or_told() {
    let dated = format!(
        "{GROUND}\nparameters:\n  k:\n    0001-01-01: {{incident: 1, request: 2}}\n    \
         9999-12-31: {{incident: 2, request: 3}}"
    );
    let text =
        card("sum(k[type] at opened_at)", &dated).replace("unit: s", "unit: number");
    let hours = "calendar: far\ntime_zone: UTC\nhours: {mon-fri: 08:00-16:00}\n\
                 known_until: 9999-12-31\n";
    let files = [("internal/tried.yaml", &*text), ("calendars/far.yaml", hours)];
    let workspace = soon("dates", || workspace(&files));
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
}

#[test]
fn thousands_of_fields_and_values_are_told_or_taken() {
    let fields: String = (0..900).map(|at| format!("      f{at}: number\n")).collect();
    let values: Vec<String> = (0..900).map(|at| format!("v{at}")).collect();
    let words =
        format!("{VOCABULARY}      kind: {{values: [{}]}}\n{fields}", values.join(", "));
    let text = card("sum(f899, where kind = \"v899\")", GROUND);
    let files = [("vocabulary.yaml", &*words), ("internal/tried.yaml", &text)];
    let wide = soon("fields", || workspace(&files));
    assert!(wide.is_sound(), "{:?}", wide.diagnostics);
    let more: String = (0..1_200).map(|at| format!("      f{at}: number\n")).collect();
    let words = format!("{VOCABULARY}{more}");
    let files = [("vocabulary.yaml", &*words), ("internal/tried.yaml", &text)];
    let refused = soon("more fields", || workspace(&files));
    assert_eq!(codes(&refused).first(), Some(&"yaml-too-many"));
}
