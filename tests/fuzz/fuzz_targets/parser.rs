//! Any text as an expression, target, value, stock or window: nothing panics, every place
//! lies in the text, what is unsound was told, and what is sound reads back when printed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mittari_fuzz::places::{assert_told, erased};
use mittari_lang::diagnostic::{Diagnostic, Outcome};
use mittari_lang::place::Located;
use mittari_lang::source::Sources;
use mittari_lang::{parse, print};

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let mut sources = Sources::new();
    let id = sources.add("a", text.clone());
    let located = Located::plain(text.clone(), id, 0);
    let formula = parse::formula(&located);
    told(&sources, &text, &formula);
    if formula.diagnostics.is_empty() {
        let printed = print::expression(&formula.value);
        let again = parse::formula(&Located::plain(printed.clone(), id, 0));
        assert!(again.diagnostics.is_empty(), "{printed}\n{:?}", again.diagnostics);
        assert_eq!(erased(&again.value).0, erased(&formula.value).0, "{printed}");
    }
    let goal = parse::goal(&located);
    told(&sources, &text, &goal);
    if let (Some(value), []) = (&goal.value, goal.diagnostics.as_slice()) {
        let printed = print::goal(value);
        let again = parse::goal(&Located::plain(printed.clone(), id, 0));
        assert!(again.diagnostics.is_empty(), "{printed}\n{:?}", again.diagnostics);
        assert_eq!(erased(&again.value).0, erased(&goal.value).0, "{printed}");
    }
    told(&sources, &text, &parse::value(&located));
    told(&sources, &text, &parse::stock(&located));
    told(&sources, &text, &parse::window(&located));
});

fn told<T: std::fmt::Debug>(sources: &Sources, text: &str, outcome: &Outcome<T>) {
    assert_told(sources, &outcome.diagnostics);
    for said in &outcome.diagnostics {
        // What the scan lets through, the grammar reads; a message quotes its text.
        let unread = said.message.contains("could not be read");
        assert!(!unread || text.contains("could"), "{said:?}");
    }
    let (tree, places) = erased(&outcome.value);
    for (start, end) in places {
        assert!(start <= end && end <= text.len(), "{start}..{end}");
        assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
    }
    let error = outcome.diagnostics.iter().any(Diagnostic::is_error);
    // A text inside the tree may say the word itself.
    let unsound = tree.contains("kind: Unsound") && !text.contains("Unsound");
    assert!(error || !unsound, "unsound without a word");
    assert!(error || tree != "None", "nothing without a word");
}
