//! Explanations as text: a block for each record and number, a line or two for what is none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::words;
use crate::cli::format::counted;
use crate::coverage::Coverage;
use crate::event::{Confidence, Element, ElementLine, Evidence, FileLine, Link, Location, PathRef, Record};
use crate::scan::{Explanation, Node, WhyNot, within};

/// What a block is rendered with.
pub struct Terms<'a> {
    /// Evidence lists by their id.
    pub whys: &'a BTreeMap<String, Vec<Evidence>>,
    /// Raw values by fingerprint; empty if they are not to be shown.
    pub raw: &'a BTreeMap<String, String>,
}

impl Terms<'_> {
    fn value<'v>(&'v self, id: &str, masked: &'v str) -> &'v str {
        self.raw.get(id).map_or(masked, String::as_str)
    }
}

/// A file with all its members.
pub fn explanation(done: &Explanation) -> String {
    let terms = Terms { whys: &done.whys, raw: &done.raw };
    let told: Vec<&Node> = done.nodes.iter().filter(|n| !n.is_empty()).collect();
    if told.is_empty() {
        return "Nothing there: no record, no number without a name, and nothing that looks like a number.\n"
            .to_owned();
    }
    told.into_iter().map(|n| node(n, &terms)).collect::<Vec<_>>().join("\n")
}

fn node(node: &Node, terms: &Terms<'_>) -> String {
    let mut out = node.file.as_ref().map(file).unwrap_or_default();
    let records = node.records.iter().map(|r| record(r, terms));
    let numbers = node.loose.iter().map(|e| loose(e, terms));
    for block in records.chain(numbers) {
        out += "\n";
        out += &block;
    }
    if !node.dropped.is_empty() {
        out += "\nWhy not\n";
        node.dropped.iter().for_each(|d| why_not(d, &mut out));
    }
    if node.more > 0 {
        let _ = writeln!(
            out,
            "\n… and {}; narrow it down with --at",
            counted(node.more, "more entry", "more entries")
        );
    }
    out
}

fn path(at: &PathRef, member: &[String]) -> String {
    std::iter::once(&at.path).chain(member).map(String::as_str).collect::<Vec<_>>().join(" › ")
}

fn file(file: &FileLine) -> String {
    let coverage = match file.coverage {
        Coverage::Examined => "examined",
        Coverage::Partial => "partly examined",
        Coverage::Encrypted => "encrypted",
        Coverage::NotExamined => "not examined",
    };
    let mut out = format!("{} ({}, {coverage})\n", path(&file.at, &file.member), file.format);
    for gap in &file.gaps {
        let detail = gap.detail.as_deref().map(|d| format!(": {d}")).unwrap_or_default();
        let extent = gap.extent.as_deref().map(|e| format!(" ({e})")).unwrap_or_default();
        let _ = writeln!(out, "  not read: {}{detail}{extent}", gap.cause.word());
    }
    out
}

/// The head of a block: where, and its level.
fn head(at: &PathRef, member: &[String], location: &Location, what: &str) -> String {
    let place = words::place(location);
    let place = if place.is_empty() { place } else { format!(" › {place}") };
    format!("{}{place} · {what}\n", path(at, member))
}

fn row(name: &str, text: &str) -> String {
    format!("  {name:<16} {text}\n")
}

/// A record: person, numbers with their reasons, link, residency, level.
pub fn record(r: &Record, terms: &Terms<'_>) -> String {
    let mut out =
        head(&r.at, &r.member, &r.location, &format!("record, confidence {}", words::level(r.confidence)));
    let person = &r.person;
    let name = terms.value(&person.id, &person.masked);
    out += &row("name", &beside(name, &person.location, words::level(person.confidence)));
    r.elements.iter().for_each(|e| element(e, &r.location, terms, &mut out));
    out += &row("link", words::link(r.link));
    let rules: Vec<_> = r.residency_rules.iter().map(|rule| words::residency_rule(rule)).collect();
    let rules =
        if rules.is_empty() { "nothing says where the person lives".to_owned() } else { rules.join("; ") };
    out += &row("Massachusetts", &format!("{}: {rules}", words::residency(r.residency)));
    if !r.credentials.is_empty() {
        out += &row("beside it", &r.credentials.join(", "));
    }
    if r.shared {
        out += &row("shared", "the source says that the number is that of several people");
    }
    out += &row("confidence", &limits(r));
    out
}

/// A number without a name.
pub fn loose(line: &ElementLine, terms: &Terms<'_>) -> String {
    let e = &line.element;
    let what = format!("number without a name, confidence {}", words::level(e.confidence));
    let mut out = head(&line.at, &line.member, &e.location, &what);
    element(e, &e.location, terms, &mut out);
    out += &row("no record", &line.reason);
    out
}

fn beside(value: &str, at: &Location, rest: &str) -> String {
    let place = words::place(at);
    let place = if place.is_empty() { place } else { format!("{place} · ") };
    format!("{value:<19} {place}{rest}")
}

fn element(e: &Element, outer: &Location, terms: &Terms<'_>, out: &mut String) {
    let mut rest = format!("{}, {}", words::level(e.confidence), points(e.score));
    let class = serde_json::to_value(e.class).ok();
    let class = class.as_ref().and_then(|c| c.as_str()).filter(|c| *c != "pi");
    for word in [e.variant.as_deref(), e.state.as_deref(), class].into_iter().flatten() {
        let _ = write!(rest, ", {word}");
    }
    // Within its own block only what differs from the head is worth repeating.
    let own = if e.location == *outer { Location::default() } else { e.location.clone() };
    let own = Location { line: own.line.filter(|_| within(&own, outer).line != outer.line), ..own };
    *out += &row(e.kind.word(), &beside(terms.value(&e.id, &e.masked), &own, &rest));
    match terms.whys.get(e.why.as_str()) {
        Some(list) => evidence(list, e.score, out),
        None => *out += "       the reasons are missing in the result\n",
    }
}

fn points(score: i32) -> String {
    if score == 1 { "1 point".to_owned() } else { format!("{score} points") }
}

fn evidence(list: &[Evidence], score: i32, out: &mut String) {
    for e in list {
        let points = if e.points == 0 { "·".to_owned() } else { format!("{:+}", e.points) };
        let _ = writeln!(out, "    {points:>4}  {} ({})", e.text, e.rule);
    }
    let sum: i32 = list.iter().map(|e| e.points).sum();
    let held = match score {
        s if s < sum.min(100) => Some("a rule without points caps it at"),
        s if s > sum.max(0) => Some("a rule without points lifts it to"),
        _ => None,
    };
    if let Some(held) = held {
        let _ = writeln!(out, "       =  {sum}; {held} {score}");
    }
}

fn why_not(d: &WhyNot, out: &mut String) {
    let place = words::place(&d.location);
    let place = if place.is_empty() { place } else { format!("{place}: ") };
    let kind = d.kind.map(|k| format!("{}: ", k.word())).unwrap_or_default();
    let scored = d.score.map(|s| format!("{}, ", points(s))).unwrap_or_default();
    let value = d.raw.as_deref().unwrap_or(&d.masked);
    let _ = writeln!(out, "  {place}{value}  {kind}{scored}{}", d.why);
    if let Some(score) = d.score {
        evidence(&d.evidence, score, out);
    }
}

/// What the level of a record is the least of, and which of the three holds it there.
fn limits(r: &Record) -> String {
    let number = r.elements.iter().map(|e| e.confidence).max().unwrap_or(Confidence::Low);
    let name = r.person.confidence;
    let link = link_level(r, number.min(name));
    let parts = [("number", number), ("name", name), ("link", link)];
    let list = parts.map(|(part, level)| format!("{part} {}", words::level(level))).join(", ");
    let least: Vec<&str> = parts.iter().filter(|(_, l)| *l == r.confidence).map(|(p, _)| *p).collect();
    let held = if least.len() == 3 || r.confidence == Confidence::High {
        String::new()
    } else {
        format!("; limited by the {}", least.join(" and the "))
    };
    format!("{} = the least of {list}{held}", words::level(r.confidence))
}

/// The level of a link. A result does not hold it; but it follows from the link, from where name and numbers
/// stand, or from the level of the record where that lies below `others`, the lesser of number and name.
fn link_level(r: &Record, others: Confidence) -> Confidence {
    if r.confidence < others {
        return r.confidence;
    }
    let elsewhere = |l: &Location| l.line.is_some() || l.paragraph.is_some() || l.page.is_some();
    let usual = match r.link {
        Link::Row | Link::Object | Link::Form | Link::SelfContained => Confidence::High,
        Link::Near if !r.elements.iter().any(|e| elsewhere(&e.location)) => Confidence::High,
        Link::Near | Link::SingleSubject | Link::Envelope | Link::Joined => Confidence::Medium,
        Link::Document => Confidence::Low,
    };
    usual.max(r.confidence)
}

#[cfg(test)]
mod tests;
