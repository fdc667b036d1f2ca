//! A small desk, and what is said and measured there.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use mittari::{
    Dataset, Error, OnBadRows, Overrides, Results, RunOptions, Selection, Workspace,
};
use mittari_lang::source::Sources;

/// Far more than anything here takes, even unoptimised beside other work; what hangs or
/// grows with the square of a hostile size takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The words of the desk.
pub(crate) const VOCABULARY: &str = "\
tables:
  tickets:
    key: ticket_id
    fields:
      ticket_id: text
      type: {values: [incident, request]}
      opened_at: instant
      resolved_at: instant
      day: date
      waited: duration
      cost: {type: money, currency: EUR}
      points: number
      subject: text
";

/// Its hours.
const HOURS: &str = "\
calendar: desk
time_zone: Europe/Helsinki
hours: {mon-fri: 08:00-16:00}
known_until: 2030-12-31
";

/// A card with a formula; what else it needs is given as lines.
pub(crate) fn card(formula: &str, lines: &str) -> String {
    let unit = match formula {
        _ if formula.contains("cost") => "EUR",
        _ if formula.contains("count") || formula.contains("distinct") => "count",
        _ if formula.contains("waited") || formula.contains("_at") => "s",
        _ => "number",
    };
    let unit = if formula.contains("hour(") { "number" } else { unit };
    format!(
        "metric: tried\ntitle: Tried\nclass: internal\nmeasures: outcome\n\
         owner: Nobody\ndirection: none\nunit: {unit}\n{lines}\nformula: {formula}\n"
    )
}

/// The desk with some more files.
pub(crate) fn workspace(files: &[(&str, &str)]) -> Workspace {
    let mut sources = Sources::new();
    sources.add("workspace.yaml", "time_zone: Europe/Helsinki\ncalendar: desk\n");
    sources.add("calendars/desk.yaml", HOURS);
    if !files.iter().any(|(name, _)| *name == "vocabulary.yaml") {
        sources.add("vocabulary.yaml", VOCABULARY);
    }
    for (name, text) in files {
        sources.add(*name, *text);
    }
    Workspace::of_texts(sources, &Overrides::default())
}

/// The codes of what is said about a workspace, each once, in order.
pub(crate) fn codes(workspace: &Workspace) -> Vec<&'static str> {
    let mut codes: Vec<&str> =
        workspace.diagnostics.iter().map(|one| one.code.name()).collect();
    codes.dedup();
    codes
}

/// Does something, and complains if it took long.
pub(crate) fn soon<T>(what: &str, act: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let done = act();
    let took = start.elapsed();
    assert!(took < PATIENCE, "{what}: took {took:?}");
    done
}

/// The source of one file; `lines` say how its table is read.
pub(crate) fn source(file: &str, lines: &str) -> String {
    format!(
        "source: export\ntitle: Export\ntables:\n  tickets:\n    file: {file}\n    \
         time_zone: UTC\n    missing: ['']\n{lines}    fields:\n      \
         ticket_id: id\n      opened_at: opened\n      subject: subject\n"
    )
}

/// What a run over one file gives: a count by month.
pub(crate) fn counted(name: &str, content: &[u8]) -> Result<Results, Error> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let mut file = std::fs::File::create(&path).expect("a file");
    file.write_all(content).expect("room");
    counted_file(name, &path)
}

/// The same of a file that is there.
pub(crate) fn counted_file(name: &str, path: &Path) -> Result<Results, Error> {
    let count =
        card("count()", "population: {from: tickets, dated: opened_at}\nperiod: month");
    let source = source(name, "    format: \"%Y-%m-%d %H:%M\"\n");
    let files = [("internal/tried.yaml", &*count), ("sources/export.yaml", &source)];
    let workspace = workspace(&files);
    assert!(workspace.is_sound(), "{:?}", workspace.diagnostics);
    soon(name, || {
        let paths = [path.to_path_buf()];
        let dataset = Dataset::of_folder(&workspace.catalog, None, &paths)?;
        workspace.run(&dataset, &Selection::default(), &reported())
    })
}

/// A run that goes on without the rows it cannot read.
pub(crate) fn reported() -> RunOptions<'static> {
    RunOptions { on_bad_rows: OnBadRows::Report, threads: 2, ..RunOptions::default() }
}

/// The reason why there are no results, without the folder.
pub(crate) fn refused(name: &str, content: &[u8]) -> String {
    match counted(name, content) {
        Ok(results) => panic!("{name} was read: {:?}", results.tables),
        Err(error) => reason(&error),
    }
}

/// The words of an error, of a path only the name of its file.
pub(crate) fn reason(error: &Error) -> String {
    let text = error.to_string();
    let words = text.split(' ').map(|word| match word.strip_prefix("`/") {
        Some(path) => format!("`{}", path.rsplit('/').next().unwrap_or(path)),
        None => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}
