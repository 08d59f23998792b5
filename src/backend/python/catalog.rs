//! What each named type is called in Python, where it lives, and which fields its class has.
//!
//! Built once; everything that follows looks up here and decides no name by itself.

use crate::backend::scope::Scope;
use crate::backend::shapes::{inherited, open_unions, roles};
use crate::diagnostic::Diagnostic;
use crate::ir::{Field, Literal, Meta, Protocol, Tagging, Type, TypeDef, TypeId, TypeKind, Types, Union, Variant};

use super::docstring::Docstring;
use super::names::{Kind, LANGUAGE, identifier};
use super::terms::Terms;
use super::types::Twin;

/// The protocol's types with their Python names.
pub struct Catalog<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    classes: Vec<String>,
    modules: Vec<String>,
    /// For each type that is an arm of unions with shared fields: those fields.
    inherited: Vec<Vec<&'a Field>>,
    /// For each type, what stands beside it for dicts.
    twins: Vec<Twin>,
    /// For each type, whether it is a name that comes back to itself without a class in between.
    circular: Vec<bool>,
    /// For each type, whether it is a union that keeps what it doesn't know.
    open: Vec<bool>,
    /// For each type, a sentence about it that follows from where it is used.
    roles: Vec<Option<String>>,
    terms: Terms,
}

impl<'a> Catalog<'a> {
    /// Names everything; tells of names that clash.
    pub fn new(protocol: &'a Protocol, problems: &mut Vec<Diagnostic>) -> Self {
        let types = &protocol.types;
        let classes: Vec<_> = types.defs.iter().map(|def| identifier(&def.name, Kind::Class)).collect();
        let modules = types.defs.iter().map(|def| identifier(&def.domain, Kind::Module)).collect();
        let inherited = inherited(types);
        let roles = roles(protocol, |name| identifier(name, Kind::Class));
        let terms = Terms::new(protocol);
        let circular = circular(types);
        let open = open_unions(types);
        let mut catalog =
            Self { protocol, classes, modules, inherited, twins: Vec::new(), circular, open, roles, terms };
        catalog.twins = types.iter().map(|(id, _)| catalog.find_twin(id)).collect();
        catalog.check(problems);
        catalog
    }

    /// The class or alias of a type.
    pub fn class(&self, id: TypeId) -> &str {
        &self.classes[id.0]
    }

    /// The module of a type, inside `types`.
    pub fn module(&self, id: TypeId) -> &str {
        &self.modules[id.0]
    }

    /// The twin of a type.
    pub fn twin(&self, id: TypeId) -> Twin {
        self.twins[id.0]
    }

    /// Whether a type is a name that comes back to itself without a class in between, as that of any JSON does.
    pub fn circular(&self, id: TypeId) -> bool {
        self.circular[id.0]
    }

    /// Whether a type is a union that keeps shapes which no variant describes.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.open[id.0]
    }

    /// What there is to say about a node, in Python's terms. `fallback` is said where nobody wrote any prose.
    pub fn docstring(&self, meta: &Meta, fallback: Option<&str>) -> Docstring {
        Docstring::of(meta, fallback, &self.terms)
    }

    /// The same for a type.
    pub fn docstring_of(&self, id: TypeId) -> Docstring {
        let meta = &self.def(id).meta;
        self.docstring(meta, self.roles[id.0].as_deref()).marked(meta)
    }

    /// `text` in Python's terms.
    pub fn translate(&self, text: &str) -> String {
        self.terms.translate(text)
    }

    /// The type itself.
    pub fn def(&self, id: TypeId) -> &'a TypeDef {
        &self.protocol.types[id]
    }

    /// The fields of a struct's class: its own, then those that its union has for all arms.
    pub fn fields(&self, id: TypeId) -> Vec<&'a Field> {
        let TypeKind::Struct(structure) = &self.def(id).kind else { return Vec::new() };
        structure.fields.iter().chain(self.inherited[id.0].iter().copied()).collect()
    }

    /// The class that holds a variant's payload under its tag, in an externally tagged union.
    pub fn wrapper(&self, union: TypeId, variant: &Variant) -> String {
        wrapper(self.def(union), variant)
    }

    fn check(&self, problems: &mut Vec<Diagnostic>) {
        let mut types = Scope::new(LANGUAGE, "`types`");
        for (id, def) in self.protocol.types.iter() {
            problems.extend(types.take(self.class(id), &def.meta));
            problems.extend(self.twin_name(id).and_then(|twin| types.take(&twin, &def.meta)));
            match &def.kind {
                TypeKind::Struct(_) => {
                    let mut fields = Scope::new(LANGUAGE, format!("`{}`", self.class(id)));
                    let names = self.fields(id).into_iter().map(|field| (identifier(&field.name, Kind::Field), field));
                    problems.extend(names.filter_map(|(name, field)| fields.take(&name, &field.meta)));
                }
                TypeKind::Enum(enumeration) => {
                    let mut members = Scope::new(LANGUAGE, format!("`{}`", self.class(id)));
                    let names = enumeration.values.iter().map(|value| (identifier(&value.name, Kind::Member), value));
                    problems.extend(names.filter_map(|(name, value)| members.take(&name, &value.meta)));
                }
                TypeKind::Union(union) => {
                    let wrapped = wrapped(union).map(|(variant, _)| (self.wrapper(id, variant), variant));
                    problems.extend(wrapped.filter_map(|(name, variant)| types.take(&name, &variant.meta)));
                }
                TypeKind::Alias(_) => {}
            }
        }
    }
}

/// The class that holds a variant's payload under its tag.
pub fn wrapper(union: &TypeDef, variant: &Variant) -> String {
    identifier(&variant.name.followed_by(&union.name), Kind::Class)
}

/// The variants of an externally tagged union that carry something, each with what it carries.
pub fn wrapped(union: &Union) -> impl Iterator<Item = (&Variant, &Type)> {
    let external = matches!(union.tagging, Tagging::External);
    union.variants.iter().filter(move |_| external).filter_map(|variant| Some((variant, variant.payload.as_ref()?)))
}

/// Whether a field can hold one value only.
pub fn is_literal(field: &Field) -> bool {
    matches!(field.ty, Type::Literal(Literal::String(_) | Literal::Bool(_) | Literal::Int(_)))
}

/// Finds the aliases and unions at which walks through aliases and unions close a circle.
fn circular(types: &Types) -> Vec<bool> {
    let mut circular = vec![false; types.defs.len()];
    let mut states = vec![Visit::Not; types.defs.len()];
    for (id, _) in types.iter() {
        visit(types, id, &mut states, &mut circular);
    }
    circular
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    Not,
    UnderWay,
    Done,
}

fn visit(types: &Types, id: TypeId, states: &mut [Visit], circular: &mut [bool]) {
    match (states[id.0], &types[id].kind) {
        // The payloads of an externally tagged union are in classes of their own.
        (Visit::Done, _)
        | (_, TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Union(Union { tagging: Tagging::External, .. })) => {}
        (Visit::UnderWay, _) => circular[id.0] = true,
        (Visit::Not, kind) => {
            states[id.0] = Visit::UnderWay;
            for named in named_by(kind) {
                visit(types, named, states, circular);
            }
            states[id.0] = Visit::Done;
        }
    }
}

/// Adds the types that an expression names, in order.
pub fn collect_named(ty: &Type, named: &mut Vec<TypeId>) {
    match ty {
        Type::Ref(id) => named.push(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => collect_named(inner, named),
        Type::Bool | Type::Int(_) | Type::Float | Type::String(_) | Type::Null | Type::Any | Type::Literal(_) => {}
    }
}

/// The types that an alias or a union names.
pub fn named_by(kind: &TypeKind) -> Vec<TypeId> {
    let mut named = Vec::new();
    match kind {
        TypeKind::Alias(target) => collect_named(target, &mut named),
        TypeKind::Union(union) => {
            for payload in union.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
                collect_named(payload, &mut named);
            }
        }
        TypeKind::Struct(_) | TypeKind::Enum(_) => {}
    }
    named
}
