//! What tests ask of results: one row by its name, and the laws that every row keeps.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mittari::table::{Row, SegmentValue};
use mittari::{MetricId, Results, Workspace};

/// The top of the repository.
pub(crate) fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A workspace below the top, which must be sound.
pub(crate) fn workspace(folder: &str) -> Workspace {
    let workspace = Workspace::of_folder(&top().join(folder)).unwrap();
    let said: Vec<_> = workspace.diagnostics.iter().map(|said| &said.message).collect();
    assert!(workspace.is_sound(), "{said:?}");
    workspace
}

/// The metrics of some cards.
pub(crate) fn metrics(workspace: &Workspace, cards: &[&str]) -> Vec<MetricId> {
    let named = cards.iter().flat_map(|card| {
        let metrics = workspace.metrics_named(card);
        assert!(!metrics.is_empty(), "there is no card `{card}`");
        metrics
    });
    named.collect()
}

/// How a value of a dimension is written in these tests.
pub(crate) fn named(value: &SegmentValue) -> String {
    match value {
        SegmentValue::Name(name) => name.clone(),
        SegmentValue::Number(number) => number.to_string(),
        SegmentValue::Truth(truth) => truth.to_string(),
        SegmentValue::Missing => "missing".to_owned(),
    }
}

/// What a row is about: `made-sla.kept 2016-03 priority=P1`.
pub(crate) fn title(row: &Row) -> String {
    let mut title = row.metric.to_string();
    if let Some(formula) = &row.formula {
        title = format!("{title}.{formula}");
    }
    if let Some(part) = &row.part {
        title = format!("{title}.{}", named(part));
    }
    title = format!("{title} {}", row.period.label);
    for (name, value) in row.segment.iter() {
        title = format!("{title} {name}={}", named(value));
    }
    title
}

/// Results by what they are about.
pub(crate) struct Found<'a>(BTreeMap<String, &'a Row>);

impl<'a> Found<'a> {
    pub(crate) fn of(results: &'a Results) -> Self {
        let mut rows = BTreeMap::new();
        for row in &results.rows {
            let earlier = rows.insert(title(row), row);
            assert!(earlier.is_none(), "two results are called `{}`", title(row));
        }
        Self(rows)
    }

    pub(crate) fn row(&self, title: &str) -> &'a Row {
        self.0.get(title).unwrap_or_else(|| panic!("no result is called `{title}`"))
    }

    /// An exact number.
    #[track_caller]
    pub(crate) fn is(&self, title: &str, value: f64) {
        assert_eq!(self.row(title).value, Some(value), "{title}");
    }

    /// A number that was printed with so many decimals.
    #[track_caller]
    pub(crate) fn is_about(&self, title: &str, value: f64, decimals: i32) {
        let found = self.row(title).value.unwrap_or(f64::NAN);
        let half = 0.5 * 10_f64.powi(-decimals);
        assert!((found - value).abs() <= half * 1.000_001, "{title}: {found}");
    }
}

/// Every account adds up, and the periods of a dated population hold every row of its
/// table that has a date. Gives how many accounts and how many populations were seen.
pub(crate) fn accounts_add_up(results: &Results) -> (usize, usize) {
    let mut accounts = 0;
    // By result without its period and by population: the rows of all periods, and the
    // undated ones.
    let mut dated: BTreeMap<(String, String), (i64, u64)> = BTreeMap::new();
    for row in &results.rows {
        for account in &row.accounts {
            accounts += 1;
            let excluded: i64 =
                account.excluded.iter().map(|excluded| excluded.rows).sum();
            let sum = account.outside + account.undecided + excluded + account.counted;
            assert_eq!(account.rows, sum, "{}: {account:?}", title(row));
            if row.segment.is_empty() && !account.population.contains(" open ") {
                let label = &row.period.label;
                let name = title(row).replace(&format!(" {label}"), "");
                let key = (name, account.population.to_string());
                let sum = dated.entry(key).or_insert((0, account.undated));
                assert_eq!(sum.1, account.undated, "{}", title(row));
                sum.0 += account.rows;
            }
        }
    }
    let tables: BTreeMap<&str, u64> =
        results.tables.iter().map(|table| (table.name.as_str(), table.rows)).collect();
    for ((name, population), (rows, undated)) in &dated {
        let table = population.split(' ').next().unwrap_or_default();
        let held = u64::try_from(*rows).unwrap() + undated;
        assert_eq!(held, tables[table], "{name}: {population}");
    }
    (accounts, dated.len())
}

/// Two runs gave the same, to the last bit.
#[track_caller]
pub(crate) fn same(one: &Results, other: &Results) {
    assert_eq!(one.rows.len(), other.rows.len());
    for (one, other) in one.rows.iter().zip(&other.rows) {
        let bits = |row: &Row| {
            let interval =
                row.interval.map(|(low, high)| (low.to_bits(), high.to_bits()));
            (row.value.map(f64::to_bits), row.previous.map(f64::to_bits), interval)
        };
        assert_eq!(bits(one), bits(other), "{}", title(one));
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}
