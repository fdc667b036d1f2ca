//! The vocabulary: its keys and what becomes of them.

use serde_json::{Value as Json, json};

use crate::card::Population;
use crate::span::Spanned;
use crate::vocabulary::{
    DeclaredValue, Field, FieldKind, Lookup, Rule, Table, Vocabulary,
};

use super::card::ExclusionDraft;
use super::cx::Cx;
use super::field::{Form, Kind, Place, Record, Section, form};
use super::kinds::{Either, ListOf, Named, OneOrMore, OrNone, Prose, ShortOr, Text};
use super::language::Formula;
use super::small::{LookupKind, ValidKind};
use super::words::{Truth, UnitKind, Word};
use super::yaml::{Node, NodeValue};

form! {
    /// The vocabulary while it is read.
    VocabularyDraft {
        "tables" required tables: Named<Record<TableDraft>>, "the tables that cards may speak of";
        "populations" optional populations: Named<Record<NamedPopulation>>, "tables with a condition and exclusions, by name";
    }
}

impl Form for VocabularyDraft {
    type Out = Vocabulary;
    const NAME: &'static str = "a vocabulary";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Vocabulary> {
        let populations = self.populations.unwrap_or_default();
        Some(Vocabulary {
            source: place.source(),
            tables: self.tables?.into_iter().map(|(_, table)| table).collect(),
            populations: populations.into_iter().map(|(_, one)| one).collect(),
        })
    }
}

form! {
    /// A table while it is read.
    TableDraft {
        "meaning" optional meaning: Prose, "what one row is";
        "key" optional key: OneOrMore<Text>, "the fields that name one row";
        "lookups" optional lookups: Named<LookupKind>, "the ways from a row to one row of another table";
        "valid" optional valid: ValidKind, "the fields between which a row holds";
        "fields" required fields: Fields, "the fields, each with its type or with keys";
        "rules" optional rules: ListOf<Record<RuleDraft>>, "what must be true of every row";
    }
}

impl Form for TableDraft {
    type Out = Table;
    const NAME: &'static str = "a table";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Table> {
        let lookups = self.lookups.unwrap_or_default().into_iter();
        let lookup = |(name, (table, by, span))| Lookup { name, table, by, span };
        Some(Table {
            name: place.key,
            meaning: self.meaning,
            key: self.key.unwrap_or_default(),
            lookups: lookups.map(lookup).collect(),
            valid: self.valid,
            fields: self.fields?,
            rules: self.rules.unwrap_or_default(),
        })
    }
}

form! {
    /// A field while it is read.
    FieldDraft {
        "type" optional kind: Word<FieldKind>, "its type; with `values` alone a category, with `is` what the formula gives";
        "values" optional values: Declared, "all values that may occur, in their order; as names with a title, what people call each";
        "unit" optional unit: UnitKind, "the unit people read it in";
        "currency" optional currency: Text, "of money: the currency's code";
        "required" optional required: Truth, "whether it may not be missing";
        "planned" optional planned: Truth, "whether its instant may lie in the future";
        "personal" optional personal: Truth, "whether it points at a person";
        "is" optional is: Formula, "how it is computed";
        "meaning" optional meaning: Prose, "what it is";
    }
}

impl Form for FieldDraft {
    type Out = Field;
    const NAME: &'static str = "a field";

    fn finish(self, place: Place, cx: &mut Cx<'_>) -> Option<Field> {
        if self.kind.is_none() && self.values.is_none() && self.is.is_none() {
            cx.unless_said(place.span, || {
                let keys = "`type`, `values` and `is`";
                super::complaints::missing_one_of(place.head, Self::NAME, keys)
            });
        }
        Some(Field {
            name: place.key,
            kind: self.kind,
            values: self.values.unwrap_or_default(),
            unit: self.unit,
            currency: self.currency,
            required: self.required,
            planned: self.planned,
            personal: self.personal,
            is: self.is,
            meaning: self.meaning,
            span: place.span,
        })
    }
}

/// The fields of a table: a type, or keys.
pub(crate) struct Fields;

type FieldKinds = Named<ShortOr<Word<FieldKind>, Record<FieldDraft>>>;

impl Kind for Fields {
    type Out = Vec<Field>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Vec<Field>> {
        let named = FieldKinds::read(node, cx)?;
        let field = |(name, either)| match either {
            Either::Short(kind) => short(name, kind),
            Either::Long(field) => field,
        };
        Some(named.into_iter().map(field).collect())
    }

    fn schema() -> Json {
        FieldKinds::schema()
    }

    fn words() -> String {
        FieldKinds::words()
    }

    fn sections(out: &mut Vec<Section>) {
        FieldKinds::sections(out);
    }
}

/// A field of which only the type is said.
fn short(name: Spanned<String>, kind: Spanned<FieldKind>) -> Field {
    Field {
        name,
        span: kind.span,
        kind: Some(kind),
        values: Vec::new(),
        unit: None,
        currency: None,
        required: None,
        planned: None,
        personal: None,
        is: None,
        meaning: None,
    }
}

/// The declared values: a list, or each with what people call it.
pub(crate) struct Declared;

impl Kind for Declared {
    type Out = Vec<DeclaredValue>;

    fn read(node: &Node, cx: &mut Cx<'_>) -> Option<Self::Out> {
        if matches!(node.value, NodeValue::Mapping(_)) {
            let named = Named::<Prose>::read(node, cx)?;
            let value = |(value, title)| DeclaredValue { value, title: Some(title) };
            return Some(named.into_iter().map(value).collect());
        }
        let list = ListOf::<Text>::read(node, cx)?;
        Some(list.into_iter().map(|value| DeclaredValue { value, title: None }).collect())
    }

    fn schema() -> Json {
        json!({"anyOf": [ListOf::<Text>::schema(), Named::<Prose>::schema()]})
    }

    fn words() -> String {
        "a list of values, or values with a title behind each".into()
    }
}

form! {
    /// A rule about every row while it is read.
    RuleDraft {
        "name" required name: Text, "the name under which violations are counted";
        "must" required must: Formula, "the condition that must be true";
        "reason" required reason: Prose, "why, for the reader";
    }
}

impl Form for RuleDraft {
    type Out = Rule;
    const NAME: &'static str = "a rule";

    fn finish(self, _: Place, _: &mut Cx<'_>) -> Option<Rule> {
        Some(Rule { name: self.name?, must: self.must?, reason: self.reason? })
    }
}

form! {
    /// A named population while it is read.
    NamedPopulation {
        "meaning" optional meaning: Prose, "what it is";
        "from" required from: Text, "a table or another population";
        "where" optional condition: Formula, "what it is about";
        "exclude" optional exclude: OrNone<ListOf<Record<ExclusionDraft>>>, "what belongs to it and is left out, in this order";
    }
}

impl Form for NamedPopulation {
    type Out = Population;
    const NAME: &'static str = "a named population";

    fn finish(self, place: Place, _: &mut Cx<'_>) -> Option<Population> {
        Some(Population {
            name: Some(place.key),
            meaning: self.meaning,
            from: self.from?,
            dating: None,
            over: None,
            condition: self.condition,
            exclude: self.exclude.unwrap_or_default(),
            span: place.span,
        })
    }
}
