//! The tests for programs: XML of `JUnit`, without times, which would differ each time.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use mittari::test::Case;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::render;
use crate::screen::{Exit, Stop};
use crate::workspace::Opened;

/// Writes a file with a suite for each card.
pub(super) fn write(path: &Path, cases: &[Case], opened: &Opened) -> Result<(), Stop> {
    let report = report(cases, opened);
    let cannot = |reason: &dyn std::fmt::Display| {
        let message = format!("`{}` cannot be written: {reason}", path.display());
        Stop::new(Exit::Unreadable, message)
    };
    let file = File::create(path).map_err(|error| cannot(&error))?;
    let mut out = BufWriter::new(file);
    report.serialize(&mut out).map_err(|error| cannot(&error))?;
    out.flush().map_err(|error| cannot(&error))
}

fn report(cases: &[Case], opened: &Opened) -> Report {
    let mut report = Report::new("mittari");
    for own in cases.chunk_by(|one, next| one.metric == next.metric) {
        let Some(first) = own.first() else { continue };
        let mut suite = TestSuite::new(first.metric.as_str());
        for case in own {
            suite.add_test_case(test_case(case, opened));
        }
        report.add_test_suite(suite);
    }
    report
}

fn test_case(case: &Case, opened: &Opened) -> TestCase {
    let told: Vec<String> = case
        .problems
        .iter()
        .map(|problem| {
            let place = render::place(problem.span, &opened.sources, opened.look(false));
            format!("{place}: {}", problem.what)
        })
        .collect();
    let status = match case.problems.first() {
        None => TestCaseStatus::success(),
        Some(first) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(first.what.to_string()).set_description(told.join("\n"));
            status
        }
    };
    let mut written = TestCase::new(case.name.as_str(), status);
    written.set_classname(case.metric.as_str());
    written
}
