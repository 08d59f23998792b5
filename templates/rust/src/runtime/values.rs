//! How the values travel that every language has: texts, numbers, lists, maps.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::tables::with_serde;
use super::wire::{Decoding, Problem, Wire};

/// A text that is not empty. An empty one can be made, but not sent, and is not accepted from the server.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NonEmpty(String);

impl NonEmpty {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for NonEmpty {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for NonEmpty {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl std::fmt::Display for NonEmpty {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(&self.0)
    }
}

impl PartialEq<str> for NonEmpty {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for NonEmpty {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl Wire for NonEmpty {
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem> {
        let text = String::decode(value, cx)?;
        if text.is_empty() { Err(empty()) } else { Ok(Self(text)) }
    }

    fn encode(&self) -> Result<Value, Problem> {
        if self.0.is_empty() { Err(empty()) } else { self.0.encode() }
    }
}

with_serde!(NonEmpty);

fn empty() -> Problem {
    Problem::new("expected a text that is not empty")
}

impl Wire for String {
    fn decode(value: Value, _: &mut Decoding) -> Result<Self, Problem> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(Problem::expected("a string", &other)),
        }
    }

    fn encode(&self) -> Result<Value, Problem> {
        Ok(Value::String(self.clone()))
    }
}

impl Wire for bool {
    fn decode(value: Value, _: &mut Decoding) -> Result<Self, Problem> {
        value.as_bool().ok_or_else(|| Problem::expected("a boolean", &value))
    }

    fn encode(&self) -> Result<Value, Problem> {
        Ok(Value::Bool(*self))
    }
}

impl Wire for f64 {
    fn decode(value: Value, _: &mut Decoding) -> Result<Self, Problem> {
        value.as_f64().ok_or_else(|| Problem::expected("a number", &value))
    }

    fn encode(&self) -> Result<Value, Problem> {
        let number = Number::from_f64(*self);
        number.map(Value::Number).ok_or_else(|| Problem::new(format!("{self} can't be written as JSON")))
    }
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl Wire for $number {
            fn decode(value: Value, _: &mut Decoding) -> Result<Self, Problem> {
                let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
                let Some(whole) = whole else {
                    return Err(Problem::expected("a whole number", &value));
                };
                <$number>::try_from(whole).map_err(|_| {
                    Problem::new(format!("{whole} is not between {} and {}", <$number>::MIN, <$number>::MAX))
                })
            }

            fn encode(&self) -> Result<Value, Problem> {
                Ok(Value::from(*self))
            }
        }
    )*};
}

whole_numbers! { i8 i16 i32 i64 u8 u16 u32 u64 }

impl Wire for Value {
    fn decode(value: Value, _: &mut Decoding) -> Result<Self, Problem> {
        Ok(value)
    }

    fn encode(&self) -> Result<Value, Problem> {
        Ok(self.clone())
    }
}

/// Nothing at all. An answer may hold whatever it likes where nothing is expected.
impl Wire for () {
    fn decode(_: Value, _: &mut Decoding) -> Result<Self, Problem> {
        Ok(())
    }

    fn encode(&self) -> Result<Value, Problem> {
        Ok(Value::Null)
    }

    fn is_absent(&self) -> bool {
        true
    }
}

impl<T: Wire> Wire for Option<T> {
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem> {
        if value.is_null() { Ok(None) } else { T::decode(value, cx).map(Some) }
    }

    fn encode(&self) -> Result<Value, Problem> {
        self.as_ref().map_or(Ok(Value::Null), T::encode)
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

impl<T: Wire> Wire for Box<T> {
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem> {
        T::decode(value, cx).map(Self::new)
    }

    fn encode(&self) -> Result<Value, Problem> {
        T::encode(self)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem> {
        let Value::Array(items) = value else {
            return Err(Problem::expected("an array", &value));
        };
        items.into_iter().enumerate().map(|(index, item)| cx.inside(index, item)).collect()
    }

    fn encode(&self) -> Result<Value, Problem> {
        let items = self.iter().enumerate();
        let items = items.map(|(index, item)| item.encode().map_err(|problem| problem.within(index)));
        items.collect::<Result<Vec<_>, _>>().map(Value::Array)
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn decode(value: Value, cx: &mut Decoding) -> Result<Self, Problem> {
        let Value::Object(members) = value else {
            return Err(Problem::expected("an object", &value));
        };
        members.into_iter().map(|(key, value)| Ok((key.clone(), cx.inside(key, value)?))).collect()
    }

    fn encode(&self) -> Result<Value, Problem> {
        let members = self.iter().map(|(key, value)| match value.encode() {
            Ok(value) => Ok((key.clone(), value)),
            Err(problem) => Err(problem.within(key.clone())),
        });
        members.collect::<Result<Map<_, _>, _>>().map(Value::Object)
    }
}
