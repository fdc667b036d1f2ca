//! Sound cards of the language's own words over a few hard rows: nothing panics, accounts
//! add up, no value is infinite, and batches may stand in any order.
#![no_main]

use std::sync::OnceLock;

use arbitrary::Unstructured;
use arrow_array::RecordBatch;
use libfuzzer_sys::{Corpus, fuzz_target};
use mittari::{Dataset, Overrides, Results, RunOptions, Selection};
use mittari_fuzz::{desk, rows, words};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    static TICKETS: OnceLock<RecordBatch> = OnceLock::new();
    let Ok(card) = words::card(&mut Unstructured::new(bytes)) else {
        return Corpus::Reject;
    };
    let mut sources = desk::sources();
    sources.add("internal/tried.yaml", card.clone());
    let workspace = mittari::Workspace::of_texts(sources, &Overrides::default());
    let metrics = workspace.metrics_named("tried");
    if metrics.is_empty() {
        return Corpus::Keep;
    }
    let tickets = TICKETS.get_or_init(rows::tickets);
    let whole = vec![tickets.clone()];
    let parts = vec![tickets.slice(3, 3), tickets.slice(0, 3)];
    let [one, other] = [whole, parts].map(|batches| {
        let mut dataset = Dataset::new();
        dataset.add_batches(&workspace.catalog, "tickets", batches).expect("a table");
        let selection = Selection::default();
        workspace.run(&dataset, &selection, &RunOptions::default())
    });
    match (one, other) {
        (Ok(one), Ok(other)) => {
            assert_sound(&one, &card);
            if !card.contains("keep:") {
                assert_eq!(values(&one), values(&other), "{card}");
            }
        }
        (one, other) => assert_eq!(one.is_err(), other.is_err(), "{card}"),
    }
    Corpus::Keep
});

fn values(results: &Results) -> Vec<String> {
    let rows = results.rows.iter();
    rows.map(|row| format!("{:?} {} {:?}", row.segment, row.period.label, row.value))
        .collect()
}

fn assert_sound(results: &Results, card: &str) {
    for row in &results.rows {
        assert!(row.value.is_none_or(f64::is_finite), "{row:?}\n{card}");
        for account in &row.accounts {
            let excluded: i64 = account.excluded.iter().map(|rule| rule.rows).sum();
            let sum = account.outside + account.undecided + excluded + account.counted;
            assert_eq!(account.rows, sum, "{row:?}\n{card}");
        }
    }
}
