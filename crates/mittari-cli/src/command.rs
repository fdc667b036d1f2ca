//! The subcommands.

mod check;
mod choose;
mod data;
mod docs;
mod explain;
mod init;
mod run;
mod test;
mod timings;

use crate::args::{Command, CommandLine};
use crate::screen::{Exit, Screen};

/// Does what was typed.
pub(crate) fn carry_out(line: &CommandLine) -> Exit {
    let screen = Screen::of_process(line.color);
    let done = match &line.command {
        Command::Init(args) => init::init(args, screen),
        Command::Check(args) => check::check(args, screen),
        Command::Test(args) => test::test(args, screen),
        Command::Run(args) => run::run(args, screen),
        Command::Docs(args) => docs::docs(args, screen),
        Command::Explain(args) => explain::explain(args, screen),
    };
    done.unwrap_or_else(|stop| {
        if !stop.message.is_empty() {
            screen.complain(&stop.message);
        }
        stop.exit
    })
}
