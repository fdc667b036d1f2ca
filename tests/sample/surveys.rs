//! Who was asked, and what they answered: after a ticket, in rounds, and the desk's own
//! people.

use super::clock::{self, DAY, END};
use super::desk::Ticket;
use super::marks;
use super::random::Random;
use super::sheet::{Sheet, shown};

/// Rounds of asking: name, first day, how many there were, how many were asked and how
/// many answered. Those of earlier years are there for what is pooled over years.
const WAVES: [(&str, &str, i64, i64, i64); 8] = [
    ("tool-2024", "2024-11-04", 298, 120, 41),
    ("tool-2025", "2025-11-03", 301, 160, 57),
    ("users-2025-autumn", "2025-10-06", 301, 150, 62),
    ("users-2026-spring", "2026-04-13", 304, 304, 121),
    ("tool-2026", "2026-09-07", 305, 150, 44),
    ("work-2026-Q1", "2026-03-16", 11, 11, 8),
    ("work-2026-Q2", "2026-06-08", 10, 10, 4),
    ("work-2026-Q3", "2026-09-14", 9, 9, 7),
];

/// One question to one person.
#[derive(Debug, Clone, Default)]
struct Asked {
    invitation: String,
    ticket: String,
    respondent: String,
    wave: &'static str,
    question: &'static str,
    sent: String,
    state: &'static str,
    answered: String,
    cannot_say: bool,
    score: Option<i64>,
    grade: Option<i64>,
    lost: Option<i64>,
}

/// The rounds.
pub(crate) fn waves() -> String {
    let mut sheet = Sheet::new(",", "Wave,Starts,People,Invited");
    for (name, starts, people, invited, _) in WAVES {
        sheet.line([name, starts, &people.to_string(), &invited.to_string()]);
    }
    sheet.finish()
}

/// Every question of every invitation.
pub(crate) fn surveys(random: &mut Random, tickets: &[Ticket]) -> String {
    let headings = "Invitation,Ticket,Respondent,Round,Question,Sent,Sending,Answered,\
                    Cannot say,Score,Grade,Lost min";
    let mut sheet = Sheet::new(",", headings);
    let mut number = 0;
    for (place, ticket) in tickets.iter().enumerate() {
        let again = ticket.score.is_some() && random.permille(45);
        let asked =
            ticket.resolved.is_some() && (ticket.score.is_some() || random.permille(330));
        let person = format!("U{:03}", random.below(305) + 1);
        for round in 0..i64::from(asked) + i64::from(asked && again) {
            number += 1;
            let invitation = format!("I{number:05}");
            for asked in after(random, ticket, round) {
                let ticket = format!("T{:05}", place + 10_001);
                let (invitation, respondent) = (invitation.clone(), person.clone());
                line(&mut sheet, &Asked { invitation, ticket, respondent, ..asked });
            }
        }
    }
    for (wave, starts, people, invited, answered) in WAVES {
        for place in 0..invited {
            number += 1;
            // Every so many-th of the people; those who answer lie scattered among them.
            let person = place * people / invited + 1;
            let respondent = if wave.starts_with("work") {
                format!("A{person:02}")
            } else {
                format!("U{person:03}")
            };
            let answers = place * answered / invited != (place + 1) * answered / invited;
            let asked = in_round(random, wave, starts, answers);
            line(
                &mut sheet,
                &Asked { invitation: format!("I{number:05}"), respondent, ..asked },
            );
        }
    }
    sheet.finish()
}

fn line(sheet: &mut Sheet, asked: &Asked) {
    sheet.line([
        &asked.invitation,
        &asked.ticket,
        &asked.respondent,
        asked.wave,
        asked.question,
        &asked.sent,
        asked.state,
        &asked.answered,
        if asked.cannot_say { "yes" } else { "" },
        &shown(asked.score),
        &shown(asked.grade),
        &shown(asked.lost),
    ]);
}

/// The four questions after a ticket. A second round for the same ticket is answered a
/// few days later, and says more.
fn after(random: &mut Random, ticket: &Ticket, round: i64) -> [Asked; 4] {
    let sent = ticket.resolved.unwrap_or(END) + 600 + round * 2 * DAY;
    let state = random.pick(&[
        (955, "delivered"),
        (22, "bounced"),
        (18, "opted out"),
        (5, "test"),
    ]);
    let answers = ticket.score.is_some();
    let state = if answers { "delivered" } else { state };
    let answered = sent + random.between(&[300, 3600, 20_000, 90_000, 400_000]);
    let answered = Some(answered).filter(|at| answers && *at < END);
    let overall = ticket.score.map(|score| (score + round).min(4));
    let blank = Asked {
        state,
        sent: if sent < END { clock::written(sent, false) } else { String::new() },
        answered: answered.map(|at| clock::written(at, false)).unwrap_or_default(),
        ..Asked::default()
    };
    let near = |random: &mut Random| {
        let (blank, up) = (random.permille(60), random.pick(&[(5, 0), (3, 1), (1, -1)]));
        overall.map(|score| (score + up).clamp(1, 4)).filter(|_| !blank)
    };
    let (friendly, solved) = (near(random), near(random));
    let cannot_say = random.permille(50) && answered.is_some();
    let lost = random.between(&[0, 5, 15, 30, 60, 180, 900]);
    let open = answered.is_some();
    [
        Asked { question: "overall", score: overall.filter(|_| open), ..blank.clone() },
        Asked { question: "friendly", score: friendly.filter(|_| open), ..blank.clone() },
        Asked {
            question: "solved",
            score: solved.filter(|_| open && !cannot_say),
            cannot_say,
            ..blank.clone()
        },
        Asked { question: "lost_time", lost: Some(lost).filter(|_| open), ..blank },
    ]
}

/// The one question of a round.
fn in_round(
    random: &mut Random,
    wave: &'static str,
    starts: &'static str,
    answers: bool,
) -> Asked {
    let question = match wave.split('-').next() {
        Some("tool") => "tool",
        Some("work") => "work",
        _ => "overall",
    };
    let hour = random.below(8) + 8;
    let later = random.below(9) + 1;
    let day: i64 = starts[8..].parse().expect("a day");
    let answered =
        format!("{}{:02} {hour:02}:{:02}", &starts[..8], day + later, later * 6);
    let grade =
        random.pick(&[(1, 4), (2, 5), (5, 6), (15, 7), (40, 8), (28, 9), (9, 10)]);
    let score = random.pick(&[(1, 1), (3, 2), (8, 3), (5, 4)]);
    let skipped = random.permille(30);
    let work = question == "work";
    Asked {
        wave,
        question,
        sent: format!("{starts} 09:00"),
        state: if answers || random.permille(980) { "delivered" } else { "bounced" },
        answered: if answers { answered } else { String::new() },
        score: Some(score).filter(|_| answers && work),
        grade: Some(grade).filter(|_| answers && !work && !skipped),
        ..Asked::default()
    }
}

/// The list of what the desk is to solve.
pub(crate) fn responsibility() -> String {
    let mut sheet = Sheet::new(";", "Category;Desk solves;From;Until");
    let day = |day: i64| {
        let (month, date) = clock::month(day);
        format!("{date:02}.{:02}.2026", month + 1)
    };
    for (category, from, until, duty) in marks::DUTIES {
        let from = from.map_or("01.01.2025".to_owned(), day);
        let until = until.map(day).unwrap_or_default();
        sheet.line([category, if duty { "yes" } else { "no" }, &from, &until]);
    }
    sheet.finish()
}
