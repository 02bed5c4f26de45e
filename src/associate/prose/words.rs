//! Words that tell what a line or a name is: where forms part, greetings, people beside the subject of a form.

/// True for a line that parts forms: a rule or a page break, and in one block of lines also a blank one.
pub(super) fn ends_form(line: &str, blank: bool) -> bool {
    let trimmed = line.trim_matches(' ');
    let rule = trimmed.len() >= 5 && trimmed.chars().all(|c| matches!(c, '-' | '=' | '_' | '*' | '#' | '~'));
    rule || line.contains('\u{c}') || blank && trimmed.trim().is_empty()
}

/// `Hi Gary` is no name.
pub(super) fn is_greeting(first: &str) -> bool {
    // `9:14 AM` is no name either.
    matches!(first, "AM" | "PM")
        || ["hi", "hello", "hey", "dear", "thanks", "regards"].iter().any(|w| first.eq_ignore_ascii_case(w))
}

/// True if the label before a name is that of somebody beside the subject of a form.
pub(super) fn is_bystander(before: &str) -> bool {
    let tail = before.trim_end_matches([':', ' ', '\t', '=', '.', '-', '_', '*']);
    let tail = &tail[tail.char_indices().rev().take(24).last().map_or(0, |(i, _)| i)..];
    let lower = tail.to_lowercase();
    [
        "emergency contact",
        "supervisor",
        "manager",
        "witness",
        "notary",
        "prepared by",
        "preparer",
        "reference",
        "physician",
        "referred by",
        "reviewed by",
        "approved by",
        "motion by",
        "moved by",
        "seconded by",
        "submitted by",
        "processed by",
        "agent",
        "contact person",
        "attorney",
        "arresting officer",
        "reporting officer",
        "investigating officer",
        "loan officer",
        "landlord",
        "town clerk",
        "clerk",
        "adjuster",
        "teller",
        "case worker",
        "caseworker",
        "interviewer",
    ]
    .iter()
    .any(|w| lower.ends_with(w))
}
