//! The house rules, as a test: what the compiler and clippy do not say.
#![expect(
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test that meets what it did not foresee has to stop"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use mittari_lang::diagnostic::Code;

#[path = "tidy/imports.rs"]
mod imports;
#[path = "tidy/text.rs"]
mod text;

use imports::Module;

/// Modules that hold things; none of them knows a module that does something.
const NOUNS: &[&str] = &[
    "batch",
    "builtin",
    "calendar",
    "card",
    "dataset",
    "diagnostic",
    "error",
    "gathered",
    "hours",
    "mapping",
    "metric",
    "place",
    "prose",
    "schema",
    "source",
    "span",
    "syntax",
    "table",
    "trial",
    "typed",
    "types",
    "value",
    "vector",
    "vocabulary",
    "workspace",
    "zone",
];

/// Modules that do something.
const VERBS: &[&str] =
    &["check", "engine", "finish", "load", "parse", "read", "report", "run"];

/// Words that may stand in a crate's code only where the last column says.
const NEVER: &[(&str, &str, &[&str])] = &[
    ("mittari-lang", "arrow_array", &[]),
    ("mittari-lang", "std::fs", &[]),
    ("mittari-lang", "std::env", &[]),
    ("mittari-lang", "std::io", &[]),
    ("mittari-lang", "Utc::now", &[]),
    ("mittari-lang", "pest", &["parse"]),
    ("mittari-lang", "pest_derive", &["parse"]),
    ("mittari-lang", "granit_parser", &["read::yaml"]),
    ("mittari", "pest", &[]),
    ("mittari", "granit_parser", &[]),
    ("mittari", "serde_yaml", &[]),
    ("mittari", "clap", &[]),
    ("mittari", "std::env", &[]),
    ("mittari", "stdout", &[]),
    ("mittari", "stderr", &[]),
    ("mittari", "Utc::now", &[]),
    ("mittari", "Local::now", &[]),
    ("mittari", "SystemTime", &[]),
    ("mittari", "std::fs", &["load"]),
    ("mittari", "fs::File", &["load"]),
    ("mittari", "File::open", &["load"]),
    ("mittari-cli", "pest", &[]),
    ("mittari-cli", "granit_parser", &[]),
    ("mittari-cli", "arrow_array", &[]),
];

/// Words that no crate's code says.
const NOWHERE: &[&str] = &["HashMap", "HashSet", "prelude"];

/// Names that say nothing about what is in a file.
const EMPTY_NAMES: &[&str] =
    &["utils", "util", "common", "helpers", "helper", "prelude", "mod"];

/// Codes said when nothing better fits: a text that draws one asks for a better message.
const LAST_RESORT: &[&str] = &["unexpected", "formula-form"];

/// What may stand at the top of the repository beside hidden files.
const TOP: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "grammar",
    "metrics",
    "target",
    "tests",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lie in the root")
        .to_owned()
}

/// All files below a folder, sorted; what is built or found by fuzzing is left out.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|e| e.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let built = ["target", "corpus", "artifacts", ".git"].contains(&name);
        if path.is_symlink() || built {
            continue;
        }
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// Every file of a kind below these folders, with its text.
fn texts(folders: &[&str], ending: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for folder in folders {
        files(&root().join(folder), &mut found);
    }
    found.retain(|path| path.extension().is_some_and(|e| e == ending));
    let named = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("text");
        let name = path.strip_prefix(root()).expect("below the root");
        (name.to_string_lossy().into_owned(), text)
    };
    found.into_iter().map(named).collect()
}

fn rust() -> Vec<(String, String)> {
    texts(&["crates", "tests"], "rs")
}

/// The modules of a crate that are not there for tests alone.
fn modules(package: &str) -> Vec<Module> {
    let folder = format!("crates/{package}/src/");
    let mut modules: Vec<Module> = texts(&[&folder], "rs")
        .into_iter()
        .map(|(name, content)| {
            let inner = name[folder.len()..].trim_end_matches(".rs");
            let root = ["lib", "main"].contains(&inner);
            let path =
                if root { vec![] } else { inner.split('/').map(Into::into).collect() };
            Module { path, bare: text::bare(&content) }
        })
        .collect();
    let for_tests: BTreeSet<Vec<String>> =
        modules.iter().flat_map(tested_rooms).collect();
    modules.retain(|m| !for_tests.iter().any(|path| m.path.starts_with(path)));
    for module in &mut modules {
        module.bare = text::without_tests(&module.bare);
    }
    modules
}

/// The files a module declares under `#[cfg(test)]`.
fn tested_rooms(module: &Module) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for part in module.bare.split("#[cfg(test)]").skip(1) {
        let Some(name) = part.trim_start().strip_prefix("mod ") else { continue };
        let name: String = name.chars().take_while(|c| text::word_sign(*c)).collect();
        let mut path = module.path.clone();
        path.push(name);
        found.push(path);
    }
    found
}

#[track_caller]
fn none(what: &str, found: &[String]) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn every_file_opens_with_its_purpose() {
    let found: Vec<_> =
        rust().into_iter().filter(|(_, t)| !t.starts_with("//! ")).map(|f| f.0).collect();
    none("files that do not begin with `//!`", &found);
}

#[test]
fn no_file_has_more_than_500_lines() {
    let long = |(name, text): (String, String)| {
        let lines = text.lines().count();
        (lines > 500).then(|| format!("{name}: {lines} lines"))
    };
    none(
        "files that are too long",
        &rust().into_iter().filter_map(long).collect::<Vec<_>>(),
    );
}

#[test]
fn no_function_has_more_than_60_lines() {
    let mut found = Vec::new();
    for (name, content) in rust() {
        for function in text::functions(&text::bare(&content)) {
            if function.length > 60 {
                let text::Function { name: of, line, length } = function;
                found.push(format!("{name}:{line}: `{of}` has {length} lines"));
            }
        }
    }
    none("functions that are too long", &found);
}

#[test]
fn files_are_named_by_what_they_hold() {
    let empty = |name: &String| {
        let stem =
            Path::new(name).file_stem().and_then(|s| s.to_str()).unwrap_or_default();
        EMPTY_NAMES.contains(&stem)
    };
    let found: Vec<_> = rust().into_iter().map(|f| f.0).filter(empty).collect();
    none("names that say nothing", &found);
}

#[test]
fn what_is_never_said_is_not_said() {
    let mut found = Vec::new();
    for package in ["mittari-lang", "mittari", "mittari-cli"] {
        for module in modules(package) {
            let name = module.name();
            let place = |at: usize| module.bare[..at].matches('\n').count() + 1;
            for word in NOWHERE {
                if let Some(at) = text::word_at(&module.bare, word) {
                    found.push(format!("{package} {name}:{}: `{word}`", place(at)));
                }
            }
            for (_, word, only) in NEVER.iter().filter(|rule| rule.0 == package) {
                let allowed = |door: &&str| {
                    name == **door || name.starts_with(&format!("{door}::"))
                };
                let at = text::word_at(&module.bare, word);
                if let Some(at) = at.filter(|_| !only.iter().any(allowed)) {
                    found.push(format!("{package} {name}:{}: `{word}`", place(at)));
                }
            }
            let prints = ["println!", "eprintln!", "print!", "eprint!", "dbg!"];
            for word in prints.iter().filter(|_| package != "mittari-cli") {
                if module.bare.contains(word) {
                    found.push(format!("{package} {name}: `{word}`"));
                }
            }
        }
    }
    none("words in the wrong place", &found);
}

#[test]
fn nouns_know_no_verbs() {
    let mut found = Vec::new();
    for package in ["mittari-lang", "mittari"] {
        let modules = modules(package);
        let (arrows, _) = imports::arrows(&modules);
        for (from, targets) in arrows {
            let first = |at: usize| modules[at].path.first().map_or("", String::as_str);
            let verbs = targets.iter().filter(|to| VERBS.contains(&first(**to)));
            for to in verbs.filter(|_| NOUNS.contains(&first(from))) {
                found.push(format!(
                    "{package}: {} -> {}",
                    modules[from].name(),
                    modules[*to].name()
                ));
            }
        }
    }
    none("nouns that import verbs", &found);
}

#[test]
fn messages_name_no_domain_type() {
    let mut found = Vec::new();
    for package in ["mittari-lang", "mittari"] {
        let modules = modules(package);
        let (arrows, _) = imports::arrows(&modules);
        for (from, targets) in arrows {
            let first = |at: usize| modules[at].path.first().map_or("", String::as_str);
            if !["diagnostic", "error", "fault"].contains(&first(from)) {
                continue;
            }
            let known = ["span", "diagnostic", "error", "fault"];
            for to in targets.into_iter().filter(|to| !known.contains(&first(*to))) {
                found.push(format!(
                    "{package}: {} -> {}",
                    modules[from].name(),
                    modules[to].name()
                ));
            }
        }
    }
    none("messages that know more than text, places and codes", &found);
}

#[test]
fn there_are_no_circles_and_nobody_goes_through_the_front_door() {
    for package in ["mittari-lang", "mittari", "mittari-cli"] {
        let modules = modules(package);
        let (arrows, at_root) = imports::arrows(&modules);
        none(&format!("imports from the root of {package}"), &at_root);
        let found = imports::circle(&arrows).unwrap_or_default();
        let names: Vec<_> = found.iter().map(|at| modules[*at].name()).collect();
        none(&format!("a circle between files of {package}"), &names);

        // The same with every folder taken as one.
        let mut firsts: Vec<&str> = Vec::new();
        let mut number = |at: usize| {
            let name = modules[at].path.first().map_or("", String::as_str);
            firsts.iter().position(|known| *known == name).unwrap_or_else(|| {
                firsts.push(name);
                firsts.len() - 1
            })
        };
        let mut coarse: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (from, targets) in &arrows {
            let from = number(*from);
            for to in targets.iter().map(|to| number(*to)).filter(|to| *to != from) {
                coarse.entry(from).or_default().insert(to);
            }
        }
        let found = imports::circle(&coarse).unwrap_or_default();
        let names: Vec<_> = found.iter().map(|at| firsts[*at].to_owned()).collect();
        none(&format!("a circle between folders of {package}"), &names);
    }
}

#[test]
fn the_top_level_is_bare() {
    let names = fs::read_dir(root())
        .expect("the root")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let found: Vec<_> =
        names.filter(|n| !n.starts_with('.') && !TOP.contains(&n.as_str())).collect();
    none("names that do not belong at the top", &found);
}

#[test]
fn every_code_has_a_case() {
    let folder = root().join("tests/suite/diagnostics");
    let found: Vec<_> = Code::ALL
        .iter()
        .map(|code| code.name())
        .filter(|name| !LAST_RESORT.contains(name))
        .filter(|name| !folder.join(format!("{name}.yaml")).is_file())
        .map(str::to_owned)
        .collect();
    none("codes without a case in tests/suite/diagnostics", &found);
}

#[test]
fn no_text_names_a_place_on_some_machine() {
    let mut found = Vec::new();
    for folder in ["crates", "grammar", "metrics", "tests", ".ci", ".cargo"] {
        if root().join(folder).exists() {
            files(&root().join(folder), &mut found);
        }
    }
    found.push(root().join("README.md"));
    found.push(root().join("Cargo.toml"));
    // Put together here, so that this file does not hold them.
    let words =
        [["/", "work/"].concat(), [".lib", "rary"].concat(), ["/", "root/"].concat()];
    let named: Vec<_> = found
        .into_iter()
        .filter(|path| {
            let bytes = fs::read(path).expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            words.iter().any(|word| text.contains(word.as_str()))
        })
        .map(|path| path.display().to_string())
        .collect();
    none("files that name a place on some machine", &named);
}
