//! `revere explain`: why something was found, and why something was not.
//!
//! A record of a result is explained from the result alone; a file or text is examined anew, by the chain of the
//! scan. Values are masked; with `--reveal` they are shown, on a terminal and nowhere else.

mod by_id;
mod render;
mod target;
mod words;

use std::io::{self, ErrorKind, IsTerminal, Read, Write};

use anyhow::anyhow;

use super::args::{Explain, Global};
use super::exit::{Exit, Failure};
use super::passwords;
use super::scan::base_options;
use super::terminal::{Harmless, sanitised, say};
use super::text::check;
use crate::mask::Key;
use crate::scan::{Explanation, Options, Subject, Wanted, explain};
use target::Target;

/// The longest text that is taken from standard input.
const LONGEST: u64 = 256 << 20;

/// Runs the command.
pub fn run(command: &Explain, global: Global) -> Result<Exit, Failure> {
    if command.reveal && !io::stdout().is_terminal() {
        let why = "standard output is none, and numbers in full belong into no file and no pipe";
        return Err(Failure::usage(anyhow!("--reveal works on a terminal only: {why}")));
    }
    // Refused or warned of before anything is examined.
    passwords::read(&command.opening, global.quiet)?;
    let target = match (&command.text, &command.what) {
        (Some(text), _) => Target::Text(text),
        (None, what) => Target::of(what.as_deref().unwrap_or_default())?,
    };
    let at = || command.at.clone();
    match target {
        Target::Result { file, id } => by_id::run(command, &file, &id, global),
        Target::File { path, member } => {
            let wanted = Wanted { member, at: at(), raw: command.reveal };
            let done = examined(Subject::File(&path), &wanted, command, None)?;
            has_member(&wanted.member, &done)?;
            tell(&done)
        }
        Target::Text(text) => {
            let wanted = Wanted { at: at(), raw: command.reveal, ..Wanted::default() };
            tell(&examined(Subject::Text("text", bytes_of(text)?), &wanted, command, None)?)
        }
    }
}

/// The text itself, or what standard input holds for `-`.
fn bytes_of(text: &str) -> Result<Vec<u8>, Failure> {
    if text != "-" {
        return Ok(text.into());
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes);
    read.map_err(|e| Failure::usage(anyhow!("cannot read standard input: {e}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(Failure::usage(anyhow!(
            "more than 256 MiB on standard input; write it to a file and name that"
        )));
    }
    Ok(bytes)
}

/// Examines what is to be explained. Without a key that somebody will compare, one is made up.
fn examined(
    subject: Subject<'_>,
    wanted: &Wanted,
    command: &Explain,
    key: Option<Key>,
) -> Result<Explanation, Failure> {
    if let Subject::File(path) = &subject {
        check(path)?;
    }
    let key = match key {
        Some(key) => key,
        None => Key::random().map_err(Failure::could_not_finish)?,
    };
    let passwords = passwords::read(&command.opening, true)?.words;
    let options = Options { passwords, ..base_options(key, &command.budgets)? };
    explain(subject, wanted, &options).map_err(|e| Failure::usage(anyhow!("cannot be examined: {e}")))
}

/// Refuses a member that is not there, and names some that are.
fn has_member(member: &str, done: &Explanation) -> Result<(), Failure> {
    let known = done.nodes.iter().any(|n| n.member.join("!").starts_with(member));
    if member.is_empty() || known {
        return Ok(());
    }
    for name in done.members.iter().take(20) {
        say(&sanitised(&format!("  {}", name.join("!"))));
    }
    let why = match done.members.len() {
        0 => "the file has no members".to_owned(),
        n => format!("the file has {n}, as listed above"),
    };
    Err(Failure::usage(anyhow!("no member called {member}: {why}")))
}

/// Prints an explanation. A reader of the output that has read enough is no failure.
fn tell(done: &Explanation) -> Result<Exit, Failure> {
    print(&render::explanation(done))?;
    Ok(if done.failed { Exit::Gaps } else { Exit::Complete })
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = Harmless::new(io::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::could_not_finish(anyhow!("the explanation could not be printed: {e}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_not_there_is_wrong_use() {
        let done = Explanation::default();
        assert!(has_member("", &done).is_ok());
        assert_eq!(has_member("a.csv", &done).err().map(|f| f.exit), Some(Exit::Usage));
    }

    #[test]
    fn a_text_is_taken_as_it_is() {
        assert_eq!(bytes_of("SSN").ok(), Some(b"SSN".to_vec()));
    }
}
