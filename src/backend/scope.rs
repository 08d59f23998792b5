//! The names that are taken in one scope of a generated package. Knows no language.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::ir::Meta;

/// The names of one scope, each with where it comes from, so that no two things get the same.
pub struct Scope {
    language: &'static str,
    what: String,
    taken: HashMap<String, String>,
}

impl Scope {
    /// A scope without names; `language` and `what` say whose it is and what, for messages.
    pub fn new(language: &'static str, what: impl Into<String>) -> Self {
        Self { language, what: what.into(), taken: HashMap::new() }
    }

    /// Takes `identifier` for the node at `meta`, and says so if something else already has it.
    pub fn take(&mut self, identifier: &str, meta: &Meta) -> Option<Diagnostic> {
        let pointer = &meta.origin.pointer;
        let first = self.taken.insert(identifier.to_owned(), pointer.clone())?;
        let found = format!("in {}, two things are called `{identifier}` in {}", self.language, self.what);
        let help = format!("the other one is at {first}; rename one of the two in the profile");
        Some(Diagnostic::error("", pointer, found).expected("a name of its own").help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Doc, Origin, Stability};

    fn meta(pointer: &str) -> Meta {
        let origin = Origin { pointer: pointer.into() };
        Meta { doc: Doc::default(), origin, stability: Stability::Stable, deprecated: None }
    }

    #[test]
    fn two_things_with_one_name_are_a_problem() {
        let mut scope = Scope::new("Python", "`Thread`");
        assert_eq!(scope.take("id", &meta("/a")), None);
        let problem = scope.take("id", &meta("/b")).unwrap();
        assert_eq!(problem.pointer, "/b");
        assert!(problem.found.contains("`id` in `Thread`"));
        assert!(problem.help.contains("/a"));
    }
}
