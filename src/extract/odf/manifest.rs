//! What the list of files says about encryption: it names every encrypted file with its method.
//!
//! Sources: `OpenDocument` 1.3 part 2, sections 3.4.1 and 4 (`manifest:encryption-data`, `manifest:algorithm`,
//! `manifest:key-derivation`); `LibreOffice` since 24.2 puts the whole document into one encrypted file named
//! `encrypted-package`.

use std::collections::HashMap;

use crate::document::DocumentSink;
use crate::event::{Encryption, Tri};
use crate::extract::ooxml::Package;
use crate::extract::ooxml::xml::{Tag, Token, Xml};

const LIST: &str = "META-INF/manifest.xml";
/// Files that are kept of one list.
const MOST_FILES: usize = 1 << 17;
/// Least key length that M.G.L. c. 93H s. 1 calls encryption.
const STATUTORY_BITS: u32 = 128;

/// The encrypted files of a package, by their names in lower case.
#[derive(Default)]
pub(super) struct Locks(HashMap<String, Method>);

/// How one file is encrypted.
#[derive(Clone, Default)]
struct Method {
    algorithm: String,
    key_bytes: Option<u32>,
}

impl Locks {
    /// How the file `name` is encrypted, if it is.
    pub(super) fn of(&self, name: &str) -> Option<Encryption> {
        self.0.get(name).map(Method::encryption)
    }

    /// The encryption of the document as a whole: of its body, or of the package inside the package.
    pub(super) fn whole(&self) -> Option<Encryption> {
        self.of("encrypted-package").or_else(|| self.of("content.xml"))
    }
}

impl Method {
    /// Kind and key length. Blowfish and the older AES take theirs from the key derivation; its default is 16 bytes.
    fn encryption(&self) -> Encryption {
        let name = self.algorithm.to_ascii_lowercase();
        let declared = self.key_bytes.map(|n| n.saturating_mul(8));
        let (kind, bits) = if name.contains("aes") {
            let named = [128, 192, 256].into_iter().find(|bits| name.contains(&format!("aes{bits}")));
            ("odf-aes", named.or(declared))
        } else if name.contains("blowfish") {
            ("odf-blowfish", Some(declared.unwrap_or(128)))
        } else {
            ("odf-unknown", declared)
        };
        let statutory = match bits {
            Some(STATUTORY_BITS..) => Tri::Yes,
            Some(_) => Tri::No,
            None => Tri::Unknown,
        };
        Encryption { kind: kind.into(), bits, statutory }
    }
}

/// Reads the list. A document without one has nothing encrypted.
pub(super) fn read(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> Locks {
    let mut locks = Locks::default();
    if package.has(LIST) {
        package.read(LIST, "list of files", sink, |xml, sink| entries(xml, &mut locks, sink));
    }
    locks
}

fn entries(xml: &mut Xml<'_>, locks: &mut Locks, sink: &mut dyn DocumentSink) {
    let mut file = String::new();
    while !xml.tick() || sink.go_on() {
        match xml.next() {
            Some(Token::Start(tag)) => entry(&tag, &mut file, locks),
            Some(_) => {}
            None => break,
        }
    }
}

fn entry(tag: &Tag<'_>, file: &mut String, locks: &mut Locks) {
    match tag.name() {
        "file-entry" => *file = tag.attribute("full-path").unwrap_or_default().to_ascii_lowercase(),
        "encryption-data" if locks.0.len() < MOST_FILES => {
            locks.0.insert(file.clone(), Method::default());
        }
        "algorithm" => {
            if let Some(method) = locks.0.get_mut(file) {
                method.algorithm = tag.attribute("algorithm-name").unwrap_or_default();
            }
        }
        "key-derivation" => {
            if let Some(method) = locks.0.get_mut(file) {
                method.key_bytes = tag.attribute("key-size").and_then(|n| n.parse().ok());
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bits(algorithm: &str, key_bytes: Option<u32>) -> (String, Option<u32>, Tri) {
        let e = Method { algorithm: algorithm.into(), key_bytes }.encryption();
        (e.kind, e.bits, e.statutory)
    }

    #[test]
    fn key_lengths_come_from_the_algorithm_or_the_derivation() {
        assert_eq!(
            bits("http://www.w3.org/2001/04/xmlenc#aes256-cbc", Some(16)),
            ("odf-aes".into(), Some(256), Tri::Yes)
        );
        assert_eq!(bits("Blowfish CFB", None), ("odf-blowfish".into(), Some(128), Tri::Yes));
        assert_eq!(bits("Blowfish CFB", Some(5)), ("odf-blowfish".into(), Some(40), Tri::No));
        assert_eq!(bits("", None), ("odf-unknown".into(), None, Tri::Unknown));
    }
}
