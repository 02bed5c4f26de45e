//! Lines of text from positioned glyphs.
//!
//! A line is what shares a baseline on the page, whatever the order of drawing: the cells of a table row come out
//! as one line, separated by tabs, because name and number of a record mostly stand in one row. Glyphs that
//! follow each other closely are joined however many strings they were drawn with.

/// Widest gap that still joins, in em.
const JOIN: f64 = 0.15;
/// Widest gap that is a space, in em; a wider one separates columns.
const COLUMN: f64 = 2.0;
/// Largest change of the baseline inside a run, in em (superscripts).
const SHIFT: f64 = 0.5;
/// Largest distance of baselines of one line, in em of the smaller font.
const SAME_LINE: f64 = 0.35;

/// A glyph on the page, y growing downwards.
pub(super) struct Spot {
    /// Origin of the glyph.
    pub(super) at: (f64, f64),
    /// Direction of writing; any length.
    pub(super) along: (f64, f64),
    /// Advance in the direction of writing.
    pub(super) advance: f64,
    /// Size of the font.
    pub(super) em: f64,
}

impl Spot {
    /// Distance from the end of this glyph to the start of `next` in the direction of writing.
    pub(super) fn gap_to(&self, next: &Spot) -> f64 {
        let length = self.along.0.hypot(self.along.1);
        let (x, y) = (next.at.0 - self.at.0, next.at.1 - self.at.1);
        (x * self.along.0 + y * self.along.1) / length - self.advance
    }
}

/// Glyphs that touch, in the turned coordinates of their direction of writing.
struct Word {
    text: String,
    start: f64,
    end: f64,
    em: f64,
}

/// Words drawn one after the other on one baseline. They stay on one line even if the page is scanned askew.
struct Piece {
    words: Vec<Word>,
    /// Direction of writing in whole degrees, 0 to 359.
    angle: u16,
    /// Baseline at the start; grows down the page.
    baseline: f64,
    /// Baseline at the last glyph.
    current: f64,
    /// Size of the first font.
    em: f64,
}

/// Collects glyphs and makes lines of them.
#[derive(Default)]
pub(super) struct Layout {
    pieces: Vec<Piece>,
}

impl Layout {
    /// Adds a glyph in the order of drawing. A position that is no number is taken for 0.
    pub(super) fn push(&mut self, text: &str, spot: &Spot) {
        let angle = angle(spot.along);
        let (sin, cos) = f64::from(angle).to_radians().sin_cos();
        let start = finite(spot.at.0 * cos + spot.at.1 * sin);
        let baseline = finite(spot.at.1 * cos - spot.at.0 * sin);
        let em = if spot.em.is_finite() && spot.em > 1e-3 { spot.em } else { 1.0 };
        let word = Word { text: text.to_owned(), start, end: start + finite(spot.advance).max(0.0), em };
        match self.pieces.last_mut().filter(|piece| piece.angle == angle) {
            Some(piece) => {
                if let Err(word) = piece.take(word, baseline) {
                    self.pieces.push(Piece { words: vec![word], angle, baseline, current: baseline, em });
                }
            }
            None => self.pieces.push(Piece { words: vec![word], angle, baseline, current: baseline, em }),
        }
    }

    /// The lines: upright text first, top to bottom, then turned text.
    pub(super) fn lines(mut self) -> Vec<String> {
        self.pieces.sort_by(|a, b| a.angle.cmp(&b.angle).then(a.baseline.total_cmp(&b.baseline)));
        let mut rows: Vec<Vec<Word>> = Vec::new();
        let mut row = 0..0;
        for i in 0..=self.pieces.len() {
            let same =
                self.pieces.get(i).is_some_and(|p| row.is_empty() || same_line(&self.pieces[row.start], p));
            if !same && !row.is_empty() {
                let pieces = self.pieces[row.clone()].iter_mut();
                rows.push(sorted(pieces.flat_map(|piece| piece.words.drain(..)).collect()));
                row.start = i;
            }
            row.end = i + 1;
        }
        let mut lines = Vec::new();
        let mut from = 0;
        while from < rows.len() {
            let block = &rows[from..from + table_from(&rows[from..])];
            let edges = if block.len() >= TABLE { edges(block) } else { Vec::new() };
            lines.extend(block.iter().map(|words| join(words, &edges)));
            from += block.len();
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// From how many lines with gaps between columns on they are a table.
const TABLE: usize = 3;
/// How far apart two words may begin and still stand in one column, in points.
const EDGE: f64 = 1.5;

fn sorted(mut words: Vec<Word>) -> Vec<Word> {
    words.retain(|word| !word.text.trim().is_empty());
    words.sort_by(|a, b| a.start.total_cmp(&b.start));
    words
}

/// True if a gap between columns parts the words.
fn is_cells(words: &[Word]) -> bool {
    words.windows(2).any(|w| w[1].start - w[0].end > COLUMN * w[0].em.max(w[1].em))
}

/// How many lines from the first on may be one table: lines with wide gaps, and single lines without between them.
fn table_from(rows: &[Vec<Word>]) -> usize {
    let mut n = 0;
    while n < rows.len()
        && (is_cells(&rows[n]) || n > 0 && rows.get(n + 1).is_some_and(|next| is_cells(next)))
    {
        n += 1;
    }
    n.max(1)
}

/// Where the columns of a table begin: where a wide gap ends in one line (mostly that of the headings) and a word
/// begins in another. A long cell leaves only a narrow gap to the next column.
fn edges(block: &[Vec<Word>]) -> Vec<f64> {
    let wide = |w: &&[Word]| w[1].start - w[0].end > COLUMN * w[0].em.max(w[1].em);
    let mut starts: Vec<f64> =
        block.iter().flat_map(|words| words.windows(2).filter(wide).map(|w| w[1].start)).collect();
    starts.sort_by(f64::total_cmp);
    starts.dedup_by(|a, b| (*a - *b).abs() <= EDGE);
    let begins = |words: &[Word], x: f64| words.iter().any(|w| (w.start - x).abs() <= EDGE);
    starts.retain(|x| block.iter().filter(|words| begins(words, *x)).take(2).count() == 2);
    starts
}

impl Piece {
    /// Takes the glyph if it continues this piece, else gives it back.
    fn take(&mut self, glyph: Word, baseline: f64) -> Result<(), Word> {
        let Some(last) = self.words.last_mut() else { return Err(glyph) };
        let size = glyph.em.max(last.em);
        let (gap, shift) = (glyph.start - last.end, (baseline - self.current).abs());
        if (-SHIFT * size..=JOIN * size).contains(&gap) && shift <= SHIFT * size {
            last.text.push_str(&glyph.text);
            last.end = glyph.end.max(last.start);
            last.em = glyph.em;
        } else if gap > 0.0 && gap <= COLUMN * size && shift <= 0.1 * size {
            self.words.push(glyph);
        } else {
            return Err(glyph);
        }
        self.current = baseline;
        Ok(())
    }
}

fn finite(x: f64) -> f64 {
    if x.is_finite() { x } else { 0.0 }
}

fn angle(along: (f64, f64)) -> u16 {
    let degrees = along.1.atan2(along.0).to_degrees().round().rem_euclid(360.0);
    // The remainder of a value between 0 and 360 fits; NaN becomes 0.
    #[expect(clippy::cast_sign_loss, reason = "the remainder is not negative")]
    let whole = degrees as u16;
    whole % 360
}

fn same_line(first: &Piece, piece: &Piece) -> bool {
    first.angle == piece.angle && piece.baseline - first.baseline <= SAME_LINE * first.em.min(piece.em)
}

/// Puts the words of a line together; `edges` are where the columns of its table begin.
fn join(words: &[Word], edges: &[f64]) -> String {
    let mut line = String::new();
    let mut before: Option<&Word> = None;
    for word in words {
        let Some(last) = before.replace(word) else {
            line.push_str(word.text.trim_start());
            continue;
        };
        let em = last.em.max(word.em);
        if word.text == last.text && (word.start - last.start).abs() < 0.2 * em {
            continue; // drawn twice to look bold, or to cast a shadow
        }
        let column = edges.iter().any(|x| (word.start - x).abs() <= EDGE);
        match word.start - last.end {
            gap if gap > COLUMN * em || column && gap > JOIN * em => {
                line.truncate(line.trim_end().len());
                line.push('\t');
            }
            gap if !(-SHIFT * em..=JOIN * em).contains(&gap) && !line.ends_with(' ') => line.push(' '),
            _ => {}
        }
        line.push_str(if line.ends_with(['\t', ' ']) { word.text.trim_start() } else { &word.text });
    }
    line.truncate(line.trim_end().len());
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws `text` with a font of 10 units whose glyphs are all 5 units wide.
    fn draw(layout: &mut Layout, text: &str, x: f64, y: f64) {
        for (c, i) in text.chars().zip(0u8..) {
            let at = (x + 5.0 * f64::from(i), y);
            layout.push(&c.to_string(), &Spot { at, along: (1.0, 0.0), advance: 5.0, em: 10.0 });
        }
    }

    fn lines(drawn: &[(&str, f64, f64)]) -> Vec<String> {
        let mut layout = Layout::default();
        for &(text, x, y) in drawn {
            draw(&mut layout, text, x, y);
        }
        layout.lines()
    }

    #[test]
    fn pieces_of_a_number_are_joined() {
        assert_eq!(lines(&[("078-", 0.0, 0.0), ("05-", 21.0, 0.0), ("1120", 36.0, 0.0)]), ["078-05-1120"]);
    }

    #[test]
    fn gaps_are_nothing_a_space_or_a_tab() {
        assert_eq!(
            lines(&[("a", 0.0, 0.0), ("b", 6.0, 0.0), ("c", 14.0, 0.0), ("d", 60.0, 0.0)]),
            ["ab c\td"]
        );
    }

    #[test]
    fn a_table_drawn_by_columns_comes_out_by_rows() {
        let drawn = [("Ann", 0.0, 0.0), ("Bob", 0.0, 12.0), ("111", 100.0, 0.0), ("222", 100.0, 12.0)];
        assert_eq!(lines(&drawn), ["Ann\t111", "Bob\t222"]);
    }

    #[test]
    fn a_long_cell_does_not_run_into_the_next_column() {
        let drawn = [
            ("Name", 0.0, 10.0),
            ("SSN", 100.0, 10.0),
            ("Hargrove Tobias", 0.0, 20.0),
            ("024", 100.0, 20.0),
            ("Lindqvist Maeve X", 0.0, 30.0),
            ("031", 100.0, 30.0),
            ("Li Ng", 0.0, 40.0),
            ("035", 100.0, 40.0),
        ];
        let lines = lines(&drawn);
        assert!(lines.iter().all(|l| l.matches('\t').count() == 1), "{lines:?}");
    }

    #[test]
    fn text_drawn_twice_is_taken_once() {
        assert_eq!(lines(&[("Total", 0.0, 0.0), ("Total", 0.4, 0.1)]), ["Total"]);
    }

    #[test]
    fn turned_text_keeps_its_lines() {
        let mut layout = Layout::default();
        for (c, i) in "up".chars().zip(0u8..) {
            let at = (50.0, 100.0 - 5.0 * f64::from(i));
            layout.push(&c.to_string(), &Spot { at, along: (0.0, -1.0), advance: 5.0, em: 10.0 });
        }
        draw(&mut layout, "flat", 0.0, 90.0);
        assert_eq!(layout.lines(), ["flat", "up"]);
    }

    #[test]
    fn senseless_numbers_do_no_harm() {
        let mut layout = Layout::default();
        let spot = Spot { at: (f64::NAN, f64::INFINITY), along: (0.0, f64::NAN), advance: f64::NAN, em: 0.0 };
        layout.push("x", &spot);
        assert_eq!(layout.lines(), ["x"]);
    }
}
