//! Objects with known members: how their members are taken out of JSON, and put into it.
//!
//! Each way in which a member may be absent has one method here for reading and one of the same name for writing; the
//! tables of the generated types name them.

use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::presence::{Defaulted, ThreeState};
use super::wire::{Decoding, Problem, Wire};

/// The members of an object that its type doesn't name, kept so that they can be written back.
///
/// Dereferences to a map from the members' names to their values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extra(Option<Box<Map<String, Value>>>);

static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.get_or_insert_default()
    }
}

/// An object that is being read.
#[derive(Debug)]
pub(crate) struct Members<'a> {
    members: Map<String, Value>,
    cx: &'a mut Decoding,
}

impl<'a> Members<'a> {
    pub(crate) fn of(value: Value, cx: &'a mut Decoding) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => Ok(Self { members, cx }),
            other => Err(Problem::expected("an object", &other)),
        }
    }

    /// A member that always holds the same.
    pub(crate) fn literal(&mut self, wire: &'static str, value: &'static str) -> Result<(), Problem> {
        match self.members.remove(wire) {
            Some(Value::String(found)) if found == value => Ok(()),
            Some(other) => Err(Problem::new(format!("expected {value:?}, found {other}")).within(wire)),
            None => Err(missing(wire)),
        }
    }

    /// A member that is always there.
    pub(crate) fn required<T: Wire>(&mut self, wire: &'static str) -> Result<T, Problem> {
        let value = self.members.remove(wire).ok_or_else(|| missing(wire))?;
        self.cx.inside(wire, value)
    }

    /// A member that may be left out, or be `null`, which means the same.
    pub(crate) fn optional<T: Wire>(&mut self, wire: &'static str) -> Result<Option<T>, Problem> {
        match self.members.remove(wire) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.cx.inside(wire, value).map(Some),
        }
    }

    /// A member that may be left out.
    pub(crate) fn omissible<T: Wire>(&mut self, wire: &'static str) -> Result<Option<T>, Problem> {
        self.members.remove(wire).map(|value| self.cx.inside(wire, value)).transpose()
    }

    /// A member that may be left out, which means `default`.
    pub(crate) fn defaulted<T: Wire>(
        &mut self,
        wire: &'static str,
        default: impl FnOnce() -> T,
    ) -> Result<Defaulted<T>, Problem> {
        Ok(match self.omissible(wire)? {
            Some(value) => Defaulted::given(value),
            None => Defaulted::left_out(default()),
        })
    }

    /// A member that may be left out, or be `null`, which means something else.
    pub(crate) fn three_state<T: Wire>(&mut self, wire: &'static str) -> Result<ThreeState<T>, Problem> {
        Ok(match self.members.remove(wire) {
            None => ThreeState::Absent,
            Some(Value::Null) => ThreeState::Null,
            Some(value) => ThreeState::Value(self.cx.inside(wire, value)?),
        })
    }

    /// What nobody has asked for.
    pub(crate) fn rest(&mut self) -> Extra {
        Extra((!self.members.is_empty()).then(|| Box::new(std::mem::take(&mut self.members))))
    }
}

fn missing(wire: &'static str) -> Problem {
    Problem::new("missing").within(wire)
}

/// An object that is being written.
#[derive(Debug)]
pub(crate) struct Writing {
    members: Map<String, Value>,
    problem: Option<Problem>,
}

impl Writing {
    pub(crate) fn new(extra: &Extra) -> Self {
        Self { members: extra.0.as_deref().cloned().unwrap_or_default(), problem: None }
    }

    pub(crate) fn literal(&mut self, wire: &'static str, value: &'static str) {
        self.members.insert(wire.to_owned(), Value::from(value));
    }

    pub(crate) fn required<T: Wire>(&mut self, wire: &'static str, value: &T) {
        match value.encode() {
            Ok(value) => _ = self.members.insert(wire.to_owned(), value),
            Err(problem) => _ = self.problem.get_or_insert_with(|| problem.within(wire)),
        }
    }

    pub(crate) fn optional<T: Wire>(&mut self, wire: &'static str, value: &T) {
        if !value.is_absent() {
            self.required(wire, value);
        }
    }

    pub(crate) fn omissible<T: Wire>(&mut self, wire: &'static str, value: &T) {
        self.optional(wire, value);
    }

    pub(crate) fn defaulted<T: Wire>(&mut self, wire: &'static str, value: &Defaulted<T>) {
        if value.is_given() {
            self.required(wire, &**value);
        }
    }

    pub(crate) fn three_state<T: Wire>(&mut self, wire: &'static str, value: &ThreeState<T>) {
        match value {
            ThreeState::Absent => {}
            ThreeState::Null => _ = self.members.insert(wire.to_owned(), Value::Null),
            ThreeState::Value(value) => self.required(wire, value),
        }
    }

    pub(crate) fn finish(&mut self) -> Result<Value, Problem> {
        match self.problem.take() {
            Some(problem) => Err(problem),
            None => Ok(Value::Object(std::mem::take(&mut self.members))),
        }
    }
}
