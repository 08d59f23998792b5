//! Doc comments: prose and notes as finished lines in the form of `TSDoc`.

use crate::backend::pretty::columns;
use crate::backend::prose::wrap;
use crate::ir::{Meta, Stability};

use super::code::WIDTH;

/// What there is to say about something, block by block.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comment {
    blocks: Vec<Block>,
    tags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Block {
    Paragraph(String),
    /// Points, each on lines of its own.
    List(Vec<String>),
}

impl Comment {
    /// The prose of `meta` and what follows from its other facts. `fallback` is said where nobody wrote any prose.
    pub fn of(meta: &Meta, fallback: Option<&str>) -> Self {
        let mut comment = Self::default();
        match (meta.doc.is_empty(), fallback) {
            (true, Some(text)) => comment.paragraph(text),
            _ => meta.doc.paragraphs.iter().for_each(|text| comment.paragraph(text)),
        }
        if let Some(reason) = &meta.deprecated {
            comment.tag("@deprecated", reason);
        }
        comment
    }

    /// The same for something that can be used only after opting in, where the prose doesn't say so by itself.
    #[must_use]
    pub fn marked(mut self, meta: &Meta) -> Self {
        match meta.stability {
            Stability::Stable => {}
            Stability::Experimental => self.tags.push("@experimental".to_owned()),
        }
        self
    }

    /// Adds a paragraph, unless it is empty.
    pub fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.blocks.push(Block::Paragraph(escaped(text)));
        }
    }

    /// Adds points, unless there are none.
    pub fn list(&mut self, points: &[String]) {
        if !points.is_empty() {
            self.blocks.push(Block::List(points.iter().map(|point| format!("- {}", escaped(point))).collect()));
        }
    }

    /// Adds a block that begins with a tag, such as `@param name - ...`; what follows the tag is prose.
    pub fn tag(&mut self, tag: &str, text: &str) {
        self.tags.push(format!("{tag} {}", escaped(text)));
    }

    /// The comment at `indent` spaces, without an indent before its first line; none if there is nothing to say.
    pub fn print(&self, indent: usize) -> Option<String> {
        let room = WIDTH.saturating_sub(indent + 3).max(40);
        let mut lines: Vec<String> = Vec::new();
        for block in &self.blocks {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            match block {
                Block::Paragraph(text) => lines.extend(wrap(text, room)),
                Block::List(points) => lines.extend(points.iter().flat_map(|point| hanging(point, room))),
            }
        }
        for (index, tag) in self.tags.iter().enumerate() {
            if index == 0 && !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(hanging(tag, room));
        }
        let first = lines.first()?;
        if lines.len() == 1 && indent + columns(first) + 7 <= WIDTH {
            return Some(format!("/** {first} */"));
        }
        let margin = " ".repeat(indent);
        let mut text = String::from("/**");
        for line in &lines {
            text.push('\n');
            text.push_str(&margin);
            text.push_str(" *");
            if !line.is_empty() {
                text.push(' ');
                text.push_str(line);
            }
        }
        text.push('\n');
        text.push_str(&margin);
        text.push_str(" */");
        Some(text)
    }
}

/// Lines of which all but the first are set in.
fn hanging(text: &str, room: usize) -> Vec<String> {
    let mut lines = wrap(text, room.saturating_sub(2));
    lines.iter_mut().skip(1).for_each(|line| line.insert_str(0, "  "));
    lines
}

/// Prose without what would end the comment, and outside of code without what `TSDoc` takes for markup.
fn escaped(text: &str) -> String {
    let text = text.replace("*/", "*\\/");
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut out = String::with_capacity(text.len());
    for (index, span) in text.split('`').enumerate() {
        if index > 0 {
            out.push('`');
        }
        if paired && index % 2 == 1 {
            out.push_str(span);
            continue;
        }
        for letter in span.chars() {
            if matches!(letter, '{' | '}' | '@' | '<' | '>') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comment(paragraphs: &[&str]) -> Comment {
        let mut comment = Comment::default();
        paragraphs.iter().for_each(|text| comment.paragraph(text));
        comment
    }

    #[test]
    fn a_sentence_is_one_line() {
        assert_eq!(comment(&["Says it."]).print(2).unwrap(), "/** Says it. */");
        assert_eq!(comment(&[]).print(2), None);
    }

    #[test]
    fn more_is_several_lines() {
        let mut comment = comment(&["Says it.", "And more."]);
        comment.tag("@param id -", "Whose.");
        assert_eq!(
            comment.print(2).unwrap(),
            "/**\n   * Says it.\n   *\n   * And more.\n   *\n   * @param id - Whose.\n   */"
        );
    }

    #[test]
    fn a_line_is_as_long_as_it_may_be() {
        assert_eq!(comment(&[&"a".repeat(93)]).print(0).unwrap().len(), 100);
        assert!(comment(&[&"a".repeat(94)]).print(0).unwrap().contains('\n'));
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(comment(&["A {b} of @c in `{d}` */."]).print(0).unwrap(), "/** A \\{b\\} of \\@c in `{d}` *\\/. */");
    }
}
