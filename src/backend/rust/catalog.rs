//! What each named type is called in Rust, where it lives, and which members it has.
//!
//! Built once; everything that follows looks up here and decides no name by itself.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::ir::{Field, Meta, Protocol, Request, Type, TypeDef, TypeId, TypeKind, Types, Union};

use super::docs::Docs;
use super::names::{Kind, Scope, identifier};
use super::recursion::Recursion;

/// The protocol's types with their Rust names.
pub struct Catalog<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    names: Vec<String>,
    modules: Vec<String>,
    /// For each type that is an arm of unions with shared members: those members.
    inherited: Vec<Vec<&'a Field>>,
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
            roles: roles(protocol),
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
        let mut types = Scope::new("`types`");
        for (id, def) in self.protocol.types.iter() {
            problems.extend(types.take(self.name(id), &def.meta));
            let mut scope = Scope::new(format!("`{}`", self.name(id)));
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

fn inherited(types: &Types) -> Vec<Vec<&Field>> {
    let mut inherited: Vec<Vec<&Field>> = vec![Vec::new(); types.defs.len()];
    for def in &types.defs {
        let TypeKind::Union(union) = &def.kind else { continue };
        if union.shared.is_empty() {
            continue;
        }
        let mut arms = Vec::new();
        collect_arms(types, union, &mut Vec::new(), &mut arms);
        for (id, own) in arms {
            let fields = &mut inherited[id.0];
            for field in &union.shared {
                let there = own.iter().chain(fields.iter().copied()).any(|other| other.wire == field.wire);
                if !there {
                    fields.push(field);
                }
            }
        }
    }
    inherited
}

/// The structs that a union's variants come down to, through nested unions, each with its own members.
fn collect_arms<'a>(types: &'a Types, union: &'a Union, seen: &mut Vec<TypeId>, arms: &mut Vec<(TypeId, &'a [Field])>) {
    for payload in union.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
        let Type::Ref(id) = types.resolve(payload) else { continue };
        if seen.contains(id) {
            continue;
        }
        seen.push(*id);
        match &types[*id].kind {
            TypeKind::Struct(structure) => arms.push((*id, &structure.fields)),
            TypeKind::Union(inner) => collect_arms(types, inner, seen, arms),
            TypeKind::Enum(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// What the methods say about the types that they name, and unions about their arms.
fn roles(protocol: &Protocol) -> Vec<Option<String>> {
    let mut roles: Vec<Option<String>> = vec![None; protocol.types.defs.len()];
    let mut say = |ty: Option<&Type>, sentence: String| {
        if let Some(Type::Ref(id)) = ty.map(Type::without_null) {
            roles[id.0].get_or_insert(sentence);
        }
    };
    for Request { wire, params, result, .. } in &protocol.requests {
        say(params.ty(), format!("Params of `{wire}`."));
        say(Some(result), format!("Result of `{wire}`."));
    }
    for notification in &protocol.notifications {
        say(notification.params.ty(), format!("Payload of `{}`.", notification.wire));
    }
    for (_, def) in protocol.types.iter() {
        let TypeKind::Union(union) = &def.kind else { continue };
        for variant in &union.variants {
            let Some(tag) = &variant.tag else { continue };
            say(variant.payload.as_ref(), format!("The `{tag}` variant of `{}`.", identifier(&def.name, Kind::Type)));
        }
    }
    roles
}
