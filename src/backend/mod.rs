//! From the model of a protocol to the files of a package: one backend a language.
//!
//! A backend sees the model alone, never JSON Schema and never another backend, and touches no disk. What it can't
//! put into its language, such as two members with one name, comes back as diagnostics.
//!
//! Each decides everything in Rust and leaves printing to templates, which live under `templates/<language>/` in the
//! tree of the package that they become. Whitespace in templates follows one rule: a tag stands on a line of its own
//! and begins with `{%-`, which takes away the line break before it, and nothing else.

mod components;
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

/// The languages that have a backend.
pub const BUILT: &[Language] = &[Language::Python, Language::Rust, Language::TypeScript];

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

/// A text that names no language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no language to generate for; there are python, rust and typescript")]
pub struct UnknownLanguage(String);

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|language| language.name() == text).ok_or_else(|| UnknownLanguage(text.to_owned()))
    }
}

/// The package of `protocol` in `language`, or what stands in its way.
pub fn render(protocol: &Protocol, language: Language) -> Result<Files, Vec<Diagnostic>> {
    match language {
        Language::Python => python::render(protocol),
        Language::Rust => rust::render(protocol),
        Language::TypeScript => typescript::render(protocol),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_what_they_are_called() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert!("cobol".parse::<Language>().is_err());
    }
}
