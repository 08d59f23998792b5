//! Operations by what they send: those that make the same request with the same params are one struct in
//! `operations.rs`, which says by a type parameter what comes of it.

use proc_macro2::TokenStream;

use crate::backend::rust::names::{Kind, LANGUAGE, identifier};
use crate::backend::scope::Scope;
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Gives, Operation, Pages, Parameter, Presence, Request, Resource, Source, Type, TypeId};

use super::super::requests::marker;
use super::{Builder, meta};

/// The operations by what they send.
pub struct Groups<'a> {
    pub groups: Vec<Group<'a>>,
}

/// Operations that make the same request with the same params.
pub struct Group<'a> {
    pub name: String,
    pub request: &'a Request,
    /// The struct of the params, if there are any.
    pub params: Option<TypeId>,
    /// The union that the struct is a variant of, if it is.
    pub union: Option<TypeId>,
    pub uses: Vec<Use<'a>>,
}

/// An operation, or going through all of its pages.
pub struct Use<'a> {
    pub resource: &'a Resource,
    pub operation: &'a Operation,
    pub pages: Option<&'a Pages>,
}

impl<'a> Groups<'a> {
    /// The operations of all classes; tells of names that clash.
    pub fn new(builder: &Builder<'a>, problems: &mut Vec<Diagnostic>) -> Self {
        let mut groups: Vec<Group<'a>> = Vec::new();
        for resource in &builder.facade.resources {
            for operation in &resource.operations {
                let Some(request) = builder.request(operation) else { continue };
                let pages = operation.pages.as_ref().map(Some);
                let uses = std::iter::once(None).chain(pages).map(|pages| Use { resource, operation, pages });
                match groups.iter_mut().find(|group| group.takes(operation)) {
                    Some(group) => group.uses.extend(uses),
                    None => groups.push(Group::new(builder, request, operation, uses.collect())),
                }
            }
        }
        let shared = |wire: &str| groups.iter().filter(|group| group.request.wire == wire).count() > 1;
        let names: Vec<String> = groups
            .iter()
            .map(|group| match group.uses.first() {
                Some(first) if shared(&group.request.wire) => identifier(&first.operation.name, Kind::Class),
                _ => marker(group.request).to_string(),
            })
            .collect();
        let mut scope = Scope::new(LANGUAGE, "`operations`");
        for (group, name) in groups.iter_mut().zip(names) {
            problems.extend(scope.take(&name, &meta(group.pointer())));
            group.name = name;
        }
        Self { groups }
    }

    /// The methods of an operation, each with its name: one, or two where there are pages.
    pub fn functions(
        &self,
        builder: &Builder<'_>,
        resource: &Resource,
        operation: &Operation,
    ) -> Vec<(String, TokenStream)> {
        let mut functions = Vec::new();
        for group in &self.groups {
            let own = |one: &&Use<'_>| one.resource.name == resource.name && one.operation.name == operation.name;
            functions.extend(group.uses.iter().filter(own).map(|one| builder.function(group, one)));
        }
        functions
    }
}

impl<'a> Group<'a> {
    fn new(builder: &Builder<'a>, request: &'a Request, operation: &'a Operation, uses: Vec<Use<'a>>) -> Self {
        let types = &builder.catalog.protocol.types;
        let ty = request.params.ty();
        let union = operation.variant.and_then(|_| match types.resolve(ty?) {
            Type::Ref(id) => Some(*id),
            _ => None,
        });
        let params = operation.variant.or_else(|| types.as_struct(ty?).map(|(id, _)| id));
        Self { name: String::new(), request, params, union, uses }
    }

    /// Whether another operation sends the same.
    fn takes(&self, operation: &Operation) -> bool {
        let same = |one: &Parameter, other: &Parameter| match (&one.source, &other.source) {
            // What leaving it out stands for is for the method to say.
            (Source::Preset { preset, fields, .. }, Source::Preset { preset: other, fields: others, .. }) => {
                preset == other && fields == others
            }
            (one, other) => one == other,
        };
        self.uses.iter().any(|one| {
            let (first, second) = (one.operation, operation);
            first.request == second.request
                && first.variant == second.variant
                && first.parameters.len() == second.parameters.len()
                && first.parameters.iter().zip(&second.parameters).all(|(one, other)| same(one, other))
        })
    }

    /// Where in the profile the first of the operations stands.
    pub fn pointer(&self) -> String {
        self.uses.first().map(Use::pointer).unwrap_or_default()
    }

    /// Whether a type parameter says what comes of it.
    pub fn is_generic(&self) -> bool {
        self.uses.iter().any(|one| one.pages.is_some() || one.gives() != self.uses[0].gives())
    }

    /// What can be set: whatever needs not be given at once.
    pub fn settable(&self) -> impl Iterator<Item = &'a Parameter> + use<'a> {
        self.uses
            .first()
            .map(|one| one.operation)
            .into_iter()
            .flat_map(|operation| operation.parameters.iter().filter(|taken| !taken.positional && !is_required(taken)))
    }

    /// The member of the params that says where a page begins.
    pub fn cursor(&self) -> Option<&'a str> {
        self.uses.iter().find_map(|one| one.pages).map(|pages| pages.cursor.as_str())
    }
}

impl Use<'_> {
    /// Where in the profile it stands.
    pub fn pointer(&self) -> String {
        let resource = child("/facade/resources", &self.resource.name.pascal());
        child(&child(&resource, "operations"), &self.operation.name.snake())
    }

    /// What makes it another operation than those that send the same.
    fn gives(&self) -> (&Gives, bool) {
        (&self.operation.gives, self.pages.is_some())
    }

    /// The method's name.
    pub fn name(&self) -> String {
        identifier(self.pages.map_or(&self.operation.name, |pages| &pages.name), Kind::Operation)
    }
}

/// Whether a parameter has to be given.
pub fn is_required(taken: &Parameter) -> bool {
    match &taken.source {
        Source::Field(field) | Source::Shorthand { field, .. } => field.presence == Presence::Required,
        Source::Preset { .. } => false,
    }
}

/// The member that a parameter goes into, unless it is a preset.
pub fn wire(taken: &Parameter) -> Option<&str> {
    match &taken.source {
        Source::Field(field) | Source::Shorthand { field, .. } => Some(&field.wire),
        Source::Preset { .. } => None,
    }
}
