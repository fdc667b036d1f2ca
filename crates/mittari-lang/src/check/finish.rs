//! A formula that is meant becomes a metric; a card is judged as a whole.

use super::complaints::{card as of_cards, names as of_names};
use super::expr::Checker;
use super::form::form;
use super::references::full_name;
use super::target::Aim;
use crate::card::{self, Card, Class, Formula, Goals, Measures};
use crate::diagnostic::Diagnostic;
use crate::metric::{DimensionId, Direction, Metric};
use crate::schema::ColumnId;
use crate::span::Spanned;
use crate::typed::Expr;

/// The metric of a formula.
pub(super) fn metric(
    checker: &mut Checker<'_, '_>,
    card: &Card,
    written: &Formula,
    formula: Expr,
    house: Option<&Goals>,
) -> Metric {
    let display = &card.display;
    let unit = written.unit.as_ref().unwrap_or(&display.unit).value;
    let own = written.unit.is_some_and(|unit| unit.value != display.unit.value);
    let of_card = display.decimals.filter(|_| !own);
    let decimals = written.decimals.or(of_card).map(|decimals| decimals.value);
    let direction = written.direction.as_ref().unwrap_or(&display.direction);
    let mut possible = checker.possible(&formula);
    if card.agreement.class.value != Class::Internal {
        possible.retain(|id| !is_personal(checker, *id));
    }
    let breakdowns = breakdowns(checker, card, &formula, &possible);
    let aim = Aim {
        unit,
        direction: meant(direction.value),
        place: direction.span,
        possible: &possible,
    };
    let goals = goals(card, written, own, house);
    let targets = goals.map_or_else(Vec::new, |goals| checker.targets(goals, aim));
    let withhold = card.withhold_under.map(|under| u64::from(under.value));
    Metric {
        name: full_name(card, written),
        card_name: card.metric.value.clone(),
        formula_name: written.name.as_ref().map(|name| name.value.clone()),
        card: 0,
        form: form(&formula),
        formula,
        periods: card.period.iter().map(|period| period.value).collect(),
        unit,
        decimals: decimals.unwrap_or_else(|| super::unit::decimals(unit)),
        direction: meant(direction.value),
        breakdowns,
        possible,
        targets,
        min_volume: card.min_volume.map_or(0, |volume| u64::from(volume.value)),
        settles_after: card.settles_after.map_or(0, |settles| settles.value),
        withhold_under: withhold.unwrap_or(0),
        fingerprint: String::new(),
        span: written.formula.span,
    }
}

/// The targets that hold for a formula: its own, else the card's if it is shown in the
/// card's unit, else the organisation's.
fn goals<'g>(
    card: &'g Card,
    written: &'g Formula,
    own_unit: bool,
    house: Option<&'g Goals>,
) -> Option<&'g Goals> {
    if stated(&written.goals) {
        return Some(&written.goals);
    }
    if stated(&card.goals) {
        return (!own_unit).then_some(&card.goals);
    }
    house
}

/// Whether there is any target.
pub(super) const fn stated(goals: &Goals) -> bool {
    goals.target.is_some() || goals.near.is_some() || !goals.targets.is_empty()
}

/// The direction as meant.
const fn meant(direction: card::Direction) -> Direction {
    match direction {
        card::Direction::Up => Direction::Up,
        card::Direction::Down => Direction::Down,
        card::Direction::Band => Direction::Band,
        card::Direction::None => Direction::None,
    }
}

/// Whether a breakdown tells who a person is.
fn is_personal(checker: &Checker<'_, '_>, id: DimensionId) -> bool {
    let dimension = checker.made.dimensions.get(id.0 as usize);
    dimension.is_some_and(|dimension| dimension.personal)
}

/// The breakdowns of the card, where the formula has them. A formula that reads no rows
/// is the same in every group and has none.
fn breakdowns(
    checker: &mut Checker<'_, '_>,
    card: &Card,
    formula: &Expr,
    possible: &[DimensionId],
) -> Vec<Vec<DimensionId>> {
    let reads = super::expr::contains(formula, &|part| {
        matches!(part.kind, crate::typed::ExprKind::Aggregate(_))
    });
    if !reads {
        return Vec::new();
    }
    let mut found = Vec::new();
    for breakdown in &card.by {
        let ids: Vec<Option<DimensionId>> = breakdown
            .fields
            .iter()
            .map(|field| named(checker, card, field, possible))
            .collect();
        if let Some(ids) = ids.into_iter().collect::<Option<Vec<_>>>() {
            found.push(ids);
        }
    }
    found
}

/// One field of a breakdown.
fn named(
    checker: &mut Checker<'_, '_>,
    card: &Card,
    field: &Spanned<String>,
    possible: &[DimensionId],
) -> Option<DimensionId> {
    let name = |id: &DimensionId| {
        checker.made.dimensions.get(id.0 as usize).map(|one| one.name.clone())
    };
    let found = possible.iter().find(|id| name(id).as_ref() == Some(&field.value));
    if let Some(id) = found {
        return Some(*id);
    }
    let names: Vec<String> = possible.iter().filter_map(name).collect();
    let known = checker.found.dimensions.get(&field.value).copied().flatten();
    let class = &card.agreement.class;
    if known.is_some_and(|id| is_personal(checker, id)) && class.value != Class::Internal
    {
        let complaint =
            of_cards::personal_breakdown(field.span, &field.value, class.span);
        checker.say(complaint);
        return None;
    }
    let is_define = card.define.iter().any(|one| one.name.value == field.value);
    if known.is_none() && is_define && checker.found.said.iter().any(Diagnostic::is_error)
    {
        // The define itself was complained about.
        return None;
    }
    let why = if known.is_some() {
        "not every call of the formula has it"
    } else {
        "it is no field or define that rows can be grouped by"
    };
    let known = names.iter().map(String::as_str);
    checker.say(of_names::unknown_breakdown(field, why, known));
    None
}

/// What people agree on and what is computed must fit together.
pub(super) fn agreement(checker: &mut Checker<'_, '_>, card: &Card, metrics: &[Metric]) {
    let agreement = &card.agreement;
    if let Some(sanction) = &agreement.sanction
        && agreement.class.value != Class::Sla
    {
        let class = Spanned::new(agreement.class.value.word(), agreement.class.span);
        checker.say(of_cards::sanction_class(sanction.span, &class));
    }
    let aimed = metrics.iter().any(|metric| !metric.targets.is_empty());
    if agreement.measures.value == Measures::Activity && aimed {
        let mut goals = std::iter::once(&card.goals)
            .chain(card.formulas.iter().map(|formula| &formula.goals));
        let place = goals.find_map(|goals| {
            let first = goals.targets.first().map(|target| target.target.span);
            goals.target.as_ref().map(|goal| goal.span).or(first)
        });
        let measures = agreement.measures.span;
        checker.say(of_cards::target_on_activity(place.unwrap_or(measures), measures));
    }
}

/// What nothing used, and what was left open.
pub(super) fn leftovers(checker: &mut Checker<'_, '_>, card: &Card) {
    for parameter in &card.parameters {
        if !checker.found.used.contains(&parameter.name.value) {
            checker.say(of_names::parameter_unused(&parameter.name));
        }
    }
    let gaps = checker.found.gaps.clone();
    for (name, (span, lacks)) in gaps {
        if !checker.found.heeded.contains(&name) {
            checker.say(of_names::table_not_covering(span, &name, &lacks));
        }
    }
    let shown: Vec<&str> = card
        .by
        .iter()
        .flat_map(|breakdown| &breakdown.fields)
        .map(|field| field.value.as_str())
        .collect();
    for (column, tested) in checker.found.tested.clone() {
        let schema = checker.world.schema;
        let Some(field) = schema.column(column) else { continue };
        let decided = card.decides.iter().any(|decided| decided.value == field.name);
        if tested.all || decided || shown.contains(&field.name.as_str()) {
            continue;
        }
        let lacking = unnamed(checker, column, &tested.named);
        if !lacking.is_empty() {
            checker.say(of_cards::value_not_named(tested.span, &field.name, &lacking));
        }
    }
}

/// The declared values of a field that a card never names.
fn unnamed(
    checker: &Checker<'_, '_>,
    column: ColumnId,
    named: &indexmap::IndexSet<u32>,
) -> Vec<String> {
    let kind = checker.world.schema.column(column).map(|column| column.kind);
    let Some(crate::types::Kind::Category(set)) = kind else { return Vec::new() };
    let values = (0_u32..).zip(checker.made.set(set));
    let lacking = values.filter(|(number, _)| !named.contains(number));
    lacking.map(|(_, value)| value.clone()).collect()
}
