//! Names that are known at a place of a script.

use super::pattern::Pattern;
use super::place::At;
use super::template::Template;
use rpcsmith::diagnostic::Diagnostic;
use std::collections::BTreeSet;

/// Grows from step to step.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    saved: BTreeSet<String>,
}

impl Scope {
    pub fn of(names: &[&str]) -> Self {
        Self { saved: names.iter().map(ToString::to_string).collect() }
    }

    pub fn save(&mut self, name: &str) {
        self.saved.insert(name.to_owned());
    }

    /// The same with one more name.
    pub fn with(&self, name: &str) -> Self {
        let mut inner = self.clone();
        inner.save(name);
        inner
    }

    /// Takes in what lists that ran side by side have saved.
    pub fn join(&mut self, other: Self) {
        self.saved.extend(other.saved);
    }

    pub fn fills(&self, at: &At, template: &Template) -> Result<(), Diagnostic> {
        template.needs().try_for_each(|path| self.knows(at, &path.name))
    }

    pub fn fills_all(&self, at: &At, pattern: &Pattern) -> Result<(), Diagnostic> {
        pattern.templates().into_iter().try_for_each(|template| self.fills(at, template))
    }

    pub fn knows(&self, at: &At, name: &str) -> Result<(), Diagnostic> {
        if self.saved.contains(name) {
            return Ok(());
        }
        let known: Vec<&str> = self.saved.iter().map(String::as_str).collect();
        let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
        Err(at
            .wrong(format!("the name `{name}`, under which no earlier step saves anything"), "a saved name")
            .help(format!("saved so far: {known}; save it by an earlier step, or correct the name")))
    }
}
