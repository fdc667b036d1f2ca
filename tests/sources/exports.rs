//! The desk as six systems export it, each in its own form.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::clock::{self, DAY, START};
use super::desk::{Ticket, end};

/// All files, by their paths below `tests/sources`.
pub(crate) fn files(desk: &[Ticket]) -> Vec<(&'static str, String)> {
    let lines = |kept: &[&str], one: fn(&Ticket) -> Value| -> String {
        let shown = desk.iter().filter(|ticket| kept.contains(&ticket.kept));
        let lines: Vec<String> = shown.map(|ticket| one(ticket).to_string()).collect();
        lines.join("\n") + "\n"
    };
    // What a system cannot mark is deleted in it.
    let (all, no_spam) = (&["valid", "spam", "duplicate"], &["valid", "duplicate"]);
    let no_duplicates = &["valid", "spam"];
    vec![
        ("servicenow/incident.csv", servicenow(desk, &ENGLISH)),
        ("servicenow/incident-fi.csv", servicenow(desk, &FINNISH)),
        ("servicenow/incident-sv.csv", servicenow(desk, &SWEDISH)),
        ("servicenow/incident_metric.csv", servicenow_states(desk)),
        ("jira/jira-issues.ndjson", lines(all, jira)),
        ("zendesk/zendesk-tickets.ndjson", lines(&["valid"], zendesk)),
        ("freshservice/freshservice-tickets.ndjson", lines(no_duplicates, freshservice)),
        ("glpi/glpi_tickets.tsv", glpi(desk)),
        ("zammad/zammad-tickets.ndjson", lines(no_spam, zammad)),
    ]
}

/// `2026-01-31T06:15:42Z`.
fn utc(instant: i64) -> String {
    written(instant - START - 7200) + "Z"
}

/// `2026-01-31T08:15:42.000+0200`, by the clocks of Helsinki.
fn with_offset(instant: i64) -> String {
    let wall = clock::wall(instant);
    let hours = (wall - (instant - START - 7200)) / 3600;
    format!("{}.000+0{hours}00", written(wall))
}

/// `2026-01-31T08:15:42` of seconds since the year began.
fn written(seconds: i64) -> String {
    let (month, day) = clock::month(seconds.div_euclid(DAY));
    let time = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    format!("2026-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", month + 1)
}

/// `2026-01-31 08:15:42`, by the clocks of Helsinki and naming no zone.
fn naive(instant: i64) -> String {
    clock::written(instant, true)
}

fn maybe(instant: Option<i64>, form: fn(i64) -> String) -> Value {
    instant.map_or(Value::Null, |instant| Value::from(form(instant)))
}

/// The words of one language in which a list is shown.
struct Words {
    states: [(&'static str, &'static str); 5],
    priorities: [&'static str; 4],
    channels: [(&'static str, &'static str); 3],
}

const ENGLISH: Words = Words {
    states: [
        ("new", "New"),
        ("in_progress", "In Progress"),
        ("pending_customer", "On Hold"),
        ("resolved", "Resolved"),
        ("closed", "Closed"),
    ],
    priorities: ["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"],
    channels: [("phone", "Phone"), ("email", "Email"), ("portal", "Self-service")],
};

const FINNISH: Words = Words {
    states: [
        ("new", "Uusi"),
        ("in_progress", "Käsittelyssä"),
        ("pending_customer", "Odottaa"),
        ("resolved", "Ratkaistu"),
        ("closed", "Suljettu"),
    ],
    priorities: ["1 - Kriittinen", "2 - Korkea", "3 - Kohtalainen", "4 - Matala"],
    channels: [("phone", "Puhelin"), ("email", "Sähköposti"), ("portal", "Itsepalvelu")],
};

const SWEDISH: Words = Words {
    states: [
        ("new", "Ny"),
        ("in_progress", "Pågår"),
        ("pending_customer", "Väntar"),
        ("resolved", "Löst"),
        ("closed", "Stängd"),
    ],
    priorities: ["1 - Kritisk", "2 - Hög", "3 - Måttlig", "4 - Låg"],
    channels: [("phone", "Telefon"), ("email", "E-post"), ("portal", "Självbetjäning")],
};

fn word(words: &[(&'static str, &'static str)], ours: &str) -> &'static str {
    let found = words.iter().find(|(one, _)| *one == ours);
    found.expect("a word for each value").1
}

/// The incident list: names of columns, display values, every field in quotes. What was
/// spam or a duplicate is deleted in this instance, and requests are another table.
fn servicenow(desk: &[Ticket], words: &Words) -> String {
    let mut text = "\"number\",\"opened_at\",\"priority\",\"contact_type\",\"category\",\
                    \"state\",\"assignment_group\",\"assigned_to\",\"resolved_at\",\
                    \"closed_at\",\"reopen_count\",\"reassignment_count\",\"made_sla\"\n"
        .to_owned();
    for ticket in incidents(desk) {
        let at = |instant: Option<i64>| instant.map(naive).unwrap_or_default();
        let cells = [
            format!("INC{:07}", ticket.number),
            naive(ticket.opened),
            words.priorities[usize::from(ticket.priority) - 1].to_owned(),
            word(&words.channels, ticket.channel).to_owned(),
            ticket.category.to_owned(),
            word(&words.states, ticket.status).to_owned(),
            ticket.group.to_owned(),
            ticket.handler.to_owned(),
            at(ticket.resolved),
            at(ticket.closed),
            ticket.reopened.to_string(),
            ticket.reassigned.to_string(),
            ticket.in_time.to_string(),
        ];
        writeln!(text, "\"{}\"", cells.join("\",\"")).expect("text");
    }
    text
}

/// The view that joins incidents with the time in each of their states.
fn servicenow_states(desk: &[Ticket]) -> String {
    let mut text =
        "\"inc_number\",\"mi_field\",\"mi_value\",\"mi_start\",\"mi_end\"\n".to_owned();
    for ticket in incidents(desk) {
        for state in &ticket.states {
            let cells = [
                format!("INC{:07}", ticket.number),
                "incident_state".to_owned(),
                word(&ENGLISH.states, state.status).to_owned(),
                naive(state.started),
                state.ended.map(naive).unwrap_or_default(),
            ];
            writeln!(text, "\"{}\"", cells.join("\",\"")).expect("text");
        }
    }
    text
}

fn incidents(desk: &[Ticket]) -> impl Iterator<Item = &Ticket> {
    desk.iter().filter(|ticket| ticket.kind == "incident" && ticket.kept == "valid")
}

/// An issue of the REST search, one a line; its changelog is left out, as by default.
fn jira(ticket: &Ticket) -> Value {
    let kind = if ticket.kind == "incident" { "Incident" } else { "Service request" };
    let status = match ticket.status {
        "new" => "Waiting for support",
        "in_progress" => "Work in progress",
        "pending_customer" => "Waiting for customer",
        "resolved" => "Resolved",
        _ => "Closed",
    };
    let resolution = match ticket.kept {
        "duplicate" => Some("Duplicate"),
        "spam" => Some("Spam"),
        _ => ticket.resolved.map(|_| "Done"),
    };
    let priority = ["Highest", "High", "Medium", "Low"][usize::from(ticket.priority) - 1];
    json!({
        "id": (10_000 + ticket.number).to_string(),
        "key": format!("SD-{}", ticket.number),
        "fields": {
            "issuetype": { "name": kind },
            "status": { "name": status, "statusCategory": { "key": "indeterminate" } },
            "priority": { "name": priority },
            "resolution": resolution.map(|name| json!({ "name": name })),
            "assignee": { "displayName": ticket.handler },
            "components": [{ "name": ticket.category }],
            "created": with_offset(ticket.opened),
            "resolutiondate": maybe(ticket.resolved, with_offset),
            "timespent": ticket.worked,
        },
    })
}

/// A ticket with its metric set, one a line; times in its metrics are whole minutes.
fn zendesk(ticket: &Ticket) -> Value {
    let kind = if ticket.kind == "incident" { "incident" } else { "question" };
    let status = match ticket.status {
        "in_progress" => "open",
        "pending_customer" => "pending",
        "resolved" => "solved",
        same => same,
    };
    let channel = match ticket.channel {
        "phone" => "voice",
        "portal" => "web",
        same => same,
    };
    let priority = ["urgent", "high", "normal", "low"][usize::from(ticket.priority) - 1];
    let minutes = ticket.responded.map(|at| (at - ticket.opened) / 60);
    json!({
        "id": ticket.number,
        "type": kind,
        "status": status,
        "priority": priority,
        "via": { "channel": channel },
        "group_id": number_of(ticket.group),
        "assignee_id": number_of(ticket.handler),
        "tags": ["spring"],
        "created_at": utc(ticket.opened),
        "updated_at": utc(ticket.states.last().map_or(ticket.opened, |last| last.started)),
        "custom_fields": [{ "id": 36_000, "value": ticket.category }],
        "metric_set": {
            "solved_at": maybe(ticket.resolved, utc),
            "reopens": ticket.reopened,
            "group_stations": ticket.reassigned + 1,
            "reply_time_in_minutes": { "calendar": minutes, "business": minutes },
        },
    })
}

/// A ticket with its stats, one a line; codes for words, and 0 for a time not yet known.
fn freshservice(ticket: &Ticket) -> Value {
    let kind = if ticket.kind == "incident" { "Incident" } else { "Service Request" };
    let status = match ticket.status {
        "new" | "in_progress" => 2,
        "pending_customer" => 3,
        "resolved" => 4,
        _ => 5,
    };
    let source = match ticket.channel {
        "email" => 1,
        "portal" => 2,
        _ => 3,
    };
    let seconds = ticket.resolved.map_or(0, |resolved| resolved - ticket.opened);
    json!({
        "id": ticket.number,
        "type": kind,
        "status": status,
        "priority": 5 - ticket.priority,
        "source": source,
        "category": ticket.category,
        "group_id": number_of(ticket.group),
        "responder_id": number_of(ticket.handler),
        "spam": ticket.kept == "spam",
        "deleted": false,
        "is_escalated": !ticket.in_time,
        "due_by": utc(ticket.promised),
        "created_at": utc(ticket.opened),
        "stats": {
            "first_responded_at": maybe(ticket.responded, utc),
            "resolved_at": maybe(ticket.resolved, utc),
            "closed_at": maybe(ticket.closed, utc),
            "first_assigned_at": null,
            "resolution_time_in_secs": seconds,
        },
    })
}

/// The table of tickets as `mysql --batch` prints a query: tabs, and NULL for nothing.
/// What was spam or a duplicate lies in the bin and is not asked for.
fn glpi(desk: &[Ticket]) -> String {
    let mut text = "id\ttype\tstatus\tpriority\trequesttypes_id\tcategory\tgroup_name\t\
                    technician\tdate\tsolvedate\tclosedate\ttime_to_resolve\t\
                    takeintoaccount_delay_stat\tsolve_delay_stat\tactiontime\n"
        .to_owned();
    for ticket in desk.iter().filter(|ticket| ticket.kept == "valid") {
        let at = |instant: Option<i64>| instant.map_or("NULL".to_owned(), naive);
        let status = match ticket.status {
            "new" => 1,
            "in_progress" => 2,
            "pending_customer" => 4,
            "resolved" => 5,
            _ => 6,
        };
        let way = match ticket.channel {
            "portal" => 1,
            "email" => 2,
            _ => 3,
        };
        let since = |at: Option<i64>| at.map_or(0, |at| at - ticket.opened);
        let cells = [
            ticket.number.to_string(),
            u8::from(ticket.kind == "request").saturating_add(1).to_string(),
            status.to_string(),
            (6 - ticket.priority).to_string(),
            way.to_string(),
            ticket.category.to_owned(),
            ticket.group.to_owned(),
            ticket.handler.to_owned(),
            naive(ticket.opened),
            at(ticket.resolved),
            at(ticket.closed),
            naive(ticket.promised),
            since(ticket.responded).to_string(),
            since(ticket.resolved).to_string(),
            ticket.worked.to_string(),
        ];
        writeln!(text, "{}", cells.join("\t")).expect("text");
    }
    text
}

/// A ticket of `tickets?expand=true`, one a line. What is solved is closed at once.
fn zammad(ticket: &Ticket) -> Value {
    let state = match (ticket.kept, ticket.status) {
        ("duplicate", _) => "merged",
        (_, "new") => "new",
        (_, "in_progress") => "open",
        (_, "pending_customer") => "pending reminder",
        _ => "closed",
    };
    let way = if ticket.channel == "portal" { "web" } else { ticket.channel };
    let priority = ["3 high", "3 high", "2 normal", "1 low"];
    let at = |instant: i64| utc(instant).replace('Z', ".000Z");
    let maybe = |instant: Option<i64>| instant.map(at);
    let minutes = ticket.responded.map(|responded| (responded - ticket.opened) / 60);
    json!({
        "id": ticket.number,
        "number": (26_000 + ticket.number).to_string(),
        "group": ticket.group,
        "owner": ticket.handler,
        "state": state,
        "priority": priority[usize::from(ticket.priority) - 1],
        "create_article_type": way,
        "created_at": at(ticket.opened),
        "first_response_at": maybe(ticket.responded),
        "first_response_in_min": minutes,
        "close_at": maybe(first_solved(ticket)),
        "last_close_at": maybe(ticket.resolved),
        "close_in_min": null,
        "time_unit": null,
    })
}

/// When it was solved for the first time, if it is solved.
fn first_solved(ticket: &Ticket) -> Option<i64> {
    ticket.resolved?;
    ticket
        .states
        .iter()
        .find(|state| state.status == "resolved")
        .map(|state| state.started)
}

/// A number in place of a name, as the systems that give only those do.
pub(crate) fn number_of(name: &str) -> u64 {
    name.bytes().fold(21_000, |number, byte| number * 3 + u64::from(byte))
}

/// The end of the exports, for the moment they speak of.
pub(crate) fn as_of() -> i64 {
    end() * 1_000_000
}
