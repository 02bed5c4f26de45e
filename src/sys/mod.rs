//! The one room for system calls that are not portable, on Linux through `rustix`.
//!
//! Everything else in the program goes through the standard library. Nothing here writes, and nothing here
//! follows a link: [`open_beneath`] is the only way by which content is opened.

mod acl;
mod device;
mod kinds;
mod mount;
mod names;
mod open;
mod sparse;

pub use acl::{Access, Lists, Rights, Who};
pub use kinds::statfs_kind;
pub use mount::{Mounts, VolumeFacts};
pub use names::{Names, account, hostname};
pub use open::{open_beneath, open_root};
pub use sparse::next_data;
