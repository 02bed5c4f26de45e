//! One spelling for a street address, so that two records of one person meet.

/// Street words and unit words with their abbreviations, after USPS Publication 28.
pub(super) const STREET_WORDS: [(&str, &str); 28] = [
    ("ALLEY", "ALY"),
    ("AVENUE", "AVE"),
    ("BOULEVARD", "BLVD"),
    ("CIRCLE", "CIR"),
    ("COURT", "CT"),
    ("CROSSING", "XING"),
    ("DRIVE", "DR"),
    ("EXTENSION", "EXT"),
    ("GARDENS", "GDNS"),
    ("GREEN", "GRN"),
    ("HEIGHTS", "HTS"),
    ("HIGHWAY", "HWY"),
    ("HILL", "HL"),
    ("LANE", "LN"),
    ("PARK", "PARK"),
    ("PARKWAY", "PKWY"),
    ("PATH", "PATH"),
    ("PLACE", "PL"),
    ("ROAD", "RD"),
    ("ROUTE", "RTE"),
    ("ROW", "ROW"),
    ("SQUARE", "SQ"),
    ("STREET", "ST"),
    ("TERRACE", "TER"),
    ("TRAIL", "TRL"),
    ("TURNPIKE", "TPKE"),
    ("WAY", "WAY"),
    ("WHARF", "WHF"),
];

const OTHER_WORDS: [(&str, &str); 19] = [
    ("AV", "AVE"),
    ("STR", "ST"),
    ("NORTH", "N"),
    ("SOUTH", "S"),
    ("EAST", "E"),
    ("WEST", "W"),
    ("NO", "N"),
    ("SO", "S"),
    ("NORTHEAST", "NE"),
    ("NORTHWEST", "NW"),
    ("SOUTHEAST", "SE"),
    ("SOUTHWEST", "SW"),
    ("MOUNT", "MT"),
    ("SAINT", "ST"),
    ("APARTMENT", "UNIT"),
    ("APT", "UNIT"),
    ("SUITE", "UNIT"),
    ("STE", "UNIT"),
    ("NUMBER", "UNIT"),
];

/// The part of the `name-address` key that is the address: `ZIP5`, U+001F, normalised street
/// (`02139\x1f12 ELM ST UNIT 4`). Empty if there is no ZIP or no house number in it: such an address would join
/// strangers. A ZIP of four digits gets its lost zero back.
#[must_use]
pub fn address_key(zip5: &str, street: &str) -> String {
    let zip5 = zip5.trim();
    let digits = &zip5[..zip5.bytes().take_while(u8::is_ascii_digit).count()];
    let (lost, zip) = match digits.len() {
        5 | 9 => ("", &digits[..5]),
        4 | 8 => ("0", &digits[..4]),
        _ => return String::new(),
    };
    let mut key = String::with_capacity(street.len() + 16);
    key.extend([lost, zip, "\x1f"]);
    let start = key.len();
    push_normal_street(street, &mut key);
    let street = &key[start..];
    if !street.bytes().any(|b| b.is_ascii_digit()) || !street.bytes().any(|b| b.is_ascii_alphabetic()) {
        return String::new();
    }
    if street.contains("P O BOX") { key.replace("P O BOX", "PO BOX") } else { key }
}

/// Appends the street to `out` as it is spelt in all keys.
fn push_normal_street(street: &str, out: &mut String) {
    let start = out.len();
    let mut word = String::with_capacity(street.len());
    let mut last_is_unit = false;
    let mut end = |word: &mut String, out: &mut String| {
        let short = abbreviation(word);
        // `Apt #4`: the two unit words are one.
        let again = short == "UNIT" && last_is_unit;
        if !word.is_empty() && !again {
            last_is_unit = short == "UNIT";
            out.push_str(if out.len() == start { "" } else { " " });
            out.push_str(short);
        }
        word.clear();
    };
    let mut take = |c: char| match c {
        '.' | '\'' => {}
        '#' => {
            end(&mut word, out);
            word.push_str("UNIT");
            end(&mut word, out);
        }
        c if c.is_alphanumeric() => word.push(c),
        _ => end(&mut word, out),
    };
    for c in street.chars() {
        match c {
            c if c.is_ascii() => take(c.to_ascii_uppercase()),
            c => c.to_uppercase().for_each(&mut take),
        }
    }
    end(&mut word, out);
}

fn abbreviation(word: &str) -> &str {
    let first = word.as_bytes().first();
    let long = |(long, _): &&(&str, &str)| long.as_bytes().first() == first && *long == word;
    STREET_WORDS.iter().chain(&OTHER_WORDS).find(long).map_or(word, |(_, short)| short)
}
