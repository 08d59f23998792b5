//! What each named type is called in Rust, where it lives, and which members it has.
//!
//! Built once; everything that follows looks up here and decides no name by itself.

use std::collections::BTreeMap;

use crate::backend::scope::Scope;
use crate::backend::shapes::{inherited, open_unions, roles};
use crate::diagnostic::Diagnostic;
use crate::ir::{Field, Meta, Protocol, Type, TypeDef, TypeId, TypeKind};

use super::docs::Docs;
use super::names::{Kind, LANGUAGE, identifier};
use super::recursion::Recursion;

/// The protocol's types with their Rust names.
pub struct Catalog<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    names: Vec<String>,
    modules: Vec<String>,
    /// For each type that is an arm of unions with shared members: those members.
    inherited: Vec<Vec<&'a Field>>,
    /// For each type, whether it is a union that keeps what it doesn't know.
    open: Vec<bool>,
    /// For each type, a sentence about it that follows from where it is used.
    roles: Vec<Option<String>>,
    recursion: Recursion,
}

impl<'a> Catalog<'a> {
    /// Names everything; tells of names that clash.
    pub fn new(protocol: &'a Protocol, problems: &mut Vec<Diagnostic>) -> Self {
        let types = &protocol.types;
        let catalog = Self {
            protocol,
            names: types.defs.iter().map(|def| identifier(&def.name, Kind::Type)).collect(),
            modules: types.defs.iter().map(|def| identifier(&def.domain, Kind::Module)).collect(),
            inherited: inherited(types),
            open: open_unions(types),
            roles: roles(protocol, |name| identifier(name, Kind::Type)),
            recursion: Recursion::new(types),
        };
        catalog.check(problems);
        catalog
    }

    /// What a type is called.
    pub fn name(&self, id: TypeId) -> &str {
        &self.names[id.0]
    }

    /// The module of a type, inside `types`.
    pub fn module(&self, id: TypeId) -> &str {
        &self.modules[id.0]
    }

    /// The type itself.
    pub fn def(&self, id: TypeId) -> &'a TypeDef {
        &self.protocol.types[id]
    }

    /// What is to be said about a type: its prose, else what follows from where it is used.
    pub fn docs(&self, id: TypeId) -> Docs {
        let def = self.def(id);
        let fallback = match (&self.roles[id.0], def.owner) {
            (Some(role), _) => role.clone(),
            (None, Some(owner)) => format!("Part of `{}`.", self.name(owner)),
            (None, None) => format!("`{}`, as the schema declares it.", self.name(id)),
        };
        let mut docs = Docs::of(&def.meta, &fallback);
        docs.notes(&def.meta);
        docs
    }

    /// The members of a struct: its own, then those that its union has for all arms.
    pub fn fields(&self, id: TypeId) -> Vec<&'a Field> {
        let TypeKind::Struct(structure) = &self.def(id).kind else { return Vec::new() };
        structure.fields.iter().chain(self.inherited[id.0].iter().copied()).collect()
    }

    /// Whether a type is a union that keeps shapes which no variant describes.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.open[id.0]
    }

    /// Whether this is a struct or a union, under whatever name. As a variant's payload it lives behind a `Box`.
    pub fn is_object(&self, ty: &Type) -> bool {
        match ty {
            Type::Ref(id) => match &self.def(*id).kind {
                TypeKind::Struct(_) | TypeKind::Union(_) => true,
                TypeKind::Alias(target) => self.is_object(target),
                TypeKind::Enum(_) => false,
            },
            _ => false,
        }
    }

    /// Whether a member of `owner` must live behind a `Box`.
    pub fn boxes(&self, owner: TypeId, ty: &Type) -> bool {
        self.recursion.boxes(&self.protocol.types, owner, ty)
    }

    /// The types of each module, in the model's order.
    pub fn by_module(&self) -> BTreeMap<&str, Vec<TypeId>> {
        let mut modules: BTreeMap<&str, Vec<TypeId>> = BTreeMap::new();
        for (id, _) in self.protocol.types.iter() {
            modules.entry(self.module(id)).or_default().push(id);
        }
        modules
    }

    fn check(&self, problems: &mut Vec<Diagnostic>) {
        let mut types = Scope::new(LANGUAGE, "`types`");
        for (id, def) in self.protocol.types.iter() {
            problems.extend(types.take(self.name(id), &def.meta));
            let mut scope = Scope::new(LANGUAGE, format!("`{}`", self.name(id)));
            let mut take = |name: String, meta: &Meta| problems.extend(scope.take(&name, meta));
            match &def.kind {
                TypeKind::Struct(_) => {
                    for field in self.fields(id) {
                        take(identifier(&field.name, Kind::Field), &field.meta);
                    }
                }
                TypeKind::Enum(enumeration) => {
                    for value in &enumeration.values {
                        take(identifier(&value.name, Kind::Variant), &value.meta);
                    }
                }
                TypeKind::Union(union) => {
                    for variant in &union.variants {
                        take(identifier(&variant.name, Kind::Variant), &variant.meta);
                    }
                }
                TypeKind::Alias(_) => {}
            }
        }
    }
}
