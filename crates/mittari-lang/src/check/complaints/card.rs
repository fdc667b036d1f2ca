//! About cards as a whole: units, targets, classes.

use crate::check::offers::listed;
use crate::diagnostic::{Code, Diagnostic};
use crate::metric::Direction;
use crate::span::{Span, Spanned};
use crate::types::Unit;
use crate::value::Currency;

pub(in crate::check) fn times_hundred(span: Span, unit: Unit) -> Diagnostic {
    let message = format!("`{}` shows a ratio already; leave out `* 100`", unit.word());
    Diagnostic::new(Code::TimesHundred, span, message)
}

pub(in crate::check) fn unit_currency(
    span: Span,
    place: Span,
    found: Currency,
    unit: Currency,
) -> Diagnostic {
    let message = format!(
        "the formula gives an amount in {}, not in {}",
        found.code(),
        unit.code()
    );
    Diagnostic::new(Code::UnitMismatch, span, message).with(place, "the unit")
}

pub(in crate::check) fn unit_mismatch(
    span: Span,
    place: Span,
    (found, shown): (&str, &str),
    unit: Unit,
) -> Diagnostic {
    let message = format!(
        "`{}` cannot show what the formula gives: {found}, which is shown in {shown}",
        unit.word()
    );
    Diagnostic::new(Code::UnitMismatch, span, message).with(place, "the unit")
}

pub(in crate::check) fn target_unit(span: Span, unit: Unit, found: &str) -> Diagnostic {
    let expected = match unit {
        Unit::Percent => "a ratio, as in `80 %`,".to_owned(),
        Unit::Points => "a number of points or a ratio".to_owned(),
        Unit::Number | Unit::Count => "a number".to_owned(),
        Unit::Money(currency) => format!("an amount in {}", currency.code()),
        _ => format!("a duration, as in `4 {}`,", unit.word()),
    };
    let message = format!("{expected} is expected as the target, found {found}");
    Diagnostic::new(Code::TargetUnitMismatch, span, message)
}

pub(in crate::check) fn target_direction(
    span: Span,
    place: Span,
    direction: Direction,
) -> Diagnostic {
    let message = match direction {
        Direction::Up => "higher is better here, so a target is `at least` or `over`",
        Direction::Down => "lower is better here, so a target is `at most` or `under`",
        Direction::Band => "a band is better here, so a target is `between ... and ...`",
        Direction::None => "neither direction is better here, so there is no target",
    };
    Diagnostic::new(Code::TargetDirection, span, message).with(place, "the direction")
}

pub(in crate::check) fn target_reversed(span: Span) -> Diagnostic {
    let message = "the smaller end comes first in `between ... and ...`";
    Diagnostic::new(Code::TargetForm, span, message)
}

pub(in crate::check) fn near_alone(span: Span) -> Diagnostic {
    let message = "a target is expected beside its amber edge, found `near` alone";
    Diagnostic::new(Code::TargetForm, span, message)
}

pub(in crate::check) fn target_on_activity(span: Span, measures: Span) -> Diagnostic {
    let message = "a target on an activity rewards being busy";
    Diagnostic::new(Code::TargetOnActivity, span, message).with(measures, "an activity")
}

pub(in crate::check) fn sanction_class(span: Span, class: &Spanned<&str>) -> Diagnostic {
    let message =
        format!("only an `sla` card carries a sanction, found an `{}` card", class.value);
    Diagnostic::new(Code::SanctionClass, span, message).with(class.span, "the class")
}

pub(in crate::check) fn personal_breakdown(
    span: Span,
    name: &str,
    class: Span,
) -> Diagnostic {
    let message = format!(
        "`{name}` tells who a person is; only an `internal` card is broken down by it"
    );
    Diagnostic::new(Code::PersonalBreakdown, span, message).with(class, "the class")
}

pub(in crate::check) fn value_not_named(
    span: Span,
    field: &str,
    values: &[String],
) -> Diagnostic {
    let values = listed(values.iter().map(String::as_str));
    let message = format!("the card tests `{field}`, but never names {values}");
    Diagnostic::new(Code::ValueNotNamed, span, message)
}

pub(in crate::check) fn value_undecided(
    span: Span,
    field: &str,
    values: &[String],
) -> Diagnostic {
    let values = listed(values.iter().map(String::as_str));
    let message = format!(
        "the card decides `{field}`, but no condition of its rows, exclusions or \
         formulas names {values}"
    );
    Diagnostic::new(Code::ValueUndecided, span, message)
}

pub(in crate::check) fn workspace_targets(span: Span, metric: &str) -> Diagnostic {
    let message = format!("`{metric}` has targets of its own");
    Diagnostic::new(Code::WorkspaceForm, span, message)
}

pub(in crate::check) fn formula_empty(span: Span) -> Diagnostic {
    let message = "this formula gives nothing that could be computed";
    Diagnostic::new(Code::ArgumentKind, span, message)
}
