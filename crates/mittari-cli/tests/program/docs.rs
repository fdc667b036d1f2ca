//! The reference of the shipped cards: whole, in three languages, its links alive.

use std::fs;
use std::path::{Path, PathBuf};

use super::bench::{Bench, mittari};
use super::root;

/// The reference of the shipped cards, written into a folder of the bench.
fn written(bench: &Bench, folder: &str, language: &str) -> PathBuf {
    let output = bench.path(folder);
    let (metrics, to) = (root().join("metrics"), output.display().to_string());
    let metrics = metrics.display().to_string();
    let done = mittari(&["docs", &metrics, "--output", &to, "--language", language]);
    assert_eq!(done.code, 0, "{}", done.err);
    output
}

/// Every page with its text, sorted.
fn pages(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for folder in [folder.to_path_buf(), folder.join("cards")] {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_file() {
                let text = fs::read_to_string(&path).expect("text");
                found.push((path, text));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_link_leads_to_a_page_and_every_card_is_in_the_index() {
    let bench = Bench::new();
    let folder = written(&bench, "docs", "en");
    let pages = pages(&folder);
    let mut links = 0;
    for (path, text) in &pages {
        for rest in text.split("](").skip(1) {
            let link = rest.split(')').next().unwrap_or_default();
            if link.starts_with("http")
                || Path::new(link).extension().is_none_or(|it| it != "md")
            {
                continue;
            }
            let target = path.parent().expect("a folder").join(link);
            assert!(target.is_file(), "{}: {link}", path.display());
            links += 1;
        }
    }
    assert!(links > 200, "{links} links");
    let index = fs::read_to_string(folder.join("README.md")).expect("an index");
    let cards = fs::read_dir(folder.join("cards")).expect("cards");
    for card in cards {
        let name = card.expect("a card").file_name().display().to_string();
        assert!(index.contains(&format!("(cards/{name})")), "{name}");
    }
}

#[test]
fn a_card_is_shown_in_the_form_of_the_guide() {
    let bench = Bench::new();
    let folder = written(&bench, "docs", "en");
    let page = folder.join("cards/answered-in-target.md");
    let text = fs::read_to_string(page).expect("a page");
    let mut at = 0;
    for part in [
        "# Answered within target time",
        "**View:** processes, customers",
        "**Owner:** Customer service manager",
        "**Critical success factor:** Reachability",
        "**Strategy:**",
        "**Goal:**",
        "**Description:**",
        "**Period:** month, week, day",
        "**Unit:** percent",
        "**Direction:** up",
        "## Formula",
        "count(where outcome = \"answered\" and waited <= target_time) / count()",
        "## Left out",
        "| abandoned-before-target | `outcome = \"abandoned\" and waited < target_time` |",
        "## Parameters",
        "- `target_time`: `20 s`",
        "**Data source:**",
        "**Reliability:**",
        "**Collected and reported by:**",
        "**Baseline:**",
        "**Justification of the target:**",
        "**Uses:**",
        "**Notes:**",
        "## Read beside",
        "## Tests",
        "## Fingerprint",
    ] {
        let place = text.get(at..).and_then(|rest| rest.find(part));
        at += place.unwrap_or_else(|| panic!("`{part}` after {at} in {text}"));
    }
}

#[test]
fn the_same_workspace_gives_the_same_pages_in_its_languages() {
    let bench = Bench::new();
    let first = pages(&written(&bench, "one", "fi"));
    let second = pages(&written(&bench, "two", "fi"));
    let texts = |pages: &[(PathBuf, String)]| {
        pages.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&first), texts(&second));
    let finnish = bench.path("one/cards/answered-in-target.md");
    let finnish = fs::read_to_string(finnish).expect("a page");
    assert!(finnish.contains("# Tavoiteajassa vastatut"), "{finnish}");
    assert!(finnish.contains("**Omistaja:**") && finnish.contains("## Laskentakaava"));
    let swedish = written(&bench, "three", "sv").join("README.md");
    let swedish = fs::read_to_string(swedish).expect("an index");
    assert!(swedish.contains("## Perspektiv: kunder"), "{swedish}");
}

#[test]
fn keys_and_functions_are_those_of_the_program() {
    let bench = Bench::new();
    let folder = written(&bench, "docs", "en");
    let keys = fs::read_to_string(folder.join("keys.md")).expect("keys");
    let functions = fs::read_to_string(folder.join("functions.md")).expect("functions");
    for key in
        ["| `metric` |", "| `withhold_under` |", "| `known_until` |", "| `expect` |"]
    {
        assert!(keys.contains(key), "{key}");
    }
    for name in ["working_time(", "percentile(", "share(", "or_else"] {
        assert!(functions.contains(name), "{name}");
    }
    let done = mittari(&["docs", "nowhere", "--output", "docs"]);
    assert_eq!(done.code, 3, "{}", done.err);
}
