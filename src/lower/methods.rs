//! Requests and notifications of both directions, and which type each result is.

use std::collections::{BTreeSet, HashMap};

use super::context::{Context, Place, deprecation};
use super::{expressions, reach};
use crate::diagnostic::{Diagnostic, child};
use crate::ir::{Meta, Name, Notification, Origin, Params, Peer, Request, Stability, Type, TypeId, TypeKind};
use crate::schema::Node;

/// An arm of a union that names methods.
struct Arm<'a> {
    wire: &'a str,
    node: &'a Node,
}

/// Reads the methods of both directions.
pub(super) fn read(context: &mut Context<'_>) -> (Vec<Request>, Vec<Notification>) {
    let lists = &context.profile.methods;
    let mut requests = Vec::new();
    let mut notifications = Vec::new();
    let mut found = 0;
    for (list, sender) in [(&lists.client_requests, Peer::Client), (&lists.server_requests, Peer::Server)] {
        for arm in arms(context, list, &mut found) {
            requests.push(request(context, &arm, sender));
        }
    }
    for (list, sender) in [(&lists.client_notifications, Peer::Client), (&lists.server_notifications, Peer::Server)] {
        for arm in arms(context, list, &mut found) {
            notifications.push(notification(context, &arm, sender));
        }
    }
    if found == 0 {
        let names = [&lists.client_requests, &lists.server_requests, &lists.client_notifications]
            .map(|name| format!("`{name}`"))
            .join(", ");
        context.report(
            "/definitions",
            "none of the unions that name the methods",
            &format!("at least one of {names} and `{}`", lists.server_notifications),
            "say under `[methods]` of the profile what they are called, or pull the full bundle",
        );
    }
    map_results(context, &mut requests);
    (requests, notifications)
}

/// The arms of the union called `list`; a protocol need not have all four unions.
fn arms<'a>(context: &mut Context<'a>, list: &str, found: &mut usize) -> Vec<Arm<'a>> {
    let Some(definition) = context.document.named(list) else { return Vec::new() };
    *found += 1;
    let Some(node) = definition.schema.node() else { return Vec::new() };
    let Some(list) = &node.arms else {
        not_an_arm(context, node);
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut arms = Vec::with_capacity(list.arms.len());
    for arm in &list.arms {
        match context.behind(arm).and_then(|node| Some((node.property("method")?.only_string()?, node))) {
            Some((wire, node)) if seen.insert(wire) => arms.push(Arm { wire, node }),
            Some((wire, node)) => context.report(
                &node.pointer,
                format!("a second arm for the method `{wire}`"),
                "one arm for each method",
                "correct the schema, or pull it again",
            ),
            None => not_an_arm(context, arm.node().unwrap_or(node)),
        }
    }
    arms
}

fn not_an_arm(context: &mut Context<'_>, node: &Node) {
    context.report(
        &node.pointer,
        "something that names no method",
        "a union of objects with `method` (an `enum` of one string) and, where there are any, `params`",
        "say under `[methods]` of the profile which definitions name the methods",
    );
}

fn request<'a>(context: &mut Context<'a>, arm: &Arm<'a>, sender: Peer) -> Request {
    let docs = match sender {
        Peer::Client => &context.profile.docs.requests,
        Peer::Server => &context.profile.docs.server_requests,
    };
    let meta = meta(context, arm, docs.get(arm.wire));
    let own = match sender {
        Peer::Client => None,
        Peer::Server => context.profile.rename.server_requests.get(arm.wire),
    };
    let name = method_name(context, arm, own);
    let params = params(context, arm.node, &name);
    Request {
        wire: arm.wire.to_owned(),
        name,
        sender,
        params,
        result: Type::Any,
        domain: reach::domain_of(arm.wire, context.profile),
        refusal: match sender {
            Peer::Client => None,
            Peer::Server => context.profile.refusals.get(arm.wire).cloned(),
        },
        meta,
    }
}

fn notification<'a>(context: &mut Context<'a>, arm: &Arm<'a>, sender: Peer) -> Notification {
    let docs = match sender {
        Peer::Client => &context.profile.docs.client_notifications,
        Peer::Server => &context.profile.docs.notifications,
    };
    let meta = meta(context, arm, docs.get(arm.wire));
    let name = method_name(context, arm, None);
    let params = params(context, arm.node, &name);
    let domain = reach::domain_of(arm.wire, context.profile);
    Notification { wire: arm.wire.to_owned(), name, sender, params, domain, meta }
}

/// The name that the profile has for one direction alone, for the method, or that of the wire.
fn method_name(context: &mut Context<'_>, arm: &Arm<'_>, own: Option<&String>) -> Name {
    let entry = own.or_else(|| context.profile.rename.methods.get(arm.wire));
    context.renamed(entry, arm.wire, &arm.node.pointer)
}

fn meta(context: &Context<'_>, arm: &Arm<'_>, entry: Option<&String>) -> Meta {
    Meta {
        doc: Context::doc(entry, arm.node.description.as_deref()),
        origin: Origin { pointer: arm.node.pointer.clone() },
        stability: Stability::Stable,
        deprecated: context.profile.deprecated.get(arm.wire).cloned().or_else(|| deprecation(arm.node)),
    }
}

fn params<'a>(context: &mut Context<'a>, node: &'a Node, method: &Name) -> Params {
    let Some(schema) = node.properties.as_ref().and_then(|properties| properties.get("params")) else {
        return Params::None;
    };
    let place = Place { name: method.followed_by(&Name { words: vec!["params".to_owned()] }), owner: None };
    let required = node.required.iter().any(|name| name == "params");
    let ty = expressions::lower(context, schema, &place);
    match unaliased(context, ty) {
        Type::Null => Params::None,
        Type::Nullable(inner) => Params::Optional(*inner),
        ty if required => Params::Required(ty),
        ty => Params::Optional(ty),
    }
}

/// A type that is only another name for something that may be `null`, as what it stands for.
fn unaliased(context: &Context<'_>, ty: Type) -> Type {
    match &ty {
        Type::Ref(id) => match &context.defs[id.0].kind {
            TypeKind::Alias(target @ (Type::Nullable(_) | Type::Null)) => target.clone(),
            _ => ty,
        },
        _ => ty,
    }
}

/// Finds the result type of every request: the profile's, else the params' stem, else the method's name.
fn map_results(context: &mut Context<'_>, requests: &mut [Request]) {
    let by_name: HashMap<String, TypeId> =
        context.ids.values().map(|id| (context.defs[id.0].name.pascal(), *id)).collect();
    let mut claimed = BTreeSet::new();
    let mut unmapped = Vec::new();
    for (index, request) in requests.iter_mut().enumerate() {
        let candidates = result_names(context, request);
        if let Some((name, id)) = candidates.iter().find_map(|name| by_name.get_key_value(name)) {
            request.result = Type::Ref(*id);
            claimed.insert(name.as_str());
        } else {
            unmapped.push((index, candidates));
        }
    }
    let unclaimed: Vec<&str> = {
        let mut names: Vec<&str> = by_name
            .keys()
            .map(String::as_str)
            .filter(|name| name.ends_with("Response") && !claimed.contains(name))
            .collect();
        names.sort_unstable();
        names
    };
    for (index, candidates) in unmapped {
        let Some(request) = requests.get(index) else { continue };
        let diagnostic = unmapped_result(&context.document.file, request, &candidates, &unclaimed);
        context.diagnostics.push(diagnostic.lenient(context.source.lenient));
    }
}

fn unmapped_result(file: &str, request: &Request, candidates: &[String], unclaimed: &[&str]) -> Diagnostic {
    let tried: Vec<String> = candidates.iter().map(|name| format!("`{name}`")).collect();
    let free = if unclaimed.is_empty() { "none is left".to_owned() } else { unclaimed.join(", ") };
    Diagnostic::error(
        file,
        child(&request.meta.origin.pointer, "properties"),
        format!("the method `{}`, whose result type is not known", request.wire),
    )
    .expected(format!("one of {}", tried.join(", ")))
    .help(format!(
        "name its type under `[responses]` of the profile: `\"{}\" = \"…\"`; response types that no method has \
         yet: {free}; `--lenient` makes the result any JSON",
        request.wire
    ))
}

/// What the result type of a request may be called, the likeliest first.
fn result_names(context: &Context<'_>, request: &Request) -> Vec<String> {
    if let Some(name) = context.profile.responses.get(&request.wire) {
        return vec![name.clone()];
    }
    let params = match request.params.ty() {
        Some(Type::Ref(id)) => Some(context.defs[id.0].name.pascal()),
        _ => None,
    };
    let stem = params.as_deref().and_then(|name| name.strip_suffix("Params")).map(|stem| format!("{stem}Response"));
    let mut names: Vec<String> = stem.into_iter().collect();
    let own = format!("{}Response", request.name.pascal());
    if !names.contains(&own) {
        names.push(own);
    }
    names
}
