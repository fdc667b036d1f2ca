//! Rust text without its comments and strings, and the pieces the rules ask for.

/// The text with every comment, string and character turned into spaces; lines and
/// offsets stay as they are.
pub(super) fn bare(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = skipped(&chars, at);
        if end == at {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        for sign in &chars[at..end] {
            // As many bytes as before, so that offsets stay.
            let blank = if *sign == '\n' { "\n" } else { " " };
            out.push_str(&blank.repeat(sign.len_utf8()));
        }
        at = end;
    }
    out
}

/// Where the comment, string or character that starts here ends; `at` if none does.
fn skipped(chars: &[char], at: usize) -> usize {
    let next = chars.get(at + 1).copied().unwrap_or(' ');
    let before = if at == 0 { ' ' } else { chars[at - 1] };
    let in_word = before.is_alphanumeric() || before == '_';
    match chars[at] {
        '/' if next == '/' => line_end(chars, at),
        '/' if next == '*' => block_end(chars, at),
        '"' => string_end(chars, at + 1),
        'r' | 'b' if !in_word => raw_end(chars, at),
        '\'' => character_end(chars, at),
        _ => at,
    }
}

fn line_end(chars: &[char], at: usize) -> usize {
    chars[at..].iter().position(|sign| *sign == '\n').map_or(chars.len(), |n| at + n)
}

fn block_end(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    let mut place = at;
    while place + 1 < chars.len() {
        match (chars[place], chars[place + 1]) {
            ('/', '*') => (depth, place) = (depth + 1, place + 2),
            ('*', '/') if depth == 1 => return place + 2,
            ('*', '/') => (depth, place) = (depth - 1, place + 2),
            _ => place += 1,
        }
    }
    chars.len()
}

fn string_end(chars: &[char], from: usize) -> usize {
    let mut at = from;
    while at < chars.len() {
        match chars[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    chars.len()
}

/// `r"..."`, `r#"..."#`, `b"..."`, `br#"..."#`, `b'x'`; `at` if it is a plain word.
fn raw_end(chars: &[char], at: usize) -> usize {
    let mut place = at;
    if chars[place] == 'b' {
        place += 1;
    }
    let raw = chars.get(place) == Some(&'r');
    if raw {
        place += 1;
    }
    let hashes =
        chars[place.min(chars.len())..].iter().take_while(|c| **c == '#').count();
    match chars.get(place + hashes) {
        Some('"') if !raw && hashes == 0 => string_end(chars, place + 1),
        Some('"') if raw => hashed_end(chars, place + hashes + 1, hashes),
        Some('\'') if !raw && hashes == 0 && place > at => character_end(chars, place),
        _ => at,
    }
}

fn hashed_end(chars: &[char], from: usize, hashes: usize) -> usize {
    let mut at = from;
    while at < chars.len() {
        let tail = &chars[at + 1..];
        if chars[at] == '"' && tail.iter().take_while(|c| **c == '#').count() >= hashes {
            return at + 1 + hashes;
        }
        at += 1;
    }
    chars.len()
}

/// A character, told apart from a lifetime.
fn character_end(chars: &[char], at: usize) -> usize {
    match (chars.get(at + 1), chars.get(at + 2)) {
        (Some('\\'), Some(_)) => {
            let rest = &chars[at + 3..];
            rest.iter().position(|c| *c == '\'').map_or(at, |n| at + 3 + n + 1)
        }
        (Some(_), Some('\'')) => at + 3,
        _ => at,
    }
}

/// Bare text without items under `#[cfg(test)]`.
pub(super) fn without_tests(bare: &str) -> String {
    let mut text = bare.to_owned();
    let mark = "#[cfg(test)]";
    while let Some(start) = text.find(mark) {
        let end = item_end(&text, start + mark.len());
        let blank: String = text[start..end]
            .chars()
            .map(|c| if c == '\n' { '\n' } else { ' ' })
            .collect();
        text.replace_range(start..end, &blank);
    }
    text
}

/// The end of the item that starts here: a semicolon or the brace that closes it.
fn item_end(bare: &str, from: usize) -> usize {
    let mut round = 0_i32;
    for (at, sign) in bare[from..].char_indices() {
        match sign {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            ';' if round == 0 => return from + at + 1,
            '{' if round == 0 => return closing(bare, from + at) + 1,
            _ => {}
        }
    }
    bare.len()
}

/// The brace that closes the one at `open`.
pub(super) fn closing(bare: &str, open: usize) -> usize {
    let mut depth = 0_i32;
    for (at, sign) in bare[open..].char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 1 => return open + at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    bare.len() - 1
}

/// A function: its name, the line it starts on, and the lines of code in its body.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) line: usize,
    pub(super) length: usize,
}

/// All functions with a body; lines that are blank or hold a comment do not count, as
/// in clippy's `too_many_lines`.
pub(super) fn functions(bare: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for (at, _) in bare.match_indices("fn ") {
        let before = bare[..at].chars().next_back().unwrap_or(' ');
        let name: String = bare[at + 3..].chars().take_while(|c| word_sign(*c)).collect();
        if word_sign(before) || name.is_empty() {
            continue;
        }
        let Some(open) = body_of(bare, at) else { continue };
        let body = &bare[open + 1..closing(bare, open)];
        let length = body.lines().filter(|line| !line.trim().is_empty()).count();
        let line = bare[..at].matches('\n').count() + 1;
        found.push(Function { name, line, length });
    }
    found
}

/// The brace that opens the body of the function whose signature starts here.
fn body_of(bare: &str, from: usize) -> Option<usize> {
    let end = item_end(bare, from);
    if bare[..end].ends_with(';') {
        return None;
    }
    let mut round = 0_i32;
    for (at, sign) in bare[from..end].char_indices() {
        match sign {
            '(' | '[' => round += 1,
            ')' | ']' => round -= 1,
            '{' if round == 0 => return Some(from + at),
            _ => {}
        }
    }
    None
}

/// Whether a character may stand in a word of Rust.
pub(super) fn word_sign(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// Where a word (or path of words) stands on its own.
pub(super) fn word_at(bare: &str, word: &str) -> Option<usize> {
    bare.match_indices(word).map(|(at, _)| at).find(|at| {
        let before = bare[..*at].chars().next_back().unwrap_or(' ');
        let after = bare[at + word.len()..].chars().next().unwrap_or(' ');
        !word_sign(before) && !word_sign(after)
    })
}

#[test]
fn comments_and_strings_are_blanked_and_lifetimes_are_not() {
    let text =
        "let a = \"x // {\"; // y\nfn f<'a>(b: &'a str) -> char { '{' } /* { /* */ */";
    let bare = bare(text);
    assert_eq!(bare.len(), text.len());
    assert_eq!(
        bare.trim_end(),
        "let a =         ;     \nfn f<'a>(b: &'a str) -> char {     }"
    );
    let raw = "r#\"a \"b\" c\"# d br\"e\" b'f' r";
    assert_eq!(super::text::bare(raw).split_whitespace().collect::<Vec<_>>(), ["d", "r"]);
}

#[test]
fn the_length_of_a_function_leaves_out_blank_lines() {
    let text = "fn a() {\n  b;\n\n  // c\n  d;\n}\ntrait T { fn e(); }\nfn g<T: Fn(u8) -> u8>(x: [u8; 3]) -> u8\nwhere T: X { h }";
    let lengths: Vec<_> =
        functions(&bare(text)).into_iter().map(|f| (f.name, f.line, f.length)).collect();
    assert_eq!(lengths, [("a".to_owned(), 1, 2), ("g".to_owned(), 8, 1)]);
}
