//! Characters beyond ASCII, by their set and number in it.

/// The characters of bytes 1 to 32 in version 6.
pub(super) const STANDARD: [char; 32] = [
    'å', 'Å', 'æ', 'Æ', 'ä', 'Ä', 'á', 'à', 'â', 'ã', 'Ã', 'ç', 'Ç', 'ë', 'é', 'É', 'è', 'ê', 'í', 'ñ', 'Ñ',
    'ø', 'Ø', 'õ', 'Õ', 'ö', 'Ö', 'ü', 'Ü', 'ú', 'ù', 'ß',
];

/// Letters of set 1 from number 26 on; before them stand accents.
const LATIN: &str =
    "ÁáÂâÄäÀàÅåÆæÇçÉéÊêËëÈèÍíÎîÏïÌìÑñÓóÔôÖöÒòÚúÛûÜüÙùŸÿÃãĐđØøÕõÝýÐðÞþĂăĀāĄąĆćČčĈĉĊċĎďĚěĖėĒēĘęĞğĢģĜĝĠġ";

/// A character; `None` for sets that are not known here.
pub(super) fn letter(set: u8, number: u8) -> Option<char> {
    match (set, number) {
        (0, b' '..=b'~') => Some(char::from(number)),
        (1, 23) => Some('ß'),
        (1, 26..) => LATIN.chars().nth(usize::from(number - 26)),
        // Typographic signs: dashes and quotation marks.
        (4, 33 | 34) => Some('-'),
        (4, 27..=29) => Some('\''),
        (4, 30..=32) => Some('"'),
        _ => None,
    }
}
