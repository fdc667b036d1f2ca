//! What was asked for: which metrics, periods and breakdowns.

use mittari::plan::{Periods, Selection};
use mittari::zone::ZoneTable;
use mittari_lang::card::Class;
use mittari_lang::metric::{Metric, MetricId};

use crate::args::{Choice, ClassArg, MomentArg, PeriodArg};
use crate::screen::{Exit, Stop};
use crate::workspace::Opened;

/// The metrics named, or of the classes named; with neither all.
pub(super) fn metrics(
    opened: &Opened,
    names: &[String],
    classes: &[ClassArg],
) -> Result<Vec<MetricId>, Stop> {
    for name in names {
        if !opened.catalog.metrics.iter().any(|metric| is(metric, name)) {
            return Err(unknown(opened, name));
        }
    }
    let wanted = |metric: &Metric| {
        let by_name = names.is_empty() || names.iter().any(|name| is(metric, name));
        by_name && (classes.is_empty() || classes.contains(&class_of(opened, metric)))
    };
    let numbered = opened.catalog.metrics.iter().zip(0_u32..);
    Ok(numbered
        .filter(|(metric, _)| wanted(metric))
        .map(|(_, id)| MetricId(id))
        .collect())
}

/// Whether a metric is the one named, or a formula of the card named.
pub(super) fn is(metric: &Metric, name: &str) -> bool {
    metric.name == name || metric.card_name == name
}

fn class_of(opened: &Opened, metric: &Metric) -> ClassArg {
    let mut cards = opened.written.cards.iter();
    let card = cards.find(|card| card.metric.value == metric.card_name);
    match card.map(|card| card.agreement.class.value) {
        Some(Class::Sla) => ClassArg::Sla,
        Some(Class::Ola) => ClassArg::Ola,
        Some(Class::Internal) | None => ClassArg::Internal,
    }
}

/// The message about a metric that is not there.
pub(super) fn unknown(opened: &Opened, name: &str) -> Stop {
    if opened.is_broken(name) {
        let message =
            format!("`{name}` has problems and cannot be used; see `mittari check`");
        return Stop::new(Exit::Problems, message);
    }
    let metrics = opened.catalog.metrics.iter();
    let names = metrics.flat_map(|metric| [metric.card_name.as_str(), &metric.name]);
    let near = nearest(name, names);
    let near = near.map(|near| format!("; a metric `{near}` exists")).unwrap_or_default();
    Stop::new(Exit::Usage, format!("there is no metric `{name}`{near}"))
}

/// The name nearest to one that is not there, if it is near enough to be meant.
pub(super) fn nearest<'a>(
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let bound = (name.chars().count() / 3).max(1);
    known
        .map(|near| (distance(name, near), near))
        .filter(|(distance, _)| *distance <= bound)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, near)| near)
}

/// How many characters must be added, taken away or changed (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, own) in from.chars().enumerate() {
        let mut above_left = line;
        let mut left = line + 1;
        for (place, other) in to.iter().enumerate() {
            let above = row.get(place + 1).copied().unwrap_or(0);
            let cost = usize::from(own != *other);
            let best = (above_left + cost).min(above + 1).min(left + 1);
            if let Some(slot) = row.get_mut(place) {
                *slot = left;
            }
            (above_left, left) = (above, best);
        }
        if let Some(slot) = row.last_mut() {
            *slot = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The selection of these metrics.
pub(super) fn selection(
    opened: &Opened,
    choice: &Choice,
    metrics: Vec<MetricId>,
    breakdowns: Option<Vec<Vec<String>>>,
) -> Result<Selection, Stop> {
    if let (Some(from), Some(to)) = (choice.from, choice.to)
        && to < from
    {
        return Err(Stop::new(Exit::Usage, "`--to` lies before `--from`"));
    }
    let as_of = choice.as_of.map(|moment| match moment {
        MomentArg::Instant(instant) => instant,
        MomentArg::Local(local) => {
            ZoneTable::shared(opened.catalog.zone).instant_of_local(local)
        }
    });
    Ok(Selection {
        metrics,
        periods: periods(&choice.period),
        from: choice.from,
        // The last day belongs to the range.
        to: choice.to.map(|day| day.saturating_add(1)),
        breakdowns,
        as_of,
    })
}

/// The periods asked for; `all` stands for every period of each card.
fn periods(asked: &[PeriodArg]) -> Periods {
    let each = asked.iter().map(|period| match period {
        PeriodArg::Listed => None,
        PeriodArg::Of(period) => Some(*period),
    });
    match each.collect::<Option<Vec<_>>>() {
        None => Periods::Listed,
        Some(periods) if periods.is_empty() => Periods::First,
        Some(periods) => Periods::These(periods),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_levenshtein() {
        let known =
            [("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("a", "a", 0)];
        for (from, to, expected) in known {
            assert_eq!(distance(from, to), expected, "{from} {to}");
        }
    }

    #[test]
    fn only_near_names_are_offered() {
        let known = ["reopened-share", "backlog", "volumes"];
        assert_eq!(nearest("reopend-share", known.into_iter()), Some("reopened-share"));
        assert_eq!(nearest("speed", known.into_iter()), None);
    }
}
