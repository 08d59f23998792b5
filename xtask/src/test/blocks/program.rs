//! Programs made of blocks.
//!
//! A program's lines stand where they stand in the document, so that a checker's message names the document's line.

use super::block::{Block, Place, Terms};
use std::path::Path;

/// A block as a program of its own, or as a function's body.
pub struct Program<'block> {
    /// A name that is unique among all blocks, and one in every language.
    pub name: String,
    pub text: String,
    pub place: &'block Place,
    pub terms: &'block Terms,
}

impl<'block> Program<'block> {
    pub fn new(block: &'block Block) -> Self {
        let Block { place, terms, text, .. } = block;
        let above = if terms.given.is_some() { 0 } else { place.line.saturating_sub(1) };
        Self {
            name: format!("{}_line_{}", document(&place.path), place.line),
            text: "\n".repeat(above) + text,
            place,
            terms,
        }
    }
}

/// The lines of `text` further to the right; the empty ones stay empty.
pub fn indented(text: &str, indent: &str) -> String {
    let mut shifted = String::with_capacity(text.len() * 2);
    for line in text.lines() {
        if !line.is_empty() {
            shifted.push_str(indent);
            shifted.push_str(line);
        }
        shifted.push('\n');
    }
    shifted
}

/// A document as a part of names: `generated/codex/python/README.md` is `python_readme`.
pub fn document(path: &Path) -> String {
    let path = path.with_extension("");
    let path = path.strip_prefix("generated/codex").unwrap_or(&path).to_string_lossy().to_lowercase();
    path.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::block::Language;
    use super::*;

    #[test]
    fn a_block_keeps_its_line_and_tells_its_place() {
        let place = Place { path: "generated/codex/docs/a-b.md".into(), line: 7 };
        let block = Block { place, language: Language::Python, terms: Terms::default(), text: "b\n\nc\n".to_owned() };
        let program = Program::new(&block);
        assert_eq!(program.name, "docs_a_b_line_7");
        assert_eq!(program.text.lines().nth(6), Some("b"));
        assert_eq!(program.text.trim(), "b\n\nc");
    }

    #[test]
    fn empty_lines_stay_empty() {
        assert_eq!(indented("a\n\n b\n", "  "), "  a\n\n   b\n");
    }
}
