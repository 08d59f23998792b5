//! Names as Python wants them: case, then escape, then check that a scope has no two alike.
//!
//! A reserved name gets an underscore behind it; a name that would start with a digit gets the kind of thing it is
//! before it.

use std::collections::HashMap;

use crate::diagnostic::Diagnostic;
use crate::ir::{Meta, Name};

use super::reserved::is_reserved;

/// What kind of thing a name is for, which decides what is reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A class or an alias.
    Class,
    /// A model's field.
    Field,
    /// A member of an enum.
    Member,
    /// A method of the client, or a handler.
    Method,
    /// A keyword parameter of a client's method.
    Parameter,
    /// A module.
    Module,
    /// A constant.
    Constant,
}

/// `name` in the casing of `kind`, escaped.
pub fn identifier(name: &Name, kind: Kind) -> String {
    let cased = match kind {
        Kind::Class => name.pascal(),
        Kind::Constant => name.screaming(),
        Kind::Field | Kind::Member | Kind::Method | Kind::Parameter | Kind::Module => name.snake(),
    };
    escape(cased, kind)
}

/// The keyword parameter for a field: the field's identifier, where no method has such a parameter already.
pub fn parameter(name: &Name) -> String {
    escape(identifier(name, Kind::Field), Kind::Parameter)
}

fn escape(cased: String, kind: Kind) -> String {
    if cased.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("{}{cased}", digit_prefix(kind));
    }
    if is_reserved(&cased, kind) { format!("{cased}_") } else { cased }
}

fn digit_prefix(kind: Kind) -> &'static str {
    match kind {
        Kind::Class => "Type",
        Kind::Field => "field_",
        Kind::Member => "value_",
        Kind::Method => "call_",
        Kind::Parameter => "param_",
        Kind::Module => "types_",
        Kind::Constant => "METHOD_",
    }
}

/// The names of one scope, each with where it comes from, so that no two things get the same.
pub struct Scope {
    what: String,
    taken: HashMap<String, String>,
}

impl Scope {
    /// A scope without names; `what` says what it is, for messages.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), taken: HashMap::new() }
    }

    /// Takes `identifier` for the node at `meta`, and says so if something else already has it.
    pub fn take(&mut self, identifier: &str, meta: &Meta) -> Option<Diagnostic> {
        let pointer = &meta.origin.pointer;
        let first = self.taken.insert(identifier.to_owned(), pointer.clone())?;
        let found = format!("in Python, two things are called `{identifier}` in {}", self.what);
        let help = format!("the other one is at {first}; rename one of the two in the profile");
        Some(Diagnostic::error("", pointer, found).expected("a name of its own").help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Doc, Origin, Stability};

    fn name(text: &str) -> Name {
        Name::split(text, &[]).unwrap()
    }

    fn meta(pointer: &str) -> Meta {
        let origin = Origin { pointer: pointer.into() };
        Meta { doc: Doc::default(), origin, stability: Stability::Stable, deprecated: None }
    }

    #[test]
    fn names_are_cased_then_escaped() {
        assert_eq!(identifier(&name("approvalPolicy"), Kind::Field), "approval_policy");
        assert_eq!(identifier(&name("$schema"), Kind::Field), "schema_");
        assert_eq!(identifier(&name("_meta"), Kind::Field), "meta");
        assert_eq!(identifier(&name("import"), Kind::Field), "import_");
        assert_eq!(identifier(&name("modelConfig"), Kind::Field), "model_config_");
        assert_eq!(identifier(&name("modelProvider"), Kind::Field), "model_provider");
        assert_eq!(identifier(&name("modelDump"), Kind::Field), "model_dump_");
    }

    #[test]
    fn soft_keywords_are_names() {
        assert_eq!(identifier(&name("type"), Kind::Field), "type");
        assert_eq!(identifier(&name("match"), Kind::Field), "match");
    }

    #[test]
    fn what_annotations_speak_of_is_not_hidden() {
        assert_eq!(identifier(&name("list"), Kind::Field), "list_");
        assert_eq!(identifier(&name("list"), Kind::Method), "list_");
    }

    #[test]
    fn members_stay_strings() {
        assert_eq!(identifier(&name("replace"), Kind::Member), "replace_");
        assert_eq!(identifier(&name("value"), Kind::Member), "value_");
        assert_eq!(identifier(&name("None"), Kind::Member), "none");
    }

    #[test]
    fn a_digit_does_not_come_first() {
        assert_eq!(identifier(&name("3d"), Kind::Class), "Type3d");
        assert_eq!(identifier(&name("2fa"), Kind::Field), "field_2fa");
    }

    #[test]
    fn two_things_with_one_name_are_a_problem() {
        let mut scope = Scope::new("`Thread`");
        assert_eq!(scope.take("id", &meta("/a")), None);
        let problem = scope.take("id", &meta("/b")).unwrap();
        assert_eq!(problem.pointer, "/b");
        assert!(problem.found.contains("`id` in `Thread`"));
        assert!(problem.help.contains("/a"));
    }
}
