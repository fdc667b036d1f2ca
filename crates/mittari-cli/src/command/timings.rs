//! Where the time of a run went, for `--timings`.

use std::time::Duration;

use mittari::table::TableReport;
use mittari::timing::{Stage, Timings};

/// A table of the stages: how long all threads together were at each, and what part of
/// the whole that is; and of which tables a part was not read.
pub(super) fn report(
    timings: &Timings<'_>,
    wall: Duration,
    tables: &[TableReport],
) -> String {
    let stages = Stage::ALL.into_iter().filter(|stage| !stage.is_of_rows());
    let all: Duration = stages.map(|stage| timings.spent(stage)).sum();
    let mut text = format!("{:<10} {:>9}\n", "wall", seconds(wall));
    for stage in Stage::ALL {
        let spent = timings.spent(stage);
        // Parts of a stage that nobody measured are not shown.
        if stage.is_of_rows() && spent.is_zero() {
            continue;
        }
        let name =
            format!("{}{}", if stage.is_of_rows() { "  " } else { "" }, stage.name());
        let part = percent(spent, all);
        text.push_str(&format!("{name:<10} {:>9} {part:>5.1} %\n", seconds(spent)));
    }
    let mut threads = timings.threads();
    threads.sort_unstable_by(|one, other| other.cmp(one));
    let threads: Vec<String> = threads.into_iter().map(seconds).collect();
    text.push_str(&format!("{:<10} {}\n", "threads", threads.join(", ")));
    for table in tables.iter().filter(|table| table.unread_groups.0 > 0) {
        let (name, rows) = (&table.name, table.unread_rows);
        let (unread, groups) = table.unread_groups;
        text.push_str(&format!(
            "`{name}`: {unread} of {groups} row groups with {rows} rows not read\n"
        ));
    }
    text
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

fn percent(part: Duration, all: Duration) -> f64 {
    if all.is_zero() { 0.0 } else { 100.0 * part.as_secs_f64() / all.as_secs_f64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_a_line() {
        let clock = || Duration::ZERO;
        let timings = Timings::new(&clock);
        timings.add(Stage::Scan, Duration::from_millis(1_500));
        timings.add(Stage::Rows, Duration::from_millis(500));
        timings.add(Stage::Fold, Duration::from_millis(250));
        let table = TableReport {
            name: "tickets".to_owned(),
            rows: 400,
            unread_rows: 300,
            unread_groups: (3, 4),
            ..TableReport::default()
        };
        let tables = [table, TableReport::default()];
        let text = report(&timings, Duration::from_millis(1_100), &tables);
        assert_eq!(
            text,
            "wall         1.100 s\n\
             scan         1.500 s  75.0 %\n\
             decode       0.000 s   0.0 %\n\
             rows         0.500 s  25.0 %\n\
             \x20 fold       0.250 s  12.5 %\n\
             finish       0.000 s   0.0 %\n\
             threads    \n\
             `tickets`: 3 of 4 row groups with 300 rows not read\n"
        );
    }
}
