//! Which lines of a page are a table, and where its columns begin.

use super::{COLUMN, Word};

/// From how many lines with gaps between columns on they are a table.
pub(super) const TABLE: usize = 3;
/// How far apart two words may begin and still stand in one column, in points.
pub(super) const EDGE: f64 = 1.5;
/// Words of the headings that are looked at for columns without a wide gap before them; and of a line, for what it has
/// in common with the one above.
const HEADINGS: usize = 64;
/// Columns that are told apart; hostile pages may have one at every word.
const MOST: usize = 256;
/// A gap that is more than a space between words, in em.
const SPACE: f64 = 0.5;

/// True if a gap between columns parts the words.
fn is_cells(words: &[Word]) -> bool {
    words.windows(2).any(|w| is_wide(&w[0], &w[1]))
}

fn is_wide(left: &Word, right: &Word) -> bool {
    right.start - left.end > COLUMN * left.em.max(right.em)
}

fn begins(words: &[Word], x: f64) -> bool {
    words.iter().any(|w| (w.start - x).abs() <= EDGE)
}

/// How many lines from the first on may be one table: lines with wide gaps, lines whose words stand below those of
/// such a line, what goes on in a cell, and single lines between.
pub(super) fn table_from(rows: &[Vec<Word>]) -> usize {
    below(None, rows).max(1)
}

/// How many lines may be of one table with the line `above` them.
pub(super) fn below<'w>(mut above: Option<&'w [Word]>, rows: &'w [Vec<Word>]) -> usize {
    let mut n = 0;
    while let Some(row) = rows.get(n) {
        let next = || rows.get(n + 1).is_some_and(|next| is_cells(next));
        match above {
            _ if is_cells(row) => above = Some(row),
            Some(last) if is_row(last, row) => above = Some(row),
            Some(last) if goes_on(last, row) || next() => {}
            _ => break,
        }
        n += 1;
    }
    n
}

/// True if half of the words, and two at least, begin where words of the row above do: all cells are long.
fn is_row(above: &[Word], words: &[Word]) -> bool {
    let below = words.iter().filter(|w| begins(above, w.start)).take(HEADINGS).count();
    words.len() <= HEADINGS && below >= 2 && below * 2 >= words.len()
}

/// True if words stand below the beginnings of cells, and are fewer: a cell was too narrow for its text.
fn goes_on(above: &[Word], words: &[Word]) -> bool {
    let first = |i: usize| i == 0 || is_wide(&words[i - 1], &words[i]);
    words.len() * 2 <= above.len().min(HEADINGS)
        && (0..words.len()).filter(|i| first(*i)).all(|i| begins(above, words[i].start))
}

/// Where the columns of a table begin: where a wide gap ends in one line (mostly that of the headings) and a word
/// begins in another, or where a heading begins that no line runs across. A long cell, and one at the right edge of
/// its column, leave only a narrow gap to the next column; a narrow column leaves one in all lines, which counts if a
/// heading begins there too (groups of a number have none).
pub(super) fn edges(block: &[&[Word]]) -> Vec<f64> {
    let wide = |w: &&[Word]| is_wide(&w[0], &w[1]);
    let mut starts: Vec<f64> =
        block.iter().flat_map(|words| words.windows(2).filter(wide).map(|w| w[1].start)).collect();
    starts.sort_by(f64::total_cmp);
    starts.dedup_by(|a, b| (*a - *b).abs() <= EDGE);
    starts.truncate(MOST);
    let crosses = |words: &[Word], x: f64| words.iter().any(|w| w.start < x - EDGE && w.end > x + EDGE);
    let clear = |x: f64| !block.iter().any(|words| crosses(words, x));
    starts.retain(|x| {
        block.iter().filter(|words| begins(words, *x)).take(2).count() == 2
            || begins(block[0], *x) && clear(*x)
    });
    if block.len() > TABLE {
        // What goes on in a cell says nothing about the other columns.
        let full: Vec<&&[Word]> = block.iter().filter(|row| row.len() * 2 >= block[0].len()).collect();
        let most = |test: &dyn Fn(&[Word]) -> bool| {
            full.iter().filter(|words| test(words)).count() * 4 > full.len() * 3
        };
        let narrow = block[0].iter().skip(1).take(HEADINGS).map(|w| w.start);
        starts.extend(narrow.filter(|x| {
            (most(&|words| begins(words, *x)) || most(&|words| is_apart(words, *x))) && clear(*x)
        }));
    }
    starts
}

/// True if more than a space lies around this place, or nothing behind it.
fn is_apart(words: &[Word], x: f64) -> bool {
    let right = words.partition_point(|w| w.start < x - EDGE);
    let (Some(left), Some(right)) = (right.checked_sub(1).map(|i| &words[i]), words.get(right)) else {
        return right > 0;
    };
    left.end <= x && right.start - left.end > SPACE * left.em.max(right.em)
}
