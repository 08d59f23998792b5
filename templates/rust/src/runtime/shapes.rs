//! What unions and enums need beyond their tables: their tags, and the shapes that nobody knows.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::wire::{Decoding, Problem, Wire};

/// A shape of a union that this version of the package doesn't know, kept as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownVariant(Box<(Option<String>, Value)>);

impl UnknownVariant {
    /// A shape that is not in the schema, to be sent as it is.
    #[must_use]
    pub fn new(tag: Option<String>, raw: Value) -> Self {
        Self(Box::new((tag, raw)))
    }

    pub(crate) fn tagged(tag: String, raw: Value) -> Self {
        Self::new(Some(tag), raw)
    }

    pub(crate) fn untagged(raw: Value) -> Self {
        Self::new(None, raw)
    }

    /// What names the shape, where the union's shapes are named.
    #[must_use]
    pub fn tag(&self) -> Option<&str> {
        self.0.0.as_deref()
    }

    /// The value as it came.
    #[must_use]
    pub fn raw(&self) -> &Value {
        &self.0.1
    }
}

/// The member of an object that names its shape.
pub(crate) fn tag<'a>(value: &'a Value, name: &'static str) -> Result<&'a str, Problem> {
    let Value::Object(members) = value else {
        return Err(Problem::expected("an object", value));
    };
    let tag = members.get(name).ok_or_else(|| Problem::new("missing").within(name))?;
    text(tag).map_err(|problem| problem.within(name))
}

pub(crate) fn text(value: &Value) -> Result<&str, Problem> {
    value.as_str().ok_or_else(|| Problem::expected("a string", value))
}

/// A string that is none of a closed enum's.
pub(crate) fn unexpected(found: &str, expected: &[&str]) -> Problem {
    Problem::new(format!("expected one of {expected:?}, found {found:?}"))
}

/// A value that fits none of a union's shapes.
pub(crate) fn no_fit(problems: Vec<(&'static str, Problem)>) -> Problem {
    let reasons: Vec<_> = problems.into_iter().map(|(shape, problem)| format!("not {shape} ({problem})")).collect();
    Problem::new(format!("fits no shape: {}", reasons.join(", ")))
}

/// A value of an externally tagged union: a string, or an object with one member.
#[derive(Debug)]
pub(crate) struct External(Value);

impl External {
    pub(crate) fn of(value: Value) -> Result<Self, Problem> {
        match value {
            Value::String(_) | Value::Object(_) => Ok(Self(value)),
            other => Err(Problem::expected("a string or an object", &other)),
        }
    }

    /// The tag, and whether there is a payload.
    pub(crate) fn tag(&self) -> (Option<&str>, bool) {
        match &self.0 {
            Value::String(tag) => (Some(tag), false),
            Value::Object(members) if members.len() == 1 => (members.keys().next().map(String::as_str), true),
            _ => (None, true),
        }
    }

    pub(crate) fn payload<T: Wire>(self, tag: &'static str, cx: &mut Decoding) -> Result<T, Problem> {
        match self.0 {
            Value::Object(mut members) => cx.inside(tag, members.remove(tag).unwrap_or_default()),
            other => Err(Problem::expected("an object", &other)),
        }
    }

    /// The shape that none of the known ones is. A known tag in the wrong place is an error.
    pub(crate) fn unknown(self, known: &[&str], cx: &mut Decoding) -> Result<UnknownVariant, Problem> {
        let tag = match self.tag() {
            (Some(tag), _) if known.contains(&tag) => {
                return Err(Problem::new(format!("{tag:?} has another form than the schema's")));
            }
            (tag, _) => tag.map(str::to_owned),
        };
        cx.unknown_variant(&self.0);
        Ok(UnknownVariant::new(tag, self.0))
    }

    pub(crate) fn encode<T: Wire>(tag: &'static str, payload: &T) -> Result<Value, Problem> {
        let payload = payload.encode().map_err(|problem| problem.within(tag))?;
        Ok(Value::Object(Map::from_iter([(tag.to_owned(), payload)])))
    }
}

pub(crate) fn serialize<T: Wire, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.encode().map_err(S::Error::custom)?.serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Wire, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::decode(Value::deserialize(deserializer)?, &mut Decoding::new()).map_err(D::Error::custom)
}
