//! Where the lines of a result stand, path by path, so that they can be told in order without being kept.
//!
//! Takes 16 bytes for each line that counts, and the names of paths while it is made.

use std::collections::HashMap;

use crate::event::{Event, PathRef};
use crate::result::seq;

/// A line: the number of its path, and where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    path: u32,
    /// Which result.
    pub input: u32,
    /// Byte at which it begins.
    pub offset: u64,
}

/// Root, path, its id, whether it is a gap, and for gaps what tells two of one place apart: the order of the
/// canonical form.
type Place = (u32, String, String, bool, String);

/// The lines of all paths in order.
pub struct Index {
    lines: Vec<Line>,
    /// The end of each path's lines in `lines`.
    ends: Vec<usize>,
}

/// Collects lines as they are read.
#[derive(Default)]
pub struct Builder {
    places: Vec<Place>,
    lines: Vec<Line>,
    /// Paths by attempt, until they are settled.
    open: HashMap<(u32, u64), u32>,
}

impl Builder {
    /// Takes note of a line that counts; roots must be numbered for the whole already.
    pub fn add(&mut self, input: u32, offset: u64, event: &Event) {
        let path = match (event, seq(event)) {
            (Event::Gap(gap), _) => {
                let apart = format!("{} {}", gap.cause.word(), gap.detail.as_deref().unwrap_or_default());
                self.path(place(&gap.at, true, apart))
            }
            (_, Some(seq)) => self.of_attempt(input, seq),
            _ => return,
        };
        if let Event::File(file) = event
            && file.member.is_empty()
        {
            self.places[path as usize] = place(&file.at, false, String::new());
            self.open.remove(&(input, file.seq));
        }
        self.lines.push(Line { path, input, offset });
    }

    fn of_attempt(&mut self, input: u32, seq: u64) -> u32 {
        if let Some(path) = self.open.get(&(input, seq)) {
            *path
        } else {
            let path = self.path(Place::default());
            self.open.insert((input, seq), path);
            path
        }
    }

    fn path(&mut self, place: Place) -> u32 {
        self.places.push(place);
        self.places.len() as u32 - 1
    }

    /// Puts everything in order.
    pub fn finish(mut self) -> Index {
        let mut order: Vec<u32> = (0..self.places.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.places[*a as usize].cmp(&self.places[*b as usize]));
        let mut rank = vec![0; order.len()];
        for (n, path) in order.iter().zip(0..) {
            rank[*n as usize] = path;
        }
        for line in &mut self.lines {
            line.path = rank[line.path as usize];
        }
        self.lines.sort_unstable();
        let mut ends = Vec::with_capacity(rank.len());
        for (n, line) in self.lines.iter().enumerate() {
            if self.lines.get(n + 1).is_none_or(|next| next.path != line.path) {
                ends.push(n + 1);
            }
        }
        Index { lines: self.lines, ends }
    }
}

impl Index {
    /// How many paths and gaps there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The lines of the path at place `n`, as they came; the one that settles it last.
    pub fn path(&self, n: usize) -> &[Line] {
        let start = n.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.lines[start..self.ends[n]]
    }
}

fn place(at: &PathRef, gap: bool, apart: String) -> Place {
    (at.root, at.path.clone(), at.path_id.clone(), gap, apart)
}
