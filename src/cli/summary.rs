//! The summary on the terminal: what was found, what could not be read, and what to do next.
//!
//! Every number in it comes from the result or is counted from the same events; the four coverages always add up
//! to the paths that were met.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::advice::advice;
use super::facts::{Facts, TopFile};
use super::format::{bounds, bytes, counted, day, duration, thousands, width as columns_of};
use super::table::{Cell, Column, table};
use super::terminal::sanitised;
use crate::coverage::Class;
use crate::event::{Bounds, Confidence, Residency, Summary};
use crate::report::words::{exposure, gap_line, kind_word, sum_line};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

const COLUMNS: [Column; 8] = [
    column("LEVEL", false),
    Column { head: "FILE", right: false, flexible: true },
    column("RECORDS", true),
    column("PEOPLE", true),
    column("MA", true),
    column("KINDS", false),
    column("EXPOSURE", false),
    column("MODIFIED", false),
];

const fn column(head: &'static str, right: bool) -> Column {
    Column { head, right, flexible: false }
}

/// The whole summary, with colours, in lines of `width` columns; `results` are what it was written to.
pub fn render(facts: &Facts, summary: &Summary, results: &[String], width: usize) -> String {
    let mut out = String::from("\n");
    if !summary.complete {
        let why = if summary.interrupted {
            "Stopped before the end"
        } else {
            "Some paths were met and not settled"
        };
        let _ = writeln!(out, "{BOLD}{why}: this is not the whole.{BOLD:#}");
    }
    headline(facts, summary, width, &mut out);
    files(facts, summary, width, &mut out);
    out.push('\n');
    coverage(summary, &mut out);
    let lines = advice(facts, !results.is_empty(), width);
    if !lines.is_empty() {
        let _ = writeln!(out, "\n{BOLD}What to do next{BOLD:#}");
        for line in &lines {
            out.extend(["  • ", line, "\n"]);
        }
    }
    out.push('\n');
    closing(summary, results, &mut out);
    out
}

fn headline(facts: &Facts, summary: &Summary, width: usize, out: &mut String) {
    let law = "(M.G.L. c. 93H)";
    if facts.files == 0 {
        let _ = writeln!(
            out,
            "{BOLD}No records of personal information {law} found in what was examined{BOLD:#}"
        );
        return;
    }
    let found = format!(
        "Personal information {law} in {} · {} · {} distinct people",
        counted(facts.files, "file", "files"),
        counted(facts.records, "record", "records"),
        bounds(summary.residents.total),
    );
    let grades = &summary.residents.by_residency;
    let of = |grade| bounds(grades.get(&grade).map_or_else(Bounds::default, |g| g.total));
    let (confirmed, likely) = (of(Residency::Confirmed), of(Residency::Likely));
    let residents = format!("of them {confirmed} confirmed and {likely} likely Massachusetts residents");
    let fits = columns_of(&found) + columns_of(&residents) + 3 <= width;
    let between = if fits { " · " } else { "\n  " };
    let _ = writeln!(out, "{BOLD}{found}{BOLD:#}{between}{residents}");
}

fn files(facts: &Facts, summary: &Summary, width: usize, out: &mut String) {
    if !facts.top.is_empty() {
        let rows: Vec<_> = facts.top.iter().map(row).collect();
        out.push_str(&table(&COLUMNS, &rows, width));
    }
    if let Some(parts) = summary.residents.parts {
        let _ = writeln!(
            out,
            "  {DIM}Too many people to tell apart at once: counted in {parts} parts, whose upper bounds are added up.{DIM:#}"
        );
    }
    let more = facts.files - facts.top.len() as u64;
    if more > 0 {
        let _ = writeln!(out, "  {DIM}… {}{DIM:#}", counted(more, "more file", "more files"));
    }
    if facts.least != Confidence::Medium && facts.files > 0 {
        let _ = writeln!(out, "  {DIM}People are counted from records of medium and high confidence.{DIM:#}");
    }
    if facts.below > 0 {
        let below = counted(facts.below, "record", "records");
        let _ = writeln!(out, "  {DIM}{below} of lower confidence not shown (--min-confidence low){DIM:#}");
    }
}

fn row(file: &TopFile) -> [Cell; 8] {
    let (level, colour) = match file.level {
        Confidence::High => ("high", AnsiColor::Red),
        Confidence::Medium => ("medium", AnsiColor::Yellow),
        Confidence::Low => ("low", AnsiColor::Blue),
    };
    let nobody = file.people.upper == 0;
    let people = if nobody { "–".to_owned() } else { bounds(file.people) };
    let massachusetts = match file.massachusetts {
        _ if nobody => "–".to_owned(),
        Some(known) => bounds(known),
        None => "?".to_owned(),
    };
    [
        Cell { text: level.to_owned(), style: Style::new().fg_color(Some(colour.into())) },
        sanitised(&file.path).into(),
        thousands(file.records).into(),
        people.into(),
        massachusetts.into(),
        file.kinds.iter().map(|kind| kind_word(*kind)).collect::<Vec<_>>().join(", ").into(),
        file.exposure.map_or_else(|| "?".to_owned(), exposure).into(),
        file.modified.as_deref().map_or("?", day).into(),
    ]
}

fn coverage(summary: &Summary, out: &mut String) {
    let _ = writeln!(out, "{BOLD}Coverage{BOLD:#}  {}", sum_line(&summary.files, ("file", "files")));
    if summary.members.met > 0 {
        let _ = writeln!(out, "          {}", sum_line(&summary.members, ("member", "members")));
    }
    let classes = [
        (Class::Failed, "failed", Style::new().fg_color(Some(AnsiColor::Red.into()))),
        (Class::ByNature, "by nature", Style::new()),
        (Class::ByChoice, "by choice", Style::new()),
    ];
    for (class, name, style) in classes {
        if let Some(gaps) = gap_line(&summary.gaps, class) {
            let _ = writeln!(out, "  {style}{name:<9}{style:#}  {gaps}");
        }
    }
}

fn closing(summary: &Summary, results: &[String], out: &mut String) {
    let _ = write!(out, "Took {} ({}", duration(summary.elapsed), bytes(summary.bytes));
    if summary.elapsed >= 1.0 {
        #[expect(clippy::cast_sign_loss, reason = "neither is negative")]
        let rate = (summary.bytes as f64 / summary.elapsed) as u64;
        let _ = write!(out, ", {}/s", bytes(rate));
    }
    out.push_str(").");
    if !results.is_empty() {
        let names: Vec<_> = results.iter().map(|name| sanitised(name)).collect();
        let _ = write!(out, " Result: {}", names.join(" "));
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::facts::tests::file;
    use super::*;
    use crate::event::{Event, FileLine};
    use crate::result::Tally;

    fn shown(files: &[FileLine], lost: u64) -> String {
        let (mut facts, mut tally) = (Facts::new(Confidence::Medium), Tally::new());
        for file in files {
            let event = Event::File(Box::new(file.clone()));
            facts.add(&event);
            tally.add(&event);
        }
        let summary = tally.summary(2467.0, false, files.len() as u64 + lost);
        let text = render(&facts, &summary, &["july.jsonl".into()], 100);
        anstream::adapter::strip_str(&text).to_string()
    }

    #[test]
    fn says_what_was_found_where() {
        let files: Vec<_> =
            (0..20).map(|n| file(n, &format!("hr/{}{n}.csv", "long/".repeat(30)), 2, n)).collect();
        let text = shown(&files, 0);
        assert!(text.contains("Personal information (M.G.L. c. 93H) in 20 files · 40 records · "), "{text}");
        assert!(text.contains("  … 5 more files\n"), "{text}");
        assert!(text.contains("  everyone:r  2019-04-02\n"), "{text}");
        assert!(text.lines().filter(|l| l.starts_with("  high")).all(|l| columns_of(l) <= 100), "{text}");
        assert!(text.ends_with("Took 41 m 07 s (0 B, 0 B/s). Result: july.jsonl\n"), "{text}");
    }

    #[test]
    fn finding_nothing_is_said_with_its_limits() {
        let text = shown(&[file(1, "a", 0, 0)], 0);
        assert!(
            text.contains("No records of personal information (M.G.L. c. 93H) found in what was examined\n")
        );
        assert!(text.contains("Coverage  1 file = 1 examined + 0 partly + 0 encrypted + 0 not examined\n"));
        assert!(!text.contains("What to do next"), "{text}");
    }

    #[test]
    fn what_was_lost_is_part_of_the_sum() {
        let text = shown(&[file(1, "a", 0, 0)], 2);
        assert!(
            text.contains("3 files = 1 examined + 0 partly + 0 encrypted + 0 not examined + 2 not settled\n")
        );
        assert!(text.contains("not the whole"));
    }
}
