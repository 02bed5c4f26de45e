//! The encryptions of Office 97 to 2003: RC4 with 40 bits, RC4 by `CryptoAPI`, and the obfuscation by XOR
//! ([MS-OFFCRYPTO] 2.3.5 to 2.3.7).

use md5::Md5;
use sha1::{Digest, Sha1};

use super::rc4::Rc4;
use super::{Opened, passwords, utf_16};
use crate::extract::xls::record::{u16_at, u32_at};

/// Bytes after which the key of a workbook changes ([MS-XLS] 2.2.10).
pub(crate) const WORKBOOK_BLOCK: usize = 1024;

/// A key that was verified.
pub(crate) enum Key {
    /// RC4 with 40 bits.
    Rc4([u8; 5]),
    /// RC4 by `CryptoAPI`: a hash of the password, and how many bytes of a hash with the number of a block are used.
    CryptoApi([u8; 20], usize),
    /// What is combined with each byte, by its place.
    Xor([u8; 16]),
}

impl Key {
    /// The stream for the block `number`; `None` for XOR, which has none.
    fn block(&self, number: u32) -> Option<Rc4> {
        let number = number.to_le_bytes();
        match self {
            Key::Rc4(start) => {
                Some(Rc4::new(&Md5::new().chain_update(start).chain_update(number).finalize()))
            }
            Key::CryptoApi(start, used) => {
                let mut key = Sha1::new().chain_update(start).chain_update(number).finalize();
                // 40 bits are filled up with zeros to 128.
                let used = if *used == 5 {
                    key[5..].fill(0);
                    16
                } else {
                    *used
                };
                Some(Rc4::new(key.get(..used)?))
            }
            Key::Xor(_) => None,
        }
    }

    /// Decrypts a stream whose key changes after each `block` bytes, counted from `first`. XOR leaves it as it is.
    pub(crate) fn decrypt(&self, bytes: &mut [u8], block: usize, first: u32) {
        for (number, bytes) in (first..).zip(bytes.chunks_mut(block.max(1))) {
            if let Some(mut stream) = self.block(number) {
                stream.apply(bytes);
            }
        }
    }
}

/// The key of an information that begins with its version, as Word and `PowerPoint` have it; 1.1 is RC4 with 40 bits,
/// x.2 goes through `CryptoAPI`.
pub(crate) fn open(info: &[u8], of_user: &[String], go_on: &mut dyn FnMut() -> bool) -> Option<Opened<Key>> {
    trial(of_user, go_on, |password| match (u16_at(info, 0)?, u16_at(info, 2)?) {
        (1, 1) => rc4(info, &utf_16(password)),
        (2..=4, 2) => crypto_api(info, &utf_16(password)),
        _ => None,
    })
}

/// The key of the data of a `FilePass` record ([MS-XLS] 2.4.117); those of version 5 and earlier have four bytes.
pub(crate) fn open_workbook(
    data: &[u8],
    of_user: &[String],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Opened<Key>> {
    if data.len() > 4 && u16_at(data, 0) != Some(0) {
        return open(data.get(2..)?, of_user, go_on);
    }
    let data = if data.len() > 4 { data.get(2..)? } else { data };
    let (key, verifier) = (u16_at(data, 0)?, u16_at(data, 2)?);
    trial(of_user, go_on, |password| xor(key, verifier, password))
}

fn trial(
    of_user: &[String],
    go_on: &mut dyn FnMut() -> bool,
    opens: impl Fn(&str) -> Option<Key>,
) -> Option<Opened<Key>> {
    let mut tried = passwords(of_user).take_while(|_| go_on());
    tried.find_map(|(password, by_user)| Some(Opened { what: opens(password)?, by_user }))
}

/// [MS-OFFCRYPTO] 2.3.6: after the version stand salt, verifier and its hash, 16 bytes each.
fn rc4(info: &[u8], password: &[u8]) -> Option<Key> {
    let salt = info.get(4..20)?;
    let hash = Md5::digest(password);
    let mut hashed = Md5::new();
    for _ in 0..16 {
        hashed.update(&hash[..5]);
        hashed.update(salt);
    }
    let key = Key::Rc4(hashed.finalize()[..5].try_into().ok()?);
    let mut verifier = info.get(20..52)?.to_vec();
    key.block(0)?.apply(&mut verifier);
    (Md5::digest(&verifier[..16])[..] == verifier[16..]).then_some(key)
}

/// [MS-OFFCRYPTO] 2.3.5: after version, flags and the size of the header come the header, with the size of the key
/// as its fifth word, and the verifier: size of the salt, salt, verifier, size of its hash, hash.
fn crypto_api(info: &[u8], password: &[u8]) -> Option<Key> {
    let used = match u32_at(info, 28)? {
        0 => 5,
        bits @ 40..=128 => bits as usize / 8,
        _ => return None,
    };
    let rest = info.get(12..)?.get(u32_at(info, 8)? as usize..)?;
    let hash = Sha1::new().chain_update(rest.get(4..20)?).chain_update(password).finalize();
    let key = Key::CryptoApi(hash.into(), used);
    let mut stream = key.block(0)?;
    let (mut verifier, mut kept) = (rest.get(20..36)?.to_vec(), rest.get(40..60)?.to_vec());
    stream.apply(&mut verifier);
    stream.apply(&mut kept);
    (Sha1::digest(&verifier)[..] == kept[..]).then_some(key)
}

/// [MS-OFFCRYPTO] 2.3.7.1 and 2.3.7.2: the password, filled up to 16 bytes, combined with the key.
fn xor(key: u16, verifier: u16, password: &str) -> Option<Key> {
    const FILL: [u8; 15] = [0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0, 0xBE, 0x0F, 0, 0xBF, 0x0F, 0];
    let bytes = encoding_rs::WINDOWS_1252.encode(password).0;
    if bytes.is_empty() || bytes.len() > 15 || xor_verifier(&bytes) != verifier {
        return None;
    }
    let mut array = [0; 16];
    for (at, (to, from)) in array.iter_mut().zip(bytes.iter().chain(&FILL)).enumerate() {
        *to = (from ^ key.to_le_bytes()[at % 2]).rotate_right(1);
    }
    Some(Key::Xor(array))
}

/// The hash of a password in 15 bits.
fn xor_verifier(password: &[u8]) -> u16 {
    let length = [password.len() as u8];
    let bytes = length.iter().chain(password).rev();
    let folded = bytes.fold(0u16, |hash, &byte| (hash >> 14 & 1 | hash << 1 & 0x7FFF) ^ u16::from(byte));
    folded ^ 0xCE4B
}
