//! The canonical form: what two scans of the same input have in common.
//!
//! Thread counts, range sizes and interruptions change the order of lines, their `seq` and the numbers of volumes,
//! but not the canonical form. It is itself a result: it can be read, and its digest is that of its own lines.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem::take;

use super::{Settlement, seq};
use crate::coverage::Coverage;
use crate::event::{Event, FileLine, Location, PathRef, Run, Summary, Volume};

/// The canonical form of a result: the lines that count, ordered by root, path, member, location, then type and
/// id; `seq` counts paths from 1, volumes count from 0 by mount; `why` lines stand once, first of their path.
///
/// Blank are: `run_id`, `started`, `elapsed`, `accessed`. `bytes` of the summary becomes the size of all files
/// examined in full or in part, since what was read twice depends on the run; `digest` is that of the new lines.
/// `begin` and `resume` lines are left out.
pub fn canonical(events: Vec<Event>) -> Vec<Event> {
    let mut settlement = Settlement::default();
    for event in &events {
        settlement.add(event);
    }
    let mut sorter = Sorter::default();
    for event in events {
        if settlement.counts(&event) {
            sorter.add(event);
        }
    }
    sorter.finish()
}

/// Sorts lines into the run's own, those of volumes, and those of paths.
#[derive(Default)]
struct Sorter {
    run: Option<Run>,
    summary: Option<Summary>,
    /// Different volumes, in the order met, their id blank.
    volumes: Vec<Volume>,
    /// Where the volume of an id stands, as last said.
    volume_of: HashMap<u32, u32>,
    paths: BTreeMap<Place, Vec<Event>>,
    /// Lines whose path is known only when their `file` line comes.
    whys: HashMap<u64, Vec<Event>>,
}

/// Root, path, its id, and whether it is a gap: those come behind the file of the same path.
type Place = (u32, String, String, bool);

impl Sorter {
    fn add(&mut self, event: Event) {
        match event {
            Event::Run(run) => {
                self.run = Some(Run { run_id: String::new(), started: String::new(), ..run });
            }
            Event::Summary(summary) => self.summary = Some(*summary),
            Event::Volume(volume) => self.volume(volume),
            Event::Why(why) => self.whys.entry(why.seq).or_default().push(Event::Why(why)),
            Event::Gap(gap) => {
                let place = place(&gap.at, true);
                self.paths.entry(place).or_default().push(Event::Gap(gap));
            }
            Event::File(file) => self.file(*file),
            Event::Record(ref record) => self.line(place(&record.at, false), event),
            Event::Element(ref element) => self.line(place(&element.at, false), event),
            Event::Column(ref column) => self.line(place(&column.at, false), event),
            Event::Resume(_) | Event::Begin(_) | Event::Unknown => {}
        }
    }

    fn line(&mut self, place: Place, event: Event) {
        self.paths.entry(place).or_default().push(event);
    }

    fn volume(&mut self, volume: Volume) {
        let id = volume.id;
        let blank = Volume { id: 0, ..volume };
        let known = self.volumes.iter().position(|other| *other == blank);
        let at = known.unwrap_or_else(|| {
            self.volumes.push(blank);
            self.volumes.len() - 1
        });
        self.volume_of.insert(id, at as u32);
    }

    fn file(&mut self, mut file: FileLine) {
        file.volume = file.volume.and_then(|id| self.volume_of.get(&id).copied());
        let whys = if file.member.is_empty() { self.whys.remove(&file.seq) } else { None };
        let lines = self.paths.entry(place(&file.at, false)).or_default();
        lines.extend(whys.into_iter().flatten());
        lines.push(Event::File(Box::new(file)));
    }

    fn finish(mut self) -> Vec<Event> {
        let renumbered = sort_volumes(&mut self.volumes);
        let mut out: Vec<Event> = self.run.take().map(Event::Run).into_iter().collect();
        out.extend(take(&mut self.volumes).into_iter().map(Event::Volume));
        let (mut next, mut bytes) = (0, 0);
        for lines in self.paths.into_values() {
            next += u64::from(lines.iter().any(|line| seq(line).is_some()));
            bytes += lines.iter().map(bytes_of).sum::<u64>();
            out.extend(sorted(lines, next, |id| renumbered.get(id as usize).copied()));
        }
        if let Some(summary) = self.summary {
            let digest = digest(&out);
            out.push(Event::Summary(Box::new(Summary { elapsed: 0.0, bytes, digest, ..summary })));
        }
        out
    }
}

/// Orders volumes by what they are and numbers them anew; gives for each old place the new number.
pub fn sort_volumes(volumes: &mut [Volume]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..volumes.len()).collect();
    let key = |volume: &Volume| serde_json::to_string(volume).unwrap_or_default();
    order.sort_by_cached_key(|&at| (volumes[at].mount.clone(), key(&volumes[at])));
    let mut renumbered = vec![0; order.len()];
    for (&at, id) in order.iter().zip(0..) {
        renumbered[at] = id;
        volumes[at].id = id;
    }
    volumes.sort_by_key(|volume| volume.id);
    renumbered
}

fn place(at: &PathRef, gap: bool) -> Place {
    (at.root, at.path.clone(), at.path_id.clone(), gap)
}

/// Size of a top-level file that was read at least in part; 0 for every other line.
pub fn bytes_of(event: &Event) -> u64 {
    match event {
        Event::File(file) if file.member.is_empty() => match file.coverage {
            Coverage::Examined | Coverage::Partial => file.size,
            Coverage::Encrypted | Coverage::NotExamined => 0,
        },
        _ => 0,
    }
}

/// The lines of one path in canonical form, numbered `number`; volumes must be numbered already.
pub fn path_lines(lines: Vec<Event>, number: u64) -> Vec<Event> {
    sorted(lines, number, Some)
}

/// The lines of one path in order, with their new `seq` and volume.
fn sorted(mut lines: Vec<Event>, number: u64, volume: impl Fn(u32) -> Option<u32>) -> Vec<Event> {
    let mut seen = BTreeSet::new();
    lines.retain(|line| match line {
        Event::Why(why) => seen.insert(why.n.clone()),
        _ => true,
    });
    for line in &mut lines {
        renumber(line, number);
        if let Event::File(file) = line {
            file.accessed = None;
            file.volume = file.volume.and_then(&volume);
            file.gaps.sort_by(|a, b| (a.cause, &a.detail, &a.extent).cmp(&(b.cause, &b.detail, &b.extent)));
        }
    }
    lines.sort_by(order);
    lines
}

/// Reasons first; then member by member its lines by place and its `file` line; the path's own `file` line last.
fn order(a: &Event, b: &Event) -> Ordering {
    let rank = |event: &Event| match event {
        Event::Why(_) => 0,
        Event::File(file) if file.member.is_empty() => 2,
        _ => 1,
    };
    let is_file = |event: &Event| matches!(event, Event::File(_));
    rank(a)
        .cmp(&rank(b))
        .then_with(|| member(a).cmp(member(b)))
        .then_with(|| is_file(a).cmp(&is_file(b)))
        .then_with(|| line_key(a).cmp(&line_key(b)))
}

fn member(event: &Event) -> &[String] {
    match event {
        Event::File(file) => &file.member,
        Event::Record(record) => &record.member,
        Event::Element(element) => &element.member,
        Event::Column(column) => &column.member,
        _ => &[],
    }
}

/// Place, type and id of a line; the last two tell apart what stands in one place.
type LineKey<'a> = (Option<&'a Location>, (Option<&'a str>, u32), &'static str, &'a str, &'a str);

fn line_key(event: &Event) -> LineKey<'_> {
    let nowhere = (None, 0);
    match event {
        Event::Column(c) => (None, (c.table.as_deref(), c.column), "column", c.kind.word(), &c.column_id),
        Event::Element(e) => {
            (Some(&e.element.location), nowhere, "element", e.element.kind.word(), &e.element.id)
        }
        Event::Record(r) => (Some(&r.location), nowhere, "record", &r.id, &r.person.masked),
        Event::Why(why) => (None, nowhere, "why", &why.n, ""),
        Event::Gap(gap) => (None, nowhere, "gap", gap.cause.word(), gap.detail.as_deref().unwrap_or("")),
        Event::File(file) => (None, nowhere, "file", file.member_id.as_deref().unwrap_or(""), &file.format),
        _ => (None, nowhere, "", "", ""),
    }
}

fn renumber(event: &mut Event, number: u64) {
    match event {
        Event::File(file) => file.seq = number,
        Event::Record(record) => record.seq = number,
        Event::Element(element) => element.seq = number,
        Event::Column(column) => column.seq = number,
        Event::Why(why) => why.seq = number,
        _ => {}
    }
}

/// The BLAKE3 of events as lines.
fn digest(events: &[Event]) -> String {
    let mut hasher = blake3::Hasher::new();
    for event in events {
        // A hasher takes everything, and events hold nothing that JSON cannot.
        let _ = serde_json::to_writer(&mut hasher, event);
        hasher.update(b"\n");
    }
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{
        begin, column, file, file_line, gap, loose, record, resume, run, summary, volume, why,
    };
    use super::*;

    /// The lines of a path in one of the orders in which a scan may give them.
    fn path_lines(seq: u64, path: &str, volume: u32, turned: bool) -> Vec<Event> {
        let mut lines = vec![
            why(seq, "b"),
            record(seq, path, 2),
            why(seq, "a"),
            column(seq, path),
            record(seq, path, 1),
            loose(seq, path, 3),
            loose(seq, path, 4),
        ];
        if turned {
            lines.reverse();
            lines.insert(3, why(seq, "a"));
        }
        let volume = Some(volume);
        let member = |name: &str| {
            Event::File(Box::new(FileLine { member: vec![name.into()], volume, ..file_line(seq, path) }))
        };
        let members = ["m", "k"].map(member);
        lines.extend(if turned { members.into_iter().rev().collect::<Vec<_>>() } else { members.into() });
        let accessed = Some(format!("at {seq}"));
        let last = FileLine { accessed, volume, ..file_line(seq, path) };
        lines.push(Event::File(Box::new(last)));
        lines
    }

    fn finished(mut events: Vec<Event>, elapsed: u32) -> Vec<Event> {
        events.push(Event::Summary(Box::new(Summary {
            elapsed: f64::from(elapsed),
            bytes: elapsed.into(),
            ..summary()
        })));
        events
    }

    #[test]
    fn lines_are_ordered_and_blanked() {
        let mut events = vec![run(), volume(5, "/srv"), begin(7, "b")];
        events.extend(path_lines(7, "b", 5, true));
        events.extend([record(8, "c", 1), file(9, "a"), gap("b")]);
        let out = canonical(finished(events, 2));
        let words: Vec<String> = out
            .iter()
            .map(|event| {
                let json = serde_json::to_value(event).unwrap();
                let part = |name: &str| json.get(name).map(ToString::to_string).unwrap_or_default();
                format!("{} {} {} {}", part("event"), part("seq"), part("path"), part("member"))
                    .replace('"', "")
            })
            .collect();
        let expected = [
            "run   ",
            "volume   ",
            "file 1 a []",
            "why 2  ",
            "why 2  ",
            "column 2 b []",
            "record 2 b []",
            "record 2 b []",
            "file 2 b [k]",
            "element 2 b [m]",
            "element 2 b [m]",
            "file 2 b [m]",
            "file 2 b []",
            "gap  b ",
            "summary   ",
        ];
        assert_eq!(words, expected);
        let Some(Event::File(last)) = out.get(12) else { panic!("no file line") };
        assert_eq!((last.volume, &last.accessed), (Some(0), &None));
        let Some(Event::Summary(summary)) = out.last() else { panic!("no summary") };
        assert_eq!((summary.bytes, summary.elapsed.to_bits()), (20, 0));
    }

    #[test]
    fn the_canonical_form_of_itself_is_itself() {
        let mut events = vec![run(), volume(5, "/b"), volume(2, "/a")];
        events.extend(path_lines(1, "x", 5, false));
        events.extend(path_lines(2, "y", 2, true));
        let once = canonical(finished(events, 1));
        assert_eq!(canonical(once.clone()), once);
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None, cases: 64, ..ProptestConfig::default()
        })]

        #[test]
        fn neither_order_nor_interruption_shows(
            order in Just((0..6u32).collect::<Vec<_>>()).prop_shuffle(),
            turned in prop::collection::vec(any::<bool>(), 6),
            stopped_at in 0usize..6,
        ) {
            let name = |n: u32| format!("dir/{n}.csv");
            let mut plain = vec![run(), volume(0, "/a"), volume(1, "/b")];
            for n in 0..6 {
                plain.extend(path_lines(u64::from(n) + 1, &name(n), n % 2, false));
            }
            plain.push(gap("dir/secret"));
            let mut other = vec![run(), gap("dir/secret"), volume(0, "/b"), volume(1, "/a")];
            for (at, &n) in order.iter().enumerate() {
                let seq = 10 * at as u64 + 1;
                if at == stopped_at {
                    let mut lost = path_lines(seq, &name(n), 0, false);
                    lost.pop();
                    other.extend(lost);
                    other.extend([resume(), gap("dir/secret")]);
                }
                other.extend(path_lines(seq + 1, &name(n), 1 - n % 2, turned[at]));
            }
            prop_assert_eq!(canonical(finished(other, 7)), canonical(finished(plain, 3)));
        }
    }
}
