//! Three real exports: a ServiceNow audit log and two months of a bank's calls.

use mittari_lang::metric::{Origin, Which};
use mittari_lang::schema::ColumnId;
use mittari_lang::types::Unit;

use super::desk::{Desk, TABLE, mapped, real_file};
use crate::fault::{FaultKind, Place};

const MINUTE: i64 = 60_000_000;

/// The whole numbers of a column, without missing ones.
fn whole(rows: &[(u64, Vec<String>)], column: usize) -> Vec<i64> {
    let texts = rows.iter().map(|(_, values)| &values[column]);
    texts.filter(|text| *text != "-").map(|text| text.parse().unwrap()).collect()
}

#[test]
fn the_audit_log_keeps_the_last_row_of_each_incident() {
    let Some(path) = real_file("servicenow_incident_event_log.csv.gz") else { return };
    let columns = [
        ("number", "text"),
        ("made_sla", "truth"),
        ("opened_at", "instant"),
        ("resolved_at", "instant"),
        ("closed_at", "instant"),
        ("reopen_count", "number"),
        ("contact_type", "text"),
    ];
    let mut desk =
        Desk::new(&columns).key(&[0]).keep(Which::Last, "sys_mod_count", &["number"]);
    desk.mapping.missing = vec!["?".to_owned(), String::new()];
    desk.mapping.format = vec!["%d/%m/%Y %H:%M".to_owned()];
    desk.files = vec![path];
    let (rows, report) = desk.scan().unwrap();
    assert_eq!((report.rows_read, report.rows_kept), (141_712, 24_918));
    assert_eq!(report.rows_superseded, 141_712 - 24_918);
    assert_eq!(report.faults.total, 0);
    let count = |column: usize, text: &str| {
        rows.iter().filter(|(_, values)| values[column] == text).count()
    };
    assert_eq!(count(1, "true"), 15_803);
    assert_eq!((count(6, "Phone"), count(6, "IVR")), (24_688, 9));
    let reopened: f64 =
        rows.iter().map(|(_, values)| values[5].parse::<f64>().unwrap()).sum();
    assert!((reopened - 331.0).abs() < f64::EPSILON);
    let spans = |column: usize| -> Vec<i64> {
        let ended = rows.iter().filter(|(_, values)| values[column] != "-");
        let whole = |text: &str| text.parse::<i64>().unwrap();
        ended.map(|(_, values)| whole(&values[column]) - whole(&values[2])).collect()
    };
    let (resolved, closed) = (spans(3), spans(4));
    assert_eq!(closed.len(), 24_918);
    assert_eq!(closed.iter().sum::<i64>(), 28_286_492_040 * 1_000_000);
    assert_eq!(resolved.len(), 23_362);
    assert_eq!(resolved.iter().sum::<i64>(), 14_984_800_200 * 1_000_000);
    assert!(resolved.iter().all(|span| span % MINUTE == 0));
}

fn calls() -> Desk {
    let columns = [
        ("contact_id", "text"),
        ("arrived_at", "instant"),
        ("answered_at", "instant"),
        ("ended_at", "instant"),
        ("waited", "duration"),
        ("talk_time", "duration"),
        ("person", "text"),
        ("outcome", "text"),
    ];
    let from: [&[&str]; 8] = [
        &["date", "vru+line", "call_id"],
        &["date", "vru_entry"],
        &["date", "ser_start"],
        &["date", "ser_exit"],
        &["q_time"],
        &["ser_time"],
        &["server"],
        &["outcome"],
    ];
    let mut desk = Desk::new(&columns).key(&[0]);
    desk.mapping.format = vec!["%y%m%d %H:%M:%S".to_owned()];
    desk.mapping.zone = Some(chrono_tz::Tz::Asia__Jerusalem);
    for (at, from) in (0..).zip(from) {
        let Origin::Columns(columns) = mapped(at, from).origin else { return desk };
        let arrived = ColumnId { table: TABLE, column: 1 };
        desk = desk.map(at as usize, |mapping| {
            mapping.origin = Origin::Columns(columns);
            match at {
                2 | 3 => {
                    mapping.missing = vec!["0:00:00".to_owned()];
                    mapping.after = Some(arrived);
                }
                4 | 5 => mapping.unit = Some(Unit::Seconds),
                6 => mapping.missing = vec!["NO_SERVER".to_owned()],
                _ => {}
            }
        });
    }
    desk
}

#[test]
fn january_of_the_calls_is_read_whole() {
    let Some(path) = real_file("bank_calls_january_1999.tsv.gz") else { return };
    let mut desk = calls();
    desk.files = vec![path];
    let (rows, report) = desk.scan().unwrap();
    assert_eq!(
        (report.rows_read, report.rows_kept, report.faults.total),
        (31_599, 31_599, 0)
    );
    let answered: Vec<_> =
        rows.into_iter().filter(|(_, values)| values[7] == "AGENT").collect();
    assert_eq!(answered.len(), 27_060);
    assert_eq!(whole(&answered, 4).iter().sum::<i64>(), 947_857 * 1_000_000);
    assert_eq!(whole(&answered, 5).iter().sum::<i64>(), 4_964_204 * 1_000_000);
    let ended = answered.iter().filter(|(_, values)| values[3] != "-");
    assert!(ended.clone().count() > 27_000);
    for (_, values) in ended {
        let span = values[3].parse::<i64>().unwrap() - values[1].parse::<i64>().unwrap();
        assert!((0..6 * 60 * MINUTE).contains(&span), "{values:?}");
    }
}

#[test]
fn october_of_the_calls_has_two_broken_lines() {
    let Some(path) = real_file("bank_calls_october_1999.tsv.gz") else { return };
    let mut desk = calls();
    desk.files = vec![path];
    let stopped = desk.stopped();
    assert_eq!((stopped.rows_read, stopped.rows_kept), (34_625, 34_623));
    assert_eq!(stopped.faults.by_kind, [(FaultKind::Fields, 2)]);
    let places: Vec<Place> =
        stopped.faults.listed.iter().map(|fault| fault.place).collect();
    assert_eq!(places, [Place::Line(7_315), Place::Line(14_247)]);
    assert!(
        stopped.faults.listed[0].text.starts_with("AA0108\t3892\t0\t0       NW\t991026")
    );
    assert_eq!(stopped.faults.listed[1].expected, "17 fields and not 16");

    let desk = desk.report();
    let (rows, report) = desk.scan().unwrap();
    assert_eq!(report.faults, stopped.faults);
    let with = |outcome: &str| -> Vec<_> {
        rows.iter().filter(|(_, values)| values[7] == outcome).cloned().collect()
    };
    let answered = with("AGENT");
    assert_eq!(
        (answered.len(), with("HANG").len(), with("PHANTOM").len()),
        (30_861, 3_615, 147)
    );
    assert_eq!(whole(&answered, 4).iter().sum::<i64>(), 715_766 * 1_000_000);
    assert_eq!(whole(&answered, 5).iter().sum::<i64>(), 5_558_279 * 1_000_000);
}

#[test]
fn both_months_are_one_table() {
    let files = ["bank_calls_january_1999.tsv.gz", "bank_calls_october_1999.tsv.gz"];
    let files: Vec<_> = files.iter().filter_map(|name| real_file(name)).collect();
    if files.len() < 2 {
        return;
    }
    let mut desk = calls().report();
    desk.files = files;
    desk.threads = 1;
    let (alone, report) = desk.scan().unwrap();
    assert_eq!(report.rows_kept, 31_599 + 34_623);
    assert!(report.faults.listed[0].file.ends_with("october_1999.tsv.gz"));
    assert_eq!(report.faults.listed[0].place, Place::Line(7_315));
    desk.threads = 4;
    desk.needed = vec![true, false, false, false, false, false, false, true];
    let (some, _) = desk.scan().unwrap();
    let numbers = |rows: &[(u64, Vec<String>)]| -> Vec<(u64, String)> {
        rows.iter().map(|(order, values)| (*order, values[0].clone())).collect()
    };
    assert!(numbers(&some) == numbers(&alone));
    assert!(some.iter().all(|(_, values)| values[1] == "/"));
}
