use super::*;

fn id(bytes: &[u8]) -> &'static str {
    identify(bytes, bytes.len() as u64).format_id()
}

fn padded(start: &[u8], len: usize) -> Vec<u8> {
    let mut bytes = start.to_vec();
    // Not text, and no signature of its own.
    bytes.extend((start.len()..len).map(|i| if i % 3 == 0 { 0 } else { (i * 7 % 251) as u8 }));
    bytes
}

/// The encryption that bytes prove: kind, bits, whether it is enough for the law.
fn proof(bytes: &[u8]) -> Option<(String, Option<u32>, Tri)> {
    match identify(bytes, bytes.len() as u64) {
        Kind::Document(format) => format.treatment.encryption().map(|e| (e.kind, e.bits, e.statutory)),
        _ => None,
    }
}

#[test]
fn every_signature_finds_its_own_format() {
    let samples: &[(&[u8], &str)] = &[
        (b"%PDF-1.7\n", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "ole2"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"\x1F\x8B\x08\0", "gzip"),
        (b"BZh91AY&SY", "bzip2"),
        (b"\xFD7zXZ\0", "xz"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"Rar!\x1A\x07\x01\0", "rar"),
        (b"SQLite format 3\0", "sqlite"),
        (b"PAR1", "parquet"),
        (b"!BDN", "pst"),
        (b"\x89PNG\r\n\x1A\n", "png"),
        (b"\xFF\xD8\xFF\xE0", "jpeg"),
        (b"RIFF\x10\0\0\0WEBP", "webp"),
        (b"\0\0\0\x18ftypheic", "heif"),
        (b"\x7FELF", "elf"),
        (b"MZ\x90\0", "pe"),
        (b"\xCA\xFE\xBA\xBE\0\0\0\x34", "class"),
        (b"\xCA\xFE\xBA\xBE\0\0\0\x02", "mach-o"),
        (b"wOF2", "woff2"),
        (b"\x30\x82\x01\x00\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02", "pkcs7"),
        (b"\x30\x80\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03", "cms"),
        (b"LUKS\xBA\xBE\0\x02", "luks"),
        (b"\xEB\x58\x90-FVE-FS-", "bitlocker"),
        (b"\x03\xD9\xA2\x9A\x67\xFB\x4B\xB5", "keepass"),
        (b"\0\x01\0\0Standard ACE DB\0", "accdb"),
    ];
    for (start, expected) in samples {
        assert_eq!(id(&padded(start, 3000)), *expected);
    }
}

#[test]
fn signatures_in_mid_file_are_found() {
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"a.txt");
    tar[257..262].copy_from_slice(b"ustar");
    assert_eq!(id(&tar), "tar");
    let mut old = vec![0; 1024];
    old[..5].copy_from_slice(b"a.txt");
    let sum: u32 = old.iter().map(|b| u32::from(*b)).sum::<u32>() + 8 * 32;
    old[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    assert_eq!(id(&old), "tar");
    let mut iso = vec![0; 40_000];
    iso[0x8001..0x8006].copy_from_slice(b"CD001");
    assert_eq!(id(&iso), "iso");
    assert_eq!(id(&padded(b"\xFF\0junk\n%PDF-1.4\n1 0 obj\n", 900)), "pdf");
    let odt = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x27\0\0\0\x27\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.text";
    assert_eq!(id(&padded(odt, 500)), "odt");
}

#[test]
fn a_dbase_table_needs_lengths_that_agree() {
    let mut table = vec![0x03, 124, 5, 17, 2, 0, 0, 0, 65, 0, 11, 0];
    table.resize(32, 0);
    table.extend(b"NAME\0\0\0\0\0\0\0C");
    table.resize(64, 0);
    table.extend(b"\r Ana Lopez  Bob Young \x1A");
    assert_eq!(id(&table), "dbf");
    table[8] = 255;
    table[9] = 255;
    assert_ne!(id(&table), "dbf");
}

#[test]
fn encryption_is_proved_and_weighed() {
    let header = format!("age-encryption.org/v1\n-> X25519 abc\nAAAA\n--- {}\n", "A".repeat(43));
    let age = proof(&padded(header.as_bytes(), 2000));
    assert_eq!(age, Some(("age".to_owned(), Some(128), Tri::Yes)));
    assert_eq!(proof(&padded(b"Salted__12345678", 64)), Some(("openssl".to_owned(), None, Tri::Unknown)));
    assert_eq!(proof(b"$ANSIBLE_VAULT;1.1;AES256\n6132\n").map(|p| p.2), Some(Tri::Yes));
    assert_eq!(proof(b"plain text"), None);
    // A signature in front of plain text proves nothing.
    let behind = |start: &str| proof(format!("{start}{}", "\nAna Lopez, account 12\n".repeat(30)).as_bytes());
    for start in ["age-encryption.org/v1", "$ANSIBLE_VAULT;1.1;AES256", "Salted__", "LUKS", header.as_str()] {
        assert_eq!(behind(start), None, "{start}");
    }
}

#[test]
fn openpgp_counts_only_when_encrypted() {
    let armour = |body: &str| {
        format!("-----BEGIN PGP MESSAGE-----\nVersion: x\n\n{body}\n-----END PGP MESSAGE-----\n")
    };
    // 0x85: session key for a public key; 0xA3: merely compressed.
    assert_eq!(id(armour("hQEMAwAA").as_bytes()), "openpgp");
    assert_eq!(id(armour("owGbwMvM").as_bytes()), "text");
    assert_eq!(id(format!("{}and more words\n", armour("hQEMAwAA")).as_bytes()), "text");
    let mut message = vec![0x84, 12, 3];
    message.extend([0x81; 11]);
    message.extend([0xD2, 40, 1]);
    message.extend([0x99; 39]);
    assert_eq!(id(&message), "openpgp");
    message[14] = 0xCB;
    assert_ne!(id(&message), "openpgp");
    assert_eq!(id(b"-----BEGIN PGP SIGNED MESSAGE-----\n\nhello\n"), "text");
}

#[test]
fn text_is_never_taken_for_binary_by_a_short_signature() {
    for text in [
        "BM,Name\n1,Ana\n",
        "MZ is the code of Mozambique\n",
        "ID3;x\n",
        "FORM 1040\nwages\n",
        "ORC\n",
        "PARE\n",
        "PACK list\n",
        "true\nfalse\n",
        "GIF89a is a format\n",
        "CWS,1\n",
        "BZh is bzip2\n",
        "AC1015 part list\n",
    ] {
        assert_eq!(id(text.as_bytes()), "text", "{text}");
    }
    assert_eq!(id(b"On the header %PDF-1.4 and 1 0 obj\n"), "text");
}

#[test]
fn html_and_xml_are_told_apart() {
    for html in [
        "<!DOCTYPE html>\n<p>x",
        "\n <HTML><body>",
        "<!-- c --><html>",
        "<table><tr><td>1</td></tr></table>",
        "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"x\">\n<html/>",
        "Saved page\n<html>\n<body>",
        "<p>one</p>",
    ] {
        assert_eq!(id(html.as_bytes()), "html", "{html}");
    }
    for xml in [
        "<?xml version=\"1.0\"?><a/>",
        "<staff><x>1</x></staff>",
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>",
        "<svg xmlns='x'/>",
        "<!-- c -->\n<ns:root a='1'></ns:root>",
    ] {
        assert_eq!(id(xml.as_bytes()), "xml", "{xml}");
    }
    for text in [
        "<134>Oct 11 22:14:15 host app: x\n",
        "<ana@example.org> wrote:\n",
        "< 5 and > 3\n",
        "<?php echo 1;\n",
        "page = '<html>'\n",
        "<unclosed words\n",
    ] {
        assert_eq!(id(text.as_bytes()), "text", "{text}");
    }
}

#[test]
fn one_json_value_is_a_document_and_many_lines_of_it_are_text() {
    for json in [
        "{\"a\": 1}",
        "{\n \"a\": [1, 2.5e3, \"x\\\"y\", null, {}]\n}\n",
        "[{\"a\":1},{\"a\":2}]",
        "{}\n",
        "{\n\"a\": 1\n}\n{\n\"a\": 2\n}\n",
        "[]",
        "[\n 1,\n 2\n",
    ] {
        assert_eq!(id(json.as_bytes()), "json", "{json}");
    }
    for text in [
        "{\"a\":1}\n{\"a\":2}\n",
        "[section]\nkey=1\n",
        "[2024-01-05 10:00] started\n",
        "{name} wrote\n",
        "[1] first note\n[2] second\n",
        "[\"a\"] x\n",
        "[\"a\",1]\n[\"b\",2]\n",
        "{\"a\" 1}",
        "[1,]",
        "[truely]\n",
        "{'a': 1}",
    ] {
        assert_eq!(id(text.as_bytes()), "text", "{text}");
    }
    let long = format!("{{\"rows\": [{}", "{\"n\": 12}, ".repeat(9000));
    assert_eq!(identify(&long.as_bytes()[..HEAD], long.len() as u64).format_id(), "json");
    let deep = "[".repeat(HEAD);
    assert_eq!(id(deep.as_bytes()), "json");
}

#[test]
fn mail_needs_headers_and_a_mailbox_its_separator() {
    assert_eq!(id(b"From: a@example.org\r\nTo: b@example.org\r\n\r\nhello\r\n"), "eml");
    assert_eq!(id(b"Received: from x\n by y\nDate: today\nSubject: s\nodd line\n"), "eml");
    assert_eq!(id(b"Content-Type: Multipart/mixed; boundary=b\n\n--b\n\nhello\n--b--\n"), "eml");
    assert_eq!(
        id(b"From a@example.org Mon Jan  1 10:00:00 2024\nFrom: a@example.org\nTo: b\n\nhi\n"),
        "mbox"
    );
    for text in [
        "From:,To:\n1,2\n",
        "From: x\nTo: y\nno blank line\n",
        "Date: 1\nName: 2\n\nx\n",
        "From here on\nall is well: 2024\n",
        "Subject,Date\na,b\n",
        "Content-Type: text/plain\n\nhello\n",
    ] {
        assert_eq!(id(text.as_bytes()), "text", "{text}");
    }
}

#[test]
fn contacts_and_calendars_are_known_by_their_first_line() {
    assert_eq!(id(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nEND:VCARD\r\n"), "vcard");
    assert_eq!(id(b"begin:vcalendar\nversion:2.0\n"), "icalendar");
    assert_eq!(id(b"BEGIN:VCARDS are cards\n"), "text");
}

#[test]
fn markup_is_found_in_wide_encodings() {
    let wide: Vec<u8> =
        "\u{FEFF}<?xml version='1.0'?><a>1</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(id(&wide), "xml");
    let table: Vec<u8> = "Name,No\r\nAna,1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(id(&table), "text");
}

#[test]
fn empty_and_unknown_data_are_named() {
    assert_eq!(id(b""), "empty");
    assert_eq!(identify(b"", 5).format_id(), "data");
    assert_eq!(id(&padded(b"\x99\x88", 700)), "data");
    assert_eq!(id(&[0; 4096]), "data");
}

#[test]
fn the_end_of_a_program_may_hold_an_archive() {
    let program = padded(b"MZ\x90\0", 2000);
    let kind = identify(&program, 2000);
    assert!(kind.wants_tail());
    let mut end = vec![0; 22];
    end[..4].copy_from_slice(b"PK\x05\x06");
    end[12] = 46;
    let with_archive = [program.as_slice(), &[0; 100], &end].concat();
    assert_eq!(kind.with_tail(&with_archive, with_archive.len() as u64).format_id(), "zip");
    assert_eq!(kind.with_tail(&program, 2000).format_id(), "pe");
    let mut image = padded(b"\x99", 4096);
    image.extend(b"koly\0\0\0\x04");
    image.resize(4096 + 512, 0);
    assert_eq!(identify(&image, image.len() as u64).with_tail(&image, image.len() as u64).format_id(), "dmg");
}

#[test]
fn no_prefix_of_random_bytes_breaks_the_tests() {
    let mut state = 1_u64;
    let mut bytes: Vec<u8> = Vec::new();
    for _ in 0..3000 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        bytes.push((state >> 33) as u8);
    }
    for start in (0..2000).step_by(7) {
        for len in [1, 2, 3, 5, 12, 40, 512, 600] {
            let piece = &bytes[start..start + len];
            let _ = identify(piece, 1 << 40).with_tail(piece, 1);
        }
    }
}

#[test]
fn volumes_and_databases_prove_their_encryption() {
    let sealed = |bytes: &[u8]| proof(bytes).map(|p| p.0);
    let mut to_go = padded(b"\xEB\x58\x90MSWIN4.1", 1024);
    to_go[510..512].copy_from_slice(b"\x55\xAA");
    assert_eq!(sealed(&to_go), None);
    to_go[424..440].copy_from_slice(b"\x3B\xD6\x67\x49\x29\x2E\xD8\x4A\x83\x99\xF6\xA3\x39\xE3\xD0\x01");
    assert_eq!(sealed(&to_go).as_deref(), Some("bitlocker"));
    let mut luks = padded(b"", 0x4000);
    luks.extend(padded(b"SKUL\xBA\xBE\0\x02", 4096));
    assert_eq!(sealed(&luks).as_deref(), Some("luks"));
    assert_eq!(sealed(&padded(b"LUKS\xBA\xBE\0\x02", 4096)).as_deref(), Some("luks"));
    let mut access = padded(b"\0\x01\0\0Standard ACE DB\0", 8192);
    assert_eq!(sealed(&access).as_deref(), Some("access"));
    access[0x3E..0x42].copy_from_slice(b"\xFB\x8A\xBC\x4E");
    assert_eq!(sealed(&access), None);
    let mut store = padded(b"!BDN\0\0\0\0SM\x17\0", 1024);
    store[513] = 2;
    assert_eq!(sealed(&store), None);
    store[513] = 0x10;
    assert_eq!(sealed(&store).as_deref(), Some("pst-wip"));
}

#[test]
fn random_bytes_are_told_from_others_and_prove_nothing() {
    let mut state = 1u64;
    let noise: Vec<u8> = std::iter::repeat_with(|| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as u8
    })
    .take(HEAD)
    .collect();
    assert!(looks_random(&noise, 1 << 20) && proof(&noise).is_none());
    assert!(!looks_random(&noise, (1 << 20) + 1));
    assert!(!looks_random(&b"plain words ".repeat(1000), 512));
    assert!(!looks_random(&[7; 5000], 512));
}
