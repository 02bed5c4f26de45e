//! Values of settings: where they come from, and whether the option takes them.

use std::ffi::OsString;

use clap::Command;
use clap::error::ErrorKind;

use super::settings::{self, Setting, Shape};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A text or number.
    One(OsString),
    /// A list.
    Many(Vec<OsString>),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// A variable of the environment.
    Environment(String),
    /// A configuration file.
    File {
        /// Its name.
        name: String,
        /// The line of the key.
        line: usize,
    },
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// As messages name it.
    pub fn words(&self) -> String {
        match self {
            Origin::Flag => "command line".to_owned(),
            Origin::Environment(name) => format!("environment {name}"),
            Origin::File { name, line } => format!("{name} line {line}"),
            Origin::Default => "default".to_owned(),
        }
    }
}

/// What somebody said about a setting.
#[derive(Clone, Debug)]
pub struct Given {
    /// The setting.
    pub setting: &'static Setting,
    /// The value.
    pub value: Value,
    /// Who said it.
    pub origin: Origin,
}

impl std::fmt::Debug for Setting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name())
    }
}

impl Given {
    /// True if the value names files or folders.
    pub fn is_path(&self, definition: &Command) -> bool {
        let command = self.setting.commands.first().and_then(|words| settings::command(definition, words));
        command.and_then(|command| self.setting.arg_of(command)).is_some_and(settings::is_path)
    }

    /// The value as words of a command line.
    pub fn words(&self) -> Vec<OsString> {
        let with = |value: &OsString| {
            if self.setting.key == "roots" {
                return value.clone();
            }
            let mut word = OsString::from(format!("--{}=", self.setting.key));
            word.push(value);
            word
        };
        match &self.value {
            Value::Switch(false) => Vec::new(),
            Value::Switch(true) => vec![format!("--{}", self.setting.key).into()],
            Value::One(text) => vec![with(text)],
            Value::Many(texts) => texts.iter().map(with).collect(),
        }
    }
}

impl Value {
    /// A value of the environment: a list has one item a line.
    ///
    /// # Errors
    /// A switch that is neither `true` nor `false`.
    pub fn of_variable(text: OsString, shape: Shape) -> Result<Self, String> {
        match shape {
            Shape::One => Ok(Value::One(text)),
            Shape::Switch => match text.to_str() {
                Some("true" | "1") => Ok(Value::Switch(true)),
                Some("false" | "0") => Ok(Value::Switch(false)),
                _ => Err("true or false".to_owned()),
            },
            Shape::Many => Ok(Value::Many(lines(&text))),
        }
    }

    /// Does something to every text in it.
    pub fn each(&mut self, mut change: impl FnMut(&mut OsString)) {
        match self {
            Value::Switch(_) => {}
            Value::One(text) => change(text),
            Value::Many(texts) => texts.iter_mut().for_each(change),
        }
    }

    /// As the file would say it.
    pub fn shown(&self) -> String {
        match self {
            Value::Switch(on) => on.to_string(),
            Value::One(text) => settings::literal(&text.to_string_lossy(), Shape::One),
            Value::Many(texts) => {
                let texts: Vec<_> = texts
                    .iter()
                    .map(|text| settings::literal(&text.to_string_lossy(), Shape::Many))
                    .collect();
                format!("[{}]", texts.join(", "))
            }
        }
    }
}

fn lines(text: &OsString) -> Vec<OsString> {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let items = text.as_bytes().split(|byte| *byte == b'\n').filter(|item| !item.is_empty());
    items.map(|item| OsString::from_vec(item.to_vec())).collect()
}

/// Asks the option itself whether it takes the value.
///
/// # Errors
/// Why not, in one line.
pub fn judge(setting: &'static Setting, value: &Value, definition: &Command) -> Result<(), String> {
    if setting.key == "roots" {
        return Ok(());
    }
    let given = Given { setting, value: value.clone(), origin: Origin::Default };
    let Some(command) = setting.commands.first() else { return Ok(()) };
    let head = std::iter::once("revere").chain(command.split(' ')).map(OsString::from);
    let words = head.chain(given.words());
    match definition.clone().try_get_matches_from(words) {
        Err(e) if e.kind() == ErrorKind::MissingRequiredArgument => Ok(()),
        Err(e) => Err(one_line(&e.to_string())),
        Ok(_) => Ok(()),
    }
}

/// The first paragraph of a refusal, without its beginning, in one line.
pub fn one_line(text: &str) -> String {
    let lines = text.lines().take_while(|line| !line.is_empty()).map(str::trim);
    lines.collect::<Vec<_>>().join(" ").trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_holds_a_line_for_each_item() {
        let many = |text: &str| Value::of_variable(text.into(), Shape::Many).map(|value| value.shown());
        assert_eq!(many("*.iso\na b,{c,d}\n"), Ok("[\"*.iso\", \"a b,{c,d}\"]".to_owned()));
        assert_eq!(Value::of_variable("1".into(), Shape::Switch), Ok(Value::Switch(true)));
        assert!(Value::of_variable("yes".into(), Shape::Switch).is_err());
    }

    #[test]
    fn words_are_those_of_the_command_line() {
        let words = |key: &str, value: Value| {
            let setting = settings::SETTINGS.iter().find(|s| s.key == key).unwrap_or_else(|| panic!("{key}"));
            Given { setting, value, origin: Origin::Flag }.words()
        };
        assert_eq!(words("jobs", Value::One("4".into())), ["--jobs=4"]);
        assert_eq!(
            words("exclude", Value::Many(vec!["-a".into(), "b".into()])),
            ["--exclude=-a", "--exclude=b"]
        );
        assert_eq!(words("strict", Value::Switch(true)), ["--strict"]);
        assert_eq!(words("roots", Value::Many(vec!["/srv".into()])), ["/srv"]);
        assert!(words("strict", Value::Switch(false)).is_empty());
    }
}
