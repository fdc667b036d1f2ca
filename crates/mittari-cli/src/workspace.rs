//! A workspace from its folder: read, checked, and everything that was said about it.

use std::ops::Deref;
use std::path::Path;

use mittari::load::workspace::Unreadable;
use mittari::{Code, Diagnostic, Overrides, Workspace};
use mittari_lang::check;
use mittari_lang::span::Span;

use crate::args::{LanguageArg, Setting};
use crate::phrases::Tongue;
use crate::render::{self, Look};
use crate::screen::{Exit, Screen, Stop};

/// A workspace that was read and checked, and the folder it came from.
#[derive(Debug)]
pub(crate) struct Opened {
    /// The folder, as it was typed.
    pub(crate) folder: String,
    workspace: Workspace,
}

impl Deref for Opened {
    type Target = Workspace;

    fn deref(&self) -> &Workspace {
        &self.workspace
    }
}

/// Reads and checks a folder; what was typed takes the place of its zone and of
/// parameters of its cards.
pub(crate) fn open(
    folder: &Path,
    settings: &[Setting],
    zone: Option<&str>,
) -> Result<Opened, Stop> {
    let time_zone = zone.map(check::zone_named).transpose();
    let time_zone = time_zone.map_err(|wrong| wrongly_typed("--time-zone", &wrong))?;
    let mut overrides = Overrides { time_zone, ..Overrides::default() };
    let unreadable = |error: Unreadable| Stop::new(Exit::Unreadable, error.to_string());
    let mut workspace =
        Workspace::of_folder_with(folder, &overrides).map_err(unreadable)?;
    if !settings.is_empty() {
        overrides.parameters = settings.iter().map(named).collect();
        let set = Workspace::of_texts(workspace.sources.clone(), &overrides);
        // What is wrong only with the settings was typed, and stands in no file.
        let new =
            |said: &&Diagnostic| said.is_error() && !workspace.diagnostics.contains(said);
        if let Some(wrong) = set.diagnostics.iter().find(new) {
            return Err(wrongly_typed("--set", wrong));
        }
        workspace = Workspace { unreadable: workspace.unreadable, ..set };
    }
    render::sort(&mut workspace.diagnostics);
    Ok(Opened { folder: folder.display().to_string(), workspace })
}

/// The message about an option, made of one about a file.
fn wrongly_typed(option: &str, wrong: &Diagnostic) -> Stop {
    let help = wrong.help.first().map(|help| format!("; {help}")).unwrap_or_default();
    Stop::new(Exit::Usage, format!("`{option}`: {}{help}", wrong.message))
}

fn named(setting: &Setting) -> (String, String) {
    let name = match &setting.card {
        Some(card) => format!("{card}.{}", setting.parameter),
        None => setting.parameter.clone(),
    };
    (name, setting.value.clone())
}

impl Opened {
    /// The language that was asked for, else the workspace's first.
    pub(crate) fn tongue(&self, asked: Option<LanguageArg>) -> Tongue<'_> {
        let own = self.catalog.languages.first().map_or("en", String::as_str);
        Tongue::of(match asked {
            Some(language) => language.code(),
            None => own,
        })
    }

    /// How messages about it look.
    pub(crate) fn look(&self, colours: bool) -> Look<'_> {
        Look { colours, folder: &self.folder }
    }

    /// How many errors and how many warnings there are.
    pub(crate) fn counts(&self) -> (usize, usize) {
        let errors = self.diagnostics.iter().filter(|said| said.is_error()).count();
        (errors, self.diagnostics.len() - errors)
    }

    /// Whether there is no card in it.
    pub(crate) const fn is_empty(&self) -> bool {
        self.workspace.written.counts.cards == 0
    }

    /// The message that there is nothing to check.
    pub(crate) fn nothing(&self) -> Diagnostic {
        let message = format!("a card is expected in `{}`, found none", self.folder);
        let mut diagnostic =
            Diagnostic::new(Code::NothingToCheck, Span::default(), message);
        diagnostic.labels.clear();
        diagnostic
    }

    /// Tells the errors that keep cards from being run; warnings are for `check`.
    pub(crate) fn tell_errors(&self, screen: Screen) -> bool {
        let errors: Vec<Diagnostic> =
            self.diagnostics.iter().filter(|said| said.is_error()).cloned().collect();
        let look = self.look(screen.colours_err);
        screen.say(&render::human(&errors, &self.sources, look));
        !errors.is_empty()
    }

    /// Whether a metric of this name, or a card, was written but is not sound.
    pub(crate) fn is_broken(&self, name: &str) -> bool {
        let card = name.split('.').next().unwrap_or(name);
        self.written.broken.iter().any(|broken| broken.value == card)
            || self.written.cards.iter().any(|written| written.metric.value == card)
    }
}
