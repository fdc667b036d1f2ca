//! `mittari test`: the tests beside the cards, and what differs.

mod coverage;
mod junit;

use mittari::test::{Case, Wanted, test as carry_out};

use crate::args::Test;
use crate::render;
use crate::screen::{Exit, Screen, Stop};
use crate::workspace::{Opened, open};

/// Carries out the tests of a workspace.
pub(super) fn test(args: &Test, screen: Screen) -> Result<Exit, Stop> {
    let opened = open(&args.metrics, &[], None)?;
    for unreadable in &opened.unreadable {
        screen.complain(&unreadable.to_string());
    }
    if opened.is_empty() && opened.written.counts.trials == 0 {
        return Err(Stop::new(Exit::Nothing, opened.nothing().message));
    }
    let broken = opened.tell_errors(screen);
    let wanted = |metric: &str, name: &str| {
        let has = |text: &String| metric.contains(text) || name.contains(text);
        args.filter.iter().any(has)
    };
    let chosen: Option<&Wanted<'_>> =
        if args.filter.is_empty() { None } else { Some(&wanted) };
    let tested = carry_out(&opened, chosen);
    let cases = &tested.cases;
    if cases.is_empty() && !broken {
        return Err(Stop::new(Exit::Nothing, nothing(args)));
    }
    if let Some(path) = &args.junit {
        junit::write(path, cases, &opened)?;
    }
    let least = args.min_coverage.map(|percent| f64::from(percent) / 100.0);
    let mut said = failures(cases, &opened, screen);
    if args.coverage || least.is_some() {
        said.push_str(&coverage::text(&tested.coverage, &opened, screen));
    }
    said.push_str(&summary(cases, &opened));
    said.push_str(&coverage::verdict(&tested.coverage, least));
    screen.out(&said)?;
    let failed = cases.iter().any(|case| !case.passed())
        || !coverage::under(&tested.coverage, least).is_empty();
    Ok(if !opened.unreadable.is_empty() {
        Exit::Unreadable
    } else if failed || broken {
        Exit::Problems
    } else {
        Exit::Fine
    })
}

fn nothing(args: &Test) -> String {
    if args.filter.is_empty() {
        let folder = args.metrics.display();
        return format!(
            "tests are expected in `{folder}` as `<id>.test.yaml`, found none"
        );
    }
    let texts: Vec<String> = args.filter.iter().map(|text| format!("`{text}`")).collect();
    format!("no test has {} in its card or its name", texts.join(" or "))
}

/// What failed.
fn failures(cases: &[Case], opened: &Opened, screen: Screen) -> String {
    let look = opened.look(screen.colours_out);
    let (start, end) =
        if look.colours { ("\u{1b}[1;91m", "\u{1b}[0m") } else { ("", "") };
    let mut text = String::new();
    for case in cases.iter().filter(|case| !case.passed()) {
        text.push_str(&format!("{start}failed{end}: {}: {}\n", case.metric, case.name));
        for problem in &case.problems {
            let place = render::place(problem.span, &opened.sources, look);
            text.push_str(&format!("  {place}: {}\n", problem.what));
        }
        text.push('\n');
    }
    text
}

fn summary(cases: &[Case], opened: &Opened) -> String {
    let mut cards: Vec<&str> = cases.iter().map(|case| case.metric.as_str()).collect();
    cards.dedup();
    let failed = cases.iter().filter(|case| !case.passed()).count();
    let found = match (cases.len() - failed, failed) {
        (_, 0) => "all passed".to_owned(),
        (0, _) => "all failed".to_owned(),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    };
    let untested = opened.written.cards.iter().filter(|card| {
        let tests = &opened.written.trials;
        !tests.iter().any(|test| test.metric.value == card.metric.value)
    });
    let untested = match untested.count() {
        0 => String::new(),
        1 => "; 1 card has no test".to_owned(),
        count => format!("; {count} cards have no test"),
    };
    let (tests, cards) = (number(cases.len(), "test"), number(cards.len(), "card"));
    format!("{tests} of {cards}: {found}{untested}\n")
}

fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
