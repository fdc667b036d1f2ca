//! Places that must lie in their texts, and trees without their places.

use std::fmt::Debug;

use mittari_lang::diagnostic::Diagnostic;
use mittari_lang::source::Sources;
use mittari_lang::span::Span;

/// Every label of every message lies in its text, between whole characters.
///
/// # Panics
///
/// One does not, or a message is empty.
pub fn assert_told(sources: &Sources, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        assert!(!diagnostic.message.is_empty(), "{diagnostic:?}");
        assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
        for label in &diagnostic.labels {
            assert_inside(sources, label.span, diagnostic);
        }
        sources.position(diagnostic.span());
    }
}

fn assert_inside(sources: &Sources, span: Span, about: &Diagnostic) {
    let Some(source) = sources.get(span.source) else {
        panic!("a place in no text: {about:?}");
    };
    let (start, end) = (span.start as usize, span.end as usize);
    assert!(start <= end && end <= source.text.len(), "{about:?}");
    assert!(source.text.is_char_boundary(start), "{about:?}");
    assert!(source.text.is_char_boundary(end), "{about:?}");
}

/// What a tree looks like without its places, and the places: both are read from its
/// debug form, which names every part of every node.
pub fn erased(tree: &impl Debug) -> (String, Vec<(usize, usize)>) {
    const BEGIN: &str = "Span { ";
    let whole = format!("{tree:?}");
    let (mut out, mut places, mut rest) = (String::new(), Vec::new(), whole.as_str());
    while let Some((before, behind)) = rest.split_once(BEGIN) {
        out.push_str(before);
        let (inside, after) = behind.split_once('}').unwrap_or((behind, ""));
        let number = |key: &str| {
            let (_, value) = inside.split_once(key)?;
            let digits = value.split(|c: char| !c.is_ascii_digit()).next()?;
            digits.parse().ok()
        };
        // A text inside the tree may look like a place; it has no such numbers.
        if let (Some(start), Some(end)) = (number(" start: "), number(" end: ")) {
            places.push((start, end));
        }
        rest = after;
    }
    out.push_str(rest);
    (out, places)
}
