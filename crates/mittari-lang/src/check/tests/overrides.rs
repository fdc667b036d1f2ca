//! Parameters and the zone set from outside.

use super::{card, read, sources, told};
use crate::check::Overrides;

#[test]
fn a_parameter_is_set_for_all_cards_or_for_one() {
    let rest = "unit: count\ndirection: none\nparameters: {most: 20 s}\n\
                population: {from: contacts, dated: arrived_at}\n\
                formula: count(where waited <= most)";
    let (a, b) = (card("a", rest), card("b", rest));
    let sources = sources(super::SETTINGS, &[("a", &a), ("b", &b)]);
    let workspace = read(&sources);
    let prints = |set: &[(&str, &str)]| -> Vec<String> {
        let set: Vec<_> =
            set.iter().map(|(name, text)| (name.to_string(), text.to_string())).collect();
        let outcome = crate::check::check(&workspace, &Overrides::of_parameters(set));
        assert_eq!(told(&sources, &outcome.diagnostics), Vec::<String>::new());
        outcome.value.metrics.into_iter().map(|metric| metric.fingerprint).collect()
    };
    let plain = prints(&[]);
    assert_eq!(plain[0], plain[1]);
    assert_eq!(prints(&[("most", "20 s")]), plain);
    let both = prints(&[("most", "30 s")]);
    assert!(both[0] == both[1] && both[0] != plain[0]);
    let one = prints(&[("a.most", "30 s")]);
    assert_eq!(one, [both[0].clone(), plain[0].clone()]);
}

#[test]
fn another_zone_holds_for_cards_that_name_none() {
    let rest = "unit: count\ndirection: none\n\
                population: {from: contacts, dated: arrived_at}\n\
                formula: count(where hour(arrived_at) < 8)";
    let own = format!("time_zone: Asia/Jerusalem\n{rest}");
    let (a, b) = (card("a", rest), card("b", &own));
    let sources = sources(super::SETTINGS, &[("a", &a), ("b", &b)]);
    let workspace = read(&sources);
    let prints = |set: &Overrides| -> Vec<String> {
        let outcome = crate::check::check(&workspace, set);
        assert_eq!(told(&sources, &outcome.diagnostics), Vec::<String>::new());
        outcome.value.metrics.into_iter().map(|metric| metric.fingerprint).collect()
    };
    let plain = prints(&Overrides::default());
    let moved = prints(&Overrides::of_zone(chrono_tz::Tz::Asia__Jerusalem));
    assert!(plain[0] != plain[1] && plain[0] != moved[0]);
    // The zone is what the fingerprint knows, not where it was named.
    assert_eq!([&moved[0], &moved[1]], [&plain[1], &plain[1]]);
}

#[test]
fn what_cannot_be_set_is_told() {
    let rest = "unit: count\ndirection: none\nparameters: {most: 20 s}\n\
                population: {from: contacts, dated: arrived_at}\n\
                formula: count(where waited <= most)";
    let text = card("a", rest);
    let sources = sources(super::SETTINGS, &[("a", &text)]);
    let workspace = read(&sources);
    let codes = |name: &str, text: &str| -> Vec<&str> {
        let set = Overrides::of_parameters(vec![(name.into(), text.into())]);
        let outcome = crate::check::check(&workspace, &set);
        outcome.diagnostics.iter().map(|one| one.code.name()).collect()
    };
    assert_eq!(codes("mots", "30 s"), ["unknown-parameter"]);
    assert!(codes("most", "30 sec").contains(&"unknown-unit"));
    assert_eq!(codes("most", "30"), ["unit-expected"]);
}
