//! What lies beside tickets and contacts: audits, outages, advice, help without a ticket.

use super::clock::{self, DAY, END, START};
use super::desk::Ticket;
use super::random::Random;
use super::sheet::Sheet;

/// What an outage of each service takes of the working time of those it touches, in
/// hundredths, by agreement; the second mail factor holds from July.
const IMPACTS: [(&str, &str, i64, &str, &str); 8] = [
    ("email", "down", 20, "2025-01-01", "2026-07-01"),
    ("email", "down", 15, "2026-07-01", ""),
    ("email", "slow", 5, "2025-01-01", ""),
    ("network", "down", 80, "2025-01-01", ""),
    ("network", "slow", 25, "2025-01-01", ""),
    ("printing", "down", 3, "2025-01-01", ""),
    ("applications", "down", 60, "2025-01-01", ""),
    ("applications", "slow", 15, "2025-01-01", ""),
];

/// The agreed impact factors.
pub(crate) fn impacts() -> String {
    let mut sheet = Sheet::new(",", "Service,Code,Factor,From,Until");
    for (service, code, hundredths, from, until) in IMPACTS {
        let factor = format!("0.{hundredths:02}");
        sheet.line([service, code, &factor, from, until]);
    }
    sheet.finish()
}

/// Outages. Some have no code yet, and `phone` has no agreed factor at all.
pub(crate) fn outages(random: &mut Random) -> String {
    let headings = "Outage,Customer,Service,Impact,Began,Over,Users";
    let mut sheet = Sheet::new(",", headings);
    let mut began = START + 9 * DAY;
    for number in 1..=26 {
        began += random.between(&[1, 5, 9, 13, 22]) * DAY + random.below(20 * 3600);
        if began >= END {
            break;
        }
        let service = random.pick(&[
            (5, "email"),
            (5, "network"),
            (4, "applications"),
            (2, "printing"),
            (1, "phone"),
        ]);
        let code = match service {
            "printing" | "phone" => "down",
            _ => random.pick(&[(5, "down"), (5, "slow")]),
        };
        let code = if random.permille(90) { "" } else { code };
        let lasted = random.between(&[5, 15, 40, 90, 200, 600]) * 60;
        let (customer, most) = random.pick(&[
            (5, ("Works", 140)),
            (3, ("Harbour", 90)),
            (2, ("Offices", 74)),
        ]);
        let users = random.between(&[most / 8, most / 3, most]);
        let over = Some(began + lasted).filter(|at| *at < END);
        sheet.line([
            &format!("O{number:03}"),
            customer,
            service,
            code,
            &clock::written(began, false),
            &over.map(|at| clock::written(at, false)).unwrap_or_default(),
            &users.to_string(),
        ]);
    }
    sheet.finish()
}

/// Tickets looked at again: a few of those closed each week.
pub(crate) fn audits(random: &mut Random, tickets: &[Ticket]) -> String {
    let headings =
        "Audit,Ticket,When,Auditor,Readable,Passed,Category,Type,Priority,Retired";
    let mut sheet = Sheet::new(",", headings);
    let mut number = 0;
    for (place, ticket) in tickets.iter().enumerate() {
        let Some(closed) = ticket.closed.filter(|_| ticket.cancelled.is_none()) else {
            continue;
        };
        let at = clock::worked(closed, random.below(40 * 3600));
        if !random.permille(150) || at >= END {
            continue;
        }
        number += 1;
        let readable = !random.permille(30);
        let auditor = random.pick(&[(3, "Q01"), (2, "Q02")]);
        let passed = random.permille(if ticket.reopened > 0 { 600 } else { 880 });
        let other = random.pick(&[(1, "applications"), (1, "access"), (1, "network")]);
        let category = if random.permille(930) { ticket.category } else { other };
        let kind = if random.permille(950) { ticket.kind } else { "Request" };
        let priority = if random.permille(940) { ticket.priority } else { "3" };
        let judged = |text: &'static str| if readable { text } else { "" };
        sheet.line([
            &format!("D{number:04}"),
            &format!("T{:05}", place + 10_001),
            &clock::written(at, false),
            auditor,
            if readable { "true" } else { "false" },
            judged(if passed { "true" } else { "false" }),
            judged(category),
            judged(kind),
            judged(priority),
            if ticket.category == "phone" && ticket.opened > START + 212 * DAY {
                "true"
            } else {
                "false"
            },
        ]);
    }
    sheet.finish()
}

/// Advice that saves time from then on; a third has not been confirmed.
pub(crate) fn advice(random: &mut Random) -> String {
    let mut sheet = Sheet::new(";", "Advice;Given;Confirmed;Gain a day min;Spent min");
    for number in 1..=64 {
        let day = random.below(273);
        let at = clock::worked(START + day * DAY, random.below(7 * 3600));
        if at >= END {
            continue;
        }
        let gain = random.between(&[1, 2, 4, 8, 15]);
        let spent = random.between(&[4, 10, 20, 45]);
        let confirmed = random.pick(&[(60, "yes"), (25, "no"), (15, "")]);
        sheet.line([
            &format!("N{number:03}"),
            &clock::written(at, true),
            confirmed,
            &gain.to_string(),
            &spent.to_string(),
        ]);
    }
    sheet.finish()
}

/// Help found without a ticket, as a web server's log of JSON lines.
pub(crate) fn support_events(random: &mut Random) -> String {
    let mut events: Vec<i64> = Vec::new();
    for day in 0..273 {
        let count = if clock::is_open(day) { random.below(9) } else { random.below(3) };
        for _ in 0..count {
            let hour = random.pick(&[(1, 6), (4, 8), (5, 10), (4, 13), (3, 15), (2, 19)]);
            let second = random.below(7200);
            events.push(clock::instant(day * DAY + hour * 3600 + second));
        }
    }
    events.sort_unstable();
    let mut text = String::new();
    for (place, at) in events.iter().enumerate() {
        let kind = random.pick(&[
            (30, "self_service"),
            (34, "portal"),
            (8, "community"),
            (28, "article"),
        ]);
        let bot = random.permille(130);
        let staff = !bot && random.permille(60);
        let solved =
            random.pick(&[(3, ",\"solved\":true"), (1, ",\"solved\":false"), (6, "")]);
        let solved = if bot { "" } else { solved };
        let at = clock::written(*at, true);
        text += &format!(
            "{{\"id\":{},\"kind\":\"{kind}\",\"at\":\"{at}\",\"bot\":{bot},\
             \"staff\":{staff}{solved}}}\n",
            place + 1
        );
    }
    text
}
