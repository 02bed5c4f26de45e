//! Evidence in running text: addresses, states named in so many words, bare towns, telephone numbers.
//!
//! One pass over the tokens of each line; a look-up only at words that begin with a capital. A line is the most
//! that belongs together here: what stands on the next line is found there by itself (`MA 02139`).

use std::ops::Range;

use super::Rule;
use super::field::{of_zip, state_rule};
use super::tables::{self, Form, MASSACHUSETTS, Place, State};
use super::words::{self, Kind, Token, upper_letters};
use crate::event::Short;

/// Most bytes between the parts of an address: the columns of a printed table.
const WIDEST_GAP: usize = 24;

/// Finds the evidence in `text` (normalised) and appends it with its bytes, in reading order.
///
/// Time is linear in the length of the text; memory grows with the longest line.
pub fn in_text(text: &str, rules: &mut Vec<(Range<usize>, Rule)>) {
    let mut tokens = Vec::new();
    let mut base = 0;
    for line in text.split_inclusive('\n') {
        if line.bytes().any(|b| b.is_ascii_uppercase() || b.is_ascii_digit()) {
            words::tokens(line, &mut tokens);
            Line { text: line, base, tokens: &tokens, rules }.read();
        }
        base += line.len();
    }
}

struct Line<'a> {
    text: &'a str,
    base: usize,
    tokens: &'a [Token],
    rules: &'a mut Vec<(Range<usize>, Rule)>,
}

/// A state in the text and the token after it.
#[derive(Clone, Copy)]
struct Named {
    state: State,
    end: usize,
}

/// A ZIP in the text: the state it belongs to, the token after it, whether Massachusetts lists it.
struct Zip {
    fips: u32,
    end: usize,
    listed: bool,
}

impl Line<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.tokens.len() {
            let next = match self.tokens[at].kind {
                Kind::Digits => self.phone(at).or_else(|| self.labelled_zip(at)),
                Kind::Lower => self.lower_case_address(at),
                Kind::Title | Kind::Upper => self.town(at).or_else(|| self.named_state(at)),
            };
            at = next.unwrap_or(at + 1);
        }
    }

    fn push(&mut self, tokens: Range<usize>, rule: Rule) {
        let (start, end) = (self.tokens[tokens.start].at.start, self.tokens[tokens.end - 1].at.end);
        self.rules.push((self.base + start..self.base + end, rule));
    }

    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |token| &self.text[token.at.clone()])
    }

    fn upper(&self, at: usize) -> Short {
        upper_letters(self.word(at))
    }

    /// What stands between token `at` and the one before it (or the end of the line).
    fn gap(&self, at: usize) -> &str {
        let start = at.checked_sub(1).map_or(0, |before| self.tokens[before].at.end);
        let end = self.tokens.get(at).map_or(self.text.len(), |token| token.at.start);
        &self.text[start..end]
    }

    /// True if the gap before `at` is blanks with at most one comma, as inside an address; tells of the comma.
    fn address_gap(&self, at: usize) -> Option<bool> {
        let gap = self.gap(at);
        let fits = !gap.is_empty() && gap.len() <= WIDEST_GAP && at < self.tokens.len();
        let commas = gap.bytes().filter(|b| *b == b',').count();
        (fits && commas < 2 && gap.bytes().all(|b| matches!(b, b' ' | b'\t' | b','))).then_some(commas == 1)
    }

    fn capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(Token::capital)
    }

    /// True if token `at` is a word with a capital just behind the one before: one name with it.
    fn goes_on(&self, at: usize) -> bool {
        self.capital(at) && matches!(self.gap(at), " " | "-" | "/")
    }

    /// True if the word before `at` looks like a first name: a capital, one blank, no street word.
    fn after_name(&self, at: usize) -> bool {
        at > 0 && self.gap(at) == " " && self.capital(at - 1) && !words::before_town(&self.upper(at - 1))
    }

    /// The longest name of a Massachusetts place that begins at `at`, and the token after it.
    fn place(&self, at: usize) -> Option<(Place, usize)> {
        let word = self.upper(at);
        let first = words::spelt_out(&word);
        let most = tables::most_words(first).unwrap_or(1);
        let mut longest = None;
        let mut name = Short::from(first);
        for end in at + 1..=(at + most).min(self.tokens.len()) {
            if end > at + 1 {
                let short_dot = word != first && end == at + 2 && self.gap(end - 1) == ". ";
                if !short_dot && !matches!(self.gap(end - 1), " " | "-") {
                    break;
                }
                name.push(' ');
                name.push_str(&self.upper(end - 1));
            }
            longest = tables::place(&name).map(|place| (place, end)).or(longest);
        }
        longest
    }

    /// The state that begins at `at`: code, abbreviation (`Mass.`, `N.H.`) or name.
    fn state(&self, at: usize) -> Option<Named> {
        if !self.capital(at) {
            return None;
        }
        let first = self.upper(at);
        let longest = if first.len() == 1 || BEGINS_LONG_STATE.contains(&first.as_str()) { 4 } else { 1 };
        let mut best = None;
        let mut letters = first;
        for end in at + 1..=(at + longest).min(self.tokens.len()) {
            if end > at + 1 {
                if !matches!(self.gap(end - 1), " " | "." | ". ") {
                    break;
                }
                letters.push_str(&self.upper(end - 1));
            }
            if let Some(mut state) = tables::state(&letters) {
                let dotted = self.gap(end).starts_with('.') || end > at + 1;
                let as_code = self.tokens[at].kind == Kind::Upper && end == at + 1;
                if state.form == Form::Code && !as_code {
                    state.form = Form::Short;
                }
                // `Ma`, `Pa`, `Miss` in small letters are words; with a full stop they are states.
                if state.form != Form::Short || dotted || state.fips == MASSACHUSETTS {
                    best = Some(Named { state, end });
                }
            }
        }
        best
    }

    /// The ZIP that stands at `at`, after the gap of an address.
    fn zip(&self, at: usize) -> Option<Zip> {
        let token = self.tokens.get(at)?;
        let digits = &self.text[token.at.clone()];
        let glued = self.gap(at).is_empty();
        let dotted = matches!(self.gap(at), ". " | ".");
        if token.kind != Kind::Digits
            || digits.len() != 5
            || !(glued || dotted || self.address_gap(at).is_some())
        {
            return None;
        }
        let more = self.tokens.get(at + 1);
        let end = match (self.gap(at + 1), more) {
            ("-", Some(next)) if next.kind == Kind::Digits && next.at.len() == 4 => at + 2,
            ("" | "-" | "." | "/", Some(_)) => return None,
            _ => at + 1,
        };
        Some(Zip { fips: tables::state_of_zip(digits)?, end, listed: tables::zip_listed(digits) })
    }

    fn zip_of(&self, named: Named) -> Option<Zip> {
        self.zip(named.end).filter(|zip| zip.fips == named.state.fips)
    }

    /// A Massachusetts place at `at`: an address, or a bare town.
    fn town(&mut self, at: usize) -> Option<usize> {
        let (place, end) = self.place(at)?;
        if let Some(comma) = self.address_gap(end) {
            if let Some(named) = self.state(end)
                && let Some(end) = self.town_and_state(at, place, named, comma)
            {
                return Some(end);
            }
            if let Some(zip) = self.zip(end).filter(|zip| zip.listed && !self.after_name(at)) {
                self.push(at..zip.end, Rule::ZipMa);
                return Some(zip.end);
            }
            if comma && words::ABROAD.contains(&self.upper(end).as_str()) {
                return Some(end + 1);
            }
        }
        if place.also_region() {
            return None;
        }
        if place.distinctive() && self.stands_alone(at, end) {
            self.push(at..end, Rule::TownMa);
        }
        Some(end)
    }

    /// A place and the state after it, if they are an address; `None` leaves both to other rules.
    fn town_and_state(&mut self, at: usize, place: Place, named: Named, comma: bool) -> Option<usize> {
        let ours = named.state.fips == MASSACHUSETTS;
        if let Some(zip) = self.zip_of(named) {
            self.push(at..zip.end, if ours { Rule::AddressMa } else { Rule::OtherState });
            return Some(zip.end);
        }
        if self.of_licence(named.end) {
            return None;
        }
        let ends = match named.state.form {
            Form::Code | Form::Short => !self.degree(named.end),
            Form::Name => !self.goes_on(named.end),
        };
        let named_place = if ours {
            let person = place.also_person() && self.after_name(at);
            let sure = comma || !place.ambiguous() || named.state.form == Form::Name;
            sure && !person
        } else {
            named.state.form == Form::Name || !words::AMBIGUOUS_CODES.contains(&self.word(named.end - 1))
        };
        if !ends || !named_place {
            return None;
        }
        self.push(at..named.end, if ours { Rule::AddressMa } else { Rule::OtherState });
        Some(named.end)
    }

    /// True if what follows makes `MA` a degree (`Boston MA thesis`).
    fn degree(&self, at: usize) -> bool {
        matches!(
            self.upper(at).as_str(),
            "DEGREE" | "THESIS" | "PROGRAM" | "PROGRAMME" | "IN" | "LICENSE" | "LICENCE"
        ) && self.gap(at) == " "
    }

    /// True if what follows makes a state the issuer of a licence (`Massachusetts driver's license`).
    fn of_licence(&self, at: usize) -> bool {
        let word = self.upper(at);
        let licence = matches!(
            word.as_str(),
            "DRIVER"
                | "DRIVERS"
                | "LICENSE"
                | "LICENCE"
                | "LIC"
                | "DL"
                | "ID"
                | "IDENTIFICATION"
                | "RMV"
                | "CDL"
        );
        licence && self.gap(at) == " "
    }

    /// True if a town stands by itself: no street, firm or person is named after it here.
    fn stands_alone(&self, at: usize, end: usize) -> bool {
        let before = self.gap(at);
        let joined = before.ends_with(['.', '@', '/', '_', '\\', '#', '-']) && !before.ends_with(". ");
        let named_so = at > 0 && before == " " && {
            let word = self.upper(at - 1);
            let of = word == "OF"
                && !matches!(self.upper(at.saturating_sub(2)).as_str(), "RESIDENT" | "RESIDENTS");
            of || self.after_name(at)
        };
        let after = self.gap(end);
        let glued =
            after.starts_with(['-', '@', '_', '/']) || (end < self.tokens.len() && matches!(after, "" | "."));
        !joined && !named_so && !glued && !self.goes_on(end)
    }

    /// A state at `at` that no Massachusetts place precedes.
    fn named_state(&mut self, at: usize) -> Option<usize> {
        let named = self.state(at)?;
        let ours = named.state.fips == MASSACHUSETTS;
        let start = at.saturating_sub(1);
        if let Some(zip) = self.zip_of(named).filter(|_| self.before_zip(at, named)) {
            self.push(at..zip.end, if ours { Rule::AddressMa } else { Rule::OtherState });
            return Some(zip.end);
        }
        if self.labelled(at) || self.lives_in(at) {
            self.push(at..named.end, state_rule(named.state.fips));
            return Some(named.end);
        }
        if self.commonwealth(at) && ours && named.state.form == Form::Name {
            self.push(at - 2..named.end, Rule::CommonwealthMa);
            return Some(named.end);
        }
        let after_city = at > 0 && self.address_gap(at) == Some(true) && self.capital(start);
        if after_city
            && !self.of_licence(named.end)
            && self.unmistakable(at, named)
            && !self.in_list(at, named.end)
        {
            self.push(start..named.end, if ours { Rule::AddressMa } else { Rule::OtherState });
        }
        Some(named.end)
    }

    /// True if a state without a ZIP can only be a state: spelt out and not part of a longer name, or another
    /// state's code that is no word.
    fn unmistakable(&self, at: usize, named: Named) -> bool {
        let word = self.upper(at);
        let short = named.state.form == Form::Short && named.end - at == 1 && word.len() > 2;
        if short || named.state.form == Form::Name {
            return !self.goes_on(named.end);
        }
        named.state.fips != MASSACHUSETTS && !words::AMBIGUOUS_CODES.contains(&word.as_str())
    }

    /// True if a state code may stand before its ZIP here: not glued to it, and after a city where the code is a
    /// word of its own (`IN 46201`).
    fn before_zip(&self, at: usize, named: Named) -> bool {
        let glued = self.gap(named.end).is_empty();
        let word = words::AMBIGUOUS_CODES.contains(&self.word(at)) && self.word(at) != "MA";
        let after_city = at > 0 && self.address_gap(at).is_some() && self.capital(at - 1);
        !glued && (!word || after_city)
    }

    /// True after `State:`, unless it is the state of a licence.
    fn labelled(&self, at: usize) -> bool {
        // `st: MA` of a directory entry begins its line.
        let entry = at == 1 && self.word(0) == "st" && self.gap(0).is_empty();
        if at == 0 || self.upper(at - 1) != "STATE" && !entry {
            return false;
        }
        let gap = self.gap(at);
        let separated = gap.len() <= WIDEST_GAP && gap.contains([':', '=', '\t']);
        let of_licence = (at.saturating_sub(4)..at - 1).any(|i| {
            matches!(
                self.upper(i).as_str(),
                "LICENSE" | "LICENCE" | "LIC" | "DL" | "ISSUE" | "ISSUING" | "BIRTH" | "PLATE"
            )
        });
        separated && !of_licence
    }

    /// True after `resident of`, `lives in` and the like, but not where rules speak to everybody (`you`, `any`).
    fn lives_in(&self, at: usize) -> bool {
        let mut verb = at;
        while verb > 0
            && at - verb < 4
            && matches!(self.upper(verb - 1).as_str(), "THE" | "COMMONWEALTH" | "STATE" | "OF")
        {
            verb -= 1;
        }
        let of = verb < at;
        let inside = verb > 0 && self.upper(verb - 1) == "IN";
        let Some(verb) = (verb - usize::from(inside)).checked_sub(1) else { return false };
        let word = self.upper(verb);
        let says = if inside {
            matches!(
                word.as_str(),
                "LIVES" | "LIVING" | "RESIDES" | "RESIDING" | "LIVE" | "RESIDE" | "DOMICILED"
            )
        } else {
            of && word == "RESIDENT"
        };
        says && !(verb.saturating_sub(5)..verb)
            .any(|i| matches!(self.upper(i).as_str(), "YOU" | "ANY" | "EACH" | "EVERY" | "IF" | "WHO" | "NO"))
    }

    /// True after `Commonwealth of`.
    fn commonwealth(&self, at: usize) -> bool {
        at >= 2 && self.upper(at - 1) == "OF" && self.upper(at - 2) == "COMMONWEALTH"
    }

    /// True inside an enumeration of states, which is no address.
    fn in_list(&self, at: usize, end: usize) -> bool {
        let before = (at.saturating_sub(2)..at).any(|i| self.state(i).is_some_and(|named| named.end == at));
        let next = if matches!(self.upper(end).as_str(), "AND" | "OR") { end + 1 } else { end };
        before || (next < self.tokens.len() && self.gap(end).len() <= 2 && self.state(next).is_some())
    }

    /// `ma 02139` in small letters, as web forms keep it.
    fn lower_case_address(&mut self, at: usize) -> Option<usize> {
        if self.word(at) != "ma" || self.gap(at + 1).is_empty() {
            return None;
        }
        let zip = self.zip(at + 1).filter(|zip| zip.fips == MASSACHUSETTS)?;
        self.push(at..zip.end, Rule::AddressMa);
        Some(zip.end)
    }

    /// A ZIP after `ZIP:`, `ZIP code` or `postal code`.
    fn labelled_zip(&mut self, at: usize) -> Option<usize> {
        let label = self.upper(at.checked_sub(1)?);
        let code = label == "CODE" && at >= 2 && matches!(self.upper(at - 2).as_str(), "ZIP" | "POSTAL");
        let gap_fits = self.gap(at).len() <= 4
            && self.gap(at).bytes().all(|b| matches!(b, b' ' | b':' | b'=' | b'\t' | b'.'));
        if !gap_fits || !(code || matches!(label.as_str(), "ZIP" | "ZIPCODE" | "POSTALCODE")) {
            return None;
        }
        let plus4 = self.gap(at + 1) == "-" && self.word(at + 1).len() == 4;
        let more = !plus4 && at + 1 < self.tokens.len() && matches!(self.gap(at + 1), "" | "-" | ".");
        if self.word(at).len() != 5 || more {
            return None;
        }
        let rule = of_zip(self.word(at), false)?;
        let end = at + 1 + usize::from(plus4);
        self.push(at..end, rule);
        Some(end)
    }

    /// A telephone number in one of its printed forms that begins at `at` with an area code of Massachusetts.
    fn phone(&mut self, at: usize) -> Option<usize> {
        let [area, exchange, line] = [at, at + 1, at + 2].map(|i| self.word(i));
        let digits = (at..at + 3).all(|i| self.tokens.get(i).is_some_and(|t| t.kind == Kind::Digits));
        if !digits || (area.len(), exchange.len(), line.len()) != (3, 3, 4) || exchange.as_bytes()[0] < b'2' {
            return None;
        }
        let first = matches!(self.gap(at + 1), "-" | "." | " " | ") " | ")" | ")-" | "/");
        let second = matches!(self.gap(at + 2), "-" | "." | " ");
        let open = at == 0
            || self.tokens[at - 1].kind != Kind::Digits
            || self.word(at - 1) == "1"
            || !matches!(self.gap(at), "-" | "." | " " | "/" | "");
        let closed = !self.tokens.get(at + 3).is_some_and(|t| t.kind == Kind::Digits)
            || !matches!(self.gap(at + 3), "-" | "." | "/" | "");
        if !(first && second && open && closed && tables::area_code(area)) {
            return None;
        }
        self.push(at..at + 3, Rule::AreaCodeMa);
        Some(at + 3)
    }
}

/// First words of the states whose names or abbreviations have several.
const BEGINS_LONG_STATE: [&str; 12] = [
    "NEW", "NORTH", "SOUTH", "WEST", "RHODE", "DISTRICT", "PUERTO", "VIRGIN", "AMERICAN", "NORTHERN",
    "ARMED", "WASH",
];
