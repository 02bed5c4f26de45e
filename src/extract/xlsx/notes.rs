//! What is written beside the cells: comments, threaded comments, drawings, and the old drawings of form controls.

use crate::document::{DocumentSink, Place};
use crate::extract::ooxml::xml::{Token, Xml};
use crate::extract::ooxml::{Package, beside, has_extension};

/// A longer comment is given in pieces.
const MOST_COMMENT: usize = 16 << 20;

/// Comments and drawings that the sheet in `part` refers to.
pub(crate) fn read_of_sheet(
    package: &mut Package<'_>,
    part: &str,
    sheet: &Place,
    number: u32,
    sink: &mut dyn DocumentSink,
) -> bool {
    for relation in package.relations(part, sink) {
        let target = relation.target.as_str();
        if !package.has(target) || package.was_taken(target) {
            continue;
        }
        let go_on = match relation.kind.as_str() {
            "comments" | "threadedcomment" => {
                comments(package, target, sheet, &format!("comments of sheet {number}"), sink)
            }
            "drawing" => {
                let place = Place { part: Some("drawing".into()), ..sheet.clone() };
                beside::drawing(package, target, &place, sink)
            }
            _ => true,
        };
        if !go_on {
            return false;
        }
    }
    true
}

/// Comments that no sheet refers to, and the texts of buttons and boxes in old drawings.
pub(crate) fn read_rest(package: &mut Package<'_>, sink: &mut dyn DocumentSink) -> bool {
    let orphans = package.names(|n| {
        has_extension(n, "xml") && (n.starts_with("xl/comments") || n.starts_with("xl/threadedcomments/"))
    });
    for name in orphans {
        if !package.was_taken(&name) && !comments(package, &name, &Place::default(), "comments", sink) {
            return false;
        }
    }
    let old = package.names(|n| n.starts_with("xl/drawings/") && has_extension(n, "vml"));
    beside::values(package, &old, &beside::part("drawing"), "old drawing", sink)
}

fn comments(
    package: &mut Package<'_>,
    name: &str,
    sheet: &Place,
    extent: &str,
    sink: &mut dyn DocumentSink,
) -> bool {
    let place = Place { part: Some("comments".into()), ..sheet.clone() };
    sink.unit(place.clone());
    package.read(name, extent, sink, |xml, sink| read_comments(xml, &place, sink))
}

fn read_comments(xml: &mut Xml<'_>, place: &Place, sink: &mut dyn DocumentSink) {
    let mut comment: Option<(u32, Place)> = None;
    let mut text = String::new();
    let (mut in_text, mut reading) = (None, None);
    loop {
        if xml.tick() && !sink.go_on() {
            return;
        }
        let depth = xml.depth();
        match xml.next() {
            Some(Token::Start(tag)) => match tag.name() {
                "comment" | "threadedComment" => {
                    comment = Some((depth + 1, Place { cell: tag.attribute("ref"), ..place.clone() }));
                }
                "text" if comment.is_some() => in_text = Some(depth + 1),
                "rPh" => reading = Some(depth + 1),
                _ => {}
            },
            Some(Token::Text(piece)) => {
                if in_text.is_some() && reading.is_none() {
                    text.push_str(&piece);
                }
                if text.len() > MOST_COMMENT {
                    give(place.clone(), &mut text, sink);
                }
            }
            Some(Token::End) => {
                in_text = in_text.filter(|&at| at < depth);
                reading = reading.filter(|&at| at < depth);
                if comment.as_ref().is_some_and(|(at, _)| *at >= depth)
                    && let Some((_, place)) = comment.take()
                {
                    give(place, &mut text, sink);
                }
            }
            Some(Token::Other) => {}
            None => break,
        }
    }
    if let Some((_, place)) = comment {
        give(place, &mut text, sink);
    }
}

fn give(place: Place, text: &mut String, sink: &mut dyn DocumentSink) {
    if !text.trim().is_empty() {
        sink.text(place, &super::sheet::unescape(text.trim()));
    }
    text.clear();
}
