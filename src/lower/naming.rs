//! Which definitions become types, and what they are called: by the schema's name or the profile's. Never numbered.

use super::context::{Context, Place, deprecation};

/// Gives every definition an id and a name, but for those that name the methods.
pub(super) fn declare(context: &mut Context<'_>) {
    let document = context.document;
    let mut previous: Option<&str> = None;
    for (pointer, definition) in &document.definitions {
        if is_method_list(context, &definition.name) {
            continue;
        }
        // Definitions are ordered by name, so twins of two namespaces are neighbours.
        if let Some(twin) = previous.filter(|twin| twin.rsplit('/').next() == Some(definition.name.as_str()))
            && document.same_shape(twin, pointer)
        {
            let id = context.ids[twin];
            context.ids.insert(pointer, id);
            continue;
        }
        previous = Some(pointer);
        declare_one(context, pointer, &definition.name);
    }
}

fn declare_one<'a>(context: &mut Context<'a>, pointer: &'a str, declared: &str) {
    let qualified = pointer.trim_start_matches("/definitions/");
    let renames = &context.profile.rename.types;
    let rename = renames.get(qualified).or_else(|| renames.get(declared));
    let name = context.renamed(rename, declared, pointer);
    let node = context.document.definitions[pointer].schema.node();
    let doc =
        Context::doc(context.profile.docs.types.get(&name.pascal()), node.and_then(|node| node.description.as_deref()));
    let help =
        format!("give one of them another name under `[rename.types]` of the profile: `\"{qualified}\" = \"…\"`");
    let id = context.declare(Place { name, owner: None }, pointer, doc, node.and_then(deprecation), &help);
    context.ids.insert(pointer, id);
}

/// Whether a definition is one of the four that name the methods, and no type of its own.
pub(super) fn is_method_list(context: &Context<'_>, name: &str) -> bool {
    let methods = &context.profile.methods;
    [&methods.client_requests, &methods.server_requests, &methods.client_notifications, &methods.server_notifications]
        .iter()
        .any(|list| *list == name)
}
