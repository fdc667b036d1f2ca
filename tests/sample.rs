//! The sample data: a desk of our own making, the same from the same seed.
//!
//! `cargo test -p mittari-tests --test sample -- --ignored` writes the files anew.
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::fs;
use std::path::{Path, PathBuf};

#[path = "sample/clock.rs"]
mod clock;
#[path = "sample/desk.rs"]
mod desk;
#[path = "sample/history.rs"]
mod history;
#[path = "sample/marks.rs"]
mod marks;
#[path = "sample/people.rs"]
mod people;
#[path = "sample/random.rs"]
mod random;
#[path = "sample/service.rs"]
mod service;
#[path = "sample/sheet.rs"]
mod sheet;
#[path = "sample/surveys.rs"]
mod surveys;

use clock::written;
use desk::{Contact, Desk, Ticket};
use random::Random;
use sheet::{Sheet, shown};

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

const fn yes(mark: bool) -> &'static str {
    if mark { "yes" } else { "" }
}

/// Tickets with commas, a column each.
fn tickets(tickets: &[Ticket]) -> String {
    let headings = "Number,Opened,Type,Priority,Channel,Category,Assignment group,State,\
                    Validity,First response,Resolved,Closed,Cancelled,Reopen count,\
                    Reassignment count,Assigned to,Work min,Made SLA,Score,Customer,Due,\
                    Mode,In scope,Misrouted,Misclassified,Workaround,Major,Closed by rule,\
                    Own record";
    let mut sheet = Sheet::new(",", headings);
    let mut random = Random::new(SEED + 1);
    for (place, ticket) in tickets.iter().enumerate() {
        let marks = marks::of_ticket(&mut random, ticket);
        sheet.line([
            &number(place),
            &written(ticket.opened, false),
            ticket.kind,
            ticket.priority,
            ticket.channel,
            ticket.category,
            ticket.group,
            ticket.status,
            ticket.validity,
            &at(ticket.responded),
            &at(ticket.resolved),
            &at(ticket.closed),
            &at(ticket.cancelled),
            &ticket.reopened.to_string(),
            &ticket.reassigned.to_string(),
            ticket.handler,
            &shown(ticket.handled),
            &shown(ticket.in_time),
            &shown(ticket.score),
            marks.customer,
            &written(marks.promised, false),
            marks.mode,
            if marks.in_scope { "yes" } else { "no" },
            yes(marks.misrouted),
            yes(marks.misclassified),
            yes(marks.workaround),
            yes(marks.major),
            yes(marks.by_rule),
            yes(marks.own_record),
        ]);
    }
    sheet.finish()
}

/// Contacts with semicolons and days first, as a spreadsheet in Finland writes them.
fn contacts(contacts: &[Contact]) -> String {
    let headings = "Id;Channel;Queue;Arrived;Answered;Ended;Result;Wait s;Talk s;Hold s;\
                    After work s;Agent;Ticket;Direction;Customer;Cause;Validity";
    let mut sheet = Sheet::new(";", headings);
    let mut random = Random::new(SEED + 2);
    for (place, contact) in contacts.iter().enumerate() {
        let marks = marks::of_contact(&mut random, contact);
        sheet.line([
            &format!("C{:05}", place + 1),
            contact.channel,
            contact.queue,
            &days_first(contact.arrived),
            &contact.answered.map(days_first).unwrap_or_default(),
            &days_first(contact.ended),
            contact.outcome,
            &contact.waited.to_string(),
            &contact.talk.to_string(),
            &contact.hold.to_string(),
            &contact.wrap.to_string(),
            contact.person,
            &contact.ticket.map(number).unwrap_or_default(),
            marks.direction,
            marks.customer,
            marks.cause,
            marks.validity,
        ]);
    }
    sheet.finish()
}

/// `31.01.2026 08:15:42`.
fn days_first(instant: i64) -> String {
    let text = written(instant, true);
    format!("{}.{}.{} {}", &text[8..10], &text[5..7], &text[..4], &text[11..])
}

/// The states of all tickets, ticket by ticket.
fn states(tickets: &[Ticket]) -> Vec<Vec<history::Event>> {
    let mut random = Random::new(SEED + 3);
    tickets.iter().map(|ticket| history::states(&mut random, ticket)).collect()
}

/// One row a state, with the moment the next one began.
fn history(tickets: &[Ticket]) -> String {
    let headings = "Number,From,Until,State,Group,Level,Actor,Thanks";
    let mut sheet = Sheet::new(",", headings);
    for (place, states) in states(tickets).iter().enumerate() {
        for (step, state) in states.iter().enumerate() {
            let until = states.get(step + 1).map(|next| next.at);
            sheet.line([
                &number(place),
                &written(state.at, false),
                &at(until),
                state.state,
                state.group,
                history::level(state.group),
                if state.by_rule { "rule" } else { "person" },
                yes(state.thanks),
            ]);
        }
    }
    sheet.finish()
}

fn groups() -> String {
    let mut sheet = Sheet::new(",", "Group,Level");
    for (group, level) in history::GROUPS {
        sheet.line([group, level]);
    }
    sheet.finish()
}

fn files() -> [(&'static str, String); 17] {
    let Desk { contacts: all, tickets: opened } = desk::desk(SEED);
    let random = |place: u64| Random::new(SEED + place);
    [
        ("tickets.csv", tickets(&opened)),
        ("contacts.csv", contacts(&all)),
        ("history.csv", history(&opened)),
        ("groups.csv", groups()),
        ("surveys.csv", surveys::surveys(&mut random(4), &opened)),
        ("waves.csv", surveys::waves()),
        ("responsibility.csv", surveys::responsibility()),
        ("people.csv", people::people()),
        ("staffing.csv", people::staffing(&mut random(5), &all, &opened)),
        ("work-items.csv", people::work_items(&mut random(6), &all, &opened)),
        ("costs.csv", people::costs(&mut random(7))),
        ("users.csv", people::user_counts(&mut random(8))),
        ("impacts.csv", service::impacts()),
        ("outages.csv", service::outages(&mut random(9))),
        ("audits.csv", service::audits(&mut random(10), &opened)),
        ("advice.csv", service::advice(&mut random(11))),
        ("support-events.ndjson", service::support_events(&mut random(12))),
    ]
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
    let sizes: Vec<usize> = files().iter().map(|(_, text)| text.len()).collect();
    assert!(sizes.iter().all(|size| *size < 700_000), "{sizes:?} bytes");
    assert!(sizes.iter().sum::<usize>() < 3_000_000, "{sizes:?} bytes");
}

#[test]
fn the_states_of_a_ticket_say_what_the_ticket_says() {
    let Desk { tickets, .. } = desk::desk(SEED);
    for (place, (ticket, states)) in tickets.iter().zip(states(&tickets)).enumerate() {
        let number = number(place);
        let last = states.last().expect("a state");
        assert_eq!(
            (states[0].at, last.state),
            (ticket.opened, ticket.status),
            "{number}"
        );
        assert!(states.is_sorted_by(|a, b| a.at / 60 < b.at / 60), "{number}");
        let resolved = states.iter().rfind(|state| state.state == "Resolved");
        assert_eq!(resolved.map(|state| state.at), ticket.resolved, "{number}");
        let back = states.windows(2).filter(|pair| {
            pair[0].state == "Resolved" && pair[1].state == "Work in Progress"
        });
        assert_eq!(i64::try_from(back.count()), Ok(ticket.reopened), "{number}");
        let passed = ticket.reassigned > 0 && ticket.resolved.is_some();
        let group = if passed { ticket.group } else { last.group };
        assert_eq!(last.group, group, "{number}");
    }
}
