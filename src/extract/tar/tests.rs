use super::*;
use crate::extract::ooxml::testing::{only, record};

macro_rules! fixture {
    ($path:literal) => {
        include_bytes!(concat!("../../../fixtures/formats/tar/", $path)).as_slice()
    };
}

fn names(lines: &[String]) -> Vec<String> {
    lines.iter().filter_map(|l| Some(l.strip_prefix("M ")?.split('=').next()?.to_owned())).collect()
}

#[test]
fn members_come_in_order_and_links_are_told() {
    let lines = record(&Tar, fixture!("ustar.tar"));
    assert_eq!(names(&lines), ["people.csv", "letters/pham.txt", "note.txt"]);
    let sealed = only("S", &lines);
    assert_eq!(sealed.len(), 3);
    assert!(sealed[0].starts_with("link: link") && sealed[2].starts_with("pipe: special-file"));
    assert!(only("G", &lines).is_empty());
}

#[test]
fn long_names_come_from_extended_headers() {
    for bytes in [fixture!("pax.tar"), fixture!("gnu.tar")] {
        let names = names(&record(&Tar, bytes));
        assert!(names[0].len() > 200 && names[0].ends_with("/people.csv"));
    }
    assert_eq!(names(&record(&Tar, fixture!("pax.tar")))[1], "Pe\u{f1}a.txt");
}

#[test]
fn a_damaged_header_hides_nothing_but_perhaps_a_name() {
    let lines = record(&Tar, fixture!("damaged-header.tar"));
    assert_eq!(names(&lines), ["people.csv", "letters/pham.txt", "note.txt"]);
    assert!(lines.iter().any(|l| l.starts_with("M letters") && l.contains("is on file")));
    assert!(only("G", &lines)[0].starts_with("damaged a header is damaged"));
    let mut bytes = fixture!("damaged-header.tar").to_vec();
    bytes[1024..1536].fill(b'?');
    let lines = record(&Tar, &bytes);
    assert_eq!(names(&lines), ["people.csv", "", "note.txt"]);
    assert!(lines[1].contains("??Dear Thuy"));
}

#[test]
fn archives_one_after_the_other_are_all_read() {
    assert_eq!(names(&record(&Tar, fixture!("two.tar"))), ["a.csv", "a.csv"]);
}

#[test]
fn a_cut_archive_gives_what_is_there() {
    let lines = record(&Tar, fixture!("cut.tar"));
    assert_eq!(names(&lines), ["people.csv", "letters/pham.txt"]);
    assert!(lines[1].ends_with("(damaged)"));
    assert_eq!(only("G", &lines).len(), 1);
}

#[test]
fn sparse_files_have_their_holes_back() {
    for bytes in [fixture!("sparse-gnu.tar"), fixture!("sparse-0.1.tar"), fixture!("sparse-1.0.tar")] {
        let lines = record(&Tar, bytes);
        assert_eq!(names(&lines), ["sparse.txt"]);
        let content = lines[0].strip_prefix("M sparse.txt=").unwrap();
        assert_eq!(content.len(), 400_000);
        assert!(content.starts_with("Name,SSN") && content[300_000..].starts_with("\nDear Thuy"));
    }
}

#[test]
fn numbers_are_octal_or_binary() {
    assert_eq!(header::number(b"0000644\0"), Some(0o644));
    assert_eq!(header::number(b"   755 \0"), Some(0o755));
    assert_eq!(header::number(b"\x80\0\0\0\0\0\0\x02\0\0\0\0"), Some(2 << 32));
    assert_eq!(header::number(b"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), None);
    assert_eq!(header::number(b"12x"), None);
}

#[test]
fn damage_anywhere_ends_the_reading_without_a_loss_before_it() {
    let whole = fixture!("ustar.tar");
    for cut in (0..whole.len()).step_by(whole.len() / 20) {
        let mut bytes = whole.to_vec();
        bytes.truncate(cut);
        record(&Tar, &bytes);
        let mut bytes = whole.to_vec();
        bytes[cut] ^= 0x41;
        assert!(names(&record(&Tar, &bytes)).len() >= 3);
    }
}
