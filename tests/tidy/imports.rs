//! Which file of a crate takes names from which other file.
//!
//! A file and the files in the folder of its name are one module with a door: what the
//! door takes from its own rooms is no arrow. Everything else is one, also what a room
//! takes from its door or from the room beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::text;

/// One source file of a crate.
#[derive(Debug)]
pub(super) struct Module {
    /// `["calendar", "build"]`; empty for `lib.rs` and `main.rs`.
    pub(super) path: Vec<String>,
    /// Its text without comments, strings and tests.
    pub(super) bare: String,
}

impl Module {
    pub(super) fn name(&self) -> String {
        if self.path.is_empty() { "the root".to_owned() } else { self.path.join("::") }
    }
}

/// The arrows between files, by their place in the list; and the paths that end at the
/// root, as text.
pub(super) fn arrows(
    modules: &[Module],
) -> (BTreeMap<usize, BTreeSet<usize>>, Vec<String>) {
    let mut arrows: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut at_root = Vec::new();
    for (from, module) in modules.iter().enumerate() {
        for path in paths(module) {
            let to = owner(modules, &path);
            let target = &modules[to].path;
            if target.is_empty() && !module.path.is_empty() {
                at_root.push(format!("{}: `crate::{}`", module.name(), path.join("::")));
            }
            let own_room =
                target.len() > module.path.len() && target.starts_with(&module.path);
            if to != from && !own_room && !target.is_empty() {
                arrows.entry(from).or_default().insert(to);
            }
        }
    }
    (arrows, at_root)
}

/// The file that holds what a path from the crate's root names.
fn owner(modules: &[Module], path: &[String]) -> usize {
    let fits = modules.iter().enumerate().filter(|(_, m)| path.starts_with(&m.path));
    fits.max_by_key(|(_, m)| m.path.len()).map_or(0, |(at, _)| at)
}

/// Every path from `crate`, `super` or `self`, from the crate's root.
fn paths(module: &Module) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate", "super", "self"] {
        let mark = format!("{start}::");
        for (at, _) in module.bare.match_indices(&mark) {
            let before = module.bare[..at].chars().next_back().unwrap_or(' ');
            if text::word_sign(before) || before == ':' || before == '$' {
                continue;
            }
            let mut base = module.path.clone();
            base.extend(inline_modules(&module.bare, at));
            match start {
                "crate" => base.clear(),
                "super" => _ = base.pop(),
                _ => {}
            }
            follow(&module.bare[at + mark.len()..], &base, &mut found);
        }
    }
    found
}

/// Reads a path or a tree of paths, as in `a::{b, c::d}`.
fn follow(rest: &str, base: &[String], found: &mut Vec<Vec<String>>) {
    let word: String = rest.chars().take_while(|c| text::word_sign(*c)).collect();
    if word.is_empty() && rest.starts_with('{') {
        let end = text::closing(rest, 0);
        for branch in branches(&rest[1..end]) {
            follow(branch.trim_start(), base, found);
        }
        return;
    }
    let mut path = base.to_vec();
    match word.as_str() {
        "super" => _ = path.pop(),
        "self" | "" => {}
        _ => path.push(word.clone()),
    }
    match rest[word.len()..].strip_prefix("::") {
        Some(tail) if !tail.starts_with('<') => follow(tail, &path, found),
        _ => found.push(path),
    }
}

/// The parts between the commas of the outermost level.
fn branches(list: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, sign) in list.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The modules written out inside the file that hold this place.
fn inline_modules(bare: &str, place: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in bare[..place].match_indices("mod ") {
        let before = bare[..at].chars().next_back().unwrap_or(' ');
        let name: String =
            bare[at + 4..].chars().take_while(|c| text::word_sign(*c)).collect();
        let tail = bare[at + 4 + name.len()..].trim_start();
        if text::word_sign(before) || !tail.starts_with('{') {
            continue;
        }
        let open = bare.len() - tail.len();
        if text::closing(bare, open) > place {
            names.push(name);
        }
    }
    names
}

/// A circle in the arrows, if there is one, as places in the list.
pub(super) fn circle(arrows: &BTreeMap<usize, BTreeSet<usize>>) -> Option<Vec<usize>> {
    let mut done = BTreeSet::new();
    for start in arrows.keys() {
        let mut trail = Vec::new();
        if let Some(found) = walk(*start, arrows, &mut done, &mut trail) {
            return Some(found);
        }
    }
    None
}

fn walk(
    at: usize,
    arrows: &BTreeMap<usize, BTreeSet<usize>>,
    done: &mut BTreeSet<usize>,
    trail: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    if let Some(place) = trail.iter().position(|seen| *seen == at) {
        return Some(trail[place..].to_vec());
    }
    if !done.contains(&at) {
        trail.push(at);
        for next in arrows.get(&at).into_iter().flatten() {
            let found = walk(*next, arrows, done, trail);
            if found.is_some() {
                return found;
            }
        }
        trail.pop();
        done.insert(at);
    }
    None
}

#[test]
fn paths_are_followed_through_trees_doors_and_inline_modules() {
    let module = Module {
        path: vec!["a".to_owned(), "b".to_owned()],
        bare: "use crate::x::{y, self, z::{W, V}}; use super::Q; mod t { use super::K; } self::r()"
            .to_owned(),
    };
    let mut found: Vec<String> = paths(&module).iter().map(|p| p.join("::")).collect();
    found.sort();
    assert_eq!(found, ["a::Q", "a::b::K", "a::b::r", "x", "x::y", "x::z::V", "x::z::W"]);
}

#[test]
fn circles_are_found() {
    let arrows = |list: &[(usize, usize)]| {
        let mut map: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (from, to) in list {
            map.entry(*from).or_default().insert(*to);
        }
        map
    };
    assert_eq!(circle(&arrows(&[(0, 1), (1, 2), (0, 2)])), None);
    assert_eq!(circle(&arrows(&[(0, 1), (1, 2), (2, 1)])), Some(vec![1, 2]));
}
