//! Unions: how their arms are told apart, and what each arm is called.

use super::context::{Context, Place, enum_mut};
use super::{enums, expressions, objects};
use crate::ir::{Name, Tagging, Type, TypeDef, TypeId, TypeKind, Union, Variant};
use crate::schema::{JsonType, Node, Schema};

/// The arms without `null`, and whether `null` was among them.
pub(super) fn split_null(arms: &[Schema]) -> (Vec<&Schema>, bool) {
    let (nulls, others): (Vec<_>, Vec<_>) = arms.iter().partition(|arm| arm.node().is_some_and(Node::is_null));
    (others, !nulls.is_empty())
}

/// Whether a node is a list of strings and nothing else.
pub(super) fn is_string_list(node: &Node) -> bool {
    node.strings().is_some() && node.arms.is_none()
}

/// Whether the arms, even a single one, are objects told apart by a tag.
pub(super) fn is_tagged_object<'a>(context: &Context<'a>, arms: &[&'a Schema]) -> bool {
    find_tag(context, arms).is_some() || enums::all_strings(context, arms)
}

/// The union, or the enum, that `arms` of `node` describe.
pub(super) fn convert<'a>(context: &mut Context<'a>, node: &'a Node, arms: &[&'a Schema], id: TypeId) -> TypeKind {
    if enums::all_strings(context, arms) {
        return enums::from_arms(context, arms, id);
    }
    let shared = objects::fields(context, node, id);
    if let Some(arm) =
        arms.iter().find_map(|arm| arm.node().filter(|arm| !shared.is_empty() && arm.reference.is_some()))
    {
        context.report(
            &arm.pointer,
            "an arm by reference, beside members that all arms share",
            "arms that are described in place, or no members beside them",
            "write the shared members into each arm's own definition",
        );
    }
    let (tagging, mut variants, open) = if let Some(tag) = find_tag(context, arms) {
        let variants = arms.iter().filter_map(|arm| tagged_variant(context, arm, tag, id)).collect();
        (Tagging::Property { wire: tag.to_owned() }, variants, false)
    } else if is_external(context, arms) {
        let open = arms.iter().any(|arm| context.behind(arm).is_some_and(is_catch_all));
        let variants = arms.iter().flat_map(|arm| external_variants(context, arm, id)).collect();
        (Tagging::External, variants, open)
    } else {
        (Tagging::Untagged, untagged_variants(context, arms, id), false)
    };
    variants.sort_by(|left: &Variant, right| (&left.tag, &left.name).cmp(&(&right.tag, &right.name)));
    check_distinct(context, node, &variants, id);
    TypeKind::Union(Union { tagging, variants, shared, open })
}

/// The union of a node that allows several JSON types.
pub(super) fn of_types<'a>(context: &mut Context<'a>, node: &'a Node, types: &[JsonType], id: TypeId) -> TypeKind {
    let mut variants = Vec::with_capacity(types.len());
    for json_type in types {
        let name = Name { words: vec![type_word(*json_type).to_owned()] };
        let place = Place::inside(id, &context.defs, &name);
        let ty = expressions::lower_one(context, node, *json_type, &place);
        let meta = context.member_meta(id, type_word(*json_type), &node.pointer, None);
        variants.push(Variant { tag: None, name, payload: Some(ty), meta });
    }
    TypeKind::Union(Union { tagging: Tagging::Untagged, variants, shared: Vec::new(), open: false })
}

/// The member by which all arms are told apart: a required constant string in each of them.
fn find_tag<'a>(context: &Context<'a>, arms: &[&'a Schema]) -> Option<&'a str> {
    let nodes: Vec<&Node> = arms.iter().map(|arm| context.behind(arm)).collect::<Option<_>>()?;
    let candidates = nodes.first()?.properties.as_ref()?.keys().map(String::as_str);
    let mut tags: Vec<&str> = candidates.filter(|name| nodes.iter().all(|node| tag_of(node, name).is_some())).collect();
    // A constant that is the same everywhere tells nothing apart.
    let repeats = |name: &str| {
        let values: Vec<_> = nodes.iter().filter_map(|node| tag_of(node, name)).collect();
        values.iter().enumerate().any(|(index, value)| values[..index].contains(value))
    };
    let usual = |name: &str| ["type", "kind"].iter().position(|usual| *usual == name).unwrap_or(2);
    tags.sort_by_cached_key(|name| (repeats(name), usual(name)));
    tags.first().copied()
}

fn tag_of<'n>(node: &'n Node, name: &str) -> Option<&'n str> {
    node.required.iter().any(|required| required == name).then(|| node.property(name)?.only_string())?
}

fn tagged_variant<'a>(context: &mut Context<'a>, arm: &'a Schema, tag: &str, id: TypeId) -> Option<Variant> {
    let node = context.behind(arm)?;
    let value = tag_of(node, tag)?;
    let name = variant_name(context, id, value, value, &node.pointer);
    let payload = match &arm.node()?.reference {
        Some(_) => expressions::lower(context, arm, &Place::inside(id, &context.defs, &name)),
        None => Type::Ref(declare_arm(context, node, &name, id)),
    };
    let meta = context.member_meta(id, value, &node.pointer, arm.node());
    Some(Variant { tag: Some(value.to_owned()), name, payload: Some(payload), meta })
}

/// Declares the type of an arm that has no name of its own: the variant's name, then the union's.
fn declare_arm<'a>(context: &mut Context<'a>, node: &'a Node, variant: &Name, owner: TypeId) -> TypeId {
    let name = variant.followed_by(&context.defs[owner.0].name);
    declare_arm_called(context, node, name, owner)
}

fn declare_arm_called<'a>(context: &mut Context<'a>, node: &'a Node, name: Name, owner: TypeId) -> TypeId {
    let id = context.declare_inline(Place { name, owner: Some(owner) }, node);
    let kind = match &node.arms {
        Some(arms) => convert(context, node, &split_null(&arms.arms).0, id),
        None => objects::convert(context, node, id),
    };
    context.set(id, kind);
    id
}

/// The name of a variant of the union `id`: the profile's, or `text`. `key` is how the profile refers to it.
fn variant_name(context: &mut Context<'_>, id: TypeId, key: &str, text: &str, pointer: &str) -> Name {
    let entry = format!("{}.{key}", context.defs[id.0].name.pascal());
    context.renamed(context.profile.rename.variants.get(&entry), text, pointer)
}

/// Whether the arms are bare strings and objects of one key. Without any bare string, the objects must be closed:
/// an open one of one key may just as well be one shape among several.
fn is_external<'a>(context: &Context<'a>, arms: &[&'a Schema]) -> bool {
    let nodes: Option<Vec<&Node>> = arms.iter().map(|arm| context.behind(arm)).collect();
    nodes.is_some_and(|nodes| {
        let strings = nodes.iter().filter(|node| is_string_list(node)).count();
        let keyed = nodes.iter().filter(|node| only_key(node).is_some()).count();
        let catch_all = nodes.iter().filter(|node| is_catch_all(node)).count();
        let closed = nodes.iter().all(|node| node.closed || is_string_list(node) || is_catch_all(node));
        keyed > 0 && strings + keyed + catch_all == nodes.len() && (strings > 0 || closed)
    })
}

fn only_key(node: &Node) -> Option<&str> {
    let properties = node.properties.as_ref()?;
    let (key, _) = properties.first()?;
    (properties.len() == 1 && node.required.contains(key) && node.arms.is_none()).then_some(key)
}

/// The arm with which a schema says that there are more shapes than it names.
fn is_catch_all(node: &Node) -> bool {
    node.types.len() == 2
        && [JsonType::String, JsonType::Object].iter().all(|ty| node.types.contains(ty))
        && node.properties.is_none()
}

fn external_variants<'a>(context: &mut Context<'a>, arm: &'a Schema, id: TypeId) -> Vec<Variant> {
    let Some(node) = context.behind(arm) else { return Vec::new() };
    if let Some(tags) = node.strings() {
        return tags.into_iter().map(|tag| external_variant(context, node, tag, None, id)).collect();
    }
    let Some(key) = only_key(node) else { return Vec::new() };
    let schema = node.properties.as_ref().and_then(|properties| properties.get(key));
    vec![external_variant(context, node, key, schema, id)]
}

fn external_variant<'a>(
    context: &mut Context<'a>,
    node: &'a Node,
    tag: &str,
    schema: Option<&'a Schema>,
    id: TypeId,
) -> Variant {
    let name = variant_name(context, id, tag, tag, &node.pointer);
    let place = Place::inside(id, &context.defs, &name);
    let payload = schema.map(|schema| expressions::lower(context, schema, &place));
    let own = (!is_string_list(node) || node.only_string().is_some()).then_some(node);
    let meta = context.member_meta(id, tag, &node.pointer, own);
    Variant { tag: Some(tag.to_owned()), name, payload, meta }
}

fn untagged_variants<'a>(context: &mut Context<'a>, arms: &[&'a Schema], id: TypeId) -> Vec<Variant> {
    arms.iter().map(|arm| untagged_variant(context, arm, arms, id)).collect()
}

fn untagged_variant<'a>(context: &mut Context<'a>, arm: &'a Schema, arms: &[&'a Schema], id: TypeId) -> Variant {
    let Some(node) = arm.node() else {
        let name = Name { words: vec!["any".to_owned()] };
        let meta = context.member_meta(id, "any", "", None);
        return Variant { tag: None, name, payload: Some(Type::Any), meta };
    };
    if !node.required.is_empty() && node.properties.is_none() && node.reference.is_none() {
        context.report(
            &node.pointer,
            "an arm that requires members which it does not describe",
            "the members' `properties` in the arm itself",
            "repeat the members in each arm",
        );
    }
    let object = node.properties.is_some() && node.reference.is_none() && node.all_of.is_none();
    let (key, text) = if object { object_key(context, node, arms, id) } else { other_key(context, node) };
    let name = variant_name(context, id, &key, &text, &node.pointer);
    let payload = if object {
        let called = name.followed_by(&context.defs[id.0].name);
        Type::Ref(declare_arm_called(context, node, called, id))
    } else {
        expressions::lower(context, arm, &Place::inside(id, &context.defs, &name))
    };
    let meta = context.member_meta(id, &key, &node.pointer, Some(node));
    Variant { tag: None, name, payload: Some(payload), meta }
}

/// How the profile refers to an untagged arm that is an object, and what it is called: by the member that no other
/// arm requires.
fn object_key<'a>(context: &mut Context<'a>, node: &'a Node, arms: &[&'a Schema], id: TypeId) -> (String, String) {
    let mut required: Vec<&str> = node.required.iter().map(String::as_str).collect();
    required.sort_unstable();
    let key = format!("{{{}}}", required.join(","));
    let others: Vec<&Node> =
        arms.iter().filter_map(|arm| context.behind(arm)).filter(|other| other.pointer != node.pointer).collect();
    let own = node.required.iter().find(|name| !others.iter().any(|other| other.required.contains(name)));
    let entry = format!("{}.{key}", context.defs[id.0].name.pascal());
    if own.is_none() && !context.profile.rename.variants.contains_key(&entry) {
        context.report(
            &node.pointer,
            "an untagged arm that requires nothing which no other arm requires",
            "a required member of its own, or a name from the profile",
            &format!("name it under `[rename.variants]` of the profile: `\"{entry}\" = \"…\"`"),
        );
    }
    let text = own.cloned().unwrap_or_else(|| required.join(" "));
    (key, if text.is_empty() { "empty".to_owned() } else { text })
}

fn other_key(context: &Context<'_>, node: &Node) -> (String, String) {
    let target = node.reference.as_deref().and_then(|reference| context.document.resolve(reference));
    let text = match (target, node.types.as_slice()) {
        (Some((_, definition)), _) => definition.name.clone(),
        (None, [only]) => type_word(*only).to_owned(),
        (None, _) => "value".to_owned(),
    };
    (text.clone(), text)
}

fn type_word(ty: JsonType) -> &'static str {
    match ty {
        JsonType::Null => "null",
        JsonType::Boolean => "flag",
        JsonType::Integer => "integer",
        JsonType::Number => "number",
        JsonType::String => "text",
        JsonType::Array => "list",
        JsonType::Object => "map",
    }
}

fn check_distinct(context: &mut Context<'_>, node: &Node, variants: &[Variant], id: TypeId) {
    for pair in variants.windows(2) {
        let [first, second] = pair else { continue };
        if first.tag.is_some() && first.tag == second.tag {
            let tag = first.tag.as_deref().unwrap_or_default();
            context.report(
                &node.pointer,
                format!("two arms with the tag {tag:?}"),
                "a tag of its own for each arm",
                "correct the schema, or pull it again",
            );
        }
    }
    let mut names: Vec<(String, &Variant)> = variants.iter().map(|variant| (variant.name.snake(), variant)).collect();
    names.sort_by(|left, right| left.0.cmp(&right.0));
    for pair in names.windows(2) {
        let [(first, one), (second, other)] = pair else { continue };
        if first == second && one.tag != other.tag {
            let union = context.defs[id.0].name.pascal();
            let tag = other.tag.as_deref().unwrap_or(first);
            let known = one.tag.as_deref().unwrap_or(first);
            context.report(
                &other.meta.origin.pointer,
                format!("the variant {tag:?} of `{union}`, whose name is the same words as that of {known:?}"),
                "variants whose names differ in more than their casing",
                &format!("give it another name under `[rename.variants]` of the profile: `\"{union}.{tag}\" = \"…\"`"),
            );
        }
    }
}

/// Puts the arms of untagged unions in the order to try them in, the most demanding first, and closes the enums by
/// which they are told apart.
pub(super) fn settle_untagged(context: &mut Context<'_>) {
    for index in 0..context.defs.len() {
        let TypeKind::Union(union) = &context.defs[index].kind else { continue };
        if union.tagging != Tagging::Untagged {
            continue;
        }
        let demands: Vec<(usize, String)> = union
            .variants
            .iter()
            .map(|variant| (demand(&context.defs, variant.payload.as_ref(), 0), variant.name.snake()))
            .collect();
        let deciding = deciding_enums(&context.defs, union);
        if let TypeKind::Union(union) = &mut context.defs[index].kind {
            let mut order: Vec<usize> = (0..union.variants.len()).collect();
            order.sort_by(|left, right| {
                let ((left_demand, left_name), (right_demand, right_name)) = (&demands[*left], &demands[*right]);
                right_demand.cmp(left_demand).then_with(|| left_name.cmp(right_name))
            });
            union.variants = order.into_iter().map(|position| union.variants[position].clone()).collect();
        }
        for id in deciding {
            if let Some(values) = enum_mut(&mut context.defs, id) {
                values.open = false;
            }
        }
    }
}

/// How many members a payload requires at least.
fn demand(defs: &[TypeDef], payload: Option<&Type>, depth: usize) -> usize {
    let Some(Type::Ref(id)) = payload else { return 0 };
    if depth > 16 {
        return 0;
    }
    match &defs[id.0].kind {
        TypeKind::Struct(structure) => {
            structure.fields.iter().filter(|field| field.presence == crate::ir::Presence::Required).count()
        }
        TypeKind::Union(union) => {
            union.variants.iter().map(|variant| demand(defs, variant.payload.as_ref(), depth + 1)).min().unwrap_or(0)
        }
        TypeKind::Alias(target) => demand(defs, Some(target), depth + 1),
        TypeKind::Enum(_) => 0,
    }
}

/// The enums in members by which the objects of an untagged union differ: were they open, any object would do.
fn deciding_enums(defs: &[TypeDef], union: &Union) -> Vec<TypeId> {
    let mut leaves = Vec::new();
    for variant in &union.variants {
        collect_members(defs, variant.payload.as_ref(), 0, &mut leaves);
    }
    leaves
        .iter()
        .filter(|(wire, id)| leaves.iter().any(|(other, other_id)| other == wire && other_id != id))
        .map(|(_, id)| *id)
        .collect()
}

fn collect_members<'d>(defs: &'d [TypeDef], payload: Option<&Type>, depth: usize, found: &mut Vec<(&'d str, TypeId)>) {
    let Some(Type::Ref(id)) = payload else { return };
    if depth > 16 {
        return;
    }
    match &defs[id.0].kind {
        TypeKind::Struct(structure) => {
            for field in &structure.fields {
                if let Type::Ref(target) = field.ty
                    && matches!(defs[target.0].kind, TypeKind::Enum(_))
                {
                    found.push((&field.wire, target));
                }
            }
        }
        TypeKind::Union(union) => {
            union.variants.iter().for_each(|v| collect_members(defs, v.payload.as_ref(), depth + 1, found));
        }
        TypeKind::Alias(target) => collect_members(defs, Some(target), depth + 1, found),
        TypeKind::Enum(_) => {}
    }
}
