//! A service desk that does not exist: what came in, and what became of it.

use super::clock::{self, CLOSES, DAY, END, OPENS, START};
use super::marks::is_duty;
use super::random::Random;

/// One call or chat.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) channel: &'static str,
    pub(crate) queue: &'static str,
    pub(crate) arrived: i64,
    pub(crate) answered: Option<i64>,
    pub(crate) ended: i64,
    pub(crate) outcome: &'static str,
    pub(crate) waited: i64,
    pub(crate) talk: i64,
    pub(crate) hold: i64,
    pub(crate) wrap: i64,
    pub(crate) person: &'static str,
    /// The place of its ticket in the list.
    pub(crate) ticket: Option<usize>,
}

/// One ticket as the export shows it at the end of September.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) opened: i64,
    pub(crate) kind: &'static str,
    pub(crate) priority: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) category: &'static str,
    pub(crate) group: &'static str,
    pub(crate) status: &'static str,
    pub(crate) validity: &'static str,
    pub(crate) responded: Option<i64>,
    pub(crate) resolved: Option<i64>,
    pub(crate) closed: Option<i64>,
    pub(crate) cancelled: Option<i64>,
    pub(crate) reopened: i64,
    pub(crate) reassigned: i64,
    pub(crate) handler: &'static str,
    /// Minutes of work.
    pub(crate) handled: Option<i64>,
    pub(crate) in_time: Option<bool>,
    pub(crate) score: Option<i64>,
}

/// Everything the desk saw from January to September.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    pub(crate) contacts: Vec<Contact>,
    pub(crate) tickets: Vec<Ticket>,
}

/// Names nobody has; agents are told apart, not known.
const AGENTS: [(i64, &str); 9] = [
    (18, "A01"),
    (16, "A02"),
    (15, "A03"),
    (13, "A04"),
    (12, "A05"),
    (10, "A06"),
    (8, "A07"),
    (5, "A08"),
    (3, "A09"),
];

const CATEGORIES: [(i64, &str); 9] = [
    (22, "password"),
    (17, "workstation"),
    (14, "access"),
    (12, "email"),
    (10, "network"),
    (9, "printing"),
    (8, "applications"),
    (6, "phone"),
    (2, ""),
];

/// How busy a month is, January first, in thousandths; July is quiet in Finland.
const MONTHS: [i64; 9] = [1100, 1040, 1030, 980, 940, 870, 520, 1120, 1140];
/// How busy a weekday is, Monday first.
const WEEKDAYS: [i64; 7] = [1300, 1080, 1010, 970, 840, 40, 30];
/// When people call: hours of the day by weight.
const CALLS: [(i64, i64); 9] =
    [(4, 7), (16, 8), (19, 9), (15, 10), (9, 11), (12, 12), (12, 13), (9, 14), (5, 15)];
/// When people write: at any hour.
const LETTERS: [(i64, i64); 16] = [
    (1, 0),
    (1, 5),
    (3, 6),
    (9, 7),
    (14, 8),
    (13, 9),
    (11, 10),
    (8, 11),
    (9, 12),
    (10, 13),
    (8, 14),
    (6, 15),
    (3, 16),
    (2, 18),
    (2, 20),
    (1, 22),
];

/// The desk of a seed.
pub(crate) fn desk(seed: u64) -> Desk {
    let (mut random, mut desk) = (Random::new(seed), Desk::default());
    let mut events: Vec<(i64, &'static str)> = Vec::new();
    for day in 0..273 {
        let (month, _) = clock::month(day);
        let weekday = usize::try_from(clock::weekday(day)).expect("a weekday");
        let open = clock::is_open(day);
        let busy = MONTHS[month] * WEEKDAYS[weekday] / 1000;
        // Calls only come when the desk is open; letters come on days off too, fewer.
        // Both are hundredths.
        let calls = if open { busy * 152 / 100 } else { 0 };
        let letters = if open { busy * 54 / 100 } else { 40 + busy * 3 / 100 };
        for _ in 0..spread(&mut random, calls) {
            let channel = random.pick(&[(82, "phone"), (18, "chat")]);
            events.push((moment(&mut random, day, &CALLS), channel));
        }
        for _ in 0..spread(&mut random, letters) {
            let channel = random.pick(&[(42, "email"), (52, "portal"), (6, "walk-in")]);
            let hours: &[_] = if channel == "walk-in" { &CALLS } else { &LETTERS };
            events.push((moment(&mut random, day, hours), channel));
        }
    }
    events.sort_unstable();
    for (at, channel) in events {
        desk.receive(&mut random, at, channel);
    }
    desk
}

/// A count around an expected one, given in hundredths.
fn spread(random: &mut Random, expected: i64) -> i64 {
    let scaled = expected * random.between(&[550, 820, 960, 1040, 1200, 1600]) / 1000;
    scaled / 100 + i64::from(random.below(100) < scaled % 100)
}

fn moment(random: &mut Random, day: i64, hours: &[(i64, i64)]) -> i64 {
    let hour = random.pick(hours);
    clock::instant(day * DAY + hour * 3600 + random.below(3600))
}

impl Desk {
    fn receive(&mut self, random: &mut Random, at: i64, channel: &'static str) {
        let ticket = Some(self.tickets.len());
        match channel {
            "phone" | "chat" => {
                let mut contact = call(random, at, channel);
                let answered = contact.outcome == "AGENT";
                if answered && random.permille(400) {
                    contact.ticket = ticket;
                    let opened =
                        contact.answered.unwrap_or(at) + random.between(&[10, 60, 120]);
                    let mut ticket = ticket_of(random, opened, channel, contact.person);
                    ticket.settle(&contact);
                    self.tickets.push(ticket);
                } else if answered && random.permille(450) && !self.tickets.is_empty() {
                    // A question about something that is already known.
                    let back = random
                        .below(40)
                        .min(i64::try_from(self.tickets.len()).expect("few") - 1);
                    let back = usize::try_from(back).expect("a place");
                    contact.ticket = Some(self.tickets.len() - 1 - back);
                }
                self.contacts.push(contact);
            }
            _ => {
                let person = random.pick(&AGENTS);
                // A mail becomes a ticket within a minute.
                let delay = if channel == "email" { random.below(60) } else { 0 };
                self.tickets.push(ticket_of(random, at + delay, channel, person));
            }
        }
    }
}

/// What becomes of a call or chat.
fn call(random: &mut Random, arrived: i64, channel: &'static str) -> Contact {
    let time = clock::wall(arrived).rem_euclid(DAY);
    let queue = random.pick(&[(80, "desk"), (14, "apps"), (6, "vip")]);
    let mut contact = Contact {
        channel,
        queue,
        arrived,
        answered: None,
        ended: arrived,
        outcome: "AGENT",
        waited: 0,
        talk: 0,
        hold: 0,
        wrap: 0,
        person: "",
        ticket: None,
    };
    if !(OPENS..CLOSES).contains(&time) {
        contact.outcome = "CLOSED";
        contact.ended += random.between(&[4, 9, 20]);
        return contact;
    }
    if channel == "phone" && random.permille(35) {
        contact.outcome = "IVR";
        contact.ended += random.between(&[2, 8, 25]);
        return contact;
    }
    // The morning of a Monday waits longest.
    let monday = clock::weekday(clock::wall(arrived).div_euclid(DAY)) == 0;
    let rush = if monday && time < 11 * 3600 { 18 } else { 10 };
    contact.waited =
        random.between(&[0, 2, 4, 6, 9, 13, 19, 31, 58, 120, 420]) * rush / 10;
    let patience = random.between(&[3, 25, 60, 100, 160, 240, 400, 700, 1200]);
    if patience < contact.waited {
        contact.waited = patience;
        contact.ended += patience;
        contact.outcome = if random.permille(120) { "CALLBACK" } else { "HANG" };
        return contact;
    }
    let answered = arrived + contact.waited;
    contact.talk = random.between(&[15, 70, 130, 190, 260, 360, 540, 900, 2400]);
    contact.hold =
        if random.permille(220) { random.between(&[5, 30, 90, 300]) } else { 0 };
    contact.wrap = random.between(&[0, 10, 25, 45, 80, 200]);
    contact.ended = answered + contact.talk + contact.hold;
    contact.answered = Some(answered);
    contact.person = if random.permille(12) { "" } else { random.pick(&AGENTS) };
    contact
}

fn ticket_of(
    random: &mut Random,
    opened: i64,
    channel: &'static str,
    person: &'static str,
) -> Ticket {
    let kind = random.pick(&[(62, "Incident"), (38, "Request")]);
    let priority = random.pick(&[(2, "1"), (11, "2"), (61, "3"), (25, "4"), (1, "")]);
    let reassigned = random.pick(&[(66, 0), (20, 1), (9, 2), (3, 3), (2, 5)]);
    let mut ticket = Ticket {
        opened,
        kind,
        priority,
        channel,
        category: random.pick(&CATEGORIES),
        group: "Service desk",
        status: "New",
        validity: random.pick(&[
            (965, "valid"),
            (18, "spam"),
            (12, "duplicate"),
            (5, "test"),
        ]),
        responded: None,
        resolved: None,
        closed: None,
        cancelled: None,
        reopened: 0,
        reassigned,
        handler: if random.permille(15) { "" } else { person },
        handled: None,
        in_time: None,
        score: None,
    };
    if reassigned > 0 {
        ticket.group = random.pick(&[
            (4, "Workplace"),
            (3, "Applications"),
            (2, "Network"),
            (1, "Vendor"),
        ]);
    }
    ticket.live(random);
    ticket
}

impl Ticket {
    /// What happens to it, as far as the end of September.
    fn live(&mut self, random: &mut Random) {
        let spoken = ["phone", "chat", "walk-in"].contains(&self.channel);
        let answer =
            if spoken { 0 } else { random.between(&[2, 12, 30, 70, 150, 400]) * 60 };
        let responded = clock::worked(self.opened, answer).max(self.opened);
        let (work, within) = self.effort(random);
        let resolved = match self.priority {
            "1" => self.opened + work * 60,
            _ => clock::worked(self.opened, work * 60).max(responded + 60),
        };
        // Sometimes the tool loses when somebody answered.
        let noted = !random.permille(20);
        self.responded = Some(responded).filter(|at| noted && *at < END);
        if random.permille(22) || self.validity != "valid" {
            let cancelled =
                clock::worked(self.opened, random.between(&[5, 60, 400]) * 60);
            self.cancelled = Some(cancelled).filter(|at| *at < END);
            // The tool closes in the same moment what is withdrawn.
            self.closed = self.cancelled;
            // What is withdrawn before it is read is not answered.
            self.responded = self.responded.filter(|at| *at <= cancelled);
            self.status = if self.cancelled.is_some() { "Cancelled" } else { "New" };
            return;
        }
        self.reopened = random.pick(&[(925, 0), (63, 1), (10, 2), (2, 3)]);
        let again = random.between(&[60, 300, 900, 2400]) * 60 * self.reopened;
        let resolved = clock::worked(resolved, again).max(resolved);
        if resolved >= END {
            self.reopened = 0;
            let waiting = random.pick(&[
                (5, "Awaiting User"),
                (3, "Awaiting Vendor"),
                (12, "Work in Progress"),
            ]);
            self.status = if responded < END { waiting } else { "New" };
            return;
        }
        self.resolved = Some(resolved);
        self.in_time = Some(work <= within && self.reopened == 0);
        self.handled =
            Some(random.between(&[3, 8, 14, 22, 40, 90, 300])).filter(|_| noted);
        self.finish(random, resolved);
    }

    /// What is easy is often solved while the caller is still there.
    fn settle(&mut self, contact: &Contact) {
        let there = contact.ended - contact.ended.rem_euclid(60);
        let day = clock::wall(self.opened).div_euclid(DAY);
        let easy = self.reassigned == 0
            && self.reopened == 0
            && is_duty(self.category, day)
            && contact.talk % 10 < 9;
        let in_time = there.div_euclid(60) > self.opened.div_euclid(60);
        let later = self.resolved.filter(|at| easy && in_time && *at > there);
        if let Some(later) = later {
            self.resolved = Some(there);
            self.closed = self.closed.map(|at| at - (later - there));
        }
    }

    /// Three days after it was resolved a ticket is closed, and some are rated.
    fn finish(&mut self, random: &mut Random, resolved: i64) {
        self.status = "Resolved";
        let closed = resolved + 3 * DAY + random.below(3600);
        if closed < END {
            self.closed = Some(closed);
            self.status = "Closed";
        }
        if random.permille(190) {
            let pleased: &[_] = if self.in_time == Some(true) {
                &[(3, 1), (6, 2), (35, 3), (56, 4)]
            } else {
                &[(18, 1), (27, 2), (37, 3), (18, 4)]
            };
            self.score = Some(random.pick(pleased));
        }
    }

    /// Minutes of working time until it is resolved, and how many were agreed.
    fn effort(&self, random: &mut Random) -> (i64, i64) {
        if self.reassigned == 0 && random.permille(640) {
            // Settled while the user is still there, or soon after.
            let minutes = random.between(&[2, 5, 9, 15, 30, 55]);
            return (minutes, 240);
        }
        let (quantiles, within): (&[i64], i64) = match self.priority {
            "1" => (&[12, 35, 60, 95, 150, 235, 330, 700], 240),
            "2" => (&[20, 70, 140, 230, 340, 460, 700, 1900], 480),
            "3" => (&[25, 120, 300, 560, 900, 1300, 2100, 6000], 1440),
            _ => (&[40, 300, 700, 1100, 1700, 2500, 4200, 12_000], 2880),
        };
        (random.between(quantiles) * (4 + self.reassigned) / 4, within)
    }
}

/// Whether an instant lies in the time the export covers.
pub(crate) fn covered(instant: i64) -> bool {
    (START..END).contains(&instant)
}
