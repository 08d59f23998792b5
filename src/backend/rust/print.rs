//! From tokens to the text of a module: syn and prettyplease make lines of them, [`layout`] joins what rustfmt would
//! join, and items are set apart by blank lines, which prettyplease leaves out.

use proc_macro2::TokenStream;

use super::docs::BREAK;
use super::layout;
use super::table::{MARKER, Tables};

/// The text of a module, with `tables` in their places. Fails where the tokens are no Rust, which is a bug of this
/// backend.
pub fn module(tokens: TokenStream, tables: &Tables) -> Result<String, syn::Error> {
    Ok(set_apart(&layout::join(&prettyplease::unparse(&syn::parse2(tokens)?)), tables))
}

/// `text` with a blank line between items, and between the functions of an `impl`.
fn set_apart(text: &str, tables: &Tables) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 32);
    let mut last = "";
    for line in text.lines() {
        if starts_item(last, line) {
            spaced.push('\n');
        }
        push_lines(&mut spaced, tables.marked(line).unwrap_or(line));
        last = line;
    }
    spaced
}

/// Adds `line`, or the lines of a doc comment that are one until now.
fn push_lines(text: &mut String, line: &str) {
    let margin_and_slashes = line.find(|letter: char| letter != ' ').unwrap_or(0) + 3;
    for (index, part) in line.split(BREAK).enumerate() {
        if index > 0 {
            text.push_str(&line[..margin_and_slashes]);
        }
        text.push_str(part);
        text.push('\n');
    }
}

/// Whether `line` begins something that stands apart from what `last` ends.
fn starts_item(last: &str, line: &str) -> bool {
    let (content, indent) = (line.trim_start(), indent(line));
    if last.is_empty() || indent != self::indent(last) || indent > 4 || content.starts_with('}') {
        return false;
    }
    let before = last.trim_start();
    if line.starts_with(MARKER) {
        // A table belongs to the type above it.
        return !last.starts_with('}');
    }
    if indent == 4 {
        // Functions; a statement after a block stays where it is.
        let after_type = before.starts_with("type ") && content.starts_with("fn ");
        return after_type
            || before == "}"
                && ["///", "#[", "pub ", "pub(", "fn ", "async ", "const ", "type "]
                    .iter()
                    .any(|start| content.starts_with(start));
    }
    let heads = |text: &str| text.starts_with("///") || text.starts_with("#[");
    let inner = |text: &str| text.starts_with("//!") || text.starts_with("#!");
    if inner(before) {
        return !inner(content);
    }
    if heads(before) {
        return false;
    }
    match (group(before), group(content)) {
        (Some(first), second) => Some(first) != second,
        (None, _) => before.ends_with('}') || before.ends_with(';'),
    }
}

/// Items that stand together without blank lines: imports by where they come from, and modules.
fn group(line: &str) -> Option<&'static str> {
    let groups = ["use std::", "use crate::", "use super::", "pub use ", "pub mod ", "mod ", "use "];
    let start = groups.into_iter().find(|start| line.starts_with(start))?;
    Some(match start {
        "use super::" => "use crate::",
        "pub mod " => "mod ",
        other => other,
    })
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn items_are_set_apart() {
        let tokens = quote! {
            #![doc = " Module.\u{1}\u{1} More."]
            use std::fmt;
            use std::io;
            #[doc = " One."]
            pub struct One;
            impl One {
                #[doc = " First."]
                pub fn first(&self) {
                    if true {
                    }
                    let _ = 1;
                }
                pub fn second(&self) {}
            }
            pub enum Two { A }
        };
        let text = module(tokens, &Tables::default());
        let expected = "//! Module.\n//!\n//! More.\n\nuse std::fmt;\nuse std::io;\n\n/// One.\npub struct One;\n\nimpl One {\n    \
                        /// First.\n    pub fn first(&self) {\n        if true {}\n        let _ = 1;\n    }\n\n    \
                        pub fn second(&self) {}\n}\n\npub enum Two {\n    A,\n}\n";
        assert_eq!(text.unwrap(), expected);
    }

    #[test]
    fn tokens_that_are_no_rust_are_an_error() {
        assert!(module(quote!(struct struct), &Tables::default()).is_err());
    }
}
