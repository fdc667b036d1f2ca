//! Tests of values from rows beside: random tickets, calls and states, every number of
//! which is found a second time by looking through all rows.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampSecondArray};
use mittari::{Dataset, Overrides, RunOptions, Selection, Sources, Workspace};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

#[path = "second/computed.rs"]
mod second;
#[path = "second/written.rs"]
#[expect(dead_code, reason = "other tests write files")]
mod written;

use second::{Draw, agree};
use written::batch_of;

const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      priority: {values: [P1, P2]}
      opened_at: instant
      resolved_at: instant
  calls:
    key: call_id
    lookups: {ticket: tickets by ticket_id, state: history by ticket_id}
    fields:
      call_id: text
      ticket_id: text
      arrived_at: instant
      waited: {type: duration, unit: s}
  history:
    key: [ticket_id, started_at]
    lookups: {ticket: tickets by ticket_id}
    valid: started_at until ended_at
    fields:
      ticket_id: text
      started_at: instant
      level: {values: [L1, L2]}
      ended_at: {is: \"next(started_at, per ticket_id, by started_at)\"}
populations:
  waits: {from: history, where: level = \"L2\"}
";

const ALWAYS: &str = "calendar: always\ntime_zone: UTC\nhours:\n  mon-sun: 00:00-24:00\n";

const CARD: &str = "\
title: Tried
class: internal
measures: outcome
owner: Tester
period: whole
unit: count
direction: none
";

const TICKETS: [[&str; 3]; 9] = [
    ["calls", "sum(count(its calls))", "number"],
    ["early", "sum(count(its calls, where arrived_at <= ticket.resolved_at))", "number"],
    ["waited", "sum(sum(waited, its calls))", "s"],
    ["longest", "mean(max(waited, its calls))", "s"],
    ["before", "count(where min(arrived_at, its calls) < opened_at)", "count"],
    ["quiet", "count(where count(its calls) = 0)", "count"],
    ["second", "count(where count(its history, where level = 'L2') > 0)", "count"],
    ["spent", "sum(working_time(opened_at, resolved_at, calendar 'always'))", "s"],
    [
        "active",
        "sum(working_time(opened_at, resolved_at, except waits, calendar 'always'))",
        "s",
    ],
];

const CALLS: [[&str; 3]; 5] = [
    ["urgent", "count(where ticket.priority = 'P1')", "count"],
    ["strangers", "count(where ticket.opened_at is missing)", "count"],
    ["at_second", "count(where (state.level at arrived_at) = 'L2')", "count"],
    ["gap", "mean(arrived_at - previous(arrived_at, per ticket_id, by arrived_at))", "s"],
    ["next_wait", "sum(next(waited, per ticket_id, by arrived_at))", "s"],
];

fn workspace() -> Workspace {
    let card = |name: &str, population: &str, formulas: &[[&str; 3]]| {
        let formulas: Vec<String> = formulas
            .iter()
            .map(|[name, formula, unit]| {
                let formula = formula.replace('\'', "\\\"");
                format!("  {name}: {{formula: \"{formula}\", unit: {unit}}}\n")
            })
            .collect();
        let formulas = formulas.concat();
        format!(
            "metric: {name}\n{CARD}population: {{{population}}}\nformulas:\n{formulas}"
        )
    };
    let mut sources = Sources::new();
    sources.add("workspace.yaml", "time_zone: UTC\nlanguages: [en]\n");
    sources.add("calendars/always.yaml", ALWAYS);
    sources.add("vocabulary.yaml", VOCABULARY);
    let tickets = card("tickets", "from: tickets, dated: opened_at", &TICKETS);
    sources.add("internal/tickets.yaml", tickets);
    let calls = card("calls", "from: calls, dated: arrived_at", &CALLS);
    sources.add("internal/calls.yaml", calls);
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
}

/// The first moment of 2025, in seconds.
const START: i64 = 1_735_689_600;
const DAY: i64 = 86_400;
/// The moment of evaluation.
const AS_OF: i64 = START + 100 * DAY;

#[derive(Debug, Clone)]
struct Ticket {
    id: String,
    priority: Option<&'static str>,
    opened: i64,
    resolved: Option<i64>,
}

#[derive(Debug, Clone)]
struct Call {
    id: String,
    ticket: Option<String>,
    arrived: i64,
    waited: Option<i64>,
}

#[derive(Debug, Clone)]
struct State {
    ticket: String,
    started: i64,
    level: Option<&'static str>,
}

/// Tickets, calls and states in no order.
#[derive(Debug, Clone)]
struct Desk {
    tickets: Vec<Ticket>,
    calls: Vec<Call>,
    states: Vec<State>,
}

impl Desk {
    fn new(seed: u64, n_tickets: i64) -> Self {
        let mut draw = Draw::new(seed);
        let mut desk = Self { tickets: vec![], calls: vec![], states: vec![] };
        for number in 0..n_tickets {
            let opened = START + draw.below(60 * DAY);
            desk.tickets.push(Ticket {
                id: format!("t{}", number * 7 % n_tickets),
                priority: draw.one_of(&[Some("P1"), Some("P2"), None]),
                opened,
                resolved: (draw.below(5) > 0).then_some(opened + draw.below(20 * DAY)),
            });
        }
        for number in 0..n_tickets * 2 {
            // Some are of a ticket that is not there, some of none; no two at one moment.
            let ticket =
                (draw.below(8) > 0).then(|| format!("t{}", draw.below(n_tickets + 3)));
            let arrived = START + draw.below(80 * DAY / 4_096) * 4_096 + number % 4_096;
            let waited = (draw.below(6) > 0).then(|| draw.below(900));
            desk.calls.push(Call { id: format!("c{number}"), ticket, arrived, waited });
        }
        for number in 0..n_tickets * 3 {
            let ticket = format!("t{}", draw.below(n_tickets + 2));
            let started = START + draw.below(80 * DAY / 4_096) * 4_096 + number % 4_096;
            let level = draw.one_of(&[Some("L1"), Some("L2"), None]);
            desk.states.push(State { ticket, started, level });
        }
        desk
    }

    fn calls_of<'a>(&'a self, ticket: &'a str) -> impl Iterator<Item = &'a Call> {
        self.calls.iter().filter(move |call| call.ticket.as_deref() == Some(ticket))
    }

    /// When a state of a ticket ends: when the next begins, or at the end of all.
    fn end(&self, state: &State) -> i64 {
        let of_ticket = self.states.iter().filter(|other| other.ticket == state.ticket);
        let later = of_ticket.map(|other| other.started);
        later.filter(|other| *other > state.started).min().unwrap_or(AS_OF)
    }

    /// The seconds between two moments in which a ticket did not wait.
    fn active(&self, ticket: &Ticket, resolved: i64) -> i64 {
        let waits = self
            .states
            .iter()
            .filter(|state| state.ticket == ticket.id && state.level == Some("L2"));
        let waited = waits.map(|state| {
            let (from, until) = (state.started, self.end(state));
            (until.min(resolved) - from.max(ticket.opened)).max(0)
        });
        resolved - ticket.opened - waited.sum::<i64>()
    }

    fn expected_of_tickets(&self, formula: &str) -> Option<f64> {
        let tickets = || self.tickets.iter();
        let count = |test: &dyn Fn(&Ticket) -> bool| {
            Some(tickets().filter(|ticket| test(ticket)).count() as f64)
        };
        let n_calls = |ticket: &Ticket| self.calls_of(&ticket.id).count();
        match formula {
            "calls" => Some(tickets().map(n_calls).sum::<usize>() as f64),
            "early" => {
                let early = |ticket: &Ticket| {
                    let calls = self.calls_of(&ticket.id);
                    calls
                        .filter(|call| ticket.resolved.is_some_and(|r| call.arrived <= r))
                        .count()
                };
                Some(tickets().map(early).sum::<usize>() as f64)
            }
            "waited" => {
                let calls = tickets().flat_map(|ticket| self.calls_of(&ticket.id));
                sum(calls.filter_map(|call| call.waited))
            }
            "longest" => mean(tickets().filter_map(|ticket| {
                self.calls_of(&ticket.id).filter_map(|call| call.waited).max()
            })),
            "before" => count(&|ticket| {
                let first = self.calls_of(&ticket.id).map(|call| call.arrived).min();
                first.is_some_and(|first| first < ticket.opened)
            }),
            "quiet" => count(&|ticket| n_calls(ticket) == 0),
            "second" => count(&|ticket| {
                let own = self.states.iter().filter(|state| state.ticket == ticket.id);
                own.filter(|state| state.level == Some("L2")).count() > 0
            }),
            "spent" => sum(tickets().filter_map(|t| Some(t.resolved? - t.opened))),
            _ => sum(tickets().filter_map(|t| Some(self.active(t, t.resolved?)))),
        }
    }

    /// The calls of the same ticket before a call or behind it, the next first.
    fn neighbour<'a>(&'a self, call: &'a Call, behind: bool) -> Option<&'a Call> {
        let calls = self.calls_of(call.ticket.as_deref()?);
        if behind {
            calls.filter(|one| one.arrived > call.arrived).min_by_key(|one| one.arrived)
        } else {
            calls.filter(|one| one.arrived < call.arrived).max_by_key(|one| one.arrived)
        }
    }

    fn expected_of_calls(&self, formula: &str) -> Option<f64> {
        let ticket = |call: &Call| {
            let id = call.ticket.as_deref()?;
            self.tickets.iter().find(|ticket| ticket.id == id)
        };
        let level = |call: &Call| {
            let own = |state: &&State| {
                Some(&state.ticket) == call.ticket.as_ref()
                    && state.started <= call.arrived
            };
            let state = self.states.iter().filter(own).max_by_key(|state| state.started);
            state.and_then(|state| state.level)
        };
        let calls = || self.calls.iter();
        let count = |test: &dyn Fn(&Call) -> bool| {
            Some(calls().filter(|call| test(call)).count() as f64)
        };
        match formula {
            "urgent" => {
                count(&|call| ticket(call).and_then(|t| t.priority) == Some("P1"))
            }
            "strangers" => count(&|call| ticket(call).is_none()),
            "at_second" => count(&|call| level(call) == Some("L2")),
            "gap" => mean(calls().filter_map(|call| {
                Some(call.arrived - self.neighbour(call, false)?.arrived)
            })),
            _ => sum(calls().filter_map(|call| self.neighbour(call, true)?.waited)),
        }
    }
}

fn sum(values: impl Iterator<Item = i64>) -> Option<f64> {
    values.reduce(|a, b| a + b).map(|sum| sum as f64)
}

fn mean(values: impl Iterator<Item = i64>) -> Option<f64> {
    let values: Vec<i64> = values.collect();
    let sum = sum(values.iter().copied())?;
    Some(sum / values.len() as f64)
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn times(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<TimestampSecondArray>())
}

fn tickets(rows: &[Ticket]) -> RecordBatch {
    let each = || rows.iter();
    batch_of([
        ("ticket_id", texts(each().map(|row| Some(row.id.as_str())))),
        ("priority", texts(each().map(|row| row.priority))),
        ("opened_at", times(each().map(|row| Some(row.opened)))),
        ("resolved_at", times(each().map(|row| row.resolved))),
    ])
}

fn calls(rows: &[Call]) -> RecordBatch {
    let each = || rows.iter();
    batch_of([
        ("call_id", texts(each().map(|row| Some(row.id.as_str())))),
        ("ticket_id", texts(each().map(|row| row.ticket.as_deref()))),
        ("arrived_at", times(each().map(|row| Some(row.arrived)))),
        ("waited", Arc::new(each().map(|row| row.waited).collect::<Int64Array>())),
    ])
}

fn states(rows: &[State]) -> RecordBatch {
    let each = || rows.iter();
    batch_of([
        ("ticket_id", texts(each().map(|row| Some(row.ticket.as_str())))),
        ("started_at", times(each().map(|row| Some(row.started)))),
        ("level", texts(each().map(|row| row.level))),
    ])
}

fn tried(desk: &Desk, size: usize, threads: usize) -> Result<(), TestCaseError> {
    let workspace = workspace();
    let mut dataset = Dataset::new();
    for (table, batches) in [
        ("tickets", desk.tickets.chunks(size).map(tickets).collect::<Vec<_>>()),
        ("calls", desk.calls.chunks(size).map(calls).collect()),
        ("history", desk.states.chunks(size).map(states).collect()),
    ] {
        dataset.add_batches(&workspace.catalog, table, batches).unwrap();
    }
    let selection = Selection { as_of: Some(AS_OF * 1_000_000), ..Selection::default() };
    let options = RunOptions { threads, ..RunOptions::default() };
    let results = workspace.run(&dataset, &selection, &options).unwrap();
    prop_assert_eq!(results.rows.len(), TICKETS.len() + CALLS.len());
    for row in &results.rows {
        let formula = row.formula.as_deref().unwrap();
        let expected = match &*row.metric {
            "tickets" => desk.expected_of_tickets(formula),
            _ => desk.expected_of_calls(formula),
        };
        let near = agree(row.value, expected);
        prop_assert!(near, "{formula}: {:?}, looked for {:?}", row.value, expected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_that_of_looking_through_all_rows(
        seed in any::<u64>(),
        n_tickets in prop::sample::select(vec![1_i64, 5, 40, 300]),
        size in prop::sample::select(vec![7_usize, 100, 10_000]),
        threads in 1_usize..4,
    ) {
        tried(&Desk::new(seed, n_tickets), size, threads)?;
    }
}
