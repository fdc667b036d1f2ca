//! The people of the desk: who they are, their hours, what they did, what it cost.

use super::clock::{self, DAY};
use super::desk::{Contact, Ticket};
use super::marks;
use super::random::Random;
use super::sheet::{Sheet, comma};

/// Everybody who was at the desk since 2025: name, first and last day, why they left,
/// the first and last day of 2026 on which they have hours, and minutes a day.
///
/// The nine who take contacts also have other work; here are their hours at the desk.
const PEOPLE: [(&str, &str, &str, &str, i64); 12] = [
    ("A01", "2019-02-04", "", "", 62),
    ("A02", "2020-08-17", "", "", 56),
    ("A03", "2021-01-11", "", "", 52),
    ("A04", "2022-05-02", "", "", 46),
    ("A05", "2022-09-01", "", "", 42),
    ("A06", "2023-03-13", "", "", 36),
    ("A07", "2024-06-03", "", "", 30),
    ("A08", "2024-10-07", "", "", 20),
    ("A09", "2025-01-13", "", "", 14),
    ("A10", "2023-11-06", "2026-02-27", "own_wish", 30),
    ("A11", "2025-06-02", "2026-06-30", "fixed_term_ended", 24),
    ("A12", "2021-04-12", "2025-12-12", "moved_inside", 40),
];

/// The people.
pub(crate) fn people() -> String {
    let mut sheet = Sheet::new(",", "Person,Started,Left,Because");
    for (name, started, left, because, _) in PEOPLE {
        sheet.line([name, started, left, because]);
    }
    sheet.finish()
}

/// `2026-02-27` as a day of the year.
fn day_of(text: &str) -> Option<i64> {
    let rest = text.strip_prefix("2026-")?;
    let (month, date) = rest.split_once('-')?;
    let (month, date): (usize, i64) = (month.parse().ok()?, date.parse().ok()?);
    (0..365).find(|day| clock::month(*day) == (month - 1, date))
}

fn days_first(day: i64) -> String {
    let (month, date) = clock::month(day);
    format!("{date:02}.{:02}.2026", month + 1)
}

/// One row for each person and working day, in hours with a decimal comma.
pub(crate) fn staffing(
    random: &mut Random,
    contacts: &[Contact],
    tickets: &[Ticket],
) -> String {
    let headings = "Person;Day;Paid;Worked;Available;Absent";
    let mut sheet = Sheet::new(";", headings);
    let day = |at: i64| clock::wall(at).div_euclid(DAY);
    for place in (0..273).filter(|day| clock::is_open(*day)) {
        for (name, _, left, _, minutes) in PEOPLE {
            if left.starts_with("2025") || day_of(left).is_some_and(|last| last < place) {
                continue;
            }
            let answered = contacts
                .iter()
                .any(|one| one.person == name && day(one.arrived) == place);
            let opened =
                tickets.iter().any(|one| one.handler == name && day(one.opened) == place);
            let away = random.pick(&[(88, 0), (7, 1), (5, 2)]);
            let hours = |minutes: i64| comma(minutes * 100 / 60);
            let jitter = random.between(&[85, 100, 115]);
            let minutes = minutes * jitter / 100;
            let (paid, worked, absent) = match away {
                // Whoever did something that day was there.
                _ if answered || opened => (minutes + 4, minutes, 0),
                1 => continue,
                2 => (minutes, 0, minutes),
                _ => (minutes + 4, minutes, 0),
            };
            let available = worked * random.between(&[72, 84, 92]) / 100;
            sheet.line([
                name,
                &days_first(place),
                &hours(paid),
                &hours(worked),
                &hours(available),
                &hours(absent),
            ]);
        }
    }
    sheet.finish()
}

/// What people and programs did: answered contacts, solved and closed tickets.
pub(crate) fn work_items(
    random: &mut Random,
    contacts: &[Contact],
    tickets: &[Ticket],
) -> String {
    let mut items: Vec<(i64, &str, &str)> = Vec::new();
    let answered = contacts.iter().filter(|one| !one.person.is_empty());
    items.extend(answered.map(|one| (one.ended + one.wrap, one.person, "human")));
    for ticket in tickets {
        if let Some(resolved) = ticket.resolved.filter(|_| !ticket.handler.is_empty()) {
            items.push((resolved, ticket.handler, "human"));
        }
        if let Some(closed) = ticket.closed.filter(|_| random.permille(120)) {
            items.push((closed, "svc-close", "service"));
        }
        if random.permille(12) {
            items.push((ticket.opened + 900, "audit-view", "observer"));
        }
        // Someone from another team helps once in a while.
        if random.permille(6) {
            let helper = random.pick(&[(1, "B01"), (1, "B02"), (1, "B03")]);
            items.push((ticket.opened + 1800, helper, "human"));
        }
    }
    items.retain(|(at, ..)| super::desk::covered(*at));
    items.sort_unstable();
    let mut sheet = Sheet::new(",", "Item,Person,Done,Account");
    for (place, (at, person, account)) in items.iter().enumerate() {
        let number = format!("W{:05}", place + 1);
        sheet.line([&number, person, &clock::written(*at, true), account]);
    }
    sheet.finish()
}

/// Monthly entries of the books, with the words of a Finnish chart of accounts; the
/// amounts are hundredths of euros around an expected one.
pub(crate) fn costs(random: &mut Random) -> String {
    const KINDS: [(&str, &str, i64); 13] = [
        ("Palkat", "1", 395_000),
        ("Sivukulut", "1", 87_000),
        ("Koulutus", "1", 14_000),
        ("Tilat", "1", 62_000),
        ("Työkalut", "1", 71_000),
        ("Ostopalvelut", "1", 48_000),
        ("Yleiskulut", "1", 33_000),
        ("Palkat", "2", 262_000),
        ("Sivukulut", "2", 58_000),
        ("Työkalut", "2", 22_000),
        ("Palkat", "3", 148_000),
        ("Sivukulut", "3", 33_000),
        ("Ostopalvelut", "K", 90_000),
    ];
    let mut sheet = Sheet::new(";", "Tosite;Kuukausi;Kustannuslaji;Taso;Euroa");
    let mut number = 500;
    let mut entry = |sheet: &mut Sheet, month: i64, kind: &str, level: &str, sum: i64| {
        number += 1;
        let day = format!("01.{:02}.2026", month + 1);
        sheet.line([&format!("{number}"), &day, kind, level, &comma(sum)]);
    };
    for month in 0..9 {
        for (kind, level, around) in KINDS {
            let amount = around * random.between(&[930, 985, 1000, 1015, 1090]) / 1000;
            entry(&mut sheet, month, kind, level, amount);
        }
        if month == 3 || month == 4 {
            // The new portal was paid for in spring, and the supplier gave some back.
            entry(&mut sheet, month, "Projektit", "1", 480_000);
        }
    }
    sheet.finish()
}

/// Active users of each customer, counted on the first of each month.
pub(crate) fn user_counts(random: &mut Random) -> String {
    let mut sheet = Sheet::new(",", "Customer,Day,Users");
    let mut users = [140, 90, 74];
    for month in 1..=9 {
        for ((_, customer), users) in marks::CUSTOMERS.iter().zip(&mut users) {
            *users += random.below(6) - 2;
            let day = format!("2026-{month:02}-01");
            sheet.line([customer, &day, &users.to_string()]);
        }
    }
    sheet.finish()
}
