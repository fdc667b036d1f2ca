//! The program as people use it: what it prints and how it ends.
#![expect(
    clippy::expect_used,
    reason = "a test that meets what it did not foresee stops"
)]

use std::path::{Path, PathBuf};

#[path = "program/bench.rs"]
mod bench;
#[path = "program/docs.rs"]
mod docs;
#[path = "program/hostile.rs"]
mod hostile;
#[path = "program/sample.rs"]
mod sample;
#[path = "program/starter.rs"]
mod starter;
#[path = "program/trials.rs"]
mod trials;

use bench::{Bench, mittari};

#[test]
fn help_names_the_commands_and_the_exit_codes() {
    let done = mittari(&["--help"]);
    assert_eq!(done.code, 0);
    for word in
        ["init", "check", "test", "run", "docs", "explain", "Exit codes:", "  4  "]
    {
        assert!(done.out.contains(word), "{word} in {}", done.out);
    }
}

#[test]
fn what_is_not_understood_ends_with_2() {
    for args in [
        &["chek"][..],
        &[],
        &["run", "--period", "fortnight"],
        &["run", "--from", "31.1.2026"],
        &["run", "--set", "target"],
        &["run", "--format", "parquet"],
        &["check", "--format", "xml"],
    ] {
        let done = mittari(args);
        assert_eq!(done.code, 2, "{args:?}: {}", done.err);
        assert!(!done.err.is_empty());
    }
}

#[test]
fn a_sound_workspace_is_fine() {
    let bench = Bench::new();
    let done = bench.run(&["check", "metrics"]);
    assert_eq!((done.code, done.out.as_str()), (0, "1 card, 1 formula: no problems\n"));
}

#[test]
fn a_problem_is_drawn_at_its_place_and_ends_with_1() {
    let bench = Bench::new();
    bench.card("case", "share(channel = \"phnoe\")");
    let done = bench.run(&["check", "metrics"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[unknown-value]"), "{}", done.out);
    assert!(done.out.contains("--> metrics/sla/case.yaml:12:26"), "{}", done.out);
    assert!(done.out.contains("\n1 card, 1 formula: 1 error"), "{}", done.out);
}

#[test]
fn problems_are_told_to_programs_as_json() {
    let bench = Bench::new();
    bench.card("case", "share(channel = \"phnoe\")");
    let done = bench.run(&["check", "metrics", "--format", "json"]);
    assert_eq!(done.code, 1);
    let json: serde_json::Value = serde_json::from_str(&done.out).expect("json");
    let at = |path: &str| json.pointer(path).cloned().unwrap_or_default();
    assert_eq!(at("/version"), 1);
    assert_eq!(at("/cards"), 1);
    assert_eq!(at("/errors"), 1);
    assert_eq!(at("/diagnostics/0/code"), "unknown-value");
    assert_eq!(at("/diagnostics/0/file"), "metrics/sla/case.yaml");
    assert_eq!(
        (at("/diagnostics/0/line"), at("/diagnostics/0/column")),
        (12.into(), 26.into())
    );
}

#[test]
fn every_problem_of_every_file_is_told_the_gravest_first() {
    let bench = Bench::new();
    bench.card("case", "share(channel = \"phnoe\")");
    bench.write("sla/other.yaml", "metric: other\ntitel: x\n");
    let text = bench.card_text("third", "count()") + "parameters: {limit: 20 s}\n";
    bench.write("sla/third.yaml", &text);
    let done = bench.run(&["check", "metrics"]);
    let place = |what: &str| {
        done.out.find(what).unwrap_or_else(|| panic!("{what}: {}", done.out))
    };
    assert!(place("error[unknown-key]") < place("warning[parameter-unused]"));
    assert!(place("error[unknown-value]") < place("warning[parameter-unused]"));
    assert!(done.out.contains("3 cards, 2 formulas"), "{}", done.out);
}

#[test]
fn a_folder_that_is_not_there_ends_with_3() {
    let done = Bench::new().run(&["check", "nowhere"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("`nowhere` cannot be read"), "{}", done.err);
}

#[test]
fn a_folder_without_cards_has_not_passed() {
    let bench = Bench::new();
    std::fs::remove_file(bench.path("metrics/sla/case.yaml")).expect("a card");
    for command in ["check", "run"] {
        let done = bench.run(&[command, "metrics"]);
        assert_eq!(done.code, 4, "{}", done.err);
    }
}

#[test]
fn a_setting_takes_the_place_of_a_parameter_or_is_refused() {
    let bench = Bench::new();
    let formula = "count(where waited <= limit)\nparameters: {limit: 20 s}";
    let card = bench.card_text("case", formula).replace("percent", "count");
    bench.write("sla/case.yaml", card);
    let run = |more: &[&str]| {
        let args = ["run", "metrics", "--data", "data", "--format", "csv"];
        bench.run(&[&args[..], more].concat())
    };
    assert!(run(&[]).out.contains(",2,count,"));
    for set in ["limit=31 s", "case.limit = 31 s"] {
        let done = run(&["--set", set]);
        assert!(done.out.contains(",3,count,"), "{set}: {} {}", done.out, done.err);
    }
    for (set, told) in [
        ("limt=31 s", "`limit`"),
        ("limit=31 sec", "31 s"),
        ("limit=P1", "--set"),
        ("other.limit=31 s", "other"),
    ] {
        let done = run(&["--set", set]);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{set}: {}", done.err);
        assert!(done.err.contains(told), "{set}: {}", done.err);
    }
}

#[test]
fn every_code_is_explained() {
    for code in mittari_lang::diagnostic::Code::ALL {
        let done = mittari(&["explain", code.name()]);
        assert_eq!(done.code, 0);
        assert!(done.out.starts_with(code.name()));
        assert!(done.out.lines().count() > 2, "{}", done.out);
    }
    let done = Bench::new().run(&["explain", "unknown-feild"]);
    assert_eq!(done.code, 2);
    assert!(done.err.contains("`unknown-field`"), "{}", done.err);
}

#[test]
fn colours_are_used_when_they_are_asked_for() {
    let bench = Bench::new();
    bench.card("case", "share(channel = \"phnoe\")");
    let coloured = |args: &[&str]| bench.run(args).out.contains('\u{1b}');
    assert!(!coloured(&["check", "metrics"]));
    assert!(!coloured(&["check", "metrics", "--color", "never"]));
    assert!(coloured(&["check", "metrics", "--color", "always"]));
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let bench = Bench::new();
    let mut child = bench.command(&["explain", "case", "metrics"]);
    child.stdout(std::process::Stdio::piped());
    let mut child = child.spawn().expect("the program");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

/// The root of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn a_plan_says_what_is_read_and_shared() {
    let workload = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/workload");
    let done = mittari(&["explain", "all", &workload.to_string_lossy(), "--plan"]);
    assert_eq!(done.code, 0, "{}", done.err);
    insta::assert_snapshot!("plan_of_the_workload", done.out);
    let done = mittari(&["explain", "w-m03", &workload.to_string_lossy(), "--plan"]);
    assert!(done.out.contains("w-m03") && !done.out.contains("w-m04"), "{}", done.out);
}
