//! Members that may be left out in more ways than [`Option`] can tell apart.

use std::ops::Deref;

/// A member that may be left out, be `null`, or hold a value, and each means something else.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ThreeState<T> {
    /// Left out.
    #[default]
    Absent,
    /// Given as `null`.
    Null,
    /// Given.
    Value(T),
}

impl<T> ThreeState<T> {
    /// The value, if one is given.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Absent | Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether the member is left out.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether the member is given as `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for ThreeState<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for ThreeState<T> {
    /// `None` is `null`.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl From<&str> for ThreeState<String> {
    fn from(value: &str) -> Self {
        Self::Value(value.to_owned())
    }
}

/// A member that has a default: left out, it reads as that, and is left out again when it is written.
///
/// Dereferences to the value. `From` makes one that is given.
#[derive(Debug, Clone, Copy)]
pub struct Defaulted<T> {
    value: T,
    given: bool,
}

impl<T> Defaulted<T> {
    /// A member that is given.
    pub fn given(value: T) -> Self {
        Self { value, given: true }
    }

    /// A member that is left out, which means `default`.
    pub(crate) fn left_out(default: T) -> Self {
        Self { value: default, given: false }
    }

    /// Whether the member is given, be it with its default.
    pub fn is_given(&self) -> bool {
        self.given
    }

    /// The value, given or not.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Defaulted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> From<T> for Defaulted<T> {
    fn from(value: T) -> Self {
        Self::given(value)
    }
}

/// Equal if the values are: whether a default is spelt out makes no difference.
impl<T: PartialEq> PartialEq for Defaulted<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: PartialEq> PartialEq<T> for Defaulted<T> {
    fn eq(&self, other: &T) -> bool {
        self.value == *other
    }
}
