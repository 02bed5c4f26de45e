//! Holes of sparse files, so that a file of 1 TiB with one block of data takes one read.

use std::fs::File;

use rustix::fs::{SeekFrom, seek};
use rustix::io::Errno;

/// The first stretch of data at or after `offset`, as start and end in bytes; `None` if only a hole follows.
/// A file system that does not know holes reports all of the file as data.
///
/// Moves the file's own position, which readers by offset do not use.
///
/// # Errors
/// What the system says, but for the answer that there is no such data.
pub fn next_data(file: &File, offset: u64) -> std::io::Result<Option<(u64, u64)>> {
    let start = match seek(file, SeekFrom::Data(offset)) {
        Ok(start) => start,
        Err(Errno::NXIO) => return Ok(None),
        Err(Errno::INVAL | Errno::OPNOTSUPP) => {
            let len = file.metadata()?.len();
            return Ok((offset < len).then_some((offset, len)));
        }
        Err(e) => return Err(e.into()),
    };
    match seek(file, SeekFrom::Hole(start)) {
        Ok(end) => Ok(Some((start, end))),
        // The file became shorter in between.
        Err(Errno::NXIO) => Ok(None),
        Err(e) => Err(e.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt;

    use super::*;

    #[test]
    fn data_behind_a_long_hole_is_found() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(1 << 40).unwrap();
        file.write_all_at(b"here", 1 << 39).unwrap();
        let (start, end) = next_data(&file, 0).unwrap().unwrap();
        assert!(start <= 1 << 39 && end > 1 << 39 && end - start <= 1 << 20);
        assert_eq!(next_data(&file, end).unwrap(), None);
    }

    #[test]
    fn a_dense_file_is_all_data_and_an_empty_one_none() {
        let file = tempfile::tempfile().unwrap();
        assert_eq!(next_data(&file, 0).unwrap(), None);
        file.write_all_at(&[7; 5000], 0).unwrap();
        assert_eq!(next_data(&file, 10).unwrap(), Some((10, 5000)));
        assert_eq!(next_data(&file, 5000).unwrap(), None);
    }
}
