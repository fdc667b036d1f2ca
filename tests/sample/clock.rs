//! Helsinki in 2026, in whole seconds: its clock, its days off, the desk's hours.

/// Days from 1970-01-01 to 2026-01-01.
const FIRST_DAY: i64 = 20_454;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// 2026-01-01 00:00 in Helsinki, in seconds since 1970-01-01T00:00Z.
pub(crate) const START: i64 = FIRST_DAY * DAY - 2 * 3600;
/// 2026-10-01 00:00 in Helsinki: the moment of the export.
pub(crate) const END: i64 = (FIRST_DAY + 273) * DAY - 3 * 3600;
/// The clocks go forward on 2026-03-29 at 01:00Z and back on 2026-10-25 at 01:00Z
/// (directive 2000/84/EC).
const SUMMER: std::ops::Range<i64> =
    (FIRST_DAY + 87) * DAY + 3600..(FIRST_DAY + 297) * DAY + 3600;
/// Days of the year, from 0, on which the desk is closed: New Year, Epiphany, Good
/// Friday, Easter Monday, May Day, Ascension, Midsummer Eve.
const CLOSED: [i64; 7] = [0, 5, 92, 95, 120, 133, 169];
const DAYS_OF_MONTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// The desk is open from 8 to 16.
pub(crate) const OPENS: i64 = 8 * 3600;
pub(crate) const CLOSES: i64 = 16 * 3600;

/// What the clock on the wall shows, in seconds since 2026-01-01 00:00.
pub(crate) fn wall(instant: i64) -> i64 {
    let offset = if SUMMER.contains(&instant) { 3 } else { 2 };
    instant + offset * 3600 - FIRST_DAY * DAY
}

/// The instant at which the clock shows this; the hour that is skipped is never asked.
pub(crate) fn instant(wall: i64) -> i64 {
    let winter = wall + FIRST_DAY * DAY - 2 * 3600;
    if SUMMER.contains(&(winter - 3600)) { winter - 3600 } else { winter }
}

/// The weekday of a day of the year, from Monday as 0; 2026-01-01 is a Thursday.
pub(crate) const fn weekday(day: i64) -> i64 {
    (day + 3) % 7
}

/// Whether the desk is open on a day of the year.
pub(crate) fn is_open(day: i64) -> bool {
    weekday(day) < 5 && !CLOSED.contains(&day)
}

/// The month of a day of the year, from 0, and the day in it, from 1.
pub(crate) fn month(day: i64) -> (usize, i64) {
    let mut rest = day;
    for (month, days) in DAYS_OF_MONTHS.iter().enumerate() {
        if rest < *days {
            return (month, rest + 1);
        }
        rest -= days;
    }
    (12, rest + 1)
}

/// The instant at which the desk has worked so many seconds since another.
pub(crate) fn worked(from: i64, seconds: i64) -> i64 {
    let (mut day, mut rest) = (wall(from).div_euclid(DAY), seconds);
    let mut begin = wall(from).rem_euclid(DAY).max(OPENS);
    loop {
        if is_open(day) && begin < CLOSES {
            if rest <= CLOSES - begin {
                return instant(day * DAY + begin + rest);
            }
            rest -= CLOSES - begin;
        }
        (day, begin) = (day + 1, OPENS);
    }
}

/// `2026-01-31 08:15`, with seconds where they are wanted.
pub(crate) fn written(instant: i64, seconds: bool) -> String {
    let wall = wall(instant);
    let ((month, date), time) = (month(wall.div_euclid(DAY)), wall.rem_euclid(DAY));
    let (year, month) = if month < 12 { (2026, month + 1) } else { (2027, 1) };
    let text =
        format!("{year}-{month:02}-{date:02} {:02}:{:02}", time / 3600, time / 60 % 60);
    if seconds { format!("{text}:{:02}", time % 60) } else { text }
}

#[test]
fn the_clock_is_that_of_helsinki() {
    assert_eq!(written(START, true), "2026-01-01 00:00:00");
    assert_eq!(written(END, true), "2026-10-01 00:00:00");
    let change = instant((87 * 24 + 3) * 3600 - 1);
    assert_eq!(written(change, true), "2026-03-29 02:59:59");
    assert_eq!(written(change + 1, true), "2026-03-29 04:00:00");
    assert_eq!(instant(wall(change + 1)), change + 1);
    let friday = instant((29 * 24 + 15) * 3600);
    assert_eq!(written(friday, false), "2026-01-30 15:00");
    assert_eq!(written(worked(friday, 2 * 3600), false), "2026-02-02 09:00");
}
