//! What is typed on the command line.

use std::path::PathBuf;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime};
use clap::{Args, Parser, Subcommand, ValueEnum};
use mittari_lang::types::Period;

/// What `--help` says about how the program ends.
const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  problems were found: in the cards, their tests, or the rows of the data
  2  the command was not understood
  3  something could not be read or written
  4  there was nothing to check, to test or to run";

/// Metrics as cards: check and test them, run them over exports, explain their numbers.
#[derive(Debug, Parser)]
#[command(name = "mittari", version, about, after_help = EXIT_CODES)]
#[command(propagate_version = true, disable_help_subcommand = true)]
pub(crate) struct CommandLine {
    #[command(subcommand)]
    pub(crate) command: Command,
    /// When colours are used
    #[arg(long, global = true, value_enum, default_value_t = Colour::Auto)]
    pub(crate) color: Colour,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write a workspace to start from into an empty folder
    Init(Init),
    /// Check every file of a workspace and say everything that is wrong
    Check(Check),
    /// Carry out the tests beside the cards; they need no data
    Test(Test),
    /// Measure: all metrics or some, over the data given
    Run(Run),
    /// Write the reference of a workspace as Markdown: a page a card, keys and functions
    Docs(Docs),
    /// Say in plain words what a metric means, or what a code of a message means
    Explain(Explain),
}

/// `mittari check`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Check {
    /// The folder of the workspace
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) metrics: PathBuf,
    /// How the problems are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(crate) format: CheckFormat,
}

/// `mittari docs`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Docs {
    /// The folder of the workspace
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) metrics: PathBuf,
    /// The folder the pages are written to, which is made if it is not there
    #[arg(long, short, value_name = "DIR")]
    pub(crate) output: PathBuf,
    /// The language of texts and labels; else the workspace's first
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<LanguageArg>,
}

/// `mittari init`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Init {
    /// The folder, which is made if it is not there
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
}

/// `mittari test`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Test {
    /// The folder of the workspace
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) metrics: PathBuf,
    /// Only tests whose card or name has this text; may stand several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Vec<String>,
    /// The file the tests are told to programs in, as XML of `JUnit`
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Say what the tests reach of each card: its formulas, exclusions and branches
    #[arg(long)]
    pub(crate) coverage: bool,
    /// The share of each card, in percent, that its tests must reach
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) min_coverage: Option<u8>,
}

/// `mittari run`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Run {
    /// The folder of the workspace
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) metrics: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    /// Only this metric, or this formula of one (`metric.formula`); may stand several
    /// times
    #[arg(long, value_name = "METRIC")]
    pub(crate) metric: Vec<String>,
    /// Only metrics of this class
    #[arg(long, value_enum, value_name = "CLASS")]
    pub(crate) class: Vec<ClassArg>,
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Broken down by these fields instead of each card's own; several with commas are
    /// crossed, several options stand side by side
    #[arg(long, value_name = "FIELD,FIELD")]
    pub(crate) by: Vec<String>,
    /// How the results are written
    #[arg(long, value_enum, default_value_t = RunFormat::Table)]
    pub(crate) format: RunFormat,
    /// Below the scorecard, say where the rows of each metric went
    #[arg(long)]
    pub(crate) accounts: bool,
    /// The file the results are written to, instead of the screen
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Afterwards say where the time went: how long all threads together were at each
    /// stage
    #[arg(long)]
    pub(crate) timings: bool,
    /// The most memory the run may hold, as `500MB` or `2GiB`: it works with less where
    /// it can, and else is refused before anything is read
    #[arg(long, value_name = "SIZE", value_parser = crate::memory::size)]
    pub(crate) memory_limit: Option<u64>,
}

/// `mittari explain`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Explain {
    /// A metric, a formula of one (`metric.formula`), or a code such as `unknown-field`
    #[arg(value_name = "METRIC|CODE")]
    pub(crate) what: String,
    /// The folder of the workspace
    #[arg(default_value = "metrics", value_name = "FOLDER")]
    pub(crate) metrics: PathBuf,
    #[command(flatten)]
    pub(crate) data: DataArgs,
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Name the rows: counted, missed, and excluded by each rule; needs `--data`
    #[arg(long)]
    pub(crate) rows: bool,
    /// What a run reads and shares, and what it makes of the rows; `all` stands for every
    /// metric
    #[arg(long, conflicts_with = "rows")]
    pub(crate) plan: bool,
}

/// Where the data are and how strictly they are read.
#[derive(Debug, Args)]
pub(crate) struct DataArgs {
    /// Files with data, or folders of them; else those the workspace names
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub(crate) data: Vec<PathBuf>,
    /// The source file that says how the data become tables; needed where several
    /// could
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,
    /// What is done about rows that cannot be read: stop, or go on without them and say
    /// so in every result
    #[arg(long, value_enum, default_value_t = BadRows::Stop)]
    pub(crate) on_bad_rows: BadRows,
    /// How many threads work; else as many as the machine has
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<std::num::NonZeroUsize>,
}

/// Which periods are measured, and when.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// The periods instead of the first of each card, as `month` or `month,quarter`;
    /// `all` are all that each card lists
    #[arg(long, value_parser = period, value_name = "PERIOD", value_delimiter = ',')]
    pub(crate) period: Vec<PeriodArg>,
    /// The first day: periods that begin before it are left out
    #[arg(long, value_parser = day, value_name = "DAY")]
    pub(crate) from: Option<i32>,
    /// The last day, which belongs to the range: `--to 2026-03-31` ends with March
    #[arg(long, value_parser = day, value_name = "DAY")]
    pub(crate) to: Option<i32>,
    /// The moment of evaluation, as `2026-03-31T17:00` in the workspace's zone or with
    /// an offset; else what the data say
    #[arg(long, value_parser = moment, value_name = "MOMENT")]
    pub(crate) as_of: Option<MomentArg>,
    /// The zone of periods and of sources that name none, in place of the workspace's:
    /// `Europe/Helsinki`
    #[arg(long, value_name = "ZONE")]
    pub(crate) time_zone: Option<String>,
    /// The language of titles, words and numbers; else the workspace's first
    #[arg(long, value_enum, value_name = "LANGUAGE")]
    pub(crate) language: Option<LanguageArg>,
    /// Another value for a parameter of the cards, as it is written in them:
    /// `--set "target_time=30 s"`, or of one card: `--set "asa.target_time=30 s"`
    #[arg(long, value_parser = setting, value_name = "PARAMETER=VALUE")]
    pub(crate) set: Vec<Setting>,
}

/// `parameter=value`, or `card.parameter=value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) card: Option<String>,
    pub(crate) parameter: String,
    pub(crate) value: String,
}

/// A moment as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MomentArg {
    /// With an offset: microseconds since 1970-01-01T00:00Z.
    Instant(i64),
    /// Without: what the clocks of the workspace's zone show, in microseconds since
    /// 1970-01-01T00:00 there.
    Local(i64),
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Colour {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For people
    Human,
    /// For programs
    Json,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunFormat {
    /// A scorecard for people
    Table,
    /// One line a result
    Csv,
    /// One object with all results
    Json,
    /// For other programs; needs `--output`
    Parquet,
}

/// What is done about rows that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BadRows {
    /// List the first of them and stop
    Stop,
    /// Go on without them
    Report,
}

/// The languages of what is written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArg {
    /// English
    En,
    /// Finnish
    Fi,
    /// Swedish
    Sv,
}

impl LanguageArg {
    /// Its code, as workspaces and cards write it.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fi => "fi",
            Self::Sv => "sv",
        }
    }
}

/// The classes of cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClassArg {
    /// Agreed with customers
    Sla,
    /// Agreed between teams
    Ola,
    /// For the desk itself
    Internal,
}

/// A period that was asked for, or all that each card lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PeriodArg {
    /// All that each card lists.
    Listed,
    /// This one.
    Of(Period),
}

fn period(text: &str) -> Result<PeriodArg, String> {
    if text == "all" {
        return Ok(PeriodArg::Listed);
    }
    Period::named(text).map(PeriodArg::Of).ok_or_else(|| {
        let words: Vec<&str> = Period::WORDS.iter().map(|(_, word)| *word).collect();
        format!("expected `all` or one of {}", words.join(", "))
    })
}

/// A day, in days since 1970-01-01.
fn day(text: &str) -> Result<i32, String> {
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d");
    let date = date.ok().filter(|date| (1..=9999).contains(&date.year()));
    let date = date.ok_or("expected a day, as 2026-03-31")?;
    Ok(date.to_epoch_days())
}

fn moment(text: &str) -> Result<MomentArg, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(MomentArg::Instant(instant.timestamp_micros()));
    }
    let forms = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local =
        forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let midnight =
        || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    let local = local.or_else(midnight).filter(|at| (1..=9999).contains(&at.year()));
    let local = local.ok_or("expected a moment, as 2026-03-31T17:00")?;
    Ok(MomentArg::Local(local.and_utc().timestamp_micros()))
}

fn setting(text: &str) -> Result<Setting, String> {
    let (name, value) = text.split_once('=').ok_or("expected PARAMETER=VALUE")?;
    let (card, parameter) = match name.trim().split_once('.') {
        Some((card, parameter)) => (Some(card.to_owned()), parameter),
        None => (None, name.trim()),
    };
    let value = value.trim();
    if parameter.is_empty() || value.is_empty() {
        return Err("expected PARAMETER=VALUE".to_owned());
    }
    Ok(Setting { card, parameter: parameter.to_owned(), value: value.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_put_together_soundly() {
        use clap::CommandFactory as _;
        CommandLine::command().debug_assert();
    }

    #[test]
    fn days_and_moments_are_strict() {
        assert_eq!(day("1970-01-02"), Ok(1));
        for wrong in ["2026-02-30", "2026-3", "31.3.2026", "", "10000-01-01"] {
            assert!(day(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            moment("1970-01-01T00:00:01+01:00"),
            Ok(MomentArg::Instant(-3_599_000_000))
        );
        assert_eq!(moment("1970-01-01T00:01"), Ok(MomentArg::Local(60_000_000)));
        assert_eq!(moment("1970-01-02"), Ok(MomentArg::Local(86_400_000_000)));
        assert!(moment("yesterday").is_err());
    }

    #[test]
    fn a_setting_may_name_its_card() {
        let of = |card: Option<&str>, parameter: &str, value: &str| {
            let [parameter, value] = [parameter, value].map(str::to_owned);
            Ok(Setting { card: card.map(str::to_owned), parameter, value })
        };
        assert_eq!(setting("a = 20 s"), of(None, "a", "20 s"));
        assert_eq!(setting("asa.a=x=y"), of(Some("asa"), "a", "x=y"));
        for wrong in ["a", "=1", "a=", ""] {
            assert!(setting(wrong).is_err(), "{wrong}");
        }
    }
}
