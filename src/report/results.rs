//! Results opened for reporting: checked, added up, and told line by line.
//!
//! A result is read three times: to see whether it is whole, to add it up and note where its lines stand, and to
//! tell it. Memory holds 16 bytes a line and what distinct people need, never the lines.

use std::collections::HashMap;
use std::fmt::Debug;
use std::io::{BufRead, BufReader, Read, Seek};

use super::index::{Builder, Index, Line};
use super::merge::{self, Volumes};
use super::survey::{Survey, survey};
use super::words::shown;
use super::{Context, Overview, Report, ReportError, RunFacts};
use crate::event::{Confidence, ElementClass, Event, PathRef, Record, Summary};
use crate::flat;
use crate::result::{Opener, Reader, ResultError, Tally, bytes_of, parse_event};

/// Bytes read at a time.
const BUFFER: usize = 1 << 18;

/// Bytes that can be read more than once.
pub trait Content: Read + Seek {}
impl<T: Read + Seek> Content for T {}

/// A result to report on.
pub struct Source {
    /// As the user named it.
    pub name: String,
    /// Its lines.
    pub content: Box<dyn Content>,
}

/// Decides whether a record is reported.
pub type Keep = Box<dyn Fn(&Record) -> bool>;

/// Results that belong together.
pub struct Results {
    inputs: Vec<Input>,
    overview: Overview,
    index: Index,
    volumes: HashMap<(usize, u32), u32>,
    keep: Option<Keep>,
}

struct Input {
    name: String,
    content: BufReader<Box<dyn Content>>,
    /// Where `content` stands.
    at: u64,
    roots: Vec<u32>,
    line: Vec<u8>,
}

impl Results {
    /// Opens results, checks each and whether they go together, and adds them up. `least` is the least level that
    /// verdicts and views show.
    ///
    /// # Errors
    /// [`ReportError`] names the file and line that is wrong.
    pub fn open(sources: Vec<Source>, least: Confidence, aside: Opener) -> Result<Self, ReportError> {
        let (mut inputs, mut surveys) = (Vec::new(), Vec::<Survey>::new());
        for source in sources {
            let mut input = Input::new(source);
            let survey = survey(&input.name, &mut input.content)?;
            if let Some(first) = surveys.first() {
                merge::check(&input.name, &survey.run, &inputs_name(&inputs), &first.run)?;
            }
            surveys.push(survey);
            inputs.push(input);
        }
        let runs: Vec<_> = surveys.iter().map(|survey| &survey.run).collect();
        let (run, roots) = merge::runs(&runs);
        for (input, roots) in inputs.iter_mut().zip(roots) {
            input.roots = roots;
        }
        let mut sums = Sums { several: inputs.len() > 1, tally: Tally::with_aside(aside), ..Sums::default() };
        for (n, (input, survey)) in inputs.iter_mut().zip(&mut surveys).enumerate() {
            sums.input(n, input, survey)?;
        }
        let names = inputs.iter().map(|input| input.name.clone());
        let runs: Vec<RunFacts> = names
            .zip(surveys)
            .map(|(name, survey)| RunFacts { name, run: survey.run, summary: survey.summary })
            .collect();
        let summary = sums.summary(&runs);
        let (volumes, numbers) = sums.volumes.finish();
        let overview = Overview { runs, run, volumes, summary, loose: sums.loose, least, accepted: None };
        Ok(Results { inputs, overview, index: sums.index.finish(), volumes: numbers, keep: None })
    }

    /// What holds for the whole.
    pub fn overview(&self) -> &Overview {
        &self.overview
    }

    /// From now on only records that `keep` picks are told, and no numbers without a name; `accepted` records were
    /// left out.
    pub fn only(&mut self, keep: Keep, accepted: u64) {
        self.keep = Some(keep);
        self.overview.accepted = Some(accepted);
    }

    /// Tells everything to a report. Can be done again.
    ///
    /// # Errors
    /// If a result was altered meanwhile, or the report cannot be written.
    pub fn tell(&mut self, report: &mut dyn Report) -> Result<(), ReportError> {
        report.begin(&self.overview).map_err(ReportError::Write)?;
        let mut seq = 0;
        for n in 0..self.index.len() {
            let lines = self.index.path(n);
            let Some((last, others)) = lines.split_last() else { continue };
            let settling = self.inputs[last.input as usize].read(last, 0, &self.volumes)?;
            seq += u64::from(matches!(settling, Event::File(_)));
            let mut settling = settling;
            merge::renumber(&mut settling, seq, &[], Some);
            let (file, at): (_, &PathRef) = match &settling {
                Event::File(file) => (Some(&**file), &file.at),
                Event::Gap(gap) => (None, &gap.at),
                _ => return Err(self.inputs[last.input as usize].changed()),
            };
            let shown = shown(&self.overview.run.roots, at);
            let context = Context { overview: &self.overview, file, shown: &shown };
            for line in others {
                let event = self.inputs[line.input as usize].read(line, seq, &self.volumes)?;
                if keeps(self.keep.as_ref(), &event) {
                    report.line(&context, &event).map_err(ReportError::Write)?;
                }
            }
            report.line(&context, &settling).map_err(ReportError::Write)?;
        }
        report.finish(&self.overview).map_err(ReportError::Write)
    }
}

fn keeps(keep: Option<&Keep>, event: &Event) -> bool {
    match (keep, event) {
        (None, _) | (Some(_), Event::File(_)) => true,
        (Some(keep), Event::Record(record)) => keep(record),
        (Some(_), _) => false,
    }
}

fn inputs_name(inputs: &[Input]) -> String {
    inputs.first().map(|input| input.name.clone()).unwrap_or_default()
}

impl Input {
    fn new(source: Source) -> Self {
        let content = BufReader::with_capacity(BUFFER, source.content);
        Input { name: source.name, content, at: 0, roots: Vec::new(), line: Vec::new() }
    }

    fn changed(&self) -> ReportError {
        ReportError::Changed { name: self.name.clone() }
    }

    /// Reads a line again.
    fn read(
        &mut self,
        line: &Line,
        seq: u64,
        volumes: &HashMap<(usize, u32), u32>,
    ) -> Result<Event, ReportError> {
        let far = i64::try_from(line.offset).ok().zip(i64::try_from(self.at).ok()).map(|(to, at)| to - at);
        let moved = far.map(|far| self.content.seek_relative(far));
        self.line.clear();
        let read = self.content.read_until(b'\n', &mut self.line);
        let (Some(Ok(())), Ok(read)) = (moved, read) else { return Err(self.changed()) };
        self.at = line.offset + read as u64;
        let mut event = parse_event(&self.line).map_err(|_| self.changed())?;
        let input = line.input as usize;
        merge::renumber(&mut event, seq, &self.roots, |old| volumes.get(&(input, old)).copied());
        Ok(event)
    }
}

/// Adds results up.
#[derive(Default)]
struct Sums {
    several: bool,
    index: Builder,
    volumes: Volumes,
    /// Over all results; where there is one, that one.
    tally: Tally,
    loose: u64,
    bytes: u64,
    /// The result that holds a path, by the hash of both its names.
    holders: HashMap<u64, usize>,
    names: Vec<String>,
}

impl Sums {
    /// The second reading of a result.
    fn input(&mut self, n: usize, input: &mut Input, survey: &mut Survey) -> Result<(), ReportError> {
        let failed = |why| ReportError::Line { name: input.name.clone(), why };
        input.content.rewind().map_err(|source| failed(ResultError::Io { line: 1, source }))?;
        self.names.push(input.name.clone());
        let mut own = Tally::new();
        let mut reader = Reader::new(&mut input.content);
        loop {
            let offset = reader.bytes();
            let Some(event) = reader.next().transpose().map_err(failed)? else { break };
            if !survey.settlement.counts(&event) {
                continue;
            }
            let line = reader.line();
            self.count(n, line, offset, event, &input.roots, &mut own)?;
        }
        input.at = reader.bytes();
        // What is behind the buffer's place is not known after a reader: the next reading starts from there.
        let bytes = reader.bytes();
        drop(reader);
        input.at = input.content.stream_position().unwrap_or(bytes);
        agree(&input.name, survey, &own.summary(0.0, false, survey.summary.files.met))
    }

    fn count(
        &mut self,
        n: usize,
        line: u64,
        offset: u64,
        mut event: Event,
        roots: &[u32],
        own: &mut Tally,
    ) -> Result<(), ReportError> {
        own.add(&event);
        let seq = crate::result::seq(&event).unwrap_or(0);
        merge::renumber(&mut event, seq, roots, Some);
        self.index.add(n as u32, offset, &event);
        self.bytes += bytes_of(&event);
        match &event {
            Event::Volume(volume) => self.volumes.add(n, volume),
            Event::Element(e) if e.element.class == ElementClass::Pi => self.loose += 1,
            Event::File(file) if file.member.is_empty() => self.once(n, line, &file.at)?,
            _ => {}
        }
        // Attempts of several results must not meet.
        merge::renumber(&mut event, seq.wrapping_mul(1 << 12).wrapping_add(n as u64), &[], Some);
        self.tally.add(&event);
        Ok(())
    }

    /// A path that two results hold would be counted twice.
    fn once(&mut self, n: usize, line: u64, at: &PathRef) -> Result<(), ReportError> {
        if !self.several {
            return Ok(());
        }
        let before = self.holders.insert(flat::hash(u64::from(at.root), at.path_id.as_bytes()), n);
        match before.filter(|other| *other != n) {
            None => Ok(()),
            Some(other) => Err(ReportError::Twice {
                name: self.names[n].clone(),
                line,
                other: self.names[other].clone(),
                path: at.path.clone(),
            }),
        }
    }

    fn summary(&self, runs: &[RunFacts]) -> Summary {
        let met = runs.iter().map(|run| run.summary.files.met).sum();
        let interrupted = runs.iter().any(|run| run.summary.interrupted);
        let complete = runs.iter().all(|run| run.summary.complete);
        let elapsed = runs.iter().map(|run| run.summary.elapsed).sum();
        let summary = self.tally.summary(elapsed, interrupted, met);
        Summary { complete, bytes: self.bytes, ..summary }
    }
}

/// Holds the sums of a summary against those of the lines.
fn agree(name: &str, survey: &Survey, counted: &Summary) -> Result<(), ReportError> {
    let said = &survey.summary;
    let differs = |what: &str, said: &dyn Debug, counted: &dyn Debug| {
        Err(ReportError::Sums {
            name: name.to_owned(),
            line: survey.lines,
            what: what.to_owned(),
            said: format!("{said:?}"),
            counted: format!("{counted:?}"),
        })
    };
    for (what, said, counted) in
        [("files", &said.files, &counted.files), ("members", &said.members, &counted.members)]
    {
        for (coverage, n) in &counted.by_coverage {
            let of = said.by_coverage.get(coverage).copied().unwrap_or(0);
            if of != *n {
                return differs(&format!("{what} {}", super::words::coverage(*coverage)), &of, n);
            }
        }
    }
    let settled: u64 = counted.files.by_coverage.values().sum();
    if said.complete && said.files.met != settled {
        return differs("files met", &said.files.met, &settled);
    }
    for cause in said.gaps.keys().chain(counted.gaps.keys()) {
        let of = |summary: &Summary| summary.gaps.get(cause).copied().unwrap_or(0);
        if of(said) != of(counted) {
            return differs(&format!("gaps {}", cause.word()), &of(said), &of(counted));
        }
    }
    for (what, said, counted) in [
        ("records high", said.records.high, counted.records.high),
        ("records medium", said.records.medium, counted.records.medium),
        ("records low", said.records.low, counted.records.low),
    ] {
        if said != counted {
            return differs(what, &said, &counted);
        }
    }
    Ok(())
}
