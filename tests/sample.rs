//! The sample data: a desk of our own making, the same from the same seed.
//!
//! `cargo test -p mittari-tests --test sample -- --ignored` writes the files anew.
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[path = "sample/clock.rs"]
mod clock;
#[path = "sample/desk.rs"]
mod desk;
#[path = "sample/random.rs"]
mod random;

use clock::written;
use desk::{Contact, Desk, Ticket};

const SEED: u64 = 2026;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../metrics/sample")
}

fn number(place: usize) -> String {
    format!("T{:05}", place + 10_001)
}

fn at(instant: Option<i64>) -> String {
    instant.map(|instant| written(instant, false)).unwrap_or_default()
}

fn shown<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Tickets with commas, a column each.
fn tickets(tickets: &[Ticket]) -> String {
    let mut text = "Number,Opened,Type,Priority,Channel,Category,Assignment group,State,\
                    Validity,First response,Resolved,Closed,Cancelled,Reopen count,\
                    Reassignment count,Assigned to,Work min,Made SLA,Score\n"
        .to_owned();
    for (place, ticket) in tickets.iter().enumerate() {
        let cells = [
            number(place),
            written(ticket.opened, false),
            ticket.kind.to_owned(),
            ticket.priority.to_owned(),
            ticket.channel.to_owned(),
            ticket.category.to_owned(),
            ticket.group.to_owned(),
            ticket.status.to_owned(),
            ticket.validity.to_owned(),
            at(ticket.responded),
            at(ticket.resolved),
            at(ticket.closed),
            at(ticket.cancelled),
            ticket.reopened.to_string(),
            ticket.reassigned.to_string(),
            ticket.handler.to_owned(),
            shown(ticket.handled),
            shown(ticket.in_time),
            shown(ticket.score),
        ];
        writeln!(text, "{}", cells.join(",")).expect("text");
    }
    text
}

/// Contacts with semicolons and days first, as a spreadsheet in Finland writes them.
fn contacts(contacts: &[Contact]) -> String {
    let mut text = "Id;Channel;Queue;Arrived;Answered;Ended;Result;Wait s;Talk s;Hold s;\
                    After work s;Agent;Ticket\n"
        .to_owned();
    for (place, contact) in contacts.iter().enumerate() {
        let cells = [
            format!("C{:05}", place + 1),
            contact.channel.to_owned(),
            contact.queue.to_owned(),
            days_first(contact.arrived),
            contact.answered.map(days_first).unwrap_or_default(),
            days_first(contact.ended),
            contact.outcome.to_owned(),
            contact.waited.to_string(),
            contact.talk.to_string(),
            contact.hold.to_string(),
            contact.wrap.to_string(),
            contact.person.to_owned(),
            contact.ticket.map(number).unwrap_or_default(),
        ];
        writeln!(text, "{}", cells.join(";")).expect("text");
    }
    text
}

/// `31.01.2026 08:15:42`.
fn days_first(instant: i64) -> String {
    let text = written(instant, true);
    format!("{}.{}.{} {}", &text[8..10], &text[5..7], &text[..4], &text[11..])
}

fn files() -> [(&'static str, String); 2] {
    let Desk { contacts: all, tickets: opened } = desk::desk(SEED);
    [("tickets.csv", tickets(&opened)), ("contacts.csv", contacts(&all))]
}

#[test]
fn the_files_are_what_the_seed_gives() {
    for (name, text) in files() {
        let there = fs::read_to_string(folder().join(name)).expect("a sample file");
        assert!(
            there == text,
            "metrics/sample/{name} is not current; see tests/sample.rs"
        );
    }
}

#[test]
#[ignore = "writes the sample files anew"]
fn write_the_files() {
    fs::create_dir_all(folder()).expect("a folder");
    for (name, text) in files() {
        fs::write(folder().join(name), text).expect("a file");
    }
}

#[test]
fn the_desk_is_of_the_size_and_shape_of_a_real_one() {
    let Desk { contacts, tickets } = desk::desk(SEED);
    assert!((1800..2200).contains(&tickets.len()), "{} tickets", tickets.len());
    assert!((2700..3300).contains(&contacts.len()), "{} contacts", contacts.len());
    let of = |test: fn(&Ticket) -> bool| tickets.iter().filter(|t| test(t)).count();
    assert!(tickets.iter().all(|ticket| desk::covered(ticket.opened)));
    assert!((10..80).contains(&of(|t| t.resolved.is_none() && t.cancelled.is_none())));
    assert!(of(|t| t.priority == "1") > 20);
    assert!(of(|t| t.reopened > 0) > 80);
    assert!(of(|t| t.priority.is_empty()) > 5);
    assert!(of(|t| t.resolved.is_some_and(|at| at < t.opened)) == 0);
    let lost = contacts.iter().filter(|contact| contact.outcome == "HANG").count();
    assert!((100..400).contains(&lost), "{lost} abandoned");
    for (_, text) in files() {
        assert!(text.len() < 300_000, "{} bytes", text.len());
    }
}
