//! Kinds of characters.

/// Whether a character is a blank of the language.
pub(super) const fn is_blank(sign: char) -> bool {
    matches!(sign, ' ' | '\t' | '\r' | '\n' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Whether a name may begin with a character.
pub(super) fn begins_name(sign: char) -> bool {
    sign == '_' || pest::unicode::XID_START(sign)
}

/// Whether a name may go on with a character.
pub(super) fn continues_name(sign: char) -> bool {
    pest::unicode::XID_CONTINUE(sign) && !is_accent(sign)
}

/// A combining accent, which belongs to the character before it.
pub(super) const fn is_accent(sign: char) -> bool {
    matches!(sign, '\u{300}'..='\u{36f}')
}

/// Characters that nobody sees, and blanks that are none of the language's.
pub(super) fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}')
        || sign.is_control()
        || sign.is_whitespace()
}
