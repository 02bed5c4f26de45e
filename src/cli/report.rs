//! `revere report`: reports of results, or a summary on the terminal.

use std::io::{self, Write};

use anyhow::anyhow;

use super::args::Report as Command;
use super::exit::{Exit, Failure};
use super::facts::Facts;
use super::reports::{self, Reports, refused};
use super::terminal::{self, sanitised};
use super::{outs, summary, target};
use crate::event::Event;
use crate::report::{Context, Overview, Report, Results};

/// Runs the command. A reader of the output that has read enough is no failure.
pub fn run(command: &Command) -> Result<Exit, Failure> {
    let outs = outs::parse(&command.out)?;
    target::check(&outs)?;
    let reports = Reports::open_all(&outs)?;
    let mut results = reports::open(&command.results, command.min_confidence.into())?;
    let mut out = anstream::stdout().lock();
    if command.gaps {
        results.tell(&mut Gaps(&mut out)).or_else(quiet_if_closed)?;
    } else if reports.is_empty() {
        let text = summary(&mut results)?;
        out.write_all(text.as_bytes()).or_else(|e| closed(&e))?;
    }
    out.flush().or_else(|e| closed(&e))?;
    drop(out);
    reports.write(&mut results)?;
    Ok(Exit::Complete)
}

/// The summary that the scan would have printed.
fn summary(results: &mut Results) -> Result<String, Failure> {
    let mut gathered = Gathered(Facts::new(results.overview().least));
    results.tell(&mut gathered).map_err(refused)?;
    let overview = results.overview();
    let names: Vec<String> = overview.runs.iter().map(|run| run.name.clone()).collect();
    Ok(summary::render(&gathered.0, &overview.summary, &names, terminal::width()))
}

fn closed(error: &io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Failure::could_not_finish(anyhow!("cannot write to standard output: {error}"))),
    }
}

fn quiet_if_closed(error: crate::report::ReportError) -> Result<(), Failure> {
    match error {
        crate::report::ReportError::Write(error) => closed(&error),
        error => Err(refused(error)),
    }
}

/// Gathers what the summary needs.
struct Gathered(Facts);

impl Report for Gathered {
    fn begin(&mut self, overview: &Overview) -> io::Result<()> {
        self.0.add(&Event::Run(overview.run.clone()));
        Ok(())
    }

    fn line(&mut self, _: &Context<'_>, event: &Event) -> io::Result<()> {
        self.0.add(event);
        Ok(())
    }

    fn finish(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }
}

/// Prints a line for each gap: class, cause, path, details.
struct Gaps<'a>(&'a mut dyn Write);

impl Gaps<'_> {
    fn line(&mut self, gap: &crate::event::Gap, place: &str) -> io::Result<()> {
        let mut text =
            format!("{:<9}  {:<18}  {place}", crate::report::words::class(gap.class), gap.cause.word());
        for part in [&gap.detail, &gap.extent].into_iter().flatten() {
            text.extend([": ", part]);
        }
        writeln!(self.0, "{}", sanitised(&text))
    }
}

impl Report for Gaps<'_> {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        match event {
            Event::File(file) => {
                let place = std::iter::once(context.shown).chain(file.member.iter().map(String::as_str));
                let place = place.collect::<Vec<_>>().join(" › ");
                file.gaps.iter().try_for_each(|gap| self.line(gap, &place))
            }
            Event::Gap(gap) => {
                let whole = crate::event::Gap {
                    cause: gap.cause,
                    class: gap.class,
                    detail: gap.detail.clone(),
                    extent: None,
                };
                self.line(&whole, context.shown)
            }
            _ => Ok(()),
        }
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        for line in crate::report::coverage::statement(overview) {
            writeln!(self.0, "{}", sanitised(&line))?;
        }
        Ok(())
    }
}
