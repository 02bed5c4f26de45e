//! Completions and manual, made from the definition of the command line.

use anyhow::anyhow;
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::args::Cli;
use super::exit::{Exit, Failure};
use super::patterns::print;

/// Prints the completions for a shell.
pub fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "revere", &mut script);
    print(&String::from_utf8_lossy(&script)).map(|()| Exit::Complete)
}

/// Prints the page of a command; without words, that of the program.
pub fn manual(words: &[String]) -> Result<Exit, Failure> {
    let mut whole = Cli::command();
    whole.build();
    let found = words.iter().try_fold(&whole, |command, word| command.find_subcommand(word));
    let command = found.ok_or_else(|| {
        let words = words.join(" ");
        Failure::usage(anyhow!("there is no command {words}; `revere --help` names them all"))
    })?;
    page(command).and_then(|page| print(&page)).map(|()| Exit::Complete)
}

fn page(command: &Command) -> Result<String, Failure> {
    let name = command.get_display_name().unwrap_or("revere").to_owned();
    let mut out = Vec::new();
    let man = clap_mangen::Man::new(command.clone())
        .title(name.to_uppercase())
        .source(concat!("revere ", env!("CARGO_PKG_VERSION")));
    man.render(&mut out).map_err(Failure::could_not_finish)?;
    Ok(String::from_utf8_lossy(&out).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_a_page() {
        let mut whole = Cli::command();
        whole.build();
        let mut waiting = vec![&whole];
        let mut pages = 0;
        while let Some(command) = waiting.pop() {
            let page = page(command).unwrap_or_else(|f| panic!("{:#}", f.error));
            let name = command.get_display_name().unwrap_or("revere");
            assert!(page.contains(&format!(".TH {} 1", name.to_uppercase())), "{page}");
            assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
            assert!(page.contains(concat!("\"revere ", env!("CARGO_PKG_VERSION"))), "{page}");
            waiting.extend(command.get_subcommands());
            pages += 1;
        }
        assert!(pages > 12, "{pages}");
    }

    #[test]
    fn every_shell_has_completions_of_every_command() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "revere", &mut script);
            let script = String::from_utf8_lossy(&script).into_owned();
            for word in Cli::command().get_subcommands().map(Command::get_name) {
                assert!(script.contains(word), "{shell} lacks {word}");
            }
            assert!(script.contains("min-confidence") && !script.contains("__worker"), "{shell}");
        }
    }
}
