//! What parent and worker say to each other: frames of a length and a JSON text. An open descriptor travels
//! beside a request.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::event::{Event, PathRef};
use crate::scan::options::{Limits, Passwords};

/// The largest frame; a longer one is a fault of the worker.
const LONGEST: u32 = 64 << 20;

/// First words of the parent: the key, the limits, the passwords. Never an argument or in the environment.
#[derive(Serialize, Deserialize)]
pub struct Hello {
    /// The fingerprint key, 64 hex digits.
    pub key: String,
    /// The budgets.
    pub limits: Limits,
    /// The pattern files that users added: name and text.
    pub patterns: Vec<(String, String)>,
    /// Passwords to try on what is encrypted.
    pub passwords: Passwords,
}

/// Asks for one file. Its descriptor comes with the request.
#[derive(Serialize, Deserialize)]
pub struct Request {
    /// Attempt.
    pub seq: u64,
    /// The path, masked.
    pub at: PathRef,
    /// The path, raw.
    pub raw_path: Vec<u8>,
    /// Size when it was opened.
    pub size: u64,
    /// Read runs of text only.
    pub reduced: bool,
}

/// What the worker answers.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Frame {
    /// A line of the result. The `file` line of the file itself ends the request.
    Event(Box<Event>),
    /// Work goes on.
    Alive,
}

/// A message as it is sent: its length and its text.
///
/// # Errors
/// For one too long.
pub fn packed<T: Serialize>(message: &T) -> io::Result<Zeroizing<Vec<u8>>> {
    // The first message holds key and passwords.
    let mut bytes = Zeroizing::new(vec![0; 4]);
    serde_json::to_writer(&mut *bytes, message)?;
    let length = u32::try_from(bytes.len() - 4).map_err(|_| io::ErrorKind::InvalidData)?;
    bytes[..4].copy_from_slice(&length.to_le_bytes());
    Ok(bytes)
}

/// Writes a message.
///
/// # Errors
/// What writing says.
pub fn send<T: Serialize>(to: &mut dyn Write, message: &T) -> io::Result<()> {
    to.write_all(&packed(message)?)
}

/// Reads a message.
///
/// # Errors
/// What reading says; `InvalidData` for what is no message.
pub fn receive<T: DeserializeOwned>(from: &mut dyn Read) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut text = Zeroizing::new(vec![0; length as usize]);
    from.read_exact(&mut text)?;
    Ok(serde_json::from_slice(&text)?)
}
