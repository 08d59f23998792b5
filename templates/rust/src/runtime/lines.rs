//! Bytes as they come from a pipe, made into lines. Knows nothing of what the lines say.

/// What is kept allocated for the next line.
const KEPT: usize = 1 << 20;

/// Collects chunks and gives out the lines in them. A line may be of any length.
#[derive(Debug, Default)]
pub(crate) struct LineSplitter {
    begun: Vec<u8>,
}

impl LineSplitter {
    /// Gives out the lines that `chunk` completes, without their line ends.
    pub(crate) fn feed(&mut self, chunk: &[u8], mut on_line: impl FnMut(&[u8])) {
        let mut parts = chunk.split(|byte| *byte == b'\n');
        let mut current = parts.next().unwrap_or_default();
        for next in parts {
            if self.begun.is_empty() {
                on_line(current);
            } else {
                self.begun.extend_from_slice(current);
                on_line(&self.begun);
                self.begun.clear();
                self.begun.shrink_to(KEPT);
            }
            current = next;
        }
        self.begun.extend_from_slice(current);
    }

    /// Gives out what is left once the pipe has ended: a last line without a line end, or nothing.
    pub(crate) fn finish(&mut self, on_line: impl FnOnce(&[u8])) {
        if !self.begun.is_empty() {
            on_line(&self.begun);
            self.begun.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_chunks() {
        let (mut lines, mut splitter) = (Vec::new(), LineSplitter::default());
        for chunk in ["a\nb", "", "c\n\n", "d\r\ne"] {
            splitter.feed(chunk.as_bytes(), |line| lines.push(String::from_utf8_lossy(line).into_owned()));
        }
        splitter.finish(|line| lines.push(String::from_utf8_lossy(line).into_owned()));
        assert_eq!(lines, ["a", "bc", "", "d\r", "e"]);
    }
}
