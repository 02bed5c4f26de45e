//! The table of settings: what a configuration file, the environment and the command line can all say.
//!
//! A setting is an option of the command line with a place in the file. Its type, its default, its words and how its
//! value is judged are those of the option; its name in the environment follows from the place. So a new setting is an
//! option and one line of [`SETTINGS`], and nothing else.

use clap::{Arg, ArgAction, Command, CommandFactory, ValueHint};

use crate::cli::args::Cli;

/// A place in the file for an option.
pub struct Setting {
    /// The table of the file.
    pub section: &'static str,
    /// The key in it: the long name of the option.
    pub key: &'static str,
    /// The commands that go by it.
    pub commands: &'static [&'static str],
}

/// Commands that scan.
const SCANS: &[&str] = &["scan", "check", "baseline create", "baseline update", "baseline prune"];
/// Commands that read documents.
const READS: &[&str] = &[
    "scan",
    "check",
    "baseline create",
    "baseline update",
    "baseline prune",
    "text",
    "explain",
    "patterns test",
];
/// Commands that open what is encrypted.
const OPENS: &[&str] =
    &["scan", "check", "baseline create", "baseline update", "baseline prune", "text", "explain"];
/// Commands that look by patterns.
const LOOKS: &[&str] = &[
    "scan",
    "check",
    "baseline create",
    "baseline update",
    "baseline prune",
    "patterns list",
    "patterns show",
    "patterns check",
    "patterns test",
];

const fn setting(section: &'static str, key: &'static str, commands: &'static [&'static str]) -> Setting {
    Setting { section, key, commands }
}

/// All settings, in the order in which they are shown.
pub const SETTINGS: &[Setting] = &[
    setting("scan", "roots", &["scan"]),
    setting("scan", "include", SCANS),
    setting("scan", "exclude", SCANS),
    setting("scan", "jobs", SCANS),
    setting("scan", "strict", SCANS),
    setting("scan", "label", &["scan"]),
    setting("scan", "key-file", SCANS),
    setting("scan", "ephemeral-key", &["scan"]),
    setting("scan", "password-file", OPENS),
    setting("scan", "max-expanded", READS),
    setting("scan", "max-ratio", READS),
    setting("scan", "max-depth", READS),
    setting("scan", "max-members", READS),
    setting("scan", "max-memory", READS),
    setting("scan", "timeout", READS),
    setting("scan", "records", READS),
    setting("detect", "min-confidence", &["scan", "report"]),
    setting("detect", "patterns", LOOKS),
    setting("check", "baseline", &["check"]),
    setting("check", "fail-on", &["check"]),
    setting("check", "max-gaps", &["check"]),
    setting("check", "out", &["check"]),
    setting("inventory", "owner-map", &["inventory"]),
    setting("inventory", "retention", &["inventory"]),
    setting("output", "out", &["scan"]),
    setting("output", "mask", SCANS),
    setting("output", "color", READS),
    setting("output", "no-progress", &["scan"]),
];

/// What a value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `true` or `false`.
    Switch,
    /// One text or number.
    One,
    /// Any number of texts.
    Many,
}

impl Setting {
    /// `section.key`, as messages name it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.section, self.key)
    }

    /// The variable of the environment.
    pub fn variable(&self) -> String {
        format!("{}{}", variables_of(self.section), self.key.to_uppercase().replace('-', "_"))
    }

    /// The argument of the command line by its id in the definition.
    pub fn id(&self) -> String {
        if self.key == "roots" { "paths".to_owned() } else { self.key.replace('-', "_") }
    }

    /// The argument of a command that goes by this setting.
    pub fn arg_of<'a>(&self, command: &'a Command) -> Option<&'a Arg> {
        let id = self.id();
        command.get_arguments().find(|arg| arg.get_id() == id.as_str())
    }

    /// True if the setting is also known by `key`, which another name of its option is.
    pub fn is_called(&self, key: &str, arg: &Arg) -> bool {
        self.key == key || arg.get_all_aliases().is_some_and(|names| names.contains(&key))
    }

    /// True if a command goes by it.
    pub fn is_for(&self, command: &str) -> bool {
        self.commands.contains(&command)
    }
}

/// How the variables of a section begin.
pub fn variables_of(section: &str) -> String {
    format!("REVERE_{}_", section.to_uppercase())
}

/// The sections, in order.
pub fn sections() -> Vec<&'static str> {
    let mut sections: Vec<_> = SETTINGS.iter().map(|setting| setting.section).collect();
    sections.dedup();
    sections
}

/// What the value of an argument is made of.
pub fn shape(arg: &Arg) -> Shape {
    match arg.get_action() {
        ArgAction::SetTrue => Shape::Switch,
        ArgAction::Append => Shape::Many,
        _ => Shape::One,
    }
}

/// True if values name files or folders.
pub fn is_path(arg: &Arg) -> bool {
    arg.get_value_hint() != ValueHint::Unknown
}

/// The default as the file would say it; none where the program decides when it starts.
pub fn default(arg: &Arg) -> Option<String> {
    match shape(arg) {
        Shape::Switch => Some("false".to_owned()),
        Shape::Many => Some("[]".to_owned()),
        Shape::One => {
            arg.get_default_values().first().map(|text| literal(&text.to_string_lossy(), Shape::One))
        }
    }
}

/// A value as the file would say it: numbers bare, texts quoted.
pub fn literal(text: &str, shape: Shape) -> String {
    let bare = shape == Shape::One && text.parse::<i64>().is_ok_and(|n| n.to_string() == text);
    if bare { text.to_owned() } else { toml_text(text) }
}

fn toml_text(text: &str) -> String {
    // JSON escapes are TOML escapes, but for DEL, which JSON leaves as it is.
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007F")
}

/// The whole command line, built, so that options of all commands are in each.
pub fn definition() -> Command {
    let mut command = Cli::command();
    command.build();
    command
}

/// A command by its words.
pub fn command<'a>(definition: &'a Command, words: &str) -> Option<&'a Command> {
    words.split(' ').try_fold(definition, |command, word| command.find_subcommand(word))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_setting_is_an_option_of_its_commands_and_alike_in_all() {
        let definition = definition();
        for setting in SETTINGS {
            let args: Vec<&Arg> = setting
                .commands
                .iter()
                .map(|words| {
                    let command = command(&definition, words).unwrap_or_else(|| panic!("{words}"));
                    setting.arg_of(command).unwrap_or_else(|| panic!("{} of {words}", setting.name()))
                })
                .collect();
            let long = args[0].get_long();
            assert!(long.is_none_or(|name| name == setting.key), "{} is --{long:?}", setting.name());
            for arg in &args {
                assert_eq!(shape(arg), shape(args[0]), "{}", setting.name());
                assert_eq!(is_path(arg), is_path(args[0]), "{}", setting.name());
                assert_eq!(default(arg), default(args[0]), "{}", setting.name());
            }
        }
    }

    #[test]
    fn names_are_told_apart() {
        let names: BTreeSet<_> = SETTINGS.iter().map(Setting::name).collect();
        let variables: BTreeSet<_> = SETTINGS.iter().map(Setting::variable).collect();
        assert_eq!((names.len(), variables.len()), (SETTINGS.len(), SETTINGS.len()));
        assert!(variables.contains("REVERE_DETECT_MIN_CONFIDENCE"));
        assert_eq!(sections(), ["scan", "detect", "check", "inventory", "output"]);
    }

    #[test]
    fn values_are_shown_as_the_file_says_them() {
        for (text, shape, shown) in [
            ("4", Shape::One, "4"),
            ("4", Shape::Many, "\"4\""),
            ("2GiB", Shape::One, "\"2GiB\""),
            ("007", Shape::One, "\"007\""),
            ("a\"b\\\u{1b}\u{7f}", Shape::One, "\"a\\\"b\\\\\\u001b\\u007F\""),
        ] {
            assert_eq!(literal(text, shape), shown);
            let read: toml::Table = toml::from_str(&format!("v = {shown}")).unwrap();
            let number = || read["v"].as_integer().map(|n| n.to_string());
            assert_eq!(read["v"].as_str().map(str::to_owned).or_else(number).as_deref(), Some(text));
        }
    }
}
