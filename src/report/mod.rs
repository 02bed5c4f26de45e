//! Reports: everything that is made of results after the scan.
//!
//! A report is computed from result streams alone ([`Results`]), so nothing is scanned again and nothing raw can be
//! in it. The one surprising rule: every report, of whatever format, says what was *not* examined; a file that could
//! not be read is not a file with nothing in it. A new format is one file here and one line in [`FORMATS`].

pub mod book;
pub mod cell;
pub mod coverage;
mod csv;
mod error;
mod gitlab;
pub mod group;
mod index;
mod json;
mod jsonl;
mod junit;
mod merge;
mod overview;
mod results;
mod rows;
mod rule;
mod sarif;
mod survey;
pub mod words;
mod xlsx;

#[cfg(test)]
mod tests;

use std::io::{self, Seek, Write};

pub use error::ReportError;
pub use overview::{Overview, RunFacts};
pub use results::{Results, Source};
pub use rows::whole;

use crate::event::{Event, FileLine};
use crate::result::packed::Packed;

/// Where a report goes.
pub trait Output: Write + Seek + Send {}
impl<T: Write + Seek + Send> Output for T {}

/// What receives a result line by line: path by path in the order of their names, the lines of a path together,
/// its own `file` line last.
pub trait Report {
    /// What holds for the whole; comes first.
    ///
    /// # Errors
    /// If the target cannot be written; so for all three.
    fn begin(&mut self, overview: &Overview) -> io::Result<()>;

    /// A line.
    ///
    /// # Errors
    /// As [`Report::begin`].
    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()>;

    /// Comes last; everything must be written then.
    ///
    /// # Errors
    /// As [`Report::begin`].
    fn finish(&mut self, overview: &Overview) -> io::Result<()>;
}

/// What goes with a line.
pub struct Context<'a> {
    /// What holds for the whole.
    pub overview: &'a Overview,
    /// The line that settles its path; `None` for a `gap` line, which belongs to no file.
    pub file: Option<&'a FileLine>,
    /// The path as shown: with its root if there are several.
    pub shown: &'a str,
}

/// A format of reports.
pub struct Format {
    /// Its name, for `NAME:FILE`.
    pub name: &'static str,
    /// The end of file names that mean it, without the dot; none where a name never decides.
    pub extension: Option<&'static str>,
    /// What it is, for lists.
    pub about: &'static str,
    /// True if it can be written without going back in the target, as on standard output.
    pub streams: bool,
    make: fn(Box<dyn Output>) -> Box<dyn Report>,
}

impl Format {
    /// A report of this format into `out`.
    pub fn report(&self, out: Box<dyn Output>) -> Box<dyn Report> {
        (self.make)(out)
    }

    /// The format of this name.
    pub fn by_name(name: &str) -> Option<&'static Format> {
        FORMATS.iter().find(|format| format.name == name)
    }

    /// The format that a file name asks for by its end.
    pub fn by_end(name: &str) -> Option<&'static Format> {
        let ends = |end: &str| name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.'));
        FORMATS.iter().find(|format| format.extension.is_some_and(ends))
    }

    /// True for the result itself, packed or not.
    pub fn is_result(&self) -> bool {
        self.name == "jsonl" || self.is_packed()
    }

    /// True for the result itself if it is packed.
    pub fn is_packed(&self) -> bool {
        self.name == "jsonl.zst"
    }
}

/// All formats. A new one is one line here.
pub const FORMATS: &[Format] = &[
    Format {
        name: "jsonl",
        extension: Some("jsonl"),
        about: "the result itself, one JSON object a line",
        streams: true,
        make: |out| Box::new(jsonl::Jsonl::new(out)),
    },
    Format {
        name: "jsonl.zst",
        extension: Some("jsonl.zst"),
        about: "the same, packed (Zstandard)",
        streams: false,
        make: |out| Box::new(jsonl::Jsonl::new(Box::new(Packed(out)))),
    },
    Format {
        name: "json",
        extension: Some("json"),
        about: "one JSON document, path by path",
        streams: true,
        make: |out| Box::new(json::Json::new(out)),
    },
    Format {
        name: "csv",
        extension: Some("csv"),
        about: "a table of records, numbers and gaps",
        streams: true,
        make: |out| Box::new(csv::Csv::new(out)),
    },
    Format {
        name: "xlsx",
        extension: Some("xlsx"),
        about: "a workbook: summary, files, records, numbers, gaps",
        streams: false,
        make: |out| Box::new(xlsx::Xlsx::new(out)),
    },
    Format {
        name: "sarif",
        extension: Some("sarif"),
        about: "SARIF 2.1.0, for code scanning",
        streams: true,
        make: |out| Box::new(sarif::Sarif::new(out)),
    },
    Format {
        name: "junit",
        extension: Some("xml"),
        about: "JUnit XML, for test reports of CI systems",
        streams: true,
        make: |out| Box::new(junit::Junit::new(out)),
    },
    Format {
        name: "gitlab",
        extension: None,
        about: "GitLab security report (SAST)",
        streams: true,
        make: |out| Box::new(gitlab::Gitlab::new(out)),
    },
];

/// Several reports at once, so that a result is read once for all.
pub struct Several(pub Vec<Box<dyn Report>>);

impl Report for Several {
    fn begin(&mut self, overview: &Overview) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|report| report.begin(overview))
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|report| report.line(context, event))
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|report| report.finish(overview))
    }
}
