//! The values of nodes over the rows of a batch, each computed once.
//!
//! What does not depend on the period is computed once for all cohorts of a table. What
//! does is computed for the members of one cohort: the pairs of a row and a period.

mod related;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use arrow_array::{ArrayRef, Int64Array, UInt32Array};
use mittari_lang::builtin::Builtin;
use mittari_lang::schema::Schema;
use mittari_lang::typed::Moment;
use mittari_lang::types::Kind;
use mittari_lang::value::Value;
use regex::Regex;

use super::spans::Spans;
use crate::batch::Batch;
use crate::calendar::Calendar;
use crate::error::RunError;
use crate::kernel::{choose, compare, logic, number, text, time};
use crate::plan::nodes::{Node, NodeId, NodeKind, Nodes};
use crate::related::Beside;
use crate::timing::Timings;
use crate::vector::{Vector, downcast};
use crate::zone::ZoneTable;

/// What holds for the whole run.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    /// The vocabulary.
    pub schema: &'a Schema,
    /// The service calendars, in the order of the catalog; those nobody uses are empty.
    pub calendars: &'a [Option<Calendar>],
    /// The moment of evaluation, where it must be known.
    pub as_of: Option<i64>,
    /// What is known of related rows.
    pub beside: &'a Beside,
    /// Where the time goes, if somebody asks.
    pub timings: Option<&'a Timings<'a>>,
}

/// The nodes of one table, with what is made ready once for all batches.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The nodes.
    pub nodes: Nodes,
    patterns: Vec<Option<Regex>>,
    /// Pairs of instants met in the wrong order.
    pub reversed: AtomicU64,
}

impl Prepared {
    /// Compiles what the nodes need once.
    pub(super) fn new(nodes: Nodes) -> Result<Self, RunError> {
        let mut patterns = Vec::with_capacity(nodes.list.len());
        for node in &nodes.list {
            patterns.push(match &node.kind {
                NodeKind::Call(Builtin::Matches, operands) => {
                    Some(text::pattern(&written(&nodes, operands.get(1))?)?)
                }
                _ => None,
            });
        }
        Ok(Self { nodes, patterns, reversed: AtomicU64::new(0) })
    }
}

/// The text of a node that is written out.
fn written(nodes: &Nodes, id: Option<&NodeId>) -> Result<String, RunError> {
    match id.and_then(|id| nodes.get(*id)).map(|node| &node.kind) {
        Some(NodeKind::Literal(Value::Text(text))) => Ok(text.clone()),
        _ => Err(RunError::Broken("a text that is not written out")),
    }
}

/// Where the values of operands, columns and named instants come from.
trait Scope {
    fn n_rows(&self) -> usize;
    fn operand(&mut self, id: NodeId) -> Result<Vector, RunError>;
    fn column(&self, number: u32) -> Result<Vector, RunError>;
    fn moment(&self, moment: Moment) -> Result<Vector, RunError>;
    /// The batch whose rows these are; none where they are members of periods.
    fn batch(&self) -> Option<&Batch>;
}

/// The rows of one batch.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    prepared: &'a Prepared,
    facts: &'a Facts<'a>,
    batch: &'a Batch,
    cache: Vec<Option<Vector>>,
    /// The cells that some nodes give the rows.
    cells: Vec<(Vec<NodeId>, Arc<[u32]>)>,
}

impl<'a> Rows<'a> {
    /// Nothing computed yet.
    pub(super) fn new(
        prepared: &'a Prepared,
        facts: &'a Facts<'a>,
        batch: &'a Batch,
    ) -> Self {
        let cache = vec![None; prepared.nodes.list.len()];
        Self { prepared, facts, batch, cache, cells: Vec::new() }
    }

    /// The batch.
    pub(super) fn batch(&self) -> &'a Batch {
        self.batch
    }

    /// Where the time goes, if somebody asks.
    pub(super) const fn timings(&self) -> Option<&'a Timings<'a>> {
        self.facts.timings
    }

    /// The values of a node that does not depend on the period.
    pub(super) fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        if let Some(Some(known)) = self.cache.get(id) {
            return Ok(known.clone());
        }
        let (prepared, facts) = (self.prepared, self.facts);
        let value = compute(prepared, facts, id, self)?;
        if let Some(slot) = self.cache.get_mut(id) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }
}

impl Scope for Rows<'_> {
    fn n_rows(&self) -> usize {
        self.batch.n_rows
    }

    fn operand(&mut self, id: NodeId) -> Result<Vector, RunError> {
        self.value(id)
    }

    fn column(&self, number: u32) -> Result<Vector, RunError> {
        let column = self.batch.columns.get(number as usize).and_then(Option::as_ref);
        let column = column.ok_or(RunError::Broken("a column that was not read"))?;
        Ok(Vector::Array(Arc::clone(column)))
    }

    fn moment(&self, moment: Moment) -> Result<Vector, RunError> {
        match moment {
            Moment::AsOf => {
                let as_of = self.facts.as_of.map_or(Value::Missing, Value::Instant);
                Ok(Vector::Scalar(as_of))
            }
            _ => Err(RunError::Broken("a period where there is none")),
        }
    }

    fn batch(&self) -> Option<&Batch> {
        Some(self.batch)
    }
}

/// The members of a cohort in one batch: pairs of a row and a period.
#[derive(Debug)]
pub(super) struct Members<'r, 'a> {
    rows: &'r mut Rows<'a>,
    /// The row of each member; none where member `i` is row `i`.
    places: Option<UInt32Array>,
    periods: &'r [i32],
    spans: &'r Spans,
    cache: Vec<Option<Vector>>,
}

impl<'r, 'a> Members<'r, 'a> {
    /// The members, one period each.
    pub(super) fn new(
        rows: &'r mut Rows<'a>,
        places: Option<UInt32Array>,
        periods: &'r [i32],
        spans: &'r Spans,
    ) -> Self {
        let cache = vec![None; rows.prepared.nodes.list.len()];
        Self { rows, places, periods, spans, cache }
    }

    /// The values of a node, one a member.
    pub(super) fn value(&mut self, id: NodeId) -> Result<Vector, RunError> {
        if let Some(Some(known)) = self.cache.get(id) {
            return Ok(known.clone());
        }
        let by_period = self.rows.prepared.nodes.by_period(id);
        let value = if by_period {
            let (prepared, facts) = (self.rows.prepared, self.rows.facts);
            compute(prepared, facts, id, self)?
        } else {
            match (self.rows.value(id)?, &self.places) {
                (Vector::Array(array), Some(places)) => {
                    Vector::Array(choose::rows_at(&array, places)?)
                }
                (value, _) => value,
            }
        };
        if let Some(slot) = self.cache.get_mut(id) {
            *slot = Some(value.clone());
        }
        Ok(value)
    }

    /// The values of a node as a column.
    pub(super) fn column_of(&mut self, id: NodeId) -> Result<ArrayRef, RunError> {
        let kind = self.rows.prepared.nodes.kind(id);
        self.value(id)?.into_rows(kind, self.periods.len())
    }

    /// The cells that some nodes give all rows, where each row is a member.
    pub(super) fn cells(&self, nodes: &[NodeId]) -> Option<Arc<[u32]>> {
        let mut known = self.rows.cells.iter();
        let known = known.find(|(own, _)| self.places.is_none() && own == nodes);
        known.map(|(_, cells)| Arc::clone(cells))
    }

    /// Remembers them for the next members of the same rows.
    pub(super) fn keep_cells(&mut self, nodes: &[NodeId], cells: &Arc<[u32]>) {
        if self.places.is_none() {
            self.rows.cells.push((nodes.to_vec(), Arc::clone(cells)));
        }
    }

    /// How many members there are.
    pub(super) fn len(&self) -> usize {
        self.periods.len()
    }

    /// The number of a member's row in the order of its table.
    pub(super) fn order_of(&self, member: usize) -> u64 {
        let row = match &self.places {
            None => member,
            Some(places) => places.values().get(member).map_or(0, |row| *row as usize),
        };
        self.rows.batch.order_of(row)
    }
}

impl Scope for Members<'_, '_> {
    fn n_rows(&self) -> usize {
        self.periods.len()
    }

    fn operand(&mut self, id: NodeId) -> Result<Vector, RunError> {
        self.value(id)
    }

    fn column(&self, _: u32) -> Result<Vector, RunError> {
        Err(RunError::Broken("a column that depends on the period"))
    }

    fn moment(&self, moment: Moment) -> Result<Vector, RunError> {
        let of = |period: &i32| match moment {
            Moment::PeriodStart => self.spans.start(*period),
            Moment::PeriodEnd => self.spans.stock_instant(*period),
            Moment::AsOf => self.rows.facts.as_of,
        };
        Ok(Vector::array(self.periods.iter().map(of).collect::<Int64Array>()))
    }

    fn batch(&self) -> Option<&Batch> {
        None
    }
}

fn compute(
    prepared: &Prepared,
    facts: &Facts<'_>,
    id: NodeId,
    scope: &mut dyn Scope,
) -> Result<Vector, RunError> {
    let node =
        prepared.nodes.get(id).ok_or(RunError::Broken("a node that is not kept"))?;
    match &node.kind {
        NodeKind::Literal(value) => Ok(Vector::Scalar(value.clone())),
        NodeKind::Column(number) => scope.column(*number),
        NodeKind::Instant(moment) => scope.moment(*moment),
        NodeKind::Case(branches, otherwise) => {
            let mut values = Vec::with_capacity(branches.len());
            for (when, then) in branches {
                values.push((scope.operand(*when)?, scope.operand(*then)?));
            }
            let otherwise = scope.operand(*otherwise)?;
            choose::case(&values, &otherwise, node.ty.kind, scope.n_rows())
        }
        NodeKind::Table(keys, at, editions) => {
            let mut values = Vec::with_capacity(keys.len());
            for key in keys {
                values.push((scope.operand(*key)?, prepared.nodes.kind(*key)));
            }
            let chosen = at.map(|at| related::looked_at(prepared, at, scope));
            let chosen = chosen.transpose()?;
            let kind = at.map_or(Kind::Missing, |at| prepared.nodes.kind(at));
            let at = chosen.as_ref().map(|chosen| (chosen, kind));
            choose::look_up(&values, at, editions, node.ty.kind, scope.n_rows())
        }
        NodeKind::Key(space, parts) => {
            related::key((prepared, facts), *space, parts, scope)
        }
        NodeKind::Related(place, key, at) => {
            related::value((prepared, facts), *place, (*key, *at), scope)
        }
        NodeKind::Less(builtin, place, key, operands) => {
            let what = (node, *builtin, *place);
            related::less((prepared, facts), what, (*key, operands), scope)
        }
        NodeKind::Call(builtin, operands) => {
            let call = Call { prepared, facts, id, node, operands };
            call.compute(*builtin, scope)
        }
    }
}

/// One call of a builtin, with all that its kernel may need.
struct Call<'a> {
    prepared: &'a Prepared,
    facts: &'a Facts<'a>,
    id: NodeId,
    node: &'a Node,
    operands: &'a [NodeId],
}

impl Call<'_> {
    fn compute(
        &self,
        builtin: Builtin,
        scope: &mut dyn Scope,
    ) -> Result<Vector, RunError> {
        let n = scope.n_rows();
        let mut values = Vec::with_capacity(self.operands.len());
        for operand in self.operands {
            values.push(scope.operand(*operand)?);
        }
        let values = values.as_slice();
        match builtin {
            Builtin::And => logic::and(values),
            Builtin::Or => logic::or(values),
            Builtin::Not => logic::not(first(values)?),
            Builtin::IsMissing => Ok(logic::is_missing(first(values)?, false)),
            Builtin::IsKnown => Ok(logic::is_missing(first(values)?, true)),
            Builtin::OrElse => choose::or_else(values, self.node.ty.kind, n),
            Builtin::Equal
            | Builtin::NotEqual
            | Builtin::Less
            | Builtin::LessOrEqual
            | Builtin::Greater
            | Builtin::GreaterOrEqual => self.compare(builtin, values),
            Builtin::In => self.is_in(values),
            Builtin::Add | Builtin::Subtract | Builtin::Multiply | Builtin::Divide => {
                self.arithmetic(builtin, values, n)
            }
            Builtin::Negate => number::negate(self.number(values, 0)?, n),
            Builtin::Floor => {
                number::floor(self.number(values, 0)?, self.number(values, 1)?, n)
            }
            Builtin::WorkingTime => self.working_time(values, n),
            Builtin::Due => {
                time::due(first(values)?, second(values)?, &self.hours(values, 2)?, n)
            }
            Builtin::InsideHours => {
                time::inside_hours(first(values)?, &self.hours(values, 1)?, n)
            }
            Builtin::Weekday => time::weekday(first(values)?, &*zone(second(values)?)?),
            Builtin::Hour => time::hour(first(values)?, &*zone(second(values)?)?),
            Builtin::DateOf => time::date_of(first(values)?, &*zone(second(values)?)?),
            Builtin::StartsWith => self.ask(values, |own, part| own.starts_with(part)),
            Builtin::Contains => self.ask(values, |own, part| own.contains(part)),
            Builtin::Matches => self.matches(values),
            Builtin::Score | Builtin::Previous => {
                Err(RunError::Broken("a function of the group in a row"))
            }
        }
    }

    fn kind_of(&self, operand: usize) -> Kind {
        self.operands
            .get(operand)
            .map_or(Kind::Missing, |id| self.prepared.nodes.kind(*id))
    }

    /// The kind two operands are compared in: that of the one that is no bare value.
    fn common_kind(&self) -> Kind {
        match self.kind_of(0) {
            Kind::Bare | Kind::Missing => self.kind_of(1),
            kind => kind,
        }
    }

    fn compare(&self, op: Builtin, values: &[Vector]) -> Result<Vector, RunError> {
        compare::compare(op, self.common_kind(), first(values)?, second(values)?)
    }

    fn is_in(&self, values: &[Vector]) -> Result<Vector, RunError> {
        let list = values.get(1..).unwrap_or_default();
        compare::is_in(self.common_kind(), first(values)?, list)
    }

    fn number<'v>(
        &self,
        values: &'v [Vector],
        place: usize,
    ) -> Result<number::Operand<'v>, RunError> {
        let vector =
            values.get(place).ok_or(RunError::Broken("an operand is missing"))?;
        Ok(number::Operand { values: vector, kind: self.kind_of(place) })
    }

    fn arithmetic(
        &self,
        op: Builtin,
        values: &[Vector],
        n_rows: usize,
    ) -> Result<Vector, RunError> {
        number::arithmetic(op, self.number(values, 0)?, self.number(values, 1)?, n_rows)
    }

    fn ask(
        &self,
        values: &[Vector],
        test: impl Fn(&str, &str) -> bool,
    ) -> Result<Vector, RunError> {
        let part = written(&self.prepared.nodes, self.operands.get(1))?;
        self.ask_text(first(values)?, |own| test(own, &part))
    }

    fn matches(&self, values: &[Vector]) -> Result<Vector, RunError> {
        let pattern = self.prepared.patterns.get(self.id).and_then(Option::as_ref);
        let pattern =
            pattern.ok_or(RunError::Broken("a pattern that was not compiled"))?;
        self.ask_text(first(values)?, |own| pattern.is_match(own))
    }

    fn ask_text(
        &self,
        value: &Vector,
        test: impl Fn(&str) -> bool,
    ) -> Result<Vector, RunError> {
        match self.kind_of(0) {
            Kind::Category(set) => {
                let names = self.facts.schema.set(set).map(|set| set.values.as_slice());
                text::ask_names(value, names.unwrap_or_default(), test)
            }
            _ => text::ask(value, test),
        }
    }

    fn working_time(&self, values: &[Vector], n_rows: usize) -> Result<Vector, RunError> {
        let hours = self.hours(values, 2)?;
        let reversed = &self.prepared.reversed;
        time::working_time(first(values)?, second(values)?, &hours, n_rows, reversed)
    }

    /// The calendar of each row, which stands at a place among the operands.
    fn hours(
        &self,
        values: &[Vector],
        place: usize,
    ) -> Result<time::Hours<'_>, RunError> {
        let calendars = self.facts.calendars;
        match values.get(place) {
            Some(Vector::Scalar(Value::Calendar(number))) => {
                let calendar = calendars.get(*number as usize).and_then(Option::as_ref);
                let calendar = calendar.ok_or(RunError::Broken("an unknown calendar"))?;
                Ok(time::Hours::One(calendar))
            }
            Some(Vector::Array(codes)) => {
                Ok(time::Hours::Each(time::each(downcast(codes)?, calendars)))
            }
            _ => Err(RunError::Broken("no calendar to measure in")),
        }
    }
}

fn zone(value: &Vector) -> Result<Arc<ZoneTable>, RunError> {
    match value {
        Vector::Scalar(Value::Zone(zone)) => Ok(ZoneTable::shared(*zone)),
        _ => Err(RunError::Broken("no zone for a local time")),
    }
}

fn first(values: &[Vector]) -> Result<&Vector, RunError> {
    values.first().ok_or(RunError::Broken("an operand is missing"))
}

fn second(values: &[Vector]) -> Result<&Vector, RunError> {
    values.get(1).ok_or(RunError::Broken("an operand is missing"))
}
