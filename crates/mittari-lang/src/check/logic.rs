//! Conditions, comparisons and choices.

use super::complaints::kinds as of_kinds;
use super::expr::{Checker, contains, is_unsound, unsound};
use super::kinds;
use super::scope::Tested;
use crate::builtin::Builtin;
use crate::card::Content;
use crate::diagnostic::Code;
use crate::span::Span;
use crate::syntax::{self, CompareOp, ExprKind as Written};
use crate::typed::{Expr, ExprKind, Related};
use crate::types::{Kind, Ty};
use crate::value::Value;

impl Checker<'_, '_> {
    /// `a and b`.
    pub(super) fn all(&mut self, written: &[syntax::Expr], span: Span) -> Expr {
        let operands = written.iter().map(|one| self.condition(one)).collect();
        self.apply(Builtin::And, operands, Kind::Truth, span)
    }

    /// `a or b`. A text after a comparison is the commonest slip.
    pub(super) fn any(&mut self, written: &[syntax::Expr], span: Span) -> Expr {
        let mut operands = Vec::new();
        let mut compared: Option<&syntax::Expr> = None;
        for one in written {
            let expr = self.expr(one);
            let is_value = matches!(expr.kind, ExprKind::Literal(_))
                && !matches!(expr.ty.kind, Kind::Truth | Kind::Unsound);
            let operand = match compared.filter(|_| is_value) {
                Some(left) => {
                    let name = crate::print::expression(left);
                    self.complain(of_kinds::or_of_values(one.span, &name))
                }
                None => self.truth(expr),
            };
            if let Written::Compare { left, op: CompareOp::Equal, .. } = &one.kind {
                compared = Some(left);
            }
            operands.push(operand);
        }
        self.apply(Builtin::Or, operands, Kind::Truth, span)
    }

    /// `not a`.
    pub(super) fn not(&mut self, written: &syntax::Expr, span: Span) -> Expr {
        let operand = self.condition(written);
        self.apply(Builtin::Not, vec![operand], Kind::Truth, span)
    }

    /// `a <= b`.
    pub(super) fn compare(
        &mut self,
        left: &syntax::Expr,
        op: CompareOp,
        right: &syntax::Expr,
        span: Span,
    ) -> Expr {
        let (mut left, mut right) = (self.expr(left), self.expr(right));
        let builtin = match op {
            CompareOp::Equal => Builtin::Equal,
            CompareOp::NotEqual => Builtin::NotEqual,
            CompareOp::Less => Builtin::Less,
            CompareOp::LessOrEqual => Builtin::LessOrEqual,
            CompareOp::Greater => Builtin::Greater,
            CompareOp::GreaterOrEqual => Builtin::GreaterOrEqual,
        };
        self.compared(builtin, &mut left, &mut right, span);
        if op == CompareOp::NotEqual {
            self.spoke_of_all(&left);
            self.spoke_of_all(&right);
        }
        self.apply(builtin, vec![left, right], Kind::Truth, span)
    }

    /// Sees whether two values can be compared; what cannot becomes unsound.
    pub(super) fn compared(
        &mut self,
        builtin: Builtin,
        left: &mut Expr,
        right: &mut Expr,
        span: Span,
    ) {
        let ordered = !matches!(builtin, Builtin::Equal | Builtin::NotEqual);
        // A text takes part in no order, and so is no value of a category there.
        if !ordered || ![left.ty.kind, right.ty.kind].contains(&Kind::Text) {
            self.adapt_both(left, right);
        }
        if let Err(code) = kinds::compare(left.ty.kind, right.ty.kind, ordered) {
            let place = place(code, left, right, span);
            let (one, other) = (self.words(left.ty.kind), self.words(right.ty.kind));
            let unit = self.offered_unit(left).or_else(|| self.offered_unit(right));
            self.say(of_kinds::compared(code, place, (&one, &other), unit));
            left.ty.kind = Kind::Unsound;
            return;
        }
        for (ratio, number) in [(&*left, &*right), (&*right, &*left)] {
            self.see_percent(ratio, number);
            self.see_days(ratio, number);
        }
        self.tested(left, right);
        self.tested(right, left);
    }

    /// A ratio beside a written number over 1.
    fn see_percent(&mut self, ratio: &Expr, number: &Expr) {
        if ratio.ty.kind == Kind::Ratio
            && let ExprKind::Literal(Value::Number(written)) = &number.kind
            && number.ty.kind == Kind::Bare
            && written.to_f64() > 1.0
        {
            self.say(of_kinds::percent_missing(number.span, *written));
        }
    }

    /// A duration in days beside working time.
    fn see_days(&mut self, working: &Expr, written: &Expr) {
        let measures =
            |expr: &Expr| matches!(expr.kind, ExprKind::Call(Builtin::WorkingTime, _));
        let less = |expr: &Expr| match &expr.kind {
            ExprKind::Related(related) => {
                matches!(**related, Related::Less { builtin: Builtin::WorkingTime, .. })
            }
            _ => measures(expr),
        };
        if contains(working, &less) {
            self.refuse_days(written);
        }
    }

    /// Says so if a duration was written in days.
    pub(super) fn refuse_days(&mut self, expr: &Expr) {
        if self.found.in_days.contains(&expr.span) {
            let hours = match expr.kind {
                ExprKind::Literal(Value::Duration(micros)) => {
                    Some(micros / 3_600_000_000)
                }
                _ => None,
            };
            self.say(of_kinds::day_in_working_time(expr.span, hours));
        }
        for child in super::expr::children(expr) {
            self.refuse_days(child);
        }
    }

    /// Notes which declared value a category was compared with.
    fn tested(&mut self, field: &Expr, value: &Expr) {
        let ExprKind::Column(column) = field.kind else { return };
        if !matches!(field.ty.kind, Kind::Category(_)) {
            return;
        }
        let fresh =
            || Tested { span: field.span, named: indexmap::IndexSet::new(), all: false };
        let tested = self.found.tested.entry(column).or_insert_with(fresh);
        match value.kind {
            ExprKind::Literal(Value::Category(number)) => {
                tested.named.insert(number);
            }
            _ => tested.all = true,
        }
    }

    /// Notes that all values of a category were spoken of.
    pub(super) fn spoke_of_all(&mut self, field: &Expr) {
        if let ExprKind::Column(column) = field.kind
            && let Some(tested) = self.found.tested.get_mut(&column)
        {
            tested.all = true;
        }
    }

    /// `a in [..]`, `a not in [..]`.
    pub(super) fn membership(
        &mut self,
        value: &syntax::Expr,
        list: &syntax::Expr,
        negated: bool,
        span: Span,
    ) -> Expr {
        let mut value = self.expr(value);
        let mut arguments = vec![value.clone()];
        for mut element in self.elements(list) {
            if is_unsound(&element) {
                return unsound(span);
            }
            if !matches!(element.kind, ExprKind::Literal(_)) {
                return self.complain(of_kinds::list_of_fields(element.span));
            }
            let place = element.span;
            self.compared(Builtin::Equal, &mut value, &mut element, place);
            if is_unsound(&value) {
                return unsound(span);
            }
            arguments.push(element);
        }
        if negated {
            self.spoke_of_all(&value);
        }
        let within = self.apply(Builtin::In, arguments, Kind::Truth, span);
        if negated {
            self.apply(Builtin::Not, vec![within], Kind::Truth, span)
        } else {
            within
        }
    }

    /// The values of a list, parameters put in place.
    fn elements(&mut self, list: &syntax::Expr) -> Vec<Expr> {
        match &list.kind {
            Written::List(elements) => {
                elements.iter().flat_map(|element| self.elements_of(element)).collect()
            }
            Written::Name(_) => self.elements_of(list),
            Written::Unsound => vec![unsound(list.span)],
            _ => vec![self.complain(of_kinds::list_expected(list.span))],
        }
    }

    /// One element, or the several of a parameter that is a list.
    fn elements_of(&mut self, written: &syntax::Expr) -> Vec<Expr> {
        let card = self.card;
        if let Written::Name(path) = &written.kind
            && let [name] = path.parts.as_slice()
            && let Some(parameter) = card.parameters.get(name.value.as_str())
            && let Content::List(values) = &parameter.content
        {
            self.found.used.insert(name.value.clone());
            let origin = (name.value.clone(), parameter.span);
            self.found.origins.insert(written.span, origin);
            return values
                .iter()
                .map(|value| self.literal(&value.value, written.span))
                .collect();
        }
        vec![self.expr(written)]
    }

    /// `a between b and c`: both ends belong to it.
    pub(super) fn between(
        &mut self,
        value: &syntax::Expr,
        ends: [&syntax::Expr; 2],
        negated: bool,
        span: Span,
    ) -> Expr {
        let value = self.expr(value);
        let [mut low, mut high] = ends.map(|end| self.expr(end));
        if [&value, &low, &high].iter().any(|one| one.ty.kind == Kind::Instant) {
            return self.complain(of_kinds::between_instants(span));
        }
        let (mut above, mut below) = (value.clone(), value);
        self.compared(Builtin::GreaterOrEqual, &mut above, &mut low, span);
        self.compared(Builtin::LessOrEqual, &mut below, &mut high, span);
        let ends = vec![
            self.apply(Builtin::GreaterOrEqual, vec![above, low], Kind::Truth, span),
            self.apply(Builtin::LessOrEqual, vec![below, high], Kind::Truth, span),
        ];
        let within = self.apply(Builtin::And, ends, Kind::Truth, span);
        if negated {
            self.apply(Builtin::Not, vec![within], Kind::Truth, span)
        } else {
            within
        }
    }

    /// `a is missing`, `a is known`.
    pub(super) fn presence(
        &mut self,
        builtin: Builtin,
        written: &syntax::Expr,
        span: Span,
    ) -> Expr {
        let value = self.expr(written);
        self.heed(&value);
        if !value.ty.maybe && !is_unsound(&value) {
            self.say(of_kinds::never_missing(span));
        }
        let mut test = self.apply(builtin, vec![value], Kind::Truth, span);
        test.ty.maybe = false;
        test
    }

    /// Notes the parameter tables whose missing values are spoken of.
    fn heed(&mut self, expr: &Expr) {
        if let ExprKind::Table(_) = expr.kind
            && let Some((name, _)) = self.found.origins.get(&expr.span)
        {
            self.found.heeded.insert(name.clone());
        }
        for child in super::expr::children(expr) {
            self.heed(child);
        }
    }

    /// `a or_else b`.
    pub(super) fn or_else(&mut self, written: &[syntax::Expr], span: Span) -> Expr {
        let mut values: Vec<Expr> = written.iter().map(|one| self.expr(one)).collect();
        let Some(kind) = self.join(&mut values) else { return unsound(span) };
        if let Some((_, before)) = values.split_last() {
            for value in before {
                self.heed(value);
            }
            if let Some(never) = before.iter().find(|value| !value.ty.maybe) {
                self.say(of_kinds::never_missing(never.span));
            }
        }
        let maybe = values.iter().all(|value| value.ty.maybe);
        let mut first = self.apply(Builtin::OrElse, values, kind, span);
        first.ty.maybe = maybe && !is_unsound(&first);
        first
    }

    /// `if a then b else c`.
    pub(super) fn branch(
        &mut self,
        branches: &[(syntax::Expr, syntax::Expr)],
        otherwise: &syntax::Expr,
        span: Span,
    ) -> Expr {
        let conditions: Vec<Expr> =
            branches.iter().map(|(condition, _)| self.condition(condition)).collect();
        let mut values: Vec<Expr> = branches
            .iter()
            .map(|(_, value)| value)
            .chain([otherwise])
            .map(|value| self.expr(value))
            .collect();
        let joined = self.join(&mut values);
        let Some(kind) = joined.filter(|_| !conditions.iter().any(is_unsound)) else {
            return unsound(span);
        };
        let Some(grain) = self.grain(conditions.iter().chain(&values), span) else {
            return unsound(span);
        };
        let maybe = values.iter().any(|value| value.ty.maybe);
        let Some(last) = values.pop() else { return unsound(span) };
        if let Some(unknown) = conditions.iter().find(|condition| condition.ty.maybe)
            && matches!(last.kind, ExprKind::Literal(ref value) if *value != Value::Missing)
        {
            self.say(of_kinds::if_on_unknown(unknown.span, last.span));
        }
        let branches = conditions.into_iter().zip(values).collect();
        Expr {
            kind: ExprKind::Case(branches, Box::new(last)),
            ty: Ty::new(kind, grain, maybe),
            span,
        }
    }
}

/// Where a complaint about a comparison stands.
fn place(code: Code, left: &Expr, right: &Expr, span: Span) -> Span {
    let number = |expr: &&&Expr| matches!(expr.ty.kind, Kind::Bare | Kind::Number);
    let text = |expr: &&&Expr| expr.ty.kind == Kind::Text;
    let sides = [right, left];
    let found = match code {
        Code::UnitExpected => sides.iter().find(number),
        Code::TextAndCategory => sides.iter().find(text),
        _ => None,
    };
    found.map_or(span, |side| side.span)
}
