//! The terminal: colour, width, and what may be sent to it.
//!
//! Names of files and texts can hold escape sequences and characters that turn the direction of text; nothing of
//! the kind reaches a terminal ([`sanitised`], [`Harmless`]).

use std::io::{self, ErrorKind, Write};

use super::args::Color;
pub use crate::report::words::sanitised;

/// Columns where there is no terminal to ask.
const DEFAULT_WIDTH: usize = 100;
/// No terminal is taken for narrower or wider than this.
const WIDTHS: std::ops::RangeInclusive<usize> = 60..=240;

/// Decides about colour for everything printed through [`anstream`].
pub fn set_color(color: Color) {
    let choice = match color {
        Color::Auto => anstream::ColorChoice::Auto,
        Color::Always => anstream::ColorChoice::Always,
        Color::Never => anstream::ColorChoice::Never,
    };
    choice.write_global();
}

/// Columns to use: what `COLUMNS` says, or the terminal, or 100.
pub fn width() -> usize {
    let said = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    said.or_else(asked).filter(|n| *n > 0).unwrap_or(DEFAULT_WIDTH).clamp(*WIDTHS.start(), *WIDTHS.end())
}

/// Writes one line to standard error. That it cannot be written is nobody's business: there is no place left to
/// say so.
pub fn say(text: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a text, which is called `what`, on standard output, or on standard error if something else goes there. That
/// nobody reads it is no failure of the work.
pub fn print(text: &str, what: &str, to_stderr: bool) {
    let printed = if to_stderr {
        anstream::stderr().lock().write_all(text.as_bytes())
    } else {
        let mut out = anstream::stdout().lock();
        out.write_all(text.as_bytes()).and_then(|()| out.flush())
    };
    match printed {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            say(&format!("revere: the {what} could not be printed: {e}"));
        }
        _ => {}
    }
}

/// Longest text that is kept while its line goes on.
const LONGEST_LINE: usize = 1 << 16;

/// Passes text on to a terminal, sanitised but for line breaks and tabs.
pub struct Harmless<W: Write> {
    out: W,
    kept: Vec<u8>,
}

impl<W: Write> Harmless<W> {
    /// Passes on to `out`.
    pub fn new(out: W) -> Self {
        Harmless { out, kept: Vec::new() }
    }

    fn pass(&mut self, bytes: usize) -> io::Result<()> {
        let text = String::from_utf8_lossy(&self.kept[..bytes]).into_owned();
        self.kept.drain(..bytes);
        for piece in text.split_inclusive(['\n', '\t']) {
            let end = piece.trim_end_matches(['\n', '\t']);
            self.out.write_all(sanitised(end).as_bytes())?;
            self.out.write_all(&piece.as_bytes()[end.len()..])?;
        }
        Ok(())
    }

    /// Bytes kept that end with a whole character.
    fn whole(&self) -> usize {
        match std::str::from_utf8(&self.kept) {
            Err(e) if e.error_len().is_none() => e.valid_up_to(),
            _ => self.kept.len(),
        }
    }
}

impl<W: Write> Write for Harmless<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(LONGEST_LINE)];
        self.kept.extend_from_slice(part);
        let line = self.kept.iter().rposition(|b| *b == b'\n').map(|at| at + 1);
        match line {
            Some(bytes) => self.pass(bytes)?,
            None if self.kept.len() >= LONGEST_LINE => self.pass(self.whole())?,
            None => {}
        }
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(self.whole())?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_direction_marks_are_spelled_out() {
        assert_eq!(sanitised("a\u{1b}[31mb"), "a\\u{1b}[31mb");
        assert_eq!(sanitised("x\u{202e}fdp.exe\n\u{9b}"), "x\\u{202e}fdp.exe\\u{a}\\u{9b}");
        assert_eq!(sanitised("naïve 人事.csv"), "naïve 人事.csv");
    }

    #[test]
    fn text_for_a_terminal_keeps_lines_and_tabs_only() {
        let mut out = Harmless::new(Vec::new());
        for piece in ["one\ttwo\nthr", "ee\u{1b}]0;x\u{7}", "\n\u{e9}"] {
            out.write_all(piece.as_bytes()).unwrap();
        }
        out.flush().unwrap();
        assert_eq!(String::from_utf8(out.out).unwrap(), "one\ttwo\nthree\\u{1b}]0;x\\u{7}\né");
    }

    #[test]
    fn characters_split_over_writes_stay_whole() {
        let text = "é".repeat(LONGEST_LINE) + "\n";
        let mut out = Harmless::new(Vec::new());
        for chunk in text.as_bytes().chunks(7) {
            out.write_all(chunk).unwrap();
        }
        out.flush().unwrap();
        assert_eq!(String::from_utf8(out.out).unwrap(), text);
    }

    #[test]
    fn the_width_is_within_reason() {
        assert!(WIDTHS.contains(&width()));
    }
}
