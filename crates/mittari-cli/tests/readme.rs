//! What README.md shows is what happens.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test that meets what it did not foresee stops"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The card of the page lies here below the workspace.
const CARD: &str = "metrics/internal/long-calls.yaml";
/// The mistake the page makes on purpose, and the right word.
const MISTAKE: (&str, &str) = ("talk_tme", "talk_time");

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The texts between fences of one language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    let mut blocks = Vec::new();
    for part in page.split(&fence).skip(1) {
        blocks.push(part.split("```").next().unwrap_or_default());
    }
    blocks
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let to = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).expect("a copy");
        }
    }
}

/// The arguments of a command as a shell divides them; only double quotes are known.
fn divided(command: &str) -> Vec<String> {
    let mut arguments = Vec::new();
    for (at, part) in command.split('"').enumerate() {
        if at % 2 == 1 {
            arguments.push(part.to_owned());
        } else {
            arguments.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    arguments
}

/// Holds what was printed against what is shown; a line `...` stands for any lines.
fn holds(shown: &str, printed: &str) -> bool {
    let lines = |text: &str| -> Vec<String> {
        text.trim_end().lines().map(|line| line.trim_end().to_owned()).collect()
    };
    let (shown, mut rest) = (lines(shown), &lines(printed)[..]);
    let parts: Vec<&[String]> = shown.split(|line| line == "...").collect();
    let last = parts.len() - 1;
    for (at, part) in parts.iter().enumerate() {
        let free = at > 0;
        let found = (0..=rest.len()).find(|start| {
            let here = &rest[*start..];
            let fits = here.starts_with(part) && (free || *start == 0);
            fits && (at < last || part.is_empty() || here.len() == part.len())
        });
        let Some(start) = found else { return false };
        rest =
            if at == last && part.is_empty() { &[] } else { &rest[start + part.len()..] };
    }
    rest.is_empty()
}

#[test]
fn the_page_shows_what_the_program_prints() {
    let page = fs::read_to_string(top().join("README.md")).expect("a page");
    let card = blocks(&page, "yaml").into_iter().find(|block| block.contains(CARD));
    let card = card.expect("a first card");
    let folder = tempfile::tempdir().expect("a folder");
    copy(&top().join("metrics"), &folder.path().join("metrics"));
    let shown = blocks(&page, "console");
    assert!(shown.len() >= 4, "{shown:?}");
    for block in shown {
        let (wrong, right) = MISTAKE;
        let text = card.replace(right, if block.contains(wrong) { wrong } else { right });
        fs::write(folder.path().join(CARD), text).expect("a card");
        let (command, shown) = block.split_once('\n').expect("a command");
        let command = command.strip_prefix("$ mittari ").expect("a command");
        let done = Command::new(env!("CARGO_BIN_EXE_mittari"))
            .args(divided(command))
            .current_dir(folder.path())
            .output()
            .expect("the program");
        let printed = String::from_utf8(done.stdout).expect("text");
        let expected = i32::from(block.contains(wrong));
        assert_eq!(done.status.code(), Some(expected), "{command}");
        assert!(holds(shown, &printed), "`{command}` prints\n{printed}");
    }
}

#[test]
fn the_first_card_checks_without_a_word() {
    let page = fs::read_to_string(top().join("README.md")).expect("a page");
    let card = blocks(&page, "yaml").into_iter().find(|block| block.contains(CARD));
    let folder = tempfile::tempdir().expect("a folder");
    copy(&top().join("metrics"), &folder.path().join("metrics"));
    fs::write(folder.path().join(CARD), card.expect("a first card")).expect("a card");
    let done = Command::new(env!("CARGO_BIN_EXE_mittari"))
        .args(["check", "metrics"])
        .current_dir(folder.path())
        .output()
        .expect("the program");
    let said = String::from_utf8(done.stdout).expect("text");
    assert!(done.status.success() && said.ends_with(": no problems\n"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn three_dots_stand_for_any_lines() {
    assert!(holds("a\n...\nd\n", "a\nb\nc\nd\n"));
    assert!(holds("...\nc\nd", "a\nb\nc\nd\n"));
    assert!(holds("a\n...\n", "a\n"));
    assert!(holds("a\nb", "a  \nb\n"));
    assert!(!holds("a\n...\nc\n", "a\nb\nc\nd\n"));
    assert!(!holds("b\n...\n", "a\nb\n"));
    assert!(!holds("a", "a\nb"));
}
