//! Type expressions of the IR as the runtime's descriptors write them.

use std::collections::BTreeSet;

use crate::backend::shapes::Width;
use crate::ir::{Format, Literal, Type, TypeId};

use super::catalog::{Catalog, domain};

/// Writes the expressions of one module, and keeps in mind which others they refer to.
pub struct Descriptors<'a> {
    catalog: &'a Catalog<'a>,
    module: &'a str,
    uses: BTreeSet<String>,
}

impl<'a> Descriptors<'a> {
    /// For the expressions of `module`.
    pub fn new(catalog: &'a Catalog<'a>, module: &'a str) -> Self {
        Self { catalog, module, uses: BTreeSet::new() }
    }

    /// The runtime's names of the other modules that the expressions referred to.
    pub fn into_uses(self) -> BTreeSet<String> {
        self.uses
    }

    /// `ty` as an expression.
    pub fn expression(&mut self, ty: &Type) -> String {
        match ty {
            Type::Bool => "boolean".to_owned(),
            Type::Int(range) => {
                let Width { signed, bits } = Width::of(*range);
                format!("{}int{bits}", if signed { "" } else { "u" })
            }
            Type::Float => "number".to_owned(),
            Type::String(Format::Text) => "string".to_owned(),
            Type::String(Format::NonEmpty) => "nonempty".to_owned(),
            Type::Null => "null".to_owned(),
            Type::Any => "unknown".to_owned(),
            Type::Literal(Literal::String(text)) => literal(text),
            Type::Literal(Literal::Bool(value)) => value.to_string(),
            Type::Literal(Literal::Int(number)) => number.to_string(),
            Type::List(item) => format!("{}[]", self.operand(item)),
            Type::Map(value) => format!("{}{{}}", self.operand(value)),
            Type::Nullable(inner) => format!("{}|null", self.expression(inner)),
            Type::Ref(id) => self.reference(*id),
        }
    }

    /// What stands before brackets.
    fn operand(&mut self, ty: &Type) -> String {
        let text = self.expression(ty);
        if matches!(ty, Type::Nullable(_)) { format!("({text})") } else { text }
    }

    fn reference(&mut self, id: TypeId) -> String {
        let (module, name) = (self.catalog.module(id), self.catalog.name(id));
        if module == self.module {
            return name.to_owned();
        }
        let domain = domain(module);
        let text = format!("{domain}.{name}");
        self.uses.insert(domain);
        text
    }
}

/// A string that stands for itself.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_in_literals_are_escaped() {
        assert_eq!(literal("it's \\"), "'it\\'s \\\\'");
    }
}
