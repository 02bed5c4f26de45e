//! The normal form of names (`docs/OUTPUT.md`, section 4): upper case, accents removed, joined.
//!
//! Letters of scripts other than Latin have no ASCII form; they stay, upper-cased, so that two such names still
//! differ.

use unicode_normalization::char::decompose_canonical;

/// Calls `each` with the upper-case letters that `c` stands for; combining marks vanish.
pub(super) fn fold(c: char, mut each: impl FnMut(char)) {
    match c {
        'ß' | 'ẞ' => ['S', 'S'].into_iter().for_each(each),
        'Æ' | 'æ' => ['A', 'E'].into_iter().for_each(each),
        'Œ' | 'œ' => ['O', 'E'].into_iter().for_each(each),
        'Þ' | 'þ' => ['T', 'H'].into_iter().for_each(each),
        'Ø' | 'ø' => each('O'),
        'Ł' | 'ł' => each('L'),
        'Đ' | 'đ' | 'Ð' | 'ð' => each('D'),
        'ı' => each('I'),
        c if c.is_ascii() => each(c.to_ascii_uppercase()),
        c => decompose_canonical(c, |d| {
            if !is_mark(d) {
                d.to_uppercase().for_each(&mut each);
            }
        }),
    }
}

/// A combining accent.
pub(super) fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// The letters of `text` folded, everything else (spaces, hyphens, apostrophes, full stops) left out.
pub(super) fn letters(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        fold(c, |f| {
            if f.is_alphabetic() {
                out.push(f);
            }
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_accents_and_special_letters() {
        assert_eq!(letters("de la Peña-Núñez"), "DELAPENANUNEZ");
        assert_eq!(letters("Łukasz Ørsted Đặng Weiß Ægir"), "LUKASZORSTEDDANGWEISSAEGIR");
        assert_eq!(letters("O'Brien"), "OBRIEN");
    }

    #[test]
    fn decomposed_and_composed_accents_are_one() {
        assert_eq!(letters("Jose\u{301}"), letters("José"));
    }

    #[test]
    fn other_scripts_stay_distinct() {
        assert_ne!(letters("Иван"), letters("Олег"));
    }
}
