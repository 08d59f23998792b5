//! What is experimental: whatever the schema of the stable part doesn't have. Compared by name, never by place.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::ir::{Field, Peer, Protocol, Stability, TypeDef, TypeKind};

/// Marks in `full` what `stable` doesn't have. What only `stable` has is a problem: `full` is to hold everything.
pub(super) fn mark(full: &mut Protocol, stable: &Protocol, stable_file: &str, diagnostics: &mut Diagnostics) {
    let requests: HashSet<(Peer, &str)> =
        stable.requests.iter().map(|item| (item.sender, item.wire.as_str())).collect();
    let notifications: HashSet<(Peer, &str)> =
        stable.notifications.iter().map(|item| (item.sender, item.wire.as_str())).collect();
    let types: HashMap<String, &TypeDef> = stable.types.defs.iter().map(|def| (def.name.pascal(), def)).collect();
    check_superset(full, stable, stable_file, diagnostics);
    for request in &mut full.requests {
        request.meta.stability = stability(requests.contains(&(request.sender, request.wire.as_str())));
    }
    for notification in &mut full.notifications {
        let known = notifications.contains(&(notification.sender, notification.wire.as_str()));
        notification.meta.stability = stability(known);
    }
    for def in &mut full.types.defs {
        match types.get(&def.name.pascal()) {
            None => def.meta.stability = Stability::Experimental,
            Some(known) => mark_members(def, known),
        }
    }
}

fn stability(known: bool) -> Stability {
    if known { Stability::Stable } else { Stability::Experimental }
}

/// Marks the members of a stable type. Those of an experimental one need no mark of their own.
fn mark_members(def: &mut TypeDef, known: &TypeDef) {
    match (&mut def.kind, &known.kind) {
        (TypeKind::Struct(structure), TypeKind::Struct(known)) => mark_fields(&mut structure.fields, &known.fields),
        (TypeKind::Enum(values), TypeKind::Enum(known)) => {
            let known: HashSet<&str> = known.values.iter().map(|value| value.wire.as_str()).collect();
            for value in &mut values.values {
                value.meta.stability = stability(known.contains(value.wire.as_str()));
            }
        }
        (TypeKind::Union(union), TypeKind::Union(known)) => {
            mark_fields(&mut union.shared, &known.shared);
            let known: HashSet<_> = known.variants.iter().map(|variant| (&variant.tag, &variant.name)).collect();
            for variant in &mut union.variants {
                variant.meta.stability = stability(known.contains(&(&variant.tag, &variant.name)));
            }
        }
        // An alias has no members, and a type of another kind altogether has none in common.
        _ => {}
    }
}

fn mark_fields(fields: &mut [Field], known: &[Field]) {
    let known: HashSet<&str> = known.iter().map(|field| field.wire.as_str()).collect();
    for field in fields {
        field.meta.stability = stability(known.contains(field.wire.as_str()));
    }
}

fn check_superset(full: &Protocol, stable: &Protocol, stable_file: &str, diagnostics: &mut Diagnostics) {
    let requests: HashSet<(Peer, &str)> = full.requests.iter().map(|item| (item.sender, item.wire.as_str())).collect();
    let notifications: HashSet<(Peer, &str)> =
        full.notifications.iter().map(|item| (item.sender, item.wire.as_str())).collect();
    let types: HashSet<String> = full.types.defs.iter().map(|def| def.name.pascal()).collect();
    let mut missing: Vec<(String, &str)> = Vec::new();
    for item in stable.requests.iter().filter(|item| !requests.contains(&(item.sender, item.wire.as_str()))) {
        missing.push((format!("the method `{}`", item.wire), &item.meta.origin.pointer));
    }
    for item in stable.notifications.iter().filter(|item| !notifications.contains(&(item.sender, item.wire.as_str()))) {
        missing.push((format!("the notification `{}`", item.wire), &item.meta.origin.pointer));
    }
    for def in stable.types.defs.iter().filter(|def| !types.contains(&def.name.pascal())) {
        missing.push((format!("the type `{}`", def.name.pascal()), &def.meta.origin.pointer));
    }
    for (what, pointer) in missing {
        diagnostics.push(
            Diagnostic::error(stable_file, pointer, format!("{what}, which the experimental schema does not have"))
                .expected("an experimental schema that holds everything that is stable")
                .help("pull both schemas again, from one server"),
        );
    }
}
