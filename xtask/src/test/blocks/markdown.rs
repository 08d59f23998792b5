//! The code blocks of a Markdown text, and the comments above them that say how they are to be taken.

use super::block::{Block, Language, Place, Terms};
use crate::problem::Problem;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::ops::Range;
use std::path::Path;

/// All blocks of a document, or all that is wrong with them.
pub fn blocks(path: &Path, text: &str) -> Result<Vec<Block>, Vec<Problem>> {
    let mut reader = Reader { path, text, terms: None, blocks: Vec::new(), problems: Vec::new() };
    let mut events = Parser::new(text).into_offset_iter();
    while let Some((event, range)) = events.next() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let mut code = String::new();
                let mut start = None;
                for (event, range) in events.by_ref() {
                    match event {
                        Event::Text(part) => {
                            start.get_or_insert(range.start);
                            code.push_str(&part);
                        }
                        Event::End(TagEnd::CodeBlock) => break,
                        _ => {}
                    }
                }
                reader.block(&kind, start.unwrap_or(range.start), code);
            }
            Event::Html(_) | Event::InlineHtml(_) => reader.comment(&range),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) => {}
            _ => reader.anything_else(),
        }
    }
    reader.anything_else();
    if reader.problems.is_empty() { Ok(reader.blocks) } else { Err(reader.problems) }
}

struct Reader<'text> {
    path: &'text Path,
    text: &'text str,
    /// What the last comment says, and where; until the next block.
    terms: Option<(Terms, Place)>,
    blocks: Vec<Block>,
    problems: Vec<Problem>,
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> Place {
        let line = 1 + self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
        Place { path: self.path.to_owned(), line }
    }

    fn block(&mut self, kind: &CodeBlockKind<'_>, start: usize, text: String) {
        let place = self.place(start);
        let terms = self.terms.take().map(|(terms, _)| terms).unwrap_or_default();
        let word = match kind {
            CodeBlockKind::Fenced(word) => word.trim(),
            CodeBlockKind::Indented => "",
        };
        let Some(language) = Language::ALL.into_iter().find(|language| language.fence() == word) else {
            let known: Vec<&str> = Language::ALL.into_iter().map(Language::fence).collect();
            let found = if word.is_empty() { "no language".to_owned() } else { format!("the language `{word}`") };
            self.problems.push(place.problem(format!("this block has {found}; there are {}", known.join(", "))));
            return;
        };
        match terms.check(language) {
            Ok(()) => self.blocks.push(Block { place, language, terms, text }),
            Err(what) => self.problems.push(place.problem(what)),
        }
    }

    /// A comment that begins with `code:` is for the block below it.
    fn comment(&mut self, range: &Range<usize>) {
        let comment = self.text.get(range.clone()).unwrap_or_default().trim();
        let Some(said) = comment.strip_prefix("<!-- code:") else { return };
        self.anything_else();
        let place = self.place(range.start);
        match said.strip_suffix("-->").map(read_terms) {
            Some(Ok(terms)) => self.terms = Some((terms, place)),
            Some(Err(error)) => self.problems.push(place.problem(format!("what is said of the block: {error}"))),
            None => self.problems.push(place.problem("what is said of a block stands on one line, up to `-->`")),
        }
    }

    fn anything_else(&mut self) {
        if let Some((_, place)) = self.terms.take() {
            self.problems.push(place.problem("no block follows this comment"));
        }
    }
}

fn read_terms(said: &str) -> Result<Terms, String> {
    #[derive(serde::Deserialize)]
    struct Document {
        code: Terms,
    }
    let document = toml::from_str::<Document>(&format!("code = {{{said}}}"));
    document.map(|document| document.code).map_err(|error| error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Block>, String> {
        blocks(Path::new("a.md"), text)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }

    #[test]
    fn blocks_have_their_line_and_what_is_said_of_them() {
        let text = "# A\n\n```sh\nls\n```\n\n<!-- code: prints = \"x\", input = \"y\\n\" -->\n```python\na\n\nb\n```\n";
        let found = read(text).unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].place.line, found[0].language), (4, Language::Shell));
        assert_eq!((found[1].place.line, found[1].text.as_str()), (9, "a\n\nb\n"));
        let terms = Terms { prints: Some("x".into()), input: Some("y\n".into()), ..Terms::default() };
        assert_eq!(found[1].terms, terms);
    }

    #[test]
    fn a_block_in_a_list_and_one_under_a_blank_line_are_found() {
        let text = "- a\n\n  <!-- code: prints = \"x\" -->\n\n  ```ts\n  if (a)\n    b;\n  ```\n";
        let found = read(text).unwrap();
        assert_eq!(found[0].text, "if (a)\n  b;\n");
        assert_eq!(found[0].terms.prints.as_deref(), Some("x"));
    }

    #[track_caller]
    fn fails(text: &str, expected: &str) {
        let problem = read(text).unwrap_err();
        assert!(problem.contains(expected), "{problem}");
    }

    #[test]
    fn what_is_written_wrongly_is_told_with_its_place() {
        fails("a\n\n```\nx\n```\n", "a.md:4: this block has no language; there are python");
        fails("```go\nx\n```\n", "a.md:2: this block has the language `go`");
        fails("a\n\n    x\n", "this block has no language");
        fails("<!-- code: prints = \"x\" -->\n\nText.\n", "a.md:1: no block follows");
        fails("<!-- code: prints = \"x\" -->\n", "a.md:1: no block follows");
        fails("<!-- code: im = \"x\" -->\n```ts\nx\n```\n", "unknown field `im`");
        fails("<!-- code: prints = x -->\n```ts\nx\n```\n", "what is said of the block");
        fails("<!-- code: prints = \"x\"\n-->\n```ts\nx\n```\n", "stands on one line");
        fails("<!-- code: prints = \"x\" -->\n```sh\nx\n```\n", "nothing is said of blocks of sh");
        fails("<!-- code: wire = \"a\" -->\n```ts\nx\n```\n", "`wire` is for functions");
        fails("<!-- code: given = \"a\", input = \"b\" -->\n```ts\nx\n```\n", "goes with `wire` alone");
    }
}
