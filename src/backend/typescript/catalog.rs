//! What each named type is called in TypeScript, where it lives, and which members its interface has.
//!
//! Built once; everything that follows looks up here and decides no name by itself.

use std::collections::BTreeMap;

use crate::backend::scope::Scope;
use crate::backend::shapes::{inherited, open_unions, roles};
use crate::diagnostic::Diagnostic;
use crate::ir::{Field, Meta, Name, Protocol, Type, TypeDef, TypeId, TypeKind};

use super::comment::Comment;
use super::names::{Kind, LANGUAGE, identifier};

/// The protocol's types with their TypeScript names.
pub struct Catalog<'a> {
    /// The protocol.
    pub protocol: &'a Protocol,
    names: Vec<String>,
    modules: Vec<String>,
    /// For each type that is an arm of unions with shared fields: those fields.
    inherited: Vec<Vec<&'a Field>>,
    /// For each type, whether it is a union that keeps what it doesn't know.
    open: Vec<bool>,
    /// For each type, a sentence about it that follows from where it is used.
    roles: Vec<Option<String>>,
}

impl<'a> Catalog<'a> {
    /// Names everything; tells of names that clash.
    pub fn new(protocol: &'a Protocol, problems: &mut Vec<Diagnostic>) -> Self {
        let types = &protocol.types;
        let called = |name: &Name| identifier(name, Kind::Type);
        let names = types.defs.iter().map(|def| called(&def.name)).collect();
        let modules = types.defs.iter().map(|def| identifier(&def.domain, Kind::Module)).collect();
        let catalog = Self {
            protocol,
            names,
            modules,
            inherited: inherited(types),
            open: open_unions(types),
            roles: roles(protocol, called),
        };
        catalog.check(problems);
        catalog
    }

    /// The name of a type.
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

    /// Whether `null` is a value of this type, through aliases.
    pub fn accepts_null(&self, ty: &Type) -> bool {
        match ty {
            Type::Ref(id) => matches!(&self.def(*id).kind, TypeKind::Alias(target) if self.accepts_null(target)),
            other => other.is_nullable(),
        }
    }

    /// What there is to say about a type.
    pub fn comment(&self, id: TypeId) -> Comment {
        let meta = &self.def(id).meta;
        Comment::of(meta, self.roles[id.0].as_deref()).marked(meta)
    }

    /// The members of a struct's interface: its own, then those that its union has for all arms.
    pub fn fields(&self, id: TypeId) -> Vec<&'a Field> {
        let TypeKind::Struct(structure) = &self.def(id).kind else { return Vec::new() };
        structure.fields.iter().chain(self.inherited[id.0].iter().copied()).collect()
    }

    /// Whether a type is a union that keeps shapes which no variant describes.
    pub fn is_open(&self, id: TypeId) -> bool {
        self.open[id.0]
    }

    /// The types of each module, in the order of their names.
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
            match &def.kind {
                TypeKind::Enum(enumeration) => {
                    let mut values = Scope::new(LANGUAGE, format!("`{}`", self.name(id)));
                    let names = enumeration.values.iter().map(|value| (identifier(&value.name, Kind::Value), value));
                    problems.extend(names.filter_map(|(name, value)| values.take(&name, &value.meta)));
                }
                // Members keep their wire names, and no object has two of one.
                TypeKind::Struct(_) => {
                    let names = self.fields(id).into_iter().map(|field| (field.wire.as_str(), &field.meta));
                    problems.extend(names.filter_map(|(name, meta)| indescribable(name, meta)));
                }
                TypeKind::Union(union) => {
                    let tags =
                        union.variants.iter().filter_map(|variant| Some((variant.tag.as_deref()?, &variant.meta)));
                    problems.extend(tags.filter_map(|(tag, meta)| indescribable(tag, meta)));
                }
                TypeKind::Alias(_) => {}
            }
        }
    }
}

/// What the runtime calls a module of types: its name in camel case.
pub fn domain(module: &str) -> String {
    let mut words = module.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let mut letters = word.chars();
        name.chars().chain(letters.next().iter().flat_map(|first| first.to_uppercase())).chain(letters).collect()
    })
}

/// Says that a wire name can't be the name of a member in JavaScript, or in a descriptor, where `*` stands for all
/// that have none.
fn indescribable(name: &str, meta: &Meta) -> Option<Diagnostic> {
    matches!(name, "__proto__" | "*").then(|| {
        let found = format!("in TypeScript, nothing can be called `{name}`");
        let help = "leave the type out of the schema, or correct the name in the profile";
        Diagnostic::error("", &meta.origin.pointer, found).expected("another wire name").help(help)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::typescript::fixture::{TEXT, field, object, protocol};
    use crate::ir::Presence;

    #[test]
    fn two_types_of_one_name_are_a_problem() {
        let protocol = protocol(vec![("http/error", object(Vec::new())), ("HttpError", object(Vec::new()))]);
        let mut problems = Vec::new();
        Catalog::new(&protocol, &mut problems);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].found.contains("in TypeScript, two things are called `HttpError`"));
        assert!(problems[0].help.contains("rename one of the two in the profile"));
    }

    #[test]
    fn names_that_objects_have_for_themselves_are_a_problem() {
        let fields = ["__proto__", "*"].map(|wire| Field { wire: wire.into(), ..field("a", TEXT, Presence::Required) });
        let mut problems = Vec::new();
        Catalog::new(&protocol(vec![("Thing", object(fields.into()))]), &mut problems);
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn modules_are_domains_of_the_runtime() {
        assert_eq!(domain("mcp-server-status"), "mcpServerStatus");
        assert_eq!(domain("thread"), "thread");
    }
}
