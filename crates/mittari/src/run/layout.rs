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
    /// Whether these are the counts of a condition, and counted as such.
    pub(super) shared: bool,
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
            let counts = match (fold.kind, filter, fold.argument) {
                // Rows for which the argument is true or unknown are those that pass it
                // as a condition, or for which that is unknown.
                (FoldKind::Yes, None, Some(argument)) => layout.share(argument),
                (kind, filter, argument) => {
                    let key = |argument| (fold.filter, argument);
                    let missing = argument.map(|a| layout.missing(&mut asked, key(a)));
                    let yes = (kind == FoldKind::Yes).then(|| layout.next());
                    FoldCounts { filter, missing, yes, shared: false }
                }
            };
            layout.folds.push(counts);
        }
        layout
    }

    /// The counts of a share of all members.
    fn share(&mut self, argument: NodeId) -> FoldCounts {
        let place = self.filter(argument);
        let own = self.filters.get(place);
        let missing = own.map(|own| own.unknown);
        let yes = own.map(|own| own.passed);
        FoldCounts { filter: None, missing, yes, shared: true }
    }

    /// The count of rows that lack a value.
    fn missing(
        &mut self,
        asked: &mut Vec<Asked>,
        key: (Option<NodeId>, NodeId),
    ) -> usize {
        if let Some((_, known)) = asked.iter().find(|(own, _)| *own == key) {
            return *known;
        }
        let number = self.next();
        asked.push((key, number));
        number
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

    /// Whether a group has no rows at all.
    pub(super) fn is_empty(&self, counts: &[i64]) -> bool {
        let is_zero = |number: usize| counts.get(number).is_none_or(|count| *count == 0);
        (0..RULES).all(is_zero) && (0..self.n_rules).all(|rule| is_zero(RULES + 3 * rule))
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
