//! The standard encryption of Office 2007: SHA-1 and AES block by block ([MS-OFFCRYPTO] 2.3.4.5 to 2.3.4.9).

use sha1::{Digest, Sha1};

use super::aes::Aes;
use crate::extract::xls::record::u32_at;

/// Rounds of hashing between password and key.
const ROUNDS: u32 = 50_000;

/// What the encryption information says.
pub(super) struct Standard {
    salt: Vec<u8>,
    verifier: Vec<u8>,
    hash: Vec<u8>,
    key_bytes: usize,
}

/// A key that was verified.
pub(super) struct Key(Aes);

impl Standard {
    /// Reads an information of version x.2; `None` if it is another.
    pub(super) fn read(info: &[u8]) -> Option<Standard> {
        const AES: std::ops::RangeInclusive<u32> = 0x660E..=0x6610;
        if info.get(2..4)? != [2, 0] || !AES.contains(&u32_at(info, 20)?) {
            return None;
        }
        let key_bytes = u32_at(info, 28)? as usize / 8;
        let verifier = info.get(12..)?.get(u32_at(info, 8)? as usize..)?;
        Some(Standard {
            salt: verifier.get(4..20)?.to_vec(),
            verifier: verifier.get(20..36)?.to_vec(),
            hash: verifier.get(40..72)?.to_vec(),
            key_bytes,
        })
    }

    /// The key, if this is the password.
    pub(super) fn open(&self, password: &[u8]) -> Option<Key> {
        let mut hash = Sha1::new().chain_update(&self.salt).chain_update(password).finalize();
        for round in 0..ROUNDS {
            hash = Sha1::new().chain_update(round.to_le_bytes()).chain_update(hash).finalize();
        }
        let hash = Sha1::new().chain_update(hash).chain_update([0; 4]).finalize();
        let half = |pad: u8| {
            let mut padded = [pad; 64];
            padded.iter_mut().zip(&hash).for_each(|(padded, hash)| *padded ^= hash);
            Sha1::digest(padded)
        };
        let both = [half(0x36), half(0x5C)].concat();
        let key = Aes::new(both.get(..self.key_bytes)?)?;
        let (mut verifier, mut kept) = (self.verifier.clone(), self.hash.clone());
        key.decrypt_blocks(&mut verifier);
        key.decrypt_blocks(&mut kept);
        (Sha1::digest(&verifier)[..] == kept[..20]).then_some(Key(key))
    }
}

impl Key {
    /// Decrypts the contents of a package.
    pub(super) fn decrypt(&self, contents: &mut [u8]) {
        self.0.decrypt_blocks(contents);
    }
}
