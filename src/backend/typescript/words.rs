//! What TypeScript calls the things of a protocol, for docs.

use crate::backend::pretty::Doc;
use crate::backend::words::{self, Example, Made, Shown, TEXT, Words, broken, opened_by};
use crate::ir::{Field, Launch, Notification, Parameter, Params, Peer, Presence, Protocol, Request, Type};

use super::catalog::Catalog;
use super::code::{key, string};
use super::names::{Kind, LANGUAGE, identifier};
use super::types::{Place, Uses};
use super::view::{member_name, stream_name, wait_name};

/// The words for `protocol`. Names that clash are for the package to tell.
pub fn words(protocol: &Protocol, launch: &Launch) -> Words {
    let catalog = Catalog::new(protocol, &mut Vec::new());
    let client = format!("{}Client", launch.client.pascal());
    Words {
        title: LANGUAGE,
        fence: "ts",
        types: protocol.types.iter().map(|(id, _)| catalog.name(id).to_owned()).collect(),
        member: |field| field.wire.clone(),
        value: |value| identifier(&value.name, Kind::Value),
        variant: |_, _| None,
        class: |name| identifier(name, Kind::Export),
        function: |name| identifier(name, Kind::Operation),
        property: |name| identifier(name, Kind::Operation),
        argument,
        choice: |name| identifier(name, Kind::Value),
        calls: protocol.requests_from(Peer::Client).map(|request| call(&catalog, request, &client)).collect(),
        handlers: protocol.requests_from(Peer::Server).map(|request| handler(&catalog, request)).collect(),
        notifications: protocol.notifications_from(Peer::Server).map(|sent| notification(&catalog, sent)).collect(),
        operations: words::operations(protocol, |shown| operation(&catalog, shown)),
    }
}

fn call(catalog: &Catalog<'_>, request: &Request, client: &str) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let mut given = vec![format!("client: {client}")];
    let argument = match (&request.params, request.params.ty().and_then(|ty| catalog.protocol.types.as_struct(ty))) {
        (Params::None | Params::Optional(_), _) => String::new(),
        (Params::Required(_), Some((id, _))) => {
            let required = |field: &&Field| field.presence == Presence::Required;
            let members: Vec<String> = catalog
                .fields(id)
                .into_iter()
                .filter(required)
                .map(|field| {
                    let variable = identifier(&field.name, Kind::Parameter);
                    given.push(format!("{variable}: {}", said(catalog, &field.ty)));
                    let key = key(&field.wire);
                    if key == variable { key } else { format!("{key}: {variable}") }
                })
                .collect();
            if members.is_empty() { String::new() } else { format!("{{ {} }}", members.join(", ")) }
        }
        (Params::Required(ty), None) => {
            given.push(format!("params: {}", said(catalog, ty)));
            "params".to_owned()
        }
    };
    let call = format!("await client.{name}({argument});");
    let lines = match &request.result {
        Type::Null => call,
        result => broken(&format!("const response: {} =", said(catalog, result)), " ", &call, "\n  ", ""),
    };
    let work = opened_by(catalog.protocol, request).map(|work| (stream_name(&name), wait_name(work)));
    Example { work, ..Example::new(name, lines, &given) }
}

fn handler(catalog: &Catalog<'_>, request: &Request) -> Example {
    let name = identifier(&request.name, Kind::Method);
    let params = taken(catalog, &request.params);
    let given = format!("answer: (params: {params}) => Promise<{}>", said(catalog, &request.result));
    let lines = format!("const handlers: ServerRequestHandlers = {{ {name}: answer }};");
    Example::new(name, lines, &[given])
}

fn notification(catalog: &Catalog<'_>, sent: &Notification) -> Example {
    let name = string(&sent.wire);
    let params = taken(catalog, &sent.params);
    let lines = format!("if (event.method === {name}) {{\n  const params: {params} = event.params;\n}}");
    Example::new(name, lines, &["event: ServerNotification".to_owned()])
}

fn operation(catalog: &Catalog<'_>, shown: &Shown<'_>) -> Example {
    let receiver = identifier(shown.class, Kind::Parameter);
    let mut given = vec![format!("{receiver}: {}", identifier(shown.class, Kind::Export))];
    let mut arguments = Vec::new();
    let mut options = Vec::new();
    for (taken, ty) in &shown.takes {
        let variable = identifier(&taken.name, Kind::Parameter);
        given.extend(ty.map(|ty| format!("{variable}: {}", said(catalog, ty))));
        let value = ty.map_or(TEXT, |_| &variable);
        if taken.positional {
            arguments.push(value.to_owned());
        } else {
            let key = key(&argument(taken));
            options.push(if key == value { key } else { format!("{key}: {value}") });
        }
    }
    if !options.is_empty() {
        arguments.push(format!("{{ {} }}", options.join(", ")));
    }
    let name = identifier(shown.name, Kind::Operation);
    let call = format!("await {receiver}.{name}({});", arguments.join(", "));
    let lines = match shown.gives {
        Made::Nothing => call,
        Made::Value(ty) => broken(&format!("const response: {} =", said(catalog, ty)), " ", &call, "\n  ", ""),
        Made::Object(class) => {
            format!("const {}: {} = {call}", identifier(class, Kind::Parameter), identifier(class, Kind::Export))
        }
    };
    Example::new(name, lines, &given)
}

/// What a method of the convenience layer takes: alone, or as a member of its options.
fn argument(taken: &Parameter) -> String {
    if taken.positional { identifier(&taken.name, Kind::Parameter) } else { member_name(taken) }
}

fn taken(catalog: &Catalog<'_>, params: &Params) -> String {
    match params {
        Params::None => "undefined".to_owned(),
        Params::Required(ty) => said(catalog, ty),
        Params::Optional(ty) => format!("{} | undefined", said(catalog, ty.without_null())),
    }
}

/// A type as one says it outside of `types`.
fn said(catalog: &Catalog<'_>, ty: &Type) -> String {
    let parts = catalog.expression(ty, Place::Root, &mut Uses::default());
    parts.iter().map(Doc::flat).collect::<Vec<_>>().join(" | ")
}
