//! The macros that turn the small tables of the convenience layer into code, and the error of presets.

/// A text that names no value of a preset.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is no {preset}; there are {}", .values.join(", "))]
#[non_exhaustive]
pub struct UnknownPreset {
    /// The text.
    pub given: String,
    /// What the preset is called.
    pub preset: &'static str,
    /// The names of its values.
    pub values: &'static [&'static str],
}

/// Operations: what they are made of, and how they are awaited. One with a letter behind its name can give several
/// things, of which the letter stands for one.
macro_rules! operation {
    ($(#[$doc:meta])* $name:ident { $($field:ident: $type:ty),+ } => $gives:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        #[must_use = "nothing happens before it is awaited"]
        pub struct $name {
            $($field: $type,)+
            deadline: crate::facade::support::Deadline,
        }

        impl $name {
            pub(super) fn new($($field: $type),+) -> Self {
                Self { $($field,)+ deadline: crate::facade::support::Deadline::Usual }
            }
        }

        operation! { @timeout $name }
        operation! { @await $name => $gives }
    };
    ($(#[$doc:meta])* $name:ident<$one:ident> { $($field:ident: $type:ty),+ } => $($gives:ty),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        #[must_use = "nothing happens before it is awaited"]
        pub struct $name<$one> {
            $($field: $type,)+
            deadline: crate::facade::support::Deadline,
            gives: std::marker::PhantomData<fn() -> $one>,
        }

        impl<$one> $name<$one> {
            pub(super) fn new($($field: $type),+) -> Self {
                Self { $($field,)+ deadline: crate::facade::support::Deadline::Usual, gives: std::marker::PhantomData }
            }
        }

        operation! { @timeout $name<$one> }
        $(operation! { @await $name<$gives> => $gives })+
    };
    (@timeout $name:ident $(<$one:ident>)?) => {
        impl $(<$one>)? $name $(<$one>)? {
            /// Sets how long the call may take; `None`: as long as it takes. Left out, the client's config says.
            pub fn timeout(mut self, limit: impl Into<Option<std::time::Duration>>) -> Self {
                self.deadline = limit.into().into();
                self
            }
        }
    };
    (@await $name:ty => $gives:ty) => {
        impl IntoFuture for $name {
            type Output = Result<$gives, crate::error::Error>;
            type IntoFuture = crate::runtime::CallFuture<'static, $gives>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.make())
            }
        }
    };
}

/// Presets: the names of their values.
macro_rules! preset {
    ($type:ident { $($value:ident = $name:literal,)* }) => {
        impl $type {
            /// The names of all values.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// The value's name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$value => $name,)*
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.name())
            }
        }

        impl std::str::FromStr for $type {
            type Err = crate::facade::tables::UnknownPreset;

            fn from_str(text: &str) -> Result<Self, crate::facade::tables::UnknownPreset> {
                match text {
                    $($name => Ok(Self::$value),)*
                    _ => Err(crate::facade::tables::UnknownPreset { given: text.to_owned(), preset: stringify!($type), values: Self::NAMES }),
                }
            }
        }

        impl TryFrom<&str> for $type {
            type Error = crate::facade::tables::UnknownPreset;

            fn try_from(text: &str) -> Result<Self, crate::facade::tables::UnknownPreset> {
                text.parse()
            }
        }
    };
}

/// What a list of a union's values can be made from. The first item is the one that a text stands for.
macro_rules! shorthand {
    ($list:ident of $union:ty { $text:ident, $($item:ident,)* }) => {
        impl $list {
            /// The same with more behind it.
            #[must_use]
            pub fn and(mut self, more: impl Into<Self>) -> Self {
                self.0.extend(more.into().0);
                self
            }
        }

        shorthand! { @item $list of $union { $text $($item)* } }

        impl From<$union> for $list {
            fn from(item: $union) -> Self {
                Self(vec![item])
            }
        }

        impl From<&str> for $list {
            fn from(text: &str) -> Self {
                $text::new(text).into()
            }
        }

        impl From<String> for $list {
            fn from(text: String) -> Self {
                $text::new(text).into()
            }
        }

        impl From<&String> for $list {
            fn from(text: &String) -> Self {
                $text::new(text).into()
            }
        }

        impl<T: Into<$list>> From<Vec<T>> for $list {
            fn from(items: Vec<T>) -> Self {
                Self(items.into_iter().flat_map(Into::into).collect())
            }
        }

        impl<T: Into<$list>, const N: usize> From<[T; N]> for $list {
            fn from(items: [T; N]) -> Self {
                Self(items.into_iter().flat_map(Into::into).collect())
            }
        }

        impl From<$list> for Vec<$union> {
            fn from(list: $list) -> Self {
                list.0
            }
        }

        impl IntoIterator for $list {
            type Item = $union;
            type IntoIter = std::vec::IntoIter<$union>;

            fn into_iter(self) -> Self::IntoIter {
                self.0.into_iter()
            }
        }
    };
    (@item $list:ident of $union:ty { $($item:ident)* }) => {
        $(
            impl From<$item> for $list {
                fn from(item: $item) -> Self {
                    Self(vec![item.into()])
                }
            }
        )*
    };
}

pub(super) use {operation, preset, shorthand};
