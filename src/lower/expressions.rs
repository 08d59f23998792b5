//! Type expressions: what stands where a schema says what a value is.

use serde_json::Value;

use super::context::{Context, Place};
use super::{enums, objects, unions};
use crate::ir::{Format, IntRange, Literal, Type, TypeKind};
use crate::schema::{JsonType, Node, Schema};

/// The type that `schema` describes. A type that needs a name and has none is declared as `place` says.
pub(super) fn lower<'a>(context: &mut Context<'a>, schema: &'a Schema, place: &Place) -> Type {
    let Some(node) = schema.node() else { return Type::Any };
    if let Some(reference) = &node.reference {
        return lower_reference(context, reference, &node.pointer);
    }
    if let Some(part) = &node.all_of {
        return lower(context, part, place);
    }
    if let Some(arms) = &node.arms {
        let (arms, nullable) = unions::split_null(&arms.arms);
        let ty = match arms.as_slice() {
            [] => Type::Null,
            [only] if node.properties.is_none() => lower(context, only, place),
            _ => declare(context, node, place, |context, id| unions::convert(context, node, &arms, id)),
        };
        return if nullable { ty.nullable() } else { ty };
    }
    if let Some(values) = &node.values {
        return lower_values(context, node, values, place);
    }
    lower_typed(context, node, place)
}

fn lower_reference(context: &mut Context<'_>, reference: &str, pointer: &str) -> Type {
    let target = context.document.resolve(reference).and_then(|(target, _)| context.ids.get(target));
    if let Some(id) = target {
        return Type::Ref(*id);
    }
    context.report(
        pointer,
        format!("a reference to `{reference}`, where no type is"),
        "a reference to a definition of the same file, `#/definitions/…`",
        "pull the schema again; use the full bundle, which holds every type",
    );
    Type::Any
}

/// Declares a type for an expression that needs a name.
fn declare<'a>(
    context: &mut Context<'a>,
    node: &'a Node,
    place: &Place,
    convert: impl FnOnce(&mut Context<'a>, crate::ir::TypeId) -> TypeKind,
) -> Type {
    let id = context.declare_inline(place.clone(), node);
    let kind = convert(context, id);
    context.set(id, kind);
    Type::Ref(id)
}

fn lower_values<'a>(context: &mut Context<'a>, node: &'a Node, values: &'a [Value], place: &Place) -> Type {
    let mut known = values.iter().filter(|value| !value.is_null());
    let nullable = values.iter().any(Value::is_null);
    let ty = match (known.next(), known.next()) {
        (None, _) => Type::Null,
        (Some(only), None) => literal(context, only, &node.pointer),
        _ if values.iter().all(|value| value.is_string() || value.is_null()) => {
            declare(context, node, place, |context, id| enums::from_values(context, node, id))
        }
        _ => {
            context.report(
                &node.pointer,
                "an `enum` of several values that are not all strings",
                "strings only, or one value",
                "describe the values by their `type` instead",
            );
            Type::Any
        }
    };
    if nullable { ty.nullable() } else { ty }
}

fn literal(context: &mut Context<'_>, value: &Value, pointer: &str) -> Type {
    match value {
        Value::String(text) => Type::Literal(Literal::String(text.clone())),
        Value::Bool(flag) => Type::Literal(Literal::Bool(*flag)),
        Value::Number(number) if number.as_i64().is_some() => {
            Type::Literal(Literal::Int(number.as_i64().unwrap_or_default()))
        }
        _ => {
            context.report(
                pointer,
                "a constant that is neither a string, a boolean nor a whole number",
                "a simple constant",
                "describe the value by its `type` instead",
            );
            Type::Any
        }
    }
}

/// A node that says what it is by `type`.
fn lower_typed<'a>(context: &mut Context<'a>, node: &'a Node, place: &Place) -> Type {
    let nullable = node.types.contains(&JsonType::Null);
    let types: Vec<_> = node.types.iter().copied().filter(|ty| *ty != JsonType::Null).collect();
    let ty = match types.as_slice() {
        [] if nullable => Type::Null,
        [] if node.properties.is_some() || node.additional.is_some() => {
            lower_one(context, node, JsonType::Object, place)
        }
        [] => Type::Any,
        [only] => lower_one(context, node, *only, place),
        several => declare(context, node, place, |context, id| unions::of_types(context, node, several, id)),
    };
    if nullable { ty.nullable() } else { ty }
}

/// A node read as one JSON type.
pub(super) fn lower_one<'a>(context: &mut Context<'a>, node: &'a Node, ty: JsonType, place: &Place) -> Type {
    match ty {
        JsonType::Null => Type::Null,
        JsonType::Boolean => Type::Bool,
        JsonType::Integer => Type::Int(int_range(context, node)),
        JsonType::Number => lower_number(context, node),
        JsonType::String => {
            Type::String(if node.min_length.unwrap_or(0) > 0 { Format::NonEmpty } else { Format::Text })
        }
        JsonType::Array => {
            let items = node.items.as_ref().map_or(Type::Any, |items| lower(context, items, place));
            Type::List(Box::new(items))
        }
        JsonType::Object if node.properties.is_some() => {
            declare(context, node, place, |context, id| objects::convert(context, node, id))
        }
        JsonType::Object => {
            let values = node.additional.as_ref().map_or(Type::Any, |values| lower(context, values, place));
            Type::Map(Box::new(values))
        }
    }
}

fn lower_number(context: &mut Context<'_>, node: &Node) -> Type {
    if let Some(format) = &node.format
        && !["double", "float"].contains(&format.as_str())
    {
        unknown_format(context, node, format, "`double` or `float`");
    }
    Type::Float
}

fn int_range(context: &mut Context<'_>, node: &Node) -> IntRange {
    let (min, max) = match node.format.as_deref() {
        None => (i64::MIN, u64::MAX),
        Some("int8") => (i8::MIN.into(), 127),
        Some("int16") => (i16::MIN.into(), 32_767),
        Some("int32") => (i32::MIN.into(), 2_147_483_647),
        Some("int64" | "int") => (i64::MIN, 9_223_372_036_854_775_807),
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("uint64" | "uint") => (0, u64::MAX),
        Some(format) => {
            unknown_format(context, node, format, "`int8` to `int64`, `uint8` to `uint64`, `int` or `uint`");
            (i64::MIN, u64::MAX)
        }
    };
    if let (Some(least), Some(most)) = (node.minimum, node.maximum)
        && least > most
    {
        context.report(
            &node.pointer,
            format!("a `minimum` of {least} and a `maximum` of {most}, between which there is nothing"),
            "a `minimum` that is not above the `maximum`",
            "correct the schema, or pull it again",
        );
    }
    // The format says how wide the integer is, and bounds change nothing about it: they are the server's to check, and
    // may be others in another version. So a smallest value is kept only where the width has no negative numbers anyway,
    // or where there is no format, and it tells whether there are any.
    #[allow(clippy::cast_possible_truncation)]
    let least = node.minimum.filter(|bound| (0.0..9e15).contains(bound)).map(|bound| bound.ceil() as i64);
    let keeps = min >= 0 || node.format.is_none();
    IntRange { min: least.filter(|_| keeps).map_or(min, |least| least.max(min)), max }
}

fn unknown_format(context: &mut Context<'_>, node: &Node, format: &str, expected: &str) {
    context.report(
        &node.pointer,
        format!("the format `{format}`, which the generator does not know here"),
        expected,
        "remove the format, or teach `src/lower/expressions.rs` what it means",
    );
}
