//! The key and the keyed fingerprints made with it.
//!
//! A plain hash of a Social Security number is no protection: there are only about 9 × 10^8 of them. So every id
//! in a result is an HMAC-SHA-256 under a key that stays outside the result. Equal keys give equal ids, which is
//! what lets results of several servers be merged and compared.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::event::{ElementType, Short};

/// Hex digits of an id.
const ID_DIGITS: usize = 32;
/// Hex digits of a key that joins records of one person.
const JOIN_DIGITS: usize = 16;
/// Parts one value of an id from the next; cannot stand in a normalised name.
const UNIT: &[u8] = b"\x1f";

/// The 32 secret bytes. Wiped when dropped; deliberately without `Debug`, `Display` and `Serialize`.
pub struct Key([u8; 32]);

/// Why a key could not be had. Never holds the text that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not 64 characters long, but so many.
    #[error("a key is 64 hexadecimal digits; this has {0} characters")]
    Length(usize),
    /// A character that is no hexadecimal digit.
    #[error("a key is 64 hexadecimal digits; character {0} is none")]
    NotHex(usize),
    /// The system gave no random bytes.
    #[error("the system gave no random bytes for a key")]
    NoRandom,
}

impl Key {
    /// Reads 64 hexadecimal digits of either case; white space around them is allowed.
    ///
    /// # Errors
    /// If there are more, fewer or other characters.
    pub fn from_hex(text: &str) -> Result<Key, KeyError> {
        let digits = text.trim();
        let count = digits.chars().count();
        if count != 64 {
            return Err(KeyError::Length(count));
        }
        let mut key = Key([0; 32]);
        for (at, c) in digits.chars().enumerate() {
            let value = c.to_digit(16).ok_or(KeyError::NotHex(at + 1))?;
            key.0[at / 2] = key.0[at / 2] << 4 | value as u8;
        }
        Ok(key)
    }

    /// Makes a new key from the random source of the system.
    ///
    /// # Errors
    /// If that source fails.
    pub fn random() -> Result<Key, KeyError> {
        let mut key = Key([0; 32]);
        getrandom::fill(&mut key.0).map_err(|_| KeyError::NoRandom)?;
        Ok(key)
    }

    /// The key as 64 hexadecimal digits, for its file. Wiped when dropped.
    pub fn to_hex(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(64));
        for byte in self.0 {
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// The HMAC of a constant: equal keys have equal ids, and the id says nothing about the key.
    pub fn key_id(&self) -> String {
        self.fingerprints().id("key-id", &[b"revere"]).into()
    }

    /// The maker of ids under this key.
    pub fn fingerprints(&self) -> Fingerprints {
        Fingerprints(Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length"))
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Makes keyed ids. Holds the HMAC state after the key, so that an id costs no key set-up; wiped when dropped.
#[derive(Clone)]
pub struct Fingerprints(Hmac<Sha256>);

impl Fingerprints {
    /// Id of a number in its normalised form. A state id shares the licence's type word, since the same number
    /// is often called either.
    pub fn element(&self, kind: ElementType, normalised: &str) -> Short {
        let word = match kind {
            ElementType::StateId => ElementType::DriversLicense.word(),
            other => other.word(),
        };
        self.id(word, &[normalised.as_bytes()])
    }

    /// Id of a person by the normalised last and first name.
    pub fn person(&self, last_key: &str, first_key: &str) -> Short {
        self.id("person", &[last_key.as_bytes(), UNIT, first_key.as_bytes()])
    }

    /// Id of everybody with this normalised last name and first initial.
    pub fn initial(&self, last_key: &str, first_char: char) -> Short {
        let mut buffer = [0; 4];
        let first = first_char.encode_utf8(&mut buffer);
        self.id("person-initial", &[last_key.as_bytes(), UNIT, first.as_bytes()])
    }

    /// Key of a person by name and date of birth (`YYYY-MM-DD`); 16 hex digits.
    pub fn name_dob(&self, last_key: &str, first_key: &str, date: &str) -> Short {
        let value = [last_key.as_bytes(), UNIT, first_key.as_bytes(), UNIT, date.as_bytes()];
        self.hex("name-dob", &value, JOIN_DIGITS)
    }

    /// Key of a person by name, five-digit ZIP code and normalised street; 16 hex digits.
    pub fn name_address(&self, last_key: &str, first_key: &str, zip: &str, street: &str) -> Short {
        let [last, first] = [last_key.as_bytes(), first_key.as_bytes()];
        let value = [last, UNIT, first, UNIT, zip.as_bytes(), UNIT, street.as_bytes()];
        self.hex("name-address", &value, JOIN_DIGITS)
    }

    /// Id of a record: over its element ids, which this sorts, and its person id, parted by 0x1f.
    pub fn record(&self, element_ids: &mut [&str], person_id: &str) -> Short {
        element_ids.sort_unstable();
        let mut value: Vec<&[u8]> = Vec::with_capacity(element_ids.len() * 2 + 1);
        for id in element_ids.iter() {
            value.extend([id.as_bytes(), UNIT]);
        }
        value.push(person_id.as_bytes());
        self.id("record", &value)
    }

    /// Id of a path: over the raw bytes of the path relative to its root.
    pub fn path(&self, raw: &[u8]) -> String {
        self.id("path", &[raw]).into()
    }

    /// Id of a member: over the raw names, outermost first, joined by 0x00.
    pub fn member<N: AsRef<[u8]>>(&self, names: &[N]) -> String {
        let mut value: Vec<&[u8]> = Vec::with_capacity(names.len() * 2);
        for (n, name) in names.iter().enumerate() {
            if n > 0 {
                value.push(b"\0");
            }
            value.push(name.as_ref());
        }
        self.id("member", &value).into()
    }

    /// Id of a table column: over the raw path, table and header, joined by 0x00. For a column of a member,
    /// `path` is the path followed by 0x00 and the member names joined by 0x00.
    pub fn column(&self, path: &[u8], table: &str, header: &str) -> String {
        self.id("column", &[path, b"\0", table.as_bytes(), b"\0", header.as_bytes()]).into()
    }

    /// The key for the keyed BLAKE3 of a file's content. Secret like the key itself.
    pub fn content_key(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.sum([b"content".as_slice()]))
    }

    fn id(&self, word: &str, value: &[&[u8]]) -> Short {
        self.hex(word, value, ID_DIGITS)
    }

    /// HMAC(key, the parts one behind the other).
    fn sum<'p>(&self, parts: impl IntoIterator<Item = &'p [u8]>) -> [u8; 32] {
        let mut mac = self.0.clone();
        parts.into_iter().for_each(|part| mac.update(part));
        mac.finalize().into_bytes().into()
    }

    /// First `digits` hex digits of HMAC(key, word + 0x00 + value).
    fn hex(&self, word: &str, value: &[&[u8]], digits: usize) -> Short {
        let parts = [word.as_bytes(), b"\0"].into_iter().chain(value.iter().copied());
        Short::hex(&self.sum(parts)[..digits / 2])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprints() -> Fingerprints {
        Key::from_hex(&"0f".repeat(32)).unwrap().fingerprints()
    }

    #[test]
    fn a_key_survives_its_hex_form() {
        let text = "00112233445566778899aAbBcCdDeEfF00112233445566778899aabbccddeeff";
        let key = Key::from_hex(&format!("  {text}\n")).unwrap();
        assert_eq!(*key.to_hex(), text.to_lowercase());
        let random = Key::random().unwrap();
        assert_eq!(Key::from_hex(&random.to_hex()).unwrap().key_id(), random.key_id());
        assert_ne!(random.key_id(), key.key_id());
    }

    #[test]
    fn a_refused_key_is_not_repeated() {
        assert_eq!(Key::from_hex("abc").err(), Some(KeyError::Length(3)));
        let bad = format!("{}x", "a".repeat(63));
        let error = Key::from_hex(&bad).err().unwrap();
        assert_eq!(error, KeyError::NotHex(64));
        assert!(!error.to_string().contains("aaa"));
        assert_eq!(Key::from_hex(&"é".repeat(64)).err(), Some(KeyError::NotHex(1)));
    }

    /// The values were computed with Python's `hmac` module.
    #[test]
    fn ids_are_the_hmac_of_the_contract() {
        let f = fingerprints();
        assert_eq!(f.element(ElementType::Ssn, "024613387"), SSN_ID);
        assert_eq!(f.person("HALE", "THOMAS"), PERSON_ID);
        assert_eq!(f.initial("HALE", 'T'), INITIAL_ID);
        assert_eq!(f.name_dob("HALE", "THOMAS", "1980-03-11"), DOB_KEY);
        assert_eq!(f.path(b"a/b.csv"), PATH_ID);
        assert_eq!(f.member(&["a.zip", "b.csv"]), MEMBER_ID);
    }

    #[test]
    fn a_state_id_and_a_licence_of_one_number_have_one_id() {
        let f = fingerprints();
        let licence = f.element(ElementType::DriversLicense, "S12345678");
        assert_eq!(f.element(ElementType::StateId, "S12345678"), licence);
        assert_ne!(f.element(ElementType::BankAccount, "S12345678"), licence);
    }

    #[test]
    fn a_record_id_does_not_depend_on_the_order_of_its_elements() {
        let f = fingerprints();
        assert_eq!(f.record(&mut ["b", "a"], "p"), f.record(&mut ["a", "b"], "p"));
        assert_ne!(f.record(&mut ["a"], "p"), f.record(&mut ["a", "b"], "p"));
    }

    #[test]
    fn values_cannot_slide_from_one_part_into_the_next() {
        let f = fingerprints();
        assert_ne!(f.person("HALET", "HOMAS"), f.person("HALE", "THOMAS"));
        assert_ne!(f.column(b"p", "ab", "c"), f.column(b"p", "a", "bc"));
        assert_ne!(f.member(&["ab", "c"]), f.member(&["a", "bc"]));
        assert_ne!(*f.content_key(), [0; 32]);
    }

    const SSN_ID: &str = "ce1726943fce2146a852254293bc4442";
    const PERSON_ID: &str = "55efff55ad3fd4aa3b513d3a4d40e29e";
    const INITIAL_ID: &str = "8bea845c4785653382a3df15b82ebd97";
    const DOB_KEY: &str = "dbece320b03124ed";
    const PATH_ID: &str = "ec68066713a014107b932203316124d2";
    const MEMBER_ID: &str = "9716a9f11ad7020a4b1959c327d8a7bf";
}
