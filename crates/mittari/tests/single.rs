//! Tests of evaluation against rows that are looked at one by one: random rows, of which
//! few or many lack a value, and every number and account of them counted a second time
//! by code that knows no batch, mask or group.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, RecordBatch, StringArray,
    TimestampSecondArray,
};
use mittari::table::{Row, SegmentValue};
use mittari::{Dataset, Overrides, RunOptions, Selection, Sources, Workspace};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

const VOCABULARY: &str = "\
tables:
  tickets:
    fields:
      opened_at: instant
      resolved_at: instant
      priority: {values: [P1, P2, P3]}
      agent: text
      waited: {type: duration, unit: s}
      users: number
      solved: boolean
";

const CARD: &str = "\
metric: tried
title: Tried
class: internal
measures: outcome
owner: Tester
period: month
unit: number
direction: none
";

/// Which tickets a card is about, and which it leaves out.
const POPULATION: &str = "\
population:
  from: tickets
  dated: opened_at
  where: users < 90
  exclude:
    - {name: urgent, when: priority = \"P1\" and solved, reason: Tried.}
    - {name: slow, when: waited > 50 min, reason: Tried.}
";

/// The formulas, each with its unit.
const FORMULAS: [(&str, &str, &str); 17] = [
    ("rows", "count()", "count"),
    ("quick", "count(where waited <= 10 min)", "count"),
    ("share", "share(solved)", "percent"),
    ("share_of_quick", "share(solved, where waited <= 10 min)", "percent"),
    ("mean", "mean(waited)", "s"),
    ("mean_of_solved", "mean(waited, where solved)", "s"),
    ("median", "median(waited)", "s"),
    ("p90", "percentile(waited, 90 %)", "s"),
    ("rank", "nearest_rank(waited, 80 %)", "s"),
    ("longest", "max(waited)", "s"),
    ("sum", "sum(users)", "number"),
    ("least", "min(users)", "number"),
    ("spread", "stddev(users)", "number"),
    ("agents", "distinct(agent)", "count"),
    ("agents_solving", "distinct(agent, where solved)", "count"),
    ("ratio", "count(where solved) / count(where waited > 10 min)", "number"),
    ("parts", "distribution(priority)", "percent"),
];

/// One ticket; times in seconds.
#[derive(Debug, Clone, Default)]
struct Ticket {
    opened: Option<i64>,
    resolved: Option<i64>,
    priority: Option<&'static str>,
    agent: Option<String>,
    waited: Option<i64>,
    users: Option<f64>,
    solved: Option<bool>,
}

/// The first moment of 2025, in seconds.
const START: i64 = 1_735_689_600;
const DAY: i64 = 86_400;
/// How the first rows of months are called, and when the months begin after the start.
const MONTHS: [(&str, i64); 4] =
    [("2025-01", 0), ("2025-02", 31), ("2025-03", 59), ("2025-04", 90)];

/// How many rows of ten thousand lack a value.
const LACKING: [i64; 6] = [0, 20, 150, 1_000, 6_000, 9_900];

/// Random tickets of three months; each column has its own share of rows without a value.
fn tickets(seed: u64, n_rows: usize, lacking: &[i64]) -> Vec<Ticket> {
    let mut state = seed;
    let mut draw = move |below: i64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        i64::try_from(state >> 33).unwrap() % below
    };
    let ticket = |row: usize| {
        let place = i64::try_from(row * 89 / n_rows).unwrap();
        let opened = START + place * DAY + draw(2 * DAY);
        let known: Vec<bool> =
            lacking.iter().map(|lacking| draw(10_000) >= *lacking).collect();
        Ticket {
            opened: Some(opened).filter(|_| known[0]),
            resolved: Some(opened + draw(30 * DAY)).filter(|_| known[1]),
            priority: Some(["P1", "P2", "P3"][usize::try_from(draw(3)).unwrap()])
                .filter(|_| known[2]),
            agent: Some(format!("agent{}", draw(40))).filter(|_| known[3]),
            waited: Some(draw(3_600)).filter(|_| known[4]),
            users: Some(f64::from(i32::try_from(draw(100)).unwrap()))
                .filter(|_| known[5]),
            solved: Some(draw(3) > 0).filter(|_| known[6]),
        }
    };
    (0..n_rows).map(ticket).collect()
}

fn batch(tickets: &[Ticket]) -> RecordBatch {
    let each = || tickets.iter();
    let columns: [(&str, ArrayRef); 7] = [
        (
            "opened_at",
            Arc::new(each().map(|t| t.opened).collect::<TimestampSecondArray>()),
        ),
        (
            "resolved_at",
            Arc::new(each().map(|t| t.resolved).collect::<TimestampSecondArray>()),
        ),
        ("priority", Arc::new(each().map(|t| t.priority).collect::<StringArray>())),
        ("agent", Arc::new(each().map(|t| t.agent.as_deref()).collect::<StringArray>())),
        ("waited", Arc::new(each().map(|t| t.waited).collect::<Int64Array>())),
        ("users", Arc::new(each().map(|t| t.users).collect::<Float64Array>())),
        ("solved", Arc::new(each().map(|t| t.solved).collect::<BooleanArray>())),
    ];
    let columns = columns.into_iter().map(|(name, array)| (name, array, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn workspace() -> Workspace {
    let formulas = FORMULAS.map(|(name, formula, unit)| {
        format!("  {name}: {{formula: \"{formula}\", unit: {unit}}}\n")
    });
    let formulas = formulas.concat();
    let card = format!(
        "{CARD}{POPULATION}formulas:\n{formulas}by: [priority, solved, agent, [priority, solved]]\n"
    );
    let mut sources = Sources::new();
    sources.add("workspace.yaml", "time_zone: UTC\nlanguages: [en]\n");
    sources.add("vocabulary.yaml", VOCABULARY);
    sources.add("internal/tried.yaml", card);
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
}

/// What is expected of a formula: its value and the rows it has none of.
#[derive(Debug, PartialEq)]
struct Expected {
    value: Option<f64>,
    missing: u64,
}

/// Where the rows of a month and segment go.
#[derive(Debug, Default, PartialEq, Eq)]
struct Account {
    outside: i64,
    undecided: i64,
    taken: [i64; 2],
    unsure: [i64; 2],
    counted: i64,
}

/// And of three truth values.
fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

/// The rows that count, and the account of all.
fn counted<'a>(rows: &[&'a Ticket]) -> (Vec<&'a Ticket>, Account) {
    let (mut all, mut account) = (Vec::new(), Account::default());
    'rows: for row in rows {
        match row.users.map(|users| users < 90.0) {
            Some(true) => {}
            Some(false) => {
                account.outside += 1;
                continue;
            }
            None => {
                account.undecided += 1;
                continue;
            }
        }
        let urgent = and(row.priority.map(|p| p == "P1"), row.solved);
        let slow = row.waited.map(|waited| waited > 3_000);
        for (place, rule) in [urgent, slow].into_iter().enumerate() {
            match rule {
                Some(true) => {
                    account.taken[place] += 1;
                    continue 'rows;
                }
                Some(false) => {}
                None => account.unsure[place] += 1,
            }
        }
        account.counted += 1;
        all.push(*row);
    }
    (all, account)
}

/// The values of some rows, and how many have none.
fn known<T>(rows: &[&Ticket], value: impl Fn(&Ticket) -> Option<T>) -> (Vec<T>, u64) {
    let values: Vec<T> = rows.iter().filter_map(|row| value(row)).collect();
    let missing = rows.len() - values.len();
    (values, missing as u64)
}

fn quotient(above: usize, below: usize) -> Option<f64> {
    (below > 0).then(|| above as f64 / below as f64)
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The percentile of type 7 of a share in hundredths.
fn percentile(mut values: Vec<f64>, hundredths: usize) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let scaled = values.len().checked_sub(1)? * hundredths;
    let (low, rest) = (values[scaled / 100], (scaled % 100) as f64 / 100.0);
    let next = values.get(scaled / 100 + 1).copied().unwrap_or(low);
    Some(low + (next - low) * rest)
}

/// The value of a formula over rows that count; of each part where it has several.
fn expected(name: &str, rows: &[&Ticket]) -> Vec<(Option<&'static str>, Expected)> {
    let solved: Vec<&Ticket> =
        rows.iter().filter(|row| row.solved == Some(true)).copied().collect();
    let quick: Vec<&Ticket> =
        rows.iter().filter(|row| row.waited.is_some_and(|w| w <= 600)).copied().collect();
    let waits = |rows: &[&Ticket]| known(rows, |row| row.waited.map(|w| w as f64));
    let (users, no_users) = known(rows, |row| row.users);
    let (agents, no_agent) = known(rows, |row| row.agent.clone());
    let ((all, no_wait), (of_solved, no_wait_of_solved)) = (waits(rows), waits(&solved));
    let fold =
        |of: fn(f64, f64) -> f64, values: &[f64]| values.iter().copied().reduce(of);
    let different = |agents: Vec<String>| {
        Some(agents.into_iter().collect::<BTreeSet<_>>().len() as f64)
    };
    let (value, missing) = match name {
        "rows" => (Some(rows.len() as f64), 0),
        "quick" => (Some(quick.len() as f64), 0),
        "share" => (quotient(solved.len(), rows.len()), 0),
        "share_of_quick" => {
            let both = quick.iter().filter(|row| row.solved == Some(true)).count();
            (quotient(both, quick.len()), 0)
        }
        "mean" => (mean(&all), no_wait),
        "mean_of_solved" => (mean(&of_solved), no_wait_of_solved),
        "median" => (percentile(all, 50), no_wait),
        "p90" => (percentile(all, 90), no_wait),
        "rank" => {
            let mut sorted = all;
            sorted.sort_by(f64::total_cmp);
            let rank = (sorted.len() * 80).div_ceil(100);
            (rank.checked_sub(1).map(|place| sorted[place]), no_wait)
        }
        "longest" => (fold(f64::max, &all), no_wait),
        "sum" => (fold(|a, b| a + b, &users), no_users),
        "least" => (fold(f64::min, &users), no_users),
        "spread" => {
            let middle = mean(&users).unwrap_or_default();
            let squares: f64 = users.iter().map(|own| (own - middle).powi(2)).sum();
            let below = users.len().saturating_sub(1);
            ((below > 0).then(|| (squares / below as f64).sqrt()), no_users)
        }
        "agents" => (different(agents), no_agent),
        "agents_solving" => {
            let (agents, missing) = known(&solved, |row| row.agent.clone());
            (different(agents), missing)
        }
        "ratio" => {
            let waiting = rows.iter().filter(|row| row.waited.is_some_and(|w| w > 600));
            (quotient(solved.len(), waiting.count()), 0)
        }
        _ => {
            let (known, missing) = known(rows, |row| row.priority);
            let parts = ["P1", "P2", "P3"].map(|part| {
                let own = known.iter().filter(|own| **own == part).count();
                (Some(part), Expected { value: quotient(own, known.len()), missing })
            });
            return parts.into();
        }
    };
    vec![(None, Expected { value, missing })]
}

/// The name of a ticket's value of a field.
fn named(ticket: &Ticket, field: &str) -> String {
    let name = match field {
        "priority" => ticket.priority.map(str::to_owned),
        "solved" => ticket.solved.map(|solved| solved.to_string()),
        _ => ticket.agent.clone(),
    };
    name.unwrap_or_else(|| "missing".to_owned())
}

fn shown(value: &SegmentValue) -> String {
    match value {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => number.to_string(),
        SegmentValue::Truth(truth) => truth.to_string(),
        SegmentValue::Missing => "missing".to_owned(),
    }
}

/// What a result is about: its month and the names of its segment.
type Segment = (String, Vec<(String, String)>);

fn segment_of(row: &Row) -> Segment {
    let names = row.segment.iter().map(|(field, value)| (field.clone(), shown(value)));
    (row.period.label.to_string(), names.collect())
}

/// The rows of each month and segment that occurs.
fn segments(tickets: &[Ticket]) -> BTreeMap<Segment, Vec<&Ticket>> {
    let mut found: BTreeMap<Segment, Vec<&Ticket>> = BTreeMap::new();
    for ticket in tickets {
        let Some(opened) = ticket.opened else { continue };
        let mut began = MONTHS.iter().filter(|(_, day)| START + day * DAY <= opened);
        let Some((month, _)) = began.next_back() else { continue };
        for fields in
            [&[][..], &["priority"], &["solved"], &["agent"], &["priority", "solved"]]
        {
            let names = fields.iter().map(|f| ((*f).to_owned(), named(ticket, f)));
            found.entry(((*month).to_owned(), names.collect())).or_default().push(ticket);
        }
    }
    found
}

fn agree(found: Option<f64>, expected: Option<f64>) -> bool {
    match (found, expected) {
        (Some(found), Some(expected)) => {
            (found - expected).abs() <= 1e-9 * expected.abs().max(1.0)
        }
        (found, expected) => found == expected,
    }
}

fn compare(row: &Row, rows: &[&Ticket]) -> Result<(), TestCaseError> {
    let (rows, account) = counted(rows);
    let told = &row.accounts[0];
    let excluded = [&told.excluded[0], &told.excluded[1]];
    let found = Account {
        outside: told.outside,
        undecided: told.undecided,
        taken: excluded.map(|one| one.rows),
        unsure: excluded.map(|one| one.unknown),
        counted: told.counted,
    };
    let about = format!("{:?} {:?}", row.formula, segment_of(row));
    prop_assert_eq!(found, account, "{}", &about);
    let name = row.formula.as_deref().unwrap_or_default();
    let part = row.part.as_ref().map(shown);
    let all = expected(name, &rows);
    let expected = all.iter().find(|(own, _)| *own == part.as_deref());
    let Some((_, expected)) = expected else {
        return Err(TestCaseError::fail(format!("{about}: {part:?} is no part")));
    };
    prop_assert!(
        agree(row.value, expected.value),
        "{}: {:?}, one by one {:?}",
        &about,
        row.value,
        expected.value
    );
    // Shares and quotients say it as what is undecided.
    if !name.starts_with("share") && !matches!(name, "quick" | "ratio") {
        prop_assert_eq!(row.missing, expected.missing, "{}", &about);
    }
    Ok(())
}

fn tried(tickets: &[Ticket], size: usize, threads: usize) -> Result<(), TestCaseError> {
    let workspace = workspace();
    let mut dataset = Dataset::new();
    let batches = tickets.chunks(size).map(batch).collect();
    dataset.add_batches(&workspace.catalog, "tickets", batches).unwrap();
    let as_of = Some((START + 200 * DAY) * 1_000_000);
    let selection = Selection { as_of, ..Selection::default() };
    let options = RunOptions { threads, ..RunOptions::default() };
    let results = workspace.run(&dataset, &selection, &options).unwrap();
    let mut segments = segments(tickets);
    let mut met = BTreeSet::new();
    for row in &results.rows {
        let segment = segment_of(row);
        let rows = segments.get(&segment).map(Vec::as_slice).unwrap_or_default();
        compare(row, rows)?;
        met.insert(segment);
    }
    // Values of which no row is spoken of are no segments.
    let outside =
        |rows: &[&Ticket]| rows.iter().all(|row| row.users.is_some_and(|u| u >= 90.0));
    segments.retain(|segment, rows| !met.contains(segment) && !outside(rows));
    prop_assert!(segments.is_empty(), "no results of {:?}", segments.keys());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_that_of_rows_looked_at_one_by_one(
        seed in any::<u64>(),
        n_rows in prop::sample::select(vec![1_usize, 60, 700, 9_000]),
        lacking in prop::collection::vec(prop::sample::select(LACKING.to_vec()), 7),
        size in prop::sample::select(vec![50_usize, 1_000, 20_000]),
        threads in 1_usize..4,
    ) {
        tried(&tickets(seed, n_rows, &lacking), size, threads)?;
    }
}
