//! A code block with what its document says of it, as plain data.

use crate::problem::Problem;
use serde::Deserialize;
use std::fmt;
use std::path::PathBuf;

/// What a block is written in, by the word behind its fence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Python,
    TypeScript,
    Rust,
    Shell,
    Json,
    Toml,
    /// Nothing that a machine reads.
    Text,
}

impl Language {
    pub const ALL: [Self; 7] =
        [Self::Python, Self::TypeScript, Self::Rust, Self::Shell, Self::Json, Self::Toml, Self::Text];

    /// The word behind the fence.
    pub fn fence(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::TypeScript => "ts",
            Self::Rust => "rust",
            Self::Shell => "sh",
            Self::Json => "json",
            Self::Toml => "toml",
            Self::Text => "text",
        }
    }

    /// Whether its blocks are programs.
    pub fn is_program(self) -> bool {
        matches!(self, Self::Python | Self::TypeScript | Self::Rust)
    }
}

/// What a comment above a block says of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Parameters of the function whose body it is.
    pub given: Option<String>,
    /// Of such a body, the method that it is about.
    pub wire: Option<String>,
    /// What the program reads from its standard input.
    pub input: Option<String>,
    /// What must be among what it prints.
    pub prints: Option<String>,
    /// The scenario of `tests/docs` that it is run on, instead of the real server.
    pub peer: Option<String>,
}

/// Where a block's first line stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// From the repository's root.
    pub path: PathBuf,
    /// From 1.
    pub line: usize,
}

/// A code block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub place: Place,
    pub language: Language,
    pub terms: Terms,
    pub text: String,
}

impl Terms {
    /// What doesn't go together, or not with this language.
    pub fn check(&self, language: Language) -> Result<(), String> {
        let Self { given, wire, input, prints, peer } = self;
        if !language.is_program() && *self != Self::default() {
            return Err(format!("nothing is said of blocks of {}: they don't run", language.fence()));
        }
        if given.is_some() && (input.is_some() || prints.is_some() || peer.is_some()) {
            return Err("`given` makes a function, which goes with `wire` alone".to_owned());
        }
        if wire.is_some() && given.is_none() {
            return Err("`wire` is for functions, which have `given`".to_owned());
        }
        Ok(())
    }
}

impl Place {
    pub fn problem(&self, what: impl fmt::Display) -> Problem {
        Problem::new(format!("{self}: {what}"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.path.display(), self.line)
    }
}
