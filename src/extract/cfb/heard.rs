//! A sink that notes whether a reader had anything to say: damage may leave a document that has nothing in it.

use std::io::Read;

use crate::coverage::Cause;
use crate::document::{DocumentSink, Envelope, Object, Place, Row, Sealed};
use crate::event::Encryption;

/// Hands everything on.
pub(super) struct Heard<'s> {
    pub(super) sink: &'s mut dyn DocumentSink,
    /// True once there was text, a member, or proof of encryption.
    pub(super) anything: bool,
}

impl DocumentSink for Heard<'_> {
    fn unit(&mut self, place: Place) {
        self.sink.unit(place);
    }

    fn text(&mut self, place: Place, text: &str) {
        self.anything = true;
        self.sink.text(place, text);
    }

    fn row(&mut self, row: Row) {
        self.anything = true;
        self.sink.row(row);
    }

    fn object(&mut self, object: Object) {
        self.anything = true;
        self.sink.object(object);
    }

    fn envelope(&mut self, envelope: Envelope) {
        self.sink.envelope(envelope);
    }

    fn member(&mut self, name: &str, content: &mut dyn Read) {
        self.anything = true;
        self.sink.member(name, content);
    }

    fn opened_member(&mut self, name: &str, encryption: Encryption, content: &mut dyn Read) {
        self.anything = true;
        self.sink.opened_member(name, encryption, content);
    }

    fn sealed_member(&mut self, name: &str, size: u64, why: Sealed) {
        self.anything = true;
        self.sink.sealed_member(name, size, why);
    }

    fn gap(&mut self, cause: Cause, detail: &str, extent: Option<String>) {
        self.sink.gap(cause, detail, extent);
    }

    fn encrypted(&mut self, encryption: Encryption) {
        self.anything = true;
        self.sink.encrypted(encryption);
    }

    fn opened(&mut self, encryption: Encryption) {
        self.anything = true;
        self.sink.opened(encryption);
    }

    fn go_on(&mut self) -> bool {
        self.sink.go_on()
    }
}
