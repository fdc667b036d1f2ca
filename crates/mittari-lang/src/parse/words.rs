//! The words of the language.

/// The words that no vocabulary and no parameter may use as a name, in any case.
pub const RESERVED: &[&str] = &[
    "and", "or", "not", "in", "between", "is", "if", "then", "else", "or_else", "true",
    "false", "missing", "at", "until", "where", "dated", "open", "over", "from",
    "across", "per", "its", "by", "calendar", "except", "worst", "best",
];

/// The words that begin a clause of a call.
pub const CLAUSE_WORDS: &[&str] = &[
    "where", "dated", "open", "over", "from", "across", "per", "its", "by", "calendar",
    "except", "worst", "best",
];

/// Whether a word belongs to the language and is never a name.
pub fn reserved(word: &str) -> bool {
    RESERVED.iter().any(|known| known.eq_ignore_ascii_case(word))
}
