//! Import statements and lists of names, in the order in which ruff's import rules want them.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use super::catalog::Catalog;
use super::code::{import, lay_out, list, string};
use super::types::{Helper, Uses};
use crate::backend::pretty::Doc;

/// Where a module stands inside the package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In the package's own folder.
    Root,
    /// `types/<name>.py`.
    Types(&'a str),
    /// `dicts/<name>.py`.
    Dicts(&'a str),
}

/// Names to import, by module as an import statement writes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imports {
    modules: BTreeMap<String, BTreeSet<String>>,
}

impl Imports {
    /// Adds `name` from `module`, as an import statement writes it.
    pub fn add(&mut self, module: &str, name: impl Into<String>) {
        self.modules.entry(module.to_owned()).or_default().insert(name.into());
    }

    /// Adds a helper, seen from `place`.
    pub fn helper(&mut self, place: Place<'_>, helper: Helper) {
        let deeper = helper.module.starts_with('.') && place != Place::Root;
        let module = if deeper { format!(".{}", helper.module) } else { helper.module.to_owned() };
        self.add(&module, helper.name);
    }

    /// Adds all that `uses` names outside of `place` itself.
    pub fn uses(&mut self, place: Place<'_>, uses: &Uses, catalog: &Catalog<'_>) {
        for helper in &uses.helpers {
            self.helper(place, *helper);
        }
        for id in &uses.types {
            let module = catalog.module(*id);
            match place {
                Place::Types(own) if own == module => {}
                Place::Types(_) => self.add(&format!(".{module}"), catalog.class(*id)),
                Place::Dicts(_) => self.add(&format!("..types.{module}"), catalog.class(*id)),
                Place::Root => self.add(&format!(".types.{module}"), catalog.class(*id)),
            }
        }
        for (id, name) in uses.twins.iter().filter_map(|id| Some((*id, catalog.twin_name(*id)?))) {
            let module = catalog.module(id);
            match place {
                Place::Dicts(own) if own == module => {}
                Place::Dicts(_) => self.add(&format!(".{module}"), name),
                Place::Types(_) => self.add(&format!("..dicts.{module}"), name),
                Place::Root => self.add(&format!(".dicts.{module}"), name),
            }
        }
    }

    /// Leaves out what `other` imports already.
    pub fn without(&mut self, other: &Self) {
        for (module, names) in &mut self.modules {
            if let Some(there) = other.modules.get(module) {
                names.retain(|name| !there.contains(name));
            }
        }
        self.modules.retain(|_, names| !names.is_empty());
    }

    /// Whether there is nothing to import.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// The statements at `indent` spaces, with an empty line between sections.
    pub fn print(self, indent: usize) -> String {
        let mut modules: Vec<(String, BTreeSet<String>)> = self.modules.into_iter().collect();
        modules.sort_by(|(left, _), (right, _)| order_of_modules(left, right));
        let margin = " ".repeat(indent);
        let mut text = String::new();
        let mut before = None;
        for (module, names) in modules {
            let mut names: Vec<String> = names.into_iter().collect();
            names.sort_by(|left, right| order_of_names(left, right));
            let section = section(&module);
            if let Some(before) = before.replace(section) {
                text.push_str(if before == section { "\n" } else { "\n\n" });
            }
            text.push_str(&margin);
            text.push_str(&lay_out(&import(&module, &names), indent));
        }
        text
    }
}

/// `__all__ = ["First", "Second"]`, sorted as linters want it.
pub fn exported(mut names: Vec<String>) -> String {
    names.sort_by(|left, right| kind(left).cmp(&kind(right)).then_with(|| natural(left, right)));
    let items = names.iter().map(|name| Doc::text(string(name))).collect();
    lay_out(&Doc::Concat(vec![Doc::text("__all__ = "), list(items)]), 0)
}

/// Whose a module is, in the order of the sections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Section {
    StandardLibrary,
    ThirdParty,
    Own,
}

/// What is no dependency and not the package's own comes with Python.
const THIRD_PARTY: &[&str] = &["pydantic", "typing_extensions"];

fn section(module: &str) -> Section {
    if module.starts_with('.') {
        Section::Own
    } else if THIRD_PARTY.contains(&module) {
        Section::ThirdParty
    } else {
        Section::StandardLibrary
    }
}

/// Section by section; of the package's own modules, the furthest first.
fn order_of_modules(left: &str, right: &str) -> Ordering {
    let key = |module: &str| {
        let level = module.len() - module.trim_start_matches('.').len();
        (section(module), Reverse(level))
    };
    key(left).cmp(&key(right)).then_with(|| natural(left.trim_start_matches('.'), right.trim_start_matches('.')))
}

/// Constants, then classes, then the rest; alike ones by their letters, whatever their case.
fn order_of_names(left: &str, right: &str) -> Ordering {
    kind(left)
        .cmp(&kind(right))
        .then_with(|| natural(&left.to_lowercase(), &right.to_lowercase()))
        .then_with(|| natural(left, right))
}

fn kind(name: &str) -> u8 {
    let constant = name.len() > 1 && !name.chars().any(char::is_lowercase);
    let class = name.chars().next().is_some_and(char::is_uppercase);
    match (constant, class) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    }
}

/// Compares letter by letter, and runs of digits by their value.
fn natural(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left, right);
    loop {
        let (digits_left, digits_right) = (leading_digits(left), leading_digits(right));
        let order = if digits_left.is_empty() || digits_right.is_empty() {
            left.chars().next().cmp(&right.chars().next())
        } else {
            let (trimmed_left, trimmed_right) =
                (digits_left.trim_start_matches('0'), digits_right.trim_start_matches('0'));
            trimmed_left.len().cmp(&trimmed_right.len()).then_with(|| trimmed_left.cmp(trimmed_right))
        };
        if order != Ordering::Equal || left.is_empty() {
            return order;
        }
        left = &left[step(left, digits_left, digits_right)..];
        right = &right[step(right, digits_right, digits_left)..];
    }
}

fn leading_digits(text: &str) -> &str {
    &text[..text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len())]
}

fn step(text: &str, own: &str, other: &str) -> usize {
    if own.is_empty() || other.is_empty() { text.chars().next().map_or(0, char::len_utf8) } else { own.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_modules_are_in_order() {
        let mut imports = Imports::default();
        imports.add(".shared", "Thread");
        imports.add("typing", "Any");
        imports.add(".._runtime.model", "WireModel");
        imports.add(".._runtime.model", "OpenEnum");
        imports.add("collections.abc", "Sequence");
        imports.add("typing_extensions", "Self");
        let text = "    from collections.abc import Sequence\n    from typing import Any\n\n    \
            from typing_extensions import Self\n\n    \
            from .._runtime.model import OpenEnum, WireModel\n    from .shared import Thread";
        assert_eq!(imports.print(4), text);
    }

    #[test]
    fn names_are_in_order() {
        let mut names = vec!["omit", "Omit", "LITERAL", "Item10", "Item2", "IDs"];
        names.sort_by(|left, right| order_of_names(left, right));
        assert_eq!(names, ["LITERAL", "IDs", "Item2", "Item10", "Omit", "omit"]);
    }
}
