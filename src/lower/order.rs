//! The canonical order: types by name, methods by sender and wire name. Ids are given anew to follow it.

use crate::ir::{Field, Notification, Params, Request, Type, TypeDef, TypeId, TypeKind};

/// Sorts everything by name and lets every id follow.
pub(super) fn by_name(defs: &mut Vec<TypeDef>, requests: &mut [Request], notifications: &mut [Notification]) {
    let mut order: Vec<(String, usize)> =
        defs.iter().enumerate().map(|(index, def)| (def.name.pascal(), index)).collect();
    order.sort();
    let mut moved = vec![TypeId(0); defs.len()];
    for (to, (_, from)) in order.iter().enumerate() {
        moved[*from] = TypeId(to);
    }
    let mut slots: Vec<Option<TypeDef>> = std::mem::take(defs).into_iter().map(Some).collect();
    for (_, from) in &order {
        if let Some(mut def) = slots[*from].take() {
            move_def(&mut def, &moved);
            defs.push(def);
        }
    }
    for request in requests.iter_mut() {
        move_params(&mut request.params, &moved);
        move_type(&mut request.result, &moved);
    }
    for notification in notifications.iter_mut() {
        move_params(&mut notification.params, &moved);
    }
    requests.sort_by(|left, right| (left.sender, &left.wire).cmp(&(right.sender, &right.wire)));
    notifications.sort_by(|left, right| (left.sender, &left.wire).cmp(&(right.sender, &right.wire)));
}

fn move_def(def: &mut TypeDef, moved: &[TypeId]) {
    if let Some(owner) = &mut def.owner {
        *owner = moved[owner.0];
    }
    match &mut def.kind {
        TypeKind::Struct(structure) => {
            move_fields(&mut structure.fields, moved);
            structure.extra.iter_mut().for_each(|ty| move_type(ty, moved));
        }
        TypeKind::Union(union) => {
            move_fields(&mut union.shared, moved);
            union.variants.iter_mut().flat_map(|variant| &mut variant.payload).for_each(|ty| move_type(ty, moved));
        }
        TypeKind::Alias(target) => move_type(target, moved),
        TypeKind::Enum(_) => {}
    }
}

fn move_fields(fields: &mut [Field], moved: &[TypeId]) {
    fields.iter_mut().for_each(|field| move_type(&mut field.ty, moved));
}

fn move_params(params: &mut Params, moved: &[TypeId]) {
    match params {
        Params::None => {}
        Params::Optional(ty) | Params::Required(ty) => move_type(ty, moved),
    }
}

fn move_type(ty: &mut Type, moved: &[TypeId]) {
    match ty {
        Type::Ref(id) => *id = moved[id.0],
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => move_type(inner, moved),
        Type::Bool | Type::Int(_) | Type::Float | Type::String(_) | Type::Null | Type::Any | Type::Literal(_) => {}
    }
}
