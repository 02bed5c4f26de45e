use super::aes::Aes;
use super::legacy::{Key, open_workbook};
use super::*;
use rc4::Rc4;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks_exact(2).map(|d| d[0] << 4 | d[1]).collect()
}

#[test]
fn rc4_gives_the_streams_of_its_test_vectors() {
    // RFC 6229, keys of 40 and 128 bits, offset 0.
    for (key, stream) in [
        ("0102030405", "b2396305f03dc027ccc3524a0a1118a8"),
        ("0102030405060708090a0b0c0d0e0f10", "9ac7cc9a609d1ef7b2932899cde41b97"),
    ] {
        let mut bytes = [0; 16];
        Rc4::new(&hex(key)).apply(&mut bytes);
        assert_eq!(bytes[..], hex(stream));
    }
}

#[test]
fn aes_decrypts_its_test_vectors() {
    // FIPS 197, appendix C.
    for key in ["000102030405060708090a0b0c0d0e0f", "000102030405060708090a0b0c0d0e0f1011121314151617"] {
        let cipher = if key.len() == 32 {
            "69c4e0d86a7b0430d8cdb78070b4c55a"
        } else {
            "dda97ca4864cdfe06eaf70a0ec0d7191"
        };
        let mut block = hex(cipher);
        Aes::new(&hex(key)).expect("a length of AES").decrypt_blocks(&mut block);
        assert_eq!(block, hex("00112233445566778899aabbccddeeff"));
    }
    assert!(Aes::new(&[0; 15]).is_none());
}

#[test]
fn a_stream_that_ends_within_a_block_keeps_its_end() {
    let mut bytes = vec![7; 20];
    Aes::new(&[0; 16]).expect("a length of AES").decrypt_chain([0; 16], &mut bytes);
    assert_eq!(bytes[16..], [7; 4]);
}

#[test]
fn xor_is_told_by_its_verifier() {
    // Key and verifier that Excel writes for its built-in password.
    let data = [0, 0, 0x59, 0xB3, 0x0A, 0x9A];
    let key = open_workbook(&data, &[], &mut || true);
    assert!(key.is_some_and(|opened| matches!(opened.what, Key::Xor(_)) && !opened.by_user));
    assert!(open_workbook(&[0, 0, 0x59, 0xB3, 0x0A, 0x9B], &[], &mut || true).is_none());
}

#[test]
fn information_cut_anywhere_opens_nothing() {
    let mut info = vec![1, 0, 1, 0, 1, 0];
    info.extend([7; 60]);
    for cut in 0..info.len() {
        assert!(open_workbook(&info[..cut], &[], &mut || true).is_none());
        assert!(package(&info[2..cut.max(2)], vec![1; 40], &[], &mut || true).is_none());
    }
}

#[test]
fn nothing_is_tried_when_the_work_must_end() {
    assert!(open_workbook(&[0, 0, 0x59, 0xB3, 0x0A, 0x9A], &[], &mut || false).is_none());
}
