//! Docstrings: prose and notes as finished lines of Python.

use crate::backend::pretty::columns;
use crate::backend::prose::wrap;
use crate::ir::{Meta, Stability};

use super::code::WIDTH;
use super::terms::Terms;

/// A docstring's content, block by block. Blocks are set apart by blank lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docstring {
    blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(String),
    /// A heading and entries below it, one step deeper, their continuation lines yet another.
    Section(&'static str, Vec<String>),
}

impl Docstring {
    /// The prose of `meta` in Python's terms, and what follows from its other facts.
    pub fn of(meta: &Meta, fallback: Option<&str>, terms: &Terms) -> Self {
        let mut docstring = Self::default();
        match (meta.doc.is_empty(), fallback) {
            (true, Some(text)) => docstring.paragraph(text),
            _ => meta.doc.paragraphs.iter().for_each(|text| docstring.paragraph(&terms.translate(text))),
        }
        if let Some(reason) = &meta.deprecated {
            docstring.paragraph(&format!("Deprecated: {}", terms.translate(reason)));
        }
        docstring
    }

    /// The same for something that can be used only after opting in, where the prose doesn't say so by itself.
    #[must_use]
    pub fn marked(mut self, meta: &Meta) -> Self {
        match meta.stability {
            Stability::Stable => {}
            Stability::Experimental => self.paragraph("Experimental."),
        }
        self
    }

    /// Adds a paragraph, unless it is empty.
    pub fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.blocks.push(Block::Paragraph(text.to_owned()));
        }
    }

    /// Adds a section, unless it has no entries.
    pub fn section(&mut self, heading: &'static str, entries: Vec<String>) {
        if !entries.is_empty() {
            self.blocks.push(Block::Section(heading, entries));
        }
    }

    /// The literal at `indent` spaces, quotes included, without an indent before its first line; none if empty.
    pub fn print(&self, indent: usize) -> Option<String> {
        let lines = self.lines(indent);
        let text = lines.join("\n");
        let first = lines.first()?;
        let prefix = if text.contains('\\') { "r" } else { "" };
        let space = if first.starts_with('"') { " " } else { "" };
        let fits = indent + columns(prefix) + columns(first) + 6 <= WIDTH;
        let gap = if text.ends_with('"') { " " } else { "" };
        let closes = !text.ends_with('\\');
        if lines.len() == 1 && fits && closes {
            return Some(format!("{prefix}\"\"\"{space}{text}{gap}\"\"\""));
        }
        let margin = " ".repeat(indent);
        let rest =
            lines[1..].iter().map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") });
        let body = std::iter::once(format!("{prefix}\"\"\"{space}{first}")).chain(rest).collect::<Vec<_>>().join("\n");
        Some(format!("{body}\n{margin}\"\"\""))
    }

    fn lines(&self, indent: usize) -> Vec<String> {
        // The first line has the opening quotes, and a prefix, before it.
        let room = WIDTH.saturating_sub(indent).max(40);
        let mut lines = Vec::new();
        for block in &self.blocks {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            match block {
                Block::Paragraph(text) => {
                    if lines.is_empty() {
                        lines = first_lines(text, room);
                    } else {
                        lines.extend(wrap(text, room));
                    }
                }
                Block::Section(heading, entries) => {
                    lines.push((*heading).to_owned());
                    for entry in entries {
                        lines.extend(hanging(entry, room));
                    }
                }
            }
        }
        lines.iter().map(|line| line.replace("\"\"\"", "'''")).collect()
    }
}

/// The lines of the first paragraph. What doesn't fit on one line is a sentence that stands alone and, after an empty
/// line, the rest of it. The first line has the opening quotes and perhaps a prefix before it; a single one also
/// has the closing quotes behind it.
fn first_lines(text: &str, room: usize) -> Vec<String> {
    if columns(text) + 7 <= room {
        return vec![text.to_owned()];
    }
    let (summary, rest) = text.split_at(first_sentence(text));
    let mut lines = wrap(summary, room - 4);
    if lines.len() == 1 && rest.is_empty() {
        lines = wrap(summary, room - 7);
    }
    if !rest.is_empty() {
        lines.push(String::new());
        lines.extend(wrap(rest, room));
    }
    lines
}

/// Where the first sentence of `text` ends: behind a full stop that a capital letter or code follows. What stands
/// between parentheses or backticks ends no sentence.
fn first_sentence(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut code = false;
    for (index, letter) in text.char_indices() {
        match letter {
            '`' => code = !code,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            '.' | '!' | '?' if depth == 0 && !code => {
                let starts = |next: char| next.is_uppercase() || next == '`';
                let next = text[index + 1..].strip_prefix(' ').and_then(|rest| rest.chars().next());
                if next.is_some_and(starts) {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn hanging(entry: &str, room: usize) -> Vec<String> {
    let wrapped = wrap(entry, room - 8);
    wrapped
        .iter()
        .enumerate()
        .map(|(index, line)| format!("{}{line}", if index == 0 { "    " } else { "        " }))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docstring(paragraphs: &[&str]) -> Docstring {
        let mut docstring = Docstring::default();
        paragraphs.iter().for_each(|text| docstring.paragraph(text));
        docstring
    }

    #[test]
    fn a_sentence_is_one_line() {
        assert_eq!(docstring(&["Says it."]).print(4).unwrap(), r#""""Says it.""""#);
        assert_eq!(docstring(&[]).print(4), None);
    }

    #[test]
    fn more_is_several_lines() {
        assert_eq!(
            docstring(&["Says it.", "And more."]).print(4).unwrap(),
            "\"\"\"Says it.\n\n    And more.\n    \"\"\""
        );
    }

    #[test]
    fn the_first_sentence_stands_alone() {
        let text = format!("Says it (see A. B). `x` is {}.", "long ".repeat(20).trim());
        let printed = docstring(&[&text]).print(4).unwrap();
        assert!(printed.starts_with("\"\"\"Says it (see A. B).\n\n    `x` is long"), "{printed}");
    }

    #[test]
    fn quotes_and_backslashes_do_no_harm() {
        assert_eq!(docstring(&["Says \"it\""]).print(0).unwrap(), "\"\"\"Says \"it\" \"\"\"");
        assert_eq!(docstring(&["A `\\n`."]).print(0).unwrap(), "r\"\"\"A `\\n`.\"\"\"");
        assert_eq!(docstring(&["A \"\"\" b."]).print(0).unwrap(), "\"\"\"A ''' b.\"\"\"");
    }

    #[test]
    fn entries_hang() {
        let mut docstring = docstring(&["Says it."]);
        docstring.section("Args:", vec![format!("a: {}", "word ".repeat(20).trim())]);
        let text = docstring.print(0).unwrap();
        assert!(text.contains("\n\nArgs:\n    a: word"));
        assert!(text.contains("\n        word"));
    }
}
