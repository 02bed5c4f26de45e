//! Finds numbers in text and cells and scores them; does no I/O and knows no files.
//!
//! Cheapest first: digit groups, then shape and validator, then labels. Points add up with their reasons
//! (`docs/DETECTION.md`); a reject rule ends a reading, a negative word caps it but never deletes it.

pub mod cell;
pub mod envelope;
pub mod group;
pub mod hot;
pub mod label_context;
pub mod layout;
pub mod licence;
pub mod message;
pub mod reading;
pub mod refuse;
pub mod reject;
pub mod related;
pub mod score;
pub mod text;

use std::ops::Range;

use crate::event::{ElementClass, ElementType};
pub use reject::{Reject, Rejects};
pub use score::Score;

/// A number that passed its validator, with its points so far. Holds a raw value: no `Debug`, no `Serialize`.
#[derive(Clone)]
pub struct Candidate {
    /// Where it stands in the text or cell, in bytes.
    pub span: Range<usize>,
    /// What it is read as.
    pub kind: ElementType,
    /// The value in the normal form of its fingerprint.
    pub value: String,
    /// How it is written or who issued it: `visa`, `lost-zero`, `ma-s8` …
    pub variant: Option<String>,
    /// Issuing state of a licence.
    pub state: Option<[u8; 2]>,
    /// Whether it counts.
    pub class: ElementClass,
    /// Points and reasons.
    pub score: Score,
}

impl Candidate {
    /// A reading with its first points.
    #[must_use]
    pub fn new(span: Range<usize>, kind: ElementType, value: String, score: Score) -> Self {
        Candidate { span, kind, value, variant: None, state: None, class: ElementClass::Pi, score }
    }
}
