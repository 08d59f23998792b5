//! Which methods reach which types: by it a type gets its module, and the direction it travels in.

use std::collections::BTreeSet;

use crate::ir::{Field, Name, Notification, Peer, Request, Type, TypeId, TypeKind, Types};
use crate::profile::Profile;

/// The module of types that several families of methods reach, or none.
pub(super) fn shared() -> Name {
    Name { words: vec!["shared".to_owned()] }
}

/// The family that a method belongs to: its name's first segment, unless the profile puts that one elsewhere.
pub(super) fn domain_of(wire: &str, profile: &Profile) -> Name {
    let family = wire.split('/').next().unwrap_or(wire);
    let module = profile
        .domains
        .iter()
        .find(|(_, families)| families.iter().any(|name| name == family))
        .map_or(family, |(module, _)| module);
    Name::split(module, &profile.schema.words).unwrap_or_else(shared)
}

/// Gives every type its module and its usage.
pub(super) fn settle(types: &mut Types, requests: &[Request], notifications: &[Notification]) {
    let mut roots: Vec<(&Type, &Name, bool)> = Vec::new();
    for request in requests {
        let by_client = request.sender == Peer::Client;
        roots.extend(request.params.ty().map(|ty| (ty, &request.domain, by_client)));
        roots.push((&request.result, &request.domain, !by_client));
    }
    for notification in notifications {
        let by_client = notification.sender == Peer::Client;
        roots.extend(notification.params.ty().map(|ty| (ty, &notification.domain, by_client)));
    }
    let domains: Vec<&Name> = roots.iter().map(|(_, domain, _)| *domain).collect::<BTreeSet<_>>().into_iter().collect();
    let mut reached = vec![Reach::default(); types.defs.len()];
    for (index, domain) in domains.iter().enumerate() {
        for sent in [true, false] {
            let from: Vec<&Type> =
                roots.iter().filter(|root| root.1 == *domain && root.2 == sent).map(|root| root.0).collect();
            walk(types, &from, index, sent, &mut reached);
        }
    }
    spread_unreached(types, &mut reached);
    for (def, reach) in types.defs.iter_mut().zip(&reached) {
        def.usage.sent = reach.sent;
        def.usage.received = reach.received;
        def.domain = match reach.domains.as_slice() {
            [Some(only)] => domains[*only].clone(),
            _ => shared(),
        };
    }
}

/// Who reaches a type. `None` among the domains stands for a type that no method reaches.
#[derive(Debug, Clone, Default)]
struct Reach {
    domains: Vec<Option<usize>>,
    sent: bool,
    received: bool,
}

/// Marks everything that `from` reaches.
fn walk(types: &Types, from: &[&Type], domain: usize, sent: bool, reached: &mut [Reach]) {
    let mut seen = vec![false; types.defs.len()];
    let mut open: Vec<TypeId> = Vec::new();
    from.iter().for_each(|ty| named_in(ty, &mut open));
    while let Some(id) = open.pop() {
        if std::mem::replace(&mut seen[id.0], true) {
            continue;
        }
        let reach = &mut reached[id.0];
        if reach.domains.last() != Some(&Some(domain)) {
            reach.domains.push(Some(domain));
        }
        reach.sent |= sent;
        reach.received |= !sent;
        children(types, id, &mut open);
    }
}

/// What no method reaches is shared, and so is whatever it refers to: modules of one family never import another's.
fn spread_unreached(types: &Types, reached: &mut [Reach]) {
    let mut open: Vec<TypeId> = types.iter().map(|(id, _)| id).filter(|id| reached[id.0].domains.is_empty()).collect();
    let mut seen = vec![false; types.defs.len()];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut seen[id.0], true) {
            reached[id.0].domains.push(None);
            children(types, id, &mut open);
        }
    }
}

fn children(types: &Types, id: TypeId, found: &mut Vec<TypeId>) {
    let in_fields = |fields: &[Field], found: &mut Vec<TypeId>| {
        fields.iter().for_each(|field| named_in(&field.ty, found));
    };
    match &types[id].kind {
        TypeKind::Struct(structure) => {
            in_fields(&structure.fields, found);
            structure.extra.iter().for_each(|ty| named_in(ty, found));
        }
        TypeKind::Union(union) => {
            in_fields(&union.shared, found);
            union.variants.iter().filter_map(|variant| variant.payload.as_ref()).for_each(|ty| named_in(ty, found));
        }
        TypeKind::Alias(target) => named_in(target, found),
        TypeKind::Enum(_) => {}
    }
}

fn named_in(ty: &Type, found: &mut Vec<TypeId>) {
    match ty {
        Type::Ref(id) => found.push(*id),
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => named_in(inner, found),
        Type::Bool | Type::Int(_) | Type::Float | Type::String(_) | Type::Null | Type::Any | Type::Literal(_) => {}
    }
}
