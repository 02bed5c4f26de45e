//! The pattern set: labels and number tables, flat and made at build time from `patterns/`; the definitions behind
//! them; and what users add.

pub mod definition;
pub mod key_words;
pub mod keys;
pub mod kind;
pub mod label;
pub mod number;
pub mod user;
mod words;

pub use kind::LabelKind;

/// Digest of all pattern files: two results compare only where it is equal.
pub const DIGEST: &str = include_str!(concat!(env!("OUT_DIR"), "/patterns.digest"));
