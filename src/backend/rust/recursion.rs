//! Which members must live behind a `Box`, because their type would otherwise contain itself.
//!
//! A list, a map and a union keep what they hold elsewhere already; an optional value doesn't.

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
        let mut search = Search::new(&holds);
        (0..holds.len()).for_each(|root| search.start(root));
        let own = holds.iter().enumerate().map(|(node, edges)| edges.contains(&node)).collect();
        Self { groups: search.groups, own }
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

/// Strongly connected components (Tarjan's algorithm, without recursion).
struct Search<'a> {
    edges: &'a [Vec<usize>],
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    groups: Vec<usize>,
    stack: Vec<usize>,
    count: usize,
}

/// The group of a node that is still open.
const OPEN: usize = usize::MAX;

impl<'a> Search<'a> {
    fn new(edges: &'a [Vec<usize>]) -> Self {
        let nodes = edges.len();
        Self {
            edges,
            index: vec![None; nodes],
            low: vec![0; nodes],
            groups: vec![OPEN; nodes],
            stack: Vec::new(),
            count: 0,
        }
    }

    fn start(&mut self, root: usize) {
        if self.index[root].is_some() {
            return;
        }
        let mut path = vec![self.enter(root)];
        while let Some((node, edge)) = path.pop() {
            let Some(next) = self.edges[node].get(edge).copied() else {
                self.leave(node, path.last().map(|(parent, _)| *parent));
                continue;
            };
            path.push((node, edge + 1));
            match self.index[next] {
                None => path.push(self.enter(next)),
                Some(index) if self.groups[next] == OPEN => self.low[node] = self.low[node].min(index),
                Some(_) => {}
            }
        }
    }

    fn enter(&mut self, node: usize) -> (usize, usize) {
        self.index[node] = Some(self.count);
        self.low[node] = self.count;
        self.count += 1;
        self.stack.push(node);
        (node, 0)
    }

    fn leave(&mut self, node: usize, parent: Option<usize>) {
        if let Some(parent) = parent {
            self.low[parent] = self.low[parent].min(self.low[node]);
        }
        if self.index[node] == Some(self.low[node]) {
            while let Some(member) = self.stack.pop() {
                self.groups[member] = node;
                if member == node {
                    break;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(edges: &[&[usize]]) -> Vec<usize> {
        let edges: Vec<Vec<usize>> = edges.iter().map(|to| to.to_vec()).collect();
        let mut search = Search::new(&edges);
        (0..edges.len()).for_each(|root| search.start(root));
        search.groups
    }

    #[test]
    fn what_goes_around_is_one_group() {
        let groups = groups(&[&[1], &[2], &[0, 3], &[]]);
        assert_eq!(groups[0], groups[1]);
        assert_eq!(groups[0], groups[2]);
        assert_ne!(groups[0], groups[3]);
    }

    #[test]
    fn what_does_not_is_not() {
        let groups = groups(&[&[1], &[2], &[]]);
        assert_ne!(groups[0], groups[1]);
        assert_ne!(groups[1], groups[2]);
    }
}
