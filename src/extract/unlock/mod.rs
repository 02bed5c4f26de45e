//! Opens encrypted Office documents with passwords that are known: those built into the programs, and the user's.
//!
//! A document that opens with a built-in password protects nothing: its program opens it without a question. Nothing
//! is guessed, and nothing but a verified password decrypts. Structures and key derivations are those of
//! [MS-OFFCRYPTO] 2.3; the raw ciphers and hashes come from the `RustCrypto` crates, but for RC4, which is ten lines.

mod aes;
mod agile;
pub(crate) mod legacy;
pub(crate) mod rc4;
mod standard;

/// Tried before those of the user: Excel opens with the second whatever is encrypted with it ([MS-XLS] 2.2.10),
/// `PowerPoint` with the third ([MS-OFFCRYPTO] of write-protected presentations).
const BUILT_IN: [&str; 3] = ["VelvetSweatshop", "", "/01Hannes Ruescher/01"];
/// Characters of a password that count ([MS-OFFCRYPTO] 2.3.4.11).
const LONGEST: usize = 255;

/// What a password opened.
pub(crate) struct Opened<T> {
    /// The key, or the content.
    pub what: T,
    /// True if the password is the user's: what opens with a built-in one is encrypted for nobody.
    pub by_user: bool,
}

/// Passwords in the order in which they are tried, and whether each is the user's.
fn passwords(of_user: &[String]) -> impl Iterator<Item = (&str, bool)> {
    BUILT_IN.into_iter().map(|word| (word, false)).chain(of_user.iter().map(|word| (word.as_str(), true)))
}

/// The password in UTF-16, as all hashes take it.
fn utf_16(password: &str) -> Vec<u8> {
    password.encode_utf16().take(LONGEST).flat_map(u16::to_le_bytes).collect()
}

/// Decrypts an Office Open XML package: `info` is its `EncryptionInfo`, `package` its `EncryptedPackage`, which is
/// altered if a password opens it. `go_on` is asked before each password, for a trial takes time by design.
pub(crate) fn package(
    info: &[u8],
    mut package: Vec<u8>,
    of_user: &[String],
    go_on: &mut dyn FnMut() -> bool,
) -> Option<Opened<Vec<u8>>> {
    let agile = agile::Agile::read(info);
    let standard = standard::Standard::read(info);
    for (password, by_user) in passwords(of_user) {
        if !go_on() {
            return None;
        }
        let password = utf_16(password);
        let done = match (&agile, &standard) {
            (Some(agile), _) => agile.open(&password).map(|key| key.decrypt(&mut package)),
            (None, Some(standard)) => standard.open(&password).map(|key| key.decrypt(contents(&mut package))),
            (None, None) => return None,
        };
        if done.is_some() {
            let size = package.first_chunk().map_or(0, |size| u64::from_le_bytes(*size));
            package.drain(..package.len().min(8));
            package.truncate(usize::try_from(size).unwrap_or(usize::MAX));
            return Some(Opened { what: package, by_user });
        }
    }
    None
}

/// The encrypted bytes of a package: what follows its size.
fn contents(package: &mut [u8]) -> &mut [u8] {
    package.get_mut(8..).unwrap_or_default()
}

#[cfg(test)]
mod tests;
