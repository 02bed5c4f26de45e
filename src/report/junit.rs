//! `.xml`: `JUnit` XML as CI systems read it: one suite for findings, one for coverage.
//!
//! A file with findings is a failed test; what failed to be examined is an error, what has no text by its nature is
//! skipped. One passed test stands for all files in which nothing was found, so that a clean run is not an empty one.

use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use super::coverage::{statement, unfinished};
use super::group::{Placed, Worst, below};
use super::rule::Rule;
use super::words::{class, counted, sanitised};
use super::{Context, Output, Overview, Report};
use crate::coverage::Class;
use crate::event::Event;

/// Failures listed; CI systems show pages of them at most.
const MOST: usize = 5000;
/// Paths named for one cause.
const MOST_NAMED: usize = 100;

/// Collects groups and gaps, and writes the document at the end.
pub struct Junit {
    out: BufWriter<Box<dyn Output>>,
    groups: Worst,
    /// Gaps by class: how many, and the first of them in words.
    gaps: [(u64, Vec<String>); 3],
}

const CLASSES: [Class; 3] = [Class::Failed, Class::ByNature, Class::ByChoice];

impl Junit {
    /// Writes to `out`.
    pub fn new(out: Box<dyn Output>) -> Self {
        Junit { out: BufWriter::new(out), groups: Worst::new(MOST), gaps: Default::default() }
    }

    fn gap(&mut self, of: Class, text: String) {
        let at = CLASSES.iter().position(|c| *c == of).unwrap_or(0);
        let (count, named) = &mut self.gaps[at];
        *count += 1;
        if named.len() < MOST_NAMED {
            named.push(text);
        }
    }

    /// The suite of findings, and how many tests in it fail.
    fn findings(&mut self, overview: &Overview) -> (String, usize) {
        let cut = self.groups.cut();
        let groups = self.groups.take();
        let (failed, loose): (Vec<_>, Vec<_>) = groups.into_iter().partition(|placed| placed.group.named);
        let mut cases: String = failed.iter().map(case).collect();
        cases.push_str(
            "<testcase classname=\"revere\" name=\"everything else examined holds no records\"/>\n",
        );
        let mut said = vec![counted(overview.shown_records(), "record", "records")];
        said.extend(cut);
        said.extend(
            Some(below(overview)).filter(|n| *n > 0).map(|n| format!("{n} of lower confidence not listed")),
        );
        said.extend(loose.iter().map(|placed| format!("{}: {}", placed.shown, placed.group.sentence())));
        let out = text(&said.join("\n"));
        (format!("{cases}<system-out>{out}</system-out>\n"), failed.len())
    }

    /// The suite of coverage with its numbers of errors and skipped tests, and of all tests.
    fn coverage(&self, overview: &Overview) -> (String, [usize; 3]) {
        let (mut cases, mut counts) = (String::new(), [0; 3]);
        for (of, (count, named)) in CLASSES.into_iter().zip(&self.gaps).filter(|(_, (count, _))| *count > 0) {
            let more = count - named.len() as u64;
            let mut lines = named.join("\n");
            if more > 0 {
                let _ = write!(lines, "\n… {more} more");
            }
            let title = format!("not examined, {}: {}", class(of), counted(*count, "gap", "gaps"));
            let (tag, place) = if of == Class::Failed { ("error", 0) } else { ("skipped", 1) };
            counts[place] += 1;
            counts[2] += 1;
            let body = if tag == "error" {
                format!("<error message=\"{}\" type=\"coverage\">{}</error>", text(&title), text(&lines))
            } else {
                format!("<skipped message=\"{}\">{}</skipped>", text(&title), text(&lines))
            };
            let _ = writeln!(
                cases,
                "<testcase classname=\"coverage\" name=\"{}\">{body}</testcase>",
                text(&title)
            );
        }
        if let Some(why) = unfinished(&overview.summary) {
            counts[0] += 1;
            counts[2] += 1;
            let error = format!("<error message=\"{why}\" type=\"coverage\"/>");
            let _ = writeln!(
                cases,
                "<testcase classname=\"coverage\" name=\"the scan is complete\">{error}</testcase>"
            );
        }
        counts[2] += 1;
        cases.push_str("<testcase classname=\"coverage\" name=\"the sums add up\"/>\n");
        let said = text(&statement(overview).join("\n"));
        (format!("{cases}<system-out>{said}</system-out>\n"), counts)
    }
}

fn case(placed: &Placed) -> String {
    let group = &placed.group;
    let (_, rule) = Rule::of(group.kind);
    let name = format!("{}: {}", group.subject(), rule.title);
    format!(
        "<testcase classname=\"{}\" name=\"{}\"><failure message=\"{}\" type=\"{}\">{}</failure></testcase>\n",
        text(&placed.shown),
        text(name.trim_start_matches(": ")),
        text(&group.headline()),
        rule.id,
        text(&group.sentence()),
    )
}

/// A text as content or attribute of XML: no mark, no quote, and no control character, which XML 1.0 cannot hold
/// in any spelling.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for (n, line) in raw.split('\n').enumerate() {
        if n > 0 {
            out.push_str("&#10;");
        }
        for c in sanitised(line).chars() {
            match c {
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '&' => out.push_str("&amp;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&apos;"),
                c => out.push(c),
            }
        }
    }
    out
}

impl Report for Junit {
    fn begin(&mut self, _: &Overview) -> io::Result<()> {
        Ok(())
    }

    fn line(&mut self, context: &Context<'_>, event: &Event) -> io::Result<()> {
        self.groups.add(context, event);
        match event {
            Event::File(file) => {
                for gap in &file.gaps {
                    let place = std::iter::once(context.shown).chain(file.member.iter().map(String::as_str));
                    let place = place.collect::<Vec<_>>().join(" › ");
                    self.gap(gap.class, format!("{}: {}", sanitised(&place), gap.cause.word()));
                }
            }
            Event::Gap(gap) => {
                self.gap(gap.class, format!("{}: {}", sanitised(context.shown), gap.cause.word()));
            }
            _ => {}
        }
        Ok(())
    }

    fn finish(&mut self, overview: &Overview) -> io::Result<()> {
        let (findings, failures) = self.findings(overview);
        let (coverage, [errors, skipped, tests]) = self.coverage(overview);
        let time = overview.summary.elapsed;
        let all = failures + 1;
        let total = all + tests;
        write!(
            self.out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <testsuites name=\"revere\" tests=\"{total}\" failures=\"{failures}\" errors=\"{errors}\" \
             time=\"{time:.3}\">\n\
             <testsuite name=\"personal information\" tests=\"{all}\" failures=\"{failures}\" errors=\"0\" \
             skipped=\"0\" time=\"{time:.3}\">\n{findings}</testsuite>\n\
             <testsuite name=\"coverage\" tests=\"{tests}\" failures=\"0\" errors=\"{errors}\" \
             skipped=\"{skipped}\" time=\"0.000\">\n{coverage}</testsuite>\n</testsuites>\n"
        )?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn nothing_breaks_out_of_the_document() {
        assert_eq!(
            text("]]></failure><x a='\"'>&"),
            "]]&gt;&lt;/failure&gt;&lt;x a=&apos;&quot;&apos;&gt;&amp;"
        );
        assert_eq!(text("a\u{0}\u{1b}[31m\nb"), "a\\u{0}\\u{1b}[31m&#10;b");
    }
}
