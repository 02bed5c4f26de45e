//! Sees the raw text that the scanner sees: the command `text`, and nothing else.

use crate::document::Place;
use crate::event::Gap;

/// Receives raw text in reading order.
pub trait Tap {
    /// A file or member begins: names of members, outermost first, and its format.
    fn node(&mut self, members: &[String], format: &str);
    /// A unit begins (page, sheet, message …).
    fn unit(&mut self, place: &Place);
    /// A paragraph, line, row (cells joined by tabs) or field (`key: value`).
    fn line(&mut self, text: &str);
    /// Something is missing.
    fn gap(&mut self, gap: &Gap);
    /// The node is encrypted.
    fn encrypted(&mut self, kind: &str);
}
