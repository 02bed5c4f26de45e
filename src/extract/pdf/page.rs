//! Text of one page: a drawing device that keeps glyphs and draws nothing.
//!
//! The content streams are put together here rather than by the parser, which would keep those of all pages in
//! memory until the end. Text that a page shows outside its visible box, in white or under a picture, is taken
//! like any other; so is invisible text, which scanners lay over pictures.

use std::collections::HashSet;

use hayro_interpret::font::{Glyph, GlyphRun, PositionedGlyph};
use hayro_interpret::hayro_cmap::WritingMode;
use hayro_interpret::hayro_syntax::content::TypedIter;
use hayro_interpret::hayro_syntax::object::{Array, Dict, Stream, String as PdfString};
use hayro_interpret::hayro_syntax::page::Page;
use hayro_interpret::kurbo::{Affine, BezPath, Point, Rect};
use hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, RenderContent, SoftMask, interpret, interpret_page,
};

use super::flood::{self, Floods};
use super::layout::{Carried, Layout, PageLines, Spot};
use super::salvage::shown_lines;
use super::text::{Unicodes, text_string};

/// Glyphs of one page that are kept; more are counted as cut.
const GLYPH_CAP: u32 = 2_000_000;
/// Bytes of content streams of one page, and of all pages together: many pages may share one large stream.
const CONTENT_CAP: usize = 256 << 20;
const TOTAL_CAP: usize = 1 << 30;
/// Units of the glyph space per em.
const UNITS: f64 = 1000.0;
/// Code of the space in simple fonts, the only one that word spacing applies to.
const SPACE: u32 = 32;
/// Widest character spacing that is not taken for a gap between columns, in em.
const TRACKING: f64 = 1.1;
/// A page with pictures over half its area and fewer glyphs than this (a stamp, a page number) is a scan.
const STAMP: u32 = 100;
/// So many drawn shapes without a single glyph are taken for text turned into outlines.
const OUTLINES: u32 = 200;
/// Longest `/ActualText` that is kept, in bytes, and how many of them on a page.
const ACTUAL_LENGTH: usize = 10_000;
const ACTUAL_CAP: usize = 10_000;

/// What was read from a page.
pub(super) struct PageText {
    /// Lines, top to bottom.
    pub(super) lines: Vec<String>,
    /// The last row of the table that the page before ends with, if its cells go on here.
    pub(super) mended: Option<String>,
    /// The line, from 0, that holds the last row of a table which the page ends with.
    pub(super) last_row: Option<usize>,
    /// Strings of a page that has text operators but draws no glyph: hidden, or the parser gave up on it.
    pub(super) undrawn: Vec<String>,
    /// Replacement texts (`/ActualText`) with words that no glyph shows.
    pub(super) actual: Vec<String>,
    /// True if the text of the page is in pictures or cannot be decoded.
    pub(super) no_text_layer: bool,
    /// True if there was more than the caps allow.
    pub(super) cut: bool,
    /// True if a content stream is there but cannot be decoded.
    pub(super) unreadable: bool,
}

/// Reads pages of one document, one after the other.
pub(super) struct PageReader<'a> {
    cache: InterpreterCache<'a>,
    unicodes: Unicodes,
    floods: Floods,
    pages: u32,
    /// The table that the last page ends with.
    carried: Option<Carried>,
    /// Bytes of content that may yet be read.
    left: usize,
}

impl<'a> PageReader<'a> {
    /// A reader with empty caches.
    pub(super) fn new() -> Self {
        PageReader {
            cache: InterpreterCache::new(),
            unicodes: Unicodes::default(),
            floods: Floods::default(),
            pages: 0,
            carried: None,
            left: TOTAL_CAP,
        }
    }

    /// Interprets `page`, annotations with an appearance included.
    pub(super) fn read(&mut self, page: &Page<'a>) -> PageText {
        self.pages += 1;
        if self.pages.is_multiple_of(64) {
            // Fonts and images of all pages would pile up; most documents share them between neighbours only.
            self.cache = InterpreterCache::new();
            self.unicodes = Unicodes::default();
        }
        let drawn = content(page, self.left.min(CONTENT_CAP));
        self.left -= drawn.data.len().min(self.left);
        let mut drawing = Drawing::new(&mut self.unicodes);
        let flooded = self.floods.is_flooded(page, &drawn.data);
        let pieces = if flooded { flood::flat(page) } else { Vec::new() };
        let resources =
            if flooded { flood::without_calls(page.resources().clone()) } else { page.resources().clone() };
        let own = pieces.iter().map(|piece| (piece.content.as_slice(), &piece.resources));
        for (content, resources) in std::iter::once((drawn.data.as_slice(), &resources)).chain(own) {
            let mut context = context_of(page, &self.cache, RenderContent::PAGE);
            interpret(TypedIter::new(content), resources, &mut context, &mut drawing);
        }
        let undrawn = if drawing.glyphs == 0 { shown_lines(&drawn.data) } else { Vec::new() };
        if page.raw().contains_key("Annots") {
            let mut context = context_of(page, &self.cache, RenderContent::ANNOTATIONS);
            interpret_page(page, &mut context, &mut drawing);
        }
        let (width, height) = page.render_dimensions();
        let (mut text, carried) = drawing.finish(f64::from(width) * f64::from(height), self.carried.take());
        self.carried = carried;
        text.cut |= drawn.cut || flooded;
        let hides_layers = page.xref().has_optional_content_groups();
        text.unreadable = drawn.unreadable || !undrawn.is_empty() && !hides_layers;
        text.undrawn = undrawn;
        text
    }
}

fn context_of<'a>(
    page: &Page<'a>,
    cache: &InterpreterCache<'a>,
    render_content: RenderContent,
) -> Context<'a> {
    let (width, height) = page.render_dimensions();
    let bounds = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
    let t = page.initial_transform(true).as_coeffs();
    let settings = InterpreterSettings { render_content, ..InterpreterSettings::default() };
    Context::new(Affine::new(t), bounds, cache, page.xref(), settings)
}

struct Content {
    data: Vec<u8>,
    cut: bool,
    unreadable: bool,
}

fn content(page: &Page<'_>, cap: usize) -> Content {
    let mut content = Content { data: Vec::new(), cut: false, unreadable: false };
    for stream in content_streams(page.raw()) {
        match stream.decoded_data() {
            Ok(data) if content.data.len() + data.len() > cap => {
                content.cut = true;
                break;
            }
            Ok(data) => {
                content.data.extend_from_slice(&data);
                content.data.push(b' ');
            }
            Err(_) => content.unreadable = true,
        }
    }
    content
}

/// The content streams of a page, in order.
pub(super) fn content_streams<'a>(page: &Dict<'a>) -> Vec<Stream<'a>> {
    match page.get::<Stream<'_>>("Contents") {
        Some(one) => vec![one],
        None => page.get::<Array<'_>>("Contents").map(|all| all.iter().collect()).unwrap_or_default(),
    }
}

struct Drawing<'u> {
    unicodes: &'u mut Unicodes,
    layout: Layout,
    glyphs: u32,
    undecoded: u32,
    shapes: u32,
    picture_area: f64,
    pictures: bool,
    cut: bool,
    words: HashSet<String>,
    actual: Vec<String>,
    last_start: Option<Point>,
}

impl<'u> Drawing<'u> {
    fn new(unicodes: &'u mut Unicodes) -> Self {
        Drawing {
            unicodes,
            layout: Layout::default(),
            glyphs: 0,
            undecoded: 0,
            shapes: 0,
            picture_area: 0.0,
            pictures: false,
            cut: false,
            words: HashSet::new(),
            actual: Vec::new(),
            last_start: None,
        }
    }

    fn add_run(&mut self, run: &[PositionedGlyph<'_>], transform: Affine, vertical: bool) {
        let mut spots: Vec<_> =
            run.iter().map(|g| (g, spot(g, transform * g.transform(), vertical))).collect();
        let tracking = tracking(&spots);
        for (glyph, spot) in &mut spots {
            if self.glyphs >= GLYPH_CAP {
                self.cut = true;
                return;
            }
            let found = self.unicodes.text(glyph);
            if found.text != " " {
                self.glyphs += 1;
                self.undecoded += u32::from(!found.known);
            }
            spot.advance += tracking;
            self.layout.push(&found.text, spot);
        }
    }

    /// What the page holds, and the table it ends with; `before` is that of the page before.
    fn finish(mut self, page_area: f64, before: Option<Carried>) -> (PageText, Option<Carried>) {
        let PageLines { lines, mended, carried } = self.layout.lines(before);
        if !self.actual.is_empty() {
            self.words.extend(lines.iter().flat_map(|line| line.split_whitespace()).map(str::to_owned));
            let words = &self.words;
            self.actual.retain(|text| text.split_whitespace().any(|word| !words.contains(word)));
        }
        let scanned = self.pictures && self.glyphs == 0
            || self.picture_area > page_area / 2.0 && self.glyphs < STAMP
            || self.shapes >= OUTLINES && self.glyphs == 0;
        let undecodable = u64::from(self.undecoded) * 2 > u64::from(self.glyphs);
        let text = PageText {
            lines,
            mended,
            last_row: carried.as_ref().map(Carried::last_line),
            undrawn: Vec::new(),
            actual: self.actual,
            no_text_layer: scanned || undecodable,
            cut: self.cut,
            unreadable: false,
        };
        (text, carried)
    }
}

/// Extra space that a run has between all its glyphs (character spacing), which separates no words: the least gap,
/// not counting the one after a space, which has word spacing too.
fn tracking(run: &[(&PositionedGlyph<'_>, Spot)]) -> f64 {
    if run.len() < 3 {
        return 0.0;
    }
    let gaps =
        run.windows(2).filter(|pair| pair[0].0.char_code() != SPACE).map(|pair| pair[0].1.gap_to(&pair[1].1));
    let least = gaps.fold(f64::INFINITY, f64::min);
    if least > 0.0 && least <= TRACKING * run[0].1.em { least } else { 0.0 }
}

/// Where a glyph stands. `advance_width` is in thousandths of an em for every kind of font.
fn spot(glyph: &Glyph<'_>, transform: Affine, vertical: bool) -> Spot {
    let width = match glyph {
        Glyph::Outline(outline) => outline.advance_width(),
        Glyph::Type3(type3) => type3.advance_width(),
    };
    let width = width.map_or(UNITS / 2.0, f64::from);
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let (across, up) = (a.hypot(b), c.hypot(d));
    let em = if up > 0.0 { up } else { across } * UNITS;
    // Fonts made of pictures often have a nominal size far below that of their glyphs.
    let em = em.max(width * across);
    if vertical {
        let at = transform * Point::new(width / 2.0, 0.0);
        return Spot { at: (at.x, at.y), along: (-c, -d), advance: em, em };
    }
    let at = transform * Point::ORIGIN;
    Spot { at: (at.x, at.y), along: (a, b), advance: width * across, em }
}

impl<'a> Device<'a> for Drawing<'_> {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {
        self.shapes = self.shapes.saturating_add(1);
    }

    fn push_clip_path(&mut self, _: &ClipPath) {}

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        let start = run.glyphs().first().map(|g| props.transform * g.transform() * Point::ORIGIN);
        if matches!(mode, DrawMode::Stroke(_)) && start.is_some() && start == self.last_start {
            return; // filled and stroked text is drawn twice
        }
        self.last_start = start;
        let vertical = matches!(run.writing_mode(), WritingMode::Vertical);
        self.add_run(run.glyphs(), props.transform, vertical);
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.pictures = true;
        let pixels = f64::from(image.width()) * f64::from(image.height());
        self.picture_area += props.transform.determinant().abs() * pixels.max(1.0);
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}

    fn begin_marked_content(&mut self, _: &[u8], properties: Option<&Dict<'_>>) {
        let Some(text) = properties.and_then(|p| p.get::<PdfString<'_>>("ActualText")) else { return };
        if self.actual.len() < ACTUAL_CAP && text.len() <= ACTUAL_LENGTH {
            self.actual.push(text_string(&text));
        }
    }
}
