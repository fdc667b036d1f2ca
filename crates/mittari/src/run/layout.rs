//! Which counts a cohort keeps of each group, and what they say at the end.

use super::spec::CohortSpec;
use super::status::Fates;
use crate::gathered::{Account, Partial, State};
use crate::plan::FoldKind;
use crate::plan::nodes::NodeId;

use super::mask::Mask;

/// Members that count.
const COUNTED: usize = 0;
/// `where` is false.
const OUTSIDE: usize = 1;
/// `where` is unknown.
const UNDECIDED: usize = 2;
/// Of each exclusion three counts: taken, unsure, ties.
const RULES: usize = 3;

/// The numbers of the counts of a cohort.
#[derive(Debug)]
pub(super) struct Layout {
    n_rules: usize,
    /// The conditions of calls, each once.
    pub(super) filters: Vec<FilterCounts>,
    /// For each fold its counts.
    pub(super) folds: Vec<FoldCounts>,
    /// How many counts there are.
    pub(super) len: usize,
}

/// The counts of the condition of a call.
#[derive(Debug)]
pub(super) struct FilterCounts {
    /// The condition.
    pub(super) node: NodeId,
    /// Rows for which it is true.
    pub(super) passed: usize,
    /// Rows for which it is unknown.
    pub(super) unknown: usize,
}

/// The counts of a fold.
#[derive(Debug, Clone, Copy)]
pub(super) struct FoldCounts {
    /// The place of its condition among those of the cohort.
    pub(super) filter: Option<usize>,
    /// Rows that pass the condition and have no value.
    pub(super) missing: Option<usize>,
    /// Rows whose value is true.
    pub(super) yes: Option<usize>,
}

/// A value asked for under a condition, and the count of rows that lack it.
type Asked = ((Option<NodeId>, NodeId), usize);

impl Layout {
    /// The counts of a cohort; equal ones of several folds are one.
    pub(super) fn of(spec: &CohortSpec) -> Self {
        let n_rules = spec.exclusions.len();
        let mut layout = Self {
            n_rules,
            filters: Vec::new(),
            folds: Vec::new(),
            len: RULES + 3 * n_rules,
        };
        let mut asked: Vec<Asked> = Vec::new();
        for fold in &spec.folds {
            let filter = fold.filter.map(|node| layout.filter(node));
            let missing = fold.argument.map(|argument| {
                let key = (fold.filter, argument);
                let known = asked.iter().find(|(own, _)| *own == key);
                let known = known.map(|(_, number)| *number);
                known.unwrap_or_else(|| {
                    let number = layout.next();
                    asked.push((key, number));
                    number
                })
            });
            let yes = (fold.kind == FoldKind::Yes).then(|| layout.next());
            layout.folds.push(FoldCounts { filter, missing, yes });
        }
        layout
    }

    fn next(&mut self) -> usize {
        self.len += 1;
        self.len - 1
    }

    fn filter(&mut self, node: NodeId) -> usize {
        if let Some(place) = self.filters.iter().position(|known| known.node == node) {
            return place;
        }
        let (passed, unknown) = (self.next(), self.next());
        self.filters.push(FilterCounts { node, passed, unknown });
        self.filters.len() - 1
    }

    /// The masks of what became of the members.
    pub(super) fn masks(fates: &Fates) -> Vec<(usize, Mask)> {
        let mut masks = vec![
            (COUNTED, fates.counted.clone()),
            (OUTSIDE, fates.outside.clone()),
            (UNDECIDED, fates.undecided.clone()),
        ];
        for (rule, first) in fates.rules.iter().zip((RULES..).step_by(3)) {
            masks.push((first, rule.taken.clone()));
            masks.push((first + 1, rule.unsure.clone()));
            masks.push((first + 2, rule.ties.clone()));
        }
        masks
    }

    /// The account of a group from its counts.
    pub(super) fn account(&self, counts: &[i64]) -> Account {
        let of = |number: usize| counts.get(number).copied().unwrap_or_default();
        let rules = |part: usize| {
            (0..self.n_rules).map(|rule| of(RULES + 3 * rule + part)).collect()
        };
        Account {
            counted: of(COUNTED),
            outside: of(OUTSIDE),
            undecided: of(UNDECIDED),
            excluded: rules(0),
            unsure: rules(1),
            ties: rules(2),
        }
    }

    /// What a fold has seen of a group, from its counts and what it made of the values.
    pub(super) fn partial(&self, fold: usize, counts: &[i64], state: State) -> Partial {
        let of = |number: usize| counts.get(number).copied().unwrap_or_default();
        let Some(own) = self.folds.get(fold) else { return Partial::default() };
        let filter = own.filter.and_then(|place| self.filters.get(place));
        let missing = own.missing.map_or(0, of);
        Partial {
            n: of(filter.map_or(COUNTED, |filter| filter.passed)) - missing,
            missing,
            unknown: filter.map_or(0, |filter| of(filter.unknown)),
            state: own.yes.map_or(state, |yes| State::Yes(of(yes))),
        }
    }
}
