//! One field: what it is, and that it is the same wherever its name stands.

use super::{Checker, ComputedField, called, complaints};
use crate::schema::{Column, TableId, ValueSet};
use crate::span::{Span, Spanned};
use crate::types::{Kind, SetId, Unit};
use crate::value::{Currency, Decimal, Value};
use crate::vocabulary::{DeclaredValue, Field, FieldKind};

/// What a name was declared as, the first time.
pub(super) struct Declared<'a> {
    table: &'a str,
    span: Span,
    shape: Shape,
}

/// What must be the same for each field of one name.
#[derive(Clone, PartialEq)]
struct Shape {
    kind: Kind,
    numbers: Vec<Value>,
    personal: bool,
}

impl<'a> Checker<'a> {
    /// One field: a column of its table, or nothing if it is computed.
    pub(super) fn field(
        &mut self,
        id: TableId,
        table: &'a str,
        field: &'a Field,
    ) -> Option<Column> {
        let kind = self.kind(field);
        let numbers = self.numbers(field);
        self.strays(field, kind);
        let personal = said(field.personal.as_ref());
        if let Some(kind) = kind {
            let shape = Shape { kind, numbers: numbers.clone(), personal };
            self.same_everywhere(table, field, shape);
        }
        if let Some(expr) = &field.is {
            let name = &field.name;
            let computed = ComputedField { table: id, field, name, expr, kind, personal };
            self.resolved.computed.push(computed);
            return None;
        }
        Some(Column {
            name: field.name.value.clone(),
            // A field of an unclear type was complained about; it stays a column so
            // that those who speak of it are not told that it does not exist.
            kind: kind.unwrap_or(Kind::Unsound),
            required: said(field.required.as_ref()),
            planned: said(field.planned.as_ref()),
            personal,
            unit: field.unit.as_ref().map(|unit| unit.value),
            values: numbers,
            meaning: field.meaning.as_ref().map_or("", |text| text.first()).to_owned(),
        })
    }

    /// The kind of a field; none if it follows from an expression or is unclear.
    fn kind(&mut self, field: &'a Field) -> Option<Kind> {
        let name = &field.name;
        let Some(written) = &field.kind else {
            return (!field.values.is_empty()).then(|| self.category(field));
        };
        Some(match written.value {
            FieldKind::Text => Kind::Text,
            FieldKind::Boolean => Kind::Truth,
            FieldKind::Number => Kind::Number,
            FieldKind::Duration => Kind::Duration,
            FieldKind::Instant => Kind::Instant,
            FieldKind::Date => Kind::Day,
            FieldKind::Category if field.values.is_empty() => {
                self.complain(complaints::no_values(name));
                return None;
            }
            FieldKind::Category => self.category(field),
            FieldKind::Money => return self.money(field),
        })
    }

    fn money(&mut self, field: &Field) -> Option<Kind> {
        let Some(code) = &field.currency else {
            self.complain(complaints::no_currency(&field.name));
            return None;
        };
        let found = Currency::named(&code.value);
        if found.is_none() {
            self.complain(complaints::currency(code));
        }
        found.map(Kind::Money)
    }

    /// The set of a category: an equal list, in the same order, is the same set.
    fn category(&mut self, field: &Field) -> Kind {
        self.distinct(&field.values);
        let values: Vec<_> =
            field.values.iter().map(|value| value.value.value.clone()).collect();
        let sets = &mut self.resolved.schema.sets;
        let number =
            sets.iter().position(|set| set.values == values).unwrap_or_else(|| {
                sets.push(ValueSet { name: field.name.value.clone(), values });
                sets.len() - 1
            });
        Kind::Category(SetId(u32::try_from(number).unwrap_or(u32::MAX)))
    }

    fn distinct(&mut self, values: &[DeclaredValue]) {
        for (number, value) in values.iter().enumerate() {
            let before = values.iter().take(number);
            let first =
                before.map(|one| &one.value).find(|one| one.value == value.value.value);
            if let Some(first) = first {
                self.complain(complaints::twice(&value.value, first.span, "entry"));
            }
        }
    }

    /// The declared values of a number.
    fn numbers(&mut self, field: &Field) -> Vec<Value> {
        if field.kind.as_ref().is_none_or(|kind| kind.value != FieldKind::Number) {
            return Vec::new();
        }
        self.distinct(&field.values);
        let mut numbers = Vec::new();
        for value in &field.values {
            match decimal(&value.value.value) {
                Some(number) => numbers.push(Value::Number(number)),
                None => self.complain(complaints::not_a_number(&value.value)),
            }
        }
        numbers
    }

    /// Keys that say nothing about a field of this kind.
    fn strays(&mut self, field: &Field, kind: Option<Kind>) {
        if let (Some(required), true) = (&field.required, field.is.is_some()) {
            let expected = "a field that is read";
            let found = "a computed one";
            self.complain(complaints::stray("required", required.span, expected, found));
        }
        let Some(kind) = kind else { return };
        let what = called(kind, &self.resolved.schema);
        let has_values = matches!(kind, Kind::Category(_) | Kind::Number);
        if let (Some(value), false) = (field.values.first(), has_values) {
            self.complain(complaints::values_of(&field.name, value.value.span, &what));
        }
        if let (Some(code), false) = (&field.currency, matches!(kind, Kind::Money(_))) {
            self.complain(complaints::stray("currency", code.span, "money", &what));
        }
        let timed = matches!(kind, Kind::Instant | Kind::Day);
        if let (Some(planned), false) = (&field.planned, timed) {
            let expected = "an instant or a date";
            self.complain(complaints::stray("planned", planned.span, expected, &what));
        }
        let Some(Spanned { value: unit, span }) = field.unit else { return };
        match kind {
            Kind::Duration if unit.micros().is_some() => {}
            Kind::Number if matches!(unit, Unit::Number | Unit::Count) => {}
            Kind::Duration => self.complain(complaints::duration_unit(span, unit.word())),
            _ => {
                let key = format!("unit: {}", unit.word());
                self.complain(complaints::stray(&key, span, "a duration", &what));
            }
        }
    }

    /// A field of one name has one type and one list of values everywhere.
    fn same_everywhere(&mut self, table: &'a str, field: &'a Field, shape: Shape) {
        let name = &field.name;
        let Some(first) = self.fields.get(name.value.as_str()) else {
            let declared = Declared { table, span: name.span, shape };
            self.fields.insert(&name.value, declared);
            return;
        };
        // Twice in one table is told as such.
        if first.shape == shape || first.table == table {
            return;
        }
        let elsewhere = complaints::Elsewhere {
            table: first.table,
            what: self.shown(&first.shape, &shape),
            span: first.span,
        };
        let here = self.shown(&shape, &first.shape);
        let diagnostic = complaints::conflict(name, &elsewhere, &here);
        self.complain(diagnostic);
    }

    /// A shape in words: that part of it in which it differs from another.
    fn shown(&self, shape: &Shape, other: &Shape) -> String {
        let what = called(shape.kind, &self.resolved.schema);
        if shape.kind != other.kind {
            what
        } else if shape.personal == other.personal {
            match shape.numbers.len() {
                0 => format!("{what} without `values`"),
                count => format!("{what} with {count} `values`"),
            }
        } else if shape.personal {
            format!("{what} that is `personal`")
        } else {
            format!("{what} that is not `personal`")
        }
    }
}

/// A key that says yes or no, where it stands.
fn said(key: Option<&Spanned<bool>>) -> bool {
    key.is_some_and(|key| key.value)
}

/// A number as people write it: digits, a sign, a point.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    if digits.contains('.') && part.is_empty() {
        return None;
    }
    let scale = u8::try_from(part.len()).ok().filter(|scale| *scale <= 18)?;
    let size: i64 = format!("{whole}{part}").parse().ok()?;
    let mantissa = if text.starts_with('-') { -size } else { size };
    Some(Decimal { mantissa, scale })
}
