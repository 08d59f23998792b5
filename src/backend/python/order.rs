//! The order in which a module can define its types: what a definition needs at import time comes before it.
//!
//! An alias or a union needs all that it names. A class needs what its fields name too, unless that is quoted, which
//! is what recursion comes down to.

use crate::backend::components::components;
use crate::ir::{TypeId, TypeKind};

use super::catalog::{Catalog, collect_named, named_by};

/// The types in an order in which they can be defined.
pub struct Order {
    /// Every type.
    pub ids: Vec<TypeId>,
    positions: Vec<usize>,
}

impl Order {
    /// Orders all types of `catalog`.
    pub fn new(catalog: &Catalog<'_>) -> Self {
        let needs: Vec<Vec<TypeId>> = catalog.protocol.types.iter().map(|(id, _)| needs(catalog, id)).collect();
        let mut ids = Vec::with_capacity(needs.len());
        let edges: Vec<Vec<usize>> = needs.iter().map(|ids| ids.iter().map(|id| id.0).collect()).collect();
        for component in components(&edges) {
            push_component(catalog, &needs, component.into_iter().map(TypeId).collect(), &mut ids);
        }
        let mut positions = vec![0; ids.len()];
        for (position, id) in ids.iter().enumerate() {
            positions[id.0] = position;
        }
        Self { ids, positions }
    }

    /// Whether `user` is defined before `named`, or is the same, and so can only quote its name.
    pub fn must_quote(&self, user: TypeId, named: TypeId) -> bool {
        self.positions[named.0] >= self.positions[user.0]
    }
}

/// The types that a definition names, in the order in which it does.
fn needs(catalog: &Catalog<'_>, id: TypeId) -> Vec<TypeId> {
    let mut needs = Vec::new();
    match &catalog.def(id).kind {
        TypeKind::Struct(_) => {
            for field in catalog.fields(id) {
                collect_named(&field.ty, &mut needs);
            }
        }
        TypeKind::Enum(_) | TypeKind::Alias(_) | TypeKind::Union(_) => needs = named_by(&catalog.def(id).kind),
    }
    needs
}

/// Classes first, which may quote; then, each after what it names, what may not.
fn push_component(catalog: &Catalog<'_>, needs: &[Vec<TypeId>], mut component: Vec<TypeId>, ids: &mut Vec<TypeId>) {
    component.sort_unstable();
    let is_class = |id: &TypeId| match catalog.def(*id).kind {
        TypeKind::Struct(_) | TypeKind::Enum(_) => true,
        TypeKind::Union(_) | TypeKind::Alias(_) => false,
    };
    let (classes, mut names): (Vec<TypeId>, Vec<TypeId>) = component.into_iter().partition(is_class);
    ids.extend(classes);
    while !names.is_empty() {
        let free = |id: &TypeId| !needs[id.0].iter().any(|need| names.contains(need));
        // Where all wait for each other, one of them is circular, and quotes what it names.
        let circular = || names.iter().position(|id| catalog.circular(*id));
        let next = names.iter().position(free).or_else(circular).unwrap_or(0);
        ids.push(names.remove(next));
    }
}
