//! Doc comments: prose and notes as attributes, which the printer turns into `///` lines.

use proc_macro2::TokenStream;
use quote::quote;

use crate::backend::prose::wrap;
use crate::ir::{Meta, Stability};

/// The width of a line.
const WIDTH: usize = 100;

/// Stands between two lines of one attribute. An attribute a line would be what syn and prettyplease spend most of
/// their time on.
pub const BREAK: char = '\u{1}';

/// A doc comment's content, paragraph by paragraph.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Docs {
    paragraphs: Vec<String>,
}

impl Docs {
    /// The prose of `meta`, or `fallback` where nobody wrote any, and what follows from its other facts.
    pub fn of(meta: &Meta, fallback: &str) -> Self {
        let mut docs = Self::default();
        if meta.doc.is_empty() {
            docs.paragraph(fallback);
        }
        meta.doc.paragraphs.iter().for_each(|text| docs.paragraph(text));
        docs
    }

    /// One paragraph.
    pub fn text(text: &str) -> Self {
        Self { paragraphs: vec![escape(text)] }
    }

    /// Adds what there is to know about a part of `whole` beside the prose: whether it should still be used, and
    /// whether that takes more than what `whole` takes.
    pub fn notes_within(&mut self, meta: &Meta, whole: &Meta) {
        let same = meta.stability == whole.stability;
        self.notes(&Meta { stability: if same { Stability::Stable } else { meta.stability }, ..meta.clone() });
    }

    /// Adds what there is to know beside the prose: whether it should still be used, and by whom it can be.
    pub fn notes(&mut self, meta: &Meta) {
        if let Some(reason) = &meta.deprecated {
            self.paragraph(&format!("Deprecated: {reason}"));
        }
        match meta.stability {
            Stability::Stable => {}
            Stability::Experimental => self.append("Experimental."),
        }
    }

    /// Adds a paragraph, unless it is empty.
    pub fn paragraph(&mut self, text: &str) {
        if !text.trim().is_empty() {
            self.paragraphs.push(escape(text));
        }
    }

    /// Adds a sentence to the last paragraph.
    pub fn append(&mut self, text: &str) {
        match self.paragraphs.last_mut() {
            Some(last) => {
                last.push(' ');
                last.push_str(&escape(text));
            }
            None => self.paragraph(text),
        }
    }

    /// Adds a paragraph that is markup already.
    pub fn markup(&mut self, text: &str) {
        self.paragraphs.push(text.to_owned());
    }

    /// The attribute of something that stands at `indent` spaces: all lines in one, which [`BREAK`] sets apart.
    pub fn outer(&self, indent: usize) -> TokenStream {
        let text = self.lines(indent);
        if text.is_empty() { TokenStream::new() } else { quote!(#[doc = #text]) }
    }

    /// The same for the module that it stands in.
    pub fn inner(&self) -> TokenStream {
        let text = self.lines(0);
        quote!(#![doc = #text])
    }

    fn lines(&self, indent: usize) -> String {
        // `/// ` takes four columns.
        let room = WIDTH.saturating_sub(indent + 4).max(40);
        let mut text = String::new();
        for paragraph in &self.paragraphs {
            if !text.is_empty() {
                text.push(BREAK);
            }
            for line in wrap(paragraph, room) {
                if !text.is_empty() {
                    text.push(BREAK);
                }
                text.push(' ');
                text.push_str(&line);
            }
        }
        text
    }
}

/// `text` without what rustdoc would take for a link or a tag. Code spans stay as they are.
fn escape(text: &str) -> String {
    if !text.contains(['[', ']', '<', '>']) {
        return text.to_owned();
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut code = false;
    for letter in text.chars() {
        code ^= letter == '`';
        if !code && matches!(letter, '[' | ']' | '<' | '>') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_set_apart() {
        let mut docs = Docs::text("Says it.");
        docs.paragraph("And more.");
        docs.paragraph(" ");
        assert_eq!(docs.lines(0), " Says it.\u{1}\u{1} And more.");
    }

    #[test]
    fn prose_is_no_markup() {
        assert_eq!(escape("a [b] <c> `[d] <e>`"), "a \\[b\\] \\<c\\> `[d] <e>`");
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        let docs = Docs::text(&"word ".repeat(40));
        let text = docs.lines(0);
        assert!(text.split(BREAK).all(|line| line.len() <= WIDTH - 3));
        assert_eq!(text.split(BREAK).count(), 3);
    }
}
