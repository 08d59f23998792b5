//! What every node carries beside its own facts: docs, origin, stability.

use schemars::JsonSchema;
use serde::Serialize;

/// Prose about a node, in paragraphs. Empty where nobody has written any.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Doc {
    /// The paragraphs; the first one is a sentence that can stand alone.
    pub paragraphs: Vec<String>,
}

impl Doc {
    /// Splits `text` at blank lines; line breaks within a paragraph become spaces.
    pub fn new(text: &str) -> Self {
        let paragraphs = text
            .replace("\r\n", "\n")
            .replace(|letter: char| letter.is_control() && !letter.is_whitespace(), "")
            .split("\n\n")
            .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
            .filter(|paragraph| !paragraph.is_empty())
            .collect();
        Self { paragraphs }
    }

    /// The sentence that can stand alone, if there is any prose.
    pub fn summary(&self) -> Option<&str> {
        self.paragraphs.first().map(String::as_str)
    }

    /// Whether nobody has written any prose.
    pub fn is_empty(&self) -> bool {
        self.paragraphs.is_empty()
    }
}

/// Where in the schema a node comes from: a JSON pointer such as `/definitions/v2/Thread`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Origin {
    /// The JSON pointer.
    pub pointer: String,
}

/// Whether a node may be used without opting in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stability {
    /// Part of what the server offers to everybody.
    Stable,
    /// Offered only to clients that opt in, and free to change.
    Experimental,
}

/// What every node carries beside its own facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Meta {
    /// Prose for users.
    pub doc: Doc,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether using it needs an opt-in.
    pub stability: Stability,
    /// Why it should no longer be used, and what to use instead.
    pub deprecated: Option<String>,
}
