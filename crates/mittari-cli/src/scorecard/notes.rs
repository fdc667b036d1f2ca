//! What stands below a scorecard: what its signs mean, where rows went, what is wrong
//! with the data.

use mittari::report::number::grouped;
use mittari::table::{AccountReport, Results, Row, RowState, Verdict};
use mittari::zone::{ZoneTable, date_of_day, whole_days};

/// A moment as the clocks of a zone show it.
pub(super) fn moment(instant: i64, zone: &ZoneTable) -> String {
    let local = zone.local_micros(instant);
    let minutes = local.rem_euclid(86_400_000_000) / 60_000_000;
    let date = date_of_day(whole_days(local)).map(|date| date.to_string());
    format!(
        "{} {:02}:{:02} ({})",
        date.unwrap_or_default(),
        minutes / 60,
        minutes % 60,
        zone.zone().name()
    )
}

/// What the signs of the rows shown mean; nothing for those that explain themselves.
pub(super) fn legend(rows: &[&Row]) -> String {
    let has = |state| rows.iter().any(|row| row.state == state);
    let undecided = |row: &&Row| {
        row.contractual.is_some() && row.analytic == Some(Verdict::Undecided)
    };
    let signs = [
        (
            rows.iter().any(undecided),
            "~         the 95 % interval lies on both sides of the target",
        ),
        (
            has(RowState::Partial),
            "partial   the period is not over, not settled or not covered by the data: no verdict",
        ),
        (has(RowState::Small), "few rows  fewer than the card asks for: no verdict"),
        (has(RowState::Withheld), "withheld  too few rows to be shown"),
        (has(RowState::NoData), "\u{2013}         nothing to make a value of"),
    ];
    let mut text = String::new();
    for (_, sign) in signs.iter().filter(|(used, _)| *used) {
        text.push_str(sign);
        text.push('\n');
    }
    text
}

/// Where the rows of each population of a metric went.
pub(super) fn account(name: &str, row: &Row) -> String {
    if row.accounts.is_empty() {
        return String::new();
    }
    let mut lines = vec![String::new(), format!("{name}, {}", row.period.label)];
    lines.extend(row.accounts.iter().flat_map(account_lines));
    if row.missing > 0 {
        let rows = count(row.missing);
        lines.push(format!("  {rows} rows without a value were skipped"));
    }
    if row.undecided > 0 {
        let rows = count(row.undecided);
        lines.push(format!("  for {rows} rows a condition of the formula is unknown"));
    }
    ended(lines)
}

fn account_lines(account: &AccountReport) -> Vec<String> {
    let parts = [(account.outside, "outside"), (account.undecided, "undecided")];
    let mut went = vec![format!("{} counted", count(account.counted))];
    for (rows, place) in parts.iter().filter(|(rows, _)| *rows != 0) {
        went.push(format!("{} {place}", count(*rows)));
    }
    for excluded in account.excluded.iter().filter(|excluded| excluded.rows != 0) {
        went.push(format!("{} excluded by {}", count(excluded.rows), excluded.name));
    }
    let rows = count(account.rows);
    let mut lines =
        vec![format!("  {}: {rows} rows: {}", account.population, went.join(", "))];
    for excluded in account.excluded.iter().filter(|excluded| excluded.unknown != 0) {
        let (rows, name) = (count(excluded.unknown), &excluded.name);
        lines.push(format!("    of {rows} it is unknown whether {name} takes them"));
    }
    for excluded in account.excluded.iter().filter(|excluded| excluded.ties != 0) {
        let (ties, name) = (count(excluded.ties), &excluded.name);
        lines.push(format!("    {ties} ties of {name} were decided by line"));
    }
    if account.undated > 0 {
        let rows = count(account.undated);
        lines.push(format!("    {rows} without a date, in no period"));
    }
    lines
}

/// What could not be measured, and what is wrong with the tables that were read.
pub(super) fn faults(results: &Results) -> String {
    let mut lines = Vec::new();
    for left_out in &results.not_run {
        let because = left_out.because.as_ref().map(|because| format!("; {because}"));
        lines.push(format!(
            "{}: not measured, {} is not given{}",
            left_out.metric,
            left_out.lacks,
            because.unwrap_or_default()
        ));
    }
    for table in &results.tables {
        let name = &table.name;
        let faults = [
            (table.bad_rows, "could not be read and are missing from all results"),
            (table.reversed, "end before they start, so their working time is missing"),
        ];
        for (rows, fault) in faults.iter().filter(|(rows, _)| *rows > 0) {
            lines.push(format!("{name}: {} rows {fault}", count(*rows)));
        }
        for broken in table.violations.iter().filter(|broken| broken.rows > 0) {
            let (rows, rule) = (count(broken.rows), &broken.rule);
            let first = broken.keys.first().map(|key| format!(", the first is {key}"));
            let first = first.unwrap_or_default();
            lines.push(format!("{name}: {rows} rows break the rule {rule}{first}"));
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

fn count(rows: impl Into<i128>) -> String {
    grouped(&rows.into().to_string())
}
