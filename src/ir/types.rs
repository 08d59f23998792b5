//! Named types, their members, and the expressions that refer to them.

use std::ops::Index;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::{Meta, Name};

/// A named type's place in [`Types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct TypeId(pub usize);

/// All named types; a [`TypeId`] is an index into them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Types {
    /// The types, ordered by name.
    pub defs: Vec<TypeDef>,
}

impl Index<TypeId> for Types {
    type Output = TypeDef;

    fn index(&self, id: TypeId) -> &TypeDef {
        &self.defs[id.0]
    }
}

impl Types {
    /// Every type with its id, in order.
    pub fn iter(&self) -> impl Iterator<Item = (TypeId, &TypeDef)> {
        self.defs.iter().enumerate().map(|(index, def)| (TypeId(index), def))
    }

    /// Follows aliases from `ty` to what they stand for; nullability on the way is dropped.
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        match ty {
            Type::Nullable(inner) => self.resolve(inner),
            Type::Ref(id) => match &self[*id].kind {
                TypeKind::Alias(target) => self.resolve(target),
                TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Union(_) => ty,
            },
            _ => ty,
        }
    }

    /// The structure behind `ty`, through aliases, if it is one.
    pub fn as_struct<'a>(&'a self, ty: &'a Type) -> Option<(TypeId, &'a Struct)> {
        match self.resolve(ty) {
            Type::Ref(id) => match &self[*id].kind {
                TypeKind::Struct(structure) => Some((*id, structure)),
                TypeKind::Enum(_) | TypeKind::Union(_) | TypeKind::Alias(_) => None,
            },
            _ => None,
        }
    }
}

/// A named type.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TypeDef {
    /// Its name.
    pub name: Name,
    /// The module it lives in: the one family of methods that reaches it, or the shared one.
    pub domain: Name,
    /// The named type it is declared inside, where the schema gives it no name of its own.
    pub owner: Option<TypeId>,
    /// Which way it travels.
    pub usage: Usage,
    /// What it is.
    pub kind: TypeKind,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// Which way a type travels: both may be false for a type that no message refers to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Usage {
    /// The client sends it: in a request's params, a notification, or an answer to the server.
    pub sent: bool,
    /// The server sends it.
    pub received: bool,
}

/// What a named type is.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// An object with known members.
    Struct(Struct),
    /// One of several strings.
    Enum(StringEnum),
    /// One of several shapes.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
}

/// An object with known members. Unknown members are kept, whatever the schema says of them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Struct {
    /// The members, in the schema's order.
    pub fields: Vec<Field>,
    /// What members beyond `fields` hold, where the schema declares that there are such.
    pub extra: Option<Type>,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Field {
    /// Its name on the wire, which no rule can derive from `name`.
    pub wire: String,
    /// Its name as words.
    pub name: Name,
    /// What it holds. [`Type::Nullable`] says that it may be `null`; `presence`, whether it may be left out.
    pub ty: Type,
    /// Whether it may be left out, and what that means.
    pub presence: Presence,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// Whether a member may be left out, and what that means. Whether it may be `null` is its type's business.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// Always there.
    Required,
    /// May be left out; when it may also be `null`, both mean the same.
    Optional,
    /// May be left out or be `null`, and the two mean different things.
    ThreeState,
    /// May be left out, which means this value.
    Defaulted(Value),
}

/// One of several strings.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StringEnum {
    /// The known values.
    pub values: Vec<EnumValue>,
    /// Whether values beyond the known ones are let through. Closed only where an untagged union's arms are told
    /// apart by the value.
    pub open: bool,
}

/// A value of a string enum.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct EnumValue {
    /// The value on the wire.
    pub wire: String,
    /// Its name as words.
    pub name: Name,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// One of several shapes. A shape that no variant describes is kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Union {
    /// How the shapes are told apart.
    pub tagging: Tagging,
    /// The shapes: by tag where there is one, else the most demanding first, which is the order to try them in.
    pub variants: Vec<Variant>,
    /// Members that every shape has beside its own, in the schema's order. Where the variants are told apart
    /// inside another union's arm, its tag is among them.
    pub shared: Vec<Field>,
    /// Whether the schema itself says that there are more shapes than it names.
    pub open: bool,
}

/// How a union's shapes are told apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tagging {
    /// By a member of each object. The variant's struct lists it among its fields, as a literal.
    Property {
        /// The member's wire name.
        wire: String,
    },
    /// By the only key of an object, whose value is the payload; or the tag alone, as a string.
    External,
    /// By what fits.
    Untagged,
}

/// A shape of a union.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Variant {
    /// The tag's value; absent where the union has no tag.
    pub tag: Option<String>,
    /// The variant's own name, without its union's.
    pub name: Name,
    /// What it holds; absent for a tag that stands alone as a string.
    pub payload: Option<Type>,
    /// Docs, origin, stability.
    pub meta: Meta,
}

/// A type expression.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int(IntRange),
    /// Any number.
    Float,
    /// A string.
    String(Format),
    /// `null` alone.
    Null,
    /// Any JSON value.
    Any,
    /// This value and no other.
    Literal(Literal),
    /// An array.
    List(Box<Type>),
    /// An object from arbitrary keys to this.
    Map(Box<Type>),
    /// This, or `null`. Never nested.
    Nullable(Box<Type>),
    /// A named type.
    Ref(TypeId),
}

impl Type {
    /// This or `null`; a type that already may be `null` stays as it is.
    #[must_use]
    pub fn nullable(self) -> Self {
        match self {
            Self::Nullable(_) | Self::Null | Self::Any => self,
            other => Self::Nullable(Box::new(other)),
        }
    }

    /// Whether `null` is a value of this type by its outermost form. Aliases are not followed.
    pub fn is_nullable(&self) -> bool {
        matches!(self, Self::Nullable(_) | Self::Null | Self::Any)
    }

    /// Without the outermost `Nullable`.
    #[must_use]
    pub fn without_null(&self) -> &Self {
        match self {
            Self::Nullable(inner) => inner,
            other => other,
        }
    }
}

/// The whole numbers that a type has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct IntRange {
    /// The smallest.
    pub min: i64,
    /// The largest.
    pub max: u64,
}

/// What a string holds, where the schema says so. A `format` of strings says what they mean, which is for people to know;
/// beyond whether it is empty, nothing of a text is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Any text.
    Text,
    /// Text that is not empty.
    NonEmpty,
}

/// A value that stands for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// A string.
    String(String),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
}
