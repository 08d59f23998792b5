//! Whether a JSON value is one that a type allows: for defaults, and for the answers that a profile gives.

use std::cell::Cell;

use serde_json::Value;

use super::Source;
use crate::diagnostic::{Diagnostic, Diagnostics, child};
use crate::ir::{Field, Format, Literal, Presence, Request, Struct, Tagging, Type, TypeKind, Types, Union, Variant};

/// How deep a type may refer to itself, and how many types may be tried, before a value counts as not allowed: with
/// unions inside unions the ways to read a value multiply.
const DEPTH: usize = 64;
const TRIES: usize = 100_000;

/// Checks every default and every refusal against its type.
pub(super) fn check(
    types: &Types,
    requests: &[Request],
    source: Source<'_>,
    schema_file: &str,
    diagnostics: &mut Diagnostics,
) {
    for (_, def) in types.iter() {
        let fields = match &def.kind {
            TypeKind::Struct(structure) => &structure.fields,
            TypeKind::Union(union) => &union.shared,
            TypeKind::Enum(_) | TypeKind::Alias(_) => continue,
        };
        for field in fields {
            check_default(types, field, schema_file, diagnostics);
        }
    }
    for request in requests {
        if let Some(refusal) = &request.refusal
            && !allows(types, refusal, &request.result)
        {
            diagnostics.push(
                Diagnostic::error(
                    source.profile_file,
                    child("/refusals", &request.wire),
                    format!("the answer {refusal}, which is not a result of `{}`", request.wire),
                )
                .expected("a value of the method's result type")
                .help("correct the answer"),
            );
        }
    }
}

fn check_default(types: &Types, field: &Field, schema_file: &str, diagnostics: &mut Diagnostics) {
    if let Presence::Defaulted(default) = &field.presence
        && !allows(types, default, &field.ty)
    {
        diagnostics.push(
            Diagnostic::error(
                schema_file,
                child(&field.meta.origin.pointer, "default"),
                format!("the default {default}, which is not a value of the member's type"),
            )
            .expected("a default that the member may hold")
            .help("correct the schema, or pull it again"),
        );
    }
}

/// Whether `value` is one that `ty` allows, with known enum values and tags only.
fn allows(types: &Types, value: &Value, ty: &Type) -> bool {
    fits(&Known { types, tries: Cell::new(0) }, value, ty, 0)
}

/// The types, and how many of them have been tried for one value.
struct Known<'a> {
    types: &'a Types,
    tries: Cell<usize>,
}

fn fits(types: &Known<'_>, value: &Value, ty: &Type, depth: usize) -> bool {
    types.tries.set(types.tries.get() + 1);
    if depth > DEPTH || types.tries.get() > TRIES {
        return false;
    }
    match ty {
        Type::Any => true,
        Type::Null => value.is_null(),
        Type::Bool => value.is_boolean(),
        Type::Float => value.is_number(),
        Type::Int(range) => {
            value.as_i64().is_some_and(|number| number >= range.min && u64::try_from(number).unwrap_or(0) <= range.max)
                || value.as_u64().is_some_and(|number| number <= range.max)
        }
        Type::String(Format::Text) => value.is_string(),
        Type::String(Format::NonEmpty) => value.as_str().is_some_and(|text| !text.is_empty()),
        Type::Literal(Literal::String(text)) => value.as_str() == Some(text),
        Type::Literal(Literal::Bool(flag)) => value.as_bool() == Some(*flag),
        Type::Literal(Literal::Int(number)) => value.as_i64() == Some(*number),
        Type::List(items) => {
            value.as_array().is_some_and(|values| values.iter().all(|item| fits(types, item, items, depth + 1)))
        }
        Type::Map(items) => {
            value.as_object().is_some_and(|values| values.values().all(|item| fits(types, item, items, depth + 1)))
        }
        Type::Nullable(inner) => value.is_null() || fits(types, value, inner, depth + 1),
        Type::Ref(id) => match &types.types[*id].kind {
            TypeKind::Struct(structure) => fits_struct(types, value, structure, depth),
            TypeKind::Enum(values) => values.values.iter().any(|known| value.as_str() == Some(&known.wire)),
            TypeKind::Union(union) => fits_union(types, value, union, depth),
            TypeKind::Alias(target) => fits(types, value, target, depth + 1),
        },
    }
}

fn fits_struct(types: &Known<'_>, value: &Value, structure: &Struct, depth: usize) -> bool {
    value.is_object() && fits_fields(types, value, &structure.fields, depth)
}

fn fits_fields(types: &Known<'_>, value: &Value, fields: &[Field], depth: usize) -> bool {
    fields.iter().all(|field| match value.get(&field.wire) {
        None => field.presence != Presence::Required,
        Some(member) => fits(types, member, &field.ty, depth + 1),
    })
}

fn fits_union(types: &Known<'_>, value: &Value, union: &Union, depth: usize) -> bool {
    let payload = |variant: &Variant, value: &Value| {
        variant.payload.as_ref().is_none_or(|payload| fits(types, value, payload, depth + 1))
    };
    if !union.shared.is_empty() && !fits_fields(types, value, &union.shared, depth) {
        return false;
    }
    union.variants.iter().any(|variant| match (&union.tagging, &variant.tag) {
        (Tagging::External, Some(tag)) if variant.payload.is_none() => value.as_str() == Some(tag),
        (Tagging::External, Some(tag)) => {
            value.as_object().is_some_and(|members| members.len() == 1)
                && value.get(tag).is_some_and(|value| payload(variant, value))
        }
        (Tagging::Property { .. } | Tagging::Untagged | Tagging::External, _) => payload(variant, value),
    })
}
