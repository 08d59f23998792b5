//! A printer that breaks lines where they would be too long. Knows no language.
//!
//! It decides as the formatters of most languages do: a group stands on one line if it fits there with what
//! follows it up to the next possible break; else all line breaks that belong to it directly are taken.

use std::borrow::Cow;

/// A text with possible line breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doc {
    /// Text without line breaks.
    Text(Cow<'static, str>),
    /// A space, or a line break where the group is broken.
    Line,
    /// Nothing, or a line break where the group is broken.
    SoftLine,
    /// A line break, which also breaks every group around it.
    HardLine,
    /// Text that stands there only where the group is broken.
    IfBroken(&'static str),
    /// One after another.
    Concat(Vec<Doc>),
    /// One level deeper: the line breaks inside are followed by one more step of spaces.
    Indent(Box<Doc>),
    /// What is on one line together, or broken together.
    Group(Box<Doc>),
    /// What gets parentheses and lines of its own if not even its first line fits where it stands.
    Wrap(Box<Doc>),
}

/// How a language's lines are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// The columns that a line may have.
    pub width: usize,
    /// The spaces of one level.
    pub step: usize,
}

/// How many columns a formatter counts for `text`.
pub fn columns(text: &str) -> usize {
    text.chars().count()
}

impl Doc {
    /// Text without line breaks.
    pub fn text(text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(text.into())
    }

    /// A group of parts.
    pub fn group(parts: Vec<Self>) -> Self {
        Self::Group(Box::new(Self::Concat(parts)))
    }

    /// Parts, one level deeper.
    pub fn indent(parts: Vec<Self>) -> Self {
        Self::Indent(Box::new(Self::Concat(parts)))
    }

    /// `parts` with `separator` and a possible line break between any two.
    pub fn join(parts: Vec<Self>, separator: &'static str) -> Self {
        let mut joined = Vec::with_capacity(parts.len() * 3);
        for (index, part) in parts.into_iter().enumerate() {
            if index > 0 {
                joined.extend([Self::text(separator), Self::Line]);
            }
            joined.push(part);
        }
        Self::Concat(joined)
    }

    /// Everything on one line.
    pub fn flat(&self) -> String {
        print(self, Layout { width: usize::MAX, step: 0 }, 0)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Flat,
    Broken,
}

/// What is still to be printed: how deep, in which mode, what.
type Command<'a> = (usize, Mode, &'a Doc);

/// Prints `doc` at `indent` spaces, laid out as `layout` says. The first line has no indent: it stands behind
/// whatever the caller has put there.
pub fn print(doc: &Doc, layout: Layout, indent: usize) -> String {
    let Layout { width, step } = layout;
    let mut out = String::new();
    let mut column = indent;
    let mut rest: Vec<Command<'_>> = vec![(indent, Mode::Broken, doc)];
    while let Some((depth, mode, doc)) = rest.pop() {
        match doc {
            Doc::Text(text) => {
                out.push_str(text);
                column += columns(text);
            }
            Doc::IfBroken(text) if mode == Mode::Broken => {
                out.push_str(text);
                column += columns(text);
            }
            Doc::HardLine | Doc::Line | Doc::SoftLine if mode == Mode::Broken || *doc == Doc::HardLine => {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', depth));
                column = depth;
            }
            Doc::Line => {
                out.push(' ');
                column += 1;
            }
            Doc::IfBroken(_) | Doc::SoftLine | Doc::HardLine => {}
            Doc::Concat(parts) => rest.extend(parts.iter().rev().map(|part| (depth, mode, part))),
            Doc::Indent(inner) => rest.push((depth + step, mode, inner)),
            Doc::Group(inner) => {
                let flat = mode == Mode::Flat || fits(inner, &rest, width.saturating_sub(column));
                rest.push((depth, if flat { Mode::Flat } else { Mode::Broken }, inner));
            }
            Doc::Wrap(inner) => {
                let inside = depth + step;
                let here = mode == Mode::Flat || stays(inner, &rest, (inside, column, width));
                rest.extend(if here { vec![(depth, mode, &**inner)] } else { wrapped(depth, inside, inner) });
            }
        }
    }
    out
}

static OPEN: Doc = Doc::IfBroken("(");
static CLOSE: Doc = Doc::IfBroken(")");

/// `inner` in parentheses, on lines of its own; the last command comes first.
fn wrapped(depth: usize, inside: usize, inner: &Doc) -> Vec<Command<'_>> {
    vec![
        (depth, Mode::Broken, &CLOSE),
        (depth, Mode::Broken, &Doc::SoftLine),
        (inside, Mode::Broken, inner),
        (inside, Mode::Broken, &Doc::SoftLine),
        (depth, Mode::Broken, &OPEN),
    ]
}

/// Whether the first line of `inner` fits where it stands, or wouldn't fit between parentheses either.
fn stays<'a>(inner: &'a Doc, rest: &[Command<'a>], (inside, column, width): (usize, usize, usize)) -> bool {
    let room = |start: usize| width.saturating_sub(start);
    first_line_fits(inner, rest, room(column)) || !first_line_fits(inner, &[], room(inside))
}

fn first_line_fits<'a>(doc: &'a Doc, rest: &[Command<'a>], room: usize) -> bool {
    fit(vec![(Mode::Broken, doc)], rest, room)
}

/// Whether `doc` on one line, with what follows it up to the next line break, takes at most `room` columns.
fn fits<'a>(doc: &'a Doc, rest: &[Command<'a>], room: usize) -> bool {
    fit(vec![(Mode::Flat, doc)], rest, room)
}

fn fit<'a>(mut stack: Vec<(Mode, &'a Doc)>, rest: &[Command<'a>], mut room: usize) -> bool {
    let mut following = rest.iter().rev();
    loop {
        let Some((mode, doc)) = stack.pop().or_else(|| following.next().map(|(_, mode, doc)| (*mode, *doc))) else {
            return true;
        };
        let taken = match doc {
            Doc::Text(text) => columns(text),
            Doc::IfBroken(text) if mode == Mode::Broken => columns(text),
            Doc::HardLine => return mode == Mode::Broken,
            Doc::Line | Doc::SoftLine if mode == Mode::Broken => return true,
            Doc::Line => 1,
            Doc::IfBroken(_) | Doc::SoftLine => 0,
            Doc::Concat(parts) => {
                stack.extend(parts.iter().rev().map(|part| (mode, part)));
                0
            }
            Doc::Wrap(_) if mode == Mode::Broken => return room > 0,
            Doc::Indent(inner) | Doc::Group(inner) | Doc::Wrap(inner) => {
                stack.push((mode, inner));
                0
            }
        };
        match room.checked_sub(taken) {
            Some(left) => room = left,
            None => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&'static str]) -> Doc {
        let items = items.iter().map(|item| Doc::text(*item)).collect();
        Doc::group(vec![
            Doc::text("["),
            Doc::indent(vec![Doc::SoftLine, Doc::join(items, ","), Doc::IfBroken(",")]),
            Doc::SoftLine,
            Doc::text("]"),
        ])
    }

    #[test]
    fn what_fits_stands_on_one_line() {
        assert_eq!(print(&list(&["a", "b"]), 6, 0), "[a, b]");
        assert_eq!(print(&list(&["a", "b"]), 5, 0), "[\n    a,\n    b,\n]");
    }

    #[test]
    fn what_follows_must_fit_too() {
        let doc = Doc::Concat(vec![list(&["a", "b"]), Doc::text(" = c")]);
        assert_eq!(print(&doc, 10, 0), "[a, b] = c");
        assert_eq!(print(&doc, 9, 0), "[\n    a,\n    b,\n] = c");
    }

    #[test]
    fn the_indent_counts() {
        assert_eq!(print(&list(&["a", "b"]), 9, 4), "[\n        a,\n        b,\n    ]");
        assert_eq!(print(&list(&["a", "b"]), 10, 4), "[a, b]");
    }

    #[test]
    fn a_value_is_wrapped_where_that_helps() {
        let statement = |name: &'static str, value: Doc| {
            Doc::Concat(vec![Doc::text(name), Doc::text(" = "), Doc::Wrap(Box::new(value))])
        };
        assert_eq!(print(&statement("ab", Doc::text("value")), 10, 0), "ab = value");
        assert_eq!(print(&statement("abc", Doc::text("value")), 10, 0), "abc = (\n    value\n)");
        assert_eq!(print(&statement("abc", Doc::text("very_long_value")), 10, 0), "abc = very_long_value");
        assert_eq!(print(&statement("abcdef", list(&["x", "y"])), 10, 0), "abcdef = [\n    x,\n    y,\n]");
    }

    #[test]
    fn columns_are_not_bytes() {
        assert_eq!(print(&list(&["ä", "ö"]), 6, 0), "[ä, ö]");
    }

    /// Laid out in four spaces a level.
    fn print(doc: &Doc, width: usize, indent: usize) -> String {
        super::print(doc, Layout { width, step: 4 }, indent)
    }
}
