//! Why a command ended without doing its job: what happened, and what to do about it.
//!
//! Knows nothing of the commands; they make the problems, `main` prints them.

use std::fmt;
use std::path::Path;

/// A failure as a value. It reads like the generator's diagnostics: a sentence, then help.
#[derive(Debug)]
pub struct Problem {
    what: String,
    help: String,
    usage: bool,
}

impl Problem {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), help: String::new(), usage: false }
    }

    /// The command line asked for something that isn't there: exit code 2 instead of 1.
    pub fn usage(what: impl Into<String>) -> Self {
        Self { usage: true, ..Self::new(what) }
    }

    /// An operation on a file or folder failed.
    pub fn io(doing: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("{doing} {}: {error}", path.display()))
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    pub fn exit_code(&self) -> u8 {
        if self.usage { 2 } else { 1 }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.what)?;
        if !self.help.is_empty() {
            write!(formatter, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}
