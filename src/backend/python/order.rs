//! The order in which a module can define its types: what a definition needs at import time comes before it.
//!
//! An alias or a union needs all that it names. A class needs what its fields name too, unless that is quoted, which
//! is what recursion comes down to.

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
        for component in components(&needs) {
            push_component(catalog, &needs, component, &mut ids);
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

/// A node on the way down: the node, and how many of its edges have been followed.
type Step = (usize, usize);

/// Strongly connected components, each after those that it needs (Tarjan's algorithm, without recursion).
fn components(needs: &[Vec<TypeId>]) -> Vec<Vec<TypeId>> {
    let mut search = Search { index: vec![None; needs.len()], low: vec![0; needs.len()], ..Search::default() };
    search.on_stack = vec![false; needs.len()];
    for root in 0..needs.len() {
        if search.index[root].is_none() {
            search.from(root, needs);
        }
    }
    search.components
}

#[derive(Default)]
struct Search {
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    count: usize,
    components: Vec<Vec<TypeId>>,
}

impl Search {
    fn enter(&mut self, node: usize) -> Step {
        self.index[node] = Some(self.count);
        self.low[node] = self.count;
        self.count += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
        (node, 0)
    }

    fn from(&mut self, root: usize, needs: &[Vec<TypeId>]) {
        let mut path = vec![self.enter(root)];
        while let Some((node, edge)) = path.pop() {
            match needs[node].get(edge) {
                Some(TypeId(next)) => {
                    path.push((node, edge + 1));
                    match self.index[*next] {
                        None => path.push(self.enter(*next)),
                        Some(index) if self.on_stack[*next] => self.low[node] = self.low[node].min(index),
                        Some(_) => {}
                    }
                }
                None => self.leave(node, path.last()),
            }
        }
    }

    fn leave(&mut self, node: usize, parent: Option<&Step>) {
        if let Some((parent, _)) = parent {
            self.low[*parent] = self.low[*parent].min(self.low[node]);
        }
        if self.index[node] != Some(self.low[node]) {
            return;
        }
        let start = self.stack.iter().rposition(|other| *other == node).unwrap_or(0);
        let component: Vec<TypeId> = self.stack.drain(start..).map(TypeId).collect();
        for id in &component {
            self.on_stack[id.0] = false;
        }
        self.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[usize]]) -> Vec<Vec<usize>> {
        let needs: Vec<Vec<TypeId>> = edges.iter().map(|to| to.iter().map(|id| TypeId(*id)).collect()).collect();
        components(&needs).into_iter().map(|ids| ids.into_iter().map(|id| id.0).collect()).collect()
    }

    #[test]
    fn what_is_needed_comes_first() {
        assert_eq!(graph(&[&[2], &[0], &[]]), [vec![2], vec![0], vec![1]]);
    }

    #[test]
    fn what_goes_around_stays_together() {
        assert_eq!(graph(&[&[1], &[2], &[0, 3], &[]]), [vec![3], vec![0, 1, 2]]);
        assert_eq!(graph(&[&[0]]), [vec![0]]);
    }
}
