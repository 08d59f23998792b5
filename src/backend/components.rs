//! Strongly connected components of a graph: what goes around stays together. Knows no types and no language.

/// A node on the way down: the node, and how many of its edges have been followed.
type Step = (usize, usize);

/// The components of the graph in which node `n` leads to each of `edges[n]`; each comes after those that it leads to.
/// Tarjan's algorithm, without recursion, since a schema may nest as deep as it likes.
pub fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let nodes = edges.len();
    let mut search = Search {
        index: vec![None; nodes],
        low: vec![0; nodes],
        on_stack: vec![false; nodes],
        stack: Vec::new(),
        count: 0,
        components: Vec::new(),
    };
    for root in 0..nodes {
        if search.index[root].is_none() {
            search.from(root, edges);
        }
    }
    search.components
}

struct Search {
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    count: usize,
    components: Vec<Vec<usize>>,
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

    fn from(&mut self, root: usize, edges: &[Vec<usize>]) {
        let mut path = vec![self.enter(root)];
        while let Some((node, edge)) = path.pop() {
            let Some(next) = edges[node].get(edge).copied() else {
                self.leave(node, path.last());
                continue;
            };
            path.push((node, edge + 1));
            match self.index[next] {
                None => path.push(self.enter(next)),
                Some(index) if self.on_stack[next] => self.low[node] = self.low[node].min(index),
                Some(_) => {}
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
        let component: Vec<usize> = self.stack.drain(start..).collect();
        for member in &component {
            self.on_stack[*member] = false;
        }
        self.components.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[&[usize]]) -> Vec<Vec<usize>> {
        components(&edges.iter().map(|to| to.to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_led_to_comes_first() {
        assert_eq!(graph(&[&[2], &[0], &[]]), [vec![2], vec![0], vec![1]]);
    }

    #[test]
    fn what_goes_around_stays_together() {
        assert_eq!(graph(&[&[1], &[2], &[0, 3], &[]]), [vec![3], vec![0, 1, 2]]);
        assert_eq!(graph(&[&[0]]), [vec![0]]);
    }
}
