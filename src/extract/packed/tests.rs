use super::*;
use crate::extract::ooxml::testing::{only, record};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/formats/", $path)).as_slice()
    };
}

/// Beginning of the table that all of them hold.
const TABLE: &str = "=Name,SSN,City\nMaureen";

fn members(packed: &Packed, bytes: &[u8]) -> Vec<String> {
    only("M", &record(packed, bytes))
}

#[test]
fn every_format_gives_its_one_member() {
    let all = [
        (Packed::Gzip, fixture!("gzip/people.csv.gz")),
        (Packed::Bzip2, fixture!("bzip2/people.csv.bz2")),
        (Packed::Xz, fixture!("xz/people.csv.xz")),
        (Packed::Lzma, fixture!("lzma/people.csv.lzma")),
        (Packed::Lzip, fixture!("lzip/people.csv.lz")),
        (Packed::Zstd, fixture!("zstd/people.csv.zst")),
        (Packed::Lz4, fixture!("lz4/people.csv.lz4")),
        (Packed::Compress, fixture!("compress/people.csv.Z")),
    ];
    for (packed, bytes) in &all {
        let members = members(packed, bytes);
        assert_eq!(members.len(), 1);
        assert!(members[0].starts_with(TABLE) && members[0].ends_with("Shrewsbury\n"), "{members:?}");
    }
}

#[test]
fn packed_files_one_after_the_other_are_one_stream() {
    for (packed, bytes) in [
        (Packed::Gzip, fixture!("gzip/two.txt.gz")),
        (Packed::Bzip2, fixture!("bzip2/two.txt.bz2")),
        (Packed::Xz, fixture!("xz/two.txt.xz")),
        (Packed::Zstd, fixture!("zstd/skipped.txt.zst")),
    ] {
        let members = members(&packed, bytes);
        assert_eq!(members.len(), 1, "{members:?}");
        assert!(members[0].contains("is on file") && !members[0].ends_with("(damaged)"), "{members:?}");
    }
}

#[test]
fn the_header_of_gzip_names_the_member() {
    let members = members(&Packed::Gzip, fixture!("gzip/renamed.gz"));
    assert!(members[0].starts_with("people.csv=Name"));
}

#[test]
fn what_is_appended_is_a_member_of_its_own() {
    let members = members(&Packed::Gzip, fixture!("gzip/appended.gz"));
    assert_eq!(members[0], "a.txt=nothing here\n");
    assert!(members[1].starts_with("=appended: Name,SSN"));
}

#[test]
fn what_precedes_damage_comes_out() {
    let cut = members(&Packed::Gzip, fixture!("gzip/cut.csv.gz"));
    assert!(cut[0].starts_with(TABLE) && cut[0].ends_with("(damaged)"));
    for (packed, bytes) in [
        (Packed::Bzip2, fixture!("bzip2/cut.csv.bz2")),
        (Packed::Xz, fixture!("xz/cut.csv.xz")),
        (Packed::Zstd, &fixture!("zstd/people.csv.zst")[..40]),
    ] {
        assert!(members(&packed, bytes)[0].ends_with("(damaged)"));
    }
}

#[test]
fn windows_beyond_the_cap_are_refused_as_such() {
    let reason = |packed: &Packed, bytes: &[u8]| {
        struct Reason(Option<io::ErrorKind>);
        let mut reason = Reason(None);
        let mut from = BufReader::new(bytes);
        let mut sunk = io::sink();
        reason.0 = match packed {
            Packed::Xz => io::copy(&mut XzReader::new_mem_limit(&mut from, true, MOST_LZMA), &mut sunk).err(),
            _ => io::copy(&mut Concatenated::new(ZstdFrame::open(&mut from)), &mut sunk).err(),
        }
        .map(|e| e.kind());
        reason.0
    };
    assert_eq!(reason(&Packed::Xz, fixture!("xz/huge-dictionary.csv.xz")), Some(io::ErrorKind::OutOfMemory));
    assert_eq!(reason(&Packed::Zstd, fixture!("zstd/huge-window.csv.zst")), Some(io::ErrorKind::OutOfMemory));
}

#[test]
fn the_table_of_compress_may_fill_and_be_emptied() {
    let members = members(&Packed::Compress, fixture!("compress/emptied.csv.Z"));
    assert!(members[0].contains(&TABLE[1..]) && members[0].ends_with("Shrewsbury\n"));
}

#[test]
fn names_lose_their_last_extension() {
    let names = ["people.csv.gz", "backup.TGZ", "notes", "x.tbz2", ".gz", "a.svgz"].map(name::inside);
    assert_eq!(names, ["people.csv", "backup.tar", "notes", "x.tar", ".gz", "a.svg"]);
    assert_eq!(name::stored(b"C:\\export\\caf\xE9.csv"), "caf\u{e9}.csv");
}

#[test]
fn nonsense_ends_in_a_gap_or_a_damaged_member() {
    let noise: Vec<u8> = (0..2000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    for packed in [
        Packed::Gzip,
        Packed::Bzip2,
        Packed::Xz,
        Packed::Lzma,
        Packed::Lzip,
        Packed::Zstd,
        Packed::Lz4,
        Packed::Compress,
    ] {
        for bytes in [&noise[..], &[], &[0x1F, 0x9D]] {
            let lines = record(&packed, bytes);
            assert!(lines.iter().all(|l| l.starts_with('G') || l.starts_with('M')), "{lines:?}");
        }
    }
}
