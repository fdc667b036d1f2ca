//! The program mittari: check, test, run, explain.

mod args;
mod command;
mod memory;
mod phrases;
mod processor;
mod progress;
mod render;
mod scorecard;
mod screen;
mod tree;
mod values;
mod words;
mod workspace;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

use args::CommandLine;
use screen::Exit;

fn main() -> ExitCode {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // What is caught ends in a message of its own.
        if !mittari::load::panics_are_caught() {
            tell(panic);
        }
    }));
    if !processor::is_enough() {
        _ = writeln!(std::io::stderr(), "{}", processor::LACKS);
        return Exit::Unreadable.into();
    }
    match CommandLine::try_parse() {
        Ok(line) => command::carry_out(&line).into(),
        Err(usage) => {
            // Where nobody listens, the code alone says it.
            _ = usage.print();
            if usage.use_stderr() { Exit::Usage.into() } else { Exit::Fine.into() }
        }
    }
}
