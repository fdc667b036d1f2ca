//! Any text as any file of a workspace: nothing panics, every message has its place, and
//! what was left out was explained.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mittari_fuzz::places::assert_told;
use mittari_lang::diagnostic::Diagnostic;
use mittari_lang::read;
use mittari_lang::source::Sources;

const FILES: [(u8, &str); 6] = [
    (b'c', "sla/tried.yaml"),
    (b'v', "vocabulary.yaml"),
    (b'h', "calendars/tried.yaml"),
    (b's', "sources/tried.yaml"),
    (b'w', "workspace.yaml"),
    (b't', "sla/tried.test.yaml"),
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let by_letter = FILES.iter().find(|(letter, _)| letter == first);
    let (_, name) = by_letter.unwrap_or(&FILES[usize::from(*first) % FILES.len()]);
    let mut sources = Sources::new();
    sources.add(*name, String::from_utf8_lossy(rest));
    let outcome = read::workspace(&sources);
    assert_told(&sources, &outcome.diagnostics);
    let read = outcome.value;
    let n_read = read.cards.len()
        + usize::from(read.vocabulary.is_some())
        + read.calendars.len()
        + read.mappings.len()
        + usize::from(read.settings.is_some())
        + read.trials.len();
    let told = outcome.diagnostics.iter().any(Diagnostic::is_error);
    assert!(n_read == 1 || told, "left out without a word");
});
