//! What `--out` asks for: a format and a file. The end of the file name decides, or `FORMAT:FILE` does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::beside::is_device;
use super::exit::Failure;
use super::target::is_stdout;
use crate::report::{FORMATS, Format};

/// One `--out`.
#[derive(Clone)]
pub struct Out {
    /// The format.
    pub format: &'static Format,
    /// The file; `-` is standard output.
    pub path: PathBuf,
}

impl Out {
    /// True for the result itself, which is written as the scan goes on.
    pub fn is_stream(&self) -> bool {
        self.format.is_result()
    }

    /// As messages name it.
    pub fn name(&self) -> String {
        if is_stdout(&self.path) { "standard output".to_owned() } else { self.path.display().to_string() }
    }
}

/// Finds the formats.
pub fn parse(given: &[PathBuf]) -> Result<Vec<Out>, Failure> {
    given.iter().map(|path| one(path)).collect()
}

fn one(given: &Path) -> Result<Out, Failure> {
    let bytes = given.as_os_str().as_bytes();
    let colon = bytes.iter().position(|b| *b == b':');
    let prefixed = colon.and_then(|at| {
        let format = Format::by_name(std::str::from_utf8(&bytes[..at]).ok()?)?;
        Some(Out { format, path: PathBuf::from(OsStr::from_bytes(&bytes[at + 1..])) })
    });
    let out = match prefixed {
        Some(out) => out,
        None => Out { format: by_end(given)?, path: given.to_owned() },
    };
    if out.path.as_os_str().is_empty() {
        return Err(Failure::usage(anyhow!("--out {} names no file", given.display())));
    }
    if (is_stdout(&out.path) || is_device(&out.path)) && !out.format.streams {
        return Err(Failure::usage(anyhow!("{} cannot go to {}; name a file", out.format.name, out.name())));
    }
    Ok(out)
}

fn by_end(path: &Path) -> Result<&'static Format, Failure> {
    let name = if is_stdout(path) { Some(".jsonl") } else { path.file_name().and_then(OsStr::to_str) };
    name.and_then(Format::by_end).ok_or_else(|| {
        let ends: Vec<String> = FORMATS.iter().filter_map(|f| Some(format!(".{}", f.extension?))).collect();
        Failure::usage(anyhow!(
            "cannot write {}: no format goes by that name; name a file that ends in {}, or gitlab:FILE",
            path.display(),
            ends.join(", ")
        ))
    })
}

/// The same, and if there are reports but no file for the result itself, a result beside the first report: every
/// report is made from one, and nobody should have to scan again for the next.
pub fn with_stream(mut outs: Vec<Out>) -> Vec<Out> {
    let kept = outs.iter().any(|out| out.is_stream() && !is_stdout(&out.path));
    let report = outs.iter().find(|out| !out.is_stream());
    if let (false, Some(report), Some(format)) = (kept, report, Format::by_name("jsonl")) {
        let beside = if is_stdout(&report.path) { "revere".into() } else { report.path.clone() };
        outs.push(Out { format, path: beside.with_extension("jsonl") });
    }
    outs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(given: &str) -> (&'static str, PathBuf) {
        let out = one(Path::new(given)).unwrap_or_else(|f| panic!("{:#}", f.error));
        (out.format.name, out.path)
    }

    #[test]
    fn the_end_of_the_name_or_a_prefix_decides() {
        assert_eq!(named("a.xml"), ("junit", "a.xml".into()));
        assert_eq!(named("gitlab:gl.json"), ("gitlab", "gl.json".into()));
        assert_eq!(named("csv:-"), ("csv", "-".into()));
        assert_eq!(named("-"), ("jsonl", "-".into()));
        assert_eq!(named("./csv:a.json"), ("json", "./csv:a.json".into()));
        for bad in ["a", "a.html", "csv:", "xlsx:-", "xlsx:/dev/null", "nothing:a.doc"] {
            assert!(one(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_report_alone_gets_a_result_beside_it() {
        let beside = |given: &[&str]| {
            let given: Vec<PathBuf> = given.iter().map(PathBuf::from).collect();
            let outs = with_stream(parse(&given).unwrap_or_default());
            outs.into_iter().map(|out| out.name()).collect::<Vec<_>>()
        };
        assert_eq!(beside(&["x/a.csv"]), ["x/a.csv", "x/a.jsonl"]);
        assert_eq!(beside(&["a.csv", "b.jsonl"]), ["a.csv", "b.jsonl"]);
        assert_eq!(beside(&[]), [""; 0]);
    }
}
