//! `revere config show`: all settings with their values and where each comes from, as a file that can be used.

use std::ffi::OsString;
use std::fmt::Write as _;

use clap::{Arg, ArgMatches};

use super::settings::{self, SETTINGS, Setting, Shape};
use super::value::{Given, Origin, Value};
use super::{Asked, Refusal, Settled, find, of_environment, settle};
use crate::cli::args::{self, SettingsFrom};
use crate::cli::exit::{Exit, Failure};
use crate::cli::patterns::print;
use crate::cli::terminal::sanitised;

/// Prints the settings of a command line, or those of all commands.
pub fn run(command: &[OsString], source: &SettingsFrom) -> Result<Exit, Failure> {
    let variables: Vec<_> = std::env::vars_os().collect();
    let text = if command.is_empty() {
        everything(source, &variables).map_err(Failure::usage)?
    } else {
        of_command(command, source, &variables)?
    };
    print(&text).map(|()| Exit::Complete)
}

/// A line: a setting, its value if it has one, and the origin.
struct Line {
    setting: &'static Setting,
    value: Option<String>,
    origin: Origin,
    /// What holds where there is no value.
    unset: String,
}

fn everything(source: &SettingsFrom, variables: &[(OsString, OsString)]) -> anyhow::Result<String> {
    let definition = settings::definition();
    let environment = of_environment(variables, &definition)?;
    let nowhere = |_: &super::Configuration| Vec::new();
    let found = match source.no_config {
        true => None,
        false => find::find(source.config.as_deref(), find::Inside::Named, &nowhere)?.configuration,
    };
    let file = found.map(|found| found.rooted(&definition));
    let from_file = file.as_ref().map_or(&[][..], |file| &file.given);
    let said = |setting: &Setting| {
        let own = |given: &&Given| given.setting.name() == setting.name();
        environment.iter().find(own).or_else(|| from_file.iter().find(own))
    };
    let lines = SETTINGS.iter().filter_map(|setting| {
        let command = settings::command(&definition, setting.commands.first()?)?;
        Some(line(setting, setting.arg_of(command)?, said(setting), None))
    });
    let mut head = head(file.as_ref().map(|file| file.path.display().to_string()), &[]);
    if file.is_some() {
        head.push_str("# A scan does not go by it if it lies in a folder that is scanned.\n");
    }
    Ok(head + &render(lines))
}

fn of_command(
    command: &[OsString],
    source: &SettingsFrom,
    variables: &[(OsString, OsString)],
) -> Result<String, Failure> {
    let mut words: Vec<OsString> = vec!["revere".into()];
    words.extend(source.no_config.then(|| "--no-config".into()));
    if let Some(file) = &source.config {
        words.extend(["--config".into(), file.into()]);
    }
    words.extend(command.iter().cloned());
    let words = args::with_command(words);
    let settled = settle(words.clone(), variables).map_err(|refusal| match refusal {
        Refusal::Failure(failure) => failure,
        Refusal::Usage(error) => Failure::usage(anyhow::anyhow!("{}", error.to_string().trim_end())),
    })?;
    let definition = settings::definition();
    let read = |words: &[OsString]| definition.clone().ignore_errors(true).try_get_matches_from(words);
    let (typed, all) = (read(&words).map_err(Failure::usage)?, read(&settled.words).map_err(Failure::usage)?);
    let (typed, all) = (Asked::of(&typed, &definition), Asked::of(&all, &definition));
    let lines = all.settings().filter_map(|setting| {
        let arg = setting.arg_of(all.command)?;
        let given = settled.given.iter().find(|given| given.setting.name() == setting.name());
        let flag = typed.is_typed(&setting.id()).then(|| typed_value(all.matches, setting, arg));
        Some(line(setting, arg, given, flag))
    });
    let lines: Vec<Line> = lines.collect();
    Ok(head(settled.file(), &settled.notes) + &render(lines.into_iter()))
}

impl Settled {
    fn file(&self) -> Option<String> {
        self.configuration.as_ref().map(|found| found.path.display().to_string())
    }
}

/// What the command line says.
fn typed_value(matches: &ArgMatches, setting: &Setting, arg: &Arg) -> Value {
    let raw = || -> Vec<OsString> {
        let raw = matches.get_raw(&setting.id());
        raw.map(|texts| texts.map(OsString::from).collect()).unwrap_or_default()
    };
    match settings::shape(arg) {
        Shape::Switch => Value::Switch(true),
        Shape::One => Value::One(raw().pop().unwrap_or_default()),
        Shape::Many => Value::Many(raw()),
    }
}

fn line(setting: &'static Setting, arg: &Arg, given: Option<&Given>, flag: Option<Value>) -> Line {
    let (value, origin) = match (flag, given) {
        (Some(value), _) => (Some(value.shown()), Origin::Flag),
        (None, Some(given)) => (Some(given.value.shown()), given.origin.clone()),
        (None, None) => (settings::default(arg), Origin::Default),
    };
    Line { setting, value, origin, unset: unset(arg) }
}

/// What holds if nothing is set, as the help says it.
fn unset(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let said = help.split_once("[default: ").and_then(|(_, rest)| rest.split_once(']'));
    said.map_or_else(|| "not set".to_owned(), |(said, _)| said.to_owned())
}

fn head(file: Option<String>, notes: &[String]) -> String {
    let mut out = match file {
        Some(file) => format!("# Configuration file: {}\n", sanitised(&file)),
        None => "# No configuration file\n".to_owned(),
    };
    for note in notes {
        let _ = writeln!(out, "# {}", sanitised(note));
    }
    out
}

fn render(lines: impl Iterator<Item = Line>) -> String {
    let mut out = String::new();
    let mut section = "";
    for line in lines {
        if line.setting.section != section {
            section = line.setting.section;
            let _ = writeln!(out, "\n[{section}]");
        }
        let said = match line.value {
            Some(value) => format!("{} = {value}", line.setting.key),
            None => format!("# {}: {}", line.setting.key, line.unset),
        };
        // What is asked for stands out: a default needs no reader.
        let _ = writeln!(out, "{said:<32}  # {}", sanitised(&line.origin.words()));
    }
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use clap::Command;

    use super::*;

    /// The settings as a table of the manual.
    fn table(definition: &Command) -> String {
        let mut out = String::from(
            "| In the file | In the environment | Default | What it says |\n| --- | --- | --- | --- |\n",
        );
        for setting in SETTINGS {
            let Some(arg) = setting.commands.first().and_then(|words| {
                let command = settings::command(definition, words)?;
                setting.arg_of(command)
            }) else {
                continue;
            };
            let default = settings::default(arg).map_or_else(|| unset(arg), |text| format!("`{text}`"));
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            let help = help
                .split(" [default: ")
                .next()
                .unwrap_or_default()
                .replace("; may be repeated", "")
                .replace('|', "\\|");
            let values: Vec<_> =
                arg.get_possible_values().iter().map(|v| format!("`{}`", v.get_name())).collect();
            let values = match (settings::shape(arg), values.is_empty()) {
                (Shape::One, false) => format!(": {}", values.join(", ")),
                _ => String::new(),
            };
            let whose = whose(setting);
            let _ = writeln!(
                out,
                "| `{}` | `{}` | {default} | {help}{values}{whose} |",
                setting.name(),
                setting.variable()
            );
        }
        out
    }

    /// Which commands go by a setting, where its section does not say it.
    fn whose(setting: &Setting) -> String {
        if setting.section == "output" && setting.key == "out" {
            " (`revere scan`)".to_owned()
        } else {
            String::new()
        }
    }

    #[test]
    fn the_table_of_the_manual_is_that_of_the_code() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/CONFIGURATION.md");
        let there = std::fs::read_to_string(&path).unwrap();
        let (begin, end) = ("<!-- settings -->\n", "<!-- end settings -->");
        let (before, rest) = there.split_once(begin).unwrap();
        let (_, after) = rest.split_once(end).unwrap();
        let made = format!("{before}{begin}{}{end}{after}", table(&settings::definition()));
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).unwrap();
            return;
        }
        assert!(made == there, "docs/CONFIGURATION.md is out of date: UPDATE_DOCS=1 cargo test --lib config");
    }

    #[test]
    fn what_is_shown_can_be_used() {
        let source = SettingsFrom { config: None, no_config: true };
        let said = [("REVERE_SCAN_EXCLUDE".into(), "*.iso\n*.vmdk".into())];
        let shown = everything(&source, &said).unwrap();
        assert!(shown.contains("exclude = [\"*.iso\", \"*.vmdk\"]"), "{shown}");
        let read: toml::Table = toml::from_str(&shown).unwrap();
        for section in settings::sections() {
            assert!(read.contains_key(section), "{section}");
        }
        assert!(shown.contains("# jobs: the number of cores"), "{shown}");
    }
}
