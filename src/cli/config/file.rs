//! The configuration file: TOML, a table for each section. What is not known there is an error with its line, for a
//! misspelt key would be a limit that nobody keeps.

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use anyhow::anyhow;
use clap::{Arg, Command};
use toml::de::{DeTable, DeValue};

use super::settings::{self, SETTINGS, Setting, Shape};
use super::value::{self, Given, Origin, Value};
use crate::cli::args::is_list;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// A configuration file that was read.
pub struct Configuration {
    /// As it was named or found.
    pub path: PathBuf,
    /// BLAKE3 of its bytes.
    pub digest: String,
    /// What it says, in the order of the table of settings.
    pub given: Vec<Given>,
}

/// Reads a file.
///
/// # Errors
/// What is wrong with it, with the line.
pub fn read(path: &Path) -> anyhow::Result<Configuration> {
    let name = path.display();
    let unreadable = |e: std::io::Error| anyhow!("cannot read the configuration {name}: {e}");
    let meta = path.metadata().map_err(unreadable)?;
    if !meta.is_file() || meta.len() > LARGEST {
        return Err(anyhow!("the configuration {name} is no file, or larger than 1 MiB"));
    }
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let digest = blake3::hash(text.as_bytes()).to_hex().to_string();
    let given = parse(&text, &path.display().to_string(), &settings::definition())?;
    Ok(Configuration { path: path.to_owned(), digest, given })
}

/// Reads the text of the file `name`.
fn parse(text: &str, name: &str, definition: &Command) -> anyhow::Result<Vec<Given>> {
    let at = |offset: usize| line_of(text, offset);
    let table = DeTable::parse(text).map_err(|e| {
        let line = e.span().map_or(1, |span| at(span.start));
        anyhow!("{name} line {line}: {}", e.message())
    })?;
    let mut given = Vec::new();
    for (section, content) in table.get_ref() {
        let line = at(section.span().start);
        let section = section.get_ref().as_ref();
        let keys = keys_of(section, definition);
        if keys.is_empty() {
            let known = settings::sections().join("], [");
            return Err(anyhow!("{name} line {line}: there is no section [{section}]; there are [{known}]"));
        }
        let DeValue::Table(content) = content.get_ref() else {
            return Err(anyhow!("{name} line {line}: [{section}] must be a table, as in [{section}]"));
        };
        for (key, content) in content {
            let line = at(key.span().start);
            let key = key.get_ref().as_ref();
            let Some((setting, arg)) = keys.iter().find(|(setting, arg)| setting.is_called(key, arg)) else {
                return Err(unknown(name, line, section, key, &keys));
            };
            let wrong = |why: String| anyhow!("{name} line {line}: {section}.{key}: {why}");
            let value = value_of(content.get_ref(), arg).map_err(wrong)?;
            value::judge(setting, &value, definition).map_err(wrong)?;
            let origin = Origin::File { name: name.to_owned(), line };
            given.push(Given { setting, value, origin });
        }
    }
    Ok(given)
}

type Key<'a> = (&'static Setting, &'a Arg);

/// The settings of a section with their options.
fn keys_of<'a>(section: &str, definition: &'a Command) -> Vec<Key<'a>> {
    let own = SETTINGS.iter().filter(|setting| setting.section == section);
    own.filter_map(|setting| {
        let command = settings::command(definition, setting.commands.first()?)?;
        Some((setting, setting.arg_of(command)?))
    })
    .collect()
}

fn unknown(name: &str, line: usize, section: &str, key: &str, keys: &[Key<'_>]) -> anyhow::Error {
    let elsewhere = SETTINGS.iter().find(|setting| setting.key == key);
    let hint = if let Some(setting) = elsewhere {
        format!("it belongs to [{}]", setting.section)
    } else {
        let known: Vec<_> = keys.iter().map(|(setting, _)| setting.key).collect();
        format!("[{section}] has {}", known.join(", "))
    };
    anyhow!("{name} line {line}: unknown key {key} in [{section}]; {hint}")
}

fn value_of(content: &DeValue<'_>, arg: &Arg) -> Result<Value, String> {
    let found = content.type_str();
    match settings::shape(arg) {
        Shape::Switch => content.as_bool().map(Value::Switch).ok_or(format!("true or false, not {found}")),
        Shape::One => one(content)
            .or_else(|| list(content, arg))
            .map(Value::One)
            .ok_or_else(|| format!("a text or a number, not {found}")),
        Shape::Many => {
            let form = || format!("a list of texts, as in [\"one\", \"two\"], not {found}");
            let items = content.as_array().ok_or_else(form)?;
            let texts = items.iter().map(|item| item.get_ref().as_str().map(OsString::from));
            texts.collect::<Option<_>>().map(Value::Many).ok_or("a list of texts alone".to_owned())
        }
    }
}

fn one(content: &DeValue<'_>) -> Option<OsString> {
    let number = |content: &DeValue<'_>| {
        let number = content.as_integer()?;
        i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| n.to_string())
    };
    content.as_str().map(str::to_owned).or_else(|| number(content)).map(OsString::from)
}

/// A list of tables for an option that takes a list in place of a file, as the text that the option takes.
fn list(content: &DeValue<'_>, arg: &Arg) -> Option<OsString> {
    let takes_lists =
        arg.get_value_names().is_some_and(|names| names.iter().any(|name| name.ends_with("|LIST")));
    let tables = content.as_array().filter(|_| takes_lists)?.iter();
    let pair = |key: &str, value: &DeValue<'_>| {
        let value = one(value)?.into_string().ok()?;
        Some(format!("{} = {}", settings::literal(key, Shape::Many), settings::literal(&value, Shape::One)))
    };
    let mut texts = Vec::new();
    for table in tables {
        let pairs = table.get_ref().as_table()?.iter();
        let pairs = pairs.map(|(key, value)| pair(key.get_ref(), value.get_ref()));
        texts.push(format!("{{ {} }}", pairs.collect::<Option<Vec<_>>>()?.join(", ")));
    }
    Some(format!("[{}]", texts.join(", ")).into())
}

fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|byte| **byte == b'\n').count() + 1
}

impl Configuration {
    /// The same with its paths taken from its own folder: a file means the same wherever the program is started.
    pub fn rooted(mut self, definition: &Command) -> Self {
        let folder = super::find::folder_of(&self.path);
        for given in self.given.iter_mut().filter(|given| given.is_path(definition)) {
            given.value.each(|path| *path = below(&folder, path));
        }
        self
    }

    /// Whoever can write to a folder that is checked decides about this file too. It may not reach out of that folder:
    /// it would decide which files elsewhere are read as keys or replaced by reports.
    ///
    /// # Errors
    /// The first path that leads out, with its line.
    pub fn stays_inside(&self, definition: &Command) -> anyhow::Result<()> {
        for given in self.given.iter().filter(|given| given.is_path(definition)) {
            let mut given_value = given.value.clone();
            let mut out = None;
            given_value.each(|path| {
                if is_list(path) {
                    return;
                }
                let (_, rest) = split_format(path);
                let inner = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
                if !Path::new(&rest).components().all(inner) {
                    out.get_or_insert_with(|| rest.to_string_lossy().into_owned());
                }
            });
            if let Some(path) = out {
                return Err(anyhow!(
                    "{}: {} leads out of the folder that is checked ({path}), where this file lies: whoever can \
                     write there could have other files read or replaced. Say it on the command line, or name the \
                     file with --config",
                    given.origin.words(),
                    given.setting.name()
                ));
            }
        }
        Ok(())
    }
}

/// A path below a folder, unless it is absolute or standard input or output.
fn below(folder: &Path, path: &OsString) -> OsString {
    let (format, rest) = split_format(path);
    if rest == "-" || folder == Path::new(".") || is_list(path) {
        return path.clone();
    }
    let mut out = format;
    out.push(folder.join(rest));
    out
}

/// `gitlab:` of `gitlab:FILE`, and the rest.
fn split_format(path: &OsString) -> (OsString, OsString) {
    let text = path.to_string_lossy();
    match text.split_once(':') {
        Some((format, rest)) if crate::report::Format::by_name(format).is_some() => {
            (format!("{format}:").into(), rest.into())
        }
        _ => (OsString::new(), path.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Result<Vec<String>, String> {
        let given = parse(text, "revere.toml", &settings::definition()).map_err(|e| e.to_string())?;
        let shown =
            given.iter().map(|g| format!("{} {} {}", g.origin.words(), g.setting.name(), g.value.shown()));
        Ok(shown.collect())
    }

    #[test]
    fn every_shape_is_read_with_its_line() {
        let text = "# ours\n[scan]\njobs = 4\nstrict = true\nexclude = [\n  \"*.iso\", \"a b\"]\n\n[check]\n\
                    max-gaps = \"2%\"\nfail-on = \"high\"\n";
        let expected = [
            "revere.toml line 5 scan.exclude [\"*.iso\", \"a b\"]",
            "revere.toml line 3 scan.jobs 4",
            "revere.toml line 4 scan.strict true",
            "revere.toml line 10 check.fail-on \"high\"",
            "revere.toml line 9 check.max-gaps \"2%\"",
        ];
        let mut told = told(text).unwrap_or_default();
        told.sort();
        let mut expected = expected.map(str::to_owned).to_vec();
        expected.sort();
        assert_eq!(told, expected);
        assert_eq!(self::told("").map(|t| t.len()), Ok(0));
        assert_eq!(
            self::told("scan.max-depth = 0x10\n"),
            Ok(vec!["revere.toml line 1 scan.max-depth 16".into()])
        );
    }

    #[test]
    fn rules_of_retention_may_stand_in_the_file_itself() {
        let list = "[{ \"path\" = \"hr/**\", \"years\" = 7 }, { \"path\" = \"*\", \"years\" = 3 }]";
        let shown = settings::literal(list, Shape::One);
        for text in [
            "[inventory]\nretention = [{ path = \"hr/**\", years = 7 }, { path = \"*\", years = 3 }]\n",
            "[inventory]\nretention = [\n  { path = 'hr/**', years = 7 },\n  { path = \"*\", years = 3 },\n]\n",
            &format!("[inventory]\nretention = {shown}\n"),
        ] {
            let line = "revere.toml line 2 inventory.retention";
            assert_eq!(told(text), Ok(vec![format!("{line} {shown}")]), "{text}");
        }
        for (text, message) in [
            ("retention = [{ path = \"a\" }]", "line 2: inventory.retention: invalid value"),
            ("retention = [{ path = \"a\", years = 7, form = 1 }]", "unknown field `form`"),
            ("retention = [\"a\"]", "a text or a number, not array"),
            ("owner-map = [{ a = 1 }]", "a text or a number, not array"),
        ] {
            let refused =
                told(&format!("[inventory]\n{text}")).err().unwrap_or_else(|| panic!("{text} is taken"));
            assert!(refused.contains(message) && !refused.contains('\n'), "{text}: {refused}");
        }
        assert_eq!(below(Path::new("/etc/revere"), &list.into()), list);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, message) in [
            (
                "[scan]\njobz = 4",
                "revere.toml line 2: unknown key jobz in [scan]; [scan] has roots, include,",
            ),
            ("[scan]\nfail-on = \"high\"", "line 2: unknown key fail-on in [scan]; it belongs to [check]"),
            ("\n[skan]\njobs = 4", "line 2: there is no section [skan]; there are [scan], [detect],"),
            ("jobs = 4", "line 1: there is no section [jobs]"),
            ("scan = 4", "line 1: [scan] must be a table"),
            ("[scan]\njobs = true", "line 2: scan.jobs: a text or a number, not boolean"),
            ("[scan]\njobs = 1.5", "line 2: scan.jobs: a text or a number, not float"),
            ("[scan]\njobs = 0", "line 2: scan.jobs: invalid value '0'"),
            ("[scan]\njobs = \"four\"", "line 2: scan.jobs: invalid value 'four'"),
            ("[scan]\nstrict = \"yes\"", "line 2: scan.strict: true or false, not string"),
            ("[scan]\nexclude = \"*.iso\"", "line 2: scan.exclude: a list of texts, as in"),
            ("[scan]\nexclude = [1]", "line 2: scan.exclude: a list of texts alone"),
            ("[scan]\nmax-memory = \"much\"", "line 2: scan.max-memory: invalid value 'much'"),
            ("[detect]\nmin-confidence = \"sure\"", "low, medium, high"),
            ("[scan]\njobs = 1\njobs = 2", "line 3: duplicate key"),
            ("[scan\n", "line 1: "),
        ] {
            let refused = told(text).err().unwrap_or_else(|| panic!("{text} is taken"));
            assert!(refused.contains(message), "{text}: {refused}");
            assert!(!refused.contains('\n'), "{refused}");
        }
    }

    #[test]
    fn paths_are_taken_from_the_folder_of_the_file() {
        let folder = Path::new("/etc/revere");
        for (given, taken) in [
            ("key", "/etc/revere/key"),
            ("/srv/key", "/srv/key"),
            ("-", "-"),
            ("gitlab:gl.json", "gitlab:/etc/revere/gl.json"),
            ("csv:-", "csv:-"),
            ("a:b", "/etc/revere/a:b"),
        ] {
            assert_eq!(below(folder, &given.into()), taken, "{given}");
        }
    }

    #[test]
    fn a_file_in_the_checked_folder_names_nothing_outside() {
        let definition = settings::definition();
        let judged = |line: &str| {
            let given = parse(line, "revere.toml", &definition).unwrap_or_else(|e| panic!("{e}"));
            let file = Configuration { path: "revere.toml".into(), digest: String::new(), given };
            file.stays_inside(&definition).map_err(|e| e.to_string())
        };
        for good in
            ["check.baseline = \"./base.jsonl\"", "check.out = [\"junit:reports/r.xml\"]", "scan.jobs = 2"]
        {
            assert!(judged(good).is_ok(), "{good}");
        }
        for bad in [
            "check.baseline = \"../base.jsonl\"",
            "check.out = [\"a.csv\", \"csv:/home/else/.profile\"]",
            "scan.key-file = \"/etc/passwd\"",
            "detect.patterns = [\"a/../../b\"]",
        ] {
            let refused = judged(bad).err().unwrap_or_else(|| panic!("{bad} is taken"));
            assert!(refused.starts_with("revere.toml line 1: ") && refused.contains("--config"), "{refused}");
        }
    }
}
