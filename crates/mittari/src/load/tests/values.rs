//! Texts become values of their column's kind, or faults.

use mittari_lang::metric::Origin;
use mittari_lang::schema::ColumnId;
use mittari_lang::types::Unit;
use mittari_lang::value::{Decimal, Value};

use super::desk::{Desk, TABLE, category, spanned};

/// What a column of one kind makes of some texts; `!` is a fault.
fn read(kind: &str, texts: &[&str], change: impl FnOnce(Desk) -> Desk) -> Vec<String> {
    let lines = texts
        .iter()
        .enumerate()
        .map(|(at, text)| format!("{at}\t{text}\n"))
        .collect::<Vec<_>>()
        .concat();
    let desk = Desk::new(&[("row", "text"), ("x", kind)]);
    let mut desk = change(desk.file("x.tsv", format!("row\tx\n{lines}"))).report();
    desk.mapping.quote = None;
    let (rows, report) = desk.scan().unwrap();
    let mut found = vec!["!".to_owned(); texts.len()];
    for (_, values) in rows {
        found[values[0].parse::<usize>().unwrap()] = values[1].clone();
    }
    let bad = found.iter().filter(|text| *text == "!").count() as u64;
    assert_eq!((report.faults.total, report.faults.rows), (bad, bad));
    found
}

fn plain(kind: &str, texts: &[&str]) -> Vec<String> {
    read(kind, texts, |desk| desk)
}

#[test]
fn truths() {
    assert_eq!(
        plain("truth", &["true", "FALSE", "", "1", "yes"]),
        ["true", "false", "-", "!", "!"]
    );
    let finnish = read("truth", &["kyllä", "ei", "true", "Ei"], |desk| {
        desk.map(1, |mapping| {
            mapping.values = vec![
                ("kyllä".to_owned(), Value::Truth(true)),
                ("ei".to_owned(), Value::Truth(false)),
            ];
        })
    });
    assert_eq!(finnish, ["true", "false", "true", "!"]);
}

#[test]
fn numbers_and_ratios() {
    assert_eq!(
        plain(
            "number",
            &["1", "-2.50", "1e3", "", "inf", "NaN", "0x1", "1 2", "1,5", "٣"]
        ),
        ["1", "-2.5", "1000", "-", "!", "!", "!", "!", "!", "!"]
    );
    let comma = |desk: Desk| desk.map(1, |mapping| mapping.decimal_comma = true);
    assert_eq!(read("number", &["1,5", "1.5", "-,5"], comma), ["1.5", "!", "-0.5"]);
    assert_eq!(plain("ratio", &["0.8", "80%", "80 %", "%"]), ["0.8", "0.8", "0.8", "!"]);
    let declared = read("number", &["1", "4", "0", "4.0"], |mut desk| {
        let allowed = [1, 2, 3, 4].map(|n| Value::Number(Decimal::whole(n)));
        desk.schema.tables[0].columns[1].values = allowed.to_vec();
        desk
    });
    assert_eq!(declared, ["1", "4", "!", "4"]);
}

#[test]
fn money_is_exact() {
    assert_eq!(
        plain(
            "money",
            &[
                "12.34",
                "-0.000001",
                "0.0000001",
                "9223372036854.775807",
                "9223372036854.775808"
            ]
        ),
        ["12340000", "-1", "!", "9223372036854775807", "!"]
    );
}

#[test]
fn durations() {
    let hours = |desk: Desk| desk.map(1, |mapping| mapping.unit = Some(Unit::Hours));
    assert_eq!(
        read("duration", &["1.5", "-2", "", "0:30:00", "99999999999", "1h"], hours),
        ["5400000000", "-7200000000", "-", "1800000000", "!", "!"]
    );
    assert_eq!(
        plain("duration", &["26:00:01", "1:00:00.5", "90", "1:00"]),
        ["93601000000", "3600500000", "!", "!"]
    );
}

#[test]
fn categories_are_declared_or_mapped() {
    let mapped = |desk: Desk| {
        desk.map(1, |mapping| {
            mapping.values =
                vec![("Röd".to_owned(), category(0)), ("?".to_owned(), Value::Missing)];
            mapping.missing = vec!["-100".to_owned()];
        })
    };
    assert_eq!(
        read("category", &["Röd", "blue", "red", "Red", "?", "-100", "", "Röd"], mapped),
        ["0", "2", "0", "!", "-", "-", "-", "0"]
    );
}

#[test]
fn texts_may_be_renamed() {
    let mapped = |desk: Desk| {
        desk.map(1, |mapping| {
            mapping.values = vec![("a".to_owned(), Value::Text("A".to_owned()))];
        })
    };
    assert_eq!(read("text", &["a", "b", "", " b"], mapped), ["A", "b", "-", " b"]);
}

#[test]
fn instants_know_their_zone() {
    let helsinki = |mut desk: Desk| {
        desk.mapping.zone = Some(chrono_tz::Europe::Helsinki);
        desk.mapping.format =
            vec!["%d.%m.%Y %H:%M".to_owned(), "%Y-%m-%dT%H:%M:%S%:z".to_owned()];
        desk
    };
    let hour = 3_600_000_000_i64;
    let texts = [
        "1.1.1970 02:00",
        "1970-01-01T01:00:00+02:00",
        // The clocks of 2024-03-31 went from 3:00 to 4:00, those of 2024-10-27 from 4:00
        // to 3:00.
        "31.3.2024 03:30",
        "31.3.2024 04:30",
        "27.10.2024 03:30",
        "31.2.2024 03:30",
        "31.12.9999 23:59",
    ];
    let found = read("instant", &texts, helsinki);
    assert_eq!(found[..2], ["0".to_owned(), (-hour).to_string()]);
    assert_eq!(found[2], found[3]);
    assert_eq!(found[3], (1_711_848_600 * 1_000_000_i64).to_string());
    assert_eq!(found[4], (1_729_989_000 * 1_000_000_i64).to_string());
    assert_eq!(found[5], "!");
    assert_eq!(found[6], (253_402_293_540 * 1_000_000_i64).to_string());
    let nowhere = |mut desk: Desk| {
        desk.mapping.zone = None;
        desk
    };
    assert_eq!(
        read("instant", &["1970-01-01T00:00:00Z", "1970-01-01T00:00:00"], nowhere),
        ["0", "!"]
    );
}

#[test]
fn days() {
    assert_eq!(
        plain("day", &["1970-01-02", "2024-02-30", "1970-01-02T00:00"]),
        ["1", "!", "!"]
    );
}

#[test]
fn a_time_past_midnight_is_one_of_the_next_day() {
    let columns = [("begun", "instant"), ("ended", "instant")];
    let text = "day,from,to\n700101,23:50:00,0:10:00\n700101,1:00:00,1:00:00\n\
                700101,1:00:00,never\n,1:00:00,0:10:00\n700101,never,0:10:00\n";
    let mut desk = Desk::new(&columns).file("x.csv", text);
    desk.mapping.format = vec!["%y%m%d %H:%M:%S".to_owned()];
    let of = |names: [&str; 2]| Origin::Columns(names.map(spanned).to_vec());
    let desk = desk
        .map(0, |mapping| {
            mapping.origin = of(["day", "from"]);
            mapping.missing = vec!["never".to_owned()];
        })
        .map(1, |mapping| {
            mapping.origin = of(["day", "to"]);
            mapping.missing = vec!["never".to_owned()];
            mapping.after = Some(ColumnId { table: TABLE, column: 0 });
        });
    let minute = 60_000_000_i64;
    let at = |minutes: i64| (minutes * minute).to_string();
    let dash = || "-".to_owned();
    let expected = [
        [at(24 * 60 - 10), at(24 * 60 + 10)],
        [at(60), at(60)],
        [at(60), dash()],
        [dash(), dash()],
        [dash(), at(10)],
    ];
    assert_eq!(desk.values(), expected);
    // The column it lies after is read even if nobody else needs it.
    let mut alone = desk;
    alone.needed = vec![false, true];
    let found: Vec<String> =
        alone.values().into_iter().map(|row| row[1].clone()).collect();
    assert_eq!(found[0], at(24 * 60 + 10));
}

#[test]
fn constants_stand_in_every_row() {
    let kinds = ["category", "text", "number", "truth", "duration", "day"];
    let values = [
        category(1),
        Value::Text("phone".to_owned()),
        Value::Number(Decimal { mantissa: 15, scale: 1 }),
        Value::Truth(true),
        Value::Duration(5),
        Value::Missing,
    ];
    for (kind, (value, shown)) in kinds
        .into_iter()
        .zip(values.into_iter().zip(["1", "phone", "1.5", "true", "5", "-"]))
    {
        let desk = Desk::new(&[("a", "text"), ("x", kind)]).file("x.csv", "a\n1\n2\n");
        let desk = desk.map(1, |mapping| mapping.origin = Origin::Always(value));
        assert_eq!(desk.values(), [["1", shown], ["2", shown]]);
    }
}
