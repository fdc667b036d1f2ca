//! Where the program writes: results to one stream, everything about them to the other.
#![expect(
    clippy::unused_self,
    reason = "all that is written goes through the screen, coloured or not"
)]

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use crate::args::Colour;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Everything is fine.
    Fine,
    /// Problems were found in the cards or in the rows of the data.
    Problems,
    /// The command was not understood.
    Usage,
    /// Something could not be read or written, or the processor cannot run the program.
    Unreadable,
    /// There was nothing to check or to run.
    Nothing,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Fine => 0,
            Exit::Problems => 1,
            Exit::Usage => 2,
            Exit::Unreadable => 3,
            Exit::Nothing => 4,
        })
    }
}

/// Why the program stops before it is done.
#[derive(Debug)]
pub(crate) struct Stop {
    /// How it ends.
    pub(crate) exit: Exit,
    /// What is said; nothing if it has been said already.
    pub(crate) message: String,
}

impl Stop {
    /// A stop with a message.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into() }
    }
}

/// The two streams and whether they take colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    /// Whether results are coloured.
    pub(crate) colours_out: bool,
    /// Whether messages are coloured.
    pub(crate) colours_err: bool,
    /// Whether somebody watches the messages.
    pub(crate) watched: bool,
}

impl Screen {
    /// The streams of this process.
    pub(crate) fn of_process(colour: Colour) -> Self {
        let wanted = |terminal: bool| match colour {
            Colour::Always => true,
            Colour::Never => false,
            // See no-color.org: any value that is not empty switches colours off.
            Colour::Auto => {
                terminal
                    && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        };
        let watched = io::stderr().is_terminal();
        Self {
            colours_out: wanted(io::stdout().is_terminal()),
            colours_err: wanted(watched),
            watched,
        }
    }

    /// Writes a result.
    pub(crate) fn out(self, text: &str) -> Result<(), Stop> {
        self.write_out(|out| out.write_all(text.as_bytes()))
    }

    /// How many characters fit beside each other; none where the results do not go to a
    /// terminal.
    pub(crate) fn width(self) -> Option<u16> {
        comfy_table::Table::new().width().filter(|_| io::stdout().is_terminal())
    }

    /// Writes a result by a writer. A reader that has seen enough, as `head` does, is no
    /// fault.
    pub(crate) fn write_out(
        self,
        write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
    ) -> Result<(), Stop> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        match write(&mut out).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Stop::new(
                Exit::Unreadable,
                format!("the results could not be written: {error}"),
            )),
            _ => Ok(()),
        }
    }

    /// Says something about the results, on the other stream. If nobody can hear it,
    /// there is nobody to tell.
    pub(crate) fn say(self, text: &str) {
        let mut err = io::stderr().lock();
        _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Says that something went wrong.
    pub(crate) fn complain(self, message: &str) {
        let (start, end) =
            if self.colours_err { ("\u{1b}[1;91m", "\u{1b}[0m") } else { ("", "") };
        self.say(&format!("{start}error{end}: {message}\n"));
    }
}
