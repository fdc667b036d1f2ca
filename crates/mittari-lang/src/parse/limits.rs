//! What an expression may measure at most; hostile texts are refused, never suffered.

/// Bytes of one expression.
pub(super) const MOST_BYTES: usize = 8 * 1024;
/// Words, numbers, texts and signs of one expression.
pub(super) const MOST_WORDS: usize = 2_000;
/// Brackets inside brackets.
pub(super) const MOST_NESTING: usize = 32;
/// `if` in one expression; they nest without brackets.
pub(super) const MOST_IFS: usize = 32;
/// Signs of negation in a row.
pub(super) const MOST_SIGNS: usize = 4;
/// Characters of a name.
pub(super) const LONGEST_NAME: usize = 64;
/// Complaints about one expression; the rest is counted.
pub(super) const MOST_COMPLAINTS: usize = 20;

/// How deep the tree may be: later stages walk it by recursion.
pub(super) const DEEPEST: u16 = 128;
/// Digits of a number; more are not exact in every database.
pub(super) const MOST_DIGITS: usize = 15;
/// Digits of an amount of money.
pub(super) const MOST_MONEY_DIGITS: usize = 18;
/// Characters of a text.
pub(super) const LONGEST_TEXT: usize = 1_000;

/// Names in a look-up: three steps and the field.
pub(super) const MOST_PARTS: usize = 4;

/// Values of a list.
pub(super) const MOST_VALUES: usize = 500;
/// Periods of a window.
pub(super) const MOST_PERIODS: u32 = 10_000;
