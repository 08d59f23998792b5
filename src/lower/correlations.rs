//! Work that a request opens and that notifications then report on: where each of them carries its id.

use super::{Source, path};
use crate::ir::{Correlation, Field, Key, Name, Peer, Protocol, Type, TypeKind, Types};

/// The correlations of the profile whose messages the protocol has. What doesn't match is reported with the other
/// profile entries.
pub(super) fn resolve(protocol: &Protocol, source: Source<'_>) -> Vec<Correlation> {
    let profile = source.profile;
    profile
        .correlations
        .iter()
        .filter_map(|(name, entry)| {
            let keys: Vec<Key> = entry.keys.iter().map(|key| Key { path: path(key) }).collect();
            let carriers = protocol
                .notifications_from(Peer::Server)
                .filter_map(|notification| {
                    let params = notification.params.ty()?;
                    let key = keys.iter().find(|key| exists(&protocol.types, params, &key.path))?;
                    Some((notification.wire.clone(), key.clone()))
                })
                .collect();
            Some(Correlation {
                name: Name::split(name, &profile.schema.words)?,
                opens: entry.opens.clone(),
                result_key: Key { path: path(&entry.result_key) },
                scope: entry.scope.clone(),
                carriers,
                closes: entry.closes.clone(),
            })
        })
        .collect()
}

/// Whether following `path` from `ty` leads anywhere.
pub(super) fn exists(types: &Types, ty: &Type, path: &[String]) -> bool {
    find(types, ty, path).is_some()
}

/// What following `path` from `ty` leads to. In a union it is enough that one variant has the member.
pub(super) fn find<'t>(types: &'t Types, ty: &'t Type, path: &[String]) -> Option<&'t Type> {
    let Some((first, rest)) = path.split_first() else { return Some(types.resolve(ty)) };
    let Type::Ref(id) = types.resolve(ty) else { return None };
    let in_fields = |fields: &'t [Field]| {
        fields.iter().filter(|field| field.wire == *first).find_map(|field| find(types, &field.ty, rest))
    };
    match &types[*id].kind {
        TypeKind::Struct(structure) => in_fields(&structure.fields),
        TypeKind::Union(union) => {
            let payloads = || union.variants.iter().filter_map(|variant| variant.payload.as_ref());
            in_fields(&union.shared).or_else(|| payloads().find_map(|payload| find(types, payload, path)))
        }
        TypeKind::Enum(_) | TypeKind::Alias(_) => None,
    }
}
