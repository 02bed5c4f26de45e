//! What control words mean: which groups hold text of which part, which characters words stand for, which encoding a
//! font has (RTF 1.9.1 specification; character sets as in [MS-WMF] 2.1.1.5).

use encoding_rs::Encoding;

/// What the content of a group is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of a part: an index into [`PARTS`].
    Text(usize),
    /// Nothing that is read.
    Skip,
    /// The table of fonts.
    Fonts,
    /// Bytes of an embedded object as hexadecimal digits.
    Object,
    /// Bytes of a picture.
    Picture,
    /// Name of a property of a shape, and its value.
    ShapeName,
    /// See [`Kind::ShapeName`].
    ShapeValue,
}

/// Parts of a document, with their names in places; the first is the body.
pub(super) const PARTS: [&str; 9] =
    ["", "headers", "footers", "footnotes", "comments", "textboxes", "properties", "fields", "forms"];
/// The body.
pub(super) const BODY: usize = 0;
pub(super) const TEXTBOXES: usize = 5;
/// Texts of shapes that are drawn as letters, and descriptions.
pub(super) const SHAPE_TEXTS: [&str; 2] = ["gtextUNICODE", "wzDescription"];

/// The content of a group that begins with this word; `None` if the word does not begin a group of its own kind.
pub(super) fn destination(word: &str) -> Option<Kind> {
    Some(match word {
        "header" | "headerl" | "headerr" | "headerf" => Kind::Text(1),
        "footer" | "footerl" | "footerr" | "footerf" => Kind::Text(2),
        "footnote" | "ftnsep" | "ftnsepc" | "aftnsep" => Kind::Text(3),
        "annotation" | "atnauthor" | "atnid" => Kind::Text(4),
        "shptxt" | "dptxbxtext" => Kind::Text(TEXTBOXES),
        "title" | "subject" | "author" | "manager" | "company" | "operator" | "category" | "keywords"
        | "comment" | "doccomm" | "hlinkbase" | "propname" | "staticval" | "docvar" => Kind::Text(6),
        "fldinst" => Kind::Text(7),
        "ffdeftext" | "ffl" | "ffstattext" | "ffhelptext" | "ffname" => Kind::Text(8),
        "fonttbl" => Kind::Fonts,
        "objdata" => Kind::Object,
        "pict" => Kind::Picture,
        "sn" => Kind::ShapeName,
        "sv" => Kind::ShapeValue,
        // Old programs' view of a shape, which repeats its text.
        "shprslt" | "nonshppict" | "upr" | "colortbl" | "stylesheet" | "info" | "revtbl" | "filetbl"
        | "listtable" | "listoverridetable" | "rsidtbl" | "xmlnstbl" | "themedata" | "datastore"
        | "bkmkstart" | "bkmkend" | "falt" | "panose" | "objclass" | "objname" | "template" => Kind::Skip,
        _ => return None,
    })
}

/// True if a group of this kind of its own marks only formatting, though it begins with `\*`: what it holds is read
/// like what is around it.
pub(super) fn is_transparent(word: &str) -> bool {
    const WORDS: [&str; 10] = [
        "shppict",
        "shpinst",
        "do",
        "nesttableprops",
        "formfield",
        "userprops",
        "background",
        "ud",
        "shpgrp",
        "xform",
    ];
    WORDS.contains(&word)
}

/// The character that a word stands for.
pub(super) fn character(word: &str) -> Option<&'static str> {
    Some(match word {
        "tab" | "nestcell" => "\t",
        "line" | "softline" | "lbr" | "nestrow" => "\n",
        "emdash" => "\u{2014}",
        "endash" => "\u{2013}",
        "bullet" => "\u{2022}",
        "lquote" => "\u{2018}",
        "rquote" => "\u{2019}",
        "ldblquote" => "\u{201c}",
        "rdblquote" => "\u{201d}",
        "emspace" | "enspace" | "qmspace" => " ",
        _ => return None,
    })
}

/// The encoding of a font's character set; `None` where that of the document counts.
pub(super) fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        77 => encoding_rs::MACINTOSH,
        128 => encoding_rs::SHIFT_JIS,
        129 | 130 => encoding_rs::EUC_KR,
        134 => encoding_rs::GB18030,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        163 => encoding_rs::WINDOWS_1258,
        177 => encoding_rs::WINDOWS_1255,
        178 => encoding_rs::WINDOWS_1256,
        186 => encoding_rs::WINDOWS_1257,
        204 => encoding_rs::WINDOWS_1251,
        222 => encoding_rs::WINDOWS_874,
        238 => encoding_rs::WINDOWS_1250,
        _ => return None,
    })
}
