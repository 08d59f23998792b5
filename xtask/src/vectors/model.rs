//! The types once more, with what has to be worked out before there can be values of them.

use rpcsmith::backend::shapes::{inherited, open_unions};
use rpcsmith::ir::{Field, Literal, Presence, Struct, Tagging, Type, TypeId, TypeKind, Types, Union, Variant};
use serde_json::Value;

pub struct Model<'a> {
    pub types: &'a Types,
    /// For each type that is an arm of unions with shared members: those members.
    inherited: Vec<Vec<&'a Field>>,
    /// For each type, whether it is a union that keeps shapes that it doesn't know.
    open: Vec<bool>,
    /// For each type, how many objects its smallest value has inside one another; none if it would never end.
    heights: Vec<Option<usize>>,
}

/// The JSON types that values of a type may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "JSON has that many types")]
pub struct Kinds {
    pub null: bool,
    pub boolean: bool,
    pub number: bool,
    pub string: bool,
    pub array: bool,
    pub object: bool,
}

impl<'a> Model<'a> {
    pub fn new(types: &'a Types) -> Self {
        let inherited = inherited(types);
        let heights = heights(types, &inherited);
        Self { types, inherited, open: open_unions(types), heights }
    }

    /// Whether there can be a value of `ty` that is neither empty nor `null`.
    pub fn is_possible(&self, ty: &Type) -> bool {
        match ty {
            Type::Nullable(inner) | Type::List(inner) | Type::Map(inner) => self.is_possible(inner),
            _ => height(ty, &self.heights).is_some(),
        }
    }

    /// The same for a variant.
    pub fn is_possible_variant(&self, variant: &Variant) -> bool {
        variant.payload.as_ref().is_none_or(|payload| self.is_possible(payload))
    }

    /// Whether a type is a union that keeps what it doesn't know.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.open[id.0]
    }

    /// The members of a struct: its own, then those that its union has for all arms.
    pub fn fields<'f>(&self, id: TypeId, structure: &'f Struct) -> Vec<&'f Field>
    where
        'a: 'f,
    {
        structure.fields.iter().chain(self.inherited[id.0].iter().copied()).collect()
    }

    /// The variant with the smallest values.
    pub fn smallest_variant<'u>(&self, union: &'u Union) -> Option<&'u Variant> {
        union.variants.iter().min_by_key(|variant| match &variant.payload {
            Some(payload) => height(payload, &self.heights).unwrap_or(usize::MAX),
            None => 0,
        })
    }

    /// The JSON types that values of `ty` may have.
    pub fn kinds(&self, ty: &Type) -> Kinds {
        let none = Kinds::default();
        match ty {
            Type::Bool | Type::Literal(Literal::Bool(_)) => Kinds { boolean: true, ..none },
            Type::Int(_) | Type::Float | Type::Literal(Literal::Int(_)) => Kinds { number: true, ..none },
            Type::String(_) | Type::Literal(Literal::String(_)) => Kinds { string: true, ..none },
            Type::Null => Kinds { null: true, ..none },
            Type::Any => Kinds { null: true, boolean: true, number: true, string: true, array: true, object: true },
            Type::List(_) => Kinds { array: true, ..none },
            Type::Map(_) => Kinds { object: true, ..none },
            Type::Nullable(inner) => Kinds { null: true, ..self.kinds(inner) },
            Type::Ref(id) => match &self.types[*id].kind {
                TypeKind::Struct(_) => Kinds { object: true, ..none },
                TypeKind::Enum(_) => Kinds { string: true, ..none },
                TypeKind::Alias(target) => self.kinds(target),
                TypeKind::Union(union) => match &union.tagging {
                    Tagging::Property { .. } => Kinds { object: true, ..none },
                    Tagging::External => Kinds { string: true, object: true, ..none },
                    Tagging::Untagged if self.is_open(*id) => Kinds { object: true, ..none },
                    Tagging::Untagged => {
                        union.variants.iter().fold(none, |kinds, variant| kinds.or(self.kinds_of(variant)))
                    }
                },
            },
        }
    }

    /// The JSON types that an untagged union's variant may have.
    pub fn kinds_of(&self, variant: &Variant) -> Kinds {
        match &variant.payload {
            Some(payload) => self.kinds(payload),
            None => Kinds { string: true, ..Kinds::default() },
        }
    }

    /// Whether an object without members is a value of `ty`.
    pub fn may_be_empty(&self, ty: &Type) -> bool {
        match ty {
            Type::Any | Type::Map(_) => true,
            Type::Nullable(inner) => self.may_be_empty(inner),
            Type::Ref(id) => match &self.types[*id].kind {
                TypeKind::Struct(structure) => {
                    self.fields(*id, structure).iter().all(|field| field.presence != Presence::Required)
                }
                TypeKind::Alias(target) => self.may_be_empty(target),
                TypeKind::Enum(_) => false,
                TypeKind::Union(union) => match union.tagging {
                    Tagging::Property { .. } => false,
                    Tagging::External => true,
                    Tagging::Untagged => union
                        .variants
                        .iter()
                        .filter_map(|variant| variant.payload.as_ref())
                        .any(|ty| self.may_be_empty(ty)),
                },
            },
            Type::Bool
            | Type::Int(_)
            | Type::Float
            | Type::String(_)
            | Type::Null
            | Type::Literal(_)
            | Type::List(_) => false,
        }
    }
}

impl Kinds {
    /// Whether `value` is of one of these types.
    pub fn allow(self, value: &Value) -> bool {
        match value {
            Value::Null => self.null,
            Value::Bool(_) => self.boolean,
            Value::Number(_) => self.number,
            Value::String(_) => self.string,
            Value::Array(_) => self.array,
            Value::Object(_) => self.object,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            null: self.null || other.null,
            boolean: self.boolean || other.boolean,
            number: self.number || other.number,
            string: self.string || other.string,
            array: self.array || other.array,
            object: self.object || other.object,
        }
    }
}

/// The heights of all types, each found once those that it needs are known.
fn heights(types: &Types, inherited: &[Vec<&Field>]) -> Vec<Option<usize>> {
    let mut heights: Vec<Option<usize>> = vec![None; types.defs.len()];
    loop {
        let known: Vec<_> = types.iter().map(|(id, def)| height_of(&def.kind, &inherited[id.0], &heights)).collect();
        if known == heights {
            return heights;
        }
        heights = known;
    }
}

fn height_of(kind: &TypeKind, inherited: &[&Field], known: &[Option<usize>]) -> Option<usize> {
    match kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter().chain(inherited.iter().copied());
            let required = fields.filter(|field| field.presence == Presence::Required);
            let highest = required.map(|field| height(&field.ty, known)).try_fold(0, |most, one| Some(most.max(one?)));
            highest.map(|highest| highest + 1)
        }
        TypeKind::Enum(_) => Some(0),
        TypeKind::Alias(target) => height(target, known),
        TypeKind::Union(union) => {
            let variants = union.variants.iter();
            let heights = variants.map(|variant| variant.payload.as_ref().map_or(Some(0), |ty| height(ty, known)));
            heights.flatten().min().map(|least| least + 1)
        }
    }
}

/// What may be empty or `null` needs nothing else.
fn height(ty: &Type, known: &[Option<usize>]) -> Option<usize> {
    match ty {
        Type::Ref(id) => known[id.0],
        _ => Some(0),
    }
}
