//! `.json`: one document with the sums, the coverage statement, and every line path by path.

use std::io::{self, BufWriter, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::coverage::{statement, sums};
use super::{Context, Output, Overview, Report};
use crate::event::Event;

/// Version of the document. Fields may be added to it.
const VERSION: u32 = 1;

/// Writes the document as it comes.
pub struct Json {
    out: BufWriter<Box<dyn Output>>,
    /// True within a path.
    open: bool,
    paths: u64,
}

impl Json {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Json { out: BufWriter::new(out), open: false, paths: 0 }
    }

    fn put(&mut self, value: &impl Serialize) -> io::Result<()> {
        Ok(serde_json::to_writer(&mut self.out, value)?)
    }
}

impl Report for Json {
    fn begin(&mut self, overview: &Overview) -> io::Result<()> {
        self.out.write_all(b"{\"report\":")?;
        self.put(&VERSION)?;
        let sums: serde_json::Map<String, Value> =
            sums(overview).into_iter().map(|(name, n)| (name, n.into())).collect();
        let runs: Vec<Value> = overview
            .runs
            .iter()
            .map(|run| json!({"name": run.name, "run": run.run, "summary": run.summary}))
            .collect();
        for (name, value) in [
            ("coverage", json!(statement(overview))),
            ("sums", Value::Object(sums)),
            ("summary", json!(overview.summary)),
            ("runs", Value::Array(runs)),
            ("roots", json!(overview.run.roots)),
            ("volumes", json!(overview.volumes)),
        ] {
            write!(self.out, ",\n\"{name}\":")?;
            self.put(&value)?;
        }
        self.out.write_all(b",\n\"paths\":[")
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        if self.open {
            self.out.write_all(b",\n")?;
        } else {
            self.out.write_all(if self.paths == 0 { b"\n" } else { b",\n" })?;
            self.out.write_all(b"{\"shown\":")?;
            self.put(&context.shown)?;
            self.out.write_all(b",\"lines\":[\n")?;
            self.paths += 1;
        }
        self.put(event)?;
        self.open = match event {
            Event::File(file) => !file.member.is_empty(),
            _ => context.file.is_some(),
        };
        if self.open { Ok(()) } else { self.out.write_all(b"\n]}") }
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }
}
