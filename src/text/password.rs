//! Texts that speak of a password: a hint that an encrypted file is not as closed as it looks.
//!
//! Only that a text does so is told, never what the password is.

/// Words for a password; a short one counts only with the colon that belongs to it.
const WORDS: [&str; 8] =
    ["password", "passcode", "passphrase", "passwort", "kennwort", "pw:", "pwd:", "passwd"];
/// How far from such a word the name of a file may stand, in bytes.
const NEAR: usize = 300;
/// Words of a name shorter than this are no evidence.
const LEAST: usize = 3;

/// Where the lower-case text speaks of a password.
fn mentions(lower: &str) -> impl Iterator<Item = usize> {
    WORDS.iter().flat_map(|word| {
        memchr::memmem::find_iter(lower.as_bytes(), word.as_bytes()).filter(|at| {
            let before = lower.as_bytes().get(at.wrapping_sub(1));
            before.is_none_or(|b| !b.is_ascii_alphanumeric())
        })
    })
}

/// True if a text speaks of a password.
#[must_use]
pub fn speaks_of_password(text: &str) -> bool {
    mentions(&text.to_lowercase()).next().is_some()
}

/// True if a text speaks of a password and names a file beside that: with or without its extension, whatever stands
/// between the words of its name.
#[must_use]
pub fn tells_password_of(text: &str, file: &str) -> bool {
    let (lower, file) = (text.to_lowercase(), file.to_lowercase());
    let stem = file.rsplit_once('.').map_or(&*file, |(stem, _)| stem);
    let words: Vec<&str> = words_of(stem).collect();
    if !words.iter().any(|word| word.len() >= LEAST) {
        return false;
    }
    mentions(&lower).any(|at| {
        let around = around(&lower, at);
        let there: Vec<&str> = words_of(around).collect();
        there.windows(words.len()).any(|run| run == words)
    })
}

fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn around(text: &str, at: usize) -> &str {
    let start = text.floor_char_boundary(at.saturating_sub(NEAR));
    let end = text.ceil_char_boundary((at + NEAR).min(text.len()));
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_file_must_stand_beside_the_word() {
        for text in [
            "Password for payroll-2024.xlsx: see below",
            "The payroll 2024 file opens with the passcode you know",
            "PAYROLL_2024\npw: hidden",
            "Das Passwort der Datei payroll-2024 steht im Safe",
        ] {
            assert!(tells_password_of(text, "Payroll_2024.xlsx"), "{text}");
        }
        for text in ["payroll-2024.xlsx is attached", "password: for another file", "spw: payroll-2024"] {
            assert!(!tells_password_of(text, "Payroll_2024.xlsx"), "{text}");
        }
        let far = format!("payroll-2024 {} password", "x ".repeat(400));
        assert!(!tells_password_of(&far, "payroll-2024.zip"));
        assert!(!tells_password_of("the password of a", "a.zip"));
    }

    #[test]
    fn a_message_need_not_name_the_file() {
        assert!(speaks_of_password("Hi, the PASSWORD is on its way"));
        assert!(speaks_of_password("pw: x"));
        assert!(!speaks_of_password("nothing of the kind, cpw: x"));
    }
}
