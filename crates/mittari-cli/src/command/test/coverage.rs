//! What the tests reach of each card, as a table and as a list of what they do not.

use mittari::test::{Coverage, PointKind};

use crate::render;
use crate::screen::Screen;
use crate::workspace::Opened;

/// A line for each card, and below it what no test has reached.
pub(super) fn text(all: &[Coverage], opened: &Opened, screen: Screen) -> String {
    let width =
        all.iter().map(|one| one.metric.chars().count()).max().unwrap_or(0).max(4);
    let mut text = format!(
        "{:width$}  {:>8}  {:>10}  {:>8}\n",
        "card", "formulas", "exclusions", "branches"
    );
    for one in all {
        let formulas = one.count(|kind| matches!(kind, PointKind::Formula(_)));
        let exclusions = one.count(|kind| matches!(kind, PointKind::Exclusion { .. }));
        let branches = one
            .count(|kind| matches!(kind, PointKind::Condition(_) | PointKind::Branch(_)));
        let [formulas, exclusions, branches] =
            [formulas, exclusions, branches].map(of_all);
        let line = format!(
            "{:width$}  {formulas:>8}  {exclusions:>10}  {branches:>8}",
            one.metric
        );
        text.push_str(line.trim_end());
        text.push('\n');
        // Of a card without any test the line says enough.
        if one.points.iter().any(|point| point.reached) {
            text.push_str(&missed(one, opened, screen));
        }
    }
    text.push('\n');
    text
}

fn of_all((all, reached): (usize, usize)) -> String {
    if all == 0 { String::new() } else { format!("{reached}/{all}") }
}

/// What no test has reached.
fn missed(one: &Coverage, opened: &Opened, screen: Screen) -> String {
    let look = opened.look(screen.colours_out);
    let points = one.points.iter().filter(|point| !point.reached);
    let lines = points.map(|point| {
        let place = render::place(point.span, &opened.sources, look);
        format!("  {place}: {}\n", words(&point.kind))
    });
    lines.collect()
}

fn words(kind: &PointKind) -> String {
    match kind {
        PointKind::Formula(name) => format!("no test expects a value of `{name}`"),
        PointKind::Exclusion { name, takes: true } => {
            format!("`{name}` takes no row in any test")
        }
        PointKind::Exclusion { name, takes: false } => {
            format!("`{name}` leaves no row in any test")
        }
        PointKind::Condition(true) => "this is true in no test".to_owned(),
        PointKind::Condition(false) => "this is false in no test".to_owned(),
        PointKind::Branch(number) => {
            format!("no test takes branch {number} of this `if`")
        }
    }
}

/// The cards of which less than a share is reached.
pub(super) fn under(all: &[Coverage], least: Option<f64>) -> Vec<&Coverage> {
    let Some(least) = least else { return Vec::new() };
    all.iter().filter(|one| one.share() < least).collect()
}

/// What is said of cards of which too little is reached.
pub(super) fn verdict(all: &[Coverage], least: Option<f64>) -> String {
    let under = under(all, least);
    let (Some(least), false) = (least, under.is_empty()) else { return String::new() };
    let count = match under.len() {
        1 => "of 1 card".to_owned(),
        several => format!("of {several} cards"),
    };
    let names: Vec<String> =
        under.iter().map(|one| format!("`{}`", one.metric)).collect();
    format!("{count} less than {:.0} % is reached: {}\n", least * 100.0, names.join(", "))
}
