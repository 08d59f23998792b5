//! Definitions and objects: what a definition is, and which members an object has.

use indexmap::IndexMap;
use serde_json::Value;

use super::context::{Context, Place};
use super::{enums, expressions, unions};
use crate::diagnostic::child;
use crate::ir::{Field, Name, Presence, Struct, Type, TypeId, TypeKind};
use crate::schema::{JsonType, Node, Schema};

/// Converts every definition that has an id.
pub(super) fn convert_definitions(context: &mut Context<'_>) {
    let document = context.document;
    for (pointer, definition) in &document.definitions {
        let Some(id) = context.ids.get(pointer.as_str()).copied() else { continue };
        // The second of two twins has the id of the first, which stands under its own pointer.
        if context.defs[id.0].meta.origin.pointer == *pointer {
            let kind = convert_definition(context, &definition.schema, id);
            context.set(id, kind);
        }
    }
}

fn convert_definition<'a>(context: &mut Context<'a>, schema: &'a Schema, id: TypeId) -> TypeKind {
    let Some(node) = schema.node() else { return TypeKind::Alias(Type::Any) };
    if let Some(arms) = &node.arms {
        let (arms, nullable) = unions::split_null(&arms.arms);
        let names_a_shape = arms.len() > 1 || node.properties.is_some() || unions::is_tagged_object(context, &arms);
        if names_a_shape && !nullable {
            return unions::convert(context, node, &arms, id);
        }
    } else if node.strings().is_some() {
        return enums::from_values(context, node, id);
    } else if node.reference.is_none() && node.all_of.is_none() && is_object(node) {
        return convert(context, node, id);
    }
    let place = Place::inside(id, &context.defs, &Name { words: vec!["value".to_owned()] });
    TypeKind::Alias(expressions::lower(context, schema, &place))
}

/// Whether a definition is an object with members of its own; a map is another name for a map.
fn is_object(node: &Node) -> bool {
    let object = node.types == [JsonType::Object];
    (node.properties.is_some() && (object || node.types.is_empty())) || (object && node.additional.is_none())
}

/// The object that `node` describes.
pub(super) fn convert<'a>(context: &mut Context<'a>, node: &'a Node, id: TypeId) -> TypeKind {
    let fields = fields(context, node, id);
    let place = Place::inside(id, &context.defs, &Name { words: vec!["extra".to_owned()] });
    let extra = node.additional.as_ref().map(|extra| expressions::lower(context, extra, &place));
    TypeKind::Struct(Struct { fields, extra })
}

/// The members that `node` declares, in its order.
pub(super) fn fields<'a>(context: &mut Context<'a>, node: &'a Node, owner: TypeId) -> Vec<Field> {
    check_required(context, node);
    let Some(properties) = &node.properties else { return Vec::new() };
    let pointer = child(&node.pointer, "properties");
    let mut taken: IndexMap<String, &str> = IndexMap::with_capacity(properties.len());
    let mut fields = Vec::with_capacity(properties.len());
    for (wire, schema) in properties {
        let at = child(&pointer, wire);
        let field = field(context, node, owner, wire, schema, &at);
        if let Some(other) = taken.insert(field.name.snake(), wire) {
            let key = format!("{}.{wire}", context.defs[owner.0].name.pascal());
            context.report(
                &at,
                format!("the member `{wire}`, whose name is the same words as `{other}`"),
                "members whose names differ in more than their casing",
                &format!("give one of them another name under `[rename.members]` of the profile: `\"{key}\" = \"…\"`"),
            );
        }
        fields.push(field);
    }
    fields
}

/// The member that the schema calls `declared`; the profile may know that another name is sent.
fn field<'a>(
    context: &mut Context<'a>,
    node: &'a Node,
    owner: TypeId,
    declared: &'a str,
    schema: &'a Schema,
    pointer: &str,
) -> Field {
    let type_name = context.defs[owner.0].name.pascal();
    let correction = context.profile.corrections.get(&format!("{type_name}.{declared}"));
    let wire = correction.map_or(declared, String::as_str);
    let key = format!("{type_name}.{wire}");
    let name = context.renamed(context.profile.rename.members.get(&key), wire, pointer);
    let place = Place::inside(owner, &context.defs, &name);
    let ty = expressions::lower(context, schema, &place);
    let presence = presence(context, node, declared, schema, &key);
    let meta = context.member_meta(owner, wire, pointer, schema.node());
    Field { wire: wire.to_owned(), name, ty, presence, meta }
}

/// Whether a member may be left out. A default of `null` says no more than that it may.
fn presence(context: &Context<'_>, node: &Node, wire: &str, schema: &Schema, key: &str) -> Presence {
    if node.required.iter().any(|required| required == wire) {
        return Presence::Required;
    }
    if context.profile.three_state.iter().any(|entry| entry == key) {
        return Presence::ThreeState;
    }
    match schema.node().and_then(|node| node.default.as_ref()) {
        None | Some(Value::Null) => Presence::Optional,
        Some(default) => Presence::Defaulted(default.clone()),
    }
}

/// A member that is required must be described.
fn check_required(context: &mut Context<'_>, node: &Node) {
    let missing: Vec<String> = node
        .required
        .iter()
        .filter(|required| !node.properties.as_ref().is_some_and(|properties| properties.contains_key(*required)))
        .cloned()
        .collect();
    for required in missing {
        context.report(
            &child(&node.pointer, "required"),
            format!("the required member `{required}`, which `properties` does not describe"),
            "a description of every required member",
            "correct the schema, or pull it again",
        );
    }
}
