//! The letters that identifiers may have. Rust, Python and TypeScript all follow Unicode in this; which words a
//! language reserves is for its backend.

use unicode_ident::{is_xid_continue, is_xid_start};

/// `name` with the code points of letters that no identifier has, such as `²`, or that none begins with, such as a
/// vowel sign. A digit at the beginning stays: each language has its own prefix for those.
pub fn spelt_out(name: String) -> String {
    if name.is_ascii() {
        return name;
    }
    let allowed = |index: usize, letter: char| {
        is_xid_continue(letter) && (index > 0 || is_xid_start(letter) || letter.is_numeric() || letter == '_')
    };
    name.char_indices()
        .map(
            |(index, letter)| {
                if allowed(index, letter) { letter.to_string() } else { format!("u{:x}", u32::from(letter)) }
            },
        )
        .collect()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::ir::Name;

    #[test]
    fn only_what_no_identifier_has_is_spelt_out() {
        let spelt = |name: &str| spelt_out(name.to_owned());
        assert_eq!(spelt("größe"), "größe");
        assert_eq!(spelt("m²"), "mub2");
        assert_eq!(spelt("²"), "ub2");
        assert_eq!(spelt("\u{93f}a\u{93f}"), "u93fa\u{93f}", "a vowel sign follows a letter");
    }

    /// Names with every letter and digit there is beyond ASCII, at both ends: each has to become an identifier.
    pub fn names() -> impl Iterator<Item = Name> {
        let letters = ('\u{80}'..=char::MAX).filter(|letter| letter.is_alphanumeric());
        let texts = letters.flat_map(|letter| [format!("x{letter}"), format!("{letter}1")]);
        texts.filter_map(|text| Name::split(&text, &[]))
    }

    /// Panics if `text` is no identifier.
    pub fn assert_identifier(text: &str) {
        let mut letters = text.chars();
        let first = letters.next().is_some_and(|first| is_xid_start(first) || first == '_');
        assert!(first && letters.all(is_xid_continue), "`{text}` is no identifier");
    }
}
