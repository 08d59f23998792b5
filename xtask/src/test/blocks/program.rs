//! Programs made of blocks: a block alone, or inside its scaffold.
//!
//! A program's lines stand where they stand in the document, as far as there is room above them, so that a checker's
//! message names the document's line.

use super::block::{Block, Language, Place, Terms};
use crate::problem::Problem;
use std::path::{Path, PathBuf};

/// A block as a program of its own, or as a function's body.
pub struct Program<'block> {
    /// A name that is unique among all blocks, and one in every language.
    pub name: String,
    pub text: String,
    pub place: &'block Place,
    pub terms: &'block Terms,
}

/// The folder of what surrounds fragments: a file a name and language, with one line that the block replaces.
pub struct Scaffolds {
    folder: PathBuf,
}

impl Scaffolds {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A program for each block, or all that is wrong.
    pub fn programs<'block>(
        &self,
        blocks: impl Iterator<Item = &'block Block>,
    ) -> Result<Vec<Program<'block>>, Vec<Problem>> {
        let mut programs = Vec::new();
        let mut problems = Vec::new();
        for block in blocks {
            match self.text(block) {
                Ok(text) => {
                    let (place, terms) = (&block.place, &block.terms);
                    programs.push(Program { name: name(place), text, place, terms });
                }
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(programs) } else { Err(problems) }
    }

    fn text(&self, block: &Block) -> Result<String, Problem> {
        if block.terms.given.is_some() {
            return Ok(block.text.clone());
        }
        let Some(scaffold) = &block.terms.r#in else { return Ok(lowered("", &block.text, block.place.line)) };
        let (ending, mark) = match block.language {
            Language::Python => ("py", "# block"),
            Language::TypeScript => ("ts", "// block"),
            Language::Rust => ("rs", "// block"),
            Language::Shell | Language::Json | Language::Toml | Language::Text => return Ok(block.text.clone()),
        };
        let path = self.folder.join(format!("{scaffold}.{ending}"));
        let around = std::fs::read_to_string(&path)
            .map_err(|error| block.place.problem(format!("reading its scaffold {}: {error}", path.display())))?;
        inside(&around, mark, block)
            .ok_or_else(|| Problem::new(format!("{} should have one line that says `{mark}`", path.display())))
    }
}

/// The block in the place of the one line that is `mark`, as far to the right.
fn inside(around: &str, mark: &str, block: &Block) -> Option<String> {
    let lines: Vec<&str> = around.lines().collect();
    let place = lines.iter().position(|line| line.trim() == mark)?;
    let (head, tail) = (lines.get(..place)?, lines.get(place + 1..)?);
    if tail.iter().any(|line| line.trim() == mark) {
        return None;
    }
    let indent = lines.get(place)?.strip_suffix(mark)?;
    let mut text = indented(&block.text, indent);
    for line in tail {
        text.push_str(line);
        text.push('\n');
    }
    let mut head = head.join("\n");
    head.extend(Some('\n').filter(|_| !head.is_empty()));
    Some(lowered(&head, &text, block.place.line))
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

/// `head` and then `text`, with as many empty lines above that `text` begins at `line`.
fn lowered(head: &str, text: &str, line: usize) -> String {
    let above = line.saturating_sub(1 + head.lines().count());
    format!("{}{head}{text}", "\n".repeat(above))
}

/// `generated/codex/python/README.md:20` is `python_readme_line_20`.
fn name(place: &Place) -> String {
    format!("{}_line_{}", document(&place.path), place.line)
}

/// A document as a part of names.
pub fn document(path: &Path) -> String {
    let path = path.with_extension("");
    let path = path.strip_prefix("generated/codex").unwrap_or(&path).to_string_lossy().to_lowercase();
    path.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str, line: usize) -> Block {
        let place = Place { path: "generated/codex/docs/a-b.md".into(), line };
        Block { place, language: Language::Python, terms: Terms::default(), text: text.to_owned() }
    }

    #[test]
    fn a_block_keeps_its_line() {
        let text = inside("import a\nif a:\n    # block\nend()\n", "# block", &block("b\n\nc\n", 7)).unwrap();
        assert_eq!(text.lines().nth(6), Some("    b"));
        assert_eq!(text.trim(), "import a\nif a:\n    b\n\n    c\nend()");
        assert_eq!(lowered("", "x\n", 3), "\n\nx\n");
        assert_eq!(lowered("a\nb\n", "x\n", 2), "a\nb\nx\n");
    }

    #[test]
    fn a_scaffold_has_one_place() {
        assert_eq!(inside("a\n", "# block", &block("b\n", 1)), None);
        assert_eq!(inside("# block\n# block\n", "# block", &block("b\n", 1)), None);
    }

    #[test]
    fn a_name_tells_the_place() {
        assert_eq!(name(&block("", 7).place), "docs_a_b_line_7");
    }
}
