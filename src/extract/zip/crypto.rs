//! Encrypted members of zip archives, opened with a password.
//!
//! The two kinds that are in use: the traditional one of PKWARE (APPNOTE 6.3.10, section 6.1) and AES as `WinZip`
//! writes it (AE-1 and AE-2: "AES Encryption Information", winzip.com). Both keep a check of one or two bytes by
//! which most wrong passwords are told; the rest show when the member does not unpack.

use std::io::{self, ErrorKind, Read};

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256, Block};
use hmac::{Hmac, Mac};
use sha1::Sha1;
use zeroize::Zeroizing;

type HmacSha1 = Hmac<Sha1>;

/// Bytes that traditional encryption puts before the data.
pub(super) const OLD_HEADER: u64 = 12;
/// Bytes of the authentication code behind data encrypted with AES.
const CODE: u64 = 10;
/// Rounds of key derivation that `WinZip` fixes.
const ROUNDS: u32 = 1000;

/// Traditional encryption.
pub(super) struct Old<R> {
    from: R,
    keys: [u32; 3],
}

impl<R: Read> Old<R> {
    /// Reads the header; `None` if the last byte of it is not `check`, so that the password is wrong.
    ///
    /// # Errors
    /// What reading says.
    pub(super) fn open(from: R, password: &str, check: u8) -> io::Result<Option<Self>> {
        let mut old = Old { from, keys: [0x1234_5678, 0x2345_6789, 0x3456_7890] };
        password.bytes().for_each(|b| old.update(b));
        let mut header = [0; OLD_HEADER as usize];
        old.read_exact(&mut header)?;
        Ok((header[11] == check).then_some(old))
    }

    fn update(&mut self, plain: u8) {
        let [a, b, c] = &mut self.keys;
        *a = crc_step(*a, plain);
        *b = b.wrapping_add(*a & 0xFF).wrapping_mul(0x0808_8405).wrapping_add(1);
        *c = crc_step(*c, (*b >> 24) as u8);
    }
}

impl<R: Read> Read for Old<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(buf)?;
        for byte in &mut buf[..n] {
            let word = self.keys[2] as u16 | 2;
            *byte ^= (word.wrapping_mul(word ^ 1) >> 8) as u8;
            self.update(*byte);
        }
        Ok(n)
    }
}

/// One byte of CRC-32 (polynomial 0xEDB88320), bit by bit: the table would cost more than it saves here.
fn crc_step(crc: u32, byte: u8) -> u32 {
    (0..8).fold(crc ^ u32::from(byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
}

/// A key in use.
enum Cipher {
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Cipher::Aes128(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Cipher::Aes192(Box::new(Aes192::new_from_slice(key).ok()?)),
            _ => Cipher::Aes256(Box::new(Aes256::new_from_slice(key).ok()?)),
        })
    }

    fn encrypt(&self, block: &mut Block) {
        match self {
            Cipher::Aes128(c) => c.encrypt_block(block),
            Cipher::Aes192(c) => c.encrypt_block(block),
            Cipher::Aes256(c) => c.encrypt_block(block),
        }
    }
}

/// AES in counter mode, the counter from 1, lowest byte first.
pub(super) struct Aes<R> {
    from: R,
    left: u64,
    cipher: Cipher,
    code: Option<HmacSha1>,
    counter: u128,
    stream: [u8; 16],
    used: usize,
}

impl<R: Read> Aes<R> {
    /// Reads salt and check of `packed` bytes encrypted with `strength` (1 to 3: 128, 192, 256 bits); `None` if the
    /// password is wrong.
    ///
    /// # Errors
    /// What reading says; `InvalidData` for another strength or too few bytes.
    pub(super) fn open(mut from: R, password: &str, strength: u8, packed: u64) -> io::Result<Option<Self>> {
        if !(1..=3).contains(&strength) {
            return Err(ErrorKind::InvalidData.into());
        }
        let length = 8 + 8 * usize::from(strength);
        let mut salt = vec![0; length / 2];
        from.read_exact(&mut salt)?;
        let mut check = [0; 2];
        from.read_exact(&mut check)?;
        let before = salt.len() as u64 + 2 + CODE;
        let left = packed.checked_sub(before).ok_or(ErrorKind::InvalidData)?;
        let mut keys = Zeroizing::new(vec![0; 2 * length + 2]);
        derive(password.as_bytes(), &salt, &mut keys);
        if keys[2 * length..] != check {
            return Ok(None);
        }
        let cipher = Cipher::new(&keys[..length]).ok_or(ErrorKind::InvalidData)?;
        let code = HmacSha1::new_from_slice(&keys[length..2 * length]).ok();
        Ok(Some(Aes { from, left, cipher, code, counter: 0, stream: [0; 16], used: 16 }))
    }

    fn decrypt(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            if self.used == 16 {
                self.counter += 1;
                let mut block = Block::from(self.counter.to_le_bytes());
                self.cipher.encrypt(&mut block);
                self.stream.copy_from_slice(&block);
                self.used = 0;
            }
            *byte ^= self.stream[self.used];
            self.used += 1;
        }
    }

    /// Compares the authentication code, once.
    fn verify(&mut self) -> io::Result<()> {
        let Some(code) = self.code.take() else { return Ok(()) };
        let mut told = [0; CODE as usize];
        self.from.read_exact(&mut told)?;
        code.verify_truncated_left(&told).map_err(|_| ErrorKind::InvalidData.into())
    }
}

impl<R: Read> Read for Aes<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        if most == 0 {
            if !buf.is_empty() {
                self.verify()?;
            }
            return Ok(0);
        }
        let n = self.from.read(&mut buf[..most])?;
        if n == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= n as u64;
        if let Some(code) = &mut self.code {
            code.update(&buf[..n]);
        }
        self.decrypt(&mut buf[..n]);
        Ok(n)
    }
}

/// PBKDF2 (RFC 8018, section 5.2) with HMAC-SHA-1.
fn derive(password: &[u8], salt: &[u8], out: &mut [u8]) {
    let mac = |parts: &[&[u8]]| -> [u8; 20] {
        let mut all = [0; 20];
        // A key of any length will do.
        if let Ok(mut mac) = HmacSha1::new_from_slice(password) {
            for part in parts {
                mac.update(part);
            }
            all.copy_from_slice(&mac.finalize().into_bytes());
        }
        all
    };
    for (n, piece) in (1u32..).zip(out.chunks_mut(20)) {
        let mut round = mac(&[salt, &n.to_be_bytes()]);
        let mut sum = round;
        for _ in 1..ROUNDS {
            round = mac(&[&round]);
            sum.iter_mut().zip(round).for_each(|(s, r)| *s ^= r);
        }
        piece.copy_from_slice(&sum[..piece.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encryption_is_undone() {
        // Made with the inverse of the same steps: encryption feeds the plain byte into the keys too.
        let mut cipher = Old { from: io::empty(), keys: [0x1234_5678, 0x2345_6789, 0x3456_7890] };
        b"larch-41".iter().for_each(|b| cipher.update(*b));
        let mut packed = Vec::new();
        for plain in b"elevenbytes\x5Apayload" {
            let word = cipher.keys[2] as u16 | 2;
            packed.push(plain ^ (word.wrapping_mul(word ^ 1) >> 8) as u8);
            cipher.update(*plain);
        }
        let mut text = String::new();
        let mut old = Old::open(&packed[..], "larch-41", 0x5A).unwrap().unwrap();
        old.read_to_string(&mut text).unwrap();
        assert_eq!(text, "payload");
        assert!(Old::open(&packed[..], "larch-41", 0x5B).unwrap().is_none());
    }

    #[test]
    fn damaged_headers_are_errors_and_no_panics() {
        assert!(Old::open(&b"short"[..], "x", 0).is_err());
        assert!(Aes::open(&[0; 40][..], "x", 4, 40).is_err());
        assert!(Aes::open(&[0; 40][..], "x", 3, 5).is_err());
        assert!(Aes::open(&[0; 40][..], "x", 1, 40).unwrap().is_none());
    }
}
