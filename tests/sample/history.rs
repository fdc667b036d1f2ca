//! The states each ticket went through, consistent with what the ticket says of itself.

use super::clock::{self, END};
use super::desk::Ticket;
use super::random::Random;

/// The groups that hold tickets, and their levels; the first is the desk.
pub(crate) const GROUPS: [(&str, &str); 5] = [
    ("Service desk", "L1"),
    ("Workplace", "L2"),
    ("Applications", "L2"),
    ("Network", "L3"),
    ("Vendor", "partner"),
];

/// One state of a ticket, from a moment on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Event {
    pub(crate) at: i64,
    pub(crate) state: &'static str,
    pub(crate) group: &'static str,
    pub(crate) by_rule: bool,
    pub(crate) thanks: bool,
}

/// The level of a group.
pub(crate) fn level(group: &str) -> &'static str {
    GROUPS.iter().find(|(name, _)| *name == group).map_or("", |(_, level)| level)
}

/// What happens between the first answer and the end.
#[derive(Debug, Clone, Copy)]
enum Step {
    /// Handed to a group.
    Handed(&'static str),
    /// Waits for somebody, and goes on.
    Waits(&'static str),
    /// Is taken for solved, and comes back.
    Returns,
    /// Waits for somebody when the export is made.
    Stays(&'static str),
}

/// The states of a ticket, one behind the other, no two in one minute.
pub(crate) fn states(random: &mut Random, ticket: &Ticket) -> Vec<Event> {
    let mut life = Life { events: Vec::new(), group: GROUPS[0].0 };
    let last = ticket.resolved.or(ticket.cancelled);
    let until = last.unwrap_or(END);
    let begun = begun(ticket, until);
    if begun.is_none_or(|begun| minute(begun) > minute(ticket.opened)) {
        life.push(ticket.opened, "New", until);
    }
    if let Some(begun) = begun {
        life.push(begun, "Work in Progress", until);
        let steps = steps(random_of(random), ticket);
        life.middle(random, begun, until, &steps);
    }
    if let Some(cancelled) = ticket.cancelled {
        life.push(cancelled, "Cancelled", cancelled + 60);
    } else if let Some(resolved) = ticket.resolved {
        life.group = ticket.group;
        life.push(resolved, "Resolved", resolved + 60);
    }
    if let (Some(closed), None) = (ticket.closed, ticket.cancelled) {
        life.push(closed, "Closed", closed + 60);
        if let Some(event) = life.events.last_mut() {
            event.by_rule = true;
        }
    }
    life.events
}

/// A source of its own for the steps, so that their number does not move what follows.
fn random_of(random: &mut Random) -> Random {
    Random::new(u64::try_from(random.below(i64::MAX)).expect("not negative"))
}

/// When somebody began, if anybody did before the end.
fn begun(ticket: &Ticket, until: i64) -> Option<i64> {
    if ticket.status == "New"
        || (ticket.cancelled.is_some() && ticket.responded.is_none())
    {
        return None;
    }
    let guess = ticket.opened + (until - ticket.opened) / 3;
    let begun =
        ticket.responded.filter(|at| minute(*at) < minute(until)).unwrap_or(guess);
    // Who answers at once begins with the ticket itself.
    let at_once = minute(begun) == minute(ticket.opened);
    Some(if at_once { ticket.opened } else { begun })
}

fn minute(instant: i64) -> i64 {
    instant.div_euclid(60)
}

/// What happens to a ticket on the way, in order.
fn steps(mut random: Random, ticket: &Ticket) -> Vec<Step> {
    let mut steps = Vec::new();
    for place in 1..=ticket.reassigned {
        let other = random.pick(&[
            (3, "Workplace"),
            (3, "Applications"),
            (2, "Network"),
            (2, "Service desk"),
        ]);
        steps.push(Step::Handed(if place == ticket.reassigned {
            ticket.group
        } else {
            other
        }));
    }
    let waits = random.pick(&[(70, 0), (24, 1), (6, 2)]);
    for _ in 0..waits {
        let whom = random.pick(&[(8, "Awaiting User"), (2, "Awaiting Vendor")]);
        let place = random.below(i64::try_from(steps.len()).expect("few") + 1);
        steps.insert(usize::try_from(place).expect("a place"), Step::Waits(whom));
    }
    steps.extend((0..ticket.reopened).map(|_| Step::Returns));
    if ["Awaiting User", "Awaiting Vendor"].contains(&ticket.status) {
        steps.push(Step::Stays(ticket.status));
    }
    steps
}

/// The states so far, and who holds the ticket.
struct Life {
    events: Vec<Event>,
    group: &'static str,
}

impl Life {
    /// Adds a state unless it falls into the minute of the one before or of the end.
    fn push(&mut self, at: i64, state: &'static str, until: i64) -> bool {
        let before = self.events.last().map_or(i64::MIN, |event| minute(event.at));
        if minute(at) <= before || minute(at) >= minute(until) {
            return false;
        }
        let group = self.group;
        self.events.push(Event { at, state, group, by_rule: false, thanks: false });
        true
    }

    /// The steps, spread over the time between.
    fn middle(&mut self, random: &mut Random, from: i64, until: i64, steps: &[Step]) {
        let parts = i64::try_from(steps.len()).expect("few") * 2 + 1;
        let moment = |part: i64, random: &mut Random| {
            let spread = (until - from) / parts;
            from + spread * part + random.below((spread / 2).max(1))
        };
        let mut part = 1;
        for step in steps {
            let (first, second) = (moment(part, random), moment(part + 1, random));
            part += 2;
            match step {
                Step::Handed(group) => {
                    let before = self.group;
                    self.group = group;
                    if !self.push(in_hours(first, second), "Work in Progress", until) {
                        self.group = before;
                    }
                }
                Step::Waits(whom) => self.pair(first, second, whom, until),
                Step::Stays(whom) => {
                    self.push(first, whom, until);
                }
                Step::Returns => {
                    self.pair(first, second, "Resolved", until);
                    let (thanks, rule) = (random.permille(140), random.permille(50));
                    if let Some(event) = self.events.last_mut() {
                        event.thanks = thanks;
                        event.by_rule = rule && !thanks;
                    }
                }
            }
        }
    }

    /// A state and the way back to work.
    fn pair(&mut self, first: i64, second: i64, state: &'static str, until: i64) {
        let back = minute(second) > minute(first) && minute(second) < minute(until);
        if back && self.push(first, state, until) {
            self.push(second, "Work in Progress", until);
        }
    }
}

/// The next moment in the desk's hours, unless that is too late.
fn in_hours(at: i64, before: i64) -> i64 {
    let open = clock::worked(at, 0);
    if open < before { open } else { at }
}
