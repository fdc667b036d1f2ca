//! The desk as it is, in the vocabulary's own words: what every export is held against.

use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, DurationSecondArray, Float64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};
use mittari::{Dataset, Workspace};

use super::desk::Ticket;
use super::exports::number_of;

/// What a system knows otherwise than the desk does; all that is not said here it knows.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of one system")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct View {
    /// Its list holds incidents alone.
    pub(crate) incidents_only: bool,
    /// Its first reply is so many whole minutes after the opening.
    pub(crate) reply_in_minutes: bool,
    /// It has no state between solved and closed.
    pub(crate) closes_at_once: bool,
    /// It has no priority above the second.
    pub(crate) no_first_priority: bool,
    /// Groups and persons are numbers.
    pub(crate) numbers: bool,
    /// What was reported and what is worked on are one state.
    pub(crate) no_new: bool,
}

impl View {
    fn of(self, ticket: &Ticket) -> Option<Ticket> {
        let mut seen = ticket.clone();
        if self.incidents_only && seen.kind != "incident" {
            return None;
        }
        if self.reply_in_minutes {
            let whole = |at: i64| at - (at - ticket.opened) % 60;
            seen.responded = seen.responded.map(whole);
        }
        if self.closes_at_once {
            seen.closed = seen.resolved;
            seen.status = if seen.status == "resolved" { "closed" } else { seen.status };
        }
        if self.no_first_priority {
            seen.priority = seen.priority.max(2);
        }
        if self.no_new && seen.status == "new" {
            seen.status = "in_progress";
        }
        Some(seen)
    }

    fn name(self, name: &str) -> String {
        if self.numbers { number_of(name).to_string() } else { name.to_owned() }
    }
}

/// The desk as data that need no source.
pub(crate) fn dataset(workspace: &Workspace, desk: &[Ticket], view: View) -> Dataset {
    let seen: Vec<Ticket> = desk.iter().filter_map(|ticket| view.of(ticket)).collect();
    let mut dataset = Dataset::new();
    let catalog = &workspace.catalog;
    let tickets = vec![tickets(&seen, view)];
    dataset.add_batches(catalog, "tickets", tickets).expect("tickets");
    dataset.add_batches(catalog, "history", vec![history(&seen)]).expect("a history");
    dataset
}

fn texts(values: impl Iterator<Item = String>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

fn instants(values: impl Iterator<Item = Option<i64>>) -> ArrayRef {
    Arc::new(values.collect::<TimestampSecondArray>())
}

fn tickets(seen: &[Ticket], view: View) -> RecordBatch {
    let text = |of: fn(&Ticket) -> String| texts(seen.iter().map(of));
    let instant = |of: fn(&Ticket) -> Option<i64>| instants(seen.iter().map(of));
    let number = |of: fn(&Ticket) -> u8| -> ArrayRef {
        let values = seen.iter().map(|ticket| f64::from(of(ticket)));
        Arc::new(Float64Array::from_iter_values(values))
    };
    let truth = |of: fn(&Ticket) -> bool| -> ArrayRef {
        Arc::new(seen.iter().map(|ticket| Some(of(ticket))).collect::<BooleanArray>())
    };
    let worked = seen.iter().map(|ticket| Some(ticket.worked));
    let named =
        |of: fn(&Ticket) -> &str| texts(seen.iter().map(|ticket| view.name(of(ticket))));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("ticket_id", text(|ticket| ticket.number.to_string())),
        ("type", text(|ticket| ticket.kind.to_owned())),
        ("priority", text(|ticket| format!("P{}", ticket.priority))),
        ("channel", text(|ticket| ticket.channel.to_owned())),
        ("category", text(|ticket| ticket.category.to_owned())),
        ("group", named(|ticket| ticket.group)),
        ("status", text(|ticket| ticket.status.to_owned())),
        ("kept", text(|ticket| ticket.kept.to_owned())),
        ("opened_at", instant(|ticket| Some(ticket.opened))),
        ("first_response_at", instant(|ticket| ticket.responded)),
        ("resolved_at", instant(|ticket| ticket.resolved)),
        ("closed_at", instant(|ticket| ticket.closed)),
        ("cancelled_at", instant(|_| None)),
        ("promised_at", instant(|ticket| Some(ticket.promised))),
        ("handler", named(|ticket| ticket.handler)),
        ("handle_time", Arc::new(worked.collect::<DurationSecondArray>())),
        ("reopen_count", number(|ticket| ticket.reopened)),
        ("reassignment_count", number(|ticket| ticket.reassigned)),
        ("first_level", truth(|ticket| ticket.reassigned == 0)),
        ("in_time_flag", truth(|ticket| ticket.in_time)),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}

fn history(seen: &[Ticket]) -> RecordBatch {
    let states = || {
        let each = seen.iter().flat_map(|ticket| {
            ticket.states.iter().map(|state| (ticket.number.to_string(), state))
        });
        each.collect::<Vec<_>>()
    };
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("ticket_id", texts(states().into_iter().map(|(number, _)| number))),
        ("status", texts(states().into_iter().map(|(_, one)| one.status.to_owned()))),
        ("started_at", instants(states().into_iter().map(|(_, one)| Some(one.started)))),
        ("ended_at", instants(states().into_iter().map(|(_, one)| one.ended))),
    ];
    RecordBatch::try_from_iter(columns).expect("a batch")
}
