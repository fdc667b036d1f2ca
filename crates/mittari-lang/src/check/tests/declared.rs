//! The examples of the reference are sound and use what they are examples of.

use super::super::call::FUNCTIONS;
use super::super::expr::{contains, is_unsound};
use super::with_checker;
use crate::builtin::{AGGREGATES, Builtin};
use crate::diagnostic::Diagnostic;
use crate::parse;
use crate::place::Located;
use crate::span::SourceId;
use crate::typed::{Expr, ExprKind};

/// An example as meant; a metric it speaks of is there.
fn meant(text: &str) -> Expr {
    let read = parse::formula(&Located::plain(text, SourceId(9), 0));
    assert_eq!(read.diagnostics, [], "{text}");
    with_checker("tickets", |checker| {
        checker.group = true;
        checker.whole = Some(read.value.span);
        let count = parse::formula(&Located::plain("count()", SourceId(9), 0)).value;
        let formula = checker.expr(&count);
        let unit = crate::types::Unit::Count;
        checker
            .made
            .formulas
            .insert("tried".into(), super::super::scope::Meant { formula, unit });
        let desk = checker.world.calendar("desk");
        assert!(desk.is_some());
        let expr = checker.expr(&read.value);
        let errors: Vec<&Diagnostic> =
            checker.found.said.iter().filter(|one| one.is_error()).collect();
        assert!(errors.is_empty() && !is_unsound(&expr), "{text}: {errors:?}");
        expr
    })
}

#[test]
fn every_example_of_a_builtin_is_sound_and_uses_it() {
    for builtin in Builtin::ALL {
        for text in builtin.examples() {
            let uses = |expr: &Expr| matches!(&expr.kind, ExprKind::Call(one, _) if one == builtin);
            assert!(contains(&meant(text), &uses), "{builtin:?}: {text}");
        }
    }
}

#[test]
fn every_example_of_a_function_of_rows_is_sound_and_reads_rows() {
    for declared in AGGREGATES {
        for text in declared.examples {
            assert!(text.contains(declared.name), "{}: {text}", declared.name);
            let reads = |expr: &Expr| matches!(expr.kind, ExprKind::Aggregate(_));
            assert!(contains(&meant(text), &reads), "{}: {text}", declared.name);
        }
    }
}

#[test]
fn every_function_is_declared() {
    let declared: Vec<&str> = Builtin::ALL
        .iter()
        .map(|builtin| builtin.name())
        .chain(AGGREGATES.iter().map(|declared| declared.name))
        .collect();
    // Neighbouring rows are read in a later step.
    for name in FUNCTIONS.iter().filter(|name| **name != "next") {
        assert!(declared.contains(name), "{name}");
    }
}
