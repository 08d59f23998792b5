//! Type expressions of the IR as Python annotations, and the names that these speak of.

use std::collections::BTreeSet;

use crate::backend::pretty::Doc;
use crate::backend::shapes::Width;
use crate::ir::{Format, IntRange, Literal, Tagging, Type, TypeId, TypeKind, Union};

use super::catalog::Catalog;
use super::code::{string, subscript, union};

/// Who reads an annotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Position {
    /// A model's field: what the decoder builds.
    Model,
    /// A parameter, or a member of a `TypedDict`: what users may pass.
    Argument,
}

/// A name that does not come from the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Helper {
    /// The module, as an import statement of a module inside the package's folder names it: standard library
    /// modules by their names, the package's own with a leading dot.
    pub module: &'static str,
    /// The name.
    pub name: &'static str,
}

/// `typing.Any` and its like.
pub const ANY: Helper = Helper { module: "typing", name: "Any" };
/// A string or another value that stands for itself.
pub const LITERAL: Helper = Helper { module: "typing", name: "Literal" };
/// A list that is only read.
pub const SEQUENCE: Helper = Helper { module: "collections.abc", name: "Sequence" };
/// A dict that is only read.
pub const MAPPING: Helper = Helper { module: "collections.abc", name: "Mapping" };
/// A string with something in it.
pub const NON_EMPTY: Helper = Helper { module: "._runtime.model", name: "NonEmpty" };

/// Every name that some code speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// What is not the protocol's.
    pub helpers: BTreeSet<Helper>,
    /// Models, enums and aliases.
    pub types: BTreeSet<TypeId>,
    /// Their twins for the type checker.
    pub twins: BTreeSet<TypeId>,
}

impl Uses {
    /// Adds all of `other`.
    pub fn extend(&mut self, other: Self) {
        self.helpers.extend(other.helpers);
        self.types.extend(other.types);
        self.twins.extend(other.twins);
    }

    /// Notes that `helper` is used.
    pub fn helper(&mut self, helper: Helper) -> &'static str {
        self.helpers.insert(helper);
        helper.name
    }
}

/// What a type has for a twin: the name that type checkers accept beside the type itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twin {
    /// None: whatever stands for the type in an argument is said in place.
    None,
    /// A `TypedDict`, or an alias of several.
    Dict,
    /// An alias of the known values, as literals.
    Literals,
}

impl Catalog<'_> {
    /// Works out the twin of a type, if it travels to the server.
    pub fn find_twin(&self, id: TypeId) -> Twin {
        let def = self.def(id);
        match &def.kind {
            _ if !def.usage.sent => Twin::None,
            TypeKind::Struct(_) => Twin::Dict,
            TypeKind::Enum(_) => Twin::Literals,
            TypeKind::Union(union) if !self.arms(id, union).classes.is_empty() => Twin::Dict,
            TypeKind::Union(_) | TypeKind::Alias(_) => Twin::None,
        }
    }

    /// The name of a type's twin.
    pub fn twin_name(&self, id: TypeId) -> Option<String> {
        match self.twin(id) {
            Twin::None => None,
            Twin::Dict => Some(format!("{}Dict", self.class(id))),
            Twin::Literals => Some(format!("{}Literal", self.class(id))),
        }
    }

    /// The annotation of `ty`, as the members of a union: mostly one, and `None` behind it where it is nullable.
    pub fn annotation(&self, ty: &Type, position: Position, uses: &mut Uses) -> Vec<Doc> {
        match ty {
            Type::Bool => vec![Doc::text("bool")],
            Type::Int(range) => match position {
                Position::Model => vec![Doc::text(uses.helper(integer(*range)))],
                Position::Argument => vec![Doc::text("int")],
            },
            Type::Float => vec![Doc::text("float")],
            Type::String(Format::Text) => vec![Doc::text("str")],
            Type::String(Format::NonEmpty) => match position {
                Position::Model => vec![Doc::text(uses.helper(NON_EMPTY))],
                Position::Argument => vec![Doc::text("str")],
            },
            Type::Null => vec![Doc::text("None")],
            Type::Any => vec![Doc::text(uses.helper(ANY))],
            Type::Literal(literal) => vec![subscript(uses.helper(LITERAL), vec![Doc::text(literal_value(literal))])],
            Type::List(item) => {
                let item = union(self.annotation(item, position, uses));
                let base = match position {
                    Position::Model => "list",
                    Position::Argument => uses.helper(SEQUENCE),
                };
                vec![subscript(base, vec![item])]
            }
            Type::Map(value) => {
                let value = union(self.annotation(value, position, uses));
                let base = match position {
                    Position::Model => "dict",
                    Position::Argument => uses.helper(MAPPING),
                };
                vec![subscript(base, vec![Doc::text("str"), value])]
            }
            Type::Nullable(inner) => with_none(self.annotation(inner, position, uses)),
            Type::Ref(id) => self.reference(*id, position, uses),
        }
    }

    fn reference(&self, id: TypeId, position: Position, uses: &mut Uses) -> Vec<Doc> {
        match (&self.def(id).kind, position) {
            (TypeKind::Alias(_) | TypeKind::Union(_), Position::Argument) if self.circular(id) => {}
            (TypeKind::Alias(target), Position::Argument) if self.differs(target) => {
                return self.annotation(target, position, uses);
            }
            (TypeKind::Union(union), Position::Argument) if self.twin(id) == Twin::None && self.any_differs(union) => {
                return self.alternatives(union, position, uses);
            }
            _ => {}
        }
        uses.types.insert(id);
        let mut parts = vec![Doc::text(self.class(id).to_owned())];
        if let Some(twin) = self.twin_name(id).filter(|_| position == Position::Argument) {
            uses.twins.insert(id);
            parts.push(Doc::text(twin));
        }
        parts
    }

    /// The payloads of an untagged union, and its bare strings.
    fn alternatives(&self, union: &Union, position: Position, uses: &mut Uses) -> Vec<Doc> {
        let mut parts: Vec<Doc> = Vec::new();
        for payload in union.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
            for part in self.annotation(payload, position, uses) {
                if !parts.contains(&part) {
                    parts.push(part);
                }
            }
        }
        parts
    }

    fn any_differs(&self, union: &Union) -> bool {
        union.variants.iter().filter_map(|variant| variant.payload.as_ref()).any(|payload| self.differs(payload))
    }

    /// Whether an argument of this type is annotated otherwise than a field of it.
    fn differs(&self, ty: &Type) -> bool {
        match ty {
            Type::List(_) | Type::Map(_) => true,
            Type::Nullable(inner) => self.differs(inner),
            Type::Ref(id) => match &self.def(*id).kind {
                TypeKind::Struct(_) | TypeKind::Enum(_) => true,
                TypeKind::Union(_) => self.twin(*id) == Twin::Dict,
                TypeKind::Alias(target) => self.differs(target),
            },
            Type::Bool | Type::Int(_) | Type::Float | Type::String(_) | Type::Null | Type::Any | Type::Literal(_) => {
                false
            }
        }
    }

    /// Whether `null` is a value of this type, through aliases.
    pub fn accepts_null(&self, ty: &Type) -> bool {
        match ty {
            Type::Ref(id) => matches!(&self.def(*id).kind, TypeKind::Alias(target) if self.accepts_null(target)),
            other => other.is_nullable(),
        }
    }
}

/// The runtime's name of an integer with the bits that `range` needs.
fn integer(range: IntRange) -> Helper {
    let Width { signed, bits } = Width::of(range);
    let name = match (signed, bits) {
        (true, 8) => "Int8",
        (true, 16) => "Int16",
        (true, 32) => "Int32",
        (true, _) => "Int64",
        (false, 8) => "UInt8",
        (false, 16) => "UInt16",
        (false, 32) => "UInt32",
        (false, _) => "UInt64",
    };
    Helper { module: "._runtime.model", name }
}

/// What a union comes down to, nested unions taken apart.
#[derive(Debug, Default)]
pub struct Arms {
    /// The classes, in order.
    pub classes: Vec<String>,
    /// Those of the classes that are types of the protocol.
    pub ids: Vec<TypeId>,
    /// The bare strings.
    pub strings: Vec<String>,
    /// Whether there is something else.
    others: bool,
}

impl Arms {
    /// Whether every shape is an object with known members.
    pub fn only_objects(&self) -> bool {
        !self.others && self.strings.is_empty()
    }

    fn class(&mut self, name: String) {
        if !self.classes.contains(&name) {
            self.classes.push(name);
        }
    }
}

impl Catalog<'_> {
    /// What the union `id` comes down to.
    pub fn arms(&self, id: TypeId, union: &Union) -> Arms {
        let mut arms = Arms::default();
        self.collect_arms(id, union, &mut vec![id], &mut arms);
        arms
    }

    fn collect_arms(&self, id: TypeId, union: &Union, seen: &mut Vec<TypeId>, arms: &mut Arms) {
        for variant in &union.variants {
            match (&variant.payload, &union.tagging) {
                (None, _) => arms.strings.extend(variant.tag.clone()),
                (Some(_), Tagging::External) => arms.class(self.wrapper(id, variant)),
                (Some(payload), Tagging::Property { .. } | Tagging::Untagged) => {
                    let Type::Ref(inner) = self.protocol.types.resolve(payload) else {
                        arms.others = true;
                        continue;
                    };
                    match &self.def(*inner).kind {
                        TypeKind::Struct(_) => {
                            arms.class(self.class(*inner).to_owned());
                            arms.ids.push(*inner);
                        }
                        TypeKind::Union(nested) if !seen.contains(inner) => {
                            seen.push(*inner);
                            self.collect_arms(*inner, nested, seen, arms);
                        }
                        TypeKind::Union(_) => {}
                        TypeKind::Enum(_) | TypeKind::Alias(_) => arms.others = true,
                    }
                }
            }
        }
    }
}

/// `parts` with `None` behind them, once.
pub fn with_none(mut parts: Vec<Doc>) -> Vec<Doc> {
    let none = Doc::text("None");
    if !parts.contains(&none) && !parts.contains(&Doc::text(ANY.name)) {
        parts.push(none);
    }
    parts
}

/// A literal as an expression.
pub fn literal_value(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => string(text),
        Literal::Bool(true) => "True".to_owned(),
        Literal::Bool(false) => "False".to_owned(),
        Literal::Int(number) => number.to_string(),
    }
}
