//! Cards of the language's own words through the checker: nothing panics, every message
//! has its place, and a card is sound or explained.
#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::{Corpus, fuzz_target};
use mittari_fuzz::{desk, places::assert_told, words};
use mittari_lang::check::Overrides;
use mittari_lang::diagnostic::Diagnostic;
use mittari_lang::{check, read};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(card) = words::card(&mut Unstructured::new(bytes)) else {
        return Corpus::Reject;
    };
    let mut sources = desk::sources();
    sources.add("internal/tried.yaml", card.clone());
    let read = read::workspace(&sources);
    assert_told(&sources, &read.diagnostics);
    let checked = check::check(&read.value, &Overrides::default());
    assert_told(&sources, &checked.diagnostics);
    let mut told = read.diagnostics.iter().chain(&checked.diagnostics);
    let error = told.any(Diagnostic::is_error);
    let sound = checked.value.metrics.iter().any(|metric| metric.card_name == "tried");
    assert!(error || sound, "left out without a word:\n{card}");
    let again = check::check(&read.value, &Overrides::default());
    assert_eq!(again.diagnostics, checked.diagnostics, "said otherwise:\n{card}");
    for (one, other) in checked.value.metrics.iter().zip(&again.value.metrics) {
        assert_eq!(one.fingerprint, other.fingerprint, "{card}");
    }
    Corpus::Keep
});
