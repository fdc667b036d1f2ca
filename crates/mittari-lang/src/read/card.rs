//! A metric card: its keys and what becomes of them.

use crate::card::{
    Agreement, Breakdown, Card, Class, Dating, Definition, Direction, Display, Exclusion,
    ExclusionRule, Formula as CardFormula, Goals, Measures, Population, Related, Target,
    View,
};
use crate::span::{Span, Spanned};
use crate::syntax::Expr;
use crate::types::Period;

use super::complaints;
use super::cx::Cx;
use super::dates::Day;
use super::field::{Form, Kind, Place, Record, form};
use super::kinds::{
    Either, ListOf, Named, OneOrMore, OrNone, Prose, ShortOr, Text, around,
};
use super::language::{Duration, Formula, GoalKind, Stock, WindowKind};
use super::parameters::Parameters;
use super::small::KeepKind;
use super::words::{Truth, UnitKind, Whole, Word};

form! {
    /// A card while it is read.
    CardDraft {
        "metric" required metric: Text, "its name, by which other cards speak of it; the file is named after it";
        "title" required title: Prose, "what it is called";
        "class" required class: Word<Class>, "who may be held to it: agreed with the customer, between those who do the work, or for the desk's own use";
        "measures" required measures: Word<Measures>, "what it measures: what came of the work, how much was done, or what it was worth";
        "estimated" optional estimated: Truth, "whether its value is estimated; required where `measures` is `value`";
        "views" optional views: OneOrMore<Word<View>>, "the perspectives it belongs to";
        "owner" required owner: Prose, "who answers for it";
        "success_factor" optional success_factor: Prose, "the factor of success it belongs to";
        "strategy" optional strategy: OneOrMore<Prose>, "the strategies it serves";
        "goal" optional goal: Prose, "what is to be reached with it";
        "description" optional description: Prose, "what it says, in a sentence or two";
        "period" required period: OneOrMore<Word<Period>>, "the periods it is measured over; the first is the default";
        "unit" required unit: UnitKind, "what its values are shown in";
        "unit_label" optional unit_label: Prose, "a word shown in place of the unit";
        "decimals" optional decimals: Whole<0, 9>, "digits behind the point";
        "direction" required direction: Word<Direction>, "which values are better: high ones, low ones, those inside a band, or none";
        "data_source" optional data_source: Prose, "where the data come from, in words";
        "reliability" optional reliability: Prose, "how far the data can be trusted, and under which conditions";
        "collected_by" optional collected_by: Prose, "who collects the data";
        "baseline" optional baseline: Prose, "what it was before";
        "justification" optional justification: Prose, "why this target";
        "uses" optional uses: OneOrMore<Prose>, "what its values are used for";
        "notes" optional notes: OneOrMore<Prose>, "what to know when reading it";
        "min_volume" optional min_volume: Whole<1, { u32::MAX }>, "rows below which there is no verdict";
        "calendar" optional calendar: Text, "the service calendar that `working_time` means, else the workspace's";
        "time_zone" optional time_zone: Text, "the zone of its periods by the IANA name, else the workspace's";
        "settles_after" optional settles_after: Duration, "how long after its end a period is still provisional";
        "withhold_under" optional withhold_under: Whole<1, { u32::MAX }>, "groups of fewer rows are not shown";
        "decides" optional decides: OneOrMore<Text>, "categories of which the card decides every value: each is named in `where`, `exclude` or a formula";
        "sanction" optional sanction: Prose, "what follows from a missed target; of `sla` cards alone";
        "customer_visible" optional customer_visible: Truth, "whether the customer sees it";
        "source" optional source: OneOrMore<Prose>, "where the definition comes from";
        "parameters" optional parameters: Parameters, "named values that formulas may use";
        "define" optional define: Named<Formula>, "computed fields of this card alone";
        "population" optional population: Record<PopulationDraft>, "the rows it speaks of";
        "formula" optional formula: Formula, "what is computed; or `formulas`";
        "formulas" optional formulas: Named<ShortOr<Formula, Record<FormulaDraft>>>, "several formulas by name; or `formula`";
        "by" optional by: OneOrMore<BreakdownKind>, "the breakdowns beside the total; a list inside the list crosses fields";
        "target" optional target: GoalKind, "the target, always in force";
        "near" optional near: GoalKind, "the amber edge of the target";
        "targets" optional targets: ListOf<Record<TargetDraft>>, "targets from a day on, or for a segment";
        "related" optional related: ListOf<Record<RelatedDraft>>, "other metrics to read beside it";
    }
}

impl Form for CardDraft {
    type Out = Card;
    const NAME: &'static str = "a card";

    fn finish(mut self, place: Place, cx: &mut Cx<'_>) -> Option<Card> {
        let value =
            self.measures.is_some_and(|measures| measures.value == Measures::Value);
        if value && self.estimated.is_none() {
            cx.say(complaints::missing_key(
                place.head,
                Self::NAME,
                "estimated",
                "`true` or `false`",
            ));
        }
        let formulas = self.formulas(&place, cx);
        let goals = goals(self.target.take(), self.near.take(), self.targets.take());
        let display = Display {
            unit: self.unit?,
            unit_label: self.unit_label.take(),
            decimals: self.decimals.map(small),
            direction: self.direction?,
        };
        Some(Card {
            source: place.source(),
            metric: self.metric.take()?,
            period: self.period.take()?,
            display,
            goals,
            min_volume: self.min_volume,
            calendar: self.calendar.take(),
            time_zone: self.time_zone.take(),
            settles_after: self.settles_after,
            withhold_under: self.withhold_under,
            decides: self.decides.take().unwrap_or_default(),
            parameters: self.parameters.take().unwrap_or_default(),
            define: definitions(self.define.take()),
            population: self.population.take(),
            formulas: formulas?,
            by: self.by.take().unwrap_or_default(),
            related: self.related.take().unwrap_or_default(),
            agreement: self.agreement()?,
        })
    }
}

impl CardDraft {
    /// The formulas; a card has `formula` or `formulas`, and not both.
    fn formulas(&mut self, place: &Place, cx: &mut Cx<'_>) -> Option<Vec<CardFormula>> {
        match (self.formula.take(), self.formulas.take()) {
            (Some(formula), None) => Some(vec![bare(None, formula)]),
            (None, Some(named)) => {
                let made = named.into_iter().map(|(name, either)| match either {
                    Either::Short(formula) => bare(Some(name), formula),
                    Either::Long(formula) => formula,
                });
                Some(made.collect())
            }
            (Some(_), Some(_)) => {
                cx.say(place.not_both("formula", "formulas"));
                None
            }
            (None, None) => {
                cx.unless_said(place.span, || {
                    let keys = "`formula` and `formulas`";
                    complaints::missing_one_of(place.head, Self::NAME, keys)
                });
                None
            }
        }
    }

    fn agreement(self) -> Option<Agreement> {
        Some(Agreement {
            title: self.title?,
            class: self.class?,
            measures: self.measures?,
            estimated: self.estimated,
            views: self.views.unwrap_or_default(),
            owner: self.owner?,
            success_factor: self.success_factor,
            strategy: self.strategy.unwrap_or_default(),
            goal: self.goal,
            description: self.description,
            data_source: self.data_source,
            reliability: self.reliability,
            collected_by: self.collected_by,
            baseline: self.baseline,
            justification: self.justification,
            uses: self.uses.unwrap_or_default(),
            notes: self.notes.unwrap_or_default(),
            sanction: self.sanction,
            customer_visible: self.customer_visible,
            origin: self.source.unwrap_or_default(),
        })
    }
}

fn goals(
    target: Option<crate::syntax::Goal>,
    near: Option<crate::syntax::Goal>,
    targets: Option<Vec<Target>>,
) -> Goals {
    Goals { target, near, targets: targets.unwrap_or_default() }
}

/// A number that its kind keeps small.
fn small(number: Spanned<u32>) -> Spanned<u8> {
    number.map(|number| u8::try_from(number).unwrap_or(u8::MAX))
}

/// A formula that says nothing differently from its card.
fn bare(name: Option<Spanned<String>>, formula: Expr) -> CardFormula {
    CardFormula {
        name,
        formula,
        title: None,
        unit: None,
        decimals: None,
        direction: None,
        goals: Goals::default(),
    }
}

fn definitions(named: Option<Vec<(Spanned<String>, Expr)>>) -> Vec<Definition> {
    let named = named.unwrap_or_default().into_iter();
    named.map(|(name, expr)| Definition { name, expr }).collect()
}

form! {
    /// A formula with keys of its own while it is read.
    FormulaDraft {
        "formula" required formula: Formula, "what is computed";
        "title" optional title: Prose, "what it is called";
        "unit" optional unit: UnitKind, "what its values are shown in, else the card's";
        "decimals" optional decimals: Whole<0, 9>, "digits behind the point, else the card's";
        "direction" optional direction: Word<Direction>, "which values are better, else the card's";
        "target" optional target: GoalKind, "its target, always in force";
        "near" optional near: GoalKind, "the amber edge of its target";
        "targets" optional targets: ListOf<Record<TargetDraft>>, "targets from a day on, or for a segment";
    }
}

impl Form for FormulaDraft {
    type Out = CardFormula;
    const NAME: &'static str = "a formula";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<CardFormula> {
        Some(CardFormula {
            name: Some(place.key),
            formula: self.formula?,
            title: self.title,
            unit: self.unit,
            decimals: self.decimals.map(small),
            direction: self.direction,
            goals: goals(self.target, self.near, self.targets),
        })
    }
}

form! {
    /// An entry of `targets` while it is read.
    TargetDraft {
        "for" optional segment: Named<Text>, "the segment it holds for: field and value";
        "target" required target: GoalKind, "the target";
        "near" optional near: GoalKind, "its amber edge";
        "since" optional since: Day, "the day from which it is in force";
        "because" optional because: Prose, "why it was set";
    }
}

impl Form for TargetDraft {
    type Out = Target;
    const NAME: &'static str = "an entry of `targets`";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Target> {
        Some(Target {
            segment: self.segment.unwrap_or_default(),
            target: self.target?,
            near: self.near,
            since: self.since,
            because: self.because,
            span: place.span,
        })
    }
}

form! {
    /// The population of a card while it is read.
    PopulationDraft {
        "from" required from: Text, "a table or a named population";
        "dated" optional dated: Formula, "the instant that puts a row into a period; or `open`";
        "open" optional open: Stock, "from when until when a row is in stock; or `dated`";
        "over" optional over: WindowKind, "the rows of that time up to the period's end";
        "where" optional condition: Formula, "what the card is about";
        "exclude" optional exclude: OrNone<ListOf<Record<ExclusionDraft>>>, "what belongs to it and is left out, in this order";
    }
}

impl Form for PopulationDraft {
    type Out = Population;
    const NAME: &'static str = "a population";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Population> {
        if self.dated.is_some() && self.open.is_some() {
            cx.say(place.not_both("dated", "open"));
        }
        Some(Population {
            name: None,
            meaning: None,
            from: self.from?,
            dating: self.dated.map(Dating::Dated).or(self.open),
            over: self.over,
            condition: self.condition,
            exclude: self.exclude.unwrap_or_default(),
            span: place.span,
        })
    }
}

form! {
    /// An exclusion while it is read.
    ExclusionDraft {
        "name" required name: Text, "the name under which rows are charged to it";
        "when" optional when: Formula, "the condition that takes a row out; or `keep`";
        "keep" optional keep: KeepKind, "of each key only one row stays; or `when`";
        "reason" required reason: Prose, "why, for the reader";
    }
}

impl Form for ExclusionDraft {
    type Out = Exclusion;
    const NAME: &'static str = "an exclusion";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Exclusion> {
        let rule = match (self.when, self.keep) {
            (Some(when), None) => ExclusionRule::When(when),
            (None, Some(keep)) => ExclusionRule::Keep(keep),
            (Some(_), Some(_)) => {
                cx.say(place.not_both("when", "keep"));
                return None;
            }
            (None, None) => {
                cx.unless_said(place.span, || {
                    let keys = "`when` and `keep`";
                    complaints::missing_one_of(place.head, Self::NAME, keys)
                });
                return None;
            }
        };
        Some(Exclusion { name: self.name?, rule, reason: self.reason?, span: place.span })
    }
}

form! {
    /// An entry of `related` while it is read.
    RelatedDraft {
        "metric" required metric: Text, "the name of the other metric";
        "because" required because: Prose, "how they hang together";
    }
}

impl Form for RelatedDraft {
    type Out = Related;
    const NAME: &'static str = "an entry of `related`";

    fn finish(self, _: Place, _: &mut Cx<'_>) -> Option<Related> {
        Some(Related { metric: self.metric?, because: self.because? })
    }
}

/// One breakdown: a name, or a list of names that are crossed.
pub(crate) struct BreakdownKind;

impl Kind for BreakdownKind {
    type Out = Breakdown;

    fn read(node: &super::yaml::Node, cx: &mut Cx<'_>) -> Option<Breakdown> {
        let fields = OneOrMore::<Text>::read(node, cx)?;
        let span: Span = around(fields.iter().map(|field| field.span));
        Some(Breakdown { fields, span })
    }

    fn schema() -> serde_json::Value {
        OneOrMore::<Text>::schema()
    }

    fn words() -> String {
        "a field, or a list of fields that are crossed".into()
    }
}
