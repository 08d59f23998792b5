//! What follows from the model alone, whatever the language: the fields that arms take over from their unions, and
//! what there is to say about a type that nobody wrote prose for.

use std::collections::HashSet;

use crate::ir::{Field, Name, Protocol, Request, Tagging, Type, TypeId, TypeKind, Types, Union};

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
