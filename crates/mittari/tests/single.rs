//! Tests of evaluation against rows that are looked at one by one: every number and
//! account of random rows is computed a second time.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::BTreeMap;

use mittari::table::{Row, SegmentValue};
use mittari::{Dataset, Overrides, RunOptions, Selection, Sources, Workspace};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

#[path = "single/files.rs"]
mod files;
#[path = "single/model.rs"]
mod model;
#[path = "second/computed.rs"]
mod second;
#[path = "single/tickets.rs"]
mod tickets;
#[path = "second/written.rs"]
mod written;

use files::Layout;
use model::{AS_OF, Account, Expected, Fate, MONTHS, Seen, quotient};
use second::agree;
use tickets::{DAY, LACKING, START, Ticket, batch, tickets};

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
title: Tried
class: internal
measures: outcome
owner: Tester
period: month
unit: number
direction: none
";

const URGENT: &str = "{name: urgent, when: priority = \"P1\" and solved, reason: Tried.}";
const SLOW: &str = "{name: slow, when: waited > 50 min, reason: Tried.}";
const LAST: &str = "{name: earlier, keep: last by resolved_at per agent, reason: Tried.}";

/// A card: its name, what places its rows, what they are about, what it leaves out, its
/// formulas with their units, and its breakdowns.
struct Card {
    name: &'static str,
    placed: &'static str,
    about: &'static str,
    rules: &'static [&'static str],
    formulas: &'static [[&'static str; 3]],
    by: &'static [&'static [&'static str]],
}

const CARDS: [Card; 5] = [
    Card {
        name: "dated",
        placed: "dated: opened_at",
        about: "  where: users < 90\n",
        rules: &[URGENT, SLOW],
        formulas: &[
            ["rows", "count()", "count"],
            ["quick", "count(where waited <= 10 min)", "count"],
            ["share", "share(solved)", "percent"],
            ["share_of_quick", "share(solved, where waited <= 10 min)", "percent"],
            ["mean", "mean(waited)", "s"],
            ["mean_of_solved", "mean(waited, where solved)", "s"],
            ["median", "median(waited)", "s"],
            ["p90", "percentile(waited, 90 %)", "s"],
            ["rank", "nearest_rank(waited, 80 %)", "s"],
            ["longest", "max(waited)", "s"],
            ["sum", "sum(users)", "number"],
            ["least", "min(users)", "number"],
            ["spread", "stddev(users)", "number"],
            ["agents", "distinct(agent)", "count"],
            ["agents_solving", "distinct(agent, where solved)", "count"],
            ["ratio", "count(where solved) / count(where waited > 10 min)", "number"],
            ["parts", "distribution(priority)", "percent"],
        ],
        by: &[&["priority"], &["solved"], &["agent"], &["priority", "solved"]],
    },
    Card {
        name: "stock",
        placed: "open: opened_at until resolved_at",
        about: "  where: users < 90\n",
        rules: &[URGENT],
        formulas: &[
            ["rows", "count()", "count"],
            ["share", "share(solved)", "percent"],
            ["users", "mean(users)", "number"],
            ["sum", "sum(users)", "number"],
            ["age", "median(period_end - opened_at)", "s"],
        ],
        by: &[&["priority"], &["agent"]],
    },
    Card {
        name: "last",
        placed: "dated: resolved_at",
        about: "",
        rules: &[URGENT, LAST],
        formulas: &[
            ["rows", "count()", "count"],
            ["mean", "mean(waited)", "s"],
            ["longest", "max(waited)", "s"],
            ["agents", "distinct(agent)", "count"],
        ],
        by: &[&["priority"], &["solved"]],
    },
    Card {
        name: "wide",
        placed: "dated: opened_at",
        about: "",
        rules: &[SLOW],
        formulas: &[
            ["of_three_rows", "count(over 3 months)", "count"],
            ["of_two_median", "median(waited, over 2 months)", "s"],
            ["of_two_agents", "distinct(agent, over 2 months)", "count"],
            ["part_of_all", "count() / count(across priority)", "number"],
        ],
        by: &[&["priority"]],
    },
    Card {
        name: "per",
        placed: "dated: opened_at",
        about: "",
        rules: &[SLOW],
        formulas: &[
            ["mean_of_counts", "mean(count(), per agent)", "number"],
            ["busy", "count(where count() >= 3, per agent)", "count"],
            ["most", "max(mean(waited), per agent)", "s"],
            ["middle", "median(sum(users), per agent)", "number"],
            ["share_of_busy", "share(count(where solved) >= 2, per agent)", "percent"],
        ],
        by: &[&["priority"], &["solved"]],
    },
];

fn workspace(layout: Layout) -> Workspace {
    let mut sources = Sources::new();
    sources.add("sources/data.yaml", files::source(files::name(layout)));
    sources.add("workspace.yaml", "time_zone: UTC\nlanguages: [en]\n");
    sources.add("vocabulary.yaml", VOCABULARY);
    for card in &CARDS {
        let rules: Vec<String> =
            card.rules.iter().map(|rule| format!("    - {rule}\n")).collect();
        let formulas = card.formulas.iter().map(|[name, formula, unit]| {
            format!("  {name}: {{formula: \"{formula}\", unit: {unit}}}\n")
        });
        let by: Vec<String> =
            card.by.iter().map(|fields| format!("[{}]", fields.join(", "))).collect();
        let text = format!(
            "metric: {}\n{CARD}population:\n  from: tickets\n  {}\n{}  exclude:\n{}\
             formulas:\n{}by: [{}]\n",
            card.name,
            card.placed,
            card.about,
            rules.concat(),
            formulas.collect::<Vec<_>>().concat(),
            by.join(", "),
        );
        sources.add(format!("internal/{}.yaml", card.name), text);
    }
    let workspace = Workspace::of_texts(sources, &Overrides::default());
    assert!(workspace.is_sound(), "{:#?}", workspace.diagnostics);
    workspace
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

/// Names of fields with those of values.
type Names = Vec<(String, String)>;

/// The rows of each month and segment of a card that occurs.
struct Segments<'a>(BTreeMap<(usize, Names), Vec<Seen<'a>>>);

impl<'a> Segments<'a> {
    fn new(card: &Card, tickets: &'a [Ticket]) -> Self {
        let mut found: BTreeMap<_, Vec<Seen<'_>>> = BTreeMap::new();
        let breakdowns = [&[][..]].into_iter().chain(card.by.iter().copied());
        let breakdowns: Vec<&[&str]> = breakdowns.collect();
        for month in 0..MONTHS.len() {
            for seen in model::month(card.name, month, tickets) {
                for fields in &breakdowns {
                    let names =
                        fields.iter().map(|f| ((*f).to_owned(), named(seen.0, f)));
                    found.entry((month, names.collect())).or_default().push(seen);
                }
            }
        }
        Self(found)
    }

    /// The rows of a segment in some months.
    fn rows(
        &self,
        months: std::ops::RangeInclusive<usize>,
        names: &Names,
    ) -> Vec<Seen<'a>> {
        let lists = months.filter_map(|month| self.0.get(&(month, names.clone())));
        lists.flatten().copied().collect()
    }

    /// The rows of a segment that count in some months.
    fn counted(
        &self,
        months: std::ops::RangeInclusive<usize>,
        names: &Names,
    ) -> Vec<&'a Ticket> {
        let rows = self.rows(months, names).into_iter();
        rows.filter(|(_, fate, _)| *fate == Fate::Counted).map(|(row, ..)| row).collect()
    }

    /// What is expected of a result.
    fn expected(&self, row: &Row, (month, names): (usize, &Names)) -> Expected {
        let rows = self.counted(month..=month, names);
        let name = row.formula.as_deref().unwrap_or_default();
        match (name, &row.part) {
            ("part_of_all", _) => {
                let all = self.counted(month..=month, &Vec::new());
                Expected { value: quotient(rows.len(), all.len()), missing: 0 }
            }
            (_, Some(part)) => model::part(&shown(part), &rows),
            _ if &*row.metric == "per" => model::per(name, &rows),
            _ => {
                let wide = name.strip_prefix("of_").and_then(|name| name.split_once('_'));
                let more = match wide {
                    Some(("three", _)) => 2,
                    Some(_) => 1,
                    None => 0,
                };
                let rows = self.counted(month.saturating_sub(more)..=month, names);
                model::formula(wide.map_or(name, |(_, name)| name), &rows, month)
            }
        }
    }
}

/// Compares a result; gives its month and segment.
fn compare(row: &Row, segments: &Segments<'_>) -> Result<(usize, Names), TestCaseError> {
    let month = MONTHS.iter().position(|(label, _)| *label == &*row.period.label);
    let Some(month) = month else {
        return Err(TestCaseError::fail(format!("no month is {}", row.period.label)));
    };
    let names = row.segment.iter().map(|(field, value)| (field.clone(), shown(value)));
    let names: Names = names.collect();
    let about = format!(
        "{} {:?} {:?} {} {names:?}",
        row.metric, row.formula, row.part, row.period.label
    );
    let expected = segments.expected(row, (month, &names));
    prop_assert!(
        agree(row.value, expected.value),
        "{}: {:?}, one by one {:?}",
        &about,
        row.value,
        expected.value
    );
    // Shares and quotients say it as what is undecided.
    let formula = row.formula.as_deref().unwrap_or_default();
    let is_quotient = formula.starts_with("share") || formula == "ratio";
    if !is_quotient && formula != "quick" && &*row.metric != "per" {
        prop_assert_eq!(row.missing, expected.missing, "{}", &about);
    }
    if &*row.metric != "wide" {
        let told = &row.accounts[0];
        let mut found = Account {
            outside: told.outside,
            undecided: told.undecided,
            counted: told.counted,
            ..Account::default()
        };
        for (place, rule) in told.excluded.iter().enumerate() {
            (found.taken[place], found.unsure[place]) = (rule.rows, rule.unknown);
        }
        let rows = segments.rows(month..=month, &names);
        prop_assert_eq!(found, Account::of(&rows), "{}", &about);
    }
    Ok((month, names))
}

/// Compares all results of the tickets; as many as `size` are in a batch or row group.
fn tried(
    tickets: &[Ticket],
    (layout, size): (Layout, usize),
    threads: usize,
) -> Result<(), TestCaseError> {
    let workspace = workspace(layout);
    let folder = tempfile::tempdir().unwrap();
    let dataset = if layout == Layout::Batches {
        let mut dataset = Dataset::new();
        let batches = tickets.chunks(size).map(batch).collect();
        dataset.add_batches(&workspace.catalog, "tickets", batches).unwrap();
        dataset
    } else {
        files::write(layout, folder.path(), tickets, size);
        let paths = [folder.path().to_owned()];
        Dataset::of_folder(&workspace.catalog, None, &paths).unwrap()
    };
    let as_of = Some((START + AS_OF * DAY) * 1_000_000);
    let selection = Selection { as_of, ..Selection::default() };
    let options = RunOptions { threads, ..RunOptions::default() };
    let results = workspace.run(&dataset, &selection, &options).unwrap();
    for card in &CARDS {
        let mut segments = Segments::new(card, tickets);
        let mut met = Vec::new();
        for row in results.rows.iter().filter(|row| &*row.metric == card.name) {
            met.push(compare(row, &segments)?);
        }
        for segment in met {
            segments.0.remove(&segment);
        }
        // Values of which no row is spoken of are no segments.
        let outside = |rows: &[Seen<'_>]| rows.iter().all(|row| row.1 == Fate::Outside);
        segments.0.retain(|_, rows| !outside(rows));
        let left: Vec<_> = segments.0.keys().collect();
        prop_assert!(left.is_empty(), "{}: no results of {:?}", card.name, left);
    }
    Ok(())
}

const LAYOUTS: [Layout; 4] =
    [Layout::Batches, Layout::Csv, Layout::Ndjson, Layout::Parquet];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_is_that_of_rows_looked_at_one_by_one(
        seed in any::<u64>(),
        n_rows in prop::sample::select(vec![1_usize, 60, 700, 9_000]),
        lacking in prop::collection::vec(prop::sample::select(LACKING.to_vec()), 7),
        size in prop::sample::select(vec![50_usize, 1_000, 20_000]),
        layout in prop::sample::select(LAYOUTS.to_vec()),
        threads in 1_usize..4,
    ) {
        tried(&tickets(seed, n_rows, &lacking), (layout, size), threads)?;
    }
}
