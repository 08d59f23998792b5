//! Prose in lines of a given width. Knows no language: what stands before each line is the caller's.

use super::pretty::columns;

/// Breaks `text` at spaces into lines of at most `width` columns; a longer word gets a line of its own. The spaces
/// inside a code span are no places to break at.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words(text) {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(&word) <= width => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// The words of `text`; what stands between two backticks is one word with what it touches.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let paired = text.matches('`').count() % 2 == 0;
    let mut inside_code = false;
    for part in text.split_whitespace() {
        match words.last_mut() {
            Some(word) if inside_code => {
                word.push(' ');
                word.push_str(part);
            }
            _ => words.push(part.to_owned()),
        }
        inside_code ^= paired && part.matches('`').count() % 2 == 1;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_as_long_as_they_may_be() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("one two three", 6), ["one", "two", "three"]);
        assert_eq!(wrap("", 6), Vec::<String>::new());
    }

    #[test]
    fn code_stays_together() {
        assert_eq!(wrap("a `b c d` e", 5), ["a", "`b c d`", "e"]);
        assert_eq!(wrap("a `b c d", 5), ["a `b", "c d"]);
    }
}
