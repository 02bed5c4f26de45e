//! `PowerPoint` presentations (pptx, pptm, ppsx, potx): slides in their order, with notes and comments.
//!
//! Of masters and layouts, which slides share, shapes of their own are read: a line that stands on every slide is
//! written there once. What stands in their placeholders is a prompt ("click to edit").

use std::collections::HashMap;

use super::ooxml::flow::Take;
use super::ooxml::xml::{Token, Xml};
use super::ooxml::{Package, Relation, beside, flow, has_extension};
use crate::coverage::Cause;
use crate::document::{DocumentSink, Extractor, Input, Place};

/// Reader of `PowerPoint` presentations in Office Open XML.
pub struct Pptx;

impl Extractor for Pptx {
    fn extract(&self, input: &mut Input<'_>, sink: &mut dyn DocumentSink) {
        let mut package = Package::open(input, sink);
        let main = package.main_part(&["ppt/presentation.xml"], sink);
        let slides = slides(&mut package, main.as_deref(), sink);
        if slides.is_empty() && main.is_none() {
            sink.gap(Cause::Damaged, "the presentation part is missing", None);
        }
        for (slide, page) in slides.iter().zip(1..) {
            if !read_slide(&mut package, slide, page, sink) {
                return;
            }
        }
        let rest = package.names(|n| {
            let texts = ["ppt/notesslides/", "ppt/comments/", "ppt/slides/"];
            has_extension(n, "xml")
                && texts.iter().any(|t| n.strip_prefix(t).is_some_and(|f| !f.contains('/')))
        });
        for name in rest {
            if !package.was_taken(&name) && !read_note(&mut package, &name, None, sink) {
                return;
            }
        }
        let read = read_layouts(&mut package, sink)
            && beside::drawings(&mut package, "ppt/", sink)
            && beside::custom_xml(&mut package, sink)
            && beside::properties(&mut package, sink);
        if read {
            beside::rest(&mut package, "ppt/", sink);
        }
    }
}

/// Names of the slides, in the order in which they are shown; the hidden ones too.
fn slides(package: &mut Package<'_>, main: Option<&str>, sink: &mut dyn DocumentSink) -> Vec<String> {
    let mut slides = Vec::new();
    if let Some(main) = main {
        let relations = package.relations(main, sink);
        package.read(main, "presentation", sink, |xml, sink| slides = in_order(xml, &relations, sink));
    }
    slides.retain(|name| package.has(name));
    if slides.is_empty() {
        slides = package.names(|n| n.starts_with("ppt/slides/slide") && has_extension(n, "xml"));
    }
    slides
}

fn in_order(xml: &mut Xml<'_>, relations: &[Relation], sink: &mut dyn DocumentSink) -> Vec<String> {
    let mut left: HashMap<&str, &str> =
        relations.iter().filter(|r| r.kind == "slide").map(|r| (r.id.as_str(), r.target.as_str())).collect();
    let mut slides = Vec::new();
    while !xml.tick() || sink.go_on() {
        match xml.next() {
            Some(Token::Start(tag)) if tag.name() == "sldId" => {
                let target = tag.relation_id().and_then(|id| left.remove(id.as_str()));
                slides.extend(target.map(str::to_owned));
            }
            Some(_) => {}
            None => break,
        }
    }
    slides
}

/// A slide, then its notes and comments.
fn read_slide(package: &mut Package<'_>, name: &str, page: u32, sink: &mut dyn DocumentSink) -> bool {
    let place = Place { page: Some(page), ..Place::default() };
    sink.unit(place.clone());
    let extent = format!("slide {page}");
    if !package.read(name, &extent, sink, |xml, sink| flow::read(xml, &place, Take::Text, sink)) {
        return false;
    }
    let relations = package.relations(name, sink);
    let wanted = relations.into_iter().filter(|r| {
        matches!(r.kind.as_str(), "notesslide" | "comments" | "diagramdata" | "chart" | "chartex")
    });
    for relation in wanted {
        if package.has(&relation.target)
            && !package.was_taken(&relation.target)
            && !read_note(package, &relation.target, Some(page), sink)
        {
            return false;
        }
    }
    true
}

/// A part that belongs to a slide, or to none that is known.
fn read_note(package: &mut Package<'_>, name: &str, page: Option<u32>, sink: &mut dyn DocumentSink) -> bool {
    let called = match name {
        n if n.contains("notesslides/") => "notes",
        n if n.contains("comments/") => "comments",
        n if n.contains("slides/") => "slide",
        _ => "drawing",
    };
    let place = Place { page, part: Some(called.into()), ..Place::default() };
    sink.unit(place.clone());
    let extent = page.map_or(called.to_owned(), |page| format!("{called} of slide {page}"));
    let take = if called == "drawing" { Take::Values } else { Take::Text };
    package.read(name, &extent, sink, |xml, sink| flow::read(xml, &place, take, sink))
}

/// Masters and layouts.
fn read_layouts(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    let folders = ["ppt/slidemasters/", "ppt/slidelayouts/", "ppt/notesmasters/", "ppt/handoutmasters/"];
    let layouts = package.names(|n| {
        has_extension(n, "xml")
            && folders.iter().any(|folder| n.strip_prefix(folder).is_some_and(|file| !file.contains('/')))
    });
    let place = Place { part: Some("layout".into()), ..Place::default() };
    if !layouts.is_empty() {
        sink.unit(place.clone());
    }
    layouts.iter().all(|name| {
        package.read(name, "layout", sink, |xml, sink| flow::read(xml, &place, Take::OwnShapes, sink))
    })
}

#[cfg(test)]
mod tests;
