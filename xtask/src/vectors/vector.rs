//! A vector: a message of a type, and what has to become of it.

use serde::Serialize;
use serde_json::Value;

/// A line of the file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Vector {
    /// The type's name in the model.
    #[serde(rename = "type")]
    pub ty: String,
    /// What the message shows; no two of a type are alike.
    pub case: String,
    /// The rule of the contract that it belongs to.
    pub rule: Rule,
    /// Whether it has to be decoded, and be equal when it is encoded again. If not, it has to be rejected.
    pub valid: bool,
    /// The message.
    pub message: Value,
    /// Paths of members that are `null` and may come back left out. Everything else comes back as it was.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub null_or_absent: Vec<String>,
    /// What the message holds that the schema doesn't know: all that has to be reported, and nothing else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<Unknown>,
    /// The path of a whole number that a double can't hold. Languages whose integers are doubles have to reject the
    /// message for it, as they would change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wide: Option<String>,
    /// The path of what is wrong with the message, and the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether the path that is told may also lie further in: the message fits none of several shapes.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub inside: bool,
}

/// The rules of the contract that vectors show something of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Rule {
    /// What is left out, what is `null`, and what values are.
    C13,
    /// What doesn't decode.
    C14,
    /// Variants, the known, the unknown and the malformed.
    C15,
    /// The values of enums.
    C16,
    /// Members that the schema doesn't know.
    C17,
}

/// Something that the schema doesn't know.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unknown {
    pub kind: UnknownKind,
    pub path: String,
    pub raw: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnknownKind {
    Variant,
    EnumValue,
}

/// A vector of a type that somebody else knows the name of. Paths are relative to the value, without the `$`.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    pub name: String,
    pub message: Value,
    pub outcome: Outcome,
    /// The rule, where it is another than the outcome tells.
    pub rule: Option<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Valid(Notes),
    Invalid(Place),
}

/// What there is to know of a valid message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notes {
    pub null_or_absent: Vec<String>,
    pub unknown: Vec<Unknown>,
    pub wide: Option<String>,
}

/// What is wrong with an invalid message.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Place {
    pub path: String,
    pub inside: bool,
}

impl Case {
    pub fn new(name: impl Into<String>, message: Value, outcome: Outcome) -> Self {
        Self { name: name.into(), message, outcome, rule: None }
    }

    /// A message of which there is nothing to say.
    pub fn plain(name: impl Into<String>, message: Value) -> Self {
        Self::new(name, message, Outcome::Valid(Notes::default()))
    }

    /// The same, counted for `rule` if for no other yet.
    #[must_use]
    pub fn showing(self, rule: Rule) -> Self {
        Self { rule: self.rule.or(Some(rule)), ..self }
    }
}

impl Outcome {
    fn rule(&self) -> Rule {
        match self {
            Self::Invalid(_) => Rule::C14,
            Self::Valid(notes) if notes.unknown.iter().any(|unknown| unknown.kind == UnknownKind::Variant) => Rule::C15,
            Self::Valid(notes) if !notes.unknown.is_empty() => Rule::C16,
            Self::Valid(_) => Rule::C13,
        }
    }
}

impl Notes {
    /// The same, seen from one step further out.
    #[must_use]
    pub fn within(self, step: &str) -> Self {
        Self {
            null_or_absent: self.null_or_absent.into_iter().map(|path| format!("{step}{path}")).collect(),
            unknown: self
                .unknown
                .into_iter()
                .map(|unknown| Unknown { path: format!("{step}{}", unknown.path), ..unknown })
                .collect(),
            wide: self.wide.map(|path| format!("{step}{path}")),
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.null_or_absent.extend(other.null_or_absent);
        self.unknown.extend(other.unknown);
        self.wide = self.wide.take().or(other.wide);
    }
}

impl Place {
    /// The same, seen from one step further out.
    #[must_use]
    pub fn within(self, step: &str) -> Self {
        Self { path: format!("{step}{}", self.path), ..self }
    }
}

impl Vector {
    pub fn new(ty: String, case: Case) -> Self {
        let Case { name, message, outcome, rule } = case;
        let rule = rule.unwrap_or_else(|| outcome.rule());
        let (valid, notes, place) = match outcome {
            Outcome::Valid(notes) => (true, notes.within("$"), None),
            Outcome::Invalid(place) => (false, Notes::default(), Some(place.within("$"))),
        };
        let Notes { null_or_absent, unknown, wide } = notes;
        let inside = place.as_ref().is_some_and(|place| place.inside);
        let path = place.map(|place| place.path);
        Self { ty, case: name, rule, valid, message, null_or_absent, unknown, wide, path, inside }
    }
}
