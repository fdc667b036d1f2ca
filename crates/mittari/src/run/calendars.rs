//! Service calendars made ready for measuring: those that some metric uses.

use std::collections::{BTreeMap, BTreeSet};

use mittari_lang::metric::{Catalog, ServiceCalendar};

use crate::calendar::{Calendar, CalendarRules, Hours};
use crate::error::RunError;

/// The calendars of a catalog, in its order.
pub fn calendars(catalog: &Catalog) -> Result<Vec<Option<Calendar>>, RunError> {
    let ready = |calendar: &ServiceCalendar| {
        Calendar::new(&rules(calendar)).map(Some).map_err(|error| {
            RunError::Calendar(format!("the calendar `{}`: {error}", calendar.name))
        })
    };
    catalog.calendars.iter().map(ready).collect()
}

/// The rules of a checked calendar; its breaks are already taken out of its hours.
pub fn rules(calendar: &ServiceCalendar) -> CalendarRules {
    let hours = |list: &Vec<(u32, u32)>| -> Vec<Hours> {
        list.iter().map(|(start, end)| Hours::new(*start, *end)).collect()
    };
    let dates: BTreeMap<i32, Vec<Hours>> =
        calendar.dated.iter().map(|(day, list)| (*day, hours(list))).collect();
    let holidays: BTreeSet<i32> = calendar.holidays.iter().copied().collect();
    CalendarRules {
        weekly: std::array::from_fn(|day| {
            calendar.weekly.get(day).map(hours).unwrap_or_default()
        }),
        dates,
        holidays,
        closures: calendar.closures.clone(),
        known_until: calendar.known_until,
        ..CalendarRules::closed(calendar.zone)
    }
}
