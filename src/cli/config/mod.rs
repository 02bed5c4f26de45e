//! Settings from a configuration file and the environment, below those of the command line.
//!
//! What is set there is put into the command line, as if it had been typed, before that is parsed for good: types,
//! limits and refusals are those of the options, and no command knows where a value came from. The highest place that
//! says something about a setting wins as a whole; lists are not added up.

mod file;
mod find;
mod settings;
mod show;
mod value;

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, Parser as _};

use super::args::{self, Cli};
use super::exit::Failure;
use super::terminal::sanitised;
use crate::event;
use file::Configuration;
use find::{Found, Inside};
use settings::{SETTINGS, Setting};
use value::{Given, Origin, Value};

pub use show::run;

/// Why there is no command to run.
pub enum Refusal {
    /// The command line is wrong, or asks for help.
    Usage(clap::Error),
    /// The configuration is wrong.
    Failure(Failure),
}

/// A command line with all that is set elsewhere.
pub struct Settled {
    /// The words, settings included.
    pub words: Vec<OsString>,
    /// Which settings hold, highest first; none that nobody mentions.
    given: Vec<Given>,
    /// The configuration file that was used.
    configuration: Option<Configuration>,
    /// What to tell the user.
    pub notes: Vec<String>,
}

/// Parses a command line under the environment of the process.
///
/// # Errors
/// A wrong use or configuration, or help asked for.
pub fn parse(given: impl IntoIterator<Item = OsString>) -> Result<(Cli, Vec<String>), Refusal> {
    let words = args::with_command(given);
    let variables: Vec<_> = std::env::vars_os().collect();
    let settled = settle(words, &variables)?;
    let mut cli = Cli::try_parse_from(&settled.words).map_err(|e| settled.refused(e))?;
    cli.note(settled.noted());
    Ok((cli, settled.notes))
}

/// Puts settings into a command line.
fn settle(words: Vec<OsString>, variables: &[(OsString, OsString)]) -> Result<Settled, Refusal> {
    match Cli::try_parse_from(&words) {
        Err(e) if e.kind() != ErrorKind::MissingRequiredArgument => return Err(Refusal::Usage(e)),
        _ => {}
    }
    let definition = settings::definition();
    let lenient = definition.clone().ignore_errors(true).try_get_matches_from(&words);
    let matches = lenient.map_err(Refusal::Usage)?;
    let asked = Asked::of(&matches, &definition);
    if asked.settings().next().is_none() {
        return Ok(Settled { words, given: Vec::new(), configuration: None, notes: Vec::new() });
    }
    merge(words, &asked, variables).map_err(|e| Refusal::Failure(Failure::usage(e)))
}

/// The command that was asked for, and what the command line says about it.
struct Asked<'a> {
    /// Its words.
    name: String,
    command: &'a Command,
    definition: &'a Command,
    matches: &'a ArgMatches,
}

impl<'a> Asked<'a> {
    fn of(mut matches: &'a ArgMatches, definition: &'a Command) -> Self {
        let (mut name, mut command) = (Vec::new(), definition);
        while let Some((word, deeper)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(word) else { break };
            (matches, command) = (deeper, found);
            name.push(word);
        }
        Asked { name: name.join(" "), command, definition, matches }
    }

    fn settings(&self) -> impl Iterator<Item = &'static Setting> + use<'_, 'a> {
        SETTINGS.iter().filter(|setting| setting.is_for(&self.name))
    }

    /// True if the command line itself says something about an argument.
    fn is_typed(&self, id: &str) -> bool {
        let known = self.matches.try_contains_id(id).is_ok();
        known && self.matches.value_source(id) == Some(ValueSource::CommandLine)
    }

    fn path(&self, id: &str) -> Option<&PathBuf> {
        self.matches.try_get_one(id).ok().flatten()
    }

    fn flag(&self, id: &str) -> bool {
        self.matches.try_get_one(id).ok().flatten().copied().unwrap_or(false)
    }

    /// Arguments that cannot stand beside another.
    fn rivals(&self, id: &str) -> BTreeSet<String> {
        let ids = |arg: &clap::Arg| -> Vec<String> {
            let rivals = self.command.get_arg_conflicts_with(arg);
            rivals.into_iter().map(|rival| rival.get_id().to_string()).collect()
        };
        let mut rivals = BTreeSet::new();
        for arg in self.command.get_arguments().filter(|arg| !arg.is_global_set()) {
            let others = ids(arg);
            if arg.get_id() == id {
                rivals.extend(others);
            } else if others.iter().any(|other| other == id) {
                rivals.insert(arg.get_id().to_string());
            }
        }
        rivals
    }
}

fn merge(
    words: Vec<OsString>,
    asked: &Asked<'_>,
    variables: &[(OsString, OsString)],
) -> anyhow::Result<Settled> {
    let environment = of_environment(variables, asked.definition)?;
    let Found { configuration, inside, mut notes } = configuration(asked, &environment)?;
    if let (true, Some(found)) = (inside, &configuration) {
        found.stays_inside(asked.definition)?;
        notes.push(format!("Settings of {}, in the folder that is checked", found.path.display()));
    }
    let configuration = configuration.map(|found| found.rooted(asked.definition));
    let from_file = configuration.as_ref().map_or(&[][..], |found| &found.given);
    let given = winners(asked, &[&environment, from_file]);
    let words = with_settings(words, &asked.name, &given);
    Ok(Settled { words, given, configuration, notes })
}

/// What the environment says.
///
/// # Errors
/// A variable that belongs to a section and no setting, or a value that the option does not take.
fn of_environment(variables: &[(OsString, OsString)], definition: &Command) -> anyhow::Result<Vec<Given>> {
    let mut given = Vec::new();
    for (name, text) in variables {
        let Some(name) = name.to_str() else { continue };
        if !settings::sections().iter().any(|section| name.starts_with(&settings::variables_of(section))) {
            continue;
        }
        let setting = SETTINGS.iter().find(|setting| setting.variable() == name);
        let Some(setting) = setting else {
            return Err(anyhow!(
                "there is no setting for the variable {name}; `revere config show` names them all"
            ));
        };
        let command = setting.commands.first().and_then(|words| settings::command(definition, words));
        let Some(arg) = command.and_then(|command| setting.arg_of(command)) else { continue };
        if text.is_empty() {
            continue;
        }
        let wrong = |why: String| anyhow!("the variable {name}: {why}");
        let value = Value::of_variable(text.clone(), settings::shape(arg)).map_err(wrong)?;
        value::judge(setting, &value, definition).map_err(wrong)?;
        given.push(Given { setting, value, origin: Origin::Environment(name.to_owned()) });
    }
    Ok(given)
}

fn configuration(asked: &Asked<'_>, environment: &[Given]) -> anyhow::Result<Found> {
    if asked.flag("no_config") {
        return Ok(Found::default());
    }
    let checks = asked.name == "check" || asked.name.starts_with("baseline ");
    let inside = if checks { Inside::Named } else { Inside::Left };
    let roots = |found: &Configuration| roots(asked, environment, found);
    find::find(asked.path("config").map(PathBuf::as_path), inside, &roots)
}

/// The folders and files that a command looks at, if it goes by this configuration.
fn roots(asked: &Asked<'_>, environment: &[Given], found: &Configuration) -> Vec<PathBuf> {
    let said = |key: &str| -> Vec<PathBuf> {
        let folder = find::folder_of(&found.path);
        let own = found.given.iter().find(|given| given.setting.key == key);
        let value =
            environment.iter().find(|given| given.setting.key == key).or(own).map(|g| (&g.value, &g.origin));
        match value {
            Some((Value::One(path), Origin::File { .. })) => vec![folder.join(path)],
            Some((Value::Many(paths), Origin::File { .. })) => paths.iter().map(|p| folder.join(p)).collect(),
            Some((Value::One(path), _)) => vec![path.into()],
            Some((Value::Many(paths), _)) => paths.iter().map(PathBuf::from).collect(),
            _ => Vec::new(),
        }
    };
    let typed = |id: &str| -> Vec<PathBuf> {
        let paths = asked.matches.try_get_many::<PathBuf>(id).ok().flatten();
        paths.map(|paths| paths.cloned().collect()).unwrap_or_default()
    };
    let or = |first: Vec<PathBuf>, second: &dyn Fn() -> Vec<PathBuf>| {
        if first.is_empty() { second() } else { first }
    };
    let here = || vec![PathBuf::from(".")];
    match asked.name.as_str() {
        // The lines of a list are relative to the current folder, which is then the root.
        "scan" if asked.is_typed("files_from") => here(),
        "scan" => or(typed("paths"), &|| said("roots")),
        "check" => {
            or(or(typed("baseline"), &|| said("baseline")), &here).iter().map(|path| whole(path)).collect()
        }
        "explain" => {
            asked.matches.try_get_one::<OsString>("what").ok().flatten().map(outer).into_iter().collect()
        }
        "text" | "patterns test" => typed("file"),
        name if name.starts_with("baseline ") => typed("file").iter().map(|path| whole(path)).collect(),
        _ => Vec::new(),
    }
}

/// The folder of a baseline, which need not be there yet.
fn whole(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_owned() } else { find::folder_of(path) }
}

/// `FILE` of `FILE!MEMBER`.
fn outer(what: &OsString) -> PathBuf {
    let text = what.to_string_lossy();
    PathBuf::from(text.split('!').next().unwrap_or_default())
}

/// Of several layers, the highest first, what holds: for each setting the first layer that mentions it, unless the
/// command line or a higher layer has said it, or something that cannot stand beside it.
fn winners(asked: &Asked<'_>, layers: &[&[Given]]) -> Vec<Given> {
    let typed = asked.command.get_arguments().map(|arg| arg.get_id().to_string());
    let mut said: BTreeSet<String> = typed.filter(|id| asked.is_typed(id)).collect();
    // What is switched off rules nothing else out.
    let mut on = said.clone();
    let mut given = Vec::new();
    for layer in layers {
        let free = |setting: &Setting| {
            let id = setting.id();
            !said.contains(&id) && asked.rivals(&id).is_disjoint(&on)
        };
        let own: Vec<&Given> =
            layer.iter().filter(|g| g.setting.is_for(&asked.name) && free(g.setting)).collect();
        said.extend(own.iter().map(|g| g.setting.id()));
        on.extend(own.iter().filter(|g| g.value != Value::Switch(false)).map(|g| g.setting.id()));
        given.extend(own.into_iter().cloned());
    }
    given
}

/// Puts settings behind the words of the command; roots go to the end.
fn with_settings(mut words: Vec<OsString>, command: &str, given: &[Given]) -> Vec<OsString> {
    let at = args::behind_command(&words, command);
    let (roots, options): (Vec<&Given>, Vec<&Given>) = given.iter().partition(|g| g.setting.key == "roots");
    if !roots.is_empty() && !words.iter().any(|word| word == OsStr::new("--")) {
        words.push("--".into());
    }
    words.extend(roots.iter().flat_map(|given| given.words()));
    words.splice(at..at, options.iter().flat_map(|given| given.words()));
    words
}

impl Settled {
    /// A refusal of words that the user may not have typed.
    fn refused(&self, error: clap::Error) -> Refusal {
        if self.given.is_empty() {
            return Refusal::Usage(error);
        }
        let origins: BTreeSet<_> = self.given.iter().map(|given| given.origin.words()).collect();
        let first = value::one_line(&error.to_string());
        let origins = origins.into_iter().collect::<Vec<_>>().join(", ");
        Refusal::Failure(Failure::usage(anyhow!("{first} (settings of {origins} count too)")))
    }

    /// What the result says about the file.
    fn noted(&self) -> Option<event::Configuration> {
        let used = self.configuration.as_ref()?;
        let file = crate::mask::text(&sanitised(&used.path.to_string_lossy())).into_owned();
        Some(event::Configuration { file, digest: used.digest.clone() })
    }
}

#[cfg(test)]
mod tests;
