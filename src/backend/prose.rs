//! Prose in lines of a given width. Knows no language: what stands before each line is the caller's.

use super::pretty::columns;

/// Breaks `text` at spaces into lines of at most `width` columns; a longer word gets a line of its own. The spaces
/// inside a code span are no places to break at.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::with_capacity(text.len() / width.max(1) + 1);
    let mut taken = 0;
    for word in words(text) {
        let length = columns(word);
        match lines.last_mut() {
            Some(line) if taken + 1 + length <= width => {
                line.push(' ');
                line.push_str(word);
                taken += 1 + length;
            }
            _ => {
                lines.push(word.to_owned());
                taken = length;
            }
        }
    }
    lines
}

/// The words of `text`; what stands between two backticks is one word with what it touches.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let paired = text.matches('`').count().is_multiple_of(2);
    let mut inside_code = false;
    let ends_word = move |letter: char| {
        inside_code ^= paired && letter == '`';
        letter.is_whitespace() && !inside_code
    };
    text.split(ends_word).filter(|word| !word.is_empty())
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
