//! Work that a request opens and that notifications then report on: where each of them carries its id.

use super::{Source, path};
use crate::ir::{Correlation, Key, Name, Peer, Protocol, Type, TypeKind, Types};

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

/// Whether following `path` from `ty` leads anywhere. In a union it is enough that one variant has the member.
pub(super) fn exists(types: &Types, ty: &Type, path: &[String]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    let Type::Ref(id) = types.resolve(ty) else { return false };
    let in_fields =
        |fields: &[crate::ir::Field]| fields.iter().any(|field| field.wire == *first && exists(types, &field.ty, rest));
    match &types[*id].kind {
        TypeKind::Struct(structure) => in_fields(&structure.fields),
        TypeKind::Union(union) => {
            in_fields(&union.shared)
                || union
                    .variants
                    .iter()
                    .filter_map(|variant| variant.payload.as_ref())
                    .any(|payload| exists(types, payload, path))
        }
        TypeKind::Enum(_) | TypeKind::Alias(_) => false,
    }
}
