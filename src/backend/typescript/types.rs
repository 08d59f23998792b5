//! Type expressions of the IR as TypeScript types and as descriptors, and the names that these speak of.

use std::collections::{BTreeSet, HashSet};

use crate::backend::pretty::Doc;
use crate::ir::{Format, Literal, Tagging, Type, TypeId, Union};

use super::catalog::Catalog;
use super::code::{array, generic, key, string, typed};

/// What the runtime has for an unknown variant.
pub const UNKNOWN_VARIANT: &str = "UnknownVariant";

/// Where a type expression stands, which decides how it names other types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// In a module of `types`: other modules' names are imported.
    Types(&'a str),
    /// At the package's root: all types are members of `types`.
    Root,
}

/// Every name that some code speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Uses {
    /// The protocol's types.
    pub types: BTreeSet<TypeId>,
    /// Whether the runtime's unknown variant is among them.
    pub unknown_variant: bool,
}

impl Catalog<'_> {
    /// The type `ty`, by its alternatives: mostly one, and `null` behind it where it is nullable.
    pub fn expression(&self, ty: &Type, place: Place<'_>, uses: &mut Uses) -> Vec<Doc> {
        match ty {
            Type::Bool => vec![Doc::text("boolean")],
            Type::Int(_) | Type::Float => vec![Doc::text("number")],
            Type::String(Format::Text | Format::NonEmpty) => vec![Doc::text("string")],
            Type::Null => vec![Doc::text("null")],
            Type::Any => vec![Doc::text("unknown")],
            Type::Literal(literal) => vec![Doc::text(literal_value(literal))],
            Type::List(item) => vec![array(self.expression(item, place, uses))],
            Type::Map(value) => {
                vec![generic("Record", vec![vec![Doc::text("string")], self.expression(value, place, uses)])]
            }
            Type::Nullable(inner) => with_null(self.expression(inner, place, uses)),
            Type::Ref(id) => {
                uses.types.insert(*id);
                vec![Doc::text(match place {
                    Place::Types(_) => self.name(*id).to_owned(),
                    Place::Root => format!("types.{}", self.name(*id)),
                })]
            }
        }
    }

    /// The alternatives of a union, each once.
    pub fn alternatives(&self, id: TypeId, union: &Union, place: Place<'_>, uses: &mut Uses) -> Vec<Doc> {
        let mut parts: Vec<Doc> = Vec::with_capacity(union.variants.len() + 1);
        let mut seen = HashSet::with_capacity(union.variants.len());
        for variant in &union.variants {
            let tag = variant.tag.as_deref().unwrap_or_default();
            let alternatives = match (&variant.payload, &union.tagging) {
                (None, _) => vec![Doc::text(string(tag))],
                (Some(payload), Tagging::External) => vec![wrapped(tag, self.expression(payload, place, uses))],
                (Some(payload), Tagging::Property { .. } | Tagging::Untagged) => self.expression(payload, place, uses),
            };
            parts.extend(alternatives.into_iter().filter(|part| seen.insert(part.flat())));
        }
        if self.is_open(id) {
            uses.unknown_variant = true;
            parts.push(match &union.tagging {
                Tagging::Property { wire } => Doc::text(format!("{UNKNOWN_VARIANT}<{}>", string(wire))),
                Tagging::External | Tagging::Untagged => Doc::text(UNKNOWN_VARIANT),
            });
        }
        parts
    }
}

/// `{ tag: payload }`.
fn wrapped(tag: &str, payload: Vec<Doc>) -> Doc {
    Doc::group(vec![
        Doc::text("{"),
        Doc::indent(vec![Doc::Line, typed(format!("{}:", key(tag)), payload), Doc::IfBroken(";")]),
        Doc::Line,
        Doc::text("}"),
    ])
}

/// `parts` with `null` behind them, once.
fn with_null(mut parts: Vec<Doc>) -> Vec<Doc> {
    let null = Doc::text("null");
    if !parts.contains(&null) && !parts.contains(&Doc::text("unknown")) {
        parts.push(null);
    }
    parts
}

/// A literal as a type, or as an expression.
pub fn literal_value(literal: &Literal) -> String {
    match literal {
        Literal::String(text) => string(text),
        Literal::Bool(value) => value.to_string(),
        Literal::Int(number) => number.to_string(),
    }
}
