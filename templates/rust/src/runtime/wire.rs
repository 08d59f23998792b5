//! How a value travels: read from JSON and written as JSON.
//!
//! Knows the rules that hold for every type; knows no type of a protocol. Reading keeps what it doesn't know and takes
//! note that there was something; where it was is worked out in a second reading, which hardly any message needs.

use std::fmt::{self, Write as _};
use std::mem;

use serde_json::Value;

/// A value that can be sent and received.
///
/// The types of the protocol implement it, and so does [`serde_json::Value`], for whatever has no type of its own.
pub trait Wire: Sized {
    /// Reads a value.
    ///
    /// # Errors
    ///
    /// The first thing that doesn't fit, with its place.
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem>;

    /// Writes the value as JSON.
    ///
    /// # Errors
    ///
    /// What JSON can't express, such as a number that is infinite.
    fn encode(&self) -> Result<Value, Problem>;

    /// Whether the value stands for a member that is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

/// What was met during one reading.
#[derive(Debug, Default)]
pub struct Decoding {
    met: bool,
    path: Option<Vec<Step>>,
    found: Vec<Found>,
    /// Whether the value that is read now is tried as a shape of a union that keeps what fits none of its shapes.
    is_shape: bool,
}

/// Something unknown that was met in a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) kind: FoundKind,
    pub(crate) path: String,
    pub(crate) raw: Value,
}

/// What was unknown about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoundKind {
    Variant,
    EnumValue,
}

impl Decoding {
    /// A reading that only takes note of whether anything unknown was met.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A reading that also tells where: see [`unknowns`](Self::unknowns).
    #[must_use]
    pub fn tracing() -> Self {
        Self { path: Some(Vec::new()), ..Self::default() }
    }

    /// Whether anything unknown was met.
    #[must_use]
    pub fn met_unknown(&self) -> bool {
        self.met
    }

    /// What was met, with its places under `root`.
    pub(crate) fn found(self, root: &str) -> impl Iterator<Item = Found> {
        self.found.into_iter().map(move |found| Found { path: format!("{root}{}", found.path), ..found })
    }

    /// Reads what is one step further in.
    pub(crate) fn inside<T: Wire>(&mut self, step: impl Into<Step>, value: Value) -> Result<T, Problem> {
        let step = step.into();
        if let Some(path) = &mut self.path {
            path.push(step.clone());
        }
        let is_shape = mem::take(&mut self.is_shape);
        let outcome = T::decode(value, self).map_err(|problem| problem.within(step));
        self.is_shape = is_shape;
        if let Some(path) = &mut self.path {
            path.pop();
        }
        outcome
    }

    /// Takes note of a string that is none of an enum's.
    pub(crate) fn unknown_value(&mut self, text: &str) {
        self.note(FoundKind::EnumValue, || Value::from(text));
    }

    /// Takes note of a shape that is none of a union's.
    pub(crate) fn unknown_variant(&mut self, raw: &Value) {
        self.note(FoundKind::Variant, || raw.clone());
    }

    fn note(&mut self, kind: FoundKind, raw: impl FnOnce() -> Value) {
        self.met = true;
        if let Some(path) = &self.path {
            let mut text = String::new();
            for step in path {
                step.append_to(&mut text);
            }
            self.found.push(Found { kind, path: text, raw: raw() });
        }
    }

    /// Tries to read one of several shapes: what a failed attempt has met doesn't count. `keeps` says whether what fits
    /// none of them is kept.
    pub(crate) fn attempt<T: Wire>(&mut self, value: &Value, keeps: bool) -> Result<T, Problem> {
        let (met, found, depth) = (self.met, self.found.len(), self.path.as_ref().map(Vec::len));
        let is_shape = mem::replace(&mut self.is_shape, keeps);
        let outcome = T::decode(value.clone(), self);
        self.is_shape = is_shape;
        outcome.inspect_err(|_| {
            self.met = met;
            self.found.truncate(found);
            if let (Some(path), Some(depth)) = (&mut self.path, depth) {
                path.truncate(depth);
            }
        })
    }

    /// Whether an object that fits no shape of a union may be kept. Not where the union itself is a shape of another
    /// one that would keep it: nothing behind it would have its turn.
    pub(crate) fn may_keep(&self, value: &Value) -> bool {
        value.is_object() && !self.is_shape
    }
}

/// A step on the way to a place in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// To a member with a name of the schema's.
    Member(&'static str),
    /// To a member with a name of the message's own.
    Key(String),
    /// To an element of an array.
    Index(usize),
}

impl Step {
    fn append_to(&self, path: &mut String) {
        let name = match self {
            Self::Member(name) => name,
            Self::Key(name) => name.as_str(),
            Self::Index(index) => {
                _ = write!(path, "[{index}]");
                return;
            }
        };
        let plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$')
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty();
        _ = if plain { write!(path, ".{name}") } else { write!(path, "[{}]", Value::from(name)) };
    }
}

impl From<&'static str> for Step {
    fn from(name: &'static str) -> Self {
        Self::Member(name)
    }
}

impl From<String> for Step {
    fn from(name: String) -> Self {
        Self::Key(name)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// What is wrong with a value, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(Box<ProblemParts>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct ProblemParts {
    /// Innermost first.
    steps: Vec<Step>,
    what: String,
}

impl Problem {
    /// A problem with the value itself.
    pub fn new(what: impl Into<String>) -> Self {
        Self(Box::new(ProblemParts { steps: Vec::new(), what: what.into() }))
    }

    /// A value of another kind than was expected.
    pub(crate) fn expected(expected: &str, found: &Value) -> Self {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Self::new(format!("expected {expected}, found {found}"))
    }

    /// The same problem, seen from one step further out.
    pub(crate) fn within(mut self, step: impl Into<Step>) -> Self {
        self.0.steps.push(step.into());
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// Where it is wrong, as a JSON path from `root`, e.g. `$.params.turn.items[0].type`.
    #[must_use]
    pub fn path(&self, root: &str) -> String {
        let mut path = root.to_owned();
        for step in self.0.steps.iter().rev() {
            step.append_to(&mut path);
        }
        path
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path("$"), self.what())
    }
}

impl std::error::Error for Problem {}
