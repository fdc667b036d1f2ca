//! All cards together: the order in which their formulas are meant, and the catalog of
//! those that are sound.

use indexmap::IndexMap;

use super::card::Draft;
use super::complaints::names as of_names;
use super::fingerprint;
use super::references::{self, full_name};
use super::scope::{Made, World};
use crate::metric::{Catalog, Form, Metric};
use crate::typed::{Across, DimensionId, Expr, ExprKind, PopulationId};

/// The metrics of all sound cards, each behind those it uses.
pub(super) fn metrics<'a>(
    drafts: &mut [Draft<'a>],
    world: &World<'a>,
    made: &mut Made,
) -> Vec<Metric> {
    for draft in &mut *drafts {
        draft.ground(world, made);
    }
    let cards: Vec<_> = drafts.iter().map(|draft| draft.card).collect();
    let order = references::order(&cards);
    for ((card, place), way) in &order.circles {
        let Some(draft) = drafts.get_mut(*card) else { continue };
        let Some(formula) = draft.card.formulas.get(*place) else { continue };
        let name = full_name(draft.card, formula);
        let way: Vec<&str> = way.iter().map(String::as_str).collect();
        let complaint = of_names::metric_in_circle(formula.formula.span, &name, &way);
        draft.found.said.push(complaint);
    }
    for (card, place) in &order.sound {
        if let Some(draft) = drafts.get_mut(*card) {
            draft.formula(*place, world, made);
        }
    }
    let mut all: IndexMap<String, Metric> = IndexMap::new();
    for draft in &mut *drafts {
        let metrics = draft.metrics(world, made);
        all.extend(metrics.into_iter().map(|metric| (metric.name.clone(), metric)));
    }
    spread(drafts);
    let sound: Vec<&str> = drafts
        .iter()
        .filter(|draft| draft.is_sound())
        .map(|draft| draft.card.metric.value.as_str())
        .collect();
    let in_order = order.sound.iter().filter_map(|(card, place)| {
        let card = drafts.get(*card)?.card;
        all.shift_remove(&full_name(card, card.formulas.get(*place)?))
    });
    in_order.filter(|metric| sound.contains(&metric.card_name.as_str())).collect()
}

/// A card that uses a metric of an unsound card is unsound too.
fn spread(drafts: &mut [Draft<'_>]) {
    loop {
        let unsound: Vec<String> = drafts
            .iter()
            .filter(|draft| !draft.is_sound())
            .map(|draft| draft.card.metric.value.clone())
            .collect();
        let mut spread = false;
        for draft in drafts.iter_mut().filter(|draft| draft.is_sound()) {
            let used = draft.found.uses.iter().find(|(name, _)| {
                let card = name.split_once('.').map_or(name.as_str(), |(card, _)| card);
                unsound.iter().any(|known| known == card)
            });
            if let Some((name, span)) = used.cloned() {
                draft.found.said.push(of_names::metric_unsound(span, &name));
                spread = true;
            }
        }
        if !spread {
            return;
        }
    }
}

/// Puts into the catalog what its metrics use, and gives each its fingerprint.
pub(super) fn complete(catalog: &mut Catalog, made: Made) {
    let mut used =
        Used { made: &made, populations: IndexMap::new(), dimensions: IndexMap::new() };
    for metric in &mut catalog.metrics {
        used.expr(&mut metric.formula);
        match &mut metric.form {
            Form::Proportion { numerator, denominator }
            | Form::Quotient { numerator, denominator } => {
                used.expr(numerator);
                used.expr(denominator);
            }
            Form::Mean | Form::Quantile | Form::Distribution | Form::Other => {}
        }
        for id in metric.breakdowns.iter_mut().flatten().chain(&mut metric.possible) {
            *id = used.dimension(*id);
        }
    }
    let Used { populations, dimensions, .. } = used;
    let at = |id: u32| id as usize;
    catalog.populations = populations
        .keys()
        .filter_map(|id| made.populations.get(at(id.0)).cloned())
        .collect();
    catalog.dimensions = dimensions
        .keys()
        .filter_map(|id| made.dimensions.get(at(id.0)).cloned())
        .collect();
    catalog.schema.sets = made.sets;
    let prints: Vec<String> =
        catalog.metrics.iter().map(|metric| fingerprint::of(metric, catalog)).collect();
    for (metric, print) in catalog.metrics.iter_mut().zip(prints) {
        metric.fingerprint = print;
    }
}

/// Old numbers and the new ones, which leave no gaps.
struct Used<'m> {
    made: &'m Made,
    populations: IndexMap<PopulationId, PopulationId>,
    dimensions: IndexMap<DimensionId, DimensionId>,
}

impl Used<'_> {
    /// The new number of a population.
    fn population(&mut self, id: PopulationId) -> PopulationId {
        let next = u32::try_from(self.populations.len()).unwrap_or(u32::MAX);
        if self.made.populations.get(id.0 as usize).is_none() {
            return id;
        }
        *self.populations.entry(id).or_insert(PopulationId(next))
    }

    /// The new number of a dimension.
    fn dimension(&mut self, id: DimensionId) -> DimensionId {
        let next = u32::try_from(self.dimensions.len()).unwrap_or(u32::MAX);
        if self.made.dimensions.get(id.0 as usize).is_none() {
            return id;
        }
        *self.dimensions.entry(id).or_insert(DimensionId(next))
    }

    /// Gives the calls of an expression their new numbers.
    fn expr(&mut self, expr: &mut Expr) {
        match &mut expr.kind {
            // What reads other rows is a value of a row, and has no calls in it.
            ExprKind::Literal(_)
            | ExprKind::Column(_)
            | ExprKind::Instant(_)
            | ExprKind::Related(_) => {}
            ExprKind::Call(_, arguments) => self.all(arguments),
            ExprKind::Case(branches, otherwise) => {
                for (condition, value) in branches {
                    self.expr(condition);
                    self.expr(value);
                }
                self.expr(otherwise);
            }
            ExprKind::Table(table) => {
                self.all(&mut table.keys);
                self.all(table.at.as_mut_slice());
            }
            ExprKind::Aggregate(call) => {
                call.population = self.population(call.population);
                if let Across::Dimension(id) = &mut call.across {
                    *id = self.dimension(*id);
                }
                if let Some(id) = &mut call.per {
                    *id = self.dimension(*id);
                    self.all(call.argument.as_mut_slice());
                    self.all(call.filter.as_mut_slice());
                }
            }
        }
    }

    /// The same of several.
    fn all(&mut self, exprs: &mut [Expr]) {
        for expr in exprs {
            self.expr(expr);
        }
    }
}
