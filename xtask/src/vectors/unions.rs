//! The vectors of unions and enums: what they know, what they don't, and what is malformed.

use super::model::{Kinds, Model};
use super::sample::{Style, in_every_style, literal_value, sample, variant};
use super::text::{KEYS, ODD, UNHEARD, member};
use super::values::{Bad, Good, bads, cases, inner_bads};
use super::vector::{Case, Place, Rule, UnknownKind};
use rpcsmith::ir::{Field, Presence, StringEnum, Tagging, Type, TypeId, TypeKind, Union, Variant};
use serde_json::{Map, Value, json};

/// The vectors of a string enum.
pub fn of_enum(values: &StringEnum) -> Vec<Case> {
    let known = values.values.iter().map(|value| Good::plain(Value::from(value.wire.as_str())));
    let others = [UNHEARD, "", "constructor", "__proto__", ODD].into_iter();
    let others = others.filter(|text| values.values.iter().all(|value| value.wire != *text)).map(Value::from);
    let wrong = [json!(7), json!(true), json!([]), json!({}), Value::Null].into_iter();
    let mut wrong: Vec<Bad> = wrong.map(|value| Bad::here(format!("no string: {value}"), value)).collect();
    let goods = if values.open {
        known.chain(others.map(|value| Good::unknown(UnknownKind::EnumValue, value))).collect()
    } else {
        wrong.extend(others.enumerate().map(|(index, value)| Bad::here(format!("unknown value {index}"), value)));
        known.collect()
    };
    cases(goods, wrong).into_iter().map(|case| case.showing(Rule::C16)).collect()
}

/// The vectors of the union `id`.
pub fn of_union(model: &Model<'_>, id: TypeId, union: &Union) -> Vec<Case> {
    let known = union.variants.iter().filter(|variant| model.is_possible_variant(variant));
    let known = known.flat_map(|known| {
        let name = format!("{}, ", known.name.snake());
        in_every_style(&name, |style| variant(model, &union.tagging, known, style))
    });
    let others = cases(unknown(model, id, union), bads_of_union(model, id, union));
    known.chain(others).map(|case| case.showing(Rule::C15)).collect()
}

fn bads_of_union(model: &Model<'_>, id: TypeId, union: &Union) -> Vec<Bad> {
    let malformed = malformed(model, id, union);
    // Of what is malformed, the first is among them.
    let others =
        bads(model, &Type::Ref(id)).into_iter().filter(|bad| malformed.iter().all(|other| other.what != bad.what));
    others.chain(malformed.iter().cloned()).collect()
}

/// Shapes that the union `id` doesn't know and keeps.
pub fn unknown(model: &Model<'_>, id: TypeId, union: &Union) -> Vec<Good> {
    if !model.is_open(id) {
        return Vec::new();
    }
    let tags =
        || [UNHEARD, "", "constructor", "__proto__", "$unknown", ODD].into_iter().filter(|tag| !knows(union, tag));
    let shapes: Vec<Value> = match &union.tagging {
        Tagging::Property { wire } => {
            tags().map(|tag| json!({"more": [null, {"a": null}], "raw": 1, wire: tag})).collect()
        }
        Tagging::External => {
            let alone = tags().map(Value::from);
            let keys = tags().map(|tag| json!({tag: {"a": null}}));
            let two_keys = union.variants.iter().filter(|known| known.payload.is_some()).take(1).map(|known| {
                let mut shape = variant(model, &union.tagging, known, Style::Minimal);
                shape[UNHEARD] = Value::Null;
                shape
            });
            alone.chain(keys).chain([json!({}), json!({"a": 1, "b": 2})]).chain(two_keys).collect()
        }
        Tagging::Untagged if model.may_be_empty(&Type::Ref(id)) => Vec::new(),
        Tagging::Untagged => {
            let all = KEYS.iter().map(|key| ((*key).to_owned(), json!([null])));
            vec![json!({UNHEARD: null, "type": "$unknown", "raw": []}), json!({}), Value::Object(all.collect())]
        }
    };
    shapes.into_iter().map(|shape| Good::unknown(UnknownKind::Variant, shape)).collect()
}

fn knows(union: &Union, tag: &str) -> bool {
    union.variants.iter().any(|variant| variant.tag.as_deref() == Some(tag))
}

/// Values of the right JSON type that are none of the union's: a tag that is none, and known shapes that are malformed.
pub fn malformed(model: &Model<'_>, id: TypeId, union: &Union) -> Vec<Bad> {
    let known = || union.variants.iter().filter(|variant| model.is_possible_variant(variant));
    match &union.tagging {
        Tagging::Property { wire } => {
            let tags =
                [("no tag", json!({})), ("a null tag", json!({wire: null})), ("a number as tag", json!({wire: 7}))];
            let tags = tags.into_iter().map(|(what, value)| Bad::here(what, value).at(wire));
            tags.chain(known().flat_map(|known| malformed_variant(model, union, known))).collect()
        }
        Tagging::External => known().flat_map(|known| malformed_variant(model, union, known)).collect(),
        Tagging::Untagged => fits_nothing(model, id, union),
    }
}

/// A known tag with a body that isn't its own.
fn malformed_variant(model: &Model<'_>, union: &Union, known: &Variant) -> Vec<Bad> {
    let tag = known.tag.as_deref().unwrap_or_default();
    let name = known.name.snake();
    let Some(payload) = &known.payload else {
        return vec![Bad::here(format!("{name}, as an object"), json!({tag: {}}))];
    };
    let inner = bodies(model, payload, &sample(model, payload, Style::Minimal));
    if union.tagging != Tagging::External {
        return inner.into_iter().map(|bad| bad.of(&name)).collect();
    }
    let inner = bads(model, payload).into_iter().take(2).chain(inner);
    let inner = inner.map(|bad| bad.of(&name).within(&member(tag), |body| json!({tag: body})));
    std::iter::once(Bad::here(format!("{name}, as a string"), json!(tag))).chain(inner).collect()
}

/// Malformed bodies of a variant: one that lacks a member, and one with a member of a wrong type.
fn bodies(model: &Model<'_>, payload: &Type, shape: &Value) -> Vec<Bad> {
    let Type::Ref(id) = model.types.resolve(payload) else { return Vec::new() };
    let fields = match &model.types[*id].kind {
        TypeKind::Struct(structure) => model.fields(*id, structure),
        TypeKind::Union(union) => return bare(model, union),
        TypeKind::Enum(_) | TypeKind::Alias(_) => return Vec::new(),
    };
    let own = || fields.iter().filter(|field| !is_tag(field));
    let missing = own().find(|field| field.presence == Presence::Required).map(|field| {
        let mut body = shape.clone();
        body.as_object_mut().map(|members| members.shift_remove(&field.wire));
        Bad::here(format!("missing {}", field.wire), body).at(&field.wire)
    });
    let wrong = own().find_map(|field| {
        let bad = bads(model, &field.ty).into_iter().next()?;
        let mut body = shape.clone();
        body[field.wire.as_str()] = bad.value;
        Some(Bad {
            value: body,
            place: bad.place.within(&member(&field.wire)),
            what: format!("{} as {}", bad.what, field.wire),
        })
    });
    missing.into_iter().chain(wrong).collect()
}

/// The arms of a union inside another one's variant: the tag alone, where each of them needs more.
fn bare(model: &Model<'_>, union: &Union) -> Vec<Bad> {
    let tags: Map<String, Value> =
        union.shared.iter().filter_map(|field| Some((field.wire.clone(), tag_of(field)?))).collect();
    let needs_more = |variant: &Variant| match variant.payload.as_ref().map(|payload| model.types.resolve(payload)) {
        Some(Type::Ref(id)) => match &model.types[*id].kind {
            TypeKind::Struct(structure) => {
                let mut fields = model.fields(*id, structure).into_iter();
                fields.any(|field| field.presence == Presence::Required && !is_tag(field))
            }
            TypeKind::Union(_) | TypeKind::Enum(_) | TypeKind::Alias(_) => false,
        },
        _ => false,
    };
    if tags.is_empty() || !union.variants.iter().all(needs_more) {
        return Vec::new();
    }
    vec![Bad::here("nothing but the tag", Value::Object(tags)).or_inside()]
}

fn is_tag(field: &Field) -> bool {
    tag_of(field).is_some()
}

fn tag_of(field: &Field) -> Option<Value> {
    match &field.ty {
        Type::Literal(literal) => Some(literal_value(literal)),
        _ => None,
    }
}

/// Values of a JSON type that some shapes have, but none of the shapes.
fn fits_nothing(model: &Model<'_>, id: TypeId, union: &Union) -> Vec<Bad> {
    if model.is_open(id) {
        return Vec::new();
    }
    let mut bads = Vec::new();
    if model.kinds(&Type::Ref(id)).object && !model.may_be_empty(&Type::Ref(id)) {
        bads.push(Bad::here("an empty object", json!({})));
    }
    for (index, payload) in
        union.variants.iter().enumerate().filter_map(|(index, known)| Some((index, known.payload.as_ref()?)))
    {
        let others = union.variants.iter().enumerate().filter(|(other, _)| *other != index);
        let others: Vec<Kinds> = others.map(|(_, other)| model.kinds_of(other)).collect();
        bads.extend(
            inner_bads(model, payload).into_iter().filter(|bad| others.iter().all(|kinds| !kinds.allow(&bad.value))),
        );
    }
    bads.into_iter().map(|bad| Bad { place: Place::default(), ..bad }.or_inside()).collect()
}
