//! `revere inventory`: what is stored where, made of results.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use anyhow::anyhow;

use super::args::{By, Global, Inventory as Command, Rules};
use super::beside::{Beside, place};
use super::checked;
use super::exit::{Exit, Failure};
use super::reports::{self, refused};
use super::target::is_stdout;
use super::terminal::{self, sanitised};
use super::{ours, outs};
use crate::baseline::judge;
use crate::event::Confidence;
use crate::inventory::{
    self, Csv, Former, Inventory, IsNew, OwnerMap, Retention, RuleError, Settings, Sheet, Target, Xlsx,
};
use crate::report::Results;

/// More than this is no table that people keep.
const LARGEST_TABLE: u64 = 64 << 20;

/// So many names are printed, and the rest is counted.
const MOST_NAMED: usize = 5;

/// Runs the command.
pub fn run(command: &Command, global: Global) -> Result<Exit, Failure> {
    let outs = outs::parse(std::slice::from_ref(&command.out))?;
    let Some(out) = outs.first().filter(|out| ["csv", "xlsx"].contains(&out.format.name)) else {
        let name = command.out.display();
        return Err(Failure::usage(anyhow!("cannot write {name}: an inventory is .xlsx or .csv")));
    };
    let is_csv = out.format.name == "csv";
    if !is_csv && command.by.is_some() {
        return Err(Failure::usage(anyhow!("--by is for .csv; a workbook has all tables")));
    }
    ours::check(&out.path, ours::Kind::Inventory)?;
    let mut file = Beside::open(&out.path)?;
    let on = command.as_of.unwrap_or_else(inventory::today);
    let mut settings = Settings {
        on,
        owners: command.owner_map.as_deref().map_or_else(|| Ok(OwnerMap::default()), owners)?,
        retention: command.retention.as_ref().map_or_else(|| Ok(Retention::default()), retention)?,
        former: command.previous.as_deref().map_or_else(|| Ok(Former::default()), former)?,
        is_new: None,
        all: command.all,
    };
    if command.previous.as_deref().map(place) != Some(place(&out.path)) {
        keeps(&out.path, &settings.former)?;
    }
    if let (Some(path), false) = (&command.previous, global.quiet) {
        say_strange(path, &settings.former.strange);
    }
    let mut results = reports::open(&command.results, Confidence::Medium)?;
    settings.is_new = command.baseline.as_deref().map(|path| known(path, &mut results, on)).transpose()?;
    let output = file.output().map_err(|e| unwritable(&e))?;
    let target: Box<dyn Target> = if is_csv {
        Box::new(Csv::new(output, sheet(command.by.unwrap_or(By::File))).map_err(|e| unwritable(&e))?)
    } else {
        Box::new(Xlsx::new(output).map_err(|e| unwritable(&e))?)
    };
    let mut inventory = Inventory::new(settings, target);
    results.tell(&mut inventory).map_err(refused)?;
    file.settle()?;
    if !global.quiet && !is_stdout(&out.path) {
        terminal::say(&sanitised(&format!("{}: {}", out.path.display(), inventory.said())));
    }
    if !global.quiet {
        let (rules, owners) = inventory.unmet();
        say_unmet("Rules of retention", &rules);
        say_unmet("Owners and paths of the owner map", &owners);
    }
    Ok(Exit::Complete)
}

fn unwritable(error: &std::io::Error) -> Failure {
    Failure::could_not_finish(anyhow!("cannot write the inventory: {error}"))
}

fn sheet(by: By) -> Sheet {
    match by {
        By::File => Sheet::Files,
        By::Folder => Sheet::Folders,
        By::Owner => Sheet::Owners,
        By::Share => Sheet::Shares,
        By::Department => Sheet::Departments,
        By::Volume => Sheet::Volumes,
    }
}

/// Names the columns that a person added and that are not taken over.
fn say_strange(path: &Path, strange: &[String]) {
    if !strange.is_empty() {
        let names = strange.join(", ");
        let words = format!("revere: {}: columns that are not taken over: {names}", path.display());
        terminal::say(&sanitised(&words));
    }
}

/// Names what met no file: it may be misspelt.
fn say_unmet(what: &str, names: &[String]) {
    if !names.is_empty() {
        let first: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
        let more = names.len() - first.len();
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        terminal::say(&sanitised(&format!("{what} that met no listed file: {}{more}", first.join(", "))));
    }
}

/// A file that people write, as a whole.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| Failure::usage(anyhow!("cannot read {}: {e}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(LARGEST_TABLE + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST_TABLE {
        return Err(Failure::usage(anyhow!("cannot read {}: larger than 64 MiB", path.display())));
    }
    Ok(bytes)
}

/// What is wrong with a file, with its name.
fn wrong(path: &Path) -> impl Fn(RuleError) -> Failure {
    move |error| Failure::usage(anyhow!("{}: {error}", path.display()))
}

fn owners(path: &Path) -> Result<OwnerMap, Failure> {
    OwnerMap::parse(&read(path)?).map_err(wrong(path))
}

fn retention(rules: &Rules) -> Result<Retention, Failure> {
    let path = match rules {
        Rules::File(path) => path,
        Rules::List(list) => {
            return Retention::parse(list).map_err(|e| Failure::usage(anyhow!("--retention: {}", e.what)));
        }
    };
    let text = String::from_utf8(read(path)?)
        .map_err(|_| wrong(path)(RuleError { line: 1, what: "not UTF-8".to_owned() }))?;
    Retention::parse(&text).map_err(wrong(path))
}

/// A former inventory; its first bytes say whether it is a workbook.
fn former(path: &Path) -> Result<Former, Failure> {
    let failed = |e: std::io::Error| Failure::usage(anyhow!("cannot read {}: {e}", path.display()));
    let mut file = File::open(path).map_err(failed)?;
    let mut head = [0; 2];
    let tables = if file.read_exact(&mut head).is_ok() && head == *b"PK" {
        file.rewind().map_err(failed)?;
        let len = file.metadata().map_err(failed)?.len();
        inventory::reread::xlsx(&mut file, len)
    } else {
        let mut bytes = Vec::new();
        file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(failed)?;
        inventory::reread::csv(&bytes)
    };
    tables.and_then(|tables| Former::new(tables, &inventory::names())).map_err(wrong(path))
}

/// Refuses to replace an inventory that holds decisions which the one before does not.
fn keeps(target: &Path, handed_on: &Former) -> Result<(), Failure> {
    if !target.metadata().is_ok_and(|meta| meta.is_file() && meta.len() > 0) || ours::is_group_table(target) {
        return Ok(());
    }
    if handed_on.holds_all_of(&former(target)?) {
        return Ok(());
    }
    let name = target.display();
    Err(Failure::usage(anyhow!(
        "refused: {name} holds decisions that would be lost; hand them on with --previous {name}, or name another file"
    )))
}

/// Holds the results against a baseline.
fn known(path: &Path, results: &mut Results, on: jiff::civil::Date) -> Result<IsNew, Failure> {
    let baseline = checked::read(path)?;
    if baseline.key_id != results.overview().run.key_id {
        return Err(Failure::usage(anyhow!(
            "{}: made with another key than the results, so nothing in it can match",
            path.display()
        )));
    }
    let verdict = judge(results, &baseline, Confidence::Low, on, &|_| false).map_err(refused)?;
    Ok(Box::new(verdict.marks()))
}
