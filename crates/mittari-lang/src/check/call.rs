//! Calls: which function is meant, and the functions of values.

use super::complaints::{call as of_calls, kinds as of_kinds, names as of_names};
use super::expr::{Checker, is_unsound, unsound};
use super::table::constant;
use crate::builtin::Builtin;
use crate::span::{Span, Spanned};
use crate::syntax::{self, Call, Clause, ClauseKind, ExprKind as Written};
use crate::typed::{Expr, ExprKind, Function};
use crate::types::{Grain, Kind};
use crate::value::Value;

/// The names of all functions.
pub(super) const FUNCTIONS: &[&str] = &[
    "count",
    "share",
    "sum",
    "mean",
    "median",
    "percentile",
    "nearest_rank",
    "min",
    "max",
    "stddev",
    "distinct",
    "distribution",
    "metric",
    "score",
    "previous",
    "next",
    "working_time",
    "due",
    "inside_hours",
    "weekday",
    "hour",
    "date_of",
    "starts_with",
    "contains",
    "matches",
    "floor",
];

/// Whether a function has this name.
pub(super) fn is_function(name: &str) -> bool {
    FUNCTIONS.contains(&name)
}

impl Checker<'_, '_> {
    /// A call of a function.
    pub(super) fn call(&mut self, call: &Call, span: Span) -> Expr {
        if !self.group
            && let Some(name) = belonging(call)
        {
            return self.its(call, name, span);
        }
        match call.name.value.as_str() {
            "count" => self.count(call, span),
            "share" => self.share(call, span),
            "sum" => self.measured(call, Function::Sum, span),
            "mean" => self.measured(call, Function::Mean, span),
            "median" => self.measured(call, Function::Quantile(0.5), span),
            "stddev" => self.measured(call, Function::Stddev, span),
            "percentile" => self.quantile(call, Function::Quantile, span),
            "nearest_rank" => self.quantile(call, Function::NearestRank, span),
            "min" => self.extreme(call, Function::Min, span),
            "max" => self.extreme(call, Function::Max, span),
            "distinct" => self.distinct(call, span),
            "distribution" => self.distribution(call, span),
            "metric" => self.metric(call, span),
            "score" => self.score(call, span),
            "previous" => self.previous(call, span),
            "next" => self.neighbour(call, span),
            "working_time" => self.working_time(call, span),
            "due" => self.due(call, span),
            "inside_hours" => self.inside_hours(call, span),
            "weekday" => self.part(call, Builtin::Weekday, span),
            "hour" => self.part(call, Builtin::Hour, span),
            "date_of" => self.part(call, Builtin::DateOf, span),
            "starts_with" => self.text_test(call, Builtin::StartsWith, span),
            "contains" => self.text_test(call, Builtin::Contains, span),
            "matches" => self.text_test(call, Builtin::Matches, span),
            "floor" => self.floor(call, span),
            _ => self.complain(of_names::unknown_function(&call.name, FUNCTIONS)),
        }
    }

    /// The arguments of a call that takes so many and these clauses; `None` after a
    /// complaint.
    pub(super) fn arguments<'e, const N: usize>(
        &mut self,
        call: &'e Call,
        clauses: &[&str],
        span: Span,
    ) -> Option<&'e [syntax::Expr; N]> {
        let name = call.name.value.as_str();
        for Clause { kind, span } in &call.clauses {
            if !clauses.contains(&kind.word()) {
                self.say(of_calls::no_such_clause(*span, name, kind.word(), clauses));
                return None;
            }
        }
        let found = call.arguments.len();
        let arguments = <&[syntax::Expr; N]>::try_from(call.arguments.as_slice()).ok();
        if arguments.is_none() {
            self.say(of_calls::argument_count(span, name, N, found));
        }
        arguments
    }

    /// An argument that must be of a kind.
    pub(super) fn of_kind(
        &mut self,
        written: &syntax::Expr,
        kind: Kind,
        expected: &str,
    ) -> Expr {
        let mut expr = self.expr(written);
        self.adapt(&mut expr, kind);
        if expr.ty.kind == kind || is_unsound(&expr) {
            return expr;
        }
        if kind == Kind::Duration && expr.ty.kind == Kind::Bare {
            return self.complain(of_kinds::duration_expected(expr.span));
        }
        let found = self.words(expr.ty.kind);
        self.complain(of_kinds::argument_kind(expr.span, expected, &found))
    }

    /// `working_time(a, b, calendar c)`.
    fn working_time(&mut self, call: &Call, span: Span) -> Expr {
        let Some([from, until]) = self.arguments(call, &["calendar", "except"], span)
        else {
            return unsound(span);
        };
        let from = self.of_kind(from, Kind::Instant, "an instant");
        let until = self.of_kind(until, Kind::Instant, "an instant");
        let calendar = self.calendar(call, span);
        let arguments = vec![from, until, calendar];
        let mut time = self.apply(Builtin::WorkingTime, arguments, Kind::Duration, span);
        // Reversed ends have none.
        time.ty.maybe = !is_unsound(&time);
        self.except(call, time)
    }

    /// `due(a, 4 h, calendar c)`.
    fn due(&mut self, call: &Call, span: Span) -> Expr {
        let Some([from, time]) = self.arguments(call, &["calendar", "except"], span)
        else {
            return unsound(span);
        };
        let from = self.of_kind(from, Kind::Instant, "an instant");
        let time = self.of_kind(time, Kind::Duration, "a duration");
        self.refuse_days(&time);
        let calendar = self.calendar(call, span);
        let due =
            self.apply(Builtin::Due, vec![from, time, calendar], Kind::Instant, span);
        self.except(call, due)
    }

    /// `inside_hours(a, calendar c)`.
    fn inside_hours(&mut self, call: &Call, span: Span) -> Expr {
        let Some([at]) = self.arguments(call, &["calendar"], span) else {
            return unsound(span);
        };
        let at = self.of_kind(at, Kind::Instant, "an instant");
        let calendar = self.calendar(call, span);
        self.apply(Builtin::InsideHours, vec![at, calendar], Kind::Truth, span)
    }

    /// The calendar of a call: its own, else the card's, else the workspace's.
    fn calendar(&mut self, call: &Call, span: Span) -> Expr {
        let clause = call.clause(|kind| matches!(kind, ClauseKind::Calendar(_)));
        let Some(Clause { kind: ClauseKind::Calendar(written), .. }) = clause else {
            return match self.card.calendar {
                Some(number) => constant(Value::Calendar(number), Kind::Calendar, span),
                None => self.complain(of_calls::calendar_missing(span)),
            };
        };
        if let Written::Name(path) = &written.kind
            && let [name] = path.parts.as_slice()
            && !self.card.parameters.contains_key(name.value.as_str())
            && self.world.calendar(&name.value).is_some()
        {
            return self.complain(of_calls::calendar_quotes(written.span, &name.value));
        }
        let mut expr = self.expr(written);
        if is_unsound(&expr) {
            return expr;
        }
        let named = match &mut expr.kind {
            ExprKind::Literal(value) => self.calendar_value(value, written.span),
            ExprKind::Table(table) if expr.ty.kind == Kind::Text => {
                let mut sound = true;
                for edition in &mut table.editions {
                    for (_, value) in &mut edition.rows {
                        sound &= self.calendar_value(value, written.span);
                    }
                    sound &= edition.otherwise == Value::Missing
                        || self.calendar_value(&mut edition.otherwise, written.span);
                }
                sound
            }
            _ => {
                self.say(of_calls::calendar_form(written.span));
                false
            }
        };
        expr.ty.kind = Kind::Calendar;
        if named { expr } else { unsound(written.span) }
    }

    /// The name of a calendar becomes the calendar; `false` after a complaint.
    fn calendar_value(&mut self, value: &mut Value, span: Span) -> bool {
        let Value::Text(name) = &*value else {
            self.say(of_calls::calendar_form(span));
            return false;
        };
        let Some(number) = self.world.calendar(name) else {
            let known = self.world.calendars.iter().copied();
            self.say(of_names::unknown_calendar(span, name, known));
            return false;
        };
        *value = Value::Calendar(number);
        true
    }

    /// `weekday(a)`, `hour(a)`, `date_of(a)`, in the zone of the card.
    fn part(&mut self, call: &Call, builtin: Builtin, span: Span) -> Expr {
        let Some([at]) = self.arguments(call, &[], span) else { return unsound(span) };
        let at = self.of_kind(at, Kind::Instant, "an instant");
        let kind = match builtin {
            Builtin::Weekday => Kind::Category(self.world.weekdays),
            Builtin::Hour => Kind::Number,
            _ => Kind::Day,
        };
        let zone = constant(Value::Zone(self.card.zone), Kind::Text, span);
        self.apply(builtin, vec![at, zone], kind, span)
    }

    /// `contains(x, "VPN")`, `starts_with(...)`, `matches(...)`.
    fn text_test(&mut self, call: &Call, builtin: Builtin, span: Span) -> Expr {
        let Some([subject, pattern]) = self.arguments(call, &[], span) else {
            return unsound(span);
        };
        let (subject, pattern) = (self.expr(subject), self.expr(pattern));
        if !matches!(subject.ty.kind, Kind::Text | Kind::Category(_) | Kind::Unsound) {
            let found = self.words(subject.ty.kind);
            return self.complain(of_kinds::argument_kind(
                subject.span,
                "a text",
                &found,
            ));
        }
        let ExprKind::Literal(Value::Text(text)) = &pattern.kind else {
            if is_unsound(&pattern) {
                return unsound(span);
            }
            return self.complain(of_calls::text_not_written(pattern.span));
        };
        let fits = match test_of(builtin, text) {
            Ok(fits) => fits,
            Err(reason) => {
                return self.complain(of_calls::pattern_form(pattern.span, &reason));
            }
        };
        if let Kind::Category(set) = subject.ty.kind
            && !self.made.set(set).iter().any(|value| fits(value))
        {
            let (name, text) = (self.made.set_name(set).to_owned(), text.clone());
            self.say(of_calls::fits_no_value(pattern.span, &name, &text));
        }
        self.apply(builtin, vec![subject, pattern], Kind::Truth, span)
    }

    /// `floor(x, 1 s)`.
    fn floor(&mut self, call: &Call, span: Span) -> Expr {
        let Some([value, step]) = self.arguments(call, &[], span) else {
            return unsound(span);
        };
        let (mut value, mut step) = (self.expr(value), self.expr(step));
        self.adapt_both(&mut value, &mut step);
        let kind = value.ty.kind;
        if !measurable(kind) && !is_unsound(&value) {
            let found = self.words(kind);
            return self.complain(of_kinds::argument_kind(
                value.span,
                "a number or a duration",
                &found,
            ));
        }
        if let Err(code) = super::kinds::compare(kind, step.ty.kind, true) {
            let (expected, found) = (self.words(kind), self.words(step.ty.kind));
            let words = (expected.as_str(), found.as_str());
            let unit = self.offered_unit(&value);
            return self.complain(of_kinds::compared(code, step.span, words, unit));
        }
        let positive = match &step.kind {
            ExprKind::Literal(Value::Number(number) | Value::Money(number)) => {
                number.mantissa > 0
            }
            ExprKind::Literal(Value::Duration(micros)) => *micros > 0,
            _ => is_unsound(&step),
        };
        if !positive {
            return self.complain(of_calls::step_form(step.span));
        }
        self.apply(Builtin::Floor, vec![value, step], kind, span)
    }

    /// `previous(x)` of the group, or a neighbouring row's value.
    fn previous(&mut self, call: &Call, span: Span) -> Expr {
        let rows =
            |kind: &ClauseKind| matches!(kind, ClauseKind::Per(_) | ClauseKind::By(_));
        if call.clause(rows).is_some() {
            return self.neighbour(call, span);
        }
        let Some([value]) = self.arguments(call, &[], span) else { return unsound(span) };
        let value = self.expr(value);
        if is_unsound(&value) {
            return unsound(span);
        }
        let nested =
            |expr: &Expr| matches!(expr.kind, ExprKind::Call(Builtin::Previous, _));
        if super::expr::contains(&value, &nested) {
            return self.complain(of_calls::previous_nested(span));
        }
        if value.ty.grain != Grain::Group {
            return self.complain(of_kinds::group_expected(value.span, value.ty.grain));
        }
        let kind = value.ty.kind;
        let mut previous = self.apply(Builtin::Previous, vec![value], kind, span);
        previous.ty.maybe = true;
        previous
    }

    /// `score(x, worst a, best b)`.
    fn score(&mut self, call: &Call, span: Span) -> Expr {
        let Some([value]) = self.arguments(call, &["worst", "best"], span) else {
            return unsound(span);
        };
        let mut value = self.expr(value);
        let mut ends = [None, None];
        for clause in &call.clauses {
            match &clause.kind {
                ClauseKind::Worst(written) => ends[0] = Some(written),
                ClauseKind::Best(written) => ends[1] = Some(written),
                _ => {}
            }
        }
        let [Some(worst), Some(best)] = ends else {
            return self.complain(of_calls::score_ends(span, ends[0].is_none()));
        };
        if value.ty.grain == Grain::Row {
            return self.complain(of_kinds::group_expected(value.span, Grain::Row));
        }
        let [worst, best] = [worst, best].map(|end| {
            let mut end = self.expr(end);
            if !is_unsound(&end) && !matches!(end.kind, ExprKind::Literal(_)) {
                return self.complain(of_calls::end_not_written(end.span));
            }
            let place = end.span;
            self.compared(Builtin::Less, &mut value, &mut end, place);
            end
        });
        if !is_unsound(&worst) && worst.kind == best.kind {
            return self.complain(of_calls::score_ends_equal(span));
        }
        let arguments = vec![value, worst, best];
        let mut score = self.apply(Builtin::Score, arguments, Kind::Ratio, span);
        score.ty.maybe = !is_unsound(&score);
        score
    }
}

/// The rows behind `its`, of a call that has it.
fn belonging(call: &Call) -> Option<&Spanned<String>> {
    call.clauses.iter().find_map(|clause| match &clause.kind {
        ClauseKind::Its(name) => Some(name),
        _ => None,
    })
}

/// Whether sums and means may be taken of values of a kind.
pub(super) const fn measurable(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Bare
            | Kind::Number
            | Kind::Ratio
            | Kind::Quotient
            | Kind::Duration
            | Kind::Money(_)
    )
}

/// Whether a text passes a test.
type TextTest = Box<dyn Fn(&str) -> bool>;

/// A test of texts; for a pattern that cannot be read, why.
fn test_of(builtin: Builtin, text: &str) -> Result<TextTest, String> {
    let wanted = text.to_owned();
    match builtin {
        Builtin::StartsWith => {
            Ok(Box::new(move |value: &str| value.starts_with(&wanted)))
        }
        Builtin::Contains => {
            Ok(Box::new(move |value: &str| value.contains(wanted.as_str())))
        }
        _ => {
            let pattern = pattern(text)?;
            Ok(Box::new(move |value: &str| pattern.is_match(value)))
        }
    }
}

/// A pattern of the part of regular expressions that all engines have in common.
fn pattern(text: &str) -> Result<regex::Regex, String> {
    const MOST: usize = 500;
    if text.len() > MOST {
        return Err(format!("it is longer than {MOST} bytes"));
    }
    for (sign, what) in [
        ("(?", "groups that begin with `(?`"),
        ("\\p", "classes of Unicode"),
        ("\\P", "classes of Unicode"),
        ("&&", "classes that are cut with `&&`"),
        ("[[:", "named classes"),
    ] {
        if text.contains(sign) {
            return Err(format!("{what} differ from engine to engine"));
        }
    }
    regex::RegexBuilder::new(text)
        .unicode(true)
        .size_limit(1 << 20)
        .build()
        .map_err(|_| String::from("it cannot be read"))
}
