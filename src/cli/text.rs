//! `revere text`: prints what the scanner reads of a file.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, Write};
use std::path::Path;

use anyhow::anyhow;

use super::args::Text;
use super::exit::{Exit, Failure};
use super::passwords;
use super::scan::base_options;
use super::terminal::Harmless;
use crate::mask::Key;
use crate::scan;

/// Runs the command. A reader of the output that has read enough is no failure.
pub fn run(command: &Text, quiet: bool) -> Result<Exit, Failure> {
    let file = &command.file;
    check(file)?;
    // Nothing of the key is seen: no fingerprint is printed.
    let key = Key::random().map_err(Failure::could_not_finish)?;
    let passwords = passwords::read(&command.opening, quiet)?.words;
    let options = scan::Options { passwords, ..base_options(key, &command.budgets)? };
    let stdout = io::stdout().lock();
    let mut out: Box<dyn Write> = if stdout.is_terminal() {
        Box::new(Harmless::new(BufWriter::new(stdout)))
    } else {
        Box::new(BufWriter::new(stdout))
    };
    let mut gaps = Harmless::new(io::stderr());
    let outcome = scan::text(file, &options, &mut out, &mut gaps).and_then(|o| out.flush().map(|()| o));
    let _ = gaps.flush();
    match outcome {
        Ok(outcome) if outcome.failed => Ok(Exit::Gaps),
        Ok(_) => Ok(Exit::Complete),
        Err(e) if e.kind() == ErrorKind::BrokenPipe => Ok(Exit::Complete),
        Err(e) => Err(Failure::could_not_finish(anyhow!("the text of {}: {e}", file.display()))),
    }
}

/// Refuses what is no file.
pub fn check(file: &Path) -> Result<(), Failure> {
    let name = file.display();
    match file.metadata() {
        Ok(meta) if meta.is_dir() => Err(Failure::usage(anyhow!(
            "{name} is a folder; name one file, or look at a folder with revere scan"
        ))),
        Ok(_) => Ok(()),
        Err(e) => Err(Failure::usage(anyhow!("cannot read {name}: {e}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_or_nothing_is_wrong_use() {
        let dir = tempfile::tempdir().unwrap();
        let failure = check(dir.path()).err().unwrap();
        assert_eq!(failure.exit, Exit::Usage);
        assert!(check(&dir.path().join("none")).is_err());
        let file = dir.path().join("a");
        std::fs::write(&file, "").unwrap();
        assert!(check(&file).is_ok());
    }
}
