//! Images of CDs and DVDs (ISO 9660), with the long names of Joliet or Rock Ridge.
//!
//! Sources: ECMA-119, chapters 8 and 9; "Joliet Specification"; IEEE P1282 (Rock Ridge), `NM`. The volume may be
//! described twice, with short and with long names; the files are the same, and are given once.

use std::collections::HashSet;
use std::io::{self, Read, SeekFrom};

use super::bytes::{slice, u32_at, up_to};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, ReadSeek};

/// Reader of disc images.
pub struct Iso;

const SECTOR: u64 = 2048;
/// The first sector with a description of a volume, and how many are looked at.
const FIRST: u64 = 16;
const MOST_VOLUMES: u64 = 64;
/// The longest directory, and how deep they may stand in each other.
const MOST_DIRECTORY: u64 = 32 << 20;
const DEPTH: usize = 64;

/// An extent: where it begins and how long it is.
type Extent = (u64, u64);

/// A description of a volume.
struct Volume {
    root: Extent,
    /// True for names in UTF-16.
    joliet: bool,
}

/// A file or directory.
struct Entry {
    name: String,
    extents: Vec<Extent>,
    directory: bool,
}

impl Extractor for Iso {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let volumes = volumes(input.reader);
        let Some(volume) = volumes.iter().find(|v| v.joliet).or(volumes.first()) else {
            return sink.gap(Cause::Damaged, "the volume is not described", None);
        };
        let mut disc =
            Disc { reader: input.reader, len: input.len, joliet: volume.joliet, seen: HashSet::new() };
        disc.directory("", volume.root, 0, sink);
    }
}

fn volumes(reader: &mut dyn ReadSeek) -> Vec<Volume> {
    let mut volumes = Vec::new();
    for sector in FIRST..FIRST + MOST_VOLUMES {
        let mut bytes = [0; SECTOR as usize];
        let read = reader.seek(SeekFrom::Start(sector * SECTOR)).and_then(|_| reader.read_exact(&mut bytes));
        if read.is_err() || &bytes[1..6] != b"CD001" || bytes[0] == 255 {
            break;
        }
        // Escape sequences for UCS-2 mark a Joliet volume.
        let joliet = bytes[0] == 2 && matches!(&bytes[88..91], b"%/@" | b"%/C" | b"%/E");
        if (bytes[0] == 1 || joliet)
            && let Some(root) = extent(&bytes[156..190])
        {
            volumes.push(Volume { root, joliet });
        }
    }
    volumes
}

/// Where the bytes of a directory record lie.
fn extent(record: &[u8]) -> Option<Extent> {
    let attributes = u64::from(*record.get(1)?);
    Some(((u64::from(u32_at(record, 2)?) + attributes) * SECTOR, u64::from(u32_at(record, 10)?)))
}

struct Disc<'r> {
    reader: &'r mut dyn ReadSeek,
    len: u64,
    joliet: bool,
    /// Directories that were read.
    seen: HashSet<u64>,
}

impl Disc<'_> {
    /// Gives everything in a directory. False if the work must end.
    fn directory(
        &mut self,
        path: &str,
        (start, length): Extent,
        depth: usize,
        sink: &mut dyn DocumentSink,
    ) -> bool {
        if depth > DEPTH {
            sink.gap(Cause::LimitDepth, "folders are nested too deeply", None);
            return true;
        }
        if !self.seen.insert(start) {
            return true;
        }
        let mut bytes = Vec::new();
        let wanted = length.min(MOST_DIRECTORY);
        let read = self.reader.seek(SeekFrom::Start(start)).and_then(|_| {
            let mut reader = &mut *self.reader;
            Read::take(&mut reader, wanted).read_to_end(&mut bytes)
        });
        if read.is_err() || (bytes.len() as u64) < length {
            sink.gap(Cause::Damaged, "a folder is cut off", Some(format!("from byte {start}")));
        }
        for entry in self.entries(&bytes) {
            if !sink.go_on() {
                return false;
            }
            let name = if path.is_empty() { entry.name } else { format!("{path}/{}", entry.name) };
            if entry.directory {
                if !self.directory(&name, entry.extents[0], depth + 1, sink) {
                    return false;
                }
                continue;
            }
            let extents = entry.extents.into_iter();
            sink.member(
                &name,
                &mut File { reader: &mut *self.reader, len: self.len, extents, at: 0, left: 0 },
            );
        }
        true
    }

    /// The entries of a directory. Records do not cross sectors; a file of 4 GiB and more has several.
    fn entries(&self, bytes: &[u8]) -> Vec<Entry> {
        let (mut entries, mut goes_on): (Vec<Entry>, bool) = (Vec::new(), false);
        for sector in bytes.chunks(SECTOR as usize) {
            let mut at = 0;
            while let Some(length @ 34..) = sector.get(at).map(|b| usize::from(*b)) {
                let record = up_to(sector, at, length);
                at += length;
                // The end of the file may have cut the record.
                let (flags, named) = (record.get(25), record.get(32));
                let (Some(extent), Some(flags), Some(named)) = (extent(record), flags, named) else { break };
                let name = slice(record, 33, usize::from(*named)).unwrap_or_default();
                // The folder itself and the one around it.
                if matches!(name, [0 | 1]) {
                    continue;
                }
                let more = flags & 0x80 != 0;
                match entries.last_mut() {
                    Some(last) if goes_on => last.extents.push(extent),
                    _ => {
                        let name = self.name(record, name);
                        entries.push(Entry { name, extents: vec![extent], directory: flags & 2 != 0 });
                    }
                }
                goes_on = more;
            }
        }
        entries
    }

    fn name(&self, record: &[u8], name: &[u8]) -> String {
        if self.joliet {
            let units: Vec<u16> =
                name.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            return plain(&String::from_utf16_lossy(&units));
        }
        let padded = name.len() + usize::from(name.len().is_multiple_of(2));
        let long = long_name(record.get(33 + padded..).unwrap_or_default());
        if long.is_empty() { plain(&String::from_utf8_lossy(name)) } else { long }
    }
}

/// The name without the version of the file behind it.
fn plain(name: &str) -> String {
    let name = name.rsplit_once(';').map_or(name, |(name, _)| name);
    name.strip_suffix('.').unwrap_or(name).to_owned()
}

/// The name in the system use field, which may come in parts.
fn long_name(mut field: &[u8]) -> String {
    let mut name = Vec::new();
    while let [a, b, length, _, ..] = field
        && let Some(entry) = field.get(..usize::from(*length)).filter(|entry| entry.len() >= 4)
    {
        if [*a, *b] == *b"NM" {
            name.extend_from_slice(entry.get(5..).unwrap_or_default());
        }
        field = &field[entry.len()..];
    }
    String::from_utf8_lossy(&name).into_owned()
}

/// The bytes of a file, extent after extent; that the image ends within one is an error.
struct File<'r> {
    reader: &'r mut dyn ReadSeek,
    len: u64,
    extents: std::vec::IntoIter<Extent>,
    at: u64,
    left: u64,
}

impl Read for File<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.left == 0 {
            let Some((at, length)) = self.extents.next() else { return Ok(0) };
            (self.at, self.left) = (at, length);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        if self.at >= self.len && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.reader.seek(SeekFrom::Start(self.at))?;
        let n = self.reader.read(&mut buf[..most])?;
        if n == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (self.at, self.left) = (self.at + n as u64, self.left - n as u64);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::ooxml::testing::{only, record};

    macro_rules! fixture {
        ($path:literal) => {
            include_bytes!(concat!("../../fixtures/formats/iso/", $path)).as_slice()
        };
    }

    #[test]
    fn long_names_of_either_kind_are_used_and_files_given_once() {
        for image in [unpadded(fixture!("joliet.iso.gz")), unpadded(fixture!("rockridge.iso.gz"))] {
            let members = only("M", &record(&Iso, &image));
            let mut names: Vec<&str> = members.iter().filter_map(|m| Some(m.split_once('=')?.0)).collect();
            names.sort_unstable();
            assert_eq!(names, ["Payroll export 2026.csv", "letters/To Basil Thorne.txt"]);
        }
    }

    #[test]
    fn any_damage_leaves_the_rest_readable() {
        let whole = unpadded(fixture!("joliet.iso.gz"));
        for at in (32_768..whole.len()).step_by(13) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0xFF;
            record(&Iso, &bytes);
        }
        for length in (0..whole.len()).step_by(131) {
            record(&Iso, &whole[..length]);
        }
    }

    #[test]
    fn a_record_that_ends_before_its_name_ends_the_directory() {
        let whole = unpadded(fixture!("joliet.iso.gz"));
        // Wherever the directory of the root is, its first record now reaches to 32 bytes before the sector's end.
        for sector in (16..whole.len() / 2048).map(|n| n * 2048) {
            let mut bytes = whole.clone();
            for at in (0..2016).step_by(252) {
                bytes[sector + at] = 252;
            }
            bytes[sector + 2016] = 40;
            record(&Iso, &bytes);
        }
    }

    fn unpadded(packed: &[u8]) -> Vec<u8> {
        let mut image = Vec::new();
        flate2::read::GzDecoder::new(packed).read_to_end(&mut image).expect("a fixture");
        image
    }
}
