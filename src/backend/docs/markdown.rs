//! Markdown: code, prose and tables that say what they are meant to say, and the anchors of headings.

use std::collections::HashMap;

/// A code span, whatever is in it.
pub fn code(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A span may neither begin nor end with its fence's letter.
    let gap = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{gap}{text}{gap}{fence}")
}

/// A link.
pub fn link(text: &str, target: &str) -> String {
    format!("[{text}]({target})")
}

/// Prose, in which pairs of backticks make code and nothing else means anything. `linked` may have a link for a code
/// span.
pub fn prose(text: &str, linked: impl Fn(&str) -> Option<String>) -> String {
    let paired = text.matches('`').count().is_multiple_of(2);
    if !paired {
        return escaped(text);
    }
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for (index, span) in text.split('`').enumerate() {
        if index % 2 == 0 {
            out.push_str(&escaped(span));
        } else if !span.is_empty() {
            let code = code(span);
            out.push_str(&linked(span).map_or(code.clone(), |target| link(&code, &target)));
        }
    }
    out
}

/// Text without anything that Markdown or HTML would take for markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' => out.extend(['\\', letter]),
            '&' => out.push_str("&amp;"),
            '\n' | '\r' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

/// A table with a heading and rows, one a line. A column in which nothing stands is left out.
pub fn table(heading: &[&str], rows: &[Vec<String>]) -> String {
    let used = |column: &usize| rows.iter().any(|row| row.get(*column).is_some_and(|cell| !cell.is_empty()));
    let columns: Vec<usize> = (0..heading.len()).filter(used).collect();
    let mut lines = vec![line(columns.iter().map(|column| heading[*column])), line(columns.iter().map(|_| "---"))];
    let empty = String::new();
    lines.extend(rows.iter().map(|row| line(columns.iter().map(|column| row.get(*column).unwrap_or(&empty).as_str()))));
    lines.join("\n")
}

/// A row; a bar inside a cell would begin another one, even in code.
fn line<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let mut line = String::from("|");
    for cell in cells {
        line.push(' ');
        line.push_str(&cell.replace('|', "\\|").replace(['\n', '\r'], " "));
        line.push_str(" |");
    }
    line
}

/// The anchors of one page's headings, in the order in which they stand.
#[derive(Debug, Default)]
pub struct Anchors {
    taken: HashMap<String, usize>,
}

impl Anchors {
    /// The anchor of the next heading: its letters, digits, dashes and underscores; a number where it isn't the first.
    pub fn next(&mut self, heading: &str) -> String {
        let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        let slug: String =
            kept.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect();
        let count = self.taken.entry(slug.clone()).or_default();
        *count += 1;
        if *count == 1 { slug } else { format!("{slug}-{}", *count - 1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_holds_anything() {
        assert_eq!(code("a|b"), "`a|b`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`"), "`` ` ``");
    }

    #[test]
    fn prose_is_no_markup() {
        let linked = |span: &str| (span == "a/b").then(|| "x.md#ab".to_owned());
        assert_eq!(prose("Of `a/b`, *not* <b> & `c`.", linked), "Of [`a/b`](x.md#ab), \\*not\\* \\<b\\> &amp; `c`.");
        assert_eq!(prose("A ` alone", linked), "A \\` alone");
    }

    #[test]
    fn cells_stay_in_their_row() {
        let rows = [vec!["`a|b`".to_owned(), String::new(), "c\nd".to_owned()]];
        assert_eq!(table(&["A", "B", "C"], &rows), "| A | C |\n| --- | --- |\n| `a\\|b` | c d |");
    }

    #[test]
    fn anchors_are_as_pages_make_them() {
        let mut anchors = Anchors::default();
        assert_eq!(anchors.next("`thread/start`"), "threadstart");
        assert_eq!(anchors.next("What the server asks"), "what-the-server-asks");
        assert_eq!(anchors.next("threadStart"), "threadstart-1");
        assert_eq!(anchors.next("a_b-c"), "a_b-c");
    }
}
