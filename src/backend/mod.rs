//! From the model of a protocol to the files of a package: one backend a language, and one for docs.
//!
//! A backend sees the model alone, never JSON Schema and never another backend, and touches no disk. What it can't
//! put into its language, such as two members with one name, comes back as diagnostics.
//!
//! Each decides everything in Rust and leaves printing to templates, which live under `templates/<language>/` in the
//! tree of the package that they become. Whitespace in templates follows one rule: a tag stands on a line of its own
//! and begins with `{%-`, which takes away the line break before it, and nothing else.

mod components;
mod docs;
mod files;
mod handmade;
mod letters;
mod plain;
mod pretty;
mod prose;
mod python;
mod rust;
mod scope;
pub mod shapes;
mod typescript;
mod version;
mod words;

use std::fmt;
use std::str::FromStr;

pub use files::{DuplicatePath, Files};

use crate::diagnostic::Diagnostic;
use crate::ir::Protocol;

/// A language that packages can be generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// Rust.
    Rust,
    /// TypeScript.
    TypeScript,
}

/// What is made of a protocol: the package of a language, or the docs about all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Output {
    /// A package.
    Package(Language),
    /// The docs, which set the languages side by side.
    Docs,
}

/// All that there is to make.
pub const BUILT: &[Output] = &[
    Output::Package(Language::Python),
    Output::Package(Language::Rust),
    Output::Package(Language::TypeScript),
    Output::Docs,
];

impl Output {
    /// Its name, as command lines and folders write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Package(language) => language.name(),
            Self::Docs => "docs",
        }
    }
}

impl From<Language> for Output {
    fn from(language: Language) -> Self {
        Self::Package(language)
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

impl Language {
    /// Every language, with a backend or without.
    pub const ALL: [Self; 3] = [Self::Python, Self::Rust, Self::TypeScript];

    /// Its name, as command lines, profiles and folders write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Rust => "rust",
            Self::TypeScript => "typescript",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A text that names nothing to generate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is nothing to generate; there are python, rust, typescript and docs")]
pub struct UnknownOutput(String);

impl FromStr for Output {
    type Err = UnknownOutput;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        BUILT.iter().copied().find(|output| output.name() == text).ok_or_else(|| UnknownOutput(text.to_owned()))
    }
}

/// What `output` is of `protocol`, or what stands in its way.
pub fn render(protocol: &Protocol, output: Output) -> Result<Files, Vec<Diagnostic>> {
    match output {
        Output::Package(Language::Python) => python::render(protocol),
        Output::Package(Language::Rust) => rust::render(protocol),
        Output::Package(Language::TypeScript) => typescript::render(protocol),
        Output::Docs => docs::render(protocol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_what_they_are_called() {
        for output in BUILT {
            assert_eq!(output.to_string().parse(), Ok(*output));
        }
        assert!("cobol".parse::<Output>().is_err());
    }
}
