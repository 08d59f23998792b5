//! What is wrong with an input: where, what was found, what was expected, and what to do about it.
//!
//! Knows nothing of schemas, profiles or languages; those make the diagnostics.

use std::collections::HashSet;
use std::fmt;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Generation goes on.
    Warning,
    /// Nothing is written.
    Error,
}

/// One problem of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The file's name, relative to where the user pointed.
    pub file: String,
    /// The JSON pointer of the node; for a TOML file, the same over its tables. Empty for the whole file.
    pub pointer: String,
    /// What stands there.
    pub found: String,
    /// What should stand there; empty where nothing in particular should.
    pub expected: String,
    /// What to do.
    pub help: String,
}

impl Diagnostic {
    /// An error at `pointer` in `file`.
    pub fn error(file: impl Into<String>, pointer: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            file: file.into(),
            pointer: pointer.into(),
            found: found.into(),
            expected: String::new(),
            help: String::new(),
        }
    }

    /// The same with what should stand there.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same as a warning, if `lenient`.
    #[must_use]
    pub fn lenient(mut self, lenient: bool) -> Self {
        if lenient {
            self.severity = Severity::Warning;
        }
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        writeln!(formatter, "{severity}: {}", self.found)?;
        let place = if self.pointer.is_empty() { String::new() } else { format!("#{}", self.pointer) };
        write!(formatter, "  --> {}{place}", self.file)?;
        if !self.expected.is_empty() {
            write!(formatter, "\n  expected: {}", self.expected)?;
        }
        if !self.help.is_empty() {
            write!(formatter, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// The problems of one run, in the order in which they were met.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a problem, unless the very same one has been added already.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        if !self.items.contains(&diagnostic) {
            self.items.push(diagnostic);
        }
    }

    /// Adds several.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|diagnostic| self.push(diagnostic));
    }

    /// Those that `other` doesn't hold of its own file: two schemas of one protocol share most of their problems.
    pub(crate) fn into_iter_unlike(self, other: &Self) -> impl Iterator<Item = Diagnostic> {
        let known: HashSet<(String, String)> =
            other.items.iter().map(|item| (item.pointer.clone(), item.found.clone())).collect();
        self.items.into_iter().filter(move |item| !known.contains(&(item.pointer.clone(), item.found.clone())))
    }

    /// The same, with `file` for those that know a place in the schema, but not which file it was read from.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        self.items.iter_mut().filter(|item| item.file.is_empty()).for_each(|item| file.clone_into(&mut item.file));
        self
    }

    /// Whether anything forbids to go on.
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|item| item.severity == Severity::Error)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.items.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for item in &self.items {
            writeln!(formatter, "{item}\n")?;
        }
        Ok(())
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

/// Appends `token` to a JSON pointer, escaped.
pub fn child(pointer: &str, token: &str) -> String {
    format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
}
