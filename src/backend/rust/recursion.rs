//! Which members must live behind a `Box`, because their type would otherwise contain itself.
//!
//! A list, a map and a union keep what they hold elsewhere already; an optional value doesn't.

use crate::backend::components::components;
use crate::ir::{Type, TypeId, TypeKind, Types};

/// For each type, the group of types that contain each other by value.
pub struct Recursion {
    groups: Vec<usize>,
    own: Vec<bool>,
}

impl Recursion {
    /// Works it out for all of `types`.
    pub fn new(types: &Types) -> Self {
        let holds: Vec<Vec<usize>> = types.iter().map(|(id, _)| held(types, id)).collect();
        let mut groups = vec![0; holds.len()];
        for (number, members) in components(&holds).into_iter().enumerate() {
            members.into_iter().for_each(|member| groups[member] = number);
        }
        let own = holds.iter().enumerate().map(|(node, edges)| edges.contains(&node)).collect();
        Self { groups, own }
    }

    /// Whether a member of `owner` with type `ty` would make `owner` contain itself.
    pub fn boxes(&self, types: &Types, owner: TypeId, ty: &Type) -> bool {
        let mut targets = Vec::new();
        collect(types, ty, &mut targets);
        targets.into_iter().any(|target| {
            let together = self.groups[target] == self.groups[owner.0];
            if target == owner.0 { self.own[target] } else { together }
        })
    }
}

/// The types that a value of type `id` contains.
fn held(types: &Types, id: TypeId) -> Vec<usize> {
    let mut targets = Vec::new();
    match &types[id].kind {
        TypeKind::Struct(structure) => {
            structure.fields.iter().for_each(|field| collect(types, &field.ty, &mut targets));
        }
        TypeKind::Alias(target) => collect(types, target, &mut targets),
        TypeKind::Union(_) | TypeKind::Enum(_) => {}
    }
    targets
}

fn collect(types: &Types, ty: &Type, targets: &mut Vec<usize>) {
    match ty {
        Type::Nullable(inner) => collect(types, inner, targets),
        Type::Ref(id) => match &types[*id].kind {
            TypeKind::Alias(target) => collect(types, target, targets),
            TypeKind::Struct(_) | TypeKind::Union(_) => targets.push(id.0),
            TypeKind::Enum(_) => {}
        },
        _ => {}
    }
}
