//! The one desk that all exports tell of: fifty tickets of a spring that never was.

use super::clock::{self, DAY};
use super::random::Random;

/// 2026-04-01 00:00 in Helsinki: the moment of every export.
pub(crate) fn end() -> i64 {
    clock::instant(90 * DAY)
}

/// A state and the time it held; the last has no end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State {
    pub(crate) status: &'static str,
    pub(crate) started: i64,
    pub(crate) ended: Option<i64>,
}

/// One ticket, as those who work at the desk know it; instants are seconds since
/// 1970-01-01T00:00Z.
#[derive(Debug, Clone)]
pub(crate) struct Ticket {
    pub(crate) number: usize,
    pub(crate) kind: &'static str,
    /// 1 is the most urgent.
    pub(crate) priority: u8,
    pub(crate) channel: &'static str,
    pub(crate) category: &'static str,
    pub(crate) group: &'static str,
    pub(crate) handler: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) status: &'static str,
    pub(crate) opened: i64,
    pub(crate) responded: Option<i64>,
    pub(crate) resolved: Option<i64>,
    pub(crate) closed: Option<i64>,
    pub(crate) promised: i64,
    pub(crate) in_time: bool,
    pub(crate) reopened: u8,
    pub(crate) reassigned: u8,
    /// Seconds of booked work.
    pub(crate) worked: i64,
    pub(crate) states: Vec<State>,
}

/// Hours in which a ticket of each priority is to be solved.
const PROMISED: [i64; 4] = [4, 24, 72, 168];
/// How long solving takes once somebody has answered, in minutes, by equal steps.
const SOLVING: [i64; 8] = [4, 15, 45, 150, 420, 1500, 4800, 16_000];

/// The tickets of a seed, in the order in which they were opened.
pub(crate) fn desk(seed: u64) -> Vec<Ticket> {
    let mut random = Random::new(seed);
    let mut openings: Vec<i64> = Vec::new();
    while openings.len() < 50 {
        let day = random.below(89);
        if clock::is_open(day) {
            let second = clock::OPENS + random.below(clock::CLOSES - clock::OPENS);
            openings.push(clock::instant(day * DAY + second));
        }
    }
    openings.sort_unstable();
    let each = openings.into_iter().enumerate();
    each.map(|(place, opened)| ticket(&mut random, place + 1, opened)).collect()
}

fn ticket(random: &mut Random, number: usize, opened: i64) -> Ticket {
    let priority = random.pick(&[(1, 1_u8), (3, 2), (8, 3), (4, 4)]);
    let reassigned = random.pick(&[(6, 0_u8), (3, 1), (1, 2)]);
    let group = match reassigned {
        0 => "Service Desk",
        _ => random.pick(&[(1, "Networks"), (1, "Applications")]),
    };
    let mut ticket = Ticket {
        number,
        kind: random.pick(&[(6, "incident"), (4, "request")]),
        priority,
        channel: random.pick(&[(5, "phone"), (3, "email"), (4, "portal")]),
        category: random.pick(&[(4, "Password"), (3, "Workstation"), (2, "Network")]),
        group,
        handler: random.pick(&[(3, "Aino"), (2, "Björn"), (2, "Chris")]),
        kept: random.pick(&[(28, "valid"), (1, "spam"), (1, "duplicate")]),
        status: "new",
        opened,
        responded: None,
        resolved: None,
        closed: None,
        promised: opened + PROMISED[usize::from(priority) - 1] * 3600,
        in_time: false,
        reopened: u8::from(random.permille(120)),
        reassigned,
        worked: 60 * (3 + random.below(90)),
        states: Vec::new(),
    };
    live(random, &mut ticket);
    ticket
}

/// What happens to a ticket, as far as it has happened when the exports are made.
fn live(random: &mut Random, ticket: &mut Ticket) {
    let wait = 45 + random.below(5400);
    // Twenty seconds after half an hour: whole minutes hide that it was too late.
    let wait = if ticket.number == 7 { 1820 } else { wait };
    let answer = ticket.opened + wait;
    let solved = answer + random.between(&SOLVING) * 60 + random.below(60);
    let mut events = vec![(ticket.opened, "new"), (answer, "in_progress")];
    if random.permille(300) {
        events.push((answer + (solved - answer) / 3, "pending_customer"));
        events.push((answer + (solved - answer) / 2, "in_progress"));
    }
    events.push((solved, "resolved"));
    let mut last = solved;
    if ticket.reopened > 0 {
        events.push((solved + 3601, "in_progress"));
        last = solved + 3601 + random.between(&SOLVING) * 60;
        events.push((last, "resolved"));
    }
    // Some are still worked on when the exports are made.
    if random.permille(120) {
        events.retain(|(_, status)| *status != "resolved");
        last = end();
    }
    // A rule closes what was solved five days ago.
    events.push((last + 5 * DAY, "closed"));
    events.retain(|(at, _)| *at < end());
    let mut reopened = 0;
    for (place, (at, status)) in events.iter().enumerate() {
        let ended = events.get(place + 1).map(|(next, _)| *next);
        ticket.states.push(State { status, started: *at, ended });
        ticket.status = status;
        match *status {
            "resolved" => ticket.resolved = Some(*at),
            "closed" => ticket.closed = Some(*at),
            "in_progress" if ticket.resolved.is_some() => {
                ticket.resolved = None;
                reopened += 1;
            }
            "in_progress" if ticket.responded.is_none() => ticket.responded = Some(*at),
            _ => {}
        }
    }
    ticket.reopened = reopened;
    ticket.in_time = ticket.resolved.unwrap_or(end()) <= ticket.promised;
}
