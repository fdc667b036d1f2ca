//! Whole cards: what is said of them, and what the sound ones become.

use super::{card, check_cards, told};
use crate::metric::{Bound, Dating, ExclusionRule, Form, Metric};
use crate::types::Period;
use crate::value::{Decimal, Value};

/// What is said of one card.
fn said(rest: &str) -> Vec<String> {
    let text = card("tried", rest);
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    told(&sources, &outcome.diagnostics)
}

/// The metrics of one sound card.
fn metrics(rest: &str) -> Vec<Metric> {
    let text = card("tried", rest);
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    let errors: Vec<_> =
        outcome.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
    assert_eq!(told(&sources, &errors), Vec::<String>::new());
    outcome.value.metrics
}

const TICKETS: &str = "population: {from: tickets, dated: opened_at}";

fn on_tickets(rest: &str) -> String {
    format!("{TICKETS}\n{rest}")
}

#[test]
fn a_share_is_a_proportion_of_two_counts() {
    let all = metrics(&on_tickets(
        "unit: percent\ndirection: up\nformulas:\n  a: share(reopened)\n  \
         b: count(where reopened and workaround) / count(where workaround)\n  \
         c: count(where type = \"request\") / count(where type in [\"incident\", \"request\"])\n  \
         d: count() / count(across all)\n  e: 1 - a\n  \
         f: distinct(agent, where reopened) / distinct(agent)\n",
    ));
    for metric in &all {
        assert!(matches!(metric.form, Form::Proportion { .. }), "{}", metric.name);
    }
    assert_eq!(all.len(), 6);
}

#[test]
fn other_forms_are_told_apart() {
    let all = metrics(&on_tickets(
        "unit: percent\ndirection: up\nformulas:\n  \
         dates: count(dated closed_at) / count(dated opened_at)\n  \
         conditions: count(where reopened) / count(where workaround)\n  \
         mean: {formula: mean(handle_time), unit: h}\n  \
         median: {formula: median(handle_time), unit: h}\n  \
         values: distribution(channel)\n  \
         count: {formula: count(), unit: count}\n",
    ));
    let forms: Vec<&str> = all
        .iter()
        .map(|metric| match metric.form {
            Form::Proportion { .. } => "proportion",
            Form::Mean => "mean",
            Form::Quantile => "quantile",
            Form::Quotient { .. } => "quotient",
            Form::Distribution => "distribution",
            Form::Other => "other",
        })
        .collect();
    assert_eq!(
        forms,
        ["quotient", "quotient", "mean", "quantile", "distribution", "other"]
    );
}

#[test]
fn populations_take_the_named_ones_conditions_first() {
    let text = card(
        "tried",
        "unit: count\ndirection: none\npopulation:\n  from: answered\n  \
         dated: arrived_at\n  where: channel = \"phone\"\n  exclude:\n    \
         - {name: long, when: waited > 1 h, reason: A fault.}\nformula: count()",
    );
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    assert_eq!(
        told(&sources, &outcome.diagnostics),
        ["value-not-named at `channel`"],
        "{:?}",
        outcome.diagnostics
    );
    let [population] = outcome.value.populations.as_slice() else { panic!() };
    assert_eq!(population.label, "contacts dated arrived_at");
    let names: Vec<&str> =
        population.exclusions.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["short", "long"]);
    assert!(matches!(population.dating, Dating::At(_)));
    assert!(population.filter.is_some());
}

#[test]
fn from_takes_none_of_the_cards_conditions_and_equal_populations_are_one() {
    let text = card(
        "tried",
        "unit: number\ndirection: none\npopulation: {from: tickets, dated: opened_at, where: reopened}\n\
         formulas:\n  a: count() / count(from tickets, dated opened_at)\n  \
         b: count(where workaround) / count()",
    );
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    assert_eq!(told(&sources, &outcome.diagnostics), Vec::<String>::new());
    let filters: Vec<bool> =
        outcome.value.populations.iter().map(|one| one.filter.is_some()).collect();
    assert_eq!(filters, [true, false]);
}

#[test]
fn breakdowns_are_what_every_call_has() {
    let all = metrics(
        "unit: number\ndirection: none\npopulation: {from: contacts, dated: arrived_at}\n\
         by: [channel]\nformula: count() / count(from tickets, dated opened_at)",
    );
    let [metric] = all.as_slice() else { panic!() };
    assert_eq!(metric.breakdowns.len(), 1);
    // `channel`, `outcome`, and the key of the ticket; not `waited` of one side alone.
    assert_eq!(metric.possible.len(), 3);
    let reason = said(
        "unit: number\ndirection: none\npopulation: {from: contacts, dated: arrived_at}\n\
         by: [priority]\nformula: count() / count(from tickets, dated opened_at)",
    );
    assert_eq!(reason, ["unknown-breakdown at `priority`"]);
}

#[test]
fn a_personal_breakdown_is_internal() {
    let rest = on_tickets("unit: count\ndirection: none\nby: [agent]\nformula: count()");
    let [metric] = metrics(&rest).try_into().unwrap();
    assert_eq!(metric.breakdowns.len(), 1);
    let text = card("tried", &rest).replace("class: internal", "class: ola");
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    assert_eq!(told(&sources, &outcome.diagnostics), ["personal-breakdown at `agent`"]);
    assert!(outcome.value.metrics.is_empty());
}

#[test]
fn targets_are_judged_against_unit_and_direction() {
    let rest = |target: &str| {
        on_tickets(&format!(
            "unit: percent\ndirection: up\nformula: share(reopened)\ntarget: {target}"
        ))
    };
    let [metric] = metrics(&rest("at least 80 %")).try_into().unwrap();
    let bound = Bound::AtLeast(Value::Number(Decimal { mantissa: 80, scale: 2 }));
    assert_eq!(metric.targets[0].bound, bound);
    assert_eq!(metric.targets[0].text, "at least 80 %");
    assert_eq!(said(&rest("at least 80")), ["target-unit-mismatch at `80`"]);
    assert_eq!(said(&rest("at most 80 %")), ["target-direction at `at most 80 %`"]);
    let segment = on_tickets(
        "unit: percent\ndirection: up\nformula: share(reopened)\ntargets:\n  \
         - {for: {priority: P9}, target: at least 80 %}\n  \
         - {for: {waited: P1}, target: at least 80 %}",
    );
    assert_eq!(
        said(&segment),
        ["unknown-value at `P9`", "unknown-breakdown at `waited`"]
    );
}

#[test]
fn the_card_is_judged_as_a_whole() {
    let activity =
        on_tickets("unit: count\ndirection: up\nformula: count()\ntarget: over 5");
    let text =
        card("tried", &activity).replace("measures: outcome", "measures: activity");
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    assert_eq!(told(&sources, &outcome.diagnostics), ["target-on-activity at `over 5`"]);
    assert_eq!(outcome.value.metrics.len(), 1, "a warning leaves the card sound");
    let sanction =
        on_tickets("unit: count\ndirection: up\nformula: count()\nsanction: A fee");
    assert_eq!(said(&sanction), ["sanction-class at `A fee`"]);
    let unused =
        on_tickets("unit: count\ndirection: up\nformula: count()\nparameters: {x: 5 s}");
    assert_eq!(said(&unused), ["parameter-unused at `x`"]);
    let shadow = on_tickets(
        "unit: count\ndirection: up\nformula: count()\nparameters: {impact: 5}",
    );
    assert_eq!(
        said(&shadow),
        ["parameter-shadows-field at `impact`", "parameter-unused at `impact`"]
    );
    let conflict = on_tickets(
        "unit: count\ndirection: up\nformula: count()\ndefine: {impact: contacts + 1}",
    );
    assert_eq!(said(&conflict), ["field-conflict at `impact`"]);
}

#[test]
fn defines_are_put_in_place_and_do_not_run_in_circles() {
    let all = metrics(&on_tickets(
        "unit: h\ndirection: down\ndefine:\n  took: resolved_at - opened_at\n  \
         twice: took * 2\nformula: mean(twice)",
    ));
    assert_eq!(all.len(), 1);
    let circle = on_tickets(
        "unit: number\ndirection: down\ndefine:\n  a: b + 1\n  b: a + 1\nformula: mean(a)",
    );
    assert_eq!(said(&circle), ["defined-in-circle at `a`"]);
}

#[test]
fn what_doubles_with_each_define_is_refused() {
    let mut text =
        on_tickets("unit: number\ndirection: down\ndefine:\n  a0: impact + contacts\n");
    for number in 1..40 {
        let before = number - 1;
        text = format!("{text}  a{number}: a{before} + a{before}\n");
    }
    text.push_str("formula: mean(a39)");
    let said = said(&text);
    assert!(said.iter().any(|one| one.starts_with("formula-too-many-words")), "{said:?}");
}

#[test]
fn formulas_use_each_other_and_other_cards() {
    let first = card(
        "first",
        &on_tickets(
            "unit: percent\ndirection: up\nformulas:\n  b: a * 1\n  a: share(reopened)",
        ),
    );
    let second = card(
        "second",
        "unit: points\ndirection: up\nformula: score(metric(\"first.a\"), worst 20 %, best 90 %)",
    );
    let (sources, outcome) = check_cards(&[("second", &second), ("first", &first)]);
    assert_eq!(told(&sources, &outcome.diagnostics), Vec::<String>::new());
    let names: Vec<&str> =
        outcome.value.metrics.iter().map(|metric| metric.name.as_str()).collect();
    assert_eq!(names, ["first.a", "second", "first.b"]);
}

#[test]
fn circles_of_metrics_are_told_and_what_uses_an_unsound_one_stays_out() {
    let a = card("a", "unit: number\ndirection: up\nformula: metric(\"b\") + 1");
    let b = card("b", "unit: number\ndirection: up\nformula: metric(\"a\") + 1");
    let c = card("c", "unit: number\ndirection: up\nformula: metric(\"a\")");
    let d = card("d", "unit: number\ndirection: up\nformula: metric(\"nope\")");
    let cards = [("a", &*a), ("b", &*b), ("c", &*c), ("d", &*d)];
    let (sources, outcome) = check_cards(&cards);
    assert_eq!(
        told(&sources, &outcome.diagnostics),
        [
            "metric-in-circle at `metric(\"b\") + 1`",
            "metric-in-circle at `metric(\"a\") + 1`",
            "unknown-metric at `\"a\"`",
            "unknown-metric at `\"nope\"`"
        ]
    );
    assert!(outcome.value.metrics.is_empty());
}

#[test]
fn one_unsound_card_does_not_block_the_others() {
    let sound =
        card("sound", &on_tickets("unit: count\ndirection: up\nformula: count()"));
    let broken = card(
        "broken",
        "unit: count\ndirection: up\nformula: count()\npopulation:\n  from: tickets\n  \
         dated: opened_at\n  exclude:\n    - {name: x, when: nope, reason: Y.}",
    );
    let (sources, outcome) = check_cards(&[("sound", &sound), ("broken", &broken)]);
    assert_eq!(told(&sources, &outcome.diagnostics), ["unknown-field at `nope`"]);
    assert_eq!(outcome.value.metrics.len(), 1);
}

#[test]
fn tables_that_do_not_cover_are_refused_unless_the_card_speaks_of_it() {
    let rest = |exclude: &str| {
        format!(
            "unit: percent\ndirection: up\nparameters: {{budget: {{P1: 4 h, P2: 8 h}}}}\n\
             population:\n  from: tickets\n  dated: opened_at\n{exclude}\
             formula: share(handle_time <= budget[priority])"
        )
    };
    assert_eq!(said(&rest("")), ["table-not-covering at `budget[priority]`"]);
    let spoken = rest(
        "  exclude:\n    - name: none\n      when: budget[priority] is missing\n      reason: None.\n",
    );
    assert_eq!(said(&spoken), Vec::<String>::new());
    let dated = on_tickets(
        "unit: percent\ndirection: up\nparameters:\n  budget:\n    \
         2025-01-01: {P1: 4 h, P2: 8 h}\n    2026-07-01: {P1: 2 h}\n\
         formula: share(handle_time <= budget[priority] at opened_at)",
    );
    let (_, outcome) = check_cards(&[("tried", &card("tried", &dated))]);
    let messages: Vec<&str> =
        outcome.diagnostics.iter().map(|one| one.message.as_str()).collect();
    assert_eq!(messages, ["`budget` has no value for `P3` and `P2`"], "each once");
}

#[test]
fn a_stock_is_dated_by_two_instants_and_keeps_one_row_of_a_key() {
    let text = card(
        "tried",
        "unit: count\ndirection: down\nperiod: [week, month]\npopulation:\n  from: tickets\n  \
         open: opened_at until resolved_at\n  exclude:\n    - name: again\n      \
         keep: last by opened_at per agent\n      reason: Once.\nformula: count()",
    )
    .replacen("period: month\n", "", 1);
    let (sources, outcome) = check_cards(&[("tried", &text)]);
    assert_eq!(told(&sources, &outcome.diagnostics), Vec::<String>::new());
    let [population] = outcome.value.populations.as_slice() else { panic!() };
    assert_eq!(population.label, "tickets open opened_at until resolved_at");
    assert!(matches!(population.exclusions[0].rule, ExclusionRule::Keep { .. }));
    assert_eq!(outcome.value.metrics[0].periods, [Period::Week, Period::Month]);
    let over = card(
        "tried",
        &on_tickets(
            "unit: count\ndirection: up\nformula: count(open opened_at until closed_at, over 3 months)",
        ),
    );
    let (sources, outcome) = check_cards(&[("tried", &over)]);
    assert_eq!(outcome.diagnostics[0].code.name(), "stock-over-time", "{sources:?}");
}

#[test]
fn working_time_needs_a_calendar_and_the_period_may_be_measured() {
    let rest = |keys: &str| {
        on_tickets(&format!(
            "unit: percent\ndirection: none\n{keys}formula: working_time(period_start, \
             period_end) / (period_end - period_start)"
        ))
    };
    let place = "calendar-missing at `working_time(period_start, period_end)`";
    assert_eq!(said(&rest("")), [place]);
    assert_eq!(metrics(&rest("calendar: desk\n")).len(), 1);
    assert_eq!(said(&rest("calendar: dsk\n")), ["unknown-calendar at `dsk`"]);
    assert_eq!(
        said(&rest("calendar: desk\ntime_zone: Europe/Helsnki\n")),
        ["unknown-zone at `Europe/Helsnki`"]
    );
}

#[test]
fn a_value_more_makes_a_longer_list_unless_it_is_misspelt() {
    let define = |word: &str| {
        on_tickets(&format!(
            "unit: count\ndirection: none\nby: [entry]\ndefine:\n  \
             entry: if reopened then \"{word}\" else channel\nformula: count()"
        ))
    };
    let text = card("tried", &define("again"));
    let (_, outcome) = check_cards(&[("tried", &text)]);
    let dimension = &outcome.value.dimensions[0];
    assert_eq!(dimension.name, "entry");
    assert_eq!(dimension.declared.len(), 4);
    assert_eq!(said(&define("emial")), ["unknown-value at `\"emial\"`"]);
}

#[test]
fn chains_of_defines_are_bounded_on_a_small_stack() {
    let mut text = on_tickets("unit: number\ndirection: down\ndefine:\n");
    for number in (1..400).rev() {
        let before = number - 1;
        text =
            format!("{text}  a{number}: ((((((a{before} + 1) + 1) + 1) + 1) + 1) + 1)\n");
    }
    text = format!("{text}  a0: impact\nformula: mean(a399)");
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let said = thread.spawn(move || said(&text)).unwrap().join().unwrap();
    assert!(said.iter().any(|one| one.starts_with("formula-too-deep")), "{said:?}");
}

#[test]
fn long_sums_are_bounded_on_a_small_stack() {
    let sum = vec!["impact"; 900].join(" + ");
    let text =
        on_tickets(&format!("unit: number\ndirection: down\nformula: mean({sum})"));
    let thread = std::thread::Builder::new().stack_size(1 << 20);
    let said = thread.spawn(move || said(&text)).unwrap().join().unwrap();
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("formula-too-many-words"), "{said:?}");
}

#[test]
fn a_dated_parameter_may_be_read_at_an_instant_of_the_group() {
    let rest = "unit: EUR\ndirection: none\nparameters: {rate: {2025-01-01: 5 EUR, 2026-01-01: 6 EUR}}\n\
         formulas:\n  a: sum(cost, from tickets, dated closed_at)\n  \
         b: a - (rate at max(opened_at, from tickets, dated opened_at))";
    let text = card("tried", rest);
    // What an unsound card has made is not in the catalog, and leaves no gap in it.
    let broken = "unit: count\ndirection: up\npopulation: {from: tickets, dated: resolved_at}\n\
         by: [nope]\nformula: count()";
    let broken = card("broken", broken);
    let (sources, outcome) = check_cards(&[("broken", &broken), ("tried", &text)]);
    assert_eq!(told(&sources, &outcome.diagnostics), ["unknown-breakdown at `nope`"]);
    assert_eq!(outcome.value.populations.len(), 2);
    assert_eq!(outcome.value.metrics.len(), 2);
    for metric in &outcome.value.metrics {
        let numbers = format!("{:?}", metric.formula);
        assert!(!numbers.contains("PopulationId(2)"), "{numbers}");
    }
}
