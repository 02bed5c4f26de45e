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
    let digits: String = zip5.trim().chars().take_while(char::is_ascii_digit).collect();
    let zip = match digits.len() {
        5 | 9 => digits[..5].to_owned(),
        4 | 8 => format!("0{}", &digits[..4]),
        _ => return String::new(),
    };
    let street = normal_street(street);
    if !street.bytes().any(|b| b.is_ascii_digit()) || !street.bytes().any(|b| b.is_ascii_alphabetic()) {
        return String::new();
    }
    format!("{zip}\x1f{street}")
}

fn normal_street(street: &str) -> String {
    let upper = street.to_uppercase().replace('#', " UNIT ").replace(['.', '\''], "");
    let mut out: Vec<&str> = Vec::new();
    for word in upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = abbreviation(word);
        // `Apt #4`: the two unit words are one.
        if !(word == "UNIT" && out.last() == Some(&"UNIT")) {
            out.push(word);
        }
    }
    out.join(" ").replace("P O BOX", "PO BOX")
}

fn abbreviation(word: &str) -> &str {
    STREET_WORDS.iter().chain(&OTHER_WORDS).find(|(long, _)| *long == word).map_or(word, |(_, short)| short)
}
