//! Expressions made of the language's own words and those of the small desk.

use arbitrary::{Result, Unstructured};

const LEAVES: &[&str] = &[
    "waited",
    "type",
    "priority",
    "opened_at",
    "resolved_at",
    "promised_at",
    "cost",
    "reopened",
    "count_of",
    "subject",
    "day",
    "handler",
    "slow",
    "spent",
    "limit",
    "k",
    "growth",
    "hours",
    "limit_of[priority]",
    "dated_limit[priority] at opened_at",
    "0",
    "1",
    "-3",
    "0.5",
    "5 %",
    "20 s",
    "2 d",
    "9 h",
    "50 EUR",
    "\"incident\"",
    "\"P1\"",
    "true",
    "false",
    "missing",
    "as_of",
    "period_start",
    "period_end",
    "date(2026-01-31)",
    "nope",
    "count()",
    "[\"incident\"]",
    "999999999999999",
    "0.000000000001",
    "200000 d",
    "other",
];
const SHAPES: &[&str] = &[
    "count(where X)",
    "share(X)",
    "sum(X)",
    "mean(X, where Y)",
    "median(X)",
    "min(X)",
    "max(X)",
    "stddev(X)",
    "distinct(X)",
    "distribution(X)",
    "percentile(X, 90 %)",
    "nearest_rank(X, 10 %)",
    "previous(X)",
    "due(X, Y)",
    "due(X, Y, calendar \"desk\")",
    "working_time(X, Y)",
    "working_time(X, Y, calendar \"24x7\")",
    "inside_hours(X)",
    "weekday(X)",
    "hour(X)",
    "date_of(X)",
    "contains(X, \"a\")",
    "starts_with(X, \"a\")",
    "matches(X, \"a.*b\")",
    "floor(X, Y)",
    "score(X, worst Y, best 90 %)",
    "count(dated X)",
    "count(open X until Y)",
    "count(open opened_at until resolved_at, where X)",
    "count(from contacts, dated arrived_at, where X)",
    "sum(X, across priority)",
    "count(across all)",
    "sum(X, over 3 months)",
    "mean(X, over 2 weeks, dated Y)",
    "metric(\"tried\")",
    "metric(\"tried.a\")",
    "count(where X, per Y)",
    "next(X, per Y, by Y)",
    "count(its contacts, where X)",
    "(X) + (Y)",
    "(X) - (Y)",
    "(X) * (Y)",
    "(X) / (Y)",
    "-(X)",
    "(X) = (Y)",
    "(X) != (Y)",
    "(X) < (Y)",
    "(X) >= (Y)",
    "(X) and (Y)",
    "(X) or (Y)",
    "not (X)",
    "(X) is missing",
    "(X) is known",
    "(X) or_else (Y)",
    "(X) in [Y]",
    "(X) not in [Y, Y]",
    "(X) between (Y) and (X)",
    "if (X) then (Y) else (X)",
    "(X) at (Y)",
    "X + Y",
    "X / Y",
    "X and Y",
    "X - Y * X",
];

/// An expression of at most some depth.
///
/// # Errors
///
/// The bytes are used up.
pub fn expression(bytes: &mut Unstructured<'_>, depth: u8) -> Result<String> {
    if depth == 0 || bytes.ratio(1, 3)? {
        return Ok((*bytes.choose(LEAVES)?).to_owned());
    }
    let shape = *bytes.choose(SHAPES)?;
    let x = expression(bytes, depth - 1)?;
    let y =
        if shape.contains('Y') { expression(bytes, depth - 1)? } else { String::new() };
    // The signs of both places are taken out first: expressions have capitals too.
    let mut out = String::new();
    for sign in shape.chars() {
        match sign {
            'X' => out.push_str(&x),
            'Y' => out.push_str(&y),
            other => out.push(other),
        }
    }
    Ok(out)
}

/// A card whose conditions and formulas are made so; or of raw text, where bytes say so.
///
/// # Errors
///
/// The bytes are used up.
pub fn card(bytes: &mut Unstructured<'_>) -> Result<String> {
    let period = *bytes.choose(&["day", "week", "month", "quarter", "year", "whole"])?;
    let unit = *bytes.choose(&["percent", "number", "count", "s", "h", "EUR"])?;
    let dating = match bytes.int_in_range(0..=4)? {
        0 => "open: opened_at until resolved_at".to_owned(),
        1 => format!("dated: '{}'", quoted(&expression(bytes, 2)?)),
        _ => "dated: opened_at".to_owned(),
    };
    let formula = if bytes.ratio(1, 6)? {
        raw(bytes)?
    } else {
        format!("'{}'", quoted(&expression(bytes, 4)?))
    };
    let mut out = format!(
        "metric: tried\ntitle: Tried\nclass: internal\nmeasures: outcome\nowner: Nobody\n\
         period: {period}\nunit: {unit}\ndirection: none\nparameters:\n  limit: 4 h\n  k: 3\n  \
         growth: 5 %\n  hours: desk\n  limit_of: {{P1: 2 h, P2: 9 h}}\n  \
         dated_limit:\n    2025-01-01: {{P1: 4 h, P2: 8 h}}\n    \
         2026-07-01: {{P1: 2 h, P2: 8 h}}\n"
    );
    out.push_str("define:\n  spent: working_time(opened_at, resolved_at)\n");
    let slow = if bytes.arbitrary()? {
        quoted(&expression(bytes, 3)?)
    } else {
        "resolved_at - opened_at > limit".to_owned()
    };
    out.push_str(&format!(
        "  slow: '{slow}'\npopulation:\n  from: tickets\n  {dating}\n"
    ));
    if bytes.arbitrary()? {
        out.push_str(&format!("  where: '{}'\n", quoted(&expression(bytes, 3)?)));
    }
    if bytes.arbitrary()? {
        let when = quoted(&expression(bytes, 3)?);
        out.push_str(&format!("  exclude:\n    - name: a\n      when: '{when}'\n"));
        out.push_str("      reason: None.\n");
        if bytes.arbitrary()? {
            out.push_str("    - name: b\n      keep: last by opened_at per subject\n");
            out.push_str("      reason: None.\n");
        }
    }
    if bytes.arbitrary()? {
        let by =
            *bytes.choose(&["priority", "[priority, type]", "subject", "slow", "day"])?;
        out.push_str(&format!("by: [{by}]\n"));
    }
    if bytes.ratio(1, 4)? {
        out.push_str(&format!("target: 'at least {}'\n", quoted(&expression(bytes, 1)?)));
    }
    if bytes.ratio(1, 4)? {
        let b = quoted(&expression(bytes, 3)?);
        out.push_str(&format!("formulas:\n  a: {formula}\n  b: '{b}'\n"));
    } else {
        out.push_str(&format!("formula: {formula}\n"));
    }
    Ok(out)
}

/// Raw text as a block of YAML.
fn raw(bytes: &mut Unstructured<'_>) -> Result<String> {
    let length = bytes.int_in_range(0..=200)?;
    let text =
        String::from_utf8_lossy(bytes.bytes(length.min(bytes.len()))?).into_owned();
    Ok(format!("|\n    {}", text.replace('\n', "\n    ")))
}

fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}
