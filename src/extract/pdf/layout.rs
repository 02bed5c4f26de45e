//! Lines of text from positioned glyphs.
//!
//! A line is what shares a baseline on the page, whatever the order of drawing: the cells of a table row come out
//! as one line, separated by tabs, because name and number of a record mostly stand in one row. Glyphs that
//! follow each other closely are joined however many strings they were drawn with.

mod blank;
mod carried;
mod columns;
mod wrapped;

pub(super) use carried::Carried;
use columns::{EDGE, TABLE};

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
#[derive(Clone)]
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

    /// The lines: upright text first, top to bottom, then turned text. Where running text leaves room for a line,
    /// there is an empty one. `before` is the table that the page before ends with.
    pub(super) fn lines(mut self, mut before: Option<Carried>) -> PageLines {
        let (rows, places) = self.rows();
        let parted = parted(&places);
        let mut page = PageLines::default();
        let (mut from, mut text) = (0, false);
        // Where the text of an item of a list begins, while its lines go on.
        let mut item: Option<f64> = None;
        while from < rows.len() {
            if let Some(more) =
                before.as_ref().filter(|_| from <= MARGIN).and_then(|t| t.go_on(&rows[from..]))
            {
                (before, text, item) = (None, false, None);
                from += more.taken;
                page.mended = more.mended;
                page.push(more.rows.iter().map(|cells| line(cells)));
                page.carried = Some(more.carried.at(page.lines.len()));
                continue;
            }
            let block = &rows[from..from + columns::table_from(&rows[from..])];
            let table = block.len() >= TABLE;
            let words: Vec<&[Word]> = block.iter().map(Vec::as_slice).collect();
            let rows = if table { table_of(&words).0 } else { words.iter().map(|w| cells(w, &[])).collect() };
            if !table && text && parted[from] {
                page.lines.push(String::new());
                item = None;
            }
            let more = block.len() == 1 && item.is_some_and(|x| begins_at(&block[0], x));
            if let Some(item) = page.lines.last_mut().filter(|_| more) {
                go_on(item, &line(&rows[0]));
            } else {
                page.push(rows.iter().map(|cells| line(cells)));
                item = item_at(&block[block.len() - 1]);
            }
            if table {
                before = None;
                page.carried = Carried::of(&words).map(|table| table.at(page.lines.len()));
            }
            text = !table;
            from += block.len();
        }
        for next in 1..page.lines.len() {
            mend_number(&mut page.lines, next);
        }
        page.carried = page.carried.take().filter(|table| page.lines.len() - table.end <= MARGIN);
        page
    }

    /// The words by rows, in the order of the lines, and where the rows stand.
    fn rows(&mut self) -> (Vec<Vec<Word>>, Vec<(u16, f64)>) {
        self.pieces.sort_by(|a, b| a.angle.cmp(&b.angle).then(a.baseline.total_cmp(&b.baseline)));
        let mut rows: Vec<Vec<Word>> = Vec::new();
        let mut places: Vec<(u16, f64)> = Vec::new();
        let mut row = 0..0;
        for i in 0..=self.pieces.len() {
            let same =
                self.pieces.get(i).is_some_and(|p| row.is_empty() || same_line(&self.pieces[row.start], p));
            if !same && !row.is_empty() {
                places.push((self.pieces[row.start].angle, self.pieces[row.start].baseline));
                let pieces = self.pieces[row.clone()].iter_mut();
                rows.push(sorted(pieces.flat_map(|piece| piece.words.drain(..)).collect()));
                row.start = i;
            }
            row.end = i + 1;
        }
        (rows, places)
    }
}

/// Lines that may stand below a table that goes on over the page, and above where it goes on.
const MARGIN: usize = 2;

/// The lines of a page.
#[derive(Default)]
pub(super) struct PageLines {
    /// The lines, top to bottom.
    pub(super) lines: Vec<String>,
    /// The last row of the table on the page before, if its cells go on here.
    pub(super) mended: Option<String>,
    /// The table that the page ends with.
    pub(super) carried: Option<Carried>,
}

impl PageLines {
    fn push(&mut self, lines: impl Iterator<Item = String>) {
        self.lines.extend(lines.filter(|line| !line.is_empty()));
    }
}

/// Where the text begins behind the mark of an item of a list.
fn item_at(words: &[Word]) -> Option<f64> {
    let [mark, text, ..] = words else { return None };
    matches!(mark.text.trim(), "•" | "●" | "◦" | "○" | "▪" | "■" | "‣" | "–").then_some(text.start)
}

/// True if a line begins at `x`.
fn begins_at(words: &[Word], x: f64) -> bool {
    words.first().is_some_and(|word| (word.start - x).abs() <= EDGE)
}

/// Adds a line to the item of a list that it goes on with.
fn go_on(item: &mut String, more: &str) {
    if !item.ends_with(['-', ' ']) {
        item.push(' ');
    }
    item.push_str(more);
}

/// The rows of a table, and the number of the line that each begins with.
fn table_of(block: &[&[Word]]) -> (Vec<Vec<Cell>>, Vec<usize>) {
    let edges = columns::edges(block);
    let mut rows: Vec<Vec<Cell>> = block.iter().map(|words| cells(words, &edges)).collect();
    let begun = wrapped::unwrap(&mut rows);
    blank::fill(&mut rows);
    (rows, begun)
}

/// From what part of the usual distance of lines on it is taken for a blank line between.
const BLANK: f64 = 1.5;

/// Above which lines more room is left than is usual on the page.
fn parted(places: &[(u16, f64)]) -> Vec<bool> {
    let step = |i: usize| i.checked_sub(1).map_or(0.0, |above| places[i].1 - places[above].1);
    let mut steps: Vec<f64> = (0..places.len()).map(step).filter(|step| *step > 0.0).collect();
    steps.sort_by(f64::total_cmp);
    let usual = steps.get(steps.len() / 4).copied().unwrap_or(f64::INFINITY);
    (0..places.len()).map(|i| step(i) > usual * BLANK).collect()
}

/// A number that is broken behind a hyphen at the end of a line is whole in that line.
fn mend_number(lines: &mut [String], next: usize) {
    let broken =
        lines[next - 1].strip_suffix('-').is_some_and(|line| line.ends_with(|c: char| c.is_ascii_digit()));
    if broken && lines[next].starts_with(|c: char| c.is_ascii_digit()) {
        let end = lines[next].find(char::is_whitespace).unwrap_or(lines[next].len());
        let rest = lines[next].split_off(end).trim_start().to_owned();
        let number = std::mem::replace(&mut lines[next], rest);
        lines[next - 1].push_str(&number);
    }
}

fn sorted(mut words: Vec<Word>) -> Vec<Word> {
    words.retain(|word| !word.text.trim().is_empty());
    words.sort_by(|a, b| a.start.total_cmp(&b.start));
    words
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

/// A stretch of a line between gaps of columns.
struct Cell {
    text: String,
    start: f64,
    end: f64,
    em: f64,
}

/// Puts the words of a line together; `edges` are where the columns of its table begin.
fn cells(words: &[Word], edges: &[f64]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut before: Option<&Word> = None;
    for word in words {
        let (Some(last), Some(cell)) = (before.replace(word), cells.last_mut()) else {
            cells.push(begun(word));
            continue;
        };
        let em = last.em.max(word.em);
        if word.text == last.text && (word.start - last.start).abs() < 0.2 * em {
            continue; // drawn twice to look bold, or to cast a shadow
        }
        let column = edges.iter().any(|x| last.end <= x + EDGE && *x <= word.start + EDGE);
        match word.start - last.end {
            gap if gap > COLUMN * em || column && gap > JOIN * em => {
                cells.push(begun(word));
                continue;
            }
            gap if !(-SHIFT * em..=JOIN * em).contains(&gap) && !cell.text.ends_with(' ') => {
                cell.text.push(' ');
            }
            _ => {}
        }
        cell.text.push_str(if cell.text.ends_with(' ') { word.text.trim_start() } else { &word.text });
        cell.end = word.end;
    }
    cells
}

fn begun(word: &Word) -> Cell {
    Cell { text: word.text.trim_start().to_owned(), start: word.start, end: word.end, em: word.em }
}

/// The text of a line, with tabs between the cells.
fn line(cells: &[Cell]) -> String {
    let texts: Vec<&str> = cells.iter().map(|cell| cell.text.trim_end()).collect();
    texts.join("\t")
}

#[cfg(test)]
mod tests;
