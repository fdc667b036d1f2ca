//! What else the exports say of a ticket or a contact: marks, customers, promises.
//!
//! They are drawn apart from the desk itself, so that what came in and what became of it
//! stays the same when a mark is added.

use super::clock::{self, CLOSES, DAY, OPENS};
use super::desk::{Contact, Ticket};
use super::random::Random;

/// The customers of the desk, by size.
pub(crate) const CUSTOMERS: [(i64, &str); 3] =
    [(46, "Works"), (30, "Harbour"), (24, "Offices")];

/// The categories that the desk is to solve on its own, and from which day of the year
/// until which (the whole time where none is named).
pub(crate) const DUTIES: [(&str, Option<i64>, Option<i64>, bool); 9] = [
    ("password", None, None, true),
    ("workstation", None, Some(120), false),
    ("workstation", Some(120), None, true),
    ("access", None, None, true),
    ("email", None, None, true),
    ("network", None, None, false),
    ("printing", None, None, true),
    ("applications", None, None, false),
    ("phone", None, Some(212), true),
];

/// What stands in the columns of a ticket beside its life.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column that is ticked")]
pub(crate) struct TicketMarks {
    pub(crate) customer: &'static str,
    pub(crate) promised: i64,
    pub(crate) mode: &'static str,
    pub(crate) in_scope: bool,
    pub(crate) misrouted: bool,
    pub(crate) misclassified: bool,
    pub(crate) workaround: bool,
    pub(crate) major: bool,
    pub(crate) by_rule: bool,
    pub(crate) own_record: bool,
}

/// Whether the desk was to solve such a matter on a day of the year.
pub(crate) fn is_duty(category: &str, day: i64) -> bool {
    DUTIES.iter().any(|(name, from, until, duty)| {
        *duty
            && *name == category
            && from.is_none_or(|from| from <= day)
            && until.is_none_or(|until| day < until)
    })
}

/// The marks of a ticket.
pub(crate) fn of_ticket(random: &mut Random, ticket: &Ticket) -> TicketMarks {
    let wall = clock::wall(ticket.opened);
    let (day, time) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
    let open = clock::is_open(day) && (OPENS..CLOSES).contains(&time);
    let outside = random.pick(&[(6, "guided"), (4, "dispatched")]);
    let promised = match ticket.priority {
        "1" => ticket.opened + 4 * 3600,
        "2" => clock::worked(ticket.opened, 8 * 3600),
        "3" => clock::worked(ticket.opened, 24 * 3600),
        _ => clock::worked(ticket.opened, 48 * 3600),
    };
    let solved = ticket.resolved.is_some();
    TicketMarks {
        customer: random.pick(&CUSTOMERS),
        promised,
        mode: if open { "full" } else { outside },
        in_scope: is_duty(ticket.category, day),
        misrouted: random.permille(170) && ticket.reassigned > 0,
        misclassified: random.permille(60),
        workaround: random.permille(90) && solved && ticket.kind == "Incident",
        major: random.permille(25) && ticket.kind == "Incident",
        by_rule: random.permille(55) && ticket.closed.is_some(),
        own_record: random.permille(18) && ticket.channel == "portal",
    }
}

/// What stands in the columns of a contact beside its course.
#[derive(Debug)]
pub(crate) struct ContactMarks {
    pub(crate) customer: &'static str,
    pub(crate) direction: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) validity: &'static str,
}

/// The marks of a contact.
pub(crate) fn of_contact(random: &mut Random, contact: &Contact) -> ContactMarks {
    let answered = contact.outcome == "AGENT";
    let alone = answered && contact.ticket.is_none();
    // What the desk dials itself has no wait, and is seldom a new matter.
    let dialled = alone && contact.waited == 0;
    let cause =
        random.pick(&[(28, "password"), (18, "access"), (9, "print"), (45, "other")]);
    let noted = !random.permille(260);
    ContactMarks {
        customer: random.pick(&CUSTOMERS),
        direction: if dialled { "out" } else { "in" },
        cause: if answered && noted { cause } else { "" },
        validity: if alone && contact.talk < 22 { "spam" } else { "valid" },
    }
}
