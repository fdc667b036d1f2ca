//! Which formulas a formula speaks of, and the order in which all can be meant.

use crate::card::{Card, Formula};
use crate::syntax::{Call, ClauseKind, Expr, ExprKind, Literal};

/// A formula of a card: the places of both.
pub(super) type Place = (usize, usize);

/// The name of a metric: the card's, with a dot and the formula's if it has one.
pub(super) fn full_name(card: &Card, formula: &Formula) -> String {
    match &formula.name {
        Some(name) => format!("{}.{}", card.metric.value, name.value),
        None => card.metric.value.clone(),
    }
}

/// The cards that a card speaks of in its formulas, on whatever way, and itself.
pub fn spoken_of<'a>(cards: &'a [Card], name: &str) -> Vec<&'a Card> {
    let mut found: Vec<&Card> = Vec::new();
    let mut waiting: Vec<String> = vec![name.to_owned()];
    while let Some(name) = waiting.pop() {
        let name = name.split('.').next().unwrap_or_default();
        let named = |card: &&Card| card.metric.value == name;
        let Some(card) = cards.iter().find(named) else { continue };
        if found.iter().any(named) {
            continue;
        }
        found.push(card);
        let formulas = card.formulas.iter();
        waiting.extend(formulas.flat_map(|formula| references(card, formula)));
    }
    found
}

/// Every formula behind those it speaks of; formulas in a circle come last, apart.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// The formulas that can be meant, in this order.
    pub(super) sound: Vec<Place>,
    /// Those that lead back to themselves, each with the names on the way.
    pub(super) circles: Vec<(Place, Vec<String>)>,
}

/// The order of all formulas of some cards.
pub(super) fn order(cards: &[&Card]) -> Order {
    let mut nodes: Vec<(String, Place, Vec<String>)> = Vec::new();
    for (number, card) in cards.iter().enumerate() {
        for (place, formula) in card.formulas.iter().enumerate() {
            let spoken = references(card, formula);
            nodes.push((full_name(card, formula), (number, place), spoken));
        }
    }
    let mut order = Order::default();
    let mut done: Vec<String> = Vec::new();
    let mut waiting: Vec<usize> = (0..nodes.len()).collect();
    loop {
        let ready = |number: &usize| {
            nodes.get(*number).is_some_and(|(_, _, spoken)| {
                spoken.iter().all(|name| {
                    done.contains(name) || !nodes.iter().any(|(known, ..)| known == name)
                })
            })
        };
        let (now, later): (Vec<usize>, Vec<usize>) =
            waiting.iter().copied().partition(ready);
        if now.is_empty() {
            break;
        }
        for (name, place, _) in now.iter().filter_map(|number| nodes.get(*number)) {
            done.push(name.clone());
            order.sound.push(*place);
        }
        waiting = later;
    }
    for number in waiting {
        let Some((name, place, _)) = nodes.get(number) else { continue };
        match circle(name, &nodes) {
            Some(way) => order.circles.push((*place, way)),
            // It is in no circle itself, but speaks of one that is.
            None => order.sound.push(*place),
        }
    }
    order
}

/// The way from a formula back to itself.
fn circle(start: &str, nodes: &[(String, Place, Vec<String>)]) -> Option<Vec<String>> {
    let mut ways: Vec<Vec<String>> = vec![vec![start.to_owned()]];
    let mut seen: Vec<String> = Vec::new();
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        let node = nodes.iter().find(|(name, ..)| name == last);
        for next in node.map_or(&[][..], |(_, _, spoken)| spoken) {
            let longer: Vec<String> = way.iter().cloned().chain([next.clone()]).collect();
            if next == start {
                return Some(longer);
            }
            if !seen.contains(next) {
                seen.push(next.clone());
                ways.push(longer);
            }
        }
    }
    None
}

/// The names of the metrics a formula speaks of.
pub(super) fn references(card: &Card, formula: &Formula) -> Vec<String> {
    let mut found = Vec::new();
    walk(&formula.formula, card, &mut found);
    found
}

/// Looks where a value of the group may stand; inside a call that reads rows names
/// are fields.
fn walk(expr: &Expr, card: &Card, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Name(path) => {
            if let [name] = path.parts.as_slice() {
                let named = |formula: &Formula| {
                    formula.name.as_ref().is_some_and(|known| known.value == name.value)
                };
                if card.formulas.iter().any(named) {
                    found.push(format!("{}.{}", card.metric.value, name.value));
                }
            }
        }
        ExprKind::Call(call) => walk_call(call, card, found),
        _ => {
            for child in children(expr) {
                walk(child, card, found);
            }
        }
    }
}

/// Calls that take values of the group.
fn walk_call(call: &Call, card: &Card, found: &mut Vec<String>) {
    match call.name.value.as_str() {
        "metric" => {
            if let [Expr { kind: ExprKind::Literal(Literal::Text(name)), .. }] =
                call.arguments.as_slice()
            {
                found.push(name.clone());
            }
        }
        "count" | "share" | "sum" | "mean" | "median" | "stddev" | "percentile"
        | "nearest_rank" | "min" | "max" | "distinct" | "distribution" => {
            walk_level(call, card, found);
        }
        _ => {
            for argument in &call.arguments {
                walk(argument, card, found);
            }
        }
    }
}

/// A call with `per` takes values of groups, any other one values of rows.
fn walk_level(call: &Call, card: &Card, found: &mut Vec<String>) {
    if call.clause(|kind| matches!(kind, ClauseKind::Per(_))).is_none() {
        return;
    }
    for argument in &call.arguments {
        walk(argument, card, found);
    }
    for clause in &call.clauses {
        if let ClauseKind::Where(condition) = &clause.kind {
            walk(condition, card, found);
        }
    }
}

/// The expressions a written expression is made of, clauses of calls included.
pub(super) fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Literal(_) | ExprKind::Name(_) | ExprKind::Unsound => Vec::new(),
        ExprKind::Call(call) => {
            let clauses = call.clauses.iter().flat_map(|clause| match &clause.kind {
                ClauseKind::Where(one)
                | ClauseKind::Dated(one)
                | ClauseKind::Per(one)
                | ClauseKind::By(one)
                | ClauseKind::Calendar(one)
                | ClauseKind::Worst(one)
                | ClauseKind::Best(one) => vec![one],
                ClauseKind::Open { from, until } => vec![from, until],
                ClauseKind::Over(_)
                | ClauseKind::From(_)
                | ClauseKind::Across(_)
                | ClauseKind::Its(_)
                | ClauseKind::Except(_) => Vec::new(),
            });
            call.arguments.iter().chain(clauses).collect()
        }
        ExprKind::Subscript { keys: all, .. }
        | ExprKind::List(all)
        | ExprKind::Or(all)
        | ExprKind::And(all)
        | ExprKind::OrElse(all) => all.iter().collect(),
        ExprKind::Not(one)
        | ExprKind::IsMissing(one)
        | ExprKind::IsKnown(one)
        | ExprKind::Negative(one) => vec![one],
        ExprKind::At { value: one, instant: other }
        | ExprKind::Compare { left: one, right: other, .. }
        | ExprKind::In { value: one, list: other, .. } => vec![one, other],
        ExprKind::Between { value, low, high, .. } => vec![value, low, high],
        ExprKind::If { branches, otherwise } => branches
            .iter()
            .flat_map(|(condition, value)| [condition, value])
            .chain([&**otherwise])
            .collect(),
        ExprKind::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
        ExprKind::Product(factors) => factors.iter().map(|(_, factor)| factor).collect(),
    }
}
