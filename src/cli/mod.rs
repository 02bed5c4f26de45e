//! The command line: the only room that prints.
//!
//! Results go to files, the summary to standard output, all else to standard error. Nothing of the input is
//! printed unmasked but by `revere text` and `revere explain --reveal`, and nothing of it reaches a terminal as an escape sequence.

mod advice;
mod args;
mod baseline;
mod beside;
mod check;
mod checked;
mod config;
mod exit;
mod explain;
mod facts;
mod format;
mod formats;
mod help;
mod inventory;
mod key;
mod masking;
mod ours;
mod outs;
mod passwords;
mod patterns;
mod progress;
mod report;
mod reports;
mod scan;
mod signals;
mod size;
mod summary;
mod table;
mod target;
mod terminal;
mod text;

use std::process::ExitCode;

use args::{Cli, Command};
use config::Refusal;
use exit::{Exit, Failure};

/// Runs the process: as a worker if it was started as one, else the command it was given.
pub fn main() -> ExitCode {
    crate::worker::run_if_asked();
    hide_panics();
    let (cli, notes) = match config::parse(std::env::args_os()) {
        Ok(parsed) => parsed,
        Err(Refusal::Usage(refusal)) => {
            let exit = if refusal.use_stderr() { Exit::Usage } else { Exit::Complete };
            // Help into a closed pipe has been read as far as anybody wanted.
            let _ = refusal.print();
            return exit.into();
        }
        Err(Refusal::Failure(failure)) => return refused(&failure),
    };
    terminal::set_color(cli.global.color);
    for note in notes.iter().filter(|_| !cli.global.quiet) {
        terminal::say(&terminal::sanitised(note));
    }
    match run(&cli) {
        Ok(exit) => exit.into(),
        Err(failure) => refused(&failure),
    }
}

fn refused(failure: &Failure) -> ExitCode {
    terminal::say(&terminal::sanitised(&format!("revere: {:#}", failure.error)));
    failure.exit.into()
}

/// The words of a panic may hold text of a document: only its place is told.
fn hide_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or(String::new(), |l| format!(" at {}:{}", l.file(), l.line()));
        terminal::say(&format!("revere: internal error{place}; please report it"));
    }));
}

fn run(cli: &Cli) -> Result<Exit, Failure> {
    match &cli.command {
        Command::Scan(command) => scan::run(command, cli.global),
        Command::Text(command) => text::run(command, cli.global.quiet),
        Command::Explain(command) => explain::run(command, cli.global),
        Command::Patterns(command) => patterns::run(command, cli.global),
        Command::Formats(command) => formats::run(command),
        Command::Check(command) => check::run(command, cli.global),
        Command::Baseline(command) => baseline::run(command, cli.global),
        Command::Report(command) => report::run(command),
        Command::Inventory(command) => inventory::run(command, cli.global),
        Command::Key(command) => key::run(command, cli.global.quiet),
        Command::Config(args::Config::Show { command }) => config::run(command, &cli.source),
        Command::Completions { shell } => help::completions(*shell),
        Command::Man { command } => help::manual(command),
    }
}
