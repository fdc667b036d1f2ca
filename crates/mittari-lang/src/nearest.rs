//! The name that was probably meant.

/// Of the names that fit a place the nearest, if it is near enough: at most a third of
/// the word differs. Letters count the same in either case, two that changed places
/// count once.
pub(crate) fn nearest<'n>(
    word: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<&'n str> {
    let small = word.to_lowercase();
    let allowed = (word.chars().count() / 3).max(1);
    names
        .into_iter()
        .filter(|name| *name != word)
        .map(|name| {
            let distance = strsim::damerau_levenshtein(&small, &name.to_lowercase());
            (distance, name)
        })
        .filter(|(distance, name)| *distance <= allowed && *distance < name.len())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_nearest_within_a_third_of_the_word() {
        let names = ["opened_at", "closed_at", "type", "count"];
        assert_eq!(nearest("tipe", names), Some("type"));
        assert_eq!(nearest("cuont", names), Some("count"));
        assert_eq!(nearest("Opened_At", names), Some("opened_at"));
        assert_eq!(nearest("colsed_at", names), Some("closed_at"));
        assert_eq!(nearest("resolved", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(nearest("x", ["y"]), None, "a single letter is near to nothing");
    }
}
