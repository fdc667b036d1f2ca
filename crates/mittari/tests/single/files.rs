//! The tickets as a file of each layout.

use std::fmt::Write as _;
use std::path::Path;

use chrono::DateTime;
use parquet::file::properties::WriterProperties;

use super::tickets::{Ticket, batch};
use super::written::write_parquet;

/// How the tickets reach the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// As batches in memory.
    Batches,
    /// Read from a file.
    Csv,
    Ndjson,
    Parquet,
}

/// The source of a file of some layout.
pub(crate) fn source(file: &str) -> String {
    format!(
        "source: data\ntables:\n  tickets:\n    file: {file}\n    time_zone: UTC\n    \
         missing: [\"\"]\n    fields:\n      opened_at: opened_at\n      \
         resolved_at: resolved_at\n      priority: priority\n      agent: agent\n      \
         waited: {{from: waited, unit: s}}\n      users: users\n      solved: solved\n"
    )
}

/// The name of the file in its folder.
pub(crate) fn name(layout: Layout) -> &'static str {
    match layout {
        Layout::Csv | Layout::Batches => "tickets.csv",
        Layout::Ndjson => "tickets.ndjson",
        Layout::Parquet => "tickets.parquet",
    }
}

/// Writes the tickets into a folder; a row group of Parquet has so many rows.
pub(crate) fn write(layout: Layout, folder: &Path, tickets: &[Ticket], size: usize) {
    let path = folder.join(name(layout));
    match layout {
        Layout::Batches | Layout::Csv => std::fs::write(path, csv(tickets)).unwrap(),
        Layout::Ndjson => std::fs::write(path, ndjson(tickets)).unwrap(),
        Layout::Parquet => {
            write_parquet(&path, &batch(tickets), (WriterProperties::builder(), size));
        }
    }
}

/// The fields of a ticket as texts, empty where there is no value.
fn fields(ticket: &Ticket) -> [(&'static str, String); 7] {
    let time = |at: Option<i64>| {
        let at = at.map(|at| DateTime::from_timestamp(at, 0).unwrap());
        at.map(|at| at.format("%Y-%m-%dT%H:%M:%S").to_string())
    };
    [
        ("opened_at", time(ticket.opened)),
        ("resolved_at", time(ticket.resolved)),
        ("priority", ticket.priority.map(str::to_owned)),
        ("agent", ticket.agent.clone()),
        ("waited", ticket.waited.map(|waited| waited.to_string())),
        ("users", ticket.users.map(|users| users.to_string())),
        ("solved", ticket.solved.map(|solved| solved.to_string())),
    ]
    .map(|(name, value)| (name, value.unwrap_or_default()))
}

fn csv(tickets: &[Ticket]) -> String {
    let mut text = fields(&Ticket::default()).map(|(name, _)| name).join(",");
    for ticket in tickets {
        let values = fields(ticket).map(|(_, value)| value).join(",");
        write!(text, "\n{values}").unwrap();
    }
    text + "\n"
}

fn ndjson(tickets: &[Ticket]) -> String {
    let member = |(name, value): &(&str, String)| match *name {
        _ if value.is_empty() => format!("\"{name}\": null"),
        "waited" | "users" | "solved" => format!("\"{name}\": {value}"),
        _ => format!("\"{name}\": \"{value}\""),
    };
    let mut text = String::new();
    for ticket in tickets {
        let members = fields(ticket).each_ref().map(member).join(", ");
        writeln!(text, "{{{members}}}").unwrap();
    }
    text
}
