//! What the cards of these tests say, computed from one row after the other by code that
//! knows no batch, mask or group.

use std::collections::{BTreeMap, BTreeSet};

use super::tickets::{DAY, START, Ticket};

/// The months there are results of, and how many days after the start they end; the last
/// ends with the moment of evaluation.
pub(crate) const MONTHS: [(&str, i64); 7] = [
    ("2025-01", 31),
    ("2025-02", 59),
    ("2025-03", 90),
    ("2025-04", 120),
    ("2025-05", 151),
    ("2025-06", 181),
    ("2025-07", AS_OF),
];
/// The moment of evaluation, in days after the start.
pub(crate) const AS_OF: i64 = 200;

/// Where a row goes: before it counts it may be left out by one of two rules, and it may be
/// unknown whether it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Outside,
    Undecided,
    Taken(usize),
    Counted,
}

/// A row in a month, where it goes, and the rules of which that is unknown.
pub(crate) type Seen<'a> = (&'a Ticket, Fate, [bool; 2]);

/// Where the rows of a month and segment go.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) outside: i64,
    pub(crate) undecided: i64,
    pub(crate) taken: [i64; 2],
    pub(crate) unsure: [i64; 2],
    pub(crate) counted: i64,
}

impl Account {
    /// The account of some rows.
    pub(crate) fn of(rows: &[Seen<'_>]) -> Self {
        let mut account = Self::default();
        for (_, fate, unsure) in rows {
            match fate {
                Fate::Outside => account.outside += 1,
                Fate::Undecided => account.undecided += 1,
                Fate::Taken(rule) => account.taken[*rule] += 1,
                Fate::Counted => account.counted += 1,
            }
            for (sum, own) in account.unsure.iter_mut().zip(unsure) {
                *sum += i64::from(*own);
            }
        }
        account
    }
}

/// The end of a month in seconds.
fn end(month: usize) -> i64 {
    START + MONTHS[month].1 * DAY
}

/// The month an instant lies in.
fn month_of(instant: i64) -> Option<usize> {
    (START..end(MONTHS.len() - 1))
        .contains(&instant)
        .then(|| (0..MONTHS.len()).find(|month| instant < end(*month)))?
}

/// The rows of a month as a card sees them.
pub(crate) fn month<'a>(
    card: &str,
    month: usize,
    tickets: &'a [Ticket],
) -> Vec<Seen<'a>> {
    let end = end(month);
    let is_in = |ticket: &&Ticket| match card {
        "stock" => {
            ticket.opened.is_some_and(|opened| opened < end)
                && ticket.resolved.is_none_or(|resolved| resolved >= end)
        }
        "last" => ticket.resolved.and_then(month_of) == Some(month),
        _ => ticket.opened.and_then(month_of) == Some(month),
    };
    let rows: Vec<&Ticket> = tickets.iter().filter(is_in).collect();
    let mut seen: Vec<Seen<'_>> = rows.iter().map(|row| fate(card, row)).collect();
    if card == "last" {
        keep_last(&mut seen);
    }
    seen
}

/// And of three truth values.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// Where a row goes as far as it shows by itself.
fn fate<'a>(card: &str, row: &'a Ticket) -> Seen<'a> {
    let mut unsure = [false; 2];
    let urgent = and(row.priority.map(|p| p == "P1"), row.solved);
    let slow = row.waited.map(|waited| waited > 3_000);
    let (about, rules) = match card {
        "dated" => (row.users.map(|users| users < 90.0), vec![urgent, slow]),
        "stock" => (row.users.map(|users| users < 90.0), vec![urgent]),
        "last" => (Some(true), vec![urgent]),
        _ => (Some(true), vec![slow]),
    };
    match about {
        Some(true) => {}
        Some(false) => return (row, Fate::Outside, unsure),
        None => return (row, Fate::Undecided, unsure),
    }
    for (place, rule) in rules.into_iter().enumerate() {
        match rule {
            Some(true) => return (row, Fate::Taken(place), unsure),
            Some(false) => {}
            None => unsure[place] = true,
        }
    }
    (row, Fate::Counted, unsure)
}

/// Of the rows of each agent only the one that is resolved last counts.
fn keep_last(rows: &mut [Seen<'_>]) {
    let mut last: BTreeMap<String, usize> = BTreeMap::new();
    for place in 0..rows.len() {
        let (ticket, Fate::Counted, _) = rows[place] else { continue };
        let Some(agent) = ticket.agent.clone() else { continue };
        let Some(before) = last.insert(agent.clone(), place) else { continue };
        // What is resolved at the same moment goes to the later line.
        if ticket.resolved < rows[before].0.resolved {
            last.insert(agent, before);
            rows[place].1 = Fate::Taken(1);
        } else {
            rows[before].1 = Fate::Taken(1);
        }
    }
}

/// What is expected of a formula: its value and the rows it has none of.
#[derive(Debug, PartialEq)]
pub(crate) struct Expected {
    pub(crate) value: Option<f64>,
    pub(crate) missing: u64,
}

/// The values of some rows, and how many have none.
fn known<T>(rows: &[&Ticket], value: impl Fn(&Ticket) -> Option<T>) -> (Vec<T>, u64) {
    let values: Vec<T> = rows.iter().filter_map(|row| value(row)).collect();
    let missing = rows.len() - values.len();
    (values, missing as u64)
}

pub(crate) fn quotient(above: usize, below: usize) -> Option<f64> {
    (below > 0).then(|| above as f64 / below as f64)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The percentile of type 7 of a share in hundredths.
fn percentile(mut values: Vec<f64>, hundredths: usize) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let scaled = values.len().checked_sub(1)? * hundredths;
    let (low, rest) = (values[scaled / 100], (scaled % 100) as f64 / 100.0);
    let next = values.get(scaled / 100 + 1).copied().unwrap_or(low);
    Some(low + (next - low) * rest)
}

fn nearest_rank(mut values: Vec<f64>, hundredths: usize) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let rank = (values.len() * hundredths).div_ceil(100);
    rank.checked_sub(1).map(|place| values[place])
}

fn spread(values: &[f64]) -> Option<f64> {
    let middle = mean(values)?;
    let squares: f64 = values.iter().map(|own| (own - middle).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

fn different(agents: Vec<String>) -> f64 {
    agents.into_iter().collect::<BTreeSet<_>>().len() as f64
}

/// The value of a formula over the rows that count in a month.
pub(crate) fn formula(name: &str, rows: &[&Ticket], month: usize) -> Expected {
    let solved: Vec<&Ticket> =
        rows.iter().filter(|row| row.solved == Some(true)).copied().collect();
    let quick: Vec<&Ticket> =
        rows.iter().filter(|row| row.waited.is_some_and(|w| w <= 600)).copied().collect();
    let waits = |rows: &[&Ticket]| known(rows, |row| row.waited.map(|w| w as f64));
    let agents = |rows: &[&Ticket]| known(rows, |row| row.agent.clone());
    let (users, no_users) = known(rows, |row| row.users);
    let ((all, no_wait), (of_solved, no_wait_of_solved)) = (waits(rows), waits(&solved));
    let fold =
        |of: fn(f64, f64) -> f64, values: &[f64]| values.iter().copied().reduce(of);
    let (value, missing) = match name {
        "rows" => (Some(rows.len() as f64), 0),
        "quick" => (Some(quick.len() as f64), 0),
        "share" => (quotient(solved.len(), rows.len()), 0),
        "share_of_quick" => {
            let both = quick.iter().filter(|row| row.solved == Some(true)).count();
            (quotient(both, quick.len()), 0)
        }
        "mean" => (mean(&all), no_wait),
        "mean_of_solved" => (mean(&of_solved), no_wait_of_solved),
        "median" => (percentile(all, 50), no_wait),
        "p90" => (percentile(all, 90), no_wait),
        "rank" => (nearest_rank(all, 80), no_wait),
        "longest" => (fold(f64::max, &all), no_wait),
        "sum" => (fold(|a, b| a + b, &users), no_users),
        "least" => (fold(f64::min, &users), no_users),
        "spread" => (spread(&users), no_users),
        "users" => (mean(&users), no_users),
        "agents" => (Some(different(agents(rows).0)), agents(rows).1),
        "agents_solving" => (Some(different(agents(&solved).0)), agents(&solved).1),
        "ratio" => {
            let waiting = rows.iter().filter(|row| row.waited.is_some_and(|w| w > 600));
            (quotient(solved.len(), waiting.count()), 0)
        }
        "age" => {
            let age =
                |row: &Ticket| row.opened.map(|opened| (end(month) - opened) as f64);
            let (ages, missing) = known(rows, age);
            (percentile(ages, 50), missing)
        }
        other => unreachable!("no formula is called {other}"),
    };
    Expected { value, missing }
}

/// The share of each priority among those that are known.
pub(crate) fn part(part: &str, rows: &[&Ticket]) -> Expected {
    let (known, missing) = known(rows, |row| row.priority);
    let own = known.iter().filter(|own| **own == part).count();
    Expected { value: quotient(own, known.len()), missing }
}

/// The value of a formula over what each agent has; rows without one are nobody's.
pub(crate) fn per(name: &str, rows: &[&Ticket]) -> Expected {
    let mut agents: BTreeMap<&str, Vec<&Ticket>> = BTreeMap::new();
    for row in rows {
        if let Some(agent) = &row.agent {
            agents.entry(agent).or_default().push(*row);
        }
    }
    let own = || agents.values();
    let counts = || own().map(Vec::len);
    let value = match name {
        "mean_of_counts" => mean(&counts().map(|n| n as f64).collect::<Vec<_>>()),
        "busy" => Some(counts().filter(|n| *n >= 3).count() as f64),
        "most" => own()
            .filter_map(|rows| mean(&known(rows, |row| row.waited.map(|w| w as f64)).0))
            .reduce(f64::max),
        "middle" => {
            let sums = own().map(|rows| known(rows, |row| row.users).0);
            let sums = sums.filter(|users| !users.is_empty());
            percentile(sums.map(|users| users.iter().sum()).collect(), 50)
        }
        _ => {
            let solved = |rows: &&Vec<&Ticket>| {
                rows.iter().filter(|row| row.solved == Some(true)).count() >= 2
            };
            quotient(own().filter(solved).count(), agents.len())
        }
    };
    Expected { value, missing: 0 }
}
