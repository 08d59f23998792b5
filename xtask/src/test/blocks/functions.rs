//! Blocks that are bodies of functions: a file for each document, with every body on the lines that it has there.

use super::program::{Program, document, indented};

/// How a language writes such a file. The lines that open and close a function take the places of the fences.
pub struct Style {
    /// The line before a body, of a function by its name and its parameters.
    pub open: fn(&str, &str) -> String,
    pub indent: &'static str,
    /// What is put behind a body's last statement, to tell that it was reached.
    pub reached: &'static str,
    /// The line behind a body; empty for none.
    pub close: &'static str,
}

/// A file of functions.
#[derive(Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, without an ending.
    pub name: String,
    pub text: String,
}

/// The files for those of the programs that are bodies. `head` begins each: what functions may use without saying so.
pub fn files(programs: &[Program], style: &Style, head: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for program in programs {
        let Some(given) = &program.terms.given else { continue };
        let name = module(program);
        if files.last().is_none_or(|file| file.name != name) {
            files.push(File { name, text: head.to_owned() });
        }
        let Some(File { text, .. }) = files.last_mut() else { continue };
        // The line that opens it stands above the body's first.
        let above = program.place.line.saturating_sub(2 + text.lines().count());
        text.push_str(&"\n".repeat(above));
        text.push_str(&(style.open)(&program.name, given));
        text.push('\n');
        text.push_str(&indented(&marked(&program.text, style.reached), style.indent));
        text.push_str(style.close);
        text.push('\n');
    }
    files
}

/// The name of the file that the function of a program is in.
pub fn module(program: &Program) -> String {
    format!("functions_of_{}", document(&program.place.path))
}

/// A body with `mark` behind its last statement: where braces are closed behind that, it stands within them.
fn marked(body: &str, mark: &str) -> String {
    let end = body.trim_end_matches(['}', '\n', ' ']).len();
    format!("{}{mark}{}", &body[..end], &body[end..])
}

#[cfg(test)]
mod tests {
    use super::super::block::{Place, Terms};
    use super::*;

    #[test]
    fn bodies_keep_their_lines() {
        let terms = Terms { given: Some("x: int".to_owned()), ..Terms::default() };
        let places = [("a.md", 6), ("a.md", 12), ("b.md", 2)].map(|(path, line)| Place { path: path.into(), line });
        let programs = places.each_ref().map(|place| Program {
            name: format!("f{}", place.line),
            text: "one\ntwo\n".to_owned(),
            place,
            terms: &terms,
        });
        let open: fn(&str, &str) -> String = |name, given| format!("def {name}({given}):");
        let found = files(&programs, &Style { open, indent: "  ", reached: "", close: "" }, "head\n");
        assert_eq!(found.len(), 2);
        let lines: Vec<&str> = found[0].text.lines().collect();
        assert_eq!((lines[0], lines[4], lines[5], lines[6]), ("head", "def f6(x: int):", "  one", "  two"));
        assert_eq!((lines[10], lines[11]), ("def f12(x: int):", "  one"));
        // There is no room above it.
        assert_eq!(
            found[1],
            File { name: "functions_of_b".into(), text: "head\ndef f2(x: int):\n  one\n  two\n\n".into() }
        );
    }
    #[test]
    fn the_mark_stands_behind_the_last_statement() {
        assert_eq!(marked("if a {\n  b;\n}\n", " mark();"), "if a {\n  b; mark();\n}\n");
        assert_eq!(marked("if a:\n  b = (\n    c\n  )\n", "; mark()"), "if a:\n  b = (\n    c\n  ); mark()\n");
    }
}
