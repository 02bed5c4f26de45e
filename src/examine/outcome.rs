//! What became of one file or member.

use super::shared::Waiting;
use super::tap::Tap;
use crate::coverage::{Cause, Class, Coverage};
use crate::event::{Encryption, FileLine, Gap, MemberCount, PathRef, Residents};
use crate::scan::record::{Counts, Origin};

/// Gaps of one cause that are listed one by one; more are summed up.
const GAPS: usize = 20;

/// The hint that a password may be known.
pub const NOTE: &str = "password-note";

/// Collects gaps and members of a node.
pub struct Outcome {
    pub(super) format: &'static str,
    pub(super) size: u64,
    pub(super) encryption: Option<Encryption>,
    /// True if the encryption was opened with a password.
    pub(super) opened: bool,
    /// True once a text of this message spoke of a password.
    pub(super) note: bool,
    gaps: Vec<Gap>,
    more_gaps: u64,
    read: bool,
    members: MemberCount,
    members_encrypted: u64,
    members_lacking: u64,
    /// Members whose line waits for what others hold, by their numbers.
    pub(super) waiting: Vec<Waiting>,
}

impl Outcome {
    pub(super) fn new(size: u64) -> Self {
        Outcome {
            format: "data",
            size,
            encryption: None,
            opened: false,
            note: false,
            gaps: Vec::new(),
            more_gaps: 0,
            read: false,
            members: MemberCount::default(),
            members_encrypted: 0,
            members_lacking: 0,
            waiting: Vec::new(),
        }
    }

    /// Something was read.
    pub(super) fn read(&mut self) {
        self.read = true;
    }

    pub(super) fn nothing_read(&self) -> bool {
        !self.read && self.members.met == 0
    }

    /// True if nothing is known of the node but that it holds no text. A document that was recognised and read to its
    /// end without a gap is known to be empty.
    pub(super) fn is_opaque(&self) -> bool {
        let recognised = !matches!(self.format, "empty" | "data" | "zip" | "ole2");
        let read_whole = self.gaps.is_empty() && recognised;
        self.encryption.is_none()
            && !read_whole
            && self.gaps.iter().all(|g| g.cause == Cause::OpaqueData)
            && self.format != "text"
    }

    pub(super) fn gap(&mut self, gap: Gap) {
        let same = self.gaps.iter().filter(|g| g.cause == gap.cause).count();
        if self.gaps.contains(&gap) {
            return;
        }
        if same < GAPS { self.gaps.push(gap) } else { self.more_gaps += 1 }
    }

    /// Adds the gap of a stream that was stopped: that it ends early is no damage.
    pub(super) fn stopped(&mut self, gap: Gap) {
        self.gaps.retain(|g| g.cause != Cause::Damaged);
        self.gap(gap);
    }

    /// Puts one gap in the place of all others.
    pub(super) fn instead(&mut self, gap: Gap) {
        self.gaps = vec![gap];
    }

    pub(super) fn met(&mut self) {
        self.members.met += 1;
    }

    /// How many members were met so far: the number of the one in hand.
    pub(super) fn members_met(&self) -> u64 {
        self.members.met
    }

    pub(super) fn settled(&mut self, line: &FileLine) {
        self.members.settled += 1;
        let by_nature = line.gaps.iter().all(|g| g.class != Class::Failed);
        match line.coverage {
            Coverage::Examined => {}
            Coverage::Encrypted => self.members_encrypted += 1,
            _ if by_nature && line.encryption.is_none() => {}
            _ => self.members_lacking += 1,
        }
    }

    /// Tells the tap what is missing.
    pub(super) fn tell(&self, tap: &mut dyn Tap) {
        if let Some(encryption) = &self.encryption {
            tap.encrypted(&encryption.kind);
        }
        self.gaps.iter().for_each(|g| tap.gap(g));
    }

    fn coverage(&self) -> Coverage {
        let members = self.members.settled;
        let sealed = self.encryption.is_some() && !self.opened;
        // A message whose own text was read is no encrypted one because its attachment is.
        let all_sealed = members > 0 && self.members_encrypted == members;
        if !self.read && (sealed && members == 0 || all_sealed) {
            return Coverage::Encrypted;
        }
        let lacking = self.members_encrypted + self.members_lacking > 0;
        match (self.gaps.is_empty() && !sealed, self.read || members > 0) {
            (true, _) if lacking => Coverage::Partial,
            (true, _) => Coverage::Examined,
            (false, true) => Coverage::Partial,
            (false, false) => Coverage::NotExamined,
        }
    }

    /// The line of the node.
    pub(super) fn line(
        mut self,
        origin: &Origin,
        member_id: Option<String>,
        counts: &Counts,
        residents: Residents,
    ) -> FileLine {
        if self.more_gaps > 0
            && let Some(last) = self.gaps.last_mut()
        {
            last.extent = Some(format!("and {} more", self.more_gaps));
        }
        let coverage = self.coverage();
        FileLine {
            member: origin.member.clone(),
            member_id,
            gaps: self.gaps,
            encryption: self.encryption,
            records: counts.records,
            elements: counts.elements.clone(),
            residents,
            rejected: counts.rejected,
            members: (self.members.met > 0).then_some(self.members),
            hints: if self.note && self.members_encrypted > 0 { vec![NOTE.to_owned()] } else { Vec::new() },
            ..FileLine::bare(origin.seq, PathRef::clone(&origin.at), self.format, self.size, coverage)
        }
    }
}

/// Adds a gap to a finished line and corrects its coverage.
pub(super) fn add_gap(line: &mut FileLine, gap: Gap) {
    line.coverage = match line.coverage {
        Coverage::Examined if line.size > 0 => Coverage::Partial,
        Coverage::Examined => Coverage::NotExamined,
        other => other,
    };
    if line.coverage == Coverage::NotExamined {
        // "No text in it" is not what stopped us.
        line.gaps.retain(|g| g.class == Class::Failed);
    }
    line.gaps.push(gap);
}
