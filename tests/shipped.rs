//! Every card in `metrics/`: it reads, checks, plans and runs on the sample desk.
#![expect(
    clippy::unwrap_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use mittari::{Dataset, RunOptions, Selection, Workspace};
use mittari_lang::types::Period;

#[path = "ask/results.rs"]
#[expect(dead_code, reason = "other tests ask more of results")]
mod ask;

/// The workspace and the results of all its cards over the sample.
fn measured() -> (Workspace, mittari::Results) {
    let workspace = ask::workspace("metrics");
    let folder = [ask::top().join("metrics/sample")];
    let dataset = Dataset::of_folder(&workspace.catalog, None, &folder).unwrap();
    let options = RunOptions { threads: 2, ..RunOptions::default() };
    let results = workspace.run(&dataset, &Selection::default(), &options).unwrap();
    (workspace, results)
}

#[test]
fn every_card_is_sound_and_says_what_people_agreed_on() {
    let workspace = ask::workspace("metrics");
    assert_eq!(workspace.diagnostics.len(), 0, "{:?}", workspace.diagnostics);
    assert_eq!(workspace.written.cards.len(), workspace.written.counts.cards);
    for card in &workspace.written.cards {
        let (name, agreed) = (&card.metric.value, &card.agreement);
        let texts = [&agreed.description, &agreed.data_source, &agreed.reliability];
        assert!(texts.iter().all(|text| text.is_some()), "{name}");
        let languages = agreed.title.texts.iter().filter(|text| text.language.is_some());
        assert_eq!(languages.count(), 3, "the title of {name} in en, fi and sv");
        // Whoever copies the folder says once, in workspace.yaml, whose months they are.
        assert!(card.time_zone.is_none(), "{name} states a zone of its own");
        assert!(card.goals.target.is_none() && card.goals.targets.is_empty(), "{name}");
    }
}

#[test]
fn every_metric_runs_on_the_sample_and_has_values() {
    let (workspace, results) = measured();
    assert!(results.not_run.is_empty(), "{:?}", results.not_run);
    for metric in &workspace.catalog.metrics {
        let own = |row: &&mittari::table::Row| {
            row.metric == metric.card_name
                && row.formula.as_deref() == metric.formula_name.as_deref()
                && row.segment.is_empty()
        };
        let rows: Vec<_> = results.rows.iter().filter(own).collect();
        let least = match metric.periods.first() {
            Some(Period::Quarter) => 3,
            Some(Period::HalfYear | Period::Year) => 1,
            _ => 8,
        };
        assert!(rows.len() >= least, "{} has too few results", metric.name);
        // Without a value a row says why: nothing waited, or too few answered to be shown.
        assert!(
            rows.iter().any(|row| row.value.is_some()),
            "{} has no value",
            metric.name
        );
    }
}

#[test]
fn every_account_adds_up() {
    let (_, results) = measured();
    let mut accounts = 0;
    for row in &results.rows {
        for account in &row.accounts {
            let excluded: i64 = account.excluded.iter().map(|rule| rule.rows).sum();
            let parts = account.outside + account.undecided + excluded + account.counted;
            assert_eq!(parts, account.rows, "{}", ask::title(row));
            accounts += 1;
        }
    }
    assert!(accounts > 1000, "{accounts} accounts");
}

#[test]
fn no_row_of_the_sample_is_bad_or_breaks_a_rule() {
    let (_, results) = measured();
    for table in &results.tables {
        assert_eq!(table.bad_rows, 0, "{:?}", table.faults);
        let broken: Vec<_> = table.violations.iter().filter(|one| one.rows > 0).collect();
        assert!(broken.is_empty(), "{broken:?}");
    }
}

#[test]
fn the_page_of_variants_shows_what_the_sample_gives() {
    let (_, results) = measured();
    let page = std::fs::read_to_string(ask::top().join("metrics/variants.md")).unwrap();
    let mut seen = 0;
    for line in page.lines().filter_map(|line| line.strip_prefix("| `")) {
        let (name, rest) = line.split_once("` | ").unwrap();
        let (shown, _) = rest.split_once(" |").unwrap();
        let wanted = format!("{name} 2026-08");
        let row = results.rows.iter().find(|row| ask::title(row) == wanted).unwrap();
        assert_eq!(row.display, shown, "{name}");
        seen += 1;
    }
    assert!(seen > 15, "{seen} variants");
}
