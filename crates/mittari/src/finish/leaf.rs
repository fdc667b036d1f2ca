//! The calls a formula is made of.

use mittari_lang::builtin::Builtin;
use mittari_lang::typed::Function;

use crate::plan::{FoldUse, GroupExpr, GroupKind, PerUse};

/// A call of a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Leaf<'e> {
    /// One that takes rows.
    Fold(FoldUse),
    /// One that takes finer groups.
    Per(&'e PerUse),
}

impl Leaf<'_> {
    /// Whether it takes the rows of a fold, whatever is made of them.
    pub(super) fn reads(&self, fold: &FoldUse) -> bool {
        let own = if let Self::Fold(own) = self { Some(own) } else { None };
        own.is_some_and(|own| FoldUse { function: fold.function, ..*own } == *fold)
    }

    /// What is made of what it takes.
    pub(super) fn function(&self) -> Function {
        match self {
            Self::Fold(fold) => fold.function,
            Self::Per(level) => level.function,
        }
    }
}

/// The calls of an expression in the period at hand, each use once.
pub(super) fn leaves_of(expr: &GroupExpr) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    collect(expr, false, &mut leaves);
    leaves
}

/// All calls of an expression, those of the period before included.
pub(super) fn all_leaves_of(expr: &GroupExpr) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    collect(expr, true, &mut leaves);
    leaves
}

fn collect<'e>(expr: &'e GroupExpr, before: bool, leaves: &mut Vec<Leaf<'e>>) {
    match &expr.kind {
        GroupKind::Literal(_) | GroupKind::Instant(_) => {}
        GroupKind::Call(Builtin::Previous, _) if !before => {}
        GroupKind::Call(_, operands) => {
            for operand in operands {
                collect(operand, before, leaves);
            }
        }
        GroupKind::Case(branches, otherwise) => {
            for (when, then) in branches {
                collect(when, before, leaves);
                collect(then, before, leaves);
            }
            collect(otherwise, before, leaves);
        }
        GroupKind::Fold(fold) if leaves.contains(&Leaf::Fold(*fold)) => {}
        GroupKind::Fold(fold) => leaves.push(Leaf::Fold(*fold)),
        GroupKind::Per(level) => leaves.push(Leaf::Per(level)),
    }
}
