//! The agile encryption of Office 2010 and later: any hash, AES chained in segments ([MS-OFFCRYPTO] 2.3.4.10 to
//! 2.3.4.15).

use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};

use super::aes::{Aes, BLOCK};
use crate::extract::ooxml::xml::{Tag, Token, Xml};

/// Bytes of a segment.
const SEGMENT: usize = 4096;
/// Rounds of hashing that are tried; Office writes 100,000, the format allows ten million.
const MOST_ROUNDS: u32 = 1_000_000;
/// What is hashed with the password for each of three keys ([MS-OFFCRYPTO] 2.3.4.13).
const FOR_INPUT: [u8; 8] = [0xFE, 0xA7, 0xD2, 0x76, 0x3B, 0x4B, 0x9E, 0x79];
const FOR_HASH: [u8; 8] = [0xD7, 0xAA, 0x0F, 0x6D, 0x30, 0x61, 0x34, 0x4E];
const FOR_KEY: [u8; 8] = [0x14, 0x6E, 0x0B, 0xE7, 0xAB, 0xAC, 0xD0, 0xD6];

#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Hash> {
        Some(match name {
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return None,
        })
    }

    /// Hash of two pieces, one behind the other.
    fn of(self, first: &[u8], second: &[u8]) -> Vec<u8> {
        fn hash<D: Digest>(first: &[u8], second: &[u8]) -> Vec<u8> {
            D::new().chain_update(first).chain_update(second).finalize().to_vec()
        }
        match self {
            Hash::Sha1 => hash::<Sha1>(first, second),
            Hash::Sha256 => hash::<Sha256>(first, second),
            Hash::Sha384 => hash::<Sha384>(first, second),
            Hash::Sha512 => hash::<Sha512>(first, second),
        }
    }
}

/// How something is encrypted: `keyData` for the package, `encryptedKey` for its key.
struct Way {
    salt: Vec<u8>,
    key_bytes: usize,
    hash: Hash,
}

impl Way {
    fn read(tag: &Tag<'_>) -> Option<Way> {
        let [salt, bits, hash, cipher, chaining, block] = tag.attributes([
            "saltValue",
            "keyBits",
            "hashAlgorithm",
            "cipherAlgorithm",
            "cipherChaining",
            "blockSize",
        ]);
        let known = cipher? == "AES" && chaining? == "ChainingModeCBC" && block? == "16";
        let key_bytes = bits?.parse::<usize>().ok()? / 8;
        let way = Way { salt: base64(&salt?), key_bytes, hash: Hash::named(&hash?)? };
        known.then_some(way)
    }
}

/// What the encryption information says.
pub(super) struct Agile {
    content: Way,
    key: Way,
    rounds: u32,
    verifier_input: Vec<u8>,
    verifier_hash: Vec<u8>,
    encrypted_key: Vec<u8>,
}

/// The key of a package that was verified.
pub(super) struct Key<'a> {
    aes: Aes,
    way: &'a Way,
}

impl Agile {
    /// Reads an information of version 4.4; `None` if it is another, or encrypted in a way that is not known.
    pub(super) fn read(info: &[u8]) -> Option<Agile> {
        let mut xml = info.strip_prefix(&[4, 0, 4, 0])?.get(4..)?;
        let mut xml = Xml::new(&mut xml);
        let mut content = None;
        while let Some(token) = xml.next() {
            let Token::Start(tag) = token else { continue };
            match tag.name() {
                "keyData" => content = Way::read(&tag),
                "encryptedKey" if tag.attribute("spinCount").is_some() => {
                    return Agile::with(content?, &tag);
                }
                _ => {}
            }
        }
        None
    }

    fn with(content: Way, tag: &Tag<'_>) -> Option<Agile> {
        let [rounds, input, hash, key] = tag.attributes([
            "spinCount",
            "encryptedVerifierHashInput",
            "encryptedVerifierHashValue",
            "encryptedKeyValue",
        ]);
        let rounds = rounds?.parse().ok().filter(|&rounds| rounds <= MOST_ROUNDS)?;
        Some(Agile {
            content,
            key: Way::read(tag)?,
            rounds,
            verifier_input: base64(&input?),
            verifier_hash: base64(&hash?),
            encrypted_key: base64(&key?),
        })
    }

    /// The key of the package, if this is the password.
    pub(super) fn open(&self, password: &[u8]) -> Option<Key<'_>> {
        let Way { salt, key_bytes, hash } = &self.key;
        let mut hashed = hash.of(salt, password);
        for round in 0..self.rounds {
            hashed = hash.of(&round.to_le_bytes(), &hashed);
        }
        let decrypt = |purpose: &[u8], bytes: &[u8]| {
            let aes = Aes::new(&fitted(hash.of(&hashed, purpose), *key_bytes))?;
            let mut bytes = bytes.to_vec();
            aes.decrypt_chain(start(salt), &mut bytes);
            Some(bytes)
        };
        let mut input = decrypt(&FOR_INPUT, &self.verifier_input)?;
        input.truncate(salt.len());
        let expected = hash.of(&input, &[]);
        let found = decrypt(&FOR_HASH, &self.verifier_hash)?;
        if found.len() < expected.len() || found[..expected.len()] != expected {
            return None;
        }
        let key = decrypt(&FOR_KEY, &self.encrypted_key)?;
        Some(Key { aes: Aes::new(key.get(..self.content.key_bytes)?)?, way: &self.content })
    }
}

impl Key<'_> {
    /// Decrypts a package behind its size, segment by segment.
    pub(super) fn decrypt(&self, package: &mut [u8]) {
        for (number, segment) in (0u32..).zip(super::contents(package).chunks_mut(SEGMENT)) {
            let vector = self.way.hash.of(&self.way.salt, &number.to_le_bytes());
            self.aes.decrypt_chain(start(&vector), segment);
        }
    }
}

/// Cut to this length, or filled up to it.
fn fitted(mut bytes: Vec<u8>, length: usize) -> Vec<u8> {
    const FILL: u8 = 0x36;
    bytes.resize(length.min(64), FILL);
    bytes
}

fn start(bytes: &[u8]) -> [u8; BLOCK] {
    fitted(bytes.to_vec(), BLOCK).try_into().unwrap_or([0; BLOCK])
}

/// Decodes base64; characters that are none of it are passed over.
fn base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        (bits, held) = (bits << 6 | u32::from(value), held + 6);
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    out
}
