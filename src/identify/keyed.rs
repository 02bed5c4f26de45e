//! Texts of keys and values: YAML, settings in sections, directory entries.
//!
//! Only what can hardly be anything else: in doubt text stays text, which loses nothing but order. So a list of
//! `Key: value` lines is a form, not YAML, until something is nested in something.

use std::borrow::Cow;

use super::{Format, Treatment};

static YAML: Format = Format { id: "yaml", treatment: Treatment::Reader("yaml") };
static INI: Format = Format { id: "ini", treatment: Treatment::Reader("ini") };
static LDIF: Format = Format { id: "ldif", treatment: Treatment::Reader("ldif") };

/// Larger files are text, which is read in ranges.
const MOST: u64 = 16 << 20;
/// The longest key, in bytes.
const KEY: usize = 64;

/// The format of a text of `size` bytes that starts with `head`.
pub(super) fn find(head: &[u8], size: u64) -> Option<&'static Format> {
    // Nearly always UTF-8, which is checked much faster than it is mended.
    let text = std::str::from_utf8(head).map_or_else(|_| String::from_utf8_lossy(head), Cow::Borrowed);
    let text = if head.len() as u64 >= size { &text } else { without_last_line(&text) };
    let first = text.lines().map(str::trim).find(|l| !l.is_empty() && !l.starts_with('#'))?;
    if is_ldif(first, text) {
        return Some(&LDIF);
    }
    if size > MOST {
        return None;
    }
    if is_ini(text) {
        return Some(&INI);
    }
    Yaml::default().proves(text).then_some(&YAML)
}

/// A text without its last line, which may be cut, unless it is the only one.
fn without_last_line(text: &str) -> &str {
    let ended = text.strip_suffix('\n').unwrap_or(text);
    memchr::memrchr(b'\n', ended.as_bytes()).map_or(text, |at| &text[..at])
}

/// How many lines a text has, at most.
fn count_lines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count() + 1
}

fn is_ldif(first: &str, text: &str) -> bool {
    let entry =
        |line: &str| line.strip_prefix("dn:").is_some_and(|dn| dn.starts_with(':') || dn.contains('='));
    entry(first) || first.starts_with("version: ") && text.lines().any(entry)
}

/// Sections and settings, and hardly anything else.
fn is_ini(text: &str) -> bool {
    if memchr::memchr(b'[', text.as_bytes()).is_none() {
        return false;
    }
    let (mut sections, mut settings, mut others, mut open) = (0, 0, 0, None);
    let mut left = count_lines(text);
    for line in text.lines().map(str::trim) {
        left -= 1;
        if let Some(end) = open {
            if line.contains(end) {
                open = None;
            }
        } else if line.starts_with('[')
            && line.trim_end_matches(']').len() < line.len()
            && !line.contains([',', '"', '{'])
        {
            sections += 1;
        } else if let Some((key, value)) = line.split_once('=') {
            let name = |c: char| c.is_alphanumeric() || " _-./\\\"'".contains(c);
            if key.len() <= KEY && !key.is_empty() && key.chars().all(name) {
                settings += 1;
            } else {
                others += 1;
            }
            let value = value.trim();
            open = match value {
                "[" => Some("]"),
                _ if value.starts_with("\"\"\"") && !value[3..].contains("\"\"\"") => Some("\"\"\""),
                _ => None,
            };
        } else if !line.is_empty() && !line.starts_with(['#', ';']) {
            others += 1;
        }
        // Not even if all others were settings.
        if others * 10 > settings + left {
            return false;
        }
    }
    sections > 0 && settings >= 2 && settings >= sections && others * 10 <= settings
}

/// What the lines of a text show.
#[derive(Default)]
struct Yaml {
    keyed: usize,
    /// Keys of one word.
    plain: usize,
    items: usize,
    nested: usize,
    flows: usize,
    others: usize,
    marked: bool,
}

impl Yaml {
    fn proves(mut self, lines: &str) -> bool {
        // Where the last key without a value, the last item and the last block of text stand.
        let (mut open, mut within, mut block): (Option<usize>, Option<usize>, Option<usize>) =
            (None, None, None);
        let mut left = count_lines(lines);
        for line in lines.lines() {
            left -= 1;
            let text = line.trim_start_matches(' ');
            let indent = line.len() - text.len();
            if text.is_empty() || text.starts_with('#') || block.is_some_and(|block| indent > block) {
                continue;
            }
            if text.starts_with('\t') {
                return false;
            }
            block = None;
            if line == "---" || line == "..." {
                self.marked |= self.keyed + self.items + self.others == 0;
                continue;
            }
            let content = without_dashes(text);
            let at = indent + text.len() - content.len();
            let is_item = at > indent;
            self.items += usize::from(is_item);
            self.flows += usize::from(is_item && content.starts_with(['{', '[']));
            if let Some((key, value)) = entry(content) {
                self.keyed += 1;
                self.plain += usize::from(!key.contains(' '));
                self.nested += usize::from(
                    open.is_some_and(|o| indent > o || is_item && indent == o) || within == Some(indent),
                );
                open = value.is_empty().then_some(at);
                block = matches!(value.as_bytes().first(), Some(b'|' | b'>')).then_some(at);
            } else {
                self.others += usize::from(!is_item);
                open = None;
            }
            // Not even if all other lines had keys.
            if self.others * 10 > self.keyed + self.flows + left {
                return false;
            }
            within = if is_item { Some(at) } else { within.filter(|within| indent >= *within) };
        }
        self.enough()
    }

    fn enough(&self) -> bool {
        let structured = self.nested >= 2 || self.flows >= 2 || self.marked && self.keyed >= 2;
        structured
            && self.keyed + self.flows >= 3
            && self.plain * 10 >= self.keyed * 9
            && self.others * 10 <= self.keyed + self.flows
            && self.items <= (self.keyed + self.flows) * 4
    }
}

/// A line without the dashes of the list items that begin on it.
fn without_dashes(mut text: &str) -> &str {
    while let Some(rest) = text.strip_prefix("- ") {
        text = rest.trim_start();
    }
    text
}

/// Key and value of a line.
fn entry(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(": ").or_else(|| Some((text.strip_suffix(':')?, "")))?;
    let bare = key.trim_matches(['"', '\'']);
    let odd = |c: char| "{}[],&*#?|<>=!%@`\"();".contains(c);
    (!bare.is_empty() && bare.len() <= KEY && !bare.contains(odd)).then(|| (bare, value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<&'static str> {
        find(text.as_bytes(), text.len() as u64).map(|format| format.id)
    }

    #[test]
    fn what_is_nested_by_indentation_is_yaml() {
        assert_eq!(
            id("people:\n  - name: Ann Example\n    ssn: 024-61-3387\n  - name: Bo\n    ssn: 1\n"),
            Some("yaml")
        );
        assert_eq!(id("---\nname: Ann\nssn: 024-61-3387\nstate: MA\n"), Some("yaml"));
        assert_eq!(id("- {name: Ann, ssn: 1}\n- {name: Bo, ssn: 2}\nend: yes\n"), Some("yaml"));
    }

    #[test]
    fn sections_with_settings_are_ini() {
        assert_eq!(id("; staff\n[one]\nname = Ann\nssn = 024-61-3387\n"), Some("ini"));
        assert_eq!(id("title = \"x\"\n[[people]]\nname = \"Ann\"\nids = [\n 1,\n 2,\n]\n"), Some("ini"));
    }

    #[test]
    fn entries_with_a_distinguished_name_are_ldif() {
        assert_eq!(id("version: 1\n\ndn: uid=ann,dc=example\ncn: Ann\n"), Some("ldif"));
        assert_eq!(id("# export\ndn:: dWlkPWFubg==\ncn: Ann\n"), Some("ldif"));
    }

    #[test]
    fn forms_letters_logs_and_programs_are_text() {
        for text in [
            "Name: Ann Example\nSSN: 024-61-3387\nDate of Birth: 1970-01-01\nState: MA\n",
            "Dear Ann,\nyour number: 024-61-3387\nRegards:\nBo\n",
            "# Changes\n\n- Fixed: the thing\n- Added: another\n- Removed: a third\n",
            "[2026-01-05 10:00] user=ann action=login\n[2026-01-05 10:01] user=bo action=logout\n",
            "def f(x):\n    if x:\n        return 1\n    else:\n        return 2\n",
            "a = 1\nb = 2\nc = a + b\n",
            "Ann Example:\n  lives in: Quincy\n",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }
}
