//! `.jsonl`: the result itself in canonical form; of several results the one they make together.

use std::io::{self, BufWriter, Write};

use super::{Context, Output, Overview, Report};
use crate::event::{Event, Summary};
use crate::result::{Writer, path_lines};

/// Writes the canonical form. Keeps the lines of one path at a time.
pub struct Jsonl {
    writer: Option<Writer<BufWriter<Box<dyn Output>>>>,
    path: Vec<Event>,
    number: u64,
}

impl Jsonl {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Jsonl { writer: Some(Writer::new(BufWriter::new(out))), path: Vec::new(), number: 0 }
    }

    fn write(&mut self, event: &Event) -> io::Result<()> {
        self.writer.as_mut().map_or(Ok(()), |writer| writer.write(event))
    }
}

impl Report for Jsonl {
    fn begin(&mut self, overview: &Overview) -> io::Result<()> {
        self.write(&Event::Run(overview.run.clone()))?;
        overview.volumes.iter().try_for_each(|volume| self.write(&Event::Volume(volume.clone())))
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.path.push(event.clone());
        let settles = match event {
            Event::File(file) => file.member.is_empty(),
            Event::Gap(_) => context.file.is_none(),
            _ => false,
        };
        if !settles {
            return Ok(());
        }
        self.number += u64::from(context.file.is_some());
        let lines = path_lines(std::mem::take(&mut self.path), self.number);
        lines.iter().try_for_each(|line| self.write(line))
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let Some(writer) = self.writer.take() else { return Ok(()) };
        let summary = Summary { elapsed: 0.0, ..overview.summary.clone() };
        let (mut out, _) = writer.finish(summary)?;
        out.flush()
    }
}
