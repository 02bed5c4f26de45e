//! Text that is drawn on pages: the shapes of Visio and the runs of glyphs of XPS.
//!
//! It is running text, and no leaf of an object: a name in one shape and the number in the next belong together as
//! lines of a page do. Runs of glyphs on one baseline are one line. Sources: [MS-VSDX] 2.2.5.3.5 (`Text`), Open XML
//! Paper Specification (ECMA-388) 12.1 (`Glyphs`).

/// Where the text of a page stands, by the root element of the document.
#[derive(Default)]
pub(super) enum Drawn {
    /// Not a page.
    #[default]
    No,
    /// In elements `Text`; whether the last one had several lines.
    Shapes(bool),
    /// In attributes of `Glyphs`.
    Glyphs(Line),
}

/// The line of glyphs in hand, and the run that is being read.
#[derive(Default)]
pub(super) struct Line {
    text: String,
    baseline: f64,
    end: f64,
    /// The least distance of two lines so far.
    step: Option<f64>,
    /// True if room for a line is left above the line in hand.
    parted: bool,
    run: Run,
}

#[derive(Default)]
struct Run {
    text: String,
    at: (f64, f64),
    em: f64,
}

/// Widths of a digit and of another character in parts of the size of the font, as most fonts have them.
const WIDTHS: (f64, f64) = (0.556, 0.5);
/// Widest gaps, in parts of the size of the font, that join two runs or are a space.
const GAPS: (f64, f64) = (0.4, 2.0);
/// From what part of the usual distance of lines on it is taken for a blank line between.
const BLANK: f64 = 1.5;
/// Attributes of runs that say how they look, and nothing else.
const LOOKS: [&str; 10] = [
    "BidiLevel",
    "CaretStops",
    "DeviceFontName",
    "Fill",
    "FontUri",
    "Indices",
    "IsSideways",
    "Opacity",
    "RenderTransform",
    "StyleSimulations",
];
/// Longest line that is gathered, in bytes.
const LONGEST: usize = 1 << 16;

impl Drawn {
    /// By the name of the root element.
    pub(super) fn of(root: &str) -> Drawn {
        match root {
            "PageContents" | "MasterContents" => Drawn::Shapes(false),
            "FixedPage" => Drawn::Glyphs(Line::default()),
            _ => Drawn::No,
        }
    }

    /// True if the content of such an element is running text.
    pub(super) fn is_text(&self, element: &str) -> bool {
        matches!(self, Drawn::Shapes(_)) && element == "Text"
    }

    /// True if an empty line parts this text from the one before: both have several lines, and speak each of its own.
    pub(super) fn parts(&mut self, text: &str) -> bool {
        let Drawn::Shapes(before) = self else { return false };
        let several = text.trim().contains('\n');
        std::mem::replace(before, several) && several
    }

    /// Takes an attribute of a run of glyphs; false if it is none.
    pub(super) fn takes(&mut self, element: &str, name: &str, value: &str) -> bool {
        let Drawn::Glyphs(line) = self else { return false };
        let number = || value.parse().ok().filter(|n: &f64| n.is_finite()).unwrap_or(0.0);
        match name {
            _ if element != "Glyphs" => return false,
            // An empty pair of braces keeps a text that begins with one from being read as a reference.
            "UnicodeString" => value.strip_prefix("{}").unwrap_or(value).clone_into(&mut line.run.text),
            "OriginX" => line.run.at.0 = number(),
            "OriginY" => line.run.at.1 = number(),
            "FontRenderingEmSize" => line.run.em = number(),
            _ => return LOOKS.contains(&name),
        }
        true
    }

    /// Ends a run; the line before it, if the run begins another one. Where room is left above a line, a line break
    /// stands before it.
    pub(super) fn end_run(&mut self) -> Option<String> {
        let Drawn::Glyphs(line) = self else { return None };
        let run = std::mem::take(&mut line.run);
        if run.text.is_empty() {
            return None;
        }
        let same = (run.at.1 - line.baseline).abs() < run.em / 4.0 && line.text.len() < LONGEST;
        let done = if same { None } else { Some(line.done()) };
        if !same {
            line.part(run.at.1 - line.baseline);
        }
        if same && !line.text.is_empty() {
            let gap = run.at.0 - line.end;
            line.text.push_str(match () {
                () if gap.abs() <= GAPS.0 * run.em => "",
                () if gap <= GAPS.1 * run.em => " ",
                () => "\t",
            });
        }
        let digits = run.text.bytes().filter(u8::is_ascii_digit).count();
        let others = run.text.chars().count() - digits;
        line.end = run.at.0 + (digits as f64 * WIDTHS.0 + others as f64 * WIDTHS.1) * run.em;
        line.baseline = run.at.1;
        line.text.push_str(&run.text);
        done.filter(|text| !text.trim().is_empty())
    }

    /// The line that is left at the end of the page.
    pub(super) fn rest(&mut self) -> Option<String> {
        let Drawn::Glyphs(line) = self else { return None };
        Some(line.done()).filter(|text| !text.trim().is_empty())
    }
}

impl Line {
    fn done(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        if self.parted && !text.trim().is_empty() { format!("\n{text}") } else { text }
    }

    /// Notes how far the line that begins is from the one above.
    fn part(&mut self, step: f64) {
        let usual = self.step.unwrap_or(f64::INFINITY);
        self.parted = step > usual * BLANK;
        if step > 0.0 && step < usual {
            self.step = Some(step);
        }
    }
}
