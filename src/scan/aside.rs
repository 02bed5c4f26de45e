//! Where the counting of people puts aside what it cannot hold: a file without a name, gone with the process. It holds
//! hashes of keyed fingerprints, and nothing of the input.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::resident::Aside;

struct Nameless {
    file: File,
    end: AtomicU64,
}

/// Makes a file without a name in the folder for temporary files.
///
/// # Errors
/// What the system says.
pub fn nameless() -> io::Result<Arc<dyn Aside>> {
    Ok(Arc::new(Nameless { file: tempfile::tempfile()?, end: AtomicU64::new(0) }))
}

impl Aside for Nameless {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        self.file.write_all_at(bytes, at)?;
        Ok(at)
    }

    fn read(&self, bytes: &mut [u8], at: u64) -> io::Result<()> {
        self.file.read_exact_at(bytes, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_aside_comes_back() {
        let place = nameless().unwrap();
        let (a, b) = (place.append(b"first").unwrap(), place.append(b"second").unwrap());
        let mut back = [0; 6];
        place.read(&mut back, b).unwrap();
        assert_eq!(&back, b"second");
        place.read(&mut back[..5], a).unwrap();
        assert_eq!(&back[..5], b"first");
        assert!(place.read(&mut back, b + 1).is_err());
    }
}
