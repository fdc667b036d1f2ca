//! What stands below a scorecard: what its signs mean, where rows went, what is wrong
//! with the data.

use chrono::Datelike as _;
use mittari::table::{AccountReport, Results, Row, RowState, Verdict};
use mittari::zone::{ZoneTable, date_of_day, whole_days};

use crate::phrases::{Phrases, filled};

/// A moment as the clocks of a zone show it.
pub(super) fn moment(instant: i64, zone: &ZoneTable, phrases: &Phrases) -> String {
    let local = zone.local_micros(instant);
    let minutes = local.rem_euclid(86_400_000_000) / 60_000_000;
    let date = date_of_day(whole_days(local));
    let date = date.map(|date| (date.year(), date.month(), date.day()));
    let shown = phrases.moment(date.unwrap_or_default(), minutes);
    format!("{shown} ({})", zone.zone().name())
}

/// What the signs of the rows shown mean; nothing for those that explain themselves.
pub(super) fn legend(rows: &[&Row], phrases: &Phrases) -> String {
    let words = &phrases.states;
    let has = |state| rows.iter().any(|row| row.state == state);
    let undecided = |row: &&Row| {
        row.contractual.is_some() && row.analytic == Some(Verdict::Undecided)
    };
    let signs = [
        (rows.iter().any(undecided), "~", words.undecided_means),
        (rows.iter().any(|row| signals(row)), "!", words.signal_means),
        (has(RowState::Partial), words.partial, words.partial_means),
        (has(RowState::Small), words.small, words.small_means),
        (has(RowState::Withheld), words.withheld, words.withheld_means),
        (has(RowState::NoData), "\u{2013}", words.no_data_means),
    ];
    let width = signs.iter().map(|(_, sign, _)| sign.chars().count()).max().unwrap_or(0);
    let used = signs.iter().filter(|(used, ..)| *used);
    ended(used.map(|(_, sign, means)| format!("{sign:<width$}  {means}")).collect())
}

/// Whether a value is a signal among those of its series.
fn signals(row: &Row) -> bool {
    row.behaviour.is_some_and(|behaviour| behaviour.signal.is_some())
}

/// Where the rows of each population of a metric went.
pub(super) fn account(name: &str, row: &Row, phrases: &Phrases) -> String {
    let words = &phrases.accounts;
    if row.accounts.is_empty() {
        return String::new();
    }
    let period = phrases.period(&row.period.label);
    let mut lines = vec![String::new(), format!("{name}, {period}")];
    lines.extend(row.accounts.iter().flat_map(|one| account_lines(one, phrases)));
    if row.missing > 0 {
        let rows = count(row.missing, phrases);
        lines.push(format!("  {}", filled(words.skipped, &[&rows])));
    }
    if row.undecided > 0 {
        let rows = count(row.undecided, phrases);
        lines.push(format!("  {}", filled(words.condition, &[&rows])));
    }
    ended(lines)
}

fn account_lines(account: &AccountReport, phrases: &Phrases) -> Vec<String> {
    let words = &phrases.accounts;
    let count = |rows: i128| count(rows, phrases);
    let parts = [(account.outside, words.outside), (account.undecided, words.undecided)];
    let mut went = vec![filled(words.counted, &[&count(account.counted.into())])];
    for (rows, place) in parts.iter().filter(|(rows, _)| *rows != 0) {
        went.push(filled(place, &[&count((*rows).into())]));
    }
    for excluded in account.excluded.iter().filter(|excluded| excluded.rows != 0) {
        let rows = count(excluded.rows.into());
        went.push(filled(words.excluded, &[&rows, &excluded.name]));
    }
    let rows = count(account.rows.into());
    let line = filled(words.rows, &[&account.population, &rows, &went.join(", ")]);
    let mut lines = vec![format!("  {line}")];
    for excluded in account.excluded.iter().filter(|excluded| excluded.unknown != 0) {
        let rows = count(excluded.unknown.into());
        let line = filled(words.unknown, &[&rows, &excluded.name]);
        lines.push(format!("    {line}"));
    }
    for excluded in account.excluded.iter().filter(|excluded| excluded.ties != 0) {
        let ties = count(excluded.ties.into());
        let line = filled(words.ties, &[&ties, &excluded.name]);
        lines.push(format!("    {line}"));
    }
    if account.undated > 0 {
        let rows = count(account.undated.into());
        lines.push(format!("    {}", filled(words.undated, &[&rows])));
    }
    lines
}

/// What could not be measured, and what is wrong with the tables that were read.
pub(super) fn faults(results: &Results, phrases: &Phrases) -> String {
    let words = &phrases.faults;
    let mut lines = Vec::new();
    for left_out in &results.not_run {
        let because = left_out.because.as_ref().map(|because| format!("; {because}"));
        let line = filled(words.not_measured, &[&left_out.metric, &left_out.lacks]);
        lines.push(line + &because.unwrap_or_default());
    }
    for table in &results.tables {
        let name = &table.name;
        let faults = [(table.bad_rows, words.bad), (table.reversed, words.reversed)];
        for (rows, fault) in faults.iter().filter(|(rows, _)| *rows > 0) {
            lines.push(filled(fault, &[name, &count(*rows, phrases)]));
        }
        for broken in table.violations.iter().filter(|broken| broken.rows > 0) {
            let rows = count(broken.rows, phrases);
            let line = filled(words.broken, &[name, &rows, &broken.rule]);
            let first = broken.keys.first().map(|key| filled(words.first, &[key]));
            lines.push(line + &first.unwrap_or_default());
        }
    }
    if !lines.is_empty() {
        lines.insert(0, String::new());
    }
    ended(lines)
}

fn ended(lines: Vec<String>) -> String {
    lines.into_iter().map(|line| line + "\n").collect()
}

fn count(rows: impl Into<i128>, phrases: &Phrases) -> String {
    phrases.number(&rows.into().to_string())
}
