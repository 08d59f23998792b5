//! What Python calls the things of a protocol, for docs.

use crate::backend::words::{self, Example, Made, Shown, TEXT, Words, broken, opened_by};
use crate::ir::{
    Field, Launch, Notification, Params, Peer, Presence, Protocol, Request, Tagging, Type, TypeDef, TypeKind, Union,
    Variant,
};

use super::catalog::{Catalog, wrapper};
use super::code::union;
use super::names::{self, Kind, LANGUAGE, identifier, parameter};
use super::types::{Position, Uses};
use super::view::{notification_class, wait_name};

/// The words for `protocol`. Names that clash are for the package to tell.
pub fn words(protocol: &Protocol, launch: &Launch) -> Words {
    let catalog = Catalog::new(protocol, &mut Vec::new());
    let client = format!("{}Client", launch.client.pascal());
    Words {
        title: LANGUAGE,
        fence: "python",
        types: protocol.types.iter().map(|(id, _)| catalog.class(id).to_owned()).collect(),
        member: |field| identifier(&field.name, Kind::Field),
        value: |value| identifier(&value.name, Kind::Member),
        variant,
        class: |name| identifier(name, Kind::Class),
        function: |name| identifier(name, Kind::Operation),
        property: |name| identifier(name, Kind::Field),
        argument: |taken| names::taken(&taken.name),
        choice: |name| identifier(name, Kind::Member),
        calls: protocol.requests_from(Peer::Client).map(|request| call(&catalog, request, &client)).collect(),
        handlers: protocol.requests_from(Peer::Server).map(|request| handler(&catalog, request)).collect(),
        notifications: protocol.notifications_from(Peer::Server).map(|sent| notification(&catalog, sent)).collect(),
        operations: words::operations(protocol, |shown| operation(&catalog, shown)),
    }
}

/// The class that holds what stands under a variant's tag.
fn variant(union: &TypeDef, variant: &Variant) -> Option<String> {
    let TypeKind::Union(Union { tagging: Tagging::External, .. }) = &union.kind else { return None };
    variant.payload.as_ref().map(|_| wrapper(union, variant))
}

fn call(catalog: &Catalog<'_>, request: &Request, client: &str) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let mut given = vec![format!("client: {client}")];
    let mut arguments = Vec::new();
    match (&request.params, request.params.ty().and_then(|ty| catalog.protocol.types.as_struct(ty))) {
        (Params::None, _) | (Params::Optional(_), None) => {}
        (Params::Required(_) | Params::Optional(_), Some((id, _))) => {
            let required = |field: &&Field| field.presence == Presence::Required;
            for field in catalog.fields(id).into_iter().filter(required) {
                let argument = parameter(&field.name);
                given.push(format!("{argument}: {}", said(catalog, &field.ty)));
                arguments.push(format!("{argument}={argument}"));
            }
        }
        (Params::Required(ty), None) => {
            given.push(format!("params: {}", said(catalog, ty)));
            arguments.push("params".to_owned());
        }
    }
    let call = format!("client.{name}({})", arguments.join(", "));
    let lines = match &request.result {
        Type::Null => call,
        result => broken(&format!("response: {} =", said(catalog, result)), " ", &call, " (\n    ", "\n)"),
    };
    let work = opened_by(catalog.protocol, request).map(|work| (format!("{name}_stream"), wait_name(work)));
    Example { work, ..Example::new(name, lines, &given) }
}

fn handler(catalog: &Catalog<'_>, request: &Request) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let params = taken(catalog, &request.params);
    let given = format!("answer: Callable[[{params}], {}]", said(catalog, &request.result));
    let lines = format!("handlers = ServerRequestHandlers({name}=answer)");
    Example::new(name, lines, &[given])
}

fn notification(catalog: &Catalog<'_>, sent: &Notification) -> Example {
    let name = notification_class(sent);
    let params = taken(catalog, &sent.params);
    let lines = format!("if isinstance(event, notifications.{name}):\n    params: {params} = event.params");
    Example::new(name, lines, &["event: notifications.ServerNotification".to_owned()])
}

fn operation(catalog: &Catalog<'_>, shown: &Shown<'_>) -> Example {
    let receiver = parameter(shown.class);
    let mut given = vec![format!("{receiver}: {}", identifier(shown.class, Kind::Class))];
    let mut arguments = Vec::new();
    for (taken, ty) in &shown.takes {
        let argument = names::taken(&taken.name);
        given.extend(ty.map(|ty| format!("{argument}: {}", said(catalog, ty))));
        let keyword = if taken.positional { String::new() } else { format!("{argument}=") };
        arguments.push(format!("{keyword}{}", ty.map_or(TEXT, |_| &argument)));
    }
    let name = identifier(shown.name, Kind::Operation);
    let call = format!("{receiver}.{name}({})", arguments.join(", "));
    let lines = match shown.gives {
        Made::Nothing => call,
        Made::Value(ty) => broken(&format!("response: {} =", said(catalog, ty)), " ", &call, " (\n    ", "\n)"),
        Made::Object(class) => format!("{}: {} = {call}", parameter(class), identifier(class, Kind::Class)),
    };
    Example::new(name, lines, &given)
}

fn taken(catalog: &Catalog<'_>, params: &Params) -> String {
    match params {
        Params::None => "None".to_owned(),
        Params::Required(ty) => said(catalog, ty),
        Params::Optional(ty) => format!("{} | None", said(catalog, ty.without_null())),
    }
}

/// A type as one says it outside of `types`.
fn said(catalog: &Catalog<'_>, ty: &Type) -> String {
    match ty {
        Type::Ref(id) => format!("types.{}", catalog.class(*id)),
        Type::List(item) => format!("list[{}]", said(catalog, item)),
        Type::Map(value) => format!("dict[str, {}]", said(catalog, value)),
        Type::Nullable(inner) => format!("{} | None", said(catalog, inner)),
        other => union(catalog.annotation(other, Position::Argument, &mut Uses::default())).flat(),
    }
}
