//! String enums, whether the schema writes them as one list or as a union of single values.

use super::context::Context;
use super::unions;
use crate::ir::{EnumValue, StringEnum, TypeId, TypeKind};
use crate::schema::{Node, Schema};

/// The enum of a node with a list of strings, in the list's order.
pub(super) fn from_values(context: &mut Context<'_>, node: &Node, id: TypeId) -> TypeKind {
    let mut values = Vec::new();
    for wire in node.values.iter().flatten().filter_map(|value| value.as_str()) {
        push(context, &mut values, wire, node, id);
    }
    TypeKind::Enum(StringEnum { values, open: true })
}

/// The enum of a union whose arms are strings. The order of arms means nothing, so the values are sorted.
pub(super) fn from_arms<'a>(context: &mut Context<'a>, arms: &[&'a Schema], id: TypeId) -> TypeKind {
    let mut values = Vec::new();
    let nodes: Vec<&Node> = arms.iter().filter_map(|arm| context.behind(arm)).collect();
    for arm in nodes {
        for wire in arm.strings().unwrap_or_default() {
            push(context, &mut values, wire, arm, id);
        }
    }
    values.sort_by(|left, right| left.wire.cmp(&right.wire));
    TypeKind::Enum(StringEnum { values, open: true })
}

fn push(context: &mut Context<'_>, values: &mut Vec<EnumValue>, wire: &str, node: &Node, id: TypeId) {
    let key = format!("{}.{wire}", context.defs[id.0].name.pascal());
    let name = context.renamed(context.profile.rename.members.get(&key), wire, &node.pointer);
    let same = values.iter().find(|value| value.wire == wire || value.name.snake() == name.snake());
    if let Some(other) = same.map(|value| value.wire.clone()) {
        context.report(
            &node.pointer,
            format!("the value {wire:?}, whose name is the same words as that of {other:?}"),
            "values whose names differ in more than their casing",
            &format!("give one of them another name under `[rename.members]` of the profile: `\"{key}\" = \"…\"`"),
        );
    }
    // Prose beside a list of several values is about the enum.
    let own = (node.values.as_ref().is_some_and(|values| values.len() == 1)).then_some(node);
    let meta = context.member_meta(id, wire, &node.pointer, own);
    values.push(EnumValue { wire: wire.to_owned(), name, meta });
}

/// Whether every arm is a list of strings.
pub(super) fn all_strings<'a>(context: &Context<'a>, arms: &[&'a Schema]) -> bool {
    arms.iter().all(|arm| context.behind(arm).is_some_and(unions::is_string_list))
}
