//! The wording that offers names which exist.

use crate::nearest::nearest;

/// `` ; a field `status` exists ``, or nothing: the end of a message about an unknown
/// name.
pub(super) fn offer<'a>(
    what: &str,
    word: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> String {
    nearest(word, names)
        .map_or_else(String::new, |name| format!("; {what} `{name}` exists"))
}

/// Names in a row for a message: `` `a`, `b` and `c` ``; of many only the first eight.
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    if names.len() > 8 {
        let shown = names.get(..8).unwrap_or(&names).join(", ");
        return format!("{shown} and {} more", names.len() - 8);
    }
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::from("nothing"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_and_lists_for_people() {
        assert_eq!(offer("a field", "staus", ["status"]), "; a field `status` exists");
        assert_eq!(offer("a field", "staus", ["opened_at"]), "");
        assert_eq!(listed(["a"]), "`a`");
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(
            listed(["a"; 10]),
            "`a`, `a`, `a`, `a`, `a`, `a`, `a`, `a` and 2 more"
        );
    }
}
