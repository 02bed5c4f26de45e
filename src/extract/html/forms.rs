//! Form fields and attributes: what a page holds without showing it as running text.

use super::Page;
use super::tokens::Tag;

/// Longest label of a form field, in bytes.
pub(super) const LONGEST_LABEL: usize = 120;

impl Page<'_> {
    /// `label: value` of a field with a value. In a cell the value alone stands for itself, unless the page
    /// itself labels it: the row and the column say what it is.
    pub(super) fn input(&mut self, tag: &Tag) {
        let Some(value) = tag.get("value") else { return };
        let hidden = tag.get("type").is_some_and(|t| t.eq_ignore_ascii_case("hidden"));
        let in_cell = self.tables.last().is_some_and(|t| t.cell.is_some());
        let shown = if hidden { None } else { self.shown_label(tag) };
        let own = || tag.get("title").or(tag.get("name")).or(tag.get("id")).map(str::to_owned);
        let line = match shown.or_else(|| own().filter(|_| !in_cell || hidden)) {
            Some(label) => format!("{label}: {value}"),
            None => value.to_owned(),
        };
        self.break_line();
        self.flow().push_str(&line);
        self.break_line();
    }

    /// The label of a field whose text comes as content.
    pub(super) fn label_for(&mut self, tag: &Tag) -> String {
        let own = tag.get("title").or(tag.get("name")).or(tag.get("id"));
        self.shown_label(tag).or_else(|| own.map(str::to_owned)).unwrap_or_default()
    }

    /// The label a reader sees: its element, the hint in the field, or the words just before the field.
    fn shown_label(&mut self, tag: &Tag) -> Option<String> {
        let label = std::mem::take(&mut self.label.0);
        let clean = |text: &str| text.trim().trim_end_matches(':').trim_end().to_owned();
        if !clean(&label).is_empty() {
            return Some(clean(&label));
        }
        if let Some(hint) = tag.get("aria-label").or(tag.get("placeholder")) {
            return Some(clean(hint));
        }
        let flow = self.flow();
        let last = clean(flow.trim_end().rsplit('\n').next().unwrap_or_default());
        (!last.is_empty() && last.len() <= LONGEST_LABEL).then_some(last)
    }

    /// Texts of attributes, and whatever else has digits in it.
    pub(super) fn attributes(&mut self, tag: &Tag) {
        let input = tag.name == "input";
        for (name, value) in &tag.attributes {
            match name.as_str() {
                "title" | "alt" | "placeholder" | "aria-label" | "summary" => {
                    self.say(Some("attribute"), value);
                }
                "content" if tag.name == "meta" => {
                    let key = tag.get("name").or(tag.get("property")).unwrap_or_default();
                    if tag.get("http-equiv").is_none() && key != "viewport" {
                        self.say(Some("attribute"), format!("{key}: {value}").trim_start_matches(": "));
                    }
                }
                "value" if input => {}
                _ if tells(name, value) => self.say(Some("attribute"), &format!("{name}: {value}")),
                _ => {}
            }
        }
    }
}

/// True if an attribute that is not made for readers may still hold a number of somebody.
fn tells(name: &str, value: &str) -> bool {
    let layout = [
        "style",
        "class",
        "id",
        "src",
        "srcset",
        "d",
        "points",
        "viewbox",
        "transform",
        "integrity",
        "width",
        "height",
        "color",
        "bgcolor",
        "coords",
        "sizes",
        "media",
        "xmlns",
        "nonce",
        "for",
        "name",
    ];
    if layout.contains(&name) || name.bytes().chain(value.bytes()).filter(u8::is_ascii_digit).count() < 4 {
        return false;
    }
    // An address tells something where it carries parameters, a telephone number or a mail address.
    !matches!(name, "href" | "action" | "data-src") || value.contains('?') || !value.contains("//")
}
