//! Prose in Python's terms: the profile speaks of members by their wire names, of `null` and `true`.

use std::collections::HashMap;

use crate::ir::{Field, Protocol, TypeKind};

use super::names::{Kind, identifier};

/// What Python calls the things that prose speaks of.
pub struct Terms {
    python: HashMap<String, String>,
}

impl Terms {
    /// The terms of `protocol`. A member whose wire name also is a value somewhere keeps it: prose may mean either.
    pub fn new(protocol: &Protocol) -> Self {
        let constants = [("null", "None"), ("true", "True"), ("false", "False")];
        let mut python: HashMap<String, String> =
            constants.into_iter().map(|(json, name)| (json.to_owned(), name.to_owned())).collect();
        let mut add = |fields: &[Field]| {
            for field in fields {
                let name = identifier(&field.name, Kind::Field);
                if name != field.wire {
                    python.insert(field.wire.clone(), name);
                }
            }
        };
        for def in &protocol.types.defs {
            match &def.kind {
                TypeKind::Struct(structure) => add(&structure.fields),
                TypeKind::Union(union) => add(&union.shared),
                TypeKind::Enum(_) | TypeKind::Alias(_) => {}
            }
        }
        for value in protocol.types.defs.iter().flat_map(|def| values(&def.kind)) {
            python.remove(value);
        }
        Self { python }
    }

    /// `text` with each code span that is one of the terms, and nothing more, in Python's words.
    pub fn translate(&self, text: &str) -> String {
        let spans = text.split('`').enumerate().map(|(index, span)| match self.python.get(span) {
            Some(name) if index % 2 == 1 => name,
            _ => span,
        });
        spans.collect::<Vec<_>>().join("`")
    }
}

/// The strings that tell the values of a type apart.
fn values(kind: &TypeKind) -> Vec<&String> {
    match kind {
        TypeKind::Enum(enumeration) => enumeration.values.iter().map(|value| &value.wire).collect(),
        TypeKind::Union(union) => union.variants.iter().filter_map(|variant| variant.tag.as_ref()).collect(),
        TypeKind::Struct(_) | TypeKind::Alias(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_code_is_translated() {
        let python = [("loginId", "login_id"), ("null", "None")];
        let terms = Terms { python: python.map(|(wire, name)| (wire.to_owned(), name.to_owned())).into() };
        assert_eq!(terms.translate("A `loginId` or `null`, not null."), "A `login_id` or `None`, not null.");
        assert_eq!(terms.translate("`turn/start` takes `loginId: null`"), "`turn/start` takes `loginId: null`");
    }
}
