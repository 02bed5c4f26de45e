//! The words of a command line before they are parsed: which of them is the command.

use std::ffi::OsString;

use clap::CommandFactory;

use super::Cli;

/// The arguments of the process, with `scan` put in where no command is named; `help scan` becomes
/// `scan --help`.
pub fn with_command(given: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = given.into_iter().collect();
    let mut at = 1;
    while let Some(arg) = args.get(at).map(|a| a.to_string_lossy()) {
        let step = global(&arg);
        if step == 0 {
            if arg == "help" {
                args.remove(at);
                args.push("--help".into());
            } else if !is_command(&arg) {
                args.insert(1, "scan".into());
            }
            return args;
        }
        at += step;
    }
    args
}

/// How many words an option that all commands share takes; 0 for anything else.
fn global(word: &str) -> usize {
    match word {
        "--color" | "--config" => 2,
        "--quiet" | "--verbose" | "--no-config" => 1,
        a if a.starts_with("--color=") || a.starts_with("--config=") || is_short_flags(a) => 1,
        _ => 0,
    }
}

/// Where the words of `command` (`baseline create`) end, in a command line that names it.
pub fn behind_command(args: &[OsString], command: &str) -> usize {
    let mut at = 1;
    for word in command.split(' ') {
        while let Some(arg) = args.get(at) {
            at += global(&arg.to_string_lossy()).max(1);
            if arg == word {
                break;
            }
        }
    }
    at.min(args.len())
}

fn is_short_flags(arg: &str) -> bool {
    arg.strip_prefix('-')
        .is_some_and(|flags| !flags.is_empty() && flags.chars().all(|c| matches!(c, 'q' | 'v')))
}

fn is_command(arg: &str) -> bool {
    matches!(arg, "-h" | "--help" | "-V" | "--version") || Cli::command().find_subcommand(arg).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_go_behind_the_words_of_the_command() {
        for (line, command, at) in [
            ("revere scan a", "scan", 2),
            ("revere -q --color never scan a", "scan", 5),
            ("revere --config scan scan scan", "scan", 4),
            ("revere baseline -v create f", "baseline create", 4),
            ("revere --no-config check", "check", 3),
        ] {
            let words = line.split(' ').map(OsString::from).collect::<Vec<_>>();
            assert_eq!(behind_command(&words, command), at, "{line}");
        }
    }

    #[test]
    fn shared_options_do_not_hide_the_command() {
        for (line, whole) in [
            ("revere --config f a", "revere scan --config f a"),
            ("revere --no-config check", "revere --no-config check"),
            ("revere --config=f text a", "revere --config=f text a"),
        ] {
            let words = with_command(line.split(' ').map(OsString::from));
            let words: Vec<_> = words.iter().map(|word| word.to_string_lossy()).collect();
            assert_eq!(words.join(" "), whole);
        }
    }
}
