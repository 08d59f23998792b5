//! What follows from the model alone, whatever the language: the fields that arms take over from their unions, which
//! unions keep what they don't know, how wide an integer is, and what there is to say about a type that nobody wrote
//! prose for.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::ir::{Field, IntRange, Name, Protocol, Request, Tagging, Type, TypeId, TypeKind, Types, Union};

/// How wide an integer is: the smallest of the usual widths that has all of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width {
    /// Whether there is something below zero.
    pub signed: bool,
    /// 8, 16, 32 or 64.
    pub bits: u32,
}

impl Width {
    /// The width for `range`, unsigned where nothing is below zero. A range that no width has gets 64 bits.
    pub fn of(range: IntRange) -> Self {
        let signed = range.min < 0;
        let has_all = |bits: &u32| {
            let width = Self { signed, bits: *bits };
            width.min() <= i128::from(range.min) && i128::from(range.max) <= width.max()
        };
        Self { signed, bits: [8, 16, 32].into_iter().find(has_all).unwrap_or(64) }
    }

    /// The smallest number.
    pub fn min(self) -> i128 {
        if self.signed { -(1 << (self.bits - 1)) } else { 0 }
    }

    /// The largest number.
    pub fn max(self) -> i128 {
        (1 << (self.bits - u32::from(self.signed))) - 1
    }
}

/// For each type, whether it is a union that keeps shapes which none of its variants describes.
///
/// Where arms are told apart by what fits and some are no objects, or where another union's tag has already chosen
/// among them, something else is malformed.
pub fn open_unions(types: &Types) -> Vec<bool> {
    let mut open: Vec<bool> = types.iter().map(|(id, def)| is_open(types, id, &def.kind)).collect();
    for def in &types.defs {
        let TypeKind::Union(Union { tagging: Tagging::Property { .. }, variants, .. }) = &def.kind else { continue };
        for payload in variants.iter().filter_map(|variant| variant.payload.as_ref()) {
            if let Type::Ref(id) = types.resolve(payload)
                && matches!(&types[*id].kind, TypeKind::Union(Union { tagging: Tagging::Untagged, .. }))
            {
                open[id.0] = false;
            }
        }
    }
    open
}

fn is_open(types: &Types, id: TypeId, kind: &TypeKind) -> bool {
    match kind {
        TypeKind::Union(Union { tagging: Tagging::Property { .. } | Tagging::External, .. }) => true,
        TypeKind::Union(Union { tagging: Tagging::Untagged, .. }) => leaves(types, id).is_some(),
        TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Alias(_) => false,
    }
}

/// The objects that an untagged union comes down to, nested ones taken apart; none if some are no objects.
pub fn leaves(types: &Types, id: TypeId) -> Option<Vec<TypeId>> {
    let mut leaves = Vec::new();
    collect_leaves(types, id, &mut HashSet::new(), &mut leaves).then_some(leaves)
}

fn collect_leaves(types: &Types, id: TypeId, seen: &mut HashSet<TypeId>, leaves: &mut Vec<TypeId>) -> bool {
    if !seen.insert(id) {
        return true;
    }
    match &types[id].kind {
        TypeKind::Union(Union { tagging: Tagging::Untagged, variants, .. }) => variants.iter().all(|variant| {
            let payload = variant.payload.as_ref().and_then(|payload| object(types, payload));
            payload.is_some_and(|id| collect_leaves(types, id, seen, leaves))
        }),
        TypeKind::Struct(_) | TypeKind::Union(Union { tagging: Tagging::Property { .. }, .. }) => {
            leaves.push(id);
            true
        }
        TypeKind::Union(Union { tagging: Tagging::External, .. }) | TypeKind::Enum(_) | TypeKind::Alias(_) => false,
    }
}

/// The type behind aliases, none of which may be `null`.
fn object(types: &Types, ty: &Type) -> Option<TypeId> {
    match ty {
        Type::Ref(id) => match &types[*id].kind {
            TypeKind::Alias(target) => object(types, target),
            TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::Union(_) => Some(*id),
        },
        _ => None,
    }
}

/// For each type that is an arm of unions with shared fields: those fields that it doesn't have itself.
pub fn inherited(types: &Types) -> Vec<Vec<&Field>> {
    let mut inherited: Vec<Vec<&Field>> = vec![Vec::new(); types.defs.len()];
    for def in &types.defs {
        let TypeKind::Union(union) = &def.kind else { continue };
        if union.shared.is_empty() {
            continue;
        }
        let mut arms = Vec::new();
        collect_arms(types, union, &mut HashSet::new(), &mut arms);
        for (id, own) in arms {
            let fields = &mut inherited[id.0];
            for field in &union.shared {
                let there = own.iter().chain(fields.iter().copied()).any(|other| other.wire == field.wire);
                if !there {
                    fields.push(field);
                }
            }
        }
    }
    inherited
}

/// The structs that a union's variants come down to, through nested unions, each with its own fields.
fn collect_arms<'a>(
    types: &'a Types,
    union: &'a Union,
    seen: &mut HashSet<TypeId>,
    arms: &mut Vec<(TypeId, &'a [Field])>,
) {
    for payload in union.variants.iter().filter_map(|variant| variant.payload.as_ref()) {
        let Type::Ref(id) = types.resolve(payload) else { continue };
        if !seen.insert(*id) {
            continue;
        }
        match &types[*id].kind {
            TypeKind::Struct(structure) => arms.push((*id, &structure.fields)),
            TypeKind::Union(inner) => collect_arms(types, inner, seen, arms),
            TypeKind::Enum(_) | TypeKind::Alias(_) => {}
        }
    }
}

/// For each type, a sentence about it that follows from where it is used: what methods say about the types that
/// they name, and unions about their arms. `called` is what the language calls a type.
pub fn roles(protocol: &Protocol, called: impl Fn(&Name) -> String) -> Vec<Option<String>> {
    let mut roles: Vec<Option<String>> = vec![None; protocol.types.defs.len()];
    let mut say = |ty: Option<&Type>, sentence: String| {
        if let Some(Type::Ref(id)) = ty.map(Type::without_null) {
            roles[id.0].get_or_insert(sentence);
        }
    };
    for Request { wire, params, result, .. } in &protocol.requests {
        say(params.ty(), format!("Params of `{wire}`."));
        say(Some(result), format!("Result of `{wire}`."));
    }
    for notification in &protocol.notifications {
        say(notification.params.ty(), format!("Payload of `{}`.", notification.wire));
    }
    for (_, def) in protocol.types.iter() {
        let TypeKind::Union(union) = &def.kind else { continue };
        for variant in &union.variants {
            let Some(tag) = &variant.tag else { continue };
            let whose = format!("he `{tag}` variant of `{}`", called(&def.name));
            let role = match union.tagging {
                Tagging::External => format!("What t{whose} holds."),
                Tagging::Property { .. } | Tagging::Untagged => format!("T{whose}."),
            };
            say(variant.payload.as_ref(), role);
        }
    }
    roles
}

/// How many messages each family has.
pub fn message_counts(protocol: &Protocol) -> BTreeMap<&Name, usize> {
    let requests = protocol.requests.iter().map(|request| (&request.domain, &request.wire));
    let notifications = protocol.notifications.iter().map(|notification| (&notification.domain, &notification.wire));
    let messages: BTreeSet<_> = requests.chain(notifications).collect();
    let mut counts = BTreeMap::new();
    messages.into_iter().for_each(|(family, _)| *counts.entry(family).or_default() += 1);
    counts
}

/// What the module of a family's types says of itself, under the name that the language has for it.
pub fn module_summary(name: &str, family: Option<&Name>, messages: &BTreeMap<&Name, usize>) -> String {
    match family.and_then(|family| messages.get(family)).copied().unwrap_or_default() {
        0 => "Types that several families of methods use.".to_owned(),
        1 => format!("Types of the `{name}` method."),
        _ => format!("Types of the `{name}` methods."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_as_wide_as_the_schema_says() {
        let width = |min, max| {
            let Width { signed, bits } = Width::of(IntRange { min, max });
            format!("{}{bits}", if signed { "int" } else { "uint" })
        };
        assert_eq!(width(0, u64::MAX), "uint64");
        assert_eq!(width(1, 65_535), "uint16");
        assert_eq!(width(i64::from(i32::MIN), i32::MAX.unsigned_abs().into()), "int32");
        assert_eq!(width(i64::MIN, i64::MAX.unsigned_abs()), "int64");
        assert_eq!(width(i64::MIN, u64::MAX), "int64");
        assert_eq!(width(0, 4_294_967_295), "uint32");
        assert_eq!(width(-128, 127), "int8");
        assert_eq!(width(-1, 128), "int16");
    }
}
