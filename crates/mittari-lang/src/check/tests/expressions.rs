//! Expressions with their kinds, or what is said of them and where.

use super::super::expr::is_unsound;
use super::super::{aggregate, unit};
use super::with_checker;
use crate::parse;
use crate::place::Located;
use crate::source::Sources;
use crate::span::SourceId;
use crate::types::{Grain, Unit};

const CASES: &str = include_str!("types.txt");

/// What an expression is, or what is said of it.
fn judged(table: &str, text: &str, shown: Option<Unit>) -> String {
    let mut sources = Sources::new();
    for _ in 0..9 {
        sources.add("", "");
    }
    let id = sources.add("case", text);
    assert_eq!(id, SourceId(9));
    let read = parse::formula(&Located::plain(text, id, 0));
    let (said, sound) = with_checker(table, |checker| {
        checker.group = true;
        checker.whole = Some(read.value.span);
        let expr = checker.expr(&read.value);
        let still = expr.ty.grain == Grain::Constant && !aggregate::moves(&expr);
        let words = checker.words(expr.ty.kind);
        if let Some(shown) = shown
            && !is_unsound(&expr)
        {
            if expr.ty.grain == Grain::Row || still {
                let grain = expr.ty.grain;
                checker.say(super::super::complaints::kinds::group_expected(
                    expr.span, grain,
                ));
            } else if let Some(complaint) = unit::judge(&expr, &words, shown, expr.span) {
                checker.say(complaint);
            }
        }
        let maybe = if expr.ty.maybe { ", or nothing" } else { "" };
        let grain = match expr.ty.grain {
            Grain::Constant => "all",
            Grain::Row => "each row",
            Grain::Group => "the group",
        };
        let sound = (!is_unsound(&expr)).then(|| format!("{words} of {grain}{maybe}"));
        (std::mem::take(&mut checker.found.said), sound)
    });
    let mut lines: Vec<String> = Vec::new();
    for one in read.diagnostics.iter().chain(&said) {
        let place = sources.text(one.span());
        lines.push(format!("{} at `{place}`: {}", one.code.name(), one.message));
    }
    lines.extend(sound);
    lines.join("\n    ")
}

/// `table | expression @@ unit`, the first and last of which may be left out.
fn case(line: &str) -> String {
    let (rest, shown) = line
        .split_once(" @@ ")
        .map_or((line, None), |(rest, unit)| (rest, Some(Unit::named(unit).unwrap())));
    let (table, text) = rest.split_once(" | ").unwrap_or(("tickets", rest));
    format!("{line}\n    {}\n", judged(table, text, shown))
}

#[test]
fn the_typed_cases() {
    let report: String = CASES
        .lines()
        .map(|line| if line.starts_with('#') { format!("{line}\n") } else { case(line) })
        .collect();
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("types", report);
    });
}
