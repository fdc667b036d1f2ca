//! Service calendars made ready for measuring: only those that some expression uses.

use mittari_lang::metric::{Catalog, ServiceCalendar};
use mittari_lang::value::Value;

use crate::calendar::{Calendar, CalendarRules};
use crate::error::RunError;
use crate::plan::nodes::{NodeKind, Nodes};

/// The calendars of a catalog, in its order; none where one is not ready.
pub(crate) type Ready = Vec<Option<Calendar>>;

/// No calendar is ready.
pub(crate) fn none_ready(catalog: &Catalog) -> Ready {
    catalog.calendars.iter().map(|_| None).collect()
}

/// Makes the calendars ready that some nodes use.
pub(crate) fn make_ready(
    ready: &mut Ready,
    catalog: &Catalog,
    nodes: &Nodes,
) -> Result<(), RunError> {
    for (slot, (calendar, number)) in
        ready.iter_mut().zip(catalog.calendars.iter().zip(0..))
    {
        if slot.is_none() && uses(nodes, number) {
            *slot = Some(measured(calendar)?);
        }
    }
    Ok(())
}

fn uses(nodes: &Nodes, number: u32) -> bool {
    let is_meant = |value: &Value| *value == Value::Calendar(number);
    nodes.list.iter().any(|node| match &node.kind {
        NodeKind::Literal(value) => is_meant(value),
        NodeKind::Table(_, _, editions) => editions.iter().any(|edition| {
            is_meant(&edition.otherwise)
                || edition.rows.iter().any(|(_, value)| is_meant(value))
        }),
        _ => false,
    })
}

fn measured(calendar: &ServiceCalendar) -> Result<Calendar, RunError> {
    Calendar::new(&CalendarRules::from(calendar)).map_err(|error| {
        RunError::Calendar(format!("the calendar `{}`: {error}", calendar.name))
    })
}
