//! The tables from which the types of the protocol get their reading and writing.
//!
//! A table stands under its type and says what the type's declaration doesn't: the names on the wire, and the way in
//! which each member may be absent. The macros here turn it into code; what the code does is told in `wire`, `object`
//! and `shapes`.

/// Reads and writes through serde whatever is [`Wire`](super::Wire).
macro_rules! with_serde {
    ($type:ident) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::runtime::serialize(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                crate::runtime::deserialize(deserializer)
            }
        }
    };
}

/// An object with known members.
macro_rules! structure {
    (
        $type:ident $(with $tag:literal = $value:literal)* {
            $($presence:ident $field:ident = $wire:literal $(or $default:expr)?,)*
        }
    ) => {
        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                let members = &mut crate::runtime::Members::of(value, cx)?;
                $(members.literal($tag, $value)?;)*
                Ok(Self {
                    $($field: members.$presence($wire $(, || $default)?)?,)*
                    extra: members.rest(),
                })
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                let members = &mut crate::runtime::Writing::new(&self.extra);
                $(members.literal($tag, $value);)*
                $(members.$presence($wire, &self.$field);)*
                members.finish()
            }
        }

        crate::runtime::with_serde!($type);
    };
}

/// One of several strings; others are kept.
macro_rules! open_enum {
    ($type:ident { $($variant:ident = $wire:literal,)* }) => {
        impl $type {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(text) => text,
                }
            }
        }

        impl From<&str> for $type {
            fn from(text: &str) -> Self {
                match text {
                    $($wire => Self::$variant,)*
                    _ => Self::Unrecognized(text.to_owned()),
                }
            }
        }

        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                let value = crate::runtime::text(&value).map(Self::from)?;
                if let Self::Unrecognized(text) = &value {
                    cx.unknown_value(text);
                }
                Ok(value)
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                Ok(self.as_str().into())
            }
        }

        crate::runtime::textual!($type);
    };
}

/// One of several strings and no other.
macro_rules! closed_enum {
    ($type:ident { $($variant:ident = $wire:literal,)* }) => {
        impl $type {
            /// The value on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                }
            }
        }

        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                _: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                match crate::runtime::text(&value)? {
                    $($wire => Ok(Self::$variant),)*
                    other => Err(crate::runtime::unexpected(other, &[$($wire),*])),
                }
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                Ok(self.as_str().into())
            }
        }

        crate::runtime::textual!($type);
    };
}

/// What every enum of strings has.
macro_rules! textual {
    ($type:ident) => {
        impl std::fmt::Display for $type {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl PartialEq<str> for $type {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $type {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        crate::runtime::with_serde!($type);
    };
}

/// One of several shapes, told apart by a member; others are kept.
macro_rules! tagged_union {
    ($type:ident by $tag:literal { $($variant:ident($($payload:tt)+) = $wire:literal,)* }) => {
        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                match crate::runtime::tag(&value, $tag)? {
                    $($wire => crate::runtime::Wire::decode(value, cx).map(Self::$variant),)*
                    tag => {
                        cx.unknown_variant(&value);
                        Ok(Self::Unrecognized(crate::runtime::UnknownVariant::tagged(tag.to_owned(), value)))
                    }
                }
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                match self {
                    $(Self::$variant(payload) => crate::runtime::Wire::encode(payload),)*
                    Self::Unrecognized(unknown) => Ok(unknown.raw().clone()),
                }
            }
        }

        $(crate::runtime::variant_from!($type, $variant, $($payload)+);)*
        crate::runtime::with_serde!($type);
    };
}

/// One of several shapes: a string, or an object whose only key tells which; others are kept.
macro_rules! external_union {
    (
        $type:ident {
            $($bare:ident = $bare_wire:literal,)*
            $(; $($variant:ident($($payload:tt)+) = $wire:literal,)*)?
        }
    ) => {
        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                let external = crate::runtime::External::of(value)?;
                match external.tag() {
                    $((Some($bare_wire), false) => return Ok(Self::$bare),)*
                    $($((Some($wire), true) => return external.payload($wire, cx).map(Self::$variant),)*)?
                    _ => {}
                }
                let known = [$($bare_wire,)* $($($wire,)*)?];
                external.unknown(&known, cx).map(Self::Unrecognized)
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                match self {
                    $(Self::$bare => Ok($bare_wire.into()),)*
                    $($(Self::$variant(payload) => crate::runtime::External::encode($wire, payload),)*)?
                    Self::Unrecognized(unknown) => Ok(unknown.raw().clone()),
                }
            }
        }

        $($(crate::runtime::variant_from!($type, $variant, $($payload)+);)*)?
        crate::runtime::with_serde!($type);
    };
}

/// One of several shapes, told apart by what fits; objects that fit none are kept.
macro_rules! untagged_union {
    ($type:ident { $($variant:ident($($payload:tt)+),)* }) => {
        crate::runtime::untagged_union!(@wire $type, true, { $($variant($($payload)+),)* } {
            |value: serde_json::Value, problems, cx: &mut crate::runtime::Decoding| {
                if !cx.may_keep(&value) {
                    return Err(crate::runtime::no_fit(problems));
                }
                cx.unknown_variant(&value);
                Ok(Self::Unrecognized(crate::runtime::UnknownVariant::untagged(value)))
            }
        } { Self::Unrecognized(unknown) => Ok(unknown.raw().clone()), });
    };
    (@wire $type:ident, $keeps:literal, { $($variant:ident($($payload:tt)+),)* } { $otherwise:expr } { $($arm:tt)* }) => {
        impl crate::runtime::Wire for $type {
            fn decode(
                value: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Result<Self, crate::runtime::Problem> {
                let mut problems = Vec::new();
                $(match cx.attempt(&value, $keeps) {
                    Ok(payload) => return Ok(Self::$variant(payload)),
                    Err(problem) => problems.push((stringify!($variant), problem)),
                })*
                $otherwise(value, problems, cx)
            }

            fn encode(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                match self {
                    $(Self::$variant(payload) => crate::runtime::Wire::encode(payload),)*
                    $($arm)*
                }
            }
        }

        $(crate::runtime::variant_from!($type, $variant, $($payload)+);)*
        crate::runtime::with_serde!($type);
    };
}

/// One of several shapes, told apart by what fits; whatever fits none is an error.
macro_rules! closed_union {
    ($type:ident { $($variant:ident($($payload:tt)+),)* }) => {
        crate::runtime::untagged_union!(@wire $type, false, { $($variant($($payload)+),)* } {
            |_: serde_json::Value, problems, _: &mut crate::runtime::Decoding| {
                Err(crate::runtime::no_fit(problems))
            }
        } {});
    };
}

/// A variant from what it holds; none where `..` stands for that, because another variant holds the same.
macro_rules! variant_from {
    ($type:ident, $variant:ident, ..) => {};
    ($type:ident, $variant:ident, Box<$payload:ty>) => {
        impl From<$payload> for $type {
            fn from(payload: $payload) -> Self {
                Self::$variant(Box::new(payload))
            }
        }
    };
    ($type:ident, $variant:ident, $payload:ty) => {
        impl From<$payload> for $type {
            fn from(payload: $payload) -> Self {
                Self::$variant(payload)
            }
        }
    };
}

/// The notifications of a protocol, and the names that some of them had before.
macro_rules! notifications {
    (
        $type:ident { $($variant:ident $(($payload:ty))? = $wire:literal,)* }
        aliases { $($alias:literal = $canonical:literal,)* }
    ) => {
        impl crate::runtime::Notification for $type {
            const METHODS: &'static [&'static str] = &[$($wire),*];

            fn canonical(method: &str) -> &str {
                match method {
                    $($alias => $canonical,)*
                    _ => method,
                }
            }

            fn method(&self) -> &str {
                match self {
                    $(Self::$variant { .. } => $wire,)*
                    Self::Unrecognized(unknown) => unknown.method(),
                }
            }

            fn encode_params(&self) -> Result<serde_json::Value, crate::runtime::Problem> {
                match self {
                    $(crate::runtime::notifications!(@given params $variant $($payload)?) =>
                        crate::runtime::notifications!(@write params $($payload)?),)*
                    Self::Unrecognized(unknown) => Ok(unknown.params().clone()),
                }
            }

            fn decode(
                method: &str,
                params: serde_json::Value,
                cx: &mut crate::runtime::Decoding,
            ) -> Option<Result<Self, crate::runtime::Problem>> {
                Some(match method {
                    $($wire => crate::runtime::notifications!(@read params, cx, $variant $($payload)?),)*
                    _ => return None,
                })
            }

            fn unrecognized(unknown: crate::runtime::UnknownNotification) -> Self {
                Self::Unrecognized(unknown)
            }
        }
    };
    (@given $params:ident $variant:ident $payload:ty) => {
        Self::$variant($params)
    };
    (@given $params:ident $variant:ident) => {
        Self::$variant
    };
    (@write $params:ident $payload:ty) => {
        crate::runtime::Wire::encode($params)
    };
    (@write $params:ident) => {
        Ok(serde_json::Value::Null)
    };
    (@read $params:ident, $cx:ident, $variant:ident $payload:ty) => {
        crate::runtime::params::<$payload>($params, $cx).map(Self::$variant)
    };
    (@read $params:ident, $cx:ident, $variant:ident) => {
        Ok(Self::$variant)
    };
}

/// Requests: each a type that ties its method, params and result together.
macro_rules! requests {
    ($(
        $(#[$doc:meta])*
        $request:ident = $wire:literal: $params:ty => $result:ty $(, $experimental:ident)?;
    )*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        pub struct $request;

        impl crate::runtime::Request for $request {
            type Params = $params;
            type Result = $result;

            const METHOD: &'static str = $wire;
            const EXPERIMENTAL: bool = !concat!($(stringify!($experimental))?).is_empty();
        }
    )*};
}

pub(crate) use {
    closed_enum, closed_union, external_union, notifications, open_enum, requests, structure, tagged_union, textual,
    untagged_union, variant_from, with_serde,
};
